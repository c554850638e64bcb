//! Cases: from the first report to the end, and again.

use entity::user::RoleCode;
use harness::{Backend, both};
use serde_json::{Value, json};

use super::{Desk, seeded};

both! {
    from_beginning_to_end, what_a_case_needs, a_service_opens_a_closed_case, notes, duplicates,
    two_edits_of_one_version, a_key_is_for_one_step, who_may_not, who_opens_without_reading
}

const CASE: &str = "case { id workflow status rowVersion }";

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better")]
fn opening(more: Value) -> Value {
    let mut input = json!({
        "module": "CHILD_PROTECTION", "child": seeded("child", "child", 0), "identifiedThrough": "HOTLINE",
        "registeredOn": "2026-11-16"
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

/// A case on its way: what the next step needs.
struct Walk {
    desk: Desk,
    id: Value,
    version: Value,
}

impl Walk {
    async fn new(backend: Backend) -> Self {
        let desk = Desk::new(backend, RoleCode::Supervisor).await;
        let made = desk.done("caseOpen", "CASE_OPEN", "Case", opening(json!({ "riskLevel": "HIGH" })), CASE).await;
        assert_eq!((&made["case"]["workflow"], &made["case"]["status"]), (&json!("REGISTERED"), &json!("OPEN")));
        Self { desk, id: made["case"]["id"].clone(), version: made["case"]["rowVersion"].clone() }
    }

    fn input(&self, more: &Value) -> Value {
        let mut input = json!({ "case": self.id, "expectedVersion": self.version });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    }

    /// A step that happens.
    async fn step(&mut self, name: &str, more: Value, workflow: &str, status: &str) {
        let made = self.desk.done(name, "CASE_ADVANCE", "Case", self.input(&more), CASE).await;
        let case = &made["case"];
        assert_eq!((&case["workflow"], &case["status"]), (&json!(workflow), &json!(status)), "{name}");
        assert_eq!(case["rowVersion"].as_i64().unwrap(), self.version.as_i64().unwrap() + 1);
        self.version = case["rowVersion"].clone();
    }

    /// A step that is refused.
    async fn not(&self, name: &str, more: Value, code: &str, field: &str) {
        self.desk.refuses(name, self.input(&more), code, field).await;
    }

    async fn service(&self, more: Value) -> Value {
        let mut input = json!({ "case": self.id, "responseKind": "CARE_PLAN", "serviceType": "LEGAL_ASSISTANCE" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let selection = "service { id rowVersion implementation case { rowVersion workflow status } }";
        self.desk.done("caseServiceAdd", "CASE_WRITE", "CaseService", input, selection).await["service"].clone()
    }

    async fn give(&self, service: &Value) {
        let input = json!({ "service": service["id"], "expectedVersion": service["rowVersion"], "note": "done" });
        let selection = "service { id implementation implementedOn providerNote }";
        let made = self.desk.done("caseServiceImplement", "CASE_WRITE", "CaseService", input, selection).await;
        assert_eq!(made["service"]["implementation"], "IMPLEMENTED");
        assert_eq!(made["service"]["implementedOn"], "2026-11-22");
        assert_eq!(made["service"]["providerNote"], "done");
    }

    /// On to where services are given.
    async fn until_services(&mut self) -> Value {
        self.step("caseAssess", json!({ "legalBasis": "CONSENT" }), "ASSESSED", "OPEN").await;
        self.step("casePlan", json!({ "goals": ["ကျောင်းပြန်တက်ရန်"] }), "PLANNED", "OPEN").await;
        let service = self.service(json!({})).await;
        self.step("caseStartServices", json!({}), "IN_SERVICE", "OPEN").await;
        service
    }
}

async fn from_beginning_to_end(backend: Backend) {
    let mut walk = Walk::new(backend).await;
    for step in ["casePlan", "caseStartServices", "caseFollowUp", "caseClose", "caseReopen"] {
        let more = match step {
            "casePlan" => json!({ "goals": ["x"] }),
            "caseClose" => json!({ "reason": "GOALS_MET" }),
            "caseReopen" => json!({ "reason": "x" }),
            _ => json!({}),
        };
        walk.not(step, more, "WRONG_STATE", "").await;
    }
    walk.not("caseAssess", json!({}), "FIELD_REQUIRED", "input.legalBasis").await;
    let stale = json!({ "legalBasis": "CONSENT", "expectedVersion": 99 });
    walk.not("caseAssess", stale, "VERSION_CONFLICT", "input.expectedVersion").await;
    for on in ["2026-11-15", "2026-11-23"] {
        walk.not("caseAssess", json!({ "legalBasis": "CONSENT", "on": on }), "DATE_INVALID", "input.on").await;
    }
    walk.step("caseAssess", json!({ "legalBasis": "CONSENT", "on": "2026-11-18" }), "ASSESSED", "OPEN").await;
    walk.not("caseAssess", json!({ "legalBasis": "CONSENT" }), "WRONG_STATE", "").await;
    let id = &walk.id;
    let read = walk
        .desk
        .ask(&format!("{{ case(id: {id}) {{ assessedOn planDueOn legalBasis assessmentDueOn isOverdue }} }}"))
        .await;
    let expected = json!({
        "assessedOn": "2026-11-18", "planDueOn": "2026-12-02", "legalBasis": "CONSENT", "assessmentDueOn": "2026-11-18",
        "isOverdue": false
    });
    assert_eq!(read["case"], expected);
    walk.not("casePlan", json!({ "goals": [] }), "FIELD_REQUIRED", "input.goals").await;
    walk.not("casePlan", json!({ "goals": ["x"], "on": "2026-11-17" }), "DATE_INVALID", "input.on").await;
    walk.step("casePlan", json!({ "goals": ["ကျောင်း", "x"], "on": "2026-11-19" }), "PLANNED", "OPEN").await;
    walk.not("caseStartServices", json!({}), "FIELD_REQUIRED", "input.services").await;
    let service = walk.service(json!({ "requestedOn": "2026-11-20", "agency": "Clinic", "place": "TH85" })).await;
    walk.step("caseStartServices", json!({}), "IN_SERVICE", "OPEN").await;
    walk.not("caseFollowUp", json!({}), "OPEN_SERVICES", "").await;
    walk.not("caseClose", json!({ "reason": "GOALS_MET" }), "OPEN_SERVICES", "").await;
    let early = json!({ "service": service["id"], "expectedVersion": 1, "implementedOn": "2026-11-19" });
    walk.desk.refuses("caseServiceImplement", early, "DATE_INVALID", "input.implementedOn").await;
    let stale = json!({ "service": service["id"], "expectedVersion": 9 });
    assert_eq!(walk.desk.refused("caseServiceImplement", stale).await[0].0, "VERSION_CONFLICT");
    walk.give(&service).await;
    let again = json!({ "service": service["id"], "expectedVersion": 2 });
    walk.desk.refuses("caseServiceImplement", again, "WRONG_STATE", "input.service").await;
    walk.step("caseFollowUp", json!({}), "FOLLOW_UP", "OPEN").await;
    let visit = json!({ "case": walk.id, "kind": "IN_CARE", "neededBy": "2026-11-22", "doneOn": "2026-11-22", "childSeen": "YES" });
    let visit = walk
        .desk
        .done("caseFollowUpAdd", "CASE_WRITE", "FollowUp", visit, "followUp { id doneOn childSeen case { id } }")
        .await;
    assert_eq!(visit["followUp"]["case"]["id"], walk.id);
    walk.not("caseClose", json!({ "reason": "GOALS_MET", "on": "2026-11-18" }), "DATE_INVALID", "input.on").await;
    walk.step("caseClose", json!({ "reason": "GOALS_MET", "note": "ပြီး" }), "CLOSED", "CLOSED").await;
    walk.not("caseClose", json!({ "reason": "GOALS_MET" }), "WRONG_STATE", "").await;
    let id = &walk.id;
    let read = walk.desk.ask(&format!("{{ case(id: {id}) {{ closedOn closureReason closureNote goals }} }}")).await;
    let expected = json!({
        "closedOn": "2026-11-22", "closureReason": "GOALS_MET", "closureNote": "ပြီး", "goals": ["ကျောင်း", "x"]
    });
    assert_eq!(read["case"], expected);
    walk.not("caseReopen", json!({ "reason": " " }), "REASON_REQUIRED", "input.reason").await;
    walk.step("caseReopen", json!({ "reason": "ပြန်လာ" }), "FOLLOW_UP", "OPEN").await;
    let id = &walk.id;
    let read =
        walk.desk.ask(&format!("{{ case(id: {id}) {{ closedOn closureReason reopenedOn reopenReason }} }}")).await;
    let expected =
        json!({ "closedOn": null, "closureReason": null, "reopenedOn": "2026-11-22", "reopenReason": "ပြန်လာ" });
    assert_eq!(read["case"], expected);
    walk.step("caseClose", json!({ "reason": "GOALS_MET" }), "CLOSED", "CLOSED").await;
    walk.desk.world.stop().await;
}

async fn what_a_case_needs(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let more = json!({
        "displayNumber": "KC-1", "township": "MMR015009", "project": seeded("project", "project", 0), "riskLevel": "MEDIUM",
        "concerns": [{ "kind": "NEGLECT", "details": "က" }, { "kind": "TRAFFICKED_SMUGGLED", "observedOn": "2026-11-20" }]
    });
    let selection = "case { id displayNumber registeredOn assessmentDueOn owner { subject } township { pcode } child { code } \
                     concerns(orderBy: [{ field: CREATED_AT }]) { totalCount nodes { kind details observedOn isOpen foundAt } } }";
    let made = desk.done("caseOpen", "CASE_OPEN", "Case", opening(more), selection).await;
    let made = &made["case"];
    assert_eq!(made["assessmentDueOn"], "2026-11-23", "seven days at medium risk");
    assert_eq!(made["owner"]["subject"], "supervisor");
    assert_eq!(made["concerns"]["totalCount"], 2);
    let concerns = made["concerns"]["nodes"].as_array().unwrap();
    let neglect = concerns.iter().find(|concern| concern["kind"] == "NEGLECT").unwrap();
    assert_eq!(
        neglect,
        &json!({ "kind": "NEGLECT", "details": "က", "observedOn": null, "isOpen": true, "foundAt": "REGISTRATION" })
    );
    for (more, code, field) in [
        (json!({ "displayNumber": "KC-1" }), "DUPLICATE", "input.displayNumber"),
        (json!({ "displayNumber": " " }), "FIELD_REQUIRED", "input.displayNumber"),
        (json!({ "child": null }), "FIELD_REQUIRED", "input.child"),
        (json!({ "child": seeded("child", "child", 99) }), "NOT_FOUND", "input.child"),
        (json!({ "child": seeded("visit", "visit", 0) }), "NOT_FOUND", "input.child"),
        (json!({ "survivor": seeded("survivor", "survivor", 99) }), "NOT_FOUND", "input.survivor"),
        (json!({ "project": seeded("project", "project", 99) }), "NOT_FOUND", "input.project"),
        (json!({ "township": "MMR999999" }), "PCODE_UNKNOWN", "input.township"),
        (json!({ "registeredOn": "2026-11-23" }), "DATE_INVALID", "input.registeredOn"),
        (json!({ "owner": seeded("user", "app_user", "auditor") }), "RECEIVER_NOT_ELIGIBLE", "input.owner"),
        (json!({ "owner": seeded("user", "app_user", "nobody") }), "NOT_FOUND", "input.owner"),
        (
            json!({ "concerns": [{ "kind": "NEGLECT", "observedOn": "2026-11-23" }] }),
            "DATE_INVALID",
            "input.concerns.observedOn",
        ),
    ] {
        desk.refuses("caseOpen", opening(more), code, field).await;
    }
    let given = json!({ "owner": seeded("user", "app_user", "caseworker") });
    let made =
        desk.done("caseOpen", "CASE_OPEN", "Case", opening(given), "case { owner { subject } displayNumber }").await;
    assert_eq!(made["case"]["owner"]["subject"], "caseworker");
    desk.world.stop().await;
}

async fn a_service_opens_a_closed_case(backend: Backend) {
    let mut walk = Walk::new(backend).await;
    let service = walk.until_services().await;
    walk.give(&service).await;
    let early = json!({ "case": walk.id, "responseKind": "CARE_PLAN", "serviceType": "LEGAL_ASSISTANCE", "requestedOn": "2026-11-15" });
    walk.desk.refuses("caseServiceAdd", early, "DATE_INVALID", "input.requestedOn").await;
    // An open follow-up keeps the case from being closed.
    walk.step("caseClose", json!({ "reason": "GOALS_MET" }), "CLOSED", "CLOSED").await;
    let added = walk.service(json!({})).await;
    assert_eq!(added["case"]["workflow"], "IN_SERVICE");
    assert_eq!(added["case"]["status"], "OPEN");
    let stale = json!({ "reason": "GOALS_MET" });
    walk.not("caseClose", stale, "VERSION_CONFLICT", "input.expectedVersion").await;
    walk.version = added["case"]["rowVersion"].clone();
    walk.not("caseClose", json!({ "reason": "GOALS_MET" }), "OPEN_SERVICES", "").await;
    walk.give(&added).await;
    let visit = json!({ "case": walk.id, "kind": "IN_CARE", "neededBy": "2026-12-01" });
    let planned = "followUp { id doneOn rowVersion }";
    let planned = walk.desk.done("caseFollowUpAdd", "CASE_WRITE", "FollowUp", visit, planned).await;
    walk.not("caseClose", json!({ "reason": "GOALS_MET" }), "OPEN_TASKS", "").await;
    let done = json!({
        "followUp": planned["followUp"]["id"], "expectedVersion": planned["followUp"]["rowVersion"],
        "doneOn": "2026-11-21", "childSeen": "YES", "actionTaken": "Home visit"
    });
    let mut ahead = done.clone();
    ahead["doneOn"] = json!("2026-11-23");
    walk.desk.refuses("caseFollowUpComplete", ahead, "DATE_INVALID", "input.doneOn").await;
    let selection = "followUp { doneOn childSeen actionTaken }";
    let made = walk.desk.done("caseFollowUpComplete", "CASE_WRITE", "FollowUp", done.clone(), selection).await;
    assert_eq!(made["followUp"], json!({ "doneOn": "2026-11-21", "childSeen": "YES", "actionTaken": "Home visit" }));
    walk.desk.refuses("caseFollowUpComplete", done, "WRONG_STATE", "input.followUp").await;
    walk.step("caseClose", json!({ "reason": "GOALS_MET" }), "CLOSED", "CLOSED").await;
    walk.desk.world.stop().await;
}

async fn notes(backend: Backend) {
    let mut walk = Walk::new(backend).await;
    walk.until_services().await;
    let text = "မှတ်တမ်း\r\n\t\"x\" 🙂";
    let input = json!({ "case": walk.id, "text": text, "idempotencyKey": "n" });
    let selection = "note { id text writtenAt author { subject } case { notes { totalCount } } }";
    let made = walk.desk.done("caseNoteAdd", "CASE_WRITE", "CaseNote", input.clone(), selection).await;
    assert_eq!(made["note"]["text"], text);
    assert_eq!(made["note"]["writtenAt"], "2026-11-22T03:00:00.000Z");
    assert_eq!(made["note"]["author"]["subject"], "supervisor");
    assert_eq!(made["note"]["case"]["notes"]["totalCount"], 1);
    let again = walk.desk.send("caseNoteAdd", &input, selection).await;
    assert_eq!(again.at("/data/result"), &made);
    walk.desk.refuses("caseNoteAdd", json!({ "case": walk.id, "text": " \n" }), "FIELD_REQUIRED", "input.text").await;
    let foreign = lanpya::plan::GlobalId::text("case", harness::BETA.row("case", 0));
    walk.desk.refuses("caseNoteAdd", json!({ "case": foreign, "text": "x" }), "NOT_FOUND", "input.case").await;
    walk.desk.world.stop().await;
}

async fn duplicates(backend: Backend) {
    let mut walk = Walk::new(backend).await;
    let id = walk.id.clone();
    walk.not("caseMarkDuplicate", json!({ "duplicateOf": id }), "BAD_USER_INPUT", "input.duplicateOf").await;
    let foreign = lanpya::plan::GlobalId::text("case", harness::BETA.row("case", 0));
    walk.not("caseMarkDuplicate", json!({ "duplicateOf": foreign }), "NOT_FOUND", "input.duplicateOf").await;
    walk.step("caseMarkDuplicate", json!({ "duplicateOf": seeded("case", "case", 1) }), "REGISTERED", "DUPLICATE")
        .await;
    walk.not("caseAssess", json!({ "legalBasis": "CONSENT" }), "WRONG_STATE", "").await;
    let service = json!({ "case": walk.id, "responseKind": "CARE_PLAN", "serviceType": "LEGAL_ASSISTANCE" });
    walk.desk.refuses("caseServiceAdd", service, "WRONG_STATE", "input.case").await;
    walk.desk.world.stop().await;
}

async fn two_edits_of_one_version(backend: Backend) {
    let mut walk = Walk::new(backend).await;
    let one = walk.input(&json!({ "legalBasis": "CONSENT", "riskLevel": "HIGH" }));
    let other = walk.input(&json!({ "legalBasis": "CONSENT", "riskLevel": "LOW" }));
    let code = |answer: &harness::Answer| answer.at("/data/result/userErrors/0/code").as_str().map(str::to_owned);
    let (left, right) =
        tokio::join!(walk.desk.send("caseAssess", &one, CASE), walk.desk.send("caseAssess", &other, CASE));
    let mut codes = [code(&left), code(&right)];
    codes.sort();
    assert_eq!(codes, [None, Some("VERSION_CONFLICT".to_owned())], "{} {}", left.body, right.body);
    walk.version = json!(2);
    walk.step("casePlan", json!({ "goals": ["x"] }), "PLANNED", "OPEN").await;
    for _ in 0..4 {
        let service = walk.service(json!({})).await;
        let input = json!({ "service": service["id"], "expectedVersion": service["rowVersion"] });
        let send = || walk.desk.send("caseServiceImplement", &input, "service { id }");
        let (left, right) = tokio::join!(send(), send());
        let codes = [code(&left), code(&right)];
        assert_eq!(codes.iter().filter(|code| code.is_none()).count(), 1, "{} {}", left.body, right.body);
    }
    walk.desk.world.stop().await;
}

/// The same key and the same input are another request where they ask for another act.
async fn a_key_is_for_one_step(backend: Backend) {
    let mut walk = Walk::new(backend).await;
    let service = walk.until_services().await;
    walk.give(&service).await;
    let input = walk.input(&json!({ "idempotencyKey": "k" }));
    walk.step("caseFollowUp", json!({ "idempotencyKey": "k" }), "FOLLOW_UP", "OPEN").await;
    let again = walk.desk.send("caseFollowUp", &input, CASE).await;
    assert_eq!(again.at("/data/result/userErrors"), &json!([]), "{}", again.body);
    walk.desk.refuses("caseStartServices", input, "IDEMPOTENCY_KEY_REUSED", "input.idempotencyKey").await;
    walk.desk.world.stop().await;
}

async fn who_may_not(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::Supervisor).await;
    let case = seeded("case", "case", 0);
    let readers = [RoleCode::OrgDataOfficer, RoleCode::Auditor, RoleCode::OrgAdmin, RoleCode::MrcCounsellor];
    desk.denied("caseOpen", "CASE_OPEN", &opening(json!({})), &readers).await;
    let step = json!({ "case": case, "expectedVersion": 1 });
    desk.denied("caseStartServices", "CASE_ADVANCE", &step, &readers).await;
    desk.denied("caseNoteAdd", "CASE_WRITE", &json!({ "case": case, "text": "x" }), &[RoleCode::Integration]).await;
    // A case of somebody else is not there.
    desk.sits(RoleCode::Caseworker);
    desk.refuses("caseNoteAdd", json!({ "case": seeded("case", "case", 1), "text": "x" }), "NOT_FOUND", "input.case")
        .await;
    desk.done("caseNoteAdd", "CASE_WRITE", "CaseNote", json!({ "case": case, "text": "x" }), "note { id }").await;
    desk.world.stop().await;
}

async fn who_opens_without_reading(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::CommunityVolunteer).await;
    let own = json!({ "child": seeded("child", "child", 1) });
    let selection = "case { id child { code observations { totalCount } } owner { subject } }";
    let made = desk.done("caseOpen", "CASE_OPEN", "Case", opening(own), selection).await;
    assert_eq!(made["case"], Value::Null, "a volunteer does not read cases");
    let other = json!({ "child": seeded("child", "child", 99) });
    desk.refuses("caseOpen", opening(other), "NOT_FOUND", "input.child").await;
    desk.world.stop().await;
}
