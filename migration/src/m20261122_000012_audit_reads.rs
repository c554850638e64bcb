//! What a read showed: the records of one kind, and which operation asked. The ids stand one after another, 16 bytes
//! each, sorted: an answer of hundreds of records is one row of the audit.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let bytes = if manager.get_database_backend() == DbBackend::Postgres { "bytea" } else { "blob" };
        let records = format!(r#"ALTER TABLE "audit_event" ADD COLUMN "records" {bytes}"#);
        let operation = r#"ALTER TABLE "audit_event" ADD COLUMN "operation" text"#.to_owned();
        table::run(manager, &[records, operation]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = |column| format!(r#"ALTER TABLE "audit_event" DROP COLUMN "{column}""#);
        table::run(manager, &[drop("records"), drop("operation")]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
