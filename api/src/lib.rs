//! Lanpya: one GraphQL service over one relational database.
//!
//! | module | what it is for |
//! |---|---|
//! | [`http`] | the HTTP face: routes, limits, pages, health |
//! | [`auth`] | tokens: the only user of jsonwebtoken |
//! | [`access`] | roles, classes, actions: the one policy table |
//! | [`graph`] | the declared nouns |
//! | `outbound` | webhooks: sends what is due |
//! | [`plan`] | from a selection to statements to bytes |
//! | [`db`] | the one door to the database |
//! | [`demo`] | fictional data for the demo |
//! | [`domain`] | the rules of the field, pure |
//! | [`service`] | one function for each thing a user does |
//! | [`schema`] | the GraphQL face: Query, Mutation, the engine |

pub mod access;
pub mod auth;
mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
pub mod graph;
pub mod http;
mod outbound;
pub mod plan;
pub mod report;
pub mod schema;
pub mod service;

pub use cli::{command, explain};

use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use config::Config;
use migration::MigratorTrait as _;

/// Opens everything the settings name and serves until the returned handle is stopped.
pub async fn serve(config: &Config, clock: Clock, pages: Option<http::Pages>) -> Result<http::Running, String> {
    let database = db::Database::open(&database(config)).await?;
    serve_on(database, config, clock, pages).await
}

/// [`serve`], with something left out that a test must notice.
#[cfg(feature = "weaken")]
pub async fn serve_weakened(
    config: &Config,
    clock: Clock,
    weakness: access::Weakness,
) -> Result<http::Running, String> {
    let database = db::Database::open(&database(config)).await?.weakened(weakness);
    serve_on(database, config, clock, None).await
}

async fn serve_on(
    database: db::Database,
    config: &Config,
    clock: Clock,
    pages: Option<http::Pages>,
) -> Result<http::Running, String> {
    let verifier = verifier(config)?;
    check_schema(&database).await?;
    let listener = http::listen(config.listen).await?;
    let outbound = outbound::Outbound::new(config, database.clone(), clock.clone())?;
    let edge = http::Edge::new(config, database.clone(), verifier, clock, pages).await?;
    let stop = edge.stopping();
    http::serve(listener, http::router(Arc::new(edge), &config.cors_origins), database, stop, |stop| {
        outbound.start(stop)
    })
}

/// Refuses a database whose schema is older or newer than this program.
pub async fn check_schema(database: &db::Database) -> Result<(), String> {
    let applied = database.migrations().await?;
    let wanted: Vec<String> = migration::Migrator::migrations().iter().map(|one| one.name().to_owned()).collect();
    if applied != wanted {
        return Err("The database's schema is not this version's: run `lanpya migrate`.".to_owned());
    }
    Ok(())
}

/// The database the settings name.
pub fn database(config: &Config) -> db::Settings {
    db::Settings {
        url: config.database_url.clone(),
        connections: config.connections,
        statement_timeout: Duration::from_millis(config.statement_timeout_ms),
        audit_reads: config.audit_reads,
    }
}

fn verifier(config: &Config) -> Result<auth::Verifier, String> {
    let mut settings = auth::Settings::new(&config.token_issuer, &config.token_audience);
    settings.algorithms.clone_from(&config.token_algorithms);
    settings.max_lifetime = Duration::from_secs(config.token_lifetime_minutes * 60);
    let keys = match (&config.token_keys_file, &config.token_keys_url, &config.token_discovery_url) {
        (Some(file), ..) => auth::KeySource::File(file.clone()),
        (None, Some(url), _) => auth::KeySource::Url(url.clone()),
        (None, None, Some(url)) => auth::KeySource::Discovery(url.clone()),
        (None, None, None) => return Err("The token keys are not set.".to_owned()),
    };
    auth::Verifier::new(settings, keys).map_err(|error| format!("The token keys cannot be used: {error}."))
}
