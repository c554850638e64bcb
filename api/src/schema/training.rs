//! Mutations of trainings: what is taught, and when it was taught.

use async_graphql::{Context, ID, InputObject, Object};
use entity::curriculum::TrainingAudience;

use super::complaint::MoneyInput;
use super::directory::LocalisedTextInput;
use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, once, optional_id, payload};
use crate::service::Done;
use crate::service::training::{self as service, Curriculum as Taught};
use crate::service::training_session::{self, Change, Training};

/// The noun.
pub struct Curriculum;

impl Named for Curriculum {
    const NAME: &'static str = "Curriculum";
}

/// The noun.
pub struct TrainingSession;

impl Named for TrainingSession {
    const NAME: &'static str = "TrainingSession";
}

/// A curriculum to record.
#[derive(InputObject, Clone)]
pub struct CurriculumRecordInput {
    /// Your own key for this act: sent again within 30 days, the same curriculum is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `curriculum_…`); made here if left out.
    pub id: Option<ID>,
    /// Short code within the organisation, at most 64 characters, such as `SAFE-CAMP`.
    pub code: String,
    /// Its name.
    pub names: LocalisedTextInput,
    /// Whom it is for.
    pub audience: TrainingAudience,
    /// Its parts in order, at most 50 of 200 characters.
    pub modules: Option<Vec<String>>,
}

/// A training to record.
#[derive(InputObject, Clone)]
pub struct TrainingSessionRecordInput {
    /// Your own key for this act: sent again within 30 days, the same training is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `training_session_…`); made here if left out.
    pub id: Option<ID>,
    /// What is taught.
    pub curriculum: ID,
    /// First day: within a year.
    pub starts_on: Date,
    /// Last day; the first if left out.
    pub ends_on: Option<Date>,
    /// How many hours it takes in all, with two decimals at most.
    pub hours: Option<f64>,
    /// P-code of the place where it is held.
    pub place: Option<String>,
    /// The language that is spoken (BCP 47).
    pub language: Option<String>,
    /// Who teaches, by name; at most 50.
    pub trainers: Option<Vec<String>>,
    /// What it costs.
    pub cost: Option<MoneyInput>,
    /// The centre that holds it.
    pub centre: Option<ID>,
    /// The project that pays for it.
    pub project: Option<ID>,
}

/// What changes of a training. What is left out stays.
#[derive(InputObject, Clone)]
pub struct TrainingSessionChangeInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The training.
    pub training_session: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// First day; only as long as nobody's attendance or result is recorded.
    pub starts_on: Option<Date>,
    /// Last day; only as long as nobody's attendance or result is recorded.
    pub ends_on: Option<Date>,
    /// How many hours it takes in all, with two decimals at most.
    pub hours: Option<f64>,
    /// P-code of the place; only as long as nobody's attendance or result is recorded.
    pub place: Option<String>,
    /// The language that is spoken (BCP 47).
    pub language: Option<String>,
    /// Who teaches, by name; at most 50.
    pub trainers: Option<Vec<String>>,
    /// What it costs.
    pub cost: Option<MoneyInput>,
}

payload! {
    /// What `curriculumRecord` answers.
    CurriculumRecordPayload {
        /// The curriculum; null if there are errors.
        curriculum: Curriculum
    }
}

payload! {
    /// What `trainingSessionRecord` answers.
    TrainingSessionRecordPayload {
        /// The training; null if there are errors.
        training_session: TrainingSession
    }
}

payload! {
    /// What `trainingSessionChange` answers.
    TrainingSessionChangePayload {
        /// The training; null if there are errors.
        training_session: TrainingSession
    }
}

/// Mutations of trainings.
#[derive(Default)]
pub struct TrainingMutation;

#[Object]
impl TrainingMutation {
    /// Records what is taught: from then on trainings can be recorded of it.
    async fn curriculum_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The curriculum.")] input: CurriculumRecordInput,
    ) -> async_graphql::Result<CurriculumRecordPayload> {
        CurriculumRecordPayload::of(curriculum(ctx.data::<Ask>()?, input)).await
    }

    /// Records a training, held or planned; you look after it.
    async fn training_session_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The training.")] input: TrainingSessionRecordInput,
    ) -> async_graphql::Result<TrainingSessionRecordPayload> {
        TrainingSessionRecordPayload::of(session(ctx.data::<Ask>()?, input)).await
    }

    /// Changes a training: when and where it is held until somebody took part, the rest at any time.
    async fn training_session_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: TrainingSessionChangeInput,
    ) -> async_graphql::Result<TrainingSessionChangePayload> {
        TrainingSessionChangePayload::of(change(ctx.data::<Ask>()?, input)).await
    }
}

async fn curriculum(ask: &Ask, input: CurriculumRecordInput) -> Done {
    let told = Taught {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "curriculum", "input.id")?,
        code: input.code,
        names: input.names.into(),
        audience: input.audience,
        modules: input.modules.unwrap_or_default(),
    };
    service::record_curriculum(&ask.scope, told).await
}

async fn session(ask: &Ask, input: TrainingSessionRecordInput) -> Done {
    let told = Training {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "training_session", "input.id")?,
        curriculum: id_of(&input.curriculum, "curriculum", "input.curriculum")?,
        starts_on: input.starts_on.0,
        ends_on: input.ends_on.map(|day| day.0),
        hours: input.hours,
        place: input.place,
        language: input.language,
        trainers: input.trainers.unwrap_or_default(),
        cost: input.cost.map(Into::into).unwrap_or_default(),
        centre: optional_id(input.centre.as_ref(), "centre", "input.centre")?,
        project: optional_id(input.project.as_ref(), "project", "input.project")?,
    };
    training_session::record(&ask.scope, told).await
}

async fn change(ask: &Ask, input: TrainingSessionChangeInput) -> Done {
    let told = Change {
        once: once(input.idempotency_key.as_deref(), &input)?,
        session: id_of(&input.training_session, "training_session", "input.trainingSession")?,
        expected_version: input.expected_version,
        starts_on: input.starts_on.map(|day| day.0),
        ends_on: input.ends_on.map(|day| day.0),
        hours: input.hours,
        place: input.place,
        language: input.language,
        trainers: input.trainers,
        cost: input.cost.map(Into::into),
    };
    training_session::change(&ask.scope, told).await
}
