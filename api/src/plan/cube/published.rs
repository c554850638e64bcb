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
use super::sql::{MOST, Slice, UNANSWERED};
use super::{Asked, BoundCube, cube_at, dimension_at, measure_at};
use crate::domain::suppression::{THRESHOLD, shown};
use crate::error::{Code, Result};
use crate::graph::cube::Cut;

const QUARTER: i64 = 3;

/// A quarter of a centre.
type Unit = (Key, Key);

/// The frozen table: what each unit holds, and how many rows in all.
struct Frozen {
    units: BTreeMap<Unit, (u64, HashMap<Key, u64>)>,
    keys: BTreeSet<Key>,
    lists: bool,
}

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
            let told = frozen.row(asked, dimension, *total, cells)?;
            for (key, shown) in told {
                let mut keys = Vec::with_capacity(3);
                keys.extend(bound.bucket.map(|bucket| span(quarter, bucket)));
                keys.extend(bound.by.iter().map(|one| if *one == dimension { key.clone() } else { centre.clone() }));
                let (sum, whole) = sums.entry(keys).or_insert((0, true));
                *sum += shown.unwrap_or_default();
                *whole &= shown.is_some();
            }
        }
        let unlisted = |cell: &(u64, bool)| frozen.is_open(asked, dimension).is_ok_and(|open| open && cell.0 == 0);
        let groups = sums.into_iter().filter(|(_, cell)| !unlisted(cell));
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
        };
        let (fine, coarse) = (slice(&fine[..]), slice(&coarse[..]));
        let (cells, totals) = try_join(self.slice(&fine, None), self.slice(&coarse, None)).await?;
        if cells.len() >= MOST || totals.len() >= MOST {
            return Err(too_many());
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
        let listed = match cut {
            Cut::Code(_, codes) | Cut::Codes(_, codes) => codes.values.len(),
            Cut::Age(_) => bound.scheme.starts().len(),
            _ => 0,
        };
        keys.extend((0..listed).filter_map(|place| i64::try_from(place).ok()).map(Key::Number));
        Ok(Frozen { units, keys, lists: matches!(cut, Cut::Codes(..)) })
    }
}

impl Frozen {
    /// Whether nobody can list the values there may be: those that nothing is shown of are not named.
    #[expect(clippy::unused_self, reason = "reads as a question to the table")]
    fn is_open(&self, asked: &Asked, dimension: usize) -> Result<bool> {
        let cut = &dimension_at(cube_at(asked.cube)?, dimension)?.cut;
        Ok(!matches!(cut, Cut::Code(..) | Cut::Codes(..) | Cut::Age(_) | Cut::Truth(_)))
    }

    /// A unit's row: each value with its count, if that may be shown.
    fn row(
        &self,
        asked: &Asked,
        dimension: usize,
        total: u64,
        cells: &HashMap<Key, u64>,
    ) -> Result<Vec<(Key, Option<u64>)>> {
        let cut = &dimension_at(cube_at(asked.cube)?, dimension)?.cut;
        let keys: Vec<&Key> = order(cut, &self.keys);
        let count = |key: &Key| cells.get(key).copied().unwrap_or_default();
        if self.lists {
            // A row counts under each of its entries: with an entry, and without.
            let with = |key: &&Key| {
                let count = count(key);
                let shown = shown(&[count, total.saturating_sub(count)], THRESHOLD).into_iter().all(|shown| shown);
                ((*key).clone(), shown.then_some(count))
            };
            return Ok(keys.iter().filter(|key| ***key != Key::None).map(with).collect());
        }
        // One more value, which nobody has: that no other has been found would tell something too.
        let open = self.is_open(asked, dimension)?;
        let mut counts: Vec<u64> = keys.iter().map(|key| count(key)).collect();
        counts.extend(open.then_some(0));
        let told = keys.iter().zip(counts.iter().zip(shown(&counts, THRESHOLD)));
        Ok(told.map(|(key, (count, shown))| ((*key).clone(), shown.then_some(*count))).collect())
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
