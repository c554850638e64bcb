//! The plan engine: a validated selection becomes one SQL statement per level, and its rows become JSON bytes.
//!
//! `compile` decides, before anything runs, what each field is made of and whether the role may have it. `bind` puts a
//! request's variables into it. `run` executes level by level in one snapshot, `write` turns rows into bytes. Only `sql`
//! writes statements, and it names tables through `db::Sql::source` alone, which brings organisation and reach along.

mod args;
mod bind;
mod cache;
mod changes;
mod compile;
mod cube;
mod cursor;
mod filter;
mod id;
pub mod json;
mod labels;
mod lists;
mod object;
mod pages;
mod run;
mod selection;
mod sql;
mod write;

pub use args::{Variables, read_date, read_timestamp};
pub use bind::Bound;
pub(crate) use bind::orders;
pub use cache::{Known, Plans};
pub use compile::{Plan, compile};
pub(crate) use cube::{CUTS, LARGEST as LARGEST_TALLY, USUAL as USUAL_TALLY};
pub use cursor::Seal;
pub use filter::operators;
pub use id::GlobalId;
pub use run::{Answer, run};
pub use selection::{Document, Reader};

/// Rows a list gives when nothing is asked.
pub const PAGE: i32 = 25;
/// Rows a list gives at most.
pub const LARGEST_PAGE: i32 = 100;
/// Rows an operation may ask for in all, nested pages multiplied out.
pub const LARGEST_ANSWER: u64 = 20_000;
