//! Which message is due when: the one table whose rows the server sees of all organisations at once, and so it holds
//! nothing but ids and times.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted};

/// Which message is due when: the one table whose rows the server sees of all organisations at once, and so it holds
/// nothing but ids and times.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_queue")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub delivery_id: Uuid,
    /// When it is to be sent (UTC).
    pub due_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Tenanted for Entity {
    const OWNER: Owner = Owner::Organisation("organisation_id");
}
