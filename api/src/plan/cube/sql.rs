//! The statements of statistics.

mod fold;

use entity::Code as _;
use entity::value::Scalar;
use entity::visit::AgeGroup;

use super::super::filter::Filter;
use super::BoundCube;
use crate::access::Reach;
use crate::db::{Join, Sql};
use crate::error::{Code, Result};
use crate::graph::cube::{Counted, Cube, Cut, Measure};
use crate::graph::declare::Column;
use crate::graph::graph;

/// Groups that a true statistic has at most.
pub(super) const MOST: usize = 5_000;

/// Answers that are no answer.
pub(super) const UNANSWERED: [&str; 3] = ["UNKNOWN", "REFUSED", "NOT_ASKED"];

/// What rows are cut by in one statement.
pub(super) struct Slice<'s> {
    pub cube: &'static Cube,
    pub reach: Reach,
    pub bound: &'s BoundCube,
    /// The span of months a group has, if time is cut.
    pub months: Option<i64>,
    /// By when the service received them instead of the day they tell.
    pub received: bool,
    pub by: &'s [usize],
    pub measures: &'s [&'static Measure],
    /// Only rows that have a value for this dimension.
    pub known: Option<usize>,
    /// Only rows received before this month.
    pub before: Option<i64>,
    /// Rows the statement yields at most; one more tells that there are more.
    pub most: usize,
}

/// How the key of a dimension is read.
pub(super) fn key_scalar(cut: &Cut) -> Scalar {
    match cut {
        Cut::Code(..) | Cut::Codes(..) | Cut::Text(_) => Scalar::Text,
        Cut::Edge(..) | Cut::Place(_) => Scalar::Uuid,
        Cut::Age(..) => Scalar::Int,
        Cut::Truth(_) => Scalar::Bool,
    }
}

/// How a measure is read.
pub(super) fn measure_scalar(measure: &Measure) -> Scalar {
    match measure.counted {
        Counted::Mean(_) | Counted::Days(..) | Counted::Money(..) => Scalar::Float,
        Counted::Sum(column) => column.scalar,
        Counted::Rows | Counted::Different(..) | Counted::Truth(..) | Counted::Known(_) => Scalar::Int,
    }
}

fn own(column: Column) -> String {
    format!("t1.\"{}\"", column.name)
}

impl Slice<'_> {
    fn join(&self, cut: &Cut) -> Option<Join> {
        match cut {
            Cut::Codes(column, _) => Some(Join::Entries(column.name)),
            Cut::Place(column) => self.bound.level.map(|level| Join::Place(column.name, level)),
            _ => None,
        }
    }

    fn key(&self, cut: &Cut) -> String {
        match (self.join(cut), cut) {
            (Some(join), _) => join.value(),
            (None, Cut::Age(column, groups)) => bands(*column, *groups, self.bound.scheme.starts()),
            (None, cut) => own(cut.column()),
        }
    }

    fn month(&self, sql: &Sql<'_>) -> String {
        if self.received {
            sql.dialect().month_of_instant("t1.\"created_at\"")
        } else {
            sql.dialect().month(&own(self.cube.day))
        }
    }

    /// Appends the statement: the span of time, the keys, the measures; `currency` splits by it and sums an amount.
    pub fn write(&self, sql: &mut Sql<'_>, money: Option<(Column, Column)>) -> Result<()> {
        let noun = graph().named(self.cube.noun).ok_or(Code::Internal)?;
        let cuts = self.cuts();
        if money.is_none() && fold::pays(&cuts, self.measures) {
            return self.fold(sql, noun, &cuts);
        }
        let mut keys: Vec<String> = self.span(sql).into_iter().collect();
        keys.extend(cuts.iter().map(|cut| self.key(cut)));
        let mut told = keys.clone();
        match money {
            Some((amount, currency)) => {
                keys.push(own(currency));
                told.push(own(currency));
                told.push(format!("sum({})", own(amount)));
            }
            None => told.extend(self.measures.iter().map(|measure| counted(sql, measure))),
        }
        sql.push("SELECT ");
        sql.push(&told.join(", "));
        let joins: Vec<Join> = cuts.iter().filter_map(|cut| self.join(cut)).collect();
        sql.joined(noun.table, &noun.owner, self.reach, &joins);
        self.narrow(sql, money.map(|(_, currency)| currency))?;
        if !keys.is_empty() {
            self.group(sql, keys.len());
        }
        Ok(())
    }

    fn cuts(&self) -> Vec<&'static Cut> {
        self.by.iter().filter_map(|one| self.cube.dimensions.get(*one)).map(|one| &one.cut).collect()
    }

    /// The span of time a row lies in, if time is cut.
    fn span(&self, sql: &Sql<'_>) -> Option<String> {
        let month = self.month(sql);
        self.months.map(|months| if months == 1 { month } else { format!("{month} / {months}") })
    }

    fn group(&self, sql: &mut Sql<'_>, keys: usize) {
        let places: Vec<String> = (1..=keys).map(|place| place.to_string()).collect();
        sql.push(&format!(" GROUP BY {} LIMIT {}", places.join(", "), self.most + 1));
    }

    fn narrow(&self, sql: &mut Sql<'_>, currency: Option<Column>) -> Result<()> {
        if let Some(filter) = &self.bound.filter {
            sql.push(" AND ");
            Filter::emit(filter, sql, 1)?;
        }
        if let Some(before) = self.before {
            let month = self.month(sql);
            sql.push(&format!(" AND {month} < "));
            sql.push(&before.to_string());
        }
        if let Some(currency) = currency {
            sql.push(&format!(" AND {} IS NOT NULL", own(currency)));
        }
        if let Some(cut) = self.known.and_then(|one| self.cube.dimensions.get(one)).map(|one| &one.cut) {
            let column = own(cut.column());
            sql.push(&match cut {
                Cut::Code(..) => format!(" AND {column} NOT IN ('{}')", UNANSWERED.join("', '")),
                Cut::Codes(..) => format!(" AND {column} <> '[]'"),
                Cut::Age(..) => format!(" AND {} IS NOT NULL", self.key(cut)),
                _ => format!(" AND {column} IS NOT NULL"),
            });
        }
        Ok(())
    }
}

/// The number of the band that an age lies in.
fn bands(age: Column, groups: Option<Column>, starts: &[i32]) -> String {
    let age = own(age);
    let below = starts.iter().skip(1).enumerate().map(|(band, next)| format!(" WHEN {age} < {next} THEN {band}"));
    let last = starts.len().saturating_sub(1);
    let untold = groups.map_or_else(|| "NULL".to_owned(), |groups| by_group(&own(groups), starts));
    format!("CASE WHEN {age} IS NULL THEN {untold}{} ELSE {last} END", below.collect::<String>())
}

/// The band that all ages of a group lie in; a group that lies across bands tells none.
fn by_group(group: &str, starts: &[i32]) -> String {
    let band = |age: i32| starts.iter().rposition(|start| age >= *start);
    let told = AgeGroup::all().into_iter().filter_map(|one| {
        let (from, to) = one.years();
        let band = band(from).filter(|found| to.map_or(starts.len() - 1 == *found, |to| band(to) == Some(*found)))?;
        Some(format!(" WHEN '{}' THEN {band}", one.code()))
    });
    format!("CASE {group}{} END", told.collect::<String>())
}

fn counted(sql: &Sql<'_>, measure: &Measure) -> String {
    let dialect = sql.dialect();
    match &measure.counted {
        Counted::Rows => "count(*)".to_owned(),
        Counted::Different(first, others) => {
            let text = |column: &Column| match column.scalar {
                Scalar::Uuid => dialect.id_text(&own(*column)),
                _ => own(*column),
            };
            let others: Vec<String> = others.iter().map(text).collect();
            let others = if others.is_empty() { "NULL".to_owned() } else { others.join(" || ") };
            format!("count(DISTINCT COALESCE({}, {others}))", text(first))
        }
        Counted::Truth(column, is) => {
            format!("count(CASE WHEN {} IS {} THEN 1 END)", own(*column), if *is { "TRUE" } else { "FALSE" })
        }
        Counted::Known(column) => format!("count({})", own(*column)),
        Counted::Sum(column) => {
            let sum = format!("COALESCE(sum({}), 0)", own(*column));
            if column.scalar == Scalar::Float { dialect.double(&sum) } else { sum }
        }
        Counted::Mean(column) => dialect.double(&format!("avg({})", own(*column))),
        Counted::Days(from, to) => format!("avg({})", dialect.days(&own(*from), &own(*to))),
        // Summed by a statement of its own.
        Counted::Money(..) => "NULL".to_owned(),
    }
}
