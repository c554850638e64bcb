//! What is written to an open case: services, follow-ups, notes.

use chrono::NaiveDate;
use entity::case::{CaseStatus, Model};
use entity::case_service::{self, ServiceImplementation, ServiceResponse, ServiceTimeframe, ServiceType};
use entity::follow_up::{self, FollowUpKind, NotSeenReason};
use entity::person::Answer;
use entity::{case, case_note};
use sea_orm::Set;
use uuid::Uuid;

use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::case::{self as rules, Facts};
use crate::domain::{Fault, Refusal, text};
use crate::error::Errors;

/// A service as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Service {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub case: Uuid,
    pub response_kind: ServiceResponse,
    pub service_type: ServiceType,
    pub requested_on: Option<NaiveDate>,
    pub timeframe: Option<ServiceTimeframe>,
    pub appointment_on: Option<NaiveDate>,
    pub agency: Option<String>,
    pub place: Option<String>,
}

/// Adds a service to a case; a closed case is open again by it.
pub async fn add(scope: &Scope, told: Service) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::CaseWrite, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let case = open_case(&write, told.case).await?;
    let requested_on = told.requested_on.unwrap_or_else(|| scope.today());
    past(scope, Some(requested_on), "requestedOn")?;
    if requested_on < case.registered_on {
        let text = "A service is asked for after the case was registered.";
        return Err(Fault::new(Refusal::DateInvalid, "requestedOn", text).into());
    }
    let row = case_service::ActiveModel {
        id: Set(id),
        case_id: Set(case.id),
        response_kind: Set(told.response_kind),
        service_type: Set(told.service_type),
        requested_on: Set(requested_on),
        timeframe: Set(told.timeframe),
        appointment_on: Set(told.appointment_on),
        agency: Set(check::text(told.agency, check::NAME, "input.agency")?),
        place_id: Set(check::place(&write, told.place.as_deref(), "input.place").await?),
        implementation: Set(ServiceImplementation::NotImplemented),
        ..Default::default()
    };
    write.insert(row).await?;
    if case.status == CaseStatus::Closed {
        reopen(&write, &case).await?;
    }
    write.wrote(&["caseService"]);
    Ok(write.finish("CaseService").await?)
}

async fn reopen(write: &Write, case: &Model) -> Result<(), Errors> {
    let today = write.scope().today();
    let facts = Facts {
        status: CaseStatus::Open,
        has_legal_basis: case.legal_basis.is_some(),
        has_risk: case.risk_level.is_some(),
        goals: case.goals.0.len(),
        services: 1,
        open_services: 1,
        open_follow_ups: 0,
        has_reason: true,
        names_other: false,
        on: today,
        today,
        registered_on: case.registered_on,
        assessed_on: case.assessed_on,
        planned_on: case.planned_on,
        closed_on: case.closed_on,
    };
    let row = case::ActiveModel {
        status: Set(CaseStatus::Open),
        workflow: Set(rules::derived(&facts)),
        closed_on: Set(None),
        closure_reason: Set(None),
        reopened_on: Set(Some(today)),
        reopen_reason: Set(Some("A service was added.".to_owned())),
        ..Default::default()
    };
    Ok(write.update(case.id, case.row_version, row).await?)
}

/// A service done, as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Implemented {
    pub once: Option<Once>,
    pub service: Uuid,
    pub expected_version: i32,
    pub implemented_on: Option<NaiveDate>,
    pub note: Option<String>,
}

/// Marks a service as given.
pub async fn implement(scope: &Scope, told: Implemented) -> Done {
    let mut write = match scope.write(Action::CaseWrite, told.once, told.service).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let service = write.get::<case_service::Entity>(told.service).await.map_err(|error| error.on("input.service"))?;
    if service.implementation == ServiceImplementation::Implemented {
        return Err(Fault::new(Refusal::WrongState, "service", "The service was given before.").into());
    }
    let on = told.implemented_on.unwrap_or_else(|| scope.today());
    past(scope, Some(on), "implementedOn")?;
    if on < service.requested_on {
        let text = "A service is given on or after the day it was asked for.";
        return Err(Fault::new(Refusal::DateInvalid, "implementedOn", text).into());
    }
    let row = case_service::ActiveModel {
        implementation: Set(ServiceImplementation::Implemented),
        implemented_on: Set(Some(on)),
        provider_note: Set(check::text(told.note, check::NOTE, "input.note")?),
        ..Default::default()
    };
    write.update(service.id, told.expected_version, row).await?;
    write.wrote(&["implementation", "implementedOn", "providerNote"]);
    Ok(write.finish("CaseService").await?)
}

/// A follow-up as told: planned, or done already.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct FollowUp {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub case: Uuid,
    pub kind: FollowUpKind,
    pub needed_by: NaiveDate,
    pub done_on: Option<NaiveDate>,
    pub child_seen: Option<Answer>,
    pub not_seen_reason: Option<NotSeenReason>,
    pub action_taken: Option<String>,
    pub next_visit_on: Option<NaiveDate>,
    pub recommends_closing: bool,
}

/// Adds a follow-up to a case.
pub async fn follow_up(scope: &Scope, told: FollowUp) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::CaseWrite, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let case = open_case(&write, told.case).await?;
    past(scope, told.done_on, "doneOn")?;
    let row = follow_up::ActiveModel {
        id: Set(id),
        case_id: Set(case.id),
        kind: Set(told.kind),
        needed_by: Set(told.needed_by),
        done_on: Set(told.done_on),
        child_seen: Set(told.child_seen.unwrap_or(Answer::NotAsked)),
        not_seen_reason: Set(told.not_seen_reason),
        action_taken: Set(check::text(told.action_taken, check::NOTE, "input.actionTaken")?),
        next_visit_on: Set(told.next_visit_on),
        recommends_closing: Set(told.recommends_closing),
        ..Default::default()
    };
    write.insert(row).await?;
    write.wrote(&["followUp"]);
    Ok(write.finish("FollowUp").await?)
}

/// A follow-up done, as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Completed {
    pub once: Option<Once>,
    pub follow_up: Uuid,
    pub expected_version: i32,
    pub done_on: Option<NaiveDate>,
    pub child_seen: Option<Answer>,
    pub not_seen_reason: Option<NotSeenReason>,
    pub action_taken: Option<String>,
    pub next_visit_on: Option<NaiveDate>,
    pub recommends_closing: bool,
}

/// Marks a planned follow-up as done.
pub async fn complete(scope: &Scope, told: Completed) -> Done {
    let mut write = match scope.write(Action::CaseWrite, told.once, told.follow_up).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let planned = write.get::<follow_up::Entity>(told.follow_up).await.map_err(|error| error.on("input.followUp"))?;
    if planned.done_on.is_some() {
        return Err(Fault::new(Refusal::WrongState, "followUp", "The follow-up was done before.").into());
    }
    let done_on = told.done_on.unwrap_or_else(|| scope.today());
    past(scope, Some(done_on), "doneOn")?;
    let row = follow_up::ActiveModel {
        done_on: Set(Some(done_on)),
        child_seen: Set(told.child_seen.unwrap_or(planned.child_seen)),
        not_seen_reason: Set(told.not_seen_reason),
        action_taken: Set(check::text(told.action_taken, check::NOTE, "input.actionTaken")?),
        next_visit_on: Set(told.next_visit_on),
        recommends_closing: Set(told.recommends_closing),
        ..Default::default()
    };
    let version = told.expected_version;
    write.update(planned.id, version, row).await.map_err(|error| error.on("input.expectedVersion"))?;
    write.wrote(&["doneOn", "childSeen", "actionTaken", "nextVisitOn"]);
    Ok(write.finish("FollowUp").await?)
}

/// A note as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Note {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub case: Uuid,
    pub text: String,
}

/// Adds a note to a case. Notes are never changed.
pub async fn note(scope: &Scope, told: Note) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::CaseWrite, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    text::check_required("text", &told.text, check::NOTE)?;
    let case = write.get::<case::Entity>(told.case).await.map_err(|error| error.on("input.case"))?;
    let row = case_note::ActiveModel {
        id: Set(id),
        case_id: Set(case.id),
        body: Set(told.text),
        written_at: Set(scope.now()),
        author_id: Set(write.user()),
        ..Default::default()
    };
    write.insert(row).await?;
    write.wrote(&["caseNote"]);
    Ok(write.finish("CaseNote").await?)
}

async fn open_case(write: &Write, id: Uuid) -> Result<Model, Errors> {
    let case = write.hold::<case::Entity>(id).await.map_err(|error| error.on("input.case"))?;
    if matches!(case.status, CaseStatus::Duplicate | CaseStatus::Transferred) {
        let text = "The case was handed over or repeats another one.";
        return Err(Fault::new(Refusal::WrongState, "case", text).into());
    }
    Ok(case)
}

fn past(scope: &Scope, day: Option<NaiveDate>, field: &'static str) -> Result<(), Fault> {
    if day.is_some_and(|day| day > scope.today()) {
        return Err(Fault::new(Refusal::DateInvalid, field, "The day lies ahead."));
    }
    Ok(())
}
