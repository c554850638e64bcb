//! A question of a capacity tool, scored by itself.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, list::List};

/// A question of a capacity tool, scored by itself.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "capacity_item")]
pub struct Model {
    /// The item, made from the domain and its own code (UUID version 5).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The domain it belongs to.
    pub domain_id: Uuid,
    /// The short code of the item.
    pub code: String,
    /// The place in the domain, counted from 1.
    pub position: i32,
    /// The name in English.
    pub name_en: String,
    /// The name in Burmese.
    pub name_my: Option<String>,
    /// The name in Thai.
    pub name_th: Option<String>,
    /// What each score means, lowest first, in English.
    pub levels: List<String>,
    /// How much it counts against other items; null where the tool carries no weights.
    pub weight: Option<f64>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Tenanted for Entity {
    const OWNER: Owner = Owner::Shared;
}
