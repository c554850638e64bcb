//! The yearly look at one child by the Child Protection Monitoring System.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, cpms_answer::CpmsIndicatorCode, list::List};

/// The yearly look at one child by the Child Protection Monitoring System.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cpms_observation")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The child.
    pub child_id: Uuid,
    /// The household the child lived in then.
    pub household_id: Option<Uuid>,
    /// The village, ward or camp.
    pub community_id: Uuid,
    /// The calendar year the observation counts for.
    pub year: i32,
    /// The number of the yearly round, counted from 1.
    pub round: i32,
    /// The day of the interview.
    pub collected_on: Date,
    /// The user who asked.
    pub collected_by_id: Option<Uuid>,
    /// The language of the interview, a BCP 47 tag.
    pub interview_language: Option<String>,
    /// The class the rule gave.
    pub risk_class: CpmsRiskClass,
    /// The version of the rule that gave the class.
    pub rule_version: String,
    /// The indicators that led to the class.
    pub reasons: List<CpmsIndicatorCode>,
    /// The indicators without a yes or a no; they never raise the class.
    pub unknown_indicators: List<CpmsIndicatorCode>,
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
    /// How urgently a child needs help. Source: Child Protection Monitoring System; the rule behind it is proposed, configurable.
    pub enum CpmsRiskClass {
        /// No sign of risk.
        None = "NONE",
        /// There are signs of risk: include the child in prevention.
        AtRisk = "AT_RISK",
        /// The risk is serious: visit the home within 72 hours.
        HighRisk = "HIGH_RISK",
        /// The child was harmed: visit the home within 24 hours and tell the supervisor.
        Victim = "VICTIM",
    }
}
