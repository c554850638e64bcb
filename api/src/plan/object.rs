//! One record with a known id: a mutation's payload.

use std::sync::Arc;

use uuid::Uuid;

use super::bind::Bound;
use super::compile::{Level, Out, Plan, Root};
use super::cursor::Seal;
use super::run::{Answer, Runner, Set, writer};
use super::{Variables, sql};
use crate::db::{Row, Rows, Scope, Sql, Value};
use crate::error::{Code, Result};
use crate::graph::graph;

impl Plan {
    fn object(&self) -> Result<(&Level, &[Out])> {
        match self.roots.first() {
            Some((_, Root::One { level, out, .. })) => Ok((level, out)),
            _ => Err(Code::Internal.into()),
        }
    }

    /// Runs it. No data where the record cannot be seen.
    pub async fn run_object(
        &self,
        bound: &Bound,
        id: Uuid,
        scope: &Scope,
        seal: &Seal,
    ) -> Result<Answer<Option<Vec<u8>>>> {
        let (level, out) = self.object()?;
        let variables = Variables::default();
        let mut in_vain = 0;
        for cuts in [false, true] {
            let snapshot = scope.read().await?.of_statements(self.statements(bound));
            let runner = Runner::new(self, bound, &variables, scope, &snapshot, cuts);
            let set = runner.single(level, None, Value::Uuid(id)).await?;
            let answer = runner.answer(writer(bound, scope, seal).object(out, &set)?)?;
            drop(set);
            drop(runner);
            let statements = snapshot.statements();
            snapshot.release();
            match answer {
                Some(answer) => return Ok(answer.behind(in_vain)),
                None => in_vain = statements,
            }
        }
        Err(Code::Internal.into())
    }

    /// The noun and the fields that the audit names, where all that is shown of the record stands in its own row.
    pub fn of_one_row(&self) -> Option<(&'static str, Vec<&'static str>)> {
        let (level, _) = self.object().ok().filter(|(level, _)| level.children.is_empty())?;
        let mut noted = level.noted.clone();
        noted.sort_unstable();
        noted.dedup();
        Some((graph().noun(level.noun)?.name, noted))
    }

    /// The statement that finds that row.
    pub fn by_id(&self, statement: &mut Sql<'_>, id: Uuid) -> Result<()> {
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
