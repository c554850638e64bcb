//! What an organisation teaches, in trainings for one kind of audience.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, list::List};

/// What an organisation teaches, in trainings for one kind of audience.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "curriculum")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Short code within the organisation.
    pub code: String,
    /// The name in English.
    pub name_en: String,
    /// The name in Burmese.
    pub name_my: Option<String>,
    /// The name in Thai.
    pub name_th: Option<String>,
    /// Whom it is for.
    pub audience: TrainingAudience,
    /// Its parts in order.
    pub modules: List<String>,
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
    /// Whom a training is for. Source: SAFE project; Child Protection Monitoring System.
    pub enum TrainingAudience {
        /// Staff of civil-society organisations.
        CsoStaff = "CSO_STAFF",
        /// People who live in camps for displaced persons.
        CampResidents = "CAMP_RESIDENTS",
        /// People of the communities around.
        HostCommunity = "HOST_COMMUNITY",
        /// Employers and recruiters.
        Employers = "EMPLOYERS",
        /// Officials, police and border staff.
        Officials = "OFFICIALS",
        /// Children.
        Children = "CHILDREN",
        /// Volunteers of the community.
        Volunteers = "VOLUNTEERS",
    }
}
