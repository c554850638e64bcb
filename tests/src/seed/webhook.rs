//! Who is told of what, and how that went. Nothing of it is ever due: those that are active are told of nothing, and what
//! is queued is queued for a time that no test reaches.

use entity::list::List;
use entity::referral::ReferralStatus;
use entity::webhook_delivery::{self, DeliveryError, DeliveryState};
use entity::webhook_queue;
use entity::webhook_subscription::{self, WebhookEvent};
use sea_orm::Set;

use super::{Seed, every, instant, int, pick};

/// Days until then.
const NEVER: usize = 30_000;

impl Seed {
    pub(super) async fn webhooks(&self) {
        for number in 0..self.to.count(3) {
            let active = number == 1;
            let row = webhook_subscription::ActiveModel {
                url: Set(format!("https://{}-{number}.hooks.invalid/lanpya", self.to.code.to_lowercase())),
                events: Set(if active {
                    List::empty()
                } else {
                    List::codes([WebhookEvent::ReferralReceived, WebhookEvent::ReferralStatusChanged])
                }),
                is_active: Set(active),
                description: Set(every(2, number, self.to.own("Case management"))),
                generation: Set(int(1 + number % 2)),
                rotated_at: Set((number % 2 == 1).then(|| instant(number))),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
        }
        for number in 0..self.to.count(9) {
            self.delivery(number).await;
        }
    }

    async fn delivery(&self, number: usize) {
        use DeliveryState as S;
        let state = pick(&[S::Sent, S::Pending, S::Failed, S::Cancelled], number);
        let error = match state {
            S::Sent => None,
            S::Pending => every(2, number / 4, DeliveryError::TimedOut),
            S::Failed => Some(DeliveryError::NotAccepted),
            S::Cancelled => Some(DeliveryError::SwitchedOff),
        };
        let pending = state == S::Pending;
        let row = webhook_delivery::ActiveModel {
            subscription_id: Set(self.id("webhook_subscription", number % 3)),
            event: Set(pick(&[WebhookEvent::ReferralReceived, WebhookEvent::ReferralStatusChanged], number / 2)),
            referral_id: Set(self.id("referral", number % 8)),
            referral_status: Set(pick(&[ReferralStatus::Sent, ReferralStatus::Received], number / 2)),
            occurred_at: Set(instant(20 + number / 2)),
            state: Set(state),
            attempt: Set(int(if state == S::Failed { 9 } else { 1 + number % 3 })),
            next_attempt_at: Set(pending.then(|| instant(NEVER))),
            response_code: Set(match state {
                S::Sent => Some(204),
                S::Failed => Some(503),
                S::Pending | S::Cancelled => None,
            }),
            last_error: Set(error),
            sent_at: Set((state == S::Sent).then(|| instant(20 + number))),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
        if pending {
            let row = webhook_queue::ActiveModel {
                delivery_id: Set(self.id("webhook_delivery", number)),
                due_at: Set(instant(NEVER)),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
        }
    }
}
