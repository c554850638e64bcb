//! Webhooks: who is told, what, and when it is due.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::rls::Command;
use crate::table::{self, Table, record, tenant};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The server has to know which organisations have something to send before it can serve one: it sees all rows of this
/// table, and nothing is in it but ids and times. It writes as everywhere: rows of the organisation it serves.
const SEEN: [&str; 2] = [
    "DROP POLICY \"webhook_queue_select\" ON \"webhook_queue\"",
    "CREATE POLICY \"webhook_queue_select\" ON \"webhook_queue\" AS PERMISSIVE FOR SELECT USING (true)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::create(manager, &tables()).await?;
        match manager.get_database_backend() {
            DbBackend::Postgres => table::run(manager, &SEEN).await,
            _ => Ok(()),
        }
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
        record("webhook_subscription")
            .text("url")
            .list("events")
            .bool("is_active")
            .indexed()
            .text("description")
            .optional()
            .int("generation")
            .timestamp("rotated_at")
            .optional(),
        record("webhook_delivery")
            .uuid("subscription_id")
            .references("webhook_subscription")
            .code("event")
            .indexed()
            .uuid("referral_id")
            .references("referral")
            .code("referral_status")
            .timestamp("occurred_at")
            .indexed()
            .code("state")
            .indexed()
            .int("attempt")
            .timestamp("next_attempt_at")
            .optional()
            .int("response_code")
            .optional()
            .code("last_error")
            .optional()
            .timestamp("sent_at")
            .optional()
            .index(&["subscription_id", "occurred_at"]),
        tenant("webhook_queue", &["organisation_id", "delivery_id"])
            .uuid("delivery_id")
            .timestamp("due_at")
            .indexed()
            .rights(&Command::ALL),
    ]
}
