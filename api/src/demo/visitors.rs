//! The demo's visitors: some of them come again, and some visits have notes.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{visit, visit_note, visitor};
use sea_orm::{ActiveValue, Set};
use uuid::Uuid;

use super::draw::Draw;
use super::id_of;
use super::store::made;

#[derive(Default)]
pub(super) struct Visitors {
    pub(super) rows: Vec<visitor::ActiveModel>,
    pub(super) notes: Vec<visit_note::ActiveModel>,
}

/// Gives some visits the ticket of another visit to the same centre on another day, and every visit its visitor.
pub(super) fn visitors(visits: &mut [visit::ActiveModel], draw: &mut Draw) -> Visitors {
    for place in 1..visits.len() {
        let (before, rest) = visits.split_at_mut(place);
        let Some(visit) = rest.first_mut() else { break };
        let known = i32::try_from(place).map(|place| draw.between(0, place - 1)).ok();
        let known = known.and_then(|known| before.get(usize::try_from(known).ok()?));
        if let Some(known) = known.filter(|known| draw.chance(45) && known.centre_id == visit.centre_id) {
            comes_again(visit, known, before);
        }
    }
    let mut theirs: BTreeMap<(Uuid, String), Vec<&mut visit::ActiveModel>> = BTreeMap::new();
    let mut all = Visitors::default();
    for visit in visits {
        let ticket = if let Set(ticket) = &visit.ticket { ticket.clone() } else { String::new() };
        note(&mut all, visit, draw);
        theirs.entry((id_of(&visit.centre_id), ticket)).or_default().push(visit);
    }
    for mut visits in theirs.into_values() {
        visits.sort_by_key(|visit| day(visit));
        all.rows.extend(visitor(&mut visits, draw));
    }
    all
}

fn day(visit: &visit::ActiveModel) -> NaiveDate {
    if let Set(day) = &visit.visited_on { *day } else { NaiveDate::MIN }
}

/// Makes a visit one of a visitor who was there before, unless that was on the same day.
fn comes_again(visit: &mut visit::ActiveModel, known: &visit::ActiveModel, before: &[visit::ActiveModel]) {
    let same = |one: &visit::ActiveModel| one.ticket == known.ticket && one.visited_on == visit.visited_on;
    if before.iter().any(same) {
        return;
    }
    *visit = visit::ActiveModel {
        ticket: known.ticket.clone(),
        person_id: known.person_id.clone(),
        visitor_kind: known.visitor_kind.clone(),
        sex: known.sex.clone(),
        age_years: known.age_years.clone(),
        age_group: known.age_group.clone(),
        disability: known.disability.clone(),
        seeing: known.seeing.clone(),
        hearing: known.hearing.clone(),
        walking: known.walking.clone(),
        remembering: known.remembering.clone(),
        self_care: known.self_care.clone(),
        communicating: known.communicating.clone(),
        displacement: known.displacement.clone(),
        home_township_id: known.home_township_id.clone(),
        heard_through: known.heard_through.clone(),
        ..visit.clone()
    };
}

/// The visitor of some visits, in the order of their days; the latest tells who he or she is.
fn visitor(visits: &mut [&mut visit::ActiveModel], draw: &mut Draw) -> Option<visitor::ActiveModel> {
    let (first, last) = (visits.first().map(|visit| day(visit))?, visits.last()?);
    let at = draw.at(first);
    let by = if let Set(by) = &last.counsellor_id { *by } else { None };
    let row = visitor::ActiveModel {
        id: Set(draw.id(at)),
        centre_id: last.centre_id.clone(),
        ticket: last.ticket.clone(),
        person_id: last.person_id.clone(),
        visitor_kind: last.visitor_kind.clone(),
        sex: last.sex.clone(),
        age_years: last.age_years.clone(),
        age_group: last.age_group.clone(),
        disability: last.disability.clone(),
        displacement: last.displacement.clone(),
        home_township_id: last.home_township_id.clone(),
        destination: last.destination.clone(),
        sector: last.sector.clone(),
        heard_through: last.heard_through.clone(),
        first_visit_on: Set(first),
        last_visit_on: Set(day(last)),
        ..Default::default()
    };
    let holder = id_of(&row.id);
    let comes_again = visits.len() > 1;
    for (place, visit) in visits.iter_mut().enumerate() {
        visit.visitor_id = Set(Some(holder));
        if comes_again {
            visit.is_first = Set(place == 0);
        }
    }
    Some(made(row, at, by))
}

fn note(all: &mut Visitors, visit: &visit::ActiveModel, draw: &mut Draw) {
    if !draw.chance(6) {
        return;
    }
    let (at, by) = (draw.at(day(visit)), if let ActiveValue::Set(by) = &visit.counsellor_id { *by } else { None });
    let row = visit_note::ActiveModel {
        id: Set(draw.id(at)),
        visit_id: Set(id_of(&visit.id)),
        body: Set("Called back with the agency's licence number (demo).".to_owned()),
        written_at: Set(at),
        author_id: Set(by),
        ..Default::default()
    };
    all.notes.push(made(row, at, by));
}
