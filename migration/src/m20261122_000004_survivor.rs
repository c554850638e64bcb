//! Survivors of trafficking, what was done to them and how they were screened.

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
        record("survivor")
            .uuid("person_id")
            .references("person")
            .text("code")
            .indexed()
            .date("registered_on")
            .indexed()
            .int("registered_year")
            .indexed()
            .uuid("case_worker_id")
            .optional()
            .references("app_user")
            .text("age_band")
            .optional()
            .text("citizenship")
            .optional()
            .code("status")
            .indexed()
            .code("national_identification")
            .text("import_source")
            .optional()
            .text("import_key")
            .optional()
            .unique(&["code"])
            .unique(&["import_source", "import_key"]),
        record("exploitation_episode")
            .uuid("survivor_id")
            .references("survivor")
            .list("kinds")
            .code("industry")
            .optional()
            .list("sex_kinds")
            .text("country")
            .optional()
            .indexed()
            .uuid("place_id")
            .optional()
            .references_shared("location")
            .date("started_on")
            .optional()
            .date("ended_on")
            .optional()
            .int("age_at_start")
            .optional()
            .int("months")
            .optional()
            .list("means_of_control")
            .code("recruiter_relation")
            .optional()
            .code("is_forced_labour")
            .indexed()
            .code("is_sexual_exploitation")
            .indexed(),
        record("trafficking_screening")
            .uuid("survivor_id")
            .optional()
            .references("survivor")
            .uuid("person_id")
            .references("person")
            .date("screened_on")
            .indexed()
            .uuid("interviewer_id")
            .optional()
            .references("app_user")
            .uuid("place_id")
            .optional()
            .references_shared("location")
            .list("safety_checks")
            .code("is_child")
            .list("acts")
            .list("means")
            .list("purposes")
            .bool("indicators_met")
            .code("result")
            .optional()
            .code("decision_maker")
            .optional()
            .date("decided_on")
            .optional()
            .text("override_reason")
            .optional(),
    ]
}
