//! What a server under test leaves out on purpose, so that a test can show that the proofs notice it. A released server
//! has one value of this type and leaves nothing out: the others exist only with the feature `weaken`, which nothing but
//! the tests turns on.

/// What is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weakness {
    /// Nothing.
    #[default]
    None,
    /// The predicate of organisation, everywhere: what is left is row-level security.
    #[cfg(feature = "weaken")]
    Predicate,
    /// The predicate where a statement reads this table for its own rows.
    #[cfg(feature = "weaken")]
    Level(&'static str),
    /// The predicate in sub-selects: relation filters and reach.
    #[cfg(feature = "weaken")]
    Relation,
    /// The predicate in counts.
    #[cfg(feature = "weaken")]
    Count,
    /// What binds a cursor to its organisation and user.
    #[cfg(feature = "weaken")]
    Cursor,
}

#[cfg(feature = "weaken")]
impl Weakness {
    /// Whether a statement, as far as it is written, leaves its organisation out where it names `table` as the
    /// `position`th.
    pub fn unscoped(self, statement: &str, table: &str, position: usize) -> bool {
        match self {
            Self::None | Self::Cursor => false,
            Self::Predicate => true,
            Self::Level(weak) => position == 1 && weak == table,
            Self::Relation => position > 1,
            Self::Count => position == 1 && statement.contains("count(*)"),
        }
    }

    /// Whether typed statements of the write side leave their organisation out.
    pub fn unscoped_writes(self) -> bool {
        self == Self::Predicate
    }

    /// Whether a cursor works for every organisation and user.
    pub fn unbound_cursors(self) -> bool {
        self == Self::Cursor
    }
}

#[cfg(not(feature = "weaken"))]
#[expect(clippy::unused_self, reason = "a released server has one answer")]
impl Weakness {
    /// Whether a statement leaves its organisation out: never.
    pub const fn unscoped(self, _: &str, _: &str, _: usize) -> bool {
        false
    }

    /// Whether typed statements of the write side leave their organisation out: never.
    pub const fn unscoped_writes(self) -> bool {
        false
    }

    /// Whether a cursor works for every organisation and user: never.
    pub const fn unbound_cursors(self) -> bool {
        false
    }
}
