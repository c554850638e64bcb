//! Values in, rows out, alike for both drivers.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{Cell, Scalar};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, Decode, Row as _, ValueRef as _};
use uuid::Uuid;

use crate::error::{Code, Result};

/// A value bound to a statement of the plan.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Int(i32),
    /// A whole number of the database's own (counts, limits).
    Big(i64),
    /// A double.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// An id.
    Uuid(Uuid),
    /// A day.
    Date(NaiveDate),
    /// An instant.
    Timestamp(DateTime<Utc>),
    /// Any of these ids.
    Uuids(Vec<Uuid>),
    /// Any of these texts.
    Texts(Vec<String>),
}

type Added = std::result::Result<(), sqlx::error::BoxDynError>;

pub(super) fn postgres(values: Vec<Value>) -> std::result::Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    for value in values {
        let added: Added = match value {
            Value::Text(v) => arguments.add(v),
            Value::Int(v) => arguments.add(v),
            Value::Big(v) => arguments.add(v),
            Value::Float(v) => arguments.add(v),
            Value::Bool(v) => arguments.add(v),
            Value::Uuid(v) => arguments.add(v),
            Value::Date(v) => arguments.add(v),
            Value::Timestamp(v) => arguments.add(v),
            Value::Uuids(v) => arguments.add(v),
            Value::Texts(v) => arguments.add(v),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

pub(super) fn sqlite(values: Vec<Value>) -> std::result::Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        let added: Added = match value {
            Value::Text(v) => arguments.add(v),
            Value::Int(v) => arguments.add(v),
            Value::Big(v) => arguments.add(v),
            Value::Float(v) => arguments.add(v),
            Value::Bool(v) => arguments.add(v),
            Value::Uuid(v) => arguments.add(v),
            Value::Date(v) => arguments.add(v),
            Value::Timestamp(v) => arguments.add(v),
            Value::Uuids(v) => arguments.add(hex_list(&v)),
            Value::Texts(v) => arguments.add(serde_json::Value::from(v).to_string()),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// A JSON list of hexadecimal ids, which SQLite turns back into blobs with `unhex`.
fn hex_list(ids: &[Uuid]) -> String {
    let mut text = String::with_capacity(ids.len() * 35 + 2);
    text.push('[');
    for (position, id) in ids.iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        text.push('"');
        text.push_str(id.simple().encode_lower(&mut Uuid::encode_buffer()));
        text.push('"');
    }
    text.push(']');
    text
}

/// The rows of one statement.
pub enum Rows {
    /// From PostgreSQL.
    Postgres(Vec<PgRow>),
    /// From SQLite.
    Sqlite(Vec<SqliteRow>),
}

impl Rows {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Postgres(rows) => rows.len(),
            Self::Sqlite(rows) => rows.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a row and column, read as `scalar`.
    pub fn cell(&self, row: usize, column: usize, scalar: Scalar) -> Result<Cell<'_>> {
        match self {
            Self::Postgres(rows) => rows.get(row).map(|row| postgres_cell(row, column, scalar)),
            Self::Sqlite(rows) => rows.get(row).map(|row| sqlite_cell(row, column, scalar)),
        }
        .transpose()
        .map_err(|error| super::refused(&error))?
        .ok_or_else(|| Code::Internal.into())
    }
}

fn postgres_cell(row: &PgRow, column: usize, scalar: Scalar) -> std::result::Result<Cell<'_>, sqlx::Error> {
    let value = row.try_get_raw(column)?;
    if value.is_null() {
        return Ok(Cell::Null);
    }
    match scalar {
        Scalar::Text => value.as_str().map(|text| Cell::Text(text.into())),
        Scalar::Int if value.as_bytes().is_ok_and(|bytes| bytes.len() == 8) => {
            <i64 as Decode<sqlx::Postgres>>::decode(value).map(Cell::Int)
        }
        Scalar::Int => <i32 as Decode<sqlx::Postgres>>::decode(value).map(|number| Cell::Int(number.into())),
        Scalar::Float => <f64 as Decode<sqlx::Postgres>>::decode(value).map(Cell::Float),
        Scalar::Bool => <bool as Decode<sqlx::Postgres>>::decode(value).map(Cell::Bool),
        Scalar::Uuid => <Uuid as Decode<sqlx::Postgres>>::decode(value).map(Cell::Uuid),
        Scalar::Date => <NaiveDate as Decode<sqlx::Postgres>>::decode(value).map(Cell::Date),
        Scalar::Timestamp => <DateTime<Utc> as Decode<sqlx::Postgres>>::decode(value).map(Cell::Timestamp),
    }
    .map_err(sqlx::Error::Decode)
}

fn sqlite_cell(row: &SqliteRow, column: usize, scalar: Scalar) -> std::result::Result<Cell<'_>, sqlx::Error> {
    let value = row.try_get_raw(column)?;
    if value.is_null() {
        return Ok(Cell::Null);
    }
    match scalar {
        Scalar::Text => <&str as Decode<sqlx::Sqlite>>::decode(value).map(|text| Cell::Text(text.into())),
        Scalar::Int => <i64 as Decode<sqlx::Sqlite>>::decode(value).map(Cell::Int),
        Scalar::Float => <f64 as Decode<sqlx::Sqlite>>::decode(value).map(Cell::Float),
        Scalar::Bool => <bool as Decode<sqlx::Sqlite>>::decode(value).map(Cell::Bool),
        Scalar::Uuid => <Uuid as Decode<sqlx::Sqlite>>::decode(value).map(Cell::Uuid),
        Scalar::Date => <NaiveDate as Decode<sqlx::Sqlite>>::decode(value).map(Cell::Date),
        Scalar::Timestamp => <DateTime<Utc> as Decode<sqlx::Sqlite>>::decode(value).map(Cell::Timestamp),
    }
    .map_err(sqlx::Error::Decode)
}

/// One row of a statement's rows, which it keeps alive.
#[derive(Clone)]
pub struct Row {
    /// The rows it is one of.
    pub rows: Arc<Rows>,
    /// Which one.
    pub index: usize,
}

impl Row {
    /// The value in `column`, read as `scalar`.
    pub fn cell(&self, column: usize, scalar: Scalar) -> Result<Cell<'_>> {
        self.rows.cell(self.index, column, scalar)
    }
}
