//! How far a team reaches: by its members' ids where they are few, by the table of users where they are many. Nobody
//! can tell which.

use entity::user::RoleCode;
use harness::{ALPHA, Backend, World, both};
use serde_json::{Value, json};

both! { teams_of_any_size }

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
