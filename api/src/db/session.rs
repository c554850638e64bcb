//! A transaction with its context. A future dropped anywhere in it costs the connection, never the next borrower
//! (protection.md, finding 1: sqlx 0.9.0 would hand on a poisoned one).

pub(super) mod postgres;

use std::time::Duration;

use sea_orm::Statement;
use sqlx::pool::PoolConnection;
use sqlx::{Executor as _, Sqlite, SqliteConnection};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::audit::Open;
use super::connect::{Database, Pools};
use super::sqlite::Turn;
use super::statements::run;
use super::{Dialect, Rows, late};
use crate::error::{Code, Error, Result};

/// An open transaction of one organisation that writes.
pub struct Tx {
    held: Mutex<Held>,
    dialect: Dialect,
    patience: Duration,
    _turn: Option<Turn>,
    _open: Open,
}

/// Longest wait for a transaction to begin: for a connection, and for its first answer.
pub(super) const BEGIN: Duration = Duration::from_millis(2500);

/// The connection, until the transaction has ended.
pub(super) struct Held(pub(super) Option<Connection>);

pub(super) enum Connection {
    Postgres(Box<postgres::Writer>),
    Sqlite(PoolConnection<Sqlite>),
}

/// How a refusal reads.
pub(super) type Told = fn(Error) -> Error;

/// A statement that need not be answered before the next one, and how its refusal reads.
pub(super) struct Later {
    pub statement: Statement,
    pub told: Told,
    /// The table, where it inserts one row and answers nothing.
    pub into: Option<&'static str>,
}

impl Drop for Held {
    /// Not ended: the connection is closed instead of returned, which rolls back and forgets the context.
    fn drop(&mut self) {
        if let Some(Connection::Sqlite(connection)) = self.0.take() {
            drop(connection.detach());
        }
    }
}

impl Held {
    /// Ended in order: the pool may have the connection back. SQLite's asks it for a sign of life first; one that gives
    /// none is closed.
    pub(super) fn give_back(mut self) {
        match self.0.take() {
            Some(Connection::Postgres(writer)) => drop(writer),
            Some(Connection::Sqlite(mut connection)) => {
                tokio::spawn(async move { tokio::time::timeout(BEGIN, Box::pin(connection.return_to_pool())).await });
            }
            None => {}
        }
    }
}

/// A message to SQLite that has no values.
pub(super) async fn message(connection: &mut SqliteConnection, sql: &'static str) -> Result<()> {
    connection.execute(sql).await?;
    Ok(())
}

impl Tx {
    /// Begins. On PostgreSQL the words for it leave with the first statement.
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
        let (connection, turn) = match &database.pools {
            Pools::Postgres { writers, .. } => {
                (Connection::Postgres(Box::new(postgres::Writer::begin(writers, organisation).await?)), None)
            }
            Pools::Sqlite { writer, turns, .. } => {
                let turn = turns.take().await;
                (Connection::Sqlite(writer.acquire().await?), Some(turn))
            }
        };
        let mut held = Held(Some(connection));
        if let Some(Connection::Sqlite(connection)) = &mut held.0 {
            message(connection, "BEGIN IMMEDIATE").await?;
        }
        let (held, dialect) = (Mutex::new(held), database.dialect());
        Ok(Self { held, dialect, patience: database.patience, _turn: turn, _open: open })
    }

    /// Serves another organisation from now on; where the database has no such policies, the statements say whom.
    pub(super) async fn serve(&self, organisation: Uuid) -> Result<()> {
        self.work(async |connection| match connection {
            Connection::Postgres(writer) => writer.serve(organisation).await,
            Connection::Sqlite(_) => Ok(()),
        })
        .await
    }

    /// Which database it runs on.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Makes the writes last and gives the connection back.
    pub async fn commit(self) -> Result<()> {
        self.end("COMMIT").await
    }

    /// The same behind one more statement, which leaves with it where the database takes both at once; there, its rows.
    pub(super) async fn commit_after(self, last: Statement) -> Result<Option<Rows>> {
        self.last(async |connection| match connection {
            Connection::Postgres(writer) => Ok(Some(Rows::Postgres(writer.commit_after(last).await?.rows))),
            Connection::Sqlite(connection) => {
                run(connection, last).await?;
                message(connection, "COMMIT").await?;
                Ok(None)
            }
        })
        .await
    }

    /// Undoes everything and gives the connection back.
    pub async fn rollback(self) -> Result<()> {
        self.end("ROLLBACK").await
    }

    async fn end(self, how: &'static str) -> Result<()> {
        self.last(async |connection| match connection {
            Connection::Postgres(writer) => writer.end(how).await,
            Connection::Sqlite(connection) => message(connection, how).await,
        })
        .await
    }

    /// Does what ends the transaction; if it ends in order, the pool has the connection back.
    async fn last<T>(self, work: impl AsyncFnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let mut held = self.held.into_inner();
        let connection = held.0.as_mut().ok_or_else(late)?;
        let ended = tokio::time::timeout(self.patience, work(connection)).await.unwrap_or_else(|_| Err(late()));
        if ended.is_ok() {
            held.give_back();
        }
        ended
    }

    /// Does something on the connection. One that gave no answer in time is in an unknown state: it is closed.
    pub(super) async fn work<T>(&self, work: impl AsyncFnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let mut held = self.held.lock().await;
        let connection = held.0.as_mut().ok_or_else(late)?;
        let answer = tokio::time::timeout(self.patience, work(connection)).await;
        answer.unwrap_or_else(|_| {
            *held = Held(None);
            Err(late())
        })
    }
}

#[cfg(test)]
mod tests;
