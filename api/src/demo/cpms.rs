//! Yearly observations: last year's and this year's, answered for all indicators and classified by the rule.

use chrono::{Datelike as _, NaiveDate};
use entity::Code as _;
use entity::cpms_answer::{self, CpmsIndicatorCode};
use entity::cpms_observation::{self, CpmsRiskClass};
use entity::list::List;
use entity::person::Answer;
use sea_orm::Set;

use super::draw::Draw;
use super::people::{Child, People};
use super::plans::{Plan, Staff};
use super::store::made;
use crate::domain::cpms::{self, Answers};

#[derive(Default)]
pub(super) struct Observations {
    pub(super) rows: Vec<cpms_observation::ActiveModel>,
    pub(super) answers: Vec<cpms_answer::ActiveModel>,
}

/// Observes the first children of the plan, each in two years, and notes the latest class in their profiles.
pub(super) fn observe(plan: &Plan, staff: &Staff, people: &mut People, draw: &mut Draw) -> Observations {
    let mut seen = Observations::default();
    let this_year = draw.today().year();
    for position in 0..plan.observed {
        let mut latest = None;
        for year in [this_year - 1, this_year] {
            if let Some(child) = people.children.get(position) {
                latest = Some(seen.one(staff, child, year, draw));
            }
        }
        if let Some(class) = latest {
            people.classify(position, class);
        }
    }
    seen
}

/// How many of a hundred children have it.
fn share(code: CpmsIndicatorCode) -> u32 {
    use CpmsIndicatorCode as I;
    match code {
        I::C01NoThaiNationality => 40,
        I::C02aNoBirthRegistration | I::F17EconomicallyUnstable => 14,
        I::C08ChildMigratedIn => 12,
        I::C05NotWithBothParents | I::C09ParentsMigratedAway => 9,
        I::C16ReceivedServices => 8,
        I::C03NoEducation | I::C07NoPermanentAddress | I::C10Health | I::F18MemberHealth => 5,
        I::C02bChallenges | I::C11WorkedForWages => 4,
        I::C04NoParent | I::F22MemberAddicted => 2,
        I::C06Neglected
        | I::C12ViolentBehaviour
        | I::C13VictimOfViolence
        | I::C14ConflictWithLaw
        | I::C15SubstanceUse
        | I::F19MemberPerpetrator
        | I::F20MemberVictim
        | I::F21MemberConflictWithLaw => 1,
    }
}

impl Observations {
    fn one(&mut self, staff: &Staff, child: &Child, year: i32, draw: &mut Draw) -> CpmsRiskClass {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
        let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default().min(draw.today());
        let length = u64::try_from(last.signed_duration_since(first).num_days()).unwrap_or_default();
        let collected_on = draw.later(first, 0, length);
        let at = draw.at(collected_on);
        let by = draw.of(&staff.registrars);
        let id = draw.id(at);
        let mut answers = Answers::new();
        for code in CpmsIndicatorCode::all() {
            let answer = draw.mostly(
                Answer::No,
                &[(Answer::Yes, share(code)), (Answer::Unknown, 4), (Answer::Refused, 1), (Answer::NotAsked, 2)],
            );
            answers.insert(code, answer);
            let row = cpms_answer::ActiveModel {
                id: Set(draw.id(at)),
                observation_id: Set(id),
                code: Set(code),
                answer: Set(answer),
                note: Set(None),
                ..Default::default()
            };
            self.answers.push(made(row, at, by));
        }
        let result = cpms::classify(&answers, &[]);
        let row = cpms_observation::ActiveModel {
            id: Set(id),
            child_id: Set(child.id),
            household_id: Set(Some(child.household)),
            community_id: Set(child.community),
            year: Set(year),
            round: Set(1),
            collected_on: Set(collected_on),
            collected_by_id: Set(by),
            interview_language: Set(draw.of(&["th", "my"]).map(str::to_owned)),
            risk_class: Set(result.class),
            rule_version: Set(cpms::RULE_VERSION.to_owned()),
            reasons: Set(List::codes(result.reasons)),
            unknown_indicators: Set(List::codes(result.unknown)),
            ..Default::default()
        };
        self.rows.push(made(row, at, by));
        result.class
    }
}
