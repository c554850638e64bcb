//! Bearer tokens: the only place where a token becomes something the server believes.
//!
//! A [`Verifier`] turns the text of a token into [`Claims`], or refuses it. It is the only user of
//! `jsonwebtoken`, which checks the signature; everything the token *says* is checked here, because
//! that crate skips a claim that is absent or of a wrong type. The rules, in the order they are applied:
//!
//! 1. `token`: at most 4 KB, three parts, plain base64url, JSON without duplicate names at any depth;
//!    a header of type `at+jwt` with a key id and without anything that names or carries a key.
//! 2. `jwks`: the key of that id, from the configured source only (or where the issuer's `discovery` document says); its
//!    algorithm is the token's.
//! 3. The signature.
//! 4. `token`: issuer, audience, times, subject, organisation, role, token id.
//! 5. `revoked`: the token id is not on the list.
//!
//! A verified token is remembered by the SHA-256 of its whole text; its times, its key and its
//! revocation are checked again on every use. A refused token is never remembered.
//!
//! Time comes from the caller: nothing here reads a clock.

mod discovery;
mod jwks;
mod keys;
mod mint;
mod revoked;
mod strict;
mod token;
mod verify;

#[cfg(test)]
mod tests;

use std::{fmt, path::PathBuf, time::Duration};

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use jsonwebtoken::jwk::JwkSet;

pub use crate::config::Algorithm;
pub use mint::{DevKeys, MintRequest};
pub use verify::Verifier;

/// The longest life a token may be configured to have.
pub const MAX_LIFETIME: Duration = Duration::from_hours(1);

/// What a verified token says. Only a [`Verifier`] can make one.
#[expect(clippy::manual_non_exhaustive, reason = "the attribute would let this whole crate make one")]
pub struct Claims {
    /// `sub`: who is asking.
    pub subject: String,
    /// `org`: the one organisation they ask for.
    pub organisation: Uuid,
    /// The one entry of `roles`.
    pub role: String,
    /// `iat`.
    pub issued_at: DateTime<Utc>,
    /// `exp`, without leeway.
    pub expires_at: DateTime<Utc>,
    /// `jti`, which [`Verifier::revoke`] takes.
    pub token_id: Option<String>,
    /// Not to be named outside this module, so that no literal of this type can be written there.
    sealed: (),
}

impl fmt::Debug for Claims {
    /// Says nothing: a claim must not reach a log by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let () = self.sealed;
        f.debug_struct("Claims").finish_non_exhaustive()
    }
}

impl Algorithm {
    /// The algorithm of a header's `alg`, spelt exactly.
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "EdDSA" => Some(Self::EdDSA),
            "ES256" => Some(Self::ES256),
            "RS256" => Some(Self::RS256),
            _ => None,
        }
    }
}

impl From<Algorithm> for jsonwebtoken::Algorithm {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::EdDSA => Self::EdDSA,
            Algorithm::ES256 => Self::ES256,
            Algorithm::RS256 => Self::RS256,
        }
    }
}

/// What a token must say to be accepted.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The one issuer, compared with `iss` exactly.
    pub issuer: String,
    /// The name of this service, to be found in `aud`.
    pub audience: String,
    /// The algorithms keys may have: one per issuer is best.
    pub algorithms: Vec<Algorithm>,
    /// The longest `exp - iat`; at most [`MAX_LIFETIME`].
    pub max_lifetime: Duration,
    /// How far the issuer's clock may be from ours; at most a minute.
    pub leeway: Duration,
}

impl Settings {
    /// The defaults: `EdDSA` only, at most 60 minutes, 30 seconds of leeway.
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audience: audience.into(),
            algorithms: vec![Algorithm::EdDSA],
            max_lifetime: MAX_LIFETIME,
            leeway: Duration::from_secs(30),
        }
    }

    /// Refuses settings that would weaken the rules.
    fn check(&self) -> Result<(), AuthError> {
        if self.issuer.trim().is_empty() {
            return Err(AuthError::Settings("the issuer is empty"));
        }
        if self.audience.trim().is_empty() {
            return Err(AuthError::Settings("the audience is empty"));
        }
        if self.algorithms.is_empty() {
            return Err(AuthError::Settings("no algorithm is allowed"));
        }
        if self.max_lifetime.as_secs() == 0 || self.max_lifetime > MAX_LIFETIME {
            return Err(AuthError::Settings("the lifetime of a token must be between 1 second and 60 minutes"));
        }
        if self.leeway > Duration::from_mins(1) {
            return Err(AuthError::Settings("the leeway must be at most 60 seconds"));
        }
        Ok(())
    }
}

/// Where the issuer's public keys come from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A JWKS file, read again when it changes.
    File(PathBuf),
    /// The https (or, inside a trusted network, http) address of a JWKS.
    Url(String),
    /// The address of the issuer's discovery document, which names that of its JWKS. The document must be of exactly the
    /// issuer in the settings.
    Discovery(String),
    /// Keys that never change.
    Set(JwkSet),
}

/// Why a [`Verifier`] or [`DevKeys`] could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// A setting is missing or too lax.
    #[error("token settings: {0}")]
    Settings(&'static str),
    /// The key set cannot be used.
    #[error("key set: {0}")]
    Keys(&'static str),
    /// A key file cannot be read or written.
    #[error("key file: {0}")]
    File(#[from] std::io::Error),
    /// A development token or key could not be made.
    #[error("development keys: {0}")]
    Mint(&'static str),
}

/// A refused token. It reads the same whatever the reason; the caller answers with one constant body.
#[derive(Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token was refused")]
pub struct TokenError(Reason);

impl TokenError {
    /// The reason's code, for logs and metrics; never for the client.
    pub fn code(self) -> &'static str {
        self.0.code()
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TokenError").field(&self.code()).finish()
    }
}

/// Writes the reasons and their codes once.
macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)+) => {
        /// Why a token was refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Reason { $($(#[$doc])* $name,)+ }

        impl Reason {
            /// The code logs may carry.
            const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }
    };
}

reasons! {
    /// Over 4 KB.
    Size = "size",
    /// Not three non-empty parts of plain base64url.
    Shape = "shape",
    /// The header is not a JSON object without duplicates.
    Header = "header",
    /// `typ` is not `at+jwt`.
    Type = "type",
    /// `alg` is unknown, not allowed, or not the key's.
    Algorithm = "algorithm",
    /// The header names or carries a key, or asks for processing we do not do.
    HeaderField = "header_field",
    /// `kid` is missing or malformed.
    KeyId = "key_id",
    /// No key of that id.
    UnknownKey = "unknown_key",
    /// The key had left the set before the token was issued.
    RetiredKey = "retired_key",
    /// The key set has not been refreshed for too long, or never was.
    StaleKeys = "stale_keys",
    /// The signature does not match.
    Signature = "signature",
    /// The payload is not a JSON object without duplicates.
    Payload = "payload",
    /// `iss` is not our issuer as one string.
    Issuer = "issuer",
    /// `aud` does not name us.
    Audience = "audience",
    /// `exp` is missing or not a sane integer.
    ExpiresAt = "exp",
    /// `iat` is missing or not a sane integer.
    IssuedAt = "iat",
    /// `nbf` is missing or not a sane integer.
    NotBefore = "nbf",
    /// `exp` is not after `iat` and `nbf`, or too far from `iat`.
    Lifetime = "lifetime",
    /// `exp` is past.
    Expired = "expired",
    /// `iat` or `nbf` is still to come.
    Early = "early",
    /// `sub` is missing or malformed.
    Subject = "subject",
    /// `org` is missing or not one UUID.
    Organisation = "organisation",
    /// `roles` is missing, malformed or not exactly one.
    Role = "role",
    /// `jti` is malformed.
    TokenId = "token_id",
    /// The token was revoked.
    Revoked = "revoked",
}
