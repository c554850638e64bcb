//! Rows of the audit of reads into SQLite: a transaction on a connection of its own, in turn with other writes.

use std::sync::Arc;

use rusqlite::{Connection, ToSql, TransactionBehavior};

use super::super::Value;
use super::super::sqlite::{Held, Pool, Turns};
use super::{Entry, Event};
use crate::error::Result;

const APPEND: &str = "INSERT INTO audit_event (organisation_id, id, at, user_id, role, action, outcome, record_type, \
                      fields, request_id, records, operation) \
                      VALUES (?1, ?2, ?3, ?4, ?5, 'READ', ?6, ?7, ?8, ?9, ?10, ?11)";

/// Writes the entries in one transaction.
pub(super) async fn append(turns: &Turns, auditor: &Pool, entries: &[Entry]) -> Result<()> {
    let turn = turns.take().await;
    let held = Held::take(auditor).await?;
    let entries: Vec<_> = entries.iter().map(|entry| (entry.organisation, Arc::clone(&entry.events))).collect();
    held.run(move |connection| {
        let written =
            together(connection, entries.iter().flat_map(|(of, events)| events.iter().map(move |e| (*of, e))));
        drop(turn);
        written
    })
    .await?;
    held.give_back();
    Ok(())
}

fn together<'e>(
    connection: &mut Connection,
    events: impl Iterator<Item = (uuid::Uuid, &'e Event)>,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut append = transaction.prepare_cached(APPEND)?;
        for (organisation, event) in events {
            let values: [&dyn ToSql; 11] = [
                &Value::Uuid(organisation),
                &Value::Uuid(event.id),
                &Value::Timestamp(event.at),
                &event.user.map(Value::Uuid),
                &event.role,
                &event.outcome,
                &event.noun(),
                &event.fields(),
                &&*event.request,
                &event.records(),
                &&*event.operation,
            ];
            append.execute(values)?;
        }
    }
    transaction.commit()
}
