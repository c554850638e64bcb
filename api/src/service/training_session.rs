//! Trainings as they are held or planned.

use chrono::NaiveDate;
use entity::curriculum::{self, TrainingAudience};
use entity::training_session::{self, ActiveModel, Model};
use entity::{attendance, project, resource_centre, test_result};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _, Set};
use uuid::Uuid;

use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::complaint::Money;
use crate::domain::training::{self as rules, Session};
use crate::domain::{Fault, Refusal};
use crate::error::{Errors, Result};

/// A training as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Training {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub curriculum: Uuid,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub hours: Option<f64>,
    pub place: Option<String>,
    pub language: Option<String>,
    pub trainers: Vec<String>,
    pub cost: Money,
    pub centre: Option<Uuid>,
    pub project: Option<Uuid>,
}

/// Records a training, looked after by whoever records it.
pub async fn record(scope: &Scope, told: Training) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::TrainingWrite, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    write.get::<curriculum::Entity>(told.curriculum).await.map_err(|error| error.on("input.curriculum"))?;
    if let Some(centre) = told.centre {
        write.get::<resource_centre::Entity>(centre).await.map_err(|error| error.on("input.centre"))?;
    }
    if let Some(project) = told.project {
        write.get::<project::Entity>(project).await.map_err(|error| error.on("input.project"))?;
    }
    let ends_on = told.ends_on.unwrap_or(told.starts_on);
    let session = Session { starts_on: told.starts_on, ends_on, hours: told.hours, cost: &told.cost };
    Errors::none(&rules::check_session(&session, scope.today()))?;
    let row = ActiveModel {
        id: Set(id),
        curriculum_id: Set(told.curriculum),
        starts_on: Set(told.starts_on),
        ends_on: Set(ends_on),
        hours: Set(told.hours),
        place_id: Set(check::place(&write, told.place.as_deref(), "input.place").await?),
        language: Set(check::text(told.language, check::NAME, "input.language")?),
        trainers: Set(check::texts(told.trainers, "input.trainers")?.into()),
        cost_amount: Set(told.cost.amount),
        cost_currency: Set(told.cost.currency),
        centre_id: Set(told.centre),
        project_id: Set(told.project),
        officer_id: Set(write.user()),
        ..Default::default()
    };
    write.insert(row).await.map_err(|error| error.on("input.id"))?;
    write.wrote(&["trainingSession"]);
    Ok(write.finish("TrainingSession").await?)
}

/// What changes of a training; what is not told stays.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Change {
    pub once: Option<Once>,
    pub session: Uuid,
    pub expected_version: i32,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub hours: Option<f64>,
    pub place: Option<String>,
    pub language: Option<String>,
    pub trainers: Option<Vec<String>>,
    pub cost: Option<Money>,
}

/// Changes a training. Its days and its place stand once somebody took part: the rows below it have them too.
pub async fn change(scope: &Scope, told: Change) -> Done {
    let mut write = match scope.write(Action::TrainingWrite, told.once, told.session).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let held = write.hold::<training_session::Entity>(told.session).await;
    let session = held.map_err(|error| error.on("input.trainingSession"))?;
    let moved =
        [told.starts_on.map(|_| "startsOn"), told.ends_on.map(|_| "endsOn"), told.place.as_ref().map(|_| "place")];
    if let Some(field) = moved.into_iter().flatten().next()
        && is_attended(&write, session.id).await?
    {
        let text = "Somebody took part already: the days and the place of the training stand.";
        return Err(Fault::new(Refusal::WrongState, field, text).into());
    }
    let cost = told.cost.unwrap_or(Money { amount: session.cost_amount, currency: session.cost_currency });
    let starts_on = told.starts_on.unwrap_or(session.starts_on);
    let ends_on = told.ends_on.unwrap_or(session.ends_on);
    let hours = told.hours.or(session.hours);
    Errors::none(&rules::check_session(&Session { starts_on, ends_on, hours, cost: &cost }, scope.today()))?;
    let place = check::place(&write, told.place.as_deref(), "input.place").await?;
    let trainers = told.trainers.map(|trainers| check::texts(trainers, "input.trainers")).transpose()?;
    let row = ActiveModel {
        starts_on: Set(starts_on),
        ends_on: Set(ends_on),
        hours: Set(hours),
        place_id: Set(place.or(session.place_id)),
        language: Set(check::text(told.language, check::NAME, "input.language")?.or(session.language)),
        trainers: Set(trainers.map_or(session.trainers, Into::into)),
        cost_amount: Set(cost.amount),
        cost_currency: Set(cost.currency),
        ..Default::default()
    };
    write.update(session.id, told.expected_version, row).await?;
    write.wrote(&["trainingSession"]);
    Ok(write.finish("TrainingSession").await?)
}

/// Whether anybody's attendance or result is there.
async fn is_attended(write: &Write, session: Uuid) -> Result<bool, Errors> {
    let attended = write.find::<attendance::Entity>()?.filter(attendance::Column::SessionId.eq(session)).limit(1);
    let tested = write.find::<test_result::Entity>()?.filter(test_result::Column::SessionId.eq(session)).limit(1);
    Ok(!write.all(attended).await?.is_empty() || !write.all(tested).await?.is_empty())
}

/// A session, held until the write ends so that rows below it are written one after another, and whom it was for.
pub(super) async fn held(write: &Write, session: Uuid) -> Result<(Model, TrainingAudience)> {
    let held = write.hold::<training_session::Entity>(session).await.map_err(|error| error.on("input.session"))?;
    let curriculum = write.get::<curriculum::Entity>(held.curriculum_id).await?;
    Ok((held, curriculum.audience))
}
