//! The one door to the database. A [`Scope`] says who asks; a [`Tx`] it opens is the only thing that runs statements.
//! Connections, pools and drivers are private to this module, so code elsewhere has nothing to run a query on.

mod audit;
mod connect;
mod connection;
mod dialect;
mod idempotency;
mod identity;
mod migrate;
mod rows;
mod scope;
mod session;
mod sql;
mod write;

pub use audit::Sight;
pub(crate) use connect::sqlite_path;
pub use connect::{Database, Settings};
pub use dialect::Dialect;
pub use idempotency::Once;
pub use migrate::{migrate, unmigrate};
pub use rows::{Row, Rows, Value};
pub use scope::{Begun, Scope};
pub use session::{Mode, Tx};
pub use sql::Sql;
pub use write::Write;

use crate::error::{Code, Error};

/// A driver's error as the client may see it: a code. The text stays in the log, without values.
fn refused(error: &sqlx::Error) -> Error {
    match error {
        sqlx::Error::Database(inner) => {
            tracing::error!(sqlstate = inner.code().as_deref().unwrap_or(""), "statement refused");
            match inner.code().as_deref() {
                // query_canceled, lock_not_available; SQLITE_BUSY and its kin
                Some("57014") => Code::Timeout.into(),
                Some("55P03" | "40001" | "40P01" | "5" | "261" | "517" | "53100" | "53300" | "57P01" | "13") => {
                    Code::Unavailable.into()
                }
                _ if inner.is_unique_violation() => Code::Duplicate.into(),
                _ if inner.is_foreign_key_violation() => Code::NotFound.into(),
                _ => Code::Internal.into(),
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
