//! Webhooks: who is told of what. What is to be told is queued in the transaction in which it happens (`tell`), and sent
//! later by the server itself ([`due`]).

pub mod due;
mod tell;

use chrono::{DateTime, Utc};
use entity::list::List;
use entity::webhook_delivery::{self, DeliveryError, DeliveryState};
use entity::webhook_subscription::{self, ActiveModel, Column, Model, WebhookEvent};
use sea_orm::{ColumnTrait as _, Condition, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use uuid::Uuid;

use super::Done;
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
pub use crate::domain::webhook::Webhooks;
use crate::domain::webhook::{self as rules, Addresses};
use crate::domain::{Fault, Refusal, ensure, text};
use crate::error::{Errors, Result};
pub(super) use tell::{tell, tell_beside};

/// A subscription with its secret, which is told once: not where the same request is sent again.
pub struct Keyed {
    /// The subscription.
    pub subscription: Uuid,
    /// Its secret.
    pub secret: Option<String>,
}

/// A subscription as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Subscription {
    pub once: Option<Once>,
    pub url: String,
    pub events: Vec<WebhookEvent>,
    pub description: Option<String>,
}

/// Has another system told from now on.
pub async fn subscribe(scope: &Scope, webhooks: &Webhooks, told: Subscription) -> Result<Keyed, Errors> {
    let id = scope.new_id();
    let mut write = match scope.write(Action::WebhookWrite, told.once, id).await? {
        Begun::Replay(id) => return Ok(Keyed { subscription: id, secret: None }),
        Begun::New(write) => write,
    };
    Errors::none(&faults(&webhooks.addresses, Some(&told.url), Some(&told.events), told.description.as_deref()))?;
    room(&write).await?;
    let generation = 1;
    let row = ActiveModel {
        id: Set(id),
        url: Set(told.url),
        events: Set(List::codes(told.events)),
        is_active: Set(true),
        description: Set(told.description),
        generation: Set(generation),
        rotated_at: Set(None),
        ..Default::default()
    };
    write.insert(row).await?;
    write.wrote(&["webhookSubscription"]);
    let secret = webhooks.keyring.secret(scope.viewer().organisation, id, generation).text();
    Ok(Keyed { subscription: write.finish("WebhookSubscription").await?, secret: Some(secret) })
}

/// What is wrong with what was told.
fn faults(
    addresses: &Addresses,
    url: Option<&str>,
    events: Option<&[WebhookEvent]>,
    description: Option<&str>,
) -> Vec<Fault> {
    let says = "A subscription is to something.";
    let events = events.map_or(Ok(()), |told| ensure(!told.is_empty(), Refusal::FieldRequired, "events", says));
    let url = url.map_or(Ok(()), |url| addresses.check(url).map(drop));
    let description = description.map_or(Ok(()), |told| text::check("description", told, text::NAME));
    [url, events, description].into_iter().filter_map(Result::err).collect()
}

/// Fails if the organisation has as many active subscriptions as it may.
async fn room(write: &Write) -> Result<(), Errors> {
    let active = write.find::<webhook_subscription::Entity>()?.filter(Column::IsActive.eq(true));
    let says = "An organisation has 10 active subscriptions at most.";
    ensure(write.all(active).await?.len() < rules::ACTIVE, Refusal::RuleNotMet, "", says)?;
    Ok(())
}

/// What changes of a subscription; what is not told stays.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Change {
    pub once: Option<Once>,
    pub subscription: Uuid,
    pub expected_version: i32,
    pub url: Option<String>,
    pub events: Option<Vec<WebhookEvent>>,
    pub is_active: Option<bool>,
    pub description: Option<String>,
}

/// Changes a subscription. Switched off, it is not told what it was to be told.
pub async fn change(scope: &Scope, webhooks: &Webhooks, told: Change) -> Done {
    let mut write = match scope.write(Action::WebhookWrite, told.once, told.subscription).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let found = held(&write, told.subscription).await?;
    let Change { url, events, description, .. } = told;
    Errors::none(&faults(&webhooks.addresses, url.as_deref(), events.as_deref(), description.as_deref()))?;
    let is_active = told.is_active.unwrap_or(found.is_active);
    if is_active && !found.is_active {
        room(&write).await?;
    }
    let row = ActiveModel {
        url: Set(url.unwrap_or(found.url)),
        events: Set(events.map_or(found.events, List::codes)),
        is_active: Set(is_active),
        description: Set(description.or(found.description)),
        ..Default::default()
    };
    write.update(found.id, told.expected_version, row).await?;
    if !is_active {
        cancel(&write, found.id, DeliveryError::SwitchedOff).await?;
    }
    write.wrote(&["webhookSubscription"]);
    Ok(write.finish("WebhookSubscription").await?)
}

/// The subscription, held: it is not switched off meanwhile.
async fn held(write: &Write, id: Uuid) -> Result<Model> {
    write.hold::<webhook_subscription::Entity>(id).await.map_err(|error| error.on("input.subscription"))
}

/// Ends what a subscriber was to be told. What is queued is found ended when it is due.
async fn cancel(write: &Write, subscription: Uuid, why: DeliveryError) -> Result<()> {
    use webhook_delivery::Column as C;
    let pending = Condition::all().add(C::SubscriptionId.eq(subscription)).add(C::State.eq(DeliveryState::Pending));
    let row = webhook_delivery::ActiveModel {
        state: Set(DeliveryState::Cancelled),
        next_attempt_at: Set(None),
        last_error: Set(Some(why)),
        ..Default::default()
    };
    write.update_all(pending, row).await
}

/// A change of the secret as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Rotation {
    pub once: Option<Once>,
    pub subscription: Uuid,
    pub expected_version: i32,
}

/// Gives a subscription another secret. For a day messages are signed with the one before, too.
pub async fn rotate(scope: &Scope, webhooks: &Webhooks, told: Rotation) -> Result<Keyed, Errors> {
    let mut write = match scope.write(Action::WebhookWrite, told.once, told.subscription).await? {
        Begun::Replay(id) => return Ok(Keyed { subscription: id, secret: None }),
        Begun::New(write) => write,
    };
    let found = held(&write, told.subscription).await?;
    let generation = found.generation + 1;
    let row = ActiveModel { generation: Set(generation), rotated_at: Set(Some(scope.now())), ..Default::default() };
    write.update(found.id, told.expected_version, row).await?;
    write.wrote(&["webhookSubscription"]);
    let secret = webhooks.keyring.secret(scope.viewer().organisation, found.id, generation).text();
    Ok(Keyed { subscription: write.finish("WebhookSubscription").await?, secret: Some(secret) })
}

/// What is to be told again.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Again {
    pub once: Option<Once>,
    pub subscription: Uuid,
    pub from: DateTime<Utc>,
    pub until: Option<DateTime<Utc>>,
}

/// Queues again what happened in a time, whether or not it was taken: the same messages, under the same ids.
pub async fn replay(scope: &Scope, told: Again) -> Done {
    use webhook_delivery::Column as C;
    let mut write = match scope.write(Action::WebhookWrite, told.once, told.subscription).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let found = held(&write, told.subscription).await?;
    let (now, until) = (scope.now(), told.until.unwrap_or_else(|| scope.now()));
    let says = "The subscription is switched off.";
    ensure(found.is_active, Refusal::WrongState, "subscription", says)?;
    ensure(told.from <= until, Refusal::DateInvalid, "until", "A time does not end before it begins.")?;
    // What is on its way already is left to go.
    let later = Condition::any().add(C::State.ne(DeliveryState::Pending)).add(C::NextAttemptAt.gt(now + rules::LEASE));
    let happened = Condition::all()
        .add(C::SubscriptionId.eq(found.id))
        .add(C::OccurredAt.gte(told.from))
        .add(C::OccurredAt.lte(until))
        .add(later);
    let select = write.find::<webhook_delivery::Entity>()?.filter(happened).order_by_asc(C::OccurredAt);
    let again: Vec<Uuid> =
        write.all(select.limit(rules::REPLAYED as u64 + 1)).await?.into_iter().map(|found| found.id).collect();
    let says = "More than 1,000 messages are of this time: choose a shorter one.";
    ensure(again.len() <= rules::REPLAYED, Refusal::TooLong, "from", says)?;
    let row = webhook_delivery::ActiveModel {
        state: Set(DeliveryState::Pending),
        attempt: Set(0),
        next_attempt_at: Set(Some(now)),
        response_code: Set(None),
        last_error: Set(None),
        sent_at: Set(None),
        ..Default::default()
    };
    if !again.is_empty() {
        write.update_all(Condition::all().add(C::Id.is_in(again.clone())), row).await?;
        write.queue(&again, now).await?;
    }
    write.wrote(&["webhookDelivery"]);
    Ok(write.finish("WebhookSubscription").await?)
}
