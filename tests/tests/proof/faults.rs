//! What the server does while its database cannot: a named error in time, nothing half done, and work as before as
//! soon as the fault is over, without a restart.

mod postgres;
mod sqlite;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use entity::user::RoleCode;
use futures_util::future::join_all;
use harness::process::Process;
use harness::proof::Proof;
use harness::{Answer, Store};
use serde_json::json;

use crate::acts::{self, happened, trouble};

/// Reads what is personal: noted, or not answered.
const PERSONAL: &str = "{ visits(first: 3) { nodes { id note ticket } } }";
/// Reads what is nobody's.
const PUBLIC: &str = "{ locations(first: 3) { nodes { pcode } } }";

/// What a fault leaves possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    /// Nothing is answered.
    None,
    /// What is nobody's; what is personal cannot be noted and so is not shown.
    Public,
    /// Whatever finds room, writes too.
    Any,
}

/// A server in its own process, and its database.
struct Site {
    server: Process,
    store: Store,
    token: String,
    before: BTreeSet<String>,
    visits: usize,
    refused: Vec<String>,
}

impl Site {
    /// With the settings a server has unless told otherwise. `url`: where the server finds the database, if not where the
    /// store says.
    async fn new(store: Store, url: Option<&str>) -> Self {
        let before = acts::halves(&store).await;
        let mut server = Process::of(env!("CARGO_BIN_EXE_served"), url.unwrap_or(&store.url));
        server.start();
        let token = server.token(RoleCode::Supervisor);
        let mut site = Self { server, store, token, before, visits: 0, refused: Vec::new() };
        for _ in 0..12 {
            let (answer, key, _) = site.visit().await;
            assert!(happened(&answer), "{key}: {}", answer.body);
        }
        site
    }

    async fn ask(&self, query: &str, variables: &serde_json::Value) -> (Answer, Duration) {
        let began = Instant::now();
        let answer = self.server.caller().ask(&self.token, query, variables).await.expect("an answer");
        (answer, began.elapsed())
    }

    async fn visit(&mut self) -> (Answer, String, Duration) {
        self.visits += 1;
        let key = format!("fault {}", self.visits);
        let (answer, took) = self.ask(&acts::visit_record(), &acts::visit(&key)).await;
        (answer, key, took)
    }

    /// Writes until a write is refused: the last of a full disk's space must be used up, a setting must be heard of.
    async fn until_refused(&mut self) {
        for _ in 0..2000 {
            let (answer, key, _) = self.visit().await;
            if !happened(&answer) {
                self.refused.push(key);
                return;
            }
        }
        panic!("the fault does not show");
    }

    /// While the disk is full: a small row may find room on a page in use, a page more is not to be had.
    async fn during_full(&mut self, proof: &mut Proof) {
        self.during(proof, "disk full", Reads::Any).await;
    }

    /// While the fault lasts: many ask at once, each gets a named error (or what may still be read).
    async fn during(&mut self, proof: &mut Proof, fault: &str, reads: Reads) {
        let first = self.visits + 1;
        self.visits += 6;
        let keys: Vec<String> = (first..=self.visits).map(|number| format!("fault {number}")).collect();
        let query = acts::visit_record();
        let variables: Vec<_> = keys.iter().map(|key| acts::visit(key)).collect();
        let none = json!({});
        let writes = join_all(variables.iter().map(|variables| self.ask(&query, variables)));
        let (personal, public) =
            (join_all((0..6).map(|_| self.ask(PERSONAL, &none))), join_all((0..6).map(|_| self.ask(PUBLIC, &none))));
        let (writes, personal, public) = tokio::join!(writes, personal, public);
        let mut told = BTreeMap::<String, usize>::new();
        let mut slowest = Duration::ZERO;
        for (what, answers) in [("write", &writes), ("personal read", &personal), ("public read", &public)] {
            for (answer, took) in answers {
                slowest = slowest.max(*took);
                let data = answer.at("/errors").is_null();
                let code = if data { "ANSWERED".to_owned() } else { trouble(answer) };
                assert!(
                    ["ANSWERED", "UNAVAILABLE", "TIMEOUT"].contains(&code.as_str()),
                    "{fault}: {what}: {}",
                    answer.body
                );
                match (what, reads) {
                    (_, Reads::Any) => {}
                    ("write", _) | (_, Reads::None) => assert!(!data, "{fault}: {what}: {}", answer.body),
                    ("personal read", Reads::Public) => assert!(!data, "{fault}: shown without a note"),
                    (_, Reads::Public) => assert!(data, "{fault}: {what}: {}", answer.body),
                }
                *told.entry(format!("{what}: {code}")).or_default() += 1;
            }
        }
        self.refused.extend(keys);
        proof.figure(&format!("{fault}: answers"), json!(told));
        proof.figure(&format!("{fault}: slowest answer, ms"), u64::try_from(slowest.as_millis()).unwrap());
        if harness::full() {
            assert!(slowest < Duration::from_secs(3), "{fault}: {slowest:?}");
        }
    }

    /// After the fault: the same server works, what was refused happens once when it is sent again, nothing is half done.
    async fn after(&mut self, proof: &mut Proof, fault: &str) {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let (write, _, _) = self.visit().await;
            let (read, _) = self.ask(PERSONAL, &json!({})).await;
            if happened(&write) && read.at("/errors").is_null() {
                break;
            }
            assert!(attempts < 30, "{fault}: not healed: {} {}", write.body, read.body);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let mut pending = std::mem::take(&mut self.refused);
        for _ in 0..20 {
            let mut left = Vec::new();
            for key in pending {
                if !happened(&self.ask(&acts::visit_record(), &acts::visit(&key)).await.0) {
                    left.push(key);
                }
            }
            pending = left;
            if pending.is_empty() {
                break;
            }
        }
        assert!(pending.is_empty(), "{fault}: {pending:?} are still refused");
        assert_eq!(acts::halves(&self.store).await, self.before, "{fault}: something is there by halves");
        let keys = acts::count(&self.store, "idempotency", "key LIKE 'fault %'").await;
        assert_eq!(acts::count(&self.store, "visit", "note LIKE 'fault %'").await, keys, "{fault}: one visit a key");
        proof.figure(&format!("{fault}: attempts until it works again"), attempts);
    }
}

/// A file system of so many megabytes, for as long as it is held. None without the right to mount one.
struct Disk(PathBuf);

impl Disk {
    fn of(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder").keep();
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&folder).status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    /// Takes all the space that is left.
    fn fill(&self) {
        use std::io::Write as _;
        let mut file = std::fs::File::create(self.ballast()).unwrap();
        for size in [1 << 20, 4096, 1] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
    }

    /// Gives it back.
    fn free(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = std::fs::remove_dir(&self.0);
    }
}
