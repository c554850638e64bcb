//! Survivors with what was done to them, and the talks that found it out.

use chrono::{Datelike as _, NaiveDate};
use entity::exploitation_episode::{
    self as episode, ExploitationKind, IsicSection, MeansOfControl, RecruiterRelation, SexExploitationKind,
};
use entity::ids;
use entity::list::List;
use entity::person::{self, Answer, DisplacementStatus, Sex};
use entity::survivor::{self, HtcdsCaseStatus, NationalIdentification};
use entity::trafficking_screening::{
    self as screening, DecisionMaker, SafetyCheck, ScreeningResult, TraffickingAct, TraffickingMeans,
};
use sea_orm::Set;
use uuid::Uuid;

use super::draw::Draw;
use super::people;
use super::plans::{Plan, Staff};
use super::store::made;
use crate::domain::trafficking;

/// A survivor as cases need one.
pub(super) struct Survivor {
    pub(super) id: Uuid,
    pub(super) place: Uuid,
    pub(super) registered_on: NaiveDate,
}

#[derive(Default)]
pub(super) struct Survivors {
    pub(super) persons: Vec<person::ActiveModel>,
    pub(super) rows: Vec<survivor::ActiveModel>,
    pub(super) episodes: Vec<episode::ActiveModel>,
    pub(super) screenings: Vec<screening::ActiveModel>,
    pub(super) known: Vec<Survivor>,
}

/// The survivors of an organisation.
pub(super) fn survivors(plan: &Plan, staff: &Staff, draw: &mut Draw) -> Survivors {
    let mut all = Survivors::default();
    for number in 1..=plan.survivors {
        all.one(plan, staff, draw, number);
    }
    all
}

const BANDS: [(i64, &str); 8] = [
    (9, "0-8"),
    (18, "9-17"),
    (21, "18-20"),
    (24, "21-23"),
    (27, "24-26"),
    (30, "27-29"),
    (39, "30-38"),
    (48, "39-47"),
];

fn band(age: i64) -> &'static str {
    BANDS.iter().find(|(below, _)| age < *below).map_or("48+", |(_, band)| band)
}

impl Survivors {
    fn one(&mut self, plan: &Plan, staff: &Staff, draw: &mut Draw, number: usize) {
        let registered_on = draw.days_ago(5, 720);
        let at = draw.at(registered_on);
        let by = if draw.chance(12) { draw.of(&staff.counsellors) } else { draw.of(&staff.caseworkers) };
        let sex = draw.mostly(Sex::Female, &[(Sex::Male, 40)]);
        let birth = if draw.chance(28) { draw.days_ago(10 * 365, 17 * 365) } else { draw.days_ago(20 * 365, 50 * 365) };
        let age = registered_on.signed_duration_since(birth).num_days() / 365;
        let place = ids::location(draw.of(plan.places).unwrap_or("MMR"));
        let person = person::ActiveModel {
            is_name_hidden: Set(true),
            ..people::person(plan, draw, sex, birth, place, DisplacementStatus::Returnee, at)
        };
        let Set(person_id) = person.id else { return };
        let survivor = Survivor { id: draw.id(at), place, registered_on };
        let row = survivor::ActiveModel {
            id: Set(survivor.id),
            person_id: Set(person_id),
            code: Set(format!("SV-{number:06}")),
            registered_on: Set(registered_on),
            registered_year: Set(registered_on.year()),
            case_worker_id: Set(by),
            age_band: Set(Some(band(age).to_owned())),
            citizenship: Set(Some(draw.mostly("MM", &[("LA", 5), ("KH", 5), ("TH", 4)]).to_owned())),
            status: Set(draw.mostly(
                HtcdsCaseStatus::Active,
                &[(HtcdsCaseStatus::FollowUp, 25), (HtcdsCaseStatus::Closed, 25), (HtcdsCaseStatus::ClosedReferred, 5)],
            )),
            national_identification: Set(draw.mostly(
                NationalIdentification::None,
                &[(NationalIdentification::Presumed, 35), (NationalIdentification::Confirmed, 25)],
            )),
            import_source: Set(None),
            import_key: Set(None),
            ..Default::default()
        };
        self.persons.push(made(person, at, by));
        self.rows.push(made(row, at, by));
        for _ in 0..draw.mostly(1, &[(2, 25), (3, 6)]) {
            self.episode(&survivor, by, age, draw);
        }
        if draw.chance(60) {
            self.screening(staff, &survivor, person_id, age, draw);
        }
        self.known.push(survivor);
    }

    fn episode(&mut self, survivor: &Survivor, by: Option<Uuid>, age: i64, draw: &mut Draw) {
        const MEANS: [MeansOfControl; 8] = [
            MeansOfControl::DebtBondage,
            MeansOfControl::TakesEarnings,
            MeansOfControl::Threats,
            MeansOfControl::FalsePromises,
            MeansOfControl::RestrictsMovement,
            MeansOfControl::ExcessiveWorkingHours,
            MeansOfControl::WithholdsDocuments,
            MeansOfControl::PsychologicalAbuse,
        ];
        let at = draw.at(survivor.registered_on);
        let kind = draw.mostly(
            ExploitationKind::ForcedLabour,
            &[
                (ExploitationKind::SexualExploitation, 22),
                (ExploitationKind::ForcedMarriage, 18),
                (ExploitationKind::ForcedCriminalityScam, 12),
                (ExploitationKind::ForcedBegging, 3),
            ],
        );
        let is_sexual = kind == ExploitationKind::SexualExploitation;
        let months = draw.between(1, 30);
        let days = u64::try_from(months).unwrap_or_default() * 30;
        let ended = survivor.registered_on - chrono::Days::new(u64::try_from(draw.between(2, 120)).unwrap_or_default());
        let started = ended - chrono::Days::new(days);
        let row = episode::ActiveModel {
            id: Set(draw.id(at)),
            survivor_id: Set(survivor.id),
            kinds: Set(List::codes([kind])),
            industry: Set(if kind == ExploitationKind::ForcedLabour {
                draw.of(&[
                    IsicSection::AAgricultureForestryFishing,
                    IsicSection::CManufacturing,
                    IsicSection::FConstruction,
                    IsicSection::THouseholdsAsEmployers,
                ])
            } else {
                None
            }),
            sex_kinds: Set(List::codes(is_sexual.then_some(SexExploitationKind::Prostitution))),
            country: Set(Some(draw.mostly("CN", &[("TH", 35), ("MM", 12), ("MY", 10)]).to_owned())),
            place_id: Set(None),
            started_on: Set(Some(started)),
            ended_on: Set(Some(ended)),
            age_at_start: Set(i32::try_from(age - i64::from(months / 12) - 1).ok().map(|age| age.max(5))),
            months: Set(Some(months)),
            means_of_control: Set(List::codes(draw.some(&MEANS, 1, 4))),
            recruiter_relation: Set(draw.of(&[
                RecruiterRelation::Friend,
                RecruiterRelation::Family,
                RecruiterRelation::Other,
            ])),
            is_forced_labour: Set(if kind == ExploitationKind::ForcedLabour { Answer::Yes } else { Answer::No }),
            is_sexual_exploitation: Set(if is_sexual { Answer::Yes } else { Answer::No }),
            ..Default::default()
        };
        self.episodes.push(made(row, at, by));
    }

    fn screening(&mut self, staff: &Staff, survivor: &Survivor, person: Uuid, age: i64, draw: &mut Draw) {
        let day = draw.later(survivor.registered_on, 0, 14);
        let at = draw.at(day);
        let by = if draw.chance(50) { draw.of(&staff.counsellors) } else { draw.of(&staff.caseworkers) };
        let checks = [SafetyCheck::PrivatePlace, SafetyCheck::NoTraffickerNear, SafetyCheck::MayStopAnyTime];
        let acts =
            draw.some(&[TraffickingAct::Recruitment, TraffickingAct::Transportation, TraffickingAct::Receipt], 0, 3);
        let means = draw.some(
            &[TraffickingMeans::Deception, TraffickingMeans::Threat, TraffickingMeans::AbuseOfVulnerability],
            0,
            2,
        );
        let purposes = draw.some(&[ExploitationKind::ForcedLabour, ExploitationKind::SexualExploitation], 1, 1);
        let is_child = if age < 18 { Answer::Yes } else { draw.mostly(Answer::No, &[(Answer::Unknown, 4)]) };
        let indicators_met = trafficking::indicators_met(is_child, &acts, &means, &purposes);
        let is_decided = draw.chance(55);
        let decision = if indicators_met { ScreeningResult::ActualVictim } else { ScreeningResult::NotAVictim };
        let row = screening::ActiveModel {
            id: Set(draw.id(at)),
            survivor_id: Set(Some(survivor.id)),
            person_id: Set(person),
            screened_on: Set(day),
            interviewer_id: Set(by),
            place_id: Set(Some(survivor.place)),
            safety_checks: Set(List::codes(draw.some(&checks, 1, 3))),
            is_child: Set(is_child),
            acts: Set(List::codes(acts)),
            means: Set(List::codes(means)),
            purposes: Set(List::codes(purposes)),
            indicators_met: Set(indicators_met),
            result: Set(if is_decided { Some(decision) } else { trafficking::undecided(indicators_met) }),
            decision_maker: Set(is_decided.then(|| draw.mostly(DecisionMaker::Ngo, &[(DecisionMaker::Police, 45)]))),
            decided_on: Set(is_decided.then(|| draw.later(day, 0, 30))),
            override_reason: Set(None),
            ..Default::default()
        };
        self.screenings.push(made(row, at, by));
    }
}
