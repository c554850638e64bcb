//! Lists: a page of the root's, and a page of each parent's in one statement.

use std::cmp::Ordering as CmpOrdering;
use std::sync::Arc;
use std::sync::atomic::Ordering;

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
/// Users of a list of whom it is remembered how long their lists are.
const REMEMBERED: usize = 256;

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
            let page = page(rows.len(), bound);
            let mut kept = Vec::with_capacity(page.len);
            keep(&mut kept, &rows, 0..page.len, bound.backward);
            pages.by_parent.insert(Uuid::nil(), page);
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
            let children = self.children(list, bound, via, parents).await?;
            let mut kept = Vec::with_capacity(children.order.len());
            for of_one in children.pages() {
                let Some((parent, _)) = of_one.first() else { continue };
                let page = page(of_one.len(), bound);
                pages.by_parent.insert(*parent, Page { start: kept.len(), ..page });
                let indexes = of_one.iter().map(|(_, index)| *index).take(page.len);
                keep(&mut kept, &children.rows, indexes, bound.backward);
            }
            pages.set = self.below(&list.level, kept).await?;
        }
        Ok(pages)
    }

    /// The rows of a list below its parents, one more than a page of each where there are.
    ///
    /// Where the lists of all parents together are no longer than so many pages, they are read as they come and put in
    /// order here, which costs half of what it costs the database. Long pages are taken to be like that until they are
    /// found not to be: then this run has read in vain, and another one cuts each parent's rows. Short pages are cut until
    /// nothing was there to be cut off.
    async fn children(&self, list: &List, bound: &BoundList, via: Column, parents: Vec<Uuid>) -> Result<Children> {
        let column = sql::columns(list, bound).len();
        let viewer = self.scope.viewer();
        let viewer = (viewer.organisation, viewer.user);
        let fits = list.fits.lock().map_err(|_| Code::Internal)?.get(&viewer).copied();
        let mut sql = self.sql();
        if self.cuts || !fits.unwrap_or(bound.limit >= LONG) {
            sql::lists(&mut sql, list, bound, via, parents)?;
            let children = Children::new(self.rows(sql).await?, column)?;
            if fits.is_none() && children.pages().all(|of_one| of_one.len() <= bound.limit) {
                list.remember(viewer, true)?;
            }
            return Ok(children);
        }
        let most = (parents.len() * (bound.limit + 1) + 1).next_power_of_two();
        let keys = sql::every(&mut sql, list, bound, via, parents, most)?;
        let mut children = Children::new(self.rows(sql).await?, column)?;
        if children.order.len() >= most {
            self.in_vain.store(true, Ordering::Relaxed);
            list.remember(viewer, false)?;
        }
        children.sort(&keys, bound.backward)?;
        Ok(children)
    }
}

impl List {
    fn remember(&self, viewer: (Uuid, Uuid), fits: bool) -> Result<()> {
        let mut known = self.fits.lock().map_err(|_| Code::Internal)?;
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(viewer, fits);
        Ok(())
    }
}

/// Rows below many parents: of each row in their order its parent and its place.
struct Children {
    rows: Arc<Rows>,
    order: Vec<(Uuid, usize)>,
}

impl Children {
    /// As they came.
    fn new(rows: Arc<Rows>, parent: usize) -> Result<Self> {
        let place = |index| {
            let parent = rows.cell(index, parent, Scalar::Uuid)?.uuid().ok_or(Code::Internal)?;
            Ok((parent, index))
        };
        let order = (0..rows.len()).map(place).collect::<Result<_>>()?;
        Ok(Self { rows, order })
    }

    /// Those of each parent.
    fn pages(&self) -> impl Iterator<Item = &[(Uuid, usize)]> {
        self.order.chunk_by(|(one, _), (other, _)| one == other)
    }

    /// A parent's rows side by side, in the order of the list.
    fn sort(&mut self, keys: &sql::Keys, backward: bool) -> Result<()> {
        let mut cells = Vec::with_capacity(self.order.len() * keys.len());
        for index in 0..self.rows.len() {
            for (position, key) in keys {
                cells.push(self.rows.cell(index, *position, key.column.scalar)?);
            }
        }
        let cells = |index: usize| cells.iter().skip(index * keys.len()).zip(keys);
        self.order.sort_by(|(parent, index), (other, beside)| {
            let mut along = cells(*index).zip(cells(*beside)).map(|((one, (_, key)), (other, _))| {
                let order = one.compare(other);
                if key.descending == backward { order } else { order.reverse() }
            });
            parent.cmp(other).then_with(|| along.find(|order| order.is_ne()).unwrap_or(CmpOrdering::Equal))
        });
        Ok(())
    }
}

fn page(found: usize, bound: &BoundList) -> Page {
    Page { start: 0, len: found.min(bound.limit), more: found > bound.limit }
}

/// Keeps a page's rows, in the list's own order whichever way they were read.
fn keep(
    kept: &mut Vec<Row>,
    rows: &Arc<Rows>,
    page: impl DoubleEndedIterator<Item = usize> + ExactSizeIterator,
    backward: bool,
) {
    let row = |index| Row { rows: Arc::clone(rows), index };
    if backward {
        kept.extend(page.rev().map(row));
    } else {
        kept.extend(page.map(row));
    }
}
