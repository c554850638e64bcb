//! The one door to the database. A [`Scope`] says who asks; a [`Tx`] it opens is the only thing that runs statements.
//! Connections, pools and drivers are private to this module, so code elsewhere has nothing to run a query on.

mod audit;
mod changes;
mod connect;
mod counterpart;
mod dialect;
mod explain;
mod idempotency;
mod identity;
mod merge;
mod migrate;
mod names;
mod postgres;
mod queue;
mod read;
mod rows;
mod scope;
mod session;
mod showing;
mod sql;
mod sqlite;
mod statements;
mod tls;
mod words;
mod write;

pub use audit::Sight;
pub(crate) use connect::sqlite_path;
pub use connect::{Database, Settings};
pub use counterpart::{Consulted, Counterpart, Exchanged};
pub use dialect::Dialect;
pub use explain::{Explained, Watch};
pub use idempotency::Once;
pub use merge::Merge;
pub use migrate::{migrate, unmigrate};
pub use names::Naming;
pub use read::Snapshot;
pub use rows::{Row, Rows, Value};
pub use scope::{Begun, Scope};
pub use session::Tx;
pub use showing::Showing;
pub use sql::{Join, Sql};
pub use write::Write;

use crate::error::{Code, Error};

/// No answer: a stalled network or a paused server says nothing by itself.
fn late() -> Error {
    tracing::error!(kind = "connection", "no answer of the database in time");
    Code::Unavailable.into()
}

impl From<sqlx::Error> for Error {
    /// An error of SQLite's driver as the client may see it: a code. The text stays in the log, without values.
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) => {
                tracing::error!(sqlstate = inner.code().as_deref().unwrap_or(""), "statement refused");
                match inner.code().as_deref().and_then(refusal) {
                    Some(code) => code.into(),
                    None if inner.is_unique_violation() && is_of_id(&**inner) => {
                        Error::new(Code::Duplicate).on("input.id")
                    }
                    None if inner.is_unique_violation() => Code::Duplicate.into(),
                    None if inner.is_foreign_key_violation() => Code::NotFound.into(),
                    None => Code::Internal.into(),
                }
            }
            // Protocol: a connection that ends in the middle of an answer or of its own beginning.
            sqlx::Error::Io(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => {
                tracing::error!(kind = "connection", "database not reachable");
                Code::Unavailable.into()
            }
            other => {
                tracing::error!(kind = kind(other), "database error");
                Code::Internal.into()
            }
        }
    }
}

/// Whether it is the row's own id that is there already, and no other key of the table: of the columns that are named,
/// it is the last.
fn is_of_id(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.message().rsplit('.').next() == Some("id")
}

/// What a database's own code means for a client, where it is neither the client's fault nor ours.
fn refusal(code: &str) -> Option<Code> {
    match code {
        "57014" => Some(Code::Timeout),
        code if passes(code) => Some(Code::Unavailable),
        _ => None,
    }
}

/// Whether the same statement may be taken later on: the database is in the way of itself or of others, or out of
/// reach, of space or of the right to write.
fn passes(code: &str) -> bool {
    if let ("08" | "53" | "57" | "58", _) | (_, "25006" | "40001" | "40P01" | "55P03") =
        (code.get(..2).filter(|_| code.len() == 5).unwrap_or_default(), code)
    {
        return true;
    }
    // SQLite: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN; the low byte of the extended code.
    code.len() < 5 && code.parse().is_ok_and(|code: u32| matches!(code & 0xff, 5 | 6 | 8 | 10 | 13 | 14))
}

/// The name of a driver error's variant: never its text, which can hold values.
fn kind(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => "decode",
        sqlx::Error::Encode(_) => "encode",
        sqlx::Error::Protocol(_) => "protocol",
        sqlx::Error::Tls(_) => "tls",
        sqlx::Error::Configuration(_) => "configuration",
        sqlx::Error::PoolTimedOut => "not in time",
        sqlx::Error::Io(_) => "io",
        sqlx::Error::Database(_) => "database",
        sqlx::Error::ColumnIndexOutOfBounds { .. } | sqlx::Error::ColumnNotFound(_) => "column",
        _ => "other",
    }
}
