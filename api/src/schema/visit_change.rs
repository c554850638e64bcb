//! Mutations of visits after they were logged.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use entity::exploitation_episode::IsicSection;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::removal::RemovalReason;
use entity::screening_request::ForcedLabourSign;
use entity::visit::{AgeGroup, CallKind, HeardThrough, VisitChannel, VisitService, VisitTopic, VisitorKind};

use super::record::{Ask, Named, Record};
use super::scalars::Date;
use super::visit::{Visit, WashingtonGroupInput};
use super::writes::{UserError, id_of, once, optional_id, outcome, payload};
use crate::error::{Code, Errors};
use crate::plan::GlobalId;
use crate::service::Done;
use crate::service::visit::Functioning;
use crate::service::visit_change::{self, Change, Edit};

/// The noun.
pub struct VisitNote;

impl Named for VisitNote {
    const NAME: &'static str = "VisitNote";
}

/// A correction of a visit: what is left out stays as it is; null empties a field that may be empty.
#[derive(InputObject, Clone)]
pub struct VisitChangeInput {
    /// Your own key for this act: sent again within 30 days, the same visit is answered and nothing is changed.
    pub idempotency_key: Option<String>,
    /// The visit.
    pub visit: ID,
    /// The `rowVersion` you saw; if the visit changed since, nothing is changed and the answer has both.
    pub expected_version: i32,
    /// The project that pays for it.
    pub project: MaybeUndefined<ID>,
    /// Day of the contact: today or before.
    pub visited_on: Option<Date>,
    /// How the contact took place.
    pub channel: Option<VisitChannel>,
    /// The visitor's ticket, 1 to 64 characters.
    pub ticket: Option<String>,
    /// The visitor, if he or she is a person on record.
    pub person: MaybeUndefined<ID>,
    /// Whether it was the visitor's first contact.
    pub is_first: Option<bool>,
    /// Who the visitor is on the migrant's path.
    pub visitor_kind: Option<VisitorKind>,
    /// The visitor's sex.
    pub sex: Option<Sex>,
    /// The visitor's age in years, 0 to 120.
    pub age_years: MaybeUndefined<i32>,
    /// The visitor's age group, where the age in years is not told.
    pub age_group: MaybeUndefined<AgeGroup>,
    /// The Washington Group short set, all of it anew.
    pub washington_group: Option<WashingtonGroupInput>,
    /// Whether the Washington Group cut-off is met.
    pub disability: Option<Answer>,
    /// Displacement of the visitor.
    pub displacement: Option<DisplacementStatus>,
    /// P-code of the visitor's home township.
    pub home_township: MaybeUndefined<String>,
    /// Intended or past destination (ISO 3166-1 alpha-2).
    pub destination: MaybeUndefined<String>,
    /// Work sector (ISIC).
    pub sector: MaybeUndefined<IsicSection>,
    /// How the visitor heard of the centre.
    pub heard_through: MaybeUndefined<HeardThrough>,
    /// What it was about.
    pub topics: Option<Vec<VisitTopic>>,
    /// What the visitor received.
    pub services: Option<Vec<VisitService>>,
    /// Signs of forced labour that showed: new ones ask for a talk about trafficking.
    pub signs: Option<Vec<ForcedLabourSign>>,
    /// Leaflets and papers handed over.
    pub documents_given: Option<Vec<String>>,
    /// How long it took, 0 to 1440 minutes.
    pub minutes: MaybeUndefined<i32>,
    /// What kind of call; only with the channel PHONE.
    pub call_kind: MaybeUndefined<CallKind>,
    /// The visitor's own mark, 1 to 5.
    pub satisfaction: MaybeUndefined<i32>,
    /// Whether somebody must get back to the visitor.
    pub needs_follow_up: Option<bool>,
    /// Free text, at most 10,000 characters.
    pub note: MaybeUndefined<String>,
}

/// A note to add to a visit.
#[derive(InputObject, Clone)]
pub struct VisitNoteAddInput {
    /// Your own key for this act: sent again within 30 days, the same note is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `visit_note_…`); made here if left out.
    pub id: Option<ID>,
    /// The visit.
    pub visit: ID,
    /// The text, 1 to 10,000 characters.
    pub text: String,
}

/// A visit to remove.
#[derive(InputObject, Clone)]
pub struct VisitRemoveInput {
    /// Your own key for this act: sent again within 30 days, the same answer comes.
    pub idempotency_key: Option<String>,
    /// The visit.
    pub visit: ID,
    /// The `rowVersion` you saw; if the visit changed since, it is not removed.
    pub expected_version: i32,
    /// Why: `DUPLICATE` or `ENTERED_BY_MISTAKE`.
    pub reason: RemovalReason,
}

/// What `visitChange` answers.
#[derive(SimpleObject)]
pub struct VisitChangePayload {
    /// The visit as it is now; null if there are errors.
    pub visit: Option<Record<Visit>>,
    /// The visit as somebody else left it, where `expectedVersion` was an older one (`VERSION_CONFLICT`): show it beside
    /// what you meant, and send what is decided with its `rowVersion`. Null otherwise.
    pub current: Option<Record<Visit>>,
    /// What kept it from happening, field by field; empty if it happened.
    pub user_errors: Vec<UserError>,
}

payload! {
    /// What `visitNoteAdd` answers.
    VisitNoteAddPayload {
        /// The note; null if there are errors.
        visit_note: VisitNote
    }
}

/// What `visitRemove` answers.
#[derive(SimpleObject)]
pub struct VisitRemovePayload {
    /// The id of the visit that is gone; null if there are errors.
    pub removed_id: Option<ID>,
    /// What kept it from happening, field by field; empty if it happened.
    pub user_errors: Vec<UserError>,
}

/// Mutations of visits after they were logged.
#[derive(Default)]
pub struct VisitChangeMutation;

#[Object]
impl VisitChangeMutation {
    /// Corrects a visit that was logged. If somebody else changed it since you read it, nothing is changed and `current` has the other version.
    async fn visit_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The correction.")] input: VisitChangeInput,
    ) -> async_graphql::Result<VisitChangePayload> {
        let id = GlobalId::read_as(&input.visit, "visit");
        let done = Box::pin(change(ctx.data::<Ask>()?, input)).await;
        let stale =
            matches!(&done, Err(Errors(errors)) if errors.iter().any(|error| error.code == Code::VersionConflict));
        let (visit, user_errors) = outcome(done)?;
        let current = id.filter(|_| stale).map(Record::new);
        Ok(VisitChangePayload { visit: visit.map(Record::new), current, user_errors })
    }

    /// Adds a note to a visit. Notes are never changed: those of two devices stand side by side.
    async fn visit_note_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The note.")] input: VisitNoteAddInput,
    ) -> async_graphql::Result<VisitNoteAddPayload> {
        VisitNoteAddPayload::of(note(ctx.data::<Ask>()?, input)).await
    }

    /// Removes a visit that should not have been logged, with its notes, follow-ups that were not done, and screening requests without a screening. Refused with `WRONG_STATE` where anything else stands on it. Devices are told by `changesSince`.
    async fn visit_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The visit.")] input: VisitRemoveInput,
    ) -> async_graphql::Result<VisitRemovePayload> {
        let (id, user_errors) = outcome(Box::pin(remove(ctx.data::<Ask>()?, input)).await)?;
        Ok(VisitRemovePayload { removed_id: id.map(|id| GlobalId::text("visit", id).into()), user_errors })
    }
}

impl<T> From<MaybeUndefined<T>> for Edit<T> {
    fn from(told: MaybeUndefined<T>) -> Self {
        match told {
            MaybeUndefined::Undefined => Self::Left,
            MaybeUndefined::Null => Self::To(None),
            MaybeUndefined::Value(value) => Self::To(Some(value)),
        }
    }
}

async fn change(ask: &Ask, input: VisitChangeInput) -> Done {
    let once = once(input.idempotency_key.as_deref(), &input)?;
    let named = |id: MaybeUndefined<ID>, prefix, field| -> Result<Edit<_>, Errors> {
        Ok(match id {
            MaybeUndefined::Value(id) => Edit::To(Some(id_of(&id, prefix, field)?)),
            MaybeUndefined::Null => Edit::To(None),
            MaybeUndefined::Undefined => Edit::Left,
        })
    };
    let change = Change {
        once,
        visit: id_of(&input.visit, "visit", "input.visit")?,
        expected_version: input.expected_version,
        project: named(input.project, "project", "input.project")?,
        visited_on: input.visited_on.map(|day| day.0),
        channel: input.channel,
        ticket: input.ticket,
        person: named(input.person, "person", "input.person")?,
        is_first: input.is_first,
        visitor_kind: input.visitor_kind,
        sex: input.sex,
        age_years: input.age_years.into(),
        age_group: input.age_group.into(),
        functioning: input.washington_group.map(Functioning::from),
        disability: input.disability,
        displacement: input.displacement,
        home_township: input.home_township.into(),
        destination: input.destination.into(),
        sector: input.sector.into(),
        heard_through: input.heard_through.into(),
        topics: input.topics,
        services: input.services,
        signs: input.signs,
        documents_given: input.documents_given,
        minutes: input.minutes.into(),
        call_kind: input.call_kind.into(),
        satisfaction: input.satisfaction.into(),
        needs_follow_up: input.needs_follow_up,
        note: input.note.into(),
    };
    visit_change::change(&ask.scope, change).await
}

async fn note(ask: &Ask, input: VisitNoteAddInput) -> Done {
    let note = visit_change::Note {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "visit_note", "input.id")?,
        visit: id_of(&input.visit, "visit", "input.visit")?,
        text: input.text,
    };
    visit_change::note(&ask.scope, note).await
}

async fn remove(ask: &Ask, input: VisitRemoveInput) -> Done {
    let removal = visit_change::Removal {
        once: once(input.idempotency_key.as_deref(), &input)?,
        visit: id_of(&input.visit, "visit", "input.visit")?,
        expected_version: input.expected_version,
        reason: input.reason,
    };
    visit_change::remove(&ask.scope, removal).await
}
