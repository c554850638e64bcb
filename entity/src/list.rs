//! A list in one column: a JSON array held as text, the same on both databases.

use std::sync::Arc;

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ActiveValue, ColIdx, DbErr, IntoActiveValue, QueryResult, TryGetError, TryGetable, Value};
use serde::{Serialize, de::DeserializeOwned};

use crate::Code;

/// A list of values, stored as the text of a compact JSON array.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct List<T>(pub Vec<T>);

impl<T> List<T> {
    /// The empty list.
    pub fn empty() -> Self {
        Self(Vec::new())
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<T: Code> List<T> {
    /// A set of codes: sorted by code, each once.
    pub fn codes(codes: impl IntoIterator<Item = T>) -> Self {
        let mut codes: Vec<T> = codes.into_iter().collect();
        codes.sort_by_key(|value| value.code());
        codes.dedup_by_key(|value| value.code());
        Self(codes)
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(values: Vec<T>) -> Self {
        Self(values)
    }
}

impl<T: Serialize> From<List<T>> for Value {
    /// A value that has no JSON becomes null, which the column refuses.
    fn from(list: List<T>) -> Self {
        Self::String(serde_json::to_string(&list.0).ok())
    }
}

impl<T: DeserializeOwned> TryGetable for List<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(row, index)?;
        serde_json::from_str(&text).map(Self).map_err(|error| {
            TryGetError::DbErr(DbErr::TryIntoErr { from: "String", into: "List", source: Arc::new(error) })
        })
    }
}

impl<T: DeserializeOwned> ValueType for List<T> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        let text = <String as ValueType>::try_from(value)?;
        serde_json::from_str(&text).map(Self).map_err(|_| ValueTypeErr)
    }

    fn type_name() -> String {
        "List".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::String
    }

    fn column_type() -> ColumnType {
        ColumnType::Text
    }
}

impl<T> Nullable for List<T> {
    fn null() -> Value {
        Value::String(None)
    }
}

impl<T: Serialize> IntoActiveValue<List<T>> for List<T> {
    fn into_active_value(self) -> ActiveValue<List<T>> {
        ActiveValue::Set(self)
    }
}

#[cfg(test)]
mod tests {
    use super::List;
    use crate::person::Answer;
    use sea_orm::{Value, sea_query::ValueType};

    #[test]
    fn is_stored_as_compact_json() {
        let list = List::codes([Answer::Yes, Answer::No, Answer::Yes]);
        assert_eq!(list, List(vec![Answer::No, Answer::Yes]));
        let stored = Value::from(list.clone());
        assert_eq!(stored, Value::from(r#"["NO","YES"]"#));
        assert_eq!(<List<Answer> as ValueType>::try_from(stored).unwrap(), list);
    }

    #[test]
    fn keeps_the_callers_order_of_texts() {
        let list = List(vec!["my".to_owned(), "en \"x\"".to_owned()]);
        let stored = Value::from(list.clone());
        assert_eq!(<List<String> as ValueType>::try_from(stored).unwrap(), list);
        assert_eq!(Value::from(List::<String>::empty()), Value::from("[]"));
    }

    #[test]
    fn refuses_what_is_no_list_of_these_codes() {
        for text in ["", "{}", r#"["MAYBE"]"#] {
            assert!(<List<Answer> as ValueType>::try_from(Value::from(text)).is_err());
        }
    }
}
