//! Budgets of cost points over time: one of each user, one of each organisation, and one that all who come without a
//! token share. A minute's points may be spent at once; they come back evenly.
//!
//! An operation costs the rows it may read, and one point at least. It is refused before it runs; what is refused for
//! its form costs a little too, since reading it was work.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use moka::sync::Cache;
use uuid::Uuid;

use crate::clock::Clock;
use crate::error::{Code, Error, Result};
use crate::schema::Purse;

/// Points that a refused document costs beyond its first.
pub(super) const REFUSED: u64 = 10;
/// Budgets remembered; one unused for two minutes is full again and need not be.
const KEPT: u64 = 100_000;
const UNUSED: Duration = Duration::from_mins(2);

/// Time as the budgets read it: it never runs backwards.
#[derive(Clone)]
struct Hand(Clock);

impl governor::clock::Clock for Hand {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A budget. No budget is no limit.
struct Bucket(Option<RateLimiter<NotKeyed, InMemoryState, Hand, NoOpMiddleware<Duration>>>);

impl Bucket {
    fn full(per_minute: u32, hand: &Hand) -> Self {
        let points = NonZeroU32::new(per_minute);
        Self(points.map(|points| RateLimiter::direct_with_clock(Quota::per_minute(points), hand.clone())))
    }

    fn charge(&self, points: NonZeroU32) -> Result<()> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        match limiter.check_n(points) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(early)) => {
                let wait = early.wait_time_from(limiter.clock().now());
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Err(Error::new(Code::RateLimited).after(u32::try_from(seconds.max(1)).unwrap_or(u32::MAX)))
            }
            Err(_) => {
                Err(Error::new(Code::LimitExceeded).saying("The operation costs more points than a minute allows."))
            }
        }
    }

    /// Takes so many points, or about as many as are left.
    fn drain(&self, points: NonZeroU32) {
        let Some(limiter) = &self.0 else { return };
        let mut part = Some(points);
        while let Some(wanted) = part {
            if matches!(limiter.check_n(wanted), Ok(Ok(()))) && wanted == points {
                return;
            }
            part = NonZeroU32::new(wanted.get() / 2);
        }
    }
}

/// What a request is paid from: the user's budget, then the organisation's.
pub struct Own(Vec<Arc<Bucket>>);

impl Purse for Own {
    fn charge(&self, points: u64) -> Result<()> {
        let Some(points) = some(points) else { return Ok(()) };
        self.0.iter().try_for_each(|bucket| bucket.charge(points))
    }

    fn drain(&self, points: u64) {
        if let Some(points) = some(points) {
            self.0.iter().for_each(|bucket| bucket.drain(points));
        }
    }
}

fn some(points: u64) -> Option<NonZeroU32> {
    NonZeroU32::new(u32::try_from(points).unwrap_or(u32::MAX))
}

/// All budgets.
pub struct Budgets {
    hand: Hand,
    per_user: u32,
    per_organisation: u32,
    users: Cache<(Uuid, Uuid), Arc<Bucket>>,
    organisations: Cache<Uuid, Arc<Bucket>>,
    nobody: Arc<Own>,
}

impl Budgets {
    /// With so many points a minute; 0 is no limit.
    pub fn new(per_user: u32, per_organisation: u32, clock: Clock) -> Self {
        let hand = Hand(clock);
        Self {
            per_user,
            per_organisation,
            users: Cache::builder().max_capacity(KEPT).time_to_idle(UNUSED).build(),
            organisations: Cache::builder().max_capacity(KEPT).time_to_idle(UNUSED).build(),
            nobody: Arc::new(Own(vec![Arc::new(Bucket::full(per_user, &hand))])),
            hand,
        }
    }

    /// What a user's requests are paid from.
    pub fn of(&self, organisation: Uuid, user: Uuid) -> Arc<Own> {
        let full = |per_minute| Arc::new(Bucket::full(per_minute, &self.hand));
        Arc::new(Own(vec![
            self.users.get_with((organisation, user), || full(self.per_user)),
            self.organisations.get_with(organisation, || full(self.per_organisation)),
        ]))
    }

    /// What requests without a token are paid from, all of them together.
    pub fn nobody(&self) -> Arc<Own> {
        Arc::clone(&self.nobody)
    }
}
