//! A centre that informs and helps migrants and people at risk of trafficking.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, list::List, visit::VisitChannel};

/// A centre that informs and helps migrants and people at risk of trafficking.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "resource_centre")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The short code of the centre.
    pub code: String,
    /// The name in English.
    pub name_en: String,
    /// The name in Burmese.
    pub name_my: Option<String>,
    /// The name in Thai.
    pub name_th: Option<String>,
    /// The township it stands in.
    pub township_id: Uuid,
    /// The day it opened.
    pub opened_on: Option<Date>,
    /// When it is open, in words.
    pub opening_hours: Option<String>,
    /// The languages spoken there, BCP 47 tags.
    pub languages: List<String>,
    /// Whether a woman counsels there.
    pub has_female_counsellor: bool,
    /// The ways in which it can be reached.
    pub channels: List<VisitChannel>,
    /// Whether it is open at all.
    pub is_active: bool,
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
