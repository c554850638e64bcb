//! What is due is sent by the server itself: claimed in one transaction, sent without any, and what came of it noted in
//! another. A server that dies in between leaves the message to the next that looks, a minute later.

use chrono::{DateTime, Utc};
use entity::referral::ReferralStatus;
use entity::webhook_delivery::{self, ActiveModel, DeliveryError, DeliveryState, Model};
use entity::webhook_queue;
use entity::webhook_subscription::{self, WebhookEvent};
use sea_orm::{ColumnTrait as _, Condition, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use uuid::Uuid;

use super::{Webhooks, cancel};
use crate::access::Action;
use crate::db::{Scope, Write};
use crate::domain::webhook::{self as rules, Secret};
use crate::error::{Code, Result};

/// A message to send now.
pub struct Message {
    /// Its id, under which it stays the same message.
    pub id: Uuid,
    /// Where to.
    pub url: String,
    /// What it is signed with.
    pub secrets: Vec<Secret>,
    /// What happened.
    pub event: WebhookEvent,
    /// The referral to which it happened.
    pub referral: Uuid,
    /// How far that had come then.
    pub status: ReferralStatus,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    subscription: Uuid,
    version: i32,
    attempt: i32,
}

/// What came of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer with this status.
    Answered(u16),
    /// None.
    Failed(DeliveryError),
}

/// Takes some of what is due for the organisation, so that no other server takes it too.
pub async fn claim(scope: &Scope, webhooks: &Webhooks, most: u64) -> Result<Vec<Message>> {
    use webhook_queue::Column as Q;
    let mut write = scope.operate(Action::WebhookSend).await?;
    let queued = write.find::<webhook_queue::Entity>()?.filter(Q::DueAt.lte(scope.now()));
    let queued = write.all(queued.order_by_asc(Q::DueAt).order_by_asc(Q::DeliveryId).limit(most)).await?;
    let ids: Vec<Uuid> = queued.into_iter().map(|row| row.delivery_id).collect();
    let found = write.find::<webhook_delivery::Entity>()?.filter(webhook_delivery::Column::Id.is_in(ids.clone()));
    let found = if ids.is_empty() { Vec::new() } else { write.all(found).await? };
    let (mut claimed, mut ended, mut moved) = (Vec::new(), Vec::new(), false);
    for id in ids {
        match found.iter().find(|row| row.id == id) {
            Some(row) if row.state == DeliveryState::Pending => match take(&write, webhooks, row).await? {
                Taken::Own(message) => claimed.push(*message),
                Taken::Others => {}
                Taken::Later(at) => {
                    write.queue(&[id], at).await?;
                    moved = true;
                }
                Taken::Ended => ended.push(id),
            },
            // Given up or cancelled meanwhile.
            _ => ended.push(id),
        }
    }
    if claimed.is_empty() && ended.is_empty() && !moved {
        write.abandon().await?;
        return Ok(claimed);
    }
    let taken: Vec<Uuid> = claimed.iter().map(|message| message.id).collect();
    write.queue(&taken, scope.now() + rules::LEASE).await?;
    write.unqueue(ended).await?;
    write.wrote(&["webhookDelivery"]);
    write.finish("Organisation").await?;
    Ok(claimed)
}

/// What taking a message comes to.
enum Taken {
    /// It is this server's to send.
    Own(Box<Message>),
    /// Another server was first.
    Others,
    /// It is not due yet: another server has tried it meanwhile.
    Later(DateTime<Utc>),
    /// Its subscription was switched off.
    Ended,
}

async fn take(write: &Write, webhooks: &Webhooks, row: &Model) -> Result<Taken> {
    let scope = write.scope();
    let now = scope.now();
    if let Some(later) = row.next_attempt_at.filter(|at| *at > now) {
        return Ok(Taken::Later(later));
    }
    let theirs = write.find::<webhook_subscription::Entity>()?;
    let theirs = theirs.filter(webhook_subscription::Column::Id.eq(row.subscription_id));
    let subscription = write.all(theirs).await?.pop().ok_or(Code::Internal)?;
    if !subscription.is_active {
        cancel(write, subscription.id, DeliveryError::SwitchedOff).await?;
        return Ok(Taken::Ended);
    }
    let attempt = row.attempt + 1;
    let change =
        ActiveModel { attempt: Set(attempt), next_attempt_at: Set(Some(now + rules::LEASE)), ..Default::default() };
    match write.update(row.id, row.row_version, change).await {
        Ok(()) => {}
        Err(error) if error.code == Code::VersionConflict => return Ok(Taken::Others),
        Err(error) => return Err(error),
    }
    let organisation = scope.viewer().organisation;
    let generation = (subscription.generation, subscription.rotated_at);
    let message = Message {
        id: row.id,
        url: subscription.url,
        secrets: webhooks.keyring.secrets(organisation, subscription.id, generation, now),
        event: row.event,
        referral: row.referral_id,
        status: row.referral_status,
        occurred_at: row.occurred_at,
        subscription: subscription.id,
        version: row.row_version + 1,
        attempt,
    };
    Ok(Taken::Own(Box::new(message)))
}

/// Notes what came of a message.
pub async fn settle(scope: &Scope, message: &Message, outcome: Outcome) -> Result<DeliveryState> {
    let mut write = scope.operate_on(Action::WebhookSend, message.id).await?;
    let row = after(message, outcome, scope.now());
    let (Set(state), Set(next)) = (row.state.clone(), row.next_attempt_at.clone()) else {
        return Err(Code::Internal.into());
    };
    let gone = outcome == Outcome::Answered(GONE);
    if gone {
        let off = webhook_subscription::ActiveModel { is_active: Set(false), ..Default::default() };
        let this = Condition::all().add(webhook_subscription::Column::Id.eq(message.subscription));
        write.update_all(this, off).await?;
    }
    match write.update(message.id, message.version, row).await {
        Ok(()) => {}
        // It was queued again, or its subscription switched off, while it was on its way.
        Err(error) if error.code == Code::VersionConflict => {
            write.abandon().await?;
            return Ok(state);
        }
        Err(error) => return Err(error),
    }
    match next {
        Some(at) => write.queue(&[message.id], at).await?,
        None => write.unqueue(vec![message.id]).await?,
    }
    if gone {
        cancel(&write, message.subscription, DeliveryError::Gone).await?;
        write.wrote(&["webhookSubscription"]);
    }
    write.wrote(&["webhookDelivery"]);
    write.finish("WebhookDelivery").await?;
    Ok(state)
}

/// The receiver is no more.
const GONE: u16 = 410;

fn after(message: &Message, outcome: Outcome, now: DateTime<Utc>) -> ActiveModel {
    let (code, error) = match outcome {
        Outcome::Answered(code @ 200..=299) => (Some(code), None),
        Outcome::Answered(GONE) => (Some(GONE), Some(DeliveryError::Gone)),
        Outcome::Answered(code) => (Some(code), Some(DeliveryError::NotAccepted)),
        Outcome::Failed(error) => (None, Some(error)),
    };
    let (state, next) = match (error, rules::retry(message.attempt, now)) {
        (None, _) => (DeliveryState::Sent, None),
        (Some(DeliveryError::Gone), _) => (DeliveryState::Cancelled, None),
        (Some(_), Some(at)) => (DeliveryState::Pending, Some(at)),
        (Some(_), None) => (DeliveryState::Failed, None),
    };
    ActiveModel {
        state: Set(state),
        next_attempt_at: Set(next),
        response_code: Set(code.map(i32::from)),
        last_error: Set(error),
        sent_at: Set(error.is_none().then_some(now)),
        ..Default::default()
    }
}
