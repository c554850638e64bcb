//! Fictional data for the demo: three organisations, generated with a fixed seed around today's date. Every name says
//! that it is made up. Nothing here runs but at `lanpya demo`.

mod campaigns;
mod capacity;
mod cases;
mod complaints;
mod cpms;
mod draw;
mod names;
mod people;
mod plans;
mod referrals;
mod store;
mod survivors;
mod training;
mod visit_work;
mod visitors;
mod visits;
mod webhooks;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::Days;
use entity::project;
use sea_orm::{ActiveValue, Set};
use uuid::Uuid;

use crate::clock::Clock;
use crate::db::{Database, Scope};
use crate::error::{Code, Errors, Result};
use crate::service::organisation;
use draw::Draw;
use plans::Plan;
use referrals::Visited;
use store::{Store, made};

pub use names::MARKS;

/// About how many rows [`fill`] makes, for a progress bar.
pub const ROWS: u64 = 82_600;

/// Rows by noun.
pub type Counts = BTreeMap<&'static str, u64>;

/// Code and name of the organisations.
pub fn organisations() -> Vec<(&'static str, &'static str)> {
    plans::all().iter().map(|plan| (plan.code, plan.name_en)).collect()
}

/// Fills an empty, migrated database. `progress` hears how many rows were added.
pub async fn fill(database: &Database, clock: &Clock, progress: &mut (dyn FnMut(u64) + Send)) -> Result<Counts> {
    let mut counts = Counts::new();
    let mut visits = Vec::new();
    for (seed, plan) in (1..).zip(plans::all()) {
        visits.push((plan.code, Box::pin(one(database, clock, &plan, seed, &mut counts, progress)).await?));
    }
    let exchanged = Box::pin(referrals::exchange(database, clock.now(), &visits)).await;
    let exchanged =
        exchanged.map_err(|Errors(errors)| errors.into_iter().next().unwrap_or_else(|| Code::Internal.into()))?;
    for (noun, count) in ["partner", "consent", "referral"].into_iter().zip(exchanged) {
        counts.insert(noun, count);
        progress(count);
    }
    webhooks::told(database, clock, &mut counts).await?;
    Ok(counts)
}

async fn one(
    database: &Database,
    clock: &Clock,
    plan: &Plan,
    seed: u64,
    counts: &mut Counts,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Vec<Visited>> {
    let mut draw = Draw::new(seed, clock.now());
    let draw = &mut draw;
    let (new, staff) = plan.organisation(draw);
    *counts.entry("user").or_default() += u64::try_from(new.users.len()).unwrap_or_default();
    let id = organisation::install(database, clock, new).await?;
    let scope = Scope::operator(database.clone(), id, clock.clone());
    let tools = capacity::tools(&scope).await?;
    let mut store = Store { scope, counts, progress };

    let project = project(plan, draw);
    let project_id = id_of(&project.id);
    store.put("project", vec![project]).await?;
    let centres = visits::centres(plan, draw);
    let centre_ids: Vec<Uuid> = centres.iter().map(|centre| id_of(&centre.id)).collect();
    store.put("resourceCentre", centres).await?;
    store.put("openingPeriod", visits::open(&centre_ids, draw)).await?;

    let mut people = people::people(plan, &staff, draw);
    let observed = cpms::observe(plan, &staff, &mut people, draw);
    store.put("household", people.households).await?;
    store.put("person", people.persons).await?;
    store.put("householdMember", people.members).await?;
    store.put("child", people.profiles).await?;
    store.put("cpmsObservation", observed.rows).await?;
    store.put("cpmsAnswer", observed.answers).await?;

    let survivors = survivors::survivors(plan, &staff, draw);
    store.put("person", survivors.persons).await?;
    store.put("survivor", survivors.rows).await?;
    store.put("exploitationEpisode", survivors.episodes).await?;
    let screenings: Vec<Uuid> = survivors.screenings.iter().map(|row| id_of(&row.id)).collect();
    store.put("traffickingScreening", survivors.screenings).await?;

    let cases = cases::cases(plan, &staff, project_id, &people.children, &survivors.known, draw);
    store.put("case", cases.rows).await?;
    store.put("protectionConcern", cases.concerns).await?;
    store.put("caseService", cases.services).await?;
    store.put("followUp", cases.follow_ups).await?;
    store.put("caseNote", cases.notes).await?;

    let mut visits = visits::visits(plan, &staff, project_id, &centre_ids, &people.adults, draw);
    let visitors = visitors::visitors(&mut visits, draw);
    let complaints = complaints::complaints(&staff, &centre_ids, &people.adults, &visits, &screenings, draw);
    let work = visit_work::work(&visits, draw);
    let lately = referrals::lately(&visits, staff.counsellors.first(), draw.today());
    store.put("visitor", visitors.rows).await?;
    store.put("visit", visits).await?;
    store.put("visitNote", visitors.notes).await?;
    store.put("visitFollowUp", work.follow_ups).await?;
    store.put("directAssistance", work.assistance).await?;
    store.put("complaint", complaints.rows).await?;
    store.put("complainant", complaints.complainants).await?;
    store.put("screeningRequest", complaints.requests).await?;
    let assessments = capacity::assessments(plan, &staff, &tools, draw);
    store.put("capacityAssessment", assessments.rows).await?;
    store.put("itemScore", assessments.items).await?;
    store.put("domainScore", assessments.domains).await?;
    let trainings = training::trainings(plan, &staff, project_id, &centre_ids, draw);
    store.put("curriculum", trainings.curricula).await?;
    store.put("trainingSession", trainings.sessions).await?;
    store.put("attendance", trainings.attendances).await?;
    store.put("testResult", trainings.results).await?;
    let campaigns = campaigns::campaigns(plan, &staff, draw);
    store.put("campaign", campaigns.rows).await?;
    store.put("campaignMessage", campaigns.messages).await?;
    store.put("campaignTownship", campaigns.townships).await?;
    store.put("deliveryStat", campaigns.stats).await?;
    Ok(lately)
}

fn project(plan: &Plan, draw: &mut Draw) -> project::ActiveModel {
    let starts_on = draw.days_ago(700, 730);
    let at = draw.at(starts_on);
    let row = project::ActiveModel {
        id: Set(draw.id(at)),
        name_en: Set(plan.project.to_owned()),
        name_my: Set(None),
        name_th: Set(None),
        donor: Set(Some("Example Fund (demo)".to_owned())),
        starts_on: Set(starts_on),
        ends_on: Set(Some(starts_on + Days::new(3 * 365))),
        ..Default::default()
    };
    made(row, at, None)
}

fn id_of(value: &ActiveValue<Uuid>) -> Uuid {
    match value {
        ActiveValue::Set(id) | ActiveValue::Unchanged(id) => *id,
        ActiveValue::NotSet => Uuid::nil(),
    }
}
