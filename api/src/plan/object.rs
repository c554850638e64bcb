//! One record with a known id: a mutation's payload.

use std::sync::Arc;

use uuid::Uuid;

use super::bind::Bound;
use super::compile::{Level, Out, Plan, Root};
use super::cursor::Seal;
use super::id::GlobalId;
use super::run::{Answer, Set, run, writer};
use super::{Variables, sql};
use crate::db::{Row, Rows, Scope, Showing, Sql};
use crate::error::{Code, Result};
use crate::graph::graph;

/// The variable that names the record.
pub(super) const RECORD: &str = "record";

impl Plan {
    fn object(&self) -> Result<(&Level, &[Out])> {
        match self.roots.first() {
            Some((_, Root::One { level, out, .. })) => Ok((level, out)),
            _ => Err(Code::Internal.into()),
        }
    }

    /// Runs it for one record: its answer is under `value`, and null where it cannot be seen.
    pub async fn run_object(&self, bound: &Bound, id: Uuid, scope: &Scope, seal: &Seal) -> Result<Answer> {
        let (level, _) = self.object()?;
        let id = GlobalId::text(graph().noun(level.noun).ok_or(Code::Internal)?.prefix, id);
        run(self, bound, &Variables::of(RECORD, id), scope, seal).await
    }

    /// How an act reads the object of its record, where one row holds all that is shown.
    pub fn showing(self: &Arc<Self>, operation: &Arc<str>) -> Option<Showing> {
        let (level, _) = self.object().ok().filter(|(level, _)| level.children.is_empty())?;
        let mut fields = level.noted.clone();
        fields.sort_unstable();
        fields.dedup();
        let noun = graph().noun(level.noun)?;
        let plan = Arc::clone(self);
        let by_id = Box::new(move |statement: &mut Sql<'_>, id| plan.by_id(statement, id));
        Some(Showing { noun: noun.name, table: noun.table, fields, operation: Arc::clone(operation), by_id })
    }

    fn by_id(&self, statement: &mut Sql<'_>, id: Uuid) -> Result<()> {
        let (level, _) = self.object()?;
        let noun = graph().noun(level.noun).ok_or(Code::Internal)?;
        sql::by_id(statement, noun, level.reach, &level.columns, vec![id]);
        Ok(())
    }

    /// What is shown of a row that was found so. `None` where there was none.
    pub fn object_of(&self, bound: &Bound, rows: Rows, scope: &Scope, seal: &Seal) -> Result<Option<Vec<u8>>> {
        let (_, out) = self.object()?;
        if rows.is_empty() {
            scope.miss();
            return Ok(None);
        }
        let set = Set { rows: vec![Row { rows: Arc::new(rows), index: 0 }], below: Vec::new() };
        writer(bound, scope, seal).object(out, &set)
    }
}
