//! Children: every child of a community, with or without a case.

use entity::child::{Column as C, Entity, SchoolingStatus};
use entity::cpms_observation::CpmsRiskClass;
use entity::{case, cpms_observation};

use super::declare::{Noun, code, many, one, plain};
use crate::access::Class::{Internal, Personal, Sensitive};

pub(super) fn nouns() -> Vec<Noun> {
    vec![
        Noun::of::<Entity>(
            "Child",
            "child",
            ["child", "children"],
            "A person's record as a child, with or without a case; it stays in history after the 18th birthday. Name, \
             sex and birth date are the person's.",
            vec![
                plain("code", C::Code, Internal, "The code that stands for the child where the name is not shown.")
                    .filtered()
                    .sorted(),
                one("person", C::PersonId, "Person", Personal, "Who the child is.").filtered(),
                one("household", C::HouseholdId, "Household", Personal, "The home the child lives in.").filtered(),
                one("community", C::CommunityId, "Location", Personal, "The place the child is observed in.")
                    .filtered(),
                code::<SchoolingStatus>("schooling", C::Schooling, Personal, "Whether the child goes to school."),
                plain("outOfSchoolReason", C::OutOfSchoolReason, Personal, "Why the child does not, in words."),
                plain("registeredOn", C::RegisteredOn, Internal, "Day on which the child was registered.")
                    .filtered()
                    .sorted(),
                one("registeredBy", C::RegisteredBy, "User", Internal, "Who registered the child.").filtered(),
                code::<CpmsRiskClass>(
                    "latestRiskClass",
                    C::LatestRiskClass,
                    Sensitive,
                    "The class of the newest yearly observation (CPMS); null before the first.",
                )
                .filtered(),
                many("cases", case::Column::ChildId, "Case", Personal, "Case work with the child.").filtered(),
                many(
                    "observations",
                    cpms_observation::Column::ChildId,
                    "CpmsObservation",
                    Personal,
                    "What the Child Protection Monitoring System found, year by year.",
                )
                .filtered(),
            ],
        )
        .keyed("code", C::Code, Internal),
    ]
}
