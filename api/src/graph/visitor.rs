//! Visitors of a resource centre, and notes on their visits.

use entity::exploitation_episode::IsicSection;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::removal::{self, RemovalReason};
use entity::visit::{AgeGroup, HeardThrough, VisitorKind};
use entity::{visit, visit_note, visitor};

use super::declare::{Noun, code, many, one, plain};
use crate::access::Class::{Internal, Personal, Sensitive};

pub(super) fn nouns() -> Vec<Noun> {
    vec![holder(), note(), gone()]
}

fn holder() -> Noun {
    use visitor::Column as C;
    Noun::of::<visitor::Entity>(
        "Visitor",
        "visitor",
        ["visitor", "visitors"],
        "Who comes to a resource centre, known by a ticket, which may be all that is known. What is told here was told \
         last; each visit keeps what was told then.",
        vec![
            one("centre", C::CentreId, "ResourceCentre", Internal, "The centre that gave the ticket.")
                .always()
                .filtered(),
            plain("ticket", C::Ticket, Internal, "The ticket, once in a centre.").filtered().sorted(),
            one("person", C::PersonId, "Person", Personal, "The person, if he or she gave a name.").filtered(),
            code::<VisitorKind>("visitorKind", C::VisitorKind, Personal, "Who the visitor is on the migrant's path."),
            code::<Sex>("sex", C::Sex, Personal, "The visitor's sex."),
            plain("ageYears", C::AgeYears, Personal, "The visitor's age in years, as told last."),
            code::<AgeGroup>(
                "ageGroup",
                C::AgeGroup,
                Personal,
                "The visitor's age group, if that is all that was told.",
            ),
            one("homeTownship", C::HomeTownshipId, "Location", Personal, "Where the visitor's home is.").filtered(),
            plain("destination", C::Destination, Personal, "Intended or past destination (ISO 3166-1 alpha-2)."),
            code::<IsicSection>("sector", C::Sector, Personal, "Work sector (ISIC)."),
            code::<HeardThrough>("heardThrough", C::HeardThrough, Personal, "How the visitor heard of the centre."),
            code::<Answer>("disability", C::Disability, Sensitive, "Whether the Washington Group cut-off is met."),
            code::<DisplacementStatus>("displacement", C::Displacement, Sensitive, "Displacement of the visitor."),
            plain("firstVisitOn", C::FirstVisitOn, Internal, "Day of the earliest visit on record."),
            plain("lastVisitOn", C::LastVisitOn, Internal, "Day of the latest visit on record.").filtered().sorted(),
            many("visits", visit::Column::VisitorId, "Visit", Internal, "The visits under this ticket.").filtered(),
        ],
    )
}

fn note() -> Noun {
    use visit_note::Column as C;
    Noun::of::<visit_note::Entity>(
        "VisitNote",
        "visit_note",
        ["visitNote", "visitNotes"],
        "A note added to a visit afterwards; notes are never changed, so those of two devices stand side by side.",
        vec![
            one("visit", C::VisitId, "Visit", Personal, "The visit.").filtered(),
            plain("text", C::Body, Personal, "What was written."),
            plain("writtenAt", C::WrittenAt, Personal, "When it was written (UTC).").filtered().sorted(),
            one("author", C::AuthorId, "User", Personal, "Who wrote it.").filtered(),
        ],
    )
}

fn gone() -> Noun {
    use removal::Column as C;
    Noun::of::<removal::Entity>(
        "Removal",
        "removal",
        ["removal", "removals"],
        "What is left of a record that was removed: that it is gone, and why. Nothing of what it said.",
        vec![
            one("centre", C::CentreId, "ResourceCentre", Internal, "The centre it belonged to.").always().filtered(),
            plain("recordType", C::RecordType, Internal, "The name of its type, such as `Visit`."),
            code::<RemovalReason>("reason", C::Reason, Internal, "Why it was removed."),
        ],
    )
}
