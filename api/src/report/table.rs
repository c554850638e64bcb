//! Rows under titles and HXL tags, as CSV or a workbook.

use rust_xlsxwriter::{Format as Style, Workbook, XlsxError};
use serde_json::Value;

use crate::error::{Code, Result};

/// A file's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, UTF-8 with a byte-order mark, which Excel needs for Burmese and Thai.
    Csv,
    /// A workbook of Excel or `LibreOffice`.
    Xlsx,
}

impl Format {
    /// By the ending of a file's name.
    pub fn ending(ending: &str) -> Option<Self> {
        match ending {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// What HTTP calls it.
    pub fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A table: each column with its title for people and its HXL tag for programs.
#[derive(Debug, Default)]
pub struct Table {
    /// Title and tag.
    pub columns: Vec<(String, String)>,
    /// Texts, numbers, truths and nothing.
    pub rows: Vec<Vec<Value>>,
}

impl Table {
    /// The bytes of a file.
    pub fn bytes(&self, format: Format) -> Result<Vec<u8>> {
        let made = match format {
            Format::Csv => self.csv().map_err(|_| ()),
            Format::Xlsx => self.xlsx().map_err(|_| ()),
        };
        made.map_err(|()| Code::Internal.into())
    }

    fn csv(&self) -> std::result::Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
        writer.write_record(self.columns.iter().map(|(title, _)| title))?;
        writer.write_record(self.columns.iter().map(|(_, tag)| tag))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(cell))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    fn xlsx(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let (bold, grey) = (Style::new().set_bold(), Style::new().set_font_color("#666666"));
        let column = |position: usize| u16::try_from(position).unwrap_or(u16::MAX);
        for (position, (title, tag)) in self.columns.iter().enumerate() {
            sheet.write_string_with_format(0, column(position), title, &bold)?;
            sheet.write_string_with_format(1, column(position), tag, &grey)?;
        }
        for (number, row) in (2..).zip(&self.rows) {
            for (position, value) in row.iter().enumerate() {
                match value {
                    Value::Number(amount) => {
                        sheet.write_number(number, column(position), amount.as_f64().unwrap_or_default())?;
                    }
                    Value::Bool(truth) => {
                        sheet.write_boolean(number, column(position), *truth)?;
                    }
                    // Written as text, whatever it begins with.
                    Value::String(text) => {
                        sheet.write_string(number, column(position), text)?;
                    }
                    _ => {}
                }
            }
        }
        sheet.set_freeze_panes(2, 0)?;
        sheet.autofit();
        book.save_to_buffer()
    }
}

/// Whether a spreadsheet would take a text for a formula.
pub fn is_formula(text: &[u8]) -> bool {
    text.first().is_some_and(|first| b"=+-@\t\r".contains(first))
}

/// A value in CSV. A text that would be a formula is led by an apostrophe.
fn cell(value: &Value) -> String {
    match value {
        Value::String(text) if is_formula(text.as_bytes()) => format!("'{text}"),
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
