//! Webhooks: what a receiver on this machine is told of referrals between ALPHA and BETA, how often, and signed how.

use std::time::Duration;

use chrono::TimeDelta;
use entity::user::RoleCode;
use harness::receiver::{Receiver, Reply, Told};
use harness::seed::Organisation;
use harness::world::config;
use harness::{ALPHA, BETA, Backend, Data, World, both};
use lanpya::clock::Clock;
use serde_json::{Value, json};

use super::referral::{take, with};
use super::{Desk, seeded};

both! {
    a_referral_is_told_once, both_sides_are_told_of_a_status, every_end_is_told, is_tried_again_under_the_same_id,
    is_given_up_and_told_again, a_receiver_that_is_gone_is_left_alone, silence_is_not_waited_for,
    what_was_undone_is_not_told, two_servers_send_once, a_server_that_dies_leaves_it_to_the_next, addresses_are_checked,
    secrets_are_shown_once, what_is_switched_off_is_not_told, who_may_not
}

const WRITE: &str = "WEBHOOK_WRITE";
const DELIVERY: &str = "id rowVersion state attempt nextAttemptAt responseCode lastError sentAt event referralStatus occurredAt subscription { id }";

/// A world whose server looks often and waits for receivers as long as is said.
async fn world(backend: Backend, patience: Duration) -> World {
    let tune = |config: &mut lanpya::config::Config| {
        config.webhook_look = Some(Duration::from_millis(50));
        config.webhook_timeout = patience;
    };
    World::tuned(backend, Data::Twins, Clock::manual(harness::world::start()), tune).await
}

async fn desk(backend: Backend) -> Desk {
    Desk::agreed_in(world(backend, Duration::from_secs(10)).await, RoleCode::MrcCounsellor).await
}

async fn admin(world: &World, who: &Organisation, mutation: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", &mutation[..1].to_uppercase(), &mutation[1..]);
    let secret = if matches!(mutation, "webhookSubscribe" | "webhookRotateSecret") { "secret" } else { "" };
    let query = format!(
        "mutation($input: {kind}!) {{ result: {mutation}(input: $input) {{ {secret} \
         webhookSubscription {{ id rowVersion url events isActive description rotatedAt }} userErrors {{ code field }} }} }}"
    );
    let answer = world.ask(&world.token(who, RoleCode::OrgAdmin), &query, json!({ "input": input })).await;
    assert!(answer.at("/errors").is_null(), "{mutation}: {}", answer.body);
    answer.at("/data/result").clone()
}

/// Subscribes to both events.
async fn subscribe(world: &World, who: &Organisation, url: &str) -> Value {
    let input = json!({ "url": url, "events": ["REFERRAL_STATUS_CHANGED", "REFERRAL_RECEIVED"] });
    let done = admin(world, who, "webhookSubscribe", input).await;
    assert_eq!(done["userErrors"], json!([]), "{url}");
    done
}

/// What an organisation was to be told since the test began, in order.
async fn deliveries(world: &World, who: &Organisation, role: RoleCode) -> Vec<Value> {
    let query = format!(
        "{{ webhookDeliveries(where: {{ occurredAt: {{ gte: \"2026-11-22T00:00:00Z\" }} }}, \
         orderBy: [{{ field: OCCURRED_AT, direction: ASC }}]) {{ nodes {{ {DELIVERY} }} }} }}"
    );
    let answer = world.ask(&world.token(who, role), &query, json!({})).await;
    answer.at("/data/webhookDeliveries/nodes").as_array().unwrap_or_else(|| panic!("{}", answer.body)).clone()
}

/// The same, once all of them are in these states.
async fn come_to(world: &World, who: &Organisation, states: &[&str]) -> Vec<Value> {
    for _ in 0..3_000 {
        let found = deliveries(world, who, RoleCode::OrgAdmin).await;
        if found.iter().map(|one| one["state"].as_str().unwrap()).eq(states.iter().copied()) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{:#?} and not {states:?}", deliveries(world, who, RoleCode::OrgAdmin).await);
}

/// The same for one delivery that was tried so often and waits for the next time.
async fn tried(world: &World, who: &Organisation, attempts: usize) -> Value {
    for _ in 0..3_000 {
        let found = deliveries(world, who, RoleCode::OrgAdmin).await.remove(0);
        // It is written when it is taken, and when what came of it is known.
        if found["rowVersion"] == 1 + 2 * attempts {
            assert_eq!(found["attempt"], attempts);
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not tried {attempts} times: {:#?}", deliveries(world, who, RoleCode::OrgAdmin).await);
}

/// Until when whoever sends a message now has it.
fn lease(world: &World) -> String {
    later(world, TimeDelta::minutes(1))
}

fn later(world: &World, by: TimeDelta) -> String {
    (world.clock.now() + by).to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

async fn acknowledged(world: &World, referral: &Value) -> Result<Value, (String, String)> {
    take(world, &world.token(&BETA, RoleCode::MrcCounsellor), "referralAcknowledge", referral, json!({})).await
}

fn is_signed(told: &Told, secret: &Value) -> bool {
    told.header("webhook-signature").split(' ').any(|one| one == told.signed(secret.as_str().unwrap()))
}

async fn a_referral_is_told_once(backend: Backend) {
    let desk = desk(backend).await;
    let receiver = Receiver::new().await;
    let subscribed = subscribe(&desk.world, &BETA, &receiver.url()).await;
    desk.refers(json!({})).await;
    let told = receiver.told(1).await.remove(0);
    let there = desk.inbox().await.remove(0);
    let found = come_to(&desk.world, &BETA, &["SENT"]).await.remove(0);
    let second = desk.world.clock.now().timestamp().to_string();
    assert_eq!((told.header("content-type"), told.header("webhook-timestamp")), ("application/json", second.as_str()));
    assert_eq!(told.header("webhook-id"), found["id"]);
    // Ids and codes, and nothing else of it.
    let body = json!({
        "id": found["id"], "type": "referral.received", "occurredAt": "2026-11-22T03:00:00.000Z",
        "data": { "referral": there["id"], "status": "SENT" }
    });
    assert_eq!(told.json(), body);
    assert!(is_signed(&told, &subscribed["secret"]));
    assert!(!is_signed(&told, &json!("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
    assert_eq!(
        (&found["attempt"], &found["responseCode"], &found["lastError"]),
        (&json!(1), &json!(204), &Value::Null)
    );
    assert_eq!((&found["sentAt"], &found["nextAttemptAt"]), (&json!("2026-11-22T03:00:00.000Z"), &Value::Null));
    assert_eq!(found["subscription"]["id"], subscribed["webhookSubscription"]["id"]);
    assert_eq!(deliveries(&desk.world, &BETA, RoleCode::Integration).await, [found]);
    assert_eq!(deliveries(&desk.world, &ALPHA, RoleCode::OrgAdmin).await, Vec::<Value>::new());
    // Who was told asks for the rest, with the rights of its own.
    let query = format!(
        "{{ referral(id: {}) {{ status serviceType partner {{ code }} shared name purpose visit {{ id }} }} }}",
        told.json()["data"]["referral"]
    );
    let answer = desk.world.ask(&desk.world.token(&BETA, RoleCode::Integration), &query, json!({})).await;
    let read = json!({
        "status": "SENT", "serviceType": "LEGAL_ASSISTANCE", "partner": { "code": "ALPHA" },
        "shared": ["AGE", "SEX", "SIGNS", "TICKET"], "name": null, "purpose": null, "visit": null
    });
    assert_eq!(answer.at("/data/referral"), &read, "{}", answer.body);
    assert_eq!(receiver.told(1).await.len(), 1);
    desk.world.stop().await;
}

async fn both_sides_are_told_of_a_status(backend: Backend) {
    let desk = desk(backend).await;
    let (ours, theirs) = (Receiver::new().await, Receiver::new().await);
    subscribe(&desk.world, &ALPHA, &ours.url()).await;
    subscribe(&desk.world, &BETA, &theirs.url()).await;
    let sent = desk.refers(json!({})).await;
    let there = desk.inbox().await.remove(0);
    acknowledged(&desk.world, &there).await.unwrap();
    let here = ours.told(1).await.remove(0).json();
    assert_eq!(here["type"], "referral.status_changed");
    assert_eq!(here["data"], json!({ "referral": sent["id"], "status": "RECEIVED" }));
    let beta: Vec<Value> = theirs.told(2).await.iter().map(Told::json).collect();
    let changed = beta.iter().find(|told| told["type"] == "referral.status_changed").unwrap();
    assert_eq!(changed["data"], json!({ "referral": there["id"], "status": "RECEIVED" }));
    come_to(&desk.world, &ALPHA, &["SENT"]).await;
    come_to(&desk.world, &BETA, &["SENT", "SENT"]).await;
    desk.world.stop().await;
}

async fn every_end_is_told(backend: Backend) {
    let desk = desk(backend).await;
    let (ours, theirs) = (Receiver::new().await, Receiver::new().await);
    subscribe(&desk.world, &ALPHA, &ours.url()).await;
    subscribe(&desk.world, &BETA, &theirs.url()).await;
    let sent = desk.refers(json!({})).await;
    theirs.told(1).await;
    let consent = desk.outbox(&sent).await["consent"]["id"].clone();
    let input = json!({ "consent": consent, "expectedVersion": 1, "reason": "Afraid" });
    desk.done("consentWithdraw", "CONSENT_WRITE", "Consent", input, "consent { id }").await;
    assert_eq!(ours.told(1).await[0].json()["data"]["status"], "WITHDRAWN_CONSENT");
    assert_eq!(theirs.told(2).await[1].json()["data"]["status"], "WITHDRAWN_CONSENT");
    // Each organisation ends it by itself, with its first answer of the day.
    desk.refers(json!({})).await;
    theirs.told(3).await;
    desk.world.advance(TimeDelta::days(80));
    for (who, receiver, before) in [(&ALPHA, &ours, 1), (&BETA, &theirs, 3)] {
        deliveries(&desk.world, who, RoleCode::OrgAdmin).await;
        // What was seeded expires too.
        let told = receiver.told(before + 1).await;
        assert!(told[before..].iter().any(|told| told.json()["data"]["status"] == "EXPIRED"), "{}", who.code);
    }
    desk.world.stop().await;
}

async fn is_tried_again_under_the_same_id(backend: Backend) {
    let desk = desk(backend).await;
    let (receiver, elsewhere) = (Receiver::new().await, Receiver::new().await);
    receiver.answers([Reply::Status(500), Reply::Elsewhere(elsewhere.url())]);
    let subscribed = subscribe(&desk.world, &BETA, &receiver.url()).await;
    desk.refers(json!({})).await;
    for (attempt, code, wait) in [(1, 500, 10), (2, 302, 60)] {
        let found = tried(&desk.world, &BETA, attempt).await;
        let wait = TimeDelta::seconds(wait);
        assert_eq!((&found["state"], &found["lastError"]), (&json!("PENDING"), &json!("NOT_ACCEPTED")));
        assert_eq!((&found["responseCode"], &found["nextAttemptAt"]), (&json!(code), &json!(later(&desk.world, wait))));
        desk.world.advance(wait);
        receiver.told(attempt + 1).await;
    }
    come_to(&desk.world, &BETA, &["SENT"]).await;
    let told = receiver.told(3).await;
    assert_eq!(told.len(), 3);
    for one in &told {
        assert_eq!((one.header("webhook-id"), &one.body), (told[0].header("webhook-id"), &told[0].body));
        assert!(is_signed(one, &subscribed["secret"]));
    }
    assert_ne!(told[0].header("webhook-timestamp"), told[1].header("webhook-timestamp"));
    assert_eq!(elsewhere.told(0).await.len(), 0, "nobody is followed elsewhere");
    desk.world.stop().await;
}

async fn is_given_up_and_told_again(backend: Backend) {
    let desk = desk(backend).await;
    let receiver = Receiver::new().await;
    receiver.answers(std::iter::repeat_n(Reply::Status(503), 9));
    let subscribed = subscribe(&desk.world, &BETA, &receiver.url()).await["webhookSubscription"]["id"].clone();
    desk.refers(json!({})).await;
    for attempt in 1..9 {
        tried(&desk.world, &BETA, attempt).await;
        desk.world.advance(TimeDelta::days(7));
        receiver.told(attempt + 1).await;
    }
    let found = come_to(&desk.world, &BETA, &["FAILED"]).await.remove(0);
    assert_eq!((&found["attempt"], &found["nextAttemptAt"]), (&json!(9), &Value::Null));
    for (from, until, code, field) in [
        ("2026-11-22T03:00:00Z", "2026-11-22T02:00:00Z", "DATE_INVALID", "input.until"),
        ("2026-11-22T03:00:00.001Z", "2026-11-22T04:00:00Z", "", ""),
    ] {
        let input = json!({ "subscription": subscribed, "from": from, "until": until });
        let done = admin(&desk.world, &BETA, "webhookReplay", input).await;
        assert_eq!(done["userErrors"][0]["code"].as_str().unwrap_or_default(), code, "{done}");
        assert_eq!(done["userErrors"][0]["field"].as_str().unwrap_or_default(), field);
        assert_eq!(deliveries(&desk.world, &BETA, RoleCode::OrgAdmin).await[0]["state"], "FAILED");
    }
    let input = json!({ "subscription": subscribed, "from": "2026-11-22T03:00:00Z", "idempotencyKey": "again" });
    for _ in 0..2 {
        let done = admin(&desk.world, &BETA, "webhookReplay", input.clone()).await;
        assert_eq!((&done["userErrors"], &done["webhookSubscription"]["id"]), (&json!([]), &subscribed));
        assert_eq!(come_to(&desk.world, &BETA, &["SENT"]).await[0]["attempt"], 1);
    }
    let told = receiver.told(10).await;
    assert_eq!((told.len(), told[9].header("webhook-id")), (10, told[0].header("webhook-id")));
    desk.world.stop().await;
}

async fn a_receiver_that_is_gone_is_left_alone(backend: Backend) {
    let desk = desk(backend).await;
    let receiver = Receiver::new().await;
    receiver.answers([Reply::Status(500), Reply::Status(410)]);
    let subscribed = subscribe(&desk.world, &BETA, &receiver.url()).await["webhookSubscription"]["id"].clone();
    desk.refers(json!({})).await;
    tried(&desk.world, &BETA, 1).await;
    desk.world.advance(TimeDelta::seconds(1));
    desk.refers(json!({})).await;
    let found = come_to(&desk.world, &BETA, &["CANCELLED", "CANCELLED"]).await;
    assert_eq!((&found[1]["lastError"], &found[1]["responseCode"]), (&json!("GONE"), &json!(410)));
    assert_eq!(found[0]["lastError"], "GONE");
    let query = format!("{{ webhookSubscription(id: {subscribed}) {{ isActive deliveries {{ totalCount }} }} }}");
    let token = desk.world.token(&BETA, RoleCode::OrgAdmin);
    let answer = desk.world.ask(&token, &query, json!({})).await;
    let off = json!({ "isActive": false, "deliveries": { "totalCount": 2 } });
    assert_eq!(answer.at("/data/webhookSubscription"), &off, "{}", answer.body);
    // From now on it is told nothing, not even again.
    desk.refers(json!({})).await;
    desk.world.advance(TimeDelta::days(1));
    let input = json!({ "subscription": subscribed, "from": "2026-11-22T00:00:00Z" });
    let done = admin(&desk.world, &BETA, "webhookReplay", input).await;
    assert_eq!(done["userErrors"], json!([{ "code": "WRONG_STATE", "field": "input.subscription" }]));
    assert_eq!(deliveries(&desk.world, &BETA, RoleCode::OrgAdmin).await.len(), 2);
    assert_eq!(receiver.told(2).await.len(), 2);
    desk.world.stop().await;
}

async fn silence_is_not_waited_for(backend: Backend) {
    let world = world(backend, Duration::from_millis(300)).await;
    let desk = Desk::agreed_in(world, RoleCode::MrcCounsellor).await;
    let silent = Receiver::new().await;
    silent.answers(std::iter::repeat_n(Reply::Silence, 9));
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    // A name that means this machine, which the settings do not name.
    let urls = [silent.url(), format!("http://{closed}/"), "https://localhost/".to_owned()];
    for url in &urls {
        subscribe(&desk.world, &BETA, url).await;
    }
    desk.refers(json!({})).await;
    let mut found = Vec::new();
    for _ in 0..3_000 {
        found = deliveries(&desk.world, &BETA, RoleCode::OrgAdmin).await;
        if found.iter().all(|one| !one["lastError"].is_null()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut errors: Vec<&str> = found.iter().map(|one| one["lastError"].as_str().unwrap()).collect();
    errors.sort_unstable();
    assert_eq!(errors, ["ADDRESS_REFUSED", "NOT_REACHED", "TIMED_OUT"]);
    assert!(found.iter().all(|one| one["state"] == "PENDING" && one["responseCode"].is_null()));
    desk.world.stop().await;
}

async fn what_was_undone_is_not_told(backend: Backend) {
    let desk = desk(backend).await;
    let receiver = Receiver::new().await;
    subscribe(&desk.world, &BETA, &receiver.url()).await;
    let sent = desk.refers(json!({})).await;
    come_to(&desk.world, &BETA, &["SENT"]).await;
    // BETA's side is written first; that ALPHA's id is taken shows last. Nothing is left of either.
    let consent = desk.consents(0, json!({})).await;
    let again = super::referral::referral(&consent, json!({ "id": sent["id"] }));
    desk.refuses("referralSend", again, "DUPLICATE", "input.id").await;
    assert_eq!(deliveries(&desk.world, &BETA, RoleCode::OrgAdmin).await.len(), 1);
    assert_eq!(receiver.told(1).await.len(), 1);
    desk.world.stop().await;
}

async fn two_servers_send_once(backend: Backend) {
    let desk = desk(backend).await;
    let mut settings = config(&desk.world.store.url, &desk.world.keys);
    settings.webhook_look = Some(Duration::from_millis(5));
    let other = lanpya::serve(&settings, desk.world.clock.clone(), None).await.unwrap();
    let receiver = Receiver::new().await;
    for _ in 0..4 {
        subscribe(&desk.world, &BETA, &receiver.url()).await;
    }
    for _ in 0..5 {
        desk.refers(json!({})).await;
    }
    come_to(&desk.world, &BETA, &["SENT"; 20]).await;
    let told = receiver.told(20).await;
    let mut ids: Vec<&str> = told.iter().map(|told| told.header("webhook-id")).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((told.len(), ids.len()), (20, 20));
    other.stop().await;
    desk.world.stop().await;
}

/// The server is stopped while nobody answers it; what it had taken is taken by the next, a minute later.
async fn a_server_that_dies_leaves_it_to_the_next(backend: Backend) {
    let desk = desk(backend).await;
    let receiver = Receiver::new().await;
    receiver.answers([Reply::Silence]);
    subscribe(&desk.world, &BETA, &receiver.url()).await;
    desk.refers(json!({})).await;
    receiver.told(1).await;
    // A second server, while the first still waits: it leaves the message alone until the minute is over.
    let found = deliveries(&desk.world, &BETA, RoleCode::OrgAdmin).await.remove(0);
    assert_eq!((&found["state"], &found["nextAttemptAt"]), (&json!("PENDING"), &json!(lease(&desk.world))));
    let settings = config(&desk.world.store.url, &desk.world.keys);
    let other = lanpya::serve(&settings, desk.world.clock.clone(), None).await.unwrap();
    desk.world.advance(TimeDelta::minutes(1));
    let found = come_to(&desk.world, &BETA, &["SENT"]).await.remove(0);
    assert_eq!(found["attempt"], 2);
    let told = receiver.told(2).await;
    assert_eq!((told.len(), told[1].header("webhook-id")), (2, told[0].header("webhook-id")));
    other.stop().await;
    desk.world.stop().await;
}

async fn addresses_are_checked(backend: Backend) {
    let mut desk = desk(backend).await;
    desk.sits(RoleCode::OrgAdmin);
    let input = |more| with(json!({ "url": "https://hooks.invalid/", "events": ["REFERRAL_RECEIVED"] }), more);
    for url in [
        "http://hooks.invalid/",
        "https://hooks.invalid:8443/",
        "https://user:secret@hooks.invalid/",
        "https://10.1.2.3/",
        "https://169.254.169.254/",
        "https://[::ffff:127.0.0.1]/",
        "http://localhost/",
        "hooks",
    ] {
        desk.refuses("webhookSubscribe", input(json!({ "url": url })), "BAD_USER_INPUT", "input.url").await;
    }
    desk.refuses("webhookSubscribe", input(json!({ "url": "" })), "FIELD_REQUIRED", "input.url").await;
    desk.refuses("webhookSubscribe", input(json!({ "events": [] })), "FIELD_REQUIRED", "input.events").await;
    let long = json!({ "description": "က".repeat(201) });
    desk.refuses("webhookSubscribe", input(long), "TOO_LONG", "input.description").await;
    let select = "webhookSubscription { id rowVersion isActive events description }";
    let done = desk.done("webhookSubscribe", WRITE, "WebhookSubscription", input(json!({})), select).await;
    let made = done["webhookSubscription"].clone();
    let change = |more| with(json!({ "subscription": made["id"], "expectedVersion": 1 }), more);
    let bad = json!({ "url": "https://127.0.0.2/" });
    desk.refuses("webhookChange", change(bad), "BAD_USER_INPUT", "input.url").await;
    desk.refuses("webhookChange", change(json!({ "expectedVersion": 7 })), "VERSION_CONFLICT", "").await;
    let foreign = json!({ "subscription": lanpya::plan::GlobalId::text("webhook_subscription", BETA.row("webhook_subscription", 4)) });
    desk.refuses("webhookChange", change(foreign), "NOT_FOUND", "input.subscription").await;
    let better = json!({ "events": ["REFERRAL_STATUS_CHANGED", "REFERRAL_RECEIVED"], "description": "Cases" });
    let done = desk.done("webhookChange", WRITE, "WebhookSubscription", change(better), select).await;
    let changed = json!({
        "id": made["id"], "rowVersion": 2, "isActive": true, "description": "Cases",
        "events": ["REFERRAL_RECEIVED", "REFERRAL_STATUS_CHANGED"]
    });
    assert_eq!(done["webhookSubscription"], changed);
    // One of the seeded ones is active too.
    for _ in 0..8 {
        desk.done("webhookSubscribe", WRITE, "WebhookSubscription", input(json!({})), select).await;
    }
    desk.refuses("webhookSubscribe", input(json!({})), "RULE_NOT_MET", "").await;
    desk.world.stop().await;
}

async fn secrets_are_shown_once(backend: Backend) {
    let desk = desk(backend).await;
    let receiver = Receiver::new().await;
    let input = json!({ "url": receiver.url(), "events": ["REFERRAL_RECEIVED"], "idempotencyKey": "one" });
    let first = admin(&desk.world, &BETA, "webhookSubscribe", input.clone()).await;
    let again = admin(&desk.world, &BETA, "webhookSubscribe", input).await;
    assert_eq!(again["webhookSubscription"]["id"], first["webhookSubscription"]["id"]);
    assert_eq!(again["secret"], Value::Null);
    let of = first["webhookSubscription"].clone();
    let input = json!({ "subscription": of["id"], "expectedVersion": 1 });
    let second = admin(&desk.world, &BETA, "webhookRotateSecret", input.clone()).await;
    assert_eq!(second["webhookSubscription"]["rotatedAt"], "2026-11-22T03:00:00.000Z");
    let late = admin(&desk.world, &BETA, "webhookRotateSecret", input).await;
    assert_eq!((&late["secret"], &late["userErrors"][0]["code"]), (&Value::Null, &json!("VERSION_CONFLICT")));
    let secrets = [first["secret"].clone(), second["secret"].clone()];
    assert_ne!(secrets[0], secrets[1]);
    // For a day both hold.
    desk.refers(json!({})).await;
    let told = receiver.told(1).await.remove(0);
    assert!(secrets.iter().all(|secret| is_signed(&told, secret)));
    come_to(&desk.world, &BETA, &["SENT"]).await;
    let mut desk = desk;
    desk.world.advance(TimeDelta::days(1));
    desk.sits(RoleCode::MrcCounsellor);
    desk.refers(json!({})).await;
    let told = receiver.told(2).await.remove(1);
    assert_eq!(secrets.map(|secret| is_signed(&told, &secret)), [false, true]);
    // Neither stands in the database.
    let secrets = [&first["secret"], &second["secret"]]
        .map(|secret| secret.as_str().unwrap().trim_start_matches("whsec_").to_owned());
    for (table, rows) in desk.world.store.dump(None).await {
        for row in rows {
            assert!(!row.contains("whsec") && !secrets.iter().any(|secret| row.contains(secret)), "{table}: {row}");
        }
    }
    desk.world.stop().await;
}

async fn what_is_switched_off_is_not_told(backend: Backend) {
    let desk = desk(backend).await;
    let receiver = Receiver::new().await;
    receiver.answers([Reply::Status(500)]);
    let subscribed = subscribe(&desk.world, &BETA, &receiver.url()).await["webhookSubscription"].clone();
    desk.refers(json!({})).await;
    tried(&desk.world, &BETA, 1).await;
    let change = |version: usize, active: bool| json!({ "subscription": subscribed["id"], "expectedVersion": version, "isActive": active });
    let off = admin(&desk.world, &BETA, "webhookChange", change(1, false)).await;
    assert_eq!((&off["userErrors"], &off["webhookSubscription"]["isActive"]), (&json!([]), &json!(false)));
    desk.refers(json!({})).await;
    let found = come_to(&desk.world, &BETA, &["CANCELLED"]).await.remove(0);
    assert_eq!((&found["lastError"], &found["nextAttemptAt"]), (&json!("SWITCHED_OFF"), &Value::Null));
    // On again, it can be told what it missed until then.
    admin(&desk.world, &BETA, "webhookChange", change(2, true)).await;
    let input = json!({ "subscription": subscribed["id"], "from": "2026-11-22T00:00:00Z" });
    admin(&desk.world, &BETA, "webhookReplay", input).await;
    come_to(&desk.world, &BETA, &["SENT"]).await;
    assert_eq!(receiver.told(2).await.len(), 2);
    desk.world.stop().await;
}

async fn who_may_not(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::OrgAdmin).await;
    let others = [RoleCode::Integration, RoleCode::Supervisor, RoleCode::MrcCounsellor, RoleCode::Auditor];
    let input = json!({ "url": "https://hooks.invalid/", "events": ["REFERRAL_RECEIVED"] });
    desk.denied("webhookSubscribe", WRITE, &input, &others).await;
    let subscription = seeded("webhook_subscription", "webhook_subscription", 1);
    let change = json!({ "subscription": subscription, "expectedVersion": 1 });
    desk.denied("webhookChange", WRITE, &change, &others).await;
    desk.denied("webhookRotateSecret", WRITE, &change, &others).await;
    desk.denied(
        "webhookReplay",
        WRITE,
        &json!({ "subscription": subscription, "from": "2026-11-22T00:00:00Z" }),
        &others,
    )
    .await;
    for role in [RoleCode::Supervisor, RoleCode::MrcCounsellor, RoleCode::OrgDataOfficer] {
        let token = desk.world.token(&ALPHA, role);
        let answer = desk.world.ask(&token, "{ webhookSubscriptions { nodes { url } } }", json!({})).await;
        assert_eq!(answer.code(), "ROLE_NOT_ALLOWED", "{role:?}");
    }
    desk.world.stop().await;
}
