//! A person's time in a household.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted};

/// A person's time in a household.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "household_member")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The household.
    pub household_id: Uuid,
    /// The person.
    pub person_id: Uuid,
    /// What the person is in the household, such as grandmother.
    pub role: Option<String>,
    /// Whether the person leads the household.
    pub is_head: bool,
    /// The day the person joined.
    pub joined_on: Option<Date>,
    /// The day the person left; null while a member.
    pub left_on: Option<Date>,
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
