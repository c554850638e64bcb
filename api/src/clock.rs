//! The only source of time and of fresh identifiers. Everything else is handed a [`Clock`], so a test can stop time.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use uuid::{NoContext, Timestamp, Uuid};

/// Wall time in production; a hand that a test moves otherwise. Instants carry milliseconds, the finest step both
/// databases and every client keep alike.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    Manual(Arc<AtomicI64>),
    Replayed(Arc<AtomicI64>, Arc<AtomicU64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that stands still at `start` until [`Clock::advance`] moves it.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Kind::Manual(Arc::new(AtomicI64::new(start.timestamp_millis()))))
    }

    /// A manual clock whose fresh ids are the same in every run: two servers that do the same make the same ids. Only
    /// for a database that no other such clock serves.
    pub fn replayed(start: DateTime<Utc>) -> Self {
        Self(Kind::Replayed(Arc::new(AtomicI64::new(start.timestamp_millis())), Arc::default()))
    }

    /// Moves a manual clock forward; the system clock ignores it.
    pub fn advance(&self, by: chrono::Duration) {
        if let Kind::Manual(millis) | Kind::Replayed(millis, _) = &self.0 {
            millis.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        }
    }

    /// The instant now, to the millisecond.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
            Kind::System => Utc::now().trunc_subsecs(3),
            Kind::Manual(millis) | Kind::Replayed(millis, _) => {
                DateTime::from_timestamp_millis(millis.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }

    /// A while that only grows: since the first call, or for a manual clock since 1970. For measuring, never for dates.
    pub fn elapsed(&self) -> Duration {
        static FIRST: OnceLock<Instant> = OnceLock::new();
        match &self.0 {
            Kind::System => FIRST.get_or_init(Instant::now).elapsed(),
            Kind::Manual(millis) | Kind::Replayed(millis, _) => {
                Duration::from_millis(u64::try_from(millis.load(Ordering::SeqCst)).unwrap_or_default())
            }
        }
    }

    /// Today in UTC. A caller that needs the organisation's own day converts [`Clock::now`].
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    /// A fresh UUIDv7 of this clock's time.
    pub fn new_id(&self) -> Uuid {
        self.stamp().0
    }

    /// A fresh UUIDv7 and the instant of which it is made.
    pub fn stamp(&self) -> (Uuid, DateTime<Utc>) {
        let now = self.now();
        (self.id_at(now), now)
    }

    fn id_at(&self, now: DateTime<Utc>) -> Uuid {
        if let Kind::Replayed(_, made) = &self.0 {
            let mut random = [0; 10];
            random[2..].copy_from_slice(&made.fetch_add(1, Ordering::SeqCst).to_be_bytes());
            let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
            return uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        }
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
    }
}
