//! The work with one child or survivor, from the first report to the end of the help.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, list::List};

/// The work with one child or survivor, from the first report to the end of the help.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The number people use for the case.
    pub display_number: String,
    /// The field of work it belongs to.
    pub module: Module,
    /// The user who is responsible.
    pub owner_id: Uuid,
    /// The coarse state, for filters.
    pub status: CaseStatus,
    /// The step of the work.
    pub workflow: CaseWorkflow,
    /// Whether the state leads the case.
    pub legal_track: Option<LegalTrack>,
    /// The child it is about.
    pub child_id: Option<Uuid>,
    /// The survivor it is about.
    pub survivor_id: Option<Uuid>,
    /// The project that pays for the work.
    pub project_id: Option<Uuid>,
    /// The township it is counted in.
    pub township_id: Option<Uuid>,
    /// How the organisation came to know of it.
    pub identified_through: IdentificationSource,
    /// Whether the child is without parents or caregivers.
    pub unaccompanied_status: Option<UnaccompaniedStatus>,
    /// How great the danger is; null before the assessment.
    pub risk_level: Option<RiskLevel>,
    /// Whether it cannot wait.
    pub is_urgent: bool,
    /// The ground on which personal data are kept.
    pub legal_basis: Option<LegalBasis>,
    /// What the plan wants to reach.
    pub goals: List<String>,
    /// The day the case was registered.
    pub registered_on: Date,
    /// The day by which the assessment must be done.
    pub assessment_due_on: Option<Date>,
    /// The day of the assessment.
    pub assessed_on: Option<Date>,
    /// The day by which the plan must be made.
    pub plan_due_on: Option<Date>,
    /// The day of the plan.
    pub planned_on: Option<Date>,
    /// The day of closing; set once.
    pub closed_on: Option<Date>,
    /// Why the case was closed.
    pub closure_reason: Option<ClosureReason>,
    /// What else matters about the closing; personal data.
    pub closure_note: Option<String>,
    /// The day it was opened again.
    pub reopened_on: Option<Date>,
    /// Why it was opened again.
    pub reopen_reason: Option<String>,
    /// The case this one repeats.
    pub duplicate_of_id: Option<Uuid>,
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
    /// A field of work; an organisation switches on the ones it needs. Source: Primero; fields beyond it come from the programmes Lanpya serves.
    pub enum Module {
        /// Case work with children in danger.
        ChildProtection = "CHILD_PROTECTION",
        /// Case work with survivors of trafficking.
        Trafficking = "TRAFFICKING",
        /// Case work with survivors of gender-based violence.
        Gbv = "GBV",
        /// Case work with other people who need protection.
        GeneralProtection = "GENERAL_PROTECTION",
        /// Child Protection Monitoring System: the yearly look at every child of a community.
        Cpms = "CPMS",
        /// Centres that inform and help migrants.
        ResourceCentre = "RESOURCE_CENTRE",
        /// Assessing and building the capacity of civil-society organisations.
        Capacity = "CAPACITY",
        /// Community groups that protect children and migrants.
        Community = "COMMUNITY",
        /// Trainings and message campaigns.
        Training = "TRAINING",
        /// Monitoring and reporting of grave violations against children in armed conflict.
        Mrm = "MRM",
        /// Reports of who does what, where, when and for whom.
        Activity = "ACTIVITY",
        /// Taking in survey forms.
        Intake = "INTAKE",
    }
}

code! {
    /// The coarse state of a case, for filters. Source: Primero.
    pub enum CaseStatus {
        /// Reported but not yet registered.
        Identified = "IDENTIFIED",
        /// Being worked on.
        Open = "OPEN",
        /// The work has ended.
        Closed = "CLOSED",
        /// Handed over to another organisation.
        Transferred = "TRANSFERRED",
        /// Repeats another case and leaves all counts.
        Duplicate = "DUPLICATE",
    }
}

code! {
    /// The step the work on a case has reached, derived from what was done. Source: proposed, configurable.
    pub enum CaseWorkflow {
        /// Somebody reported the person.
        Identified = "IDENTIFIED",
        /// The person, the date and the responsible user are recorded.
        Registered = "REGISTERED",
        /// The situation of the person was assessed.
        Assessed = "ASSESSED",
        /// A plan with at least one goal and a risk level was made.
        Planned = "PLANNED",
        /// Services of the plan are being given.
        InService = "IN_SERVICE",
        /// The services are done and the person is still visited.
        FollowUp = "FOLLOW_UP",
        /// The work has ended.
        Closed = "CLOSED",
        /// The case was opened again and waits for its next step.
        Reopened = "REOPENED",
    }
}

code! {
    /// Whether the state leads a case. Source: UNICEF.
    pub enum LegalTrack {
        /// The state's social welfare department leads the case under the law.
        Statutory = "STATUTORY",
        /// An organisation handles the case without an order of the state.
        NonStatutory = "NON_STATUTORY",
    }
}

code! {
    /// How the organisation came to know of a case. Source: proposed, configurable.
    pub enum IdentificationSource {
        /// The child spoke up.
        ChildSelf = "CHILD_SELF",
        /// A member of the family reported it.
        Family = "FAMILY",
        /// A community group reported it.
        CommunityGroup = "COMMUNITY_GROUP",
        /// A school reported it.
        School = "SCHOOL",
        /// A clinic or health worker reported it.
        Health = "HEALTH",
        /// The police reported it.
        Police = "POLICE",
        /// It came in by a hotline.
        Hotline = "HOTLINE",
        /// A resource centre for migrants noticed it.
        ResourceCentre = "RESOURCE_CENTRE",
        /// It was noticed in a survey form.
        KoboSurvey = "KOBO_SURVEY",
        /// It was noticed in the yearly look at every child.
        Cpms = "CPMS",
        /// Another organisation reported or referred it.
        OtherNgo = "OTHER_NGO",
        /// An authority reported it.
        Government = "GOVERNMENT",
        /// Staff noticed it while visiting a community.
        Outreach = "OUTREACH",
        /// It became known in another way.
        Other = "OTHER",
    }
}

code! {
    /// Whether a child is without parents or caregivers. Source: Primero as configured in Thailand.
    pub enum UnaccompaniedStatus {
        /// The child is with a parent or usual caregiver.
        No = "NO",
        /// The child is without parents and relatives, and no responsible adult cares for it.
        UnaccompaniedMinor = "UNACCOMPANIED_MINOR",
        /// The child is apart from parents and usual caregiver, but perhaps with other relatives.
        SeparatedChild = "SEPARATED_CHILD",
        /// The child is vulnerable for another reason.
        OtherVulnerableChild = "OTHER_VULNERABLE_CHILD",
    }
}

code! {
    /// How great the danger for the person is; it sets the deadlines. Source: Primero.
    pub enum RiskLevel {
        /// Serious harm is likely soon.
        High = "HIGH",
        /// Harm is likely unless somebody helps.
        Medium = "MEDIUM",
        /// Harm is not likely in the near future.
        Low = "LOW",
    }
}

code! {
    /// The ground on which personal data may be kept. Source: Primero, data protection guidance.
    pub enum LegalBasis {
        /// The person, or one who may decide for a child, agreed.
        Consent = "CONSENT",
        /// A contract with the person requires it.
        Contract = "CONTRACT",
        /// It protects somebody's life or health.
        VitalInterests = "VITAL_INTERESTS",
        /// It is in the best interests of the person.
        BeneficiaryInterests = "BENEFICIARY_INTERESTS",
        /// The law requires it.
        LegalObligation = "LEGAL_OBLIGATION",
        /// The organisation has another legitimate interest in it.
        OtherLegitimateInterests = "OTHER_LEGITIMATE_INTERESTS",
    }
}

code! {
    /// Why the work on a case ended. Source: Primero and the case system of Children in Families.
    pub enum ClosureReason {
        /// The goals of the plan were reached.
        GoalsMet = "GOALS_MET",
        /// The case was closed formally, such as by a conference.
        FormalClosing = "FORMAL_CLOSING",
        /// Nothing more can or need be done.
        NoFurtherAction = "NO_FURTHER_ACTION",
        /// The person no longer needs support.
        NoLongerRequiresSupport = "NO_LONGER_REQUIRES_SUPPORT",
        /// The case does not belong to the programme.
        DoesNotMeetCriteria = "DOES_NOT_MEET_CRITERIA",
        /// The person or family did not want the service.
        RefusedService = "REFUSED_SERVICE",
        /// The survivor asked to close the case.
        SurvivorRequest = "SURVIVOR_REQUEST",
        /// The person cannot be reached.
        CannotBeContacted = "CANNOT_BE_CONTACTED",
        /// The person is missing.
        Missing = "MISSING",
        /// The child ran away.
        RanAway = "RAN_AWAY",
        /// The person was not found when the case was verified.
        NotSeenDuringVerification = "NOT_SEEN_DURING_VERIFICATION",
        /// The person moved inside the country.
        MovedWithinCountry = "MOVED_WITHIN_COUNTRY",
        /// The person moved to another country.
        MovedAbroad = "MOVED_ABROAD",
        /// The person was brought back to the home country.
        Repatriated = "REPATRIATED",
        /// Another organisation took the case over.
        Transferred = "TRANSFERRED",
        /// The person died.
        Died = "DIED",
        /// The organisation lacks the means to go on.
        AgencyLacksResources = "AGENCY_LACKS_RESOURCES",
        /// The case should not have been opened.
        OpenedInError = "OPENED_IN_ERROR",
        /// The child turned 18.
        Turned18 = "TURNED_18",
        /// Another reason, explained in the note.
        Other = "OTHER",
    }
}
