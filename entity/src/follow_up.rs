//! A visit or call that looks after a case.

use sea_orm::entity::prelude::*;

use crate::{Owner, Tenanted, code::code, person::Answer};

/// A visit or call that looks after a case.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "follow_up")]
pub struct Model {
    /// The organisation the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// The row, chosen by whoever created it (a UUID).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// What it looks after.
    pub kind: FollowUpKind,
    /// The day by which it has to happen.
    pub needed_by: Date,
    /// The day it happened; null while it is due.
    pub done_on: Option<Date>,
    /// Whether the child was seen.
    pub child_seen: Answer,
    /// Why the child was not seen.
    pub not_seen_reason: Option<NotSeenReason>,
    /// What was done; sensitive data.
    pub action_taken: Option<String>,
    /// The day of the next visit.
    pub next_visit_on: Option<Date>,
    /// Whether the visitor advises closing the case.
    pub recommends_closing: bool,
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
    /// What a follow-up looks after. Source: Primero.
    pub enum FollowUpKind {
        /// How the child lives after returning to the family.
        AfterReunification = "AFTER_REUNIFICATION",
        /// How the child lives in care.
        InCare = "IN_CARE",
        /// How a service goes.
        ForService = "FOR_SERVICE",
        /// What an assessment still needs.
        ForAssessment = "FOR_ASSESSMENT",
    }
}

code! {
    /// Why a child was not seen. Source: Primero, and its configuration in Thailand.
    pub enum NotSeenReason {
        /// The child was abducted.
        Abducted = "ABDUCTED",
        /// The child was at school.
        AtSchool = "AT_SCHOOL",
        /// The child is detained.
        InDetention = "IN_DETENTION",
        /// The child now lives on the street.
        MovedOntoStreet = "MOVED_ONTO_STREET",
        /// The child now lives with somebody else.
        MovedToOtherCaregiver = "MOVED_TO_OTHER_CAREGIVER",
        /// The child was away on a visit.
        Visiting = "VISITING",
        /// The child was at work.
        Working = "WORKING",
        /// Another reason.
        Other = "OTHER",
    }
}
