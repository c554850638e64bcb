//! Mutations of capacity assessments.

use async_graphql::{Context, ID, InputObject, Object};
use entity::capacity_assessment::{CapacityAssessmentKind, CapacityMethod};

use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, once, optional_id, payload};
use crate::service::capacity_assessment::{Score, Scores, Start};
use crate::service::{self, Done};

/// The noun.
pub struct CapacityAssessment;

impl Named for CapacityAssessment {
    const NAME: &'static str = "CapacityAssessment";
}

/// An assessment to begin.
#[derive(InputObject, Clone)]
pub struct CapacityAssessmentStartInput {
    /// Your own key for this act: sent again within 30 days, the same assessment is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `capacity_assessment_…`); made here if left out.
    pub id: Option<ID>,
    /// The tool and with it the scale.
    pub tool: ID,
    /// Where it stands in a series.
    pub kind: CapacityAssessmentKind,
    /// How it is done.
    pub method: CapacityMethod,
    /// Who facilitates, in words.
    pub facilitator: Option<String>,
    /// How many take part.
    pub participants: Option<i32>,
    /// First day.
    pub started_on: Date,
}

/// The score of one item.
#[derive(InputObject, Clone)]
pub struct ItemScoreInput {
    /// The item of the tool.
    pub item: ID,
    /// What the organisation gives itself, on the tool's scale.
    #[graphql(name = "self")]
    pub own: Option<i32>,
    /// What was agreed, on the tool's scale.
    pub agreed: Option<i32>,
    /// Whether the item does not apply; false if left out.
    pub is_not_applicable: Option<bool>,
    /// Why; required where both scores differ.
    pub justification: Option<String>,
}

/// The scores of a draft.
#[derive(InputObject, Clone)]
pub struct CapacityAssessmentScoreInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The assessment, a draft.
    pub assessment: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Last day; today if left out.
    pub ended_on: Option<Date>,
    /// A score for every item of the tool.
    pub scores: Vec<ItemScoreInput>,
}

payload! {
    /// What `capacityAssessmentStart` answers.
    CapacityAssessmentStartPayload {
        /// The draft; null if there are errors.
        assessment: CapacityAssessment
    }
}

payload! {
    /// What `capacityAssessmentScore` answers.
    CapacityAssessmentScorePayload {
        /// The scored assessment; null if there are errors.
        assessment: CapacityAssessment
    }
}

/// Mutations of capacity assessments.
#[derive(Default)]
pub struct CapacityAssessmentMutation;

#[Object]
impl CapacityAssessmentMutation {
    /// Begins an assessment of your own organisation's capacity, as a draft.
    async fn capacity_assessment_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The assessment.")] input: CapacityAssessmentStartInput,
    ) -> async_graphql::Result<CapacityAssessmentStartPayload> {
        CapacityAssessmentStartPayload::of(start(ctx.data::<Ask>()?, input)).await
    }

    /// Scores every item of a draft; scores of domains and the whole follow from them.
    async fn capacity_assessment_score(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The scores.")] input: CapacityAssessmentScoreInput,
    ) -> async_graphql::Result<CapacityAssessmentScorePayload> {
        CapacityAssessmentScorePayload::of(score(ctx.data::<Ask>()?, input)).await
    }
}

async fn start(ask: &Ask, input: CapacityAssessmentStartInput) -> Done {
    let told = Start {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "capacity_assessment", "input.id")?,
        tool: id_of(&input.tool, "capacity_tool", "input.tool")?,
        kind: input.kind,
        method: input.method,
        facilitator: input.facilitator,
        participants: input.participants,
        started_on: input.started_on.0,
    };
    service::capacity_assessment::start(&ask.scope, told).await
}

async fn score(ask: &Ask, input: CapacityAssessmentScoreInput) -> Done {
    let once = once(input.idempotency_key.as_deref(), &input)?;
    let mut scores = Vec::with_capacity(input.scores.len());
    for told in input.scores {
        scores.push(Score {
            item: id_of(&told.item, "capacity_item", "input.scores.item")?,
            own: told.own,
            agreed: told.agreed,
            is_not_applicable: told.is_not_applicable.unwrap_or(false),
            justification: told.justification,
        });
    }
    let told = Scores {
        once,
        assessment: id_of(&input.assessment, "capacity_assessment", "input.assessment")?,
        expected_version: input.expected_version,
        ended_on: input.ended_on.map(|day| day.0),
        scores,
    };
    service::capacity_assessment::score(&ask.scope, told).await
}
