//! Persons: who someone is. Child and survivor are profiles of a person and never copy identity.

use chrono::NaiveDate;
use entity::person::{
    Answer, Column as C, DatePrecision, DisplacementStatus, DocumentationStatus, EducationLevel, Entity, Gender,
    MaritalStatus, Sex,
};
use entity::value::{Cell, Scalar};
use entity::{Code as _, attendance, child, household_member, survivor, trafficking_screening, visit};

use super::declare::{Field, Moment, Noun, code, code_list, derived, many, object, one, plain, text_list};
use crate::access::Class::{Personal, Sensitive};
use crate::domain::person;

pub(super) fn nouns() -> Vec<Noun> {
    let fields = identity().into_iter().chain(background()).chain(edges()).collect();
    vec![Noun::of::<Entity>(
        "Person",
        "person",
        ["person", "people"],
        "A human being with a name, an age and a place. Somebody may be known as a child, as a survivor, as a visitor of \
         a resource centre or as several of these; the person is the same.",
        fields,
    )]
}

fn identity() -> Vec<Field> {
    let birth = [C::BirthDate, C::BirthPrecision];
    vec![
        plain("fullName", C::FullName, Personal, "The whole name in one field: Burmese names have no family name.")
            .filtered()
            .sorted(),
        code::<Sex>("sex", C::Sex, Personal, "The sex recorded for the person."),
        object(
            "birthDate",
            (
                "PartialDate",
                "A date of which the day, or the day and the month, may be unknown. Read the value together with its \
                 precision.",
            ),
            Personal,
            vec![
                plain(
                    "value",
                    C::BirthDate,
                    Personal,
                    "The date; where the day or the month is unknown, the first one stands in. Null if nothing is known.",
                )
                .filtered()
                .sorted(),
                code::<DatePrecision>("precision", C::BirthPrecision, Personal, "How much of the value is known."),
            ],
            false,
            "When the person was born.",
        )
        .filtered(),
        derived(
            "ageYears",
            &birth,
            Scalar::Int,
            age_years,
            Personal,
            "Age today in completed years, from the birth date. Where the day or the month is unknown, the youngest age \
             that is possible.",
        ),
        derived(
            "turns18On",
            &birth,
            Scalar::Date,
            turns_18_on,
            Personal,
            "The 18th birthday, from the birth date. Where the day or the month is unknown, the latest day that is \
             possible.",
        ),
        plain("isAgeEstimated", C::IsAgeEstimated, Personal, "Whether the birth date is an estimate."),
        plain("phone", C::Phone, Personal, "A telephone number that is safe to call, as it was written down."),
        one("currentLocation", C::CurrentLocationId, "Location", Personal, "The place the person lives in now.")
            .filtered(),
        plain("locationDetail", C::LocationDetail, Personal, "How to find the person in that place, in words."),
    ]
}

fn background() -> Vec<Field> {
    vec![
        text_list("languages", C::Languages, Personal, "Languages the person speaks, as BCP 47 tags such as `my`."),
        code::<MaritalStatus>("maritalStatus", C::MaritalStatus, Personal, "Whether the person is married."),
        code::<EducationLevel>("education", C::Education, Personal, "Highest level of education completed (ISCED)."),
        plain("occupation", C::Occupation, Personal, "The work the person does, in words."),
        code::<Gender>("gender", C::Gender, Sensitive, "The gender the person lives in (HTCDS)."),
        plain("nationality", C::Nationality, Sensitive, "Nationality as an ISO 3166-1 alpha-3 code, such as `MMR`."),
        code::<Answer>("isStateless", C::IsStateless, Sensitive, "Whether no state considers the person its national."),
        code::<Answer>("birthRegistered", C::BirthRegistered, Sensitive, "Whether the birth was registered."),
        plain("ethnicity", C::Ethnicity, Sensitive, "The ethnic group the person names."),
        code::<DisplacementStatus>(
            "displacement",
            C::Displacement,
            Sensitive,
            "How the person came to live where he or she lives (Primero).",
        ),
        code::<Answer>(
            "disability",
            C::Disability,
            Sensitive,
            "Whether the person has a disability: a lot of difficulty with at least one of the six functions of the \
             Washington Group.",
        ),
        code_list::<DocumentationStatus>("documentation", C::Documentation, Sensitive, "The papers the person holds."),
    ]
}

fn edges() -> Vec<Field> {
    vec![
        many(
            "householdMemberships",
            household_member::Column::PersonId,
            "HouseholdMember",
            Personal,
            "The households the person lives or lived in.",
        )
        .filtered(),
        many(
            "childProfiles",
            child::Column::PersonId,
            "Child",
            Personal,
            "The person's record as a child; one at most, kept after the 18th birthday.",
        )
        .filtered(),
        many(
            "survivorProfiles",
            survivor::Column::PersonId,
            "Survivor",
            Sensitive,
            "The person's record as a survivor of trafficking.",
        )
        .filtered(),
        many(
            "screenings",
            trafficking_screening::Column::PersonId,
            "TraffickingScreening",
            Sensitive,
            "Talks that were to find out whether the person was trafficked.",
        )
        .filtered(),
        many(
            "visits",
            visit::Column::PersonId,
            "Visit",
            Personal,
            "The person's visits to resource centres, where he or she gave a name.",
        )
        .filtered(),
        many("attendances", attendance::Column::PersonId, "Attendance", Personal, "Trainings the person took part in.")
            .filtered(),
    ]
}

/// Birth date and precision of the first two cells; a date whose precision is missing is taken as the day itself.
fn birth(cells: &[Cell<'_>]) -> Option<(NaiveDate, DatePrecision)> {
    let date = cells.first()?.date()?;
    let precision = cells.get(1).and_then(Cell::text).and_then(DatePrecision::from_code);
    Some((date, precision.unwrap_or(DatePrecision::Day)))
}

fn age_years(cells: &[Cell<'_>], moment: &Moment) -> Cell<'static> {
    let age = birth(cells).and_then(|(date, precision)| person::age_on(date, precision, moment.today));
    age.map_or(Cell::Null, |years| Cell::Int(years.into()))
}

fn turns_18_on(cells: &[Cell<'_>], _: &Moment) -> Cell<'static> {
    birth(cells).and_then(|(date, precision)| person::turns_18_on(date, precision)).map_or(Cell::Null, Cell::Date)
}
