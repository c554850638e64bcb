//! Complaints, who complains, and the talks about trafficking that signs of forced labour ask for.

use entity::complainant;
use entity::complaint::{self, ComplaintAgainst, ComplaintKind, ComplaintStage, ComplaintStatus};
use entity::person::Answer;
use entity::screening_request::{self, ForcedLabourSign};
use entity::value::{Cell, Scalar};

use super::cube::{Counted, Cube, measure};
use super::declare::{Field, Moment, Noun, code, code_list, column, derived, many, object, one, plain};
use crate::access::Class::{Internal, Sensitive};

pub(super) const MONEY: (&str, &str) = ("Money", "An amount in a currency.");

pub(super) fn nouns() -> Vec<Noun> {
    vec![complaint(), complainant(), screening_request()]
}

fn complaint() -> Noun {
    let fields = running().into_iter().chain(about()).collect();
    Noun::of::<complaint::Entity>(
        "Complaint",
        "complaint",
        ["complaint", "complaints"],
        "A complaint of one migrant or many against a recruiter, an employer or others, from the first telling to its end.",
        fields,
    )
    .keyed("reference", complaint::Column::Reference, Internal)
}

fn running() -> Vec<Field> {
    use complaint::Column as C;
    vec![
        plain("reference", C::Reference, Internal, "The number people use for the complaint.").filtered().sorted(),
        one("centre", C::CentreId, "ResourceCentre", Internal, "The centre that helps with it.").always().filtered(),
        one("handler", C::HandlerId, "User", Internal, "Who looks after it.").filtered(),
        code::<ComplaintStage>("stage", C::Stage, Internal, "Where in the migration it happened.").filtered(),
        code::<ComplaintStatus>("status", C::Status, Internal, "How far it has come.").filtered(),
        plain("filedOn", C::FiledOn, Internal, "Day it was told to the centre.").filtered().sorted(),
        plain("filedWith", C::FiledWith, Internal, "The office, court or agency it was brought before."),
        plain("resolvedOn", C::ResolvedOn, Internal, "Day it ended; null while it is open."),
        derived(
            "daysToResolve",
            &[C::FiledOn, C::ResolvedOn],
            Scalar::Int,
            days_to_resolve,
            Internal,
            "Days from its filing to its end; null while it is open.",
        ),
    ]
}

fn about() -> Vec<Field> {
    use complaint::Column as C;
    let money = |name, amount, currency, text| {
        let fields = vec![
            plain("amount", amount, Sensitive, "In units of the currency."),
            plain("currency", currency, Sensitive, "The currency (ISO 4217)."),
        ];
        object(name, MONEY, Sensitive, fields, false, text)
    };
    vec![
        one("visit", C::VisitId, "Visit", Sensitive, "The visit in which it was told.").filtered(),
        code::<ComplaintAgainst>("against", C::Against, Sensitive, "Whom it is against.").filtered(),
        plain("respondent", C::Respondent, Sensitive, "The name of whom it is against."),
        code_list::<ComplaintKind>("kinds", C::Kinds, Sensitive, "What it is about."),
        plain("remedySought", C::RemedySought, Sensitive, "What the complainants want, in words."),
        money("claimed", C::ClaimedAmount, C::ClaimedCurrency, "How much is asked for."),
        money("awarded", C::AwardedAmount, C::AwardedCurrency, "How much was awarded or agreed."),
        money("recovered", C::RecoveredAmount, C::RecoveredCurrency, "How much has come."),
        code::<Answer>(
            "retaliationRisk",
            C::RetaliationRisk,
            Sensitive,
            "Whether somebody may take it out on the complainants.",
        ),
        plain("withdrawalReason", C::WithdrawalReason, Sensitive, "Why it was withdrawn, in the complainants' words."),
        many("complainants", complainant::Column::ComplaintId, "Complainant", Sensitive, "Who complains.").filtered(),
        many(
            "screeningRequests",
            screening_request::Column::ComplaintId,
            "ScreeningRequest",
            Sensitive,
            "Talks about trafficking that its signs ask for, and whether they took place.",
        )
        .filtered(),
    ]
}

fn complainant() -> Noun {
    use complainant::Column as C;
    Noun::of::<complainant::Entity>(
        "Complainant",
        "complainant",
        ["complainant", "complainants"],
        "Somebody who complains: a person on record, or the ticket that stands for one.",
        vec![
            one("complaint", C::ComplaintId, "Complaint", Sensitive, "The complaint.").filtered(),
            one("person", C::PersonId, "Person", Sensitive, "The person, if he or she gave a name.").filtered(),
            plain("ticket", C::Ticket, Sensitive, "The ticket, if it is all that is known.").filtered(),
        ],
    )
}

fn screening_request() -> Noun {
    use screening_request::Column as C;
    Noun::of::<screening_request::Entity>(
        "ScreeningRequest",
        "screening_request",
        ["screeningRequest", "screeningRequests"],
        "A talk about trafficking that signs of forced labour ask for. It is made with the visit or complaint that shows \
         them, and done once a screening names it.",
        vec![
            one("visit", C::VisitId, "Visit", Sensitive, "The visit that showed the signs.").filtered(),
            one("complaint", C::ComplaintId, "Complaint", Sensitive, "The complaint that showed the signs.").filtered(),
            code_list::<ForcedLabourSign>("signs", C::Signs, Sensitive, "The signs."),
            one(
                "screening",
                C::ScreeningId,
                "TraffickingScreening",
                Sensitive,
                "The talk, once it took place; null where your role does not read screenings.",
            )
            .filtered(),
            derived("isDone", &[C::ScreeningId], Scalar::Bool, is_done, Sensitive, "Whether the talk took place."),
        ],
    )
}

fn days_to_resolve(cells: &[Cell<'_>], _: &Moment) -> Cell<'static> {
    match cells {
        [Cell::Date(filed), Cell::Date(resolved)] => Cell::Int(resolved.signed_duration_since(*filed).num_days()),
        _ => Cell::Null,
    }
}

fn is_done(cells: &[Cell<'_>], _: &Moment) -> Cell<'static> {
    Cell::Bool(cells.iter().all(|cell| !cell.is_null()))
}

/// What is counted of complaints, if that is what the noun holds.
pub(super) fn cube(noun: &Noun) -> Option<Cube> {
    use complaint::Column as C;
    const BY: &[&str] = &["centre", "handler", "stage", "status", "against", "kinds", "retaliationRisk"];
    let money =
        |name, amount, currency, text| measure(name, Counted::Money(column(amount), column(currency)), Sensitive, text);
    let days = Counted::Days(column(C::FiledOn), column(C::ResolvedOn));
    let measures = vec![
        measure("complaints", Counted::Rows, Internal, "How many complaints."),
        measure("meanDaysToResolve", days, Internal, "Days from filing to end, on average over those that ended."),
        money("claimed", C::ClaimedAmount, C::ClaimedCurrency, "What is asked for in all, in each currency."),
        money("awarded", C::AwardedAmount, C::AwardedCurrency, "What was awarded or agreed in all, in each currency."),
        money("recovered", C::RecoveredAmount, C::RecoveredCurrency, "What has come in all, in each currency."),
    ];
    let text = "Complaints within your reach, counted; by the day they were told to the centre.";
    (noun.name == "Complaint")
        .then(|| Cube::of(noun, "complaintStatistics", text, C::FiledOn, BY, measures).changing("retaliationRisk"))
}
