//! Scores of an organisation's capacity: what may be entered, and the means that follow. Source: domain catalogue 4.5
//! and 6.3. The organisation's own scores and the agreed ones never mix.

use std::collections::{BTreeMap, BTreeSet};

use entity::capacity_tool::CapacityScale;
use uuid::Uuid;

use super::{Fault, Refusal};

/// The scores of one item as they are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scored<'a> {
    /// The item.
    pub item: Uuid,
    /// What the organisation gave itself.
    pub own: Option<i32>,
    /// What was agreed in the end.
    pub agreed: Option<i32>,
    /// Whether the item does not apply.
    pub is_not_applicable: bool,
    /// Why this score.
    pub justification: Option<&'a str>,
}

/// The lowest and the highest score of a scale. No, neutral and yes are 0, 1 and 2.
pub const fn bounds(scale: CapacityScale) -> (i32, i32) {
    match scale {
        CapacityScale::OneToFour => (1, 4),
        CapacityScale::OneToFive => (1, 5),
        CapacityScale::YesNeutralNo => (0, 2),
    }
}

/// Everything that keeps an assessment from being scored. A fault about a score carries its position in `scores`; a
/// fault without one is about the assessment: an item of the tool has no score at all.
pub fn check(scale: CapacityScale, tool: &BTreeSet<Uuid>, scores: &[Scored<'_>]) -> Vec<(Option<usize>, Fault)> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for (position, score) in scores.iter().enumerate() {
        faults.extend(check_one(scale, score).into_iter().map(|fault| (Some(position), fault)));
        if !tool.contains(&score.item) {
            let fault = Fault::new(Refusal::CodeUnknown, "item", "The tool has no such item.");
            faults.push((Some(position), fault));
        }
        if !seen.insert(score.item) {
            faults.push((Some(position), Fault::new(Refusal::BadValue, "item", "An item is scored once.")));
        }
    }
    if !tool.is_subset(&seen) {
        let text = "Every item of the tool needs a score, or is not applicable.";
        faults.push((None, Fault::new(Refusal::FieldRequired, "scores", text)));
    }
    faults
}

fn check_one(scale: CapacityScale, score: &Scored<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let (low, high) = bounds(scale);
    for (field, value) in [("self", score.own), ("agreed", score.agreed)] {
        if value.is_some_and(|value| value < low || value > high) {
            faults.push(Fault::new(Refusal::BadValue, field, "The score is not on the tool's scale."));
        }
    }
    let has_score = score.own.is_some() || score.agreed.is_some();
    if score.is_not_applicable && has_score {
        let text = "An item that is not applicable has no score.";
        faults.push(Fault::new(Refusal::BadValue, "isNotApplicable", text));
    }
    if !score.is_not_applicable && !has_score {
        let text = "An item needs a score, or is not applicable.";
        faults.push(Fault::new(Refusal::FieldRequired, "self", text));
    }
    let differs = score.own.zip(score.agreed).is_some_and(|(own, agreed)| own != agreed);
    if differs && score.justification.is_none_or(|text| text.trim().is_empty()) {
        let text = "Say why the agreed score differs from the organisation's own.";
        faults.push(Fault::new(Refusal::FieldRequired, "justification", text));
    }
    faults
}

/// The sums of one domain; means are made from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Sum of the organisation's own scores.
    pub self_sum: i32,
    /// How many items have one.
    pub self_count: i32,
    /// Sum of the agreed scores.
    pub agreed_sum: i32,
    /// How many items have one.
    pub agreed_count: i32,
    /// How many items the domain has, scored or not.
    pub item_count: i32,
}

/// The sums of every domain. `tool` names the domain of every item; a domain without a score has zero counts.
pub fn sums(tool: &BTreeMap<Uuid, Uuid>, scores: &[Scored<'_>]) -> BTreeMap<Uuid, Sums> {
    let mut sums: BTreeMap<Uuid, Sums> = BTreeMap::new();
    for domain in tool.values() {
        sums.entry(*domain).or_default().item_count += 1;
    }
    for score in scores.iter().filter(|score| !score.is_not_applicable) {
        let Some(sums) = tool.get(&score.item).and_then(|domain| sums.get_mut(domain)) else { continue };
        if let Some(own) = score.own {
            sums.self_sum = sums.self_sum.saturating_add(own);
            sums.self_count += 1;
        }
        if let Some(agreed) = score.agreed {
            sums.agreed_sum = sums.agreed_sum.saturating_add(agreed);
            sums.agreed_count += 1;
        }
    }
    sums
}

/// The mean; `None`, never zero, where nothing was scored.
pub fn mean(sum: i32, count: i32) -> Option<f64> {
    (count > 0).then(|| f64::from(sum) / f64::from(count))
}

/// The overall scores, unrounded: the means of the domain means, by the organisation's own scores and by the agreed
/// ones. Domains where nothing was scored do not count.
pub fn overall<'a>(domains: impl IntoIterator<Item = &'a Sums> + Clone) -> (Option<f64>, Option<f64>) {
    let own = domains.clone().into_iter().filter_map(|sums| mean(sums.self_sum, sums.self_count));
    let agreed = domains.into_iter().filter_map(|sums| mean(sums.agreed_sum, sums.agreed_count));
    (mean_of(own), mean_of(agreed))
}

fn mean_of(means: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = means.fold((0.0, 0), |(sum, count), mean| (sum + mean, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

/// Two decimals, rounded half up. A double that misses a half by less than a billionth counts as the half: 2.675 has
/// no exact double, yet is meant.
pub fn rounded(value: f64) -> f64 {
    (value * 100.0 + 0.5 + 1e-7).floor() / 100.0
}

/// The mean of whole scores with two decimals, rounded half up exactly; `None` where nothing was scored.
pub fn rounded_mean(sum: i64, count: i64) -> Option<f64> {
    if count <= 0 {
        return None;
    }
    let hundredths = sum.checked_mul(200)?.checked_add(count)?.div_euclid(count.checked_mul(2)?);
    i32::try_from(hundredths).ok().map(|hundredths| f64::from(hundredths) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::{Scored, Sums, bounds, check, mean, overall, rounded, rounded_mean, sums};
    use crate::domain::Refusal;
    use entity::Code as _;
    use entity::capacity_tool::CapacityScale;
    use std::collections::{BTreeMap, BTreeSet};
    use uuid::Uuid;

    const fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn scored(item: u128, own: Option<i32>, agreed: Option<i32>) -> Scored<'static> {
        Scored { item: id(item), own, agreed, is_not_applicable: false, justification: None }
    }

    fn not_applicable(item: u128) -> Scored<'static> {
        Scored { is_not_applicable: true, ..scored(item, None, None) }
    }

    fn faults(
        scale: CapacityScale,
        items: &[u128],
        scores: &[Scored<'_>],
    ) -> Vec<(Option<usize>, Refusal, &'static str)> {
        let tool: BTreeSet<Uuid> = items.iter().copied().map(id).collect();
        check(scale, &tool, scores).into_iter().map(|(at, fault)| (at, fault.refusal, fault.field)).collect()
    }

    #[test]
    fn scores_lie_on_the_scale() {
        for scale in CapacityScale::all() {
            let (low, high) = bounds(scale);
            for value in -2..=7 {
                let found = faults(scale, &[1], &[scored(1, Some(value), Some(value))]);
                assert_eq!(found.is_empty(), (low..=high).contains(&value), "{scale:?} {value}");
            }
        }
    }

    #[test]
    fn every_item_is_scored_or_not_applicable() {
        let scale = CapacityScale::OneToFour;
        assert_eq!(faults(scale, &[1, 2], &[scored(1, Some(3), Some(3)), not_applicable(2)]), []);
        assert_eq!(faults(scale, &[1], &[scored(1, None, Some(3))]), []);
        assert_eq!(faults(scale, &[1], &[scored(1, None, None)]), [(Some(0), Refusal::FieldRequired, "self")]);
        assert_eq!(faults(scale, &[1, 2], &[scored(1, Some(3), None)]), [(None, Refusal::FieldRequired, "scores")]);
        let both = Scored { own: Some(1), ..not_applicable(1) };
        assert_eq!(faults(scale, &[1], &[both]), [(Some(0), Refusal::BadValue, "isNotApplicable")]);
    }

    #[test]
    fn items_belong_to_the_tool_and_come_once() {
        let scale = CapacityScale::OneToFive;
        let three = scored(1, Some(3), Some(3));
        let stranger = scored(9, Some(3), Some(3));
        assert_eq!(faults(scale, &[1], &[three, stranger]), [(Some(1), Refusal::CodeUnknown, "item")]);
        assert_eq!(faults(scale, &[1], &[three, three]), [(Some(1), Refusal::BadValue, "item")]);
    }

    #[test]
    fn a_difference_is_justified() {
        let differs = scored(1, Some(2), Some(3));
        let missing = [(Some(0), Refusal::FieldRequired, "justification")];
        assert_eq!(faults(CapacityScale::OneToFour, &[1], &[differs]), missing);
        let blank = Scored { justification: Some("  "), ..differs };
        assert_eq!(faults(CapacityScale::OneToFour, &[1], &[blank]), missing);
        let told = Scored { justification: Some("There is a policy since May."), ..differs };
        assert_eq!(faults(CapacityScale::OneToFour, &[1], &[told]), []);
    }

    #[test]
    fn domains_leave_out_what_does_not_apply() {
        let tool = BTreeMap::from([(id(1), id(100)), (id(2), id(100)), (id(3), id(100)), (id(4), id(200))]);
        let scores = [scored(1, Some(2), Some(3)), scored(2, Some(3), None), not_applicable(3), not_applicable(4)];
        let sums = sums(&tool, &scores);
        assert_eq!(sums[&id(100)], Sums { self_sum: 5, self_count: 2, agreed_sum: 3, agreed_count: 1, item_count: 3 });
        // Nothing in this domain applies: null, not zero, and the overall score does not count it.
        assert_eq!(sums[&id(200)], Sums { item_count: 1, ..Sums::default() });
        assert_eq!(mean(0, 0), None);
        assert_eq!(rounded_mean(0, 0), None);
        assert_eq!(overall(sums.values()), (Some(2.5), Some(3.0)));
        assert_eq!(overall([&Sums::default()]), (None, None));
    }

    #[test]
    fn zero_is_a_score() {
        let tool = BTreeMap::from([(id(1), id(100))]);
        let sums = sums(&tool, &[scored(1, Some(0), Some(0))]);
        assert_eq!(overall(sums.values()), (Some(0.0), Some(0.0)));
    }

    #[test]
    fn halves_go_up() {
        for (value, shown) in [(2.675, 2.68), (2.674_999, 2.67), (1.005, 1.01), (0.125, 0.13), (3.0, 3.0), (0.0, 0.0)] {
            assert!((rounded(value) - shown).abs() < 1e-12, "{value}");
        }
    }

    #[test]
    fn both_ways_of_rounding_agree_on_every_small_mean() {
        for count in 1..=60_i32 {
            for sum in 0..=count * 5 {
                let exact = rounded_mean(sum.into(), count.into()).unwrap();
                assert!((exact - rounded(mean(sum, count).unwrap())).abs() < 1e-12, "{sum}/{count}");
            }
        }
    }
}
