//! What a token says, read strictly: a claim that is absent or of another type than expected is refused.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Algorithm, AuthError, Claims, Reason, Settings, strict};

/// The longest token.
const MAX_TOKEN: usize = 4096;
/// The longest key id, subject, role and token id, in bytes.
const MAX_KEY_ID: usize = 200;
const MAX_SUBJECT: usize = 255;
const MAX_ROLE: usize = 64;
pub(super) const MAX_TOKEN_ID: usize = 200;
/// Seconds a date may be: from September 2001 to November 2286. A date in milliseconds is above.
const SANE_DATES: std::ops::Range<i64> = 1_000_000_000..10_000_000_000;
/// Header fields that choose or carry a key, or ask for processing we do not do.
const REFUSED_FIELDS: [&str; 9] = ["crit", "jku", "x5u", "jwk", "x5c", "b64", "zip", "enc", "cty"];

/// A token taken apart; nothing in it is believed yet.
pub(super) struct Parts<'a> {
    /// What the signature is over.
    pub(super) signed: &'a str,
    /// The signature, still encoded.
    pub(super) signature: &'a str,
    pub(super) algorithm: Algorithm,
    pub(super) key_id: String,
    payload: &'a str,
}

impl<'a> Parts<'a> {
    /// Takes a token apart and reads its header.
    pub(super) fn of(token: &'a str, algorithms: &[Algorithm]) -> Result<Self, Reason> {
        if token.len() > MAX_TOKEN {
            return Err(Reason::Size);
        }
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Reason::Shape);
        };
        if signature.is_empty() || decode(signature).is_none() || decode(payload).is_none() {
            return Err(Reason::Shape);
        }
        let signed = token.get(..header.len() + 1 + payload.len()).ok_or(Reason::Shape)?;
        let header = strict::object(&decode(header).ok_or(Reason::Shape)?).ok_or(Reason::Header)?;

        if REFUSED_FIELDS.iter().any(|field| header.contains_key(*field)) {
            return Err(Reason::HeaderField);
        }
        let kind = header.get("typ").and_then(Value::as_str).ok_or(Reason::Type)?;
        if !["at+jwt", "application/at+jwt"].iter().any(|it| kind.eq_ignore_ascii_case(it)) {
            return Err(Reason::Type);
        }
        let algorithm = header.get("alg").and_then(Value::as_str).and_then(Algorithm::from_name);
        let algorithm = algorithm.filter(|it| algorithms.contains(it)).ok_or(Reason::Algorithm)?;
        let key_id = plain(&header, "kid", MAX_KEY_ID).ok_or(Reason::KeyId)?;
        Ok(Self { signed, signature, algorithm, key_id, payload })
    }

    /// Reads the claims. To be called once the signature is known to be good.
    pub(super) fn claims(&self, rules: &Rules) -> Result<(Claims, Times), Reason> {
        let payload = decode(self.payload).ok_or(Reason::Shape)?;
        let claims = strict::object(&payload).ok_or(Reason::Payload)?;

        if claims.get("iss").and_then(Value::as_str) != Some(rules.issuer.as_str()) {
            return Err(Reason::Issuer);
        }
        if !names(claims.get("aud"), &rules.audience) {
            return Err(Reason::Audience);
        }
        let times = Times {
            expires_at: date(&claims, "exp").ok_or(Reason::ExpiresAt)?,
            issued_at: date(&claims, "iat").ok_or(Reason::IssuedAt)?,
            not_before: date(&claims, "nbf").ok_or(Reason::NotBefore)?,
        };
        let lifetime = times.expires_at - times.issued_at;
        if lifetime <= TimeDelta::zero() || lifetime > rules.max_lifetime || times.not_before >= times.expires_at {
            return Err(Reason::Lifetime);
        }
        let claims = Claims {
            subject: plain(&claims, "sub", MAX_SUBJECT).ok_or(Reason::Subject)?,
            organisation: organisation(&claims).ok_or(Reason::Organisation)?,
            role: role(&claims).ok_or(Reason::Role)?,
            issued_at: times.issued_at,
            expires_at: times.expires_at,
            token_id: match claims.get("jti") {
                None => None,
                Some(_) => Some(plain(&claims, "jti", MAX_TOKEN_ID).ok_or(Reason::TokenId)?),
            },
            sealed: (),
        };
        Ok((claims, times))
    }
}

/// [`Settings`], checked and in the types the comparisons need.
#[derive(Clone)]
pub(super) struct Rules {
    pub(super) issuer: String,
    audience: String,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) max_lifetime: TimeDelta,
    pub(super) leeway: TimeDelta,
}

impl TryFrom<Settings> for Rules {
    type Error = AuthError;

    fn try_from(settings: Settings) -> Result<Self, AuthError> {
        settings.check()?;
        let delta = |it| TimeDelta::from_std(it).map_err(|_| AuthError::Settings("a duration is out of range"));
        Ok(Self {
            max_lifetime: delta(settings.max_lifetime)?,
            leeway: delta(settings.leeway)?,
            issuer: settings.issuer,
            audience: settings.audience,
            algorithms: settings.algorithms,
        })
    }
}

/// The times of a token, compared on every use.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) issued_at: DateTime<Utc>,
    not_before: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl Times {
    /// Refuses a token outside its times.
    pub(super) fn check(&self, now: DateTime<Utc>, leeway: TimeDelta) -> Result<(), Reason> {
        if now >= self.expires_at + leeway {
            return Err(Reason::Expired);
        }
        if now + leeway < self.issued_at.max(self.not_before) {
            return Err(Reason::Early);
        }
        Ok(())
    }
}

/// Canonical base64url without padding; anything else is refused.
fn decode(part: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(part).ok()
}

/// A non-empty bounded string without control characters or white space at its ends.
fn plain(object: &Map<String, Value>, name: &str, longest: usize) -> Option<String> {
    let text = object.get(name)?.as_str()?;
    let fits = !text.is_empty() && text.len() <= longest && text.trim() == text;
    (fits && !text.contains(char::is_control)).then(|| text.to_owned())
}

/// Whole seconds since 1970 within a sane range.
fn date(claims: &Map<String, Value>, name: &str) -> Option<DateTime<Utc>> {
    let seconds = claims.get(name)?.as_i64().filter(|it| SANE_DATES.contains(it))?;
    DateTime::from_timestamp(seconds, 0)
}

/// Whether `aud`, a string or an array of strings, names us.
fn names(aud: Option<&Value>, us: &str) -> bool {
    match aud {
        Some(Value::String(one)) => one == us,
        Some(Value::Array(many)) => many.iter().all(Value::is_string) && many.iter().any(|it| it == us),
        _ => false,
    }
}

/// One UUID in its usual form, not the nil one.
fn organisation(claims: &Map<String, Value>) -> Option<Uuid> {
    let text = claims.get("org")?.as_str().filter(|it| it.len() == 36)?;
    Uuid::try_parse(text).ok().filter(|it| !it.is_nil() && !it.is_max())
}

/// The one role: a string, or an array of exactly one string. Among several nothing says which one counts.
fn role(claims: &Map<String, Value>) -> Option<String> {
    let role = match claims.get("roles")? {
        Value::String(one) => one,
        Value::Array(many) => match many.as_slice() {
            [Value::String(one)] => one,
            _ => return None,
        },
        _ => return None,
    };
    let fits = !role.is_empty() && role.len() <= MAX_ROLE;
    (fits && role.chars().all(|c| c.is_ascii_alphanumeric() || "_-.:".contains(c))).then(|| role.clone())
}
