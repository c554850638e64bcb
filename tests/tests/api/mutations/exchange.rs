//! Both organisations of a referral at once: whoever comes first, both sides end in one and the same state, and nobody waits
//! for the other for good.

use std::collections::BTreeSet;

use entity::user::RoleCode;
use harness::random::Random;
use harness::{BETA, Backend, both};
use serde_json::json;

use super::Desk;
use super::referral::{HERE, referral, take};

both! { both_at_once }

async fn both_at_once(backend: Backend) {
    let desk = Desk::agreed(backend, RoleCode::MrcCounsellor).await;
    let theirs = desk.world.token(&BETA, RoleCode::MrcCounsellor);
    let mut random = Random::new(7);
    let mut ends = BTreeSet::new();
    for _ in 0..12 {
        let consent = desk.consents(0, json!({})).await;
        let sent = desk.done("referralSend", "REFERRAL_WRITE", "Referral", referral(&consent, json!({})), HERE);
        let sent = sent.await["referral"].clone();
        let mut there = desk.inbox().await[0].clone();
        for step in ["referralAcknowledge", "referralAccept"].into_iter().take(random.below(3)) {
            there = desk.steps(step, &there, json!({})).await.unwrap();
        }
        let here = desk.outbox(&sent).await;
        let (step, more) = match there["status"].as_str().unwrap() {
            "SENT" => ("referralAcknowledge", json!({})),
            "RECEIVED" => ("referralReject", json!({ "reason": "No place" })),
            _ => ("referralComplete", json!({ "note": "Done" })),
        };
        let query = "mutation($input: ConsentWithdrawInput!) { result: consentWithdraw(input: $input) { userErrors { code } } }";
        let withdraw = json!({ "input": { "consent": consent["id"], "expectedVersion": 1, "reason": "Afraid" } });
        let withdraws = random.chance(50);
        let ours = async {
            if withdraws {
                let answer = desk.world.ask(&desk.token, query, withdraw).await;
                assert!(answer.at("/errors").is_null(), "{}", answer.body);
                return answer.at("/data/result/userErrors").as_array().is_some_and(Vec::is_empty);
            }
            take(&desk.world, &desk.token, "referralRevoke", &here, json!({ "reason": "Went home" })).await.is_ok()
        };
        let (ours, answered) = tokio::join!(ours, take(&desk.world, &theirs, step, &there, more));
        assert!(ours || answered.is_ok(), "one of the two comes first");
        if let Err((code, _)) = &answered {
            assert!(["WRONG_STATE", "VERSION_CONFLICT"].contains(&code.as_str()), "{code}");
        }
        let (here, there) = (desk.outbox(&sent).await, desk.inbox().await[0].clone());
        assert_eq!(here["status"], there["status"]);
        assert_eq!(here["endedAt"], there["endedAt"]);
        assert_eq!(there["purpose"].is_null(), !there["endedAt"].is_null(), "gone there exactly if it has ended");
        assert!(here["purpose"].is_string());
        ends.insert(here["status"].to_string());
        desk.world.advance(chrono::Duration::seconds(1));
    }
    assert!(ends.len() > 2, "{ends:?}");
    desk.world.stop().await;
}
