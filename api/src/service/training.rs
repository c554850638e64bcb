//! Trainings: what is taught, when it was taught, who took part.

use chrono::NaiveDate;
use entity::curriculum::TrainingAudience;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::training_session::{self, Model as Session};
use entity::{attendance, curriculum, person, project, resource_centre};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use super::batch::Item;
use super::{Done, check};
use crate::access::{Action, Area, reading};
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::complaint::Money;
use crate::domain::training::{self as rules, Attended};
use crate::error::{Code, Error, Errors, Result};

/// A curriculum as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Curriculum {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub code: String,
    pub names: check::Names,
    pub audience: TrainingAudience,
    pub modules: Vec<String>,
}

/// Records what is taught: from then on sessions can be recorded of it.
pub async fn record_curriculum(scope: &Scope, told: Curriculum) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::TrainingWrite, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let names = told.names.checked()?;
    let row = curriculum::ActiveModel {
        id: Set(id),
        code: Set(check::code(Some(told.code), "", id, "input.code")?),
        name_en: Set(names.en),
        name_my: Set(names.my),
        name_th: Set(names.th),
        audience: Set(told.audience),
        modules: Set(check::texts(told.modules, "input.modules")?.into()),
        ..Default::default()
    };
    write.insert(row).await.map_err(|error| error.on("input.code"))?;
    write.wrote(&["curriculum"]);
    Ok(write.finish("Curriculum").await?)
}

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
pub async fn record_session(scope: &Scope, told: Training) -> Done {
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
    let session = rules::Session { starts_on: told.starts_on, ends_on, hours: told.hours, cost: &told.cost };
    Errors::none(&rules::check_session(&session, scope.today()))?;
    let row = training_session::ActiveModel {
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

/// Somebody who took part, as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Attendance {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub session: Uuid,
    pub person: Option<Uuid>,
    pub participant_key: Option<String>,
    pub sex: Sex,
    pub age_years: Option<i32>,
    pub disability: Answer,
    pub displacement: DisplacementStatus,
    pub days: f64,
}

impl Item for Attendance {
    const ACTION: Action = Action::TrainingWrite;
    const NOUN: &'static str = "Attendance";

    fn once(&self) -> Option<Once> {
        self.once.clone()
    }

    fn id(&self) -> Option<Uuid> {
        self.id
    }

    async fn insert(self, write: &mut Write, id: Uuid) -> Result<(), Errors> {
        if let Some(id) = self.id {
            check::device_id(write.scope(), id, 0)?;
        }
        let (session, audience) = held(write, self.session).await?;
        if let Some(person) = self.person {
            // Who reads no persons is not told by this either which there are.
            if reading(write.scope().viewer().role, Area::People).is_none() {
                return Err(Error::new(Code::NotFound).on("input.person").into());
            }
            write.get::<person::Entity>(person).await.map_err(|error| error.on("input.person"))?;
        }
        let told = Attended {
            is_person: self.person.is_some(),
            key: self.participant_key.as_deref(),
            age_years: self.age_years,
            days: self.days,
            starts_on: session.starts_on,
            ends_on: session.ends_on,
        };
        Errors::none(&rules::check_attended(&told, write.scope().today()))?;
        self.is_new(write, session.id).await?;
        let row = attendance::ActiveModel {
            id: Set(id),
            session_id: Set(session.id),
            person_id: Set(self.person),
            participant_key: Set(self.participant_key),
            sex: Set(self.sex),
            age_years: Set(self.age_years),
            disability: Set(self.disability),
            displacement: Set(self.displacement),
            days: Set(self.days),
            held_on: Set(session.starts_on),
            curriculum_id: Set(session.curriculum_id),
            audience: Set(audience),
            place_id: Set(session.place_id),
            centre_id: Set(session.centre_id),
            project_id: Set(session.project_id),
            ..Default::default()
        };
        write.insert(row).await.map_err(duplicate)?;
        write.wrote(&["attendance"]);
        Ok(())
    }
}

impl Attendance {
    /// Whether nobody of that name or key is there yet.
    async fn is_new(&self, write: &Write, session: Uuid) -> Result<(), Errors> {
        use attendance::Column as C;
        let there = write.find::<attendance::Entity>()?.filter(C::SessionId.eq(session));
        for (field, same) in [
            ("input.person", self.person.map(|person| C::PersonId.eq(person))),
            ("input.participantKey", self.participant_key.as_deref().map(|key| C::ParticipantKey.eq(key))),
        ] {
            if let Some(same) = same
                && !write.all(there.clone().filter(same)).await?.is_empty()
            {
                return Err(Error::new(Code::Duplicate).on(field).into());
            }
        }
        Ok(())
    }
}

/// A session, held until the write ends so that rows below it are written one after another, and whom it was for.
pub(super) async fn held(write: &Write, session: Uuid) -> Result<(Session, TrainingAudience)> {
    let held = write.hold::<training_session::Entity>(session).await.map_err(|error| error.on("input.session"))?;
    let curriculum = write.get::<curriculum::Entity>(held.curriculum_id).await?;
    Ok((held, curriculum.audience))
}

/// Keys of persons and participants were looked at: what is there already is the id.
pub(super) fn duplicate(error: Error) -> Error {
    if error.code == Code::Duplicate { error.on("input.id") } else { error }
}
