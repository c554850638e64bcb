//! Promise 18: a token is believed for one reason only. Bad ones are all refused alike and without a statement, keys
//! change under load without a refusal, nobody can make the server ask for keys, and what is taken away is gone in 5 s.

mod corpus;
mod issuer;
mod rotation;

use std::collections::HashSet;
use std::time::Instant;

use chrono::TimeDelta;
use entity::user::RoleCode;
use harness::proof::{Proof, size};
use harness::world::{AUDIENCE, ISSUER, answer, start};
use harness::{ALPHA, Backend, Data, World, both};
use lanpya::auth::{Algorithm, KeySource, Settings, Verifier};
use lanpya::clock::Clock;
use reqwest::StatusCode;
use reqwest::header::HeaderValue;
use serde_json::json;

use crate::offline::Offline;
use issuer::Issuer;

both! { bad_tokens, taken_away }

const QUERY: &str = "{ viewer { role } }";
const ALGORITHMS: [Algorithm; 3] = [Algorithm::EdDSA, Algorithm::ES256, Algorithm::RS256];

/// Sends a token, whatever it is made of, as it is.
async fn send(client: &reqwest::Client, url: &str, token: &str) -> harness::Answer {
    let value = HeaderValue::from_bytes(format!("Bearer {token}").as_bytes()).expect("it can stand in a header");
    let request = client.post(url).header("authorization", value).header("content-type", "application/json");
    answer(request.body(json!({ "query": QUERY }).to_string())).await
}

fn verifier(issuer: &Issuer) -> Verifier {
    let settings = Settings { algorithms: ALGORITHMS.to_vec(), ..Settings::new(ISSUER, AUDIENCE) };
    Verifier::new(settings, KeySource::Set(serde_json::from_value(issuer.jwks()).unwrap())).unwrap()
}

/// Every bad token: 401, the same to the byte but for the request id; and the same where there is no database to ask.
async fn bad_tokens(backend: Backend) {
    let mut proof = Proof::of(18, format!("tokens::bad_tokens::{backend:?}"));
    let issuer = Issuer::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jwks.json");
    std::fs::write(&file, issuer.jwks().to_string()).unwrap();
    let world = World::tuned(backend, Data::Twins, Clock::manual(start()), |config| {
        config.token_keys_file = Some(file);
        config.token_algorithms = ALGORITHMS.to_vec();
    })
    .await;
    let now = world.clock.now().timestamp();
    let offline = Offline::beside(&world, verifier(&issuer)).await;
    offline.close().await;
    let closed = offline.url;
    for (key, kid) in [(&issuer.ed, "ed"), (&issuer.ec, "ec"), (&issuer.rsa, "rsa")] {
        let good = key.token(kid, &corpus::claims(now));
        let answered = send(&world.client, &world.url("/graphql"), &good).await;
        assert_eq!(answered.json["data"], json!({ "viewer": { "role": "CASEWORKER" } }), "{kid}: {}", answered.body);
        let asked = send(&world.client, &closed, &good).await;
        assert_eq!(asked.code(), "UNAVAILABLE", "whoever is asked for cannot be found without a database");
    }
    let corpus = corpus::all(&issuer, now);
    let mut refusals = HashSet::new();
    for (what, token) in &corpus {
        for url in [&world.url("/graphql"), &closed] {
            let answered = send(&world.client, url, token).await;
            assert_eq!(answered.status, StatusCode::UNAUTHORIZED, "{what}: {}", answered.body);
            refusals.insert(answered.masked());
        }
    }
    assert_eq!(refusals.len(), 1, "one constant answer: {refusals:#?}");
    let distinct: HashSet<&str> = corpus.iter().map(|(_, token)| token.as_str()).collect();
    assert!(distinct.len() >= 80, "{}", distinct.len());
    proof.figure("bad tokens", distinct.len());
    proof.figure("accepted", 0);
    proof.figure("different answers", refusals.len());
    proof.figure("answered without a database", distinct.len());
    if harness::full() {
        let (mean, worst) = cost(&verifier(&issuer), &corpus, &world.clock).await;
        proof.figure("mean us to refuse", mean);
        proof.figure("most us to refuse", worst);
        proof.figure("optimised build", !cfg!(debug_assertions));
        if !cfg!(debug_assertions) {
            assert!(worst < 1_000.0, "{worst} us");
        }
    }
    world.stop().await;
    proof.held();
}

/// Mean and greatest time to refuse a token, in microseconds; of each the best of ten rounds.
async fn cost(verifier: &Verifier, corpus: &[corpus::Bad], clock: &Clock) -> (f64, f64) {
    let (mut sum, mut worst) = (0.0, 0.0_f64);
    for (what, token) in corpus {
        let mut best = f64::MAX;
        for _ in 0..10 {
            let began = Instant::now();
            for _ in 0..10 {
                assert!(verifier.verify(token, clock.now()).await.is_err(), "{what}");
            }
            best = best.min(began.elapsed().as_secs_f64() * 1e5);
        }
        sum += best;
        worst = worst.max(best);
    }
    #[expect(clippy::cast_precision_loss, reason = "some hundred")]
    let count = corpus.len() as f64;
    (sum / count, worst)
}

/// Disabled, another role, the organisation closed: in force 5 s later at the latest, by the server's clock. A token
/// that is revoked by its id: at once.
async fn taken_away(backend: Backend) {
    let mut proof = Proof::of(18, format!("tokens::taken_away::{backend:?}"));
    let world = World::new(backend).await;
    let owner =
        if backend == Backend::Postgres { format!("'{}'", ALPHA.id()) } else { format!("x'{}'", ALPHA.id().simple()) };
    let user = format!("subject = 'supervisor' AND organisation_id = {owner}");
    let status = async |token: &str| world.ask(token, QUERY, json!({})).await.status;
    let changes = [
        ("app_user", "is_enabled = false", "is_enabled = true", &user),
        ("app_user", "role = 'CASEWORKER'", "role = 'SUPERVISOR'", &user),
        ("app_user", "subject = 'somebody'", "subject = 'supervisor'", &user),
        ("organisation", "is_active = false", "is_active = true", &format!("organisation_id = {owner}")),
    ];
    let count = changes.len();
    for (table, change, back, which) in changes {
        let token = world.token(&ALPHA, RoleCode::Supervisor);
        assert_eq!(status(&token).await, StatusCode::OK, "{change}: before");
        world.store.execute(&format!("UPDATE {table} SET {change} WHERE {which}")).await;
        world.advance(TimeDelta::seconds(5));
        for _ in 0..3 {
            assert_eq!(status(&token).await, StatusCode::UNAUTHORIZED, "{change}: 5 s later");
        }
        if change.starts_with("role") {
            let new = world.token(&ALPHA, RoleCode::Caseworker);
            assert_eq!(status(&new).await, StatusCode::OK, "caseworker's own token");
            let new = world.token_of(ALPHA.id(), "supervisor", "CASEWORKER");
            assert_eq!(status(&new).await, StatusCode::OK, "the new role");
        }
        let which = which.replace(
            "subject = 'supervisor'",
            if change.starts_with("subject") { "subject = 'somebody'" } else { "subject = 'supervisor'" },
        );
        world.store.execute(&format!("UPDATE {table} SET {back} WHERE {which}")).await;
        // A refusal is not remembered.
        assert_eq!(status(&token).await, StatusCode::OK, "{back}: again");
    }
    proof.figure("changes", count);
    proof.figure("seconds until in force", 5);
    world.stop().await;
    revoked().await;
    proof.figure("seconds until a revoked token id is refused", 0);
    proof.held();
}

/// By its id, at once, though it was believed a moment ago.
async fn revoked() {
    let (issuer, clock) = (Issuer::new(), Clock::manual(start()));
    let verifier = verifier(&issuer);
    for number in 0..size(10, 200) {
        let mut claims = corpus::claims(clock.now().timestamp());
        claims["jti"] = format!("token {number}").into();
        let token = issuer.ed.token("ed", &claims);
        verifier.verify(&token, clock.now()).await.unwrap();
        verifier.revoke(&format!("token {number}"), clock.now() + TimeDelta::hours(1));
        assert_eq!(verifier.verify(&token, clock.now()).await.err().unwrap().code(), "revoked");
    }
}
