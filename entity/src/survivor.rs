//! The profile of a person as a survivor of trafficking; the code is shown instead of a name.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code};

/// The profile of a person as a survivor of trafficking; the code is shown instead of a name.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "survivor")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person the survivor is; the link itself is sensitive.
    pub person_id: Uuid,
    /// The code that stands for the survivor where the name is hidden.
    pub code: String,
    /// The day the survivor was registered.
    pub registered_on: Date,
    /// The calendar year of the registration.
    pub registered_year: i32,
    /// The user who works with the survivor.
    pub case_worker_id: Option<Uuid>,
    /// The age in bands of the Counter-Trafficking Data Collaborative, such as 9-17.
    pub age_band: Option<String>,
    /// The citizenship, ISO 3166-1 alpha-2.
    pub citizenship: Option<String>,
    /// Where the help for the survivor stands.
    pub status: HtcdsCaseStatus,
    /// Whether the state recognised the survivor as a victim.
    pub national_identification: NationalIdentification,
    /// The file or system the row came from; null when recorded here.
    pub import_source: Option<String>,
    /// The row's key in that source.
    pub import_key: Option<String>,
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
    /// Where the help for a survivor stands. Source: IOM Human Trafficking Case Data Standard 2.0.
    pub enum HtcdsCaseStatus {
        /// Help is being given.
        Active = "ACTIVE",
        /// Help has ended and somebody still looks after the survivor now and then.
        FollowUp = "FOLLOW_UP",
        /// Nothing more is to be done.
        Closed = "CLOSED",
        /// Closed here, and handed to another organisation.
        ClosedReferred = "CLOSED_REFERRED",
    }
}

code! {
    /// Whether the state recognised the survivor as a victim of trafficking. Source: proposed, configurable.
    pub enum NationalIdentification {
        /// The state has not dealt with the question.
        None = "NONE",
        /// The authorities presume trafficking; the decision is open.
        Presumed = "PRESUMED",
        /// The authorities recognised the survivor as a victim.
        Confirmed = "CONFIRMED",
        /// The authorities decided that the survivor is not a victim.
        Rejected = "REJECTED",
    }
}
