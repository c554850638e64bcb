//! Revoked token ids, in memory and bounded.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Reason, token::MAX_TOKEN_ID};

/// The most ids kept.
const MAX_REVOKED: usize = 100_000;

/// The list. When it is full of live entries it fails closed: the ids are forgotten, but every token
/// issued until then is refused, so everyone signs in again.
pub(super) struct Revoked {
    list: Mutex<List>,
    leeway: TimeDelta,
    most: usize,
}

#[derive(Default)]
struct List {
    ids: HashMap<String, DateTime<Utc>>,
    /// The latest time a caller told us.
    seen: Option<DateTime<Utc>>,
    /// Tokens issued until then are refused.
    all_until: Option<DateTime<Utc>>,
    /// The list overflowed since the last check.
    overflowed: bool,
}

impl Revoked {
    pub(super) fn new(leeway: TimeDelta) -> Self {
        Self::bounded(leeway, MAX_REVOKED)
    }

    /// A list of at most `most` ids.
    pub(super) fn bounded(leeway: TimeDelta, most: usize) -> Self {
        Self { list: Mutex::default(), leeway, most }
    }

    /// Refuses the token of this id until that time, and the leeway after it.
    pub(super) fn add(&self, token_id: &str, until: DateTime<Utc>) {
        if token_id.is_empty() || token_id.len() > MAX_TOKEN_ID {
            return; // No token with such an id is ever accepted.
        }
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = list.ids.get_mut(token_id) {
            *kept = until.max(*kept);
            return;
        }
        if list.ids.len() >= self.most
            && let Some(seen) = list.seen
        {
            // Taken from the time, not added to the end, which a caller may set to the end of time.
            let late = seen - self.leeway;
            list.ids.retain(|_, until| *until > late);
        }
        if list.ids.len() >= self.most {
            list.ids.clear();
            list.overflowed = true;
            tracing::error!(reason = "revocation_list_full", "every token issued until now is refused");
        }
        list.ids.insert(token_id.to_owned(), until);
    }

    /// Refuses a revoked token.
    pub(super) fn check(
        &self,
        token_id: Option<&str>,
        issued_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), Reason> {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        list.seen = Some(now);
        if std::mem::take(&mut list.overflowed) {
            list.all_until = Some(list.all_until.map_or(now, |it| it.max(now)));
        }
        if list.all_until.is_some_and(|it| issued_at <= it + self.leeway) {
            return Err(Reason::Revoked);
        }
        let until = token_id.and_then(|it| list.ids.get(it));
        if until.is_some_and(|until| now - self.leeway < *until) {
            return Err(Reason::Revoked);
        }
        Ok(())
    }
}
