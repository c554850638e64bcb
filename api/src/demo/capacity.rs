//! Capacity assessments scored on the tools that come with the schema.

use std::collections::BTreeMap;

use chrono::Days;
use entity::capacity_assessment::{self as assessment, CapacityAssessmentKind, CapacityMethod, CapacityStatus};
use entity::capacity_tool::CapacityScale;
use entity::{capacity_domain, capacity_item, capacity_tool, domain_score, item_score};
use sea_orm::{EntityTrait as _, Set};
use uuid::Uuid;

use super::draw::Draw;
use super::plans::{Assessment, Plan, Staff};
use super::store::made;
use crate::access::Action;
use crate::db::Scope;
use crate::domain::capacity::{Scored, bounds, overall, sums};
use crate::error::Result;

/// A tool: its id, scale and the domain of each item.
pub(super) struct Tool {
    id: Uuid,
    scale: CapacityScale,
    items: BTreeMap<Uuid, Uuid>,
}

/// The tools by code.
pub(super) async fn tools(scope: &Scope) -> Result<BTreeMap<String, Tool>> {
    let write = scope.operate(Action::RecordsImport).await?;
    let tools = write.all(capacity_tool::Entity::find()).await?;
    let domains = write.all(capacity_domain::Entity::find()).await?;
    let items = write.all(capacity_item::Entity::find()).await?;
    write.abandon().await?;
    let tool_of: BTreeMap<Uuid, Uuid> = domains.into_iter().map(|domain| (domain.id, domain.tool_id)).collect();
    let mut by_code = BTreeMap::new();
    for tool in tools {
        let own = items.iter().filter(|item| tool_of.get(&item.domain_id) == Some(&tool.id));
        let items = own.map(|item| (item.id, item.domain_id)).collect();
        by_code.insert(tool.code, Tool { id: tool.id, scale: tool.scale, items });
    }
    Ok(by_code)
}

#[derive(Default)]
pub(super) struct Assessments {
    pub(super) rows: Vec<assessment::ActiveModel>,
    pub(super) items: Vec<item_score::ActiveModel>,
    pub(super) domains: Vec<domain_score::ActiveModel>,
}

/// The assessments of an organisation; a draft has no scores yet.
pub(super) fn assessments(plan: &Plan, staff: &Staff, tools: &BTreeMap<String, Tool>, draw: &mut Draw) -> Assessments {
    let mut all = Assessments::default();
    for planned in plan.assessments {
        if let Some(tool) = tools.get(planned.0) {
            all.one(planned, tool, staff.facilitator, draw);
        }
    }
    all
}

struct Score {
    item: Uuid,
    own: Option<i32>,
    agreed: Option<i32>,
    justification: Option<&'static str>,
}

impl Assessments {
    fn one(&mut self, planned: &Assessment, tool: &Tool, facilitator: Uuid, draw: &mut Draw) {
        let Assessment(_, kind, status, days) = planned;
        let started = draw.days_ago(*days, *days);
        let at = draw.at(started);
        let id = draw.id(at);
        let is_draft = *status == CapacityStatus::Draft;
        let scores = if is_draft { Vec::new() } else { scores(tool, *kind, draw) };
        let scored: Vec<Scored<'_>> = scores
            .iter()
            .map(|score| Scored {
                item: score.item,
                own: score.own,
                agreed: score.agreed,
                is_not_applicable: score.own.is_none(),
                justification: score.justification,
            })
            .collect();
        let sums = if is_draft { BTreeMap::new() } else { sums(&tool.items, &scored) };
        let (overall_self, overall_agreed) = overall(sums.values());
        let row = assessment::ActiveModel {
            id: Set(id),
            tool_id: Set(tool.id),
            kind: Set(*kind),
            method: Set(CapacityMethod::FacilitatedSelf),
            facilitator: Set(Some("Demo Capacity Facilitator".to_owned())),
            facilitator_id: Set(Some(facilitator)),
            participants: Set(Some(draw.between(6, 18))),
            started_on: Set(started),
            ended_on: Set((!is_draft).then(|| started + Days::new(2))),
            status: Set(*status),
            overall_self: Set(overall_self),
            overall_agreed: Set(overall_agreed),
            ..Default::default()
        };
        self.rows.push(made(row, at, Some(facilitator)));
        for score in scores {
            let row = item_score::ActiveModel {
                id: Set(draw.id(at)),
                assessment_id: Set(id),
                item_id: Set(score.item),
                self_score: Set(score.own),
                agreed_score: Set(score.agreed),
                is_not_applicable: Set(score.own.is_none()),
                justification: Set(score.justification.map(str::to_owned)),
                ..Default::default()
            };
            self.items.push(made(row, at, Some(facilitator)));
        }
        for (domain, sums) in sums {
            let row = domain_score::ActiveModel {
                id: Set(draw.id(at)),
                assessment_id: Set(id),
                domain_id: Set(domain),
                self_sum: Set(sums.self_sum),
                self_count: Set(sums.self_count),
                agreed_sum: Set(sums.agreed_sum),
                agreed_count: Set(sums.agreed_count),
                item_count: Set(sums.item_count),
                ..Default::default()
            };
            self.domains.push(made(row, at, Some(facilitator)));
        }
    }
}

/// Every item scored or not applicable, with a reason where both scores differ; later assessments score higher.
fn scores(tool: &Tool, kind: CapacityAssessmentKind, draw: &mut Draw) -> Vec<Score> {
    let (low, high) = bounds(tool.scale);
    let grown = i32::from(kind != CapacityAssessmentKind::Baseline);
    let mut all = Vec::with_capacity(tool.items.len());
    for item in tool.items.keys() {
        if draw.chance(6) {
            all.push(Score { item: *item, own: None, agreed: None, justification: None });
            continue;
        }
        let own = draw.between(low + grown, high);
        let agreed = if draw.chance(35) { (own - 1).max(low) } else { own };
        let justification = (own != agreed).then_some("The written policy is not in use yet (demo).");
        all.push(Score { item: *item, own: Some(own), agreed: Some(agreed), justification });
    }
    all
}
