//! What PostgreSQL answers: rows as they were sent, or why there are none.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use postgres_protocol::message::backend::{DataRowBody, ErrorResponseBody};
use tokio_postgres::fallible_iterator::FallibleIterator as _;
use tokio_postgres::types::{FromSql, Type};

/// What a statement answers.
pub(in super::super) struct Answer {
    pub rows: Table,
    /// How many rows it wrote.
    pub written: u64,
}

/// Rows of a statement, in the memory they were read into.
#[derive(Default)]
pub struct Table {
    pub(super) columns: Arc<[Type]>,
    rows: Vec<Bytes>,
    /// Where each value lies in its row; null where it begins behind its end.
    cells: Vec<(u32, u32)>,
}

const NULL: (u32, u32) = (1, 0);

impl Table {
    pub(super) fn push(&mut self, row: &DataRowBody) -> io::Result<()> {
        let place = |at: usize| u32::try_from(at).map_err(|_| io::ErrorKind::InvalidData);
        let mut ranges = row.ranges();
        while let Some(range) = ranges.next()? {
            self.cells.push(match range {
                Some(range) => (place(range.start)?, place(range.end)?),
                None => NULL,
            });
        }
        self.rows.push(row.buffer_bytes().clone());
        Ok(())
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// A value's type, and its bytes unless it is null.
    pub fn value(&self, row: usize, column: usize) -> Option<(&Type, Option<&[u8]>)> {
        let kind = self.columns.get(column)?;
        let (from, to) = *self.cells.get(row * self.columns.len() + column)?;
        if (from, to) == NULL {
            return Some((kind, None));
        }
        Some((kind, Some(self.rows.get(row)?.get(from as usize..to as usize)?)))
    }

    /// A value; nothing where it is null or another type's.
    pub fn get<'r, T: FromSql<'r>>(&'r self, row: usize, column: usize) -> Option<T> {
        let (kind, bytes) = self.value(row, column)?;
        if T::accepts(kind) { T::from_sql_nullable(kind, bytes).ok() } else { None }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(in super::super) enum Failure {
    /// The database refused, with its code, and the constraint where one was broken.
    Refused { state: String, constraint: Option<String> },
    /// The connection failed.
    Lost,
    /// One side does not speak as the other expects.
    Strange,
}

impl Failure {
    /// Reads a refusal. Its text stays behind, for it can hold values.
    pub(super) fn of(refusal: &ErrorResponseBody) -> io::Result<Self> {
        let (mut state, mut constraint) = (String::new(), None);
        let mut fields = refusal.fields();
        while let Some(field) = fields.next()? {
            let text = || String::from_utf8_lossy(field.value_bytes()).into_owned();
            match field.type_() {
                b'C' => state = text(),
                b'n' => constraint = Some(text()),
                _ => {}
            }
        }
        Ok(Self::Refused { state, constraint })
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Self::Strange,
            _ => Self::Lost,
        }
    }
}
