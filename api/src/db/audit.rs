//! The audit of reads. Concurrent requests hand their rows to one writer, which inserts and commits them together; an
//! answer leaves after its own rows are durable, and never where they cannot be written.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use sqlx::{AssertSqlSafe, SqlitePool};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::connect::Pools;
use super::session::{Connection, Held, context};
use super::{Scope, refused};
use crate::error::{Code, Error, Result};

/// Requests written in one transaction at most.
const TOGETHER: usize = 256;
/// Requests that may wait for the writer before others wait for a place.
const WAITING: usize = 1_024;

/// Records of one noun that an answer shows, with the fields that made it worth noting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// The noun's type.
    pub noun: &'static str,
    /// Fields read, filtered or ordered by whose class is personal or higher.
    pub fields: Vec<&'static str>,
    /// The records, sorted, each once.
    pub records: Vec<Uuid>,
}

/// The way to the writer. It ends when the last of its senders is gone.
#[derive(Clone)]
pub(super) struct Auditor(mpsc::Sender<Entry>);

/// What one request adds.
struct Entry {
    organisation: Uuid,
    events: Vec<Event>,
    done: oneshot::Sender<Result<()>>,
}

struct Event {
    id: Uuid,
    at: DateTime<Utc>,
    user: Option<Uuid>,
    role: &'static str,
    outcome: &'static str,
    request: Arc<str>,
    operation: Arc<str>,
    sight: Sight,
}

impl Scope {
    /// Notes what an answer shows. Once this returns the answer may leave; where it fails nothing may.
    pub async fn saw(&self, sights: Vec<Sight>, operation: &Arc<str>) -> Result<()> {
        if sights.is_empty() { Ok(()) } else { self.note("ALLOWED", sights, operation).await }
    }

    /// Notes that an operation was refused for want of a right.
    pub async fn refused(&self, operation: &Arc<str>) -> Result<()> {
        self.note("DENIED", vec![Sight::default()], operation).await
    }

    async fn note(&self, outcome: &'static str, sights: Vec<Sight>, operation: &Arc<str>) -> Result<()> {
        let Some(auditor) = &self.database.auditor else { return Ok(()) };
        let viewer = self.viewer();
        let event = |sight| Event {
            id: self.new_id(),
            at: self.now(),
            user: (!viewer.user.is_nil()).then_some(viewer.user),
            role: entity::Code::code(viewer.role),
            outcome,
            request: self.request_id(),
            operation: Arc::clone(operation),
            sight,
        };
        let (done, written) = oneshot::channel();
        let events = sights.into_iter().map(event).collect();
        let entry = Entry { organisation: viewer.organisation, events, done };
        let noted = async {
            auditor.0.send(entry).await.map_err(|_| Code::Unavailable)?;
            written.await.map_err(|_| Error::from(Code::Unavailable))?
        };
        tokio::time::timeout(self.database.patience, noted).await.map_err(|_| Error::from(Code::Unavailable))?
    }
}

impl Auditor {
    /// Starts the writer.
    pub(super) fn start(pools: Pools, patience: Duration) -> Self {
        let (sender, queue) = mpsc::channel(WAITING);
        tokio::spawn(write(pools, patience, queue));
        Self(sender)
    }
}

async fn write(pools: Pools, patience: Duration, mut queue: mpsc::Receiver<Entry>) {
    let mut batch = Vec::with_capacity(TOGETHER);
    while queue.recv_many(&mut batch, TOGETHER).await > 0 {
        // Side by side by organisation: one context a group.
        batch.sort_by_key(|entry| entry.organisation);
        // Nobody waits any longer for what is in it after that.
        let together = tokio::time::timeout(patience, insert(&pools, &batch)).await;
        let together = together.unwrap_or_else(|_| Err(Code::Unavailable.into()));
        let is_others_fault = together.as_ref().is_err_and(|error| error.code != Code::Unavailable) && batch.len() > 1;
        for entry in batch.drain(..) {
            // One organisation's row that cannot be written must not keep another's answer back.
            let own =
                if is_others_fault { insert(&pools, std::slice::from_ref(&entry)).await } else { together.clone() };
            let _ = entry.done.send(own);
        }
    }
}

async fn insert(pools: &Pools, batch: &[Entry]) -> Result<()> {
    match pools {
        Pools::Postgres { auditor, .. } => {
            let connection = auditor.acquire().await.map_err(|error| refused(&error))?;
            let mut held = Held(Some(Connection::Postgres(connection)));
            if let Some(connection) = &mut held.0 {
                connection.message(message(batch)).await.map_err(|error| refused(&error))?;
            }
            held.give_back();
            Ok(())
        }
        Pools::Sqlite { writer, .. } => sqlite(writer, batch).await.map_err(|error| refused(&error)),
    }
}

const COLUMNS: &str =
    "organisation_id, id, at, user_id, role, action, outcome, record_type, fields, request_id, records, operation";

/// One message to PostgreSQL: a transaction that sets each organisation's context and adds its rows. What is written
/// into it are ids, instants, names of the schema and codes of ours; nothing a client sent.
fn message(batch: &[Entry]) -> String {
    let mut sql = String::with_capacity(512 * batch.len() + 128);
    sql.push_str("BEGIN");
    let mut current = None;
    for entry in batch {
        let organisation = entry.organisation;
        if current == Some(organisation) {
            sql.push_str(", ");
        } else {
            current = Some(organisation);
            let _ = write!(sql, "; {}; INSERT INTO audit_event ({COLUMNS}) VALUES ", context(organisation));
        }
        for (position, event) in entry.events.iter().enumerate() {
            if position > 0 {
                sql.push_str(", ");
            }
            event.literals(&mut sql, entry.organisation);
        }
    }
    sql.push_str("; COMMIT");
    sql
}

impl Event {
    fn literals(&self, sql: &mut String, organisation: Uuid) {
        let at = self.at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let _ = write!(sql, "('{organisation}', '{}', '{at}', ", self.id);
        let _ = match self.user {
            Some(user) => write!(sql, "'{user}', "),
            None => write!(sql, "NULL, "),
        };
        let _ = write!(sql, "'{}', 'READ', '{}', ", self.role, self.outcome);
        let _ = match self.sight.noun {
            "" => write!(sql, "NULL, "),
            noun => write!(sql, "'{noun}', "),
        };
        let _ = write!(sql, "'{}', '{}', '\\x", self.fields(), self.request);
        for record in &self.sight.records {
            sql.push_str(record.simple().encode_lower(&mut Uuid::encode_buffer()));
        }
        let _ = write!(sql, "', '{}')", self.operation);
    }

    /// The fields as a JSON list. Names of the schema need no escaping.
    fn fields(&self) -> String {
        serde_json::Value::from(self.sight.fields.clone()).to_string()
    }
}

async fn sqlite(writer: &SqlitePool, batch: &[Entry]) -> std::result::Result<(), sqlx::Error> {
    let mut held = Held(Some(Connection::Sqlite(writer.acquire().await?)));
    let Some(connection) = &mut held.0 else { return Ok(()) };
    connection.message("BEGIN IMMEDIATE").await?;
    let statement = format!("INSERT INTO audit_event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, 'READ', ?, ?, ?, ?, ?, ?)");
    for entry in batch {
        for event in &entry.events {
            let records: Vec<u8> = event.sight.records.iter().flat_map(|id| *id.as_bytes()).collect();
            let noun = (!event.sight.noun.is_empty()).then_some(event.sight.noun);
            let query = sqlx::query::<sqlx::Sqlite>(AssertSqlSafe(statement.clone()))
                .bind(entry.organisation)
                .bind(event.id)
                .bind(event.at)
                .bind(event.user)
                .bind(event.role)
                .bind(event.outcome)
                .bind(noun)
                .bind(event.fields())
                .bind(event.request.as_ref())
                .bind(records)
                .bind(event.operation.as_ref());
            connection.sqlite(query).await?;
        }
    }
    connection.message("COMMIT").await?;
    held.give_back();
    Ok(())
}
