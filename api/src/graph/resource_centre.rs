//! Migrant resource centres.

use entity::resource_centre::{Column as C, Entity};
use entity::visit::VisitChannel;

use super::declare::{Noun, code_list, many, names, one, plain, text_list};
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
                text_list("languages", C::Languages, Public, "Languages spoken there (BCP 47)."),
                plain("hasFemaleCounsellor", C::HasFemaleCounsellor, Public, "Whether a woman counsels there."),
                code_list::<VisitChannel>("channels", C::Channels, Public, "How it can be reached."),
                plain("isActive", C::IsActive, Public, "Whether it is open."),
                many("visits", entity::visit::Column::CentreId, "Visit", Internal, "Visits logged there.").filtered(),
            ],
        )
        .keyed("code", C::Code, Public),
    ]
}
