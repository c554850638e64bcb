//! The harness of [`crate::worlds`] finds leaks: each test here makes a hole of one kind and must be told of it.

use harness::proof::Proof;
use harness::{Backend, both};
use lanpya::access::Weakness;

use crate::worlds::{Extent, Ground, Outcome, Pair, Setting, run};

both! {
    a_level_without_its_predicate, a_relation_without_its_predicate, a_count_without_its_predicate,
    a_cursor_without_its_bond, a_unique_index_without_the_organisation, nothing_at_all
}

/// The features that cargo builds a package with.
fn features(package: &str) -> String {
    let mut command = std::process::Command::new(env!("CARGO"));
    command.args(["tree", "--offline", "--locked", "--edges", "features", "--prefix", "none", "--package", package]);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// What weakens the server is not in the program that is released: only the tests turn the feature on.
#[test]
fn the_released_program_cannot_be_weakened() {
    assert!(features("lanpya-tests").contains("lanpya feature \"weaken\""), "the check finds it where it is");
    assert!(!features("lanpya").contains("weaken"));
    let manifest = include_str!("../../../api/Cargo.toml");
    assert!(!manifest.contains("default ="), "no feature is on by itself");
    let proof = Proof::of(2, "mutants::the_released_program_cannot_be_weakened");
    proof.held();
}

/// Operations after which a hole that was not found counts as missed.
const PATIENCE: usize = 1_500;

/// Runs until the first difference, which must come.
async fn found(ground: &Ground, backend: Backend, setting: Setting, mutations: usize) -> Outcome {
    let pair = Pair::new(backend, setting).await;
    let extent = Extent { seed: 1, operations: PATIENCE, mutations };
    let outcome = run(ground, &pair, extent).await;
    pair.stop().await;
    let Some(difference) = &outcome.difference else {
        panic!("{setting:?} was not noticed in {} operations", outcome.asked);
    };
    println!("{setting:?} was noticed after {} operations: {difference}", outcome.asked);
    outcome
}

/// On PostgreSQL the policies would hide every one of these holes: they are away.
fn weak(weakness: Weakness) -> Setting {
    Setting { weakness, without_policies: true, others: &[] }
}

async fn one(backend: Backend, name: &str, setting: Setting, mutations: usize) {
    let mut proof = Proof::of(1, format!("mutants::{name}::{backend:?}"));
    let ground = Ground::new(backend, setting.weakness).await;
    let outcome = Box::pin(found(&ground, backend, setting, mutations)).await;
    proof.figure("found after operations", outcome.asked);
    proof.held();
}

async fn a_level_without_its_predicate(backend: Backend) {
    let mut proof = Proof::of(1, format!("mutants::a_level_without_its_predicate::{backend:?}"));
    let ground = Ground::new(backend, Weakness::None).await;
    let tables: Vec<&'static str> = lanpya::graph::graph()
        .nouns()
        .iter()
        .filter(|noun| matches!(noun.owner, entity::Owner::Organisation(_)))
        .map(|noun| noun.table)
        .collect();
    let tables = if harness::full() { tables } else { vec!["household_member"] };
    for table in &tables {
        let outcome = found(&ground, backend, weak(Weakness::Level(table)), 0).await;
        proof.figure(&format!("found in {table} after operations"), outcome.asked);
    }
    proof.figure("tables", tables.len());
    proof.held();
}

async fn a_relation_without_its_predicate(backend: Backend) {
    one(backend, "a_relation_without_its_predicate", weak(Weakness::Relation), 0).await;
}

async fn a_count_without_its_predicate(backend: Backend) {
    one(backend, "a_count_without_its_predicate", weak(Weakness::Count), 0).await;
}

async fn a_cursor_without_its_bond(backend: Backend) {
    one(backend, "a_cursor_without_its_bond", Setting { weakness: Weakness::Cursor, ..Setting::default() }, 0).await;
}

async fn nothing_at_all(backend: Backend) {
    one(backend, "nothing_at_all", weak(Weakness::Predicate), 30).await;
}

/// BETA's child with the code `C-0006` stands in the way of ALPHA's.
const UNIQUE: [&str; 3] = [
    "UPDATE child SET code = 'G-' || code
     WHERE organisation_id = (SELECT organisation_id FROM organisation WHERE code = 'GAMMA')",
    "UPDATE child SET code = 'B-' || code WHERE code <> 'C-0006'
     AND organisation_id = (SELECT organisation_id FROM organisation WHERE code = 'BETA')",
    "CREATE UNIQUE INDEX leak ON child (code)",
];

async fn a_unique_index_without_the_organisation(backend: Backend) {
    let setting = Setting { others: &UNIQUE, ..Setting::default() };
    one(backend, "a_unique_index_without_the_organisation", setting, 90).await;
}
