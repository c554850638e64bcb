//! Promise 10: what people are called, where they are and what is told of them stands in the database and in answers to
//! those who may read it, and nowhere else. Canaries go in at every place a value can stand; the log of this process at
//! TRACE, every error body and header, and PostgreSQL's own log are searched for them.

mod places;

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use entity::user::RoleCode;
use harness::proof::{Proof, size};
use harness::world::{answer, start};
use harness::{ALPHA, Backend, Data, World, both};
use lanpya::clock::Clock;
use lanpya::config::Trust;
use serde_json::json;
use tracing_subscriber::fmt::format::FmtSpan;

both! { canaries, a_locked_database }

/// Everything this process logs, from whatever crate.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// The one of this process: events and spans of every level.
    fn whole() -> Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        let begin = || {
            let log = Self::default();
            let writer = log.clone();
            tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_span_events(FmtSpan::FULL)
                .with_ansi(false)
                .with_writer(move || writer.clone())
                .init();
            log
        };
        LOG.get_or_init(begin).clone()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

/// Values nobody else has, each with a mark that survives escaping.
#[derive(Default)]
pub struct Canaries {
    marks: Vec<String>,
}

impl Canaries {
    /// A name.
    fn name(&mut self) -> String {
        let mark = format!("cnry{:05}{}", self.marks.len(), std::process::id());
        self.marks.push(mark.clone());
        format!("Ma Hla {mark} မလှ")
    }

    /// A telephone number.
    fn phone(&mut self) -> String {
        let mark = format!("9597{:05}{}", self.marks.len(), std::process::id());
        self.marks.push(mark.clone());
        format!("+{mark}")
    }

    /// The marks that stand in a text.
    fn found_in(&self, text: &str) -> Vec<&String> {
        // Most texts hold nothing that even looks like one.
        if !text.contains("cnry") && !text.contains("9597") {
            return Vec::new();
        }
        self.marks.iter().filter(|mark| text.contains(mark.as_str())).collect()
    }
}

/// Lines of PostgreSQL's log, read by its superuser.
async fn postgres_log(world: &World) -> String {
    let folder = world.store.column("SHOW data_directory").await.remove(0);
    let log = folder.replace("/data/pg", "/data/log");
    world.store.column(&format!("SELECT pg_read_file('{log}')")).await.remove(0)
}

async fn canaries(backend: Backend) {
    let mut proof = Proof::of(10, format!("logs::canaries::{backend:?}"));
    let log = Log::whole();
    let world = World::tuned(backend, Data::Alpha, Clock::manual(start()), |config| {
        config.introspection = false;
        // Every document leaves a line.
        config.trusted_documents_mode = Trust::Warn;
    })
    .await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let mut canaries = Canaries::default();
    let mut leaked = Vec::new();
    let mut sent = 0;
    for _ in 0..size(2, 40) {
        for place in places::all(&world, &token, &mut canaries) {
            let answered = answer(place.request).await;
            let told = format!("{:?} {}", answered.headers, answered.body);
            if !canaries.found_in(&told).is_empty() {
                leaked.push(format!("{}: {told}", place.name));
            }
            sent += 1;
        }
    }
    leaked.sort();
    leaked.dedup_by_key(|text| text.split(':').next().map(str::to_owned));
    assert!(leaked.is_empty(), "in answers: {leaked:#?}");
    panicked(&mut canaries);
    if backend == Backend::Postgres {
        let text = postgres_log(&world).await;
        let found = canaries.found_in(&text);
        assert!(found.is_empty(), "in PostgreSQL's log: {found:?}");
    }
    world.stop().await;
    let text = log.text();
    for expected in ["token refused", "graphql", "a thread panicked", "a document is not trusted", "TRACE"] {
        assert!(text.contains(expected), "{expected} is missing: the log is not whole");
    }
    let lines: Vec<&str> = text.lines().filter(|line| !canaries.found_in(line).is_empty()).take(5).collect();
    assert!(lines.is_empty(), "in the log: {lines:#?}");
    // The same search finds what is there.
    let planted = canaries.name();
    tracing::trace!(planted, "a control");
    assert_eq!(canaries.found_in(&log.text()).len(), 1);
    assert!(canaries.marks.len() >= 200);
    proof.figure("canaries", canaries.marks.len() - 1);
    proof.figure("requests", sent);
    proof.figure("lines of log at TRACE", text.lines().count());
    proof.figure("hits", 0);
    proof.held();
}

/// A panic says where, not what.
fn panicked(canaries: &mut Canaries) {
    let name = canaries.name();
    let before = std::panic::take_hook();
    lanpya::http::panics::without_messages();
    let thread = std::thread::spawn(move || panic!("no such person: {name}"));
    assert!(thread.join().is_err());
    std::panic::set_hook(before);
}

/// Statements that PostgreSQL gives up are in its log: without the values they were given.
async fn a_locked_database(backend: Backend) {
    if backend == Backend::Sqlite {
        // It keeps no log.
        return;
    }
    let mut proof = Proof::of(10, format!("logs::a_locked_database::{backend:?}"));
    let log = Log::whole();
    let world =
        World::tuned(backend, Data::Alpha, Clock::manual(start()), |config| config.statement_timeout_ms = 300).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let mut canaries = Canaries::default();
    // The viewer is known before the door closes.
    world.ask(&token, "{ viewer { role } }", json!({})).await;
    world.store.execute("BEGIN").await;
    world.store.execute("LOCK TABLE visit, person IN ACCESS EXCLUSIVE MODE").await;
    let mut failed = 0;
    for place in places::reaching(&world, &token, &mut canaries) {
        let answered = answer(place.request).await;
        assert!(["TIMEOUT", "UNAVAILABLE"].contains(&answered.code()), "{}: {}", place.name, answered.body);
        assert!(canaries.found_in(&answered.body).is_empty(), "{}: {}", place.name, answered.body);
        failed += 1;
    }
    world.store.execute("ROLLBACK").await;
    let text = postgres_log(&world).await;
    assert!(text.contains("canceling statement") && text.contains("STATEMENT:"), "they were logged");
    let found = canaries.found_in(&text);
    assert!(found.is_empty(), "in PostgreSQL's log: {found:?}");
    assert!(canaries.found_in(&log.text()).is_empty());
    proof.figure("statements given up", failed);
    world.stop().await;
    proof.held();
}
