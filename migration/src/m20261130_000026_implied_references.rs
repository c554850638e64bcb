//! A visit and a visitor are of a centre, which is of an organisation that exists: that their own organisation exists
//! follows, and is not looked up again for each. The lookup locks the organisation's row, so that all who write for it at
//! once are noted there, one after the other. SQLite, which has one writer and no such lock, keeps its tables as they are.

use sea_orm_migration::prelude::*;

use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 2] = ["visit", "visitor"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let dropped =
            TABLES.map(|table| format!(r#"ALTER TABLE "{table}" DROP CONSTRAINT "{table}_organisation_id_fkey""#));
        table::run_on_postgres(manager, &dropped).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let added = TABLES.map(|table| {
            format!(
                r#"ALTER TABLE "{table}" ADD CONSTRAINT "{table}_organisation_id_fkey" FOREIGN KEY ("organisation_id")
                   REFERENCES "organisation" ("organisation_id") ON DELETE RESTRICT"#
            )
        });
        table::run_on_postgres(manager, &added).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
