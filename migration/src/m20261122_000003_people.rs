//! Persons, households, children and the yearly observation of every child.

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
    vec![person(), household(), household_member(), child(), cpms_observation(), cpms_answer()]
}

fn person() -> Table {
    record("person")
        .text("full_name")
        .optional()
        .indexed()
        .bool("is_name_hidden")
        .code("sex")
        .code("gender")
        .optional()
        .date("birth_date")
        .optional()
        .indexed()
        .code("birth_precision")
        .optional()
        .bool("is_age_estimated")
        .text("nationality")
        .optional()
        .code("is_stateless")
        .code("birth_registered")
        .text("ethnicity")
        .optional()
        .code("displacement")
        .code("disability")
        .list("languages")
        .code("marital_status")
        .optional()
        .code("education")
        .optional()
        .text("occupation")
        .optional()
        .text("phone")
        .optional()
        .uuid("current_location_id")
        .optional()
        .references_shared("location")
        .text("location_detail")
        .optional()
        .list("documentation")
}

fn household() -> Table {
    record("household")
        .text("number")
        .indexed()
        .text("name")
        .optional()
        .uuid("location_id")
        .optional()
        .references_shared("location")
        .text("notes")
        .optional()
        .unique(&["number"])
}

fn household_member() -> Table {
    record("household_member")
        .uuid("household_id")
        .references("household")
        .uuid("person_id")
        .references("person")
        .text("role")
        .optional()
        .bool("is_head")
        .date("joined_on")
        .optional()
        .date("left_on")
        .optional()
        .unique(&["household_id", "person_id"])
}

fn child() -> Table {
    record("child")
        .uuid("person_id")
        .references("person")
        .uuid("household_id")
        .optional()
        .references("household")
        .text("code")
        .indexed()
        .code("schooling")
        .text("out_of_school_reason")
        .optional()
        .date("registered_on")
        .indexed()
        .uuid("registered_by")
        .optional()
        .references("app_user")
        .uuid("community_id")
        .optional()
        .references_shared("location")
        .code("latest_risk_class")
        .optional()
        .indexed()
        .unique(&["person_id"])
        .unique(&["code"])
}

fn cpms_observation() -> Table {
    record("cpms_observation")
        .uuid("child_id")
        .references("child")
        .uuid("household_id")
        .optional()
        .references("household")
        .uuid("community_id")
        .references_shared("location")
        .int("year")
        .indexed()
        .int("round")
        .date("collected_on")
        .indexed()
        .uuid("collected_by_id")
        .optional()
        .references("app_user")
        .text("interview_language")
        .optional()
        .code("risk_class")
        .indexed()
        .text("rule_version")
        .list("reasons")
        .list("unknown_indicators")
        .unique(&["child_id", "year"])
}

fn cpms_answer() -> Table {
    record("cpms_answer")
        .uuid("observation_id")
        .references("cpms_observation")
        .code("code")
        .indexed()
        .code("answer")
        .indexed()
        .text("note")
        .optional()
        .unique(&["observation_id", "code"])
}
