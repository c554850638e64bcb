//! The workflow of a case as a state machine, and the days by which its steps are due. Source: domain catalogue 4.1
//! and 5.

use chrono::{Days, NaiveDate};
use entity::case::{CaseStatus, CaseWorkflow, RiskLevel};

use super::{Fault, Refusal, ensure};

/// A step of the work on a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The assessment is completed.
    Assess,
    /// The plan is made.
    Plan,
    /// The first service begins.
    StartServices,
    /// The services are done; visits go on.
    FollowUp,
    /// The work ends.
    Close,
    /// The work begins anew, or a service was added to a closed case.
    Reopen,
    /// The case turns out to repeat another one.
    MarkDuplicate,
}

impl Step {
    /// Every step, for tables that must be complete.
    pub const ALL: [Self; 7] =
        [Self::Assess, Self::Plan, Self::StartServices, Self::FollowUp, Self::Close, Self::Reopen, Self::MarkDuplicate];
}

/// What is known about a case, and what the caller gives, when a step is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each says by itself whether something was given")]
pub struct Facts {
    /// The coarse state.
    pub status: CaseStatus,
    /// Whether there is a ground for keeping personal data: consent, or another that the law accepts.
    pub has_legal_basis: bool,
    /// Whether the risk level is set.
    pub has_risk: bool,
    /// Goals of the plan.
    pub goals: usize,
    /// Services asked for, whatever became of them.
    pub services: usize,
    /// Services not given yet.
    pub open_services: usize,
    /// Follow-ups not done yet.
    pub open_follow_ups: usize,
    /// Whether a reason is given (closing, reopening).
    pub has_reason: bool,
    /// Whether the other case is named (duplicates).
    pub names_other: bool,
    /// The day of the step.
    pub on: NaiveDate,
    /// Today where the organisation is.
    pub today: NaiveDate,
    /// The day of registration.
    pub registered_on: NaiveDate,
    /// The day of the assessment.
    pub assessed_on: Option<NaiveDate>,
    /// The day of the plan.
    pub planned_on: Option<NaiveDate>,
    /// The day of closing.
    pub closed_on: Option<NaiveDate>,
}

/// Where the work stands after the step, or why the step is refused. A duplicate keeps its workflow: see
/// [`status_after`].
pub fn step(from: CaseWorkflow, step: Step, facts: &Facts) -> Result<CaseWorkflow, Fault> {
    use CaseWorkflow as W;
    let counts = !matches!(facts.status, CaseStatus::Duplicate | CaseStatus::Transferred);
    ensure(counts, Refusal::WrongState, "", "The case was handed over or repeats another one.")?;
    // A reopened case stands where its data say.
    let from = if from == W::Reopened { derived(facts) } else { from };
    match (from, step) {
        (W::Registered, Step::Assess) => assess(facts),
        (W::Assessed, Step::Plan) => plan(facts),
        (W::Planned, Step::StartServices) => {
            let text = "Services start with at least one service.";
            ensure(facts.services > 0, Refusal::FieldRequired, "services", text)?;
            on_day(facts, facts.planned_on).map(|()| W::InService)
        }
        (W::InService, Step::FollowUp) => {
            no_open_services(facts)?;
            on_day(facts, facts.planned_on).map(|()| W::FollowUp)
        }
        (W::InService | W::FollowUp, Step::Close) => close(facts),
        (W::Closed, Step::Reopen) => {
            ensure(facts.has_reason, Refusal::ReasonRequired, "reason", "Reopening needs a reason.")?;
            on_day(facts, facts.closed_on).map(|()| derived(facts))
        }
        (W::Closed, Step::MarkDuplicate) => Err(wrong_state()),
        (open, Step::MarkDuplicate) => {
            let text = "Name the case that this one repeats.";
            ensure(facts.names_other, Refusal::FieldRequired, "duplicateOf", text).map(|()| open)
        }
        _ => Err(wrong_state()),
    }
}

/// The coarse state after a step that was allowed.
pub fn status_after(step: Step) -> CaseStatus {
    match step {
        Step::Assess | Step::Plan | Step::StartServices | Step::FollowUp | Step::Reopen => CaseStatus::Open,
        Step::Close => CaseStatus::Closed,
        Step::MarkDuplicate => CaseStatus::Duplicate,
    }
}

/// Where an open case stands by its data alone: what was done last and still holds.
pub fn derived(facts: &Facts) -> CaseWorkflow {
    match (facts.planned_on, facts.services) {
        (Some(_), 1..) if facts.open_services > 0 => CaseWorkflow::InService,
        (Some(_), 1..) => CaseWorkflow::FollowUp,
        (Some(_), 0) => CaseWorkflow::Planned,
        (None, _) if facts.assessed_on.is_some() => CaseWorkflow::Assessed,
        (None, _) => CaseWorkflow::Registered,
    }
}

fn wrong_state() -> Fault {
    Fault::new(Refusal::WrongState, "", "The case is not at the step that comes before.")
}

fn assess(facts: &Facts) -> Result<CaseWorkflow, Fault> {
    let text = "An assessment needs consent or another legal basis.";
    ensure(facts.has_legal_basis, Refusal::FieldRequired, "legalBasis", text)?;
    on_day(facts, None).map(|()| CaseWorkflow::Assessed)
}

fn plan(facts: &Facts) -> Result<CaseWorkflow, Fault> {
    ensure(facts.goals > 0, Refusal::FieldRequired, "goals", "A plan needs at least one goal.")?;
    ensure(facts.has_risk, Refusal::FieldRequired, "riskLevel", "A plan needs the risk level.")?;
    on_day(facts, facts.assessed_on).map(|()| CaseWorkflow::Planned)
}

fn close(facts: &Facts) -> Result<CaseWorkflow, Fault> {
    ensure(facts.has_reason, Refusal::ReasonRequired, "reason", "Closing needs a reason.")?;
    on_day(facts, facts.planned_on)?;
    no_open_services(facts)?;
    let text = "Do or end the follow-ups of the case first.";
    ensure(facts.open_follow_ups == 0, Refusal::OpenTasks, "", text)?;
    Ok(CaseWorkflow::Closed)
}

fn no_open_services(facts: &Facts) -> Result<(), Fault> {
    let text = "Give or end the services of the case first.";
    ensure(facts.open_services == 0, Refusal::OpenServices, "", text)
}

/// A step is taken between the registration (and the step before it) and today.
fn on_day(facts: &Facts, earlier: Option<NaiveDate>) -> Result<(), Fault> {
    let invalid = |holds, text| ensure(holds, Refusal::DateInvalid, "on", text);
    invalid(facts.on <= facts.today, "The day of a step is not in the future.")?;
    invalid(facts.on >= facts.registered_on, "The day of a step is not before the registration.")?;
    invalid(earlier.is_none_or(|earlier| facts.on >= earlier), "The day of a step is not before the step it follows.")
}

/// Days for the assessment, from the registration, and between follow-ups, from the last contact.
const fn days(risk: Option<RiskLevel>) -> (u64, u64) {
    match risk {
        Some(RiskLevel::High) => (2, 7),
        Some(RiskLevel::Medium) => (7, 14),
        Some(RiskLevel::Low) | None => (30, 30),
    }
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

/// Last day for the assessment: 2, 7 or 30 days after the registration; without a risk level, as if it were low.
pub fn assessment_due_on(registered_on: NaiveDate, risk: Option<RiskLevel>) -> NaiveDate {
    after(registered_on, days(risk).0)
}

/// Last day for the plan: 14 days after the assessment.
pub fn plan_due_on(assessed_on: NaiveDate) -> NaiveDate {
    after(assessed_on, 14)
}

/// Last day for the next follow-up: 7, 14 or 30 days after the last contact; without a risk level, as if it were low.
pub fn follow_up_due_on(last_contact: NaiveDate, risk: Option<RiskLevel>) -> NaiveDate {
    after(last_contact, days(risk).1)
}

/// A day by which something is due, and the day it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The last day for it; `None` if it is not due.
    pub due_on: Option<NaiveDate>,
    /// The day it was done.
    pub done_on: Option<NaiveDate>,
}

/// Whether an open case missed a deadline: it lies before `today` and nothing was done. Due today is not overdue.
pub fn is_overdue(status: CaseStatus, deadlines: &[Deadline], today: NaiveDate) -> bool {
    let missed = |deadline: &Deadline| deadline.done_on.is_none() && deadline.due_on.is_some_and(|due| due < today);
    status == CaseStatus::Open && deadlines.iter().any(missed)
}

#[cfg(test)]
#[path = "case_tests.rs"]
mod tests;
