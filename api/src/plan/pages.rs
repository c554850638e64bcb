//! Lists: a page of the root's, and a page of each parent's in one statement.

use std::sync::Arc;

use entity::value::Scalar;
use futures_util::future::try_join;
use uuid::Uuid;

use super::bind::{Bound, BoundList};
use super::compile::{Child, Level, List, Plan, Root};
use super::run::{Page, Pages, Runner};
use super::sql;
use crate::db::{Row, Rows};
use crate::error::{Code, Result};
use crate::graph::declare::Column;

/// Pages from this length on are taken for longer than most parents' lists.
const LONG: usize = 10;
/// Users of a list that are remembered as having more.
const REMEMBERED: usize = 32;

impl Plan {
    /// How many statements it takes, if that does not hang on what they find; fewer where a list has no parents.
    pub fn statements(&self, bound: &Bound) -> Option<u32> {
        let root = |root: &Root| match root {
            Root::Constant(_) => Some(0),
            Root::List(list) => of_list(list, bound),
            Root::One { level, .. } => Some(1 + below(level, bound)?),
            _ => None,
        };
        self.roots.iter().map(|(_, one)| root(one)).sum()
    }
}

fn of_list(list: &List, bound: &Bound) -> Option<u32> {
    Some(u32::from(list.count.is_some()) + if list.rows { 1 + below(&list.level, bound)? } else { 0 })
}

fn below(level: &Level, bound: &Bound) -> Option<u32> {
    let child = |child: &Child| match child {
        // What is above several records meets in one load.
        Child::One { .. } => None,
        Child::Many { list, .. } if bound.lists.get(list.slot)?.limit >= LONG => None,
        Child::Many { list, .. } => of_list(list, bound),
    };
    level.children.iter().map(child).sum()
}

impl Runner<'_> {
    fn bound(&self, list: &List) -> Result<&BoundList> {
        self.bound.lists.get(list.slot).ok_or_else(|| Code::Internal.into())
    }

    /// A root list's page and count, as far as they are asked for.
    pub async fn list<'s>(&'s self, list: &'s List) -> Result<Pages<'s>> {
        let bound = self.bound(list)?;
        let mut pages = Pages::default();
        let (counted, rows) = try_join(self.total(list, bound), self.listed(list, bound)).await?;
        if let Some(total) = counted {
            self.found(total > 0 || bound.filter.is_none());
            pages.totals.insert(Uuid::nil(), total);
        }
        if let Some(rows) = rows {
            self.found(!rows.is_empty() || bound.filter.is_none());
            let page = page(0..rows.len(), bound);
            let mut kept = Vec::with_capacity(page.len);
            keep(&mut kept, &rows, 0, page, bound.backward);
            pages.by_parent.insert(Uuid::nil(), Page { start: 0, ..page });
            pages.set = self.below(&list.level, kept).await?;
        }
        Ok(pages)
    }

    async fn total(&self, list: &List, bound: &BoundList) -> Result<Option<i64>> {
        if list.count.is_none() {
            return Ok(None);
        }
        let mut sql = self.sql();
        sql::count(&mut sql, list, bound)?;
        let rows = self.rows(sql).await?;
        Ok(Some(rows.cell(0, 0, sql::COUNT)?.int().ok_or(Code::Internal)?))
    }

    async fn listed(&self, list: &List, bound: &BoundList) -> Result<Option<Arc<Rows>>> {
        if !list.rows {
            return Ok(None);
        }
        let mut sql = self.sql();
        sql::list(&mut sql, list, bound)?;
        self.rows(sql).await.map(Some)
    }

    /// The same of a list below each of its parents.
    pub async fn lists<'s>(&'s self, list: &'s List, parents: Vec<Uuid>) -> Result<Pages<'s>> {
        let mut pages = Pages::default();
        let via = list.via.ok_or(Code::Internal)?;
        if parents.is_empty() {
            return Ok(pages);
        }
        let bound = self.bound(list)?;
        if list.count.is_some() {
            let mut sql = self.sql();
            sql::counts(&mut sql, list, bound, via, parents.clone())?;
            let rows = self.rows(sql).await?;
            for index in 0..rows.len() {
                let parent = rows.cell(index, 0, Scalar::Uuid)?.uuid().ok_or(Code::Internal)?;
                let total = rows.cell(index, 1, sql::COUNT)?.int().ok_or(Code::Internal)?;
                pages.totals.insert(parent, bound.up_to.map_or(total, |up_to| total.min(up_to)));
            }
        }
        if list.rows {
            let rows = self.children(list, bound, via, parents).await?;
            let column = sql::columns(list, bound).len();
            let mut kept = Vec::with_capacity(rows.len());
            let mut start = 0;
            while start < rows.len() {
                let parent = rows.cell(start, column, Scalar::Uuid)?.uuid().ok_or(Code::Internal)?;
                let mut end = start + 1;
                while end < rows.len() && rows.cell(end, column, Scalar::Uuid)?.uuid() == Some(parent) {
                    end += 1;
                }
                let page = page(start..end, bound);
                pages.by_parent.insert(parent, Page { start: kept.len(), ..page });
                keep(&mut kept, &rows, start, page, bound.backward);
                start = end;
            }
            pages.set = self.below(&list.level, kept).await?;
        }
        Ok(pages)
    }

    /// The rows of a list below its parents, side by side by parent: one more than a page of each, where there are.
    ///
    /// Long pages are mostly not filled; then the rows of all parents are read in one order, which costs the database
    /// three quarters of what cutting each parent's costs. Once that was too many, the user's are cut from then on.
    async fn children(&self, list: &List, bound: &BoundList, via: Column, parents: Vec<Uuid>) -> Result<Arc<Rows>> {
        let most = (parents.len() * (bound.limit + 1) + 1).next_power_of_two();
        let viewer = self.scope.viewer();
        let viewer = (viewer.organisation, viewer.user);
        let is_crowded = list.crowded.lock().map_err(|_| Code::Internal)?.contains(&viewer);
        if bound.limit >= LONG && !is_crowded {
            let mut sql = self.sql();
            sql::every(&mut sql, list, bound, via, parents.clone(), most)?;
            let rows = self.rows(sql).await?;
            if rows.len() < most {
                return Ok(rows);
            }
            let mut crowded = list.crowded.lock().map_err(|_| Code::Internal)?;
            if crowded.len() >= REMEMBERED {
                crowded.clear();
            }
            crowded.insert(viewer);
        }
        let mut sql = self.sql();
        sql::lists(&mut sql, list, bound, via, parents)?;
        self.rows(sql).await
    }
}

fn page(range: std::ops::Range<usize>, bound: &BoundList) -> Page {
    let found = range.len();
    Page { start: range.start, len: found.min(bound.limit), more: found > bound.limit }
}

/// Keeps a page's rows, in the list's own order whichever way they were read.
fn keep(kept: &mut Vec<Row>, rows: &Arc<Rows>, start: usize, page: Page, backward: bool) {
    let row = |index| Row { rows: Arc::clone(rows), index };
    if backward {
        kept.extend((start..start + page.len).rev().map(row));
    } else {
        kept.extend((start..start + page.len).map(row));
    }
}
