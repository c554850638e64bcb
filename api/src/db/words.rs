//! Inserts in words.

use std::fmt::Write as _;

use sea_orm::{ActiveModelTrait, EntityName as _, EntityTrait, IdenStatic as _, Iterable as _, Statement};

use super::Dialect;

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

    /// Inserts the columns of a row that are set, and perhaps one whose value is told in words.
    pub fn insert<A: ActiveModelTrait>(&mut self, row: &A, told: Option<(&str, &str)>) {
        let mut places = String::with_capacity(512);
        let table = A::Entity::default();
        let _ = write!(self.text, "INSERT INTO \"{}\" (", table.table_name());
        if let Some((column, words)) = told {
            let _ = write!(self.text, "\"{column}\"");
            places.push_str(words);
        }
        for column in <A::Entity as EntityTrait>::Column::iter() {
            let Some(value) = row.get(column).into_value() else { continue };
            if !places.is_empty() {
                self.text.push_str(", ");
                places.push_str(", ");
            }
            let _ = write!(self.text, "\"{}\"", column.as_str());
            self.values.push(value);
            self.dialect.placeholder(&mut places, self.values.len());
        }
        let _ = write!(self.text, ") VALUES ({places})");
    }

    /// The statement, for sea-orm's side of the house.
    pub fn statement(self) -> Statement {
        Statement::from_sql_and_values(self.dialect.backend(), self.text, self.values)
    }
}
