//! Cases with their concerns, services, follow-ups and notes.

use entity::case::{
    self, CaseStatus, CaseWorkflow, ClosureReason, IdentificationSource, LegalBasis, LegalTrack, Module, RiskLevel,
    UnaccompaniedStatus,
};
use entity::case_service::{self, ServiceImplementation, ServiceResponse, ServiceTimeframe, ServiceType};
use entity::follow_up::{self, FollowUpKind, NotSeenReason};
use entity::person::Answer;
use entity::protection_concern::{self, ConcernKind, ConcernStage};
use entity::value::{Cell, Scalar};
use entity::{Code as _, case_note};

use super::declare::{Field, Moment, Noun, code, derived, many, one, plain, text_list};
use crate::access::Class::{Internal, Personal, Sensitive};
use crate::domain::case as rules;

pub(super) fn nouns() -> Vec<Noun> {
    vec![case(), concern(), service(), follow_up(), note()]
}

fn case() -> Noun {
    let fields = running().into_iter().chain(about()).chain(work()).collect();
    Noun::of::<case::Entity>(
        "Case",
        "case",
        ["case", "cases"],
        "The work of one organisation with one child or survivor, from the first report to the end of the help.",
        fields,
    )
    .keyed("displayNumber", case::Column::DisplayNumber, Internal)
}

fn running() -> Vec<Field> {
    use case::Column as C;
    vec![
        plain("displayNumber", C::DisplayNumber, Internal, "The number people use for the case.").filtered().sorted(),
        code::<Module>("module", C::Module, Internal, "The field of work it belongs to.").filtered(),
        one("owner", C::OwnerId, "User", Internal, "Who is responsible for the case.").always().filtered(),
        code::<CaseStatus>("status", C::Status, Internal, "The coarse state, for filters.").filtered(),
        code::<CaseWorkflow>(
            "workflow",
            C::Workflow,
            Internal,
            "The step the work has reached; it follows from what was done and is never set by hand.",
        )
        .filtered(),
        code::<LegalTrack>("legalTrack", C::LegalTrack, Internal, "Whether the state leads the case."),
        one("project", C::ProjectId, "Project", Internal, "The project that pays for the work.").filtered(),
        one("township", C::TownshipId, "Location", Internal, "The township the case is counted in.").filtered(),
        plain("registeredOn", C::RegisteredOn, Internal, "Day on which the case was registered.").filtered().sorted(),
        plain(
            "assessmentDueOn",
            C::AssessmentDueOn,
            Internal,
            "Last day for the assessment: 2, 7 or 30 days after the registration at high, medium or low risk.",
        )
        .filtered()
        .sorted(),
        plain("planDueOn", C::PlanDueOn, Internal, "Last day for the plan: 14 days after the assessment.")
            .filtered()
            .sorted(),
        derived(
            "isOverdue",
            &[C::Status, C::AssessmentDueOn, C::AssessedOn, C::PlanDueOn, C::PlannedOn],
            Scalar::Bool,
            is_overdue,
            Internal,
            "Whether the case is open and its assessment or its plan was due before today, by the day of the \
             organisation's time zone, and is still missing.",
        )
        .always(),
        one("duplicateOf", C::DuplicateOfId, "Case", Internal, "The case this one repeats.").filtered(),
        many("duplicates", C::DuplicateOfId, "Case", Internal, "Cases that repeat this one."),
        plain("reopenedOn", C::ReopenedOn, Internal, "Day on which it was last opened again."),
    ]
}

fn about() -> Vec<Field> {
    use case::Column as C;
    vec![
        one("child", C::ChildId, "Child", Personal, "The child the case is about.").filtered(),
        one("survivor", C::SurvivorId, "Survivor", Personal, "The survivor the case is about.").filtered(),
        code::<IdentificationSource>(
            "identifiedThrough",
            C::IdentifiedThrough,
            Personal,
            "How the organisation came to know of the case.",
        ),
        code::<UnaccompaniedStatus>(
            "unaccompaniedStatus",
            C::UnaccompaniedStatus,
            Personal,
            "Whether the child is without parents or usual caregivers.",
        ),
        code::<LegalBasis>("legalBasis", C::LegalBasis, Personal, "The ground on which personal data are kept."),
    ]
}

fn work() -> Vec<Field> {
    use case::Column as C;
    vec![
        code::<RiskLevel>(
            "riskLevel",
            C::RiskLevel,
            Sensitive,
            "How great the danger for the person is; it sets the deadlines. Null before the assessment.",
        )
        .filtered(),
        plain("isUrgent", C::IsUrgent, Sensitive, "Whether the case cannot wait."),
        plain("assessedOn", C::AssessedOn, Sensitive, "Day on which the assessment was completed."),
        plain("plannedOn", C::PlannedOn, Sensitive, "Day on which the plan was made."),
        text_list("goals", C::Goals, Sensitive, "What the plan is to reach, in words."),
        plain("closedOn", C::ClosedOn, Sensitive, "Day on which the case was closed.").filtered().sorted(),
        code::<ClosureReason>("closureReason", C::ClosureReason, Sensitive, "Why the case was closed."),
        plain("closureNote", C::ClosureNote, Sensitive, "What else matters about the closing, in words."),
        plain("reopenReason", C::ReopenReason, Sensitive, "Why the case was opened again, in words."),
        many(
            "concerns",
            protection_concern::Column::CaseId,
            "ProtectionConcern",
            Sensitive,
            "Dangers and needs that call for protection.",
        )
        .filtered(),
        many("services", case_service::Column::CaseId, "CaseService", Sensitive, "Services asked for and given.")
            .filtered(),
        many("followUps", follow_up::Column::CaseId, "FollowUp", Sensitive, "Visits that look after the case.")
            .filtered(),
        many("notes", case_note::Column::CaseId, "CaseNote", Sensitive, "Notes of the staff; only ever added.")
            .filtered(),
    ]
}

fn is_overdue(cells: &[Cell<'_>], moment: &Moment) -> Cell<'static> {
    let status = cells.first().and_then(Cell::text).and_then(CaseStatus::from_code);
    let date = |position: usize| cells.get(position).and_then(Cell::date);
    let deadline = |due, done| rules::Deadline { due_on: date(due), done_on: date(done) };
    let overdue =
        status.is_some_and(|status| rules::is_overdue(status, &[deadline(1, 2), deadline(3, 4)], moment.today));
    Cell::Bool(overdue)
}

fn concern() -> Noun {
    use protection_concern::Column as C;
    Noun::of::<protection_concern::Entity>(
        "ProtectionConcern",
        "protection_concern",
        ["protectionConcern", "protectionConcerns"],
        "A danger or need found in a case that calls for protection.",
        vec![
            one("case", C::CaseId, "Case", Sensitive, "The case it was found in.").filtered(),
            code::<ConcernKind>("kind", C::Kind, Sensitive, "What the danger or need is (Primero).").filtered(),
            code::<ConcernStage>("foundAt", C::FoundAt, Sensitive, "At which stage of the work it was found."),
            plain("observedOn", C::ObservedOn, Sensitive, "Day on which it was observed, if known."),
            plain("details", C::Details, Sensitive, "What is known about it, in words."),
            plain("isOpen", C::IsOpen, Sensitive, "Whether it still exists.").filtered(),
        ],
    )
}

fn service() -> Noun {
    use case_service::Column as C;
    Noun::of::<case_service::Entity>(
        "CaseService",
        "case_service",
        ["caseService", "caseServices"],
        "A service asked for in a case, such as a safe house or legal advice, and whether it was given.",
        vec![
            one("case", C::CaseId, "Case", Sensitive, "The case it was asked for in.").filtered(),
            code::<ServiceResponse>(
                "responseKind",
                C::ResponseKind,
                Sensitive,
                "As which part of the response it was asked for.",
            ),
            code::<ServiceType>("serviceType", C::ServiceType, Sensitive, "What the service is.").filtered(),
            plain("requestedOn", C::RequestedOn, Sensitive, "Day on which it was asked for.").filtered().sorted(),
            code::<ServiceTimeframe>("timeframe", C::Timeframe, Sensitive, "How soon it has to begin (Primero)."),
            plain("appointmentOn", C::AppointmentOn, Sensitive, "Day of the appointment."),
            plain("agency", C::Agency, Sensitive, "The organisation that gives it, by name."),
            one("place", C::PlaceId, "Location", Sensitive, "The place it is given at.").filtered(),
            code::<ServiceImplementation>("implementation", C::Implementation, Sensitive, "Whether it was given.")
                .filtered(),
            plain("implementedOn", C::ImplementedOn, Sensitive, "Day on which it was given."),
            plain("providerNote", C::ProviderNote, Sensitive, "What the provider reported, in words."),
        ],
    )
}

fn follow_up() -> Noun {
    use follow_up::Column as C;
    Noun::of::<follow_up::Entity>(
        "FollowUp",
        "follow_up",
        ["followUp", "followUps"],
        "A visit or call that looks after a case: due by a day, and done or not.",
        vec![
            one("case", C::CaseId, "Case", Sensitive, "The case it looks after.").filtered(),
            code::<FollowUpKind>("kind", C::Kind, Sensitive, "What it looks after."),
            plain("neededBy", C::NeededBy, Sensitive, "Last day for it to happen.").filtered().sorted(),
            plain("doneOn", C::DoneOn, Sensitive, "Day on which it happened; null while it is due.")
                .filtered()
                .sorted(),
            code::<Answer>("childSeen", C::ChildSeen, Sensitive, "Whether the child was seen."),
            code::<NotSeenReason>("notSeenReason", C::NotSeenReason, Sensitive, "Why the child was not seen."),
            plain("actionTaken", C::ActionTaken, Sensitive, "What was done, in words."),
            plain("nextVisitOn", C::NextVisitOn, Sensitive, "Day of the next visit."),
            plain(
                "recommendsClosing",
                C::RecommendsClosing,
                Sensitive,
                "Whether the visitor advises closing the case.",
            ),
        ],
    )
}

fn note() -> Noun {
    use case_note::Column as C;
    Noun::of::<case_note::Entity>(
        "CaseNote",
        "case_note",
        ["caseNote", "caseNotes"],
        "A note in a case; notes are added and never changed.",
        vec![
            one("case", C::CaseId, "Case", Sensitive, "The case it was written in.").filtered(),
            plain("text", C::Body, Sensitive, "What was written."),
            plain("writtenAt", C::WrittenAt, Sensitive, "When it was written (UTC).").filtered().sorted(),
            one("author", C::AuthorId, "User", Sensitive, "Who wrote it.").filtered(),
        ],
    )
}
