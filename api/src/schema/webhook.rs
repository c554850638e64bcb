//! Mutations of webhooks.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::webhook_subscription::WebhookEvent;

use super::record::{Ask, Named, Record};
use super::scalars::Instant;
use super::writes::{UserError, id_of, once, outcome, payload};
use crate::error::Errors;
use crate::service::Done;
use crate::service::webhook::{self as service, Keyed};

/// The noun.
pub struct WebhookSubscription;

impl Named for WebhookSubscription {
    const NAME: &'static str = "WebhookSubscription";
}

/// Another system that is to be told of what happens.
#[derive(InputObject, Clone)]
pub struct WebhookSubscribeInput {
    /// Your own key for this act: sent again within 30 days, the same subscription is answered and none is added.
    pub idempotency_key: Option<String>,
    /// The address that is told: https, port 443, of the public internet; at most 2,000 characters.
    pub url: String,
    /// What it is told of; at least one.
    pub events: Vec<WebhookEvent>,
    /// What it is for, at most 200 characters.
    pub description: Option<String>,
}

/// A subscription to change; what is left out stays.
#[derive(InputObject, Clone)]
pub struct WebhookChangeInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The subscription.
    pub subscription: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// The address that is told.
    pub url: Option<String>,
    /// What it is told of; at least one.
    pub events: Option<Vec<WebhookEvent>>,
    /// Whether it is told anything. Switched off, it is not told what it was to be told, nor what happens meanwhile.
    pub is_active: Option<bool>,
    /// What it is for, at most 200 characters.
    pub description: Option<String>,
}

/// A subscription that gets another secret.
#[derive(InputObject, Clone)]
pub struct WebhookRotateSecretInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The subscription.
    pub subscription: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
}

/// What a subscriber is told again.
#[derive(InputObject, Clone)]
pub struct WebhookReplayInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The subscription; an active one.
    pub subscription: ID,
    /// From when on it happened.
    pub from: Instant,
    /// Until when it happened; until now if left out.
    pub until: Option<Instant>,
}

/// What `webhookSubscribe` answers.
#[derive(SimpleObject)]
pub struct WebhookSubscribePayload {
    /// The subscription; null if there are errors.
    pub webhook_subscription: Option<Record<WebhookSubscription>>,
    /// What messages are signed with (`whsec_…`, as Standard Webhooks writes it): shown here and never again. Null where
    /// the same request was sent before.
    pub secret: Option<String>,
    /// What kept it from happening, field by field; empty if it happened.
    pub user_errors: Vec<UserError>,
}

/// What `webhookRotateSecret` answers.
#[derive(SimpleObject)]
pub struct WebhookRotateSecretPayload {
    /// The subscription; null if there are errors.
    pub webhook_subscription: Option<Record<WebhookSubscription>>,
    /// The new secret: shown here and never again. Null where the same request was sent before.
    pub secret: Option<String>,
    /// What kept it from happening, field by field; empty if it happened.
    pub user_errors: Vec<UserError>,
}

payload! {
    /// What `webhookChange` answers.
    WebhookChangePayload {
        /// The subscription; null if there are errors.
        webhook_subscription: WebhookSubscription
    }
}

payload! {
    /// What `webhookReplay` answers.
    WebhookReplayPayload {
        /// The subscription; null if there are errors.
        webhook_subscription: WebhookSubscription
    }
}

/// Mutations of webhooks.
#[derive(Default)]
pub struct WebhookMutation;

#[Object]
impl WebhookMutation {
    /// Has another system told of what happens, from now on: each message signed, tried again until it is taken, for
    /// more than eleven days.
    async fn webhook_subscribe(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is told of what.")] input: WebhookSubscribeInput,
    ) -> async_graphql::Result<WebhookSubscribePayload> {
        let (webhook_subscription, secret, user_errors) = keyed(Box::pin(subscribe(ctx.data::<Ask>()?, input)).await)?;
        Ok(WebhookSubscribePayload { webhook_subscription, secret, user_errors })
    }

    /// Changes who is told of what, or switches it off or on.
    async fn webhook_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The subscription and what changes.")] input: WebhookChangeInput,
    ) -> async_graphql::Result<WebhookChangePayload> {
        WebhookChangePayload::of(change(ctx.data::<Ask>()?, input)).await
    }

    /// Gives a subscription another secret. For a day messages carry a signature by the one before, too.
    async fn webhook_rotate_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The subscription.")] input: WebhookRotateSecretInput,
    ) -> async_graphql::Result<WebhookRotateSecretPayload> {
        let (webhook_subscription, secret, user_errors) = keyed(Box::pin(rotate(ctx.data::<Ask>()?, input)).await)?;
        Ok(WebhookRotateSecretPayload { webhook_subscription, secret, user_errors })
    }

    /// Tells a subscriber again what happened in a time, whether or not it was taken: the same messages under the same
    /// ids, at most 1,000.
    async fn webhook_replay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The subscription and the time.")] input: WebhookReplayInput,
    ) -> async_graphql::Result<WebhookReplayPayload> {
        WebhookReplayPayload::of(replay(ctx.data::<Ask>()?, input)).await
    }
}

type Shown = (Option<Record<WebhookSubscription>>, Option<String>, Vec<UserError>);

fn keyed(done: Result<Keyed, Errors>) -> async_graphql::Result<Shown> {
    let (done, secret) = match done {
        Ok(Keyed { subscription, secret }) => (Ok(subscription), secret),
        Err(errors) => (Err(errors), None),
    };
    let (id, user_errors) = outcome(done)?;
    Ok((id.map(Record::new), secret, user_errors))
}

async fn subscribe(ask: &Ask, input: WebhookSubscribeInput) -> Result<Keyed, Errors> {
    let told = service::Subscription {
        once: once(input.idempotency_key.as_deref(), &input)?,
        url: input.url,
        events: input.events,
        description: input.description,
    };
    service::subscribe(&ask.scope, &ask.webhooks, told).await
}

async fn change(ask: &Ask, input: WebhookChangeInput) -> Done {
    let told = service::Change {
        once: once(input.idempotency_key.as_deref(), &input)?,
        subscription: subscription(&input.subscription)?,
        expected_version: input.expected_version,
        url: input.url,
        events: input.events,
        is_active: input.is_active,
        description: input.description,
    };
    service::change(&ask.scope, &ask.webhooks, told).await
}

async fn rotate(ask: &Ask, input: WebhookRotateSecretInput) -> Result<Keyed, Errors> {
    let told = service::Rotation {
        once: once(input.idempotency_key.as_deref(), &input)?,
        subscription: subscription(&input.subscription)?,
        expected_version: input.expected_version,
    };
    service::rotate(&ask.scope, &ask.webhooks, told).await
}

async fn replay(ask: &Ask, input: WebhookReplayInput) -> Done {
    let told = service::Again {
        once: once(input.idempotency_key.as_deref(), &input)?,
        subscription: subscription(&input.subscription)?,
        from: input.from.0,
        until: input.until.map(|until| until.0),
    };
    service::replay(&ask.scope, told).await
}

fn subscription(id: &ID) -> crate::error::Result<uuid::Uuid> {
    id_of(id, "webhook_subscription", "input.subscription")
}
