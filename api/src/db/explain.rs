//! What the database does for each statement of a read: for the operator who looks for what is slow, never for a request.

use std::sync::{Arc, Mutex};

use entity::value::Scalar;

use super::read::Snapshot;
use super::{Dialect, Scope, Value};
use crate::error::{Code, Result};

/// A statement and how the database ran it.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The statement, with placeholders for its values.
    pub statement: String,
    /// The database's own words, a line each.
    pub plan: Vec<String>,
}

/// Collects what the statements of a scope's reads turn out to be.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Vec<Explained>>>);

impl Watch {
    /// What was collected, in the order the statements were sent.
    pub fn explained(&self) -> Vec<Explained> {
        self.0.lock().map(|found| found.clone()).unwrap_or_default()
    }

    /// Has a statement explained: PostgreSQL runs it for that.
    pub(super) async fn look(&self, snapshot: &Snapshot, statement: &str, values: Vec<Value>) -> Result<()> {
        let (explain, column) = match snapshot.dialect() {
            Dialect::Postgres => ("EXPLAIN (ANALYZE, BUFFERS)", 0),
            Dialect::Sqlite => ("EXPLAIN QUERY PLAN", 3),
        };
        let rows = snapshot.send(format!("{explain} {statement}").into(), values).await?;
        let mut plan = Vec::with_capacity(rows.len());
        for row in 0..rows.len() {
            plan.extend(rows.cell(row, column, Scalar::Text)?.text().map(without_values));
        }
        let mut found = self.0.lock().map_err(|_| Code::Internal)?;
        found.push(Explained { statement: statement.to_owned(), plan });
        Ok(())
    }
}

/// PostgreSQL writes values into conditions, such as the ids of the level above: they are nobody's business here.
fn without_values(line: &str) -> String {
    let parts = line.split('\'').enumerate().map(|(position, part)| if position % 2 == 1 { "…" } else { part });
    parts.collect::<Vec<_>>().join("'")
}

impl Scope {
    /// The same scope, whose reads have each statement explained.
    #[must_use]
    pub fn watched(mut self, watch: Watch) -> Self {
        self.watch = Some(watch);
        self
    }
}
