//! From the answers of a yearly observation to a class of risk: rule version 1 of the domain catalogue, 6.1. The first
//! line that matches wins. Only a yes counts; what is unknown, refused or not asked never raises a class.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};
use entity::Code as _;
use entity::cpms_answer::CpmsIndicatorCode as I;
use entity::cpms_observation::CpmsRiskClass;
use entity::person::Answer;
use entity::protection_concern::ConcernKind;

use super::{Fault, Refusal, ensure};

/// The version of the rule, kept with every result.
pub const RULE_VERSION: &str = "1";

/// Answers by indicator; what is missing was not asked.
pub type Answers = HashMap<I, Answer>;

/// A class with what led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classification {
    /// How great the risk is.
    pub class: CpmsRiskClass,
    /// Indicators answered with yes that match the line of the class.
    pub reasons: Vec<I>,
    /// Open concerns that match the line of the class.
    pub concerns: Vec<ConcernKind>,
    /// Indicators without a yes or a no.
    pub unknown: Vec<I>,
}

const VICTIM: [I; 2] = [I::C06Neglected, I::C13VictimOfViolence];

const VICTIM_CONCERNS: [ConcernKind; 6] = [
    ConcernKind::TraffickedSmuggled,
    ConcernKind::SexuallyExploited,
    ConcernKind::GbvSurvivor,
    ConcernKind::PhysicallyOrMentallyAbused,
    ConcernKind::Neglect,
    ConcernKind::OnlineExploitation,
];

const HIGH_RISK: [I; 8] = [
    I::C04NoParent,
    I::C12ViolentBehaviour,
    I::C14ConflictWithLaw,
    I::C15SubstanceUse,
    I::F19MemberPerpetrator,
    I::F20MemberVictim,
    I::F21MemberConflictWithLaw,
    I::F22MemberAddicted,
];

/// Each alone is a risk, both together a high one.
const TOGETHER: [I; 2] = [I::C05NotWithBothParents, I::C11WorkedForWages];

/// What puts every child of a household at a high risk.
const HOUSEHOLD_HIGH_RISK: [I; 4] =
    [I::F19MemberPerpetrator, I::F20MemberVictim, I::F21MemberConflictWithLaw, I::F22MemberAddicted];

/// What puts every child of a household at risk.
const HOUSEHOLD_AT_RISK: [I; 2] = [I::F17EconomicallyUnstable, I::F18MemberHealth];

/// Classifies a child by the answers and the kinds of the open concerns in the child's cases.
pub fn classify(answers: &Answers, open_concerns: &[ConcernKind]) -> Classification {
    let yes = |indicator: &I| answers.get(indicator) == Some(&Answer::Yes);
    let among = |line: &[I]| -> Vec<I> { line.iter().copied().filter(yes).collect() };
    let unknown =
        I::all().into_iter().filter(|one| !matches!(answers.get(one), Some(Answer::Yes | Answer::No))).collect();
    let result = |class, reasons, concerns| Classification { class, reasons, concerns, unknown };

    let victim = among(&VICTIM);
    let concerns: Vec<ConcernKind> =
        VICTIM_CONCERNS.into_iter().filter(|concern| open_concerns.contains(concern)).collect();
    if !victim.is_empty() || !concerns.is_empty() {
        return result(CpmsRiskClass::Victim, victim, concerns);
    }
    let both = TOGETHER.iter().all(yes);
    let high: Vec<I> = I::all()
        .into_iter()
        .filter(yes)
        .filter(|one| HIGH_RISK.contains(one) || (both && TOGETHER.contains(one)))
        .collect();
    if !high.is_empty() {
        return result(CpmsRiskClass::HighRisk, high, Vec::new());
    }
    let some: Vec<I> = I::all().into_iter().filter(yes).filter(|one| *one != I::C16ReceivedServices).collect();
    let class = if some.is_empty() { CpmsRiskClass::None } else { CpmsRiskClass::AtRisk };
    result(class, some, Vec::new())
}

/// The class of a household: the highest of its children; at least high where a member uses or suffers violence, is in
/// conflict with the law or addicted; at least at risk where money or health fails.
pub fn classify_household(children: &[CpmsRiskClass], answers: &Answers) -> CpmsRiskClass {
    let any = |line: &[I]| line.iter().any(|one| answers.get(one) == Some(&Answer::Yes));
    let least = if any(&HOUSEHOLD_HIGH_RISK) {
        CpmsRiskClass::HighRisk
    } else if any(&HOUSEHOLD_AT_RISK) {
        CpmsRiskClass::AtRisk
    } else {
        CpmsRiskClass::None
    };
    children.iter().copied().fold(least, |highest, class| if rank(class) > rank(highest) { class } else { highest })
}

/// How high a class stands, from 0.
pub const fn rank(class: CpmsRiskClass) -> u8 {
    match class {
        CpmsRiskClass::None => 0,
        CpmsRiskClass::AtRisk => 1,
        CpmsRiskClass::HighRisk => 2,
        CpmsRiskClass::Victim => 3,
    }
}

/// Within how many hours somebody has to visit the home; `None` leaves it to the next yearly round.
pub const fn visit_within_hours(class: CpmsRiskClass) -> Option<u32> {
    match class {
        CpmsRiskClass::Victim => Some(24),
        CpmsRiskClass::HighRisk => Some(72),
        CpmsRiskClass::AtRisk | CpmsRiskClass::None => None,
    }
}

/// Checks when an observation was made: collected by today, for the year of the collection or the one before, which a
/// late round may still complete; one a child and year.
pub fn check(year: i32, collected_on: NaiveDate, today: NaiveDate, has_one_for_year: bool) -> Vec<Fault> {
    let invalid = |holds, field, says| ensure(holds, Refusal::DateInvalid, field, says);
    let text = "An observation counts for the year of its collection or the year before.";
    [
        invalid(collected_on <= today, "collectedOn", "An observation is not in the future."),
        invalid((year..=year.saturating_add(1)).contains(&collected_on.year()), "year", text),
        ensure(
            !has_one_for_year,
            Refusal::DuplicateYear,
            "year",
            "The child already has an observation for this year.",
        ),
    ]
    .into_iter()
    .filter_map(Result::err)
    .collect()
}

#[cfg(test)]
#[path = "cpms_tests.rs"]
mod tests;
