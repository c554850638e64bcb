//! Rows of the audit of reads into PostgreSQL: one statement for all organisations, prepared once, behind the names of
//! those organisations; together a transaction.

use std::iter::repeat_n;

use chrono::{DateTime, Utc};
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::super::postgres::{Held, Pool};
use super::{Entry, Event};
use crate::error::{Error, Result};

const APPEND: &str = "INSERT INTO audit_event (organisation_id, id, at, user_id, role, action, outcome, record_type, \
                      fields, request_id, records, operation) \
                      SELECT e.organisation_id, e.id, e.at, e.user_id, e.role, 'READ', e.outcome, e.record_type, e.fields, \
                      e.request_id, e.records, e.operation \
                      FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS e(organisation_id, id, at, user_id, \
                      role, outcome, record_type, fields, request_id, records, operation)";
/// Tells row-level security whose rows may be added, until the transaction ends.
const NAMED: &str = "SELECT set_config('lanpya.recording', $1::text, true)";
const TYPES: [Type; 11] = [
    Type::UUID_ARRAY,
    Type::UUID_ARRAY,
    Type::TIMESTAMPTZ_ARRAY,
    Type::UUID_ARRAY,
    Type::TEXT_ARRAY,
    Type::TEXT_ARRAY,
    Type::TEXT_ARRAY,
    Type::TEXT_ARRAY,
    Type::TEXT_ARRAY,
    Type::BYTEA_ARRAY,
    Type::TEXT_ARRAY,
];

/// The rows, a column each.
struct Columns<'e> {
    organisation: Vec<Uuid>,
    id: Vec<Uuid>,
    at: Vec<DateTime<Utc>>,
    user: Vec<Option<Uuid>>,
    role: Vec<&'static str>,
    outcome: Vec<&'static str>,
    noun: Vec<Option<&'static str>>,
    fields: Vec<String>,
    request: Vec<&'e str>,
    records: Vec<Vec<u8>>,
    operation: Vec<&'e str>,
}

impl<'e> Columns<'e> {
    fn of(entries: &'e [Entry]) -> Self {
        let events = || entries.iter().flat_map(|entry| entry.events.iter());
        let owners = entries.iter().flat_map(|entry| repeat_n(entry.organisation, entry.events.len()));
        Self {
            organisation: owners.collect(),
            id: events().map(|event| event.id).collect(),
            at: events().map(|event| event.at).collect(),
            user: events().map(|event| event.user).collect(),
            role: events().map(|event| event.role).collect(),
            outcome: events().map(|event| event.outcome).collect(),
            noun: events().map(Event::noun).collect(),
            fields: events().map(Event::fields).collect(),
            request: events().map(|event| event.request.as_ref()).collect(),
            records: events().map(Event::records).collect(),
            operation: events().map(|event| event.operation.as_ref()).collect(),
        }
    }

    fn values(&self) -> [&(dyn ToSql + Sync); 11] {
        [
            &self.organisation,
            &self.id,
            &self.at,
            &self.user,
            &self.role,
            &self.outcome,
            &self.noun,
            &self.fields,
            &self.request,
            &self.records,
            &self.operation,
        ]
    }
}

/// Writes the entries in one transaction: a flight without BEGIN is one.
pub(super) async fn append(pool: &Pool, entries: &[Entry]) -> Result<()> {
    let mut held = Held::take(pool).await?;
    let line = held.line()?;
    let mut organisations: Vec<Uuid> = entries.iter().map(|entry| entry.organisation).collect();
    organisations.sort_unstable();
    organisations.dedup();
    line.ask(NAMED, || vec![Type::UUID_ARRAY], &[&organisations])?;
    line.ask(APPEND, || TYPES.to_vec(), &Columns::of(entries).values())?;
    line.fly().await.map(drop).map_err(|stopped| Error::from(stopped.why))
}
