//! Results of tests before and after trainings, paired by the participant's key whichever comes first.

use chrono::NaiveDate;
use entity::test_result::{self, Column as C, Model, TestPhase};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use super::batch::{Care, Item};
use super::check;
use super::training::duplicate;
use super::training_session::held;
use crate::access::Action;
use crate::db::{Once, Write};
use crate::domain::training::{self as rules, Tested};
use crate::error::{Code, Error, Errors};

/// A result as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
#[derive(Clone)]
pub struct TestResult {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub session: Uuid,
    pub participant_key: String,
    pub phase: TestPhase,
    pub taken_on: NaiveDate,
    pub score: f64,
    pub max: f64,
}

impl Item for TestResult {
    const ACTION: Action = Action::TrainingWrite;
    const NOUN: &'static str = "TestResult";

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
        let told = Tested {
            key: &self.participant_key,
            phase: self.phase,
            taken_on: self.taken_on,
            score: self.score,
            max: self.max,
            starts_on: session.starts_on,
            ends_on: session.ends_on,
        };
        Errors::none(&rules::check_tested(&told, write.scope().today()))?;
        let others = write.find::<test_result::Entity>()?.filter(C::SessionId.eq(session.id));
        let others = write.all(others.filter(C::ParticipantKey.eq(self.participant_key.as_str()))).await?;
        if others.iter().any(|other| other.phase == self.phase) {
            return Err(Error::new(Code::Duplicate).on("input.participantKey").into());
        }
        let before = others.iter().find(|other| other.phase == TestPhase::Pre);
        let own = (self.score, self.max);
        let row = test_result::ActiveModel {
            id: Set(id),
            session_id: Set(session.id),
            participant_key: Set(self.participant_key),
            phase: Set(self.phase),
            taken_on: Set(self.taken_on),
            score: Set(self.score),
            max_score: Set(self.max),
            percent: Set(rules::percent(self.score, self.max)),
            change: Set(before.map(|before| rules::change((before.score, before.max_score), own))),
            curriculum_id: Set(session.curriculum_id),
            audience: Set(audience),
            place_id: Set(session.place_id),
            ..Default::default()
        };
        write.insert(row).await.map_err(duplicate)?;
        if self.phase == TestPhase::Pre {
            compare(write, own, &others).await?;
        }
        write.wrote(&["testResult"]);
        Ok(())
    }
}

/// What came after gets its change, now that what was before is known.
async fn compare(write: &mut Write, before: (f64, f64), after: &[Model]) -> Result<(), Errors> {
    for later in after {
        let change = rules::change(before, (later.score, later.max_score));
        let row = test_result::ActiveModel { change: Set(Some(change)), ..Default::default() };
        write.update(later.id, later.row_version, row).await?;
        write.wrote(&["change"]);
    }
    Ok(())
}
