//! From a selection to a plan. Here, before any SQL, it is decided what each field is made of and whether the role may
//! have it: refused at the root, null with a redaction below it.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

use async_graphql::parser::types::{Field as Asked, SelectionSet};
use async_graphql::{Name, Positioned};
use async_graphql_value::Value;
use entity::user::RoleCode;
use entity::value::Scalar;
use uuid::Uuid;

use super::args::{Arguments, Variables, arguments};
use super::changes::Changes;
use super::cube;
use super::id::GlobalId;
use super::object::RECORD;
use super::selection::{Document, Group, Reader};
use crate::access::{Action, Class, Reach, follows, may, reading};
use crate::error::{Code, Error, Result};
use crate::graph::declare::{Column, Compute, Field, Noun, Shape};
use crate::graph::graph;

/// What to do for one selection and one role. Holds no values and no user.
#[derive(Default)]
pub struct Plan {
    /// The answer's top fields in order.
    pub(super) roots: Vec<(Box<[u8]>, Root)>,
    /// Columns of the to-one loads, by noun: edges that meet in a noun share one.
    pub(super) loads: Vec<(usize, Vec<Column>)>,
    /// How many lists there are.
    pub(super) lists: usize,
    /// How many statistics there are.
    pub(super) cubes: usize,
    /// How many looks at changes there are.
    pub(super) changes: usize,
    /// Response paths that the role does not see.
    pub redactions: Vec<String>,
    /// Bytes of its last answer: so much room the next one gets.
    pub(super) length: AtomicUsize,
}

pub(super) enum Root {
    Constant(Box<[u8]>),
    List(List),
    One { level: Level, out: Vec<Out>, key: &'static str, column: Option<Column>, arguments: Arguments },
    Nodes { per_noun: Vec<(Level, Vec<Out>)>, arguments: Arguments },
    Viewer(Vec<(Box<[u8]>, ViewerField)>),
    Cube(Box<cube::Asked>),
    Changes(Box<Changes>),
    Labels(Vec<(Box<[u8]>, LabelsPart)>, Arguments),
}

/// A part of a closed list's labels.
pub(super) enum LabelsPart {
    Constant(Box<[u8]>),
    Name,
    Values(Vec<(Box<[u8]>, LabelPart)>),
}

pub(super) enum LabelPart {
    Constant(Box<[u8]>),
    Code,
    Label,
}

pub(super) enum ViewerField {
    Constant(Box<[u8]>),
    Row { level: Level, out: Vec<Out>, organisation: bool },
}

/// Rows of one noun and what hangs below them.
pub(super) struct Level {
    pub noun: usize,
    pub reach: Reach,
    /// Own columns; a to-one level's stand in `Plan::loads`.
    pub columns: Vec<Column>,
    pub shared: bool,
    pub children: Vec<Child>,
    /// Fields that the audit names: personal or higher.
    pub noted: Vec<&'static str>,
}

pub(super) enum Child {
    One { column: usize, level: Level },
    Many { column: usize, list: Box<List> },
}

/// A connection: where its rows come from, and what of it is asked.
pub(super) struct List {
    pub slot: usize,
    /// The child's column that names the parent; none for a root.
    pub via: Option<Column>,
    pub arguments: Arguments,
    pub level: Level,
    /// What its statements ask of a row beyond its organisation: the level's reach, or nothing more where each row is
    /// within it because its parent, found in the same instant, is.
    pub asked: Reach,
    pub out: Vec<(Box<[u8]>, ListField)>,
    pub rows: bool,
    pub cursors: bool,
    pub count: Option<Arguments>,
    pub path: String,
    /// Only events about the record that the argument names.
    pub about: Option<About>,
    /// Whether the lists of all parents together are as short as their pages, by organisation and user. A plan serves
    /// many: how long one answer takes must not tell what was found for another.
    pub fits: Mutex<HashMap<(Uuid, Uuid), bool>>,
}

/// Whose trail may be asked for.
#[derive(Clone, Copy)]
pub(super) enum About {
    /// That of any record of the organisation.
    Any,
    /// That of a record of this noun within this reach.
    Within(usize, Reach),
    /// None: the id names nothing that the role reads.
    Nothing,
}

pub(super) enum ListField {
    Constant(Box<[u8]>),
    Nodes(Vec<Out>),
    Edges(Vec<(Box<[u8]>, EdgeField)>),
    Page(Vec<(Box<[u8]>, PageField)>),
    Total,
}

pub(super) enum EdgeField {
    Constant(Box<[u8]>),
    Cursor,
    Node(Vec<Out>),
}

pub(super) enum PageField {
    Constant(Box<[u8]>),
    HasNext,
    HasPrevious,
    Start,
    End,
}

/// One field of an object: its key as JSON and how its value is written.
pub(super) struct Out {
    pub key: Box<[u8]>,
    pub what: What,
}

pub(super) enum What {
    Constant(Box<[u8]>),
    Id(usize, &'static str),
    Plain(usize, Scalar),
    /// Text that needs no escaping: a code of a closed list.
    Code(usize),
    /// Text that is JSON already.
    Json(usize),
    Derived(Vec<(usize, Scalar)>, Compute),
    Records([usize; 3]),
    /// Null where every one of the columns is; with no columns it is never null.
    Object(Vec<Out>, Vec<(usize, Scalar)>),
    One(usize, Vec<Out>),
    Many(usize),
}

/// Compiles a query operation.
pub fn compile(document: &Document, variables: &Variables, role: RoleCode) -> Result<Plan> {
    let reader = Reader { fragments: &document.parsed.fragments, variables };
    let mut compiler = Compiler { reader: &reader, role, plan: Plan::default(), about_one: false };
    let set = &document.operation()?.selection_set.node;
    for (key, fields) in reader.fields(&[set], &|on| on == "Query") {
        compiler.root(key, &fields)?;
    }
    Ok(compiler.plan)
}

impl Plan {
    /// One root field alone: for an operation that mixes planned fields with introspection.
    pub fn for_root(reader: &Reader<'_>, field: &Positioned<Asked>, role: RoleCode) -> Result<Self> {
        let mut compiler = Compiler { reader, role, plan: Self::default(), about_one: false };
        compiler.root("value", &[field])?;
        Ok(compiler.plan)
    }

    /// One object of a noun by its id: a mutation's payload. Nothing where the role may not read the noun.
    pub fn for_object(reader: &Reader<'_>, noun: usize, set: &SelectionSet, role: RoleCode) -> Result<Option<Self>> {
        let mut compiler = Compiler { reader, role, plan: Self::default(), about_one: false };
        let Some(reach) = compiler.reach(noun) else { return Ok(None) };
        let mut level = compiler.single(noun, reach)?;
        let out = compiler.object(&mut level, &[set], "value")?;
        let arguments = vec![("id".into(), Value::Variable(Name::new(RECORD)))];
        let root = Root::One { level, out, key: "id", column: None, arguments };
        compiler.plan.roots.push((json_key("value"), root));
        Ok(Some(compiler.plan))
    }
}

pub(super) struct Compiler<'d> {
    pub reader: &'d Reader<'d>,
    pub role: RoleCode,
    pub plan: Plan,
    /// In the trail of one record within reach: what else was read with it may lie beyond.
    about_one: bool,
}

pub(super) fn json_key(key: &str) -> Box<[u8]> {
    // Names of GraphQL are letters, digits and underscores: nothing to escape.
    format!("\"{key}\":").into_bytes().into()
}

pub(super) fn json_text(text: &str) -> Box<[u8]> {
    serde_json::Value::from(text).to_string().into_bytes().into()
}

pub(super) fn sets<'d>(fields: &[&'d Positioned<Asked>]) -> Vec<&'d SelectionSet> {
    fields.iter().map(|field| &field.node.selection_set.node).collect()
}

pub(super) fn noun_at(position: usize) -> Result<&'static Noun> {
    graph().noun(position).ok_or_else(|| Code::Internal.into())
}

impl<'d> Compiler<'d> {
    fn root(&mut self, key: &str, fields: &[&'d Positioned<Asked>]) -> Result<()> {
        let Some(field) = fields.first() else { return Ok(()) };
        let name = field.node.name.node.as_str();
        let refused = || Error::new(Code::RoleNotAllowed).at(field.pos).under(vec![key.to_owned()]);
        let root = match name {
            "__typename" => Root::Constant(json_text("Query")),
            "viewer" => self.viewer(key, fields)?,
            "node" => self.node(fields)?,
            "nodes" => self.nodes(fields)?,
            "enumLabels" => Root::Labels(self.labels(fields), arguments(&field.node)),
            "accessTrail" => self.access_trail(key, fields)?.ok_or_else(refused)?,
            "changesSince" => Root::Changes(Box::new(self.changes(key, fields)?.ok_or_else(refused)?)),
            _ if let Some(cube) = graph().cubes().iter().position(|cube| cube.root == name) => {
                Root::Cube(Box::new(self.cube(cube, key, fields)?.ok_or_else(refused)?))
            }
            _ => {
                let noun = graph().nouns().iter().position(|noun| noun.single == name || noun.plural == name);
                let noun = noun.ok_or(Code::Internal)?;
                let reach = self.reach(noun).ok_or_else(refused)?;
                let declared = noun_at(noun)?;
                if declared.plural == name {
                    Root::List(self.list(noun, reach, None, key, fields)?)
                } else {
                    let given = arguments(&field.node);
                    let by_key = declared.key.as_ref().filter(|(name, _, _)| given.iter().any(|(a, _)| a == name));
                    let highest = reading(self.role, declared.area).map(|grant| grant.class);
                    if by_key.is_some_and(|(_, _, class)| highest.is_none_or(|highest| *class > highest)) {
                        let error = Error::new(Code::ClassNotAllowed).at(field.pos);
                        return Err(error.under(vec![key.to_owned()]));
                    }
                    let mut level = self.single(noun, reach)?;
                    let out = self.object(&mut level, &sets(fields), key)?;
                    let noted = by_key.filter(|(_, _, class)| *class >= Class::Personal).map(|(name, ..)| *name);
                    level.noted.extend(noted);
                    let (argument, column) = by_key.map_or(("id", None), |(name, column, _)| (*name, Some(*column)));
                    Root::One { level, out, key: argument, column, arguments: given }
                }
            }
        };
        self.plan.roots.push((json_key(key), root));
        Ok(())
    }

    fn viewer(&mut self, root: &str, fields: &[&'d Positioned<Asked>]) -> Result<Root> {
        let mut out = Vec::new();
        for (key, fields) in self.reader.fields(&sets(fields), &|on| on == "Viewer") {
            let Some(field) = fields.first() else { continue };
            let value = match field.node.name.node.as_str() {
                "role" => ViewerField::Constant(json_text(entity::Code::code(self.role))),
                "permissions" => {
                    let codes: Vec<&str> =
                        Action::ALL.into_iter().filter(|action| may(self.role, *action)).map(Action::code).collect();
                    ViewerField::Constant(serde_json::Value::from(codes).to_string().into_bytes().into())
                }
                name @ ("user" | "organisation") => {
                    let organisation = name == "organisation";
                    let noun = graph().position(if organisation { "Organisation" } else { "User" });
                    let noun = noun.ok_or(Code::Internal)?;
                    let path = format!("{root}.{key}");
                    match self.reach(noun) {
                        None => {
                            self.plan.redactions.push(path);
                            ViewerField::Constant(b"null"[..].into())
                        }
                        Some(reach) => {
                            let mut level = self.single(noun, reach)?;
                            let out = self.object(&mut level, &sets(&fields), &path)?;
                            ViewerField::Row { level, out, organisation }
                        }
                    }
                }
                _ => ViewerField::Constant(json_text("Viewer")),
            };
            out.push((json_key(key), value));
        }
        Ok(Root::Viewer(out))
    }

    /// The noun an id names, if the role reads it.
    fn noun_of(&self, id: &async_graphql_value::ConstValue) -> Option<(usize, Reach)> {
        let async_graphql_value::ConstValue::String(text) = id else { return None };
        let noun = graph().prefixed(&GlobalId::read(text)?.prefix)?;
        self.reach(noun).map(|reach| (noun, reach))
    }

    fn node(&mut self, fields: &[&'d Positioned<Asked>]) -> Result<Root> {
        let Some(field) = fields.first() else { return Err(Code::Internal.into()) };
        let given = arguments(&field.node);
        let id = self.reader.variables.argument(&given, "id");
        let Some((noun, reach)) = id.as_ref().and_then(|id| self.noun_of(id)) else {
            return Ok(Root::Constant(b"null"[..].into()));
        };
        let mut level = self.single(noun, reach)?;
        let out = self.object(&mut level, &sets(fields), field.node.response_key().node.as_str())?;
        Ok(Root::One { level, out, key: "id", column: None, arguments: given })
    }

    fn nodes(&mut self, fields: &[&'d Positioned<Asked>]) -> Result<Root> {
        let Some(field) = fields.first() else { return Err(Code::Internal.into()) };
        let given = arguments(&field.node);
        let ids = match self.reader.variables.argument(&given, "ids") {
            Some(async_graphql_value::ConstValue::List(ids)) => ids,
            Some(one) => vec![one],
            None => Vec::new(),
        };
        let mut nouns: Vec<(usize, Reach)> = ids.iter().filter_map(|id| self.noun_of(id)).collect();
        nouns.sort_unstable();
        nouns.dedup();
        let mut per_noun = Vec::new();
        for (noun, reach) in nouns {
            let mut level = self.single(noun, reach)?;
            let out = self.object(&mut level, &sets(fields), field.node.response_key().node.as_str())?;
            per_noun.push((level, out));
        }
        Ok(Root::Nodes { per_noun, arguments: given })
    }

    /// Who read and changed one record; nothing where the role reads no trail.
    fn access_trail(&mut self, key: &str, fields: &[&'d Positioned<Asked>]) -> Result<Option<Root>> {
        let Some(field) = fields.first() else { return Err(Code::Internal.into()) };
        let events = graph().position("AuditEvent").ok_or(Code::Internal)?;
        let Some(reach) = self.reach(events) else { return Ok(None) };
        let record = self.reader.variables.argument(&arguments(&field.node), "record");
        let about = match record.as_ref().and_then(|id| self.noun_of(id)) {
            _ if reach == Reach::Organisation => About::Any,
            Some((noun, reach)) => About::Within(noun, reach),
            None => About::Nothing,
        };
        self.about_one = matches!(about, About::Within(..) | About::Nothing);
        let list = self.list(events, Reach::Organisation, None, key, fields);
        self.about_one = false;
        let list = list?;
        Ok(Some(Root::List(List { about: Some(about), ..list })))
    }

    fn reach(&self, noun: usize) -> Option<Reach> {
        graph().noun(noun).and_then(|noun| reading(self.role, noun.area)).map(|grant| grant.reach)
    }

    pub(super) fn level(&mut self, noun: usize, reach: Reach, shared: bool) -> Level {
        if shared && !self.plan.loads.iter().any(|(other, _)| *other == noun) {
            self.plan.loads.push((noun, Vec::new()));
        }
        Level { noun, reach, columns: Vec::new(), shared, children: Vec::new(), noted: Vec::new() }
    }

    /// The position of a column in the level's rows; asked for once.
    pub(super) fn project(&mut self, level: &mut Level, column: Column) -> usize {
        let columns = if level.shared {
            self.plan.loads.iter_mut().find(|(noun, _)| *noun == level.noun).map(|(_, columns)| columns)
        } else {
            Some(&mut level.columns)
        };
        let Some(columns) = columns else { return 0 };
        columns.iter().position(|other| *other == column).unwrap_or_else(|| {
            columns.push(column);
            columns.len() - 1
        })
    }

    /// A level of one row: its id is always read, so that an answer without columns still knows whether the row exists.
    pub(super) fn single(&mut self, noun: usize, reach: Reach) -> Result<Level> {
        let mut level = self.level(noun, reach, false);
        let id = noun_at(noun)?.id_column();
        self.project(&mut level, id);
        Ok(level)
    }

    pub(super) fn object(&mut self, level: &mut Level, sets: &[&'d SelectionSet], path: &str) -> Result<Vec<Out>> {
        let noun = noun_at(level.noun)?;
        let groups = self.reader.fields(sets, &|on| on == noun.name || on == "Node");
        let highest = reading(self.role, noun.area).map(|grant| grant.class);
        groups.into_iter().map(|group| self.field(level, noun.name, &noun.fields, highest, group, path)).collect()
    }

    fn field(
        &mut self,
        level: &mut Level,
        type_name: &str,
        declared: &'static [Field],
        highest: Option<Class>,
        (key, fields): Group<'d>,
        path: &str,
    ) -> Result<Out> {
        let asked = fields.first().ok_or(Code::Internal)?;
        let path = format!("{path}.{key}");
        let name = asked.node.name.node.as_str();
        if name == "__typename" {
            return Ok(Out { key: json_key(key), what: What::Constant(json_text(type_name)) });
        }
        let field = declared.iter().find(|field| field.name == name).ok_or(Code::Internal)?;
        let hidden = highest.is_none_or(|highest| field.class > highest);
        if !hidden && field.class >= Class::Personal && !level.noted.contains(&field.name) {
            level.noted.push(field.name);
        }
        let names_others = self.about_one && field.shape.names_records();
        let what = if hidden || names_others { None } else { self.value(level, field, highest, &fields, &path)? };
        let what = what.unwrap_or_else(|| {
            self.plan.redactions.push(path);
            What::Constant(b"null"[..].into())
        });
        Ok(Out { key: json_key(key), what })
    }

    fn value(
        &mut self,
        level: &mut Level,
        field: &'static Field,
        highest: Option<Class>,
        fields: &[&'d Positioned<Asked>],
        path: &str,
    ) -> Result<Option<What>> {
        Ok(Some(match &field.shape {
            Shape::Id => {
                let noun = noun_at(level.noun)?;
                What::Id(self.project(level, noun.id_column()), noun.prefix)
            }
            Shape::Plain(column) => What::Plain(self.project(level, *column), column.scalar),
            Shape::Code(column, _) => What::Code(self.project(level, *column)),
            Shape::CodeList(column, _) | Shape::TextList(column) => What::Json(self.project(level, *column)),
            Shape::Derived(columns, compute, _) => {
                let from = columns.iter().map(|column| (self.project(level, *column), column.scalar)).collect();
                What::Derived(from, *compute)
            }
            Shape::Records(columns) => What::Records(columns.map(|column| self.project(level, column))),
            Shape::Object(name, _, inner) => {
                let groups = self.reader.fields(&sets(fields), &|on| on == *name);
                let out: Result<Vec<Out>> =
                    groups.into_iter().map(|group| self.field(level, name, inner, highest, group, path)).collect();
                let columns = inner.iter().filter_map(|part| match &part.shape {
                    Shape::Plain(column) | Shape::Code(column, _) if !field.required => Some(*column),
                    _ => None,
                });
                let columns = columns.map(|column| (self.project(level, column), column.scalar)).collect();
                What::Object(out?, columns)
            }
            Shape::One(column, target) => {
                let target = graph().position(target).ok_or(Code::Internal)?;
                let Some(reach) = self.reach(target) else { return Ok(None) };
                let column = self.project(level, *column);
                let mut child = self.level(target, reach, true);
                let id = noun_at(target)?.id_column();
                self.project(&mut child, id);
                let out = self.object(&mut child, &sets(fields), path)?;
                level.children.push(Child::One { column, level: child });
                let position = level.children.len() - 1;
                What::One(position, out)
            }
            Shape::Many(column, target) => {
                let target = graph().position(target).ok_or(Code::Internal)?;
                let Some(reach) = self.reach(target) else { return Ok(None) };
                let (noun, below) = (noun_at(level.noun)?, noun_at(target)?);
                let parent = self.project(level, noun.id_column());
                let mut list = self.list(target, reach, Some(*column), path, fields)?;
                if reach == level.reach && follows(below.table, column.name, noun.table, noun.id) {
                    list.asked = Reach::Organisation;
                }
                level.children.push(Child::Many { column: parent, list: Box::new(list) });
                What::Many(level.children.len() - 1)
            }
        }))
    }
}
