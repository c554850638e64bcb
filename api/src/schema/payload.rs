//! The record in a mutation's payload as it is known before the act: its plan is made once for a document, and the act may
//! read it in its own last flight.

use std::sync::Arc;

use async_graphql::Pos;

use crate::db::{Showing, Sql};
use crate::plan::Plan;

/// The record that a mutation shows.
pub struct Payload {
    /// Where the field stands in the document.
    pub place: Pos,
    /// What is shown of it.
    pub plan: Arc<Plan>,
}

impl Payload {
    /// How the act reads the record, where one row holds all that is shown.
    pub fn showing(&self, operation: &Arc<str>) -> Option<Showing> {
        let (noun, fields) = self.plan.of_one_row()?;
        let plan = Arc::clone(&self.plan);
        let by_id = Box::new(move |sql: &mut Sql<'_>, id| plan.by_id(sql, id));
        Some(Showing { noun, fields, operation: Arc::clone(operation), by_id })
    }
}
