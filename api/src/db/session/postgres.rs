//! Writes on PostgreSQL. BEGIN and the context of row-level security leave with the first statement, statements whose
//! answer nobody waits for with the next one, and COMMIT with the last: each flight of messages costs both sides as much
//! as a statement does.

use std::mem::take;
use std::pin::pin;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt as _;
use futures_util::future::{join_all, join4};
use sea_orm::{Statement, Value};
use tokio_postgres::types::{FromSql, ToSql, Type};
use tokio_postgres::{Client, Row, Statement as Prepared};
use uuid::Uuid;

use super::super::late;
use super::super::postgres::{Connection, Held, Pool};
use super::{Later, context};
use crate::error::{Code, Error, Result};

type Answer<T> = std::result::Result<T, tokio_postgres::Error>;

/// A connection in a transaction, or about to be in one.
pub(in super::super) struct Writer {
    held: Held,
    /// What leaves in front of the next statement: words without an answer, then statements.
    ahead: String,
    later: Vec<Later>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Begun,
    Over,
}

impl Writer {
    /// Waits for a connection. Whether there is a database behind it shows with the first statement.
    pub async fn begin(pool: &Pool, organisation: Uuid) -> Result<Self> {
        // Not READ WRITE: whoever has made the database read-only means it. Without the context no row may be written:
        // should BEGIN fail, so does the statement behind it, and the first error is the answer.
        let ahead = format!("BEGIN ISOLATION LEVEL READ COMMITTED; {}", context(organisation));
        Ok(Self { held: Held::take(pool).await?, ahead, later: Vec::new(), state: State::New })
    }

    /// Serves another organisation from the next statement on.
    pub async fn serve(&mut self, organisation: Uuid) -> Result<()> {
        // Those are of the organisation that was served until now.
        self.settle().await?;
        if !self.ahead.is_empty() {
            self.ahead.push_str("; ");
        }
        self.ahead.push_str(&context(organisation));
        Ok(())
    }

    /// Has a statement run in front of the next one.
    pub fn later(&mut self, later: Later) {
        self.later.push(later);
    }

    /// Runs what was to run in front of the next one.
    pub async fn settle(&mut self) -> Result<()> {
        if self.later.is_empty() { Ok(()) } else { self.flight(None, "").await.map(drop) }
    }

    /// Runs a statement; its rows, and how many it wrote.
    pub async fn run(&mut self, statement: Statement) -> Result<(Vec<Row>, u64)> {
        self.flight(Some(statement), "").await
    }

    /// Makes the writes last, behind one more. Where one of them fails, COMMIT undoes everything.
    pub async fn commit_after(&mut self, last: Statement) -> Result<()> {
        self.flight(Some(last), "COMMIT").await.map(drop)
    }

    /// Ends a transaction, if one has begun.
    pub async fn end(&mut self, how: &str) -> Result<()> {
        if how == "ROLLBACK" {
            self.later.clear();
        }
        if self.state == State::Begun || !self.later.is_empty() {
            self.flight(None, how).await?;
        }
        self.state = State::Over;
        Ok(())
    }

    /// Whether the transaction has ended, be it that something in it failed.
    pub fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// Ended in order: the pool may have the connection back.
    pub fn give_back(self) {
        self.held.give_back();
    }

    /// Sends what waits, then a statement, then how the transaction ends, before any of them is answered. The first
    /// that fails is the answer; the database refuses what is behind it.
    async fn flight(&mut self, statement: Option<Statement>, end: &str) -> Result<(Vec<Row>, u64)> {
        let connection = self.held.connection().ok_or_else(late)?;
        let client = &connection.client;
        // Prepared beforehand: nothing may come between messages that leave together.
        let mut waiting = Vec::with_capacity(self.later.len());
        for later in &mut self.later {
            waiting.push((ready(connection, later.statement.clone()).await?, later.told));
        }
        let statement = match statement {
            Some(statement) => Some(ready(connection, statement).await?),
            None => None,
        };
        self.later.clear();
        let ahead = take(&mut self.ahead);
        self.state = State::Begun;
        let ran =
            waiting.iter().map(|(ready, told)| async { run(client, ready).await.map_err(|error| told(error.into())) });
        let (begun, ran, answer, ended) =
            join4(say(client, &ahead), join_all(ran), asked(client, statement.as_ref()), say(client, end)).await;
        if !end.is_empty() && ended.is_ok() {
            self.state = State::Over;
        }
        begun?;
        ran.into_iter().collect::<Result<Vec<_>>>()?;
        let answer = answer?;
        ended?;
        Ok(answer)
    }
}

/// Says something that has no answer.
async fn say(client: &Client, words: &str) -> Answer<()> {
    if words.is_empty() { Ok(()) } else { client.batch_execute(words).await }
}

/// A statement with its values.
type Ready = (Prepared, Vec<Bound>);

async fn asked(client: &Client, ready: Option<&Ready>) -> Answer<(Vec<Row>, u64)> {
    match ready {
        Some(ready) => run(client, ready).await,
        None => Ok((Vec::new(), 0)),
    }
}

async fn run(client: &Client, (prepared, values): &Ready) -> Answer<(Vec<Row>, u64)> {
    let mut stream =
        pin!(client.query_raw(prepared, values.iter().map(|value| &**value as &(dyn ToSql + Sync))).await?);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        rows.push(row);
    }
    Ok((rows, stream.rows_affected().unwrap_or_default()))
}

type Bound = Box<dyn ToSql + Sync + Send>;

/// A statement of sea-orm's, prepared.
async fn ready(connection: &Connection, statement: Statement) -> Result<Ready> {
    let values = statement.values.map(|values| values.0).unwrap_or_default();
    let bound: Option<Vec<(Type, Bound)>> = values.into_iter().map(bound).collect();
    let (types, values): (Vec<Type>, Vec<Bound>) = bound.ok_or_else(unknown)?.into_iter().unzip();
    let prepared = connection.statement(&statement.sql, || types).await?;
    Ok((prepared, values))
}

fn unknown() -> Error {
    tracing::error!(kind = "encode", "database error");
    Code::Internal.into()
}

/// A value of one of our columns, or of a limit.
fn bound(value: Value) -> Option<(Type, Bound)> {
    Some(match value {
        Value::Bool(value) => (Type::BOOL, Box::new(value)),
        Value::Int(value) => (Type::INT4, Box::new(value)),
        Value::BigInt(value) => (Type::INT8, Box::new(value)),
        Value::BigUnsigned(value) => (Type::INT8, Box::new(value.map(i64::try_from).transpose().ok()?)),
        Value::Double(value) => (Type::FLOAT8, Box::new(value)),
        Value::String(value) => (Type::TEXT, Box::new(value)),
        Value::Bytes(value) => (Type::BYTEA, Box::new(value)),
        Value::Uuid(value) => (Type::UUID, Box::new(value)),
        Value::ChronoDate(value) => (Type::DATE, Box::new(value)),
        Value::ChronoDateTimeUtc(value) => (Type::TIMESTAMPTZ, Box::new(value)),
        _ => return None,
    })
}

/// A value of one of our columns, as it was sent.
pub(in super::super) fn sent(row: &Row, index: usize) -> Option<Value> {
    match *row.columns().get(index)?.type_() {
        Type::BOOL => value::<bool>(row, index),
        Type::INT4 => value::<i32>(row, index),
        Type::INT8 => value::<i64>(row, index),
        Type::FLOAT8 => value::<f64>(row, index),
        Type::TEXT => value::<String>(row, index),
        Type::BYTEA => value::<Vec<u8>>(row, index),
        Type::UUID => value::<Uuid>(row, index),
        Type::DATE => value::<NaiveDate>(row, index),
        Type::TIMESTAMPTZ => value::<DateTime<Utc>>(row, index),
        _ => None,
    }
}

fn value<'r, T>(row: &'r Row, index: usize) -> Option<Value>
where
    T: FromSql<'r>,
    Option<T>: Into<Value>,
{
    row.try_get::<_, Option<T>>(index).ok().map(Into::into)
}
