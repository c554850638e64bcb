//! Every access is audited: the answers that clients received and the rows of the audit are the same, one by one, by
//! request id; also where the server is killed; and where nothing can be noted nothing personal is shown.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use entity::user::RoleCode;
use futures_util::future::join_all;
use harness::process::Process;
use harness::proof::{Proof, size};
use harness::{ALPHA, Answer, Backend, Data, Store, World, both};
use lanpya::plan::GlobalId;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::acts::{self, happened};

both! { answers_are_rows, killed_servers_owe_no_row, nothing_is_shown_that_cannot_be_noted }

/// A row of the audit: action, outcome, noun, ids of the records shown.
type Row = (String, String, String, Vec<String>);
/// Rows by request id.
type Book = BTreeMap<String, Vec<Row>>;

/// What a client does.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Visits,
    Cases,
    Record,
    Again,
    RefusedRead,
    RefusedWrite,
    Places,
}

impl Kind {
    const ALL: [Self; 7] =
        [Self::Visits, Self::Cases, Self::Record, Self::Again, Self::RefusedRead, Self::RefusedWrite, Self::Places];

    fn role(self) -> RoleCode {
        match self {
            Self::RefusedRead => RoleCode::TrainingOfficer,
            Self::RefusedWrite => RoleCode::Caseworker,
            _ => RoleCode::Supervisor,
        }
    }

    fn request(self, key: &str) -> (String, Value) {
        let query = match self {
            Self::Visits => "{ visits(first: 5) { nodes { id note } } }",
            Self::Cases => "{ cases(first: 3) { nodes { id closureNote } } }",
            Self::RefusedRead => "{ children { nodes { id } } }",
            Self::Places => "{ locations(first: 2) { nodes { pcode } } }",
            Self::Record | Self::RefusedWrite => return (acts::visit_record(), acts::visit(key)),
            Self::Again => return (acts::visit_record(), acts::visit("the same for everybody")),
        };
        (query.to_owned(), json!({}))
    }

    /// The rows an answer must have left.
    fn owes(self, answer: &Answer) -> Vec<Row> {
        let read = |noun: &str, pointer: &str| {
            let nodes = answer.at(pointer).as_array().unwrap_or_else(|| panic!("{}", answer.body));
            let mut ids: Vec<String> = nodes.iter().map(|node| plain(&node["id"])).collect();
            ids.sort_unstable();
            ("READ".to_owned(), "ALLOWED".to_owned(), noun.to_owned(), ids)
        };
        let act =
            |outcome: &str, noun: &str| ("VISIT_RECORD".to_owned(), outcome.to_owned(), noun.to_owned(), Vec::new());
        match self {
            Self::Visits => vec![read("Visit", "/data/visits/nodes")],
            Self::Cases => vec![read("Case", "/data/cases/nodes")],
            Self::Record => {
                assert!(happened(answer), "{}", answer.body);
                let shown = vec![plain(answer.at("/data/result/visit/id"))];
                vec![("READ".to_owned(), "ALLOWED".to_owned(), "Visit".to_owned(), shown), act("ALLOWED", "Visit")]
            }
            // Whoever was first has recorded it; the others are shown it.
            Self::Again => vec![Self::Record.owes(answer).swap_remove(0)],
            Self::RefusedRead => {
                assert_eq!(answer.code(), "ROLE_NOT_ALLOWED");
                vec![("READ".to_owned(), "DENIED".to_owned(), String::new(), Vec::new())]
            }
            Self::RefusedWrite => {
                assert_eq!(answer.code(), "ROLE_NOT_ALLOWED");
                vec![act("DENIED", "")]
            }
            Self::Places => {
                assert!(answer.at("/errors").is_null(), "{}", answer.body);
                Vec::new()
            }
        }
    }
}

fn plain(id: &Value) -> String {
    GlobalId::read(id.as_str().unwrap()).unwrap().id.simple().to_string()
}

/// The audit as it stands, without what was seeded.
async fn book(store: &Store) -> Book {
    let hex = match store.backend {
        Backend::Postgres => "encode(records, 'hex')",
        Backend::Sqlite => "lower(hex(records))",
    };
    let sql = format!(
        "SELECT request_id, action, outcome, coalesce(record_type, ''), {hex} FROM audit_event \
         WHERE request_id NOT LIKE 'seed-%'"
    );
    let mut book = Book::new();
    for row in store.texts(&sql).await {
        let text = |column: usize| row[column].clone().unwrap_or_default();
        let ids = text(4);
        let ids = (0..ids.len() / 32).map(|n| ids[n * 32..(n + 1) * 32].to_owned()).collect();
        book.entry(text(0)).or_default().push((text(1), text(2), text(3), ids));
    }
    for rows in book.values_mut() {
        rows.sort_unstable();
    }
    book
}

/// Notes what an answer must have left.
fn owe(owed: &mut Book, kind: Kind, answer: &Answer) {
    let mut rows = kind.owes(answer);
    rows.sort_unstable();
    if !rows.is_empty() {
        let twice = owed.insert(answer.header("x-request-id").to_owned(), rows);
        assert!(twice.is_none(), "a request id is one request's");
    }
}

async fn answers_are_rows(backend: Backend) {
    let mut proof = Proof::of(4, format!("accounts::answers_are_rows::{backend:?}"));
    let world = Arc::new(World::with(backend, Data::Alpha).await);
    let (token, query) = (world.token(&ALPHA, RoleCode::Supervisor), acts::visit_record());
    let mut owed = Book::new();
    owe(&mut owed, Kind::Record, &world.ask(&token, &query, acts::visit("the same for everybody")).await);
    let (clients, operations) = size((8, 20), (64, 200));
    let work = (0..clients).map(|client| {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let mut random = StdRng::seed_from_u64(client);
            let mut mine = Vec::new();
            for number in 0..operations {
                let kind = Kind::ALL[random.random_range(0..Kind::ALL.len())];
                let (query, variables) = kind.request(&format!("{client} {number}"));
                let token = world.token(&ALPHA, kind.role());
                mine.push((kind, world.ask(&token, &query, variables).await));
            }
            mine
        })
    });
    let mut answers = 1;
    for (kind, answer) in join_all(work).await.into_iter().flat_map(Result::unwrap) {
        owe(&mut owed, kind, &answer);
        answers += 1;
    }
    let found = book(&world.store).await;
    proof.figure("clients", clients);
    proof.figure("operations of each", operations);
    proof.figure("answers", answers);
    proof.figure("answers that owe a row", owed.len());
    proof.figure("rows", found.values().map(Vec::len).sum::<usize>());
    for (request, rows) in &owed {
        assert_eq!(found.get(request), Some(rows), "the rows of request {request}");
    }
    assert_eq!(found.len(), owed.len(), "no row without an answer");
    proof.held();
}

async fn killed_servers_owe_no_row(backend: Backend) {
    let mut proof = Proof::of(4, format!("accounts::killed_servers_owe_no_row::{backend:?}"));
    let mut store = Store::new(backend, Data::Alpha).await;
    let mut server = Process::of(env!("CARGO_BIN_EXE_served"), &store.url);
    let mut random = StdRng::seed_from_u64(8);
    let (mut owed, mut answers) = (Book::new(), 0);
    let kills = size(3, 50);
    for round in 0..kills {
        store.leave().await;
        server.start();
        let heard = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..8)
            .map(|client| {
                let (caller, heard) = (server.caller(), Arc::clone(&heard));
                let tokens: Vec<String> = Kind::ALL.iter().map(|kind| server.token(kind.role())).collect();
                tokio::spawn(async move {
                    let mut random = StdRng::seed_from_u64(round * 8 + client);
                    let mut mine = Vec::new();
                    loop {
                        let drawn = random.random_range(0..Kind::ALL.len());
                        // The one that all send is acted on by whoever is first: not known here.
                        let kind =
                            if matches!(Kind::ALL[drawn], Kind::Again) { Kind::Visits } else { Kind::ALL[drawn] };
                        let (query, variables) = kind.request(&format!("{round} {client} {}", mine.len()));
                        let Some(answer) = caller.ask(&tokens[drawn], &query, &variables).await else { return mine };
                        mine.push((kind, answer));
                        heard.fetch_add(1, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        let (enough, then) = (random.random_range(20..100), Duration::from_micros(random.random_range(0..20_000)));
        while heard.load(Ordering::SeqCst) < enough {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(then).await;
        server.kill();
        for (kind, answer) in join_all(clients).await.into_iter().flat_map(Result::unwrap) {
            owe(&mut owed, kind, &answer);
            answers += 1;
        }
        store.enter().await;
        let found = book(&store).await;
        for (request, rows) in &owed {
            assert_eq!(found.get(request), Some(rows), "round {round}: the rows of request {request}");
        }
    }
    proof.figure("kills", kills);
    proof.figure("answers", answers);
    proof.figure("answers that owe a row", owed.len());
    proof.figure("rows missing", 0);
    proof.figure("requests with rows and without an answer", book(&store).await.len() - owed.len());
    proof.held();
}

/// The audit cannot be written at all: its right is taken away, or the table refuses.
async fn nothing_is_shown_that_cannot_be_noted(backend: Backend) {
    let mut proof = Proof::of(4, format!("accounts::nothing_is_shown_that_cannot_be_noted::{backend:?}"));
    let world = World::with(backend, Data::Alpha).await;
    let (deny, allow) = match backend {
        Backend::Postgres => (
            "REVOKE INSERT ON audit_event FROM lanpya_app".to_owned(),
            "GRANT INSERT ON audit_event TO lanpya_app".to_owned(),
        ),
        Backend::Sqlite => (
            "CREATE TRIGGER audit_event_full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'full'); END"
                .to_owned(),
            "DROP TRIGGER audit_event_full".to_owned(),
        ),
    };
    let ask = async |kind: Kind, key: &str| {
        let (query, variables) = kind.request(key);
        world.ask(&world.token(&ALPHA, kind.role()), &query, variables).await
    };
    for kind in [Kind::Visits, Kind::Cases, Kind::Places, Kind::Record] {
        kind.owes(&ask(kind, "before").await);
    }
    world.store.execute(&deny).await;
    let rows = world.store.dump(None).await;
    let mut told = BTreeMap::<String, String>::new();
    for kind in [Kind::Visits, Kind::Cases, Kind::Record, Kind::RefusedRead, Kind::RefusedWrite] {
        for round in 0..5 {
            let answer = ask(kind, &format!("meanwhile {round}")).await;
            assert!(!answer.at("/errors").is_null(), "{kind:?} is answered: {}", answer.body);
            assert!(!answer.body.contains("nodes") && !answer.body.contains("visit_"), "{kind:?}: {}", answer.body);
            told.insert(format!("{kind:?}"), answer.code().to_owned());
        }
    }
    for _ in 0..5 {
        Kind::Places.owes(&ask(Kind::Places, "").await);
    }
    assert!(world.store.dump(None).await == rows, "a write happened that was not noted");
    world.store.execute(&allow).await;
    for kind in [Kind::Visits, Kind::Cases, Kind::Places, Kind::Record] {
        kind.owes(&ask(kind, "after").await);
    }
    proof.figure("answers meanwhile", json!(told));
    proof.held();
    world.stop().await;
}
