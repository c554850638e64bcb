//! Rows of the audit of reads are written by one statement for all organisations whose people read at that moment. The
//! transaction names those organisations, as any other names its one; a row of an organisation it did not name is
//! refused, and none of theirs can be seen for it.

use sea_orm_migration::prelude::*;

use crate::rls::APP_ROLE;
use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

const FUNCTION: &str = "CREATE FUNCTION lanpya_recording() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(pg_catalog.current_setting('lanpya.recording', true), '')::pg_catalog.uuid[]";
const CLOSED: &str = "REVOKE ALL ON FUNCTION lanpya_recording() FROM PUBLIC";
const DROP: &str = "DROP POLICY \"audit_event_insert\" ON \"audit_event\"";
const OWN: &str = "\"organisation_id\" = (SELECT lanpya_organisation())";
const NAMED: &str = "\"organisation_id\" = ANY ((SELECT lanpya_recording())::uuid[])";

fn policy(check: &str) -> String {
    format!("CREATE POLICY \"audit_event_insert\" ON \"audit_event\" AS PERMISSIVE FOR INSERT WITH CHECK ({check})")
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let granted = format!("GRANT EXECUTE ON FUNCTION lanpya_recording() TO {APP_ROLE}");
        let either = policy(&format!("{OWN} OR {NAMED}"));
        table::run_on_postgres(manager, &[FUNCTION, CLOSED, &granted, DROP, &either]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::run_on_postgres(manager, &[DROP, &policy(OWN), "DROP FUNCTION lanpya_recording()"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
