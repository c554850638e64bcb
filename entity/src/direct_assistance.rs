//! Help in kind or in cash that a visitor got.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code};

/// Help in kind or in cash that a visitor got.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "direct_assistance")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The visit.
    pub visit_id: Uuid,
    /// The day it was given.
    pub given_on: Date,
    /// What kind of help it was.
    pub kind: AssistanceKind,
    /// What was given, in words.
    pub item: String,
    /// What it was worth.
    pub value_amount: Option<f64>,
    /// In which currency, ISO 4217.
    pub value_currency: Option<String>,
    /// What else matters; personal data.
    pub note: Option<String>,
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
    /// A kind of direct assistance. Source: proposed, configurable.
    pub enum AssistanceKind {
        /// A journey home or to a service.
        Transport = "TRANSPORT",
        /// Food and water.
        Food = "FOOD",
        /// A place for some nights.
        Shelter = "SHELTER",
        /// Treatment or medicine.
        Medical = "MEDICAL",
        /// Clothes, and what is needed to wash.
        ClothingAndHygiene = "CLOTHING_AND_HYGIENE",
        /// A telephone, a card, a call.
        Communication = "COMMUNICATION",
        /// Fees for papers.
        DocumentFees = "DOCUMENT_FEES",
        /// Money.
        Cash = "CASH",
        /// Something else.
        Other = "OTHER",
    }
}
