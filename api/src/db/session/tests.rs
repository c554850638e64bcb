//! A future dropped anywhere around BEGIN and COMMIT leaves nothing behind for the next borrower of the connection.

use std::future::Future;

use futures_util::poll;
use sea_orm::Statement;

use super::*;
use crate::db::{Settings, Snapshot, Value, migrate};

const MINE: Uuid = Uuid::from_u128(0xA);
const OTHER: Uuid = Uuid::from_u128(0xB);

/// Polls a future so many times and drops it.
async fn abandon(future: impl Future, polls: usize) {
    let mut future = Box::pin(future);
    for _ in 0..polls {
        if poll!(&mut future).is_ready() {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[derive(Clone, Copy)]
enum Work {
    Read,
    ReadWhole,
    Write,
    WriteAtLast,
}

fn statement(tx: &Tx, sql: &str) -> Statement {
    Statement::from_string(tx.backend(), sql)
}

async fn work(database: &Database, work: Work) -> Result<()> {
    match work {
        Work::Read => {
            let snapshot = Snapshot::begin(database, OTHER).await?;
            snapshot.rows("SELECT 1".into(), Vec::new()).await?;
            snapshot.release();
            Ok(())
        }
        Work::ReadWhole => {
            let snapshot = Snapshot::begin(database, OTHER).await?.of_statements(Some(2));
            let one = || snapshot.rows("SELECT 1".into(), Vec::new());
            let (first, second) = futures_util::future::try_join(one(), one()).await?;
            assert_eq!((first.len(), second.len()), (1, 1));
            snapshot.release();
            Ok(())
        }
        Work::Write => {
            let tx = Tx::begin(database, OTHER).await?;
            tx.rows(statement(&tx, "SELECT 1")).await?;
            tx.commit().await
        }
        Work::WriteAtLast => {
            let tx = Tx::begin(database, OTHER).await?;
            tx.run_with_next(statement(&tx, "SELECT 1"), |error| error).await?;
            let last = statement(&tx, "SELECT 1");
            tx.commit_after(last).await.map(drop)
        }
    }
}

/// The context that the next borrower works under; nothing where the database knows none.
async fn next(database: &Database, next: Work) -> Option<String> {
    let sql = "SELECT current_setting('lanpya.organisation', true)";
    let postgres = database.dialect() == Dialect::Postgres;
    match next {
        Work::Read | Work::ReadWhole => {
            let snapshot = Snapshot::begin(database, MINE).await.unwrap();
            let rows = snapshot.rows(if postgres { sql } else { "SELECT 1" }.into(), Vec::new()).await.unwrap();
            let seen = postgres.then(|| rows.cell(0, 0, entity::value::Scalar::Text).unwrap());
            let seen = seen.and_then(|seen| seen.text().map(str::to_owned));
            snapshot.release();
            seen
        }
        Work::Write | Work::WriteAtLast => {
            let tx = Tx::begin(database, MINE).await.unwrap();
            let rows = tx.rows(statement(&tx, if postgres { sql } else { "SELECT 1" })).await.unwrap();
            let seen = postgres.then(|| rows[0].first().unwrap());
            tx.commit().await.unwrap();
            seen
        }
    }
}

async fn abandoned_everywhere(database: &Database, context: Option<&str>) {
    for (abandoned, then) in [
        (Work::Read, Work::Write),
        (Work::Write, Work::Read),
        (Work::Write, Work::Write),
        (Work::WriteAtLast, Work::Write),
        (Work::Read, Work::Read),
        (Work::ReadWhole, Work::Read),
        (Work::ReadWhole, Work::Write),
    ] {
        for polls in 0..40 {
            abandon(work(database, abandoned), polls).await;
            assert_eq!(next(database, then).await.as_deref(), context);
        }
    }
}

#[tokio::test]
async fn on_sqlite_the_next_borrower_can_begin() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("x.db").display());
    migrate(&url).await.unwrap();
    let settings =
        Settings { url, connections: 1, statement_timeout: std::time::Duration::from_secs(3), audit_reads: true };
    let database = Database::open(&settings).await.unwrap();
    // A second BEGIN inside an open transaction is an error there, so beginning is the proof.
    abandoned_everywhere(&database, None).await;
    // Acknowledged means durable: every commit reaches the disk before it is answered.
    let tx = Tx::begin(&database, MINE).await.unwrap();
    for (pragma, wanted) in [("synchronous", "2"), ("journal_mode", "wal")] {
        let sql = format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}");
        let rows = tx.rows(statement(&tx, &sql)).await.unwrap();
        assert_eq!(rows[0].first::<String>().unwrap(), wanted, "{pragma}");
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn on_postgres_the_next_borrower_sees_its_own_context_alone() {
    // `tests/run` starts a cluster and names it; by itself this file tests SQLite.
    let Ok(url) = std::env::var("LANPYA_TEST_POSTGRES") else { return };
    let database = Database::of_one_connection(&url).unwrap();
    abandoned_everywhere(&database, Some(&MINE.to_string())).await;
    refused_on_the_way(&database).await;
    ended_with_the_last(&database).await;
    given_up_and_used_again(&database).await;
    unspeakable(&database).await;
    refused_alone(&database).await;
    longer_than_the_wire(&database).await;
    shapes_without_end(&database).await;
    // Last: it costs the connection.
    cut_off(&database).await;
}

async fn reader(snapshot: &Snapshot) -> i64 {
    let rows = snapshot.rows("SELECT pg_backend_pid()".into(), Vec::new()).await.unwrap();
    rows.cell(0, 0, entity::value::Scalar::Int).unwrap().int().unwrap()
}

/// Who gives a statement up and asks another on the same connection never takes the one's answer for the other's.
async fn given_up_and_used_again(database: &Database) {
    let (mut answered, mut refused) = (0, 0);
    for polls in 0..30 {
        let snapshot = Snapshot::begin(database, MINE).await.unwrap();
        abandon(snapshot.rows("SELECT 1".into(), Vec::new()), polls).await;
        match snapshot.rows("SELECT 2".into(), Vec::new()).await {
            Ok(rows) => {
                assert_eq!(rows.cell(0, 0, entity::value::Scalar::Int).unwrap().int(), Some(2));
                answered += 1;
            }
            Err(error) => {
                assert_eq!(error.code, Code::Unavailable);
                refused += 1;
            }
        }
        let tx = Tx::begin(database, MINE).await.unwrap();
        abandon(tx.rows(statement(&tx, "SELECT 1")), polls).await;
        match tx.rows(statement(&tx, "SELECT 2")).await {
            Ok(rows) => assert_eq!(rows[0].first::<i32>().unwrap(), 2),
            Err(error) => assert_eq!(error.code, Code::Unavailable),
        }
    }
    assert!(answered > 0 && refused > 0, "{answered} answered, {refused} refused");
}

/// A statement that cannot be said ends its transaction: BEGIN and context, which were to leave with it, have not.
async fn unspeakable(database: &Database) {
    let tx = Tx::begin(database, MINE).await.unwrap();
    let none_of_ours = Statement::from_sql_and_values(tx.backend(), "SELECT $1", [sea_orm::Value::SmallInt(Some(1))]);
    assert!(tx.rows(none_of_ours).await.is_err());
    assert!(tx.rows(statement(&tx, "SELECT 1")).await.is_err());
    assert!(tx.commit().await.is_err());
    backend(database).await;
}

/// A read of one statement may not write, and what refuses it costs nobody the connection.
async fn refused_alone(database: &Database) {
    let one = async || Snapshot::begin(database, MINE).await.unwrap().of_statements(Some(1));
    let before = reader(&one().await).await;
    for refused in ["SELECT 1 / 0", "CREATE TABLE written (id int)", "no statement at all", "SELECT $1 + 'x'"] {
        let snapshot = one().await;
        assert!(snapshot.rows(refused.into(), Vec::new()).await.is_err(), "{refused}");
        snapshot.release();
    }
    assert_eq!(reader(&one().await).await, before);
}

/// Question and answer are larger than what lies between the two sides: both must listen while they speak.
async fn longer_than_the_wire(database: &Database) {
    let long = 12_000_000;
    let snapshot = Snapshot::begin(database, MINE).await.unwrap();
    let told = snapshot.rows(format!("SELECT repeat('x', {long})").into(), Vec::new());
    let asked = snapshot.rows("SELECT length($1)".into(), vec![Value::Text("y".repeat(long))]);
    let (told, asked) = futures_util::future::try_join(told, asked).await.unwrap();
    assert_eq!(told.bytes(0, 0).unwrap().map(<[u8]>::len), Some(long));
    assert_eq!(asked.cell(0, 0, entity::value::Scalar::Int).unwrap().int(), i64::try_from(long).ok());
    snapshot.release();
}

/// Statements of more shapes than are kept prepared, many of them in one flight.
async fn shapes_without_end(database: &Database) {
    let snapshot = Snapshot::begin(database, MINE).await.unwrap();
    for round in 0..3 {
        let shapes = (0..350).map(|number| snapshot.rows(format!("SELECT {round} + {number}").into(), Vec::new()));
        let found = futures_util::future::try_join_all(shapes).await.unwrap();
        for (number, rows) in found.iter().enumerate() {
            let seen = rows.cell(0, 0, entity::value::Scalar::Int).unwrap().int();
            assert_eq!(seen, i64::try_from(round + number).ok());
        }
    }
    let kept = snapshot.rows("SELECT count(*) FROM pg_prepared_statements".into(), Vec::new()).await.unwrap();
    let kept = kept.cell(0, 0, entity::value::Scalar::Int).unwrap().int().unwrap();
    assert!((1..=200).contains(&kept), "{kept} are kept prepared");
    snapshot.release();
}

/// Who finds its connection closed says so; the next has another.
async fn cut_off(database: &Database) {
    let before = backend(database).await;
    let snapshot = Snapshot::begin(database, MINE).await.unwrap();
    let ended = format!("SELECT pg_terminate_backend({before}, 3000)");
    assert_eq!(snapshot.rows(ended.into(), Vec::new()).await.unwrap().len(), 1);
    snapshot.release();
    let tx = Tx::begin(database, MINE).await.unwrap();
    // Its end may not have come through yet.
    if let Err(error) = tx.rows(statement(&tx, "SELECT 1")).await {
        assert_eq!(error.code, Code::Unavailable);
        drop(tx);
    } else {
        tx.commit().await.unwrap();
    }
    assert_ne!(backend(database).await, before);
}

/// COMMIT leaves with the last statement that is expected, and with none before it: its connection is idle already while
/// the snapshot is still held.
async fn ended_with_the_last(database: &Database) {
    for (expected, wanted) in [(Some(2), "idle"), (Some(3), "idle in transaction"), (None, "idle in transaction")] {
        let snapshot = Snapshot::begin(database, MINE).await.unwrap().of_statements(expected);
        let one = || snapshot.rows("SELECT pg_backend_pid()".into(), Vec::new());
        let (rows, _) = futures_util::future::try_join(one(), one()).await.unwrap();
        let reader = rows.cell(0, 0, entity::value::Scalar::Int).unwrap().int().unwrap();
        let tx = Tx::begin(database, MINE).await.unwrap();
        let state = format!("SELECT state FROM pg_stat_activity WHERE pid = {reader}");
        let seen = tx.rows(statement(&tx, &state)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(seen[0].first::<String>().unwrap(), wanted, "{expected:?}");
        snapshot.release();
    }
}

async fn backend(database: &Database) -> i32 {
    let tx = Tx::begin(database, MINE).await.unwrap();
    let rows = tx.rows(statement(&tx, "SELECT pg_backend_pid()")).await.unwrap();
    tx.commit().await.unwrap();
    rows[0].first().unwrap()
}

/// A statement that leaves with others is refused as it was told to be, whatever the one behind it says, and with it the
/// whole transaction; the connection serves on.
async fn refused_on_the_way(database: &Database) {
    let before = backend(database).await;
    let told = |error: Error| error.on("input.here");
    let make = "CREATE TEMPORARY TABLE kept (id int PRIMARY KEY)";
    let tx = Tx::begin(database, MINE).await.unwrap();
    tx.rows(statement(&tx, make)).await.unwrap();
    tx.commit().await.unwrap();

    // Behind it a statement that would pass, and COMMIT.
    for twice in ["INSERT INTO kept VALUES (1), (1)", "SELECT 1 / 0"] {
        let tx = Tx::begin(database, MINE).await.unwrap();
        tx.rows(statement(&tx, "INSERT INTO kept VALUES (7)")).await.unwrap();
        tx.run_with_next(statement(&tx, twice), told).await.unwrap();
        let last = statement(&tx, "INSERT INTO kept VALUES (8)");
        let refused = tx.commit_after(last).await.map(drop).unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("input.here"), "{twice}");
    }
    // Another organisation is served only once it is through, and what undoes everything undoes it too.
    let tx = Tx::begin(database, MINE).await.unwrap();
    tx.run_with_next(statement(&tx, "SELECT 1 / 0"), told).await.unwrap();
    assert_eq!(tx.serve(OTHER).await.unwrap_err().field.as_deref(), Some("input.here"));
    tx.rollback().await.unwrap();
    let tx = Tx::begin(database, MINE).await.unwrap();
    tx.run_with_next(statement(&tx, "INSERT INTO kept VALUES (9)"), told).await.unwrap();
    tx.rollback().await.unwrap();

    let tx = Tx::begin(database, MINE).await.unwrap();
    tx.run_with_next(statement(&tx, "INSERT INTO kept VALUES (2)"), told).await.unwrap();
    tx.commit().await.unwrap();
    let tx = Tx::begin(database, MINE).await.unwrap();
    let rows = tx.rows(statement(&tx, "SELECT id FROM kept")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(rows.iter().map(|row| row.first().unwrap()).collect::<Vec<i32>>(), [2]);
    assert_eq!(backend(database).await, before, "no connection was lost over it");
}
