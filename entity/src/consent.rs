//! What a visitor, or who speaks for one, agreed to.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, list::List, person::Answer};

/// What a visitor, or who speaks for one, agreed to.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The visit in which it was given.
    pub visit_id: Uuid,
    /// The user who asked for it.
    pub obtained_by_id: Option<Uuid>,
    /// The day it was given.
    pub given_on: Date,
    /// Who gave it.
    pub given_by: ConsentGiver,
    /// How it was given.
    pub method: ConsentMethod,
    /// The language it was explained in, a BCP 47 tag.
    pub language: String,
    /// What it allows.
    pub scopes: List<ConsentScope>,
    /// What was explained before.
    pub information_given: List<InformationGiven>,
    /// Whether the child agrees too; must be answered below 18.
    pub child_assent: Answer,
    /// The last day it holds.
    pub expires_on: Date,
    /// The day it was withdrawn; null while it stands.
    pub withdrawn_on: Option<Date>,
    /// Why it was withdrawn; personal data.
    pub withdrawal_reason: Option<String>,
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
    /// Who gave a consent. Source: Primero.
    pub enum ConsentGiver {
        /// The person whom it is about.
        Individual = "INDIVIDUAL",
        /// A caregiver of the person.
        Caregiver = "CAREGIVER",
        /// A parent.
        Parent = "PARENT",
        /// The head of the household.
        HeadOfHousehold = "HEAD_OF_HOUSEHOLD",
        /// Somebody else.
        Other = "OTHER",
    }
}

code! {
    /// How a consent was given. Source: proposed, configurable.
    pub enum ConsentMethod {
        /// Signed.
        Written = "WRITTEN",
        /// With a thumbprint.
        Thumbprint = "THUMBPRINT",
        /// In words, before a witness.
        VerbalWitnessed = "VERBAL_WITNESSED",
    }
}

code! {
    /// What a consent allows. Source: Primero.
    pub enum ConsentScope {
        /// To be helped, and what is needed for that to be noted down.
        Services = "SERVICES",
        /// To be counted in reports that name nobody.
        ReportingNonIdentifiable = "REPORTING_NON_IDENTIFIABLE",
        /// To look for the family.
        Tracing = "TRACING",
        /// To tell other organisations what they need to help: the disclosure consent.
        ShareWithOtherOrganisations = "SHARE_WITH_OTHER_ORGANISATIONS",
    }
}

code! {
    /// What was explained before a consent. Source: IOM Human Trafficking Case Data Standard 2.0.
    pub enum InformationGiven {
        /// What the information is for.
        Purpose = "PURPOSE",
        /// How it is used.
        UseOfData = "USE_OF_DATA",
        /// That research may use it without names.
        NonIdentifyingResearchUse = "NON_IDENTIFYING_RESEARCH_USE",
        /// The right to see it.
        RightOfAccess = "RIGHT_OF_ACCESS",
        /// How long it is kept.
        StorageTime = "STORAGE_TIME",
        /// How to withdraw.
        WithdrawalProcess = "WITHDRAWAL_PROCESS",
        /// That the talk itself is voluntary.
        ConsentsToInterview = "CONSENTS_TO_INTERVIEW",
    }
}
