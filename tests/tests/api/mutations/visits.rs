//! Visits in batches: each for itself, each once, whatever is sent again and in whatever order.

use std::collections::BTreeSet;

use entity::user::RoleCode;
use harness::{Answer, Backend, both};
use serde_json::{Value, json};

use super::{Desk, seeded};

both! {
    a_batch_is_logged, a_bad_one_holds_no_other_back, in_any_order_any_number_of_times, at_once, the_devices_clock,
    a_batch_has_limits, who_may_not_log, old_keys_are_forgotten
}

const SELECTION: &str = "results { index outcome visitId userErrors { code field } }";

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better")]
fn visit(id: &str, more: Value) -> Value {
    let mut input = json!({
        "id": id, "centre": seeded("centre", "resource_centre", 0), "visitedOn": "2026-11-20", "channel": "WALK_IN",
        "visitorKind": "ASPIRANT"
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

impl Desk {
    async fn batch(&self, visits: &[Value], selection: &str) -> Answer {
        let answered = self.send("visitsRecord", &json!({ "visits": visits }), selection).await;
        assert!(answered.at("/errors").is_null(), "{}", answered.body);
        assert_eq!(answered.at("/data/result/userErrors"), &json!([]), "{}", answered.body);
        answered
    }

    /// The outcomes of a batch, in the order it was sent.
    async fn outcomes(&self, visits: &[Value]) -> Vec<String> {
        let answered = self.batch(visits, SELECTION).await;
        let results = answered.at("/data/result/results").as_array().unwrap();
        assert_eq!(results.len(), visits.len());
        for (position, (result, sent)) in results.iter().zip(visits).enumerate() {
            assert_eq!(result["index"], position);
            if result["outcome"] == "CREATED" || result["outcome"] == "ALREADY_THERE" {
                assert_eq!((&result["visitId"], &result["userErrors"]), (&sent["id"], &json!([])));
            }
        }
        results.iter().map(|result| result["outcome"].as_str().unwrap().to_owned()).collect()
    }

    fn queue(&self, length: usize) -> Vec<Value> {
        (0..length).map(|number| visit(&self.fresh("visit"), json!({ "note": format!("ခရီးသည် {number}") }))).collect()
    }
}

async fn a_batch_is_logged(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let (before, audits) = (desk.count("visit").await, desk.audits().await);
    let queue = desk.queue(200);
    let answered = desk.batch(&queue, "results { outcome visit { id note rowVersion counsellor { subject } } }").await;
    for (result, sent) in answered.at("/data/result/results").as_array().unwrap().iter().zip(&queue) {
        let read = json!({
            "id": sent["id"], "note": sent["note"], "rowVersion": 1, "counsellor": { "subject": "mrc_counsellor" }
        });
        assert_eq!(result, &json!({ "outcome": "CREATED", "visit": read }));
    }
    assert_eq!(desk.count("visit").await, before + 200);
    let after = desk.audits().await;
    let new: BTreeSet<String> = after
        .difference(&audits)
        .filter_map(|row| Some(row.record.as_ref()?.1))
        .map(|id| lanpya::plan::GlobalId::text("visit", id))
        .collect();
    let sent: BTreeSet<String> = queue.iter().map(|visit| visit["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!((new, after.len()), (sent, audits.len() + 200), "a row of the audit for each");
    assert_eq!(desk.outcomes(&[]).await, Vec::<String>::new());
    desk.world.stop().await;
}

async fn a_bad_one_holds_no_other_back(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let before = desk.count("visit").await;
    let fresh = || desk.fresh("visit");
    let mut nameless = visit("", json!({}));
    nameless.as_object_mut().unwrap().remove("id");
    let there = fresh();
    desk.done("visitRecord", "VISIT_RECORD", "Visit", visit(&there, json!({})), "visit { id }").await;
    let batch = [
        visit(&fresh(), json!({})),
        visit(&fresh(), json!({ "visitedOn": "2026-11-23", "minutes": -1 })),
        visit(&fresh(), json!({ "centre": desk.fresh("centre") })),
        nameless,
        visit(&fresh(), json!({ "homeTownship": "MMR999999" })),
        visit(&there, json!({})),
        visit("visit_x", json!({})),
        visit(&fresh(), json!({ "ticket": "T-000" })),
    ];
    let answered = desk.batch(&batch, SELECTION).await;
    let told: Vec<(String, Vec<(String, String)>)> = answered
        .at("/data/result/results")
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let errors = result["userErrors"].as_array().unwrap().iter();
            (text(&result["outcome"]), errors.map(|error| (text(&error["code"]), text(&error["field"]))).collect())
        })
        .collect();
    let refused = |errors: &[(&str, &str)]| {
        let errors = errors.iter().map(|(code, field)| ((*code).to_owned(), (*field).to_owned())).collect();
        ("REFUSED".to_owned(), errors)
    };
    let created = || ("CREATED".to_owned(), Vec::new());
    assert_eq!(
        told,
        [
            created(),
            refused(&[("DATE_INVALID", "input.visits.1.visitedOn"), ("BAD_USER_INPUT", "input.visits.1.minutes")]),
            refused(&[("NOT_FOUND", "input.visits.2.centre")]),
            refused(&[("FIELD_REQUIRED", "input.visits.3.id")]),
            refused(&[("PCODE_UNKNOWN", "input.visits.4.homeTownship")]),
            refused(&[("DUPLICATE", "input.visits.5.id")]),
            refused(&[("NOT_FOUND", "input.visits.6.id")]),
            created(),
        ]
    );
    assert_eq!(desk.count("visit").await, before + 3);
    // What no type allows is said of the place it stands in, and the device takes it out.
    let mut wrong = desk.queue(3);
    wrong[2]["channel"] = json!("PIGEON");
    let answered = desk.send("visitsRecord", &json!({ "visits": wrong }), SELECTION).await;
    assert_eq!(
        (answered.code(), answered.at("/errors/0/extensions/field")),
        ("CODE_UNKNOWN", &json!("input.visits.2.channel"))
    );
    desk.world.stop().await;
}

async fn in_any_order_any_number_of_times(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let before = desk.count("visit").await;
    let mut queue = desk.queue(12);
    queue[3]["idempotencyKey"] = json!("its own");
    assert_eq!(desk.outcomes(&queue[..5]).await, ["CREATED"; 5]);
    let rows = desk.records().await;
    assert_eq!(desk.outcomes(&queue[..5]).await, ["ALREADY_THERE"; 5]);
    assert!(desk.records().await == rows, "nothing was written");
    // Part of another batch, and twice in the same one.
    let mut mixed = vec![queue[11].clone(), queue[4].clone(), queue[11].clone(), queue[0].clone()];
    assert_eq!(desk.outcomes(&mixed).await, ["CREATED", "ALREADY_THERE", "ALREADY_THERE", "ALREADY_THERE"]);
    desk.world.advance(chrono::Duration::days(29));
    desk.sits(RoleCode::MrcCounsellor);
    mixed.extend(queue.iter().rev().cloned());
    let outcomes = desk.outcomes(&mixed).await;
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "CREATED").count(), 6);
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "ALREADY_THERE").count(), 10);
    assert_eq!(desk.count("visit").await, before + 12);
    // A visit sent alone under a key is the same visit in a batch.
    let mut alone = desk.queue(1).remove(0);
    alone["idempotencyKey"] = json!("alone");
    let made = desk.done("visitRecord", "VISIT_RECORD", "Visit", alone.clone(), "visit { id }").await;
    assert_eq!(made["visit"]["id"], alone["id"]);
    assert_eq!(desk.outcomes(&[alone.clone()]).await, ["ALREADY_THERE"]);
    // The same id for something else is refused.
    let mut other = queue[0].clone();
    other["note"] = json!("another");
    let answered = desk.batch(&[other], SELECTION).await;
    let refused = json!([{ "code": "IDEMPOTENCY_KEY_REUSED", "field": "input.visits.0.id" }]);
    assert_eq!(answered.at("/data/result/results/0/userErrors"), &refused);
    // A key is its user's own, an id is not.
    desk.sits(RoleCode::Supervisor);
    assert_eq!(desk.outcomes(&queue[..1]).await, ["REFUSED"]);
    assert_eq!(desk.count("visit").await, before + 13);
    desk.world.stop().await;
}

async fn at_once(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let before = desk.count("visit").await;
    let queue = desk.queue(30);
    let back: Vec<Value> = queue.iter().rev().cloned().collect();
    let (one, two, three) = tokio::join!(desk.outcomes(&queue), desk.outcomes(&back), desk.outcomes(&queue[10..20]));
    let created = [one, two, three].iter().flatten().filter(|outcome| *outcome == "CREATED").count();
    assert_eq!((created, desk.count("visit").await), (30, before + 30), "each once, whoever came first");
    desk.world.stop().await;
}

/// A device that lost its time: its ids and its words are measured with its own clock.
async fn the_devices_clock(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let now = desk.world.clock.now();
    for (late, expected) in [(0, 0), (90, 90), (-3600, -3600), (400 * 86_400, 34_560_000)] {
        let device = now - chrono::Duration::seconds(late);
        let seconds = u64::try_from(device.timestamp()).unwrap();
        let id = uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, 0));
        let queue = [visit(&lanpya::plan::GlobalId::text("visit", id), json!({ "recordedOnDeviceAt": device }))];
        let input = json!({ "visits": queue, "sentAt": device });
        let selection = "results { outcome visit { deviceOffsetSeconds recordedOnDeviceAt createdAt } }";
        let answered = desk.send("visitsRecord", &input, selection).await;
        let result = answered.at("/data/result/results/0");
        assert_eq!(result["outcome"], "CREATED", "{}", answered.body);
        assert_eq!(result["visit"]["deviceOffsetSeconds"], json!(expected), "{}", answered.body);
        assert_eq!(result["visit"]["createdAt"], json!("2026-11-22T03:00:00.000Z"));
        // The same id without the device's word is of no time that can be.
        let alone = desk.outcomes(&queue).await;
        assert_eq!(alone, ["ALREADY_THERE"], "what was taken is remembered before its age is looked at");
        let id = uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, 1));
        let silent = desk.outcomes(&[visit(&lanpya::plan::GlobalId::text("visit", id), json!({}))]).await;
        let fits = (-600..=45 * 86_400).contains(&late);
        assert_eq!(silent, [if fits { "CREATED" } else { "REFUSED" }], "{late}");
    }
    desk.world.stop().await;
}

async fn a_batch_has_limits(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    desk.refuses("visitsRecord", json!({ "visits": desk.queue(201) }), "TOO_LONG", "input.visits").await;
    let sent_at = json!({ "visits": desk.queue(1), "sentAt": "1900-01-01T00:00:00Z" });
    desk.refuses("visitsRecord", sent_at, "DATE_INVALID", "input.sentAt").await;
    desk.world.stop().await;
}

async fn who_may_not_log(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::Supervisor).await;
    let queue = json!({ "visits": desk.queue(3) });
    let roles = [RoleCode::Caseworker, RoleCode::OrgAdmin, RoleCode::Auditor, RoleCode::NetworkCoordinator];
    desk.denied("visitsRecord", "VISIT_RECORD", &queue, &roles).await;
    desk.sits(RoleCode::Integration);
    let answered = desk.send("visitsRecord", &queue, "results { outcome visitId visit { ticket } }").await;
    for (position, sent) in queue["visits"].as_array().unwrap().iter().enumerate() {
        let told = json!({ "outcome": "CREATED", "visitId": sent["id"], "visit": null });
        assert_eq!(answered.at(&format!("/data/result/results/{position}")), &told, "{}", answered.body);
    }
    desk.world.stop().await;
}

/// Keys of thirty days ago go as new ones come: the table does not grow with the years.
async fn old_keys_are_forgotten(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    assert_eq!(desk.outcomes(&desk.queue(200)).await, ["CREATED"; 200]);
    let full = desk.count("idempotency").await;
    desk.world.advance(chrono::Duration::days(31));
    for _ in 0..6 {
        desk.sits(RoleCode::Supervisor);
        assert_eq!(desk.outcomes(&desk.queue(20)).await, ["CREATED"; 20]);
    }
    let left = desk.count("idempotency").await;
    assert!(left < full - 64 + 120, "{full} keys, {left} a month and 120 visits later");
    desk.world.stop().await;
}
