//! How many people live in a household, as it was told: not everybody is a member on record.

use sea_orm_migration::prelude::*;

use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::run(manager, &[r#"ALTER TABLE "household" ADD COLUMN "size" integer"#]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::run(manager, &[r#"ALTER TABLE "household" DROP COLUMN "size""#]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
