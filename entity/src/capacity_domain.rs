//! A part of a capacity tool, such as finance or governance.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted};

/// A part of a capacity tool, such as finance or governance.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "capacity_domain")]
pub struct Model {
    /// The domain, made from the tool and its own code (UUID version 5).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The tool it belongs to.
    pub tool_id: Uuid,
    /// The short code of the domain.
    pub code: String,
    /// The place in the tool, counted from 1.
    pub position: i32,
    /// The name in English.
    pub name_en: String,
    /// The name in Burmese.
    pub name_my: Option<String>,
    /// The name in Thai.
    pub name_th: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Tenanted for Entity {
    const OWNER: Owner = Owner::Shared;
}
