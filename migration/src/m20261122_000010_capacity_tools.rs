//! Loads the capacity tools: OCA, OPI and the protection pack, each in its first version.

use sea_orm_migration::prelude::*;

use crate::names;
use crate::table;
use crate::tools::{self, Domain, Names, Tool};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for tool in tools::all().map_err(failed)? {
            insert_tool(manager, &tool).await?;
        }
        Ok(())
    }

    /// Fails while assessments use a tool: what is in use is not taken away.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = ["DELETE FROM capacity_item", "DELETE FROM capacity_domain", "DELETE FROM capacity_tool"];
        table::run(manager, &statements).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn failed(error: impl std::fmt::Display) -> DbErr {
    DbErr::Migration(error.to_string())
}

fn localised(names: &Names) -> [SimpleExpr; 3] {
    [names.en.as_str().into(), names.my.clone().into(), names.th.clone().into()]
}

async fn insert_tool(manager: &SchemaManager<'_>, tool: &Tool) -> Result<(), DbErr> {
    let id = names::tool_id(&tool.code, &tool.version);
    let [en, my, th] = localised(&tool.names);
    let insert = Query::insert()
        .into_table("capacity_tool")
        .columns(["id", "code", "kind", "version", "name_en", "name_my", "name_th", "scale"])
        .values([
            id.into(),
            tool.code.as_str().into(),
            tool.kind.as_str().into(),
            tool.version.as_str().into(),
            en,
            my,
            th,
            tool.scale.as_str().into(),
        ])
        .map_err(failed)?
        .to_owned();
    manager.execute(insert).await?;
    for (position, domain) in (1_i32..).zip(&tool.domains) {
        insert_domain(manager, tool, domain, position).await?;
    }
    Ok(())
}

async fn insert_domain(manager: &SchemaManager<'_>, tool: &Tool, domain: &Domain, position: i32) -> Result<(), DbErr> {
    let id = names::domain_id(&tool.code, &tool.version, &domain.code);
    let [en, my, th] = localised(&domain.names);
    let insert = Query::insert()
        .into_table("capacity_domain")
        .columns(["id", "tool_id", "code", "position", "name_en", "name_my", "name_th"])
        .values([
            id.into(),
            names::tool_id(&tool.code, &tool.version).into(),
            domain.code.as_str().into(),
            position.into(),
            en,
            my,
            th,
        ])
        .map_err(failed)?
        .to_owned();
    manager.execute(insert).await?;
    let columns = ["id", "domain_id", "code", "position", "name_en", "name_my", "name_th", "levels", "weight"];
    let mut insert = Query::insert().into_table("capacity_item").columns(columns).to_owned();
    for (position, item) in (1_i32..).zip(&domain.items) {
        let [en, my, th] = localised(&item.names);
        insert
            .values([
                names::item_id(&tool.code, &tool.version, &domain.code, &item.code).into(),
                id.into(),
                item.code.as_str().into(),
                position.into(),
                en,
                my,
                th,
                serde_json::to_string(&item.levels).map_err(failed)?.into(),
                item.weight.into(),
            ])
            .map_err(failed)?;
    }
    manager.execute(insert).await
}
