//! A write that was done, so that a repeated request gets the same answer.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted};

/// A write that was done, so that a repeated request gets the same answer.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The user who wrote.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The name of the write.
    #[sea_orm(primary_key, auto_increment = false)]
    pub operation: String,
    /// The key the client chose for the request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The hash of the request; the same key with another body is refused.
    pub body_hash: String,
    /// The record that was written.
    pub record_id: Uuid,
    /// When it was written (UTC).
    pub created_at: DateTimeUtc,
    /// The answer to give again.
    pub answer: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl Tenanted for Entity {
    const OWNER: Owner = Owner::Organisation("organisation_id");
}
