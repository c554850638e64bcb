//! Promise 20: what a document would cost is known before anything is done for it. Each hostile request is refused with
//! its code, by a server that has no database to ask; in the full tier its CPU and memory are measured too.

mod corpus;
mod measured;
mod wire;

use entity::user::RoleCode;
use harness::proof::Proof;
use harness::world::{AUDIENCE, Answer, ISSUER, answer, start};
use harness::{ALPHA, Backend, Data, World, both};
use lanpya::auth::{KeySource, Settings, Verifier};
use lanpya::clock::Clock;
use lanpya::http::limits::{Limits, parse_measured};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::offline::Offline;

both! { documents, the_thirteen_checks }

/// A server that knows who asks and has no database any more.
async fn served(world: &World, token: &str) -> Offline {
    let settings = Settings::new(ISSUER, AUDIENCE);
    let verifier = Verifier::new(settings, KeySource::Set(world.keys.jwks())).unwrap();
    let offline = Offline::beside(world, verifier).await;
    let seen = post(world, &offline.url, token, &json!({ "query": "{ viewer { user { id } } }" })).await;
    assert!(seen.at("/errors").is_null(), "{}", seen.body);
    offline.close().await;
    let asked = post(world, &offline.url, token, &json!({ "query": "{ visits { nodes { id } } }" })).await;
    assert_eq!(asked.code(), "UNAVAILABLE", "a statement is noticed");
    offline
}

async fn post(world: &World, url: &str, token: &str, body: &Value) -> Answer {
    let request = world.client.post(url).bearer_auth(token).header("content-type", "application/json");
    answer(request.body(body.to_string())).await
}

async fn documents(backend: Backend) {
    let mut proof = Proof::of(20, format!("hostile::documents::{backend:?}"));
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let offline = served(&world, &token).await;
    let corpus = corpus::all();
    let mut wrong = Vec::new();
    let mut most = 0;
    for case in &corpus {
        let answered = post(&world, &offline.url, &token, &case.body).await;
        // A refusal is short, too.
        if answered.code() != case.code || !answered.at("/data").is_null() || answered.body.len() > 4_000 {
            wrong.push(format!(
                "{}: {} for {}",
                case.name,
                answered.body.chars().take(200).collect::<String>(),
                case.code
            ));
        }
        // What was looked at to refuse it.
        if let Ok((_, measured)) = parse_measured(case.body["query"].as_str().unwrap(), &Limits::default()) {
            most = most.max(measured.visited);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(corpus.len() >= 40);
    assert!(most <= 2_000, "{most} selections looked at");
    proof.figure("hostile documents", corpus.len());
    proof.figure("refused without a database", corpus.len());
    proof.figure("most selections looked at", most);
    if harness::full() {
        measured::each(&mut proof, &world, &offline.url, &token, &corpus).await;
    }
    world.stop().await;
    proof.held();
}

/// What graphql-cop looks for, each in words of our own: denial of service, then what is given away, then what a page
/// of somebody else's could send.
async fn the_thirteen_checks(backend: Backend) {
    let mut proof = Proof::of(20, format!("hostile::the_thirteen_checks::{backend:?}"));
    let world = World::tuned(backend, Data::Alpha, Clock::manual(start()), |config| config.introspection = false).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let before = world.store.dump(None).await;
    let code = async |query: String| world.ask(&token, &query, json!({})).await.code().to_owned();
    let many = |number: usize, text: &str| text.repeat(number);
    let aliases = (0..101).map(|n| format!("a{n}: __typename")).collect::<Vec<_>>().join(" ");
    assert_eq!(code(format!("{{ {aliases} }}")).await, "LIMIT_EXCEEDED", "aliases");
    let batch = json!([{ "query": "{ __typename }" }, { "query": "{ __typename }" }]);
    assert_eq!(world.send(Some(&token), &batch).await.code(), "BAD_REQUEST", "a batch");
    let directives = many(10, "@aa");
    assert_eq!(code(format!("{{ __typename {directives} }}")).await, "LIMIT_EXCEEDED", "directives");
    let circle = "query { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }";
    assert_eq!(code(circle.to_owned()).await, "LIMIT_EXCEEDED", "introspection in circles");
    let fields = many(500, "__typename ");
    let repeated = world.ask(&token, &format!("query {{ {fields} }}"), json!({})).await;
    assert_eq!(repeated.code(), "LIMIT_EXCEEDED", "a field repeated");
    let open = world.send(None, &json!({ "query": "{ __schema { queryType { name } } }" })).await;
    assert_eq!(open.status, StatusCode::UNAUTHORIZED, "introspection by strangers");
    assert_eq!(
        answer(world.client.get(world.url("/"))).await.status,
        StatusCode::NOT_FOUND,
        "a page to try queries on"
    );
    let near = world.ask(&token, "{ visit2 { id } }", json!({})).await;
    assert!(!near.body.to_lowercase().contains("did you mean"), "suggestions: {}", near.body);
    let told = world.ask(&token, "{ __typename }", json!({})).await;
    let extensions: Vec<&String> = told.at("/extensions").as_object().unwrap().keys().collect();
    assert_eq!(extensions, ["cost"], "traces");
    let broken = world.ask(&token, "query { ", json!({})).await;
    for word in ["stack", "panicked", ".rs:", "at /"] {
        assert!(!broken.body.contains(word), "an unhandled error: {}", broken.body);
    }
    let mutation = "mutation { caseClose(input: {}) { userErrors { code } } }";
    let got = world.get(&token, mutation).await;
    assert!(got.status.is_client_error() || !got.code().is_empty(), "a change by GET: {}", got.body);
    // A page elsewhere can send a GET or a form without asking, but not with a token: without one nothing is given.
    let link = answer(world.client.get(world.url("/graphql?query=%7Bviewer%7Brole%7D%7D"))).await;
    assert_eq!(link.status, StatusCode::UNAUTHORIZED, "a query by a link");
    let form = world.client.post(world.url("/graphql")).bearer_auth(&token);
    let form = form.header("content-type", "application/x-www-form-urlencoded").body("query=%7B__typename%7D");
    assert_eq!(answer(form).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "a form");
    let mut after = world.store.dump(None).await;
    after.insert("audit_event", before["audit_event"].clone());
    assert!(after == before, "nothing was written");
    proof.figure("checks", 13);
    world.stop().await;
    proof.held();
}
