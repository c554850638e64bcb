//! Reads: with and without BETA the same bytes; BETA's ids, values and cursors are as good as none.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use entity::Owner;
use entity::user::RoleCode;
use entity::value::Scalar;
use harness::introspection::Schema;
use harness::{ALPHA, Answer, BETA, Backend, Data, Store, World, both};
use lanpya::access::{Weakness, reading};
use lanpya::clock::Clock;
use lanpya::graph::declare::{Field, Noun, Shape};
use lanpya::graph::graph;
use lanpya::plan::GlobalId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::documents::Writer;
use super::{EXEMPT, foreign, ids, leak, nobody, readers, representatives};

both! {
    every_field_without_and_with_the_others, every_order_and_filter_without_and_with_the_others,
    ids_of_others_are_ids_of_nobody, values_of_others_match_nothing, cursors_of_others_are_refused
}

/// The same ALPHA, alone and beside BETA.
struct Worlds {
    alone: World,
    twins: World,
    beta: HashSet<Uuid>,
    differences: Vec<String>,
    asked: usize,
}

impl Worlds {
    async fn new(backend: Backend) -> (Self, Schema) {
        // Both make the same ids in the same order: what each request leaves in the audit is the same in both.
        let world = async |data| {
            let store = Store::new(backend, data).await;
            World::on(store, Clock::replayed(harness::world::start()), Weakness::None).await
        };
        let (alone, twins) = (world(Data::Alpha).await, world(Data::Twins).await);
        let beta = foreign(&twins.store).await.into_values().flatten().collect();
        let (schema, _) = (Schema::of(&alone).await, Schema::of(&twins).await);
        (Self { alone, twins, beta, differences: Vec::new(), asked: 0 }, schema)
    }

    /// Asks both; notes what differs, what leaks and what is no answer at all.
    async fn compare(&mut self, tokens: &(String, String), role: RoleCode, document: &str) -> Answer {
        let (one, other) = futures_util::join!(
            self.alone.ask(&tokens.0, document, json!({})),
            self.twins.ask(&tokens.1, document, json!({}))
        );
        self.asked += 1;
        if one.masked() != other.masked() {
            self.differences.push(format!("{role:?} {document}\n  alone: {}\n  beside: {}", one.body, other.body));
        }
        if let Some(text) = leak(&other, &self.beta) {
            self.differences.push(format!("{role:?} {document}\n  BETA's: {text}"));
        }
        if !matches!(one.code(), "" | "CLASS_NOT_ALLOWED" | "ROLE_NOT_ALLOWED") {
            self.differences.push(format!("{role:?} {document}\n  no answer: {}", one.body));
        }
        one
    }

    fn tokens(&self, role: RoleCode) -> (String, String) {
        (self.alone.token(&ALPHA, role), self.twins.token(&ALPHA, role))
    }

    async fn stop(self) {
        assert!(self.asked > 500, "only {} documents", self.asked);
        let shown: Vec<_> = self.differences.iter().take(10).collect();
        assert!(self.differences.is_empty(), "{} differences in {}: {shown:#?}", self.differences.len(), self.asked);
        self.alone.stop().await;
        self.twins.stop().await;
    }
}

async fn every_field_without_and_with_the_others(backend: Backend) {
    let (mut worlds, schema) = Worlds::new(backend).await;
    let others = foreign(&worlds.twins.store).await;
    let mut writer = Writer::new(&schema);
    let (mut documents, mut deep) = (vec![writer.viewer()], Vec::new());
    let mut seen: BTreeMap<&str, bool> = BTreeMap::new();
    let mut lists: BTreeMap<String, &str> = BTreeMap::new();
    for noun in graph().nouns() {
        let mine = ids(&worlds.twins.store, noun, &ALPHA).await;
        let theirs = others.get(noun.name).map(Vec::as_slice).unwrap_or_default();
        if noun.name == "ResourceCentre" {
            documents.extend(mine.iter().take(1).flat_map(|id| writer.changes(*id)));
        }
        let of_noun = writer.flat(noun, &mine, theirs);
        lists.insert(of_noun[0].clone(), noun.name);
        documents.extend(of_noun);
        deep.extend(writer.deep(noun, mine[0]));
        documents.extend(mine.iter().take(1).chain(theirs.iter().take(1)).map(|id| writer.trail(noun, *id)));
        seen.insert(noun.name, false);
    }
    documents.extend(writer.statistics());
    documents.push(writer.labels());
    let exempt: BTreeSet<String> = EXEMPT.iter().map(|(name, _)| format!("Query.{name}")).collect();
    let missed: Vec<String> = writer.missed().into_iter().filter(|field| !exempt.contains(field)).collect();
    assert!(missed.is_empty(), "no document selects {missed:#?}");
    for role in lanpya::access::roles() {
        let tokens = worlds.tokens(role);
        let deep = if representatives().contains(&role) { deep.as_slice() } else { &[] };
        for document in documents.iter().chain(deep) {
            let answer = worlds.compare(&tokens, role, document).await;
            if let Some(name) = lists.get(document) {
                let noun = graph().named(name).unwrap();
                let rows = answer.at(&format!("/data/{}/nodes", noun.plural)).as_array().map_or(0, Vec::len);
                *seen.get_mut(name).unwrap() |= rows > 0;
            }
        }
    }
    let unseen: Vec<_> = seen.iter().filter(|(_, seen)| !**seen).map(|(name, _)| name).collect();
    assert!(unseen.is_empty(), "no role sees a row of {unseen:?}: the comparison says nothing about them");
    worlds.stop().await;
}

async fn every_order_and_filter_without_and_with_the_others(backend: Backend) {
    let (mut worlds, schema) = Worlds::new(backend).await;
    let others = foreign(&worlds.twins.store).await;
    let writer = Writer::new(&schema);
    for noun in graph().nouns() {
        let documents: Vec<String> = writer.orders(noun).into_iter().chain(writer.filters(noun, &others)).collect();
        // Shared rows look the same to everyone: what differs is whether lists can be narrowed by assessments.
        let some = [RoleCode::OrgDataOfficer, RoleCode::CapacityFacilitator, RoleCode::SurvivorSelf];
        let all = harness::full() || noun.owner != Owner::Shared;
        let roles = representatives().into_iter().filter(|role| all || some.contains(role));
        for role in roles.filter(|role| readers(noun).contains(role)) {
            let tokens = worlds.tokens(role);
            for document in &documents {
                worlds.compare(&tokens, role, document).await;
            }
        }
    }
    worlds.stop().await;
}

/// One answer for what never was and for what is another's, to the byte.
async fn ids_of_others_are_ids_of_nobody(backend: Backend) {
    let world = World::new(backend).await;
    let others = foreign(&world.store).await;
    for noun in graph().nouns().iter().filter(|noun| matches!(noun.owner, Owner::Organisation(_))) {
        let (stranger, nobody) = (GlobalId::text(noun.prefix, others[noun.name][0]), nobody(noun));
        let mine = GlobalId::text(noun.prefix, ids(&world.store, noun, &ALPHA).await[0]);
        for role in lanpya::access::roles() {
            let token = world.token(&ALPHA, role);
            for template in [
                format!("{{ node(id: \"ID\") {{ id __typename ... on {} {{ id }} }} }}", noun.name),
                format!("{{ nodes(ids: [\"{mine}\", \"ID\", \"ID\"]) {{ id }} }}"),
                format!("{{ {}(id: \"ID\") {{ id }} }}", noun.single),
                format!("{{ {}(where: {{ id: {{ eq: \"ID\" }} }}) {{ totalCount nodes {{ id }} }} }}", noun.plural),
                format!("{{ {}(where: {{ id: {{ in: [\"ID\"] }} }}) {{ totalCount nodes {{ id }} }} }}", noun.plural),
                format!(
                    "{{ {}(id: \"ID\") {{ id }} {}(first: 2) {{ nodes {{ id }} }} __schema {{ queryType {{ name }} }} }}",
                    noun.single, noun.plural
                ),
            ] {
                let theirs = world.ask(&token, &template.replace("ID", &stranger), json!({})).await;
                let none = world.ask(&token, &template.replace("ID", &nobody), json!({})).await;
                assert_eq!(theirs.masked(), none.masked(), "{role:?} {template}");
                assert!(!theirs.body.contains(&stranger), "{role:?} {template}: {}", theirs.body);
            }
        }
    }
    world.stop().await;
}

/// Columns that lists are narrowed by and hold plain values: the way to them in a filter, the column, its kind, class.
fn narrowed<'n>(noun: &'n Noun, fields: &'n [Field], way: &str, found: &mut Vec<(String, &'n Field)>) {
    let _ = noun;
    for field in fields.iter().filter(|field| field.filter) {
        let way = if way.is_empty() { field.name.to_owned() } else { format!("{way}.{}", field.name) };
        match &field.shape {
            Shape::Plain(column) if matches!(column.scalar, Scalar::Text | Scalar::Date | Scalar::Int) => {
                found.push((way, field));
            }
            Shape::Object(_, _, inner) => narrowed(noun, inner, &way, found),
            _ => {}
        }
    }
}

fn filter(way: &str, value: &str) -> String {
    way.rsplit('.').fold(format!("{{ eq: {value} }}"), |inner, part| format!("{{ {part}: {inner} }}"))
}

/// Values of a column that only BETA's rows hold, as literals.
async fn own_values(store: &Store, table: &str, column: &str, scalar: Scalar) -> Vec<String> {
    let of = |organisation: Uuid| {
        let (text, owner) = match store.backend {
            Backend::Postgres => (format!("\"{column}\"::text"), format!("'{organisation}'")),
            Backend::Sqlite => (format!("CAST(\"{column}\" AS text)"), format!("x'{}'", organisation.simple())),
        };
        format!("SELECT {text} FROM \"{table}\" WHERE organisation_id = {owner} AND \"{column}\" IS NOT NULL")
    };
    let sql = format!("{} EXCEPT {} ORDER BY 1", of(BETA.id()), of(ALPHA.id()));
    let values = store.column(&sql).await;
    values
        .iter()
        .take(3)
        .map(|value| if scalar == Scalar::Int { value.clone() } else { json!(value).to_string() })
        .collect()
}

/// `or` widens nothing beyond the organisation.
async fn values_of_others_match_nothing(backend: Backend) {
    let world = World::new(backend).await;
    let mut tried = 0;
    for noun in graph().nouns().iter().filter(|noun| matches!(noun.owner, Owner::Organisation(_))) {
        let mut fields = Vec::new();
        narrowed(noun, &noun.fields, "", &mut fields);
        for (way, field) in fields {
            let Shape::Plain(column) = &field.shape else { continue };
            let values = own_values(&world.store, noun.table, column.name, column.scalar).await;
            if values.is_empty() {
                continue;
            }
            let any: Vec<String> = values.iter().map(|value| filter(&way, value)).collect();
            let any = any.join(", ");
            for role in readers(noun) {
                if reading(role, noun.area).is_none_or(|grant| grant.class < field.class) {
                    continue;
                }
                let token = world.token(&ALPHA, role);
                for wanted in [format!("{{ or: [{any}] }}"), format!("{{ not: {{ not: {{ or: [{any}] }} }} }}")] {
                    let document = format!("{{ {}(where: {wanted}) {{ totalCount nodes {{ id }} }} }}", noun.plural);
                    let answer = world.ask(&token, &document, json!({})).await;
                    let found = json!({ noun.plural: { "totalCount": 0, "nodes": [] } });
                    assert_eq!(answer.json["data"], found, "{role:?} {document}");
                    assert!(answer.at("/errors").is_null(), "{role:?} {document}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 20, "only {tried} filters were tried");
    world.stop().await;
}

async fn cursors_of_others_are_refused(backend: Backend) {
    let world = World::new(backend).await;
    let mut tried = BTreeSet::new();
    for noun in graph().nouns() {
        for role in readers(noun) {
            let list =
                |after: &str| format!("{{ {}(first: 1{after}) {{ edges {{ cursor node {{ id }} }} }} }}", noun.plural);
            let cursor_of = |answer: &Answer| {
                answer.at(&format!("/data/{}/edges/0/cursor", noun.plural)).as_str().map(str::to_owned)
            };
            let (alpha, beta) = (world.token(&ALPHA, role), world.token(&BETA, role));
            let Some(cursor) = cursor_of(&world.ask(&beta, &list(""), json!({})).await) else { continue };
            let next = list(&format!(", after: \"{cursor}\""));
            assert_eq!(world.ask(&beta, &next, json!({})).await.at("/errors"), &Value::Null, "BETA's own works");
            let refused = world.ask(&alpha, &next, json!({})).await;
            assert_eq!(refused.code(), "INVALID_CURSOR", "{role:?} {}: {}", noun.plural, refused.body);
            let before = format!("{{ {}(last: 1, before: \"{cursor}\") {{ nodes {{ id }} }} }}", noun.plural);
            assert_eq!(world.ask(&alpha, &before, json!({})).await.code(), "INVALID_CURSOR", "{role:?} {before}");
            // Nor does it work for a colleague, in another list, or a day later.
            let colleague = readers(noun).into_iter().find(|other| *other != role);
            if let Some(colleague) = colleague {
                let answer = world.ask(&world.token(&BETA, colleague), &next, json!({})).await;
                assert_eq!(answer.code(), "INVALID_CURSOR", "{colleague:?} with the cursor of {role:?}");
            }
            tried.insert(noun.name);
        }
    }
    assert_eq!(tried.len(), graph().nouns().len(), "only {tried:?}");
    world.stop().await;
}
