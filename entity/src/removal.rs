//! What is left of a record that was removed: that it is gone, and why. Nothing it said.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code};

/// What is left of a record that was removed: that it is gone, and why. Nothing it said.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "removal")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The centre whose devices may hold it.
    pub centre_id: Uuid,
    /// The name of the noun, such as `Visit`.
    pub record_type: String,
    /// The record that was removed.
    pub record_id: Uuid,
    /// Why.
    pub reason: RemovalReason,
    /// How often the row was written, from 1; a writer names the version it saw.
    pub row_version: i32,
    /// When the row was created (UTC).
    pub created_at: DateTimeUtc,
    /// The user who created the row; null for imports.
    pub created_by: Option<Uuid>,
    /// When the row was last written (UTC).
    pub updated_at: DateTimeUtc,
    /// The user who last wrote the row; null for imports.
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Tenanted for Entity {
    const OWNER: Owner = Owner::Organisation("organisation_id");
}

code! {
    /// Why a record was removed. Source: proposed, configurable.
    pub enum RemovalReason {
        /// The same contact was logged twice.
        Duplicate = "DUPLICATE",
        /// It was logged by mistake: for training, at the wrong centre, or it never took place.
        EnteredByMistake = "ENTERED_BY_MISTAKE",
        /// Another took its place.
        Replaced = "REPLACED",
        /// Nothing else stands on it any more, as for a visitor whose only visit was removed.
        NothingLeft = "NOTHING_LEFT",
    }
}
