//! Organisations, their people at work and their projects.

use sea_orm_migration::prelude::*;

use crate::rls::Command;
use crate::table::{self, Table, record, tenant};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::create(manager, &tables()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::drop(manager, &tables()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<Table> {
    vec![
        tenant("organisation", &["organisation_id"])
            .text("code")
            .indexed()
            .code("kind")
            .code("actor_type")
            .optional()
            .names()
            .bool("is_active")
            .text("time_zone")
            .int("row_version")
            .default("1")
            .timestamp("created_at")
            .timestamp("updated_at")
            .rights(&[Command::Select, Command::Insert, Command::Update]),
        record("app_user")
            .text("subject")
            .indexed()
            .text("display_name")
            .indexed()
            .code("role")
            .indexed()
            .text("team")
            .optional()
            .indexed()
            .uuid("work_location_id")
            .optional()
            .references_shared("location")
            .text("language")
            .bool("is_enabled")
            .int("epoch")
            .default("1")
            .unique(&["subject"]),
        record("project")
            .text("name_en")
            .indexed()
            .text("name_my")
            .optional()
            .text("name_th")
            .optional()
            .text("donor")
            .optional()
            .date("starts_on")
            .indexed()
            .date("ends_on")
            .optional(),
    ]
}
