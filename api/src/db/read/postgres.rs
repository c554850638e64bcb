//! Reads on PostgreSQL. BEGIN, the context of row-level security and the first statement leave in one flight; so do
//! statements that run side by side. COMMIT follows the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::{try_join, try_join3};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement};
use uuid::Uuid;

use super::super::Value;
use super::super::postgres::{Connection, Held, Pool};
use super::super::session::{BEGIN, context};
use crate::error::{Code, Result};

type Answer<T> = std::result::Result<T, tokio_postgres::Error>;

async fn prepared(connection: &Connection, sql: &str, values: &[Value]) -> Answer<Statement> {
    connection.statement(sql, || values.iter().map(Value::postgres_type).collect()).await
}

async fn ask(connection: &Connection, statement: &Statement, values: Vec<Value>) -> Answer<Vec<Row>> {
    let parameters: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    connection.client.query(statement, &parameters).await
}

async fn query(connection: &Connection, sql: Arc<str>, values: Vec<Value>) -> Answer<Vec<Row>> {
    let statement = prepared(connection, &sql, &values).await?;
    ask(connection, &statement, values).await
}

/// An open read.
pub(super) struct Reader {
    held: Held,
    organisation: Uuid,
    /// Whether a transaction is open, as far as is known.
    begun: AtomicBool,
}

impl Reader {
    pub async fn new(pool: &Pool, organisation: Uuid) -> Result<Self> {
        Ok(Self { held: Held::take(pool).await?, organisation, begun: AtomicBool::new(false) })
    }

    pub async fn rows(&self, sql: Arc<str>, values: Vec<Value>) -> Result<Vec<Row>> {
        let connection = self.held.connection().ok_or(Code::Internal)?;
        let rows = if self.begun.swap(true, Ordering::Relaxed) {
            query(connection, sql, values).await
        } else {
            try_join(connection.client.batch_execute(&self.begin()), query(connection, sql, values))
                .await
                .map(|((), rows)| rows)
        };
        Ok(rows?)
    }

    /// The one statement of a read: COMMIT leaves in the same flight.
    pub async fn sole(&self, sql: Arc<str>, values: Vec<Value>) -> Result<Vec<Row>> {
        let connection = self.held.connection().ok_or(Code::Internal)?;
        // Prepared beforehand: nothing may come between the statement and its COMMIT.
        let statement = prepared(connection, &sql, &values).await?;
        self.begun.store(true, Ordering::Relaxed);
        let begin = self.begin();
        let flight = try_join3(
            connection.client.batch_execute(&begin),
            ask(connection, &statement, values),
            connection.client.batch_execute("COMMIT"),
        );
        let ((), rows, ()) = flight.await?;
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
