//! Writing what was generated: a few thousand rows a transaction.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use chrono::{DateTime, Utc};
use entity::Tenanted;
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, EntityTrait};
use uuid::Uuid;

use crate::access::Action;
use crate::db::Scope;
use crate::error::Result;

/// Rows of one transaction.
const BATCH: usize = 4_000;

/// One organisation's rows on their way.
pub(super) struct Store<'a> {
    pub(super) scope: Scope,
    pub(super) counts: &'a mut BTreeMap<&'static str, u64>,
    pub(super) progress: &'a mut (dyn FnMut(u64) + Send),
}

impl Store<'_> {
    /// Inserts the rows of one noun.
    pub(super) async fn put<A>(&mut self, noun: &'static str, rows: Vec<A>) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Tenanted,
    {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let batch: Vec<A> = rows.by_ref().take(BATCH).collect();
            let count = u64::try_from(batch.len()).unwrap_or_default();
            let mut write = self.scope.operate(Action::RecordsImport).await?;
            write.insert_many(batch).await?;
            write.wrote(&[noun]);
            write.finish("Organisation").await?;
            *self.counts.entry(noun).or_default() += count;
            (self.progress)(count);
        }
        Ok(())
    }
}

/// The row as somebody once made it.
pub(super) fn made<A>(mut row: A, at: DateTime<Utc>, by: Option<Uuid>) -> A
where
    A: ActiveModelTrait + ActiveModelBehavior,
{
    for name in ["created_at", "updated_at"] {
        if let Ok(column) = <A::Entity as EntityTrait>::Column::from_str(name) {
            row.set(column, at.into());
        }
    }
    for name in ["created_by", "updated_by"] {
        if let Ok(column) = <A::Entity as EntityTrait>::Column::from_str(name) {
            row.set(column, by.into());
        }
    }
    row
}
