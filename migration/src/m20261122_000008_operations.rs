//! The audit, to which rows are only ever added, and the memory of answered mutations.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::rls::Command;
use crate::table::{self, Table, tenant};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::create(manager, &tables()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            table::run(manager, &POSTGRES).await
        } else {
            table::run(manager, &SQLITE).await
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::drop(manager, &tables()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            table::run(manager, &["DROP FUNCTION lanpya_refuse_change()"]).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<Table> {
    vec![
        tenant("audit_event", &["organisation_id", "id"])
            .uuid("id")
            .timestamp("at")
            .uuid("user_id")
            .optional()
            .text("role")
            .text("action")
            .text("outcome")
            .text("record_type")
            .optional()
            .uuid("record_id")
            .optional()
            .list("fields")
            .text("request_id")
            .index(&["at"])
            .index(&["record_id", "at"])
            .rights(&[Command::Select, Command::Insert]),
        tenant("idempotency", &["organisation_id", "user_id", "operation", "key"])
            .uuid("user_id")
            .text("operation")
            .text("key")
            .text("body_hash")
            .uuid("record_id")
            .timestamp("created_at")
            .text("answer")
            .rights(&[Command::Select, Command::Insert, Command::Delete]),
    ]
}

/// Refuses every statement that would change or remove events, whoever sends it and however many rows it meets.
const POSTGRES: [&str; 3] = [
    "CREATE FUNCTION lanpya_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: rows are only added', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$",
    "REVOKE ALL ON FUNCTION lanpya_refuse_change() FROM PUBLIC",
    "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION lanpya_refuse_change()",
];

/// The same on `SQLite`, where `INSERT OR REPLACE` would remove a row without asking the second trigger.
const SQLITE: [&str; 3] = [
    "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'UPDATE on audit_event is refused: rows are only added'); END",
    "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'DELETE on audit_event is refused: rows are only added'); END",
    "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event
WHEN EXISTS (SELECT 1 FROM audit_event WHERE organisation_id = NEW.organisation_id AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit_event exists: rows are only added'); END",
];
