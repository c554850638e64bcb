//! Ids of the records that a read showed lie in the row of their event and are not packed: they hold nothing that packing
//! would find, and looking for it cost more than writing them.

use sea_orm_migration::prelude::*;

use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// As much of a page as a row may take before its longest value is put elsewhere.
const IN_ROW: [&str; 2] = [
    "ALTER TABLE audit_event ALTER COLUMN records SET STORAGE EXTERNAL",
    "ALTER TABLE audit_event SET (toast_tuple_target = 8160)",
];
const AS_BEFORE: [&str; 2] = [
    "ALTER TABLE audit_event ALTER COLUMN records SET STORAGE EXTENDED",
    "ALTER TABLE audit_event RESET (toast_tuple_target)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::run_on_postgres(manager, &IN_ROW).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::run_on_postgres(manager, &AS_BEFORE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
