//! Who did what, and whether it was allowed; events are added and never changed.

use sea_orm::entity::prelude::*;

use crate::code::code;
use crate::{Owner, Tenanted, list::List};

/// Who did what, and whether it was allowed; events are added and never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// When it happened (UTC).
    pub at: DateTimeUtc,
    /// The user who acted; null if nobody was signed in.
    pub user_id: Option<Uuid>,
    /// The role the user acted in.
    pub role: String,
    /// What the user did or tried.
    pub action: String,
    /// ALLOWED or DENIED.
    pub outcome: String,
    /// The kind of record it was about.
    pub record_type: Option<String>,
    /// The record it was about.
    pub record_id: Option<Uuid>,
    /// The names of the fields read or written, never their contents.
    pub fields: List<String>,
    /// The request, as it appears in the server's log.
    pub request_id: String,
    /// The records a read showed: their ids one after another, 16 bytes each, sorted.
    pub records: Option<Vec<u8>>,
    /// The operation that read: the first half of the SHA-256 of its document, in hexadecimal digits.
    pub operation: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

code! {
    /// Whether an act was allowed.
    pub enum AuditOutcome {
        /// The act took place, or its answer was given.
        Allowed = "ALLOWED",
        /// The act was refused, and nothing was changed or shown.
        Denied = "DENIED",
    }
}

impl Tenanted for Entity {
    const OWNER: Owner = Owner::Organisation("organisation_id");
}
