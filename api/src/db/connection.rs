//! sea-orm's view of a [`Tx`], for the write side: entities are inserted and found through it.

use sea_orm::sqlx::{AssertSqlSafe, Executor as _};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};

use super::session::{Connection, ended, within};
use super::{Dialect, Sql, Tx, Value};
use sea_query_sqlx::SqlxValues;

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn parts(statement: Statement) -> (AssertSqlSafe<String>, SqlxValues) {
    let values = statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new()));
    (AssertSqlSafe(statement.sql), SqlxValues(values))
}

impl Tx {
    /// Whether a statement of the plan's kind finds a row.
    pub(super) async fn finds(&self, sql: Sql<'_>) -> Result<bool, DbErr> {
        let (text, values) = sql.finish();
        let values = values.into_iter().map(|value| match value {
            Value::Text(v) => v.into(),
            Value::Int(v) => v.into(),
            Value::Big(v) => v.into(),
            Value::Float(v) => v.into(),
            Value::Bool(v) => v.into(),
            Value::Uuid(v) => v.into(),
            Value::Date(v) => v.into(),
            Value::Timestamp(v) => v.into(),
            // Lists are of the plan alone.
            Value::Uuids(_) | Value::Texts(_) => sea_orm::Value::String(None),
        });
        let statement = Statement::from_sql_and_values(self.get_database_backend(), text.as_ref(), values);
        Ok(self.query_one_raw(statement).await?.is_some())
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        match self.dialect() {
            Dialect::Postgres => DbBackend::Postgres,
            Dialect::Sqlite => DbBackend::Sqlite,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let (sql, values) = parts(statement);
        let (mut held, patience) = self.hold().await;
        let result = within(patience, async {
            match &mut held.0 {
                Some(Connection::Postgres(c)) => c.execute(sqlx::query_with(sql, values)).await.map(Into::into),
                Some(Connection::Sqlite(c)) => c.execute(sqlx::query_with(sql, values)).await.map(Into::into),
                None => Err(ended()),
            }
        });
        let result = result.await;
        held.judge(result).map_err(failed)
    }

    async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("statements here are prepared".to_owned()))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        let (mut held, patience) = self.hold().await;
        let row = within(patience, async {
            match &mut held.0 {
                Some(Connection::Postgres(c)) => {
                    c.fetch_optional(sqlx::query_with(sql, values)).await.map(|row| row.map(Into::into))
                }
                Some(Connection::Sqlite(c)) => {
                    c.fetch_optional(sqlx::query_with(sql, values)).await.map(|row| row.map(Into::into))
                }
                None => Err(ended()),
            }
        });
        let row = row.await;
        held.judge(row).map_err(failed)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        let (mut held, patience) = self.hold().await;
        let rows = within(patience, async {
            match &mut held.0 {
                Some(Connection::Postgres(c)) => {
                    let rows = c.fetch_all(sqlx::query_with(sql, values)).await?;
                    Ok(rows.into_iter().map(Into::into).collect())
                }
                Some(Connection::Sqlite(c)) => {
                    let rows = c.fetch_all(sqlx::query_with(sql, values)).await?;
                    Ok(rows.into_iter().map(Into::into).collect())
                }
                None => Err(ended()),
            }
        });
        let rows = rows.await;
        held.judge(rows).map_err(failed)
    }
}
