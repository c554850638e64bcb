//! What is written costs as much as the entries that indexes want of it. Events of the audit are found and put in order
//! along their ids, which are made of the instant; a reference that a visit or a visitor does not have is in no index.

use sea_orm_migration::prelude::*;

use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// References that most rows leave empty.
const OFTEN_EMPTY: [(&str, &str); 5] = [
    ("visit", "project_id"),
    ("visit", "person_id"),
    ("visit", "home_township_id"),
    ("visitor", "person_id"),
    ("visitor", "home_township_id"),
];
const ALONG_IDS: [&str; 3] = [
    r#"DROP INDEX "audit_event_at_idx""#,
    r#"DROP INDEX "audit_event_user_id_at_idx""#,
    r#"CREATE INDEX "audit_event_user_id_idx" ON "audit_event" ("organisation_id", "user_id", "id")"#,
];
const BY_INSTANT: [&str; 3] = [
    r#"DROP INDEX "audit_event_user_id_idx""#,
    r#"CREATE INDEX "audit_event_user_id_at_idx" ON "audit_event" ("organisation_id", "user_id", "at", "id")"#,
    r#"CREATE INDEX "audit_event_at_idx" ON "audit_event" ("organisation_id", "at", "id")"#,
];

async fn index(manager: &SchemaManager<'_>, which: impl Fn(&str) -> String) -> Result<(), DbErr> {
    for (table, column) in OFTEN_EMPTY {
        let name = format!("{table}_{column}_idx");
        let made =
            format!(r#"CREATE INDEX "{name}" ON "{table}" ("organisation_id", "{column}", "id"){}"#, which(column));
        table::run(manager, &[format!(r#"DROP INDEX "{name}""#), made]).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index(manager, |column| format!(r#" WHERE "{column}" IS NOT NULL"#)).await?;
        table::run(manager, &ALONG_IDS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table::run(manager, &BY_INSTANT).await?;
        index(manager, |_| String::new()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
