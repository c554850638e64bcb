//! The answer to an operation, computed in the simplest way there is: every row is looked at, every rule is asked.
//! Nothing here is shared with the plan but the declarations of nouns and of who owns what.

mod redactions;
mod rows;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use chrono::SecondsFormat;
use entity::user::RoleCode;
use entity::value::Cell;
use lanpya::access::{Action, Class, may, reading};
use lanpya::graph::declare::{Field as Declared, Moment, Noun, Shape};
use lanpya::graph::graph;
use lanpya::plan::GlobalId;
use serde_json::Value;
use uuid::Uuid;

use super::ast::{Directive, Field, Item, Operation};
use super::data::{Data, Row};

/// A fault built into the reference, which must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// Rows of all organisations.
    NoOrganisation,
    /// Every row of the organisation, whatever the reach.
    NoReach,
    /// A team's rows are the user's own only.
    NoTeam,
    /// Every field, whatever the class.
    NoClass,
    /// Nulls sort first when ascending.
    NullsFirst,
    /// Ids always ascend.
    IdsAscend,
    /// `not` of a comparison with null is not true.
    ThreeValued,
    /// `ne` and `notIn` leave nulls out.
    NoNulls,
    /// `every` does not hold for none.
    EveryNeedsSome,
    /// Relation filters see rows beyond reach.
    RelationsSeeAll,
    /// `last` gives the first rows.
    LastIsFirst,
    /// `upTo` is not looked at.
    NoUpTo,
}

/// All of them.
pub const MUTANTS: [Mutant; 12] = [
    Mutant::NoOrganisation,
    Mutant::NoReach,
    Mutant::NoTeam,
    Mutant::NoClass,
    Mutant::NullsFirst,
    Mutant::IdsAscend,
    Mutant::ThreeValued,
    Mutant::NoNulls,
    Mutant::EveryNeedsSome,
    Mutant::RelationsSeeAll,
    Mutant::LastIsFirst,
    Mutant::NoUpTo,
];

/// Who asks.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The organisation.
    pub organisation: Uuid,
    /// The user.
    pub user: Uuid,
    /// The role.
    pub role: RoleCode,
    /// The team.
    pub team: Option<String>,
}

/// The reference, for one asker.
pub struct Reference<'r> {
    /// All rows.
    pub data: &'r Data,
    /// Who asks.
    pub asker: &'r Asker,
    /// When.
    pub moment: Moment,
    /// What is wrong with it.
    pub mutant: Option<Mutant>,
}

/// The order of two values; null is the greatest.
pub fn compare(left: &Cell<'_>, right: &Cell<'_>) -> Ordering {
    match (left, right) {
        (Cell::Null, Cell::Null) => Ordering::Equal,
        (Cell::Null, _) => Ordering::Greater,
        (_, Cell::Null) => Ordering::Less,
        (Cell::Text(l), Cell::Text(r)) => l.as_bytes().cmp(r.as_bytes()),
        (Cell::Int(l), Cell::Int(r)) => l.cmp(r),
        (Cell::Float(l), Cell::Float(r)) => l.partial_cmp(r).unwrap(),
        (Cell::Bool(l), Cell::Bool(r)) => l.cmp(r),
        (Cell::Uuid(l), Cell::Uuid(r)) => l.as_bytes().cmp(r.as_bytes()),
        (Cell::Date(l), Cell::Date(r)) => l.cmp(r),
        (Cell::Timestamp(l), Cell::Timestamp(r)) => l.cmp(r),
        _ => panic!("{left:?} and {right:?}"),
    }
}

/// The ways a noun is ordered: name, column, class.
pub fn orders(noun: &Noun) -> Vec<(String, &'static str, Class)> {
    fn snake(name: &str) -> String {
        name.chars().fold(String::new(), |mut text, c| {
            if c.is_uppercase() {
                text.push('_');
            }
            text.push(c.to_ascii_uppercase());
            text
        })
    }
    fn add(found: &mut Vec<(String, &'static str, Class)>, before: &str, field: &Declared) {
        let name = format!("{before}{}", snake(field.name));
        match &field.shape {
            Shape::Plain(column) | Shape::Code(column, _) if field.sort => found.push((name, column.name, field.class)),
            Shape::Object(_, _, inner) => inner.iter().for_each(|field| add(found, &format!("{name}_"), field)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    noun.fields.iter().for_each(|field| add(&mut found, "", field));
    found
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().unwrap_or_else(|| panic!("{value} is no object")).iter().filter(|(_, value)| !value.is_null())
}

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

/// A client's value, read as what it is compared with.
fn read(like: &Cell<'_>, value: &Value) -> Cell<'static> {
    match like {
        Cell::Int(_) => Cell::Int(value.as_i64().unwrap()),
        Cell::Float(_) => Cell::Float(value.as_f64().unwrap()),
        Cell::Bool(_) => Cell::Bool(value.as_bool().unwrap()),
        Cell::Date(_) => Cell::Date(text(value).parse().unwrap()),
        Cell::Timestamp(_) => Cell::Timestamp(text(value).parse().unwrap()),
        _ => Cell::Text(text(value).to_owned().into()),
    }
}

fn json(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Null | Cell::Bytes(_) => "null".to_owned(),
        Cell::Text(text) => Value::from(text.as_ref()).to_string(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => Value::from(*number).to_string(),
        Cell::Bool(truth) => truth.to_string(),
        Cell::Uuid(id) => format!("\"{id}\""),
        Cell::Date(day) => format!("\"{day}\""),
        Cell::Timestamp(at) => format!("\"{}\"", at.to_rfc3339_opts(SecondsFormat::Millis, true)),
    }
}

fn object(members: Vec<(String, String)>) -> String {
    let members: Vec<String> = members.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn id_of(noun: &Noun, row: &Row) -> Uuid {
    row[noun.id].uuid().unwrap()
}

impl Reference<'_> {
    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    // Who sees what.

    fn on(&self, operation: &Operation, directives: &[Directive]) -> bool {
        let _ = self;
        directives.iter().all(|one| operation.value(&one.condition) == Some(Value::Bool(one.include)))
    }

    fn collect<'o>(
        &self,
        operation: &'o Operation,
        items: &[&'o [Item]],
        fits: &dyn Fn(&str) -> bool,
    ) -> Vec<(&'o str, Vec<&'o Field>)> {
        let mut groups = Vec::new();
        let mut spread = BTreeSet::new();
        for items in items {
            self.gather(operation, items, fits, &mut spread, &mut groups);
        }
        groups
    }

    fn gather<'o>(
        &self,
        operation: &'o Operation,
        items: &'o [Item],
        fits: &dyn Fn(&str) -> bool,
        spread: &mut BTreeSet<&'o str>,
        groups: &mut Vec<(&'o str, Vec<&'o Field>)>,
    ) {
        for item in items {
            match item {
                Item::Field(field) if self.on(operation, &field.directives) => {
                    match groups.iter_mut().find(|(key, _)| *key == field.key()) {
                        Some((_, fields)) => fields.push(field),
                        None => groups.push((field.key(), vec![field])),
                    }
                }
                Item::Inline(on, directives, items)
                    if self.on(operation, directives) && on.as_deref().is_none_or(fits) =>
                {
                    self.gather(operation, items, fits, spread, groups);
                }
                Item::Spread(name, directives) if self.on(operation, directives) => {
                    let (name, on, items) = operation.fragments.iter().find(|(other, ..)| other == name).unwrap();
                    if spread.insert(name) && fits(on) {
                        self.gather(operation, items, fits, spread, groups);
                    }
                }
                _ => {}
            }
        }
    }

    /// The `data` of the answer.
    pub fn answer(&self, operation: &Operation) -> String {
        let roots = self.collect(operation, &[&operation.items], &|on| on == "Query");
        object(roots.iter().map(|(key, fields)| ((*key).to_owned(), self.root(operation, fields))).collect())
    }

    fn root(&self, operation: &Operation, fields: &[&Field]) -> String {
        let field = fields[0];
        let below: Vec<&[Item]> = fields.iter().map(|field| field.items.as_slice()).collect();
        match field.name.as_str() {
            "__typename" => quoted("Query"),
            "viewer" => self.viewer(operation, &below),
            "node" => self.node(operation, text(&operation.argument(field, "id").unwrap()), &below),
            "nodes" => {
                let ids = operation.argument(field, "ids").unwrap();
                let nodes: Vec<String> = list(&ids).iter().map(|id| self.node(operation, text(id), &below)).collect();
                format!("[{}]", nodes.join(","))
            }
            name => {
                let noun = graph().nouns().iter().find(|noun| noun.single == name || noun.plural == name).unwrap();
                if noun.plural == name {
                    let rows = self.data.rows(noun.table).iter().collect();
                    return self.connection(operation, noun, rows, fields);
                }
                let key = noun.key.as_ref().and_then(|(name, column, _)| {
                    Some((column.name, text(&operation.argument(field, name)?).to_owned()))
                });
                let Some((column, value)) = key else {
                    let id = operation.argument(field, "id").unwrap();
                    let known = GlobalId::read(text(&id)).is_some_and(|id| id.prefix == noun.prefix);
                    return if known { self.node(operation, text(&id), &below) } else { "null".to_owned() };
                };
                let mut rows = self.data.rows(noun.table).iter();
                let found = rows.find(|row| self.sees(noun, row) && row[column].text() == Some(&value));
                found.map_or("null".to_owned(), |row| self.object(operation, noun, row, &below))
            }
        }
    }

    fn viewer(&self, operation: &Operation, below: &[&[Item]]) -> String {
        let groups = self.collect(operation, below, &|on| on == "Viewer");
        let member = |(key, fields): (&str, Vec<&Field>)| {
            let below: Vec<&[Item]> = fields.iter().map(|field| field.items.as_slice()).collect();
            let one = |name: &str, id: Uuid| {
                let noun = graph().named(name).unwrap();
                let row = self.data.by(noun.table, noun.id, id).find(|row| self.sees(noun, row));
                row.map_or("null".to_owned(), |row| self.object(operation, noun, row, &below))
            };
            let value = match fields[0].name.as_str() {
                "role" => quoted(entity::Code::code(self.asker.role)),
                "permissions" => {
                    let all = Action::ALL.into_iter().filter(|action| may(self.asker.role, *action));
                    format!("[{}]", all.map(|action| quoted(action.code())).collect::<Vec<_>>().join(","))
                }
                "user" => one("User", self.asker.user),
                "organisation" => one("Organisation", self.asker.organisation),
                _ => quoted("Viewer"),
            };
            (key.to_owned(), value)
        };
        object(groups.into_iter().map(member).collect())
    }

    fn node(&self, operation: &Operation, id: &str, below: &[&[Item]]) -> String {
        let found = GlobalId::read(id).and_then(|id| {
            let noun = graph().noun(graph().prefixed(&id.prefix)?)?;
            let row = self.data.by(noun.table, noun.id, id.id).find(|row| self.sees(noun, row))?;
            Some((noun, row))
        });
        found.map_or("null".to_owned(), |(noun, row)| self.object(operation, noun, row, below))
    }

    fn object(&self, operation: &Operation, noun: &'static Noun, row: &Row, below: &[&[Item]]) -> String {
        let groups = self.collect(operation, below, &|on| on == noun.name || on == "Node");
        let member = |(key, fields): (&str, Vec<&Field>)| {
            let value = match noun.field(&fields[0].name) {
                Some(declared) => self.field(operation, noun, declared, row, &fields),
                None => quoted(noun.name),
            };
            (key.to_owned(), value)
        };
        object(groups.into_iter().map(member).collect())
    }

    fn field(
        &self,
        operation: &Operation,
        noun: &'static Noun,
        declared: &'static Declared,
        row: &Row,
        fields: &[&Field],
    ) -> String {
        let null = || "null".to_owned();
        if !self.may_see(noun, declared.class) {
            return null();
        }
        let below: Vec<&[Item]> = fields.iter().map(|field| field.items.as_slice()).collect();
        match &declared.shape {
            Shape::Id => quoted(&GlobalId::text(noun.prefix, id_of(noun, row))),
            Shape::Plain(column) | Shape::Code(column, _) => json(&row[column.name]),
            Shape::CodeList(column, _) | Shape::TextList(column) => {
                row[column.name].text().map_or_else(null, str::to_owned)
            }
            Shape::Derived(columns, compute, _) => {
                let cells: Vec<Cell<'_>> = columns.iter().map(|column| row[column.name].clone()).collect();
                json(&compute(&cells, &self.moment))
            }
            Shape::Records([kind, one, many]) => {
                let Some(noun) = row[kind.name].text().and_then(|name| graph().named(name)) else {
                    return "[]".to_owned();
                };
                let many = row[many.name].bytes().unwrap_or_default().chunks(16);
                let ids = row[one.name].uuid().into_iter().chain(many.map(|id| Uuid::from_slice(id).unwrap()));
                let ids: Vec<String> = ids.take(200).map(|id| quoted(&GlobalId::text(noun.prefix, id))).collect();
                format!("[{}]", ids.join(","))
            }
            Shape::Object(name, _, inner) => {
                let always = inner.iter().any(|field| field.required) || declared.required;
                let is_null = |field: &Declared| match &field.shape {
                    Shape::Plain(column) | Shape::Code(column, _) => row[column.name].is_null(),
                    _ => false,
                };
                if !always && inner.iter().all(is_null) {
                    return null();
                }
                let groups = self.collect(operation, &below, &|on| on == *name);
                let member = |(key, fields): (&str, Vec<&Field>)| {
                    let value = match inner.iter().find(|field| field.name == fields[0].name) {
                        Some(declared) => self.field(operation, noun, declared, row, &fields),
                        None => quoted(name),
                    };
                    (key.to_owned(), value)
                };
                object(groups.into_iter().map(member).collect())
            }
            Shape::One(column, target) => {
                let target = graph().named(target).unwrap();
                let Cell::Uuid(id) = row[column.name] else { return null() };
                let found = self.data.by(target.table, target.id, id).find(|row| self.sees(target, row));
                found.map_or_else(null, |row| self.object(operation, target, row, &below))
            }
            Shape::Many(column, target) => {
                let target = graph().named(target).unwrap();
                if reading(self.asker.role, target.area).is_none() {
                    return null();
                }
                let rows = self.data.by(target.table, column.name, id_of(noun, row)).collect();
                self.connection(operation, target, rows, fields)
            }
        }
    }

    fn connection(&self, operation: &Operation, noun: &'static Noun, rows: Vec<&Row>, fields: &[&Field]) -> String {
        let field = fields[0];
        let below: Vec<&[Item]> = fields.iter().map(|field| field.items.as_slice()).collect();
        let filter = operation.argument(field, "where");
        let rows: Vec<&Row> = rows
            .into_iter()
            .filter(|row| self.sees(noun, row) && filter.as_ref().is_none_or(|filter| self.fits(noun, row, filter)))
            .collect();
        let rows = self.sorted(noun, rows, operation.argument(field, "orderBy").as_ref());
        let size = |name| operation.argument(field, name).map(|size| usize::try_from(size.as_u64().unwrap()).unwrap());
        let (first, last) = (size("first"), size("last"));
        let length = first.or(last).unwrap_or(25).min(rows.len());
        let from_end = last.is_some() && !self.is(Mutant::LastIsFirst);
        let page = if from_end { &rows[rows.len() - length..] } else { &rows[..length] };
        let more = length < rows.len();
        let each =
            |of: &dyn Fn(&Row) -> String| format!("[{}]", page.iter().map(|row| of(row)).collect::<Vec<_>>().join(","));
        let connection = format!("{}Connection", noun.name);
        let member = |(key, fields): (&str, Vec<&Field>)| {
            let below: Vec<&[Item]> = fields.iter().map(|field| field.items.as_slice()).collect();
            let value = match fields[0].name.as_str() {
                "nodes" => each(&|row| self.object(operation, noun, row, &below)),
                "edges" => each(&|row| self.edge(operation, noun, row, &below)),
                "totalCount" => {
                    let up_to = operation.argument(fields[0], "upTo").filter(|_| !self.is(Mutant::NoUpTo));
                    let up_to = up_to.map_or(usize::MAX, |up_to| usize::try_from(up_to.as_u64().unwrap()).unwrap());
                    rows.len().min(up_to).to_string()
                }
                "pageInfo" => {
                    let groups = self.collect(operation, &below, &|on| on == "PageInfo");
                    let member = |(key, fields): (&str, Vec<&Field>)| {
                        let value = match fields[0].name.as_str() {
                            "hasNextPage" => (more && last.is_none()).to_string(),
                            "hasPreviousPage" => (more && last.is_some()).to_string(),
                            _ => quoted("PageInfo"),
                        };
                        (key.to_owned(), value)
                    };
                    object(groups.into_iter().map(member).collect())
                }
                _ => quoted(&connection),
            };
            (key.to_owned(), value)
        };
        let groups = self.collect(operation, &below, &|on| on == connection);
        object(groups.into_iter().map(member).collect())
    }

    fn edge(&self, operation: &Operation, noun: &'static Noun, row: &Row, below: &[&[Item]]) -> String {
        let name = format!("{}Edge", noun.name);
        let groups = self.collect(operation, below, &|on| on == name);
        let member = |(key, fields): (&str, Vec<&Field>)| {
            let below: Vec<&[Item]> = fields.iter().map(|field| field.items.as_slice()).collect();
            let value = match fields[0].name.as_str() {
                "node" => self.object(operation, noun, row, &below),
                _ => quoted(&name),
            };
            (key.to_owned(), value)
        };
        object(groups.into_iter().map(member).collect())
    }
}

// What the role does not see, told beside the data.
