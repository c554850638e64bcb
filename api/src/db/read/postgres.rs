//! Reads on PostgreSQL. BEGIN, the context of row-level security and the first statement leave in one flight; so do
//! statements that run side by side. COMMIT follows the answer.

use std::collections::HashMap;
use std::error::Error as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::BytesMut;
use deadpool::managed::{self, Metrics, Object, RecycleError, RecycleResult};
use futures_util::future::{try_join, try_join3};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Config, Row, Statement};
use uuid::Uuid;

use super::super::Value;
use super::super::session::{BEGIN, context};
use super::super::tls::Tls;
use crate::error::{Code, Error, Result};

/// Statements kept prepared on a connection: more than the shapes a dashboard has, few enough to stay small.
const PREPARED: usize = 200;

/// Connections that read.
pub(in super::super) type Pool = managed::Pool<Manager>;

/// Opens them.
pub(in super::super) struct Manager {
    pub config: Config,
    pub tls: Tls,
}

/// A connection with its prepared statements.
pub(in super::super) struct Connection {
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
    async fn prepared(
        &self,
        sql: &Arc<str>,
        values: &[Value],
    ) -> std::result::Result<Statement, tokio_postgres::Error> {
        self.statement(sql, || values.iter().map(Value::postgres_type).collect()).await
    }

    /// A statement, prepared when it is asked for first.
    pub async fn statement(
        &self,
        sql: &Arc<str>,
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
        prepared.insert(Arc::clone(sql), statement.clone());
        Ok(statement)
    }

    async fn query(&self, sql: Arc<str>, values: Vec<Value>) -> std::result::Result<Vec<Row>, tokio_postgres::Error> {
        let statement = self.prepared(&sql, &values).await?;
        self.ask(&statement, values).await
    }

    async fn ask(
        &self,
        statement: &Statement,
        values: Vec<Value>,
    ) -> std::result::Result<Vec<Row>, tokio_postgres::Error> {
        let parameters: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        self.client.query(statement, &parameters).await
    }
}

/// An open read.
pub(super) struct Reader {
    held: Held,
    organisation: Uuid,
    /// Whether a transaction is open, as far as is known.
    begun: AtomicBool,
}

/// The connection until its work has ended; dropped before that, it is closed instead of returned.
pub(in super::super) struct Held(Option<Object<Manager>>);

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

impl Reader {
    pub async fn new(pool: &Pool, organisation: Uuid) -> Result<Self> {
        Ok(Self { held: Held::take(pool).await?, organisation, begun: AtomicBool::new(false) })
    }

    pub async fn rows(&self, sql: Arc<str>, values: Vec<Value>) -> Result<Vec<Row>> {
        let connection = self.held.connection().ok_or(Code::Internal)?;
        let rows = if self.begun.swap(true, Ordering::Relaxed) {
            connection.query(sql, values).await
        } else {
            try_join(connection.client.batch_execute(&self.begin()), connection.query(sql, values))
                .await
                .map(|((), rows)| rows)
        };
        rows.map_err(|error| refused(&error))
    }

    /// The one statement of a read: COMMIT leaves in the same flight.
    pub async fn sole(&self, sql: Arc<str>, values: Vec<Value>) -> Result<Vec<Row>> {
        let connection = self.held.connection().ok_or(Code::Internal)?;
        // Prepared beforehand: nothing may come between the statement and its COMMIT.
        let statement = connection.prepared(&sql, &values).await.map_err(|error| refused(&error))?;
        self.begun.store(true, Ordering::Relaxed);
        let begin = self.begin();
        let flight = try_join3(
            connection.client.batch_execute(&begin),
            connection.ask(&statement, values),
            connection.client.batch_execute("COMMIT"),
        );
        let ((), rows, ()) = flight.await.map_err(|error| refused(&error))?;
        self.begun.store(false, Ordering::Relaxed);
        Ok(rows)
    }

    /// Without the context no row exists: should BEGIN fail, the statement behind it finds nothing, and the error is
    /// the answer.
    fn begin(&self) -> String {
        format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {}", context(self.organisation))
    }

    pub fn release(self) {
        let held = self.held;
        if !self.begun.load(Ordering::Relaxed) {
            return held.give_back();
        }
        tokio::spawn(async move {
            // A network that swallows everything must not keep its place in the pool for good.
            let ended = match held.connection() {
                Some(connection) => tokio::time::timeout(BEGIN, connection.client.batch_execute("COMMIT")).await,
                None => return,
            };
            if matches!(ended, Ok(Ok(()))) {
                held.give_back();
            }
        });
    }
}

/// A driver's error as the client may see it: a code. The text stays out of the log, for it can hold values.
pub(in super::super) fn refused(error: &tokio_postgres::Error) -> Error {
    if let Some(state) = error.code() {
        tracing::error!(sqlstate = state.code(), "statement refused");
        return super::super::refusal(state.code()).unwrap_or(Code::Internal).into();
    }
    if error.is_closed() || error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>) {
        tracing::error!(kind = "connection", "database not reachable");
        return Code::Unavailable.into();
    }
    tracing::error!(kind = "driver", "database error");
    Code::Internal.into()
}

impl Value {
    fn postgres_type(&self) -> Type {
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
