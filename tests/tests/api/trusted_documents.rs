//! Trusted documents over HTTP: three modes, by role, both ways to name a document, and what a wrong manifest does.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use aws_lc_rs::digest;
use entity::user::RoleCode;
use harness::world::{Answer, answer, config, start};
use harness::{ALPHA, Backend, Data, Store, World, both};
use lanpya::auth::DevKeys;
use lanpya::clock::Clock;
use lanpya::config::{Config, Trust};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::StatusCode;
use serde_json::{Value, json};

both! { by_id, by_role, wrong_manifests, the_pages, files }

const MINE: &str = "query Mine{viewer{role}}";
const OTHER: &str = "query Other{viewer{role permissions}}";
const PLAN: &str =
    "mutation Done($input:VisitFollowUpCompleteInput!){visitFollowUpComplete(input:$input){userErrors{code}}}";

/// SHA-256 in hexadecimal digits.
pub(super) fn hash(document: &str) -> String {
    let digest = digest::digest(&digest::SHA256, document.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn apollo(id: &str, body: &str) -> Value {
    let operation = json!({ "id": id, "name": "A", "type": "query", "body": body });
    json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation] })
}

/// A folder with a manifest of each form.
fn manifests() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("partner.json"), apollo(&hash(MINE), MINE).to_string()).unwrap();
    std::fs::write(folder.path().join("relay.json"), json!({ hash(PLAN): PLAN }).to_string()).unwrap();
    std::fs::write(folder.path().join("README"), "not a manifest").unwrap();
    folder
}

async fn world(backend: Backend, folder: &Path, more: impl FnOnce(&mut Config)) -> World {
    World::tuned(backend, Data::Twins, Clock::manual(start()), |config| {
        config.trusted_documents = vec![folder.to_owned()];
        more(config);
    })
    .await
}

/// By POST, as a client that knows the status says something.
async fn post(world: &World, token: &str, body: &Value) -> Answer {
    let request = world.client.post(world.url("/graphql")).bearer_auth(token).body(body.to_string());
    let request = request.header("content-type", "application/json");
    answer(request.header("accept", "application/graphql-response+json")).await
}

async fn get(world: &World, token: &str, parameters: &[(&str, &str)]) -> Answer {
    let pairs: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
    let request = world.client.get(world.url(&format!("/graphql?{}", pairs.join("&")))).bearer_auth(token);
    answer(request.header("accept", "application/graphql-response+json")).await
}

fn extension(id: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": id } })
}

fn refused(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

/// A document is named instead of sent, in either form, by either method; nothing is learned on the way.
async fn by_id(backend: Backend) {
    let folder = manifests();
    for mode in [Trust::Off, Trust::Warn, Trust::Enforce] {
        let world = world(backend, folder.path(), |config| config.trusted_documents_mode = mode).await;
        let token = world.token(&ALPHA, RoleCode::MrcCounsellor);
        let (mine, prefixed) = (hash(MINE), format!("sha256:{}", hash(MINE)));
        let link = extension(&mine).to_string();
        let answers = [
            post(&world, &token, &json!({ "documentId": mine })).await,
            post(&world, &token, &json!({ "documentId": prefixed, "query": null })).await,
            post(&world, &token, &json!({ "extensions": extension(&mine), "operationName": "Mine" })).await,
            post(&world, &token, &json!({ "extensions": extension(&mine), "documentId": prefixed })).await,
            post(&world, &token, &json!({ "query": MINE, "extensions": extension(&mine) })).await,
            post(&world, &token, &json!({ "query": MINE })).await,
            get(&world, &token, &[("documentId", &prefixed)]).await,
            get(&world, &token, &[("extensions", &link), ("operationName", "Mine")]).await,
            get(&world, &token, &[("query", MINE)]).await,
        ];
        for (nth, answer) in answers.iter().enumerate() {
            assert_eq!(answer.at("/data"), &json!({ "viewer": { "role": "MRC_COUNSELLOR" } }), "{mode:?} {nth}");
        }
        // Not the one that is sent; not two; not a number.
        for body in [
            json!({ "query": OTHER, "extensions": extension(&mine) }),
            json!({ "query": MINE, "documentId": hash(OTHER) }),
            json!({ "documentId": hash(OTHER), "extensions": extension(&mine) }),
            json!({ "documentId": 7 }),
            json!({ "extensions": { "persistedQuery": { "version": 1 } } }),
            json!({ "extensions": {} }),
        ] {
            assert_eq!(refused(&post(&world, &token, &body).await), (400, "BAD_REQUEST"), "{mode:?} {body}");
        }
        // Asking with text and id does not make it known.
        let other = json!({ "query": OTHER, "extensions": extension(&hash(OTHER)) });
        let told = post(&world, &token, &other).await;
        assert_eq!(told.code(), if mode == Trust::Enforce { "DOCUMENT_NOT_TRUSTED" } else { "" }, "{}", told.body);
        let unknown = post(&world, &token, &json!({ "extensions": extension(&hash(OTHER)) })).await;
        assert_eq!(refused(&unknown), (400, "PERSISTED_QUERY_NOT_FOUND"));
        assert!(unknown.at("/errors/0/message").as_str().unwrap().starts_with("PersistedQueryNotFound"));
        assert_eq!(get(&world, &token, &[("documentId", "none")]).await.code(), "PERSISTED_QUERY_NOT_FOUND");
        // A link changes nothing, trusted or not; limits stand.
        let plan = hash(PLAN);
        let done = variables("Done").to_string();
        let link = get(&world, &token, &[("documentId", &plan), ("variables", &done)]).await;
        assert_eq!(link.status, StatusCode::METHOD_NOT_ALLOWED, "{}", link.body);
        let long = json!({ "documentId": plan, "variables": { "input": vec![0; 20_000] } });
        assert_eq!(refused(&post(&world, &token, &long).await), (400, "LIMIT_EXCEEDED"));
        let bad = post(&world, "no token", &json!({ "documentId": mine })).await;
        assert_eq!(refused(&bad), (401, "UNAUTHENTICATED"));
        world.stop().await;
    }
}

/// What this process logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn log() -> Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    let begin = || {
        let log = Log::default();
        let writer = log.clone();
        tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).init();
        log
    };
    LOG.get_or_init(begin).clone()
}

/// Each role is held to it as the settings say; who has no token, to the default.
async fn by_role(backend: Backend) {
    let log = log();
    let folder = manifests();
    let world = world(backend, folder.path(), |config| {
        config.trusted_documents_mode = Trust::Enforce;
        config.trusted_documents_roles =
            BTreeMap::from([("SUPERVISOR".to_owned(), Trust::Warn), ("INTEGRATION".to_owned(), Trust::Off)]);
    })
    .await;
    // A document for each backend, or one test would read the other's log.
    let spoken = |word: &str| format!("query Spoken{word}{backend:?}{{viewer{{role}}}}");
    let lines = |document: &str| {
        let text = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
        let name = hash(document)[..32].to_owned();
        text.lines().filter(|line| line.contains(&name)).map(str::to_owned).collect::<Vec<_>>()
    };
    for (role, code, said) in [
        (RoleCode::Supervisor, "", Some("refused=false")),
        (RoleCode::Integration, "", None),
        (RoleCode::MrcCounsellor, "DOCUMENT_NOT_TRUSTED", Some("refused=true")),
        (RoleCode::Auditor, "DOCUMENT_NOT_TRUSTED", Some("refused=true")),
    ] {
        let (token, document) = (world.token(&ALPHA, role), spoken(&format!("{role:?}")));
        let told = post(&world, &token, &json!({ "query": document })).await;
        assert_eq!(told.code(), code, "{role:?}: {}", told.body);
        let lines = lines(&document);
        assert_eq!(lines.len(), usize::from(said.is_some()), "{lines:?}");
        assert!(lines.iter().all(|line| said.is_some_and(|said| line.contains(said))), "{lines:?}");
        assert!(!lines.iter().any(|line| line.contains("Spoken")), "the log has a client's own words: {lines:?}");
    }
    let token = world.token(&ALPHA, RoleCode::MrcCounsellor);
    // Refused before it is read: a document that is none gets the same answer.
    assert_eq!(refused(&post(&world, &token, &json!({ "query": "{" })).await), (403, "DOCUMENT_NOT_TRUSTED"));
    assert_eq!(refused(&get(&world, &token, &[("query", OTHER)]).await), (403, "DOCUMENT_NOT_TRUSTED"));
    // Older clients read the body only at 200.
    let older = world.ask(&token, OTHER, json!({})).await;
    assert_eq!(refused(&older), (200, "DOCUMENT_NOT_TRUSTED"));
    // White space makes another document.
    assert_eq!(world.ask(&token, &format!("{MINE} "), json!({})).await.code(), "DOCUMENT_NOT_TRUSTED");
    let stranger = world.send(None, &json!({ "query": "{ __schema { queryType { name } } }" })).await;
    assert_eq!(stranger.code(), "DOCUMENT_NOT_TRUSTED");
    assert_eq!(world.send(None, &json!({ "query": MINE })).await.code(), "UNAUTHENTICATED");
    world.stop().await;
}

/// A manifest that cannot be trusted as a whole is not taken in part.
async fn wrong_manifests(backend: Backend) {
    let store = Store::new(backend, Data::Twins).await;
    let folder = tempfile::tempdir().unwrap();
    let keys = DevKeys::load_or_create(folder.path()).unwrap();
    let file = folder.path().join("manifest.json");
    let mut tampered = apollo(&hash(MINE), MINE);
    tampered["operations"][0]["body"] = json!(OTHER);
    let mut format = apollo(&hash(MINE), MINE);
    format["version"] = json!(2);
    let two = "query A{viewer{role}} query B{viewer{nickname}}";
    for (manifest, says) in [
        (tampered.to_string(), format!("{} is not the SHA-256", hash(MINE))),
        (json!({ hash(two): two }).to_string(), format!("the document {} cannot be trusted", hash(two))),
        (json!({ hash(MINE): 7 }).to_string(), "must be a document's text".to_owned()),
        (format.to_string(), "apollo-persisted-query-manifest, version 1".to_owned()),
    ] {
        std::fs::write(&file, &manifest).unwrap();
        let mut config = config(&store.url, &keys);
        config.trusted_documents = vec![file.clone()];
        let why = lanpya::serve(&config, Clock::manual(start()), None).await.err().expect("it does not start");
        assert!(why.contains(&says) && why.contains("manifest.json"), "{manifest}: {why}");
    }
    let mut config = config(&store.url, &keys);
    config.trusted_documents = vec![folder.path().join("none.json")];
    let why = lanpya::serve(&config, Clock::manual(start()), None).await.err().expect("it does not start");
    assert!(why.contains("none.json cannot be read"), "{why}");
    config.trusted_documents = Vec::new();
    config.trusted_documents_roles = BTreeMap::from([("NOBODY".to_owned(), Trust::Enforce)]);
    let why = lanpya::serve(&config, Clock::manual(start()), None).await.err().expect("it does not start");
    assert!(why.contains("there is no role NOBODY"), "{why}");
}

/// Variables of what a page asks, by the operation's name.
fn variables(operation: &str) -> Value {
    let day = "2026-11-20";
    match operation {
        "Today" | "Due" => json!({ "day": day }),
        "Find" => json!({ "text": "a" }),
        "There" => json!({ "id": "visit_01kdwav4t0f46bk86z7gznxwzy" }),
        "Labels" => json!({ "locale": "TH", "names": ["Sex"] }),
        "Done" => {
            json!({ "input": { "idempotencyKey": "k", "visitFollowUp": "visit_01kdwav4t0f46bk86z7gznxwzy", "expectedVersion": 1, "outcome": "Done" } })
        }
        "Change" => {
            json!({ "input": { "visit": "visit_01kdwav4t0f46bk86z7gznxwzy", "expectedVersion": 1, "minutes": 5 } })
        }
        "Send" => json!({ "input": { "visits": [], "sentAt": "2026-11-22T03:00:00Z" } }),
        "ByMonth" => json!({ "where": {}, "groupBy": ["CHANNEL"], "bucket": "MONTH", "first": 1000 }),
        "ByTopic" => json!({ "groupBy": ["TOPICS"], "orderBy": "COUNT" }),
        "ByPlace" => json!({ "groupBy": ["HOME_TOWNSHIP"], "placeLevel": 1 }),
        "BySexAndAge" => json!({ "groupBy": ["AGE_BAND", "SEX"], "ageScheme": "UNHCR" }),
        "BySex" => json!({ "groupBy": ["SEX"] }),
        "ByAge" => json!({ "groupBy": ["AGE_BAND"] }),
        _ => json!({}),
    }
}

/// Whatever the pages ask is trusted, sent as they send it; a mistake in it would be seen here.
async fn the_pages(backend: Backend) {
    let world = World::tuned(backend, Data::Twins, Clock::manual(start()), |config| {
        config.reception = true;
        config.trusted_documents_mode = Trust::Enforce;
    })
    .await;
    for (page, role, many) in [("reception", RoleCode::MrcCounsellor, 10), ("dashboard", RoleCode::Supervisor, 11)] {
        let token = world.token(&ALPHA, role);
        let manifest = answer(world.client.get(world.url(&format!("/{page}/documents.json")))).await;
        let operations = manifest.at("/operations").as_array().expect("run: npm --prefix api/pages run build").clone();
        let source = std::fs::read_to_string(crate::root().join(format!("api/pages/src/{page}/documents.ts"))).unwrap();
        assert_eq!(operations.len(), many, "{page}");
        assert_eq!(world.ask(&token, OTHER, json!({})).await.code(), "DOCUMENT_NOT_TRUSTED");
        for operation in operations {
            let name = operation["name"].as_str().unwrap();
            let (body, variables) = (operation["body"].as_str().unwrap(), variables(name));
            assert!(source.contains(&json!(body).to_string()), "{page}: {name} is what the page sends");
            let by_text = world.ask(&token, body, variables.clone()).await;
            let by_id =
                world.send(Some(&token), &json!({ "documentId": operation["id"], "variables": variables })).await;
            for told in [by_text, by_id] {
                assert!(told.at("/errors").is_null() && told.at("/data").is_object(), "{page}: {name}: {}", told.body);
            }
        }
    }
    world.stop().await;
}

/// Files are asked for by the server itself, in documents of its own.
async fn files(backend: Backend) {
    let world = World::tuned(backend, Data::Twins, Clock::manual(start()), |config| {
        config.trusted_documents_mode = Trust::Enforce;
    })
    .await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    for file in ["visit-statistics.csv?groupBy=SEX", "complaint-statistics.xlsx?groupBy=STATUS"] {
        let told = answer(world.client.get(world.url(&format!("/exports/{file}"))).bearer_auth(&token)).await;
        assert_eq!(told.status, StatusCode::OK, "{file}: {}", told.body);
    }
    world.stop().await;
}
