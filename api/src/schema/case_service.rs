//! Mutations of what is written to a case: services, follow-ups, notes.

use async_graphql::{Context, ID, InputObject, Object};
use entity::case_service::{ServiceResponse, ServiceTimeframe, ServiceType};
use entity::follow_up::{FollowUpKind, NotSeenReason};
use entity::person::Answer;

use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, once, optional_id, payload};
use crate::service::Done;
use crate::service::case_service::{self as service, Implemented, Service};

/// The noun.
pub struct CaseService;

impl Named for CaseService {
    const NAME: &'static str = "CaseService";
}

/// The noun.
pub struct FollowUp;

impl Named for FollowUp {
    const NAME: &'static str = "FollowUp";
}

/// The noun.
pub struct CaseNote;

impl Named for CaseNote {
    const NAME: &'static str = "CaseNote";
}

/// A service to add to a case.
#[derive(InputObject, Clone)]
pub struct CaseServiceAddInput {
    /// Your own key for this act: sent again within 30 days, the same service is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `case_service_…`); made here if left out.
    pub id: Option<ID>,
    /// The case. A closed case is open again by it.
    pub case: ID,
    /// What the service answers to.
    pub response_kind: ServiceResponse,
    /// What is to be given.
    pub service_type: ServiceType,
    /// Day it was asked for; today if left out.
    pub requested_on: Option<Date>,
    /// How soon it is needed.
    pub timeframe: Option<ServiceTimeframe>,
    /// Day of the appointment.
    pub appointment_on: Option<Date>,
    /// Who gives it, in words.
    pub agency: Option<String>,
    /// P-code of the place.
    pub place: Option<String>,
}

/// A service that was given.
#[derive(InputObject, Clone)]
pub struct CaseServiceImplementInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The service.
    pub service: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Day it was given; today if left out.
    pub implemented_on: Option<Date>,
    /// The provider's word on it.
    pub note: Option<String>,
}

/// A follow-up, planned or done.
#[derive(InputObject, Clone)]
pub struct CaseFollowUpAddInput {
    /// Your own key for this act: sent again within 30 days, the same follow-up is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `follow_up_…`); made here if left out.
    pub id: Option<ID>,
    /// The case.
    pub case: ID,
    /// What it follows.
    pub kind: FollowUpKind,
    /// Day by which it is needed.
    pub needed_by: Date,
    /// Day it was done; open if left out.
    pub done_on: Option<Date>,
    /// Whether the child was seen.
    pub child_seen: Option<Answer>,
    /// Why the child was not seen.
    pub not_seen_reason: Option<NotSeenReason>,
    /// What was done, in words.
    pub action_taken: Option<String>,
    /// Day of the next visit.
    pub next_visit_on: Option<Date>,
    /// Whether closing the case is recommended; false if left out.
    pub recommends_closing: Option<bool>,
}

/// A planned follow-up that was done.
#[derive(InputObject, Clone)]
pub struct CaseFollowUpCompleteInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The follow-up.
    pub follow_up: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Day it was done; today if left out.
    pub done_on: Option<Date>,
    /// Whether the child was seen.
    pub child_seen: Option<Answer>,
    /// Why the child was not seen.
    pub not_seen_reason: Option<NotSeenReason>,
    /// What was done, in words.
    pub action_taken: Option<String>,
    /// Day of the next visit.
    pub next_visit_on: Option<Date>,
    /// Whether closing the case is recommended; false if left out.
    pub recommends_closing: Option<bool>,
}

/// A note to add to a case.
#[derive(InputObject, Clone)]
pub struct CaseNoteAddInput {
    /// Your own key for this act: sent again within 30 days, the same note is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `case_note_…`); made here if left out.
    pub id: Option<ID>,
    /// The case.
    pub case: ID,
    /// The note, at most 10,000 characters; kept as written, never changed.
    pub text: String,
}

payload! {
    /// What `caseServiceAdd` answers.
    CaseServiceAddPayload {
        /// The service; null if there are errors.
        service: CaseService
    }
}

payload! {
    /// What `caseServiceImplement` answers.
    CaseServiceImplementPayload {
        /// The service; null if there are errors.
        service: CaseService
    }
}

payload! {
    /// What `caseFollowUpAdd` answers.
    CaseFollowUpAddPayload {
        /// The follow-up; null if there are errors.
        follow_up: FollowUp
    }
}

payload! {
    /// What `caseFollowUpComplete` answers.
    CaseFollowUpCompletePayload {
        /// The follow-up; null if there are errors.
        follow_up: FollowUp
    }
}

payload! {
    /// What `caseNoteAdd` answers.
    CaseNoteAddPayload {
        /// The note; null if there are errors.
        note: CaseNote
    }
}

/// Mutations of what is written to a case.
#[derive(Default)]
pub struct CaseServiceMutation;

#[Object]
impl CaseServiceMutation {
    /// Adds a service to a case. A closed case is open again by it.
    async fn case_service_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The service.")] input: CaseServiceAddInput,
    ) -> async_graphql::Result<CaseServiceAddPayload> {
        CaseServiceAddPayload::of(add(ctx.data::<Ask>()?, input)).await
    }

    /// Marks a service as given.
    async fn case_service_implement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The service that was given.")] input: CaseServiceImplementInput,
    ) -> async_graphql::Result<CaseServiceImplementPayload> {
        CaseServiceImplementPayload::of(implement(ctx.data::<Ask>()?, input)).await
    }

    /// Adds a follow-up to a case, planned or done.
    async fn case_follow_up_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The follow-up.")] input: CaseFollowUpAddInput,
    ) -> async_graphql::Result<CaseFollowUpAddPayload> {
        CaseFollowUpAddPayload::of(follow_up(ctx.data::<Ask>()?, input)).await
    }

    /// Marks a planned follow-up as done.
    async fn case_follow_up_complete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The follow-up that was done.")] input: CaseFollowUpCompleteInput,
    ) -> async_graphql::Result<CaseFollowUpCompletePayload> {
        CaseFollowUpCompletePayload::of(complete(ctx.data::<Ask>()?, input)).await
    }

    /// Adds a note to a case. Notes are never changed.
    async fn case_note_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The note.")] input: CaseNoteAddInput,
    ) -> async_graphql::Result<CaseNoteAddPayload> {
        CaseNoteAddPayload::of(note(ctx.data::<Ask>()?, input)).await
    }
}

async fn add(ask: &Ask, input: CaseServiceAddInput) -> Done {
    let told = Service {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "case_service", "input.id")?,
        case: id_of(&input.case, "case", "input.case")?,
        response_kind: input.response_kind,
        service_type: input.service_type,
        requested_on: input.requested_on.map(|day| day.0),
        timeframe: input.timeframe,
        appointment_on: input.appointment_on.map(|day| day.0),
        agency: input.agency,
        place: input.place,
    };
    service::add(&ask.scope, told).await
}

async fn implement(ask: &Ask, input: CaseServiceImplementInput) -> Done {
    let told = Implemented {
        once: once(input.idempotency_key.as_deref(), &input)?,
        service: id_of(&input.service, "case_service", "input.service")?,
        expected_version: input.expected_version,
        implemented_on: input.implemented_on.map(|day| day.0),
        note: input.note,
    };
    service::implement(&ask.scope, told).await
}

async fn follow_up(ask: &Ask, input: CaseFollowUpAddInput) -> Done {
    let told = service::FollowUp {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "follow_up", "input.id")?,
        case: id_of(&input.case, "case", "input.case")?,
        kind: input.kind,
        needed_by: input.needed_by.0,
        done_on: input.done_on.map(|day| day.0),
        child_seen: input.child_seen,
        not_seen_reason: input.not_seen_reason,
        action_taken: input.action_taken,
        next_visit_on: input.next_visit_on.map(|day| day.0),
        recommends_closing: input.recommends_closing.unwrap_or(false),
    };
    service::follow_up(&ask.scope, told).await
}

async fn complete(ask: &Ask, input: CaseFollowUpCompleteInput) -> Done {
    let told = service::Completed {
        once: once(input.idempotency_key.as_deref(), &input)?,
        follow_up: id_of(&input.follow_up, "follow_up", "input.followUp")?,
        expected_version: input.expected_version,
        done_on: input.done_on.map(|day| day.0),
        child_seen: input.child_seen,
        not_seen_reason: input.not_seen_reason,
        action_taken: input.action_taken,
        next_visit_on: input.next_visit_on.map(|day| day.0),
        recommends_closing: input.recommends_closing.unwrap_or(false),
    };
    service::complete(&ask.scope, told).await
}

async fn note(ask: &Ask, input: CaseNoteAddInput) -> Done {
    let told = service::Note {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "case_note", "input.id")?,
        case: id_of(&input.case, "case", "input.case")?,
        text: input.text,
    };
    service::note(&ask.scope, told).await
}
