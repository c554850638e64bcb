//! Connections to SQLite of our own. What is soon read is read where it is asked for: to hand it to another thread and
//! wait for that would take longer. Everything else runs on a thread that may block.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use deadpool::managed::{self, Metrics, Object, RecycleResult};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, InterruptHandle, OpenFlags, ToSql};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::Value;
use super::rows::hex_list;
use crate::error::{Code, Error, Result};

/// Statements kept prepared on a connection.
const PREPARED: usize = 200;
/// Pages kept by a connection, in KiB; what is not there comes from the mapped file. Each commit, the audit's too, has
/// the readers forget and unmap what they had: a nested list that finds its pages mapped takes two thirds of the time.
const CACHE: i32 = 4 * 1024;
/// As much of the file is mapped into memory, in bytes, shared by all connections.
const MAPPED: i64 = 256 * 1024 * 1024;
/// Pages in the write-ahead log before they are written into the file, which whoever commits does: a page that many
/// commits have changed, as those of indexes are, is written once. At 1,000, as SQLite has it, that was a third of what
/// commits cost.
pub(super) const LOGGED: u32 = 4_000;

/// Steps of SQLite's machine between two looks at whether they have become too many.
const STEPS: i32 = 1_000;
/// So many such looks has what is soon read: one or two milliseconds.
const SOON: u32 = 50;

/// Connections for one kind of work.
pub(super) type Pool = managed::Pool<Manager>;

/// Opens them.
pub(super) struct Manager {
    pub path: PathBuf,
    /// Longest wait for the lock of the file.
    pub busy: Duration,
    /// Longest run of what is done at once.
    pub longest: Duration,
    /// What its connections are for, in words of SQLite.
    pub pragmas: &'static str,
}

/// A connection that only reads.
pub(super) const READS: &str = "PRAGMA query_only = on";
/// A connection that adds to the audit, and tells only what is on the disk.
pub(super) const APPENDS: &str = "PRAGMA synchronous = full; PRAGMA secure_delete = on";

/// Whose turn it is to write: a file takes one writer at a time, and SQLite itself would have the others ask again and
/// again.
#[derive(Clone, Default)]
pub(super) struct Turns(Arc<Mutex<()>>);

/// A turn, until it is dropped.
pub(super) struct Turn(#[expect(dead_code, reason = "held, not looked at")] OwnedMutexGuard<()>);

impl Turns {
    /// Waits for one.
    pub async fn take(&self) -> Turn {
        Turn(Arc::clone(&self.0).lock_owned().await)
    }
}

/// A connection, and the way to stop it.
pub(super) struct Shared {
    connection: Arc<Mutex<Connection>>,
    interrupt: InterruptHandle,
    /// Looks that are left before what runs is interrupted.
    looks: Arc<AtomicU32>,
    busy: Duration,
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
            "{}; PRAGMA foreign_keys = on; PRAGMA trusted_schema = off; PRAGMA temp_store = memory; \
             PRAGMA cache_size = -{CACHE}; PRAGMA mmap_size = {MAPPED}; PRAGMA wal_autocheckpoint = {LOGGED};",
            self.pragmas
        ))?;
        let interrupt = connection.get_interrupt_handle();
        let looks = Arc::new(AtomicU32::new(u32::MAX));
        let left = Arc::clone(&looks);
        let is_over = move || left.fetch_sub(1, Ordering::Relaxed) == 0;
        connection.progress_handler(STEPS, Some(is_over))?;
        let connection = Arc::new(Mutex::new(connection));
        Ok(Shared { connection, interrupt, looks, busy: self.busy, longest: self.longest })
    }

    async fn recycle(&self, _: &mut Shared, _: &Metrics) -> RecycleResult<rusqlite::Error> {
        Ok(())
    }
}

/// A connection until what it is for has ended; dropped before that, it is stopped and closed instead of returned.
pub(super) struct Held(Option<Object<Manager>>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            Object::take(object).interrupt.interrupt();
        }
    }
}

impl Held {
    /// Waits for a connection.
    pub async fn take(pool: &Pool) -> Result<Self> {
        let object = pool.get().await.map_err(|_| {
            tracing::error!(kind = "connection", "database not reachable");
            Error::from(Code::Unavailable)
        })?;
        Ok(Self(Some(object)))
    }

    /// Does something on the connection.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let shared = self.0.as_deref().ok_or(Code::Internal)?;
        let connection = Arc::clone(&shared.connection).lock_owned().await;
        shared.blocking(connection, work).await
    }

    /// Reads something on the connection, from its beginning once more where it does not come to an end soon.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let shared = self.0.as_deref().ok_or(Code::Internal)?;
        let mut connection = Arc::clone(&shared.connection).lock_owned().await;
        match shared.soon(&mut connection, &work) {
            Err(error) if is_later(&error) => shared.blocking(connection, work).await,
            done => done.map_err(|error| refused(&error)),
        }
    }

    /// Gives the connection back where it has no transaction, or one that only read and ends in no time.
    pub fn give_back(mut self) {
        let Some(object) = self.0.take() else { return };
        let ended = match object.connection.try_lock() {
            Ok(connection) => connection.is_autocommit() || committed(&connection).is_ok(),
            Err(_) => false,
        };
        if !ended {
            drop(Self(Some(object)));
        }
    }
}

impl Shared {
    /// Does something at once, without waiting for a lock and only as long as it is short.
    fn soon<T>(
        &self,
        connection: &mut Connection,
        work: impl Fn(&mut Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        connection.busy_timeout(Duration::ZERO)?;
        self.looks.store(SOON, Ordering::Relaxed);
        let done = work(connection);
        self.looks.store(u32::MAX, Ordering::Relaxed);
        connection.busy_timeout(self.busy)?;
        done
    }

    async fn blocking<T: Send + 'static>(
        &self,
        mut connection: OwnedMutexGuard<Connection>,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let running = tokio::task::spawn_blocking(move || work(&mut connection));
        match tokio::time::timeout(self.longest, running).await {
            Ok(Ok(done)) => done.map_err(|error| refused(&error)),
            Ok(Err(_)) => Err(Code::Internal.into()),
            Err(_) => {
                self.interrupt.interrupt();
                Err(Code::Timeout.into())
            }
        }
    }
}

fn committed(connection: &Connection) -> rusqlite::Result<usize> {
    connection.prepare_cached("COMMIT")?.execute([])
}

/// Whether what failed at once may come to an end where there is time.
fn is_later(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode as E;
    matches!(error.sqlite_error_code(), Some(E::OperationInterrupted | E::DatabaseBusy))
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

#[cfg(test)]
mod tests {
    use std::sync::Mutex as Lock;
    use std::thread::{ThreadId, current};

    use super::*;

    /// A file with connections as the server has them, and where work on them was done.
    struct House {
        folder: tempfile::TempDir,
        pool: Pool,
        done: Arc<Lock<Vec<ThreadId>>>,
    }

    impl House {
        fn new(longest: Duration) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("house.db");
            Connection::open(&path).unwrap().execute_batch("CREATE TABLE child (id INTEGER)").unwrap();
            let manager = Manager { path, busy: Duration::from_secs(20), longest, pragmas: READS };
            let pool = managed::Pool::builder(manager).max_size(1).build().unwrap();
            Self { folder, pool, done: Arc::default() }
        }

        /// Counts to a number, in steps that SQLite takes one by one.
        async fn count(&self, to: i64) -> Result<i64> {
            let held = Held::take(&self.pool).await?;
            let done = Arc::clone(&self.done);
            let counted = held.read(move |connection| {
                done.lock().unwrap().push(current().id());
                let sql = "WITH RECURSIVE n(i) AS (SELECT (SELECT count(*) FROM child) UNION ALL SELECT i + 1 FROM n \
                           WHERE i < ?1) SELECT max(i) FROM n";
                connection.prepare_cached(sql)?.query_row([to], |row| row.get(0))
            });
            let counted = counted.await?;
            held.give_back();
            Ok(counted)
        }

        fn done(&self) -> Vec<ThreadId> {
            std::mem::take(&mut *self.done.lock().unwrap())
        }
    }

    #[tokio::test]
    async fn what_is_soon_read_is_read_where_it_is_asked_for() {
        let house = House::new(Duration::from_secs(20));
        let here = current().id();
        for _ in 0..3 {
            assert_eq!(house.count(100).await.unwrap(), 100);
            assert_eq!(house.done(), [here]);
            // And what takes longer is begun again elsewhere; the connection is as good as before.
            assert_eq!(house.count(300_000).await.unwrap(), 300_000);
            let done = house.done();
            assert_eq!((done.len(), done[0] == here, done[1] == here), (2, true, false));
        }
        assert_eq!(house.pool.status().size, 1);
    }

    #[tokio::test]
    async fn what_takes_too_long_is_stopped() {
        let house = House::new(Duration::from_millis(50));
        let stopped = house.count(i64::MAX).await.unwrap_err();
        assert_eq!((stopped.code, house.done().len()), (Code::Timeout, 2));
        // Its connection is closed; the next one has another.
        assert_eq!(house.count(7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_locked_file_is_waited_for_elsewhere() {
        let house = House::new(Duration::from_secs(20));
        // Opening a connection looks at the file too.
        assert_eq!((house.count(1).await.unwrap(), house.done().len()), (1, 1));
        let other = Connection::open(house.folder.path().join("house.db")).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE; INSERT INTO child VALUES (1)").unwrap();
        let done = Arc::clone(&house.done);
        let ended = tokio::task::spawn_blocking(move || {
            // Once it has been tried where it was asked for, and is tried elsewhere.
            while done.lock().unwrap().len() < 2 {
                std::thread::yield_now();
            }
            other.execute_batch("COMMIT")
        });
        assert_eq!(house.count(5).await.unwrap(), 5);
        ended.await.unwrap().unwrap();
        assert_eq!(house.done().len(), 2);
    }
}
