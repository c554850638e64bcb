//! Campaigns: recorded with their messages and never with a telephone number; what came of them, each day once.

use entity::user::RoleCode;
use harness::{BETA, Backend, both};
use serde_json::{Value, json};

use super::{Desk, seeded};

both! {
    is_recorded, changes, what_is_refused, numbers_of_telephones, is_reported, what_is_refused_of_a_report, once_each, at_once,
    who_may_and_who_may_not
}

const WRITE: &str = "CAMPAIGN_WRITE";

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better")]
fn campaign(more: Value) -> Value {
    let mut input =
        json!({ "provider": "Viamo", "channel": "PUSH_IVR", "languages": ["my"], "startsOn": "2026-11-01" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better")]
fn report(campaign: &Value, more: Value) -> Value {
    let mut input = json!({ "campaign": campaign, "reportedOn": "2026-11-20", "sent": 1000 });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

impl Desk {
    async fn campaigns(&self, more: Value) -> Value {
        let made = self.done("campaignRecord", WRITE, "Campaign", campaign(more), "campaign { id }").await;
        made["campaign"]["id"].clone()
    }
}

async fn is_recorded(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let more = json!({
        "id": desk.fresh("campaign"), "languages": ["my", "kac"], "topics": ["REMITTANCES", "HEALTH"], "endsOn": "2026-12-31",
        "townships": ["MMR015009", "MMR001001", "MMR015009"], "batchIds": ["B-1", "2026-11-20 morning"],
        "messages": [{ "en": "Ask before you go. Call 0945001234.", "my": "မသွားမီ မေးပါ" }, { "en": "Second", "th": "สอง" }]
    });
    let selection = "campaign { id provider channel languages topics startsOn endsOn batchIds officer { subject } rowVersion \
                     messages(orderBy: [{ field: POSITION }]) { nodes { position texts { en my th } } } \
                     townships { nodes { township { pcode } } } deliveryStats { totalCount } }";
    let made = desk.done("campaignRecord", WRITE, "Campaign", campaign(more.clone()), selection).await;
    let mut made = made["campaign"].clone();
    let mut townships: Vec<String> = made["townships"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["township"]["pcode"].as_str().unwrap().to_owned())
        .collect();
    townships.sort_unstable();
    assert_eq!(townships, ["MMR001001", "MMR015009"], "each once");
    made.as_object_mut().unwrap().remove("townships");
    // A hotline in a message is not whom the provider calls.
    let read = json!({
        "id": more["id"], "provider": "Viamo", "channel": "PUSH_IVR", "languages": ["my", "kac"],
        "topics": ["HEALTH", "REMITTANCES"], "startsOn": "2026-11-01", "endsOn": "2026-12-31",
        "batchIds": ["B-1", "2026-11-20 morning"], "officer": { "subject": "training_officer" }, "rowVersion": 1,
        "messages": { "nodes": [
            { "position": 1, "texts": { "en": "Ask before you go. Call 0945001234.", "my": "မသွားမီ မေးပါ", "th": null } },
            { "position": 2, "texts": { "en": "Second", "my": null, "th": "สอง" } }
        ] },
        "deliveryStats": { "totalCount": 0 }
    });
    assert_eq!(made, read);
    desk.world.stop().await;
}

async fn changes(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let campaign = desk.campaigns(json!({ "batchIds": ["B-1"] })).await;
    let told = |version: i32, field: &str, value: Value| json!({ "campaign": campaign, "expectedVersion": version, field: value });
    let selection = "campaign { id endsOn batchIds rowVersion }";
    let more = told(1, "batchIds", json!(["B-1", "B-2"]));
    let made = desk.done("campaignChange", WRITE, "Campaign", more, selection).await;
    let read = json!({ "id": campaign, "endsOn": null, "batchIds": ["B-1", "B-2"], "rowVersion": 2 });
    assert_eq!(made["campaign"], read);
    let more = told(2, "endsOn", json!("2026-12-31"));
    let made = desk.done("campaignChange", WRITE, "Campaign", more, selection).await;
    let read = json!({ "id": campaign, "endsOn": "2026-12-31", "batchIds": ["B-1", "B-2"], "rowVersion": 3 });
    assert_eq!(made["campaign"], read);
    for (more, code, field) in [
        (told(2, "endsOn", json!("2026-12-30")), "VERSION_CONFLICT", ""),
        (told(3, "endsOn", json!("2026-10-31")), "DATE_INVALID", "input.endsOn"),
        (told(3, "batchIds", json!(["09450012345"])), "BAD_USER_INPUT", "input.batchIds"),
    ] {
        desk.refuses("campaignChange", more, code, field).await;
    }
    desk.world.stop().await;
}

async fn what_is_refused(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let long = "x".repeat(2_001);
    for (more, code, field) in [
        (json!({ "provider": " " }), "FIELD_REQUIRED", "input.provider"),
        (json!({ "languages": [] }), "FIELD_REQUIRED", "input.languages"),
        (json!({ "endsOn": "2026-10-31" }), "DATE_INVALID", "input.endsOn"),
        (json!({ "townships": ["MMR015009", "MMR999999"] }), "PCODE_UNKNOWN", "input.townships"),
        (json!({ "townships": vec!["MMR015009"; 201] }), "TOO_LONG", "input.townships"),
        (json!({ "batchIds": vec!["B"; 51] }), "TOO_LONG", "input.batchIds"),
        (json!({ "batchIds": ["", "B"] }), "FIELD_REQUIRED", "input.batchIds"),
        (json!({ "messages": [{ "en": "one" }, { "en": " " }] }), "FIELD_REQUIRED", "input.messages.en"),
        (json!({ "messages": [{ "en": long }] }), "TOO_LONG", "input.messages.en"),
        (json!({ "messages": [{ "en": "one", "my": long }] }), "TOO_LONG", "input.messages.my"),
        (json!({ "messages": vec![json!({ "en": "one" }); 51] }), "TOO_LONG", "input.messages"),
    ] {
        desk.refuses("campaignRecord", campaign(more), code, field).await;
    }
    let all = campaign(json!({ "provider": "", "endsOn": "2026-10-31", "batchIds": ["09450012345"] }));
    let told = [("FIELD_REQUIRED", "provider"), ("DATE_INVALID", "endsOn"), ("BAD_USER_INPUT", "batchIds")];
    let told = told.map(|(code, field)| (code.to_owned(), format!("input.{field}")));
    assert_eq!(desk.refused("campaignRecord", all).await, told, "all at once");
    desk.world.stop().await;
}

async fn numbers_of_telephones(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::OrgAdmin).await;
    for number in ["09450012345", "+95 9 4500 12345", "B-1 (081) 234-5678", "၀၉၄၅၀၀၁၂၃၄၅", "๐๘๑๒๓๔๕๖๗๘"]
    {
        let input = campaign(json!({ "batchIds": ["B-1", number] }));
        desk.refuses("campaignRecord", input, "BAD_USER_INPUT", "input.batchIds").await;
    }
    desk.world.stop().await;
}

async fn is_reported(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let campaign = desk.campaigns(json!({})).await;
    let more = json!({
        "township": "MMR015009", "answered": 600, "listenedAtLeastPercent": 500, "keyMessageCompleted": 400, "optedOut": 3,
        "surveyAnswers": 1200, "referred": 12
    });
    let selection = "deliveryStat { id campaign { id } channel provider reportedOn township { pcode } sent answered \
                     listenedAtLeastPercent keyMessageCompleted optedOut surveyAnswers referred }";
    let made = desk.done("deliveryStatRecord", WRITE, "DeliveryStat", report(&campaign, more), selection).await;
    let read = json!({
        "id": made["deliveryStat"]["id"], "campaign": { "id": campaign }, "channel": "PUSH_IVR", "provider": "Viamo",
        "reportedOn": "2026-11-20", "township": { "pcode": "MMR015009" }, "sent": 1000, "answered": 600,
        "listenedAtLeastPercent": 500, "keyMessageCompleted": 400, "optedOut": 3, "surveyAnswers": 1200, "referred": 12
    });
    assert_eq!(made["deliveryStat"], read);
    // Another township of the day, another day for all of them; what is not counted is null.
    for more in [json!({ "township": "MMR001001" }), json!({ "reportedOn": "2026-11-19" })] {
        let made = desk.done(
            "deliveryStatRecord",
            WRITE,
            "DeliveryStat",
            report(&campaign, more),
            "deliveryStat { answered }",
        );
        assert_eq!(made.await["deliveryStat"], json!({ "answered": null }));
    }
    desk.world.stop().await;
}

async fn what_is_refused_of_a_report(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let campaign = desk.campaigns(json!({})).await;
    for more in [json!({ "township": "MMR015009" }), json!({ "reportedOn": "2026-11-19" })] {
        desk.done("deliveryStatRecord", WRITE, "DeliveryStat", report(&campaign, more), "__typename").await;
    }
    for (more, code, field) in [
        (json!({ "reportedOn": "2026-10-31" }), "DATE_INVALID", "reportedOn"),
        (json!({ "reportedOn": "2026-11-23" }), "DATE_INVALID", "reportedOn"),
        (json!({ "sent": -1 }), "BAD_USER_INPUT", "sent"),
        (json!({ "sent": 100_000_001 }), "BAD_USER_INPUT", "sent"),
        (json!({ "optedOut": -1 }), "BAD_USER_INPUT", "optedOut"),
        (json!({ "surveyAnswers": -1 }), "BAD_USER_INPUT", "surveyAnswers"),
        (json!({ "answered": 1001 }), "RULE_NOT_MET", "answered"),
        (json!({ "optedOut": 1001 }), "RULE_NOT_MET", "optedOut"),
        (json!({ "referred": 1001 }), "RULE_NOT_MET", "referred"),
        (json!({ "answered": 5, "listenedAtLeastPercent": 6 }), "RULE_NOT_MET", "listenedAtLeastPercent"),
        (json!({ "answered": 5, "keyMessageCompleted": 6 }), "RULE_NOT_MET", "keyMessageCompleted"),
        (json!({ "township": "MMR999999" }), "PCODE_UNKNOWN", "township"),
        // The day is counted by townships; the other for all of them together; each once.
        (json!({ "township": "MMR015009" }), "DUPLICATE", "reportedOn"),
        (json!({}), "RULE_NOT_MET", "township"),
        (json!({ "reportedOn": "2026-11-19" }), "DUPLICATE", "reportedOn"),
        (json!({ "reportedOn": "2026-11-19", "township": "MMR015009" }), "RULE_NOT_MET", "township"),
        (json!({ "campaign": desk.fresh("campaign") }), "NOT_FOUND", "campaign"),
        // A supervisor's.
        (json!({ "campaign": seeded("campaign", "campaign", 1) }), "NOT_FOUND", "campaign"),
    ] {
        desk.refuses("deliveryStatRecord", report(&campaign, more), code, &format!("input.{field}")).await;
    }
    let token = desk.world.token(&BETA, RoleCode::TrainingOfficer);
    let query = format!("{{ campaign(id: {campaign}) {{ id }} }}");
    let seen = desk.world.ask(&token, &query, json!({})).await;
    assert!(seen.at("/data/campaign").is_null(), "{}", seen.body);
    desk.world.stop().await;
}

async fn once_each(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let input = campaign(json!({ "idempotencyKey": "c", "townships": ["MMR015009"], "messages": [{ "en": "one" }] }));
    let first = desk.send("campaignRecord", &input, "campaign { id }").await;
    let made = first.at("/data/result/campaign/id").clone();
    let told = report(&made, json!({ "idempotencyKey": "d" }));
    let reported = desk.send("deliveryStatRecord", &told, "deliveryStat { id }").await;
    assert!(reported.at("/data/result/deliveryStat/id").is_string(), "{}", reported.body);
    let rows = desk.records().await;
    let again = desk.send("campaignRecord", &input, "campaign { id }").await;
    assert_eq!(again.at("/data/result/campaign/id"), &made);
    let again = desk.send("deliveryStatRecord", &told, "deliveryStat { id }").await;
    assert_eq!(again.at("/data/result/deliveryStat/id"), reported.at("/data/result/deliveryStat/id"));
    assert!(desk.records().await == rows, "a retry adds nothing");
    desk.world.stop().await;
}

/// Two reports of one day at the same time: one is there, also where no township keeps them apart.
async fn at_once(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let campaign = desk.campaigns(json!({})).await;
    let before = desk.count("delivery_stat").await;
    let told = report(&campaign, json!({}));
    let send = || desk.send("deliveryStatRecord", &told, "__typename");
    let (one, two, three, four) = tokio::join!(send(), send(), send(), send());
    let errors = [one, two, three, four].map(|answer| answer.at("/data/result/userErrors/0/code").clone());
    assert_eq!(errors.iter().filter(|error| error.is_null()).count(), 1, "{errors:?}");
    assert_eq!(errors.iter().filter(|error| **error == "DUPLICATE").count(), 3, "{errors:?}");
    assert_eq!(desk.count("delivery_stat").await, before + 1);
    desk.world.stop().await;
}

async fn who_may_and_who_may_not(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::Supervisor).await;
    let refused = [RoleCode::Caseworker, RoleCode::OrgDataOfficer, RoleCode::Auditor, RoleCode::CommunityVolunteer];
    desk.denied("campaignRecord", WRITE, &campaign(json!({})), &refused).await;
    for role in [
        RoleCode::TrainingOfficer,
        RoleCode::OrgAdmin,
        RoleCode::MrcCounsellor,
        RoleCode::CapacityFacilitator,
        RoleCode::Integration,
    ] {
        desk.sits(role);
        let id = json!(desk.fresh("campaign"));
        let made = desk.send("campaignRecord", &campaign(json!({ "id": id })), "__typename").await;
        assert_eq!(made.at("/data/result/userErrors"), &json!([]), "{role:?}: {}", made.body);
        let reported = desk.send("deliveryStatRecord", &report(&id, json!({})), "__typename").await;
        assert_eq!(reported.at("/data/result/userErrors"), &json!([]), "{role:?}: {}", reported.body);
    }
    desk.world.stop().await;
}
