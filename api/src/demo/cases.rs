//! Cases with everything in them: dates in order, deadlines by the rules, nothing open in a closed one.

use chrono::{Datelike as _, NaiveDate};
use entity::case::{
    self, CaseStatus, CaseWorkflow, ClosureReason, IdentificationSource, LegalBasis, LegalTrack, Module, RiskLevel,
    UnaccompaniedStatus,
};
use entity::case_note;
use entity::case_service::{self, ServiceImplementation, ServiceResponse, ServiceTimeframe, ServiceType};
use entity::follow_up::{self, FollowUpKind, NotSeenReason};
use entity::person::Answer;
use entity::protection_concern::{self, ConcernKind, ConcernStage};
use sea_orm::Set;
use uuid::Uuid;

use super::draw::Draw;
use super::people::Child;
use super::plans::{Plan, Staff};
use super::store::made;
use super::survivors::Survivor;
use crate::domain::case::{assessment_due_on, follow_up_due_on, plan_due_on};

#[derive(Default)]
pub(super) struct Cases {
    pub(super) rows: Vec<case::ActiveModel>,
    pub(super) concerns: Vec<protection_concern::ActiveModel>,
    pub(super) services: Vec<case_service::ActiveModel>,
    pub(super) follow_ups: Vec<follow_up::ActiveModel>,
    pub(super) notes: Vec<case_note::ActiveModel>,
    /// The case before, which a duplicate repeats: its id, child, survivor and place.
    last: Option<(Uuid, Option<Uuid>, Option<Uuid>, Uuid)>,
}

/// Whom a case is about.
#[derive(Clone, Copy)]
enum Subject<'a> {
    Child(&'a Child),
    Survivor(&'a Survivor),
}

/// How far a case has come, and when.
#[derive(Clone, Copy)]
struct Course {
    id: Uuid,
    owner: Uuid,
    workflow: CaseWorkflow,
    risk: Option<RiskLevel>,
    registered: NaiveDate,
    assessed: Option<NaiveDate>,
    planned: Option<NaiveDate>,
    is_trafficking: bool,
}

/// The cases of an organisation: one in six about a survivor, the others about children, a few of them twice.
pub(super) fn cases(
    plan: &Plan,
    staff: &Staff,
    project: Uuid,
    children: &[Child],
    survivors: &[Survivor],
    draw: &mut Draw,
) -> Cases {
    let mut cases = Cases::default();
    let (mut child, mut survivor) = (children.iter().cycle(), survivors.iter());
    for number in 1..=plan.cases {
        let about = if number % 6 == 0 { survivor.next().map(Subject::Survivor) } else { None };
        let Some(about) = about.or_else(|| child.next().map(Subject::Child)) else { break };
        // Not every child has a case.
        if draw.chance(45) {
            child.next();
        }
        cases.one(plan, staff, project, about, number, draw);
    }
    cases
}

impl Cases {
    fn one(&mut self, plan: &Plan, staff: &Staff, project: Uuid, about: Subject<'_>, number: usize, draw: &mut Draw) {
        let course = course(staff, about, draw);
        let is_open = course.workflow != CaseWorkflow::Closed;
        let duplicate = if course.workflow == CaseWorkflow::Registered && draw.chance(12) { self.last } else { None };
        let mut last = course.planned.or(course.assessed).unwrap_or(course.registered);
        self.concerns(&course, draw);
        self.services(&course, &mut last, draw);
        self.follow_ups(&course, &mut last, draw);
        let closed_on = (!is_open).then(|| draw.later(last, 1, 20));
        self.notes(&course, closed_on.unwrap_or(last), draw);
        let is_reopened = course.workflow == CaseWorkflow::InService && draw.chance(5);
        let made_at = draw.at(course.registered);
        let status = match (is_open, duplicate) {
            (false, _) => CaseStatus::Closed,
            (true, Some(_)) => CaseStatus::Duplicate,
            (true, None) if course.workflow == CaseWorkflow::Identified => CaseStatus::Identified,
            (true, None) => CaseStatus::Open,
        };
        let (child, survivor, township) = match about {
            Subject::Child(child) => (Some(child.id), None, child.community),
            Subject::Survivor(survivor) => (None, Some(survivor.id), survivor.place),
        };
        let repeated = duplicate.map(|(_, child, survivor, place)| (child, survivor, place));
        let (child, survivor, township) = repeated.unwrap_or((child, survivor, township));
        let goals =
            ["Safe at home", "Back in school", "Papers applied for", "Income for the family", "Health restored"];
        let reason = draw.mostly(
            ClosureReason::GoalsMet,
            &[
                (ClosureReason::NoLongerRequiresSupport, 20),
                (ClosureReason::MovedAbroad, 10),
                (ClosureReason::CannotBeContacted, 12),
                (ClosureReason::Turned18, if child.is_some() { 6 } else { 0 }),
            ],
        );
        let row = case::ActiveModel {
            id: Set(course.id),
            display_number: Set(format!("{}-{}-{number:05}", plan.code, course.registered.year())),
            module: Set(if survivor.is_some() { Module::Trafficking } else { Module::ChildProtection }),
            owner_id: Set(course.owner),
            status: Set(status),
            workflow: Set(course.workflow),
            legal_track: Set(draw.of(&[LegalTrack::Statutory, LegalTrack::NonStatutory])),
            child_id: Set(child),
            survivor_id: Set(survivor),
            project_id: Set(draw.chance(70).then_some(project)),
            township_id: Set(Some(township)),
            identified_through: Set(source(draw)),
            unaccompanied_status: Set(child.map(|_| {
                draw.mostly(
                    UnaccompaniedStatus::No,
                    &[(UnaccompaniedStatus::SeparatedChild, 9), (UnaccompaniedStatus::UnaccompaniedMinor, 4)],
                )
            })),
            risk_level: Set(course.risk),
            is_urgent: Set(course.risk == Some(RiskLevel::High) && draw.chance(40)),
            legal_basis: Set(Some(draw.mostly(LegalBasis::Consent, &[(LegalBasis::VitalInterests, 8)]))
                .filter(|_| course.assessed.is_some() || draw.chance(60))),
            goals: Set(if course.planned.is_some() {
                draw.some(&goals, 1, 3).into_iter().map(str::to_owned).collect::<Vec<_>>().into()
            } else {
                Vec::new().into()
            }),
            registered_on: Set(course.registered),
            assessment_due_on: Set(Some(assessment_due_on(course.registered, course.risk))),
            assessed_on: Set(course.assessed),
            plan_due_on: Set(course.assessed.map(plan_due_on)),
            planned_on: Set(course.planned),
            closed_on: Set(closed_on),
            closure_reason: Set(closed_on.map(|_| reason)),
            closure_note: Set(closed_on
                .and_then(|_| draw.of(&["Agreed with the family (demo).", "Last visit went well (demo)."]))
                .map(str::to_owned)),
            reopened_on: Set(is_reopened.then_some(last)),
            reopen_reason: Set(is_reopened.then(|| "The family asked for help again (demo).".to_owned())),
            duplicate_of_id: Set(duplicate.map(|(id, ..)| id)),
            ..Default::default()
        };
        self.rows.push(made(row, made_at, Some(course.owner)));
        if duplicate.is_none() {
            self.last = Some((course.id, child, survivor, township));
        }
    }

    fn concerns(&mut self, course: &Course, draw: &mut Draw) {
        const USUAL: [ConcernKind; 14] = [
            ConcernKind::Neglect,
            ConcernKind::LackOfDocumentation,
            ConcernKind::Separated,
            ConcernKind::Migrant,
            ConcernKind::PhysicallyOrMentallyAbused,
            ConcernKind::WorstFormsOfChildLabour,
            ConcernKind::MentallyDistressed,
            ConcernKind::Statelessness,
            ConcernKind::SeriousHealthIssue,
            ConcernKind::ChildMarriage,
            ConcernKind::HazardousWork,
            ConcernKind::Disabled,
            ConcernKind::RecruitmentRisk,
            ConcernKind::OnlineExploitation,
        ];
        let mut kinds =
            draw.some(&USUAL, usize::from(!course.is_trafficking), if course.is_trafficking { 3 } else { 4 });
        if course.is_trafficking {
            kinds.push(ConcernKind::TraffickedSmuggled);
        }
        let at = draw.at(course.registered);
        for kind in kinds {
            let row = protection_concern::ActiveModel {
                id: Set(draw.id(at)),
                case_id: Set(course.id),
                kind: Set(kind),
                found_at: Set(draw.mostly(ConcernStage::Registration, &[(ConcernStage::FollowUpInCare, 12)])),
                observed_on: Set(Some(course.registered)),
                details: Set(draw.chance(20).then(|| "Told by a neighbour (demo).".to_owned())),
                is_open: Set(course.workflow != CaseWorkflow::Closed && draw.chance(85)),
                ..Default::default()
            };
            self.concerns.push(made(row, at, Some(course.owner)));
        }
    }

    /// Services of a planned case; at least one is open in service, none later.
    fn services(&mut self, course: &Course, last: &mut NaiveDate, draw: &mut Draw) {
        const TYPES: [ServiceType; 14] = [
            ServiceType::HealthMedical,
            ServiceType::Psychosocial,
            ServiceType::LegalAssistance,
            ServiceType::EducationFormal,
            ServiceType::EducationNonFormal,
            ServiceType::Food,
            ServiceType::NonFoodItems,
            ServiceType::CashAssistance,
            ServiceType::FamilyMediation,
            ServiceType::Documentation,
            ServiceType::Shelter,
            ServiceType::AlternativeCare,
            ServiceType::Livelihoods,
            ServiceType::Counselling,
        ];
        let Some(planned) = course.planned else { return };
        if course.workflow == CaseWorkflow::Planned {
            return;
        }
        let count = draw.count(1, 5);
        let start = *last;
        for number in 0..count {
            let requested = draw.later(planned, 0, 12);
            let at = draw.at(requested);
            let is_open = course.workflow == CaseWorkflow::InService && (number == 0 || draw.chance(40));
            let done = (!is_open).then(|| draw.later(requested, 0, 30));
            *last = (*last).max(done.unwrap_or(start)).max(requested);
            let row = case_service::ActiveModel {
                id: Set(draw.id(at)),
                case_id: Set(course.id),
                response_kind: Set(draw.mostly(ServiceResponse::ServiceProvision, &[(ServiceResponse::CarePlan, 20)])),
                service_type: Set(draw.of(&TYPES).unwrap_or(ServiceType::Other)),
                requested_on: Set(requested),
                timeframe: Set(draw.of(&[ServiceTimeframe::Within1Day, ServiceTimeframe::Within3Days])),
                appointment_on: Set(done),
                agency: Set(draw
                    .of(&["Township hospital (demo)", "Legal aid desk (demo)", "Women's group (demo)"])
                    .map(str::to_owned)),
                place_id: Set(None),
                implementation: Set(if is_open {
                    ServiceImplementation::NotImplemented
                } else {
                    ServiceImplementation::Implemented
                }),
                implemented_on: Set(done),
                provider_note: Set(done.and_then(|_| draw.of(&["Given as planned (demo)."])).map(str::to_owned)),
                ..Default::default()
            };
            self.services.push(made(row, at, Some(course.owner)));
        }
    }

    fn follow_ups(&mut self, course: &Course, last: &mut NaiveDate, draw: &mut Draw) {
        let Some(mut contact) = course.planned else { return };
        if course.workflow == CaseWorkflow::Planned {
            return;
        }
        for _ in 0..draw.count(0, 4) {
            let needed_by = follow_up_due_on(contact, course.risk);
            if needed_by >= draw.today() {
                break;
            }
            let done_on = draw.later(contact, 3, 33);
            self.follow_up(course, needed_by, Some(done_on), draw);
            contact = done_on;
        }
        *last = (*last).max(contact);
        if course.workflow != CaseWorkflow::Closed && draw.chance(75) {
            // Some are overdue, most lie ahead.
            let from = draw.days_ago(0, 25);
            self.follow_up(course, follow_up_due_on(from, course.risk), None, draw);
        }
    }

    fn follow_up(&mut self, course: &Course, needed_by: NaiveDate, done_on: Option<NaiveDate>, draw: &mut Draw) {
        let seen = match done_on {
            Some(_) => draw.mostly(Answer::Yes, &[(Answer::No, 15)]),
            None => Answer::NotAsked,
        };
        let reasons = [NotSeenReason::AtSchool, NotSeenReason::Visiting, NotSeenReason::Working];
        let at = draw.at(done_on.unwrap_or(course.planned.unwrap_or(course.registered)));
        let row = follow_up::ActiveModel {
            id: Set(draw.id(at)),
            case_id: Set(course.id),
            kind: Set(draw.mostly(FollowUpKind::ForService, &[(FollowUpKind::InCare, 25)])),
            needed_by: Set(needed_by),
            done_on: Set(done_on),
            child_seen: Set(seen),
            not_seen_reason: Set(if seen == Answer::No { draw.of(&reasons) } else { None }),
            action_taken: Set(done_on
                .and_then(|_| draw.of(&["Talked with the child and a caregiver (demo)."]))
                .map(str::to_owned)),
            next_visit_on: Set(done_on.map(|done| follow_up_due_on(done, course.risk))),
            recommends_closing: Set(done_on.is_some() && course.workflow == CaseWorkflow::Closed),
            ..Default::default()
        };
        self.follow_ups.push(made(row, at, Some(course.owner)));
    }

    fn notes(&mut self, course: &Course, end: NaiveDate, draw: &mut Draw) {
        const TEXTS: [&str; 5] = [
            "First talk at the community centre; wants to be called in the evening (demo).",
            "School was visited, the teacher will help (demo).",
            "Family has moved to another quarter (demo).",
            "Waiting for an answer from the hospital (demo).",
            "Caregiver asks for help with papers (demo).",
        ];
        let span = u64::try_from(end.signed_duration_since(course.registered).num_days()).unwrap_or_default();
        for _ in 0..draw.count(0, 3) {
            let on = draw.later(course.registered, 0, span);
            let at = draw.at(on);
            let row = case_note::ActiveModel {
                id: Set(draw.id(at)),
                case_id: Set(course.id),
                body: Set(draw.of(&TEXTS).unwrap_or_default().to_owned()),
                written_at: Set(at),
                author_id: Set(Some(course.owner)),
                ..Default::default()
            };
            self.notes.push(made(row, at, Some(course.owner)));
        }
    }
}

fn course(staff: &Staff, about: Subject<'_>, draw: &mut Draw) -> Course {
    use CaseWorkflow as W;
    let workflow = draw.mostly(
        W::InService,
        &[
            (W::Closed, 30),
            (W::FollowUp, 15),
            (W::Planned, 9),
            (W::Assessed, 8),
            (W::Registered, 12),
            (W::Identified, 2),
        ],
    );
    let (least, most) = match workflow {
        W::Identified | W::Registered => (0, 30),
        W::Assessed | W::Planned => (5, 60),
        W::Closed => (90, 600),
        W::InService | W::FollowUp | W::Reopened => (25, 360),
    };
    let earliest = match about {
        Subject::Child(child) => child.registered_on,
        Subject::Survivor(survivor) => survivor.registered_on,
    };
    let registered = draw.days_ago(least, most).max(earliest);
    let risk = draw.mostly(RiskLevel::Medium, &[(RiskLevel::High, 20), (RiskLevel::Low, 35)]);
    let risk = (!matches!(workflow, W::Identified | W::Registered) || draw.chance(50)).then_some(risk);
    let is_assessed = !matches!(workflow, W::Identified | W::Registered);
    let within = match risk {
        Some(RiskLevel::High) => 3,
        Some(RiskLevel::Medium) => 8,
        Some(RiskLevel::Low) | None => 25,
    };
    let assessed = is_assessed.then(|| draw.later(registered, 0, within));
    let planned = assessed.filter(|_| workflow != W::Assessed).map(|day| draw.later(day, 0, 14));
    let at = draw.at(registered);
    Course {
        id: draw.id(at),
        owner: draw.of(&staff.caseworkers).unwrap_or_default(),
        workflow,
        risk,
        registered,
        assessed,
        planned,
        is_trafficking: matches!(about, Subject::Survivor(_)),
    }
}

fn source(draw: &mut Draw) -> IdentificationSource {
    draw.mostly(
        IdentificationSource::CommunityGroup,
        &[
            (IdentificationSource::School, 15),
            (IdentificationSource::Health, 10),
            (IdentificationSource::Family, 15),
            (IdentificationSource::ResourceCentre, 12),
            (IdentificationSource::Hotline, 8),
            (IdentificationSource::Police, 5),
            (IdentificationSource::Outreach, 10),
        ],
    )
}
