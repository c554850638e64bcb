//! Visits: recorded once, however often they are sent.

use entity::user::RoleCode;
use harness::{Backend, both};
use serde_json::{Value, json};

use super::{Desk, seeded};

both! {
    is_recorded, sent_again_is_answered_again, answered_in_the_order_of_the_document, a_key_is_for_one_request, an_id_of_the_device, sent_twice_at_once,
    a_refused_key_may_be_mended, who_may_not, who_writes_without_reading
}

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better")]
fn visit(more: Value) -> Value {
    let mut input = json!({
        "centre": seeded("centre", "resource_centre", 0),
        "visitedOn": "2026-11-20",
        "channel": "WALK_IN",
        "visitorKind": "ASPIRANT"
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

async fn is_recorded(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let before = desk.count("visit").await;
    let more = json!({
        "ticket": "MYT-၁၂၃", "project": seeded("project", "project", 0), "channel": "PHONE", "callKind": "COUNSELLING",
        "sex": "FEMALE", "ageYears": 0, "topics": ["HEALTH", "COSTS_AND_FEES", "HEALTH"], "services": [],
        "homeTownship": "MMR015009", "destination": "TH", "documentsGiven": ["လက်ကမ်းစာစောင်"], "minutes": 1440,
        "satisfaction": 5, "needsFollowUp": true, "note": "a \"b\" \\ \n", "recordedOnDeviceAt": "2026-11-20T10:00:00.123456+06:30"
    });
    let selection = "visit { id ticket channel ageYears topics services documentsGiven minutes note rowVersion \
                     recordedOnDeviceAt centre { code township { pcode } visits(first: 3, orderBy: [{ field: CREATED_AT, \
                     direction: DESC }]) { totalCount nodes { ticket } pageInfo { hasNextPage } } } counsellor { subject } homeTownship { pcode } createdBy { subject } createdAt }";
    let made = desk.done("visitRecord", "VISIT_RECORD", "Visit", visit(more), selection).await;
    let made = &made["visit"];
    for (field, value) in [
        ("ticket", json!("MYT-၁၂၃")),
        ("ageYears", json!(0)),
        ("topics", json!(["COSTS_AND_FEES", "HEALTH"])),
        ("services", json!([])),
        ("documentsGiven", json!(["လက်ကမ်းစာစောင်"])),
        ("minutes", json!(1440)),
        ("note", json!("a \"b\" \\ \n")),
        ("rowVersion", json!(1)),
        ("recordedOnDeviceAt", json!("2026-11-20T03:30:00.123Z")),
        ("counsellor", json!({ "subject": "mrc_counsellor" })),
        ("createdBy", json!({ "subject": "mrc_counsellor" })),
        ("homeTownship", json!({ "pcode": "MMR015009" })),
        ("createdAt", json!("2026-11-22T03:00:00.000Z")),
    ] {
        assert_eq!(made[field], value, "{field}");
    }
    let below = &made["centre"]["visits"];
    assert_eq!(below["nodes"][0]["ticket"], "MYT-၁၂၃", "{below}");
    assert!(below["totalCount"].as_u64().unwrap() > 3 && below["pageInfo"]["hasNextPage"] == true);
    assert_eq!(desk.count("visit").await, before + 1);
    let least = desk
        .done("visitRecord", "VISIT_RECORD", "Visit", visit(json!({})), "visit { id ticket isFirst sex disability }")
        .await;
    assert_eq!(least["visit"]["isFirst"], true);
    assert_eq!((&least["visit"]["sex"], &least["visit"]["disability"]), (&json!("NOT_ASKED"), &json!("NOT_ASKED")));
    assert!(least["visit"]["ticket"].as_str().unwrap().starts_with("T-"));
    let read = desk.ask(&format!("{{ visit(id: {}) {{ ticket }} }}", least["visit"]["id"])).await;
    assert_eq!(read["visit"]["ticket"], least["visit"]["ticket"]);
    desk.world.stop().await;
}

async fn sent_again_is_answered_again(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let input = visit(json!({ "idempotencyKey": "phone 1: 17", "note": "က" }));
    let selection = "visit { id ticket note }";
    let first = desk.done("visitRecord", "VISIT_RECORD", "Visit", input.clone(), selection).await;
    let before = desk.records().await;
    for days in [0, 1, 29] {
        desk.world.advance(chrono::Duration::days(days));
        desk.sits(RoleCode::MrcCounsellor);
        let again = desk.send("visitRecord", &input, selection).await;
        assert_eq!(again.at("/data/result"), &first);
        assert!(desk.records().await == before, "nothing was added");
    }
    // After thirty days the key is forgotten.
    desk.world.advance(chrono::Duration::days(1));
    desk.sits(RoleCode::MrcCounsellor);
    let anew = desk.done("visitRecord", "VISIT_RECORD", "Visit", input.clone(), selection).await;
    assert_ne!(anew["visit"]["id"], first["visit"]["id"]);
    // A key is its user's own.
    desk.sits(RoleCode::Supervisor);
    let other = desk.done("visitRecord", "VISIT_RECORD", "Visit", input, selection).await;
    assert_ne!(other["visit"]["id"], first["visit"]["id"]);
    desk.world.stop().await;
}

/// However the record was read: by the act itself, for an act sent again, below other fields of the engine's.
async fn answered_in_the_order_of_the_document(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let input = visit(json!({ "idempotencyKey": "order" }));
    let fields = ["ticket", "rowVersion", "id", "visitedOn", "channel"];
    let shown = |body: &str| -> Vec<usize> {
        fields.iter().map(|field| body.find(&format!("\"{field}\":")).unwrap_or_else(|| panic!("{body}"))).collect()
    };
    let selection = format!("visit {{ {} }}", fields.join(" "));
    let first = desk.send("visitRecord", &input, &selection).await;
    assert!(shown(&first.body).is_sorted(), "{}", first.body);
    assert_eq!(desk.send("visitRecord", &input, &selection).await.body, first.body);
    // Read on its own, as what lies below it is.
    let deep = format!("visit {{ {} centre {{ code id }} }}", fields.join(" "));
    let below = desk.send("visitRecord", &visit(json!({})), &deep).await;
    assert!(shown(&below.body).is_sorted(), "{}", below.body);
    let mixed =
        format!("{{ __type(name: \"Visit\") {{ name }} visits(first: 1) {{ nodes {{ {} }} }} }}", fields.join(" "));
    let mixed = desk.world.ask(&desk.token, &mixed, json!({})).await;
    assert!(shown(&mixed.body).is_sorted(), "{}", mixed.body);
    desk.world.stop().await;
}

async fn a_key_is_for_one_request(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let key = json!({ "idempotencyKey": "k" });
    desk.done("visitRecord", "VISIT_RECORD", "Visit", visit(key.clone()), "visit { id }").await;
    for more in
        [json!({ "note": "" }), json!({ "minutes": 0 }), json!({ "visitedOn": "2026-11-19" }), json!({ "topics": [] })]
    {
        let mut more = more;
        more["idempotencyKey"] = json!("k");
        desk.refuses("visitRecord", visit(more), "IDEMPOTENCY_KEY_REUSED", "input.idempotencyKey").await;
    }
    desk.refuses("visitRecord", visit(json!({ "idempotencyKey": "" })), "TOO_LONG", "input.idempotencyKey").await;
    let long = json!({ "idempotencyKey": "k".repeat(201) });
    desk.refuses("visitRecord", visit(long), "TOO_LONG", "input.idempotencyKey").await;
    desk.world.stop().await;
}

async fn an_id_of_the_device(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let id = desk.fresh("visit");
    let input = visit(json!({ "id": id }));
    let made = desk.done("visitRecord", "VISIT_RECORD", "Visit", input.clone(), "visit { id }").await;
    assert_eq!(made["visit"]["id"], id.as_str());
    let refused = desk.refused("visitRecord", input).await;
    assert_eq!(refused[0].0, "DUPLICATE", "sent again without a key");
    let old = uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 1_700_000_000, 0));
    for wrong in [
        seeded("visit", "visit", 0),
        lanpya::plan::GlobalId::text("visit", old),
        lanpya::plan::GlobalId::text("visit", uuid::Uuid::nil()),
    ] {
        desk.refuses("visitRecord", visit(json!({ "id": wrong })), "BAD_USER_INPUT", "input.id").await;
    }
    for wrong in [desk.fresh("case"), "x".to_owned(), String::new()] {
        assert_eq!(desk.refused("visitRecord", visit(json!({ "id": wrong }))).await[0].1, "input.id", "{wrong}");
    }
    desk.world.stop().await;
}

async fn sent_twice_at_once(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    for round in 0..8 {
        let before = desk.count("visit").await;
        let input = visit(json!({ "idempotencyKey": format!("round {round}") }));
        let send = || desk.send("visitRecord", &input, "visit { id }");
        let (one, two, three) = tokio::join!(send(), send(), send());
        assert!(one.at("/data/result/visit/id").is_string(), "{}", one.body);
        assert_eq!(one.json, two.json);
        assert_eq!(one.json, three.json);
        assert_eq!(desk.count("visit").await, before + 1, "one row");
        let id = desk.fresh("visit");
        let input = visit(json!({ "id": id }));
        let send = || desk.send("visitRecord", &input, "visit { id }");
        let (one, two) = tokio::join!(send(), send());
        let codes = [&one, &two].map(|answer| answer.at("/data/result/userErrors/0/code").as_str().map(str::to_owned));
        assert!(codes.contains(&None) && codes.contains(&Some("DUPLICATE".to_owned())), "{} {}", one.body, two.body);
        assert_eq!(desk.count("visit").await, before + 2, "one row");
    }
    desk.world.stop().await;
}

/// What was refused has not used its key up.
async fn a_refused_key_may_be_mended(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let wrong = visit(json!({ "idempotencyKey": "k", "minutes": -1, "satisfaction": 6, "ageYears": 121 }));
    let fields: Vec<String> = desk.refused("visitRecord", wrong).await.into_iter().map(|(_, field)| field).collect();
    assert_eq!(fields, ["input.minutes", "input.satisfaction", "input.ageYears"], "everything wrong at once");
    let right = visit(json!({ "idempotencyKey": "k", "minutes": 1 }));
    desk.done("visitRecord", "VISIT_RECORD", "Visit", right, "visit { id }").await;
    desk.world.stop().await;
}

async fn who_may_not(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::Supervisor).await;
    let roles =
        [RoleCode::Caseworker, RoleCode::OrgAdmin, RoleCode::Auditor, RoleCode::SurvivorSelf, RoleCode::OrgDataOfficer];
    desk.denied("visitRecord", "VISIT_RECORD", &visit(json!({})), &roles).await;
    desk.world.stop().await;
}

/// A machine that only delivers: it writes, and reads nothing of it back.
async fn who_writes_without_reading(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Integration).await;
    let before = desk.count("visit").await;
    let input = visit(json!({ "idempotencyKey": "k" }));
    let selection = "visit { id ticket centre { code } }";
    let made = desk.done("visitRecord", "VISIT_RECORD", "Visit", input.clone(), selection).await;
    assert_eq!(made["visit"], Value::Null);
    let again = desk.send("visitRecord", &input, selection).await;
    assert_eq!(again.at("/data/result"), &json!({ "visit": null, "userErrors": [] }), "{}", again.body);
    let redacted = json!([{ "path": "result.visit", "reason": "ROLE" }]);
    assert_eq!(again.at("/extensions/redactions"), &redacted, "{}", again.body);
    assert_eq!(desk.count("visit").await, before + 1);
    desk.world.stop().await;
}
