//! The scores of one item in an assessment.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted};

/// The scores of one item in an assessment.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "item_score")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The assessment.
    pub assessment_id: Uuid,
    /// The item.
    pub item_id: Uuid,
    /// What the organisation gave itself, on the tool's scale.
    pub self_score: Option<i32>,
    /// What was agreed in the end, on the tool's scale.
    pub agreed_score: Option<i32>,
    /// Whether the item does not apply and leaves every mean.
    pub is_not_applicable: bool,
    /// Why this score.
    pub justification: Option<String>,
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
