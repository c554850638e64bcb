//! Applying migrations: the operator's act, with the owner's login, never the server's.

use std::path::Path;

use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectOptions, Database};

use super::sqlite_path;

/// Brings the schema at `url` to this version; makes the file where it is SQLite and missing.
pub async fn migrate(url: &str) -> Result<(), String> {
    let connection = connect(url).await?;
    let outcome = Migrator::up(&connection, None).await;
    let closed = connection.close().await;
    // Errors of a schema change name tables and columns, never data.
    outcome.map_err(|error| format!("The migration failed and was undone: {error}"))?;
    closed.map_err(|error| format!("The database could not be closed: {error}"))
}

/// Takes every change back. Refused while records point at places or tools.
pub async fn unmigrate(url: &str) -> Result<(), String> {
    let connection = connect(url).await?;
    let outcome = Migrator::down(&connection, None).await;
    let _ = connection.close().await;
    outcome.map_err(|error| format!("The migration could not be taken back: {error}"))
}

async fn connect(url: &str) -> Result<sea_orm::DatabaseConnection, String> {
    let mut address = url.to_owned();
    if let Some(path) = sqlite_path(url) {
        make_folder(&path)?;
        address = format!("sqlite:{}?mode=rwc", path.display());
    }
    let mut options = ConnectOptions::new(address);
    options.max_connections(1).sqlx_logging(false);
    if sqlite_path(url).is_some() {
        options.map_sqlx_sqlite_opts(|options| {
            options
                .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
                .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
                .foreign_keys(true)
        });
    }
    Database::connect(options).await.map_err(|_| match sqlite_path(url) {
        Some(path) => format!("The file {} cannot be opened or made: may this user write there?", path.display()),
        None => "The database does not answer at this address, or refuses the login.".to_owned(),
    })
}

fn make_folder(path: &Path) -> Result<(), String> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|error| format!("The folder {} cannot be made: {error}.", folder.display()))
}
