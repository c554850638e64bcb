//! Rows to JSON bytes, in the order of the selection, without a tree in between.

use std::io::Write as _;
use std::sync::atomic::Ordering;

use entity::value::{Cell, Scalar};
use uuid::Uuid;

use super::bind::{Bound, BoundList};
use super::compile::{EdgeField, List, ListField, Out, PageField, Plan, Root, ViewerField, What};
use super::cursor::Seal;
use super::json;
use super::run::{Below, Found, Page, Pages, Set};
use crate::db::Row;
use crate::error::{Code, Result};
use crate::graph::declare::{Column, Moment};
use crate::graph::graph;

/// Records that an audit event names at most.
const SHOWN: usize = 200;

pub(super) struct Writer<'w> {
    pub bound: &'w Bound,
    pub moment: Moment,
    pub seal: &'w Seal,
}

impl Writer<'_> {
    pub fn answer(&self, plan: &Plan, found: &[Found<'_>]) -> Result<Vec<u8>> {
        let usual = plan.length.load(Ordering::Relaxed);
        let mut out = Vec::with_capacity(usual + usual / 8 + 256);
        out.push(b'{');
        for (position, ((key, root), found)) in plan.roots.iter().zip(found).enumerate() {
            comma(&mut out, position);
            out.extend_from_slice(key);
            self.root(&mut out, root, found)?;
        }
        out.push(b'}');
        plan.length.store(out.len(), Ordering::Relaxed);
        Ok(out)
    }

    /// The single object of a set, or nothing.
    pub fn object(&self, fields: &[Out], set: &Set<'_>) -> Result<Option<Vec<u8>>> {
        let mut out = Vec::with_capacity(1_024);
        let Some(row) = set.rows.first() else { return Ok(None) };
        self.fields(&mut out, fields, set, row)?;
        Ok(Some(out))
    }

    fn root(&self, out: &mut Vec<u8>, root: &Root, found: &Found<'_>) -> Result<()> {
        match (root, found) {
            (Root::Constant(bytes), _) => out.extend_from_slice(bytes),
            (Root::List(list), Found::List(pages)) => self.list(out, list, pages, Uuid::nil())?,
            (Root::Labels(parts, _), Found::Labels(labels)) => labels.write(out, parts)?,
            (Root::Changes(asked), Found::Changes(found)) => self.changed(out, asked, found)?,
            (Root::Cube(asked), Found::Cube(tally)) => self.tally(out, asked, tally)?,
            (Root::One { out: fields, .. }, Found::One(set)) => self.first(out, fields, set)?,
            (Root::Nodes { per_noun, .. }, Found::Nodes(places, sets)) => {
                out.push(b'[');
                for (position, place) in places.iter().enumerate() {
                    comma(out, position);
                    let found = place.and_then(|(noun, row)| {
                        let set = sets.get(noun)?;
                        Some((per_noun.get(noun)?, set, set.rows.get(row)?))
                    });
                    match found {
                        Some(((_, fields), set, row)) => self.fields(out, fields, set, row)?,
                        None => out.extend_from_slice(b"null"),
                    }
                }
                out.push(b']');
            }
            (Root::Viewer(fields), Found::Viewer(sets)) => {
                out.push(b'{');
                for (position, ((key, field), set)) in fields.iter().zip(sets).enumerate() {
                    comma(out, position);
                    out.extend_from_slice(key);
                    match (field, set) {
                        (ViewerField::Constant(bytes), _) => out.extend_from_slice(bytes),
                        (ViewerField::Row { out: fields, .. }, Some(set)) => self.first(out, fields, set)?,
                        (ViewerField::Row { .. }, None) => out.extend_from_slice(b"null"),
                    }
                }
                out.push(b'}');
            }
            _ => return Err(Code::Internal.into()),
        }
        Ok(())
    }

    fn first(&self, out: &mut Vec<u8>, fields: &[Out], set: &Set<'_>) -> Result<()> {
        self.some(out, fields, set, set.rows.first())
    }

    fn fields(&self, out: &mut Vec<u8>, fields: &[Out], set: &Set<'_>, row: &Row) -> Result<()> {
        out.push(b'{');
        for (position, field) in fields.iter().enumerate() {
            comma(out, position);
            out.extend_from_slice(&field.key);
            self.value(out, &field.what, set, row)?;
        }
        out.push(b'}');
        Ok(())
    }

    fn value(&self, out: &mut Vec<u8>, what: &What, set: &Set<'_>, row: &Row) -> Result<()> {
        match what {
            What::Constant(bytes) => out.extend_from_slice(bytes),
            What::Id(column, prefix) => match row.cell(*column, Scalar::Uuid)? {
                Cell::Uuid(id) => json::id(out, prefix, id),
                _ => out.extend_from_slice(b"null"),
            },
            What::Plain(column, Scalar::Text) => written(out, row.bytes(*column)?, json::text),
            What::Plain(column, scalar) => scalar_value(out, &row.cell(*column, *scalar)?),
            What::Code(column) => written(out, row.bytes(*column)?, json::quoted),
            What::Json(column) => written(out, row.bytes(*column)?, Vec::extend_from_slice),
            What::Derived(columns, compute) => {
                let cells: Result<Vec<Cell<'_>>> =
                    columns.iter().map(|(column, scalar)| row.cell(*column, *scalar)).collect();
                scalar_value(out, &compute(&cells?, &self.moment));
            }
            What::Records(columns) => records(out, row, *columns)?,
            What::Object(fields, columns) => {
                let mut empty = !columns.is_empty();
                for (column, scalar) in columns {
                    empty = empty && row.cell(*column, *scalar)?.is_null();
                }
                if empty {
                    out.extend_from_slice(b"null");
                } else {
                    self.fields(out, fields, set, row)?;
                }
            }
            What::One(child, fields) => self.one(out, *child, fields, set, row)?,
            What::Many(child) => {
                let Some(Below::Many { column, pages, list }) = set.below.get(*child) else {
                    return Err(Code::Internal.into());
                };
                let parent = row.cell(*column, Scalar::Uuid)?.uuid().ok_or(Code::Internal)?;
                self.list(out, list, pages, parent)?;
            }
        }
        Ok(())
    }

    fn one(&self, out: &mut Vec<u8>, child: usize, fields: &[Out], set: &Set<'_>, row: &Row) -> Result<()> {
        let Some(Below::One { column, places, set: below }) = set.below.get(child) else {
            return Err(Code::Internal.into());
        };
        let found = match row.cell(*column, Scalar::Uuid)? {
            Cell::Uuid(id) => places.get(&id).and_then(|place| below.rows.get(*place)),
            _ => None,
        };
        self.some(out, fields, below, found)
    }

    pub fn some(&self, out: &mut Vec<u8>, fields: &[Out], set: &Set<'_>, row: Option<&Row>) -> Result<()> {
        let Some(row) = row else {
            out.extend_from_slice(b"null");
            return Ok(());
        };
        self.fields(out, fields, set, row)
    }

    fn list(&self, out: &mut Vec<u8>, list: &List, pages: &Pages<'_>, parent: Uuid) -> Result<()> {
        let bound = self.bound.lists.get(list.slot).ok_or(Code::Internal)?;
        let page = pages.by_parent.get(&parent).copied().unwrap_or_default();
        out.push(b'{');
        for (position, (key, field)) in list.out.iter().enumerate() {
            comma(out, position);
            out.extend_from_slice(key);
            match field {
                ListField::Constant(bytes) => out.extend_from_slice(bytes),
                ListField::Total => {
                    let _ = write!(out, "{}", pages.totals.get(&parent).copied().unwrap_or_default());
                }
                ListField::Nodes(fields) => {
                    self.each(out, &pages.set, page, |out, row| self.fields(out, fields, &pages.set, row))?;
                }
                ListField::Edges(fields) => {
                    self.each(out, &pages.set, page, |out, row| self.edge(out, fields, list, bound, pages, row))?;
                }
                ListField::Page(fields) => self.page_info(out, fields, list, bound, pages, page)?,
            }
        }
        out.push(b'}');
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "kept beside its kin")]
    fn each(
        &self,
        out: &mut Vec<u8>,
        set: &Set<'_>,
        page: Page,
        mut write: impl FnMut(&mut Vec<u8>, &Row) -> Result<()>,
    ) -> Result<()> {
        out.push(b'[');
        for (position, row) in set.rows.iter().skip(page.start).take(page.len).enumerate() {
            comma(out, position);
            write(out, row)?;
        }
        out.push(b']');
        Ok(())
    }

    fn edge(
        &self,
        out: &mut Vec<u8>,
        fields: &[(Box<[u8]>, EdgeField)],
        list: &List,
        bound: &BoundList,
        pages: &Pages<'_>,
        row: &Row,
    ) -> Result<()> {
        out.push(b'{');
        for (position, (key, field)) in fields.iter().enumerate() {
            comma(out, position);
            out.extend_from_slice(key);
            match field {
                EdgeField::Constant(bytes) => out.extend_from_slice(bytes),
                EdgeField::Cursor => self.cursor(out, list, bound, row)?,
                EdgeField::Node(fields) => self.fields(out, fields, &pages.set, row)?,
            }
        }
        out.push(b'}');
        Ok(())
    }

    fn cursor(&self, out: &mut Vec<u8>, list: &List, bound: &BoundList, row: &Row) -> Result<()> {
        let columns = &list.level.columns;
        let noun = graph().noun(list.level.noun).ok_or(Code::Internal)?;
        let id: Column = noun.id_column();
        let id = columns.iter().position(|column| *column == id).ok_or(Code::Internal)?;
        let id = row.cell(id, Scalar::Uuid)?.uuid().ok_or(Code::Internal)?;
        let keys: Result<Vec<Cell<'_>>> = bound
            .keys
            .iter()
            .enumerate()
            .map(|(position, key)| row.cell(columns.len() + position, key.column.scalar))
            .collect();
        let cursor = self.seal.close(&bound.bond, self.moment.now, &keys?, id)?;
        let _ = write!(out, "\"{cursor}\"");
        Ok(())
    }

    fn page_info(
        &self,
        out: &mut Vec<u8>,
        fields: &[(Box<[u8]>, PageField)],
        list: &List,
        bound: &BoundList,
        pages: &Pages<'_>,
        page: Page,
    ) -> Result<()> {
        let rows = pages.set.rows.get(page.start..page.start + page.len).unwrap_or_default();
        out.push(b'{');
        for (position, (key, field)) in fields.iter().enumerate() {
            comma(out, position);
            out.extend_from_slice(key);
            let next = if bound.backward { bound.before.is_some() } else { page.more };
            let previous = if bound.backward { page.more } else { bound.after.is_some() };
            let end = match field {
                PageField::Constant(bytes) => {
                    out.extend_from_slice(bytes);
                    continue;
                }
                PageField::HasNext => {
                    out.extend_from_slice(if next { b"true" } else { b"false" });
                    continue;
                }
                PageField::HasPrevious => {
                    out.extend_from_slice(if previous { b"true" } else { b"false" });
                    continue;
                }
                PageField::Start => rows.first(),
                PageField::End => rows.last(),
            };
            match end {
                Some(row) => self.cursor(out, list, bound, row)?,
                None => out.extend_from_slice(b"null"),
            }
        }
        out.push(b'}');
        Ok(())
    }
}

/// Ids of records of the kind that the first column names: the second column's, then those of the third.
fn records(out: &mut Vec<u8>, row: &Row, [kind, one, many]: [usize; 3]) -> Result<()> {
    let kind = row.cell(kind, Scalar::Text)?;
    let noun = kind.text().and_then(|name| graph().named(name));
    let (one, many) = (row.cell(one, Scalar::Uuid)?.uuid(), row.cell(many, Scalar::Bytes)?);
    let (many, _) = many.bytes().unwrap_or_default().as_chunks::<16>();
    let ids = one.into_iter().chain(many.iter().map(|id| Uuid::from_bytes(*id)));
    out.push(b'[');
    if let Some(noun) = noun {
        for (position, id) in ids.take(SHOWN).enumerate() {
            comma(out, position);
            json::id(out, noun.prefix, id);
        }
    }
    out.push(b']');
    Ok(())
}

/// Writes an object whose parts come in an order of their own.
pub(super) fn object<P>(
    out: &mut Vec<u8>,
    parts: &[(Box<[u8]>, P)],
    mut write: impl FnMut(&mut Vec<u8>, &P) -> Result<()>,
) -> Result<()> {
    out.push(b'{');
    for (position, (key, part)) in parts.iter().enumerate() {
        comma(out, position);
        out.extend_from_slice(key);
        write(out, part)?;
    }
    out.push(b'}');
    Ok(())
}

pub(super) fn comma(out: &mut Vec<u8>, position: usize) {
    if position > 0 {
        out.push(b',');
    }
}

fn scalar_value(out: &mut Vec<u8>, cell: &Cell<'_>) {
    // Writing to memory does not fail.
    let _ = match cell {
        // Bytes are a part of other values and none of their own.
        Cell::Null | Cell::Bytes(_) => out.write_all(b"null"),
        Cell::Text(text) => return json::text(out, text.as_bytes()),
        Cell::Int(number) => return json::number(out, *number),
        Cell::Float(number) => serde_json::to_writer(out, number).map_err(Into::into),
        Cell::Bool(truth) => out.write_all(if *truth { b"true" } else { b"false" }),
        Cell::Uuid(id) => write!(out, "\"{id}\""),
        Cell::Date(day) => return json::date(out, *day),
        Cell::Timestamp(instant) => return json::instant(out, *instant),
    };
}

/// Writes the bytes of a text, or null.
fn written(out: &mut Vec<u8>, bytes: Option<&[u8]>, write: impl FnOnce(&mut Vec<u8>, &[u8])) {
    match bytes {
        Some(bytes) => write(out, bytes),
        None => out.extend_from_slice(b"null"),
    }
}
