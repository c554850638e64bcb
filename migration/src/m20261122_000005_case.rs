//! Cases with their concerns, services, follow-ups and notes. They stand on children and survivors.

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
    vec![case(), protection_concern(), case_service(), follow_up(), case_note()]
}

fn case() -> Table {
    record("case")
        .text("display_number")
        .indexed()
        .code("module")
        .indexed()
        .uuid("owner_id")
        .references("app_user")
        .code("status")
        .indexed()
        .code("workflow")
        .indexed()
        .code("legal_track")
        .optional()
        .uuid("child_id")
        .optional()
        .references("child")
        .uuid("survivor_id")
        .optional()
        .references("survivor")
        .uuid("project_id")
        .optional()
        .references("project")
        .uuid("township_id")
        .optional()
        .references_shared("location")
        .code("identified_through")
        .code("unaccompanied_status")
        .optional()
        .code("risk_level")
        .optional()
        .indexed()
        .bool("is_urgent")
        .code("legal_basis")
        .optional()
        .list("goals")
        .date("registered_on")
        .indexed()
        .date("assessment_due_on")
        .optional()
        .indexed()
        .date("assessed_on")
        .optional()
        .date("plan_due_on")
        .optional()
        .indexed()
        .date("planned_on")
        .optional()
        .date("closed_on")
        .optional()
        .indexed()
        .code("closure_reason")
        .optional()
        .text("closure_note")
        .optional()
        .date("reopened_on")
        .optional()
        .text("reopen_reason")
        .optional()
        .uuid("duplicate_of_id")
        .optional()
        .references("case")
        .unique(&["display_number"])
}

fn protection_concern() -> Table {
    record("protection_concern")
        .uuid("case_id")
        .references("case")
        .code("kind")
        .indexed()
        .code("found_at")
        .date("observed_on")
        .optional()
        .text("details")
        .optional()
        .bool("is_open")
        .indexed()
}

fn case_service() -> Table {
    record("case_service")
        .uuid("case_id")
        .references("case")
        .code("response_kind")
        .code("service_type")
        .indexed()
        .date("requested_on")
        .indexed()
        .code("timeframe")
        .optional()
        .date("appointment_on")
        .optional()
        .text("agency")
        .optional()
        .uuid("place_id")
        .optional()
        .references_shared("location")
        .code("implementation")
        .indexed()
        .date("implemented_on")
        .optional()
        .text("provider_note")
        .optional()
}

fn follow_up() -> Table {
    record("follow_up")
        .uuid("case_id")
        .references("case")
        .code("kind")
        .date("needed_by")
        .indexed()
        .date("done_on")
        .optional()
        .indexed()
        .code("child_seen")
        .code("not_seen_reason")
        .optional()
        .text("action_taken")
        .optional()
        .date("next_visit_on")
        .optional()
        .bool("recommends_closing")
}

fn case_note() -> Table {
    record("case_note")
        .uuid("case_id")
        .references("case")
        .text("body")
        .timestamp("written_at")
        .indexed()
        .uuid("author_id")
        .optional()
        .references("app_user")
}
