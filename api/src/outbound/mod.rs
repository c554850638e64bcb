//! Webhooks, sent: the server looks for what is due, by the clock and whenever something was queued in this process, and
//! serves one organisation after the other, some side by side. Several servers may do so on one database.

mod call;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::task::{Id, JoinHandle, JoinSet};
use uuid::Uuid;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Database, Scope};
use crate::error::Result;
use crate::service::webhook::{Webhooks, due};
use call::Caller;

/// Organisations that are served at once.
const SIDE_BY_SIDE: usize = 8;
/// Messages of one organisation that are sent at once; then the others have their turn.
const EACH: u64 = 4;
/// What is on its way when the server stops has this long, beyond the receiver's time.
const FINISH: Duration = Duration::from_secs(3);

/// Sends what is due.
pub(crate) struct Outbound {
    database: Database,
    clock: Clock,
    webhooks: Arc<Webhooks>,
    caller: Caller,
    look: Option<Duration>,
    finish: Duration,
}

impl Outbound {
    /// From the settings and what they open.
    pub(crate) fn new(config: &Config, database: Database, clock: Clock) -> std::result::Result<Self, String> {
        let webhooks = Arc::new(Webhooks::new(&config.cursor_secret, &config.webhook_plain_hosts));
        let caller = Caller::new(Arc::clone(&webhooks), config.webhook_timeout)?;
        let finish = config.webhook_timeout + FINISH;
        Ok(Self { database, clock, webhooks, caller, look: config.webhook_look, finish })
    }

    /// Works until stopped; what is on its way then is finished.
    pub(crate) fn start(self, stop: watch::Receiver<bool>) -> JoinHandle<()> {
        tokio::spawn(async move {
            let finish = self.finish;
            let Some(every) = self.look else { return };
            let mut round =
                Round { outbound: Arc::new(self), tasks: JoinSet::new(), served: HashMap::new(), last: Uuid::nil() };
            round.run(every, stop).await;
            let rest = async { while round.tasks.join_next().await.is_some() {} };
            let _ = tokio::time::timeout(finish, rest).await;
        })
    }

    /// Sends some of what is due for one organisation; whether there was any.
    async fn serve(&self, organisation: Uuid) -> bool {
        let scope = Scope::operator(self.database.clone(), organisation, self.clock.clone());
        let messages = match due::claim(&scope, &self.webhooks, EACH).await {
            Ok(messages) => messages,
            Err(error) => {
                tracing::warn!(code = ?error.code, %organisation, "webhooks could not be claimed");
                return false;
            }
        };
        let sent = join_all(messages.iter().map(|message| self.send(&scope, message))).await;
        sent.into_iter().any(|sent| sent)
    }

    async fn send(&self, scope: &Scope, message: &due::Message) -> bool {
        let outcome = self.caller.call(message, scope.now()).await;
        let (organisation, webhook) = (scope.viewer().organisation, message.id);
        let settled: Result<_> = due::settle(scope, message, outcome).await;
        match &settled {
            Ok(state) => tracing::info!(%organisation, %webhook, ?outcome, ?state, "webhook"),
            Err(error) => tracing::warn!(code = ?error.code, %organisation, %webhook, "a webhook could not be noted"),
        }
        settled.is_ok()
    }
}

/// One look after the other, and who is served meanwhile.
struct Round {
    outbound: Arc<Outbound>,
    tasks: JoinSet<bool>,
    served: HashMap<Id, Uuid>,
    last: Uuid,
}

impl Round {
    async fn run(&mut self, every: Duration, mut stop: watch::Receiver<bool>) {
        loop {
            let look = tokio::select! {
                _ = stop.wait_for(|stops| *stops) => return,
                () = tokio::time::sleep(every) => true,
                () = self.outbound.database.roused() => true,
                Some(done) = self.tasks.join_next_with_id() => self.done(done),
            };
            if look && self.served.len() < SIDE_BY_SIDE {
                self.look().await;
            }
        }
    }

    /// Notes that an organisation is served no more; whether there may be more to do at once.
    fn done(&mut self, done: std::result::Result<(Id, bool), tokio::task::JoinError>) -> bool {
        let (id, worked) = match done {
            Ok(done) => done,
            Err(error) => (error.id(), false),
        };
        self.served.remove(&id);
        worked
    }

    /// Begins with the organisation after the one that was served last.
    async fn look(&mut self) {
        let due = match self.outbound.database.organisations_due(self.outbound.clock.now()).await {
            Ok(due) => due,
            Err(error) => return tracing::warn!(code = ?error.code, "the server could not look for webhooks"),
        };
        let (before, after): (Vec<Uuid>, Vec<Uuid>) = due.into_iter().partition(|id| *id <= self.last);
        for organisation in after.into_iter().chain(before) {
            if self.served.len() >= SIDE_BY_SIDE {
                break;
            }
            if self.served.values().any(|served| *served == organisation) {
                continue;
            }
            self.last = organisation;
            let outbound = Arc::clone(&self.outbound);
            let task = self.tasks.spawn(async move { outbound.serve(organisation).await });
            self.served.insert(task.id(), organisation);
        }
    }
}
