//! An organisation's assessment of its own capacity.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code};

/// An organisation's assessment of its own capacity.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "capacity_assessment")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The tool that was used.
    pub tool_id: Uuid,
    /// At which point of a project it took place.
    pub kind: CapacityAssessmentKind,
    /// How it was done.
    pub method: CapacityMethod,
    /// The person or organisation that led it.
    pub facilitator: Option<String>,
    /// The user who led it.
    pub facilitator_id: Option<Uuid>,
    /// How many people took part.
    pub participants: Option<i32>,
    /// The first day.
    pub started_on: Date,
    /// The last day; null while it goes on.
    pub ended_on: Option<Date>,
    /// How far it is.
    pub status: CapacityStatus,
    /// The mean of the domain means by the organisation's own scores, unrounded; null without a score.
    pub overall_self: Option<f64>,
    /// The mean of the domain means by the agreed scores, unrounded; null without a score.
    pub overall_agreed: Option<f64>,
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
    /// At which point of a project an assessment took place. Source: Organisational Capacity Assessment and Organisational Performance Index.
    pub enum CapacityAssessmentKind {
        /// At the start, to compare with later.
        Baseline = "BASELINE",
        /// In the middle.
        Midline = "MIDLINE",
        /// At the end.
        Endline = "ENDLINE",
        /// Once a year, whatever the project.
        Annual = "ANNUAL",
    }
}

code! {
    /// How an assessment was done. Source: Organisational Capacity Assessment and Organisational Performance Index.
    pub enum CapacityMethod {
        /// The organisation scored itself, guided by a facilitator.
        FacilitatedSelf = "FACILITATED_SELF",
        /// Others scored the organisation.
        External = "EXTERNAL",
        /// It was done from documents alone.
        Desk = "DESK",
    }
}

code! {
    /// How far an assessment is. Source: Organisational Capacity Assessment.
    pub enum CapacityStatus {
        /// Scores are still being entered.
        Draft = "DRAFT",
        /// Every item has a score or is not applicable.
        Scored = "SCORED",
        /// The assessed organisation confirmed the result.
        Validated = "VALIDATED",
        /// The organisation lets others see the result.
        Published = "PUBLISHED",
    }
}
