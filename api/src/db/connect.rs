//! Opening the database: pools of the right size and settings, and the checks without which the server must not start.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use deadpool::managed;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Executor as _};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::Dialect;
use super::audit::{Auditor, Underway};
use super::changes::Changes;
use super::session::BEGIN;
use super::{postgres, sqlite, tls};
use crate::access::Weakness;

/// Where the database is and how much of it to use.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `postgres://…` or `sqlite:PATH`.
    pub url: String,
    /// Connections that serve requests.
    pub connections: u32,
    /// Longest time a statement may run, and longest wait for its answer.
    pub statement_timeout: Duration,
    /// Whether reads of personal data are noted. Off only in measurements of what it costs.
    pub audit_reads: bool,
}

impl Settings {
    /// For a command of the operator: few connections, and time for large statements.
    pub fn operators(url: String) -> Self {
        Self { url, connections: 2, statement_timeout: Duration::from_secs(30), audit_reads: true }
    }
}

/// The pools. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    pub(super) pools: Pools,
    pub(super) auditor: Option<Auditor>,
    pub(super) underway: Underway,
    pub(super) patience: Duration,
    pub(super) weakness: Weakness,
    pub(super) changes: Changes,
    /// Rouses whoever sends messages to other systems.
    pub(super) queued: Arc<Notify>,
}

#[derive(Clone)]
pub(super) enum Pools {
    /// The auditor has a connection of its own: full pools do not hold the audit up.
    Postgres { readers: postgres::Pool, writers: postgres::Pool, auditor: postgres::Pool },
    Sqlite {
        readers: sqlite::Pool,
        writer: SqlitePool,
        auditor: sqlite::Pool,
        /// Taken by whoever writes, on either.
        turns: sqlite::Turns,
    },
}

/// Statements kept prepared on a connection: more than the shapes a dashboard has, few enough to stay small.
const PREPARED: usize = 200;
/// Wait for SQLite's lock, and for PostgreSQL to take a connection.
const WAIT: Duration = Duration::from_secs(2);
/// Wait for a connection when the server starts: whoever comes first after a crash recovers the database. A request
/// waits for its transaction to begin, which is less.
const START: Duration = Duration::from_secs(30);
/// Pause between two looks at something that will have ended soon, or begun.
const BRIEFLY: Duration = Duration::from_millis(20);
/// What PostgreSQL is given beyond its own limit to say that a statement took too long.
const GRACE: Duration = Duration::from_millis(250);

impl Database {
    /// Connects and, on PostgreSQL, refuses a login that row-level security would not bind.
    pub async fn open(settings: &Settings) -> Result<Self, String> {
        let pools = match sqlite_path(&settings.url) {
            Some(path) => open_sqlite(&path, settings).await?,
            None => postgres(settings).await?,
        };
        let patience = settings.statement_timeout + GRACE;
        let underway = Underway::default();
        let auditor = settings.audit_reads.then(|| Auditor::start(pools.clone(), patience, underway.clone()));
        Ok(Self {
            pools,
            auditor,
            underway,
            patience,
            weakness: Weakness::None,
            changes: Changes::default(),
            queued: Arc::default(),
        })
    }

    /// The same database, served with something left out.
    #[cfg(feature = "weaken")]
    #[must_use]
    pub fn weakened(self, weakness: Weakness) -> Self {
        Self { weakness, ..self }
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        match &self.pools {
            Pools::Postgres { .. } => Dialect::Postgres,
            Pools::Sqlite { .. } => Dialect::Sqlite,
        }
    }

    /// Whether it answers.
    pub async fn ready(&self) -> bool {
        let answer = async {
            match &self.pools {
                Pools::Postgres { writers, .. } => answers(writers).await,
                Pools::Sqlite { writer, .. } => writer.execute("SELECT 1").await.is_ok(),
            }
        };
        tokio::time::timeout(BEGIN, answer).await.unwrap_or(false)
    }

    /// The migrations that were applied, oldest first.
    pub async fn migrations(&self) -> Result<Vec<String>, String> {
        let sql = "SELECT version FROM seaql_migrations ORDER BY version";
        let names = match &self.pools {
            Pools::Postgres { writers, .. } => names(writers, sql).await,
            Pools::Sqlite { writer, .. } => sqlx::query_scalar(sql).fetch_all(writer).await.ok(),
        };
        names.ok_or_else(|| "The database has no Lanpya schema yet: run `lanpya migrate` first.".to_owned())
    }

    /// Waits for running statements and closes every connection.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Postgres { readers, writers, auditor } => {
                // Their askers may have left; what they asked for is finished.
                let idle = async {
                    while self.underway.now() > 0 {
                        tokio::time::sleep(BRIEFLY).await;
                    }
                };
                let _ = tokio::time::timeout(self.patience, idle).await;
                readers.close();
                writers.close();
                auditor.close();
            }
            Pools::Sqlite { readers, writer, auditor, .. } => {
                readers.close();
                auditor.close();
                writer.close().await;
            }
        }
    }
}

/// The file behind a `sqlite:` URL.
pub(crate) fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
    Some(PathBuf::from(rest.split('?').next().unwrap_or(rest)))
}

fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(WAIT)
        .statement_cache_capacity(PREPARED)
        .pragma("temp_store", "memory")
        .pragma("wal_autocheckpoint", sqlite::LOGGED.to_string())
        .pragma("secure_delete", "on")
        .pragma("trusted_schema", "off")
        .optimize_on_close(true, None)
        .disable_statement_logging()
}

async fn open_sqlite(path: &Path, settings: &Settings) -> Result<Pools, String> {
    if !path.exists() {
        return Err(format!("There is no database at {}: run `lanpya migrate` first.", path.display()));
    }
    let failed = |error: sqlx::Error| {
        let kind = super::kind(&error);
        format!("The database at {} cannot be opened ({kind}): is the file readable and writable?", path.display())
    };
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(START)
        .connect_with(sqlite_options(path))
        .await
        .map_err(failed)?;
    let longest = settings.statement_timeout;
    let opened = |pragmas, connections| {
        pool(sqlite::Manager { path: path.to_owned(), busy: WAIT, longest, pragmas }, connections)
    };
    // Each reads on a thread of its own: more than the machine has cores gains nothing.
    let readers = opened(sqlite::READS, settings.connections.clamp(1, 4))?;
    Ok(Pools::Sqlite { readers, writer, auditor: opened(sqlite::APPENDS, 1)?, turns: sqlite::Turns::default() })
}

async fn postgres(settings: &Settings) -> Result<Pools, String> {
    let timeout = settings.statement_timeout.as_millis().to_string();
    // No statement runs long enough to win back what compiling it costs: 45 ms where a statistic takes 14.
    let (mut config, tls) = tls::read(&settings.url)?;
    config.application_name("lanpya").options(format!(
        "-c statement_timeout={timeout} -c lock_timeout=1000 -c idle_in_transaction_session_timeout=5000 -c timezone=UTC \
         -c plan_cache_mode=force_generic_plan -c jit=off"
    ));
    let opened = |connections| pool(postgres::Manager { config: config.clone(), tls: tls.clone() }, connections);
    let connections = settings.connections.max(1);
    let (readers, writers, auditor) = (opened(connections)?, opened(connections)?, opened(1)?);
    check_login(&mut *first(&writers).await?).await?;
    Ok(Pools::Postgres { readers, writers, auditor })
}

/// The first connection of all. Where nobody listens yet, or PostgreSQL is about to start, it is tried again.
async fn first(pool: &postgres::Pool) -> Result<managed::Object<postgres::Manager>, String> {
    let until = Instant::now() + START;
    loop {
        let error = match pool.get().await {
            Ok(connection) => return Ok(connection),
            Err(error) => error,
        };
        let soon = match &error {
            managed::PoolError::Backend(error) => error.comes_soon(),
            managed::PoolError::Timeout(_) => true,
            _ => false,
        };
        if !soon || Instant::now() >= until {
            let kind = if soon { "not in time" } else { "refused" };
            return Err(format!("PostgreSQL does not answer at DATABASE_URL ({kind})."));
        }
        tokio::time::sleep(BRIEFLY).await;
    }
}

/// The names that a statement finds.
async fn names(pool: &postgres::Pool, sql: &str) -> Option<Vec<String>> {
    let rows = one(&mut *pool.get().await.ok()?, sql).await.ok()?;
    (0..rows.len()).map(|row| rows.get(row, 0)).collect()
}

/// Whether the database answers.
async fn answers(pool: &postgres::Pool) -> bool {
    let Ok(mut held) = postgres::Held::take(pool).await else { return false };
    let Ok(line) = held.line() else { return false };
    one(line, "SELECT 1").await.is_ok()
}

/// The rows of one statement.
async fn one(line: &mut postgres::Line, sql: &str) -> Result<postgres::Table, postgres::Failure> {
    line.say(sql)?;
    let answers = line.fly().await.map_err(|stopped| stopped.why)?;
    answers.into_iter().next().map(|answer| answer.rows).ok_or(postgres::Failure::Strange)
}

fn pool<M: managed::Manager>(manager: M, connections: u32) -> Result<managed::Pool<M>, String> {
    managed::Pool::builder(manager)
        .max_size(usize::try_from(connections).unwrap_or(1))
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(WAIT))
        // Who was used last remembers most.
        .queue_mode(managed::QueueMode::Lifo)
        .runtime(deadpool::Runtime::Tokio1)
        .build()
        .map_err(|error| format!("The connection pool cannot be made: {error}."))
}

#[cfg(test)]
impl Database {
    /// PostgreSQL with any login and one connection of each kind, for tests of connections.
    pub(super) fn of_one_connection(url: &str) -> Result<Self, String> {
        let (config, tls) = tls::read(url)?;
        let one = || pool(postgres::Manager { config: config.clone(), tls: tls.clone() }, 1);
        let (readers, writers, auditor) = (one()?, one()?, one()?);
        let pools = Pools::Postgres { readers, auditor, writers };
        Ok(Self {
            pools,
            auditor: None,
            underway: Underway::default(),
            patience: Duration::from_secs(3),
            weakness: Weakness::None,
            changes: Changes::default(),
            queued: Arc::default(),
        })
    }
}

/// Of each PostgreSQL the oldest release whose optimizer statistics keep hidden rows hidden (CVE-2025-8713).
const OLDEST: [i32; 4] = [150_014, 160_010, 170_006, 180_000];

/// Whether hidden rows stay hidden in a release of PostgreSQL, `server_version_num`.
fn keeps_rows_hidden(version: i32) -> bool {
    let of_its_major = OLDEST.iter().find(|oldest| **oldest / 10_000 == version / 10_000);
    of_its_major.or(OLDEST.last()).is_some_and(|oldest| version >= *oldest)
}

async fn check_login(line: &mut postgres::Line) -> Result<(), String> {
    let sql = "SELECT current_setting('server_version_num')::int,
               (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user),
               EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                          AND n.nspname NOT LIKE 'pg_%' AND pg_has_role(current_user, c.relowner, 'MEMBER'))";
    let rows = one(line, sql).await.map_err(|_| "PostgreSQL refused the start-up check.".to_owned())?;
    let strange = || "PostgreSQL answered the start-up check strangely.".to_owned();
    let version: i32 = rows.get(0, 0).ok_or_else(strange)?;
    let above_policies: bool = rows.get(0, 1).ok_or_else(strange)?;
    let owner: bool = rows.get(0, 2).ok_or_else(strange)?;
    if !keeps_rows_hidden(version) {
        return Err(format!(
            "PostgreSQL {version} is too old: row-level security needs 15.14, 16.10, 17.6 or newer of the same line."
        ));
    }
    if above_policies {
        return Err("DATABASE_URL logs in as a superuser or with BYPASSRLS, so row-level security would not hold: \
                    use a login that is only a member of lanpya_app."
            .to_owned());
    }
    if owner {
        return Err("DATABASE_URL logs in as the owner of the tables, so row-level security would not hold: \
                    use a login that is only a member of lanpya_app."
            .to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn releases_that_give_hidden_rows_away_are_too_old() {
        for version in [90_624, 140_019, 150_013, 160_009, 170_005] {
            assert!(!super::keeps_rows_hidden(version), "{version}");
        }
        for version in [150_014, 150_018, 160_010, 170_006, 180_000, 180_004, 190_000] {
            assert!(super::keeps_rows_hidden(version), "{version}");
        }
    }
}
