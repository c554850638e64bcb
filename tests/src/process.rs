//! The server as a process of its own on a test's database: it can be killed without warning and started again.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use entity::Code as _;
use entity::user::RoleCode;
use lanpya::auth::{DevKeys, MintRequest};
use lanpya::clock::Clock;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::seed::{self, ALPHA};
use crate::world::{self, AUDIENCE, Answer, ISSUER};

/// A server that runs by the machine's clock, or lies dead.
pub struct Process {
    /// Settings beside those every server under test has, as environment variables.
    pub settings: Vec<(&'static str, String)>,
    program: PathBuf,
    url: String,
    keys: DevKeys,
    clock: Clock,
    caller: Caller,
    child: Option<Child>,
    _folder: TempDir,
}

/// A client of the server as it runs now.
#[derive(Clone)]
pub struct Caller {
    client: reqwest::Client,
    origin: String,
}

impl Caller {
    /// Posts an operation; none is answered by a server that died meanwhile.
    pub async fn ask(&self, token: &str, query: &str, variables: &Value) -> Option<Answer> {
        let request = self.client.post(format!("{}/graphql", self.origin)).bearer_auth(token);
        let body = json!({ "query": query, "variables": variables }).to_string();
        world::heard(request.header("content-type", "application/json").body(body)).await
    }
}

impl Process {
    /// Of `program` (`env!("CARGO_BIN_EXE_served")`), on the database at `url`, not started yet.
    pub fn of(program: &str, url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = DevKeys::load_or_create(folder.path()).expect("keys");
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().expect("a client");
        Self {
            settings: Vec::new(),
            program: program.into(),
            url: url.to_owned(),
            keys,
            clock: Clock::system(),
            caller: Caller { client, origin: String::new() },
            child: None,
            _folder: folder,
        }
    }

    /// Starts it and waits until it serves.
    pub fn start(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        let mut command = Command::new(&self.program);
        command
            .env_clear()
            .env("DATABASE_URL", &self.url)
            .env("LANPYA_LISTEN", "127.0.0.1:0")
            .env("LANPYA_TOKEN_ISSUER", ISSUER)
            .env("LANPYA_TOKEN_AUDIENCE", AUDIENCE)
            .env("LANPYA_TOKEN_KEYS_FILE", self.keys.jwks_path())
            .env("LANPYA_CURSOR_SECRET", "the same in every world, so that cursors can be compared")
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("the server can be started");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        assert!(!line.is_empty(), "the server does not start");
        self.caller.origin = format!("http://{}", line.trim());
        self.child = Some(child);
    }

    /// Kills it on the spot: no signal it could handle.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("killed");
            child.wait().expect("gone");
        }
    }

    /// A token of ALPHA's user with that role.
    pub fn token(&self, role: RoleCode) -> String {
        let request = MintRequest {
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            subject: seed::subject(role),
            organisation: ALPHA.id(),
            role: role.code().to_owned(),
            lifetime: Duration::from_hours(1),
            now: self.clock.now(),
        };
        self.keys.mint(&request).expect("a token")
    }

    /// A client for it.
    pub fn caller(&self) -> Caller {
        self.caller.clone()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
