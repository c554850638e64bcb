//! Mutations of yearly observations.

use async_graphql::{Context, ID, InputObject, Object};
use entity::cpms_answer::CpmsIndicatorCode;
use entity::person::Answer;

use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, once, optional_id, payload};
use crate::service::{self, Done};

/// The noun.
pub struct CpmsObservation;

impl Named for CpmsObservation {
    const NAME: &'static str = "CpmsObservation";
}

/// The answer to one indicator.
#[derive(InputObject, Clone)]
pub struct CpmsAnswerInput {
    /// The indicator.
    pub code: CpmsIndicatorCode,
    /// The answer.
    pub answer: Answer,
    /// A word on it.
    pub note: Option<String>,
}

/// A child's yearly observation to record.
#[derive(InputObject, Clone)]
pub struct CpmsObservationRecordInput {
    /// Your own key for this act: sent again within 30 days, the same observation is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `cpms_observation_…`); made here if left out.
    pub id: Option<ID>,
    /// The child.
    pub child: ID,
    /// P-code of the community where it was collected.
    pub community: String,
    /// The year it speaks of; one observation a child and year.
    pub year: i32,
    /// Round within the year; 1 if left out.
    pub round: Option<i32>,
    /// Day of the interview.
    pub collected_on: Date,
    /// Language of the interview (BCP 47).
    pub interview_language: Option<String>,
    /// Answers; what is left out counts as not asked, and is listed as unknown.
    pub answers: Vec<CpmsAnswerInput>,
}

payload! {
    /// What `cpmsObservationRecord` answers.
    CpmsObservationRecordPayload {
        /// The observation with its class of risk and the reasons; null if there are errors.
        observation: CpmsObservation
    }
}

/// Mutations of yearly observations.
#[derive(Default)]
pub struct CpmsObservationMutation;

#[Object]
impl CpmsObservationMutation {
    /// Records a child's yearly observation of the 22 indicators and classifies the risk by the rule in force.
    async fn cpms_observation_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The observation.")] input: CpmsObservationRecordInput,
    ) -> async_graphql::Result<CpmsObservationRecordPayload> {
        CpmsObservationRecordPayload::of(record(ctx.data::<Ask>()?, input)).await
    }
}

async fn record(ask: &Ask, input: CpmsObservationRecordInput) -> Done {
    let observation = service::cpms_observation::Observation {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "cpms_observation", "input.id")?,
        child: id_of(&input.child, "child", "input.child")?,
        community: input.community,
        year: input.year,
        round: input.round.unwrap_or(1),
        collected_on: input.collected_on.0,
        interview_language: input.interview_language,
        answers: input.answers.into_iter().map(|told| (told.code, told.answer, told.note)).collect(),
    };
    service::cpms_observation::record(&ask.scope, observation).await
}
