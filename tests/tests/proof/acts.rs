//! What the proofs of durability do again and again: mutations as a device sends them, and the books that must agree
//! whatever happens to the server.

use std::collections::BTreeSet;

use harness::{ALPHA, Answer, Backend, Store};
use lanpya::plan::GlobalId;
use serde_json::{Value, json};
use uuid::Uuid;

/// The id of a row seeded for ALPHA, as the API writes it.
pub fn seeded(prefix: &str, table: &str, key: impl std::fmt::Display) -> String {
    GlobalId::text(prefix, ALPHA.row(table, key))
}

/// A mutation with its one input.
pub fn mutation(name: &str, selection: &str) -> String {
    let kind = format!("{}{}Input", &name[..1].to_uppercase(), &name[1..]);
    format!(
        "mutation($input: {kind}!) {{ result: {name}(input: $input) {{ {selection} userErrors {{ code field }} }} }}"
    )
}

/// The mutation that logs a visit.
pub fn visit_record() -> String {
    mutation("visitRecord", "visit { id ticket note rowVersion createdAt }")
}

/// A visit of about a kilobyte, under a key of the device.
pub fn visit(key: &str) -> Value {
    json!({ "input": {
        "idempotencyKey": key, "centre": seeded("centre", "resource_centre", 0), "visitedOn": "2026-01-15",
        "channel": "PHONE", "callKind": "COUNSELLING", "visitorKind": "ASPIRANT", "topics": ["HEALTH"],
        "note": format!("{key} {}", "ခရီးသည်က ".repeat(28))
    } })
}

/// Whether a mutation happened.
pub fn happened(answer: &Answer) -> bool {
    answer.status == 200 && answer.at("/errors").is_null() && answer.at("/data/result/userErrors") == &json!([])
}

/// What an answer says went wrong: a code, of an error or of a user error.
pub fn trouble(answer: &Answer) -> String {
    let code = answer.code();
    let user = answer.at("/data/result/userErrors/0/code").as_str().unwrap_or_default();
    if code.is_empty() { user.to_owned() } else { code.to_owned() }
}

/// The UUID of the record an answer tells of.
pub fn record(answer: &Answer, noun: &str) -> Uuid {
    let id = answer.at(&format!("/data/result/{noun}/id")).as_str().unwrap_or_default();
    GlobalId::read(id).map_or_else(|| panic!("no {noun}: {}", answer.body), |id| id.id)
}

/// Nouns that mutations make, with their tables.
const BOOKS: [(&str, &str); 7] = [
    ("Visit", "visit"),
    ("Case", "case"),
    ("Complaint", "complaint"),
    ("CaseNote", "case_note"),
    ("CaseService", "case_service"),
    ("FollowUp", "follow_up"),
    ("CapacityAssessment", "capacity_assessment"),
];

/// Everything that is there by halves: a record without its audit row, an audit row or a remembered key without its
/// record. Each pair is looked at in one statement, so a transaction that commits meanwhile is no exception.
pub async fn halves(store: &Store) -> BTreeSet<String> {
    let text = |column: &str| match store.backend {
        Backend::Postgres => format!("{column}::text"),
        Backend::Sqlite => format!("lower(hex({column}))"),
    };
    let mut found = BTreeSet::new();
    for (noun, table) in BOOKS {
        let record = format!(
            "SELECT '{noun} without audit ' || {} FROM \"{table}\" AS t WHERE NOT EXISTS (SELECT 1 FROM audit_event AS a \
             WHERE a.organisation_id = t.organisation_id AND a.record_id = t.id AND a.outcome = 'ALLOWED')",
            text("t.id")
        );
        let audit = format!(
            "SELECT 'audit without {noun} ' || {} FROM audit_event AS a WHERE a.record_type = '{noun}' AND \
             a.outcome = 'ALLOWED' AND a.record_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \"{table}\" AS t \
             WHERE t.organisation_id = a.organisation_id AND t.id = a.record_id)",
            text("a.record_id")
        );
        found.extend(store.column(&record).await);
        found.extend(store.column(&audit).await);
    }
    // The seeds' keys are older than thirty days: a claim may sweep them away.
    let key = format!(
        "SELECT 'key without audit ' || {} FROM idempotency AS k WHERE k.key NOT LIKE 'key-%' AND NOT EXISTS (SELECT 1 FROM audit_event AS a \
         WHERE a.organisation_id = k.organisation_id AND a.record_id = k.record_id)",
        text("k.record_id")
    );
    found.extend(store.column(&key).await);
    found
}

/// How many rows a condition meets.
pub async fn count(store: &Store, table: &str, condition: &str) -> usize {
    let sql = format!("SELECT CAST(count(*) AS TEXT) FROM \"{table}\" WHERE {condition}");
    store.column(&sql).await[0].parse().unwrap()
}

/// The ids of a table's rows.
pub async fn ids(store: &Store, table: &str) -> BTreeSet<Uuid> {
    let sql = match store.backend {
        Backend::Postgres => format!("SELECT id::text FROM \"{table}\""),
        Backend::Sqlite => format!("SELECT lower(hex(id)) FROM \"{table}\""),
    };
    store.column(&sql).await.iter().map(|id| id.parse().unwrap()).collect()
}
