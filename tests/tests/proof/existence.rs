//! Indistinguishable: an id or key that was never given, one that another organisation has, and one that the role does
//! not reach are answered with the same bytes, headers and statements on every path that looks something up; and, in a
//! full run, in times that a Welch test over interleaved pairs cannot tell apart.

mod latency;

use std::collections::BTreeMap;

use entity::Owner;
use entity::user::RoleCode;
use harness::inputs::{Inputs, payload};
use harness::introspection::Schema;
use harness::proof::Proof;
use harness::store::connect;
use harness::{ALPHA, BETA, Backend, World, both};
use lanpya::access::{reading, roles};
use lanpya::graph::declare::{Noun, Shape};
use lanpya::graph::graph;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::generator::material::{ids, nobody, texts, unlike};

both! { lookups, mutations, cursors }

#[test]
fn buffers() {
    harness::run(Backend::Postgres, |_| same_buffers());
}

/// Nouns whose rows belong to organisations, that the role reads.
fn readable(role: RoleCode) -> impl Iterator<Item = &'static Noun> {
    let tenant = |noun: &&Noun| matches!(noun.owner, Owner::Organisation(_));
    graph().nouns().iter().filter(tenant).filter(move |noun| reading(role, noun.area).is_some())
}

/// Ids and keys of a noun that a role must not tell apart: the first is nobody's.
async fn alike(world: &World, role: RoleCode, noun: &Noun) -> (Vec<String>, Vec<String>) {
    let own = ids(&world.store, noun, &ALPHA).await;
    let theirs = ids(&world.store, noun, &BETA).await;
    let foreign = theirs.into_iter().find(|id| !own.contains(id)).expect("BETA has more rows");
    let mut found = vec![nobody(noun), foreign];
    let key = noun.key.as_ref().filter(|(_, _, class)| reading(role, noun.area).is_some_and(|it| *class <= it.class));
    let asked = key.map_or(String::new(), |(argument, ..)| format!("key: {argument}"));
    let token = world.token(&ALPHA, role);
    let (mut seen, mut seen_keys, mut after) = (Vec::new(), Vec::new(), Value::Null);
    loop {
        let document = format!(
            "query($after: String) {{ {}(first: 100, after: $after) {{ nodes {{ id {asked} }} pageInfo {{ hasNextPage \
             endCursor }} }} }}",
            noun.plural
        );
        let answer = world.ask(&token, &document, json!({ "after": after })).await;
        let list = answer.at(&format!("/data/{}", noun.plural));
        let rows = list["nodes"].as_array().expect("rows");
        let of = |name: &str| rows.iter().filter_map(|row| row[name].as_str().map(str::to_owned)).collect::<Vec<_>>();
        seen.extend(of("id"));
        seen_keys.extend(of("key"));
        if list["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = list["pageInfo"]["endCursor"].clone();
    }
    found.extend(own.into_iter().find(|id| !seen.contains(id)));
    let mut keys = Vec::new();
    if let Some((_, column, _)) = key {
        let own = texts(&world.store, noun, column.name, &ALPHA).await;
        let theirs = texts(&world.store, noun, column.name, &BETA).await;
        let foreign = theirs.into_iter().find(|key| !own.contains(key)).expect("BETA has more keys");
        keys = vec![unlike(&foreign), foreign];
        keys.extend(own.into_iter().find(|key| !seen_keys.contains(key)));
    }
    (found, keys)
}

/// Documents that look a noun up by an id, written `ID`.
fn by_id(role: RoleCode, noun: &Noun) -> Vec<(&'static str, String)> {
    let mut documents = vec![
        ("node", "{ node(id: \"ID\") { id __typename } }".to_owned()),
        ("nodes", "{ nodes(ids: [\"ID\", \"ID\"]) { id __typename } }".to_owned()),
        ("single", format!("{{ {}(id: \"ID\") {{ id createdAt }} }}", noun.single)),
        ("filter", format!("{{ {}(where: {{ id: {{ eq: \"ID\" }} }}) {{ totalCount nodes {{ id }} }} }}", noun.plural)),
        (
            "filter",
            format!("{{ {}(where: {{ id: {{ in: [\"ID\"] }} }}) {{ totalCount nodes {{ id }} }} }}", noun.plural),
        ),
    ];
    for from in graph().nouns().iter().filter(|from| reading(role, from.area).is_some()) {
        let highest = reading(role, from.area).map(|grant| grant.class);
        for edge in from.fields.iter().filter(|edge| edge.filter && Some(edge.class) <= highest) {
            let way = match &edge.shape {
                Shape::One(_, target) if *target == noun.name => "is",
                Shape::Many(_, target) if *target == noun.name => "some",
                _ => continue,
            };
            let filter = format!("{{ {}: {{ {way}: {{ id: {{ eq: \"ID\" }} }} }} }}", edge.name);
            documents
                .push(("relation", format!("{{ {}(where: {filter}) {{ totalCount nodes {{ id }} }} }}", from.plural)));
        }
    }
    documents
}

/// Counts of what was compared, by path.
type Counts = BTreeMap<&'static str, usize>;

/// Asks with each and compares with the first.
async fn compare(
    world: &World,
    role: RoleCode,
    template: &str,
    texts: &[String],
    counts: &mut Counts,
    path: &'static str,
) {
    let token = world.token(&ALPHA, role);
    let mut first = None;
    for text in texts {
        let answer = world.ask(&token, &template.replace("ID", text), json!({})).await;
        let told = texts.iter().fold(answer.masked(), |told, text| told.replace(text.as_str(), "ID"));
        assert!(!matches!(answer.code(), "GRAPHQL_VALIDATION_FAILED" | "INTERNAL"), "{template}: {told}");
        match &first {
            None => first = Some(told),
            Some(first) => {
                assert_eq!(&told, first, "{path} as {role:?}: {template} with {text}");
                *counts.entry(path).or_default() += 1;
            }
        }
    }
}

async fn lookups(backend: Backend) {
    let mut proof = Proof::of(19, format!("existence::lookups::{backend:?}"));
    let world = World::new(backend).await;
    let mut counts = Counts::new();
    let mut unreachable = 0;
    for role in roles() {
        for noun in readable(role) {
            let (ids, keys) = alike(&world, role, noun).await;
            unreachable += ids.len() - 2;
            for (path, template) in by_id(role, noun) {
                let template =
                    if noun.field("createdAt").is_some() { template } else { template.replace(" createdAt", "") };
                compare(&world, role, &template, &ids, &mut counts, path).await;
            }
            if let Some((argument, ..)) = &noun.key {
                let template = format!("{{ {}({argument}: \"ID\") {{ id }} }}", noun.single);
                compare(&world, role, &template, &keys, &mut counts, "key").await;
            }
        }
    }
    for path in ["node", "nodes", "single", "filter", "relation", "key"] {
        assert!(counts.get(path).is_some_and(|count| *count > 0), "nothing was compared by {path}");
    }
    assert!(unreachable > 20, "ids out of reach: {unreachable}");
    println!("{counts:?}, {unreachable} of roles and nouns with rows out of reach");
    proof.figure("compared", json!(counts));
    proof.figure("roles and nouns with rows out of reach", unreachable);
    world.stop().await;
    proof.held();
}

async fn mutations(backend: Backend) {
    let mut proof = Proof::of(19, format!("existence::mutations::{backend:?}"));
    let world = World::new(backend).await;
    let schema = Schema::of(&world).await;
    let mut counts = Counts::new();
    for role in roles() {
        let mut known: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut good = BTreeMap::new();
        for noun in graph().nouns() {
            let own = ids(&world.store, noun, &ALPHA).await;
            good.insert(noun.name, own[0].clone());
            if matches!(noun.owner, Owner::Organisation(_)) {
                let alike = if reading(role, noun.area).is_some() {
                    alike(&world, role, noun).await.0
                } else {
                    // Without any right to read there is nothing within reach.
                    let theirs = ids(&world.store, noun, &BETA).await;
                    let foreign = theirs.into_iter().find(|id| !own.contains(id)).expect("BETA has more rows");
                    vec![nobody(noun), foreign, own[0].clone()]
                };
                known.insert(noun.name, alike);
            }
        }
        for mutation in schema.fields("Mutation") {
            let inputs = Inputs { schema: &schema, mutation: &mutation.name, good: &good };
            let argument = mutation.args.first().expect("an input");
            let mut ways = Vec::new();
            inputs.ids(&argument.ty, "input", &mut ways);
            for (way, noun) in ways {
                // The id of a new record is the client's own to choose.
                let Some(ids) = known.get(noun.name).filter(|_| !inputs.makes(&argument.ty, &way)) else { continue };
                let input = inputs.object(&argument.ty, "input", (&way, "ID"));
                let payload = payload(&schema, mutation.ty.named());
                let template = format!("mutation {{ {}(input: {input}) {{ {payload} }} }}", mutation.name);
                compare(&world, role, &template, ids, &mut counts, "mutation").await;
            }
        }
    }
    println!("{counts:?}");
    proof.figure("compared", json!(counts));
    world.stop().await;
    proof.held();
}

async fn cursors(backend: Backend) {
    let mut proof = Proof::of(19, format!("existence::cursors::{backend:?}"));
    let world = World::new(backend).await;
    let mut counts = Counts::new();
    for role in roles() {
        for noun in readable(role) {
            let document = format!("{{ {}(first: 1) {{ edges {{ cursor }} }} }}", noun.plural);
            let mut given = Vec::new();
            let colleagues = roles().into_iter().filter(|other| *other != role);
            for token in
                std::iter::once(world.token(&BETA, role)).chain(colleagues.map(|other| world.token(&ALPHA, other)))
            {
                let answer = world.ask(&token, &document, json!({})).await;
                let cursor = answer.at(&format!("/data/{}/edges/0/cursor", noun.plural));
                given.extend(cursor.as_str().map(str::to_owned));
            }
            given.truncate(3);
            let Some(nobodys) = given.first().map(|cursor| unlike(cursor)) else { continue };
            given.insert(0, nobodys);
            for side in ["first: 1, after", "last: 1, before"] {
                let template = format!("{{ {}({side}: \"ID\") {{ nodes {{ id }} }} }}", noun.plural);
                compare(&world, role, &template, &given, &mut counts, "cursor").await;
            }
        }
    }
    println!("{counts:?}");
    proof.figure("compared", json!(counts));
    world.stop().await;
    proof.held();
}

/// On PostgreSQL a lookup of another organisation's row touches as many pages as one of nobody's.
async fn same_buffers() {
    let mut proof = Proof::of(19, "existence::buffers");
    let world = World::new(Backend::Postgres).await;
    let server = connect(&world.store.url).await;
    server.execute_unprepared("SET enable_seqscan = off").await.unwrap();
    server.execute_unprepared(&format!("SET lanpya.organisation = '{}'", ALPHA.id())).await.unwrap();
    let mut compared = 0;
    for noun in readable(RoleCode::Supervisor).filter(|noun| noun.id == "id") {
        let (mine, theirs) = (ids(&world.store, noun, &ALPHA).await, ids(&world.store, noun, &BETA).await);
        let mut pages = Vec::new();
        let others = theirs.iter().filter(|id| !mine.contains(id)).take(3).cloned();
        for id in std::iter::once(nobody(noun)).chain(others) {
            let id = lanpya::plan::GlobalId::read(&id).unwrap().id;
            let sql = format!(
                "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF, FORMAT JSON) SELECT id FROM \"{}\" AS t1 \
                 WHERE t1.organisation_id = '{}' AND t1.id = '{id}'",
                noun.table,
                ALPHA.id()
            );
            let mut told = Value::Null;
            for _warm in 0..2 {
                let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, &sql);
                let row = server.query_one_raw(statement).await.unwrap().unwrap();
                told = row.try_get_by_index::<Value>(0).unwrap();
            }
            let plan = &told[0]["Plan"];
            assert_eq!(plan["Actual Rows"].as_f64(), Some(0.0), "{sql}: {plan}");
            let blocks = |name: &str| plan[name].as_i64().expect("blocks");
            pages.push(blocks("Shared Hit Blocks") + blocks("Shared Read Blocks"));
        }
        assert!(pages.len() > 1 && pages.iter().all(|count| *count == pages[0]), "{}: {pages:?}", noun.table);
        compared += pages.len() - 1;
    }
    proof.figure("lookups compared", compared);
    world.stop().await;
    proof.held();
}
