//! What an operation is paid from.

use crate::error::Result;

/// Takes cost points. An operation costs the rows it may read, nested pages multiplied out, and one point at least.
pub trait Purse: Send + Sync {
    /// Takes the points, or refuses and says when they are there.
    fn charge(&self, points: u64) -> Result<()>;

    /// Takes the points, or what is left of them: for work that cannot be refused any more.
    fn drain(&self, points: u64);
}

/// Points of a mutation's field: several statements and a commit.
pub(super) const CHANGE: u64 = 10;
/// Points of `__schema` or `__type`: the whole schema takes as long as some thousand rows.
pub(super) const INTROSPECTION: u64 = 1_000;
