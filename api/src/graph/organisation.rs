//! Organisations.

use entity::organisation::{Column as C, Entity, OrganisationKind, ServiceActorType};

use super::declare::{Noun, code, many, names, plain};
use crate::access::Class::{Internal, Public};

pub(super) fn nouns() -> Vec<Noun> {
    vec![
        Noun::of::<Entity>(
            "Organisation",
            "organisation",
            ["organisation", "organisations"],
            "An organisation that works with Lanpya. A token belongs to one, and sees that one alone.",
            vec![
                plain("code", C::Code, Public, "Short code, for instance `KCSO`.").filtered().sorted(),
                names("names", [C::NameEn, C::NameMy, C::NameTh], Public, "Its name.").unlisted(),
                code::<OrganisationKind>("kind", C::Kind, Public, "What kind of organisation it is."),
                code::<ServiceActorType>("actorType", C::ActorType, Public, "Its role towards survivors (HTCDS)."),
                plain("isActive", C::IsActive, Public, "Whether it still works with Lanpya."),
                plain("timeZone", C::TimeZone, Internal, "IANA time zone whose day decides what is overdue."),
                many("users", entity::user::Column::OrganisationId, "User", Internal, "Its staff."),
                many(
                    "resourceCentres",
                    entity::resource_centre::Column::OrganisationId,
                    "ResourceCentre",
                    Public,
                    "Its centres.",
                ),
                many(
                    "capacityAssessments",
                    entity::capacity_assessment::Column::OrganisationId,
                    "CapacityAssessment",
                    Internal,
                    "Assessments of its own capacity.",
                ),
            ],
        )
        .keyed("code", C::Code, Public),
    ]
}
