//! Reads on SQLite: a statement runs whole on a thread that may block, and its rows come back packed.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::{self, Metrics, Object, RecycleResult};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, InterruptHandle, OpenFlags, ToSql};
use tokio::sync::Mutex;

use super::super::Value;
use super::super::rows::hex_list;
use crate::error::{Code, Error, Result};

/// Statements kept prepared on a connection.
const PREPARED: usize = 200;
/// Pages kept by a connection, in KiB; what is not there comes from the mapped file.
const CACHE: i32 = 4 * 1024;
/// As much of the file is mapped into memory, in bytes, shared by all connections.
const MAPPED: i64 = 256 * 1024 * 1024;

/// Connections that read.
pub(in super::super) type Pool = managed::Pool<Manager>;

/// Opens them.
pub(in super::super) struct Manager {
    pub path: PathBuf,
    pub busy: Duration,
    /// Longest run of a statement.
    pub longest: Duration,
}

/// A connection, and the way to stop it.
pub(in super::super) struct Shared {
    connection: Arc<Mutex<Connection>>,
    interrupt: InterruptHandle,
    longest: Duration,
}

impl managed::Manager for Manager {
    type Type = Shared;
    type Error = rusqlite::Error;

    async fn create(&self) -> std::result::Result<Shared, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(self.busy)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        connection.execute_batch(&format!(
            "PRAGMA query_only = on; PRAGMA foreign_keys = on; PRAGMA trusted_schema = off; PRAGMA temp_store = memory; \
             PRAGMA cache_size = -{CACHE}; PRAGMA mmap_size = {MAPPED};"
        ))?;
        let interrupt = connection.get_interrupt_handle();
        Ok(Shared { connection: Arc::new(Mutex::new(connection)), interrupt, longest: self.longest })
    }

    async fn recycle(&self, _: &mut Shared, _: &Metrics) -> RecycleResult<rusqlite::Error> {
        Ok(())
    }
}

/// An open read.
pub(super) struct Reader(Held);

/// The connection until the read has ended; dropped before that, it is stopped and closed instead of returned.
struct Held(Option<Object<Manager>>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            Object::take(object).interrupt.interrupt();
        }
    }
}

impl Reader {
    pub async fn new(pool: &Pool) -> Result<Self> {
        let object = pool.get().await.map_err(|_| {
            tracing::error!(kind = "connection", "database not reachable");
            Error::from(Code::Unavailable)
        })?;
        Ok(Self(Held(Some(object))))
    }

    pub async fn rows(&self, sql: Arc<str>, values: Vec<Value>) -> Result<Table> {
        let shared = self.0.0.as_deref().ok_or(Code::Internal)?;
        let connection = Arc::clone(&shared.connection).lock_owned().await;
        let running = tokio::task::spawn_blocking(move || {
            if connection.is_autocommit() {
                connection.prepare_cached("BEGIN")?.execute([])?;
            }
            table(&connection, &sql, &values)
        });
        match tokio::time::timeout(shared.longest, running).await {
            Ok(Ok(rows)) => rows.map_err(|error| refused(&error)),
            Ok(Err(_)) => Err(Code::Internal.into()),
            Err(_) => {
                shared.interrupt.interrupt();
                Err(Code::Timeout.into())
            }
        }
    }

    /// A read has nothing to write down: ending it takes no time.
    pub fn release(mut self) {
        let Some(object) = self.0.0.take() else { return };
        let ended = match object.connection.try_lock() {
            Ok(connection) => connection.is_autocommit() || connection.execute_batch("COMMIT").is_ok(),
            Err(_) => false,
        };
        if !ended {
            drop(Held(Some(object)));
        }
    }
}

/// Rows, packed: one list of values, one run of bytes that texts and ids lie in.
pub struct Table {
    columns: usize,
    cells: Vec<Packed>,
    bytes: Vec<u8>,
}

/// A value of a row.
enum Packed {
    Null,
    Int(i64),
    Real(f64),
    Bytes(Range<usize>),
}

impl Table {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.columns).unwrap_or_default()
    }

    /// The value at a row and column; `None` beyond the table.
    pub(in super::super) fn value(&self, row: usize, column: usize) -> Option<ValueRef<'_>> {
        let cell = if column < self.columns { self.cells.get(row * self.columns + column)? } else { return None };
        Some(match cell {
            Packed::Null => ValueRef::Null,
            Packed::Int(number) => ValueRef::Integer(*number),
            Packed::Real(number) => ValueRef::Real(*number),
            Packed::Bytes(range) => ValueRef::Blob(self.bytes.get(range.clone())?),
        })
    }
}

fn table(connection: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<Table> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut table = Table { columns, cells: Vec::with_capacity(columns * 32), bytes: Vec::with_capacity(1_024) };
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            let cell = match row.get_ref(column)? {
                ValueRef::Null => Packed::Null,
                ValueRef::Integer(number) => Packed::Int(number),
                ValueRef::Real(number) => Packed::Real(number),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                    let start = table.bytes.len();
                    table.bytes.extend_from_slice(bytes);
                    Packed::Bytes(start..table.bytes.len())
                }
            };
            table.cells.push(cell);
        }
    }
    Ok(table)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::Value as Owned;
        Ok(match self {
            Self::Text(v) => ToSqlOutput::Borrowed(ValueRef::Text(v.as_bytes())),
            Self::Int(v) => ToSqlOutput::Owned(Owned::Integer((*v).into())),
            Self::Big(v) => ToSqlOutput::Owned(Owned::Integer(*v)),
            Self::Float(v) => ToSqlOutput::Owned(Owned::Real(*v)),
            Self::Bool(v) => ToSqlOutput::Owned(Owned::Integer((*v).into())),
            Self::Uuid(v) => ToSqlOutput::Borrowed(ValueRef::Blob(v.as_bytes())),
            Self::Date(v) => ToSqlOutput::Owned(Owned::Text(v.to_string())),
            // As sqlx writes it, whose texts these are compared with.
            Self::Timestamp(v) => {
                ToSqlOutput::Owned(Owned::Text(v.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false)))
            }
            Self::Uuids(v) => ToSqlOutput::Owned(Owned::Text(hex_list(v))),
            Self::Texts(v) => ToSqlOutput::Owned(Owned::Text(serde_json::Value::from(v.clone()).to_string())),
        })
    }
}

fn refused(error: &rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as E;
    let code = match error.sqlite_error_code() {
        Some(E::OperationInterrupted) => Code::Timeout,
        Some(
            E::DatabaseBusy
            | E::DatabaseLocked
            | E::DiskFull
            | E::CannotOpen
            | E::SystemIoFailure
            | E::ReadOnly
            | E::FileLockingProtocolFailed
            | E::PermissionDenied
            | E::OutOfMemory,
        ) => Code::Unavailable,
        _ => Code::Internal,
    };
    tracing::error!(code = error.sqlite_error_code().map_or("", name), "statement refused");
    code.into()
}

fn name(code: rusqlite::ErrorCode) -> &'static str {
    use rusqlite::ErrorCode as E;
    match code {
        E::DatabaseBusy => "busy",
        E::DatabaseLocked => "locked",
        E::DiskFull => "full",
        E::CannotOpen => "cannot open",
        E::SystemIoFailure => "input or output failed",
        E::OperationInterrupted => "interrupted",
        E::DatabaseCorrupt | E::NotADatabase => "corrupt",
        _ => "other",
    }
}
