//! One thing that a subscriber is told, and how that goes.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, referral::ReferralStatus, webhook_subscription::WebhookEvent};

/// One thing that a subscriber is told, and how that goes.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row; the receiver knows the message by it, however often it is sent.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who is told.
    pub subscription_id: Uuid,
    /// What happened.
    pub event: WebhookEvent,
    /// The referral to which it happened.
    pub referral_id: Uuid,
    /// How far that had come then.
    pub referral_status: ReferralStatus,
    /// When it happened (UTC).
    pub occurred_at: DateTimeUtc,
    /// How far the telling has come.
    pub state: DeliveryState,
    /// How often it was tried, since it was first or again to be told.
    pub attempt: i32,
    /// When it is tried next (UTC); null once it has ended.
    pub next_attempt_at: Option<DateTimeUtc>,
    /// The HTTP status of the last answer; null if there was none.
    pub response_code: Option<i32>,
    /// Why it was not taken, or not sent; null if it was.
    pub last_error: Option<DeliveryError>,
    /// When it was taken (UTC).
    pub sent_at: Option<DateTimeUtc>,
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
    /// How far the telling of a subscriber has come. Source: proposed.
    pub enum DeliveryState {
        /// It is to be sent, for the first time or again.
        Pending = "PENDING",
        /// The receiver has taken it.
        Sent = "SENT",
        /// It was tried nine times in eleven days, and is not tried any more.
        Failed = "FAILED",
        /// The subscription was switched off before it was taken.
        Cancelled = "CANCELLED",
    }
}

code! {
    /// Why a message was not taken. What the receiver said is not kept.
    pub enum DeliveryError {
        /// The address is one that is never called: of a private network, or without encryption.
        AddressRefused = "ADDRESS_REFUSED",
        /// There was no connection: an unknown name, a closed port, a certificate that does not hold.
        NotReached = "NOT_REACHED",
        /// There was no answer in time.
        TimedOut = "TIMED_OUT",
        /// The answer was another than 2xx.
        NotAccepted = "NOT_ACCEPTED",
        /// The answer was 410 (Gone), which switches the subscription off.
        Gone = "GONE",
        /// The subscription was switched off.
        SwitchedOff = "SWITCHED_OFF",
    }
}
