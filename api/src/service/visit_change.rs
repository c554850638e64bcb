//! Visits after they were logged: corrected, added to, or removed.

use chrono::NaiveDate;
use entity::exploitation_episode::IsicSection;
use entity::list::List;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::removal::RemovalReason;
use entity::screening_request::ForcedLabourSign;
use entity::visit::{
    self, AgeGroup, CallKind, HeardThrough, Model, VisitChannel, VisitService, VisitTopic, VisitorKind,
};
use entity::{
    complaint, consent, direct_assistance, project, referral, resource_centre, screening_request, visit_follow_up,
    visit_note,
};
use sea_orm::{ActiveValue, ColumnTrait as _, Condition, QueryFilter as _, QuerySelect as _, Set};
use uuid::Uuid;

use super::{Done, check, visit as record, visitor};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::visit::{self as rules, Functioning, Recorded};
use crate::domain::{Fault, Refusal, text};
use crate::error::{Code, Error, Errors};

/// What a change does to a field that may be empty.
#[derive(Clone, Debug, Default)]
pub enum Edit<T> {
    /// Nothing.
    #[default]
    Left,
    /// This is its value now; none empties it.
    To(Option<T>),
}

/// A change as told: what is not named stays.
#[derive(Default)]
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Change {
    pub once: Option<Once>,
    pub visit: Uuid,
    pub expected_version: i32,
    pub project: Edit<Uuid>,
    pub visited_on: Option<NaiveDate>,
    pub channel: Option<VisitChannel>,
    pub ticket: Option<String>,
    pub person: Edit<Uuid>,
    pub is_first: Option<bool>,
    pub visitor_kind: Option<VisitorKind>,
    pub sex: Option<Sex>,
    pub age_years: Edit<i32>,
    pub age_group: Edit<AgeGroup>,
    pub functioning: Option<Functioning>,
    pub disability: Option<Answer>,
    pub displacement: Option<DisplacementStatus>,
    pub home_township: Edit<String>,
    pub destination: Edit<String>,
    pub sector: Edit<IsicSection>,
    pub heard_through: Edit<HeardThrough>,
    pub topics: Option<Vec<VisitTopic>>,
    pub services: Option<Vec<VisitService>>,
    pub signs: Option<Vec<ForcedLabourSign>>,
    pub documents_given: Option<Vec<String>>,
    pub minutes: Edit<i32>,
    pub call_kind: Edit<CallKind>,
    pub satisfaction: Edit<i32>,
    pub needs_follow_up: Option<bool>,
    pub note: Edit<String>,
}

/// Corrects a visit. Whoever saw an older version changes nothing, and is told.
pub async fn change(scope: &Scope, told: Change) -> Done {
    let mut write = match scope.write(Action::VisitChange, told.once.clone(), told.visit).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let held = write.hold::<visit::Entity>(told.visit).await.map_err(|error| error.on("input.visit"))?;
    named(&write, &told).await?;
    as_seen(&held, told.expected_version)?;
    let (version, before) = (held.row_version, held.clone());
    let mut changed = Vec::new();
    let mut row = edited(&write, held, told, &mut changed).await?;
    if changed.is_empty() {
        return Ok(write.finish("Visit").await?);
    }
    let told = row.signs.as_ref().0.iter().copied();
    let added: Vec<ForcedLabourSign> = told.filter(|sign| !before.signs.0.contains(sign)).collect();
    let holder = write.merge(visitor::of(&write, &row)).await?;
    row.visitor_id = Set(Some(holder));
    write.update(before.id, version, row).await.map_err(record::twice)?;
    if let Some(former) = before.visitor_id.filter(|former| *former != holder || changed.contains(&"visitedOn")) {
        visitor::lost(&write, former, before.centre_id).await?;
    }
    write.wrote(&changed);
    if !added.is_empty() {
        super::complaint::ask_for_screening(&mut write, Some(before.id), None, added).await?;
    }
    Ok(write.finish("Visit").await?)
}

/// Whether the visit is as the caller saw it.
fn as_seen(held: &Model, expected: i32) -> Result<(), Errors> {
    if held.row_version == expected {
        return Ok(());
    }
    Err(Error::new(Code::VersionConflict).on("input.expectedVersion").into())
}

fn put<T: PartialEq + Into<sea_orm::Value>>(
    field: &mut ActiveValue<T>,
    name: &'static str,
    told: Option<T>,
    changed: &mut Vec<&'static str>,
) {
    let Some(told) = told else { return };
    if field.as_ref() != &told {
        *field = Set(told);
        changed.push(name);
    }
}

/// The same of a field that may be empty.
fn edit<T>(field: &mut ActiveValue<Option<T>>, name: &'static str, told: Edit<T>, changed: &mut Vec<&'static str>)
where
    T: PartialEq,
    Option<T>: Into<sea_orm::Value>,
{
    if let Edit::To(told) = told {
        put(field, name, Some(told), changed);
    }
}

/// The row with what was told in it, if the rules allow what comes of it.
async fn edited(
    write: &Write,
    held: Model,
    told: Change,
    changed: &mut Vec<&'static str>,
) -> Result<visit::ActiveModel, Errors> {
    let opened_on = write.get::<resource_centre::Entity>(held.centre_id).await?.opened_on;
    let home = match told.home_township {
        Edit::To(pcode) => Edit::To(check::place(write, pcode.as_deref(), "input.homeTownship").await?),
        Edit::Left => Edit::Left,
    };
    let destination = match told.destination {
        Edit::To(code) => Edit::To(check::country(code, "input.destination")?),
        Edit::Left => Edit::Left,
    };
    let documents = told.documents_given.map(|texts| check::texts(texts, "input.documentsGiven")).transpose()?;
    let mut row = visit::ActiveModel::from(held);
    edit(&mut row.project_id, "project", told.project, changed);
    put(&mut row.visited_on, "visitedOn", told.visited_on, changed);
    put(&mut row.channel, "channel", told.channel, changed);
    put(&mut row.ticket, "ticket", told.ticket, changed);
    edit(&mut row.person_id, "person", told.person, changed);
    put(&mut row.is_first, "isFirst", told.is_first, changed);
    put(&mut row.visitor_kind, "visitorKind", told.visitor_kind, changed);
    put(&mut row.sex, "sex", told.sex, changed);
    edit(&mut row.age_years, "ageYears", told.age_years, changed);
    edit(&mut row.age_group, "ageGroup", told.age_group, changed);
    functions(&mut row, told.functioning, changed);
    let functioning = functioning(&row);
    let disability = told.disability.unwrap_or(Answer::NotAsked);
    put(&mut row.disability, "disability", functioning.disability().or(told.disability), changed);
    put(&mut row.displacement, "displacement", told.displacement, changed);
    edit(&mut row.home_township_id, "homeTownship", home, changed);
    edit(&mut row.destination, "destination", destination, changed);
    edit(&mut row.sector, "sector", told.sector, changed);
    edit(&mut row.heard_through, "heardThrough", told.heard_through, changed);
    put(&mut row.topics, "topics", told.topics.map(List::codes), changed);
    put(&mut row.services, "services", told.services.map(List::codes), changed);
    put(&mut row.signs, "signs", told.signs.map(List::codes), changed);
    put(&mut row.documents_given, "documentsGiven", documents.map(List::from), changed);
    edit(&mut row.minutes, "minutes", told.minutes, changed);
    edit(&mut row.call_kind, "callKind", told.call_kind, changed);
    edit(&mut row.satisfaction, "satisfaction", told.satisfaction, changed);
    put(&mut row.needs_follow_up, "needsFollowUp", told.needs_follow_up, changed);
    edit(&mut row.note, "note", told.note, changed);
    let recorded = Recorded {
        ticket: row.ticket.as_ref(),
        visited_on: *row.visited_on.as_ref(),
        opened_on,
        channel: *row.channel.as_ref(),
        has_call_kind: row.call_kind.as_ref().is_some(),
        minutes: *row.minutes.as_ref(),
        satisfaction: *row.satisfaction.as_ref(),
        age_years: *row.age_years.as_ref(),
        age_group: *row.age_group.as_ref(),
        disability,
        functioning,
        note: row.note.as_ref().as_deref(),
    };
    Errors::none(&rules::check(&recorded, write.scope().today()))?;
    Ok(row)
}

/// The short set is told whole.
fn functions(row: &mut visit::ActiveModel, told: Option<Functioning>, changed: &mut Vec<&'static str>) {
    let Some(told) = told.filter(|told| *told != functioning(row)) else { return };
    row.seeing = Set(told.seeing);
    row.hearing = Set(told.hearing);
    row.walking = Set(told.walking);
    row.remembering = Set(told.remembering);
    row.self_care = Set(told.self_care);
    row.communicating = Set(told.communicating);
    changed.push("washingtonGroup");
}

fn functioning(row: &visit::ActiveModel) -> Functioning {
    Functioning {
        seeing: *row.seeing.as_ref(),
        hearing: *row.hearing.as_ref(),
        walking: *row.walking.as_ref(),
        remembering: *row.remembering.as_ref(),
        self_care: *row.self_care.as_ref(),
        communicating: *row.communicating.as_ref(),
    }
}

/// Whether the records that a change names are within reach.
async fn named(write: &Write, told: &Change) -> Result<(), Errors> {
    if let Edit::To(Some(project)) = told.project {
        write.get::<project::Entity>(project).await.map_err(|error| error.on("input.project"))?;
    }
    if let Edit::To(Some(person)) = told.person {
        check::person(write, person).await?;
    }
    Ok(())
}

/// A note as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Note {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub visit: Uuid,
    pub text: String,
}

/// Adds a note to a visit. Notes are never changed, so those of two devices stand side by side.
pub async fn note(scope: &Scope, told: Note) -> Done {
    let id = told.id.unwrap_or_else(|| scope.new_id());
    let mut write = match scope.write(Action::VisitChange, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    if told.id.is_some() {
        check::device_id(scope, id, 0)?;
    }
    text::check_required("text", &told.text, check::NOTE)?;
    let visit = write.get::<visit::Entity>(told.visit).await.map_err(|error| error.on("input.visit"))?;
    let row = visit_note::ActiveModel {
        id: Set(id),
        visit_id: Set(visit.id),
        body: Set(told.text),
        written_at: Set(scope.now()),
        author_id: Set(write.user()),
        ..Default::default()
    };
    write.insert(row).await?;
    write.wrote(&["visitNote"]);
    Ok(write.finish("VisitNote").await?)
}

/// A removal as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Removal {
    pub once: Option<Once>,
    pub visit: Uuid,
    pub expected_version: i32,
    pub reason: RemovalReason,
}

/// Removes a visit that should not have been logged, with its notes, plans and unanswered requests. Nothing else may
/// stand on it. What is left says that it is gone, and nothing of what it said.
pub async fn remove(scope: &Scope, told: Removal) -> Done {
    let mut write = match scope.write(Action::VisitChange, told.once, told.visit).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    if !matches!(told.reason, RemovalReason::Duplicate | RemovalReason::EnteredByMistake) {
        let text = "That reason is the service's own.";
        return Err(Error::new(Code::BadUserInput).saying(text).on("input.reason").into());
    }
    let visit = write.hold::<visit::Entity>(told.visit).await.map_err(|error| error.on("input.visit"))?;
    as_seen(&visit, told.expected_version)?;
    if stands_on(&write, visit.id).await? {
        let text = "A consent, referral, complaint, assistance, screening or a follow-up that was done stands on it.";
        return Err(Fault::new(Refusal::WrongState, "visit", text).into());
    }
    let centre = visit.centre_id;
    macro_rules! with_it {
        ($noun:ident, $name:literal) => {{
            let theirs = Condition::all().add($noun::Column::VisitId.eq(visit.id));
            let rows = write.all(write.find::<$noun::Entity>()?.filter(theirs.clone())).await?;
            let ids: Vec<Uuid> = rows.into_iter().map(|row| row.id).collect();
            write.remove::<$noun::Entity>(theirs).await?;
            visitor::removed(&write, $name, centre, &ids, told.reason).await?;
        }};
    }
    with_it!(visit_note, "VisitNote");
    with_it!(visit_follow_up, "VisitFollowUp");
    with_it!(screening_request, "ScreeningRequest");
    write.remove::<visit::Entity>(Condition::all().add(visit::Column::Id.eq(visit.id))).await?;
    visitor::removed(&write, "Visit", centre, &[visit.id], told.reason).await?;
    if let Some(holder) = visit.visitor_id {
        visitor::lost(&write, holder, centre).await?;
    }
    write.wrote(&["visit", "removal"]);
    Ok(write.finish("Visit").await?)
}

/// Whether something stands on a visit that must not lose it.
async fn stands_on(write: &Write, visit: Uuid) -> Result<bool, Errors> {
    macro_rules! any {
        ($noun:ident $(, $more:expr)?) => {{
            let theirs = Condition::all().add($noun::Column::VisitId.eq(visit))$(.add($more))?;
            !write.all(write.find::<$noun::Entity>()?.filter(theirs).limit(1)).await?.is_empty()
        }};
    }
    Ok(any!(consent)
        || any!(referral)
        || any!(complaint)
        || any!(direct_assistance)
        || any!(visit_follow_up, visit_follow_up::Column::DoneOn.is_not_null())
        || any!(screening_request, screening_request::Column::ScreeningId.is_not_null()))
}
