//! Who comes to a resource centre: known by a ticket, which may be all that is known.

use sea_orm::entity::prelude::*;

use crate::{
    Owner, Tenanted,
    exploitation_episode::IsicSection,
    person::{Answer, DisplacementStatus, Sex},
    visit::{AgeGroup, HeardThrough, VisitorKind},
};

/// Who comes to a resource centre: known by a ticket, which may be all that is known.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "visitor")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The centre that gave the ticket.
    pub centre_id: Uuid,
    /// The ticket, once in a centre.
    pub ticket: String,
    /// The person, if he or she gave a name.
    pub person_id: Option<Uuid>,
    /// Who the visitor is with regard to migration, as told last.
    pub visitor_kind: VisitorKind,
    /// The visitor's sex.
    pub sex: Sex,
    /// The visitor's age, in years, as told last.
    pub age_years: Option<i32>,
    /// The visitor's age group, where that is all that was told.
    pub age_group: Option<AgeGroup>,
    /// Whether the visitor has a disability by the Washington Group cut-off.
    pub disability: Answer,
    /// How the visitor came to live where he or she lives.
    pub displacement: DisplacementStatus,
    /// The township the visitor comes from.
    pub home_township_id: Option<Uuid>,
    /// The country the visitor wants to go to, ISO 3166-1 alpha-2.
    pub destination: Option<String>,
    /// The branch of the economy the visitor works or wants to work in.
    pub sector: Option<IsicSection>,
    /// How the visitor came to know the centre.
    pub heard_through: Option<HeardThrough>,
    /// The day of the earliest visit on record.
    pub first_visit_on: Date,
    /// The day of the latest visit on record.
    pub last_visit_on: Date,
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
