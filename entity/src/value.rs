//! What a column can hold: the few kinds that both databases, the plan and JSON share.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// The kind of a column or a derived value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// UTF-8 text; also codes and lists, which are stored as text.
    Text,
    /// A 32-bit whole number.
    Int,
    /// A double.
    Float,
    /// True or false.
    Bool,
    /// An id.
    Uuid,
    /// A day without a time.
    Date,
    /// An instant in UTC.
    Timestamp,
    /// Bytes as they are.
    Bytes,
}

/// One value of a row, borrowed where it can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// Text.
    Text(std::borrow::Cow<'a, str>),
    /// A whole number.
    Int(i64),
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
    /// Bytes.
    Bytes(std::borrow::Cow<'a, [u8]>),
}

impl Cell<'_> {
    /// A copy that owns its text.
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Self::Null => Cell::Null,
            Self::Text(text) => Cell::Text(text.into_owned().into()),
            Self::Int(number) => Cell::Int(number),
            Self::Float(number) => Cell::Float(number),
            Self::Bool(truth) => Cell::Bool(truth),
            Self::Uuid(id) => Cell::Uuid(id),
            Self::Date(day) => Cell::Date(day),
            Self::Timestamp(instant) => Cell::Timestamp(instant),
            Self::Bytes(bytes) => Cell::Bytes(bytes.into_owned().into()),
        }
    }

    /// How the databases order two values of one column: text byte by byte, no value behind every other.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Greater,
            (_, Self::Null) => Ordering::Less,
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
            (Self::Int(one), Self::Int(other)) => one.cmp(other),
            (Self::Float(one), Self::Float(other)) => {
                one.partial_cmp(other).unwrap_or_else(|| one.is_nan().cmp(&other.is_nan()))
            }
            (Self::Bool(one), Self::Bool(other)) => one.cmp(other),
            (Self::Uuid(one), Self::Uuid(other)) => one.cmp(other),
            (Self::Date(one), Self::Date(other)) => one.cmp(other),
            (Self::Timestamp(one), Self::Timestamp(other)) => one.cmp(other),
            (Self::Bytes(one), Self::Bytes(other)) => one.cmp(other),
            // Of one column all are of one kind.
            _ => Ordering::Equal,
        }
    }

    /// The text, if it is text.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number, if it is a whole number.
    pub fn int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// The number, if it is a double.
    pub fn float(&self) -> Option<f64> {
        if let Self::Float(number) = self { Some(*number) } else { None }
    }

    /// The day, if it is one.
    pub fn date(&self) -> Option<NaiveDate> {
        if let Self::Date(day) = self { Some(*day) } else { None }
    }

    /// The id, if it is one.
    pub fn uuid(&self) -> Option<Uuid> {
        if let Self::Uuid(id) = self { Some(*id) } else { None }
    }

    /// The bytes, if it is bytes.
    pub fn bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}
