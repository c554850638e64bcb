//! Promise 23: what is built in is known. Quick: every part is locked with its checksum and comes from one registry, and
//! none of ours has unsafe code. Full: the gate itself (`tests/supply`): licences, bans, sources, advisories, unused.

use std::path::{Path, PathBuf};
use std::process::Command;

use harness::proof::Proof;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_part_is_locked() {
    let mut proof = Proof::of(23, "supply::every_part_is_locked");
    let lock = read("Cargo.lock");
    let mut crates = 0;
    for package in lock.split("[[package]]").skip(1) {
        let value = |name: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(&format!("{name} = ")));
            line.map(|text| text.trim_matches('"').to_owned())
        };
        let name = value("name").unwrap();
        let ours = matches!(name.as_str(), "lanpya" | "entity" | "migration" | "lanpya-tests" | "lanpya-bench");
        match value("source") {
            None => assert!(ours, "{name} comes from a folder"),
            Some(source) => {
                assert_eq!(source, "registry+https://github.com/rust-lang/crates.io-index", "{name}");
                assert!(value("checksum").is_some_and(|sum| sum.len() == 64), "{name} has no checksum");
                crates += 1;
            }
        }
    }
    assert!(crates > 100, "the lock file was read");
    let mut packages = 0;
    for folder in ["tests/clients", "tests/bench/postgraphile", "api/pages"] {
        let lock: Value = serde_json::from_str(&read(&format!("{folder}/package-lock.json"))).unwrap();
        for (path, package) in lock["packages"].as_object().unwrap().iter().filter(|(path, _)| !path.is_empty()) {
            assert!(package["integrity"].as_str().is_some_and(|sum| sum.starts_with("sha512-")), "{folder}: {path}");
            packages += 1;
        }
    }
    proof.figure("crates locked with a checksum", crates);
    proof.figure("npm packages locked with a checksum", packages);
    proof.held();
}

#[test]
fn nothing_of_ours_is_unsafe() {
    let mut proof = Proof::of(23, "supply::nothing_of_ours_is_unsafe");
    assert!(read("Cargo.toml").contains("unsafe_code = \"forbid\""));
    let mut members = 0;
    for member in ["api", "entity", "migration", "tests", "tests/bench"] {
        let manifest = read(&format!("{member}/Cargo.toml"));
        assert!(manifest.contains("[lints]\nworkspace = true"), "{member} does not take the workspace's lints");
        members += 1;
    }
    proof.figure("crates of ours that forbid it", members);
    proof.held();
}

/// Minutes where the tools are missing, and the advisories come from outside: in the full tier only. Without a way out
/// (`LANPYA_ADVISORIES` unset and the database not reachable) it fails, and the promise is not held.
#[test]
fn the_gate_is_shut() {
    if !harness::full() {
        return;
    }
    let mut proof = Proof::of(23, "supply::the_gate_is_shut");
    let offline = std::env::var_os("LANPYA_OFFLINE").is_some();
    let mut command = Command::new(root().join("tests/supply"));
    let output = command.args(offline.then_some("--offline")).output().expect("bash runs");
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    proof.figure("advisories looked up", !offline);
    assert!(output.status.success(), "{told}");
    proof.held();
}
