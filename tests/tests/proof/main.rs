//! The promises of protection.md, each with the test that would fail if it broke; small by default, in the sizes of
//! its table behind `tests/run --full`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first fault"
)]
#![expect(clippy::print_stdout, reason = "a proof tells its figures, shown with --nocapture")]

mod existence;
mod generator;
mod layers;
mod mutants;
mod rights;
mod worlds;
