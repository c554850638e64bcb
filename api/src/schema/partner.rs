//! Mutations of agreements with partners.

use async_graphql::{Context, ID, InputObject, Object};
use entity::case_service::ServiceType;

use super::directory::LocalisedTextInput;
use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, once, optional_id, payload};
use crate::service::Done;
use crate::service::partner as service;

/// The noun.
pub struct Partner;

impl Named for Partner {
    const NAME: &'static str = "Partner";
}

/// An agreement on referrals to note.
#[derive(InputObject, Clone)]
pub struct PartnerAgreeInput {
    /// Your own key for this act: sent again within 30 days, the same partner is answered and none is added.
    pub idempotency_key: Option<String>,
    /// The code of the other organisation, at most 64 characters. It has to note the agreement too, with yours.
    pub code: String,
    /// Its name.
    pub names: LocalisedTextInput,
    /// The services it gives to people you refer; none if it only refers to you.
    pub services: Vec<ServiceType>,
    /// Day the protocol on sharing information was signed.
    pub agreed_on: Date,
    /// Last day of the agreement, if it is known.
    pub ends_on: Option<Date>,
    /// Who of your users receives what it refers to you.
    pub desk: ID,
}

/// What changes of an agreement. What is left out stays.
#[derive(InputObject, Clone)]
pub struct PartnerChangeInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The partner.
    pub partner: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// The services it gives to people you refer.
    pub services: Option<Vec<ServiceType>>,
    /// Last day of the agreement: nothing is referred after it; what is under way goes on.
    pub ends_on: Option<Date>,
    /// Who of your users receives what it refers to you from now on.
    pub desk: Option<ID>,
}

payload! {
    /// What `partnerAgree` answers.
    PartnerAgreePayload {
        /// The partner; null if there are errors.
        partner: Partner
    }
}

payload! {
    /// What `partnerChange` answers.
    PartnerChangePayload {
        /// The partner; null if there are errors.
        partner: Partner
    }
}

/// Mutations of agreements.
#[derive(Default)]
pub struct PartnerMutation;

#[Object]
impl PartnerMutation {
    /// Notes an agreement with another organisation. Once both have noted it, visitors can be referred.
    async fn partner_agree(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The agreement.")] input: PartnerAgreeInput,
    ) -> async_graphql::Result<PartnerAgreePayload> {
        PartnerAgreePayload::of(agree(ctx.data::<Ask>()?, input)).await
    }

    /// Changes the services, the desk or the end of an agreement.
    async fn partner_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: PartnerChangeInput,
    ) -> async_graphql::Result<PartnerChangePayload> {
        PartnerChangePayload::of(change(ctx.data::<Ask>()?, input)).await
    }
}

async fn agree(ask: &Ask, input: PartnerAgreeInput) -> Done {
    let told = service::Agreement {
        once: once(input.idempotency_key.as_deref(), &input)?,
        desk: id_of(&input.desk, "user", "input.desk")?,
        code: input.code,
        names: input.names.into(),
        services: input.services,
        agreed_on: input.agreed_on.0,
        ends_on: input.ends_on.map(|day| day.0),
    };
    service::agree(&ask.scope, told).await
}

async fn change(ask: &Ask, input: PartnerChangeInput) -> Done {
    let told = service::Change {
        once: once(input.idempotency_key.as_deref(), &input)?,
        partner: id_of(&input.partner, "partner", "input.partner")?,
        expected_version: input.expected_version,
        services: input.services,
        ends_on: input.ends_on.map(|day| day.0),
        desk: optional_id(input.desk.as_ref(), "user", "input.desk")?,
    };
    service::change(&ask.scope, told).await
}
