//! Visits to a resource centre.

use entity::person::{Answer, DisplacementStatus, Sex};
use entity::visit::{
    AgeGroup, CallKind, Column as C, Difficulty, Entity, HeardThrough, VisitChannel, VisitService, VisitTopic,
    VisitorKind,
};

use entity::screening_request::ForcedLabourSign;
use entity::{complaint, consent, direct_assistance, referral, screening_request, visit_follow_up, visit_note};

use super::cube::{Counted, Cube, measure};
use super::declare::{Field, Noun, code, code_list, column, many, object, one, plain, text_list};
use crate::access::Class::{Internal, Personal, Sensitive};

pub(super) fn nouns() -> Vec<Noun> {
    vec![Noun::of::<Entity>(
        "Visit",
        "visit",
        ["visit", "visits"],
        "One contact between a migrant resource centre and a visitor: walk-in, call, outreach. Visitors may stay \
         anonymous behind a ticket.",
        vec![
            one("centre", C::CentreId, "ResourceCentre", Internal, "The centre.").always().filtered(),
            one("project", C::ProjectId, "Project", Internal, "The project that paid for it."),
            plain("ticket", C::Ticket, Internal, "The visitor's ticket; may be all that is known.").filtered().sorted(),
            one("visitor", C::VisitorId, "Visitor", Internal, "Who holds the ticket.").filtered(),
            plain("visitedOn", C::VisitedOn, Internal, "Day of the contact.").filtered().sorted(),
            code::<VisitChannel>("channel", C::Channel, Internal, "How the contact took place.").filtered(),
            plain("isFirst", C::IsFirst, Internal, "Whether it was the visitor's first contact."),
            one("counsellor", C::CounsellorId, "User", Internal, "Who served the visitor.").filtered(),
            one("person", C::PersonId, "Person", Personal, "The visitor, if he or she gave a name.").filtered(),
            plain("minutes", C::Minutes, Internal, "How long it took, in minutes."),
            code::<CallKind>("callKind", C::CallKind, Internal, "What kind of call; only for phone."),
            plain("needsFollowUp", C::NeedsFollowUp, Personal, "Whether somebody must get back to the visitor.")
                .filtered(),
            code::<VisitorKind>("visitorKind", C::VisitorKind, Personal, "Who the visitor is on the migrant's path.")
                .filtered(),
            code::<Sex>("sex", C::Sex, Personal, "The visitor's sex.").filtered(),
            plain("ageYears", C::AgeYears, Personal, "The visitor's age in years, if told.").filtered().sorted(),
            code::<AgeGroup>(
                "ageGroup",
                C::AgeGroup,
                Personal,
                "The visitor's age group, if that is all that was told.",
            ),
            one("homeTownship", C::HomeTownshipId, "Location", Personal, "Where the visitor's home is.").filtered(),
            plain("destination", C::Destination, Personal, "Intended or past destination (ISO 3166-1 alpha-2).")
                .filtered(),
            code::<entity::exploitation_episode::IsicSection>("sector", C::Sector, Personal, "Work sector (ISIC)."),
            code::<HeardThrough>("heardThrough", C::HeardThrough, Personal, "How the visitor heard of the centre."),
            code_list::<VisitTopic>("topics", C::Topics, Personal, "What it was about."),
            code_list::<VisitService>("services", C::Services, Personal, "What the visitor received."),
            text_list("documentsGiven", C::DocumentsGiven, Personal, "Leaflets and papers handed over."),
            plain("satisfaction", C::Satisfaction, Personal, "The visitor's own mark, 1 to 5."),
            plain("note", C::Note, Personal, "Free text of the counsellor."),
            code::<Answer>("disability", C::Disability, Sensitive, "Whether the Washington Group cut-off is met.")
                .filtered(),
            object(
                "washingtonGroup",
                SHORT_SET,
                Sensitive,
                short_set(),
                false,
                "What the short set was answered with.",
            ),
            code::<DisplacementStatus>("displacement", C::Displacement, Sensitive, "Displacement of the visitor."),
            code_list::<ForcedLabourSign>("signs", C::Signs, Sensitive, "Signs of forced labour that showed."),
            many(
                "screeningRequests",
                screening_request::Column::VisitId,
                "ScreeningRequest",
                Sensitive,
                "Talks about trafficking that its signs ask for, and whether they took place.",
            )
            .filtered(),
            many(
                "followUps",
                visit_follow_up::Column::VisitId,
                "VisitFollowUp",
                Personal,
                "Getting back to the visitor, planned or done.",
            )
            .filtered(),
            many(
                "assistance",
                direct_assistance::Column::VisitId,
                "DirectAssistance",
                Personal,
                "Help in kind or in cash that the visitor got.",
            )
            .filtered(),
            many(
                "notes",
                visit_note::Column::VisitId,
                "VisitNote",
                Personal,
                "Notes added afterwards; only ever added.",
            )
            .filtered(),
            many("consents", consent::Column::VisitId, "Consent", Personal, "What the visitor agreed to.").filtered(),
            many("referrals", referral::Column::VisitId, "Referral", Personal, "Referrals to partners.").filtered(),
            many("complaints", complaint::Column::VisitId, "Complaint", Sensitive, "Complaints told in it.").filtered(),
            plain("recordedOnDeviceAt", C::RecordedOnDeviceAt, Internal, "The device's own time, beside the server's."),
            plain(
                "deviceOffsetSeconds",
                C::DeviceOffsetSeconds,
                Internal,
                "Seconds to add to the device's time to get the server's; null where the device did not tell its time.",
            ),
        ],
    )]
}

const SHORT_SET: (&str, &str) =
    ("WashingtonGroup", "The Washington Group short set on functioning; a question that was not asked is null.");

fn short_set() -> Vec<Field> {
    let asked = |name, column, text| code::<Difficulty>(name, column, Sensitive, text);
    vec![
        asked("seeing", C::Seeing, "Difficulty seeing, even with glasses."),
        asked("hearing", C::Hearing, "Difficulty hearing, even with a hearing aid."),
        asked("walking", C::Walking, "Difficulty walking or climbing steps."),
        asked("remembering", C::Remembering, "Difficulty remembering or concentrating."),
        asked("selfCare", C::SelfCare, "Difficulty washing all over or dressing."),
        asked("communicating", C::Communicating, "Difficulty understanding or being understood in the usual language."),
    ]
}

/// What is counted of visits, if that is what the noun holds.
pub(super) fn cube(noun: &Noun) -> Option<Cube> {
    const BY: &[&str] = &[
        "centre",
        "project",
        "channel",
        "counsellor",
        "isFirst",
        "visitorKind",
        "sex",
        "ageYears",
        "disability",
        "displacement",
        "homeTownship",
        "destination",
        "sector",
        "heardThrough",
        "topics",
        "services",
        "signs",
    ];
    let visitor = Counted::Different(column(C::PersonId), vec![column(C::CentreId), column(C::Ticket)]);
    let first = |is| Counted::Truth(column(C::IsFirst), is);
    let measures = vec![
        measure("visits", Counted::Rows, Internal, "How many visits."),
        measure(
            "visitors",
            visitor,
            Personal,
            "How many visitors: persons where they are known, else tickets of a centre. Groups may share a visitor, so \
             their numbers need not add up.",
        ),
        measure("firstVisits", first(true), Internal, "How many were a visitor's first."),
        measure("repeatVisits", first(false), Internal, "How many were not."),
        measure(
            "meanMinutes",
            Counted::Mean(column(C::Minutes)),
            Internal,
            "How long they took, in minutes, on average.",
        ),
        measure(
            "meanSatisfaction",
            Counted::Mean(column(C::Satisfaction)),
            Personal,
            "The visitors' own mark, 1 to 5, on average.",
        ),
    ];
    let text = "Visits within your reach, counted.";
    (noun.name == "Visit").then(|| Cube::of(noun, "visitStatistics", text, C::VisitedOn, BY, measures))
}
