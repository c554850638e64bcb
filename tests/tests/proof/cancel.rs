//! A request dropped at any moment leaves nothing behind for whoever gets its connection next (protection.md, finding
//! 1). One connection serves everybody, so the next borrower always is the one after the dropped request.

use std::sync::Arc;
use std::time::Duration;

use entity::Code as _;
use entity::user::RoleCode;
use futures_util::poll;
use harness::proof::{Proof, size};
use harness::seed::{self, Organisation};
use harness::{ALPHA, BETA, Backend, Data, Store, World, both, world};
use lanpya::clock::Clock;
use lanpya::db::{Database, Once, Scope, Settings};
use lanpya::service::case_service::{self, Note};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use uuid::Uuid;

use crate::acts;

both! { clients_that_hang_up, futures_dropped }

/// Through HTTP: the client is gone, the server's task goes on and ends its transaction.
async fn clients_that_hang_up(backend: Backend) {
    let mut proof = Proof::of(1, format!("cancel::clients_that_hang_up::{backend:?}"));
    let store = Store::new(backend, Data::Twins).await;
    let world = World::of(store, |settings| settings.connections = 1).await;
    let before = acts::halves(&world.store).await;
    let rounds = size(200, 2000);
    let mut random = StdRng::seed_from_u64(1);
    let (mut dropped, mut answered) = (0, 0);
    let mut patience = Patience(Duration::from_millis(6));
    for round in 0..rounds {
        let of = if random.random_bool(0.5) { &ALPHA } else { &BETA };
        let token = world.token(of, RoleCode::Supervisor);
        let centre = lanpya::plan::GlobalId::text("centre", of.row("resource_centre", 0));
        let mut variables = acts::visit(&format!("{round}"));
        variables["input"]["centre"] = json!(centre);
        let (query, variables) =
            if random.random_bool(0.7) { (acts::visit_record(), variables) } else { (READ.to_owned(), json!({})) };
        match patience.wait_for(&mut random, world.ask(&token, &query, variables)).await {
            Some(answer) => {
                assert!(answer.at("/errors").is_null(), "{}", answer.body);
                answered += 1;
            }
            None => dropped += 1,
        }
        sees_its_own_alone(&world, if of.code == ALPHA.code { &BETA } else { &ALPHA }).await;
    }
    proof.figure("requests", rounds);
    proof.figure("dropped", dropped);
    proof.figure("answered", answered);
    assert!(dropped > rounds / 4, "{dropped} of {rounds} were dropped");
    let last = world.ask(&world.token(&ALPHA, RoleCode::Supervisor), &acts::visit_record(), acts::visit("last")).await;
    assert!(acts::happened(&last), "the pool heals: {}", last.body);
    assert_eq!(acts::halves(&world.store).await, before, "nothing is half done");
    assert_eq!(
        acts::count(&world.store, "visit", "note LIKE '% ခရီးသည်က%'").await,
        acts::count(&world.store, "idempotency", "operation = 'VISIT_RECORD' AND created_at > '2026-11-22'").await,
        "one visit for each key"
    );
    world.stop().await;
    proof.held();
}

/// How long is waited: every other one is to be dropped, at any moment of its work, whatever that takes on this machine
/// and however unlike one another such works are. Waiting longer after each one that was dropped and shorter after each
/// that was not leaves as many of one as of the other.
struct Patience(Duration);

impl Patience {
    async fn wait_for<T>(&mut self, random: &mut StdRng, work: impl Future<Output = T>) -> Option<T> {
        let done = tokio::time::timeout(self.0.mul_f64(random.random_range(0.0..2.0)), work).await.ok();
        self.0 = self.0.mul_f64(if done.is_some() { 1.0 / 1.1 } else { 1.1 });
        done
    }
}

const READ: &str = "{ resourceCentres { totalCount nodes { names { en } visits { totalCount } } } }";

async fn sees_its_own_alone(world: &World, who: &Organisation) {
    let answer = world.ask(&world.token(who, RoleCode::Supervisor), READ, json!({})).await;
    assert!(answer.at("/errors").is_null(), "{}", answer.body);
    let centres = answer.at("/data/resourceCentres/nodes").as_array().unwrap();
    assert!(!centres.is_empty(), "it sees its own");
    for centre in centres {
        let name = centre["names"]["en"].as_str().unwrap();
        assert!(name.ends_with(who.code), "{} sees {name}", who.code);
    }
}

/// In the server: the future itself is dropped, between any two of its steps or after any time.
async fn futures_dropped(backend: Backend) {
    let mut proof = Proof::of(1, format!("cancel::futures_dropped::{backend:?}"));
    let store = Store::new(backend, Data::Twins).await;
    let settings = Settings {
        url: store.url.clone(),
        connections: 1,
        statement_timeout: Duration::from_secs(3),
        audit_reads: true,
    };
    let database = Database::open(&settings).await.unwrap();
    let before = acts::halves(&store).await;
    let rounds = size(200, 2000);
    let mut random = StdRng::seed_from_u64(2);
    let mut patience = Patience(Duration::from_millis(3));
    let (mut dropped, mut acknowledged) = (0, Vec::new());
    for round in 0..rounds {
        let (mine, other) = if random.random_bool(0.5) { (&ALPHA, &BETA) } else { (&BETA, &ALPHA) };
        let scope = scope(&database, mine).await;
        let writes = random.random_bool(0.7);
        let work = async {
            if writes {
                note(&scope, mine, round).await
            } else {
                let snapshot = scope.read().await.unwrap();
                snapshot.rows("SELECT 1".into(), Vec::new()).await.unwrap();
                snapshot.release();
                Uuid::nil()
            }
        };
        let done = if random.random_bool(0.5) {
            polled(work, random.random_range(0..120)).await
        } else {
            patience.wait_for(&mut random, work).await
        };
        match done {
            Some(id) if writes => acknowledged.push(id),
            Some(_) => {}
            None => dropped += 1,
        }
        // The next borrower of either connection. What an earlier one had left undone would be committed with its note.
        next_reader(&database, other).await;
        let scope = self::scope(&database, other).await;
        acknowledged.push(note(&scope, other, rounds + round).await);
    }
    database.close().await;
    proof.figure("futures", rounds);
    proof.figure("dropped", dropped);
    proof.figure("acknowledged", acknowledged.len());
    assert!(dropped > rounds / 4, "{dropped} of {rounds} were dropped");
    assert_eq!(acts::halves(&store).await, before, "nothing is half done");
    let notes = acts::ids(&store, "case_note").await;
    assert!(acknowledged.iter().all(|id| notes.contains(id)), "what was acknowledged is there");
    proof.held();
}

async fn polled<T>(future: impl Future<Output = T>, polls: usize) -> Option<T> {
    let mut future = Box::pin(future);
    for _ in 0..polls {
        if let std::task::Poll::Ready(done) = poll!(&mut future) {
            return Some(done);
        }
        tokio::task::yield_now().await;
    }
    None
}

async fn scope(database: &Database, of: &Organisation) -> Scope {
    let (subject, role) = (seed::subject(RoleCode::Supervisor), RoleCode::Supervisor.code());
    let viewer = database.identify(of.id(), &subject, role).await.unwrap().unwrap();
    Scope::new(database.clone(), Arc::new(viewer), Clock::manual(world::start()), "cancel".into())
}

async fn note(scope: &Scope, of: &Organisation, number: usize) -> Uuid {
    let once = Some(Once::new(&format!("{number}"), "the same"));
    let told = Note { once, id: None, case: of.row("case", 0), text: format!("{number}") };
    case_service::note(scope, told).await.unwrap()
}

/// Begins a read for the other organisation and looks at what it stands in.
async fn next_reader(database: &Database, who: &Organisation) {
    let scope = scope(database, who).await;
    let snapshot = scope.read().await.unwrap();
    let sql = match snapshot.dialect() {
        lanpya::db::Dialect::Postgres => {
            "SELECT current_setting('lanpya.organisation', true) || ' ' || current_setting('transaction_isolation') \
             || ' ' || current_setting('transaction_read_only')"
        }
        lanpya::db::Dialect::Sqlite => "SELECT 'begun'",
    };
    let rows = snapshot.rows(sql.into(), Vec::new()).await.unwrap();
    let seen = rows.cell(0, 0, entity::value::Scalar::Text).unwrap();
    let expected = match snapshot.dialect() {
        lanpya::db::Dialect::Postgres => format!("{} repeatable read on", who.id()),
        // A second BEGIN inside an open transaction is an error there.
        lanpya::db::Dialect::Sqlite => "begun".to_owned(),
    };
    assert_eq!(seen.text(), Some(expected.as_str()));
    snapshot.release();
}
