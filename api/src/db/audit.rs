//! The audit of reads. Concurrent requests hand their rows to one writer, which inserts and commits them together; an
//! answer leaves after its own rows are durable, and never where they cannot be written.

mod postgres;
mod sqlite;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::Scope;
use super::connect::Pools;
use crate::error::{Code, Error, Result};

/// Requests written in one transaction at most.
const TOGETHER: usize = 256;
/// Requests that may wait for the writer before others wait for a place.
const WAITING: usize = 1_024;
/// Longest time the first request of a transaction waits for others to share it. Twice as long on SQLite, whose readers
/// forget what they had of the file with every commit.
const GATHERING: Duration = Duration::from_millis(4);
const GATHERING_ON_SQLITE: Duration = Duration::from_millis(8);

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

/// How many reads and writes are under way, or wait to be noted: requests that soon have something to note.
#[derive(Clone, Default)]
pub(super) struct Underway(Arc<AtomicUsize>);

/// One of them, until it is dropped.
pub(super) struct Open(Underway);

impl Underway {
    /// Counts one more.
    pub(super) fn begin(&self) -> Open {
        self.0.fetch_add(1, Ordering::Relaxed);
        Open(self.clone())
    }

    pub(super) fn now(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What one request adds.
struct Entry {
    organisation: Uuid,
    events: Arc<[Event]>,
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
    /// Whether it is noted who has read what.
    pub(super) fn notes_reads(&self) -> bool {
        self.database.auditor.is_some()
    }

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
        // Who waits for the writer is under way too, and sooner back than others.
        let _open = self.database.underway.begin();
        let viewer = self.viewer();
        let event = |sight| {
            let (id, at) = self.stamp();
            let user = (!viewer.user.is_nil()).then_some(viewer.user);
            let (request, operation) = (self.request_id(), Arc::clone(operation));
            Event { id, at, user, role: entity::Code::code(viewer.role), outcome, request, operation, sight }
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
    pub(super) fn start(pools: Pools, patience: Duration, underway: Underway) -> Self {
        let (sender, queue) = mpsc::channel(WAITING);
        tokio::spawn(write(pools, patience, underway, queue));
        Self(sender)
    }
}

async fn write(pools: Pools, patience: Duration, underway: Underway, mut queue: mpsc::Receiver<Entry>) {
    let mut batch = Vec::with_capacity(TOGETHER);
    let longest = match &pools {
        Pools::Postgres { .. } => GATHERING,
        Pools::Sqlite { .. } => GATHERING_ON_SQLITE,
    };
    while queue.recv_many(&mut batch, TOGETHER).await > 0 {
        gather(&underway, &mut queue, &mut batch, longest).await;
        let together = insert(&pools, patience, &batch).await;
        // A database that does not answer in time would not for each of them either.
        let is_late = |error: &Error| matches!(error.code, Code::Unavailable | Code::Timeout);
        let is_others_fault = batch.len() > 1 && together.as_ref().is_err_and(|error| !is_late(error));
        for entry in batch.drain(..) {
            // One organisation's row that cannot be written must not keep another's answer back.
            let own = if is_others_fault {
                insert(&pools, patience, std::slice::from_ref(&entry)).await
            } else {
                together.clone()
            };
            let _ = entry.done.send(own);
        }
    }
}

/// Waits a moment for requests that are under way, until half of them have come: a transaction costs the same for one
/// row and for thirty. Who comes alone, or beside one or two, waits for nobody.
async fn gather(underway: &Underway, queue: &mut mpsc::Receiver<Entry>, batch: &mut Vec<Entry>, longest: Duration) {
    let until = Instant::now() + longest;
    while batch.len() < TOGETHER.min(underway.now() / 2) {
        let room = TOGETHER - batch.len();
        if !matches!(timeout_at(until, queue.recv_many(batch, room)).await, Ok(1..)) {
            return;
        }
    }
}

/// Writes entries together. Nobody waits any longer for them after `patience`.
async fn insert(pools: &Pools, patience: Duration, batch: &[Entry]) -> Result<()> {
    let inserted = async {
        match pools {
            Pools::Postgres { auditor, .. } => postgres::append(auditor, batch).await,
            Pools::Sqlite { turns, auditor, .. } => sqlite::append(turns, auditor, batch).await,
        }
    };
    tokio::time::timeout(patience, inserted).await.unwrap_or_else(|_| Err(Code::Unavailable.into()))
}

impl Event {
    fn noun(&self) -> Option<&'static str> {
        (!self.sight.noun.is_empty()).then_some(self.sight.noun)
    }

    /// The fields as a JSON list.
    fn fields(&self) -> String {
        serde_json::Value::from(self.sight.fields.clone()).to_string()
    }

    /// The records, one after another.
    fn records(&self) -> Vec<u8> {
        let ids: Vec<&[u8]> = self.sight.records.iter().map(|id| id.as_bytes().as_slice()).collect();
        ids.concat()
    }
}
