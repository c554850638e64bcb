//! Who may do and read what: one policy table, read by the plan (fields), the services (actions) and the documentation.
//! It knows roles and classes, never rows; which rows a reach covers is said beside each noun in `graph/`.

mod action;
mod own;
mod policy;
mod weakness;

use entity::user::RoleCode;
use uuid::Uuid;

pub use action::{Action, may};
pub use own::{Link, Own, follows, holding};
pub use policy::{Grant, reading, roles};
pub use weakness::Weakness;

/// How much harm the disclosure of a field can do. A role reads a class and everything below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Anyone with a token of any organisation.
    Public,
    /// Staff of the owning organisation.
    Internal,
    /// Tells who a person is.
    Personal,
    /// Health, violence, trafficking, ethnicity.
    Sensitive,
    /// Positions of shelters, perpetrators, armed groups.
    Restricted,
}

impl Class {
    /// The word used in descriptions.
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Personal => "personal",
            Self::Sensitive => "sensitive",
            Self::Restricted => "restricted",
        }
    }
}

/// The part of the service a noun belongs to; the policy table is kept per role and area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// Shared code lists: places, capacity tools.
    Reference,
    /// The organisation itself, its users, projects and centres.
    Directory,
    /// Persons, children and households.
    People,
    /// Yearly observations of children.
    Cpms,
    /// Child-protection cases.
    Cases,
    /// Trafficking survivors.
    Trafficking,
    /// Visits to resource centres.
    Visits,
    /// Referrals to and from partners.
    Referrals,
    /// Which other systems are told of what.
    Webhooks,
    /// Capacity assessments.
    Capacity,
    /// Trainings and campaigns.
    Training,
    /// The trail of who read and did what.
    Audit,
}

impl Area {
    /// Every area, for tables that must be complete.
    pub const ALL: [Self; 12] = [
        Self::Reference,
        Self::Directory,
        Self::People,
        Self::Cpms,
        Self::Cases,
        Self::Trafficking,
        Self::Visits,
        Self::Referrals,
        Self::Webhooks,
        Self::Capacity,
        Self::Training,
        Self::Audit,
    ];
}

/// Which rows of the organisation a role reaches. Rows of another organisation are never within reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Rows the user owns, is assigned to or made.
    Own,
    /// Rows that someone of the user's team owns.
    Team,
    /// Every row of the organisation.
    Organisation,
}

/// A team as it was when its user was last asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// Who is in it, where they are few enough for a statement to name them.
    pub members: Option<Vec<Uuid>>,
}

/// Who asks: a verified token met by an enabled user of its organisation. Made by `db::identity` alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The user's id within the organisation.
    pub user: Uuid,
    /// The organisation whose rows exist for this viewer.
    pub organisation: Uuid,
    /// The one role in force.
    pub role: RoleCode,
    /// The user's team, for roles that reach as far as it.
    pub team: Option<Team>,
    /// Time zone of the organisation: its day decides what is overdue.
    pub time_zone: chrono_tz::Tz,
    /// Rises when the user's rights change; part of every cache key.
    pub epoch: i32,
    /// What a server under test leaves out; nothing in a released one.
    pub weakness: Weakness,
}
