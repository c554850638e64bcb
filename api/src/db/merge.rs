//! Rows that come with the first record under them and change with each later one: a visitor, with visits.

use entity::Tenanted;
use sea_orm::sea_query::{
    CommonTableExpression, Expr, ExprTrait as _, InsertStatement, OnConflict, Query, WithClause, WithQuery,
};
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, EntityTrait, Iterable as _, QueryTrait as _};
use uuid::Uuid;

use super::write::column;
use super::{Dialect, Write};
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
}

impl Write {
    /// Merges a row; its id, old or new.
    pub async fn merge<A>(&self, merge: Merge<'_, A>) -> Result<Uuid>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Tenanted,
    {
        let merged = self.merged(merge)?;
        let kept = self.tx.rows(self.tx.backend().build(&merged)).await?;
        kept.first().ok_or(Code::Internal)?.first()
    }

    /// Merges a row and inserts another one that names it in the column `link`: on PostgreSQL one statement, which
    /// leaves with the next one, so that a refusal, as `told` has it, may be what that one answers.
    pub async fn insert_under<A, B>(
        &self,
        mut row: B,
        link: &str,
        merge: Merge<'_, A>,
        told: fn(Error) -> Error,
    ) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Tenanted,
        B: ActiveModelTrait + ActiveModelBehavior + Send,
        B::Entity: Tenanted,
        <B::Entity as EntityTrait>::Model: Send + Sync,
    {
        let link = column::<B::Entity>(link)?;
        if self.tx.dialect() == Dialect::Sqlite {
            row.set(link, self.merge(merge).await?.into());
            return self.insert(row).await.map_err(told);
        }
        self.stamp(&mut row, true);
        let mut kept = Query::select();
        kept.column("id").from(KEPT);
        let (mut columns, mut values) = (vec![link], vec![Expr::from(kept)]);
        for column in <B::Entity as EntityTrait>::Column::iter() {
            if let Some(value) = row.get(column).into_value() {
                columns.push(column);
                values.push(value.into());
            }
        }
        let mut insert = Query::insert();
        insert.into_table(B::Entity::default()).columns(columns).values(values).map_err(|_| Code::Internal)?;
        let (mut merged, mut with, mut both) = (CommonTableExpression::new(), WithClause::new(), WithQuery::new());
        merged.query(self.merged(merge)?).table_name(KEPT);
        with.cte(merged);
        both.with_clause(with).query(insert);
        self.tx.run_with_next(self.tx.backend().build(&both), told).await
    }

    /// Waits for the answers of what left with nothing yet.
    pub async fn settle(&self) -> Result<()> {
        self.tx.settle().await
    }

    fn merged<A>(&self, Merge { mut row, key, merge }: Merge<'_, A>) -> Result<InsertStatement>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Tenanted,
    {
        self.stamp(&mut row, true);
        let mut columns = vec![column::<A::Entity>("organisation_id")?];
        for name in key {
            columns.push(column::<A::Entity>(name)?);
        }
        let mut conflict = OnConflict::columns(columns);
        for (name, merged) in merge {
            conflict.value(column::<A::Entity>(name)?, Expr::cust(merged.clone()));
        }
        let table = A::Entity::default();
        let version = column::<A::Entity>("row_version")?;
        conflict.value(version, Expr::col((table, version)).add(1));
        conflict.update_columns([column::<A::Entity>("updated_at")?, column::<A::Entity>("updated_by")?]);
        let mut insert = <A::Entity as EntityTrait>::insert(row).on_conflict(conflict).into_query();
        insert.returning_col(column::<A::Entity>("id")?);
        Ok(insert)
    }
}
