//! A danger found in a case.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code};

/// A danger found in a case.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "protection_concern")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// What the danger is.
    pub kind: ConcernKind,
    /// At which stage it was found.
    pub found_at: ConcernStage,
    /// The day it was observed.
    pub observed_on: Option<Date>,
    /// What is known about it; sensitive data.
    pub details: Option<String>,
    /// Whether it still exists.
    pub is_open: bool,
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
    /// A danger or need that calls for protection. Source: Primero, and its configuration in Thailand; the last two are proposed, configurable.
    pub enum ConcernKind {
        /// Was exploited sexually.
        SexuallyExploited = "SEXUALLY_EXPLOITED",
        /// Survived gender-based violence.
        GbvSurvivor = "GBV_SURVIVOR",
        /// Was trafficked or smuggled.
        TraffickedSmuggled = "TRAFFICKED_SMUGGLED",
        /// Is not considered a national by any state.
        Statelessness = "STATELESSNESS",
        /// Was arrested or is detained.
        ArrestedDetained = "ARRESTED_DETAINED",
        /// Is a migrant who needs protection.
        Migrant = "MIGRANT",
        /// Has a disability and needs support.
        Disabled = "DISABLED",
        /// Has a serious health problem.
        SeriousHealthIssue = "SERIOUS_HEALTH_ISSUE",
        /// Is a refugee who needs protection.
        Refugee = "REFUGEE",
        /// Is or was with an armed force or armed group as a child.
        Caafag = "CAAFAG",
        /// Lives or works on the street.
        StreetChild = "STREET_CHILD",
        /// Is a child and a mother.
        ChildMother = "CHILD_MOTHER",
        /// Was abused in body or mind.
        PhysicallyOrMentallyAbused = "PHYSICALLY_OR_MENTALLY_ABUSED",
        /// Lives with somebody who needs care or protection.
        LivingWithVulnerablePerson = "LIVING_WITH_VULNERABLE_PERSON",
        /// Does work that the law counts among the worst forms of child labour.
        WorstFormsOfChildLabour = "WORST_FORMS_OF_CHILD_LABOUR",
        /// Lives in a household led by a child.
        ChildHeadedHousehold = "CHILD_HEADED_HOUSEHOLD",
        /// Suffers from mental distress.
        MentallyDistressed = "MENTALLY_DISTRESSED",
        /// Another concern, explained in the details.
        Other = "OTHER",
        /// Has trouble with gambling, or lives with it.
        GamblingIssues = "GAMBLING_ISSUES",
        /// Belongs to a group that is left out.
        MarginalisedGroup = "MARGINALISED_GROUP",
        /// Lacks identity papers.
        LackOfDocumentation = "LACK_OF_DOCUMENTATION",
        /// Was married as a child or is about to be.
        ChildMarriage = "CHILD_MARRIAGE",
        /// Is pregnant or a parent as a child.
        PregnancyChildParent = "PREGNANCY_CHILD_PARENT",
        /// Is cared for by people who may not keep the child safe.
        VulnerableCareArrangement = "VULNERABLE_CARE_ARRANGEMENT",
        /// Is exposed to a harmful custom.
        HarmfulTraditionalPractice = "HARMFUL_TRADITIONAL_PRACTICE",
        /// Is not given the care that is needed.
        Neglect = "NEGLECT",
        /// Is apart from parents or usual caregiver.
        Separated = "SEPARATED",
        /// Is accused or suspected of an offence.
        ConflictWithLaw = "CONFLICT_WITH_LAW",
        /// Misuses drugs or alcohol.
        SubstanceAbuse = "SUBSTANCE_ABUSE",
        /// Does dangerous work.
        HazardousWork = "HAZARDOUS_WORK",
        /// May be recruited by an armed force or group.
        RecruitmentRisk = "RECRUITMENT_RISK",
        /// Is exploited over the internet.
        OnlineExploitation = "ONLINE_EXPLOITATION",
    }
}

code! {
    /// At which stage of the work a concern was found. Source: Primero.
    pub enum ConcernStage {
        /// When the case was registered.
        Registration = "REGISTRATION",
        /// On a visit while the child was in care.
        FollowUpInCare = "FOLLOW_UP_IN_CARE",
        /// On a visit after the child had returned to the family.
        FollowUpAfterReunification = "FOLLOW_UP_AFTER_REUNIFICATION",
        /// When the child returned to the family.
        Reunification = "REUNIFICATION",
        /// When the family was verified.
        Verification = "VERIFICATION",
    }
}
