//! Mutations of referrals.

use async_graphql::{Context, ID, InputObject, Object};
use entity::case::RiskLevel;
use entity::case_service::ServiceType;
use entity::referral::{ReferralField, ReferralReason};

use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, once, optional_id, payload};
use crate::db::Once;
use crate::service::Done;
use crate::service::referral::{self as service, Move, To};

/// The noun.
pub struct Referral;

impl Named for Referral {
    const NAME: &'static str = "Referral";
}

/// A visitor to refer to a partner.
#[derive(InputObject, Clone)]
pub struct ReferralSendInput {
    /// Your own key for this act: sent again within 30 days, the same referral is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `referral_…`); made here if left out.
    pub id: Option<ID>,
    /// The visit it comes from.
    pub visit: ID,
    /// The visitor's consent, given in that visit, to services and to sharing with other organisations. There is no
    /// referral without one.
    pub consent: Option<ID>,
    /// The partner, with an agreement on both sides.
    pub partner: ID,
    /// The service that is asked for; one that the partner gives.
    pub service_type: ServiceType,
    /// Why the visitor is referred.
    pub reason: ReferralReason,
    /// How great the danger is.
    pub risk_level: Option<RiskLevel>,
    /// What the receiver is asked to do, at most 10,000 characters; the receiver reads it.
    pub purpose: String,
    /// What is copied of the visitor, and nothing else; at least one.
    pub share: Vec<ReferralField>,
    /// Last day on which the receiver reads it: a year ahead and the consent's end at most; 90 days if left out.
    pub expires_on: Option<Date>,
}

/// A referral to hand on to a colleague.
#[derive(InputObject, Clone)]
pub struct ReferralAssignInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The referral.
    pub referral: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Who looks after it from now on; a user whose role may.
    pub handler: ID,
}

/// A referral that was received and seen.
#[derive(InputObject, Clone)]
pub struct ReferralAcknowledgeInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The referral.
    pub referral: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
}

/// A referral that you will help with.
#[derive(InputObject, Clone)]
pub struct ReferralAcceptInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The referral.
    pub referral: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
}

/// A referral that you cannot help with.
#[derive(InputObject, Clone)]
pub struct ReferralRejectInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The referral.
    pub referral: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Why, at most 10,000 characters; the sender reads it.
    pub reason: String,
}

/// A referral for which the help begins.
#[derive(InputObject, Clone)]
pub struct ReferralStartServiceInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The referral.
    pub referral: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
}

/// A referral for which the help was given.
#[derive(InputObject, Clone)]
pub struct ReferralCompleteInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The referral.
    pub referral: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// What was done, at most 10,000 characters; the sender reads it.
    pub note: String,
}

/// A referral that you take back.
#[derive(InputObject, Clone)]
pub struct ReferralRevokeInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The referral.
    pub referral: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Why, at most 10,000 characters; the receiver reads it.
    pub reason: String,
}

payload! {
    /// What `referralSend` answers.
    ReferralSendPayload {
        /// The referral; null if there are errors.
        referral: Referral
    }
}

payload! {
    /// What `referralAssign` answers.
    ReferralAssignPayload {
        /// The referral; null if there are errors.
        referral: Referral
    }
}

payload! {
    /// What `referralAcknowledge` answers.
    ReferralAcknowledgePayload {
        /// The referral; null if there are errors.
        referral: Referral
    }
}

payload! {
    /// What `referralAccept` answers.
    ReferralAcceptPayload {
        /// The referral; null if there are errors.
        referral: Referral
    }
}

payload! {
    /// What `referralReject` answers.
    ReferralRejectPayload {
        /// The referral; null if there are errors.
        referral: Referral
    }
}

payload! {
    /// What `referralStartService` answers.
    ReferralStartServicePayload {
        /// The referral; null if there are errors.
        referral: Referral
    }
}

payload! {
    /// What `referralComplete` answers.
    ReferralCompletePayload {
        /// The referral; null if there are errors.
        referral: Referral
    }
}

payload! {
    /// What `referralRevoke` answers.
    ReferralRevokePayload {
        /// The referral; null if there are errors.
        referral: Referral
    }
}

/// Mutations of referrals.
#[derive(Default)]
pub struct ReferralMutation;

#[Object]
impl ReferralMutation {
    /// Refers a visitor to a partner with what the visitor agreed to share: a record in your outbox, one in its inbox.
    async fn referral_send(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referral.")] input: ReferralSendInput,
    ) -> async_graphql::Result<ReferralSendPayload> {
        ReferralSendPayload::of(send(ctx.data::<Ask>()?, input)).await
    }

    /// Hands a live referral on to a colleague.
    async fn referral_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referral and the colleague.")] input: ReferralAssignInput,
    ) -> async_graphql::Result<ReferralAssignPayload> {
        ReferralAssignPayload::of(assign(ctx.data::<Ask>()?, input)).await
    }

    /// Tells the sender that a referral has been seen: within three working days.
    async fn referral_acknowledge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referral.")] input: ReferralAcknowledgeInput,
    ) -> async_graphql::Result<ReferralAcknowledgePayload> {
        let once = once(input.idempotency_key.as_deref(), &input);
        let to = To::Acknowledge;
        let done = advance(ctx.data::<Ask>()?, once, &input.referral, input.expected_version, to);
        ReferralAcknowledgePayload::of(done).await
    }

    /// Accepts a referral that was acknowledged: the visitor is met within 14 days.
    async fn referral_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referral.")] input: ReferralAcceptInput,
    ) -> async_graphql::Result<ReferralAcceptPayload> {
        let once = once(input.idempotency_key.as_deref(), &input);
        let to = To::Accept;
        let done = advance(ctx.data::<Ask>()?, once, &input.referral, input.expected_version, to);
        ReferralAcceptPayload::of(done).await
    }

    /// Rejects a referral that was acknowledged. What was shared is gone here at once.
    async fn referral_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referral and the words.")] input: ReferralRejectInput,
    ) -> async_graphql::Result<ReferralRejectPayload> {
        let once = once(input.idempotency_key.as_deref(), &input);
        let to = To::Reject { reason: input.reason };
        let done = advance(ctx.data::<Ask>()?, once, &input.referral, input.expected_version, to);
        ReferralRejectPayload::of(done).await
    }

    /// Tells the sender that the help has begun.
    async fn referral_start_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referral.")] input: ReferralStartServiceInput,
    ) -> async_graphql::Result<ReferralStartServicePayload> {
        let once = once(input.idempotency_key.as_deref(), &input);
        let to = To::StartService;
        let done = advance(ctx.data::<Ask>()?, once, &input.referral, input.expected_version, to);
        ReferralStartServicePayload::of(done).await
    }

    /// Ends a referral with what was done. What was shared is gone here at once.
    async fn referral_complete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referral and the words.")] input: ReferralCompleteInput,
    ) -> async_graphql::Result<ReferralCompletePayload> {
        let once = once(input.idempotency_key.as_deref(), &input);
        let to = To::Complete { note: input.note };
        let done = advance(ctx.data::<Ask>()?, once, &input.referral, input.expected_version, to);
        ReferralCompletePayload::of(done).await
    }

    /// Takes a live referral back. What was shared is gone at the receiver's at once.
    async fn referral_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referral and the words.")] input: ReferralRevokeInput,
    ) -> async_graphql::Result<ReferralRevokePayload> {
        let once = once(input.idempotency_key.as_deref(), &input);
        let to = To::Revoke { reason: input.reason };
        let done = advance(ctx.data::<Ask>()?, once, &input.referral, input.expected_version, to);
        ReferralRevokePayload::of(done).await
    }
}

async fn send(ask: &Ask, input: ReferralSendInput) -> Done {
    let told = service::Referral {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "referral", "input.id")?,
        visit: id_of(&input.visit, "visit", "input.visit")?,
        consent: optional_id(input.consent.as_ref(), "consent", "input.consent")?,
        partner: id_of(&input.partner, "partner", "input.partner")?,
        service_type: input.service_type,
        reason: input.reason,
        risk_level: input.risk_level,
        purpose: input.purpose,
        share: input.share,
        expires_on: input.expires_on.map(|day| day.0),
    };
    service::send(&ask.scope, told).await
}

async fn assign(ask: &Ask, input: ReferralAssignInput) -> Done {
    let told = service::Assignment {
        once: once(input.idempotency_key.as_deref(), &input)?,
        referral: id_of(&input.referral, "referral", "input.referral")?,
        expected_version: input.expected_version,
        handler: id_of(&input.handler, "user", "input.handler")?,
    };
    service::assign(&ask.scope, told).await
}

async fn advance(
    ask: &Ask,
    once: crate::error::Result<Option<Once>>,
    referral: &ID,
    expected_version: i32,
    to: To,
) -> Done {
    let referral = id_of(referral, "referral", "input.referral")?;
    service::advance(&ask.scope, Move { once: once?, referral, expected_version, to }).await
}
