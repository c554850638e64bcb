//! Where the two databases write the same thought differently. Nothing else in the house asks which one it is.

use std::fmt::Write as _;

/// Which database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// PostgreSQL 15 or newer: production.
    Postgres,
    /// SQLite: embedded, the default.
    Sqlite,
}

impl Dialect {
    /// The nth bound value, counted from one.
    pub fn placeholder(self, text: &mut String, number: usize) {
        let mark = if self == Self::Postgres { '$' } else { '?' };
        let _ = write!(text, "{mark}{number}");
    }

    /// `column = any of the bound list of ids`: one statement text whatever the list's length.
    pub fn any_id(self, text: &mut String, column: &str, number: usize) {
        let _ = match self {
            Self::Postgres => write!(text, "{column} = ANY(${number})"),
            Self::Sqlite => write!(text, "{column} IN (SELECT unhex(value) FROM json_each(?{number}))"),
        };
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
}
