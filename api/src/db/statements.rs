//! What a [`Tx`] runs: statements that sea-orm writes, and rows that become its models, whichever driver brings them.

use std::sync::Arc;

use entity::Readable;
use sea_orm::sea_query::ValueType;
use sea_orm::{
    ActiveModelTrait as _, DbBackend, FromQueryResult as _, Iterable as _, QueryResult, QueryTrait, Select, Statement,
    TryGetable, TryIntoModel as _,
};
use sea_query_sqlx::SqlxValues;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Executor as _, SqliteConnection};

use super::postgres::Table;
use super::session::postgres::sent;
use super::session::{Connection, Later, Told};
use super::words::Words;
use super::{Sql, Tx};
use crate::error::{Code, Error, Result};

/// A row of a statement.
pub(super) enum Found {
    Postgres(Arc<Table>, usize),
    Sqlite(QueryResult),
}

impl Found {
    /// The value of the first column.
    pub(super) fn first<T: TryGetable + ValueType>(&self) -> Result<T> {
        let value = match self {
            Self::Postgres(rows, row) => sent(rows, *row, 0).and_then(|value| <T as ValueType>::try_from(value).ok()),
            Self::Sqlite(row) => row.try_get_by_index(0).ok(),
        };
        value.ok_or_else(unreadable)
    }

    /// The row as the table's model has it.
    fn model<E: Readable>(&self) -> Result<E::Model> {
        match self {
            Self::Postgres(rows, row) => model::<E>(rows, *row),
            Self::Sqlite(row) => E::Model::from_query_result(row, "").ok(),
        }
        .ok_or_else(unreadable)
    }
}

fn model<E: Readable>(rows: &Table, row: usize) -> Option<E::Model> {
    let mut model = E::ActiveModel::default();
    // Selected in the order in which they are declared.
    for (index, column) in E::Column::iter().enumerate() {
        model.try_set(column, sent(rows, row, index)?).ok()?;
    }
    model.try_into_model().ok()
}

fn unreadable() -> Error {
    tracing::error!(kind = "decode", "database error");
    Code::Internal.into()
}

/// Runs a statement on SQLite; how many rows it wrote.
pub(super) async fn run(connection: &mut SqliteConnection, statement: Statement) -> Result<u64> {
    let (sql, values) = parts(statement);
    Ok(connection.execute(sqlx::query_with(sql, values)).await?.rows_affected())
}

async fn rows(connection: &mut SqliteConnection, statement: Statement) -> Result<Vec<SqliteRow>> {
    let (sql, values) = parts(statement);
    Ok(connection.fetch_all(sqlx::query_with(sql, values)).await?)
}

fn parts(statement: Statement) -> (AssertSqlSafe<String>, SqlxValues) {
    let values = statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new()));
    (AssertSqlSafe(statement.sql), SqlxValues(values))
}

impl Tx {
    /// For whom sea-orm writes.
    pub(super) fn backend(&self) -> DbBackend {
        self.dialect().backend()
    }

    /// Runs a statement; how many rows it wrote.
    pub(super) async fn run(&self, query: impl QueryTrait + Send) -> Result<u64> {
        let statement = query.build(self.backend());
        self.work(async |connection| match connection {
            Connection::Postgres(writer) => Ok(writer.run(statement).await?.written),
            Connection::Sqlite(connection) => run(connection, statement).await,
        })
        .await
    }

    /// Runs a statement that nothing after it asks about. On PostgreSQL it leaves with the next one, and what that one
    /// answers may be this one's refusal, as `told` has it.
    pub(super) async fn run_with_next(&self, statement: Statement, told: Told) -> Result<()> {
        self.run_later(Later { statement, told, into: None }).await
    }

    /// The same where it may be an insert, which [`Self::take_insert`] takes up.
    pub(super) async fn run_later(&self, later: Later) -> Result<()> {
        self.work(async |connection| match connection {
            Connection::Postgres(writer) => {
                writer.later(later);
                Ok(())
            }
            Connection::Sqlite(connection) => run(connection, later.statement).await.map(drop).map_err(later.told),
        })
        .await
    }

    /// Takes up what was to run with the next statement and inserts a row into that table, where it is the last of these.
    pub(super) async fn take_insert(&self, into: &str) -> Result<Option<Later>> {
        self.work(async |connection| match connection {
            Connection::Postgres(writer) => Ok(writer.take_insert(into)),
            Connection::Sqlite(_) => Ok(None),
        })
        .await
    }

    /// Waits for the answers of what was to run with the next statement.
    pub(super) async fn settle(&self) -> Result<()> {
        self.work(async |connection| match connection {
            Connection::Postgres(writer) => writer.settle().await,
            Connection::Sqlite(_) => Ok(()),
        })
        .await
    }

    /// Runs a statement; its rows.
    pub(super) async fn rows(&self, statement: Statement) -> Result<Vec<Found>> {
        self.work(async |connection| {
            Ok(match connection {
                Connection::Postgres(writer) => {
                    let rows = Arc::new(writer.run(statement).await?.rows);
                    (0..rows.len()).map(|row| Found::Postgres(Arc::clone(&rows), row)).collect()
                }
                Connection::Sqlite(connection) => {
                    rows(connection, statement).await?.into_iter().map(|row| Found::Sqlite(row.into())).collect()
                }
            })
        })
        .await
    }

    /// The rows that a select finds.
    pub(super) async fn models<E: Readable>(&self, select: Select<E>) -> Result<Vec<E::Model>> {
        let statement = select.build(self.backend());
        self.rows(statement).await?.iter().map(Found::model::<E>).collect()
    }

    /// Whether a statement of the plan's kind finds a row.
    pub(super) async fn finds(&self, sql: Sql<'_>) -> Result<bool> {
        let (mut words, text) = Words::behind(sql);
        words.text.push_str(&text);
        let statement = words.statement();
        Ok(!self.rows(statement).await?.is_empty())
    }
}
