//! Logging visits, one or many at once.

use chrono::{DateTime, NaiveDate, Utc};
use entity::exploitation_episode::IsicSection;
use entity::list::List;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::screening_request::ForcedLabourSign;
use entity::visit::{self, AgeGroup, CallKind, HeardThrough, VisitChannel, VisitService, VisitTopic, VisitorKind};
use entity::{project, resource_centre};
use sea_orm::Set;
use uuid::Uuid;

use super::batch::{Care, Item, Taken, take};
use super::{Done, check, complaint, visitor};
use crate::access::Action;
use crate::db::{Merge, Once, Scope, Write};
pub use crate::domain::visit::Functioning;
use crate::domain::visit::{self as rules, Recorded};
use crate::error::{Code, Error, Errors};

/// A visit as it was told.
#[derive(Clone)]
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Visit {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub centre: Uuid,
    pub project: Option<Uuid>,
    pub visited_on: NaiveDate,
    pub channel: VisitChannel,
    pub ticket: Option<String>,
    pub person: Option<Uuid>,
    pub is_first: bool,
    pub visitor_kind: VisitorKind,
    pub sex: Sex,
    pub age_years: Option<i32>,
    pub age_group: Option<AgeGroup>,
    pub functioning: Functioning,
    pub disability: Answer,
    pub displacement: DisplacementStatus,
    pub home_township: Option<String>,
    pub destination: Option<String>,
    pub sector: Option<IsicSection>,
    pub heard_through: Option<HeardThrough>,
    pub topics: Vec<VisitTopic>,
    pub services: Vec<VisitService>,
    pub signs: Vec<ForcedLabourSign>,
    pub documents_given: Vec<String>,
    pub minutes: Option<i32>,
    pub call_kind: Option<CallKind>,
    pub satisfaction: Option<i32>,
    pub needs_follow_up: bool,
    pub note: Option<String>,
    pub recorded_on_device_at: Option<DateTime<Utc>>,
    /// Seconds by which the device's clock is behind the server's.
    pub device_offset: Option<i32>,
}

/// Logs a visit, counselled by whoever logs it.
pub async fn record(scope: &Scope, visit: Visit) -> Done {
    match take(scope, visit).await? {
        Taken::Created(id) | Taken::AlreadyThere(id) => Ok(id),
        Taken::Refused(errors) => Err(errors),
        Taken::Deferred => Err(Code::Unavailable.into()),
    }
}

impl Item for Visit {
    const ACTION: Action = Action::VisitRecord;
    const NOUN: &'static str = "Visit";
    const TRUSTING: bool = true;

    fn once(&self) -> Option<Once> {
        self.once.clone()
    }

    fn id(&self) -> Option<Uuid> {
        self.id
    }

    async fn insert(self, write: &mut Write, id: Uuid, care: Care) -> Result<(), Errors> {
        let counsellor = write.user();
        insert(write, id, counsellor, self, care).await
    }
}

/// Writes one visit into an open transaction, if the rules allow it; they are all asked before the first statement that
/// changes anything. An id that was given is held against the rules for ids of devices.
pub(super) async fn insert(
    write: &mut Write,
    id: Uuid,
    counsellor: Option<Uuid>,
    visit: Visit,
    care: Care,
) -> Result<(), Errors> {
    if let Some(id) = visit.id {
        check::device_id(write.scope(), id, visit.device_offset.unwrap_or_default())?;
    }
    let opened_on = match care {
        Care::Trusting => None,
        Care::Asking => centre(write, visit.centre).await?.opened_on,
    };
    let ticket = check::code(visit.ticket, "T", id, "input.ticket")?;
    let told = Recorded {
        ticket: &ticket,
        visited_on: visit.visited_on,
        opened_on,
        channel: visit.channel,
        has_call_kind: visit.call_kind.is_some(),
        minutes: visit.minutes,
        satisfaction: visit.satisfaction,
        age_years: visit.age_years,
        age_group: visit.age_group,
        disability: visit.disability,
        functioning: visit.functioning,
        note: visit.note.as_deref(),
    };
    Errors::none(&rules::check(&told, write.scope().today()))?;
    let mut names = write.names();
    let home = match care {
        Care::Trusting => {
            write.name::<resource_centre::Entity>(&mut names, "centre_id", Some(visit.centre))?;
            names.begun("opened_on", visit.visited_on);
            write.name::<project::Entity>(&mut names, "project_id", visit.project)?;
            check::name_person(write, &mut names, visit.person)?;
            check::name_place(write, &mut names, "home_township_id", visit.home_township.as_deref())?
        }
        Care::Asking => {
            if let Some(project) = visit.project {
                write.get::<project::Entity>(project).await.map_err(|error| error.on("input.project"))?;
            }
            if let Some(person) = visit.person {
                check::person(write, person).await?;
            }
            check::place(write, visit.home_township.as_deref(), "input.homeTownship").await?
        }
    };
    let row = visit::ActiveModel {
        id: Set(id),
        centre_id: Set(visit.centre),
        project_id: Set(visit.project),
        ticket: Set(ticket),
        person_id: Set(visit.person),
        visited_on: Set(visit.visited_on),
        channel: Set(visit.channel),
        is_first: Set(visit.is_first),
        counsellor_id: Set(counsellor),
        minutes: Set(visit.minutes),
        call_kind: Set(visit.call_kind),
        visitor_kind: Set(visit.visitor_kind),
        sex: Set(visit.sex),
        age_years: Set(visit.age_years),
        age_group: Set(visit.age_group.filter(|_| visit.age_years.is_none())),
        seeing: Set(visit.functioning.seeing),
        hearing: Set(visit.functioning.hearing),
        walking: Set(visit.functioning.walking),
        remembering: Set(visit.functioning.remembering),
        self_care: Set(visit.functioning.self_care),
        communicating: Set(visit.functioning.communicating),
        disability: Set(visit.functioning.disability().unwrap_or(visit.disability)),
        displacement: Set(visit.displacement),
        home_township_id: Set(home),
        destination: Set(check::country(visit.destination, "input.destination")?),
        sector: Set(visit.sector),
        heard_through: Set(visit.heard_through),
        topics: Set(List::codes(visit.topics)),
        services: Set(List::codes(visit.services)),
        signs: Set(List::codes(visit.signs.iter().copied())),
        documents_given: Set(check::texts(visit.documents_given, "input.documentsGiven")?.into()),
        satisfaction: Set(visit.satisfaction),
        needs_follow_up: Set(visit.needs_follow_up),
        note: Set(visit.note),
        recorded_on_device_at: Set(visit.recorded_on_device_at),
        device_offset_seconds: Set(visit.device_offset),
        ..Default::default()
    };
    // Whoever trusts asks again with care where a visitor who comes first has come before.
    let visitor = Merge { is_new: care == Care::Trusting && visit.is_first, ..visitor::of(write, &row) };
    write.insert_under(row, ("visitor_id", visitor), names, twice).await?;
    write.wrote(&["visit"]);
    if !visit.signs.is_empty() {
        complaint::ask_for_screening(write, Some(id), None, visit.signs).await?;
    }
    Ok(())
}

async fn centre(write: &Write, centre: Uuid) -> Result<resource_centre::Model, Error> {
    write.get::<resource_centre::Entity>(centre).await.map_err(|error| error.on("input.centre"))
}

/// A visit that is there already, by its id or by its ticket.
pub(super) fn twice(error: Error) -> Error {
    if error.code == Code::Duplicate && error.field.is_none() {
        let text = "This ticket was logged that day: change that visit, or add a note to it.";
        return error.saying(text).on("input.ticket");
    }
    error
}
