//! Lists in two steps: rows with equal keys and equal lists are counted together first, and only those few groups are
//! unfolded into the entries of their lists. Reading every row's list instead costs three times as much.

use super::{Slice, own};
use crate::db::{Join, Sql};
use crate::error::Result;
use crate::graph::cube::{Counted, Cut, Measure};
use crate::graph::declare::Noun;

/// The alias of the rows that were counted together.
const FOLDED: usize = 0;

/// Whether there are lists to unfold, and every measure of a group is made of those of its parts.
pub(super) fn pays(cuts: &[&Cut], measures: &[&Measure]) -> bool {
    let adds_up = |measure: &&Measure| matches!(measure.counted, Counted::Rows | Counted::Truth(..) | Counted::Mean(_));
    cuts.iter().any(|cut| matches!(cut, Cut::Codes(..))) && measures.iter().all(adds_up)
}

impl Slice<'_> {
    /// Appends the statement in two steps.
    pub(super) fn fold(&self, sql: &mut Sql<'_>, noun: &Noun, cuts: &[&Cut]) -> Result<()> {
        let (mut inner, mut outer) = (Vec::new(), Vec::new());
        if let Some(span) = self.span(sql) {
            inner.push(format!("{span} AS span"));
            outer.push("t0.span".to_owned());
        }
        let (lists, places): (Vec<Join>, Vec<Join>) =
            cuts.iter().filter_map(|cut| self.join(cut)).partition(|join| matches!(join, Join::Entries(_)));
        for (place, cut) in cuts.iter().enumerate() {
            if matches!(cut, Cut::Codes(..)) {
                inner.push(own(cut.column()));
                outer.push(self.key(cut));
            } else {
                inner.push(format!("{} AS key{place}", self.key(cut)));
                outer.push(format!("t0.key{place}"));
            }
        }
        let (within, over) = (inner.len(), outer.len());
        for (place, measure) in self.measures.iter().enumerate() {
            let (part, sum) = parts(sql, place, measure);
            inner.push(part);
            outer.push(sum);
        }
        sql.push(&format!("SELECT {} FROM (SELECT {}", outer.join(", "), inner.join(", ")));
        sql.joined(noun.table, &noun.owner, self.reach, &places);
        self.narrow(sql, None)?;
        let keys: Vec<String> = (1..=within).map(|place| place.to_string()).collect();
        sql.push(&format!(" GROUP BY {}) AS t{FOLDED}", keys.join(", ")));
        for list in &lists {
            sql.join(list, FOLDED);
        }
        self.group(sql, over);
        Ok(())
    }
}

/// A measure of the rows that are counted together, and of a group of those.
fn parts(sql: &Sql<'_>, place: usize, measure: &Measure) -> (String, String) {
    match &measure.counted {
        Counted::Mean(column) => (
            format!("sum({0}) AS sum{place}, count({0}) AS part{place}", own(*column)),
            sql.dialect().double(&format!("sum(t0.sum{place}) * 1.0 / nullif(sum(t0.part{place}), 0)")),
        ),
        _ => {
            (format!("{} AS part{place}", super::counted(sql, measure)), format!("CAST(sum(t0.part{place}) AS bigint)"))
        }
    }
}
