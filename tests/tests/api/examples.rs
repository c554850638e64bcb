//! The examples on the page work: each fits the schema and answers without an error for the role that it names.

use entity::Code as _;
use entity::user::RoleCode;
use harness::{ALPHA, Backend, World, both};
use serde_json::{Value, json};

both! { every_example_answers }

/// Role, document and variables of an example; the variables are those that `examples.ts` fills in.
async fn variables(world: &World, document: &str) -> Value {
    if document.contains("$since") {
        return json!({ "since": "2026-01-01" });
    }
    if !document.contains("$input") {
        return json!({});
    }
    let token = world.token(&ALPHA, RoleCode::MrcCounsellor);
    let found = world.ask(&token, "{ resourceCentres(first: 1) { nodes { id } } }", json!({})).await;
    let centre = found.at("/data/resourceCentres/nodes/0/id").clone();
    json!({ "input": {
        "idempotencyKey": "demo-visit-1", "centre": centre, "visitedOn": "2026-11-20", "channel": "WALK_IN",
        "visitorKind": "ASPIRANT", "sex": "FEMALE", "topics": ["LEGAL_CHANNELS_AND_MOU"], "services": ["INFORMATION"],
    } })
}

async fn every_example_answers(backend: Backend) {
    let world = World::new(backend).await;
    let mut tried = 0;
    for entry in std::fs::read_dir(super::root().join("api/pages/src/examples")).unwrap() {
        let path = entry.unwrap().path();
        let document = std::fs::read_to_string(&path).unwrap();
        let role = document.lines().find_map(|line| line.strip_prefix("# Token: ")).expect("the example names a role");
        let token = world.token(&ALPHA, RoleCode::from_code(role).expect("a role"));
        let variables = variables(&world, &document).await;
        let answered = world.ask(&token, &document, variables).await;
        let errors = answered.json.get("errors");
        assert!(errors.is_none(), "{}: {errors:?}", path.display());
        let refused = answered.json.pointer("/data/visitRecord/userErrors").and_then(Value::as_array);
        assert!(refused.is_none_or(Vec::is_empty), "{}: {refused:?}", path.display());
        tried += 1;
    }
    assert!(tried >= 11, "{tried}");
    world.stop().await;
}
