//! Capacity assessments of the own organisation: begun, then scored.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entity::capacity_assessment::{self, CapacityAssessmentKind, CapacityMethod, CapacityStatus};
use entity::{capacity_domain, capacity_item, capacity_tool, domain_score, item_score};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::capacity::{self, Scored};
use crate::domain::{Fault, Refusal};
use crate::error::{Error, Errors};

/// A new assessment as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Start {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub tool: Uuid,
    pub kind: CapacityAssessmentKind,
    pub method: CapacityMethod,
    pub facilitator: Option<String>,
    pub participants: Option<i32>,
    pub started_on: NaiveDate,
}

/// Begins an assessment as a draft.
pub async fn start(scope: &Scope, told: Start) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::CapacityAssessmentScore, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    if told.started_on > scope.today() {
        return Err(Fault::new(Refusal::DateInvalid, "startedOn", "The day lies ahead.").into());
    }
    check::range(told.participants, 0..=10_000, "input.participants")?;
    let tool = write.shared::<capacity_tool::Entity>(told.tool).await?;
    tool.ok_or_else(|| Error::new(crate::error::Code::NotFound).on("input.tool"))?;
    let row = capacity_assessment::ActiveModel {
        id: Set(id),
        tool_id: Set(told.tool),
        kind: Set(told.kind),
        method: Set(told.method),
        facilitator: Set(check::text(told.facilitator, check::NAME, "input.facilitator")?),
        facilitator_id: Set(write.user()),
        participants: Set(told.participants),
        started_on: Set(told.started_on),
        ended_on: Set(None),
        status: Set(CapacityStatus::Draft),
        overall_self: Set(None),
        overall_agreed: Set(None),
        ..Default::default()
    };
    write.insert(row).await?;
    write.wrote(&["capacityAssessment"]);
    Ok(write.finish("CapacityAssessment").await?)
}

/// The scores of an assessment as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Scores {
    pub once: Option<Once>,
    pub assessment: Uuid,
    pub expected_version: i32,
    pub ended_on: Option<NaiveDate>,
    pub scores: Vec<Score>,
}

/// One item's score as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Score {
    pub item: Uuid,
    pub own: Option<i32>,
    pub agreed: Option<i32>,
    pub is_not_applicable: bool,
    pub justification: Option<String>,
}

/// Scores every item of a draft; the means of domains and the whole follow.
pub async fn score(scope: &Scope, told: Scores) -> Done {
    let mut write = match scope.write(Action::CapacityAssessmentScore, told.once, told.assessment).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let assessment = write.get::<capacity_assessment::Entity>(told.assessment).await;
    let assessment = assessment.map_err(|error| error.on("input.assessment"))?;
    if assessment.status != CapacityStatus::Draft {
        return Err(Fault::new(Refusal::WrongState, "assessment", "Only a draft is scored.").into());
    }
    let tool = write.shared::<capacity_tool::Entity>(assessment.tool_id).await?;
    let tool = tool.ok_or(crate::error::Code::Internal)?;
    let items = items(&write, tool.id).await?;
    let scored: Vec<Scored<'_>> = told
        .scores
        .iter()
        .map(|score| Scored {
            item: score.item,
            own: score.own,
            agreed: score.agreed,
            is_not_applicable: score.is_not_applicable,
            justification: score.justification.as_deref(),
        })
        .collect();
    let known: BTreeSet<Uuid> = items.keys().copied().collect();
    let faults = capacity::check(tool.scale, &known, &scored);
    if !faults.is_empty() {
        return Err(Errors(faults.iter().map(|(position, fault)| at(*position, fault)).collect()));
    }
    let sums = capacity::sums(&items, &scored);
    let (own, agreed) = capacity::overall(sums.values());
    write.insert_many(item_rows(scope, assessment.id, &told.scores)?).await?;
    let rows = sums.iter().map(|(domain, sums)| domain_score::ActiveModel {
        id: Set(scope.new_id()),
        assessment_id: Set(assessment.id),
        domain_id: Set(*domain),
        self_sum: Set(sums.self_sum),
        self_count: Set(sums.self_count),
        agreed_sum: Set(sums.agreed_sum),
        agreed_count: Set(sums.agreed_count),
        item_count: Set(sums.item_count),
        ..Default::default()
    });
    write.insert_many(rows.collect()).await?;
    let ended_on = told.ended_on.unwrap_or_else(|| scope.today());
    if ended_on < assessment.started_on || ended_on > scope.today() {
        let text = "An assessment ends on or after its first day, and not in the future.";
        return Err(Fault::new(Refusal::DateInvalid, "endedOn", text).into());
    }
    let row = capacity_assessment::ActiveModel {
        status: Set(CapacityStatus::Scored),
        ended_on: Set(Some(ended_on)),
        overall_self: Set(own),
        overall_agreed: Set(agreed),
        ..Default::default()
    };
    write.update(assessment.id, told.expected_version, row).await?;
    write.wrote(&["scores", "domainScores", "status"]);
    Ok(write.finish("CapacityAssessment").await?)
}

fn at(position: Option<usize>, fault: &Fault) -> Error {
    let error = Error::from(fault);
    match position {
        Some(position) => error.on(format!("input.scores.{position}.{}", fault.field)),
        None => error,
    }
}

fn item_rows(scope: &Scope, assessment: Uuid, scores: &[Score]) -> Result<Vec<item_score::ActiveModel>, Errors> {
    let mut rows = Vec::with_capacity(scores.len());
    for score in scores {
        rows.push(item_score::ActiveModel {
            id: Set(scope.new_id()),
            assessment_id: Set(assessment),
            item_id: Set(score.item),
            self_score: Set(score.own),
            agreed_score: Set(score.agreed),
            is_not_applicable: Set(score.is_not_applicable),
            justification: Set(check::text(score.justification.clone(), check::NOTE, "input.scores.justification")?),
            ..Default::default()
        });
    }
    Ok(rows)
}

/// The items of a tool, each with its domain.
async fn items(write: &Write, tool: Uuid) -> Result<BTreeMap<Uuid, Uuid>, Errors> {
    let domains = capacity_domain::Entity::find().filter(capacity_domain::Column::ToolId.eq(tool));
    let domains: Vec<Uuid> = write.all(domains).await?.into_iter().map(|domain| domain.id).collect();
    let items = capacity_item::Entity::find().filter(capacity_item::Column::DomainId.is_in(domains));
    Ok(write.all(items).await?.into_iter().map(|item| (item.id, item.domain_id)).collect())
}
