//! Settings: one TOML file, overridden by environment variables, checked before anything starts. A wrong or missing
//! setting is a sentence that says what to do.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use figment::Figment;
use figment::providers::{Env, Format as _, Toml};
use serde::Deserialize;

/// A signature algorithm a token may use. There is no shared-secret algorithm to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub enum Algorithm {
    /// Ed25519.
    EdDSA,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// RSA PKCS#1 v1.5 with SHA-256, from 2048 bits.
    RS256,
}

/// What becomes of a document that is not trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trust {
    /// It is answered.
    #[default]
    Off,
    /// It is answered, and the log says so.
    Warn,
    /// It is refused.
    Enforce,
}

/// Everything that can be set. The README lists it with its defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "settings that are on or off")]
pub struct Config {
    /// Address to serve at.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// `postgres://…` of a login that is a member of `lanpya_app`, or `sqlite:PATH`.
    pub database_url: String,
    /// Connections to the database, for reads and as many again for writes.
    #[serde(default = "default_connections")]
    pub connections: u32,
    /// Longest run of a statement, in milliseconds.
    #[serde(default = "default_statement_timeout")]
    pub statement_timeout_ms: u64,
    /// Longest time to answer a request, in milliseconds.
    #[serde(default = "default_request_timeout")]
    pub request_timeout_ms: u64,
    /// `iss` of the tokens.
    pub token_issuer: String,
    /// `aud` of the tokens.
    #[serde(default = "default_audience")]
    pub token_audience: String,
    /// File with the issuer's public keys (JWKS).
    pub token_keys_file: Option<PathBuf>,
    /// Address of the issuer's public keys (JWKS).
    pub token_keys_url: Option<String>,
    /// Address of the issuer's discovery document (`…/.well-known/openid-configuration`), which says where its keys are.
    pub token_discovery_url: Option<String>,
    /// Algorithms the issuer signs with.
    #[serde(default = "default_algorithms")]
    pub token_algorithms: Vec<Algorithm>,
    /// Longest life of a token, in minutes, at most 60.
    #[serde(default = "default_lifetime")]
    pub token_lifetime_minutes: u64,
    /// Secret that seals cursors: the same on every server of a deployment.
    pub cursor_secret: String,
    /// Cost points a user may spend in a minute; 0 is no limit. Callers without a token share as many.
    #[serde(default = "default_points_per_user")]
    pub points_per_user: u32,
    /// Cost points all users of an organisation may spend in a minute; 0 is no limit.
    #[serde(default = "default_points_per_organisation")]
    pub points_per_organisation: u32,
    /// Serve GraphiQL at `/`.
    #[serde(default)]
    pub pages: bool,
    /// Serve the reception page at `/reception`.
    #[serde(default)]
    pub reception: bool,
    /// The reception page's client id at `token_issuer`; without one it asks for a token.
    pub reception_client: Option<String>,
    /// What the reception page asks `token_issuer` for.
    #[serde(default = "default_reception_scope")]
    pub reception_scope: String,
    /// Hours that the reception page keeps what the server has taken.
    #[serde(default = "default_reception_hours")]
    pub reception_hours: u32,
    /// Idle minutes after which the reception page locks.
    #[serde(default = "default_reception_lock_minutes")]
    pub reception_lock_minutes: u32,
    /// Answer introspection without a token.
    #[serde(default)]
    pub introspection: bool,
    /// Manifests of trusted documents: files, or folders of such.
    #[serde(default)]
    pub trusted_documents: Vec<PathBuf>,
    /// What becomes of other documents.
    #[serde(default)]
    pub trusted_documents_mode: Trust,
    /// The same for single roles, by their codes.
    #[serde(default)]
    pub trusted_documents_roles: BTreeMap<String, Trust>,
    /// Hosts that webhooks may call without encryption, at private addresses and at any port.
    #[serde(default)]
    pub webhook_plain_hosts: Vec<String>,
    /// Origins that browsers may call from.
    #[serde(default)]
    pub cors_origins: Vec<String>,
    /// Whether reads of personal data are noted in the audit. Nothing outside the program can turn it off: it is here
    /// for the measurement of what it costs.
    #[serde(skip, default = "audited")]
    pub audit_reads: bool,
    /// The least time that an answer takes which found something missing. Nothing outside the program can change it: it
    /// is here for tests, which ask for missing things all day.
    #[serde(skip, default = "quiet")]
    pub quiet: Duration,
    /// How often the server looks for webhooks to send; without it, it sends none. Nothing outside the program can change
    /// it, nor the next: they are here for tests.
    #[serde(skip, default = "look")]
    pub webhook_look: Option<Duration>,
    /// How long the receiver of a webhook may take.
    #[serde(skip, default = "webhook_timeout")]
    pub webhook_timeout: Duration,
    /// Say in headers how many statements an answer took (development).
    #[serde(default)]
    pub debug_headers: bool,
}

fn audited() -> bool {
    true
}
/// Far above what a look-up takes, far below what a person notices.
pub fn quiet() -> Duration {
    Duration::from_millis(10)
}
/// Soon enough, and next to nothing for the database.
pub fn look() -> Option<Duration> {
    Some(Duration::from_secs(1))
}
/// What receivers of webhooks are mostly given.
pub fn webhook_timeout() -> Duration {
    Duration::from_secs(10)
}
fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}
fn default_connections() -> u32 {
    8
}
fn default_statement_timeout() -> u64 {
    2_500
}
fn default_request_timeout() -> u64 {
    10_000
}
fn default_audience() -> String {
    "lanpya".to_owned()
}
fn default_algorithms() -> Vec<Algorithm> {
    vec![Algorithm::EdDSA]
}
fn default_lifetime() -> u64 {
    60
}
fn default_points_per_user() -> u32 {
    300_000
}
fn default_points_per_organisation() -> u32 {
    3_000_000
}
fn default_reception_scope() -> String {
    "openid".to_owned()
}
fn default_reception_hours() -> u32 {
    12
}
fn default_reception_lock_minutes() -> u32 {
    10
}
/// The least a minute may allow: less, and the largest operation could never be paid.
const LEAST_POINTS: u32 = 25_000;

impl Config {
    /// Reads `file`, if given, and then the environment (`LANPYA_…`, and `DATABASE_URL`).
    pub fn read(file: Option<&Path>) -> Result<Self, String> {
        let mut figment = Figment::new();
        if let Some(file) = file {
            if !file.exists() {
                return Err(format!("There is no settings file at {}.", file.display()));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        let figment = figment.merge(Env::raw().only(&["DATABASE_URL"])).merge(Env::prefixed("LANPYA_").ignore(&[
            "SHARED",
            "OWNER_URL",
            "SETTINGS",
            "LOG",
        ]));
        let config: Self = figment.extract().map_err(|error| say(&error))?;
        config.check()?;
        Ok(config)
    }

    /// What no type can say.
    fn check(&self) -> Result<(), String> {
        let keys = [self.token_keys_file.is_some(), self.token_keys_url.is_some(), self.token_discovery_url.is_some()];
        if keys.iter().filter(|set| **set).count() != 1 {
            return Err("Set one of token_keys_file, token_keys_url and token_discovery_url (LANPYA_TOKEN_KEYS_FILE, \
                        …_URL, LANPYA_TOKEN_DISCOVERY_URL): where the token issuer's public keys are."
                .to_owned());
        }
        for (name, points) in
            [("points_per_user", self.points_per_user), ("points_per_organisation", self.points_per_organisation)]
        {
            if (1..LEAST_POINTS).contains(&points) {
                return Err(format!("{name} must be {LEAST_POINTS} or more, or 0 for no limit."));
            }
        }
        if self.cursor_secret.len() < 32 {
            return Err("cursor_secret (LANPYA_CURSOR_SECRET) needs at least 32 characters; \
                        `openssl rand -hex 32` makes one."
                .to_owned());
        }
        if !self.database_url.starts_with("postgres") && !self.database_url.starts_with("sqlite:") {
            return Err("database_url (DATABASE_URL) must begin with postgres:// or sqlite:.".to_owned());
        }
        Ok(())
    }
}

fn say(error: &figment::Error) -> String {
    use figment::error::Kind;
    let path = error.path.join(".");
    match &error.kind {
        Kind::MissingField(name) => format!(
            "The setting {name} is missing: set it in the settings file, or {} in the environment.",
            if name == "database_url" { "DATABASE_URL".to_owned() } else { format!("LANPYA_{}", name.to_uppercase()) }
        ),
        Kind::UnknownField(name, _) => format!("There is no setting named {name}."),
        Kind::InvalidType(_, expected) => format!("The setting {path} must be {expected}."),
        Kind::InvalidValue(_, expected) => format!("The setting {path} must be {expected}."),
        _ => format!("The setting {path} cannot be read: {}.", error.kind),
    }
}
