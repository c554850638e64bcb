//! A human being; child and survivor are profiles of a person and never copy identity.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, list::List};

/// A human being; child and survivor are profiles of a person and never copy identity.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The whole name in one field, since Burmese names have no family name; personal data.
    pub full_name: Option<String>,
    /// Whether the name is shown as asterisks.
    pub is_name_hidden: bool,
    /// The sex recorded for the person.
    pub sex: Sex,
    /// The gender the person lives in.
    pub gender: Option<Gender>,
    /// The day of birth, or the first day of the month or year that is known.
    pub birth_date: Option<Date>,
    /// How much of the birth date is known.
    pub birth_precision: Option<DatePrecision>,
    /// Whether the birth date is an estimate.
    pub is_age_estimated: bool,
    /// The nationality, ISO 3166-1 alpha-3.
    pub nationality: Option<String>,
    /// Whether no state considers the person its national.
    pub is_stateless: Answer,
    /// Whether the birth was registered.
    pub birth_registered: Answer,
    /// The ethnic group the person names; sensitive data.
    pub ethnicity: Option<String>,
    /// How the person came to live where he or she lives.
    pub displacement: DisplacementStatus,
    /// Whether the person has a disability by the Washington Group cut-off.
    pub disability: Answer,
    /// The languages the person speaks, BCP 47 tags.
    pub languages: List<String>,
    /// Whether the person is married.
    pub marital_status: Option<MaritalStatus>,
    /// The highest level of education completed.
    pub education: Option<EducationLevel>,
    /// The work the person does.
    pub occupation: Option<String>,
    /// A telephone number that is safe to call; personal data.
    pub phone: Option<String>,
    /// The place the person lives in now.
    pub current_location_id: Option<Uuid>,
    /// How to find the person in that place; personal data.
    pub location_detail: Option<String>,
    /// The papers the person holds.
    pub documentation: List<DocumentationStatus>,
    /// How often the row was written, from 1; a writer names the version it saw.
    pub row_version: i32,
    /// When the row was created (UTC).
    pub created_at: DateTimeUtc,
    /// The user who created the row; null for imports.
    pub created_by: Option<Uuid>,
    /// When the row was last written (UTC).
    pub updated_at: DateTimeUtc,
    /// The user who last wrote the row; null for imports.
    pub updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Tenanted for Entity {
    const OWNER: Owner = Owner::Organisation("organisation_id");
}

code! {
    /// The sex recorded for a person. Source: Primero and IOM Human Trafficking Case Data Standard 2.0.
    pub enum Sex + NonAnswer {
        /// A woman or a girl.
        Female = "FEMALE",
        /// A man or a boy.
        Male = "MALE",
        /// Neither, or a sex that the other values do not cover.
        Other = "OTHER",
    }
}

code! {
    /// The gender a person lives in. Source: IOM Human Trafficking Case Data Standard 2.0.
    pub enum Gender {
        /// Lives as a woman or a girl.
        Feminine = "FEMININE",
        /// Lives as a man or a boy.
        Masculine = "MASCULINE",
        /// Lives as a woman or a girl, and was assigned another sex at birth.
        TransgenderFeminine = "TRANSGENDER_FEMININE",
        /// Lives as a man or a boy, and was assigned another sex at birth.
        TransgenderMasculine = "TRANSGENDER_MASCULINE",
        /// Does not live as one of the usual genders.
        NonConforming = "NON_CONFORMING",
        /// The gender was not stated.
        NotSpecified = "NOT_SPECIFIED",
    }
}

code! {
    /// How much of a date is known. Source: proposed, configurable.
    pub enum DatePrecision {
        /// The day, month and year are known.
        Day = "DAY",
        /// Only the month and the year are known; the day is a filler.
        Month = "MONTH",
        /// Only the year is known; day and month are fillers.
        Year = "YEAR",
    }
}

code! {
    /// The answer to a yes-or-no question; the three non-answers never count as a no. Source: Child Protection Monitoring System and Primero.
    pub enum Answer + NonAnswer {
        /// The answer is yes.
        Yes = "YES",
        /// The answer is no.
        No = "NO",
    }
}

code! {
    /// How a person came to live where he or she lives. Source: Primero.
    pub enum DisplacementStatus + NonAnswer {
        /// Lives at home and was not displaced.
        Resident = "RESIDENT",
        /// Fled home but stayed inside the country (internally displaced).
        Idp = "IDP",
        /// Fled to another country and was given protection there.
        Refugee = "REFUGEE",
        /// Is not considered a national by any state.
        StatelessPerson = "STATELESS_PERSON",
        /// Came back home after displacement or migration.
        Returnee = "RETURNEE",
        /// Is a citizen of another country and no refugee.
        ForeignNational = "FOREIGN_NATIONAL",
        /// Asked for protection in another country and waits for the decision.
        AsylumSeeker = "ASYLUM_SEEKER",
    }
}

code! {
    /// Whether a person is married. Source: Primero; IOM Human Trafficking Case Data Standard 2.0 splits it further.
    pub enum MaritalStatus + NonAnswer {
        /// Never married.
        Single = "SINGLE",
        /// Married, or lives with a partner as if married.
        MarriedCohabiting = "MARRIED_COHABITING",
        /// Was married and no longer lives with the spouse.
        DivorcedSeparated = "DIVORCED_SEPARATED",
        /// The spouse has died.
        Widowed = "WIDOWED",
    }
}

code! {
    /// The highest level of education completed. Source: International Standard Classification of Education, as in IOM Human Trafficking Case Data Standard 2.0.
    pub enum EducationLevel + NonAnswer {
        /// No schooling completed.
        None = "NONE",
        /// Nursery or kindergarten.
        EarlyChildhood = "EARLY_CHILDHOOD",
        /// Primary school.
        Primary = "PRIMARY",
        /// Middle school.
        LowerSecondary = "LOWER_SECONDARY",
        /// High school.
        UpperSecondary = "UPPER_SECONDARY",
        /// A course after high school that is no university study, such as a trade course.
        PostSecondaryNonTertiary = "POST_SECONDARY_NON_TERTIARY",
        /// A short college course, such as a diploma.
        ShortCycleTertiary = "SHORT_CYCLE_TERTIARY",
        /// A bachelor's degree.
        Bachelor = "BACHELOR",
        /// A master's degree.
        Master = "MASTER",
        /// A doctorate.
        Doctoral = "DOCTORAL",
    }
}

code! {
    /// A paper that shows who a person is or where he or she may live and work. Source: proposed, configurable.
    pub enum DocumentationStatus + NonAnswer {
        /// Holds no papers at all.
        None = "NONE",
        /// The national registration card of Myanmar.
        Nrc = "NRC",
        /// A passport.
        Passport = "PASSPORT",
        /// A pass for short visits across the border.
        BorderPass = "BORDER_PASS",
        /// A certificate of identity issued to migrants of Myanmar in Thailand.
        CertificateOfIdentity = "CERTIFICATE_OF_IDENTITY",
        /// A permit to work in the country of stay.
        WorkPermit = "WORK_PERMIT",
        /// A Thai registration with a number of thirteen digits.
        Thai13Digit = "THAI_13_DIGIT",
        /// Papers of a worker recruited under the agreement between the two governments.
        Mou = "MOU",
        /// Has applied for papers and waits for them.
        Pending = "PENDING",
    }
}
