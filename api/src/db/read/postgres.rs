//! Reads on PostgreSQL. BEGIN, the context of row-level security and the first statement leave in one flight; so do
//! statements that run side by side. COMMIT leaves with the last one, where that is known, or follows the answer; a
//! read of one statement needs neither.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::super::Value;
use super::super::postgres::{Held, Pool, Stopped, Table};
use super::super::session::BEGIN;
use crate::error::{Code, Error, Result};

/// What keeps all statements of a read at one instant.
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// An open read.
pub(super) struct Reader {
    organisation: Uuid,
    held: tokio::sync::Mutex<Held>,
    queue: Mutex<Queue>,
}

/// Statements on their way.
#[derive(Default)]
struct Queue {
    /// Those to come, where that is known.
    expected: Option<usize>,
    begun: bool,
    /// Those that wait for the next flight.
    waiting: Vec<Waiting>,
    tickets: usize,
    /// What came with another's flight.
    answers: Vec<(usize, Result<Table>)>,
}

struct Waiting {
    ticket: usize,
    sql: Arc<str>,
    values: Vec<Value>,
}

impl Reader {
    pub async fn new(pool: &Pool, organisation: Uuid) -> Result<Self> {
        let held = tokio::sync::Mutex::new(Held::take(pool).await?);
        Ok(Self { organisation, held, queue: Mutex::default() })
    }

    /// So many statements and no more.
    pub fn expect(&mut self, statements: u32) {
        self.queue().expected = usize::try_from(statements).ok();
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a statement, in one flight with those that are run side by side with it.
    pub async fn rows(&self, sql: Arc<str>, values: Vec<Value>) -> Result<Table> {
        let (ticket, all) = self.queue().join(sql, values);
        if !all {
            // Those beside it come first, to leave together.
            tokio::task::yield_now().await;
        }
        let mut held = self.held.lock().await;
        let mine = self.queue().answered(ticket);
        match mine {
            Some(answer) => answer,
            None => self.fly(&mut held, ticket).await,
        }
    }

    async fn fly(&self, held: &mut Held, ticket: usize) -> Result<Table> {
        let flight = self.queue().leave();
        let line = held.line()?;
        let ahead = match flight.begin {
            Begin::Never => 0,
            Begin::Alone => {
                line.name_reader(self.organisation)?;
                1
            }
            Begin::Snapshot => {
                line.say(SNAPSHOT)?;
                line.name(self.organisation)?;
                2
            }
        };
        for Waiting { sql, values, .. } in &flight.statements {
            let parameters: Vec<&(dyn ToSql + Sync)> =
                values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
            line.ask(sql, || values.iter().map(Value::postgres_type).collect(), &parameters)?;
        }
        if flight.commit {
            line.say("COMMIT")?;
        }
        let tables = line.fly().await.map(|answers| answers.into_iter().skip(ahead).map(|answer| answer.rows));
        let mut queue = self.queue();
        match tables {
            Ok(tables) => {
                let tickets = flight.statements.iter().map(|waiting| waiting.ticket);
                queue.answers.extend(tickets.zip(tables.map(Ok)));
            }
            Err(Stopped { why, .. }) => {
                let error = Error::from(why);
                let tickets = flight.statements.iter().map(|waiting| waiting.ticket);
                queue.answers.extend(tickets.map(|ticket| (ticket, Err(error.clone()))));
            }
        }
        queue.answered(ticket).unwrap_or_else(|| Err(Code::Internal.into()))
    }

    pub fn release(self) {
        let mut held = self.held.into_inner();
        if held.is_idle() {
            return;
        }
        tokio::spawn(async move {
            // A network that swallows everything must not keep its place in the pool for good.
            let ended = tokio::time::timeout(BEGIN, async {
                let line = held.line().ok()?;
                line.say("COMMIT").ok()?;
                line.fly().await.ok()
            });
            ended.await
        });
    }
}

/// What leaves at once.
struct Flight {
    begin: Begin,
    statements: Vec<Waiting>,
    commit: bool,
}

enum Begin {
    /// It has begun.
    Never,
    /// One statement is a transaction by itself, and one instant.
    Alone,
    Snapshot,
}

impl Queue {
    /// Joins the next flight; whether all have come that will.
    fn join(&mut self, sql: Arc<str>, values: Vec<Value>) -> (usize, bool) {
        self.tickets += 1;
        self.waiting.push(Waiting { ticket: self.tickets, sql, values });
        debug_assert!(self.expected.is_none_or(|expected| expected >= self.waiting.len()), "a statement behind COMMIT");
        (self.tickets, self.expected == Some(self.waiting.len()))
    }

    fn leave(&mut self) -> Flight {
        let statements = std::mem::take(&mut self.waiting);
        let whole = self.expected == Some(statements.len());
        self.expected = self.expected.map(|expected| expected.saturating_sub(statements.len()));
        let begin = match (self.begun, whole && statements.len() == 1) {
            (true, _) => Begin::Never,
            (false, true) => Begin::Alone,
            (false, false) => Begin::Snapshot,
        };
        self.begun = true;
        let commit = whole && !matches!(begin, Begin::Alone);
        Flight { begin, statements, commit }
    }

    fn answered(&mut self, ticket: usize) -> Option<Result<Table>> {
        let place = self.answers.iter().position(|(of, _)| *of == ticket)?;
        Some(self.answers.swap_remove(place).1)
    }
}
