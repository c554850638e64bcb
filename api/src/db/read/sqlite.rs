//! Reads on SQLite: a statement runs whole, and its rows come back packed.

use std::ops::Range;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::super::Value;
use super::super::sqlite::{Held, Pool};
use crate::error::Result;

/// An open read.
pub(super) struct Reader(Held);

impl Reader {
    pub async fn new(pool: &Pool) -> Result<Self> {
        Held::take(pool).await.map(Self)
    }

    pub async fn rows(&self, sql: Arc<str>, values: Vec<Value>) -> Result<Table> {
        self.0
            .read(move |connection| {
                if connection.is_autocommit() {
                    connection.prepare_cached("BEGIN")?.execute([])?;
                }
                table(connection, &sql, &values)
            })
            .await
    }

    /// A read has nothing to write down: ending it takes no time.
    pub fn release(self) {
        self.0.give_back();
    }
}

/// Rows, packed: one list of values, one run of bytes that texts and ids lie in.
pub struct Table {
    columns: usize,
    cells: Vec<Packed>,
    bytes: Vec<u8>,
}

/// A value of a row.
enum Packed {
    Null,
    Int(i64),
    Real(f64),
    Bytes(Range<usize>),
}

impl Table {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.columns).unwrap_or_default()
    }

    /// The value at a row and column; `None` beyond the table.
    pub(in super::super) fn value(&self, row: usize, column: usize) -> Option<ValueRef<'_>> {
        let cell = if column < self.columns { self.cells.get(row * self.columns + column)? } else { return None };
        Some(match cell {
            Packed::Null => ValueRef::Null,
            Packed::Int(number) => ValueRef::Integer(*number),
            Packed::Real(number) => ValueRef::Real(*number),
            Packed::Bytes(range) => ValueRef::Blob(self.bytes.get(range.clone())?),
        })
    }
}

fn table(connection: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<Table> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut table = Table { columns, cells: Vec::with_capacity(columns * 32), bytes: Vec::with_capacity(1_024) };
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            let cell = match row.get_ref(column)? {
                ValueRef::Null => Packed::Null,
                ValueRef::Integer(number) => Packed::Int(number),
                ValueRef::Real(number) => Packed::Real(number),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                    let start = table.bytes.len();
                    table.bytes.extend_from_slice(bytes);
                    Packed::Bytes(start..table.bytes.len())
                }
            };
            table.cells.push(cell);
        }
    }
    Ok(table)
}
