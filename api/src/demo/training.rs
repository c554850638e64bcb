//! Trainings of the last eighteen months, who took part and what they learnt.

use chrono::{DateTime, NaiveDate, Utc};
use entity::curriculum::{self, TrainingAudience};
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::test_result::{self, TestPhase};
use entity::{attendance, ids, training_session};
use sea_orm::Set;
use uuid::Uuid;

use super::draw::Draw;
use super::plans::{Plan, Staff};
use super::store::made;
use crate::domain::training::{change, percent};

/// Code, name, audience and parts of what is taught.
const CURRICULA: [(&str, &str, TrainingAudience, &[&str]); 3] = [
    (
        "SAFE-CAMP",
        "Safe migration for camps (demo)",
        TrainingAudience::CampResidents,
        &["Before you decide", "Papers and costs", "On the way", "Where to find help"],
    ),
    (
        "SAFE-CSO",
        "Safe migration for partner staff (demo)",
        TrainingAudience::CsoStaff,
        &["Signs of trafficking", "Talking safely", "Referral"],
    ),
    (
        "CP-VOL",
        "Child protection for volunteers (demo)",
        TrainingAudience::Volunteers,
        &["Children's rights", "Reporting"],
    ),
];
/// Trainings of an organisation.
const SESSIONS: usize = 18;
/// What a test can give at most.
const BEST: i32 = 20;

#[derive(Default)]
pub(super) struct Trainings {
    pub(super) curricula: Vec<curriculum::ActiveModel>,
    pub(super) sessions: Vec<training_session::ActiveModel>,
    pub(super) attendances: Vec<attendance::ActiveModel>,
    pub(super) results: Vec<test_result::ActiveModel>,
}

/// A session as far as the rows below it need it.
struct Held {
    id: Uuid,
    curriculum: Uuid,
    audience: TrainingAudience,
    place: Uuid,
    centre: Option<Uuid>,
    project: Option<Uuid>,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    at: DateTime<Utc>,
    officer: Uuid,
}

/// The trainings; nobody who took part is on record but by a key.
pub(super) fn trainings(plan: &Plan, staff: &Staff, project: Uuid, centres: &[Uuid], draw: &mut Draw) -> Trainings {
    let mut all = Trainings::default();
    let begun = draw.days_ago(560, 600);
    let at = draw.at(begun);
    let mut known = Vec::with_capacity(CURRICULA.len());
    for (code, name, audience, modules) in CURRICULA {
        let id = draw.id(at);
        known.push((id, audience));
        let row = curriculum::ActiveModel {
            id: Set(id),
            code: Set(code.to_owned()),
            name_en: Set(name.to_owned()),
            name_my: Set(None),
            name_th: Set(None),
            audience: Set(audience),
            modules: Set(modules.iter().map(|module| (*module).to_owned()).collect::<Vec<_>>().into()),
            ..Default::default()
        };
        all.curricula.push(made(row, at, Some(staff.officer)));
    }
    for _ in 0..SESSIONS {
        let (Some((curriculum, audience)), Some(place)) = (draw.of(&known), draw.of(plan.places)) else { break };
        let starts_on = draw.days_ago(10, 540);
        let ends_on = draw.later(starts_on, 0, 2);
        let at = draw.at(ends_on);
        let held = Held {
            id: draw.id(at),
            curriculum,
            audience,
            place: ids::location(place),
            centre: draw.chance(50).then(|| draw.of(centres)).flatten(),
            project: draw.chance(70).then_some(project),
            starts_on,
            ends_on,
            at,
            officer: draw.of(&[staff.officer, staff.officer, staff.facilitator]).unwrap_or(staff.officer),
        };
        all.session(&held, plan.language, draw);
    }
    all
}

impl Trainings {
    fn session(&mut self, held: &Held, language: &str, draw: &mut Draw) {
        let days = held.ends_on.signed_duration_since(held.starts_on).num_days() + 1;
        let days = i32::try_from(days).unwrap_or(1);
        let row = training_session::ActiveModel {
            id: Set(held.id),
            curriculum_id: Set(held.curriculum),
            starts_on: Set(held.starts_on),
            ends_on: Set(held.ends_on),
            hours: Set(Some(f64::from(days) * 6.5)),
            place_id: Set(Some(held.place)),
            language: Set(Some(if language == "en" { "my".to_owned() } else { language.to_owned() })),
            trainers: Set(vec!["Demo Trainer".to_owned()].into()),
            cost_amount: Set(Some(f64::from(draw.between(80, 400)) * 1_000.0)),
            cost_currency: Set(Some("MMK".to_owned())),
            centre_id: Set(held.centre),
            project_id: Set(held.project),
            officer_id: Set(Some(held.officer)),
            ..Default::default()
        };
        self.sessions.push(made(row, held.at, Some(held.officer)));
        for number in 1..=draw.count(12, 28) {
            let key = format!("P-{number:02}");
            self.participant(held, &key, days, draw);
            self.tests(held, &key, draw);
        }
    }

    fn participant(&mut self, held: &Held, key: &str, days: i32, draw: &mut Draw) {
        let missed = if days > 1 && draw.chance(15) { 0.5 } else { 0.0 };
        let (low, high) = if held.audience == TrainingAudience::CampResidents { (15, 62) } else { (20, 58) };
        let row = attendance::ActiveModel {
            id: Set(draw.id(held.at)),
            session_id: Set(held.id),
            person_id: Set(None),
            participant_key: Set(Some(key.to_owned())),
            sex: Set(draw.mostly(Sex::Female, &[(Sex::Male, 38), (Sex::NotAsked, 3)])),
            age_years: Set(draw.chance(90).then(|| draw.between(low, high))),
            disability: Set(draw.mostly(Answer::No, &[(Answer::Yes, 6), (Answer::NotAsked, 20)])),
            displacement: Set(if held.audience == TrainingAudience::CampResidents {
                draw.mostly(DisplacementStatus::Idp, &[(DisplacementStatus::Resident, 10)])
            } else {
                DisplacementStatus::NotAsked
            }),
            days: Set(f64::from(days) - missed),
            held_on: Set(held.starts_on),
            curriculum_id: Set(held.curriculum),
            audience: Set(held.audience),
            place_id: Set(Some(held.place)),
            centre_id: Set(held.centre),
            project_id: Set(held.project),
            ..Default::default()
        };
        self.attendances.push(made(row, held.at, Some(held.officer)));
    }

    /// A test before for most, one at the end for most; a change only where both are there.
    fn tests(&mut self, held: &Held, key: &str, draw: &mut Draw) {
        let best = f64::from(BEST);
        let mut before = None;
        for (phase, share, low) in [(TestPhase::Pre, 85, 4), (TestPhase::Post, 90, 9)] {
            if !draw.chance(share) {
                continue;
            }
            let score = f64::from(draw.between(low, BEST));
            let after = phase != TestPhase::Pre;
            let row = test_result::ActiveModel {
                id: Set(draw.id(held.at)),
                session_id: Set(held.id),
                participant_key: Set(key.to_owned()),
                phase: Set(phase),
                taken_on: Set(if after { held.ends_on } else { held.starts_on }),
                score: Set(score),
                max_score: Set(best),
                percent: Set(percent(score, best)),
                change: Set(before.filter(|_| after).map(|before| change((before, best), (score, best)))),
                curriculum_id: Set(held.curriculum),
                audience: Set(held.audience),
                place_id: Set(Some(held.place)),
                ..Default::default()
            };
            self.results.push(made(row, held.at, Some(held.officer)));
            before = before.or(Some(score));
        }
    }
}
