//! One contact between a visitor and a resource centre.

use sea_orm::entity::prelude::*;

use crate::{
    Owner, Tenanted,
    code::code,
    exploitation_episode::IsicSection,
    list::List,
    person::{Answer, DisplacementStatus, Sex},
    screening_request::ForcedLabourSign,
};

/// One contact between a visitor and a resource centre.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "visit")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The centre.
    pub centre_id: Uuid,
    /// The project that pays for the visit.
    pub project_id: Option<Uuid>,
    /// The visitor's ticket, which may be all that is known: visitors may stay anonymous.
    pub ticket: String,
    /// Whoever holds the ticket; null only while a row is being brought in.
    pub visitor_id: Option<Uuid>,
    /// The visitor, if he or she gave a name.
    pub person_id: Option<Uuid>,
    /// The day of the contact.
    pub visited_on: Date,
    /// How the contact took place.
    pub channel: VisitChannel,
    /// Whether it was the visitor's first contact.
    pub is_first: bool,
    /// The user who advised the visitor.
    pub counsellor_id: Option<Uuid>,
    /// How long it took, in minutes.
    pub minutes: Option<i32>,
    /// What a telephone call was about; null for other channels.
    pub call_kind: Option<CallKind>,
    /// Who the visitor is with regard to migration.
    pub visitor_kind: VisitorKind,
    /// The visitor's sex.
    pub sex: Sex,
    /// The visitor's age, in years.
    pub age_years: Option<i32>,
    /// The visitor's age group, where that is all that was told.
    pub age_group: Option<AgeGroup>,
    /// Difficulty seeing, even with glasses; null where it was not asked.
    pub seeing: Option<Difficulty>,
    /// Difficulty hearing, even with a hearing aid.
    pub hearing: Option<Difficulty>,
    /// Difficulty walking or climbing steps.
    pub walking: Option<Difficulty>,
    /// Difficulty remembering or concentrating.
    pub remembering: Option<Difficulty>,
    /// Difficulty washing all over or dressing.
    pub self_care: Option<Difficulty>,
    /// Difficulty understanding or being understood in the usual language.
    pub communicating: Option<Difficulty>,
    /// Whether the visitor has a disability by the Washington Group cut-off.
    pub disability: Answer,
    /// How the visitor came to live where he or she lives.
    pub displacement: DisplacementStatus,
    /// The township the visitor comes from.
    pub home_township_id: Option<Uuid>,
    /// The country the visitor wants to go to, ISO 3166-1 alpha-2.
    pub destination: Option<String>,
    /// The branch of the economy the visitor works or wants to work in.
    pub sector: Option<IsicSection>,
    /// How the visitor came to know the centre.
    pub heard_through: Option<HeardThrough>,
    /// What was talked about.
    pub topics: List<VisitTopic>,
    /// What the centre did for the visitor.
    pub services: List<VisitService>,
    /// The signs of forced labour that showed; sensitive data.
    pub signs: List<ForcedLabourSign>,
    /// The leaflets and papers handed out.
    pub documents_given: List<String>,
    /// How content the visitor was, as a score; the more the better.
    pub satisfaction: Option<i32>,
    /// Whether the centre has to get in touch again.
    pub needs_follow_up: bool,
    /// What else matters; personal data.
    pub note: Option<String>,
    /// When the visit was recorded on a device without network (UTC).
    pub recorded_on_device_at: Option<DateTimeUtc>,
    /// Seconds to add to the device's time to get the server's, as they were when the visit was sent.
    pub device_offset_seconds: Option<i32>,
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
    /// How the contact took place. Source: International Labour Organization, resource-centre manual.
    pub enum VisitChannel {
        /// The visitor came to the centre.
        WalkIn = "WALK_IN",
        /// The visitor called, or was called.
        Phone = "PHONE",
        /// The contact took place by chat, mail or social media.
        Online = "ONLINE",
        /// Staff went to a village, camp or workplace.
        Outreach = "OUTREACH",
        /// Staff came with a mobile clinic.
        MobileClinic = "MOBILE_CLINIC",
        /// The visitor took part in a session for a group.
        GroupSession = "GROUP_SESSION",
    }
}

code! {
    /// What a telephone call was about. Source: the case system of Children in Families.
    pub enum CallKind {
        /// Somebody new was reported and help is needed.
        NewReferralActionNeeded = "NEW_REFERRAL_ACTION_NEEDED",
        /// Somebody new was reported, but nothing needs to be done.
        NewReferralNoAction = "NEW_REFERRAL_NO_ACTION",
        /// News about a person who is already known.
        Update = "UPDATE",
        /// The caller was counselled.
        Counselling = "COUNSELLING",
        /// The caller wanted information.
        SeekingInformation = "SEEKING_INFORMATION",
        /// An unwanted call, such as advertising or a joke.
        Spam = "SPAM",
        /// The caller wanted to reach somebody else.
        WrongNumber = "WRONG_NUMBER",
    }
}

code! {
    /// Who the visitor is with regard to migration. Source: SAFE programme; proposed, configurable.
    pub enum VisitorKind {
        /// Plans to migrate.
        Aspirant = "ASPIRANT",
        /// Lives and works away from home now.
        CurrentMigrant = "CURRENT_MIGRANT",
        /// Has come back from migration.
        Returnee = "RETURNEE",
        /// Belongs to the family of a migrant.
        FamilyMember = "FAMILY_MEMBER",
        /// Was displaced inside the country.
        Idp = "IDP",
        /// Employs migrants.
        Employer = "EMPLOYER",
        /// Works for an authority.
        Official = "OFFICIAL",
        /// Somebody else.
        Other = "OTHER",
    }
}

code! {
    /// How a visitor came to know the centre. Source: proposed, configurable.
    pub enum HeardThrough {
        /// A radio programme.
        Radio = "RADIO",
        /// A training or session.
        Training = "TRAINING",
        /// A civil-society organisation.
        Cso = "CSO",
        /// A message or automatic call on the telephone.
        PushMessage = "PUSH_MESSAGE",
        /// A friend, neighbour or relative.
        Friend = "FRIEND",
        /// A leaflet or poster.
        Leaflet = "LEAFLET",
        /// Social media.
        SocialMedia = "SOCIAL_MEDIA",
        /// Another way.
        Other = "OTHER",
    }
}

code! {
    /// What was talked about. Source: proposed, configurable, from the scope of the International Labour Organization's manual.
    pub enum VisitTopic {
        /// Legal ways to migrate, such as the agreement between the two governments.
        LegalChannelsAndMou = "LEGAL_CHANNELS_AND_MOU",
        /// Passports and other papers.
        PassportsDocuments = "PASSPORTS_DOCUMENTS",
        /// Whether a recruitment agency is licensed.
        AgencyVerification = "AGENCY_VERIFICATION",
        /// What migration costs and which fees are allowed.
        CostsAndFees = "COSTS_AND_FEES",
        /// What a work contract says.
        ContractTerms = "CONTRACT_TERMS",
        /// Laws and workers' rights in the country of destination.
        DestinationLawAndRights = "DESTINATION_LAW_AND_RIGHTS",
        /// Sending money home.
        Remittances = "REMITTANCES",
        /// Health and access to doctors.
        Health = "HEALTH",
        /// Social security and insurance.
        SocialSecurity = "SOCIAL_SECURITY",
        /// Signs of trafficking and how to stay safe.
        TraffickingRisk = "TRAFFICKING_RISK",
        /// Coming home and starting again.
        ReturnReintegration = "RETURN_REINTEGRATION",
        /// How to complain about an employer or agent.
        ComplaintProcedure = "COMPLAINT_PROCEDURE",
        /// Skills training and jobs near home.
        SkillsAndLocalJobs = "SKILLS_AND_LOCAL_JOBS",
        /// Marriage by force or deceit, such as across the border.
        ForcedMarriage = "FORCED_MARRIAGE",
        /// Another topic.
        Other = "OTHER",
    }
}

code! {
    /// What the centre did for the visitor. Source: proposed, configurable.
    pub enum VisitService {
        /// Gave information.
        Information = "INFORMATION",
        /// Counselled the visitor about his or her own situation.
        Counselling = "COUNSELLING",
        /// Helped with papers and forms.
        DocumentHelp = "DOCUMENT_HELP",
        /// Gave a training before departure.
        PreDepartureTraining = "PRE_DEPARTURE_TRAINING",
        /// Referred the visitor to a skills training.
        SkillsTrainingReferral = "SKILLS_TRAINING_REFERRAL",
        /// Helped to find a job.
        JobMatching = "JOB_MATCHING",
        /// Gave or arranged legal aid.
        LegalAid = "LEGAL_AID",
        /// Helped to file or follow a complaint.
        ComplaintSupport = "COMPLAINT_SUPPORT",
        /// Gave psychosocial support.
        Psychosocial = "PSYCHOSOCIAL",
        /// Gave urgent help, such as food, transport or money.
        EmergencyAssistance = "EMERGENCY_ASSISTANCE",
        /// Referred the visitor to a shelter.
        ShelterReferral = "SHELTER_REFERRAL",
        /// Screened the visitor for signs of trafficking.
        TraffickingScreening = "TRAFFICKING_SCREENING",
        /// Helped the visitor to return home.
        RepatriationSupport = "REPATRIATION_SUPPORT",
    }
}

code! {
    /// An age as roughly as a visitor may want to tell it. Source: UNHCR's bands.
    pub enum AgeGroup {
        /// 0 to 4 years.
        Age0To4 = "AGE_0_TO_4",
        /// 5 to 11 years.
        Age5To11 = "AGE_5_TO_11",
        /// 12 to 17 years.
        Age12To17 = "AGE_12_TO_17",
        /// 18 to 59 years.
        Age18To59 = "AGE_18_TO_59",
        /// 60 years and older.
        Age60AndOver = "AGE_60_AND_OVER",
    }
}

impl AgeGroup {
    /// The first and the last year, the last one open.
    pub fn years(self) -> (i32, Option<i32>) {
        match self {
            Self::Age0To4 => (0, Some(4)),
            Self::Age5To11 => (5, Some(11)),
            Self::Age12To17 => (12, Some(17)),
            Self::Age18To59 => (18, Some(59)),
            Self::Age60AndOver => (60, None),
        }
    }
}

code! {
    /// How much difficulty somebody has in a domain. Source: Washington Group short set on functioning.
    pub enum Difficulty {
        /// No difficulty.
        Free = "NO_DIFFICULTY",
        /// Some difficulty.
        Slight = "SOME_DIFFICULTY",
        /// A lot of difficulty: counts as a disability.
        Great = "A_LOT_OF_DIFFICULTY",
        /// Cannot do it at all: counts as a disability.
        Cannot = "CANNOT_DO_AT_ALL",
    }
}
