//! One call to another system: to public addresses alone, as what they turn out to be when the call is made. Of the
//! answer its status is read and nothing else; of the address nothing is logged.

use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use entity::Code as _;
use entity::webhook_delivery::DeliveryError;
use entity::webhook_subscription::WebhookEvent;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, redirect};
use serde_json::json;

use crate::plan::GlobalId;
use crate::service::webhook::Webhooks;
use crate::service::webhook::due::{Message, Outcome};

/// Calls other systems.
pub(super) struct Caller {
    client: Client,
    webhooks: Arc<Webhooks>,
}

impl Caller {
    /// One that waits so long for an answer.
    pub(super) fn new(webhooks: Arc<Webhooks>, timeout: Duration) -> Result<Self, String> {
        let client = Client::builder()
            .timeout(timeout)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .pool_max_idle_per_host(0)
            .user_agent("lanpya")
            .dns_resolver(Public(Arc::clone(&webhooks)))
            .build()
            .map_err(|_| "The client of webhooks cannot be made.".to_owned())?;
        Ok(Self { client, webhooks })
    }

    /// Sends a message.
    pub(super) async fn call(&self, message: &Message, now: DateTime<Utc>) -> Outcome {
        // A name is looked up by the resolver below; an address that stands in the URL itself never gets there, and
        // the settings may have changed since it was told.
        let Ok(url) = self.webhooks.addresses.check(&message.url) else {
            return Outcome::Failed(DeliveryError::AddressRefused);
        };
        let (id, body) = (GlobalId::text("webhook_delivery", message.id), body(message));
        let signatures: Vec<String> =
            message.secrets.iter().map(|secret| secret.sign(&id, now.timestamp(), &body)).collect();
        let request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now.timestamp())
            .header("webhook-signature", signatures.join(" "));
        match request.body(body).send().await {
            Ok(response) => Outcome::Answered(response.status().as_u16()),
            Err(error) => Outcome::Failed(failed(&error)),
        }
    }
}

/// What is told: ids and codes. The rest is asked for, by whoever may read it.
fn body(message: &Message) -> String {
    let kind = match message.event {
        WebhookEvent::ReferralReceived => "referral.received",
        WebhookEvent::ReferralStatusChanged => "referral.status_changed",
    };
    json!({
        "id": GlobalId::text("webhook_delivery", message.id),
        "type": kind,
        "occurredAt": message.occurred_at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "data": { "referral": GlobalId::text("referral", message.referral), "status": message.status.code() },
    })
    .to_string()
}

fn failed(error: &reqwest::Error) -> DeliveryError {
    if error.is_timeout() {
        return DeliveryError::TimedOut;
    }
    let mut source = error.source();
    while let Some(inner) = source {
        if inner.is::<Refused>() {
            return DeliveryError::AddressRefused;
        }
        source = inner.source();
    }
    DeliveryError::NotReached
}

/// Looks names up, and leaves out what may not be called.
struct Public(Arc<Webhooks>);

/// A name means no address that may be called.
#[derive(Debug, thiserror::Error)]
#[error("no address that may be called")]
struct Refused;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        let webhooks = Arc::clone(&self.0);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|found| webhooks.addresses.allows(name.as_str(), found.ip())).collect();
            if allowed.is_empty() {
                return Err(Refused.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
