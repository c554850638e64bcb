//! The rules of the workflow, state by state and step by step.

use super::{
    Deadline, Facts, Step, assessment_due_on, derived, follow_up_due_on, is_overdue, plan_due_on, status_after, step,
};
use crate::domain::Refusal;
use chrono::NaiveDate;
use entity::Code as _;
use entity::case::CaseWorkflow::{
    self, Assessed, Closed, FollowUp, Identified, InService, Planned, Registered, Reopened,
};
use entity::case::{CaseStatus, RiskLevel};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Everything is given and nothing is open.
fn facts() -> Facts {
    Facts {
        status: CaseStatus::Open,
        has_legal_basis: true,
        has_risk: true,
        goals: 1,
        services: 1,
        open_services: 0,
        open_follow_ups: 0,
        has_reason: true,
        names_other: true,
        on: day("2026-11-20"),
        today: day("2026-11-22"),
        registered_on: day("2026-10-01"),
        assessed_on: Some(day("2026-10-03")),
        planned_on: Some(day("2026-10-10")),
        closed_on: Some(day("2026-11-10")),
    }
}

fn refusal(from: CaseWorkflow, asked: Step, facts: &Facts) -> Option<Refusal> {
    step(from, asked, facts).err().map(|fault| fault.refusal)
}

#[test]
fn every_state_and_step() {
    let allowed = |from, asked| match (from, asked) {
        (Registered, Step::Assess) => Some(Assessed),
        (Assessed, Step::Plan) => Some(Planned),
        (Planned, Step::StartServices) => Some(InService),
        (InService | FollowUp | Reopened, Step::Close) => Some(Closed),
        // By these facts the services are done: an open case stands at the follow-up.
        (InService, Step::FollowUp) | (Closed, Step::Reopen) | (Reopened, Step::MarkDuplicate) => Some(FollowUp),
        (Identified | Registered | Assessed | Planned | InService | FollowUp, Step::MarkDuplicate) => Some(from),
        _ => None,
    };
    for from in CaseWorkflow::all() {
        for asked in Step::ALL {
            let expected = allowed(from, asked).ok_or(Refusal::WrongState);
            assert_eq!(step(from, asked, &facts()).map_err(|fault| fault.refusal), expected, "{from:?} {asked:?}");
        }
    }
}

#[test]
fn a_reopened_case_goes_on_where_its_data_say() {
    let nothing = Facts { services: 0, assessed_on: None, planned_on: None, ..facts() };
    let assessed = Facts { services: 0, planned_on: None, ..facts() };
    let planned = Facts { services: 0, ..facts() };
    let serving = Facts { services: 2, open_services: 1, ..facts() };
    for (facts, state) in
        [(nothing, Registered), (assessed, Assessed), (planned, Planned), (serving, InService), (facts(), FollowUp)]
    {
        assert_eq!(derived(&facts), state);
        assert_eq!(step(Closed, Step::Reopen, &facts), Ok(state));
        for asked in Step::ALL {
            assert_eq!(step(Reopened, asked, &facts), step(state, asked, &facts));
        }
    }
}

#[test]
fn what_was_handed_over_or_repeats_another_case_does_not_move() {
    for status in [CaseStatus::Duplicate, CaseStatus::Transferred] {
        for from in CaseWorkflow::all() {
            for asked in Step::ALL {
                assert_eq!(refusal(from, asked, &Facts { status, ..facts() }), Some(Refusal::WrongState));
            }
        }
    }
}

#[test]
fn each_step_asks_for_what_it_needs() {
    let field = |from, asked, facts: Facts| step(from, asked, &facts).map_err(|fault| (fault.refusal, fault.field));
    let required = |name| Err((Refusal::FieldRequired, name));
    assert_eq!(field(Registered, Step::Assess, Facts { has_legal_basis: false, ..facts() }), required("legalBasis"));
    assert_eq!(field(Assessed, Step::Plan, Facts { goals: 0, ..facts() }), required("goals"));
    assert_eq!(field(Assessed, Step::Plan, Facts { has_risk: false, ..facts() }), required("riskLevel"));
    assert_eq!(field(Planned, Step::StartServices, Facts { services: 0, ..facts() }), required("services"));
    assert_eq!(field(Planned, Step::MarkDuplicate, Facts { names_other: false, ..facts() }), required("duplicateOf"));
    let silent = Facts { has_reason: false, ..facts() };
    assert_eq!(field(InService, Step::Close, silent), Err((Refusal::ReasonRequired, "reason")));
    assert_eq!(field(Closed, Step::Reopen, silent), Err((Refusal::ReasonRequired, "reason")));
}

#[test]
fn nothing_open_is_left_behind() {
    let services = Facts { open_services: 1, ..facts() };
    let tasks = Facts { open_follow_ups: 1, ..facts() };
    assert_eq!(refusal(InService, Step::FollowUp, &services), Some(Refusal::OpenServices));
    assert_eq!(refusal(InService, Step::FollowUp, &tasks), None);
    for from in [InService, FollowUp] {
        assert_eq!(refusal(from, Step::Close, &services), Some(Refusal::OpenServices));
        assert_eq!(refusal(from, Step::Close, &tasks), Some(Refusal::OpenTasks));
    }
}

#[test]
fn steps_are_taken_in_the_order_of_time() {
    let dated = |on: &str| Facts { on: day(on), ..facts() };
    for (from, asked) in [
        (Registered, Step::Assess),
        (Assessed, Step::Plan),
        (Planned, Step::StartServices),
        (InService, Step::FollowUp),
        (FollowUp, Step::Close),
        (Closed, Step::Reopen),
    ] {
        assert_eq!(refusal(from, asked, &dated("2026-11-22")), None);
        assert_eq!(refusal(from, asked, &dated("2026-11-23")), Some(Refusal::DateInvalid));
        assert_eq!(refusal(from, asked, &dated("2026-09-30")), Some(Refusal::DateInvalid));
    }
    assert_eq!(refusal(Assessed, Step::Plan, &dated("2026-10-02")), Some(Refusal::DateInvalid));
    assert_eq!(refusal(FollowUp, Step::Close, &dated("2026-10-09")), Some(Refusal::DateInvalid));
    assert_eq!(refusal(Closed, Step::Reopen, &dated("2026-11-09")), Some(Refusal::DateInvalid));
}

#[test]
fn the_status_follows_the_step() {
    for asked in Step::ALL {
        let expected = match asked {
            Step::Close => CaseStatus::Closed,
            Step::MarkDuplicate => CaseStatus::Duplicate,
            _ => CaseStatus::Open,
        };
        assert_eq!(status_after(asked), expected);
    }
}

#[test]
fn the_danger_sets_the_deadlines() {
    let start = day("2026-11-22");
    for (risk, assessment, follow_up) in [
        (Some(RiskLevel::High), "2026-11-24", "2026-11-29"),
        (Some(RiskLevel::Medium), "2026-11-29", "2026-12-06"),
        (Some(RiskLevel::Low), "2026-12-22", "2026-12-22"),
        (None, "2026-12-22", "2026-12-22"),
    ] {
        assert_eq!(assessment_due_on(start, risk), day(assessment));
        assert_eq!(follow_up_due_on(start, risk), day(follow_up));
    }
    assert_eq!(plan_due_on(start), day("2026-12-06"));
    assert_eq!(plan_due_on(NaiveDate::MAX), NaiveDate::MAX);
}

#[test]
fn overdue_is_open_past_due_and_not_done() {
    let today = day("2026-11-22");
    let deadline = |due: &str, done: Option<&str>| Deadline { due_on: Some(day(due)), done_on: done.map(day) };
    let missed = deadline("2026-11-21", None);
    let never = Deadline { due_on: None, done_on: None };
    assert!(is_overdue(CaseStatus::Open, &[missed, never], today));
    assert!(is_overdue(CaseStatus::Open, &[deadline("2026-11-01", Some("2026-11-05")), missed], today));
    assert!(!is_overdue(CaseStatus::Open, &[deadline("2026-11-22", None), never], today));
    assert!(!is_overdue(CaseStatus::Open, &[deadline("2026-11-01", Some("2026-11-05"))], today));
    for status in CaseStatus::all().into_iter().filter(|status| *status != CaseStatus::Open) {
        assert!(!is_overdue(status, &[missed], today));
    }
}
