//! The function that row-level security asks for its organisation, with a body that the planner puts in its place. With
//! a setting of its own it was a call for each table a statement names, parsed and planned anew each time: half of what
//! a read of one row cost the database. The names in the new body are resolved here and now, so no search path counts.

use sea_orm_migration::prelude::*;

use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

const IN_PLACE: &str = "CREATE OR REPLACE FUNCTION lanpya_organisation() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(pg_catalog.current_setting('lanpya.organisation', true), '')::pg_catalog.uuid";
const CALLED: &str = "CREATE OR REPLACE FUNCTION lanpya_organisation() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT nullif(current_setting('lanpya.organisation', true), '')::uuid $$";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::run_on_postgres(manager, &[IN_PLACE]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::run_on_postgres(manager, &[CALLED]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
