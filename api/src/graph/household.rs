//! Households and who lives in them.

use entity::{child, cpms_observation, household, household_member};

use super::declare::{Noun, many, one, plain};
use crate::access::Class::Personal;

pub(super) fn nouns() -> Vec<Noun> {
    vec![household(), member()]
}

fn household() -> Noun {
    use household::Column as C;
    Noun::of::<household::Entity>(
        "Household",
        "household",
        ["household", "households"],
        "People who live and eat together. What is true of the home stands here; what is true of one child stands with \
         the child.",
        vec![
            plain("number", C::Number, Personal, "The number the organisation gave the household.").filtered().sorted(),
            plain("name", C::Name, Personal, "What the household is called, usually after its head."),
            plain("size", C::Size, Personal, "How many people live in it, as told; those on record are its `members`."),
            one("location", C::LocationId, "Location", Personal, "The place the household lives in.").filtered(),
            plain("notes", C::Notes, Personal, "What else matters, in words."),
            many(
                "members",
                household_member::Column::HouseholdId,
                "HouseholdMember",
                Personal,
                "Who lives there, and who did.",
            )
            .filtered(),
            many("children", child::Column::HouseholdId, "Child", Personal, "Children registered as living there.")
                .filtered(),
            many(
                "observations",
                cpms_observation::Column::HouseholdId,
                "CpmsObservation",
                Personal,
                "Yearly observations of children made in this household.",
            )
            .filtered(),
        ],
    )
}

fn member() -> Noun {
    use household_member::Column as C;
    Noun::of::<household_member::Entity>(
        "HouseholdMember",
        "household_member",
        ["householdMember", "householdMembers"],
        "A person's time in a household. Somebody who moves has one record for each home.",
        vec![
            one("household", C::HouseholdId, "Household", Personal, "The household.").filtered(),
            one("person", C::PersonId, "Person", Personal, "Who lives there.").filtered(),
            plain("role", C::Role, Personal, "What the person is in the household, such as mother or lodger."),
            plain("isHead", C::IsHead, Personal, "Whether the person leads the household."),
            plain("joinedOn", C::JoinedOn, Personal, "First day in the household, if known."),
            plain("leftOn", C::LeftOn, Personal, "Last day in the household; null while the person lives there."),
        ],
    )
}
