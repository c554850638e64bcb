//! The promises of protection.md, each with the test that would fail if it broke; small by default, in the sizes of
//! its table behind `tests/run --full`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first fault"
)]
#![expect(clippy::print_stdout, reason = "a proof tells its figures, shown with --nocapture")]

mod accounts;
mod acts;
mod cancel;
mod disclosure;
mod edits;
mod existence;
mod faults;
mod generator;
mod hostile;
mod kill;
mod layers;
mod limits;
mod logs;
mod mutants;
mod offline;
mod oidc;
mod once;
mod rights;
mod supply;
mod tokens;
mod worlds;
