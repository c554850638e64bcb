//! A talk that finds out whether a person was trafficked.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, exploitation_episode::ExploitationKind, list::List, person::Answer};

/// A talk that finds out whether a person was trafficked.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "trafficking_screening")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The survivor the person became; null before the result.
    pub survivor_id: Option<Uuid>,
    /// The person who was screened.
    pub person_id: Uuid,
    /// The day of the talk.
    pub screened_on: Date,
    /// The user who led the talk.
    pub interviewer_id: Option<Uuid>,
    /// The place of the talk.
    pub place_id: Option<Uuid>,
    /// What was made sure of before the talk began.
    pub safety_checks: List<SafetyCheck>,
    /// Whether the person was under 18; for a child no means is needed.
    pub is_child: Answer,
    /// What was done to the person.
    pub acts: List<TraffickingAct>,
    /// By what means it was done.
    pub means: List<TraffickingMeans>,
    /// For which exploitation it was done.
    pub purposes: List<ExploitationKind>,
    /// Whether act, means (for adults) and purpose are all present.
    pub indicators_met: bool,
    /// The decision; null while open.
    pub result: Option<ScreeningResult>,
    /// Who decided.
    pub decision_maker: Option<DecisionMaker>,
    /// The day of the decision.
    pub decided_on: Option<Date>,
    /// Why the decision differs from the indicators.
    pub override_reason: Option<String>,
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
    /// What was made sure of before a screening began. Source: proposed, configurable.
    pub enum SafetyCheck {
        /// Nobody else can see or hear the talk.
        PrivatePlace = "PRIVATE_PLACE",
        /// The person trusts the interpreter.
        InterpreterTrusted = "INTERPRETER_TRUSTED",
        /// Nobody who may be involved is near.
        NoTraffickerNear = "NO_TRAFFICKER_NEAR",
        /// Food, medical care and safety come first and are settled.
        EmergencyNeedsMet = "EMERGENCY_NEEDS_MET",
        /// The person knows that he or she may stop at any time.
        MayStopAnyTime = "MAY_STOP_ANY_TIME",
    }
}

code! {
    /// What was done to a person: the first element of trafficking. Source: Palermo Protocol, article 3.
    pub enum TraffickingAct {
        /// The person was recruited.
        Recruitment = "RECRUITMENT",
        /// The person was brought from one place to another.
        Transportation = "TRANSPORTATION",
        /// The person was handed over to somebody else.
        Transfer = "TRANSFER",
        /// The person was kept or hidden.
        Harbouring = "HARBOURING",
        /// The person was taken over from somebody else.
        Receipt = "RECEIPT",
    }
}

code! {
    /// By what means it was done: the second element of trafficking, not needed for a child. Source: Palermo Protocol, article 3.
    pub enum TraffickingMeans {
        /// The person was threatened.
        Threat = "THREAT",
        /// Force was used.
        UseOfForce = "USE_OF_FORCE",
        /// The person was compelled in another way.
        OtherCoercion = "OTHER_COERCION",
        /// The person was carried off.
        Abduction = "ABDUCTION",
        /// The person was cheated, such as with a false contract.
        Fraud = "FRAUD",
        /// The person was misled about what was to come.
        Deception = "DECEPTION",
        /// Somebody misused power over the person.
        AbuseOfPower = "ABUSE_OF_POWER",
        /// Somebody used that the person had no real choice.
        AbuseOfVulnerability = "ABUSE_OF_VULNERABILITY",
        /// Money or gain was given to one who had control over the person.
        PaymentsForControl = "PAYMENTS_FOR_CONTROL",
    }
}

code! {
    /// What the screening found. Source: IOM Human Trafficking Case Data Standard 2.0.
    pub enum ScreeningResult {
        /// The person may have been trafficked.
        PossibleVictim = "POSSIBLE_VICTIM",
        /// The person was trafficked.
        ActualVictim = "ACTUAL_VICTIM",
        /// The person was not trafficked.
        NotAVictim = "NOT_A_VICTIM",
    }
}

code! {
    /// Who decided whether a person was trafficked. Source: IOM Human Trafficking Case Data Standard 2.0.
    pub enum DecisionMaker {
        /// The police.
        Police = "POLICE",
        /// A non-governmental organisation.
        Ngo = "NGO",
        /// A court or a public prosecutor.
        CourtOrProsecution = "COURT_OR_PROSECUTION",
        /// An authority other than the police.
        NonPoliceGovernment = "NON_POLICE_GOVERNMENT",
        /// Somebody else.
        Other = "OTHER",
    }
}
