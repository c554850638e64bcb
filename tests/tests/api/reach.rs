//! How far a team reaches: by its members' ids where they are few, by the table of users where they are many. Nobody
//! can tell which.

use std::collections::BTreeSet;

use entity::user::RoleCode;
use harness::{ALPHA, Backend, World, both};
use lanpya::access::{follows, reading, roles};
use lanpya::graph::declare::Shape;
use lanpya::graph::graph;
use serde_json::{Value, json};

use crate::oracle::data::Data;
use crate::oracle::reference::Reference;
use crate::oracle::{asker, id, moment};

both! { teams_of_any_size, lists_below_records_as_far_as_each_role_reaches }

const ALL: &str = "{ visits { totalCount } children { totalCount } cases { totalCount } people { totalCount } }";

async fn teams_of_any_size(backend: Backend) {
    let world = World::new(backend).await;
    let (own, id) = match backend {
        Backend::Postgres => (format!("'{}'", ALPHA.id()), "gen_random_uuid()"),
        Backend::Sqlite => (format!("x'{}'", ALPHA.id().simple()), "randomblob(16)"),
    };
    let team = format!(
        "organisation_id = {own} AND team = (SELECT team FROM app_user WHERE organisation_id = {own} AND subject = 'supervisor')"
    );
    let whole = found(&world).await;

    world.store.execute(&format!("UPDATE app_user SET team = 'away' WHERE {team} AND subject <> 'supervisor'")).await;
    let alone = found(&world).await;
    assert_ne!(alone, whole, "what colleagues made is out of reach once they have left");

    // More than a statement names one by one.
    let columns = "display_name, role, team, language, is_enabled, epoch, row_version, created_at, updated_at";
    world
        .store
        .execute(&format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 40) \
             INSERT INTO app_user (organisation_id, id, subject, {columns}) \
             SELECT organisation_id, {id}, 'crowd-' || n, {columns} FROM app_user CROSS JOIN numbers \
             WHERE organisation_id = {own} AND subject = 'supervisor'"
        ))
        .await;
    assert_eq!(found(&world).await, alone, "who made nothing adds nothing");

    let back = "UPDATE app_user SET team = (SELECT team FROM app_user WHERE organisation_id = OWN AND subject = \
                'supervisor') WHERE organisation_id = OWN AND team = 'away'";
    world.store.execute(&back.replace("OWN", &own)).await;
    assert_eq!(found(&world).await, whole, "a large team reaches what a small one did");

    let crowd = format!("UPDATE app_user SET team = NULL WHERE {team} AND subject LIKE 'crowd-%'");
    world.store.execute(&crowd).await;
    assert_eq!(found(&world).await, whole);
    world.stop().await;
}

/// What the supervisor finds once the server has asked for the team again.
async fn found(world: &World) -> Value {
    world.advance(chrono::Duration::seconds(5));
    let answer = world.ask(&world.token(&ALPHA, RoleCode::Supervisor), ALL, json!({})).await;
    assert!(answer.at("/errors").is_null(), "{}", answer.body);
    answer.at("/data").clone()
}

/// Every list below every record, for one role of each pair of reaches: what the rules say of each of its rows, whether
/// the statement asks for them or they follow from the record's.
async fn lists_below_records_as_far_as_each_role_reaches(backend: Backend) {
    let world = World::still(backend).await;
    let data = Data::load(&world.store).await;
    let (mut implied, mut hidden, mut shown) = (BTreeSet::new(), 0, 0);
    for noun in graph().nouns() {
        for field in &noun.fields {
            let Shape::Many(column, target) = &field.shape else { continue };
            let target = graph().named(target).unwrap();
            let mut met = BTreeSet::new();
            for role in roles() {
                let (Some(of), Some(below)) = (reading(role, noun.area), reading(role, target.area)) else { continue };
                if of.class < field.class || !met.insert((of.reach, below.reach)) {
                    continue;
                }
                let asker = asker(&data, &ALPHA, role);
                let reference = Reference { data: &data, asker: &asker, moment: moment(&world), mutant: None };
                let parents = data.rows(noun.table).iter().filter(|row| reference.sees(noun, row)).take(20);
                let parents: Vec<_> = parents.collect();
                let ids: Vec<String> = parents.iter().map(|row| id(noun, row)).collect();
                let query = format!(
                    "query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {} {{ list: {}(first: 100) {{ nodes {{ id }} }} }} }} }}",
                    noun.name, field.name
                );
                let answered = world.ask(&world.token(&ALPHA, role), &query, json!({ "ids": ids })).await;
                for (position, parent) in parents.iter().enumerate() {
                    let rows: Vec<_> = data.by(target.table, column.name, parent[noun.id].uuid().unwrap()).collect();
                    let all = rows.len();
                    let listed = reference.listed(target, rows.into_iter(), None, None);
                    let expected: Vec<String> = listed.into_iter().map(|row| id(target, row)).collect();
                    let found = answered.at(&format!("/data/nodes/{position}/list/nodes"));
                    let found: Vec<&str> = found
                        .as_array()
                        .unwrap_or_else(|| panic!("{role:?} {query} {}", answered.body))
                        .iter()
                        .map(|node| node["id"].as_str().unwrap())
                        .collect();
                    assert_eq!(found, expected[..expected.len().min(100)], "{role:?} {query}");
                    (hidden, shown) = (hidden + all - expected.len(), shown + expected.len());
                }
                if of.reach == below.reach && follows(target.table, column.name, noun.table, noun.id) {
                    implied.insert((noun.name, field.name));
                }
            }
        }
    }
    assert!(hidden > 20 && shown > 500, "{hidden} rows beyond a reach, {shown} within");
    assert!(implied.contains(&("Case", "services")) && implied.len() > 10, "{implied:?}");
    world.stop().await;
}
