//! Filters: from a client's `where` to a checked tree, and from the tree to SQL. A field that the role may not read is
//! refused here, for what may not be read may not be narrowed by.

use async_graphql_value::ConstValue;
use chrono::{DateTime, TimeDelta, Utc};
use entity::user::RoleCode;
use entity::value::Scalar;

use super::args;
use super::id::GlobalId;
use crate::access::{Class, Reach, reading};
use crate::db::{Sql, Value};
use crate::error::{Code, Error, Result};
use crate::graph::declare::{Column, Field, Noun, Shape};
use crate::graph::graph;

/// How deep `and`, `or`, `not` and relations may nest.
pub const FILTER_DEPTH: usize = 6;
const TERMS: usize = 100;
const LIST: usize = 100;
/// Most between an id and the instant of its row: the first versions looked at the clock twice.
const MOMENT: TimeDelta = TimeDelta::seconds(1);

/// A checked filter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Test(Column, Test),
    /// Rows of a noun whose `there` equals this row's `here`: some of them, or none.
    Related {
        noun: usize,
        reach: Reach,
        here: Column,
        there: Column,
        some: bool,
        inner: Box<Filter>,
    },
    /// Audit events about one record, which must itself be within reach where that is said.
    About {
        record: uuid::Uuid,
        within: Option<(usize, Reach)>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    Equal(Value),
    Differs(Value),
    Compare(&'static str, Value),
    AmongTexts(Vec<String>, bool),
    AmongIds(Vec<uuid::Uuid>),
    Prefix(String),
    Null(bool),
}

/// The operators of a filter input: name, whether it takes a list, its own type if not the value's, meaning.
pub struct Operators(pub &'static [(&'static str, bool, Option<&'static str>, &'static str)]);

/// What a field of a shape can be compared by.
pub fn operators(shape: &Shape) -> Operators {
    const NULL: (&str, bool, Option<&str>, &str) =
        ("isNull", false, Some("Boolean"), "True: has no value. False: has one.");
    const EQ: (&str, bool, Option<&str>, &str) = ("eq", false, None, "Equal to.");
    const NE: (&str, bool, Option<&str>, &str) = ("ne", false, None, "Not equal to, or without a value.");
    const IN: (&str, bool, Option<&str>, &str) = ("in", true, None, "One of these, at most 100.");
    const ORDERED: &[(&str, bool, Option<&str>, &str)] = &[
        EQ,
        NE,
        ("gt", false, None, "Greater than, later than."),
        ("gte", false, None, "Greater or equal, that day or later."),
        ("lt", false, None, "Less than, earlier than."),
        ("lte", false, None, "Less or equal, that day or earlier."),
        NULL,
    ];
    const TEXT: &[(&str, bool, Option<&str>, &str)] =
        &[EQ, NE, IN, ("startsWith", false, None, "Begins with this text, upper and lower case told apart."), NULL];
    const CODE: &[(&str, bool, Option<&str>, &str)] =
        &[EQ, NE, IN, ("notIn", true, None, "None of these, at most 100, or without a value."), NULL];
    Operators(match shape {
        Shape::Id => &[EQ, IN],
        Shape::Code(..) => CODE,
        Shape::Plain(column) => match column.scalar {
            Scalar::Text => TEXT,
            Scalar::Bool => &[EQ, NULL],
            Scalar::Uuid | Scalar::Bytes => &[EQ, IN],
            Scalar::Int | Scalar::Float | Scalar::Date | Scalar::Timestamp => ORDERED,
        },
        _ => &[],
    })
}

pub(super) struct Checker {
    role: RoleCode,
    terms: usize,
    /// Nouns and their fields that the audit names: personal or higher.
    pub noted: Vec<Noted>,
}

/// A noun by position, and one of its fields.
pub(super) type Noted = (usize, &'static str);

impl Checker {
    pub fn new(role: RoleCode) -> Self {
        Self { role, terms: 0, noted: Vec::new() }
    }

    /// Checks a filter on a noun.
    pub fn noun(&mut self, noun: &'static Noun, value: &ConstValue, path: &str, depth: usize) -> Result<Filter> {
        let highest = reading(self.role, noun.area).map(|grant| grant.class);
        let mut all = Vec::new();
        for (name, value) in members(value, path)? {
            let path = format!("{path}.{name}");
            let shortcut = noun.shortcuts.iter().find(|shortcut| shortcut.name == name);
            if let Some(shortcut) = shortcut {
                all.push(self.shortcut(noun, shortcut, value, &path)?);
            } else if let Some(filter) = self.logic(name, value, &path, depth, &mut |checker, value, path, depth| {
                checker.noun(noun, value, path, depth)
            })? {
                all.push(filter);
            } else {
                let field = noun.field(name).filter(|field| field.filter || matches!(field.shape, Shape::Id));
                let field = field.ok_or_else(|| unknown(&path))?;
                all.push(self.field(noun, field, highest, value, &path, depth)?);
            }
        }
        Ok(Filter::All(all))
    }

    fn logic(
        &mut self,
        name: &str,
        value: &ConstValue,
        path: &str,
        depth: usize,
        inner: &mut dyn FnMut(&mut Self, &ConstValue, &str, usize) -> Result<Filter>,
    ) -> Result<Option<Filter>> {
        if !matches!(name, "and" | "or" | "not") {
            return Ok(None);
        }
        let depth = deeper(depth, path)?;
        if name == "not" {
            return Ok(Some(Filter::Not(Box::new(inner(self, value, path, depth)?))));
        }
        let parts: Result<Vec<Filter>> = list(value, path)?.iter().map(|part| inner(self, part, path, depth)).collect();
        Ok(Some(if name == "and" { Filter::All(parts?) } else { Filter::Any(parts?) }))
    }

    fn field(
        &mut self,
        noun: &'static Noun,
        field: &'static Field,
        highest: Option<Class>,
        value: &ConstValue,
        path: &str,
        depth: usize,
    ) -> Result<Filter> {
        self.terms += 1;
        if self.terms > TERMS {
            return Err(Error::new(Code::LimitExceeded).saying(format!("A filter may have {TERMS} terms.")).on(path));
        }
        if highest.is_none_or(|highest| field.class > highest) {
            return Err(Error::new(Code::ClassNotAllowed).on(path));
        }
        if field.class >= Class::Personal {
            self.noted.extend(graph().position(noun.name).map(|noun| (noun, field.name)));
        }
        match &field.shape {
            Shape::Object(_, _, inner) => {
                let mut all = Vec::new();
                for (name, value) in members(value, path)? {
                    let path = format!("{path}.{name}");
                    let field = inner.iter().find(|field| field.name == name && field.filter);
                    let field = field.ok_or_else(|| unknown(&path))?;
                    all.push(self.field(noun, field, highest, value, &path, depth)?);
                }
                Ok(Filter::All(all))
            }
            Shape::One(column, target) => self.one(*column, target, value, path, deeper(depth, path)?),
            Shape::Many(column, target) => self.many(noun, *column, target, value, path, deeper(depth, path)?),
            Shape::Id => tests(noun.id_column(), &Kind::Id(noun.prefix), value, path),
            Shape::Code(column, codes) => tests(*column, &Kind::Code(&codes.values), value, path),
            Shape::Plain(column) => {
                let tests = tests(*column, &Kind::Scalar(column.scalar), value, path)?;
                Ok(if field.in_id { along_ids(noun.id_column(), tests) } else { tests })
            }
            Shape::CodeList(..) | Shape::TextList(..) | Shape::Derived(..) | Shape::Records(_) => Err(unknown(path)),
        }
    }

    fn target(&self, name: &str, path: &str) -> Result<(usize, &'static Noun, Reach)> {
        let position = graph().position(name).ok_or(Code::Internal)?;
        let noun = graph().noun(position).ok_or(Code::Internal)?;
        let grant = reading(self.role, noun.area).ok_or_else(|| Error::new(Code::ClassNotAllowed).on(path))?;
        Ok((position, noun, grant.reach))
    }

    fn one(&mut self, here: Column, target: &str, value: &ConstValue, path: &str, depth: usize) -> Result<Filter> {
        let (position, noun, reach) = self.target(target, path)?;
        let mut all = Vec::new();
        for (name, value) in members(value, path)? {
            let path = format!("{path}.{name}");
            all.push(match name {
                "isNull" => Filter::Test(here, Test::Null(args::boolean(value, &path)?)),
                "is" => {
                    let inner = Box::new(self.noun(noun, value, &path, depth)?);
                    Filter::Related { noun: position, reach, here, there: noun.id_column(), some: true, inner }
                }
                _ => return Err(unknown(&path)),
            });
        }
        Ok(Filter::All(all))
    }

    fn many(
        &mut self,
        noun: &'static Noun,
        there: Column,
        target: &str,
        value: &ConstValue,
        path: &str,
        depth: usize,
    ) -> Result<Filter> {
        let here = noun.id_column();
        let (position, noun, reach) = self.target(target, path)?;
        let mut all = Vec::new();
        for (name, value) in members(value, path)? {
            let path = format!("{path}.{name}");
            if !matches!(name, "some" | "none" | "every") {
                return Err(unknown(&path));
            }
            let inner = self.noun(noun, value, &path, depth)?;
            let (some, inner) = match name {
                "some" => (true, inner),
                "none" => (false, inner),
                _ => (false, Filter::Not(Box::new(inner))),
            };
            all.push(Filter::Related { noun: position, reach, here, there, some, inner: Box::new(inner) });
        }
        Ok(Filter::All(all))
    }

    fn shortcut(
        &mut self,
        noun: &'static Noun,
        shortcut: &crate::graph::declare::Shortcut,
        value: &ConstValue,
        path: &str,
    ) -> Result<Filter> {
        let Some(Field { shape: Shape::Many(there, target), class, .. }) = noun.field(shortcut.edge) else {
            return Err(Code::Internal.into());
        };
        if *class >= Class::Personal {
            self.noted.extend(graph().position(noun.name).map(|noun| (noun, shortcut.name)));
        }
        self.terms += 1;
        let (position, _, reach) = self.target(target, path)?;
        let column = Column { name: shortcut.column, scalar: Scalar::Text, nullable: false };
        let folded = (shortcut.fold)(&args::text(value, path)?);
        let inner = Box::new(Filter::Test(column, Test::Equal(Value::Text(folded))));
        Ok(Filter::Related { noun: position, reach, here: noun.id_column(), there: *there, some: true, inner })
    }
}

enum Kind<'k> {
    Id(&'static str),
    Code(&'k [&'static str]),
    Scalar(Scalar),
}

fn tests(column: Column, kind: &Kind<'_>, value: &ConstValue, path: &str) -> Result<Filter> {
    let mut all = Vec::new();
    for (name, value) in members(value, path)? {
        let path = format!("{path}.{name}");
        let test = match name {
            "isNull" => Test::Null(args::boolean(value, &path)?),
            "in" | "notIn" => among(kind, list(value, &path)?, name == "in", &path)?,
            "startsWith" => Test::Prefix(args::text(value, &path)?),
            "eq" => match scalar(kind, value, &path)? {
                Some(value) => Test::Equal(value),
                None => Test::AmongIds(Vec::new()),
            },
            "ne" => Test::Differs(scalar(kind, value, &path)?.ok_or_else(|| unknown(&path))?),
            "gt" => Test::Compare(">", scalar(kind, value, &path)?.ok_or_else(|| unknown(&path))?),
            "gte" => Test::Compare(">=", scalar(kind, value, &path)?.ok_or_else(|| unknown(&path))?),
            "lt" => Test::Compare("<", scalar(kind, value, &path)?.ok_or_else(|| unknown(&path))?),
            "lte" => Test::Compare("<=", scalar(kind, value, &path)?.ok_or_else(|| unknown(&path))?),
            _ => return Err(unknown(&path)),
        };
        all.push(Filter::Test(column, test));
    }
    Ok(Filter::All(all))
}

/// An instant of which ids were made bounds them too, by which rows are found.
fn along_ids(id: Column, tests: Filter) -> Filter {
    let mut all = vec![tests.clone()];
    if let Filter::All(tests) = tests {
        for test in tests {
            let (from, until) = match test {
                Filter::Test(_, Test::Equal(Value::Timestamp(at))) => (Some(at), Some(at)),
                Filter::Test(_, Test::Compare(">" | ">=", Value::Timestamp(at))) => (Some(at), None),
                Filter::Test(_, Test::Compare("<" | "<=", Value::Timestamp(at))) => (None, Some(at)),
                _ => continue,
            };
            let bound = |how, at, rest| Filter::Test(id, Test::Compare(how, Value::Uuid(id_at(at, rest))));
            all.extend(from.map(|at| bound(">=", at - MOMENT, 0)));
            all.extend(until.map(|at| bound("<=", at, u8::MAX)));
        }
    }
    Filter::All(all)
}

/// The first or last UUIDv7 of an instant.
fn id_at(at: DateTime<Utc>, rest: u8) -> uuid::Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &[rest; 10]).into_uuid()
}

fn among(kind: &Kind<'_>, items: &[ConstValue], wanted: bool, path: &str) -> Result<Test> {
    let mut texts = Vec::new();
    let mut ids = Vec::new();
    for item in items {
        match scalar(kind, item, path)? {
            Some(Value::Text(text)) => texts.push(text),
            Some(Value::Uuid(id)) => ids.push(id),
            _ => {}
        }
    }
    Ok(if matches!(kind, Kind::Id(_)) { Test::AmongIds(ids) } else { Test::AmongTexts(texts, wanted) })
}

/// A checked value; `None` for an id that names nothing of this kind, which no row has.
fn scalar(kind: &Kind<'_>, value: &ConstValue, path: &str) -> Result<Option<Value>> {
    Ok(Some(match kind {
        Kind::Id(prefix) => match GlobalId::read_as(&args::text(value, path)?, prefix) {
            Some(id) => Value::Uuid(id),
            None => return Ok(None),
        },
        Kind::Code(codes) => {
            let name = args::name(value, path)?;
            if !codes.contains(&name) {
                return Err(Error::new(Code::CodeUnknown).on(path));
            }
            Value::Text(name.to_owned())
        }
        Kind::Scalar(Scalar::Text | Scalar::Uuid | Scalar::Bytes) => Value::Text(args::text(value, path)?),
        Kind::Scalar(Scalar::Int) => Value::Int(args::int(value, path)?),
        Kind::Scalar(Scalar::Float) => Value::Float(args::float(value, path)?),
        Kind::Scalar(Scalar::Bool) => Value::Bool(args::boolean(value, path)?),
        Kind::Scalar(Scalar::Date) => Value::Date(args::date(value, path)?),
        Kind::Scalar(Scalar::Timestamp) => Value::Timestamp(args::timestamp(value, path)?),
    }))
}

fn members<'v>(value: &'v ConstValue, path: &str) -> Result<Vec<(&'v str, &'v ConstValue)>> {
    match value {
        // A null operator, as a form leaves it, narrows nothing.
        ConstValue::Object(members) => {
            Ok(members.iter().filter(|(_, v)| **v != ConstValue::Null).map(|(name, v)| (name.as_str(), v)).collect())
        }
        _ => Err(Error::new(Code::BadUserInput).saying("Expected an object.").on(path)),
    }
}

fn list<'v>(value: &'v ConstValue, path: &str) -> Result<&'v [ConstValue]> {
    let items = match value {
        ConstValue::List(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    if items.len() > LIST {
        return Err(Error::new(Code::LimitExceeded).saying(format!("A list may have {LIST} entries.")).on(path));
    }
    Ok(items)
}

fn deeper(depth: usize, path: &str) -> Result<usize> {
    if depth >= FILTER_DEPTH {
        let text = format!("A filter may nest {FILTER_DEPTH} deep.");
        return Err(Error::new(Code::LimitExceeded).saying(text).on(path));
    }
    Ok(depth + 1)
}

/// The place is named, not the key: in a variable it is as much a value as what it stands for.
fn unknown(path: &str) -> Error {
    let place = path.rsplit_once('.').map_or(path, |(place, _)| place);
    Error::new(Code::BadUserInput).saying("There is no such filter here.").on(place)
}

impl Filter {
    /// Appends the condition; always one bracketed or atomic term, true or false but for nulls inside.
    pub fn emit(&self, sql: &mut Sql<'_>, alias: usize) -> Result<()> {
        match self {
            Self::All(parts) => join(sql, parts, " AND ", "TRUE", alias),
            Self::Any(parts) => join(sql, parts, " OR ", "FALSE", alias),
            Self::Not(inner) => {
                sql.push("NOT COALESCE(");
                inner.emit(sql, alias)?;
                sql.push(", FALSE)");
                Ok(())
            }
            Self::Test(column, test) => {
                test.emit(sql, alias, *column);
                Ok(())
            }
            Self::Related { noun, reach, here, there, some, inner } => {
                let noun = graph().noun(*noun).ok_or(Code::Internal)?;
                sql.push(if *some { "EXISTS (SELECT 1" } else { "NOT EXISTS (SELECT 1" });
                let other = sql.source(noun.table, &noun.owner, *reach);
                sql.push(" AND ");
                sql.column(other, there.name);
                sql.push(" = ");
                sql.column(alias, here.name);
                sql.push(" AND ");
                inner.emit(sql, other)?;
                sql.push(")");
                Ok(())
            }
            Self::About { record, within } => about(sql, alias, *record, *within),
        }
    }
}

fn about(sql: &mut Sql<'_>, alias: usize, record: uuid::Uuid, within: Option<(usize, Reach)>) -> Result<()> {
    let number = sql.number(Value::Uuid(record));
    sql.push("(");
    sql.column(alias, "record_id");
    sql.push(" = ");
    sql.placeholder(number);
    sql.push(" OR ");
    sql.holds_id(alias, "records", number);
    sql.push(")");
    if let Some((noun, reach)) = within {
        let noun = graph().noun(noun).ok_or(Code::Internal)?;
        sql.push(" AND EXISTS (SELECT 1");
        let other = sql.source(noun.table, &noun.owner, reach);
        sql.push(" AND ");
        sql.column(other, noun.id);
        sql.push(" = ");
        sql.placeholder(number);
        sql.push(")");
    }
    Ok(())
}

fn join(sql: &mut Sql<'_>, parts: &[Filter], with: &str, empty: &str, alias: usize) -> Result<()> {
    if parts.is_empty() {
        sql.push(empty);
        return Ok(());
    }
    sql.push("(");
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            sql.push(with);
        }
        part.emit(sql, alias)?;
    }
    sql.push(")");
    Ok(())
}

impl Test {
    fn emit(&self, sql: &mut Sql<'_>, alias: usize, column: Column) {
        match self {
            Self::Equal(value) => compare(sql, alias, column, " = ", value),
            Self::Differs(value) => compare(sql, alias, column, " IS DISTINCT FROM ", value),
            Self::Compare(operator, value) => compare(sql, alias, column, operator, value),
            Self::AmongTexts(texts, true) => sql.any_text(alias, column.name, texts.clone()),
            Self::AmongTexts(texts, false) => {
                sql.push("NOT COALESCE(");
                sql.any_text(alias, column.name, texts.clone());
                sql.push(", FALSE)");
            }
            Self::AmongIds(ids) => sql.any_id(alias, column.name, ids.clone()),
            Self::Prefix(prefix) => {
                // Byte order: whatever begins with the prefix lies between it and itself followed by the last character.
                sql.push("(");
                compare(sql, alias, column, " >= ", &Value::Text(prefix.clone()));
                sql.push(" AND ");
                compare(sql, alias, column, " < ", &Value::Text(format!("{prefix}{}", char::MAX)));
                sql.push(")");
            }
            Self::Null(null) => {
                sql.column(alias, column.name);
                sql.push(if *null { " IS NULL" } else { " IS NOT NULL" });
            }
        }
    }
}

fn compare(sql: &mut Sql<'_>, alias: usize, column: Column, operator: &str, value: &Value) {
    sql.column(alias, column.name);
    sql.push(operator);
    sql.bind(value.clone());
}
