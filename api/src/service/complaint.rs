//! Complaints: filed, looked into, brought before somebody, ended.

use chrono::NaiveDate;
use entity::complaint::{self, ComplaintAgainst, ComplaintKind, ComplaintStage, ComplaintStatus, Model};
use entity::list::List;
use entity::person::Answer;
use entity::screening_request::{self, ForcedLabourSign};
use entity::{complainant, resource_centre, visit};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
pub use crate::domain::complaint::Money;
use crate::domain::complaint::{self as rules, Filed, Step};
use crate::domain::{Fault, Refusal, text};
use crate::error::Errors;

/// A complaint as it was told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Complaint {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub centre: Uuid,
    pub visit: Option<Uuid>,
    pub reference: Option<String>,
    pub stage: ComplaintStage,
    pub filed_on: Option<NaiveDate>,
    pub against: ComplaintAgainst,
    pub respondent: Option<String>,
    pub kinds: Vec<ComplaintKind>,
    pub remedy_sought: Option<String>,
    pub claimed: Money,
    pub complainants: Vec<Complainant>,
}

/// Somebody who complains, as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Complainant {
    pub person: Option<Uuid>,
    pub ticket: Option<String>,
}

/// Files a complaint; signs of forced labour in it ask for a talk about trafficking.
pub async fn file(scope: &Scope, told: Complaint) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::ComplaintWrite, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let centre = write.get::<resource_centre::Entity>(told.centre).await.map_err(|error| error.on("input.centre"))?;
    if let Some(visit) = told.visit {
        write.get::<visit::Entity>(visit).await.map_err(|error| error.on("input.visit"))?;
    }
    let complainants = complainants(&write, id, told.complainants).await?;
    let filed = Filed {
        kinds: &told.kinds,
        complainants: complainants.len(),
        filed_on: told.filed_on.unwrap_or_else(|| scope.today()),
        opened_on: centre.opened_on,
        claimed: &told.claimed,
    };
    Errors::none(&rules::check(&filed, scope.today()))?;
    let signs = rules::signs(&told.kinds);
    let row = complaint::ActiveModel {
        id: Set(id),
        reference: Set(check::code(told.reference, "CP", id, "input.reference")?),
        centre_id: Set(centre.id),
        visit_id: Set(told.visit),
        handler_id: Set(write.user()),
        stage: Set(told.stage),
        status: Set(ComplaintStatus::Received),
        filed_on: Set(filed.filed_on),
        against: Set(told.against),
        respondent: Set(check::text(told.respondent, check::NAME, "input.respondent")?),
        kinds: Set(List::codes(told.kinds)),
        remedy_sought: Set(check::text(told.remedy_sought, check::NOTE, "input.remedySought")?),
        claimed_amount: Set(told.claimed.amount),
        claimed_currency: Set(told.claimed.currency),
        retaliation_risk: Set(Answer::NotAsked),
        ..Default::default()
    };
    write.insert(row).await.map_err(|error| error.on("input.reference"))?;
    write.insert_many(complainants).await?;
    write.wrote(&["complaint", "complainants"]);
    if !signs.is_empty() {
        ask_for_screening(&mut write, None, Some(id), signs).await?;
    }
    Ok(write.finish("Complaint").await?)
}

async fn complainants(
    write: &Write,
    complaint: Uuid,
    told: Vec<Complainant>,
) -> Result<Vec<complainant::ActiveModel>, Errors> {
    let mut rows = Vec::with_capacity(told.len().min(rules::MOST));
    for one in told.into_iter().take(rules::MOST + 1) {
        if let Some(person) = one.person {
            let found = write.get::<entity::person::Entity>(person).await;
            found.map_err(|error| error.on("input.complainants.person"))?;
        } else if one.ticket.is_none() {
            let text = "A complainant is a person or a ticket.";
            return Err(Fault::new(Refusal::FieldRequired, "complainants.ticket", text).into());
        }
        if let Some(ticket) = &one.ticket {
            text::check_required("complainants.ticket", ticket, crate::domain::visit::TICKET)?;
        }
        rows.push(complainant::ActiveModel {
            id: Set(write.scope().new_id()),
            complaint_id: Set(complaint),
            person_id: Set(one.person),
            ticket: Set(one.ticket),
            ..Default::default()
        });
    }
    Ok(rows)
}

/// Notes within a write that a talk about trafficking is needed.
pub(super) async fn ask_for_screening(
    write: &mut Write,
    visit: Option<Uuid>,
    complaint: Option<Uuid>,
    signs: Vec<ForcedLabourSign>,
) -> Result<(), Errors> {
    let row = screening_request::ActiveModel {
        id: Set(write.scope().new_id()),
        visit_id: Set(visit),
        complaint_id: Set(complaint),
        screening_id: Set(None),
        signs: Set(List::codes(signs)),
        ..Default::default()
    };
    write.insert(row).await?;
    write.wrote(&["screeningRequest"]);
    Ok(())
}

/// A step of the work on a complaint, as asked for.
#[expect(missing_docs, reason = "the fields are those of the inputs, which document them")]
pub struct Move {
    pub once: Option<Once>,
    pub complaint: Uuid,
    pub expected_version: i32,
    pub to: To,
}

/// Which step, with what it takes.
#[expect(missing_docs, reason = "the fields are those of the inputs, which document them")]
pub enum To {
    Screen { signs: Vec<ForcedLabourSign> },
    Pursue { way: ComplaintStatus, filed_with: String, risk: Answer },
    Resolve { result: ComplaintStatus, on: Option<NaiveDate>, awarded: Money, recovered: Money },
    Withdraw { reason: String, on: Option<NaiveDate> },
}

/// Takes a step.
pub async fn advance(scope: &Scope, told: Move) -> Done {
    let mut write = match scope.write(Action::ComplaintWrite, told.once, told.complaint).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let held = write.hold::<complaint::Entity>(told.complaint).await;
    let complaint = held.map_err(|error| error.on("input.complaint"))?;
    let row = after(&complaint, &told.to, scope.today())?;
    write.update(complaint.id, told.expected_version, row).await?;
    write.wrote(&["complaint"]);
    if let To::Screen { signs } = told.to
        && !signs.is_empty()
        && !is_asked_for(&write, complaint.id).await?
    {
        ask_for_screening(&mut write, None, Some(complaint.id), signs).await?;
    }
    Ok(write.finish("Complaint").await?)
}

async fn is_asked_for(write: &Write, complaint: Uuid) -> Result<bool, Errors> {
    let of = screening_request::Column::ComplaintId.eq(complaint);
    let requests = write.find::<screening_request::Entity>()?.filter(of);
    Ok(!write.all(requests).await?.is_empty())
}

/// What a step changes.
fn after(complaint: &Model, to: &To, today: NaiveDate) -> Result<complaint::ActiveModel, Errors> {
    let step = |step: &Step<'_>| rules::step(complaint.status, complaint.filed_on, today, step);
    let row = complaint::ActiveModel::default();
    Ok(match to {
        To::Screen { .. } => complaint::ActiveModel { status: Set(step(&Step::Screen)?), ..row },
        To::Pursue { way, filed_with, risk } => complaint::ActiveModel {
            status: Set(step(&Step::Pursue { way: *way, filed_with, risk: *risk })?),
            filed_with: Set(Some(filed_with.clone())),
            retaliation_risk: Set(*risk),
            ..row
        },
        To::Resolve { result, on, awarded, recovered } => {
            let on = on.unwrap_or(today);
            complaint::ActiveModel {
                status: Set(step(&Step::Resolve { result: *result, on, awarded, recovered })?),
                resolved_on: Set(Some(on)),
                awarded_amount: Set(awarded.amount),
                awarded_currency: Set(awarded.currency.clone()),
                recovered_amount: Set(recovered.amount),
                recovered_currency: Set(recovered.currency.clone()),
                ..row
            }
        }
        To::Withdraw { reason, on } => {
            let on = on.unwrap_or(today);
            complaint::ActiveModel {
                status: Set(step(&Step::Withdraw { reason, on })?),
                resolved_on: Set(Some(on)),
                withdrawal_reason: Set(Some(reason.clone())),
                ..row
            }
        }
    })
}
