//! Who asks, on what, at what time: the value every read and write starts from. It only narrows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, NaiveDate, Utc};
use entity::locale::Locale;
use uuid::Uuid;

use super::connect::Database;
use super::explain::Watch;
use super::showing::Shown;
use super::write::Write;
use super::{Once, Snapshot, Tx};
use crate::access::{Action, Viewer, Weakness, may};
use crate::clock::Clock;
use crate::error::{Code, Result};

/// A verified viewer, the database and the clock. Nothing reaches a row without one.
#[derive(Clone)]
pub struct Scope {
    pub(super) database: Database,
    viewer: Arc<Viewer>,
    clock: Clock,
    request: Arc<str>,
    missed: Arc<AtomicBool>,
    locale: Locale,
    pub(super) watch: Option<Watch>,
    pub(super) shown: Option<Arc<Shown>>,
}

/// What [`Scope::write`] starts.
pub enum Begun {
    /// The same request was done before: its record.
    Replay(Uuid),
    /// A transaction to work in.
    New(Box<Write>),
}

impl Scope {
    /// For a viewer that `Database::identify` has found.
    pub fn new(database: Database, viewer: Arc<Viewer>, clock: Clock, request: Arc<str>) -> Self {
        Self { database, viewer, clock, request, missed: Arc::default(), locale: Locale::En, watch: None, shown: None }
    }

    /// For someone who reads that language.
    #[must_use]
    pub fn speaking(self, locale: Locale) -> Self {
        Self { locale, ..self }
    }

    /// The language to answer in where none is said.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The operator of this machine, working for one organisation: imports and the demo. It belongs to no user, so
    /// what it makes was made by nobody.
    pub fn operator(database: Database, organisation: Uuid, clock: Clock) -> Self {
        let viewer = Viewer {
            user: Uuid::nil(),
            organisation,
            role: entity::user::RoleCode::Supervisor,
            team: None,
            time_zone: chrono_tz::UTC,
            epoch: 0,
            weakness: Weakness::None,
        };
        Self {
            database,
            viewer: Arc::new(viewer),
            clock,
            request: "operator".into(),
            missed: Arc::default(),
            locale: Locale::En,
            watch: None,
            shown: None,
        }
    }

    /// The server itself at work for the viewer's organisation.
    #[must_use]
    pub fn as_operator(&self) -> Self {
        Self::operator(self.database.clone(), self.viewer.organisation, self.clock.clone())
            .in_zone(self.viewer.time_zone)
    }

    /// Where days are counted as in that zone: the organisation's, for records whose days matter.
    #[must_use]
    pub fn in_zone(self, time_zone: chrono_tz::Tz) -> Self {
        let viewer = Viewer { time_zone, ..Viewer::clone(&self.viewer) };
        Self { viewer: Arc::new(viewer), ..self }
    }

    /// Who asks.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// The request's id, for the audit.
    pub fn request_id(&self) -> Arc<str> {
        Arc::clone(&self.request)
    }

    /// Notes that something asked for was not found: missing, foreign or out of reach.
    pub fn miss(&self) {
        self.missed.store(true, Ordering::Relaxed);
    }

    /// Whether something asked for was not found.
    pub fn has_missed(&self) -> bool {
        self.missed.load(Ordering::Relaxed)
    }

    /// The instant now.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Today where the organisation is.
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&self.viewer.time_zone).date_naive()
    }

    /// A fresh id.
    pub fn new_id(&self) -> Uuid {
        self.clock.new_id()
    }

    /// A fresh id and the instant of which it is made.
    pub fn stamp(&self) -> (Uuid, DateTime<Utc>) {
        self.clock.stamp()
    }

    /// Word of changes in the viewer's organisation, from now on.
    pub fn changes(&self) -> tokio::sync::watch::Receiver<()> {
        self.database.changes.of(self.viewer.organisation)
    }

    /// One read-only snapshot.
    pub async fn read(&self) -> Result<Snapshot> {
        Ok(Snapshot::begin(&self.database, self.viewer.organisation).await?.watched(self.watch.clone()))
    }

    /// Permission, transaction, idempotency and audit in one call. `record` is the id the act makes or changes. A
    /// refusal leaves an audit row of its own.
    pub async fn write(&self, action: Action, once: Option<Once>, record: Uuid) -> Result<Begun> {
        if let Some(shown) = &self.shown {
            shown.outdate();
        }
        let tx = Tx::begin(&self.database, self.viewer.organisation).await?;
        let write = Write::new(self.clone(), tx, action, record);
        if !may(self.viewer.role, action) {
            write.deny().await?;
            return Err(Code::RoleNotAllowed.into());
        }
        if let Some(once) = once
            && let Some(earlier) = write.claim(&once).await?
        {
            return Ok(Begun::Replay(earlier));
        }
        Ok(Begun::New(Box::new(write)))
    }

    /// Transaction and audit of an act of the operator, for a scope of [`Scope::operator`] alone: a user's scope is
    /// refused. One audit row stands for everything the write brings in.
    pub async fn operate(&self, action: Action) -> Result<Write> {
        self.operate_on(action, self.viewer.organisation).await
    }

    /// The same for an act on one record.
    pub async fn operate_on(&self, action: Action, record: Uuid) -> Result<Write> {
        if !self.viewer.user.is_nil() || !action.is_operators() {
            return Err(Code::RoleNotAllowed.into());
        }
        let tx = Tx::begin(&self.database, self.viewer.organisation).await?;
        Ok(Write::new(self.clone(), tx, action, record))
    }
}
