//! Trainings: what is taught, and who took part.

use entity::curriculum::TrainingAudience;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::{attendance, curriculum};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use super::batch::{Care, Item};
use super::training_session::held;
use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::training::{self as rules, Attended};
use crate::error::{Code, Error, Errors};

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

/// Somebody who took part, as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
#[derive(Clone)]
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

    async fn insert(self, write: &mut Write, id: Uuid, _: Care) -> Result<(), Errors> {
        if let Some(id) = self.id {
            check::device_id(write.scope(), id, 0)?;
        }
        let (session, audience) = held(write, self.session).await?;
        if let Some(person) = self.person {
            check::person(write, person).await?;
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

/// Keys of persons and participants were looked at: what is there already is the id.
pub(super) fn duplicate(error: Error) -> Error {
    if error.code == Code::Duplicate { error.on("input.id") } else { error }
}
