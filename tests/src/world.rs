//! A served world: one database, one server at a free port, keys to mint tokens with, a clock that stands still.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::Code as _;
use entity::user::RoleCode;
use lanpya::access::Weakness;
use lanpya::auth::{DevKeys, MintRequest};
use lanpya::clock::Clock;
use lanpya::config::{Config, Trust};
use lanpya::http::Running;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use crate::seed::{self, Organisation};
use crate::{Backend, Data, Store};

/// `iss` of the tokens.
pub const ISSUER: &str = "https://lanpya.invalid/tests";
/// `aud` of the tokens.
pub const AUDIENCE: &str = "lanpya";

/// The instant every world starts at.
pub fn start() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-22T03:00:00Z").expect("an instant").with_timezone(&Utc)
}

/// A server at work, and everything a test needs around it.
pub struct World {
    /// Its database.
    pub store: Store,
    /// Its clock.
    pub clock: Clock,
    /// Speaks HTTP.
    pub client: reqwest::Client,
    /// Signs tokens the server trusts.
    pub keys: DevKeys,
    /// `http://127.0.0.1:PORT`.
    pub origin: String,
    running: Option<Running>,
    _folder: TempDir,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
    /// The body as JSON; null if it is none.
    pub json: Value,
}

impl World {
    /// With both organisations.
    pub async fn new(backend: Backend) -> Self {
        Self::with(backend, Data::Twins).await
    }

    /// With both organisations, where a read leaves no row: what is read stands still.
    pub async fn still(backend: Backend) -> Self {
        Self::of(Store::new(backend, Data::Twins).await, |config| config.audit_reads = false).await
    }

    /// With other data.
    pub async fn with(backend: Backend, data: Data) -> Self {
        Self::of(Store::new(backend, data).await, |_| {}).await
    }

    /// On a database that is there already, with settings changed.
    pub async fn of(store: Store, settings: impl FnOnce(&mut Config)) -> Self {
        Self::build(store, Clock::manual(start()), Weakness::None, settings).await
    }

    /// On a database that a test has prepared, with its clock, perhaps with something left out.
    pub async fn on(store: Store, clock: Clock, weakness: Weakness) -> Self {
        // What the server does by itself would be done at other times in each world.
        Self::build(store, clock, weakness, |config| config.webhook_look = None).await
    }

    /// With settings and a clock of the test's own.
    pub async fn tuned(backend: Backend, data: Data, clock: Clock, tune: impl FnOnce(&mut Config)) -> Self {
        Self::build(Store::new(backend, data).await, clock, Weakness::None, tune).await
    }

    async fn build(store: Store, clock: Clock, weakness: Weakness, settings: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = DevKeys::load_or_create(folder.path()).expect("keys");
        let mut config = config(&store.url, &keys);
        settings(&mut config);
        let running = lanpya::serve_weakened(&config, clock.clone(), weakness).await.expect("the server starts");
        let origin = format!("http://{}", running.address);
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { store, clock, client, keys, origin, running: Some(running), _folder: folder }
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.store.backend
    }

    /// Address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// A token of the seeded user with that role.
    pub fn token(&self, organisation: &Organisation, role: RoleCode) -> String {
        self.token_of(organisation.id(), &seed::subject(role), role.code())
    }

    /// A token of any claims, minted now.
    pub fn token_of(&self, organisation: Uuid, subject: &str, role: &str) -> String {
        let request = MintRequest {
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            subject: subject.to_owned(),
            organisation,
            role: role.to_owned(),
            lifetime: Duration::from_hours(1),
            now: self.clock.now(),
        };
        self.keys.mint(&request).expect("a token")
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: chrono::Duration) {
        self.clock.advance(by);
    }

    /// Posts an operation with a token.
    pub async fn ask(&self, token: &str, query: &str, variables: Value) -> Answer {
        self.send(Some(token), &serde_json::json!({ "query": query, "variables": variables })).await
    }

    /// Posts any JSON, with or without a token.
    pub async fn send(&self, token: Option<&str>, body: &Value) -> Answer {
        let mut request = self.client.post(self.url("/graphql")).header("content-type", "application/json");
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        answer(request.body(body.to_string())).await
    }

    /// Sends a query by GET.
    pub async fn get(&self, token: &str, query: &str) -> Answer {
        let encoded = percent_encoding::utf8_percent_encode(query, percent_encoding::NON_ALPHANUMERIC);
        answer(self.client.get(self.url(&format!("/graphql?query={encoded}"))).bearer_auth(token)).await
    }

    /// Stops the server; what a test leaves undone the drop of the runtime does.
    pub async fn stop(mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }
}

/// Settings of a server under test.
pub fn config(url: &str, keys: &DevKeys) -> Config {
    Config {
        listen: ([127, 0, 0, 1], 0).into(),
        database_url: url.to_owned(),
        connections: 4,
        statement_timeout_ms: 30_000,
        request_timeout_ms: 60_000,
        token_issuer: ISSUER.to_owned(),
        token_audience: AUDIENCE.to_owned(),
        token_keys_file: Some(keys.jwks_path().to_owned()),
        token_keys_url: None,
        token_discovery_url: None,
        token_algorithms: vec![lanpya::auth::Algorithm::EdDSA],
        token_lifetime_minutes: 60,
        cursor_secret: "the same in every world, so that cursors can be compared".to_owned(),
        pages: false,
        reception: false,
        reception_client: None,
        reception_scope: "openid".to_owned(),
        reception_hours: 12,
        reception_lock_minutes: 10,
        introspection: true,
        trusted_documents: Vec::new(),
        trusted_documents_mode: Trust::Off,
        trusted_documents_roles: std::collections::BTreeMap::new(),
        webhook_plain_hosts: vec!["127.0.0.1".to_owned()],
        webhook_look: lanpya::config::look(),
        webhook_timeout: lanpya::config::webhook_timeout(),
        cors_origins: Vec::new(),
        debug_headers: true,
        // The clock stands still, so nothing would come back.
        points_per_user: 0,
        points_per_organisation: 0,
        audit_reads: true,
        quiet: Duration::ZERO,
    }
}

/// Sends a request and reads everything.
pub async fn answer(request: reqwest::RequestBuilder) -> Answer {
    heard(request).await.expect("an answer")
}

/// The same over a network that may fail: nothing unless the whole answer came.
pub async fn heard(request: reqwest::RequestBuilder) -> Option<Answer> {
    let response = request.send().await.ok()?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.text().await.ok()?;
    let json = serde_json::from_str(&body).unwrap_or(Value::Null);
    Some(Answer { status, headers, body, json })
}

impl Answer {
    /// A header as text; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A place in the body, by JSON pointer; null if there is none.
    pub fn at(&self, pointer: &str) -> &Value {
        self.json.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The code of the first error; empty if there is none.
    pub fn code(&self) -> &str {
        self.at("/errors/0/extensions/code").as_str().unwrap_or_default()
    }

    /// Status, headers and body without what differs by chance: the request id, the date, what was measured.
    pub fn masked(&self) -> String {
        let id = self.header("x-request-id");
        let mut text = format!("{}\n", self.status);
        for (name, value) in &self.headers {
            if !matches!(name.as_str(), "date" | "x-request-id") {
                text.extend([name.as_str(), ": ", value.to_str().unwrap_or("?"), "\n"]);
            }
        }
        text += &if id.is_empty() { self.body.clone() } else { self.body.replace(id, "REQUEST") };
        text
    }
}
