//! Another system that one of the demo's organisations tells of its referrals, and how that went. Nobody is there: its name
//! ends with `.invalid`, which no name does.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids;
use entity::list::List;
use entity::referral::{self, ReferralDirection};
use entity::webhook_delivery::{self, DeliveryError, DeliveryState};
use entity::webhook_subscription::{self, WebhookEvent};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, Set};
use uuid::Uuid;

use super::Counts;
use super::store::made;
use crate::access::Action;
use crate::clock::Clock;
use crate::db::{Database, Scope, Write};
use crate::error::Result;

/// How the telling of the oldest referrals went, one after the other.
const WENT: [DeliveryState; 5] =
    [DeliveryState::Failed, DeliveryState::Cancelled, DeliveryState::Sent, DeliveryState::Sent, DeliveryState::Sent];

/// A subscription of the leading organisation, with what it was told of referrals that it received.
pub(super) async fn told(database: &Database, clock: &Clock, counts: &mut Counts) -> Result<()> {
    let scope = Scope::operator(database.clone(), ids::organisation("LEAD"), clock.clone());
    let mut write = scope.operate(Action::RecordsImport).await?;
    let now = scope.now();
    let subscription = scope.new_id();
    write.insert(subscribed(subscription, now)).await?;
    let received = write.find::<referral::Entity>()?;
    let received = received.filter(referral::Column::Direction.eq(ReferralDirection::Received));
    let received = write.all(received.order_by_asc(referral::Column::SentAt)).await?;
    let mut told = 0;
    for (referral, state) in received.iter().zip(WENT) {
        write.insert(ended(&scope, subscription, referral, state)).await?;
        told += 1;
    }
    if let Some(latest) = received.last() {
        waiting(&write, subscription, latest).await?;
        told += 1;
    }
    write.wrote(&["webhookSubscription", "webhookDelivery"]);
    write.finish("Organisation").await?;
    counts.insert("webhookSubscription", 1);
    counts.insert("webhookDelivery", told);
    Ok(())
}

fn subscribed(id: Uuid, now: DateTime<Utc>) -> webhook_subscription::ActiveModel {
    let row = webhook_subscription::ActiveModel {
        id: Set(id),
        url: Set("https://hooks.invalid/lanpya".to_owned()),
        events: Set(List::codes([WebhookEvent::ReferralReceived, WebhookEvent::ReferralStatusChanged])),
        is_active: Set(true),
        description: Set(Some("Case management (demo)".to_owned())),
        generation: Set(1),
        rotated_at: Set(None),
        ..Default::default()
    };
    made(row, now - TimeDelta::days(90), None)
}

/// Told when it arrived, to whatever end.
fn ended(
    scope: &Scope,
    subscription: Uuid,
    referral: &referral::Model,
    state: DeliveryState,
) -> webhook_delivery::ActiveModel {
    let at = referral.sent_at;
    let (attempt, code, error) = match state {
        DeliveryState::Failed => (9, Some(503), Some(DeliveryError::NotAccepted)),
        DeliveryState::Cancelled => (3, None, Some(DeliveryError::SwitchedOff)),
        DeliveryState::Sent | DeliveryState::Pending => (1, Some(204), None),
    };
    let row = webhook_delivery::ActiveModel {
        id: Set(scope.new_id()),
        subscription_id: Set(subscription),
        event: Set(WebhookEvent::ReferralReceived),
        referral_id: Set(referral.id),
        referral_status: Set(entity::referral::ReferralStatus::Sent),
        occurred_at: Set(at),
        state: Set(state),
        attempt: Set(attempt),
        next_attempt_at: Set(None),
        response_code: Set(code),
        last_error: Set(error),
        sent_at: Set((state == DeliveryState::Sent).then_some(at)),
        ..Default::default()
    };
    made(row, at, None)
}

/// Tried three times in the last minutes, and again in an hour.
async fn waiting(write: &Write, subscription: Uuid, referral: &referral::Model) -> Result<()> {
    let now = write.scope().now();
    let (id, at, next) = (write.scope().new_id(), now - TimeDelta::minutes(2), now + TimeDelta::hours(1));
    let row = webhook_delivery::ActiveModel {
        id: Set(id),
        subscription_id: Set(subscription),
        event: Set(WebhookEvent::ReferralStatusChanged),
        referral_id: Set(referral.id),
        referral_status: Set(referral.status),
        occurred_at: Set(at),
        state: Set(DeliveryState::Pending),
        attempt: Set(3),
        next_attempt_at: Set(Some(next)),
        response_code: Set(None),
        last_error: Set(Some(DeliveryError::NotReached)),
        sent_at: Set(None),
        ..Default::default()
    };
    write.insert(made(row, at, None)).await?;
    write.queue(&[id], next).await
}
