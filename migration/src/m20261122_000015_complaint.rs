//! Complaints of migrants, the talks that signs of forced labour ask for, and what a visit says of both.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{self, Table, record};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (text, date) = match manager.get_database_backend() {
            DbBackend::Postgres => (r#"text COLLATE "C""#, "date"),
            _ => ("text", "text"),
        };
        let signs = format!(r#"ALTER TABLE "visit" ADD COLUMN "signs" {text} NOT NULL DEFAULT '[]'"#);
        let opened = format!(r#"ALTER TABLE "resource_centre" ADD COLUMN "opened_on" {date}"#);
        table::run(manager, &[signs, opened]).await?;
        table::create(manager, &tables()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::drop(manager, &tables()).await?;
        let drop = |table, column| format!(r#"ALTER TABLE "{table}" DROP COLUMN "{column}""#);
        table::run(manager, &[drop("resource_centre", "opened_on"), drop("visit", "signs")]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<Table> {
    vec![complaint(), complainant(), screening_request()]
}

fn complaint() -> Table {
    record("complaint")
        .text("reference")
        .uuid("centre_id")
        .references("resource_centre")
        .uuid("visit_id")
        .optional()
        .references("visit")
        .uuid("handler_id")
        .optional()
        .references("app_user")
        .code("stage")
        .indexed()
        .code("status")
        .indexed()
        .date("filed_on")
        .indexed()
        .text("filed_with")
        .optional()
        .date("resolved_on")
        .optional()
        .code("against")
        .indexed()
        .text("respondent")
        .optional()
        .list("kinds")
        .text("remedy_sought")
        .optional()
        .float("claimed_amount")
        .optional()
        .text("claimed_currency")
        .optional()
        .float("awarded_amount")
        .optional()
        .text("awarded_currency")
        .optional()
        .float("recovered_amount")
        .optional()
        .text("recovered_currency")
        .optional()
        .code("retaliation_risk")
        .text("withdrawal_reason")
        .optional()
        .unique(&["reference"])
}

fn complainant() -> Table {
    record("complainant")
        .uuid("complaint_id")
        .references("complaint")
        .uuid("person_id")
        .optional()
        .references("person")
        .text("ticket")
        .optional()
        .indexed()
}

fn screening_request() -> Table {
    record("screening_request")
        .uuid("visit_id")
        .optional()
        .references("visit")
        .uuid("complaint_id")
        .optional()
        .references("complaint")
        .uuid("screening_id")
        .optional()
        .references("trafficking_screening")
        .list("signs")
}
