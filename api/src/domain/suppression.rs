//! Which cells of a published row may be shown. Source: protection 3.7; the figures of the domain catalogue 6.4.
//!
//! A row is one whole, such as the visits of a centre in a quarter, split into cells, such as the visitors' sex. How
//! many there are in all is known to whoever reads the row. A cell below the threshold is hidden, and with it one more,
//! so that no hidden cell can be had by subtraction. Which one more does not hang on the numbers, or it would tell about
//! them: it is the first that is large enough, in an order fixed beforehand.

use entity::statistics::AgeScheme;

/// Counts below this are not published. Source: Counter-Trafficking Data Collaborative (k = 11).
pub const THRESHOLD: u64 = 11;

/// The one way in which ages are cut where they are published: with two, the difference of their bands would be a cell.
pub const PUBLISHED_AGES: AgeScheme = AgeScheme::Unhcr;

/// The one level of places that is published, the township: with two, a state less its townships would be a cell.
pub const PUBLISHED_LEVEL: i32 = 3;

/// For each cell whether it may be shown; cells stand in the order in which they are given up. What is shown leaves for
/// each hidden cell at least `threshold` values that it may have, or all that the total allows.
pub fn shown(cells: &[u64], threshold: u64) -> Vec<bool> {
    let small = |count: &u64| *count < threshold;
    if !cells.iter().any(small) {
        return vec![true; cells.len()];
    }
    let given_up = cells.iter().position(|count| !small(count));
    let hidden: Vec<bool> =
        cells.iter().enumerate().map(|(position, count)| small(count) || Some(position) == given_up).collect();
    let sum: u64 = cells.iter().zip(&hidden).filter(|(_, hidden)| **hidden).map(|(count, _)| count).sum();
    // Less, and the one given up could be no smaller than the threshold only if the small ones are nearly nothing.
    if sum < 2 * threshold - 1 {
        return vec![false; cells.len()];
    }
    hidden.into_iter().map(|hidden| !hidden).collect()
}

#[cfg(test)]
mod tests {
    use super::shown;
    use std::collections::{BTreeSet, HashMap};

    fn rows(cells: usize, total: u64) -> Vec<Vec<u64>> {
        if cells == 1 {
            return vec![vec![total]];
        }
        let with =
            |first: u64| rows(cells - 1, total - first).into_iter().map(move |rest| [vec![first], rest].concat());
        (0..=total).flat_map(with).collect()
    }

    /// The attacker knows the rule, the threshold, the total and all that is shown, and tries every row there can be.
    #[test]
    fn whoever_knows_the_rule_learns_no_hidden_cell() {
        for threshold in 2..=4 {
            for (cells, largest) in [(2, 30), (3, 24), (4, 17)] {
                for total in 0..=largest {
                    let mut by_answer: HashMap<Vec<Option<u64>>, Vec<Vec<u64>>> = HashMap::new();
                    for row in rows(cells, total) {
                        let mask = shown(&row, threshold);
                        let answer = row.iter().zip(mask).map(|(count, shown)| shown.then_some(*count)).collect();
                        by_answer.entry(answer).or_default().push(row);
                    }
                    for (answer, rows) in by_answer {
                        for position in (0..cells).filter(|position| answer[*position].is_none()) {
                            let possible: BTreeSet<u64> = rows.iter().map(|row| row[position]).collect();
                            let enough = threshold.min(total + 1);
                            assert!(possible.len() as u64 >= enough, "{threshold} {answer:?} {position}: {possible:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_shown_is_large() {
        for row in rows(4, 17) {
            for (count, shown) in row.iter().zip(shown(&row, 3)) {
                assert!(!shown || *count >= 3, "{row:?}");
            }
        }
    }

    #[test]
    fn large_rows_are_mostly_shown() {
        assert_eq!(shown(&[40, 30, 200, 100], 11), [true; 4]);
        assert_eq!(shown(&[40, 3, 200, 100], 11), [false, false, true, true]);
        assert_eq!(shown(&[3, 0, 200, 100], 11), [false, false, false, true]);
        assert_eq!(shown(&[3, 12], 11), [false, false]);
        assert_eq!(shown(&[], 11), [true; 0]);
    }
}
