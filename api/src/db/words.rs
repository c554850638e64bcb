//! Inserts in words.

use std::sync::Arc;

use sea_orm::{ActiveModelTrait, EntityName as _, EntityTrait, IdenStatic as _, Iterable as _, Statement};

use super::rows::hex_list;
use super::{Dialect, Sql, Value};

/// A statement that inserts, written as it will be sent: sea-query's tree and its walk were a twentieth of what a visit
/// cost the server.
pub(super) struct Words {
    dialect: Dialect,
    pub text: String,
    values: Vec<sea_orm::Value>,
}

impl Words {
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, text: String::with_capacity(4_096), values: Vec::with_capacity(64) }
    }

    /// For words that stand around a statement of the plan's kind; its text, whose values come first.
    pub fn behind(sql: Sql<'_>) -> (Self, Arc<str>) {
        let mut words = Self::new(sql.dialect());
        let text = words.add(sql);
        (words, text)
    }

    /// For words that stand around a statement; its text, whose values come first.
    pub fn around(dialect: Dialect, statement: Statement) -> (Self, String) {
        let values = statement.values.map(|values| values.0).unwrap_or_default();
        (Self { dialect, text: String::with_capacity(4_096), values }, statement.sql)
    }

    /// Adds the values of a statement of the plan's kind that counts them from here (`Sql::after`); its text.
    pub fn add(&mut self, sql: Sql<'_>) -> Arc<str> {
        let (text, values) = sql.finish();
        self.values.extend(values.into_iter().map(|value| bound(self.dialect, value)));
        text
    }

    /// How many values there are.
    pub fn count(&self) -> usize {
        self.values.len()
    }

    /// Inserts the columns of a row that are set, and those whose values are told in words.
    pub fn insert<A: ActiveModelTrait>(&mut self, row: A, told: &[(&str, String)]) {
        let (names, places) = self.places(row, told);
        let table = A::Entity::default();
        self.text.extend(["INSERT INTO \"", table.table_name(), "\" (", &names, ") VALUES (", &places, ")"]);
    }

    /// Inserts a row, and another one of which the same columns are set if there is a row of that name.
    pub fn insert_if<A: ActiveModelTrait>(&mut self, row: A, other: A, found: &str) {
        let ((names, row), (_, other)) = (self.places(row, &[]), self.places(other, &[]));
        let table = A::Entity::default();
        self.text.extend([
            "INSERT INTO \"",
            table.table_name(),
            "\" (",
            &names,
            ") SELECT ",
            &row,
            " UNION ALL SELECT ",
        ]);
        self.text.extend([&other, " WHERE EXISTS (SELECT FROM ", found, ")"]);
    }

    /// The names of columns, and what stands for their values.
    fn places<A: ActiveModelTrait>(&mut self, mut row: A, told: &[(&str, String)]) -> (String, String) {
        let (mut names, mut places) = (String::with_capacity(1_024), String::with_capacity(512));
        for (column, words) in told {
            between(&mut names, &mut places);
            names.extend(["\"", column, "\""]);
            places.push_str(words);
        }
        for column in <A::Entity as EntityTrait>::Column::iter() {
            let is_told = told.iter().any(|(told, _)| *told == column.as_str());
            let Some(value) = row.take(column).into_value().filter(|_| !is_told) else { continue };
            between(&mut names, &mut places);
            names.extend(["\"", column.as_str(), "\""]);
            self.values.push(value);
            self.dialect.placeholder(&mut places, self.values.len());
        }
        (names, places)
    }

    /// The statement, for sea-orm's side of the house.
    pub fn statement(self) -> Statement {
        Statement::from_sql_and_values(self.dialect.backend(), self.text, self.values)
    }
}

fn between(names: &mut String, places: &mut String) {
    if !names.is_empty() {
        names.push_str(", ");
        places.push_str(", ");
    }
}

/// A value of the plan's for sea-orm's side of the house.
fn bound(dialect: Dialect, value: Value) -> sea_orm::Value {
    match value {
        Value::Text(v) => v.into(),
        Value::Int(v) => v.into(),
        Value::Big(v) => v.into(),
        Value::Float(v) => v.into(),
        Value::Bool(v) => v.into(),
        Value::Uuid(v) => v.into(),
        Value::Date(v) => v.into(),
        Value::Timestamp(v) => v.into(),
        Value::Uuids(v) if dialect == Dialect::Sqlite => hex_list(&v).into(),
        Value::Uuids(v) => v.into(),
        Value::Texts(v) if dialect == Dialect::Sqlite => serde_json::Value::from(v).to_string().into(),
        Value::Texts(v) => v.into(),
    }
}
