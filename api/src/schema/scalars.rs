//! Days and instants as inputs take them: checked where they stand, so that an error names the argument.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, NaiveDate, Utc};

use crate::plan::{read_date, read_timestamp};

/// A day in an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A day without a time, `YYYY-MM-DD`.
#[Scalar(name = "Date", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(Value::Null)) };
        read_date(text).map(Self).ok_or_else(|| InputValueError::custom("not a day"))
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(text) if read_date(text).is_some())
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An instant in an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(pub DateTime<Utc>);

/// An instant, RFC 3339; answers are in UTC with milliseconds.
#[Scalar(name = "DateTime", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for Instant {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(Value::Null)) };
        read_timestamp(text).map(Self).ok_or_else(|| InputValueError::custom("not an instant"))
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(text) if read_timestamp(text).is_some())
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339())
    }
}
