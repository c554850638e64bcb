//! A training as it was held, from its first day to its last.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, list::List};

/// A training as it was held, from its first day to its last.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "training_session")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What was taught.
    pub curriculum_id: Uuid,
    /// The first day.
    pub starts_on: Date,
    /// The last day.
    pub ends_on: Date,
    /// How many hours it took in all.
    pub hours: Option<f64>,
    /// Where it was held.
    pub place_id: Option<Uuid>,
    /// The language that was spoken (BCP 47).
    pub language: Option<String>,
    /// Who taught, by name.
    pub trainers: List<String>,
    /// What it cost.
    pub cost_amount: Option<f64>,
    /// In which currency, ISO 4217.
    pub cost_currency: Option<String>,
    /// The centre that held it.
    pub centre_id: Option<Uuid>,
    /// The project that paid for it.
    pub project_id: Option<Uuid>,
    /// The user who looks after it.
    pub officer_id: Option<Uuid>,
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
