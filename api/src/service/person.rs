//! Persons: identity, kept once for every profile.

use chrono::NaiveDate;
use entity::list::List;
use entity::person::{
    ActiveModel, Answer, DatePrecision, DisplacementStatus, DocumentationStatus, EducationLevel, Gender, MaritalStatus,
    Sex,
};
use sea_orm::Set;
use uuid::Uuid;

use super::check;
use crate::db::Write;
use crate::domain::{person, text};
use crate::error::{Error, Errors};

/// A person as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
#[derive(Default)]
pub struct Person {
    pub full_name: Option<String>,
    pub sex: Option<Sex>,
    pub gender: Option<Gender>,
    pub birth_date: Option<NaiveDate>,
    pub birth_precision: Option<DatePrecision>,
    pub is_age_estimated: bool,
    pub nationality: Option<String>,
    pub is_stateless: Option<Answer>,
    pub birth_registered: Option<Answer>,
    pub ethnicity: Option<String>,
    pub displacement: Option<DisplacementStatus>,
    pub disability: Option<Answer>,
    pub languages: Vec<String>,
    pub marital_status: Option<MaritalStatus>,
    pub education: Option<EducationLevel>,
    pub occupation: Option<String>,
    pub phone: Option<String>,
    pub current_location: Option<String>,
    pub location_detail: Option<String>,
    pub documentation: Vec<DocumentationStatus>,
}

/// Checks and inserts a person within a write.
pub(super) async fn insert(write: &Write, id: Uuid, told: Person) -> Result<(), Errors> {
    person::check_birth(told.birth_date, told.birth_precision, write.scope().today()).map_err(|fault| {
        let error = Error::from(&fault);
        let field = format!("input.person.{}", fault.field);
        Errors(vec![error.on(field)])
    })?;
    if let Some(name) = &told.full_name {
        text::check_required("person.fullName", name, check::NAME)?;
    }
    let place = check::place(write, told.current_location.as_deref(), "input.person.currentLocation").await?;
    let row = ActiveModel {
        id: Set(id),
        full_name: Set(told.full_name),
        is_name_hidden: Set(false),
        sex: Set(told.sex.unwrap_or(Sex::NotAsked)),
        gender: Set(told.gender),
        birth_date: Set(told.birth_date),
        birth_precision: Set(told.birth_precision),
        is_age_estimated: Set(told.is_age_estimated),
        nationality: Set(check::text(told.nationality, 3, "input.person.nationality")?),
        is_stateless: Set(told.is_stateless.unwrap_or(Answer::NotAsked)),
        birth_registered: Set(told.birth_registered.unwrap_or(Answer::NotAsked)),
        ethnicity: Set(check::text(told.ethnicity, check::NAME, "input.person.ethnicity")?),
        displacement: Set(told.displacement.unwrap_or(DisplacementStatus::NotAsked)),
        disability: Set(told.disability.unwrap_or(Answer::NotAsked)),
        languages: Set(check::texts(told.languages, "input.person.languages")?.into()),
        marital_status: Set(told.marital_status),
        education: Set(told.education),
        occupation: Set(check::text(told.occupation, check::NAME, "input.person.occupation")?),
        phone: Set(check::text(told.phone, 40, "input.person.phone")?),
        current_location_id: Set(place),
        location_detail: Set(check::text(told.location_detail, check::NAME, "input.person.locationDetail")?),
        documentation: Set(List::codes(told.documentation)),
        ..Default::default()
    };
    Ok(write.insert(row).await?)
}
