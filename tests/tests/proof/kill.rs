//! Acknowledged means durable: the server, or PostgreSQL, is killed in the middle of writes. What was acknowledged is
//! there, nothing is there by halves, and the database is sound. (A killed process is not a lost power supply: what the
//! kernel holds survives it. That every commit is synced is a setting, tested beside the sessions.)

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use entity::user::RoleCode;
use futures_util::future::join_all;
use harness::cluster::Cluster;
use harness::process::{Caller, Process};
use harness::proof::{Proof, size};
use harness::{Backend, Data, Store, both};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::acts::{self, happened, mutation, record};

both! { what_was_acknowledged_is_there }

const WRITERS: usize = 6;

/// What the server said has happened: table and id.
type Acknowledged = Vec<(&'static str, Uuid)>;

async fn what_was_acknowledged_is_there(backend: Backend) {
    let mut proof = Proof::of(16, format!("kill::what_was_acknowledged_is_there::{backend:?}"));
    let cluster = (backend == Backend::Postgres).then(Cluster::durable);
    let mut store = match &cluster {
        Some(cluster) => Store::postgres(&cluster.admin, Data::Alpha, "").await,
        None => Store::new(backend, Data::Alpha).await,
    };
    let before = acts::halves(&store).await;
    let mut server = Process::of(env!("CARGO_BIN_EXE_served"), &store.url);
    let mut random = StdRng::seed_from_u64(7);
    let (mut acknowledged, mut unheard, mut database_killed) = (Acknowledged::new(), 0, 0);
    let rounds = size(5, 200);
    for round in 0..rounds {
        // The server has the database to itself, so that it is the one that recovers.
        store.leave().await;
        server.start();
        let token = server.token(RoleCode::Supervisor);
        let heard = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let desk = Desk { caller: server.caller(), token: token.clone(), heard: Arc::clone(&heard) };
                tokio::spawn(desk.write(round * WRITERS + writer))
            })
            .collect();
        let (enough, then) = (random.random_range(1..60), Duration::from_micros(random.random_range(0..20_000)));
        while heard.load(Ordering::SeqCst) < enough {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(then).await;
        let crash = cluster.as_ref().filter(|_| round % 3 == 1);
        if let Some(cluster) = crash {
            cluster.crash();
            database_killed += 1;
        }
        server.kill();
        for (mine, lost) in join_all(writers).await.into_iter().map(Result::unwrap) {
            acknowledged.extend(mine);
            unheard += lost;
        }
        if let Some(cluster) = crash {
            cluster.again();
        }
        store.enter().await;
        assert_eq!(acts::halves(&store).await, before, "round {round}: something is there by halves");
        sound(&store, &acknowledged, round).await;
    }
    if let Some(cluster) = &cluster {
        cluster.damage(store.name()).unwrap_or_else(|found| panic!("pg_amcheck: {found}"));
    }
    proof.figure("kills", rounds);
    proof.figure("of them of PostgreSQL too", database_killed);
    proof.figure("acknowledged writes", acknowledged.len());
    proof.figure("acknowledged writes lost", 0);
    proof.figure("writes without an answer", unheard);
    proof.held();
}

/// Everything acknowledged is there, whole, in a database without damage.
async fn sound(store: &Store, acknowledged: &Acknowledged, round: usize) {
    for table in ["visit", "case", "case_note", "case_service"] {
        let there = acts::ids(store, table).await;
        let lost = acknowledged.iter().find(|(of, id)| *of == table && !there.contains(id));
        assert_eq!(lost, None, "round {round}: lost");
    }
    let torn = "display_number LIKE 'K-%' AND (SELECT count(*) FROM protection_concern AS p WHERE p.organisation_id = \
                \"case\".organisation_id AND p.case_id = \"case\".id) <> 2";
    assert_eq!(acts::count(store, "case", torn).await, 0, "round {round}: a case without its concerns");
    if store.backend == Backend::Sqlite {
        assert_eq!(store.column("PRAGMA integrity_check").await, ["ok"], "round {round}");
        assert_eq!(store.texts("SELECT \"table\" FROM pragma_foreign_key_check").await.len(), 0, "round {round}");
        assert_eq!(store.column("PRAGMA journal_mode").await, ["wal"]);
    }
}

/// One of those who write until the server is dead.
struct Desk {
    caller: Caller,
    token: String,
    heard: Arc<AtomicUsize>,
}

impl Desk {
    async fn write(self, seed: usize) -> (Acknowledged, usize) {
        let mut random = StdRng::seed_from_u64(u64::try_from(seed).unwrap());
        let (mut mine, mut case) = (Acknowledged::new(), None);
        let mut refused = BTreeMap::<String, usize>::new();
        for number in 0.. {
            let (table, noun, query, input) = act(&mut random, &format!("K-{seed}-{number}"), case.as_ref());
            let Some(answer) = self.caller.ask(&self.token, &query, &json!({ "input": input })).await else {
                return (mine, 1);
            };
            if happened(&answer) {
                mine.push((table, record(&answer, noun)));
                self.heard.fetch_add(1, Ordering::SeqCst);
                if table == "case" {
                    case = Some(answer.at("/data/result/case/id").clone());
                }
            } else {
                // The database died first: the server says so, and dies a moment later.
                let code = acts::trouble(&answer);
                assert!(["UNAVAILABLE", "TIMEOUT"].contains(&code.as_str()), "{}", answer.body);
                *refused.entry(code).or_default() += 1;
            }
        }
        (mine, 0)
    }
}

/// A write of several rows: a visit, or a case with two concerns, or something about the case opened before.
fn act(random: &mut StdRng, key: &str, case: Option<&Value>) -> (&'static str, &'static str, String, Value) {
    match (random.random_range(0..4), case) {
        (0, Some(case)) => {
            let input = json!({ "idempotencyKey": key, "case": case, "text": key });
            ("case_note", "note", mutation("caseNoteAdd", "note { id }"), input)
        }
        (1, Some(case)) => {
            let input = json!({
                "idempotencyKey": key, "case": case, "responseKind": "CARE_PLAN", "serviceType": "LEGAL_ASSISTANCE"
            });
            ("case_service", "service", mutation("caseServiceAdd", "service { id }"), input)
        }
        (0..=2, _) => {
            let input = json!({
                "idempotencyKey": key, "displayNumber": key, "module": "CHILD_PROTECTION",
                "child": acts::seeded("child", "child", 0), "identifiedThrough": "HOTLINE",
                "concerns": [{ "kind": "NEGLECT" }, { "kind": "TRAFFICKED_SMUGGLED" }]
            });
            ("case", "case", mutation("caseOpen", "case { id }"), input)
        }
        _ => ("visit", "visit", acts::visit_record(), acts::visit(key)["input"].clone()),
    }
}
