//! A server that reaches PostgreSQL over a network does so encrypted, signs in with a password and knows whom it speaks
//! to; whoever it does not know is told nothing.

use std::process::Command;

use entity::user::RoleCode;
use harness::{ALPHA, Backend, Data, Store, World};
use lanpya::auth::DevKeys;
use lanpya::clock::Clock;
use serde_json::json;

const LOGIN: &str = "lanpya_encrypted";
const VISITS: &str = "{ visits(first: 2) { nodes { id ticket note } } }";

#[test]
fn speaks_over_tls_to_whom_it_knows() {
    harness::run(Backend::Postgres, |_| speaks());
}

async fn speaks() {
    let store = Store::new(Backend::Postgres, Data::Twins).await;
    store.execute(&format!("DROP ROLE IF EXISTS {LOGIN}")).await;
    store.execute(&format!("CREATE ROLE {LOGIN} LOGIN PASSWORD 'a long word' IN ROLE lanpya_app")).await;
    let folder = tempfile::tempdir().unwrap();
    let (own, foreign) = (folder.path().join("own.pem"), folder.path().join("foreign.pem"));
    std::fs::write(&own, store.column("SELECT pg_read_file('server.crt')").await.remove(0)).unwrap();
    let made = Command::new("openssl")
        .args("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=lanpya-tests".split(' '))
        .args(["-keyout", "/dev/null", "-out"])
        .arg(&foreign)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let url = |password: &str, rest: &str| {
        let login = format!("{LOGIN}:{password}");
        format!("{}?{rest}", store.url_as(&login))
    };
    let roots = |file: &std::path::Path| format!("sslmode=verify-full&sslrootcert={}", file.display());
    let keys = DevKeys::load_or_create(folder.path()).unwrap();
    let refused = [
        url("a%20long%20word", &roots(&foreign)),
        url("a%20long%20word", "sslmode=verify-full"),
        url("a%20long%20word", "sslmode=disable"),
        url("another%20word", &roots(&own)),
    ];
    for url in refused {
        let error = lanpya::serve(&harness::world::config(&url, &keys), Clock::system(), None).await.err();
        let error = error.unwrap_or_else(|| panic!("the server starts on {url}"));
        assert!(error.contains("does not answer") && !error.contains("word"), "{error}");
    }

    let known = url("a%20long%20word", &roots(&own));
    let world = World::of(store, |config| config.database_url = known).await;
    let answer = world.ask(&world.token(&ALPHA, RoleCode::Supervisor), VISITS, json!({})).await;
    assert_eq!(answer.at("/data/visits/nodes").as_array().map(Vec::len), Some(2), "{}", answer.body);
    let encrypted = format!(
        "SELECT DISTINCT s.ssl::text || ' ' || s.version FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
         WHERE a.usename = '{LOGIN}'"
    );
    assert_eq!(world.store.column(&encrypted).await, ["true TLSv1.3"]);
    world.stop().await;
}
