//! What followed the demo's visits.

use chrono::Days;
use entity::direct_assistance::{self, AssistanceKind};
use entity::{visit, visit_follow_up};
use sea_orm::{ActiveValue, Set};

use super::draw::Draw;
use super::id_of;
use super::store::made;

#[derive(Default)]
pub(super) struct Work {
    pub(super) follow_ups: Vec<visit_follow_up::ActiveModel>,
    pub(super) assistance: Vec<direct_assistance::ActiveModel>,
}

/// A follow-up for most visits that need one, and help for a few visitors.
pub(super) fn work(visits: &[visit::ActiveModel], draw: &mut Draw) -> Work {
    let mut work = Work::default();
    for visit in visits {
        let (Set(visited_on), Set(needed), Set(counsellor)) =
            (&visit.visited_on, &visit.needs_follow_up, &visit.counsellor_id)
        else {
            continue;
        };
        if *needed && draw.chance(70) {
            let needed_by = *visited_on + Days::new(14);
            let done_on = draw.chance(75).then(|| draw.later(*visited_on, 1, 20));
            let at = draw.at(*visited_on);
            let row = visit_follow_up::ActiveModel {
                id: Set(draw.id(at)),
                visit_id: Set(id_of(&visit.id)),
                assignee_id: Set(*counsellor),
                needed_by: Set(needed_by),
                done_on: Set(done_on),
                purpose: Set(Some("Ask whether the agency answered (demo).".to_owned())),
                outcome: Set(done_on.map(|_| "Called; the visitor will come again (demo).".to_owned())),
                ..Default::default()
            };
            work.follow_ups.push(made(row, at, *counsellor));
        }
        if draw.chance(3) {
            work.assistance.push(assistance(visit, *visited_on, draw));
        }
    }
    work
}

fn assistance(
    visit: &visit::ActiveModel,
    visited_on: chrono::NaiveDate,
    draw: &mut Draw,
) -> direct_assistance::ActiveModel {
    let (kind, item) = draw.mostly(
        (AssistanceKind::Transport, "Bus ticket home (demo)"),
        &[
            ((AssistanceKind::Food, "Food for a week (demo)"), 25),
            ((AssistanceKind::Medical, "Visit to the clinic (demo)"), 15),
            ((AssistanceKind::Cash, "Cash for the journey (demo)"), 10),
        ],
    );
    let at = draw.at(visited_on);
    let by = if let ActiveValue::Set(by) = visit.counsellor_id { by } else { None };
    let row = direct_assistance::ActiveModel {
        id: Set(draw.id(at)),
        visit_id: Set(id_of(&visit.id)),
        given_on: Set(draw.later(visited_on, 0, 3)),
        kind: Set(kind),
        item: Set(item.to_owned()),
        value_amount: Set(Some(f64::from(draw.between(5, 60)) * 1_000.0)),
        value_currency: Set(Some("MMK".to_owned())),
        note: Set(None),
        ..Default::default()
    };
    made(row, at, by)
}
