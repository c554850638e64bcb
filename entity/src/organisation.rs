//! An organisation that works with Lanpya: it owns its records, and nobody else sees them.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code};

/// An organisation that works with Lanpya: it owns its records, and nobody else sees them.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    /// The organisation, made from its code (UUID version 5).
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The short code it is known by.
    pub code: String,
    /// What sort of organisation it is.
    pub kind: OrganisationKind,
    /// What sort of service it gives to people who were trafficked.
    pub actor_type: Option<ServiceActorType>,
    /// The name in English.
    pub name_en: String,
    /// The name in Burmese.
    pub name_my: Option<String>,
    /// The name in Thai.
    pub name_th: Option<String>,
    /// Whether it still works here.
    pub is_active: bool,
    /// The IANA time zone its days are counted in, such as Asia/Yangon.
    pub time_zone: String,
    /// How often the row was written, from 1; a writer names the version it saw.
    pub row_version: i32,
    /// When the row was created (UTC).
    pub created_at: DateTimeUtc,
    /// When the row was last written (UTC).
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Tenanted for Entity {
    const OWNER: Owner = Owner::Organisation("organisation_id");
}

code! {
    /// What sort of organisation it is. Source: who-does-what-where reports (5W) of the Myanmar Information Management Unit; faith-based organisation and trade union proposed, configurable.
    pub enum OrganisationKind {
        /// An agency of the United Nations.
        Un = "UN",
        /// An international non-governmental organisation.
        Ingo = "INGO",
        /// A non-governmental organisation that works across the country.
        NationalNgo = "NATIONAL_NGO",
        /// A civil-society organisation, often of one state or one people.
        Cso = "CSO",
        /// A community-based organisation, run by the people it serves.
        Cbo = "CBO",
        /// An organisation that works from the border; naming where it works can endanger it.
        BorderBased = "BORDER_BASED",
        /// The Red Cross or Red Crescent movement.
        RedCross = "RED_CROSS",
        /// A government body.
        Government = "GOVERNMENT",
        /// A church, monastery or other religious body.
        FaithBased = "FAITH_BASED",
        /// A union of workers.
        TradeUnion = "TRADE_UNION",
        /// An organisation that pays for the work of others.
        Donor = "DONOR",
        /// Another sort of organisation.
        Other = "OTHER",
    }
}

code! {
    /// What sort of body serves people who were trafficked. Source: IOM Human Trafficking Case Data Standard 2.0.
    pub enum ServiceActorType {
        /// A non-governmental organisation.
        Ngo = "NGO",
        /// Police or another body that enforces the law.
        LawEnforcement = "LAW_ENFORCEMENT",
        /// A clinic, hospital or other health service.
        HealthService = "HEALTH_SERVICE",
        /// A ministry or another national authority.
        CentralGovernment = "CENTRAL_GOVERNMENT",
        /// A state, district, township or village authority.
        LocalGovernment = "LOCAL_GOVERNMENT",
        /// The service that handles entry, stay and return.
        ImmigrationService = "IMMIGRATION_SERVICE",
        /// Lawyers or a legal-aid organisation.
        LegalService = "LEGAL_SERVICE",
        /// A company.
        CorporateBusiness = "CORPORATE_BUSINESS",
        /// A school or college.
        SchoolOrCollege = "SCHOOL_OR_COLLEGE",
    }
}
