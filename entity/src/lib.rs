//! Lanpya's tables as typed entities: one module a noun, with the codes which belong to it.
//!
//! The doc comment of an entity and of its fields documents the table; the doc comment of a code
//! is what the API shows. The edges between nouns are declared where the graph is, not here.

pub mod attendance;
pub mod audit_event;
pub mod campaign;
pub mod campaign_message;
pub mod campaign_township;
pub mod capacity_assessment;
pub mod capacity_domain;
pub mod capacity_item;
pub mod capacity_tool;
pub mod case;
pub mod case_note;
pub mod case_service;
pub mod child;
pub mod code;
pub mod complainant;
pub mod complaint;
pub mod consent;
pub mod cpms_answer;
pub mod cpms_observation;
pub mod curriculum;
pub mod delivery_stat;
pub mod direct_assistance;
pub mod domain_score;
pub mod exploitation_episode;
pub mod follow_up;
pub mod household;
pub mod household_member;
pub mod idempotency;
pub mod ids;
pub mod item_score;
pub mod list;
pub mod locale;
pub mod location;
pub mod opening_period;
pub mod organisation;
pub mod partner;
pub mod person;
pub mod place_name;
pub mod project;
pub mod protection_concern;
pub mod referral;
pub mod removal;
pub mod resource_centre;
pub mod screening_request;
pub mod statistics;
pub mod survivor;
pub mod test_result;
pub mod trafficking_screening;
pub mod training_session;
pub mod user;
pub mod value;
pub mod visit;
pub mod visit_follow_up;
pub mod visit_note;
pub mod visitor;
pub mod webhook_delivery;
pub mod webhook_queue;
pub mod webhook_subscription;

pub use code::Code;
pub use ids::NAMESPACE;

use sea_orm::{ColumnTrait, EntityTrait, IdenStatic, Iterable, TryIntoModel};

/// Who owns a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// One organisation, named by this column.
    Organisation(&'static str),
    /// All organisations together: reference data, which no organisation writes.
    Shared,
}

/// A table whose rows can be put together from values, whichever driver has brought them.
pub trait Readable: EntityTrait<ActiveModel: TryIntoModel<<Self as EntityTrait>::Model>> {}
impl<E: EntityTrait<ActiveModel: TryIntoModel<<Self as EntityTrait>::Model>>> Readable for E {}

/// Declares the owner of each table; a table without it does not compile into the graph.
pub trait Tenanted: Readable {
    /// Who owns a row of this table.
    const OWNER: Owner;
}

/// A table as the entities declare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The table's name, unquoted.
    pub name: &'static str,
    /// Who owns a row.
    pub owner: Owner,
    /// The columns of the primary key, in order.
    pub primary_key: Vec<&'static str>,
    /// The columns, in order.
    pub columns: Vec<Column>,
}

/// A column as its entity declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The column's name, unquoted.
    pub name: &'static str,
    /// Whether it may be null.
    pub is_nullable: bool,
}

/// Every table.
pub fn registry() -> Vec<Table> {
    vec![
        table(location::Entity),
        table(place_name::Entity),
        table(organisation::Entity),
        table(user::Entity),
        table(project::Entity),
        table(person::Entity),
        table(exploitation_episode::Entity),
        table(resource_centre::Entity),
        table(opening_period::Entity),
        table(visitor::Entity),
        table(visit::Entity),
        table(visit_note::Entity),
        table(removal::Entity),
        table(household::Entity),
        table(household_member::Entity),
        table(child::Entity),
        table(cpms_observation::Entity),
        table(cpms_answer::Entity),
        table(survivor::Entity),
        table(trafficking_screening::Entity),
        table(case::Entity),
        table(protection_concern::Entity),
        table(case_service::Entity),
        table(follow_up::Entity),
        table(case_note::Entity),
        table(capacity_tool::Entity),
        table(capacity_domain::Entity),
        table(capacity_item::Entity),
        table(capacity_assessment::Entity),
        table(item_score::Entity),
        table(domain_score::Entity),
        table(complaint::Entity),
        table(complainant::Entity),
        table(screening_request::Entity),
        table(visit_follow_up::Entity),
        table(direct_assistance::Entity),
        table(partner::Entity),
        table(consent::Entity),
        table(referral::Entity),
        table(webhook_subscription::Entity),
        table(webhook_delivery::Entity),
        table(webhook_queue::Entity),
        table(curriculum::Entity),
        table(training_session::Entity),
        table(attendance::Entity),
        table(test_result::Entity),
        table(campaign::Entity),
        table(campaign_township::Entity),
        table(campaign_message::Entity),
        table(delivery_stat::Entity),
        table(audit_event::Entity),
        table(idempotency::Entity),
    ]
}

fn table<E: Tenanted>(entity: E) -> Table {
    Table {
        name: entity.table_name(),
        owner: E::OWNER,
        primary_key: E::PrimaryKey::iter().map(|column| column.as_str()).collect(),
        columns: E::Column::iter()
            .map(|column| Column { name: column.as_str(), is_nullable: column.def().is_null() })
            .collect(),
    }
}
