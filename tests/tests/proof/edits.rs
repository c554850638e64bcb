//! No lost update: of many writers who read the same version one is acknowledged, the others are told, and what is
//! there in the end is the fold of what was acknowledged. And the invariants that must survive concurrency, by name.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use entity::user::RoleCode;
use futures_util::future::join_all;
use harness::proof::{Proof, size};
use harness::{ALPHA, Answer, Backend, World, both};
use lanpya::plan::GlobalId;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::acts::{self, happened, mutation, trouble};

both! { every_acknowledged_edit_counts, a_closed_case_has_no_open_work, one_set_of_scores }

const WRITERS: usize = 32;
const CASE: &str = "case { id rowVersion workflow closureNote reopenReason }";

/// A case whose services were given, ready to be closed.
async fn ready(world: &World, token: &str) -> String {
    let send = async |name: &str, mut input: Value, selection: &str| -> Answer {
        input["idempotencyKey"] = json!(world.clock.new_id());
        let mut answer = world.ask(token, &mutation(name, selection), json!({ "input": input })).await;
        for _ in 0..20 {
            if trouble(&answer) != "UNAVAILABLE" {
                break;
            }
            answer = world.ask(token, &mutation(name, selection), json!({ "input": input })).await;
        }
        assert!(happened(&answer), "{name}: {}", answer.body);
        answer
    };
    let opening = json!({
        "module": "CHILD_PROTECTION", "child": acts::seeded("child", "child", 0), "identifiedThrough": "HOTLINE",
        "registeredOn": "2026-11-16", "riskLevel": "HIGH"
    });
    let opened = send("caseOpen", opening, "case { id }").await;
    let case = opened.at("/data/result/case/id").as_str().unwrap().to_owned();
    let step = |version: i32, more: Value| {
        let mut input = json!({ "case": case, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    send("caseAssess", step(1, json!({ "legalBasis": "CONSENT" })), "case { id }").await;
    send("casePlan", step(2, json!({ "goals": ["x"] })), "case { id }").await;
    let service = json!({ "case": case, "responseKind": "CARE_PLAN", "serviceType": "LEGAL_ASSISTANCE" });
    let service = send("caseServiceAdd", service, "service { id }").await;
    send("caseStartServices", step(3, json!({})), "case { id }").await;
    let given = json!({ "service": service.at("/data/result/service/id"), "expectedVersion": 1 });
    send("caseServiceImplement", given, "service { id }").await;
    case
}

/// What was acknowledged: version reached, and the text written with it.
type Acknowledged = BTreeMap<i64, String>;

async fn every_acknowledged_edit_counts(backend: Backend) {
    let mut proof = Proof::of(14, format!("edits::every_acknowledged_edit_counts::{backend:?}"));
    let world = Arc::new(World::new(backend).await);
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    // Fewer cases, more conflicts: a conflict costs two more requests.
    let cases: usize = size(16, 8);
    let cases: Vec<String> = join_all((0..cases).map(|_| ready(&world, &token))).await;
    let edits = size(300, 10_000);
    let left = Arc::new(AtomicUsize::new(edits));
    let writers = (0..WRITERS).map(|writer| {
        let (world, token, left) = (Arc::clone(&world), token.clone(), Arc::clone(&left));
        let case = cases[writer % cases.len()].clone();
        tokio::spawn(async move { edit(&world, &token, &case, writer, &left).await })
    });
    let done: Vec<(Acknowledged, BTreeMap<String, usize>)> =
        join_all(writers).await.into_iter().map(Result::unwrap).collect();
    let (mut acknowledged, mut conflicts) = (0, BTreeMap::<String, usize>::new());
    for (number, case) in cases.iter().enumerate() {
        let mut fold = Acknowledged::new();
        for (mine, troubles) in done.iter().skip(number).step_by(cases.len()) {
            for (version, text) in mine {
                let twice = fold.insert(*version, text.clone());
                assert!(twice.is_none(), "two writers were told they made version {version}");
            }
            for (code, times) in troubles {
                *conflicts.entry(code.clone()).or_default() += times;
            }
        }
        acknowledged += fold.len();
        let versions: Vec<i64> = fold.keys().copied().collect();
        let expected: Vec<i64> = (5..).take(fold.len()).collect();
        assert_eq!(versions, expected, "every version was acknowledged to exactly one writer");
        let last = fold.last_key_value().unwrap();
        let query = "query($id: ID!) { case(id: $id) { rowVersion closureNote reopenReason } }";
        let now = world.ask(&token, query, json!({ "id": case })).await;
        let now = now.at("/data/case");
        assert_eq!(now["rowVersion"], *last.0);
        assert!([&now["closureNote"], &now["reopenReason"]].contains(&&json!(last.1)), "{now} is not {last:?}");
        let id = GlobalId::read(case).unwrap().id;
        let mine = match backend {
            Backend::Postgres => format!("record_id = '{id}' AND record_type = 'Case'"),
            Backend::Sqlite => format!("record_id = x'{}' AND record_type = 'Case'", id.simple()),
        };
        let rows = acts::count(&world.store, "audit_event", &mine).await;
        assert_eq!(rows, usize::try_from(*last.0).unwrap(), "one audit row for each version");
    }
    assert_eq!(acknowledged, edits);
    let known = ["VERSION_CONFLICT", "UNAVAILABLE", "TIMEOUT", "WRONG_STATE"];
    assert!(conflicts.keys().all(|code| known.contains(&code.as_str())), "{conflicts:?}");
    proof.figure("edits", edits);
    proof.figure("writers", WRITERS);
    proof.figure("cases", cases.len());
    proof.figure("lost", 0);
    proof.figure("refused", json!(conflicts));
    proof.held();
}

/// Closes and reopens a case, until as many edits as asked for were acknowledged to all writers together.
async fn edit(
    world: &World,
    token: &str,
    case: &str,
    writer: usize,
    left: &AtomicUsize,
) -> (Acknowledged, BTreeMap<String, usize>) {
    let (mut mine, mut refused) = (Acknowledged::new(), BTreeMap::new());
    let query = "query($id: ID!) { case(id: $id) { rowVersion workflow } }";
    let take = |left: usize| left.checked_sub(1);
    while left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok() {
        loop {
            let read = world.ask(token, query, json!({ "id": case })).await;
            let (version, workflow) =
                (read.at("/data/case/rowVersion").clone(), read.at("/data/case/workflow").clone());
            if version.is_null() {
                *refused.entry(trouble(&read)).or_default() += 1;
                continue;
            }
            let text = format!("{writer} after {version}");
            let mut input = json!({ "case": case, "expectedVersion": version, "idempotencyKey": text });
            let name = if workflow == "CLOSED" {
                input["reason"] = json!(text);
                "caseReopen"
            } else {
                input["reason"] = json!("GOALS_MET");
                input["note"] = json!(text);
                "caseClose"
            };
            let mut answer = world.ask(token, &mutation(name, CASE), json!({ "input": input })).await;
            // What became of it is not known: the key makes sure that it happens once, and that this writer hears of it.
            while ["UNAVAILABLE", "TIMEOUT"].contains(&trouble(&answer).as_str()) {
                *refused.entry(trouble(&answer)).or_default() += 1;
                answer = world.ask(token, &mutation(name, CASE), json!({ "input": input })).await;
            }
            if happened(&answer) {
                // The payload is read after the commit, so it may tell of a later edit already.
                mine.insert(version.as_i64().unwrap() + 1, text);
                break;
            }
            *refused.entry(trouble(&answer)).or_default() += 1;
        }
    }
    (mine, refused)
}

/// Closing asks that nothing is open; opening work asks that the case is. Sent together, one of them must lose or the
/// case is open in the end.
async fn a_closed_case_has_no_open_work(backend: Backend) {
    let mut proof = Proof::of(15, format!("edits::a_closed_case_has_no_open_work::{backend:?}"));
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let rounds = size(20, 300);
    let mut random = StdRng::seed_from_u64(6);
    let mut seen = BTreeMap::<String, usize>::new();
    for round in 0..rounds {
        let case = ready(&world, &token).await;
        let close = json!({ "input": { "case": case, "expectedVersion": 4, "reason": "GOALS_MET" } });
        let mut work = json!({ "input": { "case": case } });
        let (kind, opens) = if round % 2 == 0 {
            work["input"]["responseKind"] = json!("CARE_PLAN");
            work["input"]["serviceType"] = json!("LEGAL_ASSISTANCE");
            ("service", mutation("caseServiceAdd", "service { id }"))
        } else {
            work["input"]["kind"] = json!("IN_CARE");
            work["input"]["neededBy"] = json!("2026-12-22");
            ("follow-up", mutation("caseFollowUpAdd", "followUp { id }"))
        };
        let (closes, wait) = (mutation("caseClose", "case { id }"), random.random_range(0..6000));
        let open_work = async {
            tokio::time::sleep(Duration::from_micros(wait)).await;
            world.ask(&token, &opens, work).await
        };
        let (close_it, open_work) = tokio::join!(world.ask(&token, &closes, close), open_work);
        let told = |answer: &Answer| if happened(answer) { "DONE".to_owned() } else { trouble(answer) };
        *seen.entry(format!("close {}, {kind} {}", told(&close_it), told(&open_work))).or_default() += 1;
    }
    proof.figure("rounds", rounds);
    proof.figure("outcomes", json!(seen));
    let broken = "status = 'CLOSED' AND EXISTS (SELECT 1 FROM case_service AS s WHERE s.organisation_id = \
                  \"case\".organisation_id AND s.case_id = \"case\".id AND s.implementation = 'NOT_IMPLEMENTED') AND \
                  created_at > '2026-11-22'";
    assert_eq!(acts::count(&world.store, "case", broken).await, 0, "closed with an open service: {seen:?}");
    proof.held();
    world.stop().await;
}

/// A draft is scored once, however many send scores for the same version.
async fn one_set_of_scores(backend: Backend) {
    let mut proof = Proof::of(15, format!("edits::one_set_of_scores::{backend:?}"));
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::CapacityFacilitator);
    let tool = entity::ids::capacity_tool("OCA", "1");
    let tool_is = match backend {
        Backend::Postgres => format!("'{tool}'"),
        Backend::Sqlite => format!("x'{}'", tool.simple()),
    };
    let id = if backend == Backend::Postgres { "i.id::text" } else { "hex(i.id)" };
    let sql = format!(
        "SELECT {id} FROM capacity_item AS i JOIN capacity_domain AS d ON d.id = i.domain_id WHERE d.tool_id = {tool_is}"
    );
    let items: Vec<String> = world.store.column(&sql).await;
    let scores: Vec<Value> = items
        .iter()
        .map(|item| json!({ "item": GlobalId::text("capacity_item", item.parse().unwrap()), "self": 2 }))
        .collect();
    assert!(scores.len() > 10);
    let rounds = size(5, 100);
    let mut seen = BTreeMap::<String, usize>::new();
    for _ in 0..rounds {
        let start = json!({ "input": {
            "tool": GlobalId::text("capacity_tool", tool), "kind": "BASELINE", "method": "FACILITATED_SELF",
            "startedOn": "2026-11-20"
        } });
        let started = world.ask(&token, &mutation("capacityAssessmentStart", "assessment { id }"), start).await;
        let assessment = started.at("/data/result/assessment/id").clone();
        let score = mutation("capacityAssessmentScore", "assessment { id }");
        let input = json!({ "input": { "assessment": assessment, "expectedVersion": 1, "scores": scores } });
        let sent = (0..4).map(|_| world.ask(&token, &score, input.clone()));
        let answers = join_all(sent).await;
        assert_eq!(answers.iter().filter(|answer| happened(answer)).count(), 1, "one is acknowledged");
        for answer in answers.iter().filter(|answer| !happened(answer)) {
            *seen.entry(trouble(answer)).or_default() += 1;
        }
    }
    let made = "created_at > '2026-11-22'";
    assert_eq!(acts::count(&world.store, "item_score", made).await, rounds * scores.len(), "each item once");
    proof.figure("rounds", rounds);
    proof.figure("writers", 4);
    proof.figure("refused", json!(seen));
    proof.held();
    world.stop().await;
}
