//! Messages sent to many telephones by a provider, who alone knows the numbers.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, list::List, visit::VisitTopic};

/// Messages sent to many telephones by a provider, who alone knows the numbers.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who sends the messages.
    pub provider: String,
    /// How they come.
    pub channel: CampaignChannel,
    /// The languages they are in (BCP 47).
    pub languages: List<String>,
    /// What they are about.
    pub topics: List<VisitTopic>,
    /// The first day.
    pub starts_on: Date,
    /// The last day; null while open.
    pub ends_on: Option<Date>,
    /// What the provider calls its batches; never telephone numbers.
    pub batch_ids: List<String>,
    /// The user who looks after it.
    pub officer_id: Option<Uuid>,
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
    /// How the messages of a campaign come. Source: Viamo.
    pub enum CampaignChannel {
        /// A call with a recorded message.
        PushIvr = "PUSH_IVR",
        /// A number that people call to hear recorded messages.
        OnDemandIvr = "ON_DEMAND_IVR",
        /// A text message.
        Sms = "SMS",
        /// A menu on the telephone's screen.
        Ussd = "USSD",
        /// A chat that answers by itself.
        Chatbot = "CHATBOT",
    }
}
