//! Trainings with those who took part and what they learnt; campaigns with what came of them, in numbers.

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
        curriculum(),
        training_session(),
        attendance(),
        test_result(),
        campaign(),
        campaign_township(),
        campaign_message(),
        delivery_stat(),
    ]
}

fn curriculum() -> Table {
    record("curriculum")
        .text("code")
        .text("name_en")
        .indexed()
        .text("name_my")
        .optional()
        .text("name_th")
        .optional()
        .code("audience")
        .indexed()
        .list("modules")
        .unique(&["code"])
}

fn training_session() -> Table {
    record("training_session")
        .uuid("curriculum_id")
        .references("curriculum")
        .date("starts_on")
        .indexed()
        .date("ends_on")
        .float("hours")
        .optional()
        .uuid("place_id")
        .optional()
        .references_shared("location")
        .text("language")
        .optional()
        .list("trainers")
        .float("cost_amount")
        .optional()
        .text("cost_currency")
        .optional()
        .uuid("centre_id")
        .optional()
        .references("resource_centre")
        .uuid("project_id")
        .optional()
        .references("project")
        .uuid("officer_id")
        .optional()
        .references("app_user")
}

fn attendance() -> Table {
    let who = record("attendance")
        .uuid("session_id")
        .references("training_session")
        .uuid("person_id")
        .optional()
        .references("person")
        .text("participant_key")
        .optional()
        .indexed()
        .code("sex")
        .indexed()
        .int("age_years")
        .optional()
        .indexed()
        .code("disability")
        .code("displacement")
        .float("days")
        .date("held_on")
        .indexed();
    of_session(who)
        .uuid("centre_id")
        .optional()
        .references("resource_centre")
        .uuid("project_id")
        .optional()
        .references("project")
        .unique(&["session_id", "participant_key"])
        .unique(&["session_id", "person_id"])
}

fn test_result() -> Table {
    let result = record("test_result")
        .uuid("session_id")
        .references("training_session")
        .text("participant_key")
        .indexed()
        .code("phase")
        .indexed()
        .date("taken_on")
        .indexed()
        .float("score")
        .float("max_score")
        .float("percent")
        .float("change")
        .optional();
    of_session(result).unique(&["session_id", "participant_key", "phase"])
}

/// What statistics cut by, as the session has it.
fn of_session(table: Table) -> Table {
    table
        .uuid("curriculum_id")
        .references("curriculum")
        .code("audience")
        .uuid("place_id")
        .optional()
        .references_shared("location")
}

fn campaign() -> Table {
    record("campaign")
        .text("provider")
        .indexed()
        .code("channel")
        .indexed()
        .list("languages")
        .list("topics")
        .date("starts_on")
        .indexed()
        .date("ends_on")
        .optional()
        .list("batch_ids")
        .uuid("officer_id")
        .optional()
        .references("app_user")
}

fn campaign_township() -> Table {
    record("campaign_township")
        .uuid("campaign_id")
        .references("campaign")
        .uuid("township_id")
        .references_shared("location")
        .unique(&["campaign_id", "township_id"])
}

fn campaign_message() -> Table {
    record("campaign_message")
        .uuid("campaign_id")
        .references("campaign")
        .int("position")
        .indexed()
        .text("text_en")
        .text("text_my")
        .optional()
        .text("text_th")
        .optional()
        .unique(&["campaign_id", "position"])
}

fn delivery_stat() -> Table {
    record("delivery_stat")
        .uuid("campaign_id")
        .references("campaign")
        .code("channel")
        .indexed()
        .text("provider")
        .date("reported_on")
        .indexed()
        .uuid("township_id")
        .optional()
        .references_shared("location")
        .int("sent")
        .int("answered")
        .optional()
        .int("listened_at_least_percent")
        .optional()
        .int("key_message_completed")
        .optional()
        .int("opted_out")
        .optional()
        .int("survey_answers")
        .optional()
        .int("referred")
        .optional()
        .unique(&["campaign_id", "reported_on", "township_id"])
}
