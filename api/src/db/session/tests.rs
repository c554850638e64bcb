//! A future dropped anywhere around BEGIN and COMMIT leaves nothing behind for the next borrower of the connection.

use std::future::Future;

use futures_util::poll;
use sqlx::postgres::PgPoolOptions;

use super::*;
use crate::db::{Settings, migrate};

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

async fn work(database: &Database, mode: Mode) -> Result<()> {
    let tx = Tx::begin(database, mode, OTHER).await?;
    tx.rows("SELECT 1".into(), Vec::new()).await?;
    tx.commit().await
}

async fn abandoned_everywhere(database: &Database, check: impl AsyncFn(&Tx)) {
    for (abandoned, next) in [(Mode::Read, Mode::Write), (Mode::Write, Mode::Read), (Mode::Write, Mode::Write)] {
        for polls in 0..40 {
            abandon(work(database, abandoned), polls).await;
            let tx = Tx::begin(database, next, MINE).await.unwrap();
            check(&tx).await;
            tx.commit().await.unwrap();
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
    abandoned_everywhere(&database, async |_: &Tx| {}).await;
}

#[tokio::test]
async fn on_postgres_the_next_borrower_sees_its_own_context_alone() {
    // `tests/run` starts a cluster and names it; by itself this file tests SQLite.
    let Ok(url) = std::env::var("LANPYA_TEST_POSTGRES") else { return };
    let pool = PgPoolOptions::new().max_connections(1).test_before_acquire(false).connect(&url).await.unwrap();
    let database = Database(Pools::Postgres(pool));
    abandoned_everywhere(&database, async |tx: &Tx| {
        let sql = "SELECT current_setting('lanpya.organisation', true)";
        let rows = tx.rows(sql.into(), Vec::new()).await.unwrap();
        let seen = rows.cell(0, 0, entity::value::Scalar::Text).unwrap();
        assert_eq!(seen.text(), Some(MINE.to_string().as_str()));
    })
    .await;
}
