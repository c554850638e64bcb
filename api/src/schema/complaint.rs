//! Mutations of complaints.

use async_graphql::{Context, ID, InputObject, Object};
use entity::complaint::{ComplaintAgainst, ComplaintKind, ComplaintStage, ComplaintStatus};
use entity::person::Answer;
use entity::screening_request::ForcedLabourSign;

use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, once, optional_id, payload};
use crate::db::Once;
use crate::error::Errors;
use crate::service::Done;
use crate::service::complaint::{self as service, Move, To};

/// The noun.
pub struct Complaint;

impl Named for Complaint {
    const NAME: &'static str = "Complaint";
}

/// An amount in a currency.
#[derive(InputObject, Clone)]
pub struct MoneyInput {
    /// In units of the currency, with two decimals at most.
    pub amount: Option<f64>,
    /// The currency (ISO 4217); an amount without one is refused.
    pub currency: Option<String>,
}

impl From<MoneyInput> for service::Money {
    fn from(MoneyInput { amount, currency }: MoneyInput) -> Self {
        Self { amount, currency }
    }
}

/// Somebody who complains: a person or a ticket.
#[derive(InputObject, Clone)]
pub struct ComplainantInput {
    /// The person.
    pub person: Option<ID>,
    /// The ticket, if it is all that is known.
    pub ticket: Option<String>,
}

/// A complaint to file.
#[derive(InputObject, Clone)]
pub struct ComplaintFileInput {
    /// Your own key for this act: sent again within 30 days, the same complaint is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `complaint_…`); made here if left out.
    pub id: Option<ID>,
    /// The centre that helps with it.
    pub centre: ID,
    /// The visit in which it was told.
    pub visit: Option<ID>,
    /// The number people use for it, at most 64 characters; made here if left out.
    pub reference: Option<String>,
    /// Where in the migration it happened.
    pub stage: ComplaintStage,
    /// Day it was told to the centre; today if left out.
    pub filed_on: Option<Date>,
    /// Whom it is against.
    pub against: ComplaintAgainst,
    /// The name of whom it is against, at most 200 characters.
    pub respondent: Option<String>,
    /// What it is about; at least one.
    pub kinds: Vec<ComplaintKind>,
    /// What the complainants want, at most 10,000 characters.
    pub remedy_sought: Option<String>,
    /// How much is asked for.
    pub claimed: Option<MoneyInput>,
    /// Who complains: 1 to 200.
    pub complainants: Vec<ComplainantInput>,
}

/// A complaint that the centre looks into.
#[derive(InputObject, Clone)]
pub struct ComplaintScreenInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The complaint.
    pub complaint: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Signs of forced labour that were found; empty if there are none. They ask for a talk about trafficking.
    pub signs: Vec<ForcedLabourSign>,
}

/// A complaint that is brought before somebody.
#[derive(InputObject, Clone)]
pub struct ComplaintPursueInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The complaint.
    pub complaint: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// By which way: `MEDIATION`, `ADMINISTRATIVE` or `COURT`.
    pub way: ComplaintStatus,
    /// The office, court or agency, at most 200 characters.
    pub filed_with: String,
    /// Whether somebody may take it out on the complainants; it must have been asked.
    pub retaliation_risk: Answer,
}

/// A complaint that ends.
#[derive(InputObject, Clone)]
pub struct ComplaintResolveInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The complaint.
    pub complaint: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// How: `SETTLED`, `AWARDED`, `REJECTED` or `CLOSED_NO_RESPONSE`.
    pub result: ComplaintStatus,
    /// Day it ended; today if left out.
    pub resolved_on: Option<Date>,
    /// How much was awarded or agreed; needed if it was settled or awarded.
    pub awarded: Option<MoneyInput>,
    /// How much has come.
    pub recovered: Option<MoneyInput>,
}

/// A complaint that is taken back.
#[derive(InputObject, Clone)]
pub struct ComplaintWithdrawInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The complaint.
    pub complaint: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Why, in the complainants' own words, at most 10,000 characters.
    pub reason: String,
    /// Day it was taken back; today if left out.
    pub withdrawn_on: Option<Date>,
}

payload! {
    /// What `complaintFile` answers.
    ComplaintFilePayload {
        /// The complaint; null if there are errors.
        complaint: Complaint
    }
}

payload! {
    /// What `complaintScreen` answers.
    ComplaintScreenPayload {
        /// The complaint; null if there are errors.
        complaint: Complaint
    }
}

payload! {
    /// What `complaintPursue` answers.
    ComplaintPursuePayload {
        /// The complaint; null if there are errors.
        complaint: Complaint
    }
}

payload! {
    /// What `complaintResolve` answers.
    ComplaintResolvePayload {
        /// The complaint; null if there are errors.
        complaint: Complaint
    }
}

payload! {
    /// What `complaintWithdraw` answers.
    ComplaintWithdrawPayload {
        /// The complaint; null if there are errors.
        complaint: Complaint
    }
}

/// Mutations of complaints.
#[derive(Default)]
pub struct ComplaintMutation;

#[Object]
impl ComplaintMutation {
    /// Files a complaint of one migrant or many. What it is about may ask for a talk about trafficking: see `screeningRequests`.
    async fn complaint_file(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The complaint.")] input: ComplaintFileInput,
    ) -> async_graphql::Result<ComplaintFilePayload> {
        ComplaintFilePayload::of(file(ctx.data::<Ask>()?, input)).await
    }

    /// Begins to look into a complaint that was received, with the signs of forced labour that were found.
    async fn complaint_screen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The complaint and the signs.")] input: ComplaintScreenInput,
    ) -> async_graphql::Result<ComplaintScreenPayload> {
        let once = once(input.idempotency_key.as_deref(), &input);
        let to = To::Screen { signs: input.signs };
        let done = advance(ctx.data::<Ask>()?, once, &input.complaint, input.expected_version, to);
        ComplaintScreenPayload::of(done).await
    }

    /// Brings a complaint that was looked into before somebody.
    async fn complaint_pursue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The complaint and its way.")] input: ComplaintPursueInput,
    ) -> async_graphql::Result<ComplaintPursuePayload> {
        let once = once(input.idempotency_key.as_deref(), &input);
        let to = To::Pursue { way: input.way, filed_with: input.filed_with, risk: input.retaliation_risk };
        let done = advance(ctx.data::<Ask>()?, once, &input.complaint, input.expected_version, to);
        ComplaintPursuePayload::of(done).await
    }

    /// Ends a complaint that was brought before somebody, with what came of it.
    async fn complaint_resolve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The complaint and its end.")] input: ComplaintResolveInput,
    ) -> async_graphql::Result<ComplaintResolvePayload> {
        let once = once(input.idempotency_key.as_deref(), &input);
        let to = To::Resolve {
            result: input.result,
            on: input.resolved_on.map(|day| day.0),
            awarded: input.awarded.map(Into::into).unwrap_or_default(),
            recovered: input.recovered.map(Into::into).unwrap_or_default(),
        };
        let done = advance(ctx.data::<Ask>()?, once, &input.complaint, input.expected_version, to);
        ComplaintResolvePayload::of(done).await
    }

    /// Takes an open complaint back, with the complainants' own word.
    async fn complaint_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The complaint and the reason.")] input: ComplaintWithdrawInput,
    ) -> async_graphql::Result<ComplaintWithdrawPayload> {
        let once = once(input.idempotency_key.as_deref(), &input);
        let to = To::Withdraw { reason: input.reason, on: input.withdrawn_on.map(|day| day.0) };
        let done = advance(ctx.data::<Ask>()?, once, &input.complaint, input.expected_version, to);
        ComplaintWithdrawPayload::of(done).await
    }
}

async fn file(ask: &Ask, input: ComplaintFileInput) -> Done {
    let once = once(input.idempotency_key.as_deref(), &input)?;
    let complainants = input.complainants.into_iter().map(|one| {
        let person = optional_id(one.person.as_ref(), "person", "input.complainants.person")?;
        Ok(service::Complainant { person, ticket: one.ticket })
    });
    let told = service::Complaint {
        once,
        id: optional_id(input.id.as_ref(), "complaint", "input.id")?,
        centre: id_of(&input.centre, "centre", "input.centre")?,
        visit: optional_id(input.visit.as_ref(), "visit", "input.visit")?,
        reference: input.reference,
        stage: input.stage,
        filed_on: input.filed_on.map(|day| day.0),
        against: input.against,
        respondent: input.respondent,
        kinds: input.kinds,
        remedy_sought: input.remedy_sought,
        claimed: input.claimed.map(Into::into).unwrap_or_default(),
        complainants: complainants.collect::<Result<_, Errors>>()?,
    };
    service::file(&ask.scope, told).await
}

async fn advance(
    ask: &Ask,
    once: crate::error::Result<Option<Once>>,
    complaint: &ID,
    expected_version: i32,
    to: To,
) -> Done {
    let complaint = id_of(complaint, "complaint", "input.complaint")?;
    service::advance(&ask.scope, Move { once: once?, complaint, expected_version, to }).await
}
