//! Resource centres and the visits to them.

use sea_orm_migration::prelude::*;

use crate::table::{self, Table, record};

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
        record("resource_centre")
            .text("code")
            .indexed()
            .text("name_en")
            .indexed()
            .text("name_my")
            .optional()
            .text("name_th")
            .optional()
            .uuid("township_id")
            .references_shared("location")
            .text("opening_hours")
            .optional()
            .list("languages")
            .bool("has_female_counsellor")
            .list("channels")
            .bool("is_active")
            .unique(&["code"]),
        record("visit")
            .uuid("centre_id")
            .references("resource_centre")
            .uuid("project_id")
            .optional()
            .references("project")
            .text("ticket")
            .indexed()
            .uuid("person_id")
            .optional()
            .references("person")
            .date("visited_on")
            .indexed()
            .code("channel")
            .indexed()
            .bool("is_first")
            .uuid("counsellor_id")
            .optional()
            .references("app_user")
            .int("minutes")
            .optional()
            .code("call_kind")
            .optional()
            .code("visitor_kind")
            .indexed()
            .code("sex")
            .indexed()
            .int("age_years")
            .optional()
            .indexed()
            .code("disability")
            .indexed()
            .code("displacement")
            .uuid("home_township_id")
            .optional()
            .references_shared("location")
            .text("destination")
            .optional()
            .indexed()
            .code("sector")
            .optional()
            .code("heard_through")
            .optional()
            .list("topics")
            .list("services")
            .list("documents_given")
            .int("satisfaction")
            .optional()
            .bool("needs_follow_up")
            .indexed()
            .text("note")
            .optional()
            .timestamp("recorded_on_device_at")
            .optional(),
    ]
}
