//! The answer to one indicator in a yearly observation.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, person::Answer};

/// The answer to one indicator in a yearly observation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cpms_answer")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The observation.
    pub observation_id: Uuid,
    /// The indicator.
    pub code: CpmsIndicatorCode,
    /// The answer.
    pub answer: Answer,
    /// What else was said; personal data.
    pub note: Option<String>,
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
    /// A sign asked about once a year for every child (C) and its household (F). Source: Child Protection Monitoring System.
    pub enum CpmsIndicatorCode {
        /// The child does not have Thai nationality.
        C01NoThaiNationality = "C01_NO_THAI_NATIONALITY",
        /// The child's birth was not registered; counted with C02B in official tables.
        C02aNoBirthRegistration = "C02A_NO_BIRTH_REGISTRATION",
        /// The child has emotional, physical or intellectual challenges; counted with C02A in official tables.
        C02bChallenges = "C02B_CHALLENGES",
        /// The child has no education.
        C03NoEducation = "C03_NO_EDUCATION",
        /// The child has no parent.
        C04NoParent = "C04_NO_PARENT",
        /// The child does not live with both parents.
        C05NotWithBothParents = "C05_NOT_WITH_BOTH_PARENTS",
        /// The child is neglected by those who should care for it.
        C06Neglected = "C06_NEGLECTED",
        /// The child has no permanent address.
        C07NoPermanentAddress = "C07_NO_PERMANENT_ADDRESS",
        /// The child moved into the community from elsewhere.
        C08ChildMigratedIn = "C08_CHILD_MIGRATED_IN",
        /// The parents moved away and left the child behind.
        C09ParentsMigratedAway = "C09_PARENTS_MIGRATED_AWAY",
        /// The child has a health problem; the source leaves the exact meaning open.
        C10Health = "C10_HEALTH",
        /// The child worked for wages.
        C11WorkedForWages = "C11_WORKED_FOR_WAGES",
        /// The child behaves violently.
        C12ViolentBehaviour = "C12_VIOLENT_BEHAVIOUR",
        /// The child was a victim of violence.
        C13VictimOfViolence = "C13_VICTIM_OF_VIOLENCE",
        /// The child is in conflict with the law.
        C14ConflictWithLaw = "C14_CONFLICT_WITH_LAW",
        /// The child has used drugs, alcohol or tobacco.
        C15SubstanceUse = "C15_SUBSTANCE_USE",
        /// The child received child-protection services; this alone is no risk.
        C16ReceivedServices = "C16_RECEIVED_SERVICES",
        /// The household's income is not secure.
        F17EconomicallyUnstable = "F17_ECONOMICALLY_UNSTABLE",
        /// A member of the household has health challenges.
        F18MemberHealth = "F18_MEMBER_HEALTH",
        /// A member of the household uses violence.
        F19MemberPerpetrator = "F19_MEMBER_PERPETRATOR",
        /// A member of the household is a victim of violence.
        F20MemberVictim = "F20_MEMBER_VICTIM",
        /// A member of the household is in conflict with the law.
        F21MemberConflictWithLaw = "F21_MEMBER_CONFLICT_WITH_LAW",
        /// A member of the household is addicted to alcohol, drugs or gambling.
        F22MemberAddicted = "F22_MEMBER_ADDICTED",
    }
}
