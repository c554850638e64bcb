//! Cases: opened, moved through their workflow, written to.

use chrono::NaiveDate;
use entity::case::{
    self, CaseStatus, CaseWorkflow, ClosureReason, IdentificationSource, LegalBasis, LegalTrack, Model, Module,
    RiskLevel, UnaccompaniedStatus,
};
use entity::case_service::ServiceImplementation;
use entity::protection_concern::{self, ConcernKind, ConcernStage};
use entity::user::{self, RoleCode};
use entity::{case_service, child, follow_up, project, survivor};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::case::{self as rules, Facts};
use crate::domain::{Fault, Refusal};
use crate::error::{Code, Error, Errors};

pub use crate::domain::case::Step;

/// A case as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Opening {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub module: Module,
    pub child: Option<Uuid>,
    pub survivor: Option<Uuid>,
    pub project: Option<Uuid>,
    pub owner: Option<Uuid>,
    pub display_number: Option<String>,
    pub legal_track: Option<LegalTrack>,
    pub identified_through: IdentificationSource,
    pub unaccompanied_status: Option<UnaccompaniedStatus>,
    pub risk_level: Option<RiskLevel>,
    pub is_urgent: bool,
    pub township: Option<String>,
    pub registered_on: Option<NaiveDate>,
    pub concerns: Vec<Concern>,
}

/// A concern as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Concern {
    pub kind: ConcernKind,
    pub observed_on: Option<NaiveDate>,
    pub details: Option<String>,
}

/// Opens a case at the state REGISTERED, with its deadline.
pub async fn open(scope: &Scope, told: Opening) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::CaseOpen, told.once.clone(), id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let registered_on = told.registered_on.unwrap_or_else(|| scope.today());
    if registered_on > scope.today() {
        return Err(Fault::new(Refusal::DateInvalid, "registeredOn", "The day lies ahead.").into());
    }
    if told.child.is_none() && told.survivor.is_none() {
        return Err(Fault::new(Refusal::FieldRequired, "child", "A case is about a child or a survivor.").into());
    }
    if let Some(child) = told.child {
        write.get::<child::Entity>(child).await.map_err(|error| error.on("input.child"))?;
    }
    if let Some(survivor) = told.survivor {
        write.get::<survivor::Entity>(survivor).await.map_err(|error| error.on("input.survivor"))?;
    }
    if let Some(project) = told.project {
        write.get::<project::Entity>(project).await.map_err(|error| error.on("input.project"))?;
    }
    let row = case::ActiveModel {
        id: Set(id),
        display_number: Set(check::code(told.display_number, "CASE", id, "input.displayNumber")?),
        module: Set(told.module),
        owner_id: Set(owner(&write, told.owner).await?),
        status: Set(CaseStatus::Open),
        workflow: Set(CaseWorkflow::Registered),
        legal_track: Set(told.legal_track),
        child_id: Set(told.child),
        survivor_id: Set(told.survivor),
        project_id: Set(told.project),
        township_id: Set(check::place(&write, told.township.as_deref(), "input.township").await?),
        identified_through: Set(told.identified_through),
        unaccompanied_status: Set(told.unaccompanied_status),
        risk_level: Set(told.risk_level),
        is_urgent: Set(told.is_urgent),
        goals: Set(Vec::<String>::new().into()),
        registered_on: Set(registered_on),
        assessment_due_on: Set(Some(rules::assessment_due_on(registered_on, told.risk_level))),
        ..Default::default()
    };
    write.insert(row).await.map_err(|error| error.on("input.displayNumber"))?;
    let mut concerns = Vec::with_capacity(told.concerns.len());
    for concern in told.concerns {
        if concern.observed_on.is_some_and(|day| day > scope.today()) {
            return Err(Fault::new(Refusal::DateInvalid, "concerns.observedOn", "The day lies ahead.").into());
        }
        concerns.push(protection_concern::ActiveModel {
            id: Set(scope.new_id()),
            case_id: Set(id),
            kind: Set(concern.kind),
            found_at: Set(ConcernStage::Registration),
            observed_on: Set(concern.observed_on),
            details: Set(check::text(concern.details, check::NOTE, "input.concerns.details")?),
            is_open: Set(true),
            ..Default::default()
        });
    }
    write.insert_many(concerns).await?;
    write.wrote(&["case", "concerns"]);
    Ok(write.finish("Case").await?)
}

/// Who is to lead the case: whoever opens it, or a colleague whose role can.
async fn owner(write: &Write, named: Option<Uuid>) -> Result<Uuid, Errors> {
    let refused = || Error::new(Code::ReceiverNotEligible).on("input.owner");
    let Some(named) = named.or_else(|| write.user()) else { return Err(refused().into()) };
    let user = write.get::<user::Entity>(named).await.map_err(|error| error.on("input.owner"))?;
    let leads = matches!(user.role, RoleCode::Caseworker | RoleCode::Supervisor);
    // Whoever may only open cases opens them for nobody until a supervisor takes them.
    if user.is_enabled && (leads || Some(named) == write.user()) { Ok(named) } else { Err(refused().into()) }
}

/// A step as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
#[derive(Default)]
pub struct Advance {
    pub once: Option<Once>,
    pub case: Uuid,
    pub expected_version: i32,
    pub on: Option<NaiveDate>,
    pub legal_basis: Option<LegalBasis>,
    pub risk_level: Option<RiskLevel>,
    pub goals: Vec<String>,
    pub closure_reason: Option<ClosureReason>,
    pub note: Option<String>,
    pub reason: Option<String>,
    pub duplicate_of: Option<Uuid>,
}

/// Moves a case one step on, if the state machine and the facts allow it.
pub async fn advance(scope: &Scope, step: Step, told: Advance) -> Done {
    let mut write = match scope.write(Action::CaseAdvance, told.once.clone(), told.case).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let case = write.hold::<case::Entity>(told.case).await.map_err(|error| error.on("input.case"))?;
    if case.row_version != told.expected_version {
        return Err(Error::new(Code::VersionConflict).on("input.expectedVersion").into());
    }
    if let Some(other) = told.duplicate_of {
        write.get::<case::Entity>(other).await.map_err(|error| error.on("input.duplicateOf"))?;
        if other == told.case {
            let text = "A case cannot repeat itself.";
            return Err(Fault::new(Refusal::BadValue, "duplicateOf", text).into());
        }
    }
    let facts = facts(&write, &case, &told).await?;
    let workflow = rules::step(case.workflow, step, &facts)?;
    let row = changed(step, &case, &facts, told)?;
    let row = case::ActiveModel { workflow: Set(workflow), status: Set(rules::status_after(step)), ..row };
    write.update(case.id, case.row_version, row).await?;
    write.wrote(&["workflow", "status"]);
    Ok(write.finish("Case").await?)
}

async fn facts(write: &Write, case: &Model, told: &Advance) -> Result<Facts, Errors> {
    let services = write.find::<case_service::Entity>()?.filter(case_service::Column::CaseId.eq(case.id));
    let services = write.all(services).await?;
    let follow_ups = write.find::<follow_up::Entity>()?.filter(follow_up::Column::CaseId.eq(case.id));
    let follow_ups = write.all(follow_ups).await?;
    let today = write.scope().today();
    let given = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    Ok(Facts {
        status: case.status,
        has_legal_basis: case.legal_basis.is_some() || told.legal_basis.is_some(),
        has_risk: case.risk_level.is_some() || told.risk_level.is_some(),
        goals: if told.goals.is_empty() { case.goals.0.len() } else { told.goals.len() },
        services: services.len(),
        open_services: services
            .iter()
            .filter(|one| one.implementation == ServiceImplementation::NotImplemented)
            .count(),
        open_follow_ups: follow_ups.iter().filter(|one| one.done_on.is_none()).count(),
        has_reason: told.closure_reason.is_some() || given(&told.reason),
        names_other: told.duplicate_of.is_some(),
        on: told.on.unwrap_or(today),
        today,
        registered_on: case.registered_on,
        assessed_on: case.assessed_on,
        planned_on: case.planned_on,
        closed_on: case.closed_on,
    })
}

/// The columns a step changes beside state.
fn changed(step: Step, case: &Model, facts: &Facts, told: Advance) -> Result<case::ActiveModel, Errors> {
    let mut row = case::ActiveModel::default();
    match step {
        Step::Assess => {
            let risk = told.risk_level.or(case.risk_level);
            row.legal_basis = Set(told.legal_basis.or(case.legal_basis));
            row.risk_level = Set(risk);
            row.assessed_on = Set(Some(facts.on));
            row.plan_due_on = Set(Some(rules::plan_due_on(facts.on)));
        }
        Step::Plan => {
            row.risk_level = Set(told.risk_level.or(case.risk_level));
            if !told.goals.is_empty() {
                row.goals = Set(check::texts(told.goals, "input.goals")?.into());
            }
            row.planned_on = Set(Some(facts.on));
        }
        Step::Close => {
            row.closed_on = Set(Some(facts.on));
            row.closure_reason = Set(told.closure_reason);
            row.closure_note = Set(check::text(told.note, check::NOTE, "input.note")?);
        }
        Step::Reopen => {
            row.closed_on = Set(None);
            row.closure_reason = Set(None);
            row.reopened_on = Set(Some(facts.on));
            row.reopen_reason = Set(check::text(told.reason, check::NOTE, "input.reason")?);
        }
        Step::MarkDuplicate => row.duplicate_of_id = Set(told.duplicate_of),
        Step::StartServices | Step::FollowUp => {}
    }
    Ok(row)
}
