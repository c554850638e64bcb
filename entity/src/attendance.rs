//! Somebody who took part in a training: a person on record, or a key that stands for one.

use sea_orm::entity::prelude::*;

use crate::{
    Owner, Tenanted,
    curriculum::TrainingAudience,
    person::{Answer, DisplacementStatus, Sex},
};

/// Somebody who took part in a training: a person on record, or a key that stands for one.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attendance")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The training.
    pub session_id: Uuid,
    /// The person, if he or she is on record.
    pub person_id: Option<Uuid>,
    /// The key that stands for the participant; never a telephone number.
    pub participant_key: Option<String>,
    /// The participant's sex.
    pub sex: Sex,
    /// The participant's age in years.
    pub age_years: Option<i32>,
    /// Whether the participant has a disability.
    pub disability: Answer,
    /// How the participant came to live where he or she lives.
    pub displacement: DisplacementStatus,
    /// How many days he or she was there.
    pub days: f64,
    /// The first day of the session.
    pub held_on: Date,
    /// What was taught: that of the session, so that statistics can be cut by it.
    pub curriculum_id: Uuid,
    /// Whom it is for: that of the curriculum when the row was made.
    pub audience: TrainingAudience,
    /// Where it was held: that of the session.
    pub place_id: Option<Uuid>,
    /// The centre that held it: that of the session.
    pub centre_id: Option<Uuid>,
    /// The project that paid for it: that of the session.
    pub project_id: Option<Uuid>,
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
