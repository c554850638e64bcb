//! `lanpya explain`: every statement with the database's own account of it, and nothing of what was found.

use std::sync::Arc;
use std::time::Duration;

use entity::user::RoleCode;
use harness::seed::subject;
use harness::{ALPHA, Backend, World};
use lanpya::db::{Database, Scope, Settings};
use lanpya::plan::GlobalId;
use serde_json::{Map, json};

harness::both!(statements_plans_and_cost, no_value_and_no_row, only_what_can_be_run);

async fn explained(world: &World, role: RoleCode, query: &str) -> Result<String, String> {
    let settings = Settings {
        url: world.store.url.clone(),
        connections: 2,
        statement_timeout: Duration::from_secs(30),
        audit_reads: false,
    };
    let database = Database::open(&settings).await.expect("the database opens");
    let viewer = database.find(ALPHA.id(), &subject(role)).await.expect("a read").expect("a user");
    let scope = Scope::new(database.clone(), Arc::new(viewer), world.clock.clone(), "explain".into());
    let told = lanpya::explain(scope, query, None, Map::new()).await;
    database.close().await;
    told
}

const NESTED: &str =
    "{ children(first: 3) { nodes { id person { fullName } cases { nodes { id services { nodes { id } } } } } } }";

async fn statements_plans_and_cost(backend: Backend) {
    let world = World::new(backend).await;
    let told = explained(&world, RoleCode::Supervisor, NESTED).await.unwrap();
    let answer = world.ask(&world.token(&ALPHA, RoleCode::Supervisor), NESTED, json!({})).await;
    let statements = answer.header("lanpya-statements");
    assert_eq!(statements, "4", "{}", answer.body);
    assert!(told.contains(&format!(" {statements} statements, ")), "{told}");
    assert!(told.starts_with(&format!("{} cost points", answer.at("/extensions/cost/requested"))), "{told}");
    let numbered: Vec<&str> =
        told.lines().filter(|line| line.split_once(". ").is_some_and(|(n, _)| n.parse::<u8>().is_ok())).collect();
    assert_eq!(numbered.len(), 4, "{told}");
    for table in ["child", "person", "case", "case_service"] {
        assert!(numbered.iter().any(|line| line.contains(&format!("FROM \"{table}\""))), "{table}: {told}");
    }
    let spoken = if backend == Backend::Postgres { "(actual time=" } else { "SEARCH " };
    assert!(told.matches(spoken).count() >= 4, "{told}");
    world.stop().await;
}

async fn no_value_and_no_row(backend: Backend) {
    let world = World::new(backend).await;
    let rows = world.store.dump(None).await["audit_event"].clone();
    let name = world.store.column("SELECT full_name FROM person WHERE full_name IS NOT NULL ORDER BY 1").await;
    let query =
        format!("{{ people(where: {{ fullName: {{ eq: {} }} }}) {{ nodes {{ id fullName }} }} }}", json!(name[0]));
    let told = explained(&world, RoleCode::Supervisor, &query).await.unwrap();
    assert!(!told.contains(&name[0]), "{told}");
    let told = told + &explained(&world, RoleCode::Supervisor, NESTED).await.unwrap();
    for text in [ALPHA.id().to_string(), ALPHA.id().simple().to_string()] {
        assert!(!told.contains(&text), "{told}");
    }
    for id in world
        .store
        .column(if backend == Backend::Postgres {
            "SELECT id::text FROM child"
        } else {
            "SELECT lower(hex(id)) FROM child"
        })
        .await
    {
        assert!(!told.contains(&id), "{told}");
    }
    assert_eq!(world.store.dump(None).await["audit_event"], rows, "nothing is shown, so nothing is noted");
    world.stop().await;
}

async fn only_what_can_be_run(backend: Backend) {
    let world = World::new(backend).await;
    let centre = GlobalId::text("centre", ALPHA.row("resource_centre", 0));
    let change = format!(
        "mutation {{ visitRecord(input: {{ centre: \"{centre}\", visitedOn: \"2026-01-15\", channel: WALK_IN, \
         visitorKind: ASPIRANT }}) {{ userErrors {{ code }} }} }}"
    );
    for (query, word) in [
        (change.as_str(), "Only queries"),
        ("{ children { nodes { nosuch } } }", "Unknown field"),
        ("{ children { nodes ", "not valid GraphQL"),
    ] {
        let refused = explained(&world, RoleCode::Supervisor, query).await.unwrap_err();
        assert!(refused.contains(word), "{query}: {refused}");
    }
    let refused = explained(&world, RoleCode::SurvivorSelf, "{ children { nodes { id } } }").await.unwrap_err();
    assert!(refused.contains("role"), "{refused}");
    world.stop().await;
}
