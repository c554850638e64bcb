//! The profile of a person as a child; it stays in history after the 18th birthday.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, cpms_observation::CpmsRiskClass};

/// The profile of a person as a child; it stays in history after the 18th birthday.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "child")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person the child is.
    pub person_id: Uuid,
    /// The household the child lives in.
    pub household_id: Option<Uuid>,
    /// The code that stands for the child where the name is hidden.
    pub code: String,
    /// Whether the child goes to school.
    pub schooling: SchoolingStatus,
    /// Why the child does not go to school.
    pub out_of_school_reason: Option<String>,
    /// The day the child was registered.
    pub registered_on: Date,
    /// The user who registered the child.
    pub registered_by: Option<Uuid>,
    /// The village, ward or camp the child is observed in.
    pub community_id: Option<Uuid>,
    /// The class of the newest yearly observation; null before the first.
    pub latest_risk_class: Option<CpmsRiskClass>,
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
    /// Whether a child goes to school. Source: Primero as configured in Thailand.
    pub enum SchoolingStatus + NonAnswer {
        /// Is too young for school or attends nursery.
        PreSchool = "PRE_SCHOOL",
        /// Goes to school.
        InSchool = "IN_SCHOOL",
        /// Has finished school.
        Finished = "FINISHED",
        /// Should go to school but does not.
        OutOfSchool = "OUT_OF_SCHOOL",
        /// Works instead of going to school.
        Working = "WORKING",
    }
}
