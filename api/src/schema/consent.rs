//! Mutations of consents.

use async_graphql::{Context, ID, InputObject, Object};
use entity::consent::{ConsentGiver, ConsentMethod, ConsentScope, InformationGiven};
use entity::person::Answer;

use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, once, optional_id, payload};
use crate::service::Done;
use crate::service::consent as service;

/// The noun.
pub struct Consent;

impl Named for Consent {
    const NAME: &'static str = "Consent";
}

/// What a visitor agreed to.
#[derive(InputObject, Clone)]
pub struct ConsentRecordInput {
    /// Your own key for this act: sent again within 30 days, the same consent is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `consent_…`); made here if left out.
    pub id: Option<ID>,
    /// The visit in which it was given.
    pub visit: ID,
    /// Day it was given; today if left out.
    pub given_on: Option<Date>,
    /// Who gave it.
    pub given_by: ConsentGiver,
    /// How it was given.
    pub method: ConsentMethod,
    /// Language it was explained in (BCP 47).
    pub language: String,
    /// What it allows; at least one. A referral needs `SERVICES` and `SHARE_WITH_OTHER_ORGANISATIONS`.
    pub scopes: Vec<ConsentScope>,
    /// What was explained before; at least one.
    pub information_given: Vec<InformationGiven>,
    /// Whether the child agrees too; needed below 18, and not overruled.
    pub child_assent: Option<Answer>,
    /// Last day it holds, five years at most from the day it was given.
    pub expires_on: Date,
}

/// A consent that is withdrawn.
#[derive(InputObject, Clone)]
pub struct ConsentWithdrawInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The consent.
    pub consent: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Why, in the person's own words, at most 10,000 characters.
    pub reason: String,
}

payload! {
    /// What `consentRecord` answers.
    ConsentRecordPayload {
        /// The consent; null if there are errors.
        consent: Consent
    }
}

payload! {
    /// What `consentWithdraw` answers.
    ConsentWithdrawPayload {
        /// The consent; null if there are errors.
        consent: Consent
    }
}

/// Mutations of consents.
#[derive(Default)]
pub struct ConsentMutation;

#[Object]
impl ConsentMutation {
    /// Notes what a visitor agreed to.
    async fn consent_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The consent.")] input: ConsentRecordInput,
    ) -> async_graphql::Result<ConsentRecordPayload> {
        ConsentRecordPayload::of(record(ctx.data::<Ask>()?, input)).await
    }

    /// Withdraws a consent. Referrals that stand on it end in the same moment, and what partners were told is gone there.
    async fn consent_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The consent and the reason.")] input: ConsentWithdrawInput,
    ) -> async_graphql::Result<ConsentWithdrawPayload> {
        ConsentWithdrawPayload::of(withdraw(ctx.data::<Ask>()?, input)).await
    }
}

async fn record(ask: &Ask, input: ConsentRecordInput) -> Done {
    let told = service::Consent {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "consent", "input.id")?,
        visit: id_of(&input.visit, "visit", "input.visit")?,
        given_on: input.given_on.map(|day| day.0),
        given_by: input.given_by,
        method: input.method,
        language: input.language,
        scopes: input.scopes,
        information_given: input.information_given,
        child_assent: input.child_assent,
        expires_on: input.expires_on.0,
    };
    service::record(&ask.scope, told).await
}

async fn withdraw(ask: &Ask, input: ConsentWithdrawInput) -> Done {
    let told = service::Withdrawal {
        once: once(input.idempotency_key.as_deref(), &input)?,
        consent: id_of(&input.consent, "consent", "input.consent")?,
        expected_version: input.expected_version,
        reason: input.reason,
    };
    service::withdraw(&ask.scope, told).await
}
