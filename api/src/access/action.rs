//! The acts that change something, and which role may do which. Source: domain catalogue 7.2.

use entity::user::RoleCode;

/// An act. Each mutation asks for exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Log a visit to a resource centre.
    VisitRecord,
    /// Change, note on or remove a visit that was logged.
    VisitChange,
    /// Plan or do a follow-up of a visit, or give direct assistance.
    VisitWork,
    /// File a complaint, or take a step of the work on it.
    ComplaintWrite,
    /// Record or withdraw a visitor's consent.
    ConsentWrite,
    /// Refer a visitor to a partner, or take a step of a referral.
    ReferralWrite,
    /// Register a child.
    ChildRegister,
    /// Open a case.
    CaseOpen,
    /// Move a case through its workflow.
    CaseAdvance,
    /// Add a service or a note to a case, or mark a service as done.
    CaseWrite,
    /// Register a survivor.
    SurvivorRegister,
    /// Record a screening for trafficking.
    ScreeningRecord,
    /// Record a child's yearly observation.
    CpmsObservationRecord,
    /// Score a capacity assessment.
    CapacityAssessmentScore,
    /// Say where another system is told of what happens.
    WebhookWrite,
    /// Record a curriculum, a training, who took part or what they learnt.
    TrainingWrite,
    /// Record a campaign of messages, or what came of it.
    CampaignWrite,
    /// Open a resource centre, start a project, or agree on referrals with a partner.
    DirectoryWrite,
    /// Set an organisation up with its first users: the operator's act, which no role includes.
    OrganisationInstall,
    /// Bring records in from a file: the operator's act, which no role includes.
    RecordsImport,
    /// End what ends with a day: the server's own act, which no role includes.
    DayEnd,
    /// Tell another system of what happened: the server's own act, which no role includes.
    WebhookSend,
}

impl Action {
    /// Every action that a role can include, for tables that must be complete.
    pub const ALL: [Self; 18] = [
        Self::VisitRecord,
        Self::VisitChange,
        Self::VisitWork,
        Self::ComplaintWrite,
        Self::ConsentWrite,
        Self::ReferralWrite,
        Self::ChildRegister,
        Self::CaseOpen,
        Self::CaseAdvance,
        Self::CaseWrite,
        Self::SurvivorRegister,
        Self::ScreeningRecord,
        Self::CpmsObservationRecord,
        Self::CapacityAssessmentScore,
        Self::TrainingWrite,
        Self::CampaignWrite,
        Self::DirectoryWrite,
        Self::WebhookWrite,
    ];

    /// Whether only the operator of the machine does this, never a user.
    pub fn is_operators(self) -> bool {
        matches!(self, Self::OrganisationInstall | Self::RecordsImport | Self::DayEnd | Self::WebhookSend)
    }

    /// The name in the audit and in `viewer { permissions }`.
    pub fn code(self) -> &'static str {
        match self {
            Self::VisitRecord => "VISIT_RECORD",
            Self::VisitChange => "VISIT_CHANGE",
            Self::VisitWork => "VISIT_WORK",
            Self::ComplaintWrite => "COMPLAINT_WRITE",
            Self::ConsentWrite => "CONSENT_WRITE",
            Self::ReferralWrite => "REFERRAL_WRITE",
            Self::ChildRegister => "CHILD_REGISTER",
            Self::CaseOpen => "CASE_OPEN",
            Self::CaseAdvance => "CASE_ADVANCE",
            Self::CaseWrite => "CASE_WRITE",
            Self::SurvivorRegister => "SURVIVOR_REGISTER",
            Self::ScreeningRecord => "SCREENING_RECORD",
            Self::CpmsObservationRecord => "CPMS_OBSERVATION_RECORD",
            Self::CapacityAssessmentScore => "CAPACITY_ASSESSMENT_SCORE",
            Self::TrainingWrite => "TRAINING_WRITE",
            Self::CampaignWrite => "CAMPAIGN_WRITE",
            Self::DirectoryWrite => "DIRECTORY_WRITE",
            Self::OrganisationInstall => "ORGANISATION_INSTALL",
            Self::RecordsImport => "RECORDS_IMPORT",
            Self::WebhookWrite => "WEBHOOK_WRITE",
            Self::DayEnd => "DAY_END",
            Self::WebhookSend => "WEBHOOK_SEND",
        }
    }
}

/// Whether `role` may do `action`. Default is no.
pub fn may(role: RoleCode, action: Action) -> bool {
    use Action::{
        CampaignWrite, CapacityAssessmentScore, CaseAdvance, CaseOpen, CaseWrite, ChildRegister, ComplaintWrite,
        ConsentWrite, CpmsObservationRecord, DayEnd, DirectoryWrite, OrganisationInstall, RecordsImport, ReferralWrite,
        ScreeningRecord, SurvivorRegister, TrainingWrite, VisitChange, VisitRecord, VisitWork, WebhookSend,
        WebhookWrite,
    };
    use RoleCode::{
        CapacityFacilitator, Caseworker, CommunityVolunteer, Integration, MrcCounsellor, OrgAdmin, Supervisor,
        TrainingOfficer,
    };
    match action {
        VisitRecord => matches!(role, Supervisor | MrcCounsellor | Integration),
        VisitChange | VisitWork | ComplaintWrite | ConsentWrite | ReferralWrite => {
            matches!(role, Supervisor | MrcCounsellor)
        }
        ChildRegister | CpmsObservationRecord => {
            matches!(role, Caseworker | Supervisor | CommunityVolunteer | Integration)
        }
        CaseOpen => matches!(role, Caseworker | Supervisor | CommunityVolunteer | Integration),
        CaseAdvance | CaseWrite | SurvivorRegister => matches!(role, Caseworker | Supervisor),
        ScreeningRecord => matches!(role, Caseworker | Supervisor | MrcCounsellor),
        CapacityAssessmentScore => matches!(role, OrgAdmin | CapacityFacilitator),
        TrainingWrite | CampaignWrite => {
            matches!(role, Supervisor | OrgAdmin | MrcCounsellor | CapacityFacilitator | TrainingOfficer | Integration)
        }
        DirectoryWrite | WebhookWrite => role == OrgAdmin,
        OrganisationInstall | RecordsImport | DayEnd | WebhookSend => false,
    }
}
