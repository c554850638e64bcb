//! Reads on PostgreSQL. BEGIN, the context of row-level security and the first statement leave in one flight; so do
//! statements that run side by side. COMMIT leaves with the last one, where that is known, or follows the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use futures_util::future::try_join;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement};
use uuid::Uuid;

use super::super::Value;
use super::super::postgres::{Connection, Held, Pool};
use super::super::session::{BEGIN, context};
use crate::error::{Code, Result};

/// Of what is expected once COMMIT has left.
const OVER: i64 = i64::MIN / 2;

type Answer<T> = std::result::Result<T, tokio_postgres::Error>;

async fn prepared(connection: &Connection, sql: &str, values: &[Value]) -> Answer<Statement> {
    connection.statement(sql, || values.iter().map(Value::postgres_type).collect()).await
}

async fn ask(connection: &Connection, statement: &Statement, values: Vec<Value>) -> Answer<Vec<Row>> {
    let parameters: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    connection.client.query(statement, &parameters).await
}

/// An open read.
pub(super) struct Reader {
    held: Held,
    organisation: Uuid,
    /// Whether a transaction is open, as far as is known.
    begun: AtomicBool,
    /// Statements to come; none or fewer where that is not known.
    expected: AtomicI64,
}

impl Reader {
    pub async fn new(pool: &Pool, organisation: Uuid) -> Result<Self> {
        Ok(Self {
            held: Held::take(pool).await?,
            organisation,
            begun: AtomicBool::new(false),
            expected: AtomicI64::new(0),
        })
    }

    /// So many statements and no more.
    pub fn expect(&mut self, statements: u32) {
        self.expected = i64::from(statements).into();
    }

    /// Runs a statement. BEGIN leaves with the first one, COMMIT with the last one that is expected.
    pub async fn rows(&self, sql: Arc<str>, values: Vec<Value>) -> Result<Vec<Row>> {
        let connection = self.held.connection().ok_or(Code::Internal)?;
        let is_first = !self.begun.swap(true, Ordering::Relaxed);
        let ahead = async { if is_first { connection.client.batch_execute(&self.begin()).await } else { Ok(()) } };
        let answered = async {
            let statement = prepared(connection, &sql, &values).await?;
            // From here to the flight nothing is waited for: who counts last is sent last.
            let expected = self.expected.fetch_sub(1, Ordering::Relaxed);
            debug_assert!(expected > OVER, "a statement that nobody expected, behind COMMIT");
            if expected != 1 {
                return ask(connection, &statement, values).await;
            }
            let flight = try_join(ask(connection, &statement, values), connection.client.batch_execute("COMMIT"));
            let (rows, ()) = flight.await?;
            self.begun.store(false, Ordering::Relaxed);
            self.expected.store(OVER, Ordering::Relaxed);
            Ok(rows)
        };
        let ((), rows) = try_join(ahead, answered).await?;
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
