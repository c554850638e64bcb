//! Mutations of visits.

use async_graphql::{Context, ID, InputObject, Object};
use entity::exploitation_episode::IsicSection;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::visit::{CallKind, HeardThrough, VisitChannel, VisitService, VisitTopic, VisitorKind};

use super::record::{Ask, Named};
use super::scalars::{Date, Instant};
use super::writes::{id_of, once, optional_id, payload};
use crate::service::{self, Done};

/// The noun.
pub struct Visit;

impl Named for Visit {
    const NAME: &'static str = "Visit";
}

/// A visit to log. Only the centre, the day, the channel and who came are needed: the rest as far as it is known.
#[derive(InputObject, Clone)]
pub struct VisitRecordInput {
    /// Your own key for this act: sent again within 30 days, the same visit is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `visit_…`); made here if left out.
    pub id: Option<ID>,
    /// The centre.
    pub centre: ID,
    /// The project that pays for it.
    pub project: Option<ID>,
    /// Day of the contact: today or before.
    pub visited_on: Date,
    /// How the contact took place.
    pub channel: VisitChannel,
    /// The visitor's ticket, 1 to 64 characters; one is made if left out.
    pub ticket: Option<String>,
    /// Whether it is the visitor's first contact; true if left out.
    pub is_first: Option<bool>,
    /// Who the visitor is on the migrant's path.
    pub visitor_kind: VisitorKind,
    /// The visitor's sex.
    pub sex: Option<Sex>,
    /// The visitor's age in years, 0 to 120.
    pub age_years: Option<i32>,
    /// Whether the Washington Group cut-off is met.
    pub disability: Option<Answer>,
    /// Displacement of the visitor.
    pub displacement: Option<DisplacementStatus>,
    /// P-code of the visitor's home township.
    pub home_township: Option<String>,
    /// Intended or past destination (ISO 3166-1 alpha-2).
    pub destination: Option<String>,
    /// Work sector (ISIC).
    pub sector: Option<IsicSection>,
    /// How the visitor heard of the centre.
    pub heard_through: Option<HeardThrough>,
    /// What it was about.
    pub topics: Option<Vec<VisitTopic>>,
    /// What the visitor received.
    pub services: Option<Vec<VisitService>>,
    /// Leaflets and papers handed over.
    pub documents_given: Option<Vec<String>>,
    /// How long it took, 0 to 1440 minutes.
    pub minutes: Option<i32>,
    /// What kind of call; only with the channel PHONE.
    pub call_kind: Option<CallKind>,
    /// The visitor's own mark, 1 to 5.
    pub satisfaction: Option<i32>,
    /// Whether somebody must get back to the visitor; false if left out.
    pub needs_follow_up: Option<bool>,
    /// Free text, at most 10,000 characters.
    pub note: Option<String>,
    /// The device's own time of the entry.
    pub recorded_on_device_at: Option<Instant>,
}

payload! {
    /// What `visitRecord` answers.
    VisitRecordPayload {
        /// The visit; null if there are errors.
        visit: Visit
    }
}

/// Everything that can be changed.
#[derive(Default)]
pub struct VisitMutation;

#[Object]
impl VisitMutation {
    /// Logs a visit to a resource centre. Sent again with the same key it answers the same visit; the id of an earlier one without its key is a `DUPLICATE`.
    async fn visit_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The visit.")] input: VisitRecordInput,
    ) -> async_graphql::Result<VisitRecordPayload> {
        VisitRecordPayload::of(record(ctx.data::<Ask>()?, input).await)
    }
}

async fn record(ask: &Ask, input: VisitRecordInput) -> Done {
    let visit = service::visit::Visit {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "visit", "input.id")?,
        centre: id_of(&input.centre, "centre", "input.centre")?,
        project: optional_id(input.project.as_ref(), "project", "input.project")?,
        visited_on: input.visited_on.0,
        channel: input.channel,
        ticket: input.ticket,
        is_first: input.is_first.unwrap_or(true),
        visitor_kind: input.visitor_kind,
        sex: input.sex.unwrap_or(Sex::NotAsked),
        age_years: input.age_years,
        disability: input.disability.unwrap_or(Answer::NotAsked),
        displacement: input.displacement.unwrap_or(DisplacementStatus::NotAsked),
        home_township: input.home_township,
        destination: input.destination,
        sector: input.sector,
        heard_through: input.heard_through,
        topics: input.topics.unwrap_or_default(),
        services: input.services.unwrap_or_default(),
        documents_given: input.documents_given.unwrap_or_default(),
        minutes: input.minutes,
        call_kind: input.call_kind,
        satisfaction: input.satisfaction,
        needs_follow_up: input.needs_follow_up.unwrap_or(false),
        note: input.note,
        recorded_on_device_at: input.recorded_on_device_at.map(|at| at.0),
    };
    service::visit::record(&ask.scope, visit).await
}
