//! The issuer's keys: loaded from their source, refreshed within limits, kept for a while after they
//! leave it, refused altogether when the source has been out of reach for a day.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::JwkSet;
use reqwest::{Client, StatusCode, Url, redirect};
use tokio::io::AsyncReadExt;

use super::{
    Algorithm, AuthError, KeySource, Reason, discovery,
    keys::{self, Key},
    token::Rules,
};

/// The largest key set.
const MAX_SET: u64 = 256 * 1024;
/// How long an address may take to answer.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// At most one load, and one look at a file's times, in this while.
const EVERY: TimeDelta = TimeDelta::minutes(1);
/// An address is asked again after this while, though every key id is known.
const URL_FRESH: TimeDelta = TimeDelta::minutes(15);
/// Without a successful refresh for this long, no key is trusted.
const MAX_AGE: TimeDelta = TimeDelta::hours(24);
/// The most keys remembered, present and past.
const MAX_KNOWN: usize = 150;

/// The keys of one issuer.
pub(super) struct Keys {
    shared: Arc<Shared>,
}

struct Shared {
    origin: Origin,
    algorithms: Vec<Algorithm>,
    leeway: TimeDelta,
    /// How long a key that left the set may still verify what it signed before.
    keep: TimeDelta,
    state: RwLock<State>,
    /// Held by the one load in flight.
    flight: tokio::sync::Mutex<()>,
}

enum Origin {
    File(PathBuf),
    Url(Client, Url),
    /// The address of the discovery document, and the issuer it must be of.
    Discovery(Client, Url, String),
    Fixed,
}

#[derive(Clone, Default)]
struct State {
    known: HashMap<String, Arc<Known>>,
    /// When the source was last known to say what we hold.
    fresh_at: Option<DateTime<Utc>>,
    /// When a load was last begun.
    loaded_at: Option<DateTime<Utc>>,
    /// When the file's times were last looked at.
    looked_at: Option<DateTime<Utc>>,
    /// What the file looked like when it was read.
    stamp: Option<Stamp>,
}

/// A file's modification time and length.
type Stamp = (Option<SystemTime>, u64);

/// A key, and when it left the set.
#[derive(Clone)]
struct Known {
    key: Arc<Key>,
    retired_at: Option<DateTime<Utc>>,
}

impl Keys {
    /// Prepares a source. A file or a set must hold at least one usable key; an address is asked at first use.
    pub(super) fn new(source: KeySource, rules: &Rules) -> Result<Self, AuthError> {
        let (origin, set) = match source {
            KeySource::File(path) => {
                let set = keys::parse(&read_at_start(&path)?).map_err(AuthError::Keys)?;
                (Origin::File(path), Some(set))
            }
            KeySource::Url(url) => {
                let (client, url) = remote(&url)?;
                (Origin::Url(client, url), None)
            }
            KeySource::Discovery(url) => {
                let (client, url) = remote(&url)?;
                (Origin::Discovery(client, url, rules.issuer.clone()), None)
            }
            KeySource::Set(set) => (Origin::Fixed, Some(set)),
        };
        let mut state = State::default();
        if let Some(set) = set {
            let usable = keys::usable(&set, &rules.algorithms).map_err(AuthError::Keys)?;
            if usable.is_empty() {
                return Err(AuthError::Keys("no usable key"));
            }
            state.known = usable.into_iter().map(|(id, key)| (id, Arc::new(Known::present(key)))).collect();
        }
        let shared = Shared {
            origin,
            algorithms: rules.algorithms.clone(),
            leeway: rules.leeway,
            keep: rules.max_lifetime + rules.leeway,
            state: RwLock::new(state),
            flight: tokio::sync::Mutex::new(()),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The key of this id, after the refresh that is due, if one is.
    pub(super) async fn find(&self, id: &str, now: DateTime<Utc>) -> Result<Arc<Key>, Reason> {
        if matches!(self.shared.origin, Origin::Fixed) {
            return self
                .shared
                .read(|state| state.known.get(id).map(|it| Arc::clone(&it.key)))
                .ok_or(Reason::UnknownKey);
        }
        let missing = self.shared.read(|state| !state.known.contains_key(id) || !state.trusted(now));
        if missing {
            self.refresh(Why::Missing, now, true).await;
        } else if self.shared.due(now) {
            // A file is read at once; nobody waits for an address while the key is at hand.
            let wait = matches!(self.shared.origin, Origin::File(_));
            self.refresh(Why::Due, now, wait).await;
        }
        self.shared.read(|state| {
            if !state.trusted(now) {
                return Err(Reason::StaleKeys);
            }
            state.known.get(id).map(|it| Arc::clone(&it.key)).ok_or(Reason::UnknownKey)
        })
    }

    /// Whether a token of that key and issue time may still be believed.
    pub(super) fn allows(
        &self,
        id: &str,
        print: &[u8; 32],
        issued: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), Reason> {
        self.shared.read(|state| {
            if !matches!(self.shared.origin, Origin::Fixed) && !state.trusted(now) {
                return Err(Reason::StaleKeys);
            }
            let known = state.known.get(id).filter(|it| it.key.print == *print).ok_or(Reason::UnknownKey)?;
            let late = |left| now - left > self.shared.keep || issued - left > self.shared.leeway;
            if known.retired_at.is_some_and(late) { Err(Reason::RetiredKey) } else { Ok(()) }
        })
    }

    /// Whether keys are at hand, loading them first if that is due.
    pub(super) async fn ready(&self, now: DateTime<Utc>) -> bool {
        if matches!(self.shared.origin, Origin::Fixed) {
            return true;
        }
        let trusted = |state: &State| state.trusted(now) && state.known.values().any(|it| it.retired_at.is_none());
        if !self.shared.read(trusted) {
            self.refresh(Why::Missing, now, true).await;
        }
        self.shared.read(trusted)
    }

    /// Refreshes in a task of its own: a client that goes away must not take the refresh of this minute with it.
    async fn refresh(&self, why: Why, now: DateTime<Utc>, wait: bool) {
        if !self.shared.read(|state| elapsed(state.last(why), EVERY, now)) && self.shared.flight.try_lock().is_ok() {
            return; // Nothing in flight to wait for, and too early for another.
        }
        let shared = Arc::clone(&self.shared);
        let task = tokio::spawn(async move { shared.refresh(why, now).await });
        if wait && task.await.is_err() {
            tracing::error!(reason = "refresh_failed", "signing keys not refreshed");
        }
    }
}

/// Why a refresh is asked for.
#[derive(Clone, Copy, PartialEq)]
enum Why {
    /// The key is unknown or no longer trusted.
    Missing,
    /// It is time to look whether the source changed.
    Due,
}

impl State {
    fn trusted(&self, now: DateTime<Utc>) -> bool {
        self.fresh_at.is_some_and(|it| now - it <= MAX_AGE)
    }

    /// When this was last done.
    fn last(&self, why: Why) -> Option<DateTime<Utc>> {
        match why {
            Why::Missing => self.loaded_at,
            Why::Due => self.looked_at.max(self.loaded_at),
        }
    }

    /// Takes a new set over the old one. Keys that left are kept as retired, for `keep`.
    fn take(&mut self, usable: HashMap<String, Key>, keep: TimeDelta, now: DateTime<Utc>) {
        let mut next: HashMap<_, _> = usable.into_iter().map(|(id, key)| (id, Arc::new(Known::present(key)))).collect();
        for (id, old) in std::mem::take(&mut self.known) {
            let left = old.retired_at.unwrap_or(now);
            if now - left <= keep && next.len() < MAX_KNOWN {
                let known = Known { key: Arc::clone(&old.key), retired_at: Some(left) };
                next.entry(id).or_insert_with(|| Arc::new(known));
            }
        }
        self.known = next;
        self.fresh_at = Some(now);
    }
}

impl Known {
    fn present(key: Key) -> Self {
        Self { key: Arc::new(key), retired_at: None }
    }
}

impl Shared {
    fn read<T>(&self, f: impl FnOnce(&State) -> T) -> T {
        f(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether it is time to see if the source changed.
    fn due(&self, now: DateTime<Utc>) -> bool {
        self.read(|state| match self.origin {
            Origin::File(_) => elapsed(state.last(Why::Due), EVERY, now),
            Origin::Url(..) | Origin::Discovery(..) => {
                elapsed(state.fresh_at, URL_FRESH, now) && elapsed(state.loaded_at, EVERY, now)
            }
            Origin::Fixed => false,
        })
    }

    /// One refresh at a time; whoever waited finds it done.
    async fn refresh(&self, why: Why, now: DateTime<Utc>) {
        let _flight = self.flight.lock().await;
        if !self.read(|state| elapsed(state.last(why), EVERY, now)) {
            return;
        }
        if let Err(reason) = self.load(why, now).await {
            tracing::warn!(reason, "signing keys not refreshed");
        }
    }

    async fn load(&self, why: Why, now: DateTime<Utc>) -> Result<(), &'static str> {
        let (bytes, stamp) = match &self.origin {
            Origin::Fixed => return Ok(()),
            Origin::File(path) => {
                self.change(|state| state.looked_at = Some(now));
                let stamp = look(path).await?;
                let same = self.change(|state| {
                    let same = why == Why::Due && state.stamp == Some(stamp);
                    if same {
                        state.fresh_at = Some(now);
                    }
                    same
                });
                if same {
                    return Ok(());
                }
                self.change(|state| state.loaded_at = Some(now));
                (read(path).await?, Some(stamp))
            }
            Origin::Url(client, url) => {
                self.change(|state| state.loaded_at = Some(now));
                (fetch(client, url).await?, None)
            }
            Origin::Discovery(client, url, issuer) => {
                self.change(|state| state.loaded_at = Some(now));
                let keys = discovery::keys(&fetch(client, url).await?, issuer)?;
                (fetch(client, &keys).await?, None)
            }
        };
        let usable = keys::usable(&keys::parse(&bytes)?, &self.algorithms)?;
        self.change(|state| {
            state.take(usable, self.keep, now);
            state.stamp = stamp;
        });
        tracing::info!(reason = "refreshed", "signing keys refreshed");
        Ok(())
    }
}

/// Whether this long has passed since then. A clock that was put back counts as passed.
fn elapsed(since: Option<DateTime<Utc>>, while_: TimeDelta, now: DateTime<Utc>) -> bool {
    since.is_none_or(|it| (now - it).abs() >= while_)
}

/// An address to ask, with a client that follows nothing and waits for nothing.
fn remote(address: &str) -> Result<(Client, Url), AuthError> {
    let url = Url::parse(address).map_err(|_| AuthError::Keys("the address is not a URL"))?;
    if !matches!(url.scheme(), "https" | "http") || !url.username().is_empty() || url.password().is_some() {
        return Err(AuthError::Keys("the address must be https or http, without a password"));
    }
    if url.scheme() == "http" {
        tracing::warn!(reason = "keys_over_http", "signing keys are fetched without encryption");
    }
    let client = Client::builder()
        .timeout(FETCH_TIMEOUT)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .https_only(url.scheme() == "https")
        .build()
        .map_err(|_| AuthError::Keys("no HTTP client"))?;
    Ok((client, url))
}

async fn fetch(client: &Client, url: &Url) -> Result<Vec<u8>, &'static str> {
    let mut response = client.get(url.clone()).send().await.map_err(|_| "unreachable")?;
    if response.status() != StatusCode::OK {
        return Err("status");
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| "broken_off")? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > MAX_SET {
            return Err("too_large");
        }
    }
    Ok(bytes)
}

async fn look(path: &Path) -> Result<Stamp, &'static str> {
    let about = tokio::fs::metadata(path).await.map_err(|_| "file_missing")?;
    Ok((about.modified().ok(), about.len()))
}

async fn read(path: &Path) -> Result<Vec<u8>, &'static str> {
    let file = tokio::fs::File::open(path).await.map_err(|_| "file_missing")?;
    let mut bytes = Vec::new();
    file.take(MAX_SET + 1).read_to_end(&mut bytes).await.map_err(|_| "file_unreadable")?;
    if bytes.len() as u64 > MAX_SET { Err("too_large") } else { Ok(bytes) }
}

/// The file as it is when the server starts; a missing or oversized one stops it.
fn read_at_start(path: &Path) -> Result<Vec<u8>, AuthError> {
    use std::io::Read;
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(MAX_SET + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_SET { Err(AuthError::Keys("too large")) } else { Ok(bytes) }
}

/// The keys of a set, for [`super::DevKeys`] to publish.
pub(super) fn write(set: &JwkSet) -> Result<Vec<u8>, AuthError> {
    serde_json::to_vec_pretty(set).map_err(|_| AuthError::Keys("not writable"))
}
