//! Visitors: made and kept by the visits that are logged under their tickets.

use std::sync::LazyLock;

use entity::{removal, visit, visitor};
use sea_orm::{ColumnTrait as _, Condition, QueryFilter as _, Set};
use uuid::Uuid;

use crate::db::{Merge, Write};
use crate::error::Result;

/// What a visitor told, and the word for what was not.
const TOLD: [(&str, &str); 11] = [
    ("person_id", ""),
    ("visitor_kind", ""),
    ("sex", "NOT_ASKED"),
    ("age_years", ""),
    ("age_group", ""),
    ("disability", "NOT_ASKED"),
    ("displacement", "NOT_ASKED"),
    ("home_township_id", ""),
    ("destination", ""),
    ("sector", ""),
    ("heard_through", ""),
];

/// What becomes of a visitor who comes again: the later visit's word stands, where it has one.
static MERGED: LazyLock<Vec<(&'static str, String)>> = LazyLock::new(|| {
    let told = TOLD.map(|(column, unasked)| {
        let known = |of: &str| match unasked {
            "" => format!("{of}.\"{column}\""),
            unasked => format!("nullif({of}.\"{column}\", '{unasked}')"),
        };
        let (new, old) = (known("excluded"), known("\"visitor\""));
        let none = if unasked.is_empty() { String::new() } else { format!(", '{unasked}'") };
        let later = "excluded.\"last_visit_on\" >= \"visitor\".\"last_visit_on\"";
        (column, format!("CASE WHEN {later} THEN COALESCE({new}, {old}{none}) ELSE COALESCE({old}, {new}{none}) END"))
    });
    let day = |column: &'static str, wins: &str| {
        let (new, old) = (format!("excluded.\"{column}\""), format!("\"visitor\".\"{column}\""));
        (column, format!("CASE WHEN {new} {wins} {old} THEN {new} ELSE {old} END"))
    };
    told.into_iter().chain([day("first_visit_on", "<"), day("last_visit_on", ">")]).collect()
});

/// The visitor under the ticket of a visit, with what the visit tells of him or her.
pub(super) fn of(write: &Write, visit: &visit::ActiveModel) -> Merge<'static, visitor::ActiveModel> {
    let row = visitor::ActiveModel {
        id: Set(write.scope().new_id()),
        centre_id: visit.centre_id.clone(),
        ticket: visit.ticket.clone(),
        person_id: visit.person_id.clone(),
        visitor_kind: visit.visitor_kind.clone(),
        sex: visit.sex.clone(),
        age_years: visit.age_years.clone(),
        age_group: visit.age_group.clone(),
        disability: visit.disability.clone(),
        displacement: visit.displacement.clone(),
        home_township_id: visit.home_township_id.clone(),
        destination: visit.destination.clone(),
        sector: visit.sector.clone(),
        heard_through: visit.heard_through.clone(),
        first_visit_on: visit.visited_on.clone(),
        last_visit_on: visit.visited_on.clone(),
        ..Default::default()
    };
    Merge { row, key: &["centre_id", "ticket"], merge: &MERGED, is_new: false }
}

/// Sets a visitor right who has lost a visit; one under whose ticket no visit is left is removed.
pub(super) async fn lost(write: &Write, visitor: Uuid, centre: Uuid) -> Result<()> {
    let visits = write.all(write.find::<visit::Entity>()?.filter(visit::Column::VisitorId.eq(visitor))).await?;
    let days = visits.iter().map(|visit| visit.visited_on);
    if let (Some(first), Some(last)) = (days.clone().min(), days.max()) {
        let held = write.all(write.find::<visitor::Entity>()?.filter(visitor::Column::Id.eq(visitor))).await?;
        let version = held.first().map_or(0, |held| held.row_version);
        let row = visitor::ActiveModel { first_visit_on: Set(first), last_visit_on: Set(last), ..Default::default() };
        return write.update(visitor, version, row).await;
    }
    if write.remove::<visitor::Entity>(Condition::all().add(visitor::Column::Id.eq(visitor))).await? > 0 {
        removed(write, "Visitor", centre, &[visitor], removal::RemovalReason::NothingLeft).await?;
    }
    Ok(())
}

/// Notes that records are gone, for the devices of their centre.
pub(super) async fn removed(
    write: &Write,
    record_type: &str,
    centre: Uuid,
    records: &[Uuid],
    reason: removal::RemovalReason,
) -> Result<()> {
    let rows = records.iter().map(|record| removal::ActiveModel {
        id: Set(write.scope().new_id()),
        centre_id: Set(centre),
        record_type: Set(record_type.to_owned()),
        record_id: Set(*record),
        reason: Set(reason),
        ..Default::default()
    });
    write.insert_many(rows.collect()).await
}
