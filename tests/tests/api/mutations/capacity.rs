//! Capacity assessments: begun, then scored item by item.

use entity::user::RoleCode;
use entity::value::Cell;
use harness::{Backend, both};
use lanpya::plan::GlobalId;
use serde_json::{Value, json};

use super::{Desk, seeded};
use crate::oracle::data::Data;

both! { is_scored, what_scores_need, two_scores_of_one_version, who_may_not }

const ACTION: &str = "CAPACITY_ASSESSMENT_SCORE";
const ASSESSMENT: &str = "assessment { id rowVersion status }";

fn tool() -> String {
    GlobalId::text("capacity_tool", entity::ids::capacity_tool("OCA", "1"))
}

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better")]
fn start(more: Value) -> Value {
    let mut input =
        json!({ "tool": tool(), "kind": "BASELINE", "method": "FACILITATED_SELF", "startedOn": "2026-11-20" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

/// The items of the tool, each domain's together.
async fn items(desk: &Desk) -> Vec<Vec<String>> {
    let data = Data::load(&desk.world.store).await;
    let of = |table: &'static str, column: &'static str, id: uuid::Uuid| -> Vec<uuid::Uuid> {
        data.by(table, column, id).filter_map(|row| row.get("id").and_then(Cell::uuid)).collect()
    };
    let domains = of("capacity_domain", "tool_id", entity::ids::capacity_tool("OCA", "1"));
    let item = |id: &uuid::Uuid| GlobalId::text("capacity_item", *id);
    domains.into_iter().map(|domain| of("capacity_item", "domain_id", domain).iter().map(item).collect()).collect()
}

async fn started(desk: &Desk) -> Value {
    let made = desk.done("capacityAssessmentStart", ACTION, "CapacityAssessment", start(json!({})), ASSESSMENT).await;
    assert_eq!(made["assessment"]["status"], "DRAFT");
    made["assessment"]["id"].clone()
}

async fn is_scored(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::CapacityFacilitator).await;
    let domains = items(&desk).await;
    assert!(domains.len() > 3 && domains.iter().all(|items| items.len() > 1));
    let id = started(&desk).await;
    // The first domain: 1, then 2s; its last item does not apply. All others: 3 and 4 agreed.
    let mut scores = Vec::new();
    for (position, items) in domains.iter().enumerate() {
        for (number, item) in items.iter().enumerate() {
            scores.push(match (position, number) {
                (0, 0) => json!({ "item": item, "self": 1 }),
                (0, number) if number + 1 == items.len() => json!({ "item": item, "isNotApplicable": true }),
                (0, _) => json!({ "item": item, "self": 2 }),
                _ => json!({ "item": item, "self": 3, "agreed": 4, "justification": "အကြောင်း" }),
            });
        }
    }
    let input = json!({ "assessment": id, "expectedVersion": 1, "scores": scores, "endedOn": "2026-11-21" });
    let selection = "assessment { id status endedOn rowVersion overallSelf overallAgreed facilitatorUser { subject } \
                     domainScores { totalCount nodes { self agreed answeredSelf total domain { position } } } \
                     scores(first: 100) { totalCount nodes { self agreed isNotApplicable justification } } }";
    let made = desk.done("capacityAssessmentScore", ACTION, "CapacityAssessment", input.clone(), selection).await;
    let made = &made["assessment"];
    assert_eq!(
        (&made["status"], &made["endedOn"], &made["rowVersion"]),
        (&json!("SCORED"), &json!("2026-11-21"), &json!(2))
    );
    assert_eq!(made["domainScores"]["totalCount"], domains.len());
    assert_eq!(made["scores"]["totalCount"], domains.iter().map(Vec::len).sum::<usize>());
    let count = domains[0].len() - 1;
    let mean = |value: f64| (value * 100.0).round() / 100.0;
    #[expect(clippy::cast_precision_loss, reason = "small")]
    let (answered, all) = (count as f64, domains.len() as f64);
    let first = (1.0 + 2.0 * (answered - 1.0)) / answered;
    let domain_scores = made["domainScores"]["nodes"].as_array().unwrap();
    let low = domain_scores.iter().find(|one| one["agreed"].is_null()).unwrap();
    assert_eq!(low["self"], json!(mean(first)), "{low}");
    assert_eq!((&low["answeredSelf"], &low["total"]), (&json!(count), &json!(count + 1)));
    let overall = made["overallSelf"].as_f64().unwrap();
    let expected = (first + 3.0 * (all - 1.0)) / all;
    assert!((overall - expected).abs() < 0.011, "{overall} {expected}");
    assert_eq!(made["overallAgreed"], json!(4.0));
    let again = json!({ "assessment": id, "expectedVersion": 2, "scores": input["scores"] });
    desk.refuses("capacityAssessmentScore", again, "WRONG_STATE", "input.assessment").await;
    desk.world.stop().await;
}

async fn what_scores_need(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::OrgAdmin).await;
    let all: Vec<String> = items(&desk).await.concat();
    let id = started(&desk).await;
    let score = |change: &dyn Fn(&mut Vec<Value>), more: Value| {
        let mut scores: Vec<Value> = all.iter().map(|item| json!({ "item": item, "self": 2 })).collect();
        change(&mut scores);
        let mut input = json!({ "assessment": id, "expectedVersion": 1, "scores": scores });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let name = "capacityAssessmentScore";
    desk.refuses(name, score(&|scores| drop(scores.pop()), json!({})), "FIELD_REQUIRED", "input.scores").await;
    for value in [0, 5] {
        let off = |scores: &mut Vec<Value>| scores[3]["self"] = json!(value);
        desk.refuses(name, score(&off, json!({})), "BAD_USER_INPUT", "input.scores.3.self").await;
    }
    let twice = |scores: &mut Vec<Value>| scores.push(json!({ "item": all[0], "self": 2 }));
    assert_eq!(desk.refused(name, score(&twice, json!({}))).await[0].0, "BAD_USER_INPUT");
    let differ = |scores: &mut Vec<Value>| scores[1]["agreed"] = json!(3);
    desk.refuses(name, score(&differ, json!({})), "FIELD_REQUIRED", "input.scores.1.justification").await;
    let strange = |scores: &mut Vec<Value>| scores.push(json!({ "item": desk.fresh("capacity_item"), "self": 2 }));
    assert_eq!(desk.refused(name, score(&strange, json!({}))).await[0].0, "CODE_UNKNOWN");
    for day in ["2026-11-19", "2026-11-23"] {
        desk.refuses(name, score(&|_| {}, json!({ "endedOn": day })), "DATE_INVALID", "input.endedOn").await;
    }
    let stale = desk.refused(name, score(&|_| {}, json!({ "expectedVersion": 7 }))).await;
    assert_eq!(stale[0].0, "VERSION_CONFLICT");
    let begin = "capacityAssessmentStart";
    desk.refuses(begin, start(json!({ "startedOn": "2026-11-23" })), "DATE_INVALID", "input.startedOn").await;
    desk.refuses(begin, start(json!({ "tool": desk.fresh("capacity_tool") })), "NOT_FOUND", "input.tool").await;
    desk.refuses(begin, start(json!({ "participants": -1 })), "BAD_USER_INPUT", "input.participants").await;
    desk.world.stop().await;
}

async fn two_scores_of_one_version(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::OrgAdmin).await;
    let id = started(&desk).await;
    let scores: Vec<Value> =
        items(&desk).await.concat().iter().map(|item| json!({ "item": item, "self": 2 })).collect();
    let input = json!({ "assessment": id, "expectedVersion": 1, "scores": scores });
    let before = desk.count("item_score").await;
    let send = || desk.send("capacityAssessmentScore", &input, ASSESSMENT);
    let (one, two) = tokio::join!(send(), send());
    let won = [&one, &two].iter().filter(|answer| answer.at("/data/result/userErrors") == &json!([])).count();
    assert_eq!(won, 1, "{} {}", one.body, two.body);
    assert_eq!(desk.count("item_score").await, before + scores.len());
    desk.world.stop().await;
}

async fn who_may_not(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::OrgAdmin).await;
    let roles = [RoleCode::Supervisor, RoleCode::Caseworker, RoleCode::OrgDataOfficer, RoleCode::Integration];
    desk.denied("capacityAssessmentStart", ACTION, &start(json!({})), &roles).await;
    // Somebody else's assessment is not there.
    desk.sits(RoleCode::CapacityFacilitator);
    let input = json!({ "assessment": seeded("capacity_assessment", "capacity_assessment", 1), "expectedVersion": 1, "scores": [] });
    assert_eq!(desk.refused("capacityAssessmentScore", input).await[0].0, "NOT_FOUND");
    desk.world.stop().await;
}
