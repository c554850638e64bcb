//! Mutations of campaigns.

use async_graphql::{Context, ID, InputObject, Object};
use entity::campaign::CampaignChannel;
use entity::visit::VisitTopic;

use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, once, optional_id, payload};
use crate::service::Done;
use crate::service::campaign as service;

/// The noun.
pub struct Campaign;

impl Named for Campaign {
    const NAME: &'static str = "Campaign";
}

/// The noun.
pub struct DeliveryStat;

impl Named for DeliveryStat {
    const NAME: &'static str = "DeliveryStat";
}

/// What a message says, in the languages of the border.
#[derive(InputObject, Clone)]
pub struct CampaignMessageInput {
    /// In English, at most 2,000 characters.
    pub en: String,
    /// In Burmese (Unicode).
    pub my: Option<String>,
    /// In Thai.
    pub th: Option<String>,
}

/// A campaign to record. Whom its provider calls is never told: there is no place for a telephone number.
#[derive(InputObject, Clone)]
pub struct CampaignRecordInput {
    /// Your own key for this act: sent again within 30 days, the same campaign is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `campaign_…`); made here if left out.
    pub id: Option<ID>,
    /// Who sends the messages, at most 200 characters.
    pub provider: String,
    /// How they come.
    pub channel: CampaignChannel,
    /// The languages they are in (BCP 47); at least one.
    pub languages: Vec<String>,
    /// What they are about.
    pub topics: Option<Vec<VisitTopic>>,
    /// First day.
    pub starts_on: Date,
    /// Last day, if it is known.
    pub ends_on: Option<Date>,
    /// P-codes of the townships it is for, at most 200.
    pub townships: Option<Vec<String>>,
    /// What the provider calls its batches, at most 50; what looks like a telephone number is refused.
    pub batch_ids: Option<Vec<String>>,
    /// What is sent, in that order, at most 50.
    pub messages: Option<Vec<CampaignMessageInput>>,
}

/// What changes of a campaign. What is left out stays.
#[derive(InputObject, Clone)]
pub struct CampaignChangeInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The campaign.
    pub campaign: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Last day.
    pub ends_on: Option<Date>,
    /// What the provider calls its batches, all of them, at most 50; what looks like a telephone number is refused.
    pub batch_ids: Option<Vec<String>>,
}

/// What a provider reports of a campaign for one day. What it does not count is left out.
#[derive(InputObject, Clone)]
pub struct DeliveryStatRecordInput {
    /// Your own key for this act: sent again within 30 days, the same report is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `delivery_stat_…`); made here if left out.
    pub id: Option<ID>,
    /// The campaign.
    pub campaign: ID,
    /// Day that was counted: in the campaign, today or before; each once, or once for each township.
    pub reported_on: Date,
    /// P-code of the township that was counted; left out for all of them together.
    pub township: Option<String>,
    /// How many messages were sent; how many calls came in where people call themselves.
    pub sent: i32,
    /// How many were answered, of those sent.
    pub answered: Option<i32>,
    /// How many were listened to for at least the percentage that the provider counts by, of those answered.
    pub listened_at_least_percent: Option<i32>,
    /// How many heard the key message to its end, of those answered.
    pub key_message_completed: Option<i32>,
    /// How many want no more, of those sent.
    pub opted_out: Option<i32>,
    /// How many questions were answered.
    pub survey_answers: Option<i32>,
    /// How many were passed on to a hotline or a centre, of those sent.
    pub referred: Option<i32>,
}

payload! {
    /// What `campaignRecord` answers.
    CampaignRecordPayload {
        /// The campaign; null if there are errors.
        campaign: Campaign
    }
}

payload! {
    /// What `campaignChange` answers.
    CampaignChangePayload {
        /// The campaign; null if there are errors.
        campaign: Campaign
    }
}

payload! {
    /// What `deliveryStatRecord` answers.
    DeliveryStatRecordPayload {
        /// The report; null if there are errors.
        delivery_stat: DeliveryStat
    }
}

/// Mutations of campaigns.
#[derive(Default)]
pub struct CampaignMutation;

#[Object]
impl CampaignMutation {
    /// Records a campaign with its messages; you look after it.
    async fn campaign_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The campaign.")] input: CampaignRecordInput,
    ) -> async_graphql::Result<CampaignRecordPayload> {
        CampaignRecordPayload::of(record(ctx.data::<Ask>()?, input)).await
    }

    /// Changes when a campaign ends, or what its provider calls its batches.
    async fn campaign_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: CampaignChangeInput,
    ) -> async_graphql::Result<CampaignChangePayload> {
        CampaignChangePayload::of(change(ctx.data::<Ask>()?, input)).await
    }

    /// Notes what came of a campaign on one day, in numbers.
    async fn delivery_stat_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The report.")] input: DeliveryStatRecordInput,
    ) -> async_graphql::Result<DeliveryStatRecordPayload> {
        DeliveryStatRecordPayload::of(deliver(ctx.data::<Ask>()?, input)).await
    }
}

async fn record(ask: &Ask, input: CampaignRecordInput) -> Done {
    let message = |CampaignMessageInput { en, my, th }| service::Message { en, my, th };
    let told = service::Campaign {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "campaign", "input.id")?,
        provider: input.provider,
        channel: input.channel,
        languages: input.languages,
        topics: input.topics.unwrap_or_default(),
        starts_on: input.starts_on.0,
        ends_on: input.ends_on.map(|day| day.0),
        townships: input.townships.unwrap_or_default(),
        batch_ids: input.batch_ids.unwrap_or_default(),
        messages: input.messages.unwrap_or_default().into_iter().map(message).collect(),
    };
    service::record(&ask.scope, told).await
}

async fn change(ask: &Ask, input: CampaignChangeInput) -> Done {
    let told = service::Change {
        once: once(input.idempotency_key.as_deref(), &input)?,
        campaign: id_of(&input.campaign, "campaign", "input.campaign")?,
        expected_version: input.expected_version,
        ends_on: input.ends_on.map(|day| day.0),
        batch_ids: input.batch_ids,
    };
    service::change(&ask.scope, told).await
}

async fn deliver(ask: &Ask, input: DeliveryStatRecordInput) -> Done {
    let told = service::Delivery {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "delivery_stat", "input.id")?,
        campaign: id_of(&input.campaign, "campaign", "input.campaign")?,
        reported_on: input.reported_on.0,
        township: input.township,
        counts: service::Counts {
            sent: input.sent,
            answered: input.answered,
            listened: input.listened_at_least_percent,
            completed: input.key_message_completed,
            opted_out: input.opted_out,
            survey_answers: input.survey_answers,
            referred: input.referred,
        },
    };
    service::deliver(&ask.scope, told).await
}
