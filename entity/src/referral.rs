//! A visitor referred to a partner organisation, as one of the two keeps it.

use sea_orm::entity::prelude::*;

use crate::{
    Owner, Tenanted,
    case::RiskLevel,
    case_service::ServiceType,
    code::code,
    list::List,
    person::{Answer, DisplacementStatus, Sex},
    screening_request::ForcedLabourSign,
    visit::{VisitTopic, VisitorKind},
};

/// A visitor referred to a partner organisation, as one of the two keeps it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "referral")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whether this organisation sent or received it.
    pub direction: ReferralDirection,
    /// The other organisation, as this one knows it.
    pub partner_id: Uuid,
    /// The row of the other organisation; never shown.
    pub counterpart_id: Uuid,
    /// The visit it came from; null where it was received.
    pub visit_id: Option<Uuid>,
    /// The consent it stands on; null where it was received.
    pub consent_id: Option<Uuid>,
    /// SHA-256 of the receiver's code and the consent as it was when the referral was sent, in hexadecimal digits.
    pub consent_hash: String,
    /// The user who looks after it here.
    pub handler_id: Option<Uuid>,
    /// The service that is asked for.
    pub service_type: ServiceType,
    /// Why the visitor is referred.
    pub reason: ReferralReason,
    /// How great the danger is; sensitive data.
    pub risk_level: Option<RiskLevel>,
    /// How far it has come.
    pub status: ReferralStatus,
    /// When it was sent (UTC).
    pub sent_at: DateTimeUtc,
    /// When it has to be acknowledged at the latest (UTC).
    pub acknowledge_by: DateTimeUtc,
    /// The day by which the visitor has to be met; null until it is accepted.
    pub meet_by: Option<Date>,
    /// When it was accepted or rejected (UTC).
    pub responded_at: Option<DateTimeUtc>,
    /// The last day on which what was shared may be read by the receiver.
    pub expires_on: Date,
    /// When it ended (UTC); null while it is live.
    pub ended_at: Option<DateTimeUtc>,
    /// Why it was rejected or revoked; personal data.
    pub end_reason: Option<String>,
    /// What the receiver reports; personal data.
    pub provider_note: Option<String>,
    /// What the receiver is asked to do; personal data, gone for the receiver once it ends.
    pub purpose: Option<String>,
    /// What the sender shared of the visitor.
    pub shared: List<ReferralField>,
    /// The visitor's name, if shared; gone for the receiver once it ends, as all that follows.
    pub name: Option<String>,
    /// A telephone number that is safe to call, if shared.
    pub phone: Option<String>,
    /// The visitor's ticket, if shared.
    pub ticket: Option<String>,
    /// Who the visitor is with regard to migration, if shared.
    pub visitor_kind: Option<VisitorKind>,
    /// The visitor's sex, if shared.
    pub sex: Option<Sex>,
    /// The visitor's age in years, if shared.
    pub age_years: Option<i32>,
    /// The township the visitor comes from, if shared.
    pub home_township_id: Option<Uuid>,
    /// The country the visitor wants to go to, if shared.
    pub destination: Option<String>,
    /// What was talked about, if shared.
    pub topics: Option<List<VisitTopic>>,
    /// Whether the visitor has a disability, if shared.
    pub disability: Option<Answer>,
    /// How the visitor came to live where he or she lives, if shared.
    pub displacement: Option<DisplacementStatus>,
    /// The signs of forced labour that showed, if shared.
    pub signs: Option<List<ForcedLabourSign>>,
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
    /// Which side of a referral an organisation is on.
    pub enum ReferralDirection {
        /// This organisation sent it: the outbox.
        Sent = "SENT",
        /// This organisation received it: the inbox.
        Received = "RECEIVED",
    }
}

code! {
    /// How far a referral has come. Source: Primero; proposed, configurable.
    pub enum ReferralStatus {
        /// It was sent and not acknowledged yet.
        Sent = "SENT",
        /// The receiver has seen it.
        Received = "RECEIVED",
        /// The receiver will help.
        Accepted = "ACCEPTED",
        /// The receiver is helping.
        InService = "IN_SERVICE",
        /// The help was given.
        Completed = "COMPLETED",
        /// The receiver will not help.
        Rejected = "REJECTED",
        /// The sender took it back.
        Revoked = "REVOKED",
        /// Its last day is over.
        Expired = "EXPIRED",
        /// The visitor withdrew the consent.
        WithdrawnConsent = "WITHDRAWN_CONSENT",
    }
}

code! {
    /// Why somebody is referred. Source: IOM Human Trafficking Case Data Standard 2.0.
    pub enum ReferralReason {
        /// For services that the sender does not give.
        AdditionalServices = "ADDITIONAL_SERVICES",
        /// The person moves to where the receiver works.
        MigrationOrChangeOfLocation = "MIGRATION_OR_CHANGE_OF_LOCATION",
        /// Another reason.
        Other = "OTHER",
    }
}

code! {
    /// What a referral can share of a visitor: each only where the sender names it. Source: proposed, configurable.
    pub enum ReferralField {
        /// The name, if the visitor gave one and it is not hidden.
        Name = "NAME",
        /// The telephone number that is safe to call.
        Phone = "PHONE",
        /// The ticket of the centre.
        Ticket = "TICKET",
        /// Who the visitor is with regard to migration.
        VisitorKind = "VISITOR_KIND",
        /// The sex.
        Sex = "SEX",
        /// The age in years.
        Age = "AGE",
        /// The township the visitor comes from.
        HomeTownship = "HOME_TOWNSHIP",
        /// The country the visitor wants to go to.
        Destination = "DESTINATION",
        /// What was talked about.
        Topics = "TOPICS",
        /// Whether the visitor has a disability.
        Disability = "DISABILITY",
        /// How the visitor came to live where he or she lives.
        Displacement = "DISPLACEMENT",
        /// The signs of forced labour that showed.
        Signs = "SIGNS",
    }
}
