//! A snapshot: every statement of one read sees the same instant, and rows of one organisation alone. Both databases are
//! read by ways of their own: several statements in one flight (PostgreSQL), rows without a thread's hop for each
//! (SQLite).

pub(super) mod postgres;
pub(super) mod sqlite;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use uuid::Uuid;

use super::audit::Open;
use super::connect::{Database, Pools};
use super::explain::Watch;
use super::session::BEGIN;
use super::{Dialect, Rows, Value, late};
use crate::error::Result;

/// An open snapshot of one organisation. Dropped before its end, its connection is closed, never handed on.
pub struct Snapshot {
    reader: Reader,
    patience: Duration,
    statements: AtomicU32,
    watch: Option<Watch>,
    _open: Open,
}

#[expect(clippy::large_enum_variant, reason = "one a request, moved and never kept in numbers")]
enum Reader {
    Postgres(postgres::Reader),
    Sqlite(sqlite::Reader),
}

impl Snapshot {
    /// Takes a connection; the transaction begins with the first statement.
    pub(super) async fn begin(database: &Database, organisation: Uuid) -> Result<Self> {
        let open = database.underway.begin();
        let reader = async {
            Ok(match &database.pools {
                Pools::Postgres { readers, .. } => {
                    Reader::Postgres(postgres::Reader::new(readers, organisation).await?)
                }
                Pools::Sqlite { readers, .. } => Reader::Sqlite(sqlite::Reader::new(readers).await?),
            })
        };
        let reader = tokio::time::timeout(BEGIN, reader).await.unwrap_or_else(|_| Err(late()))?;
        Ok(Self { reader, patience: database.patience, statements: AtomicU32::new(0), watch: None, _open: open })
    }

    /// For a read of so many statements: its end travels with the last one.
    #[must_use]
    pub fn of_statements(mut self, statements: Option<u32>) -> Self {
        if let (Some(statements), Reader::Postgres(reader), None) = (statements, &mut self.reader, &self.watch) {
            reader.expect(statements);
        }
        self
    }

    /// Has each statement explained.
    pub(super) fn watched(self, watch: Option<Watch>) -> Self {
        Self { watch, ..self }
    }

    /// Which database it runs on.
    pub fn dialect(&self) -> Dialect {
        match self.reader {
            Reader::Postgres(_) => Dialect::Postgres,
            Reader::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// Statements run so far.
    pub fn statements(&self) -> u32 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Runs a statement and returns its rows. Statements that are run side by side are sent side by side.
    pub async fn rows(&self, sql: Arc<str>, values: Vec<Value>) -> Result<Rows> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        if let Some(watch) = &self.watch {
            watch.look(self, &sql, values.clone()).await?;
        }
        self.send(sql, values).await
    }

    pub(super) async fn send(&self, sql: Arc<str>, values: Vec<Value>) -> Result<Rows> {
        let rows = async {
            match &self.reader {
                Reader::Postgres(reader) => reader.rows(sql, values).await.map(Rows::Postgres),
                Reader::Sqlite(reader) => reader.rows(sql, values).await.map(Rows::Sqlite),
            }
        };
        tokio::time::timeout(self.patience, rows).await.unwrap_or_else(|_| Err(late()))
    }

    /// Ends it without making the answer wait.
    pub fn release(self) {
        match self.reader {
            Reader::Postgres(reader) => reader.release(),
            Reader::Sqlite(reader) => reader.release(),
        }
    }
}
