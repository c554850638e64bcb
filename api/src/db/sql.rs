//! A statement in the making, and the one function that names a table: with it, always, come the organisation and the
//! reach. What is added later is ANDed, so a filter with `or` cannot widen it.

use std::fmt::Write as _;
use std::sync::Arc;

use entity::Owner;

use super::{Dialect, Value};
use crate::access::{Own, Reach, Viewer, holding};

/// SQL text with its bound values.
pub struct Sql<'v> {
    /// The text so far.
    pub text: String,
    values: Vec<Value>,
    dialect: Dialect,
    viewer: &'v Viewer,
    organisation: Option<usize>,
    user: Option<usize>,
    team: Option<usize>,
    lists: bool,
    aliases: usize,
    /// Values of other words that come first.
    before: usize,
}

/// What is joined to a row of the first table. Nothing here belongs to an organisation.
pub enum Join {
    /// The entries of a list, one row each; a row with an empty list stays, with no entry.
    Entries(&'static str),
    /// The place above the one that a column names, at a level: as recorded where that is coarser.
    Place(&'static str, i32),
}

/// The deepest level of places.
const DEEPEST: i32 = 6;

impl Join {
    fn write(&self, text: &mut String, dialect: Dialect, alias: usize) {
        match self {
            Self::Entries(column) => dialect.entries(text, alias, column),
            Self::Place(column, level) => {
                let _ = write!(text, " LEFT JOIN location AS {column}0 ON {column}0.id = t{alias}.\"{column}\"");
                for step in 1..=(DEEPEST - level) {
                    let below = step - 1;
                    let _ = write!(
                        text,
                        " LEFT JOIN location AS {column}{step} ON {column}{step}.id = {column}{below}.parent_id \
                         AND {column}{below}.adm_level > {level}"
                    );
                }
            }
        }
    }

    /// The joined value: the entry, or the place at the level or, where it is recorded coarser, as recorded.
    pub fn value(&self) -> String {
        match self {
            Self::Entries(column) => format!("{column}_entry.value"),
            Self::Place(column, level) => {
                let steps: Vec<String> =
                    (0..=(DEEPEST - level)).rev().map(|step| format!("{column}{step}.id")).collect();
                if let [one] = steps.as_slice() { one.clone() } else { format!("COALESCE({})", steps.join(", ")) }
            }
        }
    }
}

/// `t1."column"`.
fn named(alias: usize, column: &str) -> String {
    ["t", itoa::Buffer::new().format(alias), ".\"", column, "\""].concat()
}

impl<'v> Sql<'v> {
    /// An empty statement for a viewer.
    pub fn new(dialect: Dialect, viewer: &'v Viewer) -> Self {
        Self {
            text: String::with_capacity(512),
            values: Vec::with_capacity(8),
            dialect,
            viewer,
            organisation: None,
            user: None,
            team: None,
            lists: true,
            aliases: 0,
            before: 0,
        }
    }

    /// For a statement within words that have so many values already.
    #[must_use]
    pub fn after(self, before: usize) -> Self {
        Self { before, ..self }
    }

    /// For who asks for longer than a list of a team is known to be true: it is looked up in its table, however small.
    #[must_use]
    pub fn without_lists(self) -> Self {
        Self { lists: false, ..self }
    }

    /// Which database it is written for.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The alias that the next source will have, for what is selected from it.
    pub fn next(&self) -> usize {
        self.aliases + 1
    }

    /// Appends text.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Binds a value and returns its number.
    pub fn number(&mut self, value: Value) -> usize {
        self.values.push(value);
        self.before + self.values.len()
    }

    /// Binds a value and appends its placeholder.
    pub fn bind(&mut self, value: Value) {
        let number = self.number(value);
        self.placeholder(number);
    }

    /// Appends the placeholder of a value that is bound already.
    pub fn placeholder(&mut self, number: usize) {
        self.dialect.placeholder(&mut self.text, number);
    }

    /// Appends `alias."column"`. Not by `format!`, which takes ten times as long: statements are written for each request.
    pub fn column(&mut self, alias: usize, column: &str) {
        for part in ["t", itoa::Buffer::new().format(alias), ".\"", column, "\""] {
            self.text.push_str(part);
        }
    }

    /// Appends `alias."column" = any of the ids`.
    pub fn any_id(&mut self, alias: usize, column: &str, ids: Vec<uuid::Uuid>) {
        let number = self.number(Value::Uuids(ids));
        self.dialect.any_id(&mut self.text, &named(alias, column), number);
    }

    /// Appends whether `alias."column"`, ids one after another, holds the id bound as `number`.
    pub fn holds_id(&mut self, alias: usize, column: &str, number: usize) {
        self.dialect.holds_id(&mut self.text, &named(alias, column), number);
    }

    /// Appends `alias."column" = any of the texts`.
    pub fn any_text(&mut self, alias: usize, column: &str, texts: Vec<String>) {
        let number = self.number(Value::Texts(texts));
        self.dialect.any_text(&mut self.text, &named(alias, column), number);
    }

    /// Appends `FROM "table" AS alias WHERE` and the predicate of organisation and reach; returns the alias. Every
    /// table a statement reads is named here and nowhere else.
    pub fn source(&mut self, table: &str, owner: &Owner, reach: Reach) -> usize {
        self.joined(table, owner, reach, &[])
    }

    /// The same with what is joined to each row: entries of its lists, places above its places.
    pub fn joined(&mut self, table: &str, owner: &Owner, reach: Reach, joins: &[Join]) -> usize {
        self.aliases += 1;
        let alias = self.aliases;
        for part in [" FROM \"", table, "\" AS t", itoa::Buffer::new().format(alias)] {
            self.text.push_str(part);
        }
        for join in joins {
            join.write(&mut self.text, self.dialect, alias);
        }
        self.push(" WHERE ");
        let unscoped = self.viewer.weakness.unscoped(&self.text, table, alias);
        match owner {
            Owner::Organisation(_) if unscoped => self.push("TRUE"),
            Owner::Shared => self.push("TRUE"),
            Owner::Organisation(column) => self.organisation(alias, column),
        }
        if reach != Reach::Organisation {
            match holding(table) {
                Some((_, own)) => self.owned(alias, own, reach),
                None => self.push(" AND FALSE"),
            }
        }
        alias
    }

    /// Appends what is joined to rows that the statement has selected already.
    pub fn join(&mut self, join: &Join, alias: usize) {
        join.write(&mut self.text, self.dialect, alias);
    }

    fn organisation(&mut self, alias: usize, column: &str) {
        let number = match self.organisation {
            Some(number) => number,
            None => self.number(Value::Uuid(self.viewer.organisation)),
        };
        self.organisation = Some(number);
        self.column(alias, column);
        self.push(" = ");
        self.dialect.placeholder(&mut self.text, number);
    }

    fn owned(&mut self, alias: usize, own: Own, reach: Reach) {
        let (made, columns, links): (&[&str], &[&str], &[crate::access::Link]) = match own {
            Own::Everyone => return,
            Own::Only(columns) => (&[], columns, &[]),
            Own::By(columns) => (&["created_by"], columns, &[]),
            Own::Through(links) => (&["created_by"], &[], links),
            Own::ByOrThrough(columns, links) => (&["created_by"], columns, links),
        };
        self.push(" AND (");
        for (position, column) in made.iter().chain(columns).enumerate() {
            self.push(if position > 0 { " OR " } else { "" });
            self.names_user(alias, column, reach);
        }
        for link in links {
            self.push(" OR EXISTS (SELECT 1");
            let other = self.source(link.table, &Owner::Organisation("organisation_id"), reach);
            self.push(" AND ");
            self.column(other, link.there);
            self.push(" = ");
            self.column(alias, link.here);
            self.push(")");
        }
        self.push(")");
    }

    fn names_user(&mut self, alias: usize, column: &str, reach: Reach) {
        let viewer = self.viewer;
        let team = if reach == Reach::Team { viewer.team.as_ref() } else { None };
        let Some(team) = team else {
            let number = match self.user {
                Some(number) => number,
                None => self.number(Value::Uuid(self.viewer.user)),
            };
            self.user = Some(number);
            self.column(alias, column);
            self.push(" = ");
            self.dialect.placeholder(&mut self.text, number);
            return;
        };
        let members = team.members.as_ref().filter(|_| self.lists);
        let number = match (self.team, members) {
            (Some(number), _) => number,
            (None, Some(members)) => self.number(Value::Uuids(members.clone())),
            (None, None) => self.number(Value::Text(team.name.clone())),
        };
        self.team = Some(number);
        if members.is_some() {
            return self.dialect.any_id(&mut self.text, &named(alias, column), number);
        }
        self.column(alias, column);
        self.push(" IN (SELECT id");
        let users = self.source("app_user", &Owner::Organisation("organisation_id"), Reach::Organisation);
        self.push(" AND ");
        self.column(users, "team");
        self.push(" = ");
        self.dialect.placeholder(&mut self.text, number);
        self.push(")");
    }

    /// The finished statement.
    pub fn finish(self) -> (Arc<str>, Vec<Value>) {
        (self.text.into(), self.values)
    }
}
