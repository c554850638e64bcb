//! A PostgreSQL cluster of a test's own, with the settings of production: it can be stopped, killed and paused without
//! harm to other tests. `tests/cluster` does the work.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A cluster, until it is dropped.
pub struct Cluster {
    /// The superuser's address.
    pub admin: String,
    folder: TempDir,
}

impl Cluster {
    /// A fresh one that writes to the disk as in production.
    pub fn durable() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let admin = tell("durable", folder.path());
        Self { admin, folder }
    }

    /// The account its processes run as, and files it is to use must belong to.
    pub fn owner(&self) -> u32 {
        use std::os::unix::fs::MetadataExt as _;
        std::fs::metadata(self.folder.path().join("data/pg")).expect("its folder").uid()
    }

    /// Stops it in order: connections are closed.
    pub fn halt(&self) {
        tell("halt", self.folder.path());
    }

    /// Kills every one of its processes.
    pub fn crash(&self) {
        tell("crash", self.folder.path());
    }

    /// Starts it again, on the same port.
    pub fn again(&self) {
        tell("again", self.folder.path());
    }

    /// Lets none of its processes run.
    pub fn pause(&self) {
        tell("pause", self.folder.path());
    }

    /// Lets them run again.
    pub fn resume(&self) {
        tell("resume", self.folder.path());
    }
}

impl Cluster {
    /// What `pg_amcheck` finds wrong in a database.
    pub fn damage(&self, database: &str) -> Result<(), String> {
        run_on("amcheck", self.folder.path(), &[database]).map(drop)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A paused process would not hear that it is to stop.
        let _ = run("resume", self.folder.path());
        let _ = run("stop", self.folder.path());
    }
}

fn tell(command: &str, folder: &Path) -> String {
    run(command, folder).unwrap_or_else(|error| panic!("tests/cluster {command}: {error}"))
}

fn run(command: &str, folder: &Path) -> Result<String, String> {
    run_on(command, folder, &[])
}

fn run_on(command: &str, folder: &Path, more: &[&str]) -> Result<String, String> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("cluster");
    let output = Command::new(script).arg(command).arg(folder).args(more).stdin(Stdio::null()).output();
    let output = output.map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
