//! Referrals between ALPHA and BETA: agreed by both, carried by a consent, answered by the receiver, ended on both sides.

use entity::user::RoleCode;
use harness::{ALPHA, BETA, Backend, World, both};
use serde_json::{Value, json};

use super::{Desk, seeded};

both! {
    goes_there_and_back, shares_what_is_named, needs_consent, needs_an_agreement, each_has_its_steps,
    a_withdrawn_consent_ends_it, ends_with_its_day, is_taken_back, is_sent_once, is_handed_on, a_name_is_not_made_up,
    who_may_not
}

const WRITE: &str = "REFERRAL_WRITE";
pub(super) const HERE: &str =
    "referral { id rowVersion direction status purpose name sex ageYears ticket signs consentHash }";
const FIELDS: &str = "id rowVersion direction status partner { code } visit { id } consent { id } handler { subject } serviceType reason \
                      riskLevel purpose shared name phone ticket visitorKind sex ageYears homeTownship { pcode } destination topics \
                      disability displacement signs consentHash expiresOn acknowledgeBy meetBy isOverdue endedAt endReason providerNote";

/// The seeded visit with that number, which somebody at ALPHA's desk counsels.
const VISIT: usize = 0;

/// What SQL calls the rows of BETA.
fn of_beta(backend: Backend) -> String {
    match backend {
        Backend::Postgres => format!("organisation_id = '{}'", BETA.id()),
        Backend::Sqlite => format!("organisation_id = x'{}'", BETA.id().simple()),
    }
}

impl Desk {
    /// A desk of ALPHA, whose first partner is BETA, and the other way round.
    pub(super) async fn agreed(backend: Backend, role: RoleCode) -> Self {
        Self::agreed_in(World::new(backend).await, role).await
    }

    /// The same in a world of the test's own.
    pub(super) async fn agreed_in(world: World, role: RoleCode) -> Self {
        let token = world.token(&ALPHA, role);
        let desk = Self { world, token, role };
        let beta = of_beta(desk.world.backend());
        for (code, whose) in [("BETA", format!("NOT ({beta})")), ("ALPHA", beta)] {
            let sql = format!("UPDATE partner SET code = '{code}' WHERE code = 'PARTNER-0' AND {whose}");
            desk.world.store.execute(&sql).await;
        }
        desk
    }

    /// A live consent for a visit.
    pub(super) async fn consents(&self, visit: usize, more: Value) -> Value {
        let input = with(
            json!({
                "visit": seeded("visit", "visit", visit), "givenBy": "INDIVIDUAL", "method": "WRITTEN", "language": "my",
                "scopes": ["SERVICES", "SHARE_WITH_OTHER_ORGANISATIONS"], "informationGiven": ["PURPOSE", "WITHDRAWAL_PROCESS"],
                "childAssent": "YES", "expiresOn": "2027-11-22"
            }),
            more,
        );
        self.done("consentRecord", "CONSENT_WRITE", "Consent", input, "consent { id rowVersion isLive scopes }").await
            ["consent"]
            .clone()
    }

    /// A referral to BETA, sent.
    pub(super) async fn refers(&self, more: Value) -> Value {
        let consent = self.consents(VISIT, json!({})).await;
        let input = referral(&consent, more);
        self.done("referralSend", WRITE, "Referral", input, HERE).await["referral"].clone()
    }

    /// What BETA's counsellor has in the inbox, newest first.
    pub(super) async fn inbox(&self) -> Vec<Value> {
        let query = format!(
            "{{ referrals(where: {{ direction: {{ eq: RECEIVED }}, partner: {{ is: {{ code: {{ eq: \"ALPHA\" }} }} }}, sentAt: {{ gte: \
             \"2026-11-01T00:00:00Z\" }} }}, orderBy: [{{ field: SENT_AT, direction: DESC }}]) {{ nodes {{ {FIELDS} }} }} }}"
        );
        let answer = self.world.ask(&theirs(&self.world), &query, json!({})).await;
        answer.at("/data/referrals/nodes").as_array().unwrap_or_else(|| panic!("{}", answer.body)).clone()
    }

    /// The sender's own record.
    pub(super) async fn outbox(&self, sent: &Value) -> Value {
        let query = format!("{{ referral(id: {}) {{ {FIELDS} }} }}", sent["id"]);
        self.ask(&query).await["referral"].clone()
    }

    /// A step by BETA's counsellor: the record, or code and field of the refusal.
    pub(super) async fn steps(&self, step: &str, referral: &Value, more: Value) -> Result<Value, (String, String)> {
        take(&self.world, &theirs(&self.world), step, referral, more).await
    }
}

fn theirs(world: &World) -> String {
    world.token(&BETA, RoleCode::MrcCounsellor)
}

pub(super) fn with(mut input: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("an object") };
    input.as_object_mut().unwrap().extend(more);
    input
}

pub(super) fn referral(consent: &Value, more: Value) -> Value {
    let input = json!({
        "visit": seeded("visit", "visit", VISIT), "consent": consent["id"], "partner": seeded("partner", "partner", 0),
        "serviceType": "LEGAL_ASSISTANCE", "reason": "ADDITIONAL_SERVICES", "purpose": "Wages of three months ၃",
        "share": ["SEX", "AGE", "TICKET", "SIGNS"], "expiresOn": "2027-01-31"
    });
    with(input, more)
}

pub(super) async fn take(
    world: &World,
    token: &str,
    step: &str,
    referral: &Value,
    more: Value,
) -> Result<Value, (String, String)> {
    let kind = format!("{}{}Input", &step[..1].to_uppercase(), &step[1..]);
    let query = format!(
        "mutation($input: {kind}!) {{ result: {step}(input: $input) {{ referral {{ {FIELDS} }} userErrors {{ code field }} }} }}"
    );
    let input = with(json!({ "referral": referral["id"], "expectedVersion": referral["rowVersion"] }), more);
    let answer = world.ask(token, &query, json!({ "input": input })).await;
    assert!(answer.at("/errors").is_null(), "{step}: {}", answer.body);
    let error = answer.at("/data/result/userErrors/0");
    if error.is_null() {
        return Ok(answer.at("/data/result/referral").clone());
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Err((text(&error["code"]), text(&error["field"])))
}

fn refused(code: &str, field: &str) -> Result<Value, (String, String)> {
    Err((code.to_owned(), field.to_owned()))
}

async fn goes_there_and_back(backend: Backend) {
    let desk = Desk::agreed(backend, RoleCode::MrcCounsellor).await;
    let sent = desk.refers(json!({ "riskLevel": "HIGH" })).await;
    assert_eq!((&sent["direction"], &sent["status"]), (&json!("SENT"), &json!("SENT")));
    let here = desk.outbox(&sent).await;
    assert_eq!((&here["partner"]["code"], &here["handler"]["subject"]), (&json!("BETA"), &json!("mrc_counsellor")));
    // A Sunday: three working days are over with Wednesday, at midnight in Yangon.
    assert_eq!(here["acknowledgeBy"], "2026-11-25T17:30:00.000Z");
    let inbox = desk.inbox().await;
    assert_eq!(inbox.len(), 1, "{inbox:?}");
    let there = &inbox[0];
    assert_ne!(there["id"], sent["id"], "each side has its own id");
    for field in [
        "consentHash",
        "serviceType",
        "reason",
        "riskLevel",
        "purpose",
        "shared",
        "sex",
        "ageYears",
        "ticket",
        "expiresOn",
    ] {
        assert_eq!(there[field], here[field], "{field}");
    }
    assert_eq!((&there["visit"], &there["consent"]), (&Value::Null, &Value::Null));
    assert_eq!((&there["partner"]["code"], &there["handler"]["subject"]), (&json!("ALPHA"), &json!("mrc_counsellor")));
    let mut there = there.clone();
    for (step, more, status) in [
        ("referralAcknowledge", json!({}), "RECEIVED"),
        ("referralAccept", json!({}), "ACCEPTED"),
        ("referralStartService", json!({}), "IN_SERVICE"),
        ("referralComplete", json!({ "note": "Paid in full" }), "COMPLETED"),
    ] {
        there = desk.steps(step, &there, more).await.unwrap();
        assert_eq!(there["status"], status, "{step}");
        let here = desk.outbox(&sent).await;
        assert_eq!(here["status"], status, "{step}: the sender sees it");
        assert_eq!(here["meetBy"], if status == "RECEIVED" { Value::Null } else { json!("2026-12-06") });
    }
    // It has ended: the copy is gone there, and stays here.
    for field in ["purpose", "sex", "ageYears", "ticket", "signs", "riskLevel"] {
        assert_eq!(there[field], Value::Null, "{field}");
    }
    assert_eq!(there["shared"], json!(["AGE", "SEX", "SIGNS", "TICKET"]));
    let here = desk.outbox(&sent).await;
    assert_eq!((&here["providerNote"], &here["sex"]), (&json!("Paid in full"), &json!("FEMALE")));
    assert_eq!(here["endedAt"], there["endedAt"]);
    // Both trails have every step.
    for (organisation, acts) in [(ALPHA.id(), 5), (BETA.id(), 5)] {
        let postgres = backend == Backend::Postgres;
        let owner = if postgres { format!("'{organisation}'") } else { format!("x'{}'", organisation.simple()) };
        let sql = format!(
            "SELECT role FROM audit_event WHERE organisation_id = {owner} AND action = 'REFERRAL_WRITE' AND record_type = 'Referral' \
             AND request_id NOT LIKE 'seed-%'"
        );
        let roles = desk.world.store.column(&sql).await;
        assert_eq!(roles.len(), acts, "{roles:?}");
        let own = if organisation == ALPHA.id() { 1 } else { 4 };
        assert_eq!(roles.iter().filter(|role| *role == "MRC_COUNSELLOR").count(), own, "{roles:?}");
    }
    desk.world.stop().await;
}

async fn shares_what_is_named(backend: Backend) {
    let desk = Desk::agreed(backend, RoleCode::MrcCounsellor).await;
    let all = [
        ("NAME", "name"),
        ("PHONE", "phone"),
        ("TICKET", "ticket"),
        ("VISITOR_KIND", "visitorKind"),
        ("SEX", "sex"),
        ("AGE", "ageYears"),
        ("HOME_TOWNSHIP", "homeTownship"),
        ("DESTINATION", "destination"),
        ("TOPICS", "topics"),
        ("DISABILITY", "disability"),
        ("DISPLACEMENT", "displacement"),
        ("SIGNS", "signs"),
    ];
    let consent = desk.consents(VISIT, json!({})).await;
    for (code, named) in all {
        let input = referral(&consent, json!({ "share": [code] }));
        desk.done("referralSend", WRITE, "Referral", input, HERE).await;
        desk.world.advance(chrono::Duration::seconds(1));
        let there = desk.inbox().await[0].clone();
        assert_eq!(there["shared"], json!([code]));
        for (_, field) in all {
            let shown = !there[field].is_null();
            assert_eq!(shown, field == named, "{code}: {field}");
        }
    }
    desk.world.stop().await;
}

async fn needs_consent(backend: Backend) {
    let desk = Desk::agreed(backend, RoleCode::MrcCounsellor).await;
    let consent = desk.consents(VISIT, json!({})).await;
    let refuses = async |more: Value, code: &str, field: &str| {
        desk.refuses("referralSend", referral(&consent, more), code, field).await;
    };
    refuses(json!({ "consent": null }), "CONSENT_MISSING", "input.consent").await;
    refuses(json!({ "consent": desk.fresh("consent") }), "NOT_FOUND", "input.consent").await;
    let elsewhere = desk.consents(2, json!({})).await;
    refuses(json!({ "consent": elsewhere["id"] }), "PARENT_MISMATCH", "input.consent").await;
    for scopes in [json!(["SERVICES"]), json!(["SHARE_WITH_OTHER_ORGANISATIONS", "TRACING"])] {
        let narrow = desk.consents(VISIT, json!({ "scopes": scopes })).await;
        refuses(json!({ "consent": narrow["id"] }), "CONSENT_SCOPE_MISSING", "input.consent").await;
    }
    let short = desk.consents(VISIT, json!({ "expiresOn": "2026-11-22" })).await;
    refuses(json!({ "consent": short["id"] }), "DATE_INVALID", "input.expiresOn").await;
    let withdraw = json!({ "consent": elsewhere["id"], "expectedVersion": 1, "reason": "ကြောက်လို့" });
    let selection = "consent { withdrawnOn withdrawalReason isLive }";
    let gone = desk.done("consentWithdraw", "CONSENT_WRITE", "Consent", withdraw, selection).await["consent"].clone();
    assert_eq!(gone, json!({ "withdrawnOn": "2026-11-22", "withdrawalReason": "ကြောက်လို့", "isLive": false }));
    let input = json!({ "consent": elsewhere["id"], "visit": seeded("visit", "visit", 2) });
    refuses(input, "CONSENT_WITHDRAWN", "input.consent").await;
    refuses(json!({ "share": [] }), "FIELD_REQUIRED", "input.share").await;
    refuses(json!({ "purpose": " " }), "FIELD_REQUIRED", "input.purpose").await;
    refuses(json!({ "expiresOn": "2026-11-21" }), "DATE_INVALID", "input.expiresOn").await;
    refuses(json!({ "expiresOn": "2027-11-23" }), "DATE_INVALID", "input.expiresOn").await;
    desk.world.advance(chrono::Duration::days(1));
    let token = desk.world.token(&ALPHA, RoleCode::MrcCounsellor);
    let late = Desk { token, ..desk };
    let input = referral(&short, json!({ "expiresOn": null }));
    late.refuses("referralSend", input, "CONSENT_EXPIRED", "input.consent").await;
    late.world.stop().await;
}

async fn needs_an_agreement(backend: Backend) {
    let desk = Desk::agreed(backend, RoleCode::MrcCounsellor).await;
    let consent = desk.consents(VISIT, json!({})).await;
    let beta = of_beta(backend);
    let refuses = async |more: Value, field: &str| {
        desk.refuses("referralSend", referral(&consent, more), "RECEIVER_NOT_ELIGIBLE", field).await;
    };
    // Nobody of that name, an agreement that is over, a service that is not given.
    refuses(json!({ "partner": seeded("partner", "partner", 2) }), "input.partner").await;
    refuses(json!({ "partner": seeded("partner", "partner", 1) }), "input.partner").await;
    refuses(json!({ "serviceType": "SHELTER" }), "input.serviceType").await;
    // The other side has not noted it, has ended it, or has nobody at the desk.
    for (undo, redo) in [
        (
            "UPDATE partner SET code = 'NOBODY' WHERE code = 'ALPHA'",
            "UPDATE partner SET code = 'ALPHA' WHERE code = 'NOBODY'",
        ),
        (
            "UPDATE partner SET ends_on = '2026-11-21' WHERE code = 'ALPHA'",
            "UPDATE partner SET ends_on = NULL WHERE code = 'ALPHA'",
        ),
        (
            "UPDATE partner SET agreed_on = '2026-11-23' WHERE code = 'ALPHA'",
            "UPDATE partner SET agreed_on = '2026-01-01' WHERE code = 'ALPHA'",
        ),
        (
            "UPDATE app_user SET is_enabled = false WHERE subject = 'mrc_counsellor'",
            "UPDATE app_user SET is_enabled = true WHERE subject = 'mrc_counsellor'",
        ),
    ] {
        desk.world.store.execute(&format!("{undo} AND {beta}")).await;
        refuses(json!({}), "input.partner").await;
        desk.world.store.execute(&format!("{redo} AND {beta}")).await;
    }
    desk.done("referralSend", WRITE, "Referral", referral(&consent, json!({})), HERE).await;
    // To oneself: not even where the directory says so.
    let own = format!("UPDATE partner SET code = 'ALPHA' WHERE code = 'BETA' AND NOT {beta}");
    desk.world.store.execute(&own).await;
    refuses(json!({}), "input.partner").await;
    desk.world.stop().await;
}

async fn each_has_its_steps(backend: Backend) {
    let desk = Desk::agreed(backend, RoleCode::MrcCounsellor).await;
    let sent = desk.refers(json!({})).await;
    let there = desk.inbox().await[0].clone();
    // The sender cannot answer what it sent; the receiver cannot take it back; nobody steps on the other's record.
    let own = |step: &'static str, more: Value| take(&desk.world, &desk.token, step, &sent, more);
    assert_eq!(own("referralAcknowledge", json!({})).await, refused("NOT_RECEIVER", "input.referral"));
    assert_eq!(own("referralAccept", json!({})).await, refused("NOT_RECEIVER", "input.referral"));
    assert_eq!(own("referralComplete", json!({ "note": "x" })).await, refused("NOT_RECEIVER", "input.referral"));
    let revoke = desk.steps("referralRevoke", &there, json!({ "reason": "x" })).await;
    assert_eq!(revoke, refused("NOT_SENDER", "input.referral"));
    assert_eq!(desk.steps("referralAcknowledge", &sent, json!({})).await, refused("NOT_FOUND", "input.referral"));
    let foreign = take(&desk.world, &desk.token, "referralRevoke", &there, json!({ "reason": "x" })).await;
    assert_eq!(foreign, refused("NOT_FOUND", "input.referral"));
    // Step after step.
    assert_eq!(desk.steps("referralAccept", &there, json!({})).await, refused("WRONG_STATE", "input.referral"));
    let seen = desk.steps("referralAcknowledge", &there, json!({})).await.unwrap();
    assert_eq!(desk.steps("referralAccept", &there, json!({})).await, refused("VERSION_CONFLICT", ""));
    let reject = desk.steps("referralReject", &seen, json!({ "reason": " " })).await;
    assert_eq!(reject, refused("REASON_REQUIRED", "input.reason"));
    let rejected = desk.steps("referralReject", &seen, json!({ "reason": "No place" })).await.unwrap();
    assert_eq!((&rejected["status"], &rejected["purpose"]), (&json!("REJECTED"), &Value::Null));
    let here = desk.outbox(&sent).await;
    assert_eq!((&here["status"], &here["endReason"]), (&json!("REJECTED"), &json!("No place")));
    assert_eq!(desk.steps("referralAccept", &rejected, json!({})).await, refused("WRONG_STATE", "input.referral"));
    desk.world.stop().await;
}

async fn a_withdrawn_consent_ends_it(backend: Backend) {
    let desk = Desk::agreed(backend, RoleCode::MrcCounsellor).await;
    let consent = desk.consents(VISIT, json!({})).await;
    let mut sent = Vec::new();
    for _ in 0..2 {
        let input = referral(&consent, json!({}));
        sent.push(desk.done("referralSend", WRITE, "Referral", input, HERE).await["referral"].clone());
        desk.world.advance(chrono::Duration::seconds(1));
    }
    let ended = desk.steps("referralAcknowledge", &desk.inbox().await[1], json!({})).await.unwrap();
    desk.steps("referralReject", &ended, json!({ "reason": "No place" })).await.unwrap();
    let withdraw = json!({ "consent": consent["id"], "expectedVersion": 1, "reason": "Afraid" });
    desk.done("consentWithdraw", "CONSENT_WRITE", "Consent", withdraw.clone(), "consent { id }").await;
    let states = [(1, "WITHDRAWN_CONSENT"), (0, "REJECTED")];
    for ((number, status), there) in states.into_iter().zip(desk.inbox().await) {
        assert_eq!(there["status"], status);
        assert_eq!((&there["purpose"], &there["ticket"]), (&Value::Null, &Value::Null));
        assert_eq!(desk.outbox(&sent[number]).await["status"], status);
    }
    let input = json!({ "referral": sent[1]["id"], "expectedVersion": 2, "reason": "x" });
    assert_eq!(desk.refused("referralRevoke", input).await[0].0, "WRONG_STATE");
    assert_eq!(desk.refused("consentWithdraw", withdraw).await[0].0, "WRONG_STATE");
    desk.world.stop().await;
}

async fn ends_with_its_day(backend: Backend) {
    let mut desk = Desk::agreed(backend, RoleCode::MrcCounsellor).await;
    let sent = desk.refers(json!({ "expiresOn": "2026-11-23" })).await;
    let there = desk.inbox().await[0].clone();
    // Not a minute before its last day is over in Yangon, and not one after.
    desk.world.advance(chrono::Duration::minutes(38 * 60 + 29));
    let last = desk.inbox().await[0].clone();
    assert_eq!((&last["status"], &last["purpose"]), (&json!("SENT"), &there["purpose"]));
    desk.world.advance(chrono::Duration::minutes(1));
    let over = desk.inbox().await[0].clone();
    assert_eq!((&over["status"], &over["purpose"], &over["ticket"]), (&json!("EXPIRED"), &Value::Null, &Value::Null));
    assert_eq!(desk.steps("referralAcknowledge", &over, json!({})).await, refused("WRONG_STATE", "input.referral"));
    desk.sits(RoleCode::MrcCounsellor);
    let here = desk.outbox(&sent).await;
    assert_eq!((&here["status"], &here["purpose"]), (&json!("EXPIRED"), &there["purpose"]));
    desk.world.stop().await;
}

async fn is_taken_back(backend: Backend) {
    let mut desk = Desk::agreed(backend, RoleCode::MrcCounsellor).await;
    let sent = desk.refers(json!({})).await;
    let there = desk.steps("referralAcknowledge", &desk.inbox().await[0], json!({})).await.unwrap();
    desk.steps("referralAccept", &there, json!({})).await.unwrap();
    // Whoever received it may be gone by now.
    let gone = "UPDATE app_user SET is_enabled = false WHERE subject = 'mrc_counsellor' AND display_name LIKE '%BETA'";
    desk.world.store.execute(gone).await;
    desk.sits(RoleCode::Supervisor);
    let input = json!({ "referral": sent["id"], "expectedVersion": 3, "reason": "Went home" });
    let back = desk.done("referralRevoke", WRITE, "Referral", input, HERE).await["referral"].clone();
    assert_eq!((&back["status"], &back["ticket"]), (&json!("REVOKED"), &sent["ticket"]));
    let supervisor = desk.world.token(&BETA, RoleCode::Supervisor);
    let query = "{ referrals(where: { status: { eq: REVOKED } }) { nodes { endReason purpose ticket } } }";
    let there = desk.world.ask(&supervisor, query, json!({})).await;
    let expected = json!([{ "endReason": "Went home", "purpose": null, "ticket": null }]);
    assert_eq!(there.at("/data/referrals/nodes"), &expected, "{}", there.body);
    desk.world.stop().await;
}

async fn is_sent_once(backend: Backend) {
    let desk = Desk::agreed(backend, RoleCode::MrcCounsellor).await;
    let consent = desk.consents(VISIT, json!({})).await;
    let input = referral(&consent, json!({ "idempotencyKey": "k", "id": desk.fresh("referral") }));
    let first = desk.done("referralSend", WRITE, "Referral", input.clone(), HERE).await;
    let before = desk.records().await;
    assert_eq!(desk.send("referralSend", &input, HERE).await.at("/data/result"), &first);
    assert!(desk.records().await == before, "nothing was added on either side");
    let again = referral(&consent, json!({ "id": input["id"] }));
    desk.refuses("referralSend", again, "DUPLICATE", "input.id").await;
    desk.world.stop().await;
}

async fn is_handed_on(backend: Backend) {
    let desk = Desk::agreed(backend, RoleCode::MrcCounsellor).await;
    let sent = desk.refers(json!({})).await;
    let user = |role| lanpya::plan::GlobalId::text("user", ALPHA.user(role));
    let input = |handler: String| json!({ "referral": sent["id"], "expectedVersion": 1, "handler": handler });
    for role in [RoleCode::OrgAdmin, RoleCode::Auditor, RoleCode::Caseworker] {
        desk.refuses("referralAssign", input(user(role)), "RECEIVER_NOT_ELIGIBLE", "input.handler").await;
    }
    desk.refuses("referralAssign", input(desk.fresh("user")), "NOT_FOUND", "input.handler").await;
    let selection = "referral { handler { subject } }";
    let handed = input(user(RoleCode::Supervisor));
    let handed = desk.done("referralAssign", WRITE, "Referral", handed, selection).await;
    assert_eq!(handed["referral"]["handler"]["subject"], "supervisor");
    desk.world.stop().await;
}

async fn a_name_is_not_made_up(backend: Backend) {
    let desk = Desk::agreed(backend, RoleCode::MrcCounsellor).await;
    let hide = "UPDATE person SET is_name_hidden = true";
    desk.world.store.execute(hide).await;
    let consent = desk.consents(VISIT, json!({})).await;
    let named = referral(&consent, json!({ "share": ["NAME"] }));
    desk.refuses("referralSend", named, "RULE_NOT_MET", "input.share").await;
    // A visitor who gave none.
    let consent = desk.consents(2, json!({})).await;
    let visit = json!({ "visit": seeded("visit", "visit", 2), "share": ["PHONE", "SEX"] });
    desk.refuses("referralSend", referral(&consent, visit), "FIELD_REQUIRED", "input.share").await;
    desk.world.stop().await;
}

async fn who_may_not(backend: Backend) {
    let mut desk = Desk::agreed(backend, RoleCode::Supervisor).await;
    let consent = json!({ "id": seeded("consent", "consent", 0) });
    let roles = [RoleCode::Caseworker, RoleCode::OrgAdmin, RoleCode::Integration, RoleCode::OrgDataOfficer];
    desk.denied("referralSend", WRITE, &referral(&consent, json!({})), &roles).await;
    let withdraw = json!({ "consent": consent["id"], "expectedVersion": 1, "reason": "x" });
    desk.denied("consentWithdraw", "CONSENT_WRITE", &withdraw, &roles).await;
    let change = json!({ "partner": seeded("partner", "partner", 0), "expectedVersion": 1 });
    let roles = [RoleCode::Supervisor, RoleCode::MrcCounsellor, RoleCode::Auditor];
    desk.denied("partnerChange", "DIRECTORY_WRITE", &change, &roles).await;
    desk.world.stop().await;
}
