//! A place of the gazetteer: country, state, district, township, village, camp or site.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, list::List};

/// A place of the gazetteer: country, state, district, township, village, camp or site.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "location")]
pub struct Model {
    /// The place, made from its P-code (UUID version 5).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The place code of the Myanmar Information Management Unit, or the Thai equivalent.
    pub pcode: String,
    /// The administrative level, from 0 (country) to 6 (camp or site).
    pub adm_level: i32,
    /// What sort of place it is.
    pub kind: LocationKind,
    /// The place it lies in; null for a country.
    pub parent_id: Option<Uuid>,
    /// The country it lies in.
    pub country: Country,
    /// The name in English.
    pub name_en: String,
    /// The name in Burmese.
    pub name_my: Option<String>,
    /// The name in Thai.
    pub name_th: Option<String>,
    /// Other spellings that people search for.
    pub aliases: List<String>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Tenanted for Entity {
    const OWNER: Owner = Owner::Shared;
}

code! {
    /// What sort of place it is, with its administrative level. Source: Myanmar Information Management Unit; Thai kinds proposed, configurable.
    pub enum LocationKind {
        /// A country, level 0.
        Country = "COUNTRY",
        /// A state, region or union territory of Myanmar, level 1.
        StateRegion = "STATE_REGION",
        /// A district of Myanmar, level 2.
        District = "DISTRICT",
        /// A township of Myanmar, level 3: the usual unit of humanitarian reporting.
        Township = "TOWNSHIP",
        /// A group of villages in a rural township, level 4.
        VillageTract = "VILLAGE_TRACT",
        /// A town in a township, level 4.
        Town = "TOWN",
        /// A village in Myanmar, level 5.
        Village = "VILLAGE",
        /// A ward of a town, level 5.
        Ward = "WARD",
        /// A camp for displaced people or refugees, level 6.
        Camp = "CAMP",
        /// Another place where displaced people live, such as a church compound, level 6.
        Site = "SITE",
        /// A province of Thailand (changwat), level 1.
        Province = "PROVINCE",
        /// A district of Thailand, level 2.
        Amphoe = "AMPHOE",
        /// A subdistrict of Thailand, level 3.
        Tambon = "TAMBON",
        /// A village in Thailand, level 5.
        Muban = "MUBAN",
    }
}

code! {
    /// A country the gazetteer covers. Source: ISO 3166, proposed, configurable.
    pub enum Country {
        /// Myanmar, ISO code MM.
        Myanmar = "MYANMAR",
        /// Thailand, ISO code TH.
        Thailand = "THAILAND",
    }
}
