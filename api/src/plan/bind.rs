//! A request's values put into a plan: pages, orders, filters and places, all checked before any statement runs.

use async_graphql_value::ConstValue;
use entity::user::RoleCode;
use entity::value::Scalar;

use super::args::{self, Variables};
use super::changes::BoundChanges;
use super::compile::{About, Child, Level, List, Plan, Root, ViewerField};
use super::cube::BoundCube;
use super::cursor::{Place, Seal, bond};
use super::filter::{Checker, Filter, Noted};
use super::id::GlobalId;
use super::{LARGEST_ANSWER, LARGEST_PAGE, PAGE};
use crate::access::{Class, Viewer, reading};
use crate::error::{Code, Error, Result};
use crate::graph::cube::screaming;
use crate::graph::declare::{Column, Field, Noun, Shape};
use crate::graph::graph;

/// The values of one request, list by list.
pub struct Bound {
    pub(super) lists: Vec<BoundList>,
    pub(super) cubes: Vec<BoundCube>,
    pub(super) changes: Vec<BoundChanges>,
    /// What filters and orders touch that the audit names.
    pub(super) noted: Vec<Noted>,
    /// Rows the request may have to read, nested pages multiplied out.
    pub cost: u64,
}

pub(super) struct BoundList {
    pub limit: usize,
    pub backward: bool,
    pub keys: Vec<SortKey>,
    /// Whether ids run down behind the keys: they follow the first one, so that one index serves both directions.
    pub descending: bool,
    pub filter: Option<Filter>,
    pub after: Option<Place>,
    pub before: Option<Place>,
    pub up_to: Option<i64>,
    pub bond: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SortKey {
    pub column: Column,
    pub descending: bool,
}

const SORT_KEYS: usize = 5;
/// Points of a statistic beside its groups: it reads whatever it counts.
const COUNTING: u64 = 100;

impl Plan {
    /// Puts the request's values in.
    pub fn bind(
        &self,
        variables: &Variables,
        viewer: &Viewer,
        seal: &Seal,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Bound> {
        let mut lists: Vec<Option<BoundList>> = Vec::new();
        lists.resize_with(self.lists, || None);
        let mut binder = Binder { variables, viewer, seal, now, lists, noted: Vec::new(), cost: 0 };
        let mut cubes = Vec::with_capacity(self.cubes);
        let mut changes = Vec::with_capacity(self.changes);
        for (_, root) in &self.roots {
            match root {
                Root::Constant(_) | Root::Labels(..) => {}
                Root::List(list) => binder.list(list, 1)?,
                Root::Cube(asked) => {
                    let bound = BoundCube::new(asked, variables, viewer, &mut binder.noted)
                        .map_err(|error| Error { path: vec![asked.path.clone()], ..error })?;
                    binder.spend(COUNTING + bound.first as u64)?;
                    for (_, level) in &asked.edges {
                        binder.level(level, bound.first as u64)?;
                    }
                    cubes.push(bound);
                }
                Root::Changes(asked) => {
                    let bound = asked.bind(variables, viewer, seal, now)?;
                    for level in asked.levels() {
                        binder.level(level, bound.first as u64)?;
                    }
                    changes.push(bound);
                }
                Root::One { level, .. } => binder.level(level, 1)?,
                Root::Nodes { per_noun, arguments } => {
                    let ids = match variables.argument(arguments, "ids") {
                        Some(ConstValue::List(ids)) => ids.len(),
                        _ => 1,
                    };
                    if ids > usize::try_from(LARGEST_PAGE).unwrap_or_default() {
                        let text = format!("At most {LARGEST_PAGE} ids at a time.");
                        return Err(Error::new(Code::LimitExceeded).saying(text).on("ids"));
                    }
                    for (level, _) in per_noun {
                        binder.level(level, ids as u64)?;
                    }
                }
                Root::Viewer(fields) => {
                    for (_, field) in fields {
                        if let ViewerField::Row { level, .. } = field {
                            binder.level(level, 1)?;
                        }
                    }
                }
            }
        }
        let (cost, noted) = (binder.cost, binder.noted);
        let lists: Option<Vec<BoundList>> = binder.lists.into_iter().collect();
        Ok(Bound { lists: lists.ok_or(Code::Internal)?, cubes, changes, noted, cost })
    }
}

struct Binder<'b> {
    variables: &'b Variables,
    viewer: &'b Viewer,
    seal: &'b Seal,
    now: chrono::DateTime<chrono::Utc>,
    lists: Vec<Option<BoundList>>,
    noted: Vec<Noted>,
    cost: u64,
}

impl Binder<'_> {
    fn spend(&mut self, rows: u64) -> Result<()> {
        self.cost = self.cost.saturating_add(rows);
        if self.cost > LARGEST_ANSWER {
            let text = format!(
                "The operation may read more than {LARGEST_ANSWER} rows: nested pages multiply. Ask for fewer per page."
            );
            return Err(Error::new(Code::LimitExceeded).saying(text));
        }
        Ok(())
    }

    fn level(&mut self, level: &Level, rows: u64) -> Result<()> {
        self.spend(rows)?;
        for child in &level.children {
            match child {
                Child::One { level, .. } => self.level(level, rows)?,
                Child::Many { list, .. } => self.list(list, rows)?,
            }
        }
        Ok(())
    }

    fn list(&mut self, list: &List, parents: u64) -> Result<()> {
        let noun = graph().noun(list.level.noun).ok_or(Code::Internal)?;
        let bound = self.bind(list, noun).map_err(|error| Error { path: vec![list.path.clone()], ..error })?;
        let rows = if list.rows { bound.limit as u64 } else { 1 };
        if let Some(slot) = self.lists.get_mut(list.slot) {
            *slot = Some(bound);
        }
        self.level(&list.level, parents.saturating_mul(rows))
    }

    fn bind(&mut self, list: &List, noun: &'static Noun) -> Result<BoundList> {
        let argument = |name: &str| self.variables.argument(&list.arguments, name);
        let size = |name: &str| argument(name).map(|value| page_size(&value, name)).transpose();
        let (first, from_end) = (size("first")?, size("last")?);
        if first.is_some() && from_end.is_some() {
            return Err(Error::new(Code::BadUserInput).saying("Give first or last, not both.").on("last"));
        }
        let (keys, descending) = match argument("orderBy") {
            Some(value) => order(noun, &value, self.viewer.role, &mut self.noted)?,
            None => (Vec::new(), false),
        };
        let mut checker = Checker::new(self.viewer.role);
        let filter = argument("where").map(|value| checker.noun(noun, &value, "where", 0)).transpose()?;
        let filter = match list.about {
            Some(about) => {
                Some(Filter::All(filter.into_iter().chain([trail_of(argument("record"), about)?]).collect()))
            }
            None => filter,
        };
        self.noted.append(&mut checker.noted);
        let (after, before) = (argument("after"), argument("before"));
        let bond = if list.cursors || after.is_some() || before.is_some() {
            bond(self.viewer, &format!("{}|{:?}|{keys:?}|{descending}|{filter:?}", noun.name, list.via))
        } else {
            Vec::new()
        };
        let scalars: Vec<Scalar> = keys.iter().map(|key| key.column.scalar).collect();
        let open = |value: Option<ConstValue>, name: &str| {
            value.map(|value| self.seal.open(&bond, self.now, &args::text(&value, name)?, &scalars, name)).transpose()
        };
        let (after, before) = (open(after, "after")?, open(before, "before")?);
        let up_to = list.count.as_ref().and_then(|given| self.variables.argument(given, "upTo"));
        let up_to = up_to.map(|value| count_limit(&value)).transpose()?;
        let limit = usize::try_from(first.or(from_end).unwrap_or(PAGE)).unwrap_or_default();
        Ok(BoundList { limit, backward: from_end.is_some(), keys, descending, filter, after, before, up_to, bond })
    }
}

/// Events about one record; none where the id names nothing that may be asked for.
fn trail_of(record: Option<ConstValue>, about: About) -> Result<Filter> {
    let record = record.map(|id| args::text(&id, "record")).transpose()?;
    let record = record.and_then(|id| GlobalId::read(&id)).map(|id| id.id);
    Ok(match (record, about) {
        (Some(record), About::Any) => Filter::About { record, within: None },
        (Some(record), About::Within(noun, reach)) => Filter::About { record, within: Some((noun, reach)) },
        (None, _) | (_, About::Nothing) => Filter::Any(Vec::new()),
    })
}

fn page_size(value: &ConstValue, name: &str) -> Result<i32> {
    let size = args::int(value, name)?;
    if (1..=LARGEST_PAGE).contains(&size) {
        return Ok(size);
    }
    Err(Error::new(Code::LimitExceeded).saying(format!("Must be between 1 and {LARGEST_PAGE}.")).on(name))
}

fn count_limit(value: &ConstValue) -> Result<i64> {
    let limit = args::int(value, "upTo")?;
    if limit >= 1 {
        return Ok(limit.into());
    }
    Err(Error::new(Code::BadUserInput).saying("Must be 1 or more.").on("upTo"))
}

/// The name by which a field is ordered.
pub(crate) fn order_name(parts: &[&str]) -> String {
    let mut name = String::new();
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            name.push('_');
        }
        name.push_str(&screaming(part));
    }
    name
}

/// Every way a noun can be ordered: name, column, class, description.
pub(crate) fn orders(noun: &'static Noun) -> Vec<(String, Column, Class, &'static str)> {
    type Found = Vec<(String, Column, Class, &'static str)>;
    fn add(noun: &Noun, found: &mut Found, path: &[&str], field: &'static Field) {
        let mut path = path.to_vec();
        path.push(field.name);
        match &field.shape {
            Shape::Plain(column) | Shape::Code(column, _) if field.sort => {
                let column = if field.in_id { noun.id_column() } else { *column };
                found.push((order_name(&path), column, field.class, field.description));
            }
            Shape::Object(_, _, inner) => inner.iter().for_each(|field| add(noun, found, &path, field)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    noun.fields.iter().for_each(|field| add(noun, &mut found, &[], field));
    found
}

/// The keys of an order, the id left out, and whether ids run down behind them.
fn order(
    noun: &'static Noun,
    value: &ConstValue,
    role: RoleCode,
    noted: &mut Vec<Noted>,
) -> Result<(Vec<SortKey>, bool)> {
    let items = match value {
        ConstValue::List(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    if items.len() > SORT_KEYS {
        return Err(Error::new(Code::LimitExceeded).saying(format!("At most {SORT_KEYS} keys.")).on("orderBy"));
    }
    let known = orders(noun);
    let highest = reading(role, noun.area).map(|grant| grant.class);
    let mut keys: Vec<SortKey> = Vec::with_capacity(items.len());
    for item in items {
        let ConstValue::Object(members) = item else {
            return Err(Error::new(Code::BadUserInput).saying("Expected an object.").on("orderBy"));
        };
        let field = members.get("field").map(|value| args::name(value, "orderBy.field")).transpose()?;
        let field = field.and_then(|name| known.iter().find(|(known, ..)| known == name));
        let (_, column, class, _) = field.ok_or_else(|| Error::new(Code::CodeUnknown).on("orderBy.field"))?;
        if highest.is_none_or(|highest| *class > highest) {
            return Err(Error::new(Code::ClassNotAllowed).on("orderBy.field"));
        }
        if *class >= Class::Personal {
            noted.extend(graph().position(noun.name).map(|noun| (noun, column.name)));
        }
        let descending = match members.get("direction").filter(|value| **value != ConstValue::Null) {
            None => false,
            Some(value) => match args::name(value, "orderBy.direction")? {
                "ASC" => false,
                "DESC" => true,
                _ => return Err(Error::new(Code::CodeUnknown).on("orderBy.direction")),
            },
        };
        if !keys.iter().any(|key| key.column == *column) {
            keys.push(SortKey { column: *column, descending });
        }
    }
    let descending = keys.first().is_some_and(|key| key.descending);
    // No two rows have one id: nothing orders behind it.
    let id = noun.id_column();
    let before_id = keys.iter().take_while(|key| key.column != id).copied().collect();
    Ok((before_id, descending))
}
