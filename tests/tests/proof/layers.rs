//! Each layer alone stops everything: the operations of [`crate::worlds`] with the predicate of every statement left
//! out and row-level security on, and with the predicate on and the policies taken away. SQLite has no policies, so
//! there the first suite is the second of these.

use harness::Backend;
use harness::proof::Proof;
use lanpya::access::Weakness;

use crate::worlds::{Setting, prove};

#[test]
fn policies_alone() {
    harness::run(Backend::Postgres, |_| {
        let setting = Setting { weakness: Weakness::Predicate, ..Setting::default() };
        alone("policies_alone", setting)
    });
}

#[test]
fn predicate_alone() {
    harness::run(Backend::Postgres, |_| {
        let setting = Setting { without_policies: true, ..Setting::default() };
        alone("predicate_alone", setting)
    });
}

async fn alone(name: &str, setting: Setting) {
    let mut proof = Proof::of(2, format!("layers::{name}"));
    let outcome = prove(Backend::Postgres, setting, [1, 10], harness::proof::size(500, 1_000), &mut proof).await;
    assert!(outcome.difference.is_none(), "{}", outcome.difference.unwrap());
    proof.held();
}
