//! From a bound statistic to its groups: one statement each for groups, shares, the total and every amount, sent side
//! by side.

use std::collections::{BTreeSet, HashMap};

use entity::statistics::{DateBucket, GroupOrder};
use entity::value::{Cell, Scalar};
use futures_util::future::{try_join, try_join_all};
use uuid::Uuid;

use super::super::run::{Below, Runner};
use super::sql::{MOST, Slice, UNANSWERED, key_scalar, measure_scalar};
use super::{Asked, BoundCube, cube_at, dimension_at, measure_at};
use crate::db::{Rows, Sql};
use crate::error::{Code, Error, Result};
use crate::graph::cube::{Counted, Cube, Cut, Measure};

/// The value of a dimension. What is unknown comes last.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::plan) enum Key {
    /// A code by its place in the list, a band of ages, a span of months.
    Number(i64),
    Truth(bool),
    Text(String),
    Id(Uuid),
    None,
}

/// What was counted.
#[derive(Clone, Debug)]
pub(in crate::plan) enum Figure {
    Number(i64),
    Mean(Option<f64>),
    Money(Vec<(String, f64)>),
    /// Not to be told.
    Hidden,
}

/// One group.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Group {
    /// The span of time first, if time is cut, then the dimensions in the order asked for.
    pub keys: Vec<Key>,
    /// The count, or as much of it as may be told.
    pub at_least: i64,
    /// Whether that is all.
    pub whole: bool,
    /// By measure asked for.
    pub figures: Vec<Figure>,
    pub share: Option<f64>,
}

/// A statistic, counted.
#[derive(Default)]
pub(in crate::plan) struct Tally<'p> {
    pub groups: Vec<Group>,
    /// How many groups there are in all.
    pub count: usize,
    pub total: Option<Group>,
    /// The records that are keys.
    pub edges: Vec<Below<'p>>,
}

impl BoundCube {
    /// Where a dimension's value stands among a group's keys.
    pub fn place(&self, dimension: usize) -> Option<usize> {
        let place = self.by.iter().position(|one| *one == dimension)?;
        Some(place + usize::from(self.bucket.is_some()))
    }
}

pub(super) fn too_many(most: usize) -> Error {
    let text = format!("More than {most} groups: cut less, or narrow it.");
    Error::new(Code::LimitExceeded).saying(text).on("groupBy")
}

/// A key as the answer orders it.
pub(super) fn key(cut: &Cut, cell: &Cell<'_>) -> Key {
    match (cut, cell) {
        (Cut::Code(_, codes) | Cut::Codes(_, codes), Cell::Text(code)) => {
            let place = codes.values.iter().position(|one| *one == code.as_ref());
            place.and_then(|place| i64::try_from(place).ok()).map_or(Key::None, Key::Number)
        }
        (_, Cell::Text(text)) => Key::Text(text.to_string()),
        (_, Cell::Int(number)) => Key::Number(*number),
        (_, Cell::Bool(truth)) => Key::Truth(*truth),
        (_, Cell::Uuid(id)) => Key::Id(*id),
        _ => Key::None,
    }
}

/// Whether a key is an answer.
fn answers(cut: &Cut, key: &Key) -> bool {
    match (cut, key) {
        (_, Key::None) => false,
        (Cut::Code(_, codes), Key::Number(place)) => usize::try_from(*place)
            .ok()
            .and_then(|place| codes.values.get(place))
            .is_some_and(|code| !UNANSWERED.contains(code)),
        _ => true,
    }
}

impl<'s> Slice<'s> {
    fn of(asked: &Asked, bound: &'s BoundCube, measures: &'s [&'static Measure]) -> Result<Self> {
        let cube = cube_at(asked.cube)?;
        let months = bound.bucket.map(DateBucket::months);
        let (by, reach) = (bound.by.as_slice(), asked.reach);
        Ok(Self { cube, reach, bound, months, received: false, by, measures, known: None, before: None, most: MOST })
    }

    fn whole(self) -> Self {
        Self { months: None, by: &[], ..self }
    }

    /// How many keys a row begins with.
    fn width(&self) -> usize {
        usize::from(self.months.is_some()) + self.by.len()
    }

    /// The keys of a row.
    pub fn keys(&self, rows: &Rows, row: usize) -> Result<Vec<Key>> {
        let mut keys = Vec::with_capacity(self.width());
        if self.months.is_some() {
            keys.push(rows.cell(row, 0, Scalar::Int)?.int().map_or(Key::None, Key::Number));
        }
        for dimension in self.by {
            let cut = &dimension_at(self.cube, *dimension)?.cut;
            keys.push(key(cut, &rows.cell(row, keys.len(), key_scalar(cut))?));
        }
        Ok(keys)
    }
}

type Sums = HashMap<Vec<Key>, Vec<(String, f64)>>;

impl Runner<'_> {
    /// Counts what a statistic asks for.
    pub(in crate::plan) async fn tally<'s>(&'s self, asked: &'s Asked) -> Result<Tally<'s>> {
        let bound = self.bound.cubes.get(asked.slot).ok_or(Code::Internal)?;
        let (mut groups, total) = match bound.published {
            Some(dimension) => self.published(asked, bound, dimension).await?,
            None => self.counted(asked, bound).await?,
        };
        let (least, greatest) = bound.having;
        groups.retain(|group| !group.whole || (least..=greatest).contains(&group.at_least));
        groups.sort_by(|one, other| {
            let by_key = one.keys.cmp(&other.keys);
            match bound.order {
                GroupOrder::Key => by_key,
                GroupOrder::Count => other.at_least.cmp(&one.at_least).then(by_key),
            }
        });
        let count = groups.len();
        groups.truncate(bound.first);
        let mut edges = Vec::with_capacity(asked.edges.len());
        for (dimension, level) in &asked.edges {
            let place = bound.place(*dimension);
            let ids: BTreeSet<Uuid> = groups
                .iter()
                .filter_map(|group| match place.and_then(|place| group.keys.get(place)) {
                    Some(Key::Id(id)) => Some(*id),
                    _ => None,
                })
                .collect();
            edges.push(self.one(0, level, ids.into_iter().collect()).await?);
        }
        Ok(Tally { groups, count, total, edges })
    }

    async fn counted(&self, asked: &Asked, bound: &BoundCube) -> Result<(Vec<Group>, Option<Group>)> {
        let groups = async { if asked.groups { self.groups(asked, bound, false).await } else { Ok(Vec::new()) } };
        let total = async { if asked.total { Ok(self.groups(asked, bound, true).await?.pop()) } else { Ok(None) } };
        try_join(groups, total).await
    }

    async fn groups(&self, asked: &Asked, bound: &BoundCube, whole: bool) -> Result<Vec<Group>> {
        let cube = cube_at(asked.cube)?;
        let mut measures = vec![measure_at(cube, 0)?];
        for one in &asked.measures {
            measures.push(measure_at(cube, *one)?);
        }
        let slice = Slice::of(asked, bound, &measures)?;
        let slice = if whole { slice.whole() } else { slice };
        let known = async { if asked.share && !whole { self.known(asked, bound).await } else { Ok(HashMap::new()) } };
        let sums = try_join_all(measures.iter().map(|measure| self.sums(&slice, measure)));
        let (rows, (known, sums)) = try_join(self.slice(&slice, None), try_join(known, sums)).await?;
        if rows.len() > MOST {
            return Err(too_many(MOST));
        }
        let mut groups = Vec::with_capacity(rows.len());
        for row in 0..rows.len() {
            let keys = slice.keys(&rows, row)?;
            let mut figures = Vec::with_capacity(measures.len());
            for (place, (measure, sums)) in measures.iter().zip(&sums).enumerate() {
                figures.push(match measure.counted {
                    Counted::Money(..) => Figure::Money(sums.get(&keys).cloned().unwrap_or_default()),
                    _ => figure(&rows.cell(row, slice.width() + place, measure_scalar(measure))?),
                });
            }
            let Figure::Number(count) = figures.remove(0) else { return Err(Code::Internal.into()) };
            let share = share(bound, cube, &keys, count, &known);
            groups.push(Group { keys, at_least: count, whole: true, figures, share });
        }
        Ok(groups)
    }

    /// How many rows have a known last key, by the keys before it.
    async fn known(&self, asked: &Asked, bound: &BoundCube) -> Result<HashMap<Vec<Key>, i64>> {
        let count = [measure_at(cube_at(asked.cube)?, 0)?];
        let mut slice = Slice::of(asked, bound, &count)?;
        match slice.by.split_last() {
            Some((last, before)) => (slice.known, slice.by) = (Some(*last), before),
            None => slice.months = None,
        }
        let rows = self.slice(&slice, None).await?;
        let mut known = HashMap::with_capacity(rows.len());
        for row in 0..rows.len() {
            let count = rows.cell(row, slice.width(), Scalar::Int)?.int().ok_or(Code::Internal)?;
            known.insert(slice.keys(&rows, row)?, count);
        }
        Ok(known)
    }

    /// Sums of an amount in each currency, by keys; nothing for what is no amount.
    async fn sums(&self, slice: &Slice<'_>, measure: &Measure) -> Result<Sums> {
        let mut sums = Sums::new();
        let Counted::Money(amount, currency) = measure.counted else { return Ok(sums) };
        let rows = self.slice(slice, Some((amount, currency))).await?;
        let width = slice.width();
        for row in 0..rows.len() {
            let (currency, sum) = (rows.cell(row, width, Scalar::Text)?, rows.cell(row, width + 1, Scalar::Float)?);
            let (Some(currency), Some(sum)) = (currency.text(), sum.float()) else { continue };
            // To the hundredth: doubles added up leave crumbs.
            let sum = (currency.to_owned(), (sum * 100.0).round() / 100.0);
            sums.entry(slice.keys(&rows, row)?).or_default().push(sum);
        }
        for sums in sums.values_mut() {
            sums.sort_by(|one, other| one.0.cmp(&other.0));
        }
        Ok(sums)
    }

    pub(super) async fn slice(
        &self,
        slice: &Slice<'_>,
        money: Option<(crate::graph::declare::Column, crate::graph::declare::Column)>,
    ) -> Result<Rows> {
        let mut sql: Sql<'_> = self.sql();
        slice.write(&mut sql, money)?;
        let (text, values) = sql.finish();
        self.snapshot.rows(text, values).await
    }
}

fn figure(cell: &Cell<'_>) -> Figure {
    match cell {
        Cell::Int(number) => Figure::Number(*number),
        Cell::Float(mean) => Figure::Mean(Some((mean * 100.0).round() / 100.0)),
        _ => Figure::Mean(None),
    }
}

/// Of those with the same keys but for the last, and whose last is known: how many these are, in percent.
fn share(
    bound: &BoundCube,
    cube: &'static Cube,
    keys: &[Key],
    count: i64,
    known: &HashMap<Vec<Key>, i64>,
) -> Option<f64> {
    let (last, before) = keys.split_last()?;
    let cut = bound.by.last().and_then(|last| cube.dimensions.get(*last)).map(|dimension| &dimension.cut);
    if cut.is_some_and(|cut| !answers(cut, last)) {
        return None;
    }
    let of = i32::try_from(*known.get(before)?).ok().filter(|of| *of > 0)?;
    let part = i32::try_from(count).ok()?;
    Some((f64::from(part) * 1_000.0 / f64::from(of)).round() / 10.0)
}
