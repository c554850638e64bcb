//! Mutations of what follows a visit.

use async_graphql::{Context, ID, InputObject, Object};
use entity::direct_assistance::AssistanceKind;

use super::complaint::MoneyInput;
use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, once, optional_id, payload};
use crate::service::Done;
use crate::service::visit_work::{self as service, Assistance, Completed, Plan};

/// The noun.
pub struct VisitFollowUp;

impl Named for VisitFollowUp {
    const NAME: &'static str = "VisitFollowUp";
}

/// The noun.
pub struct DirectAssistance;

impl Named for DirectAssistance {
    const NAME: &'static str = "DirectAssistance";
}

/// A follow-up to plan.
#[derive(InputObject, Clone)]
pub struct VisitFollowUpPlanInput {
    /// Your own key for this act: sent again within 30 days, the same follow-up is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `visit_follow_up_…`); made here if left out.
    pub id: Option<ID>,
    /// The visit.
    pub visit: ID,
    /// Day by which it has to happen: on the day of the visit or after, within a year.
    pub needed_by: Date,
    /// What it is for, at most 10,000 characters.
    pub purpose: Option<String>,
}

/// A follow-up that was done.
#[derive(InputObject, Clone)]
pub struct VisitFollowUpCompleteInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The follow-up.
    pub visit_follow_up: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Day it was done; today if left out.
    pub done_on: Option<Date>,
    /// What came of it, at most 10,000 characters.
    pub outcome: String,
}

/// Help that a visitor got.
#[derive(InputObject, Clone)]
pub struct DirectAssistanceGiveInput {
    /// Your own key for this act: sent again within 30 days, the same assistance is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `direct_assistance_…`); made here if left out.
    pub id: Option<ID>,
    /// The visit.
    pub visit: ID,
    /// Day it was given; today if left out.
    pub given_on: Option<Date>,
    /// What kind of help it was.
    pub kind: AssistanceKind,
    /// What was given, at most 200 characters.
    pub item: String,
    /// What it was worth; needed for cash.
    pub value: Option<MoneyInput>,
    /// What else matters, at most 10,000 characters.
    pub note: Option<String>,
}

payload! {
    /// What `visitFollowUpPlan` answers.
    VisitFollowUpPlanPayload {
        /// The follow-up; null if there are errors.
        follow_up: VisitFollowUp
    }
}

payload! {
    /// What `visitFollowUpComplete` answers.
    VisitFollowUpCompletePayload {
        /// The follow-up; null if there are errors.
        follow_up: VisitFollowUp
    }
}

payload! {
    /// What `directAssistanceGive` answers.
    DirectAssistanceGivePayload {
        /// The assistance; null if there are errors.
        assistance: DirectAssistance
    }
}

/// Mutations of what follows a visit.
#[derive(Default)]
pub struct VisitWorkMutation;

#[Object]
impl VisitWorkMutation {
    /// Plans to get back to a visitor.
    async fn visit_follow_up_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The follow-up.")] input: VisitFollowUpPlanInput,
    ) -> async_graphql::Result<VisitFollowUpPlanPayload> {
        VisitFollowUpPlanPayload::of(plan(ctx.data::<Ask>()?, input)).await
    }

    /// Notes what came of a planned follow-up.
    async fn visit_follow_up_complete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The follow-up that was done.")] input: VisitFollowUpCompleteInput,
    ) -> async_graphql::Result<VisitFollowUpCompletePayload> {
        VisitFollowUpCompletePayload::of(complete(ctx.data::<Ask>()?, input)).await
    }

    /// Notes help in kind or in cash that a visitor got.
    async fn direct_assistance_give(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The assistance.")] input: DirectAssistanceGiveInput,
    ) -> async_graphql::Result<DirectAssistanceGivePayload> {
        DirectAssistanceGivePayload::of(give(ctx.data::<Ask>()?, input)).await
    }
}

async fn plan(ask: &Ask, input: VisitFollowUpPlanInput) -> Done {
    let told = Plan {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "visit_follow_up", "input.id")?,
        visit: id_of(&input.visit, "visit", "input.visit")?,
        needed_by: input.needed_by.0,
        purpose: input.purpose,
    };
    service::plan(&ask.scope, told).await
}

async fn complete(ask: &Ask, input: VisitFollowUpCompleteInput) -> Done {
    let told = Completed {
        once: once(input.idempotency_key.as_deref(), &input)?,
        follow_up: id_of(&input.visit_follow_up, "visit_follow_up", "input.visitFollowUp")?,
        expected_version: input.expected_version,
        done_on: input.done_on.map(|day| day.0),
        outcome: input.outcome,
    };
    service::complete(&ask.scope, told).await
}

async fn give(ask: &Ask, input: DirectAssistanceGiveInput) -> Done {
    let told = Assistance {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "direct_assistance", "input.id")?,
        visit: id_of(&input.visit, "visit", "input.visit")?,
        given_on: input.given_on.map(|day| day.0),
        kind: input.kind,
        item: input.item,
        value: input.value.map(Into::into).unwrap_or_default(),
        note: input.note,
    };
    service::give(&ask.scope, told).await
}
