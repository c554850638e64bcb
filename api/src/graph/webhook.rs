//! Webhooks: which other systems are told of what, and how that goes.

use entity::referral::ReferralStatus;
use entity::webhook_delivery::{self, DeliveryError, DeliveryState};
use entity::webhook_subscription::{self, WebhookEvent};

use super::declare::{Noun, code, code_list, many, one, plain};
use crate::access::Class::Internal;

pub(super) fn nouns() -> Vec<Noun> {
    vec![subscription(), delivery()]
}

fn subscription() -> Noun {
    use webhook_subscription::Column as C;
    Noun::of::<webhook_subscription::Entity>(
        "WebhookSubscription",
        "webhook_subscription",
        ["webhookSubscription", "webhookSubscriptions"],
        "Where another system wants to be told of what happens: by POST, signed as Standard Webhooks has it, with ids and \
         codes and nothing of a person. Its secret is shown once, by `webhookSubscribe` or `webhookRotateSecret`.",
        vec![
            plain("url", C::Url, Internal, "The address that is told."),
            code_list::<WebhookEvent>("events", C::Events, Internal, "What it is told of."),
            plain("isActive", C::IsActive, Internal, "Whether it is told anything; an answer of 410 switches it off.")
                .filtered(),
            plain("description", C::Description, Internal, "What it is for."),
            plain("rotatedAt", C::RotatedAt, Internal, "When its secret was last changed (UTC); null if it never was."),
            many(
                "deliveries",
                webhook_delivery::Column::SubscriptionId,
                "WebhookDelivery",
                Internal,
                "What it was told, and what it is to be told.",
            )
            .filtered(),
        ],
    )
    .called("webhook subscriptions")
}

fn delivery() -> Noun {
    use webhook_delivery::Column as C;
    Noun::of::<webhook_delivery::Entity>(
        "WebhookDelivery",
        "webhook_delivery",
        ["webhookDelivery", "webhookDeliveries"],
        "One thing that a subscriber is told, and how that goes. The receiver knows the message by this id (`webhook-id`), \
         however often it is sent.",
        vec![
            one("subscription", C::SubscriptionId, "WebhookSubscription", Internal, "Who is told.").always().filtered(),
            code::<WebhookEvent>("event", C::Event, Internal, "What happened.").filtered(),
            one("referral", C::ReferralId, "Referral", Internal, "The referral to which it happened.").filtered(),
            code::<ReferralStatus>("referralStatus", C::ReferralStatus, Internal, "How far that had come then."),
            plain("occurredAt", C::OccurredAt, Internal, "When it happened (UTC).").filtered().sorted(),
            code::<DeliveryState>("state", C::State, Internal, "How far the telling has come.").filtered(),
            plain("attempt", C::Attempt, Internal, "How often it was tried since it was queued, for the first time or again."),
            plain("nextAttemptAt", C::NextAttemptAt, Internal, "When it is tried next (UTC); null once it has ended."),
            plain("responseCode", C::ResponseCode, Internal, "The HTTP status of the last answer; null if there was none."),
            code::<DeliveryError>("lastError", C::LastError, Internal, "Why it was not taken; null if it was."),
            plain("sentAt", C::SentAt, Internal, "When it was taken (UTC)."),
        ],
    )
    .called("webhook deliveries")
}
