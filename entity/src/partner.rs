//! An organisation with which referrals are agreed.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, case_service::ServiceType, list::List};

/// An organisation with which referrals are agreed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "partner")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The code of that organisation.
    pub code: String,
    /// The name in English.
    pub name_en: String,
    /// The name in Burmese.
    pub name_my: Option<String>,
    /// The name in Thai.
    pub name_th: Option<String>,
    /// The services it gives to people who are referred to it.
    pub services: List<ServiceType>,
    /// The day the protocol on sharing information was signed; referrals are possible from then on.
    pub agreed_on: Date,
    /// The last day of the agreement; null while it is open.
    pub ends_on: Option<Date>,
    /// The user who receives what the partner refers.
    pub desk_id: Uuid,
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
