//! A talk about trafficking that signs of forced labour ask for, in a visit or a complaint.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, list::List};

/// A talk about trafficking that signs of forced labour ask for, in a visit or a complaint.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "screening_request")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The visit that showed the signs.
    pub visit_id: Option<Uuid>,
    /// The complaint that showed the signs.
    pub complaint_id: Option<Uuid>,
    /// The talk, once it took place.
    pub screening_id: Option<Uuid>,
    /// The signs; sensitive data.
    pub signs: List<ForcedLabourSign>,
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
    /// A sign of forced labour. Source: International Labour Organization, indicators of forced labour.
    pub enum ForcedLabourSign {
        /// Somebody makes use of a weakness: no papers, no language, nobody to turn to.
        AbuseOfVulnerability = "ABUSE_OF_VULNERABILITY",
        /// The work, the pay or the conditions are not those promised.
        Deception = "DECEPTION",
        /// The worker may not leave the place.
        RestrictionOfMovement = "RESTRICTION_OF_MOVEMENT",
        /// The worker is kept from contact with others.
        Isolation = "ISOLATION",
        /// The worker is hurt or abused.
        PhysicalAndSexualViolence = "PHYSICAL_AND_SEXUAL_VIOLENCE",
        /// The worker or the family is threatened.
        IntimidationAndThreats = "INTIMIDATION_AND_THREATS",
        /// Somebody keeps the worker's papers.
        RetentionOfIdentityDocuments = "RETENTION_OF_IDENTITY_DOCUMENTS",
        /// Pay is held back to keep the worker.
        WithholdingOfWages = "WITHHOLDING_OF_WAGES",
        /// The worker works off a debt.
        DebtBondage = "DEBT_BONDAGE",
        /// Working and living conditions that nobody would accept freely.
        AbusiveWorkingAndLivingConditions = "ABUSIVE_WORKING_AND_LIVING_CONDITIONS",
        /// Hours beyond what law or contract allow, under a threat.
        ExcessiveOvertime = "EXCESSIVE_OVERTIME",
    }
}
