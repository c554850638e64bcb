//! Boots the real server on either database, with a clock that stands still and two organisations whose records look
//! alike, so that a test speaks HTTP to it and nothing else.
//!
//! | module | what it is for |
//! |---|---|
//! | [`mod@postgres`] | the throwaway cluster |
//! | [`store`] | a test's own database, copied from a template, and the owner's way into it |
//! | [`seed`] | ALPHA and BETA: rows in every table |
//! | [`world`] | clock, keys, server, client |
//! | [`inputs`] | inputs of mutations made from the schema |
//! | [`introspection`] | the schema as the server tells it |
//! | [`proof`] | what a proof of a promise leaves behind |
//! | [`proxy`] | a TCP connection that can be cut, stalled and slowed |
//! | [`process`] | the server as a process of its own, which can be killed |
//! | [`cluster`] | a PostgreSQL of a test's own, which can be killed and paused |
//! | [`receiver`] | a system that is told by webhooks |
//! | [`random`] | numbers that a seed replays |
#![expect(clippy::expect_used, reason = "a test stops at the first fault")]
#![expect(clippy::missing_panics_doc, reason = "everything here panics where a test must fail")]

pub mod cluster;
pub mod inputs;
pub mod introspection;
pub mod postgres;
pub mod process;
pub mod proof;
pub mod proxy;
pub mod random;
pub mod receiver;
pub mod seed;
pub mod store;
pub mod world;

pub use seed::{ALPHA, BETA, GAMMA};
pub use store::{Data, Store};
pub use world::{Answer, World};

use std::future::Future;

/// The databases every test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// Production.
    Postgres,
    /// Embedded.
    Sqlite,
}

/// Whether the long rounds were asked for (`tests/run --full`).
pub fn full() -> bool {
    std::env::var("LANPYA_TEST_FULL").is_ok()
}

/// Runs one test on one database, with threads of its own.
pub fn run<F: Future<Output = ()>>(backend: Backend, test: impl FnOnce(Backend) -> F) {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(2).enable_all();
    runtime.build().expect("a runtime").block_on(test(backend));
}

/// Two tests of each function, one for each database: `health::postgres` and `health::sqlite`.
#[macro_export]
macro_rules! both {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            #[test]
            fn postgres() {
                harness::run(harness::Backend::Postgres, super::$name);
            }
            #[test]
            fn sqlite() {
                harness::run(harness::Backend::Sqlite, super::$name);
            }
        })+
    };
}
