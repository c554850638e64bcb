//! Migrant resource centres.

use entity::opening_period::{self, Weekday};
use entity::resource_centre::{Column as C, Entity};
use entity::visit::VisitChannel;

use super::declare::{Noun, code, code_list, many, names, one, plain, text_list};
use crate::access::Class::{Internal, Public};

pub(super) fn nouns() -> Vec<Noun> {
    vec![
        Noun::of::<Entity>(
            "ResourceCentre",
            "centre",
            ["resourceCentre", "resourceCentres"],
            "A migrant resource centre: a place where aspiring, current and returned migrants get information and help.",
            vec![
                plain("code", C::Code, Public, "Short code within the organisation.").filtered().sorted(),
                names("names", [C::NameEn, C::NameMy, C::NameTh], Public, "Its name."),
                one("township", C::TownshipId, "Location", Public, "Where it is.").always().filtered(),
                plain("openedOn", C::OpenedOn, Public, "Day it opened; no visit is before it."),
                plain("openingHours", C::OpeningHours, Public, "When it is open, in words."),
                many(
                    "openingPeriods",
                    opening_period::Column::CentreId,
                    "OpeningPeriod",
                    Public,
                    "The hours in which it is open, by day of the week.",
                ),
                text_list("languages", C::Languages, Public, "Languages spoken there (BCP 47)."),
                plain("hasFemaleCounsellor", C::HasFemaleCounsellor, Public, "Whether a woman counsels there."),
                code_list::<VisitChannel>("channels", C::Channels, Public, "How it can be reached."),
                plain("isActive", C::IsActive, Public, "Whether it is open."),
                many("visits", entity::visit::Column::CentreId, "Visit", Internal, "Visits logged there.").filtered(),
            ],
        )
        .keyed("code", C::Code, Public),
        periods(),
    ]
}

fn periods() -> Noun {
    use opening_period::Column as C;
    Noun::of::<opening_period::Entity>(
        "OpeningPeriod",
        "opening_period",
        ["openingPeriod", "openingPeriods"],
        "Hours of one day of the week in which a resource centre is open. No two of a day overlap.",
        vec![
            one("centre", C::CentreId, "ResourceCentre", Public, "The centre.").always().filtered(),
            code::<Weekday>("weekday", C::Weekday, Public, "The day of the week.").filtered(),
            plain("opensAt", C::OpensAt, Public, "When it opens, local time as `HH:MM`."),
            plain("closesAt", C::ClosesAt, Public, "When it closes the same day, local time as `HH:MM`."),
        ],
    )
}
