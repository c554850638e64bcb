//! What every import shares: what became of the rows, why it stopped, and who watches.

use std::borrow::Cow;
use std::io::Read;

use crate::error::Error;

/// One reason why a row is set aside. It names a code and a field, never a value of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The code that the summary and the quarantine file show.
    pub code: Cow<'static, str>,
    /// What it is about; empty for the row as a whole.
    pub field: Cow<'static, str>,
}

impl Why {
    /// A reason of the import's own.
    pub fn new(code: &'static str, field: &'static str) -> Self {
        Self { code: code.into(), field: field.into() }
    }
}

impl From<&Error> for Why {
    /// A refusal of the rules, with the code and the field a client would read.
    fn from(error: &Error) -> Self {
        let code = serde_json::to_value(error.code).ok().and_then(|code| code.as_str().map(str::to_owned));
        let field = error.field.as_deref().unwrap_or_default();
        Self {
            code: code.unwrap_or_default().into(),
            field: field.strip_prefix("input.").unwrap_or(field).to_owned().into(),
        }
    }
}

/// A row that was set aside.
pub struct Quarantined<'a> {
    /// Its number in the file, from 1.
    pub row: u64,
    /// Everything that kept it out.
    pub reasons: &'a [Why],
    /// Its cells as they came.
    pub cells: &'a csv::ByteRecord,
}

/// What became of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows that are records now.
    pub accepted: u64,
    /// Rows that were brought in before.
    pub already_there: u64,
    /// Rows set aside: number and reasons.
    pub quarantined: Vec<(u64, Vec<Why>)>,
}

/// Why an import did not run to its end. What it accepted before stays.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// The file has no header.
    #[error("the file is empty")]
    Empty,
    /// The header lacks columns.
    #[error("the header lacks {}", .0.join(", "))]
    Header(Vec<&'static str>),
    /// The mapping does not fit the file or the organisation: no row was read.
    #[error("{}", .0.join(" "))]
    Mapping(Vec<String>),
    /// The file cannot be read on.
    #[error("the file cannot be read: {0}")]
    File(std::io::Error),
    /// The database refused.
    #[error("the database refused: {0}")]
    Database(#[from] Error),
    /// Rows cannot be set aside.
    #[error("the quarantine file cannot be written: {0}")]
    Quarantine(std::io::Error),
}

/// What an import tells while it runs.
pub trait Watcher: Send {
    /// The header's cells as they came, before the first row.
    fn header(&mut self, cells: &csv::ByteRecord) -> std::io::Result<()>;
    /// A row is set aside.
    fn quarantine(&mut self, row: &Quarantined<'_>) -> std::io::Result<()>;
    /// So many bytes of the file are done.
    fn progress(&mut self, bytes: u64);
}

/// Sets a row aside.
pub(super) fn set_aside(
    watcher: &mut impl Watcher,
    summary: &mut Summary,
    row: u64,
    reasons: Vec<Why>,
    cells: &csv::ByteRecord,
) -> Result<(), Stopped> {
    watcher.quarantine(&Quarantined { row, reasons: &reasons, cells }).map_err(Stopped::Quarantine)?;
    summary.quarantined.push((row, reasons));
    Ok(())
}

/// The next row of a CSV file, if there is one. What the reader says may hold values, so it is not repeated.
pub(super) fn read<R: Read>(reader: &mut csv::Reader<R>, cells: &mut csv::ByteRecord) -> Result<bool, Stopped> {
    reader.read_byte_record(cells).map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) => Stopped::File(error),
        _ => Stopped::File(std::io::ErrorKind::InvalidData.into()),
    })
}
