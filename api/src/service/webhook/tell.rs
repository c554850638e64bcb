//! What subscribers are to be told, queued with what happens: in the same transaction, in the organisation whose record
//! it is.

use entity::referral::ReferralStatus;
use entity::webhook_delivery::{ActiveModel, DeliveryState};
use entity::webhook_subscription::{Column, Entity, Model, WebhookEvent};
use sea_orm::{ActiveValue, ColumnTrait as _, Condition, QueryFilter as _, Set};
use uuid::Uuid;

use crate::db::{Counterpart, Scope, Write};
use crate::error::Result;

/// Tells the own organisation's subscribers what happened to referrals of its own.
pub(in crate::service) async fn tell(
    write: &Write,
    event: WebhookEvent,
    referrals: &[(Uuid, ReferralStatus)],
) -> Result<()> {
    let listening = write.all(write.find::<Entity>()?.filter(active())).await?;
    let messages = messages(write.scope(), &listening, event, referrals);
    if messages.is_empty() {
        return Ok(());
    }
    let queued: Vec<Uuid> = messages.iter().filter_map(id).collect();
    write.insert_many(messages).await?;
    write.queue(&queued, write.scope().now()).await
}

/// Tells the other organisation's subscribers what happened to a referral of its own.
pub(in crate::service) async fn tell_beside(
    beside: &Counterpart<'_>,
    scope: &Scope,
    event: WebhookEvent,
    referral: (Uuid, ReferralStatus),
) -> Result<()> {
    let listening = beside.all::<Entity>(active()).await?;
    let messages = messages(scope, &listening, event, &[referral]);
    if messages.is_empty() {
        return Ok(());
    }
    let queued: Vec<Uuid> = messages.iter().filter_map(id).collect();
    for message in messages {
        beside.insert(message).await?;
    }
    beside.queue(&queued, scope.now()).await
}

fn active() -> Condition {
    Condition::all().add(Column::IsActive.eq(true))
}

fn id(message: &ActiveModel) -> Option<Uuid> {
    if let ActiveValue::Set(id) = message.id { Some(id) } else { None }
}

fn messages(
    scope: &Scope,
    listening: &[Model],
    event: WebhookEvent,
    referrals: &[(Uuid, ReferralStatus)],
) -> Vec<ActiveModel> {
    let now = scope.now();
    let listening = || listening.iter().filter(|subscription| subscription.events.0.contains(&event));
    let message = |subscription: &Model, (referral, status)| ActiveModel {
        id: Set(scope.new_id()),
        subscription_id: Set(subscription.id),
        event: Set(event),
        referral_id: Set(referral),
        referral_status: Set(status),
        occurred_at: Set(now),
        state: Set(DeliveryState::Pending),
        attempt: Set(0),
        next_attempt_at: Set(Some(now)),
        response_code: Set(None),
        last_error: Set(None),
        sent_at: Set(None),
        ..Default::default()
    };
    referrals.iter().flat_map(|about| listening().map(move |subscription| message(subscription, *about))).collect()
}
