//! A complaint of one migrant or many, from the first telling to its end.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, list::List, person::Answer};

/// A complaint of one migrant or many, from the first telling to its end.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "complaint")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The number people use for the complaint.
    pub reference: String,
    /// The centre that helps with it.
    pub centre_id: Uuid,
    /// The visit in which it was told.
    pub visit_id: Option<Uuid>,
    /// The user who looks after it.
    pub handler_id: Option<Uuid>,
    /// Where in the migration it happened.
    pub stage: ComplaintStage,
    /// How far it has come.
    pub status: ComplaintStatus,
    /// The day it was told to the centre.
    pub filed_on: Date,
    /// The office, court or agency it was brought before.
    pub filed_with: Option<String>,
    /// The day it ended; null while it is open.
    pub resolved_on: Option<Date>,
    /// Whom it is against.
    pub against: ComplaintAgainst,
    /// The name of whom it is against; sensitive data.
    pub respondent: Option<String>,
    /// What it is about.
    pub kinds: List<ComplaintKind>,
    /// What the complainants want, in words.
    pub remedy_sought: Option<String>,
    /// How much is asked for.
    pub claimed_amount: Option<f64>,
    /// In which currency, ISO 4217.
    pub claimed_currency: Option<String>,
    /// How much was awarded or agreed.
    pub awarded_amount: Option<f64>,
    /// In which currency, ISO 4217.
    pub awarded_currency: Option<String>,
    /// How much has come.
    pub recovered_amount: Option<f64>,
    /// In which currency, ISO 4217.
    pub recovered_currency: Option<String>,
    /// Whether somebody may take it out on the complainants.
    pub retaliation_risk: Answer,
    /// Why it was withdrawn, in the complainants' words.
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
    /// Where in the migration a complaint arose. Source: International Labour Organization, resource-centre manual.
    pub enum ComplaintStage {
        /// Before the migrant left.
        PreDeparture = "PRE_DEPARTURE",
        /// While the migrant worked abroad.
        InEmployment = "IN_EMPLOYMENT",
        /// On the way back or after it.
        Return = "RETURN",
    }
}

code! {
    /// How far a complaint has come.
    pub enum ComplaintStatus {
        /// It was told to the centre.
        Received = "RECEIVED",
        /// The centre looks at what it is about and whether there are signs of forced labour.
        Screening = "SCREENING",
        /// The sides are brought together.
        Mediation = "MEDIATION",
        /// An office of the state deals with it.
        Administrative = "ADMINISTRATIVE",
        /// A court deals with it.
        Court = "COURT",
        /// The sides have agreed.
        Settled = "SETTLED",
        /// An office or a court has found for the complainants.
        Awarded = "AWARDED",
        /// The complainants took it back.
        Withdrawn = "WITHDRAWN",
        /// An office or a court has found against the complainants.
        Rejected = "REJECTED",
        /// Nobody answered, and there is nothing left to do.
        ClosedNoResponse = "CLOSED_NO_RESPONSE",
    }
}

code! {
    /// Whom a complaint is against. Source: International Labour Organization, resource-centre manual.
    pub enum ComplaintAgainst {
        /// A recruitment agency or its agent.
        Recruiter = "RECRUITER",
        /// The employer.
        Employer = "EMPLOYER",
        /// A broker without a licence.
        Broker = "BROKER",
        /// An official.
        Official = "OFFICIAL",
        /// Somebody else.
        Other = "OTHER",
    }
}

code! {
    /// What a complaint is about. Source: International Labour Organization, resource-centre manual.
    pub enum ComplaintKind {
        /// Fees were taken for a job that does not exist.
        FeesForNonExistentJob = "FEES_FOR_NON_EXISTENT_JOB",
        /// Fees were higher than allowed.
        OverchargedFees = "OVERCHARGED_FEES",
        /// The work or the contract was another than promised.
        DeceptionOrContractSubstitution = "DECEPTION_OR_CONTRACT_SUBSTITUTION",
        /// Wages were not paid, or not in full.
        UnpaidOrUnderpaidWages = "UNPAID_OR_UNDERPAID_WAGES",
        /// Money was held back that may not be.
        IllegalDeductions = "ILLEGAL_DEDUCTIONS",
        /// Papers were kept from their owner.
        DocumentRetention = "DOCUMENT_RETENTION",
        /// Work or housing was bad or dangerous.
        PoorConditions = "POOR_CONDITIONS",
        /// The worker was not free to leave.
        Confinement = "CONFINEMENT",
        /// The worker was hurt or threatened.
        ViolenceOrThreat = "VIOLENCE_OR_THREAT",
        /// The worker had to work off a debt.
        DebtBondage = "DEBT_BONDAGE",
        /// The worker was injured and got no compensation.
        InjuryCompensation = "INJURY_COMPENSATION",
        /// The worker was dismissed against the law or the contract.
        Dismissal = "DISMISSAL",
        /// It may be trafficking.
        Trafficking = "TRAFFICKING",
        /// Something else.
        Other = "OTHER",
    }
}
