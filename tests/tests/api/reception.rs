//! The reception page, as the staff use it: a real Chromium logs visits with and without a network, and the server is
//! asked what arrived. What is looked at stands in `tests/clients/reception/steps.mjs`, a step each.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use entity::user::RoleCode;
use harness::world::answer;
use harness::{ALPHA, Backend, Data, World, both};
use lanpya::clock::Clock;
use lanpya::config::{Config, Trust};
use reqwest::StatusCode;
use serde_json::{Value, json};

both! { at_the_desk, switched_off }

pub(super) fn clients() -> PathBuf {
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    assert!(clients.join("node_modules/playwright-core").exists(), "run: npm --prefix tests/clients ci");
    clients
}

/// Whether there is a browser. Only a caller who cannot install one may leave the test out, and says so.
pub(super) fn browser() -> bool {
    let page = |name: &str| crate::root().join(format!("api/pages/dist/{name}/{name}.html")).exists();
    let built = page("reception") && page("dashboard");
    assert!(built, "run: npm --prefix api/pages ci && npm --prefix api/pages run build");
    let there = Path::new("/usr/bin/chromium").exists() || std::env::var_os("CHROMIUM").is_some();
    let excused = std::env::var_os("LANPYA_NO_CHROMIUM").is_some();
    assert!(there || excused, "chromium is missing: apt-get install chromium, or name one in CHROMIUM");
    if !there {
        eprintln!(
            "NOT RUN: the reception page in a browser; chromium is missing and cannot be installed without root."
        );
    }
    there
}

/// The clock of the browser is the machine's, so the server's is too.
async fn world(backend: Backend, more: impl FnOnce(&mut Config)) -> World {
    World::tuned(backend, Data::Twins, Clock::system(), |config| {
        config.reception = true;
        more(config);
    })
    .await
}

async fn steps(world: &World, only: &[&str]) {
    let mut command = Command::new("node");
    command.arg(clients().join("reception.mjs")).arg(&world.origin).args(only);
    command.env("LANPYA_TOKEN", world.token(&ALPHA, RoleCode::MrcCounsellor));
    command.env("LANPYA_OTHER_TOKEN", world.token(&ALPHA, RoleCode::Supervisor));
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().expect("node runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let results: Vec<Value> =
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
    let failed: Vec<&Value> = results.iter().filter(|result| result["held"] != true).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(!results.is_empty());
}

/// Everything on `SQLite`; on PostgreSQL what depends on the database.
async fn at_the_desk(backend: Backend) {
    if !browser() {
        return;
    }
    let world = world(backend, |_| {}).await;
    let headers = answer(world.client.get(world.url("/reception"))).await;
    assert!(headers.header("content-security-policy").contains("connect-src 'self';"), "{:?}", headers.headers);
    let worker = answer(world.client.get(world.url("/reception/sw.js"))).await;
    assert_eq!((worker.header("service-worker-allowed"), worker.header("cache-control")), ("/reception", "no-cache"));
    steps(&world, if backend == Backend::Sqlite { &[] } else { &["offline", "lostAnswer", "conflict"] }).await;
    world.stop().await;
}

/// It is there only where it is asked for, whether GraphiQL is there or not, and tells nothing but what it must.
async fn switched_off(backend: Backend) {
    let off = World::new(backend).await;
    for path in ["/reception", "/reception/config.json", "/reception/sw.js"] {
        assert_eq!(answer(off.client.get(off.url(path))).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    off.stop().await;
    let on = world(backend, |config| config.reception_client = Some("desk".to_owned())).await;
    let told = answer(on.client.get(on.url("/reception/config.json"))).await;
    let expected = json!({
        "issuer": harness::world::ISSUER, "client": "desk", "scope": "openid", "retentionHours": 12, "lockMinutes": 10
    });
    assert_eq!(told.json, expected);
    assert_eq!(answer(on.client.get(on.url("/"))).await.status, StatusCode::NOT_FOUND, "GraphiQL has its own switch");
    for path in ["/reception/../index.html", "/reception/%2e%2e/index.html", "/reception/assets/none.js"] {
        assert_eq!(answer(on.client.get(on.url(path))).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    on.stop().await;
}

/// The pages go on where no document is answered but theirs; and the question by which the steps look at the server.
#[test]
fn held_to_their_documents() {
    harness::run(Backend::Sqlite, |backend| async move {
        if !browser() {
            return;
        }
        let source = std::fs::read_to_string(clients().join("reception/desk.mjs")).unwrap();
        let question = source.split('`').find(|text| text.starts_with("query ($after")).expect("the question");
        let folder = tempfile::tempdir().unwrap();
        let manifest = json!({ crate::trusted_documents::hash(question): question });
        std::fs::write(folder.path().join("steps.json"), manifest.to_string()).unwrap();
        let world = world(backend, |config| {
            config.trusted_documents = vec![folder.path().to_owned()];
            config.trusted_documents_mode = Trust::Enforce;
        })
        .await;
        steps(&world, &["offline", "returning"]).await;
        world.stop().await;
    });
}

/// The provider's process; it ends with this.
struct Provider(Child);

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A real `OpenID` provider that knows the page at `origin`; and its issuer.
fn provider(origin: &str) -> (Provider, String) {
    let mut command = Command::new("node");
    command.arg(clients().join("reception/provider.mjs")).arg(format!("{origin}/reception"));
    command.env("LANPYA_ORG", ALPHA.id().to_string());
    command.env("LANPYA_SUBJECT", "mrc_counsellor").env("LANPYA_ROLE", "MRC_COUNSELLOR");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("node runs");
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let provider = Provider(child);
    let issuer = lines.map(Result::unwrap).find(|line| line.starts_with("http")).expect("the provider says who it is");
    (provider, issuer)
}

/// Somebody signs in at the organisation's own provider, by authorisation code with PKCE.
#[test]
fn signed_in_by_openid() {
    harness::run(Backend::Sqlite, |backend| async move {
        if !browser() {
            return;
        }
        // The provider has to know the page's address, and the server the provider's.
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (_running, issuer) =
            tokio::task::spawn_blocking(move || provider(&format!("http://{address}"))).await.expect("it runs");
        let world = world(backend, |config| {
            config.listen = address;
            config.token_keys_file = None;
            config.token_discovery_url = Some(format!("{issuer}/.well-known/openid-configuration"));
            config.token_issuer = issuer;
            config.reception_client = Some("reception".to_owned());
            config.reception_scope = "openid read".to_owned();
        })
        .await;
        steps(&world, &["openId"]).await;
        world.stop().await;
    });
}
