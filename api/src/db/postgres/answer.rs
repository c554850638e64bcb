//! What PostgreSQL answers: rows as they were sent, or why there are none.

use std::io;
use std::sync::Arc;

use postgres_protocol::message::backend::ErrorResponseBody;
use tokio_postgres::fallible_iterator::FallibleIterator as _;
use tokio_postgres::types::{FromSql, Type};

/// What a statement answers.
pub(in super::super) struct Answer {
    pub rows: Table,
    /// How many rows it wrote.
    pub written: u64,
}

/// Rows of a statement, one behind the other as they were sent.
#[derive(Default)]
pub struct Table {
    pub(super) columns: Arc<[Type]>,
    rows: usize,
    bytes: Vec<u8>,
    /// Where each value lies; null where it begins behind its end.
    cells: Vec<(u32, u32)>,
}

const NULL: (u32, u32) = (1, 0);

impl Table {
    /// Adds a row: how many values, then the length of each and itself; a length below zero is null.
    pub(super) fn push(&mut self, row: &[u8]) -> io::Result<()> {
        let strange = || io::Error::from(io::ErrorKind::InvalidData);
        let place = |at: usize| u32::try_from(at).map_err(|_| strange());
        let begin = self.bytes.len();
        let (count, mut rest) = row.split_first_chunk().ok_or_else(strange)?;
        for _ in 0..u16::from_be_bytes(*count) {
            let (length, behind) = rest.split_first_chunk().ok_or_else(strange)?;
            rest = behind;
            let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
                self.cells.push(NULL);
                continue;
            };
            let from = begin + row.len() - rest.len();
            rest = rest.get(length..).ok_or_else(strange)?;
            self.cells.push((place(from)?, place(from + length)?));
        }
        self.bytes.extend_from_slice(row);
        self.rows += 1;
        Ok(())
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// A value's type, and its bytes unless it is null.
    pub fn value(&self, row: usize, column: usize) -> Option<(&Type, Option<&[u8]>)> {
        let kind = self.columns.get(column)?;
        let (from, to) = *self.cells.get(row * self.columns.len() + column)?;
        if (from, to) == NULL {
            return Some((kind, None));
        }
        Some((kind, Some(self.bytes.get(from as usize..to as usize)?)))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A row as PostgreSQL sends it.
    fn sent(values: &[Option<&[u8]>]) -> Vec<u8> {
        let mut row = u16::try_from(values.len()).unwrap().to_be_bytes().to_vec();
        for value in values {
            let length = value.map_or(-1, |bytes| i32::try_from(bytes.len()).unwrap());
            row.extend(length.to_be_bytes());
            row.extend(value.unwrap_or_default());
        }
        row
    }

    #[test]
    fn rows_are_as_they_were_sent() {
        let rows: Vec<Vec<Option<&[u8]>>> = vec![
            vec![Some(b"Muse"), None, Some(b"")],
            vec![None, Some(b"\0\xff"), Some(b"17")],
            vec![None, None, None],
        ];
        let mut table = Table { columns: vec![Type::TEXT, Type::BYTEA, Type::TEXT].into(), ..Table::default() };
        for row in &rows {
            table.push(&sent(row)).unwrap();
        }
        assert_eq!(table.len(), rows.len());
        for (at, row) in rows.iter().enumerate() {
            for (column, value) in row.iter().enumerate() {
                assert_eq!(table.value(at, column).unwrap().1, *value, "row {at}, column {column}");
            }
            assert!(table.value(at, row.len()).is_none());
        }
        assert!(table.value(rows.len(), 0).is_none());
    }

    #[test]
    fn a_row_that_is_cut_short_is_refused() {
        let whole = sent(&[Some(b"Myitkyina"), None, Some(b"x")]);
        for length in 0..whole.len() {
            assert!(Table::default().push(whole.get(..length).unwrap()).is_err(), "{length} bytes");
        }
        assert!(Table::default().push(&whole).is_ok());
    }
}
