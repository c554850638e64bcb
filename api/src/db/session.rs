//! A transaction with its context. Opened with one message; closed with one; a future dropped in between costs the
//! connection, never the next borrower (protection.md, finding 1: sqlx 0.9.0 would hand on a poisoned one).

use sqlx::pool::PoolConnection;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Executor as _, Postgres, Sqlite};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::connect::{Database, Pools};
use super::{Dialect, refused};
use crate::error::Result;

/// An open transaction of one organisation that writes.
pub struct Tx {
    held: Mutex<Held>,
    dialect: Dialect,
}

/// The connection, until the transaction has ended.
pub(super) struct Held(pub(super) Option<Connection>);

pub(super) enum Connection {
    Postgres(PoolConnection<Postgres>),
    Sqlite(PoolConnection<Sqlite>),
}

impl Drop for Held {
    /// Not ended: the connection is closed instead of returned, which rolls back and forgets the context.
    fn drop(&mut self) {
        match self.0.take() {
            Some(Connection::Postgres(connection)) => drop(connection.detach()),
            Some(Connection::Sqlite(connection)) => drop(connection.detach()),
            None => {}
        }
    }
}

impl Connection {
    pub(super) async fn message(&mut self, sql: impl Into<String>) -> std::result::Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.into());
        match self {
            Self::Postgres(connection) => connection.execute(sqlx::raw_sql(sql)).await.map(drop),
            Self::Sqlite(connection) => connection.execute(sqlx::raw_sql(sql)).await.map(drop),
        }
    }

    /// Runs a statement with its values, where the connection is SQLite's.
    pub(super) async fn sqlite(
        &mut self,
        query: Query<'_, Sqlite, SqliteArguments>,
    ) -> std::result::Result<(), sqlx::Error> {
        match self {
            Self::Postgres(_) => Ok(()),
            Self::Sqlite(connection) => connection.execute(query).await.map(drop),
        }
    }
}

impl Tx {
    /// Begins and sets the context in one message.
    pub(super) async fn begin(database: &Database, organisation: Uuid) -> Result<Self> {
        let connection = match &database.pools {
            Pools::Postgres { writers, .. } => writers.acquire().await.map(Connection::Postgres),
            Pools::Sqlite { writer, .. } => writer.acquire().await.map(Connection::Sqlite),
        }
        .map_err(|error| refused(&error))?;
        let mut held = Held(Some(connection));
        let begin = match database.dialect() {
            Dialect::Postgres => {
                format!("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {}", context(organisation))
            }
            Dialect::Sqlite => "BEGIN IMMEDIATE".to_owned(),
        };
        if let Some(connection) = &mut held.0 {
            connection.message(begin).await.map_err(|error| refused(&error))?;
        }
        Ok(Self { held: Mutex::new(held), dialect: database.dialect() })
    }

    /// Which database it runs on.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Makes the writes last and gives the connection back.
    pub async fn commit(self) -> Result<()> {
        self.end("COMMIT").await
    }

    /// Undoes everything and gives the connection back.
    pub async fn rollback(self) -> Result<()> {
        self.end("ROLLBACK").await
    }

    async fn end(self, how: &'static str) -> Result<()> {
        let mut held = self.held.into_inner();
        if let Some(connection) = &mut held.0 {
            connection.message(how).await.map_err(|error| refused(&error))?;
        }
        // Ended in order: from here on the pool may have the connection back.
        drop(held.0.take());
        Ok(())
    }

    pub(super) async fn hold(&self) -> tokio::sync::MutexGuard<'_, Held> {
        self.held.lock().await
    }
}

/// The statement that tells row-level security whose rows exist. A UUID's text has no character that SQL could read.
fn context(organisation: Uuid) -> String {
    format!("SELECT set_config('lanpya.organisation', '{}', true)", organisation.hyphenated())
}

#[cfg(test)]
mod tests;
