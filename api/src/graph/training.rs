//! Trainings: what is taught, sessions, who took part and what they learnt.

use entity::curriculum::{self, TrainingAudience};
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::test_result::{self, TestPhase};
use entity::{attendance, training_session};

use super::complaint::MONEY;
use super::cube::{Counted, Cube, measure};
use super::declare::{Noun, code, column, many, names, object, one, plain, text_list};
use crate::access::Class::{Internal, Personal};

pub(super) fn nouns() -> Vec<Noun> {
    vec![curriculum(), session(), attendance(), test_result()]
}

fn curriculum() -> Noun {
    use curriculum::Column as C;
    Noun::of::<curriculum::Entity>(
        "Curriculum",
        "curriculum",
        ["curriculum", "curricula"],
        "What an organisation teaches, in trainings for one kind of audience.",
        vec![
            plain("code", C::Code, Internal, "Short code within the organisation.").filtered().sorted(),
            names("names", [C::NameEn, C::NameMy, C::NameTh], Internal, "Its name."),
            code::<TrainingAudience>("audience", C::Audience, Internal, "Whom it is for.").filtered(),
            text_list("modules", C::Modules, Internal, "Its parts in order."),
            many(
                "sessions",
                training_session::Column::CurriculumId,
                "TrainingSession",
                Internal,
                "When it was taught.",
            )
            .filtered(),
        ],
    )
    .keyed("code", C::Code, Internal)
}

fn session() -> Noun {
    use training_session::Column as C;
    let cost = vec![
        plain("amount", C::CostAmount, Internal, "In units of the currency."),
        plain("currency", C::CostCurrency, Internal, "The currency (ISO 4217)."),
    ];
    Noun::of::<training_session::Entity>(
        "TrainingSession",
        "training_session",
        ["trainingSession", "trainingSessions"],
        "A training as it was held, from its first day to its last.",
        vec![
            one("curriculum", C::CurriculumId, "Curriculum", Internal, "What was taught.").always().filtered(),
            plain("startsOn", C::StartsOn, Internal, "First day.").filtered().sorted(),
            plain("endsOn", C::EndsOn, Internal, "Last day."),
            plain("hours", C::Hours, Internal, "How many hours it took in all."),
            one("place", C::PlaceId, "Location", Internal, "Where it was held.").filtered(),
            plain("language", C::Language, Internal, "The language that was spoken (BCP 47)."),
            text_list("trainers", C::Trainers, Internal, "Who taught, by name."),
            object("cost", MONEY, Internal, cost, false, "What it cost."),
            one("centre", C::CentreId, "ResourceCentre", Internal, "The centre that held it.").filtered(),
            one("project", C::ProjectId, "Project", Internal, "The project that paid for it.").filtered(),
            one("officer", C::OfficerId, "User", Internal, "Who looks after it.").filtered(),
            many("attendances", attendance::Column::SessionId, "Attendance", Internal, "Who took part.").filtered(),
            many(
                "testResults",
                test_result::Column::SessionId,
                "TestResult",
                Internal,
                "What they knew before and after.",
            )
            .filtered(),
        ],
    )
    .called("training sessions")
}

fn attendance() -> Noun {
    use attendance::Column as C;
    Noun::of::<attendance::Entity>(
        "Attendance",
        "attendance",
        ["attendance", "attendances"],
        "Somebody who took part in a training: a person on record, or a key that stands for one. What statistics are cut by \
         is that of the session when the attendance was recorded.",
        vec![
            one("session", C::SessionId, "TrainingSession", Internal, "The training.").always().filtered(),
            plain("heldOn", C::HeldOn, Internal, "First day of the session.").filtered().sorted(),
            one("curriculum", C::CurriculumId, "Curriculum", Internal, "What was taught.").always().filtered(),
            code::<TrainingAudience>("audience", C::Audience, Internal, "Whom it is for."),
            one("place", C::PlaceId, "Location", Internal, "Where it was held.").filtered(),
            one("centre", C::CentreId, "ResourceCentre", Internal, "The centre that held it.").filtered(),
            one("project", C::ProjectId, "Project", Internal, "The project that paid for it.").filtered(),
            one("person", C::PersonId, "Person", Personal, "The participant, if he or she is a person on record.")
                .filtered(),
            plain("participantKey", C::ParticipantKey, Personal, "The key that stands for the participant.")
                .filtered()
                .sorted(),
            code::<Sex>("sex", C::Sex, Personal, "The participant's sex.").filtered(),
            plain("ageYears", C::AgeYears, Personal, "The participant's age in years, if told.").filtered().sorted(),
            code::<Answer>("disability", C::Disability, Personal, "Whether the Washington Group cut-off is met."),
            code::<DisplacementStatus>(
                "displacement",
                C::Displacement,
                Personal,
                "How the participant came to live where he or she lives.",
            ),
            plain("days", C::Days, Personal, "How many days he or she was there."),
        ],
    )
}

fn test_result() -> Noun {
    use test_result::Column as C;
    Noun::of::<test_result::Entity>(
        "TestResult",
        "test_result",
        ["testResult", "testResults"],
        "What a participant knew before or after a training. Results are paired by the participant's key within a session.",
        vec![
            one("session", C::SessionId, "TrainingSession", Internal, "The training.").always().filtered(),
            one("curriculum", C::CurriculumId, "Curriculum", Internal, "What was taught.").always().filtered(),
            code::<TrainingAudience>("audience", C::Audience, Internal, "Whom it is for."),
            one("place", C::PlaceId, "Location", Internal, "Where it was held.").filtered(),
            code::<TestPhase>("phase", C::Phase, Internal, "Whether it was before or after.").filtered(),
            plain("takenOn", C::TakenOn, Internal, "Day of the test.").filtered().sorted(),
            plain("participantKey", C::ParticipantKey, Personal, "The key that stands for the participant.")
                .filtered()
                .sorted(),
            plain("score", C::Score, Personal, "What was reached."),
            plain("max", C::MaxScore, Personal, "What could be reached."),
            plain("percent", C::Percent, Personal, "What was reached, in percent of what could be, to two decimals."),
            plain(
                "change",
                C::Change,
                Personal,
                "Percentage points above the same key's result before the training, to two decimals; null where there is \
                 none, and before the training.",
            ),
        ],
    )
    .called("test results")
}

/// What is counted of trainings, if that is what the noun holds.
pub(super) fn cube(noun: &Noun) -> Option<Cube> {
    match noun.name {
        "Attendance" => Some(attended(noun)),
        "TestResult" => Some(tested(noun)),
        _ => None,
    }
}

fn attended(noun: &Noun) -> Cube {
    use attendance::Column as C;
    const BY: &[&str] =
        &["curriculum", "audience", "centre", "project", "place", "sex", "ageYears", "disability", "displacement"];
    let participant = Counted::Different(column(C::PersonId), vec![column(C::ParticipantKey)]);
    let measures = vec![
        measure(
            "attendances",
            Counted::Rows,
            Internal,
            "How many attendances: one for each participant of each session.",
        ),
        measure(
            "participants",
            participant,
            Personal,
            "How many participants: persons where they are known, else keys. Groups may share a participant, so their \
             numbers need not add up.",
        ),
        measure(
            "sessions",
            Counted::Different(column(C::SessionId), Vec::new()),
            Internal,
            "How many sessions that somebody attended. Groups may share a session, so their numbers need not add up.",
        ),
        measure("days", Counted::Sum(column(C::Days)), Personal, "How many days they were there, all together."),
    ];
    let text = "Attendances of trainings within your reach, counted; by the first day of the session.";
    Cube::of(noun, "attendanceStatistics", text, C::HeldOn, BY, measures)
}

fn tested(noun: &Noun) -> Cube {
    use test_result::Column as C;
    const BY: &[&str] = &["curriculum", "audience", "place", "phase"];
    let measures = vec![
        measure("results", Counted::Rows, Internal, "How many results."),
        measure(
            "compared",
            Counted::Known(column(C::Change)),
            Personal,
            "How many of them have a change: the same key was tested before the training.",
        ),
        measure(
            "meanPercent",
            Counted::Mean(column(C::Percent)),
            Personal,
            "What was reached, in percent, on average.",
        ),
        measure(
            "meanChange",
            Counted::Mean(column(C::Change)),
            Personal,
            "The change in percentage points, on average over those that have one.",
        ),
    ];
    let text = "Results of tests before and after trainings within your reach, counted; by the day of the test.";
    Cube::of(noun, "testResultStatistics", text, C::TakenOn, BY, measures)
}
