//! Lanpya: one GraphQL service over one relational database.
//!
//! | module | what it is for |
//! |---|---|
//! | [`http`] | the HTTP face: routes, limits, pages, health |
//! | [`auth`] | tokens: the only user of jsonwebtoken |
//! | [`access`] | roles, classes, actions: the one policy table |
//! | [`graph`] | the declared nouns |
//! | [`plan`] | from a selection to statements to bytes |
//! | [`db`] | the one door to the database |
//! | [`demo`] | fictional data for the demo |
//! | [`domain`] | the rules of the field, pure |
//! | [`service`] | one function for each thing a user does |
//! | [`schema`] | the GraphQL face: Query, Mutation, the engine |

pub mod access;
pub mod auth;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
pub mod graph;
pub mod http;
pub mod plan;
pub mod schema;
pub mod service;

use std::sync::Arc;

use clock::Clock;
use config::Config;
use migration::MigratorTrait as _;

/// Opens everything the settings name and serves until the returned handle is stopped.
pub async fn serve(config: &Config, clock: Clock, pages: Option<http::Pages>) -> Result<http::Running, String> {
    let verifier = config.tokens()?;
    let database = db::Database::open(&config.database()).await?;
    check_schema(&database).await?;
    let listener = http::listen(config.listen).await?;
    let edge = http::Edge::new(config, database.clone(), verifier, clock, pages);
    http::serve(listener, http::router(Arc::new(edge), &config.cors_origins), database)
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
