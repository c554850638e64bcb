//! `lanpya demo`: everything on one command. The folder holds the database, the key of the tokens and two marks: one
//! while the data are filled in, one from then on, so that what a kill left half done is noticed and begun anew.

mod build;
mod folder;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::access::{Area, reading};
use crate::auth::{Algorithm, DevKeys};
use crate::clock::Clock;
use crate::config::{Config, Trust};
use crate::db::{self, Database};
use crate::http::{DemoToken, Pages};
use crate::{demo, http};
use clap::Args;
use entity::Code as _;
use entity::user::RoleCode;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::token::{ISSUER, mint};
use folder::Folder;

#[derive(Args)]
pub(crate) struct Demo {
    /// Address to serve at.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder for the database and the key of the tokens.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Start over with new data.
    #[arg(long)]
    fresh: bool,
    /// Print one JSON object when ready, instead of a table.
    #[arg(long)]
    json: bool,
}

impl Demo {
    pub(crate) async fn run(self) -> Result<(), String> {
        super::log(false);
        // Before anything long: is the address free, is the folder ours?
        drop(http::listen(self.listen).await?);
        let folder = Folder::open(&self.data)?;
        let keys = DevKeys::load_or_create(&self.data)
            .map_err(|error| format!("The key in {} cannot be used: {error}.", self.data.display()))?;
        let config = self.config(&keys, folder.secret()?);
        if folder.is_filled(self.fresh)? {
            let sentence = "The data are of another version of Lanpya: start over with --fresh.";
            db::migrate(&config.database_url).await.map_err(|_| sentence.to_owned())?;
        } else {
            let begun = folder.begin()?;
            let (filled, ()) = tokio::join!(self.fill(&config), build::pages());
            filled?;
            folder.finish(begun)?;
        }
        let tokens = Arc::new(move || tokens(&keys));
        let shown = Arc::clone(&tokens);
        let pages = Pages { demo: true, tokens: Arc::new(move || shown()), folder: build::built() };
        let running = crate::serve(&config, Clock::system(), Some(pages)).await?;
        super::say(&self.ready(running.address, &tokens()))?;
        super::stopped().await;
        running.stop().await;
        Ok(())
    }

    fn config(&self, keys: &DevKeys, cursor_secret: String) -> Config {
        Config {
            listen: self.listen,
            database_url: format!("sqlite:{}", self.data.join(folder::DATABASE).display()),
            connections: 8,
            statement_timeout_ms: 3_000,
            request_timeout_ms: 10_000,
            token_issuer: ISSUER.to_owned(),
            token_audience: "lanpya".to_owned(),
            token_keys_file: Some(keys.jwks_path().to_owned()),
            token_keys_url: None,
            token_discovery_url: None,
            token_algorithms: vec![Algorithm::EdDSA],
            token_lifetime_minutes: MINUTES,
            cursor_secret,
            pages: true,
            reception: true,
            reception_client: None,
            reception_scope: "openid".to_owned(),
            reception_hours: 12,
            reception_lock_minutes: 10,
            introspection: true,
            trusted_documents: Vec::new(),
            trusted_documents_mode: Trust::Off,
            trusted_documents_roles: std::collections::BTreeMap::new(),
            webhook_plain_hosts: vec!["127.0.0.1".to_owned(), "localhost".to_owned()],
            webhook_look: crate::config::look(),
            webhook_timeout: crate::config::webhook_timeout(),
            cors_origins: Vec::new(),
            debug_headers: true,
            // On one's own machine nobody is kept from anything.
            points_per_user: 0,
            points_per_organisation: 0,
            audit_reads: true,
            quiet: crate::config::quiet(),
        }
    }

    async fn fill(&self, config: &Config) -> Result<(), String> {
        let bar = self.bar();
        db::migrate(&config.database_url).await?;
        let database = Database::open(&crate::database(config)).await?;
        let outcome = demo::fill(&database, &Clock::system(), &mut |rows| bar.inc(rows)).await;
        database.close().await;
        bar.finish_and_clear();
        let counts = outcome.map_err(|error| format!("The demo data cannot be written: {error}"))?;
        let rows: u64 = counts.values().sum();
        eprintln!("{rows} rows of fictional data were made in {}.", self.data.display());
        Ok(())
    }

    fn bar(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(demo::ROWS), ProgressDrawTarget::stderr());
        if self.json {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let style = ProgressStyle::with_template("Making fictional data {bar:40} {percent:>3}%  {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }

    /// What is said once the server answers.
    fn ready(&self, address: SocketAddr, tokens: &[DemoToken]) -> String {
        let url = format!("http://{}/", reachable(address));
        let graphql = format!("{url}graphql");
        if self.json {
            let tokens: Vec<_> = tokens
                .iter()
                .map(
                    |one| serde_json::json!({ "organisation": one.organisation, "role": one.role, "token": one.token }),
                )
                .collect();
            return serde_json::json!({ "url": url, "graphql": graphql, "tokens": tokens }).to_string();
        }
        table(&url, &graphql, &self.data, tokens)
    }
}

/// How long a token is good for, in minutes.
const MINUTES: u64 = 60;

/// A token for each role of each organisation, made now.
fn tokens(keys: &DevKeys) -> Vec<DemoToken> {
    let mut tokens = Vec::new();
    for (organisation, name) in demo::organisations() {
        for role in RoleCode::all() {
            let subject = role.code().to_lowercase();
            if let Ok(token) = mint(keys, ISSUER, "lanpya", organisation, role, &subject, MINUTES) {
                tokens.push(DemoToken {
                    organisation: organisation.to_owned(),
                    organisation_name: name.to_owned(),
                    role: role.code().to_owned(),
                    token,
                });
            }
        }
    }
    tokens
}

/// Roles that read more than the directory: the ones to try first.
fn is_telling(role: &str) -> bool {
    let reads =
        |role, area: &Area| !matches!(area, Area::Reference | Area::Directory) && reading(role, *area).is_some();
    RoleCode::from_code(role).is_some_and(|role| Area::ALL.iter().any(|area| reads(role, area)))
}

fn table(url: &str, graphql: &str, data: &Path, tokens: &[DemoToken]) -> String {
    let mut text = format!(
        "Lanpya demo: all data are fictional.\n\n  GraphiQL   {url}\n  Reception  {url}reception\n  Dashboard  {url}dashboard\n  GraphQL    {graphql}\n"
    );
    let mut last = "";
    for one in tokens.iter().filter(|one| is_telling(&one.role)) {
        if one.organisation != last {
            text.push_str(&["\n", &one.organisation, "  ", &one.organisation_name, "\n"].concat());
            last = &one.organisation;
        }
        text.push_str(&["  ", &one.role, "\n    ", &one.token, "\n"].concat());
    }
    let hint = format!(
        "\nTokens are good for {MINUTES} minutes; a new one, also for the other roles:\n  \
         lanpya token --data {} --organisation LEAD --role SUPERVISOR\nCtrl-C stops; the data stay.",
        data.display()
    );
    text + &hint
}

/// An address that a browser on this machine can open.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
    } else {
        address
    }
}
