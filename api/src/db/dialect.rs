//! Where the two databases write the same thought differently. Nothing else in the house asks which one it is.

use std::fmt::Write as _;

use sea_orm::DbBackend;

/// Which database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// PostgreSQL 15 or newer: production.
    Postgres,
    /// SQLite: embedded, the default.
    Sqlite,
}

impl Dialect {
    /// What sea-orm calls it.
    pub(super) fn backend(self) -> DbBackend {
        match self {
            Self::Postgres => DbBackend::Postgres,
            Self::Sqlite => DbBackend::Sqlite,
        }
    }

    /// The nth bound value, counted from one.
    pub fn placeholder(self, text: &mut String, number: usize) {
        text.push(if self == Self::Postgres { '$' } else { '?' });
        text.push_str(itoa::Buffer::new().format(number));
    }

    /// `column = any of the bound list of ids`: one statement text whatever the list's length.
    pub fn any_id(self, text: &mut String, column: &str, number: usize) {
        text.push_str(column);
        text.push_str(if self == Self::Postgres { " = ANY(" } else { " IN (SELECT unhex(value) FROM json_each(" });
        self.placeholder(text, number);
        text.push_str(if self == Self::Postgres { ")" } else { "))" });
    }

    /// Whether a column of bytes, ids one after another, holds the bound id.
    pub fn holds_id(self, text: &mut String, column: &str, number: usize) {
        let _ = match self {
            Self::Postgres => write!(text, "position(uuid_send(${number}) IN {column}) > 0"),
            Self::Sqlite => write!(text, "instr({column}, ?{number}) > 0"),
        };
    }

    /// `column = any of the bound list of texts`.
    pub fn any_text(self, text: &mut String, column: &str, number: usize) {
        let _ = match self {
            Self::Postgres => write!(text, "{column} = ANY(${number})"),
            Self::Sqlite => write!(text, "{column} IN (SELECT value FROM json_each(?{number}))"),
        };
    }

    /// Joins the entries of a list that a column holds as JSON; a row with an empty list keeps one row without an entry.
    pub fn entries(self, text: &mut String, alias: usize, column: &str) {
        let _ = match self {
            Self::Postgres => write!(
                text,
                " LEFT JOIN LATERAL json_array_elements_text(t{alias}.\"{column}\"::json) AS {column}_entry(value) ON TRUE"
            ),
            Self::Sqlite => write!(text, " LEFT JOIN json_each(t{alias}.\"{column}\") AS {column}_entry ON TRUE"),
        };
    }

    /// The month of a day as a number: twelve times the year, and the months before it in the year.
    pub fn month(self, column: &str) -> String {
        match self {
            Self::Postgres => {
                format!("(date_part('year', {column})::int * 12 + date_part('month', {column})::int - 1)")
            }
            Self::Sqlite => {
                format!("(CAST(substr({column}, 1, 4) AS INTEGER) * 12 + CAST(substr({column}, 6, 2) AS INTEGER) - 1)")
            }
        }
    }

    /// The month, in UTC, of an instant, as a number.
    pub fn month_of_instant(self, column: &str) -> String {
        match self {
            Self::Postgres => self.month(&format!("({column} AT TIME ZONE 'UTC')")),
            Self::Sqlite => self.month(column),
        }
    }

    /// The days from one day to another, as a double.
    pub fn days(self, from: &str, to: &str) -> String {
        match self {
            Self::Postgres => format!("({to} - {from})::float8"),
            Self::Sqlite => format!("(julianday({to}) - julianday({from}))"),
        }
    }

    /// An id as text; null where there is none, which `hex` has as the empty text.
    pub fn id_text(self, column: &str) -> String {
        match self {
            Self::Postgres => format!("{column}::text"),
            Self::Sqlite => format!("NULLIF(hex({column}), '')"),
        }
    }

    /// A number as a double.
    pub fn double(self, number: &str) -> String {
        match self {
            Self::Postgres => format!("({number})::float8"),
            Self::Sqlite => format!("CAST({number} AS REAL)"),
        }
    }
}
