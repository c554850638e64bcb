//! Figures about what a role may not read. They are made of one frozen table a dimension: for each centre and each
//! quarter that has ended, by when the service received the visit, a row of cells that `domain::suppression` lets be
//! shown or not. Whatever is answered is a sum of shown cells, so answers taken together tell no more than the table;
//! what is received late counts in the quarter it is received in, so the table does not change.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::Datelike as _;
use entity::statistics::DateBucket;
use entity::value::Scalar;
use futures_util::future::try_join;

use super::super::run::Runner;
use super::run::{Figure, Group, Key, too_many};
use super::sql::{Slice, UNANSWERED};
use super::{Asked, BoundCube, cube_at, dimension_at, measure_at};
use crate::domain::suppression::{PUBLISHED_AGES, THRESHOLD, shown};
use crate::error::{Code, Result};
use crate::graph::cube::Cut;

const QUARTER: i64 = 3;

/// A quarter of a centre.
type Unit = (Key, Key);

/// The frozen table: what each unit holds, and how many rows in all.
struct Frozen {
    units: BTreeMap<Unit, (u64, HashMap<Key, u64>)>,
    /// Every value there is, known ones and those that were met.
    keys: BTreeSet<Key>,
    cut: &'static Cut,
}

/// Cells that a frozen table may have: years of quarters, centres and places.
const CELLS: usize = 100_000;

impl Runner<'_> {
    /// Groups and total as they are published.
    pub(super) async fn published(
        &self,
        asked: &Asked,
        bound: &BoundCube,
        dimension: usize,
    ) -> Result<(Vec<Group>, Option<Group>)> {
        let frozen = self.frozen(asked, bound, dimension).await?;
        let mut sums: BTreeMap<Vec<Key>, (u64, bool)> = BTreeMap::new();
        for ((quarter, centre), (total, cells)) in &frozen.units {
            for (key, shown) in frozen.row(*total, cells) {
                let mut keys = Vec::with_capacity(3);
                keys.extend(bound.bucket.map(|bucket| span(quarter, bucket)));
                keys.extend(bound.by.iter().map(|one| if *one == dimension { key.clone() } else { centre.clone() }));
                let (sum, whole) = sums.entry(keys).or_insert((0, true));
                *sum += shown.unwrap_or_default();
                *whole &= shown.is_some();
            }
        }
        let groups = sums.into_iter().filter(|(_, (sum, _))| *sum > 0 || !frozen.is_open());
        let groups = groups.map(|(keys, (sum, whole))| group(asked, keys, sum, whole)).collect();
        let all: u64 = frozen.units.values().map(|(total, _)| total).sum();
        Ok((groups, asked.total.then(|| group(asked, Vec::new(), all, true))))
    }

    async fn frozen(&self, asked: &Asked, bound: &BoundCube, dimension: usize) -> Result<Frozen> {
        let cube = cube_at(asked.cube)?;
        let count = [measure_at(cube, 0)?];
        let today = self.scope.now().date_naive();
        let month = i64::from(today.year()) * 12 + i64::from(today.month0());
        let (fine, coarse) = ([cube.unit, dimension], [cube.unit]);
        let slice = |by| Slice {
            cube,
            reach: asked.reach,
            bound,
            months: Some(QUARTER),
            received: true,
            by,
            measures: &count,
            known: None,
            before: Some(month - month % QUARTER),
            most: CELLS,
        };
        let (fine, coarse) = (slice(&fine[..]), slice(&coarse[..]));
        let (cells, totals) = try_join(self.slice(&fine, None), self.slice(&coarse, None)).await?;
        if cells.len() > CELLS || totals.len() > CELLS {
            return Err(too_many(CELLS));
        }
        let number = |rows: &crate::db::Rows, row, column| -> Result<u64> {
            let count = rows.cell(row, column, Scalar::Int)?.int().ok_or(Code::Internal)?;
            Ok(u64::try_from(count).unwrap_or_default())
        };
        let mut units = BTreeMap::new();
        for row in 0..totals.len() {
            let [quarter, centre]: [Key; 2] = coarse.keys(&totals, row)?.try_into().map_err(|_| Code::Internal)?;
            units.insert((quarter, centre), (number(&totals, row, 2)?, HashMap::new()));
        }
        let mut keys = BTreeSet::new();
        for row in 0..cells.len() {
            let [quarter, centre, key]: [Key; 3] = fine.keys(&cells, row)?.try_into().map_err(|_| Code::Internal)?;
            keys.insert(key.clone());
            if let Some((_, unit)) = units.get_mut(&(quarter, centre)) {
                unit.insert(key, number(&cells, row, 3)?);
            }
        }
        let cut = &dimension_at(cube, dimension)?.cut;
        keys.extend(listed(cut));
        Ok(Frozen { units, keys, cut })
    }
}

/// The values of a closed list.
fn listed(cut: &Cut) -> Vec<Key> {
    let numbers = match cut {
        Cut::Code(_, codes) | Cut::Codes(_, codes) => codes.values.len(),
        Cut::Age(..) => PUBLISHED_AGES.starts().len(),
        Cut::Truth(_) => return vec![Key::Truth(false), Key::Truth(true)],
        Cut::Edge(..) | Cut::Place(_) | Cut::Text(_) => 0,
    };
    (0..numbers).filter_map(|place| i64::try_from(place).ok()).map(Key::Number).collect()
}

impl Frozen {
    /// Whether nobody can list the values there may be: those that nothing is shown of are not named.
    fn is_open(&self) -> bool {
        matches!(self.cut, Cut::Edge(..) | Cut::Place(_) | Cut::Text(_))
    }

    /// A unit's row: each value with its count, if that may be shown.
    fn row(&self, total: u64, cells: &HashMap<Key, u64>) -> Vec<(Key, Option<u64>)> {
        let keys: Vec<&Key> = order(self.cut, &self.keys);
        let count = |key: &Key| cells.get(key).copied().unwrap_or_default();
        if matches!(self.cut, Cut::Codes(..)) {
            // A row counts under each of its entries: with an entry, and without.
            let with = |key: &&Key| {
                let count = count(key);
                let shown = shown(&[count, total.saturating_sub(count)], THRESHOLD).into_iter().all(|shown| shown);
                ((*key).clone(), shown.then_some(count))
            };
            return keys.iter().filter(|key| ***key != Key::None).map(with).collect();
        }
        let mut counts: Vec<u64> = keys.iter().map(|key| count(key)).collect();
        // One more value, which nobody has: that no other has been found would tell something too.
        counts.extend(self.is_open().then_some(0));
        let told = keys.iter().zip(counts.iter().zip(shown(&counts, THRESHOLD)));
        told.map(|(key, (count, shown))| ((*key).clone(), shown.then_some(*count))).collect()
    }
}

/// The order in which cells are given up: what is no answer first, then from the end of the list.
fn order<'k>(cut: &Cut, keys: &'k BTreeSet<Key>) -> Vec<&'k Key> {
    let unanswered = |key: &Key| match (cut, key) {
        (_, Key::None) => true,
        (Cut::Code(_, codes), Key::Number(place)) => usize::try_from(*place)
            .ok()
            .and_then(|place| codes.values.get(place))
            .is_some_and(|code| UNANSWERED.contains(code)),
        _ => false,
    };
    let (first, then): (Vec<&Key>, Vec<&Key>) = keys.iter().rev().partition(|key| unanswered(key));
    first.into_iter().chain(then).collect()
}

/// The span that a quarter lies in.
fn span(quarter: &Key, bucket: DateBucket) -> Key {
    match quarter {
        Key::Number(quarter) => Key::Number(quarter * QUARTER / bucket.months()),
        other => other.clone(),
    }
}

fn group(asked: &Asked, keys: Vec<Key>, sum: u64, whole: bool) -> Group {
    let count = i64::try_from(sum).unwrap_or(i64::MAX);
    // Only rows are counted; whatever else is asked for is not published.
    let figure = |measure: &usize| if *measure == 0 && whole { Figure::Number(count) } else { Figure::Hidden };
    Group { keys, at_least: count, whole, figures: asked.measures.iter().map(figure).collect(), share: None }
}
