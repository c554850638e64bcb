//! From the text of a token to [`Claims`].

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use super::{
    AuthError, Claims, KeySource, Reason, Settings, TokenError,
    jwks::Keys,
    revoked::Revoked,
    token::{Parts, Rules, Times},
};

/// The most verified tokens remembered.
const MAX_REMEMBERED: u64 = 10_000;

/// Verifies tokens of one issuer. A clone shares everything.
#[derive(Clone)]
pub struct Verifier {
    inner: Arc<Inner>,
}

struct Inner {
    rules: Rules,
    keys: Keys,
    revoked: Revoked,
    good: Cache<[u8; 32], Arc<Good>>,
}

/// A token whose signature and claims were found good, with what must be checked again on every use.
struct Good {
    claims: Arc<Claims>,
    times: Times,
    key_id: String,
    key_print: [u8; 32],
}

impl Verifier {
    /// A verifier of these rules and keys. A key file or set without a usable key is an error here;
    /// an address is asked at first use, or by [`Verifier::ready`].
    pub fn new(settings: Settings, keys: KeySource) -> Result<Self, AuthError> {
        install_crypto();
        let rules = Rules::try_from(settings)?;
        let keys = Keys::new(keys, &rules)?;
        let revoked = Revoked::new(rules.leeway);
        // The lifetime in the cache only frees memory; whether a token still holds is asked on every use.
        let longest = (rules.max_lifetime + rules.leeway).to_std().unwrap_or(Duration::from_hours(1));
        let good = Cache::builder().max_capacity(MAX_REMEMBERED).time_to_live(longest).build();
        Ok(Self { inner: Arc::new(Inner { rules, keys, revoked, good }) })
    }

    /// What the token says, if it is good at `now`. A refusal looks the same whatever the reason: the
    /// caller answers 401 with one constant body.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Claims>, TokenError> {
        self.inner.verify(token, now).await.map_err(|reason| {
            tracing::info!(reason = reason.code(), "token refused");
            TokenError(reason)
        })
    }

    /// Refuses the token of this id from now on. `until` must not be before the token's expiry. The
    /// list is in memory: whoever keeps revocations puts them in again after a restart.
    pub fn revoke(&self, token_id: &str, until: DateTime<Utc>) {
        self.inner.revoked.add(token_id, until);
    }

    /// Whether the issuer's keys are at hand, loading them if need be: for start-up and readiness.
    pub async fn ready(&self, now: DateTime<Utc>) -> bool {
        self.inner.keys.ready(now).await
    }
}

impl Inner {
    async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Claims>, Reason> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(good) = self.good.get(&digest) {
            return match self.holds(&good, now) {
                Ok(()) => Ok(Arc::clone(&good.claims)),
                Err(reason) => {
                    self.good.invalidate(&digest);
                    Err(reason)
                }
            };
        }
        let good = Arc::new(Box::pin(self.first_time(token, now)).await?);
        self.holds(&good, now)?;
        self.good.insert(digest, Arc::clone(&good));
        Ok(Arc::clone(&good.claims))
    }

    /// Everything that does not change between two uses of a token.
    async fn first_time(&self, token: &str, now: DateTime<Utc>) -> Result<Good, Reason> {
        let parts = Parts::of(token, &self.rules.algorithms)?;
        let key = self.keys.find(&parts.key_id, now).await?;
        key.verify(&parts)?;
        let (claims, times) = parts.claims(&self.rules)?;
        Ok(Good { claims: Arc::new(claims), times, key_id: parts.key_id, key_print: key.print })
    }

    /// Everything that may change between two uses of a token.
    fn holds(&self, good: &Good, now: DateTime<Utc>) -> Result<(), Reason> {
        good.times.check(now, self.rules.leeway)?;
        self.keys.allows(&good.key_id, &good.key_print, good.times.issued_at, now)?;
        self.revoked.check(good.claims.token_id.as_deref(), good.times.issued_at, now)
    }
}

/// Chooses the cryptography before its first use: left to itself, `jsonwebtoken` panics when the
/// features of the whole build do not name exactly one.
pub(super) fn install_crypto() {
    // An error means that one is chosen already, and only this module chooses.
    let _already = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
}
