//! Statistics: rows of a noun counted by what they are cut by. Within a role's classes the counts are true ones of what
//! it may list; what it may not read it may have as published figures, see `published`.

mod bind;
mod published;
mod run;
mod sql;
mod write;

use async_graphql::Positioned;
use async_graphql::parser::types::Field as Selected;

use super::args::{Arguments, arguments};
use super::compile::{Compiler, Level, Out, json_key, json_text, noun_at, sets};
use crate::access::{Reach, reading};
use crate::error::{Code, Result};
use crate::graph::cube::{Cube, Dimension, Measure};
use crate::graph::graph;

pub(super) use bind::BoundCube;
pub(super) use run::Tally;

/// Groups an answer has at most.
pub(crate) const LARGEST: i32 = 1_000;
/// Groups an answer has when nothing is asked.
pub(crate) const USUAL: i32 = 100;
/// Ways to cut at once.
pub(crate) const CUTS: usize = 4;

/// A statistic as it is asked for.
pub(super) struct Asked {
    pub slot: usize,
    pub cube: usize,
    pub reach: Reach,
    pub arguments: Arguments,
    pub out: Vec<(Box<[u8]>, Part)>,
    /// Keys that are records: the dimension, and what is asked of the record.
    pub edges: Vec<(usize, Level)>,
    /// Measures asked for, each once.
    pub measures: Vec<usize>,
    pub groups: bool,
    pub share: bool,
    pub total: bool,
    pub path: String,
}

type Parts<P> = Vec<(Box<[u8]>, P)>;

pub(super) enum Part {
    Constant(Box<[u8]>),
    Groups(Parts<GroupPart>),
    Total(Parts<GroupPart>),
    GroupCount,
    IsPublished,
}

pub(super) enum GroupPart {
    Constant(Box<[u8]>),
    Key(Parts<KeyPart>),
    Measure(usize, Parts<MoneyPart>),
    AtLeast,
    Share,
    IsSuppressed,
}

pub(super) enum KeyPart {
    Constant(Box<[u8]>),
    Period(Parts<SpanPart>),
    Band(usize, Parts<SpanPart>),
    Plain(usize),
    /// The dimension, its place among the edges, and the record's fields.
    Record(usize, usize, Vec<Out>),
}

/// A part of a span of time or ages.
pub(super) enum SpanPart {
    Constant(Box<[u8]>),
    From,
    To,
    Label,
}

pub(super) enum MoneyPart {
    Constant(Box<[u8]>),
    Amount,
    Currency,
}

pub(super) fn cube_at(position: usize) -> Result<&'static Cube> {
    graph().cubes().get(position).ok_or_else(|| Code::Internal.into())
}

pub(super) fn dimension_at(cube: &'static Cube, position: usize) -> Result<&'static Dimension> {
    cube.dimensions.get(position).ok_or_else(|| Code::Internal.into())
}

pub(super) fn measure_at(cube: &'static Cube, position: usize) -> Result<&'static Measure> {
    cube.measures.get(position).ok_or_else(|| Code::Internal.into())
}

impl<'d> Compiler<'d> {
    /// The statistic of that root field; nothing where there is none of that name or the role reads nothing of the noun.
    pub(super) fn cube(
        &mut self,
        cube: usize,
        key: &str,
        fields: &[&'d Positioned<Selected>],
    ) -> Result<Option<Asked>> {
        let declared = cube_at(cube)?;
        let noun = graph().position(declared.noun).ok_or(Code::Internal)?;
        let Some(grant) = reading(self.role, noun_at(noun)?.area) else { return Ok(None) };
        let given = fields.first().map(|field| arguments(&field.node)).ok_or(Code::Internal)?;
        let mut asked = Asked {
            slot: self.plan.cubes,
            cube,
            reach: grant.reach,
            arguments: given,
            out: Vec::new(),
            edges: Vec::new(),
            measures: Vec::new(),
            groups: false,
            share: false,
            total: false,
            path: key.to_owned(),
        };
        self.plan.cubes += 1;
        let own = format!("{}Statistics", declared.noun);
        for (key, fields) in self.reader.fields(&sets(fields), &|on| on == own) {
            let path = format!("{}.{key}", asked.path);
            let part = match name(&fields) {
                "groups" => {
                    asked.groups = true;
                    Part::Groups(self.group(&mut asked, declared, "Group", &fields, &path)?)
                }
                "total" => {
                    asked.total = true;
                    Part::Total(self.group(&mut asked, declared, "Total", &fields, &path)?)
                }
                "groupCount" => {
                    asked.groups = true;
                    Part::GroupCount
                }
                "isPublished" => Part::IsPublished,
                _ => Part::Constant(json_text(&own)),
            };
            asked.out.push((json_key(key), part));
        }
        Ok(Some(asked))
    }

    fn group(
        &mut self,
        asked: &mut Asked,
        cube: &'static Cube,
        kind: &str,
        fields: &[&'d Positioned<Selected>],
        path: &str,
    ) -> Result<Parts<GroupPart>> {
        let own = format!("{}{kind}", cube.noun);
        let mut parts = Vec::new();
        for (key, fields) in self.reader.fields(&sets(fields), &|on| on == own) {
            let path = format!("{path}.{key}");
            let part = match name(&fields) {
                "key" => GroupPart::Key(self.group_key(asked, cube, &fields, &path)?),
                "atLeast" => GroupPart::AtLeast,
                "share" => {
                    asked.share = true;
                    GroupPart::Share
                }
                "isSuppressed" => GroupPart::IsSuppressed,
                "__typename" => GroupPart::Constant(json_text(&own)),
                other => self.measure(asked, cube, other, &fields, path)?,
            };
            parts.push((json_key(key), part));
        }
        Ok(parts)
    }

    fn measure(
        &mut self,
        asked: &mut Asked,
        cube: &'static Cube,
        name: &str,
        fields: &[&'d Positioned<Selected>],
        path: String,
    ) -> Result<GroupPart> {
        let measure = cube.measures.iter().position(|measure| measure.name == name).ok_or(Code::Internal)?;
        let noun = graph().named(cube.noun).ok_or(Code::Internal)?;
        let highest = reading(self.role, noun.area).map(|grant| grant.class);
        if highest.is_none_or(|highest| cube.measures.get(measure).is_none_or(|measure| measure.class > highest)) {
            self.plan.redactions.push(path);
            return Ok(GroupPart::Constant(b"null"[..].into()));
        }
        if !asked.measures.contains(&measure) {
            asked.measures.push(measure);
        }
        let money = |(key, fields): (&str, Vec<&Positioned<Selected>>)| {
            let part = match self::name(&fields) {
                "amount" => MoneyPart::Amount,
                "currency" => MoneyPart::Currency,
                _ => MoneyPart::Constant(json_text("Money")),
            };
            (json_key(key), part)
        };
        let money = self.reader.fields(&sets(fields), &|on| on == "Money").into_iter().map(money).collect();
        Ok(GroupPart::Measure(measure, money))
    }

    fn group_key(
        &mut self,
        asked: &mut Asked,
        cube: &'static Cube,
        fields: &[&'d Positioned<Selected>],
        path: &str,
    ) -> Result<Parts<KeyPart>> {
        let own = format!("{}Key", cube.noun);
        let mut parts = Vec::new();
        for (key, fields) in self.reader.fields(&sets(fields), &|on| on == own) {
            let name = name(&fields);
            let part = match cube.dimensions.iter().position(|dimension| dimension.field == name) {
                _ if name == "__typename" => KeyPart::Constant(json_text(&own)),
                _ if name == "period" => KeyPart::Period(self.span("Period", ["from", "to"], &fields)),
                None => return Err(Code::Internal.into()),
                Some(dimension) if name == "ageBand" => {
                    KeyPart::Band(dimension, self.span("AgeBand", ["fromYears", "toYears"], &fields))
                }
                Some(dimension) => match dimension_at(cube, dimension)?.cut.target() {
                    None => KeyPart::Plain(dimension),
                    Some(target) => self.record(asked, dimension, target, &fields, format!("{path}.{key}"))?,
                },
            };
            parts.push((json_key(key), part));
        }
        Ok(parts)
    }

    fn span(&self, own: &str, [from, to]: [&str; 2], fields: &[&'d Positioned<Selected>]) -> Parts<SpanPart> {
        let groups = self.reader.fields(&sets(fields), &|on| on == own);
        let part = |(key, fields): (&str, Vec<&Positioned<Selected>>)| {
            let part = match name(&fields) {
                "label" => SpanPart::Label,
                name if name == from => SpanPart::From,
                name if name == to => SpanPart::To,
                _ => SpanPart::Constant(json_text(own)),
            };
            (json_key(key), part)
        };
        groups.into_iter().map(part).collect()
    }

    fn record(
        &mut self,
        asked: &mut Asked,
        dimension: usize,
        target: &'static str,
        fields: &[&'d Positioned<Selected>],
        path: String,
    ) -> Result<KeyPart> {
        let target = graph().position(target).ok_or(Code::Internal)?;
        let Some(grant) = reading(self.role, noun_at(target)?.area) else {
            self.plan.redactions.push(path);
            return Ok(KeyPart::Constant(b"null"[..].into()));
        };
        let mut level = self.level(target, grant.reach, true);
        let id = noun_at(target)?.id_column();
        self.project(&mut level, id);
        let out = self.object(&mut level, &sets(fields), &path)?;
        asked.edges.push((dimension, level));
        Ok(KeyPart::Record(dimension, asked.edges.len() - 1, out))
    }
}

fn name<'s>(fields: &[&'s Positioned<Selected>]) -> &'s str {
    fields.first().map_or("", |field| field.node.name.node.as_str())
}
