//! Rows that come with the first record under them and change with each later one: a visitor, with visits.

use entity::Tenanted;
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, EntityName as _, EntityTrait, Statement, Value};
use uuid::Uuid;

use super::session::{Later, Told};
use super::words::Words;
use super::write::{column, table};
use super::{Dialect, Naming, Write};
use crate::error::{Code, Error, Result};

/// The name of the merged row in the statement that inserts a record under it.
const KEPT: &str = "kept";

/// A row to insert or, where there is one under the same `key`, to change as `merge` says, column by column, in words of
/// SQL that know the new values as `excluded`.
pub struct Merge<'m, A> {
    /// The row as it is where there is none yet.
    pub row: A,
    /// The columns by which it is known, besides the organisation.
    pub key: &'m [&'static str],
    /// What becomes of a row that is there.
    pub merge: &'m [(&'static str, String)],
    /// Whether none is expected to be there. On PostgreSQL it is then inserted as it is, which costs less, and where there
    /// is one after all the whole act is refused: nothing is lost, and whoever asks again expects one.
    pub is_new: bool,
}

impl Write {
    /// Merges a row; its id, old or new.
    pub async fn merge<A>(&self, merge: Merge<'_, A>) -> Result<Uuid>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Tenanted,
    {
        let mut words = Words::new(self.tx.dialect());
        self.merged(merge, &mut words);
        let kept = self.tx.rows(words.statement()).await?;
        kept.first().ok_or(Code::Internal)?.first()
    }

    /// Merges a row and inserts another one that names it in the column `link`, and those that are in `names`. On
    /// PostgreSQL both leave with the next statement, so that a refusal, as `told` has it, may be what that one answers.
    pub async fn insert_under<A, B>(
        &self,
        mut row: B,
        (link, merge): (&'static str, Merge<'_, A>),
        names: Naming<'_>,
        told: Told,
    ) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Tenanted,
        B: ActiveModelTrait + ActiveModelBehavior + Send,
        B::Entity: Tenanted,
        <B::Entity as EntityTrait>::Model: Send + Sync,
    {
        if self.tx.dialect() == Dialect::Sqlite {
            if !self.tx.finds(names.all()).await? {
                return Err(Code::NotFound.into());
            }
            row.set(column::<B::Entity>(link)?, self.merge(merge).await?.into());
            return self.insert(row).await.map_err(told);
        }
        self.stamp(&mut row, true);
        let mut found = names.told();
        let (mut words, _) = Words::behind(names.values());
        let into = if merge.is_new {
            row.set(column::<B::Entity>(link)?, id_of(&merge.row)?);
            self.tx.run_with_next(self.made(merge.row), unexpected).await?;
            Some(table::<B::Entity>())
        } else {
            found.push((link, format!("(SELECT id FROM {KEPT})")));
            words.text.extend(["WITH ", KEPT, " AS ("]);
            self.merged(merge, &mut words);
            words.text.push_str(") ");
            None
        };
        words.insert(row, &found);
        self.tx.run_later(Later { statement: words.statement(), told, into }).await
    }

    /// Inserts a row of which nobody has to know more.
    fn made<A>(&self, mut row: A) -> Statement
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Tenanted,
    {
        self.stamp(&mut row, true);
        let mut words = Words::new(self.tx.dialect());
        words.insert(row, &[]);
        words.statement()
    }

    /// Waits for the answers of what left with nothing yet.
    pub async fn settle(&self) -> Result<()> {
        self.tx.settle().await
    }

    fn merged<A>(&self, Merge { mut row, key, merge, .. }: Merge<'_, A>, words: &mut Words)
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Tenanted,
    {
        self.stamp(&mut row, true);
        words.insert(row, &[]);
        words.text.push_str(" ON CONFLICT (\"organisation_id\"");
        for name in key {
            words.text.extend([", \"", name, "\""]);
        }
        words.text.push_str(") DO UPDATE SET ");
        for (name, merged) in merge {
            words.text.extend(["\"", name, "\" = ", merged, ", "]);
        }
        let table = A::Entity::default();
        words.text.extend([
            "\"row_version\" = \"",
            table.table_name(),
            "\".\"row_version\" + 1, \"updated_at\" = excluded.\"updated_at\", \"updated_by\" = excluded.\"updated_by\" \
             RETURNING \"id\"",
        ]);
    }
}

/// The id that a row was given.
fn id_of<A: ActiveModelTrait>(row: &A) -> Result<Value> {
    row.get(column::<A::Entity>("id")?).into_value().ok_or(Code::Internal.into())
}

/// A row that was not expected is there: as one that is expected and is not, it refuses the act.
fn unexpected(error: Error) -> Error {
    if error.code == Code::Duplicate { Code::NotFound.into() } else { error }
}
