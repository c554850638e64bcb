//! Assessments of an organisation's capacity with the tools that all share.

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
        record("capacity_assessment")
            .uuid("tool_id")
            .references_shared("capacity_tool")
            .code("kind")
            .indexed()
            .code("method")
            .text("facilitator")
            .optional()
            .uuid("facilitator_id")
            .optional()
            .references("app_user")
            .int("participants")
            .optional()
            .date("started_on")
            .indexed()
            .date("ended_on")
            .optional()
            .code("status")
            .indexed()
            .float("overall_self")
            .optional()
            .float("overall_agreed")
            .optional(),
        record("item_score")
            .uuid("assessment_id")
            .references("capacity_assessment")
            .uuid("item_id")
            .references_shared("capacity_item")
            .int("self_score")
            .optional()
            .int("agreed_score")
            .optional()
            .bool("is_not_applicable")
            .text("justification")
            .optional()
            .unique(&["assessment_id", "item_id"]),
        record("domain_score")
            .uuid("assessment_id")
            .references("capacity_assessment")
            .uuid("domain_id")
            .references_shared("capacity_domain")
            .int("self_sum")
            .int("self_count")
            .int("agreed_sum")
            .int("agreed_count")
            .int("item_count")
            .unique(&["assessment_id", "domain_id"]),
    ]
}
