//! What a participant knew before or after a training.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, curriculum::TrainingAudience};

/// What a participant knew before or after a training.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "test_result")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The training.
    pub session_id: Uuid,
    /// The key that stands for the participant; never a telephone number.
    pub participant_key: String,
    /// Whether it was before or after.
    pub phase: TestPhase,
    /// The day of the test.
    pub taken_on: Date,
    /// What was reached.
    pub score: f64,
    /// What could be reached.
    pub max_score: f64,
    /// What was reached, in percent of what could be.
    pub percent: f64,
    /// Percentage points above the same key's result before the training; null where there is none.
    pub change: Option<f64>,
    /// What was taught: that of the session, so that statistics can be cut by it.
    pub curriculum_id: Uuid,
    /// Whom it is for: that of the curriculum when the row was made.
    pub audience: TrainingAudience,
    /// Where it was held: that of the session.
    pub place_id: Option<Uuid>,
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
    /// When a test took place. Source: SAFE project.
    pub enum TestPhase {
        /// Before the training.
        Pre = "PRE",
        /// At its end.
        Post = "POST",
        /// Some months later.
        FollowUp = "FOLLOW_UP",
    }
}
