//! Children and their yearly observations.

use entity::user::RoleCode;
use harness::{Backend, both};
use serde_json::{Value, json};

use super::{Desk, seeded};

both! { is_registered, impossible_births, is_observed, who_may_not, who_writes_without_reading }

const ACTION: &str = "CHILD_REGISTER";

fn child(name: &str) -> Value {
    json!({ "person": { "fullName": name, "birthDate": { "value": "2015-03-01", "precision": "DAY" } } })
}

async fn is_registered(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Caseworker).await;
    let (people, children) = (desk.count("person").await, desk.count("child").await);
    let mut input = child("မမ");
    input["household"] = json!(seeded("household", "household", 0));
    input["community"] = json!("MMR001001");
    input["code"] = json!("KC-1");
    let selection = "child { id code registeredOn latestRiskClass registeredBy { subject } community { pcode } \
                     household { number } person { fullName ageYears turns18On sex childProfiles { totalCount nodes { code } } } }";
    let made = desk.done("childRegister", ACTION, "Child", input.clone(), selection).await;
    let made = &made["child"];
    assert_eq!(made["person"]["fullName"], "မမ", "{made}");
    assert_eq!(made["person"]["ageYears"], 11);
    assert_eq!(made["person"]["turns18On"], "2033-03-01");
    assert_eq!(made["person"]["childProfiles"], json!({ "totalCount": 1, "nodes": [{ "code": "KC-1" }] }));
    assert_eq!(made["registeredOn"], "2026-11-22", "the day where the organisation is");
    assert_eq!(made["registeredBy"]["subject"], "caseworker");
    assert_eq!(made["latestRiskClass"], Value::Null);
    assert_eq!((desk.count("person").await, desk.count("child").await), (people + 1, children + 1));
    // A code is given once, and nobody is left behind by the refusal.
    let refused = desk.refused("childRegister", input).await;
    assert_eq!(refused, [("DUPLICATE".to_owned(), "input.code".to_owned())]);
    desk.refuses(
        "childRegister",
        {
            let mut i = child("x");
            i["household"] = json!(seeded("household", "household", 99));
            i
        },
        "NOT_FOUND",
        "input.household",
    )
    .await;
    let nameless =
        desk.done("childRegister", ACTION, "Child", json!({ "person": {} }), "child { person { fullName sex } }").await;
    assert_eq!(nameless["child"]["person"], json!({ "fullName": null, "sex": "NOT_ASKED" }));
    desk.world.stop().await;
}

async fn impossible_births(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Caseworker).await;
    let born = |day: &str| {
        let mut input = child("x");
        input["person"]["birthDate"]["value"] = json!(day);
        input
    };
    desk.refuses("childRegister", born("2026-11-23"), "DATE_INVALID", "input.person.birthDate.value").await;
    desk.refuses("childRegister", born("1900-01-01"), "DATE_INVALID", "input.person.birthDate.value").await;
    let mut late = born("2026-11-20");
    late["registeredOn"] = json!("2026-11-19");
    desk.refuses("childRegister", late, "DATE_INVALID", "input.registeredOn").await;
    let mut ahead = born("2026-11-20");
    ahead["registeredOn"] = json!("2026-11-23");
    desk.refuses("childRegister", ahead, "DATE_INVALID", "input.registeredOn").await;
    desk.refuses("childRegister", child(" "), "FIELD_REQUIRED", "input.person.fullName").await;
    // Half past nine in the evening of UTC is tomorrow in Yangon.
    desk.world.advance(chrono::Duration::minutes(14 * 60 + 30));
    let mut desk = desk;
    desk.sits(RoleCode::Caseworker);
    desk.done("childRegister", ACTION, "Child", born("2026-11-23"), "child { id }").await;
    desk.world.stop().await;
}

async fn is_observed(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let made = desk.done("childRegister", ACTION, "Child", child("မောင်"), "child { id rowVersion }").await;
    let id = made["child"]["id"].clone();
    let observation = |year: i32, answers: Value| json!({ "child": id, "community": "MMR015009", "year": year, "collectedOn": "2026-11-21", "answers": answers });
    let told = json!([
        { "code": "C05_NOT_WITH_BOTH_PARENTS", "answer": "YES" },
        { "code": "C11_WORKED_FOR_WAGES", "answer": "YES", "note": "tea shop" },
        { "code": "C06_NEGLECTED", "answer": "REFUSED" },
        { "code": "C10_HEALTH", "answer": "NO" }
    ]);
    let action = "CPMS_OBSERVATION_RECORD";
    let selection = "observation { id year round riskClass reasons unknownIndicators ruleVersion collectedBy { subject } \
                     child { latestRiskClass rowVersion observations { totalCount } } answers(where: { answer: { eq: YES } }, \
                     orderBy: [{ field: CODE }]) { totalCount nodes { code note } } }";
    let made =
        desk.done("cpmsObservationRecord", action, "CpmsObservation", observation(2026, told.clone()), selection).await;
    let made = &made["observation"];
    assert_eq!(made["riskClass"], "HIGH_RISK", "{made}");
    assert_eq!(made["reasons"], json!(["C05_NOT_WITH_BOTH_PARENTS", "C11_WORKED_FOR_WAGES"]));
    let unknown = made["unknownIndicators"].as_array().unwrap();
    assert!(unknown.contains(&json!("C06_NEGLECTED")) && !unknown.contains(&json!("C10_HEALTH")), "{unknown:?}");
    assert_eq!(
        made["child"],
        json!({ "latestRiskClass": "HIGH_RISK", "rowVersion": 2, "observations": { "totalCount": 1 } })
    );
    assert_eq!(made["answers"]["totalCount"], 2);
    assert_eq!(made["answers"]["nodes"][1], json!({ "code": "C11_WORKED_FOR_WAGES", "note": "tea shop" }));
    desk.refuses("cpmsObservationRecord", observation(2026, json!([])), "DUPLICATE_YEAR", "input.year").await;
    desk.refuses("cpmsObservationRecord", observation(2024, json!([])), "DATE_INVALID", "input.year").await;
    desk.refuses("cpmsObservationRecord", observation(2027, json!([])), "DATE_INVALID", "input.year").await;
    let twice = json!([{ "code": "C10_HEALTH", "answer": "NO" }, { "code": "C10_HEALTH", "answer": "YES" }]);
    desk.refuses("cpmsObservationRecord", observation(2025, twice), "BAD_USER_INPUT", "input.answers").await;
    let victim = json!([{ "code": "C06_NEGLECTED", "answer": "YES" }]);
    let late =
        desk.done("cpmsObservationRecord", action, "CpmsObservation", observation(2025, victim), selection).await;
    assert_eq!(late["observation"]["riskClass"], "VICTIM");
    assert_eq!(late["observation"]["reasons"], json!(["C06_NEGLECTED"]));
    // Twice at once for one year: one of them.
    let made = desk.done("childRegister", ACTION, "Child", child("မောင်"), "child { id }").await;
    let before = desk.count("cpms_observation").await;
    let mut input = observation(2026, told);
    input["child"] = made["child"]["id"].clone();
    let send = || desk.send("cpmsObservationRecord", &input, "observation { id }");
    let (one, two) = tokio::join!(send(), send());
    let errors = [&one, &two].map(|answer| answer.at("/data/result/userErrors/0/code").as_str().map(str::to_owned));
    assert!(errors.contains(&None) && errors.iter().any(Option::is_some), "{} {}", one.body, two.body);
    assert_eq!(desk.count("cpms_observation").await, before + 1);
    desk.world.stop().await;
}

async fn who_may_not(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::Supervisor).await;
    let roles = [RoleCode::MrcCounsellor, RoleCode::OrgAdmin, RoleCode::Auditor, RoleCode::CapacityFacilitator];
    desk.denied("childRegister", ACTION, &child("x"), &roles).await;
    let observation = json!({
        "child": seeded("child", "child", 0), "community": "MMR015009", "year": 2026, "collectedOn": "2026-11-21", "answers": []
    });
    desk.denied("cpmsObservationRecord", "CPMS_OBSERVATION_RECORD", &observation, &roles).await;
    desk.world.stop().await;
}

async fn who_writes_without_reading(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Integration).await;
    let id = desk.fresh("child");
    let mut input = child("x");
    input["id"] = json!(id);
    let made = desk.done("childRegister", ACTION, "Child", input, "child { id person { fullName } }").await;
    assert_eq!(made["child"], Value::Null);
    let observation =
        json!({ "child": id, "community": "MMR015009", "year": 2026, "collectedOn": "2026-11-21", "answers": [] });
    let made = desk
        .done(
            "cpmsObservationRecord",
            "CPMS_OBSERVATION_RECORD",
            "CpmsObservation",
            observation,
            "observation { riskClass }",
        )
        .await;
    assert_eq!(made["observation"], Value::Null, "it may observe the child that it brought");
    let foreign = json!({
        "child": seeded("child", "child", 0), "community": "MMR015009", "year": 2026, "collectedOn": "2026-11-21", "answers": []
    });
    desk.refuses("cpmsObservationRecord", foreign, "NOT_FOUND", "input.child").await;
    desk.world.stop().await;
}
