//! Events of the audit lie on `SQLite` in the order in which they came. In the order of their key, as all other tables
//! lie, the ids of what was read took a page of their own for each event, and the pages of every organisation were split
//! again and again: two to three times the pages to write, and to keep.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

const BY_KEY: &str = " WITHOUT ROWID";
const TABLE: &str = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'audit_event'";
/// What goes with the old table: indexes and triggers.
const AROUND: &str = "SELECT sql FROM sqlite_master WHERE tbl_name = 'audit_event' AND type <> 'table' AND sql IS NOT NULL \
                      ORDER BY name";
/// A row may be named by its place too, and would be replaced by that without asking a trigger of removals.
const PLACED: &str = "CREATE TRIGGER audit_event_no_placing BEFORE INSERT ON audit_event
WHEN NEW.rowid >= 0 AND EXISTS (SELECT 1 FROM audit_event WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the audit_event exists: rows are only added'); END";

async fn texts(manager: &SchemaManager<'_>, sql: &str) -> Result<Vec<String>, DbErr> {
    let rows = manager.get_connection().query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Makes the table anew with another declaration; its rows, indexes and triggers stay.
async fn remake(manager: &SchemaManager<'_>, change: impl Fn(&str) -> String) -> Result<(), DbErr> {
    let around = texts(manager, AROUND).await?;
    for declared in texts(manager, TABLE).await? {
        let made = change(&declared).replacen("\"audit_event\"", "\"audit_event_made\"", 1);
        let copied = [
            &made,
            "INSERT INTO audit_event_made SELECT * FROM audit_event",
            "DROP TABLE audit_event",
            "ALTER TABLE audit_event_made RENAME TO audit_event",
        ];
        table::run(manager, &copied).await?;
    }
    table::run(manager, &around).await
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Sqlite {
            return Ok(());
        }
        remake(manager, |declared| declared.trim_end_matches(BY_KEY).to_owned()).await?;
        table::run(manager, &[PLACED]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Sqlite {
            return Ok(());
        }
        table::run(manager, &["DROP TRIGGER audit_event_no_placing"]).await?;
        remake(manager, |declared| [declared, BY_KEY].concat()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
