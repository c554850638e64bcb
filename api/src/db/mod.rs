//! The one door to the database. A [`Scope`] says who asks; a [`Tx`] it opens is the only thing that runs statements.
//! Connections, pools and drivers are private to this module, so code elsewhere has nothing to run a query on.

mod audit;
mod connect;
mod connection;
mod dialect;
mod idempotency;
mod identity;
mod migrate;
mod read;
mod rows;
mod scope;
mod session;
mod sql;
mod tls;
mod write;

pub use audit::Sight;
pub(crate) use connect::sqlite_path;
pub use connect::{Database, Settings};
pub use dialect::Dialect;
pub use idempotency::Once;
pub use migrate::{migrate, unmigrate};
pub use read::Snapshot;
pub use rows::{Row, Rows, Value};
pub use scope::{Begun, Scope};
pub use session::Tx;
pub use sql::Sql;
pub use write::Write;

use crate::error::{Code, Error};

/// A driver's error as the client may see it: a code. The text stays in the log, without values.
fn refused(error: &sqlx::Error) -> Error {
    match error {
        sqlx::Error::Database(inner) => {
            tracing::error!(sqlstate = inner.code().as_deref().unwrap_or(""), "statement refused");
            match inner.code().as_deref().and_then(refusal) {
                Some(code) => code.into(),
                None if inner.is_unique_violation() => Code::Duplicate.into(),
                None if inner.is_foreign_key_violation() => Code::NotFound.into(),
                None => Code::Internal.into(),
            }
        }
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
            tracing::error!(kind = "connection", "database not reachable");
            Code::Unavailable.into()
        }
        other => {
            tracing::error!(kind = kind(other), "database error");
            Code::Internal.into()
        }
    }
}

/// What a database's own code means for a client, where it is neither the client's fault nor ours.
fn refusal(code: &str) -> Option<Code> {
    match code {
        // query_canceled
        "57014" => Some(Code::Timeout),
        // lock_not_available, serialisation, deadlock, disk full, too many connections, shutting down, read-only;
        // SQLITE_BUSY, FULL and their kin
        "55P03" | "40001" | "40P01" | "53100" | "53300" | "57P01" | "57P02" | "57P03" | "25006" | "5" | "6" | "8"
        | "10" | "13" | "14" | "261" | "517" | "1544" | "1032" => Some(Code::Unavailable),
        _ => None,
    }
}

/// The name of a driver error's variant: never its text, which can hold values.
fn kind(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => "decode",
        sqlx::Error::Encode(_) => "encode",
        sqlx::Error::Protocol(_) => "protocol",
        sqlx::Error::Tls(_) => "tls",
        sqlx::Error::Configuration(_) => "configuration",
        sqlx::Error::ColumnIndexOutOfBounds { .. } | sqlx::Error::ColumnNotFound(_) => "column",
        _ => "other",
    }
}
