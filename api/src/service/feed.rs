//! What is new for a subscriber: ids of records within its reach, each once. Statements are the subscriber's own, with
//! its predicate, so that word of a record never goes further than the record.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use chrono::TimeDelta;
use entity::value::Scalar;
use entity::{Tenanted as _, referral, visit, visit_follow_up};
use sea_orm::EntityName as _;
use tokio::sync::watch;
use uuid::Uuid;

use crate::access::{Area, reading};
use crate::db::{Scope, Sql, Value};
use crate::error::{Code, Result};

/// How often somebody who has no word looks: other servers write too.
const LOOK: Duration = Duration::from_secs(2);
/// Rest after a look, so that a busy organisation does not make its subscribers look without end.
const REST: Duration = Duration::from_millis(100);
/// How far back a look goes: a transaction that began before another may end after it, within a request's time.
const OVERLAP: TimeDelta = TimeDelta::seconds(30);
/// Records that one look finds at most.
const MOST: usize = 2_000;

/// What somebody subscribes to.
#[derive(Clone, Copy, Debug)]
pub enum Topic {
    /// Referrals that arrive.
    ReferralReceived,
    /// Visits that are logged, perhaps at one centre.
    VisitRecorded(Option<Uuid>),
    /// Follow-ups that are due: those of today and before, then each as its day comes.
    FollowUpDue,
}

/// New records, one after another.
pub struct Feed {
    scope: Scope,
    topic: Topic,
    told: watch::Receiver<()>,
    seen: HashSet<Uuid>,
    found: VecDeque<Uuid>,
}

impl Topic {
    /// The part of the service that it is of.
    fn area(self) -> Area {
        match self {
            Self::ReferralReceived => Area::Referrals,
            Self::VisitRecorded(_) | Self::FollowUpDue => Area::Visits,
        }
    }
}

impl Feed {
    /// Begins now: what is there already is not new, but for what is due.
    pub async fn begin(scope: Scope, topic: Topic) -> Result<Self> {
        if reading(scope.viewer().role, topic.area()).is_none() {
            return Err(Code::RoleNotAllowed.into());
        }
        let told = scope.changes();
        let mut feed = Self { scope, topic, told, seen: HashSet::new(), found: VecDeque::new() };
        feed.look().await?;
        if !matches!(topic, Topic::FollowUpDue) {
            feed.found.clear();
        }
        Ok(feed)
    }

    /// The next new record. It waits for one, for a database that does not answer, and for points: each look `pays`.
    pub async fn next(&mut self, pays: impl Fn() -> bool) -> Uuid {
        loop {
            if let Some(id) = self.found.pop_front() {
                return id;
            }
            tokio::time::sleep(REST).await;
            // Word, or the time to look without: both end the wait, and so does the end of the server.
            let _ = tokio::time::timeout(LOOK, self.told.changed()).await;
            if !pays() {
                continue;
            }
            if let Err(error) = self.look().await {
                tracing::warn!(code = ?error.code, "a subscription could not look");
            }
        }
    }

    async fn look(&mut self) -> Result<()> {
        let snapshot = self.scope.read().await?;
        let mut sql = Sql::new(snapshot.dialect(), self.scope.viewer()).without_lists();
        self.write(&mut sql)?;
        let (text, values) = sql.finish();
        let rows = snapshot.rows(text, values).await?;
        snapshot.release();
        let mut within = HashSet::with_capacity(rows.len());
        for row in 0..rows.len() {
            let id = rows.cell(row, 0, Scalar::Uuid)?.uuid().ok_or(Code::Internal)?;
            if !self.seen.contains(&id) {
                self.found.push_back(id);
            }
            within.insert(id);
        }
        // What a look does not find any more, the next does not find either.
        self.seen = within;
        Ok(())
    }

    fn write(&self, sql: &mut Sql<'_>) -> Result<()> {
        let grant = reading(self.scope.viewer().role, self.topic.area()).ok_or(Code::RoleNotAllowed)?;
        sql.push("SELECT t1.\"id\"");
        let (table, owner) = match self.topic {
            Topic::ReferralReceived => (referral::Entity.table_name(), referral::Entity::OWNER),
            Topic::VisitRecorded(_) => (visit::Entity.table_name(), visit::Entity::OWNER),
            Topic::FollowUpDue => (visit_follow_up::Entity.table_name(), visit_follow_up::Entity::OWNER),
        };
        let alias = sql.source(table, &owner, grant.reach);
        let compare = |sql: &mut Sql<'_>, column: &str, operator: &str, value: Value| {
            sql.push(" AND ");
            sql.column(alias, column);
            sql.push(operator);
            sql.bind(value);
        };
        let since = Value::Timestamp(self.scope.now() - OVERLAP);
        match self.topic {
            Topic::ReferralReceived => {
                compare(sql, "direction", " = ", Value::Text("RECEIVED".to_owned()));
                compare(sql, "created_at", " >= ", since);
            }
            Topic::VisitRecorded(centre) => {
                if let Some(centre) = centre {
                    compare(sql, "centre_id", " = ", Value::Uuid(centre));
                }
                compare(sql, "created_at", " >= ", since);
            }
            Topic::FollowUpDue => {
                compare(sql, "needed_by", " <= ", Value::Date(self.scope.today()));
                sql.push(" AND ");
                sql.column(alias, "done_on");
                sql.push(" IS NULL");
            }
        }
        sql.push(&format!(" ORDER BY t{alias}.\"created_at\", t{alias}.\"id\" LIMIT {MOST}"));
        Ok(())
    }
}
