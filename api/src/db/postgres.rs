//! Connections to PostgreSQL, of reads and writes alike: a pool, statements that stay prepared, values and errors.

use std::collections::HashMap;
use std::error::Error as _;
use std::io::ErrorKind::ConnectionRefused;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::BytesMut;
use deadpool::managed::{self, Metrics, Object, RecycleError, RecycleResult};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Config, Statement};

use super::Value;
use super::tls::Tls;
use crate::error::{Code, Error, Result};

/// Statements kept prepared on a connection: more than the shapes a dashboard has, few enough to stay small.
const PREPARED: usize = 200;

/// Some connections.
pub(super) type Pool = managed::Pool<Manager>;

/// Opens them.
pub(super) struct Manager {
    pub config: Config,
    pub tls: Tls,
}

/// A connection with its prepared statements.
pub(super) struct Connection {
    pub client: Client,
    prepared: Mutex<HashMap<Arc<str>, Statement>>,
}

impl managed::Manager for Manager {
    type Type = Connection;
    type Error = tokio_postgres::Error;

    async fn create(&self) -> std::result::Result<Connection, tokio_postgres::Error> {
        // Boxed: whoever asks for a connection mostly finds one.
        let client = Box::pin(self.tls.connect(&self.config)).await?;
        Ok(Connection { client, prepared: Mutex::default() })
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<tokio_postgres::Error> {
        if connection.client.is_closed() { Err(RecycleError::message("closed")) } else { Ok(()) }
    }
}

impl Connection {
    /// A statement, prepared when it is asked for first.
    pub async fn statement(
        &self,
        sql: &str,
        types: impl FnOnce() -> Vec<Type>,
    ) -> std::result::Result<Statement, tokio_postgres::Error> {
        let known = self.prepared.lock().unwrap_or_else(PoisonError::into_inner).get(sql).cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let statement = self.client.prepare_typed(sql, &types()).await?;
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if prepared.len() >= PREPARED {
            prepared.clear();
        }
        prepared.insert(sql.into(), statement.clone());
        Ok(statement)
    }
}

/// The connection until its work has ended; dropped before that, it is closed instead of returned.
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
    pub fn connection(&self) -> Option<&Connection> {
        self.0.as_deref()
    }

    /// Ended in order: from here on the pool may have it back.
    pub fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            drop(Object::take(object));
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    /// The driver's error as the client may see it: a code. The text stays out of the log, for it can hold values.
    fn from(error: tokio_postgres::Error) -> Self {
        if let Some(inner) = error.as_db_error() {
            let state = inner.code();
            tracing::error!(sqlstate = state.code(), "statement refused");
            return match super::refusal(state.code()) {
                Some(code) => code.into(),
                None if *state == SqlState::UNIQUE_VIOLATION && inner.constraint().is_some_and(is_of_id) => {
                    Error::new(Code::Duplicate).on("input.id")
                }
                None if *state == SqlState::UNIQUE_VIOLATION => Code::Duplicate.into(),
                None if *state == SqlState::FOREIGN_KEY_VIOLATION => Code::NotFound.into(),
                None => Code::Internal.into(),
            };
        }
        if is_lost(&error) {
            tracing::error!(kind = "connection", "database not reachable");
            return Code::Unavailable.into();
        }
        tracing::error!(kind = "driver", "database error");
        Code::Internal.into()
    }
}

/// Whether it is the row's own id that is there already, and no other key of the table.
fn is_of_id(constraint: &str) -> bool {
    constraint.ends_with("_pkey")
}

/// Whether nobody listens there yet, or whoever does will answer soon. A name that nobody has is neither.
pub(super) fn comes_soon(error: &tokio_postgres::Error) -> bool {
    let io = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    let starting = matches!(error.code(), Some(&(SqlState::CANNOT_CONNECT_NOW | SqlState::TOO_MANY_CONNECTIONS)));
    starting || error.is_closed() || io.is_some_and(|io| io.kind() == ConnectionRefused)
}

/// Whether it is the connection that failed, not what was said over it.
fn is_lost(error: &tokio_postgres::Error) -> bool {
    error.is_closed() || error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
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

#[cfg(test)]
mod tests {
    use super::{comes_soon, is_lost};

    #[tokio::test]
    async fn who_does_not_listen_yet_is_waited_for_and_who_does_not_exist_is_not() {
        for (address, soon) in [("host=127.0.0.1 port=1 user=u", true), ("host=nobody.invalid user=u", false)] {
            let error = tokio_postgres::connect(address, tokio_postgres::NoTls).await.err().unwrap();
            assert!(is_lost(&error), "{address}");
            assert_eq!(comes_soon(&error), soon, "{address}");
        }
    }
}
