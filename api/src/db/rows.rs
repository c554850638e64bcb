//! Values in, rows out, alike for both drivers.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{Cell, Scalar};
use rusqlite::types::ValueRef;
use tokio_postgres::types::{FromSql as _, Type};
use uuid::Uuid;

use super::{postgres, read};
use crate::error::{Code, Error, Result};

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

/// A JSON list of hexadecimal ids, which SQLite turns back into blobs with `unhex`.
pub(super) fn hex_list(ids: &[Uuid]) -> String {
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
    Postgres(postgres::Table),
    /// From SQLite.
    Sqlite(read::sqlite::Table),
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
        let cell = match self {
            Self::Postgres(rows) => {
                rows.value(row, column).and_then(|(kind, bytes)| postgres_cell(kind, bytes, scalar))
            }
            Self::Sqlite(rows) => rows.value(row, column).and_then(|value| sqlite_cell(value, scalar)),
        };
        cell.ok_or_else(unreadable)
    }

    /// The bytes of the text at a row and column, as the database sent them; nothing for null.
    pub fn bytes(&self, row: usize, column: usize) -> Result<Option<&[u8]>> {
        let bytes = match self {
            Self::Postgres(rows) => rows.value(row, column).map(|(_, bytes)| bytes),
            Self::Sqlite(rows) => rows.value(row, column).and_then(|value| match value {
                ValueRef::Null => Some(None),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(Some(bytes)),
                ValueRef::Integer(_) | ValueRef::Real(_) => None,
            }),
        };
        bytes.ok_or_else(unreadable)
    }
}

fn unreadable() -> Error {
    tracing::error!(kind = "decode", "database error");
    Code::Internal.into()
}

fn postgres_cell<'r>(kind: &Type, bytes: Option<&'r [u8]>, scalar: Scalar) -> Option<Cell<'r>> {
    let Some(bytes) = bytes else { return Some(Cell::Null) };
    match scalar {
        Scalar::Text => std::str::from_utf8(bytes).ok().map(|text| Cell::Text(text.into())),
        Scalar::Int if *kind == Type::INT8 => i64::from_sql(kind, bytes).ok().map(Cell::Int),
        Scalar::Int => i32::from_sql(kind, bytes).ok().map(|number| Cell::Int(number.into())),
        Scalar::Float => f64::from_sql(&Type::FLOAT8, bytes).ok().map(Cell::Float),
        Scalar::Bool => bool::from_sql(&Type::BOOL, bytes).ok().map(Cell::Bool),
        Scalar::Uuid => Uuid::from_slice(bytes).ok().map(Cell::Uuid),
        Scalar::Date => NaiveDate::from_sql(&Type::DATE, bytes).ok().map(Cell::Date),
        Scalar::Timestamp => DateTime::from_sql(&Type::TIMESTAMPTZ, bytes).ok().map(Cell::Timestamp),
        Scalar::Bytes => Some(Cell::Bytes(bytes.into())),
    }
}

fn sqlite_cell(value: ValueRef<'_>, scalar: Scalar) -> Option<Cell<'_>> {
    let bytes = match value {
        ValueRef::Null => return Some(Cell::Null),
        ValueRef::Integer(number) if scalar == Scalar::Int => return Some(Cell::Int(number)),
        ValueRef::Integer(number) if scalar == Scalar::Bool => return Some(Cell::Bool(number != 0)),
        ValueRef::Real(number) if scalar == Scalar::Float => return Some(Cell::Float(number)),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
        ValueRef::Integer(_) | ValueRef::Real(_) => return None,
    };
    match scalar {
        Scalar::Uuid => return Uuid::from_slice(bytes).ok().map(Cell::Uuid),
        Scalar::Bytes => return Some(Cell::Bytes(bytes.into())),
        _ => {}
    }
    let text = std::str::from_utf8(bytes).ok()?;
    match scalar {
        Scalar::Text => Some(Cell::Text(text.into())),
        Scalar::Date => text.parse().ok().map(Cell::Date),
        Scalar::Timestamp => {
            DateTime::parse_from_rfc3339(text).ok().map(|instant| Cell::Timestamp(instant.with_timezone(&Utc)))
        }
        _ => None,
    }
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

    /// The bytes of the text in `column`; nothing for null.
    pub fn bytes(&self, column: usize) -> Result<Option<&[u8]>> {
        self.rows.bytes(self.index, column)
    }
}
