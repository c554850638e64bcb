//! A database of a test's own: a copy of a migrated and seeded template, dropped with the test; and a way into it past
//! the server and past row-level security, to prepare and to look.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;
use std::sync::OnceLock;

use lanpya::clock::Clock;
use migration::APP_ROLE;
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, Statement};
use tempfile::TempDir;

use crate::seed::{self, ALPHA, BETA, GAMMA};
use crate::{Backend, postgres};

/// Login of the server under test: a member of the application's role and nothing else.
const SERVER: &str = "lanpya_server";
/// Login that owns the tables.
const OWNER: &str = "lanpya_owner";

/// What a database holds at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Data {
    /// The migrations' reference data.
    Nothing,
    /// ALPHA's rows.
    Alpha,
    /// The same, and BETA's beside them.
    Twins,
    /// The same, and GAMMA's, whose rows have the ids of ALPHA's.
    Mirrored,
}

/// A test's database.
pub struct Store {
    /// Which kind.
    pub backend: Backend,
    /// Address as the server uses it.
    pub url: String,
    /// Past the server: superuser on PostgreSQL.
    pub connection: DatabaseConnection,
    name: String,
    admin: String,
    folder: Option<TempDir>,
}

impl Store {
    /// A copy of the template with `data`.
    pub async fn new(backend: Backend, data: Data) -> Self {
        match backend {
            Backend::Postgres => Self::postgres(postgres::admin(), data, "").await,
            Backend::Sqlite => Self::sqlite(tempfile::tempdir().expect("a folder"), data).await,
        }
    }

    /// In the cluster whose superuser's address is `admin`; `options` go into `CREATE DATABASE`.
    pub async fn postgres(admin: &str, data: Data, options: &str) -> Self {
        let name = format!("t_{}", Clock::system().new_id().simple());
        let template = postgres_template(admin, data).await;
        let connection = connect(admin).await;
        execute(&connection, &format!("CREATE DATABASE {name} TEMPLATE {template} {options}")).await;
        connection.close().await.expect("closed");
        let connection = connect(&postgres::at(admin, "postgres", &name)).await;
        let url = postgres::at(admin, SERVER, &name);
        Self { backend: Backend::Postgres, url, connection, name, admin: admin.to_owned(), folder: None }
    }

    /// A file in a folder of the test's choice.
    pub async fn sqlite(folder: TempDir, data: Data) -> Self {
        let path = folder.path().join("lanpya.db");
        fs::copy(sqlite_template(data).await, &path).expect("the template can be copied");
        let url = format!("sqlite:{}", path.display());
        let connection = connect(&url).await;
        let (name, admin, folder) = (String::new(), String::new(), Some(folder));
        Self { backend: Backend::Sqlite, url, connection, name, admin, folder }
    }

    /// The name of the database, on PostgreSQL.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file, on SQLite.
    pub fn path(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.path().join("lanpya.db"))
    }

    /// The way in, anew: after the database was killed, or after [`Store::leave`].
    pub async fn enter(&mut self) {
        self.connection = match self.backend {
            Backend::Postgres => connect(&self.url_as("postgres")).await,
            Backend::Sqlite => connect(&self.url).await,
        };
    }

    /// Closes the way in, so that the server has the database to itself.
    pub async fn leave(&self) {
        self.connection.clone().close().await.expect("closed");
    }

    /// The same database as another login of PostgreSQL: `postgres` or the owner.
    pub fn url_as(&self, login: &str) -> String {
        postgres::at(&self.admin, login, &self.name)
    }

    /// The database as nobody is kept from anything: the superuser's on PostgreSQL, the file on SQLite.
    pub fn url_of_everything(&self) -> String {
        match self.backend {
            Backend::Postgres => self.url_as("postgres"),
            Backend::Sqlite => self.url.clone(),
        }
    }

    /// The login that owns the tables.
    pub fn owner_url(&self) -> String {
        self.url_as(OWNER)
    }

    /// Runs a statement past the server.
    pub async fn execute(&self, sql: &str) {
        execute(&self.connection, sql).await;
    }

    /// Rows of texts: the statement casts what is not text.
    pub async fn texts(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        let statement = Statement::from_string(self.connection.get_database_backend(), sql);
        let rows = self.connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.iter()
            .map(|row| {
                (0..row.column_names().len()).map(|n| row.try_get_by_index(n).expect("a text or null")).collect()
            })
            .collect()
    }

    /// The first column of every row.
    pub async fn column(&self, sql: &str) -> Vec<String> {
        self.texts(sql).await.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect()
    }

    /// Every row of every table as one text each, in order. With `organisation`, only its rows.
    pub async fn dump(&self, organisation: Option<uuid::Uuid>) -> BTreeMap<&'static str, Vec<String>> {
        let mut tables = BTreeMap::new();
        for table in entity::registry() {
            let name = table.name;
            let tenant = matches!(table.owner, entity::Owner::Organisation(_));
            let filter = match organisation {
                None => String::new(),
                Some(_) if !tenant => continue,
                Some(id) if self.backend == Backend::Postgres => format!("WHERE organisation_id = '{id}'"),
                Some(id) => format!("WHERE organisation_id = x'{}'", id.simple()),
            };
            let row = match self.backend {
                Backend::Postgres => "t::text".to_owned(),
                Backend::Sqlite => {
                    let columns: Vec<String> =
                        table.columns.iter().map(|column| format!("quote(\"{}\")", column.name)).collect();
                    columns.join(" || ',' || ")
                }
            };
            let sql = format!("SELECT {row} FROM \"{name}\" AS t {filter} ORDER BY 1");
            tables.insert(name, self.column(&sql).await);
        }
        tables
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if self.backend == Backend::Sqlite {
            return;
        }
        let (name, admin) = (std::mem::take(&mut self.name), std::mem::take(&mut self.admin));
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let admin = connect(&admin).await;
                execute(&admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            });
        });
        // A database that stays behind goes with the cluster.
        let _ = dropped.join();
    }
}

/// One connection to a database, outside the server.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|options| options.foreign_keys(true).busy_timeout(std::time::Duration::from_secs(30)));
    Database::connect(options).await.unwrap_or_else(|error| panic!("{url}: {error}"))
}

async fn execute(connection: &DatabaseConnection, sql: &str) {
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Names the state of the code: a template made by other code is never taken for this one's.
fn build() -> &'static str {
    static BUILD: OnceLock<String> = OnceLock::new();
    BUILD.get_or_init(|| {
        let program = std::env::current_exe().expect("this program");
        let written = fs::metadata(&program).and_then(|data| data.modified()).expect("its age");
        let mut hasher = DefaultHasher::new();
        (program, written).hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    })
}

async fn seed(connection: &DatabaseConnection, data: Data) {
    if data != Data::Nothing {
        seed::write(connection, &ALPHA).await;
    }
    if matches!(data, Data::Twins | Data::Mirrored) {
        seed::write(connection, &BETA).await;
    }
    if data == Data::Mirrored {
        seed::write(connection, &GAMMA).await;
    }
}

async fn postgres_template(url: &str, data: Data) -> String {
    let name = format!("template_{}_{}", format!("{data:?}").to_lowercase(), build());
    let admin = connect(url).await;
    // One process makes it, the others wait; the lock ends with the connection.
    execute(&admin, "SELECT pg_advisory_lock(20261122)").await;
    let sql = format!("SELECT datname FROM pg_database WHERE datname = '{name}'");
    let statement = Statement::from_string(admin.get_database_backend(), sql);
    if admin.query_one_raw(statement).await.expect("an answer").is_none() {
        for role in [APP_ROLE, OWNER, SERVER] {
            let login = if role == APP_ROLE { "NOLOGIN" } else { "LOGIN" };
            execute(
                &admin,
                &format!(
                    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN \
                     CREATE ROLE {role} {login}; END IF; END $$"
                ),
            )
            .await;
        }
        execute(&admin, &format!("GRANT {APP_ROLE} TO {SERVER}")).await;
        let draft = format!("{name}_draft");
        execute(&admin, &format!("DROP DATABASE IF EXISTS {draft}")).await;
        execute(&admin, &format!("CREATE DATABASE {draft} OWNER {OWNER}")).await;
        lanpya::db::migrate(&postgres::at(url, OWNER, &draft)).await.expect("migrated");
        let connection = connect(&postgres::at(url, "postgres", &draft)).await;
        seed(&connection, data).await;
        connection.close().await.expect("closed");
        execute(&admin, &format!("ALTER DATABASE {draft} RENAME TO {name}")).await;
    }
    admin.close().await.expect("closed");
    name
}

async fn sqlite_template(data: Data) -> PathBuf {
    let program = std::env::current_exe().expect("this program");
    let folder = program.ancestors().nth(3).expect("the target folder").join("tmp/lanpya-tests");
    fs::create_dir_all(&folder).expect("a folder for templates");
    let path = folder.join(format!("{data:?}-{}.db", build()));
    let lock = File::create(folder.join("lock")).expect("a lock");
    lock.lock().expect("the lock");
    if !path.exists() {
        let draft = folder.join("draft.db");
        let _ = fs::remove_file(&draft);
        let url = format!("sqlite:{}", draft.display());
        lanpya::db::migrate(&url).await.expect("migrated");
        let connection = connect(&url).await;
        seed(&connection, data).await;
        execute(&connection, "PRAGMA wal_checkpoint(TRUNCATE)").await;
        connection.close().await.expect("closed");
        assert!(!folder.join("draft.db-wal").exists(), "the template is one file");
        fs::rename(&draft, &path).expect("renamed");
        forget(&folder, &path);
    }
    path
}

/// Removes templates of builds an hour older than this one.
fn forget(folder: &std::path::Path, newest: &std::path::Path) {
    let age = |path: &std::path::Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let Some(now) = age(newest) else { return };
    for entry in fs::read_dir(folder).expect("readable").flatten() {
        let old =
            age(&entry.path()).and_then(|then| now.duration_since(then).ok()).is_some_and(|age| age.as_secs() > 3600);
        if old && entry.path().extension().is_some_and(|extension| extension == "db") {
            let _ = fs::remove_file(entry.path());
        }
    }
}
