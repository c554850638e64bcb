//! The cluster that all test processes of a run share. `tests/run` starts it and names it in `LANPYA_TEST_POSTGRES`;
//! otherwise the first test that needs it starts it, and it stops when no test is left.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Address of the database `postgres` as superuser: `postgres://postgres@127.0.0.1:PORT/postgres`.
pub fn admin() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| std::env::var("LANPYA_TEST_POSTGRES").unwrap_or_else(|_| start()))
}

/// Address of a database as one login.
pub fn address(login: &str, database: &str) -> String {
    at(admin(), login, database)
}

/// The same in another cluster, named by the address of its superuser.
pub fn at(admin: &str, login: &str, database: &str) -> String {
    format!("postgres://{login}@127.0.0.1:{}/{database}", port(admin))
}

/// The port of an address.
pub fn port(url: &str) -> u16 {
    let port = url.rsplit(':').next().and_then(|rest| rest.split('/').next());
    port.and_then(|port| port.parse().ok()).expect("a port")
}

fn start() -> String {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("cluster");
    let account = std::env::var("USER").unwrap_or_else(|_| "tests".to_owned());
    let folder = std::env::temp_dir().join(format!("lanpya-postgres-{account}"));
    let output = Command::new(&script)
        .arg("ensure")
        .arg(&folder)
        .arg(std::process::id().to_string())
        .stdin(Stdio::null())
        .output()
        .expect("tests/cluster can be run");
    assert!(
        output.status.success(),
        "This test needs PostgreSQL, and none could be started. Run tests/run, or set LANPYA_TEST_POSTGRES to the \
         address of a superuser of a cluster that may be thrown away.\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("an address").trim().to_owned()
}
