//! A service asked for in a case.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code};

/// A service asked for in a case.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_service")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// As which part of the response it was asked for.
    pub response_kind: ServiceResponse,
    /// What the service is.
    pub service_type: ServiceType,
    /// The day it was asked for.
    pub requested_on: Date,
    /// How soon it has to begin.
    pub timeframe: Option<ServiceTimeframe>,
    /// The day of the appointment.
    pub appointment_on: Option<Date>,
    /// The organisation that gives it.
    pub agency: Option<String>,
    /// The place it is given at.
    pub place_id: Option<Uuid>,
    /// Whether it was given.
    pub implementation: ServiceImplementation,
    /// The day it was given.
    pub implemented_on: Option<Date>,
    /// What the provider reported; sensitive data.
    pub provider_note: Option<String>,
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
    /// As which part of the response a service was asked for. Source: Primero.
    pub enum ServiceResponse {
        /// As part of the care plan.
        CarePlan = "CARE_PLAN",
        /// As part of the action plan.
        ActionPlan = "ACTION_PLAN",
        /// As a single service.
        ServiceProvision = "SERVICE_PROVISION",
    }
}

code! {
    /// A kind of service. Source: Primero, its exchange with the refugee agency's register, and its exchange with the case system of Children in Families in Cambodia.
    pub enum ServiceType {
        /// A stay in a safe house.
        Safehouse = "SAFEHOUSE",
        /// Health care.
        HealthMedical = "HEALTH_MEDICAL",
        /// Psychosocial support.
        Psychosocial = "PSYCHOSOCIAL",
        /// Help by the police or another security body.
        PoliceOther = "POLICE_OTHER",
        /// Legal advice or representation.
        LegalAssistance = "LEGAL_ASSISTANCE",
        /// Help to earn a living.
        Livelihoods = "LIVELIHOODS",
        /// Child-protection service.
        ChildProtection = "CHILD_PROTECTION",
        /// Mediation within the family.
        FamilyMediation = "FAMILY_MEDIATION",
        /// Bringing a family together again.
        FamilyReunification = "FAMILY_REUNIFICATION",
        /// Schooling, without saying which kind.
        Education = "EDUCATION",
        /// Household goods, clothes and the like.
        NonFoodItems = "NON_FOOD_ITEMS",
        /// Water and sanitation, in the older list.
        WaterSanitation = "WATER_SANITATION",
        /// Registration with an authority.
        Registration = "REGISTRATION",
        /// Food.
        Food = "FOOD",
        /// Another service.
        Other = "OTHER",
        /// Care by others in place of the parents.
        AlternativeCare = "ALTERNATIVE_CARE",
        /// Basic mental-health and psychosocial support for a community.
        MhpssBasic = "MHPSS_BASIC",
        /// Focused psychosocial support by trained people who are no specialists.
        MhpssFocusedNonSpecialised = "MHPSS_FOCUSED_NON_SPECIALISED",
        /// Treatment by a mental-health specialist.
        MhpssSpecialised = "MHPSS_SPECIALISED",
        /// Security and safe shelter.
        SecuritySafeShelter = "SECURITY_SAFE_SHELTER",
        /// Formal schooling.
        EducationFormal = "EDUCATION_FORMAL",
        /// Learning outside the formal school.
        EducationNonFormal = "EDUCATION_NON_FORMAL",
        /// Searching for the family and bringing it together.
        FamilyTracingReunification = "FAMILY_TRACING_REUNIFICATION",
        /// Help in cash.
        CashAssistance = "CASH_ASSISTANCE",
        /// Treatment or prevention of malnutrition.
        Nutrition = "NUTRITION",
        /// Help to get identity papers.
        Documentation = "DOCUMENTATION",
        /// Services for people with disabilities.
        DisabilityServices = "DISABILITY_SERVICES",
        /// Sexual and reproductive health care.
        SexualReproductiveHealth = "SEXUAL_REPRODUCTIVE_HEALTH",
        /// A roof, or material for one.
        Shelter = "SHELTER",
        /// Water, sanitation and hygiene, in the newer list.
        Wash = "WASH",
        /// A lasting solution for a refugee.
        DurableSolution = "DURABLE_SOLUTION",
        /// A move to a safer place.
        Relocation = "RELOCATION",
        /// Support by a social worker.
        SocialWork = "SOCIAL_WORK",
        /// Care in a family, such as with relatives or foster parents.
        FamilyBasedCare = "FAMILY_BASED_CARE",
        /// Help against drug or alcohol misuse.
        DrugAlcohol = "DRUG_ALCOHOL",
        /// Counselling.
        Counselling = "COUNSELLING",
        /// Support of the family's income, in cash, kind or day care.
        FinancialDevelopment = "FINANCIAL_DEVELOPMENT",
        /// Medical support, in the Cambodian list.
        MedicalSupport = "MEDICAL_SUPPORT",
        /// Mental-health support, in the Cambodian list.
        MentalHealthSupport = "MENTAL_HEALTH_SUPPORT",
        /// Scholarship, school support, vocational training or life skills.
        TrainingEducation = "TRAINING_EDUCATION",
        /// Support for the whole family.
        FamilySupport = "FAMILY_SUPPORT",
        /// Rescue, shelter, counselling and return after trafficking.
        AntiTrafficking = "ANTI_TRAFFICKING",
    }
}

code! {
    /// How soon a service has to begin. Source: Primero.
    pub enum ServiceTimeframe {
        /// Within one hour.
        Within1Hour = "WITHIN_1_HOUR",
        /// Within three hours.
        Within3Hours = "WITHIN_3_HOURS",
        /// Within one day.
        Within1Day = "WITHIN_1_DAY",
        /// Within three days.
        Within3Days = "WITHIN_3_DAYS",
    }
}

code! {
    /// Whether a service was given. Source: Primero.
    pub enum ServiceImplementation {
        /// The service has not been given yet.
        NotImplemented = "NOT_IMPLEMENTED",
        /// The service was given.
        Implemented = "IMPLEMENTED",
    }
}
