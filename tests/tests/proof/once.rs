//! Visits survive bad networks and are there exactly once: whatever is cut, on whichever side, before or after the
//! commit, a device that sends again under the same key gets the same answer.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use entity::user::RoleCode;
use futures_util::stream::{self, StreamExt as _};
use harness::proof::{Proof, size};
use harness::proxy::{Fate, Link, Proxy};
use harness::{ALPHA, Answer, Backend, Data, Store, World, both, postgres, world};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _, seq::SliceRandom as _};
use serde_json::{Value, json};

use crate::acts::{self, happened, trouble};

both! { sent_ten_times_over_cuts, keys_grow_old, a_thin_link, a_queue_over_a_thin_link }

const RETRIES: usize = 10;

/// A world behind two bad networks: between device and server, and on PostgreSQL between server and database.
struct Far {
    world: World,
    near: Proxy,
    client: reqwest::Client,
    _database: Option<Proxy>,
}

impl Far {
    async fn new(backend: Backend, cuts: bool) -> Self {
        let store = Store::new(backend, Data::Alpha).await;
        let mut random = StdRng::seed_from_u64(3);
        let proxy = match backend {
            Backend::Postgres => {
                let port = postgres::port(&store.url);
                // The first connections are those the server starts with. A visit takes some 3 kB of statements.
                let fate = move |number| {
                    if number < 1 || !cuts { Fate::SPARED } else { fate(&mut random, 300..40_000, 300..40_000) }
                };
                Some(Proxy::fated(([127, 0, 0, 1], port).into(), shared(fate)).await)
            }
            Backend::Sqlite => None,
        };
        let url = match &proxy {
            Some(proxy) => {
                store.url.replace(&format!(":{}/", postgres::port(&store.url)), &format!(":{}/", proxy.address.port()))
            }
            None => store.url.clone(),
        };
        let world = World::of(store, |settings| settings.database_url = url).await;
        let server: SocketAddr = world.origin.trim_start_matches("http://").parse().unwrap();
        let mut random = StdRng::seed_from_u64(4);
        let near = Proxy::fated(server, shared(move |_| fate(&mut random, 200..3000, 0..900))).await;
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0);
        let client = client.timeout(Duration::from_mins(1)).build().unwrap();
        Self { world, near, client, _database: proxy }
    }

    /// Sends once, on a connection of its own.
    async fn send(&self, token: &str, variables: &Value) -> Option<Answer> {
        let request = self.client.post(format!("http://{}/graphql", self.near.address)).bearer_auth(token);
        let body = json!({ "query": acts::visit_record(), "variables": variables }).to_string();
        world::heard(request.header("content-type", "application/json").body(body)).await
    }
}

/// Half of the connections are cut, on the way up or on the way down.
fn fate(random: &mut StdRng, up: std::ops::Range<u64>, down: std::ops::Range<u64>) -> Fate {
    match random.random_range(0..4) {
        0 => Fate { up: random.random_range(up), down: u64::MAX },
        1 => Fate { up: u64::MAX, down: random.random_range(down) },
        _ => Fate::SPARED,
    }
}

/// A draw that threads can share.
fn shared(draw: impl FnMut(u64) -> Fate + Send + 'static) -> impl Fn(u64) -> Fate + Send + 'static {
    let draw = std::sync::Mutex::new(draw);
    move |number| draw.lock().unwrap()(number)
}

async fn sent_ten_times_over_cuts(backend: Backend) {
    let mut proof = Proof::of(13, format!("once::sent_ten_times_over_cuts::{backend:?}"));
    let far = Arc::new(Far::new(backend, true).await);
    let store = &far.world.store;
    let before = (acts::count(store, "visit", "1 = 1").await, acts::halves(store).await);
    let audits = acts::count(store, "audit_event", "action = 'VISIT_RECORD'").await;
    let visits = size(60, 1000);
    let token = far.world.token(&ALPHA, RoleCode::MrcCounsellor);
    let mut sends: Vec<usize> = (0..visits).flat_map(|visit| [visit; RETRIES]).collect();
    sends.shuffle(&mut StdRng::seed_from_u64(5));
    let attempts = stream::iter(sends).map(|visit| {
        let (far, token) = (Arc::clone(&far), token.clone());
        async move { (visit, far.send(&token, &acts::visit(&format!("device 1: {visit}"))).await) }
    });
    let mut answers: Vec<(usize, Option<Answer>)> = attempts.buffer_unordered(8).collect().await;
    // What no attempt brought home is sent until it is, and everything once more, two at a time.
    for visit in 0..visits {
        let variables = acts::visit(&format!("device 1: {visit}"));
        let mut home = false;
        for _ in 0..50 {
            let (one, two) = tokio::join!(far.send(&token, &variables), far.send(&token, &variables));
            home |= one.as_ref().is_some_and(happened) || two.as_ref().is_some_and(happened);
            answers.extend([(visit, one), (visit, two)]);
            if home {
                break;
            }
        }
        assert!(home, "visit {visit} does not come home");
    }
    let (mut told, mut outcomes) = (BTreeMap::<usize, String>::new(), BTreeMap::<String, usize>::new());
    for (visit, answer) in answers {
        let outcome = match &answer {
            None => "CUT".to_owned(),
            Some(answer) if happened(answer) => {
                let first = told.entry(visit).or_insert_with(|| answer.body.clone());
                assert_eq!(*first, answer.body, "the same answer, byte for byte");
                "ANSWERED".to_owned()
            }
            Some(answer) => trouble(answer),
        };
        *outcomes.entry(outcome).or_default() += 1;
    }
    proof.figure("visits", visits);
    proof.figure("sends", outcomes.values().sum::<usize>());
    proof.figure("outcomes", json!(outcomes));
    assert!(outcomes.keys().all(|code| ["CUT", "ANSWERED", "UNAVAILABLE"].contains(&code.as_str())), "{outcomes:?}");
    assert!(outcomes["CUT"] > visits, "{outcomes:?}");
    assert_eq!(told.len(), visits);
    assert_eq!(acts::count(store, "visit", "1 = 1").await, before.0 + visits, "each visit once");
    assert_eq!(acts::count(store, "audit_event", "action = 'VISIT_RECORD'").await, audits + visits, "one row each");
    assert_eq!(acts::halves(store).await, before.1, "nothing is half done");
    proof.figure("rows", visits);
    proof.held();
}

/// Thirty days a key answers for the act; after that it may be used anew, and the id made on the device still keeps the
/// visit single, until the id itself is too old.
async fn keys_grow_old(backend: Backend) {
    let mut proof = Proof::of(13, format!("once::keys_grow_old::{backend:?}"));
    let world = World::new(backend).await;
    let mut own = acts::visit("own id");
    own["input"]["id"] = json!(lanpya::plan::GlobalId::text("visit", world.clock.new_id()));
    let send = async |variables: &Value| {
        let token = world.token(&ALPHA, RoleCode::MrcCounsellor);
        world.ask(&token, &acts::visit_record(), variables.clone()).await
    };
    let (plain, first) = (send(&acts::visit("no id")).await, send(&own).await);
    assert!(happened(&plain) && happened(&first), "{} {}", plain.body, first.body);
    let rows = acts::count(&world.store, "visit", "1 = 1").await;
    world.advance(chrono::Duration::days(30));
    assert_eq!((send(&acts::visit("no id")).await.json, send(&own).await.json), (plain.json.clone(), first.json));
    world.advance(chrono::Duration::milliseconds(1));
    let anew = send(&acts::visit("no id")).await;
    assert!(happened(&anew) && anew.json != plain.json, "a forgotten key is used anew");
    assert_eq!(trouble(&send(&own).await), "DUPLICATE", "the id still answers for the visit");
    world.advance(chrono::Duration::days(15) + chrono::Duration::seconds(1));
    let late = send(&own).await;
    assert_eq!(
        (trouble(&late).as_str(), late.at("/data/result/userErrors/0/field")),
        ("BAD_USER_INPUT", &json!("input.id"))
    );
    assert_eq!(acts::count(&world.store, "visit", "1 = 1").await, rows + 1);
    proof.figure("same answer for days", 30);
    proof.figure("after that, without an id", "used anew");
    proof.figure("after that, with an id", "DUPLICATE; from day 45 BAD_USER_INPUT on input.id");
    world.stop().await;
    proof.held();
}

/// A queue of visits through a link of 2 kB/s and 3 s (a tenth of that in the quick tier).
async fn a_thin_link(backend: Backend) {
    let mut proof = Proof::of(13, format!("once::a_thin_link::{backend:?}"));
    let far = Far::new(backend, false).await;
    let (bytes_per_second, delay) = size((20_000, Duration::from_millis(300)), (2000, Duration::from_secs(3)));
    let server: SocketAddr = far.world.origin.trim_start_matches("http://").parse().unwrap();
    let thin = Far { near: Proxy::to(server).await, ..far };
    thin.near.set(Link::Slow { bytes_per_second, delay });
    let token = thin.world.token(&ALPHA, RoleCode::MrcCounsellor);
    let mut slowest = Duration::ZERO;
    for number in 0..5 {
        let variables = acts::visit(&format!("thin {number}"));
        let bytes = json!({ "query": acts::visit_record(), "variables": variables }).to_string().len();
        assert!(bytes > 1000, "{bytes}");
        let began = Instant::now();
        let answer = thin.send(&token, &variables).await.expect("an answer");
        assert!(happened(&answer), "{}", answer.body);
        slowest = slowest.max(began.elapsed());
    }
    proof.figure("bytes per second", bytes_per_second);
    proof.figure("delay in each direction, ms", u64::try_from(delay.as_millis()).unwrap());
    proof.figure("slowest visit, ms", u64::try_from(slowest.as_millis()).unwrap());
    if harness::full() {
        assert!(slowest < Duration::from_secs(10), "{slowest:?}");
    }
    proof.held();
}

/// Three hundred visits that a device kept, over a link of 2 kB/s and 3 s, in batches of twenty: requests small enough
/// to arrive in time, packed answers of no more than what became of each. In the quick tier sixty, over a link ten
/// times as fast. Every batch is sent twice, the first time cut off before its answer.
async fn a_queue_over_a_thin_link(backend: Backend) {
    let mut proof = Proof::of(13, format!("once::a_queue_over_a_thin_link::{backend:?}"));
    let far = Far::new(backend, false).await;
    let (bytes_per_second, delay, visits) =
        size((20_000, Duration::from_millis(300), 60), (2000, Duration::from_secs(3), 300));
    let server: SocketAddr = far.world.origin.trim_start_matches("http://").parse().unwrap();
    let thin = Far { near: Proxy::to(server).await, ..far };
    let token = thin.world.token(&ALPHA, RoleCode::MrcCounsellor);
    let before = acts::count(&thin.world.store, "visit", "1 = 1").await;
    let queue: Vec<Value> = (0..visits)
        .map(|_| {
            json!({
                "id": lanpya::plan::GlobalId::text("visit", thin.world.clock.new_id()),
                "centre": acts::seeded("centre", "resource_centre", 0), "visitedOn": "2026-11-20", "channel": "WALK_IN",
                "visitorKind": "ASPIRANT", "sex": "FEMALE", "ageYears": 24, "topics": ["HEALTH", "COSTS_AND_FEES"],
                "services": ["INFORMATION"], "homeTownship": "MMR015009", "destination": "TH", "minutes": 20
            })
        })
        .collect();
    let query = "mutation($input:VisitsRecordInput!){r:visitsRecord(input:$input){results{outcome userErrors{code}}}}";
    let began = Instant::now();
    let (mut up, mut down) = (0, 0);
    for batch in queue.chunks(20) {
        let body = json!({ "query": query, "variables": { "input": { "visits": batch } } }).to_string();
        for link in [Link::Deaf, Link::Slow { bytes_per_second, delay }] {
            thin.near.set(link);
            let request = thin.client.post(format!("http://{}/graphql", thin.near.address)).bearer_auth(&token);
            let request = request.header("content-type", "application/json").header("accept-encoding", "gzip");
            let Ok(answer) = request.body(body.clone()).send().await else { continue };
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers()["content-encoding"], "gzip");
            up += body.len();
            down += answer.bytes().await.unwrap().len();
        }
    }
    let took = began.elapsed();
    thin.near.set(Link::Open);
    for batch in queue.chunks(200) {
        let variables = json!({ "input": { "visits": batch } });
        let answer = thin.world.ask(&token, query, variables).await;
        let results = answer.at("/data/r/results").as_array().unwrap();
        assert!(results.iter().all(|result| result["outcome"] == "ALREADY_THERE"), "{}", answer.body);
        assert_eq!(results.len(), batch.len());
    }
    assert_eq!(acts::count(&thin.world.store, "visit", "1 = 1").await, before + visits, "each once");
    proof.figure("visits", visits);
    proof.figure("bytes per second", bytes_per_second);
    proof.figure("bytes up", up);
    proof.figure("bytes down, packed", down);
    proof.figure("the queue took, ms", u64::try_from(took.as_millis()).unwrap());
    proof.held();
}
