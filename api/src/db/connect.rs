//! Opening the database: pools of the right size and settings, and the checks without which the server must not start.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Executor as _, Row as _};

use super::Dialect;
use super::audit::Auditor;

/// Where the database is and how much of it to use.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `postgres://…` or `sqlite:PATH`.
    pub url: String,
    /// Connections that serve requests.
    pub connections: u32,
    /// Longest time a statement may run on PostgreSQL.
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
}

#[derive(Clone)]
pub(super) enum Pools {
    /// The auditor has a connection of its own: full pools do not hold the audit up.
    Postgres {
        pool: PgPool,
        auditor: PgPool,
    },
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
}

/// Statements kept prepared on a connection: more than the shapes a dashboard has, few enough to stay small.
const PREPARED: usize = 200;
const WAIT: Duration = Duration::from_secs(3);

impl Database {
    /// Connects and, on PostgreSQL, refuses a login that row-level security would not bind.
    pub async fn open(settings: &Settings) -> Result<Self, String> {
        let pools = match sqlite_path(&settings.url) {
            Some(path) => sqlite(&path, settings).await?,
            None => postgres(settings).await?,
        };
        let auditor = settings.audit_reads.then(|| Auditor::start(pools.clone()));
        Ok(Self { pools, auditor })
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
        match &self.pools {
            Pools::Postgres { pool, .. } => pool.execute("SELECT 1").await.is_ok(),
            Pools::Sqlite { readers, .. } => readers.execute("SELECT 1").await.is_ok(),
        }
    }

    /// The migrations that were applied, oldest first.
    pub async fn migrations(&self) -> Result<Vec<String>, String> {
        let sql = "SELECT version FROM seaql_migrations ORDER BY version";
        let names = match &self.pools {
            Pools::Postgres { pool, .. } => sqlx::query_scalar(sql).fetch_all(pool).await,
            Pools::Sqlite { readers, .. } => sqlx::query_scalar(sql).fetch_all(readers).await,
        };
        names.map_err(|_| "The database has no Lanpya schema yet: run `lanpya migrate` first.".to_owned())
    }

    /// Waits for running statements and closes every connection.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Postgres { pool, auditor } => {
                pool.close().await;
                auditor.close().await;
            }
            Pools::Sqlite { readers, writer } => {
                readers.close().await;
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
        .pragma("secure_delete", "on")
        .pragma("trusted_schema", "off")
        .optimize_on_close(true, None)
        .disable_statement_logging()
}

async fn sqlite(path: &Path, settings: &Settings) -> Result<Pools, String> {
    if !path.exists() {
        return Err(format!("There is no database at {}: run `lanpya migrate` first.", path.display()));
    }
    let failed = |_| format!("The database at {} cannot be opened: is the file readable and writable?", path.display());
    let readers = SqlitePoolOptions::new()
        .max_connections(settings.connections.clamp(1, 8))
        .acquire_timeout(WAIT)
        .connect_with(sqlite_options(path).pragma("query_only", "on"))
        .await
        .map_err(failed)?;
    let writer =
        SqlitePoolOptions::new().max_connections(1).acquire_timeout(WAIT).connect_lazy_with(sqlite_options(path));
    Ok(Pools::Sqlite { readers, writer })
}

async fn postgres(settings: &Settings) -> Result<Pools, String> {
    let timeout = settings.statement_timeout.as_millis().to_string();
    let options = PgConnectOptions::from_str(&settings.url)
        .map_err(|_| {
            "DATABASE_URL is not a PostgreSQL address: postgres://user:password@host:port/database".to_owned()
        })?
        .application_name("lanpya")
        .statement_cache_capacity(PREPARED)
        .options([
            ("statement_timeout", timeout.as_str()),
            ("lock_timeout", "1000"),
            ("idle_in_transaction_session_timeout", "5000"),
            ("timezone", "UTC"),
        ])
        .disable_statement_logging();
    let sized = |connections| {
        PgPoolOptions::new().max_connections(connections).acquire_timeout(WAIT).test_before_acquire(false)
    };
    let auditor = sized(1).connect_lazy_with(options.clone());
    let pool = sized(settings.connections.max(1))
        .connect_with(options)
        .await
        .map_err(|error| format!("PostgreSQL does not answer at DATABASE_URL ({}).", super::kind(&error)))?;
    check_login(&pool).await?;
    Ok(Pools::Postgres { pool, auditor })
}

/// Oldest PostgreSQL 15 whose optimizer statistics keep hidden rows hidden (CVE-2025-8713).
const OLDEST: i32 = 150_014;

async fn check_login(pool: &PgPool) -> Result<(), String> {
    let sql = "SELECT current_setting('server_version_num')::int,
               (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user),
               EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                          AND n.nspname NOT LIKE 'pg_%' AND pg_has_role(current_user, c.relowner, 'MEMBER'))";
    let row = pool.fetch_one(sql).await.map_err(|_| "PostgreSQL refused the start-up check.".to_owned())?;
    let read = |_| "PostgreSQL answered the start-up check strangely.".to_owned();
    let version: i32 = row.try_get(0).map_err(read)?;
    let above_policies: bool = row.try_get(1).map_err(read)?;
    let owner: bool = row.try_get(2).map_err(read)?;
    if version < OLDEST {
        return Err(format!("PostgreSQL {version} is too old: row-level security needs at least {OLDEST} (15.14)."));
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
