//! Where another system wants to be told of what happens.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, list::List};

/// Where another system wants to be told of what happens.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_subscription")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The address that is told; it may hold a secret.
    pub url: String,
    /// What it is told of.
    pub events: List<WebhookEvent>,
    /// Whether it is told anything.
    pub is_active: bool,
    /// What it is for.
    pub description: Option<String>,
    /// Which of its secrets is in force; the secrets themselves are nowhere.
    pub generation: i32,
    /// When its secret was last changed (UTC); null if it never was.
    pub rotated_at: Option<DateTimeUtc>,
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
    /// What a subscriber can be told of.
    pub enum WebhookEvent {
        /// A partner referred somebody to this organisation (`referral.received`).
        ReferralReceived = "REFERRAL_RECEIVED",
        /// A referral, sent or received, has another status, whoever changed it (`referral.status_changed`).
        ReferralStatusChanged = "REFERRAL_STATUS_CHANGED",
    }
}
