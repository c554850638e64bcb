//! What a client is told without asking. An event is a record's id; what the client selects is read through a plan, as the
//! subscriber, when it is told.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;

use async_graphql::registry::{MetaType, Registry};
use async_graphql::{Context, ID, Response, Subscription, SubscriptionType};
use futures_util::stream::{Stream, unfold};

use super::day::Days;
use super::record::{Ask, Named, Record, served};
use super::referral::Referral;
use super::visit::Visit;
use super::visit_work::VisitFollowUp;
use super::writes::optional_id;
use crate::service::feed::{Feed, Topic};

const ABOUT: &str = "What you are told as it happens, over a WebSocket at `/graphql` (protocol `graphql-transport-ws`, as npm \
                     `graphql-ws` speaks it; `Authorization` in the first message). One root field an operation. The \
                     connection ends with its token.";

/// The fields of the root.
#[derive(Default)]
pub struct Events;

/// The root: the same with a description, which the engine's macro has no place for.
#[derive(Default)]
pub struct SubscriptionRoot(Events);

impl SubscriptionType for SubscriptionRoot {
    fn type_name() -> Cow<'static, str> {
        Events::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = Events::create_type_info(registry);
        if let Some(MetaType::Object { description, .. }) = registry.types.get_mut(Events::type_name().as_ref()) {
            *description = Some(ABOUT.to_owned());
        }
        name
    }

    fn create_field_stream<'a>(
        &'a self,
        ctx: &'a Context<'_>,
    ) -> Option<Pin<Box<dyn Stream<Item = Response> + Send + 'a>>> {
        self.0.create_field_stream(ctx)
    }
}

#[Subscription(name = "Subscription")]
impl Events {
    /// Each referral that arrives, as far as you may read it.
    async fn referral_received(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<impl Stream<Item = Record<Referral>> + use<>> {
        events(ctx, Topic::ReferralReceived).await
    }

    /// Each visit that is logged, as far as you may read it.
    async fn visit_recorded(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only visits at this centre.")] centre: Option<ID>,
    ) -> async_graphql::Result<impl Stream<Item = Record<Visit>> + use<>> {
        let centre = optional_id(centre.as_ref(), "centre", "centre").map_err(|error| carried(ctx, error))?;
        events(ctx, Topic::VisitRecorded(centre)).await
    }

    /// Each follow-up that is due and not done, as far as you may read it: those due already, then each as its day comes
    /// where the organisation is.
    async fn follow_up_due(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<impl Stream<Item = Record<VisitFollowUp>> + use<>> {
        events(ctx, Topic::FollowUpDue).await
    }
}

async fn events<N: Named + 'static>(
    ctx: &Context<'_>,
    topic: Topic,
) -> async_graphql::Result<impl Stream<Item = Record<N>> + use<N>> {
    let Ask { scope, purse, .. } = ctx.data::<Ask>()?;
    let feed = Feed::begin(scope.clone(), topic).await.map_err(|error| carried(ctx, error))?;
    let (days, own) = (ctx.data::<Days>()?.clone(), (scope.clone(), Arc::clone(purse)));
    Ok(unfold((feed, days, own), async |(mut feed, days, (scope, purse))| {
        loop {
            let id = feed.next(|| purse.charge(1).is_ok()).await;
            // What ended with a day that passed meanwhile is not told as it was.
            if days.begin(&scope).await.is_ok() {
                return Some((Record::new(id), (feed, days, (scope, purse))));
            }
        }
    }))
}

fn carried(ctx: &Context<'_>, error: crate::error::Error) -> async_graphql::Error {
    let error = served(error, ctx.item.pos);
    async_graphql::Error { message: error.message, source: error.source, extensions: error.extensions }
}
