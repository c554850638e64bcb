//! Complaints: filed with those who complain, taken through their states; signs of forced labour ask for a talk.

use entity::user::RoleCode;
use harness::{Backend, both};
use serde_json::{Value, json};

use super::{Desk, seeded};

both! {
    is_filed, is_filed_once, goes_its_way, is_taken_back, what_is_refused, signs_ask_for_a_talk, a_visit_with_signs,
    a_visit_before_the_opening, who_may_not_file
}

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better")]
fn complaint(more: Value) -> Value {
    let mut input = json!({
        "centre": seeded("centre", "resource_centre", 0), "stage": "IN_EMPLOYMENT", "against": "EMPLOYER",
        "kinds": ["DISMISSAL"], "filedOn": "2026-11-20", "complainants": [{ "ticket": "T-၁" }]
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

impl Desk {
    async fn files(&self, more: Value, selection: &str) -> Value {
        self.done("complaintFile", "COMPLAINT_WRITE", "Complaint", complaint(more), selection).await["complaint"]
            .clone()
    }

    async fn moves(&self, step: &str, complaint: &Value, more: Value) -> Value {
        let mut input = json!({ "complaint": complaint["id"], "expectedVersion": complaint["rowVersion"] });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let selection = "complaint { id rowVersion status filedWith resolvedOn daysToResolve retaliationRisk \
                         withdrawalReason awarded { amount currency } recovered { amount currency } }";
        self.done(step, "COMPLAINT_WRITE", "Complaint", input, selection).await["complaint"].clone()
    }
}

async fn is_filed(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let person = seeded("person", "person", 0);
    let more = json!({
        "reference": "KC-7", "visit": seeded("visit", "visit", 0), "respondent": "အေဂျင်စီ \"x\"", "filedOn": "2026-11-19",
        "kinds": ["UNPAID_OR_UNDERPAID_WAGES", "DISMISSAL"], "remedySought": "Wages of three months",
        "claimed": { "amount": 1_350_000.5, "currency": "MMK" },
        "complainants": [{ "person": person }, { "ticket": "T-1" }, { "ticket": "T-2" }]
    });
    let selection = "complaint { id reference status stage against respondent filedOn daysToResolve kinds remedySought \
                     claimed { amount currency } awarded { amount } retaliationRisk handler { subject } visit { id } \
                     centre { code } complainants(orderBy: [{ field: CREATED_AT }]) { totalCount nodes { ticket person { id } } } \
                     screeningRequests { totalCount } rowVersion }";
    let made = desk.done("complaintFile", "COMPLAINT_WRITE", "Complaint", complaint(more), selection).await;
    let made = &made["complaint"];
    for (field, value) in [
        ("reference", json!("KC-7")),
        ("status", json!("RECEIVED")),
        ("respondent", json!("အေဂျင်စီ \"x\"")),
        ("filedOn", json!("2026-11-19")),
        ("daysToResolve", Value::Null),
        ("kinds", json!(["DISMISSAL", "UNPAID_OR_UNDERPAID_WAGES"])),
        ("claimed", json!({ "amount": 1_350_000.5, "currency": "MMK" })),
        ("awarded", Value::Null),
        ("retaliationRisk", json!("NOT_ASKED")),
        ("handler", json!({ "subject": "mrc_counsellor" })),
        ("visit", json!({ "id": seeded("visit", "visit", 0) })),
        ("screeningRequests", json!({ "totalCount": 0 })),
        ("rowVersion", json!(1)),
    ] {
        assert_eq!(made[field], value, "{field}");
    }
    assert_eq!(made["complainants"]["totalCount"], 3);
    let who = made["complainants"]["nodes"].as_array().unwrap();
    assert!(who.contains(&json!({ "ticket": null, "person": { "id": person } })), "{who:?}");
    let found = desk.ask("{ complaint(reference: \"KC-7\") { id } }").await;
    assert_eq!(found["complaint"]["id"], made["id"]);
    desk.world.stop().await;
}

async fn is_filed_once(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let input = complaint(json!({ "idempotencyKey": "k", "id": desk.fresh("complaint") }));
    let first = desk.done("complaintFile", "COMPLAINT_WRITE", "Complaint", input.clone(), "complaint { id }").await;
    let before = desk.records().await;
    assert_eq!(desk.send("complaintFile", &input, "complaint { id }").await.at("/data/result"), &first);
    assert!(desk.records().await == before, "nothing was added");
    desk.files(json!({ "reference": "KC-7" }), "complaint { id }").await;
    desk.refuses("complaintFile", complaint(json!({ "reference": "KC-7" })), "DUPLICATE", "input.reference").await;
    desk.world.stop().await;
}

async fn goes_its_way(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let filed = desk.files(json!({}), "complaint { id rowVersion }").await;
    let screened = desk.moves("complaintScreen", &filed, json!({ "signs": [] })).await;
    assert_eq!((&screened["status"], &screened["rowVersion"]), (&json!("SCREENING"), &json!(2)));
    let pursue = json!({ "way": "COURT", "filedWith": "Labour court", "retaliationRisk": "YES" });
    let pursued = desk.moves("complaintPursue", &screened, pursue.clone()).await;
    assert_eq!(
        (&pursued["status"], &pursued["filedWith"], &pursued["retaliationRisk"]),
        (&json!("COURT"), &json!("Labour court"), &json!("YES"))
    );
    // An old version and a step that does not follow.
    let mut late = pursue;
    late["complaint"] = filed["id"].clone();
    late["expectedVersion"] = json!(2);
    assert_eq!(desk.refused("complaintPursue", late).await[0].0, "WRONG_STATE");
    let resolve = json!({
        "complaint": filed["id"], "expectedVersion": 2, "result": "AWARDED", "awarded": { "amount": 10, "currency": "MMK" }
    });
    assert_eq!(desk.refused("complaintResolve", resolve).await[0].0, "VERSION_CONFLICT");
    let more = json!({
        "result": "AWARDED", "resolvedOn": "2026-11-22", "awarded": { "amount": 900_000, "currency": "MMK" },
        "recovered": { "amount": 1500.25, "currency": "THB" }
    });
    let resolved = desk.moves("complaintResolve", &pursued, more).await;
    assert_eq!((&resolved["status"], &resolved["daysToResolve"]), (&json!("AWARDED"), &json!(2)));
    assert_eq!(resolved["awarded"], json!({ "amount": 900_000.0, "currency": "MMK" }));
    assert_eq!(resolved["recovered"], json!({ "amount": 1500.25, "currency": "THB" }));
    let again = json!({ "complaint": filed["id"], "expectedVersion": 4, "reason": "x" });
    assert_eq!(desk.refused("complaintWithdraw", again).await[0].0, "WRONG_STATE");
    desk.world.stop().await;
}

async fn is_taken_back(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let filed = desk.files(json!({}), "complaint { id rowVersion }").await;
    let wrong = json!({ "complaint": filed["id"], "expectedVersion": 1, "reason": " " });
    desk.refuses("complaintWithdraw", wrong, "REASON_REQUIRED", "input.reason").await;
    let back = desk.moves("complaintWithdraw", &filed, json!({ "reason": "ကြောက်လို့" })).await;
    let told = (&back["status"], &back["withdrawalReason"], &back["resolvedOn"]);
    assert_eq!(told, (&json!("WITHDRAWN"), &json!("ကြောက်လို့"), &json!("2026-11-22")));
    desk.world.stop().await;
}

async fn what_is_refused(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    for (more, code, field) in [
        (json!({ "complainants": [] }), "FIELD_REQUIRED", "input.complainants"),
        (json!({ "complainants": [{}] }), "FIELD_REQUIRED", "input.complainants.ticket"),
        (json!({ "complainants": [{ "ticket": "" }] }), "FIELD_REQUIRED", "input.complainants.ticket"),
        (json!({ "complainants": vec![json!({ "ticket": "T" }); 201] }), "TOO_LONG", "input.complainants"),
        (json!({ "kinds": [] }), "FIELD_REQUIRED", "input.kinds"),
        (json!({ "claimed": { "amount": 5 } }), "FIELD_REQUIRED", "input.claimed.currency"),
        (json!({ "claimed": { "currency": "MMK" } }), "FIELD_REQUIRED", "input.claimed.amount"),
        (json!({ "claimed": { "amount": -5, "currency": "MMK" } }), "BAD_USER_INPUT", "input.claimed.amount"),
        (json!({ "claimed": { "amount": 5, "currency": "kyat" } }), "CODE_UNKNOWN", "input.claimed.currency"),
        (json!({ "filedOn": "2026-11-23" }), "DATE_INVALID", "input.filedOn"),
        (json!({ "respondent": "x".repeat(201) }), "TOO_LONG", "input.respondent"),
        (json!({ "reference": "x".repeat(65) }), "TOO_LONG", "input.reference"),
        (json!({ "visit": desk.fresh("visit") }), "NOT_FOUND", "input.visit"),
    ] {
        desk.refuses("complaintFile", complaint(more), code, field).await;
    }
    desk.world.stop().await;
}

async fn signs_ask_for_a_talk(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let requests = "screeningRequests { nodes { id signs isDone screening { id } } }";
    let person = json!([{ "person": seeded("person", "person", 0) }]);
    let more = json!({ "kinds": ["DEBT_BONDAGE", "CONFINEMENT", "DISMISSAL"], "complainants": person });
    let filed = desk.files(more, &format!("complaint {{ id rowVersion {requests} }}")).await;
    let asked = &filed["screeningRequests"]["nodes"][0];
    assert_eq!(asked["signs"], json!(["DEBT_BONDAGE", "RESTRICTION_OF_MOVEMENT"]));
    assert_eq!((&asked["isDone"], &asked["screening"]), (&json!(false), &Value::Null));
    let screened = desk.moves("complaintScreen", &filed, json!({ "signs": ["DECEPTION"] })).await;
    let read = |id: &Value| format!("{{ complaint(id: {id}) {{ {requests} }} }}");
    let still = desk.ask(&read(&screened["id"])).await;
    assert_eq!(still["complaint"]["screeningRequests"]["nodes"].as_array().unwrap().len(), 1, "asked for once");
    let screening = json!({
        "request": asked["id"], "person": seeded("person", "person", 0), "screenedOn": "2026-11-21",
        "safetyChecks": ["PRIVATE_PLACE"], "isChild": "NO", "acts": [], "means": [], "purposes": []
    });
    let selection = "screening { id }";
    let done =
        desk.done("screeningRecord", "SCREENING_RECORD", "TraffickingScreening", screening.clone(), selection).await;
    let after = desk.ask(&read(&screened["id"])).await;
    let asked = &after["complaint"]["screeningRequests"]["nodes"][0];
    assert_eq!((&asked["isDone"], &asked["screening"]), (&json!(true), &done["screening"]));
    desk.refuses("screeningRecord", screening, "WRONG_STATE", "input.request").await;
    // A complaint without such kinds is asked for once signs are found.
    let filed = desk.files(json!({}), "complaint { id rowVersion }").await;
    let screened = desk.moves("complaintScreen", &filed, json!({ "signs": ["DECEPTION", "ISOLATION"] })).await;
    let after = desk.ask(&read(&screened["id"])).await;
    assert_eq!(after["complaint"]["screeningRequests"]["nodes"][0]["signs"], json!(["DECEPTION", "ISOLATION"]));
    desk.world.stop().await;
}

async fn a_visit_with_signs(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let input = json!({
        "centre": seeded("centre", "resource_centre", 0), "visitedOn": "2026-11-20", "channel": "WALK_IN",
        "visitorKind": "RETURNEE", "person": seeded("person", "person", 0),
        "signs": ["WITHHOLDING_OF_WAGES", "ISOLATION", "ISOLATION"]
    });
    let selection =
        "visit { id signs person { id } screeningRequests { nodes { signs isDone complaint { id } visit { id } } } }";
    let made = desk.done("visitRecord", "VISIT_RECORD", "Visit", input, selection).await;
    let visit = &made["visit"];
    let signs = json!(["ISOLATION", "WITHHOLDING_OF_WAGES"]);
    assert_eq!((&visit["signs"], &visit["person"]["id"]), (&signs, &json!(seeded("person", "person", 0))));
    let asked = json!([{ "signs": signs, "isDone": false, "complaint": null, "visit": { "id": visit["id"] } }]);
    assert_eq!(visit["screeningRequests"]["nodes"], asked);
    let open =
        desk.ask("{ screeningRequests(where: { screening: { isNull: true } }) { nodes { visit { id } } } }").await;
    assert!(
        open["screeningRequests"]["nodes"].as_array().unwrap().contains(&json!({ "visit": { "id": visit["id"] } }))
    );
    desk.world.stop().await;
}

/// The seeded centre 2 opened on the eleventh of January.
async fn a_visit_before_the_opening(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let centre = seeded("centre", "resource_centre", 2);
    let visit = |day: &str| json!({ "centre": centre, "visitedOn": day, "channel": "WALK_IN", "visitorKind": "OTHER" });
    desk.refuses("visitRecord", visit("2026-01-10"), "DATE_INVALID", "input.visitedOn").await;
    desk.done("visitRecord", "VISIT_RECORD", "Visit", visit("2026-01-11"), "visit { id }").await;
    let early = complaint(json!({ "centre": centre, "filedOn": "2026-01-10" }));
    desk.refuses("complaintFile", early, "DATE_INVALID", "input.filedOn").await;
    desk.world.stop().await;
}

async fn who_may_not_file(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::Supervisor).await;
    let roles = [RoleCode::Caseworker, RoleCode::Integration, RoleCode::OrgDataOfficer, RoleCode::Auditor];
    desk.denied("complaintFile", "COMPLAINT_WRITE", &complaint(json!({})), &roles).await;
    desk.world.stop().await;
}
