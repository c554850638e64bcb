//! What follows a visit: getting back to the visitor, and help in kind or in cash.

use chrono::NaiveDate;
use entity::direct_assistance::{self, AssistanceKind};
use entity::{visit, visit_follow_up};
use sea_orm::Set;
use uuid::Uuid;

use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope};
use crate::domain::complaint::Money;
use crate::domain::visit_work::{self as rules, Given};
use crate::error::Errors;

/// A follow-up as planned.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Plan {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub visit: Uuid,
    pub needed_by: NaiveDate,
    pub purpose: Option<String>,
}

/// Plans to get back to a visitor, for whoever plans it.
pub async fn plan(scope: &Scope, told: Plan) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::VisitWork, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let visit = write.get::<visit::Entity>(told.visit).await.map_err(|error| error.on("input.visit"))?;
    rules::check_plan(told.needed_by, visit.visited_on, scope.today())?;
    let row = visit_follow_up::ActiveModel {
        id: Set(id),
        visit_id: Set(visit.id),
        assignee_id: Set(write.user()),
        needed_by: Set(told.needed_by),
        done_on: Set(None),
        purpose: Set(check::text(told.purpose, check::NOTE, "input.purpose")?),
        outcome: Set(None),
        ..Default::default()
    };
    write.insert(row).await.map_err(|error| error.on("input.id"))?;
    write.wrote(&["visitFollowUp"]);
    Ok(write.finish("VisitFollowUp").await?)
}

/// A follow-up done, as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Completed {
    pub once: Option<Once>,
    pub follow_up: Uuid,
    pub expected_version: i32,
    pub done_on: Option<NaiveDate>,
    pub outcome: String,
}

/// Notes what came of a follow-up.
pub async fn complete(scope: &Scope, told: Completed) -> Done {
    let mut write = match scope.write(Action::VisitWork, told.once, told.follow_up).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let held = write.hold::<visit_follow_up::Entity>(told.follow_up).await;
    let follow_up = held.map_err(|error| error.on("input.visitFollowUp"))?;
    let visit = write.get::<visit::Entity>(follow_up.visit_id).await?;
    let today = scope.today();
    let done_on = told.done_on.unwrap_or(today);
    rules::check_done(follow_up.done_on, done_on, visit.visited_on, today, &told.outcome)?;
    let row = visit_follow_up::ActiveModel {
        done_on: Set(Some(done_on)),
        outcome: Set(Some(told.outcome)),
        ..Default::default()
    };
    write.update(follow_up.id, told.expected_version, row).await?;
    write.wrote(&["visitFollowUp"]);
    Ok(write.finish("VisitFollowUp").await?)
}

/// Assistance as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Assistance {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub visit: Uuid,
    pub given_on: Option<NaiveDate>,
    pub kind: AssistanceKind,
    pub item: String,
    pub value: Money,
    pub note: Option<String>,
}

/// Notes what a visitor was given.
pub async fn give(scope: &Scope, told: Assistance) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::VisitWork, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let visit = write.get::<visit::Entity>(told.visit).await.map_err(|error| error.on("input.visit"))?;
    let given = Given {
        given_on: told.given_on.unwrap_or_else(|| scope.today()),
        visited_on: visit.visited_on,
        kind: told.kind,
        item: &told.item,
        value: &told.value,
    };
    Errors::none(&rules::check_given(&given, scope.today()))?;
    let row = direct_assistance::ActiveModel {
        id: Set(id),
        visit_id: Set(visit.id),
        given_on: Set(given.given_on),
        kind: Set(told.kind),
        item: Set(told.item),
        value_amount: Set(told.value.amount),
        value_currency: Set(told.value.currency),
        note: Set(check::text(told.note, check::NOTE, "input.note")?),
        ..Default::default()
    };
    write.insert(row).await.map_err(|error| error.on("input.id"))?;
    write.wrote(&["directAssistance"]);
    Ok(write.finish("DirectAssistance").await?)
}
