//! Mutations of visits.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entity::exploitation_episode::IsicSection;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::screening_request::ForcedLabourSign;
use entity::visit::{
    AgeGroup, CallKind, Difficulty, HeardThrough, VisitChannel, VisitService, VisitTopic, VisitorKind,
};

use super::purse::CHANGE;
use super::record::{Ask, Named, Record};
use super::scalars::{Date, Instant};
use super::writes::{UserError, id_of, once, optional_id, payload, user_errors};
use crate::error::{Code, Error, Errors};
use crate::plan::GlobalId;
use crate::service::batch::{self, Taken};
use crate::service::visit::Functioning;
use crate::service::{self, Done};

/// Most visits of one batch.
const MOST: usize = 200;

/// The noun.
pub struct Visit;

impl Named for Visit {
    const NAME: &'static str = "Visit";
}

/// The Washington Group short set: each question that was asked.
#[derive(InputObject, Clone)]
pub struct WashingtonGroupInput {
    /// Difficulty seeing, even with glasses.
    pub seeing: Option<Difficulty>,
    /// Difficulty hearing, even with a hearing aid.
    pub hearing: Option<Difficulty>,
    /// Difficulty walking or climbing steps.
    pub walking: Option<Difficulty>,
    /// Difficulty remembering or concentrating.
    pub remembering: Option<Difficulty>,
    /// Difficulty washing all over or dressing.
    pub self_care: Option<Difficulty>,
    /// Difficulty understanding or being understood in the usual language.
    pub communicating: Option<Difficulty>,
}

impl From<WashingtonGroupInput> for Functioning {
    fn from(told: WashingtonGroupInput) -> Self {
        let WashingtonGroupInput { seeing, hearing, walking, remembering, self_care, communicating } = told;
        Self { seeing, hearing, walking, remembering, self_care, communicating }
    }
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
    /// The visitor, if he or she is a person on record.
    pub person: Option<ID>,
    /// Whether it is the visitor's first contact; true if left out.
    pub is_first: Option<bool>,
    /// Who the visitor is on the migrant's path.
    pub visitor_kind: VisitorKind,
    /// The visitor's sex.
    pub sex: Option<Sex>,
    /// The visitor's age in years, 0 to 120.
    pub age_years: Option<i32>,
    /// The visitor's age group, where the age in years is not told.
    pub age_group: Option<AgeGroup>,
    /// The Washington Group short set, where it was asked: it tells whether the cut-off is met.
    pub washington_group: Option<WashingtonGroupInput>,
    /// Whether the Washington Group cut-off is met; left out where `washingtonGroup` tells it.
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
    /// Signs of forced labour that showed: they ask for a talk about trafficking.
    pub signs: Option<Vec<ForcedLabourSign>>,
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

/// Visits that a device kept while there was no network.
#[derive(InputObject)]
pub struct VisitsRecordInput {
    /// At most 200 visits, each with an id or a key of its own; the same one may come again in any batch.
    pub visits: Vec<VisitRecordInput>,
    /// The device's own time of sending: the difference to the server's time is kept with each visit.
    pub sent_at: Option<Instant>,
}

/// What became of one visit of a batch.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum VisitRecordOutcome {
    /// It was logged just now.
    Created,
    /// It was logged before: nothing was added.
    AlreadyThere,
    /// It cannot be logged as it is: `userErrors` says why. Sending it again unchanged changes nothing.
    Refused,
    /// The service did not get to it: send it again.
    Deferred,
}

/// What became of one visit of a batch.
#[derive(SimpleObject)]
pub struct VisitRecordResult {
    /// Its place in the list that was sent, from 0.
    pub index: i32,
    /// What became of it.
    pub outcome: VisitRecordOutcome,
    /// The visit's id, without a look at the visit; null unless it is there.
    pub visit_id: Option<ID>,
    /// The visit; null unless it is there.
    pub visit: Option<Record<Visit>>,
    /// What kept it from being logged, field by field; empty unless it was refused.
    pub user_errors: Vec<UserError>,
}

/// What `visitsRecord` answers.
#[derive(SimpleObject)]
pub struct VisitsRecordPayload {
    /// One result for each visit that was sent, in that order.
    pub results: Vec<VisitRecordResult>,
    /// What is wrong with the batch as a whole; empty otherwise, whatever became of its visits.
    pub user_errors: Vec<UserError>,
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
        VisitRecordPayload::of(record(ctx.data::<Ask>()?, input)).await
    }

    /// Logs up to 200 visits, each for itself: one that is refused holds no other back. Safe to repeat for 30 days, any number of times and in any order; a visit that is there is answered and not added again.
    async fn visits_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The visits.")] input: VisitsRecordInput,
    ) -> async_graphql::Result<VisitsRecordPayload> {
        let ask = ctx.data::<Ask>()?;
        let keyed: Vec<bool> = input.visits.iter().map(|one| one.idempotency_key.is_some()).collect();
        match Box::pin(record_all(ask, input)).await {
            Ok(taken) => {
                let results = (0..).zip(taken.into_iter().zip(keyed));
                let results = results.map(|(index, (taken, keyed))| result(index, taken, keyed));
                Ok(VisitsRecordPayload { results: results.collect::<Result<_, _>>()?, user_errors: Vec::new() })
            }
            Err(errors) => Ok(VisitsRecordPayload { results: Vec::new(), user_errors: user_errors(errors)? }),
        }
    }
}

async fn record(ask: &Ask, input: VisitRecordInput) -> Done {
    service::visit::record(&ask.scope, visit(&input, input.idempotency_key.as_deref(), None)?).await
}

async fn record_all(ask: &Ask, input: VisitsRecordInput) -> Result<Vec<Taken>, Errors> {
    if input.visits.len() > MOST {
        let text = format!("At most {MOST} visits at once.");
        return Err(Error::new(Code::TooLong).saying(text).on("input.visits").into());
    }
    // The first was paid for as every change is.
    ask.purse.charge(CHANGE * u64::try_from(input.visits.len()).unwrap_or_default().saturating_sub(1))?;
    let offset = match input.sent_at {
        Some(Instant(sent)) => {
            let seconds = (ask.scope.now() - sent).num_seconds();
            Some(i32::try_from(seconds).map_err(|_| Error::new(Code::DateInvalid).on("input.sentAt"))?)
        }
        None => None,
    };
    let visits = input.visits.iter().map(|one| {
        let own = one.id.as_ref().map(|id| format!("id {}", id.as_str()));
        let Some(key) = one.idempotency_key.clone().or(own) else {
            let text = "A visit of a batch has an id or a key, so that it can be sent again.";
            return Err(Error::new(Code::FieldRequired).saying(text).on("input.id").into());
        };
        visit(one, Some(&key), offset)
    });
    batch::record_all(&ask.scope, visits.collect()).await
}

/// One result, with fields named by their place in the batch.
fn result(index: i32, taken: Taken, keyed: bool) -> async_graphql::Result<VisitRecordResult> {
    let mut result = VisitRecordResult {
        index,
        outcome: VisitRecordOutcome::Refused,
        visit_id: None,
        visit: None,
        user_errors: Vec::new(),
    };
    match taken {
        Taken::Created(id) | Taken::AlreadyThere(id) => {
            let is_new = matches!(taken, Taken::Created(_));
            result.outcome = if is_new { VisitRecordOutcome::Created } else { VisitRecordOutcome::AlreadyThere };
            result.visit_id = Some(GlobalId::text("visit", id).into());
            result.visit = Some(Record::new(id));
        }
        Taken::Refused(errors) => {
            result.user_errors = user_errors(errors)?;
            for error in &mut result.user_errors {
                let inner = error.field.as_deref().and_then(|field| field.strip_prefix("input."));
                // Without a key of its own the id was the key.
                let inner = inner.map(|inner| if inner == "idempotencyKey" && !keyed { "id" } else { inner });
                error.field = inner.map(|inner| format!("input.visits.{index}.{inner}"));
            }
        }
        Taken::Deferred => result.outcome = VisitRecordOutcome::Deferred,
    }
    Ok(result)
}

fn visit(input: &VisitRecordInput, key: Option<&str>, offset: Option<i32>) -> Result<service::visit::Visit, Errors> {
    let input = input.clone();
    let id = optional_id(input.id.as_ref(), "visit", "input.id")?;
    Ok(service::visit::Visit {
        once: once(key, &input)?,
        id,
        centre: id_of(&input.centre, "centre", "input.centre")?,
        project: optional_id(input.project.as_ref(), "project", "input.project")?,
        visited_on: input.visited_on.0,
        channel: input.channel,
        ticket: input.ticket,
        person: optional_id(input.person.as_ref(), "person", "input.person")?,
        is_first: input.is_first.unwrap_or(true),
        visitor_kind: input.visitor_kind,
        sex: input.sex.unwrap_or(Sex::NotAsked),
        age_years: input.age_years,
        age_group: input.age_group,
        functioning: input.washington_group.map(Functioning::from).unwrap_or_default(),
        disability: input.disability.unwrap_or(Answer::NotAsked),
        displacement: input.displacement.unwrap_or(DisplacementStatus::NotAsked),
        home_township: input.home_township,
        destination: input.destination,
        sector: input.sector,
        heard_through: input.heard_through,
        topics: input.topics.unwrap_or_default(),
        services: input.services.unwrap_or_default(),
        signs: input.signs.unwrap_or_default(),
        documents_given: input.documents_given.unwrap_or_default(),
        minutes: input.minutes,
        call_kind: input.call_kind,
        satisfaction: input.satisfaction,
        needs_follow_up: input.needs_follow_up.unwrap_or(false),
        note: input.note,
        recorded_on_device_at: input.recorded_on_device_at.map(|at| at.0),
        device_offset: offset,
    })
}
