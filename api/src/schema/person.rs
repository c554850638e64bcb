//! A person in an input: the same wherever one is registered.

use async_graphql::InputObject;
use entity::person::{
    Answer, DatePrecision, DisplacementStatus, DocumentationStatus, EducationLevel, Gender, MaritalStatus, Sex,
};

use super::scalars::Date;
use crate::service::person::Person;

/// A date that may be known to the month or the year only.
#[derive(InputObject, Clone, Copy)]
pub struct PartialDateInput {
    /// The day; for a month or a year its first day.
    pub value: Date,
    /// How exactly it is known.
    pub precision: DatePrecision,
}

/// Who somebody is. Leave out what is not known; what was asked and not answered has its own values.
#[derive(InputObject, Clone)]
pub struct PersonInput {
    /// The whole name as the person writes it, at most 200 characters: Burmese names have no family name.
    pub full_name: Option<String>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Gender, in the person's own words where the list has them.
    pub gender: Option<Gender>,
    /// Birth date, today or before.
    pub birth_date: Option<PartialDateInput>,
    /// Whether the age was estimated; false if left out.
    pub is_age_estimated: Option<bool>,
    /// Nationality (ISO 3166-1 alpha-3).
    pub nationality: Option<String>,
    /// Whether no state regards the person as its national.
    pub is_stateless: Option<Answer>,
    /// Whether the birth was registered.
    pub birth_registered: Option<Answer>,
    /// Ethnicity, in the person's own word.
    pub ethnicity: Option<String>,
    /// Displacement.
    pub displacement: Option<DisplacementStatus>,
    /// Whether the Washington Group cut-off is met.
    pub disability: Option<Answer>,
    /// Languages (BCP 47), at most 50.
    pub languages: Option<Vec<String>>,
    /// Marital status.
    pub marital_status: Option<MaritalStatus>,
    /// Highest education.
    pub education: Option<EducationLevel>,
    /// Occupation, in words.
    pub occupation: Option<String>,
    /// Telephone number (E.164).
    pub phone: Option<String>,
    /// P-code of the place where the person is now.
    pub current_location: Option<String>,
    /// The place more closely, in words.
    pub location_detail: Option<String>,
    /// Papers the person has.
    pub documentation: Option<Vec<DocumentationStatus>>,
}

impl From<PersonInput> for Person {
    fn from(told: PersonInput) -> Self {
        Self {
            full_name: told.full_name,
            sex: told.sex,
            gender: told.gender,
            birth_date: told.birth_date.map(|date| date.value.0),
            birth_precision: told.birth_date.map(|date| date.precision),
            is_age_estimated: told.is_age_estimated.unwrap_or(false),
            nationality: told.nationality,
            is_stateless: told.is_stateless,
            birth_registered: told.birth_registered,
            ethnicity: told.ethnicity,
            displacement: told.displacement,
            disability: told.disability,
            languages: told.languages.unwrap_or_default(),
            marital_status: told.marital_status,
            education: told.education,
            occupation: told.occupation,
            phone: told.phone,
            current_location: told.current_location,
            location_detail: told.location_detail,
            documentation: told.documentation.unwrap_or_default(),
        }
    }
}
