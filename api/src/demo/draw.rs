//! Chance with a fixed seed: the same demo every time, only its dates move with today.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use uuid::{Builder, Uuid};

/// The dice of one organisation.
pub(super) struct Draw {
    rng: StdRng,
    now: DateTime<Utc>,
}

impl Draw {
    pub(super) fn new(seed: u64, now: DateTime<Utc>) -> Self {
        Self { rng: StdRng::seed_from_u64(seed), now }
    }

    /// The last day that can be.
    pub(super) fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// True in so many of a hundred.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    /// A number from `low` to `high`.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        self.rng.random_range(low..=high.max(low))
    }

    /// How many, from `low` to `high`.
    pub(super) fn count(&mut self, low: usize, high: usize) -> usize {
        self.rng.random_range(low..=high.max(low))
    }

    /// One of the list; none of an empty one.
    pub(super) fn of<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        if list.is_empty() { None } else { list.get(self.rng.random_range(0..list.len())).copied() }
    }

    /// Some of the list, without repetition, in its order.
    pub(super) fn some<T: Copy>(&mut self, list: &[T], low: usize, high: usize) -> Vec<T> {
        let mut wanted = self.count(low, high).min(list.len());
        let mut taken = Vec::with_capacity(wanted);
        for (position, one) in list.iter().enumerate() {
            let left = list.len() - position;
            if wanted > 0 && self.rng.random_range(0..left) < wanted {
                taken.push(*one);
                wanted -= 1;
            }
        }
        taken
    }

    /// One of these by its share of a hundred, else the usual.
    pub(super) fn mostly<T: Copy>(&mut self, usual: T, others: &[(T, u32)]) -> T {
        let mut mark = self.rng.random_range(0..100);
        for (one, share) in others {
            if mark < *share {
                return *one;
            }
            mark -= share;
        }
        usual
    }

    /// A day between so many days ago.
    pub(super) fn days_ago(&mut self, least: u64, most: u64) -> NaiveDate {
        let days = self.rng.random_range(least..=most.max(least));
        self.today().checked_sub_days(Days::new(days)).unwrap_or(self.today())
    }

    /// A day so many days after another, today at the latest.
    pub(super) fn later(&mut self, day: NaiveDate, least: u64, most: u64) -> NaiveDate {
        let days = self.rng.random_range(least..=most.max(least));
        day.checked_add_days(Days::new(days)).unwrap_or(day).min(self.today())
    }

    /// An instant in the working hours of a day of the border, never ahead of now.
    pub(super) fn at(&mut self, day: NaiveDate) -> DateTime<Utc> {
        let second = self.rng.random_range(7_200..36_000);
        let instant = day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::seconds(second);
        instant.min(self.now)
    }

    /// A UUIDv7 of an instant.
    pub(super) fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &self.rng.random()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::Draw;

    #[test]
    fn the_same_seed_draws_the_same() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let run = |seed| {
            let mut draw = Draw::new(seed, now);
            (0..20).map(|_| draw.id(now)).collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }

    #[test]
    fn draws_stay_within_their_bounds() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut draw = Draw::new(7, now);
        for _ in 0..500 {
            let day = draw.days_ago(3, 9);
            assert!(draw.later(day, 1, 30) <= draw.today());
            assert!(draw.at(draw.today()) <= now);
            let some = draw.some(&[1, 2, 3, 4], 1, 3);
            assert!((1..=3).contains(&some.len()) && some.is_sorted());
            assert_ne!(draw.mostly('a', &[('b', 60), ('c', 40)]), 'a');
        }
        assert_eq!(draw.of::<u8>(&[]), None);
    }
}
