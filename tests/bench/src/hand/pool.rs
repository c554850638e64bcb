//! Eight connections with their statements prepared, and a transaction that is one message with its first statements.

use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::{Client, Error, NoTls};
use uuid::Uuid;

use crate::Failed;
use crate::sql::Statements;

const CONNECTIONS: usize = 8;

/// A connection.
pub(crate) struct Held {
    client: Client,
    /// Its statements.
    pub(crate) statements: Statements,
}

impl Deref for Held {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

/// The pool.
pub(crate) struct Pool {
    url: String,
    idle: Mutex<Vec<Held>>,
    permits: Semaphore,
}

/// A connection on loan. Dropped before its transaction ended, it is closed instead of given back.
pub(crate) struct Loan<'p> {
    pool: &'p Pool,
    held: Option<Held>,
    _permit: SemaphorePermit<'p>,
}

impl Pool {
    /// Opens all connections.
    pub(crate) async fn open(url: &str) -> Result<Self, String> {
        let pool = Self { url: url.to_owned(), idle: Mutex::default(), permits: Semaphore::new(CONNECTIONS) };
        for _ in 0..CONNECTIONS {
            let held = pool.connect().await.map_err(|error| error.to_string())?;
            pool.give(held);
        }
        Ok(pool)
    }

    async fn connect(&self) -> Result<Held, Error> {
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                eprintln!("hand: a connection ended: {error}");
            }
        });
        // A bound LIMIT makes every generic plan look dear; left to itself, PostgreSQL would plan each execution anew.
        let settings = "SET statement_timeout = 3000; SET timezone = 'UTC'; SET plan_cache_mode = force_generic_plan";
        client.batch_execute(settings).await?;
        let statements = Statements::prepare(&client).await?;
        Ok(Held { client, statements })
    }

    fn give(&self, held: Held) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(held);
    }

    /// Borrows a connection.
    pub(crate) async fn take(&self) -> Result<Loan<'_>, Failed> {
        let permit = self.permits.acquire().await.map_err(|_| Failed::bad())?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let held = match idle {
            Some(held) if !held.is_closed() => held,
            _ => self.connect().await?,
        };
        Ok(Loan { pool: self, held: Some(held), _permit: permit })
    }
}

impl Loan<'_> {
    /// The connection.
    pub(crate) fn held(&self) -> Result<&Held, Failed> {
        self.held.as_ref().ok_or_else(Failed::bad)
    }

    /// Gives it back: its transaction has ended.
    pub(crate) fn end(mut self) {
        if let Some(held) = self.held.take() {
            self.pool.give(held);
        }
    }
}

/// Begins a read of one organisation.
pub(crate) fn begin(organisation: Uuid) -> String {
    format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lanpya.organisation = '{organisation}'")
}

/// Begins a write of one organisation.
pub(crate) fn begin_write(organisation: Uuid) -> String {
    format!("BEGIN; SET LOCAL lanpya.organisation = '{organisation}'")
}
