//! Writes on PostgreSQL. BEGIN and the context of row-level security leave with the first statement, statements whose
//! answer nobody waits for with the next one, and COMMIT with the last: each flight of messages costs both sides as much
//! as a statement does.

use std::error::Error as StdError;
use std::mem::take;

use bytes::BytesMut;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::ArrayType;
use sea_orm::{Statement, Value};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use super::super::late;
use super::super::postgres::{Answer, Held, Line, Pool, Stopped, Table};
use super::Later;
use crate::error::{Code, Error, Result};

/// Not READ WRITE: whoever has made the database read-only means it.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// A connection in a transaction, or about to be in one.
pub(in super::super) struct Writer {
    held: Held,
    /// What leaves in front of the next statement: BEGIN, whom it is for, and statements.
    begun: bool,
    organisations: Vec<Uuid>,
    later: Vec<Later>,
    /// Whether the transaction has ended, be it that something in it failed.
    over: bool,
}

impl Writer {
    /// Waits for a connection. Whether there is a database behind it shows with the first statement.
    pub async fn begin(pool: &Pool, organisation: Uuid) -> Result<Self> {
        let held = Held::take(pool).await?;
        Ok(Self { held, begun: false, organisations: vec![organisation], later: Vec::new(), over: false })
    }

    /// Serves another organisation from the next statement on.
    pub async fn serve(&mut self, organisation: Uuid) -> Result<()> {
        // Those are of the organisation that was served until now.
        self.settle().await?;
        self.organisations.push(organisation);
        Ok(())
    }

    /// Has a statement run in front of the next one.
    pub fn later(&mut self, later: Later) {
        self.later.push(later);
    }

    /// Takes back the last of these, if it inserts a row into that table.
    pub fn take_insert(&mut self, into: &str) -> Option<Later> {
        self.later.pop_if(|later| later.into == Some(into))
    }

    /// Runs what was to run in front of the next one.
    pub async fn settle(&mut self) -> Result<()> {
        if self.later.is_empty() { Ok(()) } else { self.flight(None, None).await.map(drop) }
    }

    /// Runs a statement; its rows, and how many it wrote.
    pub async fn run(&mut self, statement: Statement) -> Result<Answer> {
        self.flight(Some(statement), None).await?.ok_or_else(late)
    }

    /// Makes the writes last, behind one more statement. Where one of them fails, all are undone.
    pub async fn commit_after(&mut self, last: Statement) -> Result<Answer> {
        self.flight(Some(last), Some("COMMIT")).await?.ok_or_else(late)
    }

    /// Ends a transaction, if one has begun.
    pub async fn end(&mut self, how: &'static str) -> Result<()> {
        if how == "ROLLBACK" {
            self.later.clear();
            if self.over {
                return Ok(());
            }
        }
        if self.begun || !self.later.is_empty() {
            self.flight(None, Some(how)).await?;
        }
        self.over = true;
        Ok(())
    }

    /// Sends what waits, then a statement, then how the transaction ends, as one. The first that fails is the answer,
    /// and what is behind it is not looked at: the transaction is over.
    async fn flight(&mut self, statement: Option<Statement>, end: Option<&str>) -> Result<Option<Answer>> {
        if self.over {
            // It has failed already.
            return Err(Code::Internal.into());
        }
        let line = self.held.line()?;
        let mut ahead = self.organisations.len();
        if !self.begun {
            line.say(BEGIN)?;
            ahead += 1;
        }
        self.begun = true;
        for organisation in self.organisations.drain(..) {
            line.name(organisation)?;
        }
        let mut told = Vec::with_capacity(self.later.len());
        for later in take(&mut self.later) {
            ask(line, later.statement)?;
            told.push(later.told);
        }
        let is_asked = statement.is_some();
        if let Some(statement) = statement {
            ask(line, statement)?;
        }
        if let Some(end) = end {
            line.say(end)?;
        }
        match line.fly().await {
            Ok(answers) => {
                self.over = end.is_some();
                Ok(answers.into_iter().nth(ahead + told.len()).filter(|_| is_asked))
            }
            Err(Stopped { at, why }) => {
                self.over = true;
                if line.has_failed() {
                    line.say("ROLLBACK")?;
                    // Where that fails too, the connection is closed.
                    let _ = line.fly().await;
                }
                let told = at.checked_sub(ahead).and_then(|at| told.get(at));
                let error = Error::from(why);
                Err(told.map_or_else(|| error.clone(), |told| told(error.clone())))
            }
        }
    }
}

/// Adds a statement of sea-orm's to the flight.
fn ask(line: &mut Line, statement: Statement) -> Result<()> {
    let values: Vec<Bound> =
        statement.values.map(|values| values.0).unwrap_or_default().into_iter().map(Bound).collect();
    if !values.iter().all(|value| value.kind().is_some()) {
        line.give_up();
        return Err(unknown());
    }
    let types = || values.iter().filter_map(Bound::kind).collect();
    let told: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    Ok(line.ask(&statement.sql, types, &told)?)
}

fn unknown() -> Error {
    tracing::error!(kind = "encode", "database error");
    Code::Internal.into()
}

/// A value of one of our columns, or of a limit; a list of ids or texts.
#[derive(Debug)]
struct Bound(Value);

impl Bound {
    fn kind(&self) -> Option<Type> {
        Some(match &self.0 {
            Value::Bool(_) => Type::BOOL,
            Value::Int(_) => Type::INT4,
            Value::BigInt(_) | Value::BigUnsigned(_) => Type::INT8,
            Value::Double(_) => Type::FLOAT8,
            Value::String(_) => Type::TEXT,
            Value::Bytes(_) => Type::BYTEA,
            Value::Uuid(_) => Type::UUID,
            Value::ChronoDate(_) => Type::DATE,
            Value::ChronoDateTimeUtc(_) => Type::TIMESTAMPTZ,
            Value::Array(ArrayType::Uuid, _) => Type::UUID_ARRAY,
            Value::Array(ArrayType::String, _) => Type::TEXT_ARRAY,
            _ => return None,
        })
    }
}

impl ToSql for Bound {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match &self.0 {
            Value::Bool(value) => value.to_sql(kind, out),
            Value::Int(value) => value.to_sql(kind, out),
            Value::BigInt(value) => value.to_sql(kind, out),
            Value::BigUnsigned(value) => value.map(i64::try_from).transpose()?.to_sql(kind, out),
            Value::Double(value) => value.to_sql(kind, out),
            Value::String(value) => value.to_sql(kind, out),
            Value::Bytes(value) => value.to_sql(kind, out),
            Value::Uuid(value) => value.to_sql(kind, out),
            Value::ChronoDate(value) => value.to_sql(kind, out),
            Value::ChronoDateTimeUtc(value) => value.to_sql(kind, out),
            Value::Array(_, values) => {
                let list = |values: &Vec<Value>| values.iter().cloned().map(Bound).collect::<Vec<_>>();
                values.as_deref().map(list).to_sql(kind, out)
            }
            _ => Err("a value of none of our columns".into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A value of one of our columns, as it was sent.
pub(in super::super) fn sent(rows: &Table, row: usize, column: usize) -> Option<Value> {
    match *rows.value(row, column)?.0 {
        Type::BOOL => value::<bool>(rows, row, column),
        Type::INT4 => value::<i32>(rows, row, column),
        Type::INT8 => value::<i64>(rows, row, column),
        Type::FLOAT8 => value::<f64>(rows, row, column),
        Type::TEXT => value::<String>(rows, row, column),
        Type::BYTEA => value::<Vec<u8>>(rows, row, column),
        Type::UUID => value::<Uuid>(rows, row, column),
        Type::DATE => value::<NaiveDate>(rows, row, column),
        Type::TIMESTAMPTZ => value::<DateTime<Utc>>(rows, row, column),
        _ => None,
    }
}

fn value<'r, T>(rows: &'r Table, row: usize, column: usize) -> Option<Value>
where
    T: FromSql<'r>,
    Option<T>: Into<Value>,
{
    rows.get::<Option<T>>(row, column).map(Into::into)
}
