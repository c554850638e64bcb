//! Connections to PostgreSQL, of reads and writes alike: a pool, values and errors.

mod answer;
mod line;
mod open;

use bytes::BytesMut;
use deadpool::managed::{self, Metrics, Object, RecycleError, RecycleResult};
use tokio_postgres::Config;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

pub use answer::Table;
pub(super) use answer::{Answer, Failure};
pub(super) use line::{Line, Stopped};
pub(super) use open::Unopened;

use super::Value;
use super::tls::Tls;
use crate::error::{Code, Error, Result};

/// Some connections.
pub(super) type Pool = managed::Pool<Manager>;

/// Opens them.
pub(super) struct Manager {
    pub config: Config,
    pub tls: Tls,
}

impl managed::Manager for Manager {
    type Type = Line;
    type Error = Unopened;

    async fn create(&self) -> std::result::Result<Line, Unopened> {
        // Boxed: whoever asks for a connection mostly finds one.
        Box::pin(open::open(&self.config, &self.tls)).await
    }

    async fn recycle(&self, line: &mut Line, _: &Metrics) -> RecycleResult<Unopened> {
        if line.is_silent() { Ok(()) } else { Err(RecycleError::message("closed")) }
    }
}

/// A connection until its work has ended. The pool has it back if nothing of the work is left on it; else it is closed.
pub(super) struct Held(Option<Object<Manager>>);

impl Held {
    /// Waits for a connection.
    pub async fn take(pool: &Pool) -> Result<Self> {
        let object = pool.get().await.map_err(|error| {
            let kind =
                if matches!(error, managed::PoolError::Timeout(_)) { "all connections busy" } else { "connection" };
            tracing::error!(kind, "database not reachable");
            Error::from(Code::Unavailable)
        })?;
        Ok(Self(Some(object)))
    }

    /// The connection.
    pub fn line(&mut self) -> Result<&mut Line> {
        self.0.as_deref_mut().ok_or_else(super::late)
    }

    /// Whether nothing of the work is left on it.
    pub fn is_idle(&self) -> bool {
        self.0.as_ref().is_some_and(|line| line.is_idle())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(object) = self.0.take()
            && !object.is_idle()
        {
            drop(Object::take(object));
        }
    }
}

impl From<Failure> for Error {
    /// What the client may see of it: a code. The database's text stays out of the log, for it can hold values.
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused { state, constraint } => {
                let told = refused(&state, constraint.as_deref());
                if told.code.is_users() {
                    tracing::info!(sqlstate = state, "statement refused");
                } else {
                    tracing::error!(sqlstate = state, "statement refused");
                }
                told
            }
            Failure::Lost => {
                tracing::error!(kind = "connection", "database not reachable");
                Code::Unavailable.into()
            }
            Failure::Strange => {
                tracing::error!(kind = "driver", "database error");
                Code::Internal.into()
            }
        }
    }
}

/// What the client is told of a refusal.
fn refused(state: &str, constraint: Option<&str>) -> Error {
    match (super::refusal(state), SqlState::from_code(state)) {
        (Some(code), _) => code.into(),
        (None, SqlState::UNIQUE_VIOLATION) if constraint.is_some_and(is_of_id) => {
            Error::new(Code::Duplicate).on("input.id")
        }
        (None, SqlState::UNIQUE_VIOLATION) => Code::Duplicate.into(),
        (None, SqlState::FOREIGN_KEY_VIOLATION) => Code::NotFound.into(),
        // What stands for a name that was not found is no id. Values come in the binary format, and lists are JSON.
        (None, SqlState::INVALID_TEXT_REPRESENTATION) => Code::NotFound.into(),
        _ => Code::Internal.into(),
    }
}

/// Whether it is the row's own id that is there already, and no other key of the table.
fn is_of_id(constraint: &str) -> bool {
    constraint.ends_with("_pkey")
}

impl Value {
    /// The type it is bound as.
    pub(super) fn postgres_type(&self) -> Type {
        match self {
            Self::Text(_) => Type::TEXT,
            Self::Int(_) => Type::INT4,
            Self::Big(_) => Type::INT8,
            Self::Float(_) => Type::FLOAT8,
            Self::Bool(_) => Type::BOOL,
            Self::Uuid(_) => Type::UUID,
            Self::Date(_) => Type::DATE,
            Self::Timestamp(_) => Type::TIMESTAMPTZ,
            Self::Uuids(_) => Type::UUID_ARRAY,
            Self::Texts(_) => Type::TEXT_ARRAY,
        }
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Text(v) => v.to_sql(kind, out),
            Self::Int(v) => v.to_sql(kind, out),
            Self::Big(v) => v.to_sql(kind, out),
            Self::Float(v) => v.to_sql(kind, out),
            Self::Bool(v) => v.to_sql(kind, out),
            Self::Uuid(v) => v.to_sql(kind, out),
            Self::Date(v) => v.to_sql(kind, out),
            Self::Timestamp(v) => v.to_sql(kind, out),
            Self::Uuids(v) => v.to_sql(kind, out),
            Self::Texts(v) => v.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        // Statements are prepared with the types of their values.
        true
    }

    to_sql_checked!();
}
