//! Typed clients: four generators make them from the schema that the server tells over HTTP (the Rust one from the
//! committed schema, which is shown to be the same), over the pages' operations and over some of their own. What is made
//! is checked by its language's compiler and reads the server. The commands stand in `tests/clients/package.json`.

use std::path::Path;
use std::process::Command;

use entity::user::RoleCode;
use graphql_client::{GraphQLQuery, Response};
use harness::{ALPHA, Backend, Data, Store, World};
use lanpya::config::Trust;
use serde_json::{Value, json};

/// Runs a script of `tests/clients/package.json` with the server's address and a token; what it printed.
async fn made(world: &World, script: &'static str, role: RoleCode) -> String {
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    assert!(clients.join("node_modules/relay-compiler").exists(), "run: npm --prefix tests/clients ci");
    let python = clients.join(".venv/bin");
    assert!(python.join("ariadne-codegen").exists(), "run tests/run once: it makes tests/clients/.venv");
    // Not every generator makes the folder that it writes into.
    std::fs::create_dir_all(clients.join("typed/made")).unwrap();
    let path = std::env::join_paths(
        [python].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let mut command = Command::new("npm");
    command.args(["run", "--silent", script]).current_dir(clients).env("PATH", path.unwrap());
    command.env("LANPYA_URL", world.url("/graphql"));
    command.env("LANPYA_AUTHORIZATION", format!("Bearer {}", world.token(&ALPHA, role)));
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().expect("npm runs");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{script}: {told}{}", String::from_utf8_lossy(&output.stderr));
    told
}

/// The last line as JSON.
fn last(told: &str) -> Value {
    let line = told.lines().last().unwrap_or_default();
    serde_json::from_str(line).unwrap_or_else(|_| panic!("{told}"))
}

/// A manifest that a generator wrote is taken as it is, and its documents are answered by their ids alone.
async fn trusted(backend: Backend, manifest: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/typed/made").join(manifest);
    let documents: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let world = World::of(Store::new(backend, Data::Twins).await, |config| {
        config.trusted_documents = vec![file];
        config.trusted_documents_mode = Trust::Enforce;
    })
    .await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let variables = json!({ "first": 1, "id": "visit_01kdwav4t0f46bk86z7gznxwzy" });
    let documents = documents.as_object().unwrap();
    assert_eq!(documents.len(), 4);
    for (id, document) in documents {
        let told = world.send(Some(&token), &json!({ "documentId": id, "variables": variables })).await;
        assert!(told.at("/errors").is_null() && told.at("/data").is_object(), "{document}: {}", told.body);
    }
    world.stop().await;
}

/// Types of everything that the pages and the examples ask; what the pages say of the answers fits them.
#[test]
fn typescript_of_the_pages() {
    harness::run(Backend::Sqlite, |backend| async move {
        let world = World::new(backend).await;
        made(&world, "typed:pages", RoleCode::Supervisor).await;
        world.stop().await;
    });
}

/// Relay's compiler takes the schema, its runtime joins the pages of two lists, one found again by `node(id:)`, and its
/// persisted documents are a manifest.
#[test]
fn relay() {
    harness::run(Backend::Sqlite, |backend| async move {
        let world = World::new(backend).await;
        let token = world.token(&ALPHA, RoleCode::Supervisor);
        let told = last(&made(&world, "typed:relay", RoleCode::Supervisor).await);
        let query = "{ visits(first: 4, orderBy: [{ field: VISITED_ON, direction: DESC }]) { nodes { id } } \
                     resourceCentres(first: 1) { nodes { id visits(first: 4) { nodes { id } } } } \
                     children(first: 1) { nodes { code registeredOn } } }";
        let asked = world.ask(&token, query, json!({})).await;
        let ids = |pointer: &str| -> Vec<Value> {
            asked.at(pointer).as_array().unwrap().iter().map(|node| node["id"].clone()).collect()
        };
        for (list, pointer) in
            [("visits", "/data/visits/nodes"), ("centre", "/data/resourceCentres/nodes/0/visits/nodes")]
        {
            let ids = ids(pointer);
            assert_eq!(ids.len(), 4, "{list}: two pages");
            assert_eq!(told["before"][list], json!(ids[..2]), "{list}");
            assert_eq!(told["after"][list], json!(ids), "{list}");
        }
        let child = asked.at("/data/children/nodes/0");
        assert_eq!((&told["child"]["code"], &told["child"]["registeredOn"]), (&child["code"], &child["registeredOn"]));
        world.stop().await;
        trusted(backend, "relay-documents.json").await;
    });
}

/// A Python client with days as `datetime.date` and codes as enums, which reads what anybody reads.
#[test]
fn python() {
    harness::run(Backend::Sqlite, |backend| async move {
        let world = World::new(backend).await;
        let told = last(&made(&world, "typed:python", RoleCode::Supervisor).await);
        let query = "{ visits(first: 5, orderBy: [{ field: VISITED_ON, direction: DESC }]) { totalCount \
                     nodes { id visitedOn channel centre { code } } } }";
        let asked = world.ask(&world.token(&ALPHA, RoleCode::Supervisor), query, json!({})).await;
        let rows = asked.at("/data/visits/nodes").as_array().unwrap().iter();
        let rows: Vec<Value> =
            rows.map(|row| json!([row["id"], row["visitedOn"], row["channel"], row["centre"]["code"]])).collect();
        assert_eq!(rows.len(), 5);
        assert_eq!(told, json!({ "count": asked.at("/data/visits/totalCount"), "visits": rows }));
        world.stop().await;
    });
}

/// A day, as `graphql_client` wants scalars named.
type Date = chrono::NaiveDate;
/// An instant.
type DateTime = chrono::DateTime<chrono::Utc>;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "clients/typed/rust/operations.graphql",
    response_derives = "Debug, PartialEq",
    skip_serializing_none
)]
struct Centres;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "clients/typed/rust/operations.graphql",
    response_derives = "Debug, PartialEq",
    skip_serializing_none
)]
struct OpenCentre;

async fn sent<Q: GraphQLQuery>(world: &World, token: &str, variables: Q::Variables) -> Q::ResponseData {
    let body = serde_json::to_value(Q::build_query(variables)).unwrap();
    let answer = world.send(Some(token), &body).await;
    let response: Response<Q::ResponseData> = serde_json::from_value(answer.json).unwrap();
    assert!(response.errors.is_none(), "{:?}", response.errors);
    response.data.unwrap()
}

/// A Rust client, made while this was compiled: it opens a centre and finds it.
#[test]
fn rust() {
    use open_centre::{LocalisedTextInput, ResourceCentreOpenInput, VisitChannel};
    harness::run(Backend::Sqlite, |backend| async move {
        let world = World::new(backend).await;
        let token = world.token(&ALPHA, RoleCode::OrgAdmin);
        let opened_on = Date::from_ymd_opt(2026, 11, 1).unwrap();
        let input = ResourceCentreOpenInput {
            idempotency_key: Some("typed".to_owned()),
            code: "MRC-LSO".to_owned(),
            names: LocalisedTextInput { en: "Lashio".to_owned(), my: None, th: None },
            township: "MMR015001".to_owned(),
            opened_on: Some(opened_on),
            opening_hours: None,
            opening_periods: None,
            languages: None,
            has_female_counsellor: None,
            channels: Some(vec![VisitChannel::WALK_IN, VisitChannel::PHONE]),
        };
        let made = sent::<OpenCentre>(&world, &token, open_centre::Variables { input }).await.resource_centre_open;
        assert_eq!(made.user_errors, []);
        let id = made.resource_centre.unwrap().id;
        let code = "MRC-LSO".to_owned();
        let found = sent::<Centres>(&world, &token, centres::Variables { code }).await.resource_centres;
        assert_eq!((found.total_count, found.nodes.len()), (1, 1));
        let centre = &found.nodes[0];
        assert_eq!((&centre.id, centre.opened_on, centre.created_at), (&id, Some(opened_on), harness::world::start()));
        assert_eq!(centre.channels, [centres::VisitChannel::PHONE, centres::VisitChannel::WALK_IN]);
        assert_eq!(centre.township.pcode, "MMR015001");
        world.stop().await;
    });
}
