//! Loads the places of Myanmar and Thailand with every spelling of their names.

use std::collections::HashSet;

use sea_orm_migration::prelude::*;
use uuid::Uuid;

use crate::names;
use crate::places::{self, Place};
use crate::table;

const PLACES: &str = include_str!("../data/places.csv");

/// Spellings in use that differ from the official list, by P-code.
const ALIASES: [(&str, &str); 3] = [("MMR001001", "Myiktyina"), ("MMR015010", "Namkhan"), ("MMR015019", "Mantong")];

/// Rows a statement; nine values a row stay far below the limits of both databases.
const BATCH: usize = 250;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let places = places::parse(PLACES).map_err(|error| DbErr::Migration(error.to_string()))?;
        for batch in places.chunks(BATCH) {
            insert_locations(manager, batch).await?;
        }
        let spellings: Vec<(Uuid, Uuid, String)> = places.iter().flat_map(spellings).collect();
        for batch in spellings.chunks(BATCH) {
            insert_names(manager, batch).await?;
        }
        Ok(())
    }

    /// Fails while records point to places: what is in use is not taken away.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::run(manager, &["DELETE FROM place_name"]).await?;
        // From the leaves up: a place goes before the one it lies in.
        for level in (0..=places::DEEPEST_LEVEL).rev() {
            table::run(manager, &[format!("DELETE FROM location WHERE adm_level = {level}")]).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn aliases(pcode: &str) -> Vec<&'static str> {
    let of_place = ALIASES.iter().filter(|(code, _)| *code == pcode);
    of_place.map(|(_, alias)| *alias).collect()
}

/// Id, location and text of each spelling of a place's name, none twice.
fn spellings(place: &Place) -> Vec<(Uuid, Uuid, String)> {
    let official = [Some(place.name_en.as_str()), place.name_my.as_deref(), place.name_th.as_deref()];
    let mut seen = HashSet::new();
    official
        .into_iter()
        .flatten()
        .chain(aliases(&place.pcode))
        .filter(|name| seen.insert(*name))
        .map(|name| {
            let id = names::place_name_id(&place.pcode, name);
            (id, names::location_id(&place.pcode), name.to_owned())
        })
        .collect()
}

async fn insert_locations(manager: &SchemaManager<'_>, places: &[Place]) -> Result<(), DbErr> {
    let columns =
        ["id", "pcode", "adm_level", "kind", "parent_id", "country", "name_en", "name_my", "name_th", "aliases"];
    let mut insert = Query::insert().into_table("location").columns(columns).to_owned();
    for place in places {
        let aliases = serde_json::to_string(&aliases(&place.pcode));
        insert
            .values([
                names::location_id(&place.pcode).into(),
                place.pcode.as_str().into(),
                place.level.into(),
                place.kind.into(),
                place.parent.as_deref().map(names::location_id).into(),
                place.country.into(),
                place.name_en.as_str().into(),
                place.name_my.clone().into(),
                place.name_th.clone().into(),
                aliases.map_err(|error| DbErr::Migration(error.to_string()))?.into(),
            ])
            .map_err(|error| DbErr::Migration(error.to_string()))?;
    }
    manager.execute(insert).await
}

async fn insert_names(manager: &SchemaManager<'_>, rows: &[(Uuid, Uuid, String)]) -> Result<(), DbErr> {
    let columns = ["id", "location_id", "name", "folded"];
    let mut insert = Query::insert().into_table("place_name").columns(columns).to_owned();
    for (id, location, name) in rows {
        insert
            .values([(*id).into(), (*location).into(), name.as_str().into(), names::fold(name).into()])
            .map_err(|error| DbErr::Migration(error.to_string()))?;
    }
    manager.execute(insert).await
}
