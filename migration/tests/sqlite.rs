//! The schema on `SQLite`: complete, reversible, with its data.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use migration::{Migrator, MigratorTrait, names};
use sea_orm_migration::sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement, Value,
};
use tempfile::TempDir;

async fn open(folder: &TempDir) -> DatabaseConnection {
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("lanpya.db").display());
    Database::connect(url).await.unwrap()
}

async fn rows(db: &DatabaseConnection, sql: &str, values: Vec<Value>) -> Vec<QueryResult> {
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
    db.query_all_raw(statement).await.unwrap()
}

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    rows(db, sql, vec![]).await.first().unwrap().try_get_by_index(0).unwrap()
}

/// Everything that exists, as the database wrote it down.
async fn schema(db: &DatabaseConnection) -> Vec<String> {
    let sql = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_schema ORDER BY line";
    rows(db, sql, vec![]).await.iter().map(|row| row.try_get("", "line").unwrap()).collect()
}

fn assert_refused(outcome: Result<impl Sized, DbErr>, part: &str) {
    let message = outcome.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(message.contains(part), "expected a refusal with {part:?}, got {message:?}");
}

/// An organisation with a person and two cases, one a duplicate of the other.
const RECORDS: &str = "
INSERT INTO organisation VALUES (x'01', 'KWA', 'CSO', NULL, 'KWA', NULL, NULL, 1, 'Asia/Yangon', 1, '', '');
INSERT INTO organisation VALUES (x'02', 'TWO', 'CSO', NULL, 'TWO', NULL, NULL, 1, 'Asia/Yangon', 1, '', '');
INSERT INTO app_user (organisation_id, id, subject, display_name, role, language, is_enabled, created_at, updated_at)
VALUES (x'01', x'0a', 's', 'U', 'CASEWORKER', 'my', 1, '', '');
INSERT INTO \"case\" (organisation_id, id, display_number, module, owner_id, status, workflow, identified_through, is_urgent, goals, registered_on, duplicate_of_id, created_at, updated_at)
VALUES (x'01', x'01', 'A-1', 'CHILD_PROTECTION', x'0a', 'OPEN', 'NEW', 'OTHER', 0, '[]', '2026-01-01', NULL, '', ''),
       (x'01', x'02', 'A-2', 'CHILD_PROTECTION', x'0a', 'OPEN', 'NEW', 'OTHER', 0, '[]', '2026-01-01', x'01', '', '');
INSERT INTO audit_event (organisation_id, id, at, role, action, outcome, fields, request_id)
VALUES (x'01', x'01', '', 'CASEWORKER', 'READ', 'ALLOWED', '[]', 'r');
";

#[tokio::test]
async fn up_down_up_leaves_the_same_schema() {
    let folder = TempDir::new().unwrap();
    let db = open(&folder).await;
    Migrator::up(&db, None).await.unwrap();
    let first = schema(&db).await;
    // Records do not stand in the way of going down.
    db.execute_unprepared(RECORDS).await.unwrap();
    Migrator::down(&db, None).await.unwrap();
    let left: Vec<_> = schema(&db).await.into_iter().filter(|line| !line.contains("seaql_migrations")).collect();
    assert!(left.is_empty(), "{left:?}");
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(schema(&db).await, first);
    assert!(Migrator::get_pending_migrations(&db).await.unwrap().is_empty());
}

#[tokio::test]
async fn every_step_goes_down_by_itself() {
    let folder = TempDir::new().unwrap();
    let db = open(&folder).await;
    for _ in Migrator::migrations() {
        let before = schema(&db).await;
        Migrator::up(&db, Some(1)).await.unwrap();
        let after = schema(&db).await;
        Migrator::down(&db, Some(1)).await.unwrap();
        // Before the first step not even the table of steps is there.
        if before.len() > 2 {
            assert_eq!(schema(&db).await, before);
        }
        Migrator::up(&db, Some(1)).await.unwrap();
        assert_eq!(schema(&db).await, after);
    }
}

#[tokio::test]
async fn a_change_that_fails_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let db = open(&folder).await;
    let gazetteer = Migrator::migrations().iter().position(|one| one.name().ends_with("gazetteer")).unwrap();
    Migrator::up(&db, Some(u32::try_from(gazetteer).unwrap())).await.unwrap();
    // The places are loaded in several statements; this one makes a late one fail.
    db.execute_unprepared(
        "CREATE TRIGGER fail BEFORE INSERT ON place_name WHEN NEW.folded = 'ไทย' BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    .await
    .unwrap();
    assert_refused(Migrator::up(&db, None).await, "no");
    assert_eq!(number(&db, "SELECT count(*) FROM location").await, 0);
    db.execute_unprepared("DROP TRIGGER fail").await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(number(&db, "SELECT count(*) FROM location").await, 1497);
}

#[tokio::test]
async fn places_are_found_by_code_and_spelling() {
    let folder = TempDir::new().unwrap();
    let db = open(&folder).await;
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(number(&db, "SELECT count(*) FROM location").await, 1497);
    assert_eq!(number(&db, "SELECT count(*) FROM location WHERE kind = 'TOWNSHIP'").await, 358);
    assert_eq!(number(&db, "SELECT count(*) FROM location WHERE kind = 'AMPHOE' AND country = 'THAILAND'").await, 928);
    for (pcode, name) in [
        ("MMR015009", "Muse"),
        ("MMR015011", "Kutkai"),
        ("MMR015010", "Namhkan"),
        ("MMR001001", "Myitkyina"),
        ("TH85", "Ranong"),
    ] {
        let found =
            rows(&db, "SELECT name_en FROM location WHERE id = ?", vec![names::location_id(pcode).into()]).await;
        assert_eq!(found.first().unwrap().try_get::<String>("", "name_en").unwrap(), name);
    }
    let sql = "SELECT pcode FROM location JOIN place_name ON place_name.location_id = location.id WHERE folded = ? ORDER BY pcode";
    for (spelling, pcode) in [
        ("Nam Khan", "MMR015010"),
        ("namhkan", "MMR015010"),
        ("Mantong", "MMR015019"),
        ("MYIKTYINA", "MMR001001"),
        ("နမ့်ခမ်း", "MMR015010"),
    ] {
        let found = rows(&db, sql, vec![names::fold(spelling).into()]).await;
        let codes: Vec<String> = found.iter().map(|row| row.try_get("", "pcode").unwrap()).collect();
        assert_eq!(codes, [pcode], "{spelling}");
    }
    // Names are not unique.
    assert_eq!(rows(&db, sql, vec![names::fold("Chaloem Phra Kiat").into()]).await.len(), 5);
}

#[tokio::test]
async fn a_second_place_with_a_code_is_refused() {
    let folder = TempDir::new().unwrap();
    let db = open(&folder).await;
    Migrator::up(&db, None).await.unwrap();
    let sql = "INSERT INTO location (id, pcode, adm_level, kind, country, name_en, aliases) VALUES (x'01', 'MMR015009', 3, 'TOWNSHIP', 'MYANMAR', 'Kutkai', '[]')";
    assert_refused(db.execute_unprepared(sql).await, "UNIQUE constraint failed: location.pcode");
}

#[tokio::test]
async fn tools_have_four_written_levels() {
    let folder = TempDir::new().unwrap();
    let db = open(&folder).await;
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(number(&db, "SELECT count(*) FROM capacity_tool WHERE scale = 'ONE_TO_FOUR'").await, 3);
    for (tool, domains, items) in [("OCA", 7, 25), ("OPI", 4, 8), ("PROTECTION_PACK", 3, 6)] {
        let id = names::tool_id(tool, "1");
        let found = rows(
            &db,
            "SELECT count(DISTINCT capacity_domain.id) AS domains, count(*) AS items FROM capacity_domain JOIN capacity_item ON domain_id = capacity_domain.id WHERE tool_id = ?",
            vec![id.into()],
        )
        .await;
        let found = found.first().unwrap();
        assert_eq!(found.try_get::<i64>("", "domains").unwrap(), domains, "{tool}");
        assert_eq!(found.try_get::<i64>("", "items").unwrap(), items, "{tool}");
    }
    assert_eq!(number(&db, "SELECT count(*) FROM capacity_item WHERE json_array_length(levels) <> 4").await, 0);
    assert_eq!(number(&db, "SELECT count(*) FROM capacity_item, json_each(levels) WHERE length(value) < 20").await, 0);
}

#[tokio::test]
async fn audit_events_are_only_added() {
    let folder = TempDir::new().unwrap();
    let db = open(&folder).await;
    Migrator::up(&db, None).await.unwrap();
    db.execute_unprepared(RECORDS).await.unwrap();
    for sql in [
        "UPDATE audit_event SET outcome = 'DENIED'",
        "DELETE FROM audit_event",
        "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event",
        // By its place, as another row.
        "INSERT OR REPLACE INTO audit_event (rowid, organisation_id, id, at, role, action, outcome, fields, request_id) \
         SELECT rowid, organisation_id, randomblob(16), at, role, action, 'DENIED', fields, request_id FROM audit_event",
        "UPDATE OR REPLACE audit_event SET rowid = rowid + 1",
    ] {
        assert_refused(db.execute_unprepared(sql).await, "rows are only added");
    }
    assert_eq!(number(&db, "SELECT count(*) FROM audit_event WHERE outcome = 'ALLOWED'").await, 1);
    assert_eq!(number(&db, "SELECT count(*) FROM audit_event").await, 1);
}

/// However the rows lie.
#[tokio::test]
async fn audit_events_stay_when_their_table_is_made_anew() {
    let folder = TempDir::new().unwrap();
    let db = open(&folder).await;
    Migrator::up(&db, None).await.unwrap();
    db.execute_unprepared(RECORDS).await.unwrap();
    let more = "INSERT INTO audit_event (organisation_id, id, at, role, action, outcome, fields, request_id, records) \
                SELECT organisation_id, randomblob(16), at, role, action, outcome, fields, request_id, randomblob(9000) \
                FROM audit_event";
    for _ in 0..5 {
        db.execute_unprepared(more).await.unwrap();
    }
    let kept = "SELECT group_concat(hex(id) || coalesce(hex(records), '')) AS kept FROM (SELECT * FROM audit_event ORDER BY id)";
    let text = async || rows(&db, kept, vec![]).await[0].try_get::<String>("", "kept").unwrap();
    let (before, declared) = (text().await, schema(&db).await);
    let since =
        Migrator::migrations().iter().rev().position(|change| change.name().ends_with("audit_rows")).unwrap() + 1;
    Migrator::down(&db, Some(u32::try_from(since).unwrap())).await.unwrap();
    assert_eq!(text().await, before);
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(text().await, before);
    assert_eq!(schema(&db).await, declared);
}

#[tokio::test]
async fn references_stay_inside_the_organisation() {
    let folder = TempDir::new().unwrap();
    let db = open(&folder).await;
    Migrator::up(&db, None).await.unwrap();
    db.execute_unprepared(RECORDS).await.unwrap();
    let sql = "UPDATE \"case\" SET organisation_id = x'02' WHERE id = x'02'";
    assert_refused(db.execute_unprepared(sql).await, "FOREIGN KEY constraint failed");
    let sql = "DELETE FROM \"case\" WHERE id = x'01'";
    assert_refused(db.execute_unprepared(sql).await, "FOREIGN KEY constraint failed");
}

#[tokio::test]
async fn every_key_and_index_of_a_tenant_table_begins_with_the_organisation() {
    let folder = TempDir::new().unwrap();
    let db = open(&folder).await;
    Migrator::up(&db, None).await.unwrap();
    let sql = "SELECT t.name || '.' || i.name AS name FROM sqlite_schema AS t, pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c
        WHERE t.type = 'table' AND c.seqno = 0 AND c.name <> 'organisation_id'
        AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'organisation_id')";
    assert!(rows(&db, sql, vec![]).await.is_empty());
    // The audit lies in the order in which it came.
    let others = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID'
        AND name NOT IN ('seaql_migrations', 'audit_event')";
    assert_eq!(number(&db, others).await, 0);
    let ids = "SELECT count(*) FROM location WHERE typeof(id) <> 'blob' OR length(id) <> 16";
    assert_eq!(number(&db, ids).await, 0);
}
