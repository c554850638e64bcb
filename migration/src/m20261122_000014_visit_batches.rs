//! Visits that come in batches from devices: how far the device's clock was off, and the way to the oldest remembered
//! keys, so that they can be forgotten.

use sea_orm_migration::prelude::*;

use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let offset = r#"ALTER TABLE "visit" ADD COLUMN "device_offset_seconds" integer"#;
        let oldest = r#"CREATE INDEX "idempotency_created_at_idx" ON "idempotency" ("organisation_id", "created_at")"#;
        table::run(manager, &[offset, oldest]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = r#"DROP INDEX "idempotency_created_at_idx""#;
        table::run(manager, &[index, r#"ALTER TABLE "visit" DROP COLUMN "device_offset_seconds""#]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
