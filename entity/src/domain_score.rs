//! The sums of one domain in an assessment, from which its means are made.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted};

/// The sums of one domain in an assessment, from which its means are made.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "domain_score")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The assessment.
    pub assessment_id: Uuid,
    /// The domain.
    pub domain_id: Uuid,
    /// The sum of the organisation's own scores.
    pub self_sum: i32,
    /// How many items the organisation scored.
    pub self_count: i32,
    /// The sum of the agreed scores.
    pub agreed_sum: i32,
    /// How many items have an agreed score.
    pub agreed_count: i32,
    /// How many items the domain has, scored or not.
    pub item_count: i32,
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
