//! What all organisations share: places and capacity tools; and the ground row-level security stands on.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::rls;
use crate::table::{self, Table, shared};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            table::run(manager, &rls::prepare()).await?;
        }
        table::create(manager, &tables()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::drop(manager, &tables()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            table::run(manager, &rls::unprepare()).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<Table> {
    vec![
        shared("location")
            .text("pcode")
            .int("adm_level")
            .indexed()
            .code("kind")
            .indexed()
            .uuid("parent_id")
            .optional()
            .references_shared("location")
            .code("country")
            .indexed()
            .text("name_en")
            .indexed()
            .text("name_my")
            .optional()
            .text("name_th")
            .optional()
            .list("aliases")
            .unique(&["pcode"]),
        shared("place_name").uuid("location_id").references_shared("location").text("name").text("folded").indexed(),
        shared("capacity_tool")
            .text("code")
            .code("kind")
            .text("version")
            .names()
            .code("scale")
            .unique(&["code", "version"]),
        shared("capacity_domain")
            .uuid("tool_id")
            .references_shared("capacity_tool")
            .text("code")
            .int("position")
            .indexed()
            .names(),
        shared("capacity_item")
            .uuid("domain_id")
            .references_shared("capacity_domain")
            .text("code")
            .int("position")
            .indexed()
            .names()
            .list("levels")
            .float("weight")
            .optional(),
    ]
}
