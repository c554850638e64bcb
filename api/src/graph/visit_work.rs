//! What follows a visit: getting back to the visitor, and help in kind or in cash.

use entity::direct_assistance::{self, AssistanceKind};
use entity::value::{Cell, Scalar};
use entity::visit_follow_up;

use super::complaint::MONEY;
use super::declare::{Moment, Noun, code, derived, object, one, plain};
use crate::access::Class::{Internal, Personal};

pub(super) fn nouns() -> Vec<Noun> {
    vec![follow_up(), assistance()]
}

fn follow_up() -> Noun {
    use visit_follow_up::Column as C;
    Noun::of::<visit_follow_up::Entity>(
        "VisitFollowUp",
        "visit_follow_up",
        ["visitFollowUp", "visitFollowUps"],
        "Getting back to a visitor, planned or done.",
        vec![
            one("visit", C::VisitId, "Visit", Internal, "The visit.").filtered(),
            one("assignee", C::AssigneeId, "User", Internal, "Who is to do it.").filtered(),
            plain("neededBy", C::NeededBy, Internal, "Day by which it has to happen.").filtered().sorted(),
            plain("doneOn", C::DoneOn, Internal, "Day it happened; null while it is due.").filtered().sorted(),
            derived(
                "isOverdue",
                &[C::NeededBy, C::DoneOn],
                Scalar::Bool,
                is_overdue,
                Internal,
                "Whether it was needed before today, by the day of the organisation's time zone, and is not done.",
            )
            .always(),
            plain("purpose", C::Purpose, Personal, "What it is for, in words."),
            plain("outcome", C::Outcome, Personal, "What came of it, in words."),
        ],
    )
}

fn assistance() -> Noun {
    use direct_assistance::Column as C;
    let value = vec![
        plain("amount", C::ValueAmount, Personal, "In units of the currency."),
        plain("currency", C::ValueCurrency, Personal, "The currency (ISO 4217)."),
    ];
    Noun::of::<direct_assistance::Entity>(
        "DirectAssistance",
        "direct_assistance",
        ["directAssistance", "directAssistances"],
        "Help in kind or in cash that a visitor got.",
        vec![
            one("visit", C::VisitId, "Visit", Internal, "The visit.").filtered(),
            plain("givenOn", C::GivenOn, Internal, "Day it was given.").filtered().sorted(),
            code::<AssistanceKind>("kind", C::Kind, Internal, "What kind of help it was.").filtered(),
            plain("item", C::Item, Personal, "What was given, in words."),
            object("value", MONEY, Personal, value, false, "What it was worth."),
            plain("note", C::Note, Personal, "What else matters, in words."),
        ],
    )
    .called("acts of direct assistance")
}

fn is_overdue(cells: &[Cell<'_>], moment: &Moment) -> Cell<'static> {
    Cell::Bool(matches!(cells, [Cell::Date(needed), Cell::Null] if *needed < moment.today))
}
