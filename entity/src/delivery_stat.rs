//! What came of a campaign on a day, as its provider counts it: numbers, nobody by name or telephone.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, campaign::CampaignChannel};

/// What came of a campaign on a day, as its provider counts it: numbers, nobody by name or telephone.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery_stat")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// How the messages came: as the campaign has it, so that statistics can be cut by it.
    pub channel: CampaignChannel,
    /// Who sent them: as the campaign has it.
    pub provider: String,
    /// The day that was counted.
    pub reported_on: Date,
    /// The township that was counted; null for all of them together.
    pub township_id: Option<Uuid>,
    /// How many messages were sent; how many calls came in where people call themselves.
    pub sent: i32,
    /// How many were answered.
    pub answered: Option<i32>,
    /// How many were listened to for at least the part that the provider counts by.
    pub listened_at_least_percent: Option<i32>,
    /// How many heard the key message to its end.
    pub key_message_completed: Option<i32>,
    /// How many want no more.
    pub opted_out: Option<i32>,
    /// How many questions were answered.
    pub survey_answers: Option<i32>,
    /// How many were passed on to a hotline or a centre.
    pub referred: Option<i32>,
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
