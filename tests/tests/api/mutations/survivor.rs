//! Survivors and screenings: the rule gives indicators, people decide.

use entity::user::RoleCode;
use harness::{Backend, both};
use serde_json::{Value, json};

use super::{Desk, seeded};

both! { is_registered, is_screened, decisions, who_may_not }

async fn is_registered(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Caseworker).await;
    let (people, survivors) = (desk.count("person").await, desk.count("survivor").await);
    let input = json!({
        "idempotencyKey": "k", "person": { "fullName": "สมหญิง", "sex": "FEMALE" }, "code": "SV-1", "citizenship": "MM",
        "episodes": [
            { "kinds": ["FORCED_LABOUR"], "industry": "F_CONSTRUCTION", "country": "TH", "place": "TH85", "ageAtStart": 16,
              "startedOn": "2025-01-01", "endedOn": "2025-03-01", "meansOfControl": ["DEBT_BONDAGE"] },
            { "kinds": ["SEXUAL_EXPLOITATION", "FORCED_LABOUR"], "months": 3 }
        ]
    });
    let selection = "survivor { id code registeredOn registeredYear htcdsStatus nationalIdentification caseWorker { subject } \
                     person { fullName } episodes(where: { isSexualExploitation: { eq: YES } }) { totalCount nodes { kinds isForcedLabour months } } }";
    let made = desk.done("survivorRegister", "SURVIVOR_REGISTER", "Survivor", input.clone(), selection).await;
    let survivor = &made["survivor"];
    assert_eq!(survivor["person"]["fullName"], "สมหญิง", "{survivor}");
    assert_eq!((&survivor["registeredOn"], &survivor["registeredYear"]), (&json!("2026-11-22"), &json!(2026)));
    assert_eq!(survivor["caseWorker"]["subject"], "caseworker");
    let episodes = json!({ "totalCount": 1, "nodes": [{ "kinds": ["FORCED_LABOUR", "SEXUAL_EXPLOITATION"], "isForcedLabour": "YES", "months": 3 }] });
    assert_eq!(survivor["episodes"], episodes);
    let again = desk.send("survivorRegister", &input, selection).await;
    assert_eq!(again.at("/data/result"), &made);
    assert_eq!((desk.count("person").await, desk.count("survivor").await), (people + 1, survivors + 1));
    for (episode, code, field) in [
        (json!({ "kinds": [] }), "FIELD_REQUIRED", "input.episodes.kinds"),
        (
            json!({ "kinds": ["FORCED_LABOUR"], "startedOn": "2025-02-01", "endedOn": "2025-01-01" }),
            "DATE_INVALID",
            "input.episodes.endedOn",
        ),
        (json!({ "kinds": ["FORCED_LABOUR"], "startedOn": "2026-11-23" }), "DATE_INVALID", "input.episodes.endedOn"),
        (json!({ "kinds": ["FORCED_LABOUR"], "ageAtStart": 121 }), "BAD_USER_INPUT", "input.episodes.ageAtStart"),
        (json!({ "kinds": ["FORCED_LABOUR"], "country": "Thailand" }), "CODE_UNKNOWN", "input.episodes.country"),
        (json!({ "kinds": ["FORCED_LABOUR"], "place": "x" }), "PCODE_UNKNOWN", "input.episodes.place"),
    ] {
        let input = json!({ "person": {}, "episodes": [{ "kinds": ["FORCED_LABOUR"] }, episode] });
        desk.refuses("survivorRegister", input, code, field).await;
    }
    desk.refuses("survivorRegister", json!({ "person": {}, "code": "SV-1" }), "DUPLICATE", "input.code").await;
    desk.world.stop().await;
}

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better")]
fn screening(survivor: &Value, more: Value) -> Value {
    let mut input = json!({
        "survivor": survivor, "screenedOn": "2026-11-20", "safetyChecks": ["PRIVATE_PLACE"], "isChild": "NO",
        "acts": ["RECRUITMENT"], "means": ["DECEPTION"], "purposes": ["FORCED_LABOUR"]
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

const SCREENING: &str = "screening { id indicatorsMet result decisionMaker decidedOn overrideReason interviewer { subject } survivor { id screenings { totalCount } } person { id } }";

async fn survivor(desk: &Desk) -> Value {
    let made = desk
        .done("survivorRegister", "SURVIVOR_REGISTER", "Survivor", json!({ "person": {} }), "survivor { id }")
        .await;
    made["survivor"]["id"].clone()
}

async fn is_screened(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Caseworker).await;
    let survivor = survivor(&desk).await;
    let record = async |more: Value| {
        let input = screening(&survivor, more);
        desk.done("screeningRecord", "SCREENING_RECORD", "TraffickingScreening", input, SCREENING).await["screening"]
            .clone()
    };
    let met = record(json!({})).await;
    assert_eq!((&met["indicatorsMet"], &met["result"]), (&json!(true), &json!("POSSIBLE_VICTIM")));
    assert_eq!(met["interviewer"]["subject"], "caseworker");
    assert!(met["person"]["id"].is_string(), "the survivor's person: {met}");
    let adult = record(json!({ "means": [] })).await;
    assert_eq!((&adult["indicatorsMet"], &adult["result"]), (&json!(false), &Value::Null));
    for is_child in ["YES", "UNKNOWN", "REFUSED", "NOT_ASKED"] {
        let child = record(json!({ "means": [], "isChild": is_child })).await;
        assert_eq!(child["indicatorsMet"], true, "{is_child}: a child needs no means");
    }
    assert_eq!(record(json!({})).await["survivor"]["screenings"]["totalCount"], 7);
    desk.refuses(
        "screeningRecord",
        screening(&survivor, json!({ "safetyChecks": [] })),
        "FIELD_REQUIRED",
        "input.safetyChecks",
    )
    .await;
    desk.refuses(
        "screeningRecord",
        screening(&survivor, json!({ "screenedOn": "2026-11-23" })),
        "DATE_INVALID",
        "input.screenedOn",
    )
    .await;
    desk.refuses("screeningRecord", screening(&Value::Null, json!({})), "FIELD_REQUIRED", "input.person").await;
    let foreign = json!(lanpya::plan::GlobalId::text("survivor", harness::BETA.row("survivor", 0)));
    desk.refuses("screeningRecord", screening(&foreign, json!({})), "NOT_FOUND", "input.survivor").await;
    desk.world.stop().await;
}

async fn decisions(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Caseworker).await;
    let survivor = survivor(&desk).await;
    let decided = |more: Value| {
        let mut all = json!({ "result": "ACTUAL_VICTIM", "decisionMaker": "NGO", "decidedOn": "2026-11-21" });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        screening(&survivor, all)
    };
    for (more, code, field) in [
        (json!({ "acts": [] }), "RULE_NOT_MET", "input.result"),
        (json!({ "acts": [], "overrideReason": " " }), "REASON_REQUIRED", "input.overrideReason"),
        (json!({ "decisionMaker": null }), "FIELD_REQUIRED", "input.decisionMaker"),
        (json!({ "decidedOn": null }), "FIELD_REQUIRED", "input.decidedOn"),
        (json!({ "decidedOn": "2026-11-19" }), "DATE_INVALID", "input.decidedOn"),
        (json!({ "decidedOn": "2026-11-23" }), "DATE_INVALID", "input.decidedOn"),
    ] {
        desk.refuses("screeningRecord", decided(more), code, field).await;
    }
    for (more, met) in [(json!({}), true), (json!({ "acts": [], "overrideReason": "တရားရုံး" }), false)]
    {
        let made =
            desk.done("screeningRecord", "SCREENING_RECORD", "TraffickingScreening", decided(more), SCREENING).await;
        assert_eq!(made["screening"]["result"], "ACTUAL_VICTIM");
        assert_eq!(made["screening"]["indicatorsMet"], met);
    }
    desk.world.stop().await;
}

async fn who_may_not(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::Caseworker).await;
    let roles = [RoleCode::CommunityVolunteer, RoleCode::Integration, RoleCode::OrgDataOfficer, RoleCode::SurvivorSelf];
    desk.denied("survivorRegister", "SURVIVOR_REGISTER", &json!({ "person": {} }), &roles).await;
    let input = screening(&json!(seeded("survivor", "survivor", 0)), json!({}));
    desk.denied("screeningRecord", "SCREENING_RECORD", &input, &roles).await;
    desk.world.stop().await;
}
