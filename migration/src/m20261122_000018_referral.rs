//! Partners, consents of visitors, and referrals: a row in each of the two organisations.

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
    vec![partner(), consent(), referral()]
}

fn partner() -> Table {
    record("partner")
        .text("code")
        .text("name_en")
        .indexed()
        .text("name_my")
        .optional()
        .text("name_th")
        .optional()
        .list("services")
        .date("agreed_on")
        .indexed()
        .date("ends_on")
        .optional()
        .uuid("desk_id")
        .references("app_user")
        .unique(&["code"])
}

fn consent() -> Table {
    record("consent")
        .uuid("visit_id")
        .references("visit")
        .uuid("obtained_by_id")
        .optional()
        .references("app_user")
        .date("given_on")
        .indexed()
        .code("given_by")
        .code("method")
        .text("language")
        .list("scopes")
        .list("information_given")
        .code("child_assent")
        .date("expires_on")
        .indexed()
        .date("withdrawn_on")
        .optional()
        .text("withdrawal_reason")
        .optional()
}

fn referral() -> Table {
    let running = record("referral")
        .code("direction")
        .indexed()
        .uuid("partner_id")
        .references("partner")
        .uuid("counterpart_id")
        .uuid("visit_id")
        .optional()
        .references("visit")
        .uuid("consent_id")
        .optional()
        .references("consent")
        .text("consent_hash")
        .uuid("handler_id")
        .optional()
        .references("app_user")
        .code("service_type")
        .indexed()
        .code("reason")
        .code("risk_level")
        .optional()
        .code("status")
        .indexed()
        .timestamp("sent_at")
        .indexed()
        .timestamp("acknowledge_by")
        .indexed()
        .date("meet_by")
        .optional()
        .timestamp("responded_at")
        .optional()
        .date("expires_on")
        .indexed()
        .timestamp("ended_at")
        .optional()
        .text("end_reason")
        .optional()
        .text("provider_note")
        .optional();
    shared(running)
}

/// What was shared of the visitor.
fn shared(table: Table) -> Table {
    table
        .text("purpose")
        .optional()
        .list("shared")
        .text("name")
        .optional()
        .text("phone")
        .optional()
        .text("ticket")
        .optional()
        .code("visitor_kind")
        .optional()
        .code("sex")
        .optional()
        .int("age_years")
        .optional()
        .uuid("home_township_id")
        .optional()
        .references_shared("location")
        .text("destination")
        .optional()
        .list("topics")
        .optional()
        .code("disability")
        .optional()
        .code("displacement")
        .optional()
        .list("signs")
        .optional()
}
