//! What follows a visit: getting back to the visitor, and help in kind or in cash.

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
        record("visit_follow_up")
            .uuid("visit_id")
            .references("visit")
            .uuid("assignee_id")
            .optional()
            .references("app_user")
            .date("needed_by")
            .indexed()
            .date("done_on")
            .optional()
            .indexed()
            .text("purpose")
            .optional()
            .text("outcome")
            .optional(),
        record("direct_assistance")
            .uuid("visit_id")
            .references("visit")
            .date("given_on")
            .indexed()
            .code("kind")
            .indexed()
            .text("item")
            .float("value_amount")
            .optional()
            .text("value_currency")
            .optional()
            .text("note")
            .optional(),
    ]
}
