//! Rows that another one names. The statement that writes the one finds the others, within reach: asked for beforehand each
//! would take a flight. What is not found stops that statement; which it was, it does not say.

use chrono::NaiveDate;
use entity::{Owner, Tenanted};
use uuid::Uuid;

use super::write::table;
use super::{Sql, Value, Write};
use crate::access::Reach;
use crate::error::Result;

/// The rows that are named, by the columns that name them.
pub struct Naming<'w> {
    sql: Sql<'w>,
    /// For each column the statement that finds its row's id.
    found: Vec<(&'static str, String)>,
}

impl Write {
    /// None yet.
    pub fn names(&self) -> Naming<'_> {
        Naming { sql: Sql::new(self.tx.dialect(), self.scope().viewer()), found: Vec::new() }
    }

    /// Adds a row that must be there, within reach; nothing where there is no id.
    pub fn name<E: Tenanted>(&self, names: &mut Naming<'_>, column: &'static str, id: Option<Uuid>) -> Result<()> {
        let Some(id) = id else { return Ok(()) };
        let reach = if E::OWNER == Owner::Shared { Reach::Organisation } else { self.reach::<E>()? };
        let sql = &mut names.sql;
        sql.push("SELECT id");
        let alias = sql.source(table::<E>(), &E::OWNER, reach);
        sql.push(" AND ");
        sql.column(alias, "id");
        sql.push(" = ");
        sql.bind(Value::Uuid(id));
        names.found.push((column, std::mem::take(&mut sql.text)));
        Ok(())
    }
}

impl<'w> Naming<'w> {
    /// Narrows the last one to a row that had begun on a day, as far as it is known when it did.
    pub fn begun(&mut self, began: &str, day: NaiveDate) {
        let Some((_, text)) = self.found.last_mut() else { return };
        let number = self.sql.number(Value::Date(day));
        text.extend([" AND COALESCE(\"", began, "\" <= "]);
        self.sql.dialect().placeholder(text, number);
        text.push_str(", TRUE)");
    }

    /// A statement that finds a row if all are there.
    pub(super) fn all(mut self) -> Sql<'w> {
        self.sql.push("SELECT 1 WHERE TRUE");
        for (_, text) in &self.found {
            for part in [" AND EXISTS (", text, ")"] {
                self.sql.push(part);
            }
        }
        self.sql
    }

    /// The values of all columns in words. Nothing that is not found is an id, and that refuses the statement.
    pub(super) fn told(&self) -> Vec<(&'static str, String)> {
        let words = |text: &String| format!("COALESCE(({text})::text, 'not found')::uuid");
        self.found.iter().map(|(column, text)| (*column, words(text))).collect()
    }

    /// The values that the words speak of.
    pub(super) fn values(self) -> Sql<'w> {
        self.sql
    }
}
