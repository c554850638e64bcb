//! The audit of reads: what an answer shows of persons is a row before the answer leaves; the rest leaves none.

use std::collections::BTreeSet;

use entity::user::RoleCode;
use harness::{ALPHA, Answer, Backend, World};
use serde_json::json;
use uuid::Uuid;

harness::both!(names_fields_and_records, keeps_refusals, counts_what_a_filter_tells, says_nothing_of_reference_data);

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
