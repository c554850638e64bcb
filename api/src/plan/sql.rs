//! The statements of a plan: a list, the lists below many parents, rows by id, counts.
//!
//! Order is the same on both databases: text compares byte by byte (columns are made so), null counts as greater than
//! every value, and the id comes last.

use entity::value::Scalar;
use uuid::Uuid;

use super::bind::{BoundList, SortKey};
use super::compile::{Level, List};
use super::cursor::Place;
use crate::db::{Sql, Value};
use crate::error::{Code, Result};
use crate::graph::declare::{Column, Noun};
use crate::graph::graph;

fn select(sql: &mut Sql<'_>, columns: &[Column]) {
    sql.push("SELECT ");
    for (position, column) in columns.iter().enumerate() {
        if position > 0 {
            sql.push(", ");
        }
        sql.column(1, column.name);
    }
}

/// Rows of a noun by id: a to-one level, or one record.
pub(super) fn by_id(sql: &mut Sql<'_>, noun: &Noun, reach: crate::access::Reach, columns: &[Column], ids: Vec<Uuid>) {
    select(sql, columns);
    let alias = sql.source(noun.table, &noun.owner, reach);
    sql.push(" AND ");
    match ids.as_slice() {
        [id] => {
            sql.column(alias, noun.id);
            sql.push(" = ");
            sql.bind(Value::Uuid(*id));
        }
        _ => sql.any_id(alias, noun.id, ids),
    }
}

/// The row whose key column has a value.
pub(super) fn by_key(sql: &mut Sql<'_>, level: &Level, key: Column, value: Value) -> Result<()> {
    let noun = graph().noun(level.noun).ok_or(Code::Internal)?;
    select(sql, &level.columns);
    let alias = sql.source(noun.table, &noun.owner, level.reach);
    sql.push(" AND ");
    sql.column(alias, key.name);
    sql.push(" = ");
    sql.bind(value);
    sql.push(" LIMIT 1");
    Ok(())
}

/// The columns of a list's rows: what is asked, then the sort keys.
pub(super) fn columns(list: &List, bound: &BoundList) -> Vec<Column> {
    let mut columns = list.level.columns.clone();
    if list.cursors {
        columns.extend(bound.keys.iter().map(|key| key.column));
    }
    columns
}

/// A root list.
pub(super) fn list(sql: &mut Sql<'_>, list: &List, bound: &BoundList) -> Result<()> {
    let noun = graph().noun(list.level.noun).ok_or(Code::Internal)?;
    select(sql, &columns(list, bound));
    let alias = sql.source(noun.table, &noun.owner, list.asked);
    narrow(sql, alias, noun, bound)?;
    sql.push(" ORDER BY ");
    order(sql, alias, noun, bound);
    // A number in the text: the database plans a statement once, for pages of this size.
    sql.push(&format!(" LIMIT {}", bound.limit + 1));
    Ok(())
}

/// Where the sort keys of a list below many parents stand in its rows, the id's last.
pub(super) type Keys = Vec<(usize, SortKey)>;

/// The columns of a list below many parents: the parent follows on those of its rows, then come sort keys that are not
/// among them.
fn below(list: &List, bound: &BoundList, via: Column) -> Result<(Vec<Column>, Keys)> {
    let noun = graph().noun(list.level.noun).ok_or(Code::Internal)?;
    let mut columns = columns(list, bound);
    columns.push(via);
    let id = SortKey { column: noun.id_column(), descending: bound.descending };
    let place = |key: SortKey| {
        let place = columns.iter().position(|column| *column == key.column).unwrap_or_else(|| {
            columns.push(key.column);
            columns.len() - 1
        });
        (place, key)
    };
    let keys = bound.keys.iter().copied().chain([id]).map(place).collect();
    Ok((columns, keys))
}

/// The same list below many parents, `most` of its rows in no order.
pub(super) fn every(
    sql: &mut Sql<'_>,
    list: &List,
    bound: &BoundList,
    via: Column,
    parents: Vec<Uuid>,
    most: usize,
) -> Result<Keys> {
    let noun = graph().noun(list.level.noun).ok_or(Code::Internal)?;
    let (columns, keys) = below(list, bound, via)?;
    select(sql, &columns);
    let alias = sql.source(noun.table, &noun.owner, list.asked);
    sql.push(" AND ");
    sql.any_id(alias, via.name, parents);
    narrow(sql, alias, noun, bound)?;
    sql.push(" LIMIT ");
    sql.push(itoa::Buffer::new().format(most));
    Ok(keys)
}

/// The same however many there are: the first rows of each parent, by window function.
pub(super) fn lists(sql: &mut Sql<'_>, list: &List, bound: &BoundList, via: Column, parents: Vec<Uuid>) -> Result<()> {
    let noun = graph().noun(list.level.noun).ok_or(Code::Internal)?;
    let (columns, keys) = below(list, bound, via)?;
    let shown = self::columns(list, bound).len() + 1;
    sql.push("SELECT ");
    for position in 0..shown {
        let separator = if position > 0 { ", c" } else { "c" };
        sql.push(separator);
        sql.push(itoa::Buffer::new().format(position));
    }
    sql.push(" FROM (SELECT ");
    for (position, column) in columns.iter().enumerate() {
        sql.column(1, column.name);
        sql.push(" AS c");
        sql.push(itoa::Buffer::new().format(position));
        sql.push(", ");
    }
    sql.push("row_number() OVER (PARTITION BY ");
    sql.column(1, via.name);
    sql.push(" ORDER BY ");
    order(sql, 1, noun, bound);
    sql.push(") AS place");
    let alias = sql.source(noun.table, &noun.owner, list.asked);
    sql.push(" AND ");
    sql.any_id(alias, via.name, parents);
    narrow(sql, alias, noun, bound)?;
    sql.push(&format!(") AS page WHERE place <= {} ORDER BY c{}", bound.limit + 1, shown - 1));
    // The database sees that they leave the window in that order.
    for (position, key) in keys {
        sql.push(", c");
        sql.push(itoa::Buffer::new().format(position));
        direct(sql, key.descending != bound.backward, key.column.nullable);
    }
    Ok(())
}

/// How many rows a root list has in all, or up to a number.
pub(super) fn count(sql: &mut Sql<'_>, list: &List, bound: &BoundList) -> Result<()> {
    let noun = graph().noun(list.level.noun).ok_or(Code::Internal)?;
    sql.push("SELECT count(*) FROM (SELECT 1");
    let alias = sql.source(noun.table, &noun.owner, list.asked);
    filter(sql, alias, bound)?;
    if let Some(up_to) = bound.up_to {
        sql.push(" LIMIT ");
        sql.bind(Value::Big(up_to));
    }
    sql.push(") AS counted");
    Ok(())
}

/// How many rows each parent's list has.
pub(super) fn counts(sql: &mut Sql<'_>, list: &List, bound: &BoundList, via: Column, parents: Vec<Uuid>) -> Result<()> {
    let noun = graph().noun(list.level.noun).ok_or(Code::Internal)?;
    sql.push("SELECT ");
    sql.column(1, via.name);
    sql.push(", count(*)");
    let alias = sql.source(noun.table, &noun.owner, list.asked);
    sql.push(" AND ");
    sql.any_id(alias, via.name, parents);
    filter(sql, alias, bound)?;
    sql.push(" GROUP BY ");
    sql.column(alias, via.name);
    Ok(())
}

fn filter(sql: &mut Sql<'_>, alias: usize, bound: &BoundList) -> Result<()> {
    if let Some(filter) = &bound.filter {
        sql.push(" AND ");
        filter.emit(sql, alias)?;
    }
    Ok(())
}

fn narrow(sql: &mut Sql<'_>, alias: usize, noun: &Noun, bound: &BoundList) -> Result<()> {
    filter(sql, alias, bound)?;
    for (place, beyond) in [(&bound.after, true), (&bound.before, false)] {
        if let Some(place) = place {
            sql.push(" AND ");
            position(sql, alias, noun, bound, place, beyond);
        }
    }
    Ok(())
}

fn order(sql: &mut Sql<'_>, alias: usize, noun: &Noun, bound: &BoundList) {
    for key in &bound.keys {
        sql.column(alias, key.column.name);
        direct(sql, key.descending != bound.backward, key.column.nullable);
        sql.push(", ");
    }
    sql.column(alias, noun.id);
    direct(sql, bound.descending != bound.backward, false);
}

fn direct(sql: &mut Sql<'_>, descending: bool, nullable: bool) {
    sql.push(match (descending, nullable) {
        (false, false) => "",
        (true, false) => " DESC",
        (false, true) => " NULLS LAST",
        (true, true) => " DESC NULLS FIRST",
    });
}

/// Rows on one side of a place: beyond it in the list's own order, or before it.
fn position(sql: &mut Sql<'_>, alias: usize, noun: &Noun, bound: &BoundList, place: &Place, beyond: bool) {
    let id = SortKey { column: noun.id_column(), descending: bound.descending };
    let mut keys: Vec<(SortKey, Option<Value>)> = bound.keys.iter().copied().zip(place.keys.iter().cloned()).collect();
    keys.push((id, Some(Value::Uuid(place.id))));
    let one_way = keys.iter().all(|(key, _)| key.descending == id.descending);
    if one_way && keys.iter().all(|(key, _)| !key.column.nullable) {
        return together(sql, alias, &keys, id.descending != beyond);
    }
    // k1 beyond, or k1 equal and (k2 beyond, or k2 equal and (…))
    let last = keys.len() - 1;
    sql.push("(");
    for (index, (key, value)) in keys.iter().enumerate() {
        side(sql, alias, *key, value.as_ref(), key.descending != beyond);
        if index < last {
            sql.push(" OR (");
            sql.column(alias, key.column.name);
            if let Some(value) = value {
                sql.push(" = ");
                sql.bind(value.clone());
            } else {
                sql.push(" IS NULL");
            }
            sql.push(" AND (");
        }
    }
    for _ in 0..last {
        sql.push("))");
    }
    sql.push(")");
}

/// `(k1, k2, id) > (v1, v2, v3)`: one range of an index.
fn together(sql: &mut Sql<'_>, alias: usize, keys: &[(SortKey, Option<Value>)], greater: bool) {
    sql.push("(");
    for (index, (key, _)) in keys.iter().enumerate() {
        if index > 0 {
            sql.push(", ");
        }
        sql.column(alias, key.column.name);
    }
    sql.push(if greater { ") > (" } else { ") < (" });
    for (index, (_, value)) in keys.iter().enumerate() {
        if index > 0 {
            sql.push(", ");
        }
        if let Some(value) = value {
            sql.bind(value.clone());
        }
    }
    sql.push(")");
}

/// Strictly greater or less than a value, where null is the greatest.
fn side(sql: &mut Sql<'_>, alias: usize, key: SortKey, value: Option<&Value>, greater: bool) {
    match (value, greater) {
        (None, true) => sql.push("FALSE"),
        (None, false) => {
            sql.column(alias, key.column.name);
            sql.push(" IS NOT NULL");
        }
        (Some(value), _) => {
            sql.push("(");
            sql.column(alias, key.column.name);
            sql.push(if greater { " > " } else { " < " });
            sql.bind(value.clone());
            if greater && key.column.nullable {
                sql.push(" OR ");
                sql.column(alias, key.column.name);
                sql.push(" IS NULL");
            }
            sql.push(")");
        }
    }
}

/// The scalar of a count.
pub(super) const COUNT: Scalar = Scalar::Int;
