//! A snapshot: every statement of one read sees the same instant, and rows of one organisation alone. Both databases are
//! read through drivers of their own, which know how to send several messages at once (PostgreSQL) and how to read
//! without a thread's hop for each row (SQLite); writes go through sqlx, as sea-orm wants it.

pub(super) mod postgres;
pub(super) mod sqlite;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use uuid::Uuid;

use super::connect::{Database, Pools};
use super::{Dialect, Rows, Value};
use crate::error::Result;

/// An open snapshot of one organisation. Dropped before its end, its connection is closed, never handed on.
pub struct Snapshot {
    reader: Reader,
    statements: AtomicU32,
}

enum Reader {
    Postgres(postgres::Reader),
    Sqlite(sqlite::Reader),
}

impl Snapshot {
    /// Takes a connection; the transaction begins with the first statement.
    pub(super) async fn begin(database: &Database, organisation: Uuid) -> Result<Self> {
        let reader = match &database.pools {
            Pools::Postgres { readers, .. } => Reader::Postgres(postgres::Reader::new(readers, organisation).await?),
            Pools::Sqlite { readers, .. } => Reader::Sqlite(sqlite::Reader::new(readers).await?),
        };
        Ok(Self { reader, statements: AtomicU32::new(0) })
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
        match &self.reader {
            Reader::Postgres(reader) => reader.rows(sql, values).await.map(Rows::Postgres),
            Reader::Sqlite(reader) => reader.rows(sql, values).await.map(Rows::Sqlite),
        }
    }

    /// Ends it without making the answer wait.
    pub fn release(self) {
        match self.reader {
            Reader::Postgres(reader) => reader.release(),
            Reader::Sqlite(reader) => reader.release(),
        }
    }
}
