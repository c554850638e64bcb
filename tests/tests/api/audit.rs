//! The audit of reads: what an answer shows of persons is a row before the answer leaves; the rest leaves none.

use std::collections::BTreeSet;

use entity::user::RoleCode;
use harness::{ALPHA, Answer, Backend, World};
use serde_json::json;
use uuid::Uuid;

harness::both!(
    names_fields_and_records,
    keeps_refusals,
    counts_what_a_filter_tells,
    says_nothing_of_reference_data,
    an_act_is_noted_with_what_its_answer_shows
);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Noted {
    noun: String,
    fields: String,
    records: BTreeSet<Uuid>,
    outcome: String,
}

/// The rows that a request left.
async fn noted(world: &World, answer: &Answer) -> Vec<Noted> {
    let hex = match world.backend() {
        Backend::Postgres => "encode(records, 'hex')",
        Backend::Sqlite => "hex(records)",
    };
    let sql = format!(
        "SELECT coalesce(record_type, ''), fields, {hex}, outcome, operation FROM audit_event \
         WHERE action = 'READ' AND request_id = '{}' ORDER BY record_type",
        answer.header("x-request-id")
    );
    let rows = world.store.texts(&sql).await;
    rows.into_iter()
        .map(|row| {
            let text = |column: usize| row[column].clone().unwrap_or_default();
            assert_eq!(text(4).len(), 32, "the operation's name");
            let ids = text(2);
            let records = (0..ids.len() / 32).map(|n| ids[n * 32..(n + 1) * 32].parse().unwrap()).collect();
            Noted { noun: text(0), fields: text(1), records, outcome: text(3) }
        })
        .collect()
}

fn uuids(ids: &[serde_json::Value]) -> BTreeSet<Uuid> {
    ids.iter().map(|id| lanpya::plan::GlobalId::read(id.as_str().unwrap()).unwrap().id).collect()
}

async fn names_fields_and_records(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let query = "{ children(first: 3) { nodes { id person { id fullName } \
                 cases { nodes { id status } } } } }";
    let answer = world.ask(&token, query, json!({})).await;
    assert!(answer.at("/errors").is_null(), "{}", answer.body);
    let children = answer.at("/data/children/nodes").as_array().unwrap();
    let people: Vec<_> = children.iter().map(|child| child["person"]["id"].clone()).collect();
    let cases: Vec<_> = children
        .iter()
        .flat_map(|child| child["cases"]["nodes"].as_array().unwrap())
        .map(|c| c["id"].clone())
        .collect();
    let ids: Vec<_> = children.iter().map(|child| child["id"].clone()).collect();
    assert!(!ids.is_empty() && !people.is_empty() && !cases.is_empty());
    let rows = noted(&world, &answer).await;
    for (noun, ids) in [("Person", people), ("Child", ids), ("Case", cases)] {
        let graph = lanpya::graph::graph().named(noun).unwrap();
        let asked: &[&str] = match noun {
            "Person" => &["fullName"],
            "Child" => &["cases", "person"],
            _ => &["status"],
        };
        let told: Vec<&str> = asked
            .iter()
            .copied()
            .filter(|name| graph.field(name).unwrap().class >= lanpya::access::Class::Personal)
            .collect();
        let row = rows.iter().find(|row| row.noun == noun);
        if told.is_empty() {
            assert_eq!(row, None, "{noun} shows nothing personal");
            continue;
        }
        let row = row.unwrap_or_else(|| panic!("{noun} is not noted: {rows:?}"));
        assert_eq!(row.fields, json!(told).to_string(), "{noun}");
        assert_eq!(row.records, uuids(&ids), "{noun}");
        assert_eq!(row.outcome, "ALLOWED");
    }
    assert!(rows.iter().any(|row| row.noun == "Person"));
}

async fn keeps_refusals(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::TrainingOfficer);
    let answer = world.ask(&token, "{ children { nodes { id } } }", json!({})).await;
    assert_eq!(answer.code(), "ROLE_NOT_ALLOWED");
    let rows = noted(&world, &answer).await;
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].outcome.as_str(), rows[0].noun.as_str(), rows[0].records.len()), ("DENIED", "", 0));
    let mixed = world.ask(&token, "{ __type(name: \"Child\") { name } children { nodes { id } } }", json!({})).await;
    assert_eq!(noted(&world, &mixed).await.len(), 1, "{}", mixed.body);
}

async fn counts_what_a_filter_tells(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let (noun, field) = lanpya::graph::graph()
        .nouns()
        .iter()
        .find_map(|noun| {
            let grant = lanpya::access::reading(RoleCode::Supervisor, noun.area)?;
            let field = noun.fields.iter().find(|field| {
                field.filter
                    && (lanpya::access::Class::Personal..=grant.class).contains(&field.class)
                    && matches!(field.shape, lanpya::graph::declare::Shape::Plain(_))
            })?;
            Some((noun, field.name))
        })
        .expect("a personal field that lists are narrowed by");
    let query = format!("{{ {}(where: {{ {field}: {{ isNull: false }} }}) {{ totalCount }} }}", noun.plural);
    let answer = world.ask(&token, &query, json!({})).await;
    assert!(answer.at("/errors").is_null(), "{}", answer.body);
    let rows = noted(&world, &answer).await;
    assert_eq!(rows.len(), 1, "{query}");
    assert_eq!((rows[0].noun.as_str(), rows[0].fields.clone()), (noun.name, json!([field]).to_string()));
}

async fn says_nothing_of_reference_data(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let query = "{ locations(first: 5) { nodes { id names { en } } } viewer { organisation { code } } }";
    let answer = world.ask(&token, query, json!({})).await;
    assert!(answer.at("/errors").is_null(), "{}", answer.body);
    assert_eq!(noted(&world, &answer).await, []);
}

/// What a mutation shows is read by the act itself where it can be, and after it elsewhere: the answer and the audit are
/// the same.
async fn an_act_is_noted_with_what_its_answer_shows(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::MrcCounsellor);
    let centre = world.ask(&token, "{ resourceCentres(first: 1) { nodes { id } } }", json!({})).await;
    let centre = centre.at("/data/resourceCentres/nodes/0/id").clone();
    let input = |number: usize| {
        json!({ "idempotencyKey": format!("key {number}"), "centre": centre, "visitedOn": "2026-11-20",
            "channel": "WALK_IN", "visitorKind": "ASPIRANT", "sex": "FEMALE", "ageYears": 31 })
    };
    let shown = "id ticket sex ageYears";
    let told: Vec<&str> = {
        let visit = lanpya::graph::graph().named("Visit").unwrap();
        let personal = |name: &&str| visit.field(name).unwrap().class >= lanpya::access::Class::Personal;
        let mut told: Vec<&str> = shown.split(' ').filter(|name| *name != "id").filter(personal).collect();
        told.sort_unstable();
        told
    };
    assert!(!told.is_empty());
    let one = |selection: &str| {
        format!(
            "mutation($input: VisitRecordInput!) {{ visitRecord(input: $input) {{ {selection} userErrors {{ code }} }} }}"
        )
    };
    let personal = [
        // One row holds it.
        one(&format!("visit {{ {shown} }}")),
        one("... on VisitRecordPayload { visit { ...all } } __typename")
            + " fragment all on Visit { id ticket sex ageYears }",
        // More than a row.
        one(&format!("visit {{ {shown} centre {{ code }} }}")),
        one(&format!("visit {{ {shown} notes(first: 2) {{ nodes {{ id }} }} }}")),
    ];
    for (number, document) in personal.iter().enumerate() {
        for time in ["recorded", "sent again"] {
            let answer = world.ask(&token, document, json!({ "input": input(number) })).await;
            let visit = answer.at("/data/visitRecord/visit").clone();
            assert_eq!((&visit["sex"], &visit["ageYears"]), (&json!("FEMALE"), &json!(31)), "{time}: {}", answer.body);
            let read = format!("{{ visit(id: {}) {{ {shown} }} }}", visit["id"]);
            let read = world.ask(&token, &read, json!({})).await;
            for field in shown.split(' ') {
                assert_eq!(visit[field], read.at("/data/visit")[field], "{time}: {document}");
            }
            let fields = serde_json::to_string(&told).unwrap();
            let records = uuids(&[visit["id"].clone()]);
            let noted = noted(&world, &answer).await;
            let visits: Vec<_> = noted.iter().filter(|one| one.noun == "Visit").collect();
            assert_eq!(visits.len(), 1, "{time}: {document}: {noted:?}");
            assert!(visits.iter().all(|one| one.records == records && one.outcome == "ALLOWED"), "{noted:?}");
            assert!(number > 1 || visits[0].fields == fields, "{noted:?}");
            assert_eq!(acts(&world, &answer).await, usize::from(time == "recorded"), "{time}: {document}");
        }
    }
    // Nothing personal, so nothing noted; and twice shown is twice noted.
    for (number, selection, expected) in
        [(10, "visit { id }".to_owned(), 0), (11, format!("visit {{ {shown} }} again: visit {{ {shown} }}"), 2)]
    {
        let answer = world.ask(&token, &one(&selection), json!({ "input": input(number) })).await;
        assert_eq!(noted(&world, &answer).await.len(), expected, "{selection}: {}", answer.body);
        assert_eq!(acts(&world, &answer).await, 1);
    }
    // Two acts: each shows its own.
    let both = "mutation($one: VisitRecordInput!, $two: VisitRecordInput!) { \
                one: visitRecord(input: $one) { visit { id ticket sex } } two: visitRecord(input: $two) { visit { id ticket sex } } }";
    let answer = world.ask(&token, both, json!({ "one": input(20), "two": input(21) })).await;
    let ids = ["one", "two"].map(|act| answer.at(&format!("/data/{act}/visit/id")).clone());
    let noted: BTreeSet<Uuid> = noted(&world, &answer).await.into_iter().flat_map(|one| one.records).collect();
    assert_eq!((noted.len(), noted), (2, uuids(&ids)), "{}", answer.body);
    world.stop().await;
}

/// How many acts a request left in the audit.
async fn acts(world: &World, answer: &Answer) -> usize {
    let request = answer.header("x-request-id");
    let sql = format!("SELECT action FROM audit_event WHERE action = 'VISIT_RECORD' AND request_id = '{request}'");
    world.store.texts(&sql).await.len()
}
