//! Logging visits.

use chrono::{DateTime, NaiveDate, Utc};
use entity::exploitation_episode::IsicSection;
use entity::list::List;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::visit::{self, CallKind, HeardThrough, VisitChannel, VisitService, VisitTopic, VisitorKind};
use entity::{project, resource_centre};
use sea_orm::Set;
use uuid::Uuid;

use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope};
use crate::domain::visit::{self as rules, Recorded};
use crate::error::Errors;

/// A visit as it was told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Visit {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub centre: Uuid,
    pub project: Option<Uuid>,
    pub visited_on: NaiveDate,
    pub channel: VisitChannel,
    pub ticket: Option<String>,
    pub is_first: bool,
    pub visitor_kind: VisitorKind,
    pub sex: Sex,
    pub age_years: Option<i32>,
    pub disability: Answer,
    pub displacement: DisplacementStatus,
    pub home_township: Option<String>,
    pub destination: Option<String>,
    pub sector: Option<IsicSection>,
    pub heard_through: Option<HeardThrough>,
    pub topics: Vec<VisitTopic>,
    pub services: Vec<VisitService>,
    pub documents_given: Vec<String>,
    pub minutes: Option<i32>,
    pub call_kind: Option<CallKind>,
    pub satisfaction: Option<i32>,
    pub needs_follow_up: bool,
    pub note: Option<String>,
    pub recorded_on_device_at: Option<DateTime<Utc>>,
}

/// Logs a visit, counselled by whoever logs it.
pub async fn record(scope: &Scope, visit: Visit) -> Done {
    let id = check::new_id(scope, visit.id)?;
    let mut write = match scope.write(Action::VisitRecord, visit.once.clone(), id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let ticket = check::code(visit.ticket, "T", id, "input.ticket")?;
    let told = Recorded {
        ticket: &ticket,
        visited_on: visit.visited_on,
        channel: visit.channel,
        has_call_kind: visit.call_kind.is_some(),
        minutes: visit.minutes,
        satisfaction: visit.satisfaction,
        age_years: visit.age_years,
        note: visit.note.as_deref(),
    };
    Errors::none(&rules::check(&told, scope.today()))?;
    write.get::<resource_centre::Entity>(visit.centre).await.map_err(|error| error.on("input.centre"))?;
    if let Some(project) = visit.project {
        write.get::<project::Entity>(project).await.map_err(|error| error.on("input.project"))?;
    }
    let home = check::place(&write, visit.home_township.as_deref(), "input.homeTownship").await?;
    let row = visit::ActiveModel {
        id: Set(id),
        centre_id: Set(visit.centre),
        project_id: Set(visit.project),
        ticket: Set(ticket),
        person_id: Set(None),
        visited_on: Set(visit.visited_on),
        channel: Set(visit.channel),
        is_first: Set(visit.is_first),
        counsellor_id: Set(Some(scope.viewer().user)),
        minutes: Set(visit.minutes),
        call_kind: Set(visit.call_kind),
        visitor_kind: Set(visit.visitor_kind),
        sex: Set(visit.sex),
        age_years: Set(visit.age_years),
        disability: Set(visit.disability),
        displacement: Set(visit.displacement),
        home_township_id: Set(home),
        destination: Set(check::country(visit.destination, "input.destination")?),
        sector: Set(visit.sector),
        heard_through: Set(visit.heard_through),
        topics: Set(List::codes(visit.topics)),
        services: Set(List::codes(visit.services)),
        documents_given: Set(check::texts(visit.documents_given, "input.documentsGiven")?.into()),
        satisfaction: Set(visit.satisfaction),
        needs_follow_up: Set(visit.needs_follow_up),
        note: Set(visit.note),
        recorded_on_device_at: Set(visit.recorded_on_device_at),
        ..Default::default()
    };
    write.insert(row).await?;
    write.wrote(&["visit"]);
    Ok(write.finish("Visit").await?)
}
