//! The rows of a register: of a CSV file or of a sheet of a workbook, read on a thread that may block and handed over in
//! portions, so that a file need not fit into memory.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, DataRef, ExcelDateTime, Reader as _, SheetType, Xlsx};
use chrono::NaiveDate;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::super::import::{Stopped, read};
use super::mapping::Layout;

/// The greatest workbook, in megabytes: its texts are held in memory.
const WORKBOOK: u64 = 200;
/// The rows a sheet can have.
const ROWS: u32 = 1_048_576;
/// The columns a sheet can have.
const COLUMNS: u32 = 16_384;
/// Rows handed over at once.
const PORTION: usize = 200;

/// A file with a register.
pub struct Sheet {
    file: File,
    bytes: u64,
    is_workbook: bool,
}

/// One row, the header being one too.
pub(super) struct Row {
    /// Its number, as a spreadsheet shows it.
    pub(super) number: u64,
    pub(super) cells: Vec<Cell>,
    /// Bytes of the file that are done with it.
    pub(super) done: u64,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Text(String),
    /// A day that a workbook holds as a day.
    Day(NaiveDate),
    /// What is not UTF-8.
    Bytes(Vec<u8>),
}

impl Cell {
    /// As a text without blanks around it, if it is one.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(text.trim().into()),
            Self::Day(day) => Some(day.to_string().into()),
            Self::Bytes(_) => None,
        }
    }

    /// As it came.
    pub(super) fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Text(text) => text.as_bytes().into(),
            Self::Day(day) => day.to_string().into_bytes().into(),
            Self::Bytes(bytes) => bytes.into(),
        }
    }

    fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

impl Sheet {
    /// Opens a register; a sentence if it is none.
    pub fn open(path: &Path) -> Result<Self, String> {
        let name = path.display();
        let is_workbook = match path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase).as_deref() {
            Some("csv") => false,
            Some("xlsx") => true,
            _ => return Err(format!("{name} is named neither .csv nor .xlsx.")),
        };
        let unreadable = |error| format!("The file {name} cannot be read: {error}.");
        let file = File::open(path).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        if about.is_dir() {
            return Err(format!("{name} is a folder."));
        }
        if is_workbook && about.len() > WORKBOOK * 1_000_000 {
            return Err(format!("{name} is greater than {WORKBOOK} MB: save the sheet as CSV, which has no limit."));
        }
        Ok(Self { file, bytes: about.len(), is_workbook })
    }

    /// Its length in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Its rows from the header on.
    pub(super) fn rows(self, layout: Layout) -> Rows {
        let (sender, receiver) = channel(4);
        tokio::task::spawn_blocking(move || {
            let mut portion = Portion { rows: Vec::with_capacity(PORTION), sender };
            let outcome =
                if self.is_workbook { self.workbook(&layout, &mut portion) } else { self.csv(&layout, &mut portion) };
            portion.end(outcome);
        });
        Rows { receiver, portion: Vec::new().into_iter(), has_ended: false }
    }

    fn csv(self, layout: &Layout, portion: &mut Portion) -> Result<(), Stopped> {
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader
            .flexible(true)
            .has_headers(false)
            .delimiter(layout.delimiter())
            .from_reader(BufReader::new(self.file));
        let mut record = csv::ByteRecord::new();
        let mut number = 0;
        while read(&mut reader, &mut record)? {
            number += 1;
            if number < layout.header() {
                continue;
            }
            let cells = record.iter().map(|cell| match std::str::from_utf8(cell) {
                Ok(text) => Cell::Text(text.to_owned()),
                Err(_) => Cell::Bytes(cell.to_vec()),
            });
            let row = Row { number, cells: cells.collect(), done: reader.position().byte() };
            if !portion.take(row) {
                break;
            }
        }
        Ok(())
    }

    fn workbook(self, layout: &Layout, portion: &mut Portion) -> Result<(), Stopped> {
        // What the reader says may hold values.
        let mut book = Xlsx::new(BufReader::new(self.file)).map_err(|_| damaged())?;
        let sheet = sheet(&book, layout.sheet.as_deref())?;
        let mut cells = book.worksheet_cells_reader(&sheet).map_err(|_| damaged())?;
        let expected = u64::from(cells.dimensions().end.0) + 1;
        let mut width = None;
        let mut row = Row { number: 0, cells: Vec::new(), done: 0 };
        loop {
            let cell = cells.next_cell().map_err(|_| damaged())?;
            let number = match cell.as_ref().map(calamine::Cell::get_position) {
                Some((at, column)) if at >= ROWS || column >= COLUMNS => return Err(damaged()),
                Some((at, _)) => Some(u64::from(at) + 1),
                None => None,
            };
            if number != Some(row.number) && row.number >= layout.header() {
                let mut whole = std::mem::replace(&mut row, Row { number: 0, cells: Vec::new(), done: 0 });
                // Cells beside the table are not part of it, and empty ones at a row's end are not in the file.
                whole.cells.resize(*width.get_or_insert(whole.cells.len()), Cell::Text(String::new()));
                whole.done = self.bytes.min(self.bytes / expected * whole.number);
                if !portion.take(whole) {
                    return Ok(());
                }
            }
            let (Some(number), Some(cell)) = (number, cell) else { return Ok(()) };
            if number != row.number {
                row = Row { number, cells: Vec::new(), done: 0 };
            }
            let column = usize::try_from(cell.get_position().1).unwrap_or_default();
            if row.cells.len() <= column {
                row.cells.resize(column + 1, Cell::Text(String::new()));
            }
            if let Some(place) = row.cells.get_mut(column) {
                *place = told(cell.get_value());
            }
        }
    }
}

/// The sheet that the layout names, or the first.
fn sheet(book: &Xlsx<BufReader<File>>, wanted: Option<&str>) -> Result<String, Stopped> {
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<&str> = sheets.map(|sheet| sheet.name.as_str()).collect();
    let found = match wanted {
        Some(wanted) => names.iter().find(|name| name.trim() == wanted.trim()),
        None => names.first(),
    };
    found.map(|name| (*name).to_owned()).ok_or_else(|| {
        let wanted = wanted.unwrap_or_default();
        Stopped::Mapping(vec![format!("The workbook has no sheet `{wanted}`; it has `{}`.", names.join("`, `"))])
    })
}

fn damaged() -> Stopped {
    Stopped::File(std::io::Error::new(std::io::ErrorKind::InvalidData, "it is no .xlsx workbook, damaged or locked"))
}

/// What a cell of a workbook says, as a CSV file would say it; days stay days.
fn told(value: &DataRef<'_>) -> Cell {
    Cell::Text(match Data::from(value.clone()) {
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::String(text) => text,
        Data::Bool(truth) => truth.to_string(),
        Data::DateTime(at) => return day(at).map_or_else(|| Cell::Text(at.as_f64().to_string()), Cell::Day),
        Data::DateTimeIso(text) => {
            let day = text.get(..10).and_then(|day| day.parse().ok());
            return day.map_or(Cell::Text(text), Cell::Day);
        }
        Data::DurationIso(text) => text,
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    })
}

fn day(at: ExcelDateTime) -> Option<NaiveDate> {
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    let day = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
    // A time of day is a day before the first.
    day.filter(|_| at.is_datetime() && at.as_f64() >= 1.0)
}

/// Rows on their way to whoever asks for them.
struct Portion {
    rows: Vec<Row>,
    sender: Sender<Result<Vec<Row>, Stopped>>,
}

impl Portion {
    /// Hands a row over; false once nobody asks any more. Blank rows are passed over.
    fn take(&mut self, row: Row) -> bool {
        if row.cells.iter().all(Cell::is_blank) {
            return true;
        }
        self.rows.push(row);
        if self.rows.len() < PORTION {
            return true;
        }
        let rows = std::mem::replace(&mut self.rows, Vec::with_capacity(PORTION));
        self.sender.blocking_send(Ok(rows)).is_ok()
    }

    /// An empty portion says that there are no more; without one the reader broke off.
    fn end(self, outcome: Result<(), Stopped>) {
        if !self.rows.is_empty() {
            let _ = self.sender.blocking_send(Ok(self.rows));
        }
        let _ = self.sender.blocking_send(outcome.map(|()| Vec::new()));
    }
}

/// The rows as they arrive.
pub(super) struct Rows {
    receiver: Receiver<Result<Vec<Row>, Stopped>>,
    portion: std::vec::IntoIter<Row>,
    has_ended: bool,
}

impl Rows {
    /// The next row, if there is one.
    pub(super) async fn next(&mut self) -> Result<Option<Row>, Stopped> {
        loop {
            if let Some(row) = self.portion.next() {
                return Ok(Some(row));
            }
            if self.has_ended {
                return Ok(None);
            }
            let portion = self.receiver.recv().await.ok_or_else(damaged)??;
            self.has_ended = portion.is_empty();
            self.portion = portion.into_iter();
        }
    }
}
