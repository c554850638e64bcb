//! What follows a visit: a follow-up planned and done, help given.

use entity::user::RoleCode;
use harness::{Backend, both};
use serde_json::{Value, json};

use super::{Desk, seeded};

both! { a_follow_up, a_follow_up_is_refused, assistance, assistance_is_refused, who_may_not }

/// Visits that the seeded counsellor logged: the first on the first of January.
fn visit() -> String {
    seeded("visit", "visit", 0)
}

async fn a_follow_up(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let input = json!({ "visit": visit(), "neededBy": "2026-11-22", "purpose": "ဖုန်းခေါ်ရန်", "idempotencyKey": "k" });
    let selection = "followUp { id rowVersion neededBy doneOn isOverdue purpose assignee { subject } visit { id } }";
    let made = desk.done("visitFollowUpPlan", "VISIT_WORK", "VisitFollowUp", input.clone(), selection).await;
    let planned = made["followUp"].clone();
    for (field, value) in [
        ("neededBy", json!("2026-11-22")),
        ("doneOn", Value::Null),
        ("isOverdue", json!(false)),
        ("purpose", json!("ဖုန်းခေါ်ရန်")),
        ("assignee", json!({ "subject": "mrc_counsellor" })),
        ("visit", json!({ "id": visit() })),
    ] {
        assert_eq!(planned[field], value, "{field}");
    }
    assert_eq!(desk.send("visitFollowUpPlan", &input, selection).await.at("/data/result"), &made);
    desk.world.advance(chrono::Duration::days(1));
    desk.sits(RoleCode::MrcCounsellor);
    let read = format!("{{ visitFollowUp(id: {}) {{ isOverdue }} }}", planned["id"]);
    assert_eq!(desk.ask(&read).await["visitFollowUp"]["isOverdue"], true);
    let done = json!({ "visitFollowUp": planned["id"], "expectedVersion": 1, "outcome": "Called" });
    let selection = "followUp { rowVersion doneOn isOverdue outcome }";
    let made = desk.done("visitFollowUpComplete", "VISIT_WORK", "VisitFollowUp", done.clone(), selection).await;
    let told = json!({ "rowVersion": 2, "doneOn": "2026-11-23", "isOverdue": false, "outcome": "Called" });
    assert_eq!(made["followUp"], told);
    desk.refuses("visitFollowUpComplete", done, "WRONG_STATE", "input.visitFollowUp").await;
    desk.world.stop().await;
}

async fn a_follow_up_is_refused(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    for (more, code, field) in [
        (json!({ "visit": visit(), "neededBy": "2025-12-31" }), "DATE_INVALID", "input.neededBy"),
        (json!({ "visit": visit(), "neededBy": "2027-11-24" }), "DATE_INVALID", "input.neededBy"),
        (json!({ "visit": desk.fresh("visit"), "neededBy": "2026-11-22" }), "NOT_FOUND", "input.visit"),
    ] {
        desk.refuses("visitFollowUpPlan", more, code, field).await;
    }
    // The second of the seeded ones is not done.
    let follow_up = seeded("visit_follow_up", "visit_follow_up", 1);
    let done = |version: i32, on: &str, outcome: &str| json!({ "visitFollowUp": follow_up, "expectedVersion": version, "doneOn": on, "outcome": outcome });
    let version = desk.ask(&format!("{{ visitFollowUp(id: \"{follow_up}\") {{ rowVersion }} }}")).await;
    let version = i32::try_from(version["visitFollowUp"]["rowVersion"].as_i64().unwrap()).unwrap();
    for (input, code, field) in [
        (done(version, "2026-11-23", "x"), "DATE_INVALID", "input.doneOn"),
        (done(version, "2025-12-31", "x"), "DATE_INVALID", "input.doneOn"),
        (done(version, "2026-11-22", " "), "FIELD_REQUIRED", "input.outcome"),
        (done(version + 1, "2026-11-22", "x"), "VERSION_CONFLICT", ""),
    ] {
        desk.refuses("visitFollowUpComplete", input, code, field).await;
    }
    desk.world.stop().await;
}

async fn assistance(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let input = json!({
        "visit": visit(), "kind": "CASH", "item": "Journey home", "givenOn": "2026-11-22",
        "value": { "amount": 45_000.5, "currency": "MMK" }
    });
    let selection = "assistance { id kind item givenOn value { amount currency } note visit { id } }";
    let made = desk.done("directAssistanceGive", "VISIT_WORK", "DirectAssistance", input, selection).await;
    assert_eq!(made["assistance"]["value"], json!({ "amount": 45_000.5, "currency": "MMK" }));
    let below = format!("{{ visit(id: \"{}\") {{ assistance {{ nodes {{ id }} }} }} }}", visit());
    let below = desk.ask(&below).await;
    let all = below["visit"]["assistance"]["nodes"].as_array().unwrap();
    assert!(all.contains(&json!({ "id": made["assistance"]["id"] })), "{all:?}");
    let food = json!({ "visit": visit(), "kind": "FOOD", "item": "ဆန်" });
    let made = desk.done("directAssistanceGive", "VISIT_WORK", "DirectAssistance", food, selection).await;
    let told = (&made["assistance"]["value"], &made["assistance"]["givenOn"]);
    assert_eq!(told, (&Value::Null, &json!("2026-11-22")));
    desk.world.stop().await;
}

async fn assistance_is_refused(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    for (more, code, field) in [
        (json!({ "kind": "CASH" }), "FIELD_REQUIRED", "input.value"),
        (json!({ "value": { "amount": 5 } }), "FIELD_REQUIRED", "input.value.currency"),
        (json!({ "value": { "amount": 0.001, "currency": "MMK" } }), "BAD_USER_INPUT", "input.value.amount"),
        (json!({ "item": " " }), "FIELD_REQUIRED", "input.item"),
        (json!({ "item": "x".repeat(201) }), "TOO_LONG", "input.item"),
        (json!({ "givenOn": "2026-11-23" }), "DATE_INVALID", "input.givenOn"),
        (json!({ "givenOn": "2025-12-31" }), "DATE_INVALID", "input.givenOn"),
        (json!({ "visit": desk.fresh("visit") }), "NOT_FOUND", "input.visit"),
    ] {
        let mut input = json!({ "visit": visit(), "kind": "FOOD", "item": "Rice" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        desk.refuses("directAssistanceGive", input, code, field).await;
    }
    desk.world.stop().await;
}

async fn who_may_not(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::Supervisor).await;
    let roles = [RoleCode::Caseworker, RoleCode::Integration, RoleCode::OrgDataOfficer, RoleCode::Auditor];
    let plan = json!({ "visit": visit(), "neededBy": "2026-11-22" });
    desk.denied("visitFollowUpPlan", "VISIT_WORK", &plan, &roles).await;
    let give = json!({ "visit": visit(), "kind": "FOOD", "item": "Rice" });
    desk.denied("directAssistanceGive", "VISIT_WORK", &give, &roles).await;
    desk.world.stop().await;
}
