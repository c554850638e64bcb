//! sea-orm's view of a [`Tx`], for the write side: entities are inserted and found through it.

use sea_orm::sqlx::{AssertSqlSafe, Executor as _};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};

use super::session::Connection;
use super::{Dialect, Tx};
use sea_query_sqlx::SqlxValues;

fn ended() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("the transaction has ended".to_owned()))
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn parts(statement: Statement) -> (AssertSqlSafe<String>, SqlxValues) {
    let values = statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new()));
    (AssertSqlSafe(statement.sql), SqlxValues(values))
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
        match &mut self.hold().await.0 {
            Some(Connection::Postgres(c)) => {
                c.execute(sqlx::query_with(sql, values)).await.map(Into::into).map_err(failed)
            }
            Some(Connection::Sqlite(c)) => {
                c.execute(sqlx::query_with(sql, values)).await.map(Into::into).map_err(failed)
            }
            None => Err(ended()),
        }
    }

    async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("statements here are prepared".to_owned()))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        match &mut self.hold().await.0 {
            Some(Connection::Postgres(c)) => {
                c.fetch_optional(sqlx::query_with(sql, values)).await.map(|row| row.map(Into::into)).map_err(failed)
            }
            Some(Connection::Sqlite(c)) => {
                c.fetch_optional(sqlx::query_with(sql, values)).await.map(|row| row.map(Into::into)).map_err(failed)
            }
            None => Err(ended()),
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        match &mut self.hold().await.0 {
            Some(Connection::Postgres(c)) => c
                .fetch_all(sqlx::query_with(sql, values))
                .await
                .map(|rows| rows.into_iter().map(Into::into).collect())
                .map_err(failed),
            Some(Connection::Sqlite(c)) => c
                .fetch_all(sqlx::query_with(sql, values))
                .await
                .map(|rows| rows.into_iter().map(Into::into).collect())
                .map_err(failed),
            None => Err(ended()),
        }
    }
}
