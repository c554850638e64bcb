//! A version of a tool that measures the capacity of an organisation.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code};

/// A version of a tool that measures the capacity of an organisation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "capacity_tool")]
pub struct Model {
    /// The tool, made from code and version (UUID version 5).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The short code of the tool.
    pub code: String,
    /// Which family of tools it belongs to.
    pub kind: CapacityToolKind,
    /// The version; scores of different versions are never compared silently.
    pub version: String,
    /// The name in English.
    pub name_en: String,
    /// The name in Burmese.
    pub name_my: Option<String>,
    /// The name in Thai.
    pub name_th: Option<String>,
    /// How an item is scored.
    pub scale: CapacityScale,
}

impl ActiveModelBehavior for ActiveModel {}

impl Tenanted for Entity {
    const OWNER: Owner = Owner::Shared;
}

code! {
    /// A family of tools that measure the capacity of an organisation. Source: the tools themselves, as named.
    pub enum CapacityToolKind {
        /// Organisational Capacity Assessment of the United States aid agency.
        Oca = "OCA",
        /// Organisational Performance Index of Pact.
        Opi = "OPI",
        /// Pre-award survey of organisations outside the United States, done before a grant.
        Nupas = "NUPAS",
        /// The capacity tool of the Network for Empowered Aid Response.
        Near = "NEAR",
        /// A tool of one's own.
        Custom = "CUSTOM",
    }
}

code! {
    /// How an item is scored. Source: the tools that use it.
    pub enum CapacityScale {
        /// From 1 (low) to 4 (high), each with a written level.
        OneToFour = "ONE_TO_FOUR",
        /// From 1 (disagree strongly) to 5 (agree strongly).
        OneToFive = "ONE_TO_FIVE",
        /// Yes, neutral or no, with evidence.
        YesNeutralNo = "YES_NEUTRAL_NO",
    }
}
