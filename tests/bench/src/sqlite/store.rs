//! A connection for each thread that reads: a read takes less than a switch to another thread.

use std::cell::RefCell;
use std::path::PathBuf;

use rusqlite::{Connection, OpenFlags};

use crate::Failed;

/// A database file.
pub(crate) struct Store {
    path: PathBuf,
}

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

impl Store {
    /// Of this file.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Reads in one snapshot.
    pub(crate) fn read<T>(&self, reading: impl FnOnce(&Connection) -> Result<T, Failed>) -> Result<T, Failed> {
        CONNECTION.with_borrow_mut(|held| {
            let connection = match held {
                Some(connection) => connection,
                None => held.insert(self.open()?),
            };
            connection.prepare_cached("BEGIN")?.execute([])?;
            let found = reading(connection);
            connection.prepare_cached("COMMIT")?.execute([])?;
            found
        })
    }

    fn open(&self) -> Result<Connection, Failed> {
        let connection = Connection::open_with_flags(
            &self.path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection
            .execute_batch("PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -65536; PRAGMA query_only = on")?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(connection)
    }
}
