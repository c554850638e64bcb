//! The HTTP face: what is refused, how, and that the answers have the form GraphQL clients expect.

use std::path::Path;
use std::process::Command;

use entity::user::RoleCode;
use harness::world::{Answer, answer};
use harness::{ALPHA, BETA, Backend, World, both};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

both! {
    graphql_http_audits, health, request_ids, bad_tokens_are_all_alike, without_a_token, tokens_are_re_read,
    mutations_by_get, methods, bodies, documents, compression
}

const TYPENAME: &str = "{ __typename }";

fn keys_of(value: &Value) -> Vec<&str> {
    value.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default()
}

async fn raw(world: &World, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let request = world.client.post(world.url("/graphql")).bearer_auth(token);
    answer(request.header("content-type", content_type).body(body)).await
}

/// All 61 audits of the npm package graphql-http 1.23.1.
async fn graphql_http_audits(backend: Backend) {
    let world = World::new(backend).await;
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    assert!(clients.join("node_modules/graphql-http").exists(), "run: npm --prefix tests/clients ci");
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let mut command = Command::new("node");
    command.arg(clients.join("audit.mjs")).arg(world.url("/graphql")).env("LANPYA_TOKEN", token);
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().expect("node runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let results: Vec<Value> =
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
    let failed: Vec<&Value> = results.iter().filter(|result| result["status"] != "ok").collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(results.len(), 61);
    world.stop().await;
}

async fn health(backend: Backend) {
    let world = World::new(backend).await;
    for path in ["/healthz", "/readyz"] {
        let answered = answer(world.client.get(world.url(path))).await;
        assert_eq!(answered.status, StatusCode::OK, "{path}");
    }
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let answered = world.ask(&token, "{ viewer { role } }", json!({})).await;
    assert_eq!(answered.at("/data"), &json!({ "viewer": { "role": "SUPERVISOR" } }));
    world.stop().await;
}

async fn request_ids(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let mut seen = std::collections::BTreeSet::new();
    for query in [TYPENAME, "{", "{ nothing }", "{ viewer { role } }"] {
        let answered = world.ask(&token, query, json!({})).await;
        let id = answered.header("x-request-id").to_owned();
        assert_eq!(id.len(), 32, "{query}");
        for error in answered.at("/errors").as_array().into_iter().flatten() {
            assert_eq!(error["extensions"]["requestId"], id.as_str());
        }
        assert!(seen.insert(id), "an id is given once");
    }
    let answered = world.send(Some("no token"), &json!({ "query": TYPENAME })).await;
    assert_eq!(answered.at("/errors/0/extensions/requestId"), answered.header("x-request-id"));
    world.stop().await;
}

/// Whatever is wrong with a token, the answer is the same to the byte, the request id apart.
async fn bad_tokens_are_all_alike(backend: Backend) {
    let world = World::new(backend).await;
    let good = world.token(&ALPHA, RoleCode::Caseworker);
    let mut cut = good.clone();
    cut.pop();
    let nobody = entity::ids::organisation("NOBODY");
    let mut bad = vec![
        "x".to_owned(),
        cut,
        format!("{good}x"),
        world.token_of(ALPHA.id(), "nobody", "CASEWORKER"),
        world.token_of(ALPHA.id(), "caseworker", "SUPERVISOR"),
        world.token_of(ALPHA.id(), "caseworker", "GOD"),
        world.token_of(nobody, "caseworker", "CASEWORKER"),
    ];
    let foreign = World::new(backend).await;
    bad.push(foreign.token(&ALPHA, RoleCode::Caseworker));
    foreign.stop().await;
    let mut answers = Vec::new();
    for token in &bad {
        let answered = world.send(Some(token), &json!({ "query": "{ viewer { role } }" })).await;
        assert_eq!(answered.status, StatusCode::UNAUTHORIZED, "{token}");
        assert_eq!(answered.header("www-authenticate"), "Bearer");
        answers.push(answered.masked());
    }
    for header in ["", "Bearer", "Bearer  ", "Basic eDp5", "bearer"] {
        let request = world.client.post(world.url("/graphql")).header("authorization", header);
        let body = json!({ "query": "{ viewer { role } }" });
        let answered = answer(request.header("content-type", "application/json").body(body.to_string())).await;
        assert_eq!(answered.status, StatusCode::UNAUTHORIZED, "{header:?}");
        answers.push(answered.masked());
    }
    world.advance(chrono::Duration::minutes(61));
    answers.push(world.send(Some(&good), &json!({ "query": "{ viewer { role } }" })).await.masked());
    let first = answers.first().unwrap();
    assert!(first.contains("UNAUTHENTICATED"), "{first}");
    for other in &answers {
        assert_eq!(other, first);
    }
    world.stop().await;
}

async fn without_a_token(backend: Backend) {
    let world = World::new(backend).await;
    let open = world.send(None, &json!({ "query": "{ __schema { queryType { name } } __typename }" })).await;
    assert_eq!(open.at("/data/__schema/queryType/name"), "Query", "{}", open.body);
    let known = world.send(None, &json!({ "query": "{ __type(name: \"Visit\") { name } }" })).await;
    assert_eq!(known.at("/data/__type/name"), "Visit");
    for query in [
        "{ visits { nodes { id } } }",
        "{ locations { nodes { id } } }",
        "{ viewer { role } }",
        "{ __schema { queryType { name } } locations { nodes { id } } }",
        "{ ...F } fragment F on Query { locations { nodes { id } } }",
        "{ ... on Query { node(id: \"visit_00000000000000000000000000\") { id } } }",
        "mutation { __typename }",
        "mutation { visitRecord(input: { centre: \"x\", visitedOn: \"2026-01-01\", channel: PHONE, \
         visitorKind: OTHER }) { userErrors { code } } }",
    ] {
        let refused = world.send(None, &json!({ "query": query })).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"), "{query}");
        assert_eq!(keys_of(&refused.json), ["errors"], "{query}");
    }
    world.stop().await;
}

/// A right that was taken away is gone after five seconds at the latest; a role in a token is never more than a hint.
async fn tokens_are_re_read(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let beta = world.token(&BETA, RoleCode::Supervisor);
    let query = "{ viewer { role } }";
    assert_eq!(world.ask(&token, query, json!({})).await.status, StatusCode::OK);
    let owner =
        if backend == Backend::Postgres { format!("'{}'", ALPHA.id()) } else { format!("x'{}'", ALPHA.id().simple()) };
    let sql = "UPDATE app_user SET is_enabled = false WHERE subject = 'supervisor' AND organisation_id =";
    world.store.execute(&format!("{sql} {owner}")).await;
    world.advance(chrono::Duration::seconds(5));
    assert_eq!(world.ask(&token, query, json!({})).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.ask(&beta, query, json!({})).await.status, StatusCode::OK, "BETA's user of that name works on");
    world.stop().await;
}

async fn mutations_by_get(backend: Backend) {
    let world = World::new(backend).await;
    let before = world.store.dump(None).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let centre = lanpya::plan::GlobalId::text("centre", ALPHA.row("resource_centre", 0));
    let mutation = format!(
        "mutation {{ visitRecord(input: {{ centre: \"{centre}\", visitedOn: \"2026-01-01\", channel: PHONE, \
         visitorKind: OTHER }}) {{ userErrors {{ code }} }} }}"
    );
    for document in [mutation.clone(), format!("{mutation} query Q {{ __typename }}")] {
        let refused = world.get(&token, &document).await;
        assert_eq!(keys_of(&refused.json), ["errors"], "{}", refused.body);
    }
    let refused = world.get(&token, &mutation).await;
    assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(refused.header("allow"), "POST");
    assert_eq!(world.store.dump(None).await, before, "nothing was written");
    let answered = world.get(&token, "{ viewer { role } }").await;
    assert_eq!(answered.at("/data/viewer/role"), "SUPERVISOR", "queries may");
    world.stop().await;
}

async fn methods(backend: Backend) {
    let world = World::new(backend).await;
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let refused = answer(world.client.request(method.clone(), world.url("/graphql"))).await;
        assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    for path in ["/", "/graphql/", "/nothing", "/metrics", "/healthz/x"] {
        assert_eq!(answer(world.client.get(world.url(path))).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    world.stop().await;
}

async fn bodies(backend: Backend) {
    let world = World::new(backend).await;
    let json = "application/json";
    let fine = json!({ "query": TYPENAME }).to_string();
    assert_eq!(raw(&world, json, fine.clone()).await.status, StatusCode::OK);
    assert_eq!(raw(&world, "application/json; charset=utf-8", fine.clone()).await.status, StatusCode::OK);

    let large = json!({ "query": TYPENAME, "variables": { "x": "a".repeat(300 * 1024) } }).to_string();
    assert_eq!(raw(&world, json, large).await.status, StatusCode::PAYLOAD_TOO_LARGE);

    for wrong in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql"]
    {
        let refused = raw(&world, wrong, fine.clone()).await;
        assert_eq!(refused.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{wrong}");
    }
    for malformed in
        ["", "{", "null", "\"x\"", "[]", "{}", "{\"query\": 1}", "{\"query\": \"{ __typename }\", \"variables\": []}"]
    {
        let refused = raw(&world, json, malformed.to_owned()).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::BAD_REQUEST, "BAD_REQUEST"), "{malformed}");
        assert_eq!(keys_of(&refused.json), ["errors"], "{malformed}");
    }
    let batch = format!("[{fine},{fine}]");
    assert_eq!(raw(&world, json, batch).await.status, StatusCode::BAD_REQUEST, "no batches");
    let broken = [b"{\"query\": \"{ __typename } # ".as_slice(), &[0xFF, 0xFE], b"\"}"].concat();
    assert_eq!(raw(&world, json, broken).await.status, StatusCode::BAD_REQUEST, "UTF-8 only");
    world.stop().await;
}

async fn documents(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    for (query, variables, code) in [
        ("{", json!({}), "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { nothing } }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { role { x } } }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ node { id } }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ visits(first: \"x\") { nodes { id } } }", json!({}), "BAD_USER_INPUT"),
        ("{ visits(where: { channel: { eq: SMOKE } }) { nodes { id } } }", json!({}), "CODE_UNKNOWN"),
        ("query($n: Int) { visits(first: $n) { nodes { id } } }", json!({ "n": "x" }), "BAD_USER_INPUT"),
        ("query($n: Int!) { visits(first: $n) { nodes { id } } }", json!({}), "BAD_USER_INPUT"),
        ("query($n: Nothing) { visits(first: $n) { nodes { id } } }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ visits(first: 101) { nodes { id } } }", json!({}), "LIMIT_EXCEEDED"),
        ("{ visits(first: 0) { nodes { id } } }", json!({}), "LIMIT_EXCEEDED"),
        ("{ visits(after: \"x\") { nodes { id } } }", json!({}), "INVALID_CURSOR"),
        ("subscription { __typename }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
    ] {
        let refused = world.ask(&token, query, variables).await;
        assert_eq!(refused.code(), code, "{query}: {}", refused.body);
        assert!(!refused.body.contains("did you mean"), "{query}");
        assert_eq!(refused.at("/errors/0/extensions/requestId"), refused.header("x-request-id"), "{query}");
    }
    world.stop().await;
}

async fn compression(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let body = json!({ "query": "{ locations(first: 100) { nodes { id pcode names { en my } } } }" }).to_string();
    let request = || {
        let request = world.client.post(world.url("/graphql")).bearer_auth(&token);
        request.header("content-type", "application/json").body(body.clone())
    };
    let plain = request().send().await.unwrap();
    assert!(plain.headers().get("content-encoding").is_none());
    assert_eq!(plain.headers().get("cache-control").unwrap(), "no-store");
    let plain = plain.bytes().await.unwrap();
    let packed = request().header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(packed.headers().get("content-encoding").unwrap(), "gzip");
    assert!(packed.headers().get_all("vary").iter().any(|value| value.to_str().unwrap().contains("accept-encoding")));
    let packed = packed.bytes().await.unwrap();
    assert!(packed.len() * 2 < plain.len(), "{} of {}", packed.len(), plain.len());
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed.as_ref()), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
    world.stop().await;
}
