//! A transaction with its context. Opened with one message; closed with one; a future dropped in between costs the
//! connection, never the next borrower (protection.md, finding 1: sqlx 0.9.0 would hand on a poisoned one).

use std::future::Future;
use std::io::ErrorKind::TimedOut;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Executor as _, Postgres, Sqlite};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::audit::Open;
use super::connect::{Database, Pools};
use super::{Dialect, refused};
use crate::error::{Code, Result};

/// An open transaction of one organisation that writes.
pub struct Tx {
    held: Mutex<Held>,
    dialect: Dialect,
    patience: Duration,
    _open: Open,
}

/// Longest wait for a transaction to begin: for a connection, and for its first answer.
pub(super) const BEGIN: Duration = Duration::from_millis(2500);

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

impl Held {
    /// Passes an answer on. A connection that gave none in time is in an unknown state: it is closed.
    pub(super) fn judge<T>(
        &mut self,
        answer: std::result::Result<T, sqlx::Error>,
    ) -> std::result::Result<T, sqlx::Error> {
        if matches!(&answer, Err(sqlx::Error::Io(error)) if error.kind() == TimedOut) {
            *self = Self(None);
        }
        answer
    }

    /// Ended in order: the pool may have the connection back. The pool asks it for a sign of life first; one that gives
    /// none is closed, so that a network that swallows everything does not keep its place for good.
    pub(super) fn give_back(mut self) {
        let Some(connection) = self.0.take() else { return };
        tokio::spawn(async move {
            match connection {
                Connection::Postgres(mut connection) => {
                    tokio::time::timeout(BEGIN, Box::pin(connection.return_to_pool())).await
                }
                Connection::Sqlite(mut connection) => {
                    tokio::time::timeout(BEGIN, Box::pin(connection.return_to_pool())).await
                }
            }
        });
    }
}

/// An answer of the database within `patience`: a stalled network or a paused server says nothing by itself.
pub(super) async fn within<T>(
    patience: Duration,
    answer: impl Future<Output = std::result::Result<T, sqlx::Error>>,
) -> std::result::Result<T, sqlx::Error> {
    tokio::time::timeout(patience, answer).await.unwrap_or_else(|_| Err(std::io::Error::from(TimedOut).into()))
}

pub(super) fn ended() -> sqlx::Error {
    sqlx::Error::Protocol("the transaction has ended".to_owned())
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
        // Boxed: a future is moved about as a whole before it begins, and the pool's are large.
        let begun = tokio::time::timeout(BEGIN, Box::pin(Self::begun(database, organisation))).await;
        begun.unwrap_or_else(|_| {
            tracing::error!(kind = "connection", "no transaction begun in time");
            Err(Code::Unavailable.into())
        })
    }

    async fn begun(database: &Database, organisation: Uuid) -> Result<Self> {
        let open = database.underway.begin();
        let connection = match &database.pools {
            Pools::Postgres { writers, .. } => writers.acquire().await.map(Connection::Postgres),
            Pools::Sqlite { writer, .. } => writer.acquire().await.map(Connection::Sqlite),
        }
        .map_err(|error| refused(&error))?;
        let mut held = Held(Some(connection));
        let begin = match database.dialect() {
            Dialect::Postgres => {
                // Not READ WRITE: whoever has made the database read-only means it.
                format!("BEGIN ISOLATION LEVEL READ COMMITTED; {}", context(organisation))
            }
            Dialect::Sqlite => "BEGIN IMMEDIATE".to_owned(),
        };
        if let Some(connection) = &mut held.0 {
            connection.message(begin).await.map_err(|error| refused(&error))?;
        }
        Ok(Self { held: Mutex::new(held), dialect: database.dialect(), patience: database.patience, _open: open })
    }

    /// Serves another organisation from now on; where the database has no such policies, the statements say whom.
    pub(super) async fn serve(&self, organisation: Uuid) -> Result<()> {
        if self.dialect == Dialect::Sqlite {
            return Ok(());
        }
        let (mut held, patience) = self.hold().await;
        let Some(connection) = &mut held.0 else { return Err(refused(&ended())) };
        let answer = within(patience, connection.message(context(organisation))).await;
        held.judge(answer).map_err(|error| refused(&error))
    }

    /// Which database it runs on.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Makes the writes last and gives the connection back.
    pub async fn commit(self) -> Result<()> {
        self.end("COMMIT").await
    }

    /// The same behind one more statement, which leaves with it.
    pub(super) async fn commit_after(self, statement: &str) -> Result<()> {
        self.end(format!("{statement}; COMMIT")).await
    }

    /// Undoes everything and gives the connection back.
    pub async fn rollback(self) -> Result<()> {
        self.end("ROLLBACK").await
    }

    async fn end(self, how: impl Into<String>) -> Result<()> {
        let mut held = self.held.into_inner();
        if let Some(connection) = &mut held.0 {
            within(self.patience, connection.message(how)).await.map_err(|error| refused(&error))?;
        }
        held.give_back();
        Ok(())
    }

    pub(super) async fn hold(&self) -> (tokio::sync::MutexGuard<'_, Held>, Duration) {
        (self.held.lock().await, self.patience)
    }
}

/// The statement that tells row-level security whose rows exist, until the transaction ends. A UUID's text has no
/// character that SQL could read. `set_config` would do the same at the price of a query: parsed, planned, executed.
pub(super) fn context(organisation: Uuid) -> String {
    format!("SET LOCAL lanpya.organisation = '{}'", organisation.hyphenated())
}

#[cfg(test)]
mod tests;
