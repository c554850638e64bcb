//! The trail of a user, by index. That of a record is found in the order of the events, whose ids run with time: what a
//! read showed stands in one value of its event, which an index of single records would miss.

use sea_orm_migration::prelude::*;

use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

const BY_USER: &str =
    r#"CREATE INDEX "audit_event_user_id_at_idx" ON "audit_event" ("organisation_id", "user_id", "at", "id")"#;
const BY_RECORD: &str =
    r#"CREATE INDEX "audit_event_record_id_at_idx" ON "audit_event" ("organisation_id", "record_id", "at", "id")"#;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::run(manager, &[BY_USER, r#"DROP INDEX "audit_event_record_id_at_idx""#]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::run(manager, &[BY_RECORD, r#"DROP INDEX "audit_event_user_id_at_idx""#]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
