//! A person who signs in and works for the organisation.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code};

/// A person who signs in and works for the organisation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "app_user")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The name of the account at the identity provider (the token's subject).
    pub subject: String,
    /// The name colleagues see.
    pub display_name: String,
    /// What the user may do.
    pub role: RoleCode,
    /// The group whose records the user shares; null means own records only.
    pub team: Option<String>,
    /// The place the user works from.
    pub work_location_id: Option<Uuid>,
    /// The language the user reads, a BCP 47 tag.
    pub language: String,
    /// Whether the user may sign in.
    pub is_enabled: bool,
    /// Counts changes of rights; a token seen before the last change is not trusted again.
    pub epoch: i32,
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
    /// What a user may do and which rows the user sees. Source: proposed, configurable.
    pub enum RoleCode {
        /// Works with children and survivors, and sees the cases he or she owns or was given.
        Caseworker = "CASEWORKER",
        /// Guides a team of caseworkers and decides on approvals in that team.
        Supervisor = "SUPERVISOR",
        /// Manages users, roles and policies of the organisation, but does not read cases.
        OrgAdmin = "ORG_ADMIN",
        /// Makes the organisation's reports and exports from counts without names.
        OrgDataOfficer = "ORG_DATA_OFFICER",
        /// Gives a service and sees only what was referred to him or her.
        ServiceProvider = "SERVICE_PROVIDER",
        /// Advises migrants at a resource centre and refers them on.
        MrcCounsellor = "MRC_COUNSELLOR",
        /// Reports children at risk from a community and sees only his or her own reports.
        CommunityVolunteer = "COMMUNITY_VOLUNTEER",
        /// Leads capacity assessments of civil-society organisations.
        CapacityFacilitator = "CAPACITY_FACILITATOR",
        /// Plans trainings and message campaigns.
        TrainingOfficer = "TRAINING_OFFICER",
        /// Reports grave violations against children in armed conflict, without reading the archive.
        MrmMonitor = "MRM_MONITOR",
        /// Reads and verifies reports of grave violations against children.
        MrmVerifier = "MRM_VERIFIER",
        /// Coordinates several organisations and sees only their totals.
        NetworkCoordinator = "NETWORK_COORDINATOR",
        /// Reads the log of who did what.
        Auditor = "AUDITOR",
        /// A machine that delivers surveys or takes records on behalf of the organisation.
        Integration = "INTEGRATION",
        /// A survivor who reads his or her own record.
        SurvivorSelf = "SURVIVOR_SELF",
    }
}
