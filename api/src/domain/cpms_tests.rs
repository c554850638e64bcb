//! The rule of the yearly observation, from its examples to what must hold for every set of answers.

use super::{
    Answers, HIGH_RISK, TOGETHER, VICTIM, VICTIM_CONCERNS, check, classify, classify_household, rank,
    visit_within_hours,
};
use crate::domain::Refusal;
use chrono::NaiveDate;
use entity::Code as _;
use entity::cpms_answer::CpmsIndicatorCode as I;
use entity::cpms_observation::CpmsRiskClass::{self, AtRisk, HighRisk, None as NoRisk, Victim};
use entity::person::Answer;
use entity::protection_concern::ConcernKind;

/// Yes to these, no to all others.
fn yes_to(indicators: &[I]) -> Answers {
    let answer = |one: &I| if indicators.contains(one) { Answer::Yes } else { Answer::No };
    I::all().into_iter().map(|one| (one, answer(&one))).collect()
}

fn class(indicators: &[I]) -> CpmsRiskClass {
    classify(&yes_to(indicators), &[]).class
}

/// Every set of up to three indicators. No line of the rule looks at more than two at once, so these stand for all.
fn small_sets() -> Vec<Vec<I>> {
    let all = I::all();
    let mut sets = vec![Vec::new()];
    for (a, first) in all.iter().enumerate() {
        sets.push(vec![*first]);
        for (b, second) in all.iter().enumerate().skip(a + 1) {
            sets.push(vec![*first, *second]);
            sets.extend(all.iter().skip(b + 1).map(|third| vec![*first, *second, *third]));
        }
    }
    sets
}

#[test]
fn neglect_and_violence_make_a_victim() {
    for indicator in [I::C06Neglected, I::C13VictimOfViolence] {
        let result = classify(&yes_to(&[indicator, I::C04NoParent]), &[]);
        assert_eq!((result.class, result.reasons), (Victim, vec![indicator]));
    }
    assert_eq!(visit_within_hours(Victim), Some(24));
}

#[test]
fn not_with_both_parents_and_working_is_a_high_risk() {
    let result = classify(&yes_to(&TOGETHER), &[]);
    assert_eq!((result.class, result.reasons), (HighRisk, TOGETHER.to_vec()));
    for alone in TOGETHER {
        assert_eq!(class(&[alone]), AtRisk);
    }
    // Only both together are a reason of the high risk.
    let result = classify(&yes_to(&[I::C04NoParent, I::C05NotWithBothParents]), &[]);
    assert_eq!((result.class, result.reasons), (HighRisk, vec![I::C04NoParent]));
    assert_eq!(visit_within_hours(HighRisk), Some(72));
}

#[test]
fn received_services_alone_are_no_risk() {
    let result = classify(&yes_to(&[I::C16ReceivedServices]), &[]);
    assert_eq!((result.class, result.reasons), (NoRisk, vec![]));
    let result = classify(&yes_to(&[I::C16ReceivedServices, I::C10Health]), &[]);
    assert_eq!((result.class, result.reasons), (AtRisk, vec![I::C10Health]));
}

#[test]
fn nothing_known_is_no_risk_with_23_open_questions() {
    for answer in [Answer::Unknown, Answer::Refused, Answer::NotAsked] {
        let answers = I::all().into_iter().map(|one| (one, answer)).collect();
        let result = classify(&answers, &[]);
        assert_eq!((result.class, result.reasons.len(), result.unknown.len()), (NoRisk, 0, 23));
    }
    let result = classify(&Answers::new(), &[]);
    assert_eq!((result.class, result.unknown), (NoRisk, I::all()));
    assert_eq!(classify(&yes_to(&[]), &[]).unknown, vec![]);
}

#[test]
fn each_indicator_alone_has_the_class_of_its_line() {
    for indicator in I::all() {
        let expected = match indicator {
            I::C06Neglected | I::C13VictimOfViolence => Victim,
            I::C04NoParent
            | I::C12ViolentBehaviour
            | I::C14ConflictWithLaw
            | I::C15SubstanceUse
            | I::F19MemberPerpetrator
            | I::F20MemberVictim
            | I::F21MemberConflictWithLaw
            | I::F22MemberAddicted => HighRisk,
            I::C16ReceivedServices => NoRisk,
            _ => AtRisk,
        };
        assert_eq!(class(&[indicator]), expected, "{indicator:?}");
    }
}

#[test]
fn some_open_concerns_make_a_victim() {
    for concern in ConcernKind::all() {
        let result = classify(&yes_to(&[]), &[concern]);
        let expected = if VICTIM_CONCERNS.contains(&concern) { (Victim, vec![concern]) } else { (NoRisk, vec![]) };
        assert_eq!((result.class, result.concerns), expected, "{concern:?}");
    }
}

#[test]
fn the_reasons_alone_give_the_same_class() {
    for set in small_sets() {
        let result = classify(&yes_to(&set), &[]);
        assert!(result.reasons.iter().all(|reason| set.contains(reason)));
        assert_eq!(class(&result.reasons), result.class, "{set:?}");
        assert_eq!(result.reasons.is_empty(), result.class == NoRisk);
    }
}

#[test]
fn one_more_yes_never_lowers_a_class() {
    for set in small_sets() {
        let before = rank(class(&set));
        for more in I::all() {
            let with: Vec<I> = set.iter().copied().chain([more]).collect();
            assert!(rank(class(&with)) >= before, "{set:?} and {more:?}");
        }
    }
    let everything = class(&I::all());
    assert_eq!(everything, Victim);
}

#[test]
fn a_missing_answer_never_raises_a_class() {
    for set in small_sets().into_iter().filter(|set| set.len() < 3) {
        let known = yes_to(&set);
        let before = classify(&known, &[]);
        for indicator in I::all() {
            let mut gone = known.clone();
            gone.remove(&indicator);
            for answers in [Answer::Unknown, Answer::Refused, Answer::NotAsked]
                .map(|answer| known.clone().into_iter().chain([(indicator, answer)]).collect())
                .into_iter()
                .chain([gone])
            {
                let after = classify(&answers, &[]);
                assert!(rank(after.class) <= rank(before.class));
                assert_eq!(after.unknown, [indicator]);
                // In place of a no it changes nothing at all.
                if !set.contains(&indicator) {
                    assert_eq!((after.class, &after.reasons), (before.class, &before.reasons));
                }
            }
        }
    }
}

#[test]
fn the_lines_of_the_rule_do_not_overlap() {
    for indicator in I::all() {
        let lines = [VICTIM.contains(&indicator), HIGH_RISK.contains(&indicator), TOGETHER.contains(&indicator)];
        assert!(lines.into_iter().filter(|line| *line).count() <= 1, "{indicator:?}");
    }
}

#[test]
fn a_household_stands_where_its_worst_sign_stands() {
    assert_eq!(classify_household(&[NoRisk, AtRisk], &yes_to(&[I::F20MemberVictim])), HighRisk);
    assert_eq!(classify_household(&[], &yes_to(&[I::F17EconomicallyUnstable])), AtRisk);
    assert_eq!(classify_household(&[], &yes_to(&[])), NoRisk);
    for indicator in I::all() {
        let least = match indicator {
            I::F19MemberPerpetrator | I::F20MemberVictim | I::F21MemberConflictWithLaw | I::F22MemberAddicted => {
                HighRisk
            }
            I::F17EconomicallyUnstable | I::F18MemberHealth => AtRisk,
            _ => NoRisk,
        };
        for first in CpmsRiskClass::all() {
            for second in CpmsRiskClass::all() {
                let expected = [least, first, second].into_iter().max_by_key(|class| rank(*class));
                assert_eq!(Some(classify_household(&[first, second], &yes_to(&[indicator]))), expected);
            }
        }
    }
}

#[test]
fn one_observation_a_child_and_year() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let faults = |year, on, has_one| -> Vec<Refusal> {
        check(year, day(on), day("2026-11-22"), has_one).into_iter().map(|fault| fault.refusal).collect()
    };
    assert_eq!(faults(2026, "2026-11-22", false), []);
    assert_eq!(faults(2025, "2026-02-01", false), []);
    assert_eq!(faults(2024, "2026-02-01", false), [Refusal::DateInvalid]);
    assert_eq!(faults(2027, "2026-02-01", false), [Refusal::DateInvalid]);
    assert_eq!(faults(2026, "2026-11-23", false), [Refusal::DateInvalid]);
    assert_eq!(faults(2026, "2026-11-22", true), [Refusal::DuplicateYear]);
}
