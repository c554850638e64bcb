//! A statement a level, and no more: however many rows there are and however long a page is.

use std::collections::BTreeSet;

use entity::user::RoleCode;
use harness::{ALPHA, BETA, Backend, World, both};
use lanpya::access::reading;
use lanpya::graph::declare::{Noun, Shape};
use lanpya::graph::graph;
use lanpya::plan::GlobalId;
use serde_json::{Value, json};

use crate::oracle::data::Data;
use crate::oracle::reference::Reference;
use crate::oracle::{asker, moment};

both! { a_statement_a_level, every_edge_of_every_noun, not_by_rows, crowded, roomy }

async fn statements(world: &World, token: &str, query: &str) -> usize {
    let answered = world.ask(token, query, json!({})).await;
    assert!(answered.at("/errors").is_null(), "{query}: {}", answered.body);
    answered.header("lanpya-statements").parse().unwrap()
}

async fn a_statement_a_level(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let visit = |number: usize| GlobalId::text("visit", ALPHA.row("visit", number));
    let case = GlobalId::text("case", ALPHA.row("case", 1));
    for (query, expected) in [
        ("{ __typename }".to_owned(), 0),
        ("{ viewer { role permissions } }".to_owned(), 0),
        ("{ viewer { user { id } } }".to_owned(), 1),
        ("{ viewer { user { id } organisation { id } } }".to_owned(), 2),
        ("{ visits { nodes { id } } }".to_owned(), 1),
        ("{ visits { __typename } }".to_owned(), 0),
        ("{ visits { totalCount } }".to_owned(), 1),
        ("{ visits { totalCount nodes { id } edges { cursor node { ticket } } pageInfo { hasNextPage endCursor } } }".to_owned(), 2),
        ("{ visits(orderBy: [{ field: TICKET }], where: { centre: { is: { code: { eq: \"MRC-0\" } } } }) { nodes { id } } }".to_owned(), 1),
        ("{ visits { nodes { centre { code } } } }".to_owned(), 2),
        ("{ visits { nodes { centre { code } counsellor { subject } } } }".to_owned(), 3),
        ("{ visits { nodes { a: centre { code } b: centre { names { en } } } } }".to_owned(), 2),
        ("{ people { nodes { createdBy { subject } organisation { code } currentLocation { pcode } } } }".to_owned(), 4),
        ("{ cases { nodes { owner { subject } createdBy { subject } } } }".to_owned(), 2),
        ("{ resourceCentres { nodes { township { parent { parent { pcode } } } } } }".to_owned(), 4),
        ("{ resourceCentres { nodes { visits { nodes { id } } } } }".to_owned(), 2),
        ("{ resourceCentres { nodes { visits { totalCount } } } }".to_owned(), 2),
        ("{ resourceCentres { totalCount nodes { visits { totalCount nodes { id } } } } }".to_owned(), 4),
        ("{ resourceCentres { nodes { visits { nodes { counsellor { subject } } } } } }".to_owned(), 3),
        ("{ resourceCentres { nodes { a: visits(first: 1) { nodes { id } } b: visits(last: 1) { nodes { id } } } } }".to_owned(), 3),
        ("{ a: visits { nodes { id } } b: visits { nodes { id } } }".to_owned(), 2),
        (format!("{{ node(id: \"{}\") {{ id }} }}", visit(1)), 1),
        (format!("{{ nodes(ids: [\"{}\" \"{}\" \"{}\"]) {{ id }} }}", visit(1), visit(2), visit(3)), 1),
        (format!("{{ nodes(ids: [\"{}\" \"{case}\"]) {{ id }} }}", visit(1)), 2),
        ("{ node(id: \"x\") { id } }".to_owned(), 0),
        ("{ visits @skip(if: true) { nodes { id } } }".to_owned(), 0),
        ("{ visits { nodes { id centre @include(if: false) { code } } } }".to_owned(), 1),
    ] {
        for _ in 0..3 {
            assert_eq!(statements(&world, &token, &query).await, expected, "{query}");
        }
    }
    world.stop().await;
}

/// All to-one edges of a noun in one answer: a statement for each noun they lead to. Then all its lists: one each.
async fn every_edge_of_every_noun(backend: Backend) {
    let world = World::new(backend).await;
    let data = Data::load(&world.store).await;
    let mut met = 0;
    for noun in graph().nouns() {
        let role =
            [RoleCode::Supervisor, RoleCode::OrgAdmin].into_iter().find(|role| reading(*role, noun.area).is_some());
        let role = role.unwrap();
        let token = world.token(&ALPHA, role);
        let asker = asker(&data, &ALPHA, role);
        let reference = Reference { data: &data, asker: &asker, moment: moment(&world), mutant: None };
        // The first page of the list.
        let rows: Vec<_> =
            reference.listed(noun, data.rows(noun.table).iter(), None, None).into_iter().take(25).collect();
        let readable = |target: &str| reading(role, graph().named(target).unwrap().area).is_some();
        let highest = reading(role, noun.area).unwrap().class;
        let (mut ones, mut manys, mut targets) = (Vec::new(), Vec::new(), BTreeSet::new());
        for field in noun.fields.iter().filter(|field| field.class <= highest) {
            match &field.shape {
                Shape::One(column, target) if readable(target) => {
                    ones.push(format!("{} {{ id }}", field.name));
                    if rows.iter().any(|row| !row[column.name].is_null()) {
                        targets.insert(*target);
                    }
                }
                Shape::Many(_, target) if readable(target) => {
                    manys.push(format!("{} {{ nodes {{ id }} }}", field.name));
                }
                _ => {}
            }
        }
        if !ones.is_empty() {
            let query = format!("{{ {} {{ nodes {{ {} }} }} }}", noun.plural, ones.join(" "));
            assert_eq!(statements(&world, &token, &query).await, 1 + targets.len(), "{query}");
            met += ones.len();
        }
        if !manys.is_empty() && !rows.is_empty() {
            let query = format!("{{ {} {{ nodes {{ {} }} }} }}", noun.plural, manys.join(" "));
            assert_eq!(statements(&world, &token, &query).await, 1 + manys.len(), "{query}");
            met += manys.len();
        }
    }
    assert!(met > 80, "{met} edges");
    world.stop().await;
}

async fn not_by_rows(backend: Backend) {
    let world = World::new(backend).await;
    let deep = |noun: &Noun, size: usize| {
        format!(
            "{{ {}(first: {size}) {{ totalCount nodes {{ visits(first: {size}) {{ totalCount nodes {{ counsellor {{ \
             subject }} homeTownship {{ pcode }} }} }} township {{ pcode }} }} }} }}",
            noun.plural
        )
    };
    let centres = graph().named("ResourceCentre").unwrap();
    let mut found = BTreeSet::new();
    for organisation in [&ALPHA, &BETA] {
        let token = world.token(organisation, RoleCode::OrgDataOfficer);
        for size in [1, 2, 5, 25, 60] {
            found.insert(statements(&world, &token, &deep(centres, size)).await);
        }
    }
    // Places may be asked for at one depth or at two.
    assert!(found.iter().all(|count| (5..=6).contains(count)), "{found:?}");
    world.stop().await;
}

/// Parents that have more rows than were thought: all is read once more, the first time; and the same rows.
/// What was found for one organisation changes nothing for another that sends the same document.
async fn crowded(backend: Backend) {
    let world = World::new(backend).await;
    for organisation in [&ALPHA, &BETA] {
        crowd(&world, &world.token(organisation, RoleCode::Supervisor)).await;
    }
    world.stop().await;
}

/// Short pages are cut by the database the first time, and put in order by the server once nothing was cut off: the same
/// rows in the same order, whatever it is by.
async fn roomy(backend: Backend) {
    let world = World::new(backend).await;
    let role = RoleCode::Supervisor;
    let token = world.token(&ALPHA, role);
    let (mut rows, mut lists) = (0, 0);
    let reads = |noun: &&Noun| reading(role, noun.area).is_some();
    for noun in graph().nouns().iter().filter(reads) {
        for edge in &noun.fields {
            let Shape::Many(_, target) = &edge.shape else { continue };
            let target = graph().named(target).unwrap();
            let Some(grant) = reading(role, target.area) else { continue };
            let fields = target.fields.iter().filter(|field| field.sort && field.class <= grant.class);
            let fields: Vec<&str> = fields.map(|field| field.name).collect();
            let orders = fields.iter().zip(fields.iter().cycle().skip(1));
            let orders = orders.flat_map(|(one, other)| ["ASC", "DESC"].map(|way| order_by(one, way, other)));
            for arguments in ["first: 9".to_owned(), "last: 9".to_owned()].into_iter().chain(orders) {
                let list = format!(
                    "{}({arguments}) {{ edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage }} }}",
                    edge.name
                );
                let nested = format!("{{ {}(first: 60) {{ nodes {{ id {list} }} }} }}", noun.plural);
                let cut = world.ask(&token, &nested, json!({})).await;
                let ordered = world.ask(&token, &nested, json!({})).await;
                assert!(cut.at("/errors").is_null(), "{nested}: {}", cut.body);
                assert_eq!(cut.header("lanpya-statements"), ordered.header("lanpya-statements"), "{nested}");
                assert_eq!(ids(cut.at("/data")), ids(ordered.at("/data")), "{nested}");
                rows += ids(ordered.at("/data")).len();
                lists += 1;
            }
        }
    }
    assert!(lists > 100 && rows > 2_000, "{lists} lists, {rows} rows");
    world.stop().await;
}

/// By a field and then by another one, which runs upwards.
fn order_by(field: &str, way: &str, other: &str) -> String {
    let name = |field: &str| {
        let upper =
            |letter: char| if letter.is_uppercase() { format!("_{letter}") } else { letter.to_uppercase().to_string() };
        field.chars().map(upper).collect::<String>()
    };
    let (field, other) = (name(field), name(other));
    let second = if field == other { String::new() } else { format!(", {{ field: {other}, direction: ASC }}") };
    format!("first: 9, orderBy: [{{ field: {field}, direction: {way} }}{second}]")
}

/// Every id of an answer, in order.
fn ids(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(ids).collect(),
        Value::Object(members) => {
            let own = members.get("id").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(members.values().flat_map(ids)).collect()
        }
        _ => Vec::new(),
    }
}

async fn crowd(world: &World, token: &str) {
    let first = world.ask(token, "{ resourceCentres(first: 1) { nodes { id } } }", json!({})).await;
    let centre = first.at("/data/resourceCentres/nodes/0/id").clone();
    let log = "mutation($input: VisitRecordInput!) { visitRecord(input: $input) { userErrors { code field } } }";
    for number in 0..20 {
        let input = json!({ "centre": centre, "visitedOn": format!("2026-11-{:02}", 1 + number % 7), "channel": "WALK_IN",
            "visitorKind": "ASPIRANT", "ticket": format!("CROWD-{number}") });
        let logged = world.ask(token, log, json!({ "input": input })).await;
        assert_eq!(*logged.at("/data/visitRecord/userErrors"), json!([]));
    }
    let page = "nodes { id ticket } pageInfo { hasNextPage hasPreviousPage }";
    for (one_way, arguments) in [
        ("first: 10", "first: 10"),
        ("last: 10", "last: 10"),
        ("newest", "first: 10, orderBy: [{ field: VISITED_ON, direction: DESC }]"),
    ] {
        let nested = format!("{{ resourceCentres(first: 1) {{ nodes {{ code visits({arguments}) {{ {page} }} }} }} }}");
        let mut answers = Vec::new();
        for expected in [4, 2, 2] {
            let answered = world.ask(token, &nested, json!({})).await;
            assert_eq!(answered.header("lanpya-statements"), expected.to_string(), "{one_way}");
            answers.push(answered.at("/data/resourceCentres/nodes/0").clone());
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{one_way}");
        let code = answers[0]["code"].as_str().unwrap();
        let alone = format!(
            "{{ visits({arguments}, where: {{ centre: {{ is: {{ code: {{ eq: \"{code}\" }} }} }} }}) {{ {page} }} }}"
        );
        let alone = world.ask(token, &alone, json!({})).await;
        assert_eq!(answers[0]["visits"], *alone.at("/data/visits"), "{one_way}");
        assert_eq!(answers[0]["visits"]["nodes"].as_array().unwrap().len(), 10, "{one_way}");
    }
}
