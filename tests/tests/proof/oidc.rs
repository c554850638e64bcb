//! Promise 18, by another's hand: a real `OpenID` provider (npm `oidc-provider`) signs a user in and gives out access
//! tokens; the server knows nothing but the address of its discovery document.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use harness::proof::Proof;
use harness::world::answer;
use harness::{ALPHA, Backend, Data, World, both};
use lanpya::auth::Algorithm;
use lanpya::clock::Clock;
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::json;

both! { provider }

/// What the provider tells of itself, and the tokens it gave out.
#[derive(Deserialize)]
struct Told {
    issuer: String,
    discovery: String,
    good: BTreeMap<String, String>,
    refused: BTreeMap<String, String>,
}

/// The provider's process; it ends with this.
struct Provider(Child);

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start() -> (Provider, Told) {
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    assert!(clients.join("node_modules/oidc-provider").exists(), "run: npm --prefix tests/clients ci");
    let mut command = Command::new("node");
    command.arg(clients.join("oidc.mjs")).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.env("LANPYA_ORG", ALPHA.id().to_string());
    command.env("LANPYA_SUBJECT", "caseworker").env("LANPYA_ROLE", "CASEWORKER");
    let mut child = command.spawn().expect("node runs");
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let provider = Provider(child);
    // Before its line come notices of the library.
    let line = lines.map(Result::unwrap).find(|line| line.starts_with('{')).expect("the provider says who it is");
    (provider, serde_json::from_str(&line).unwrap())
}

async fn world(backend: Backend, issuer: &str, discovery: &str) -> World {
    let (issuer, discovery) = (issuer.to_owned(), discovery.to_owned());
    World::tuned(backend, Data::Twins, Clock::system(), |config| {
        config.token_keys_file = None;
        config.token_discovery_url = Some(discovery);
        config.token_issuer = issuer;
        config.token_algorithms = vec![Algorithm::EdDSA, Algorithm::ES256, Algorithm::RS256];
    })
    .await
}

async fn provider(backend: Backend) {
    let mut proof = Proof::of(18, format!("oidc::provider::{backend:?}"));
    let ((_one, told), (_other, other)) =
        tokio::task::spawn_blocking(|| (start(), start())).await.expect("both providers run");
    let server = world(backend, &told.issuer, &told.discovery).await;
    let query = json!({ "query": "{ viewer { role user { subject } } }" });
    for (name, token) in &told.good {
        let answered = server.send(Some(token), &query).await;
        let viewer = json!({ "viewer": { "role": "CASEWORKER", "user": { "subject": "caseworker" } } });
        assert_eq!(answered.at("/data"), &viewer, "{name}: {}", answered.body);
    }
    assert_eq!(answer(server.client.get(server.url("/readyz"))).await.status, StatusCode::OK);
    let foreign = other.good.iter().map(|(name, token)| (format!("the other provider's {name}"), token));
    let own = told.refused.iter().map(|(name, token)| (name.clone(), token));
    let bad: Vec<(String, &String)> = own.chain(foreign).collect();
    for (name, token) in &bad {
        let answered = server.send(Some(token), &query).await;
        assert_eq!((answered.status, answered.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"), "{name}");
    }
    server.stop().await;
    // A discovery document of another issuer than the settings name is not believed, whatever it says of keys; nor is
    // the issuer's name spelt a little differently.
    for issuer in [other.issuer.clone(), format!("{}/", told.issuer)] {
        let server = world(backend, &issuer, &told.discovery).await;
        assert_eq!(answer(server.client.get(server.url("/readyz"))).await.status, StatusCode::SERVICE_UNAVAILABLE);
        for token in told.good.values().chain(other.good.values()) {
            assert_eq!(server.send(Some(token), &query).await.status, StatusCode::UNAUTHORIZED);
        }
        server.stop().await;
    }
    proof.figure("accepted", told.good.keys().cloned().collect::<Vec<_>>());
    proof.figure("refused", bad.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
    proof.held();
}
