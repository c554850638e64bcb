//! One spelling of a place's name, for the search that forgives spellings.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted};

/// One spelling of a place's name, for the search that forgives spellings.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "place_name")]
pub struct Model {
    /// The spelling, made from P-code and name (UUID version 5).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The place that is spelt so.
    pub location_id: Uuid,
    /// The name as written, in any language.
    pub name: String,
    /// The name for comparison: NFC, lower case, without spaces, hyphens and apostrophes.
    pub folded: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl Tenanted for Entity {
    const OWNER: Owner = Owner::Shared;
}
