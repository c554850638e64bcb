//! The schema of Lanpya, one change a file, on `PostgreSQL` and `SQLite`.
//!
//! Every change runs with its entry in `seaql_migrations` inside one transaction on both databases,
//! so a change is there completely or not at all. Changes are written with `table` as declarations;
//! `rls` adds the row-level security that only `PostgreSQL` has.

mod m20261122_000001_reference;
mod m20261122_000002_organisation;
mod m20261122_000003_people;
mod m20261122_000004_survivor;
mod m20261122_000005_case;
mod m20261122_000006_resource_centre;
mod m20261122_000007_capacity;
mod m20261122_000008_operations;
mod m20261122_000009_gazetteer;
mod m20261122_000010_capacity_tools;
mod m20261122_000011_household_size;
mod m20261122_000012_audit_reads;
mod m20261122_000013_audit_trail;
mod m20261122_000014_visit_batches;
mod m20261122_000015_complaint;
mod m20261122_000016_visit_work;
mod m20261122_000017_policy_function;
mod m20261122_000018_referral;
mod m20261122_000019_visitor;
mod m20261122_000020_training;
mod m20261122_000021_webhook;
mod m20261123_000022_audit_storage;
mod m20261123_000023_audit_together;
mod m20261123_000024_audit_rows;
mod m20261123_000025_fewer_entries;
mod m20261130_000026_implied_references;
pub mod names;
pub mod places;
mod rls;
mod table;
pub mod tools;

pub use rls::APP_ROLE;
pub use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// All changes of the schema, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_reference::Migration),
            Box::new(m20261122_000002_organisation::Migration),
            Box::new(m20261122_000003_people::Migration),
            Box::new(m20261122_000004_survivor::Migration),
            Box::new(m20261122_000005_case::Migration),
            Box::new(m20261122_000006_resource_centre::Migration),
            Box::new(m20261122_000007_capacity::Migration),
            Box::new(m20261122_000008_operations::Migration),
            Box::new(m20261122_000009_gazetteer::Migration),
            Box::new(m20261122_000010_capacity_tools::Migration),
            Box::new(m20261122_000011_household_size::Migration),
            Box::new(m20261122_000012_audit_reads::Migration),
            Box::new(m20261122_000013_audit_trail::Migration),
            Box::new(m20261122_000014_visit_batches::Migration),
            Box::new(m20261122_000015_complaint::Migration),
            Box::new(m20261122_000016_visit_work::Migration),
            Box::new(m20261122_000017_policy_function::Migration),
            Box::new(m20261122_000018_referral::Migration),
            Box::new(m20261122_000019_visitor::Migration),
            Box::new(m20261122_000020_training::Migration),
            Box::new(m20261122_000021_webhook::Migration),
            Box::new(m20261123_000022_audit_storage::Migration),
            Box::new(m20261123_000023_audit_together::Migration),
            Box::new(m20261123_000024_audit_rows::Migration),
            Box::new(m20261123_000025_fewer_entries::Migration),
            Box::new(m20261130_000026_implied_references::Migration),
        ]
    }
}
