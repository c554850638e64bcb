//! Cursors: the place of a row in a list, sealed so that it can neither be read nor moved to another list, user or
//! organisation, and opened for a day. Sealing is deterministic: the same page has the same cursors.

use aes_gcm_siv::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::value::{Cell, Scalar};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::access::Viewer;
use crate::db::Value;
use crate::error::{Code, Error, Result};

const LIFETIME: TimeDelta = TimeDelta::days(1);
const NONCE: usize = 12;

/// The key that seals cursors.
#[derive(Clone)]
pub struct Seal(Aes256GcmSiv);

/// A place: the values of the sort keys and the id.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub keys: Vec<Option<Value>>,
    pub id: Uuid,
}

impl Seal {
    /// From any secret text.
    pub fn new(secret: &str) -> Self {
        let key = Sha256::new().chain_update(b"lanpya cursor\0").chain_update(secret.as_bytes()).finalize();
        let key: [u8; 32] = key.into();
        Self(Aes256GcmSiv::new(&key.into()))
    }

    /// Seals a place. `bond` is what the cursor belongs to.
    pub fn close(&self, bond: &[u8], now: DateTime<Utc>, keys: &[Cell<'_>], id: Uuid) -> Result<String> {
        let keys: Vec<serde_json::Value> = keys.iter().map(to_json).collect();
        let plain = serde_json::json!([now.timestamp(), id, keys]).to_string();
        let digest = Sha256::new().chain_update(bond).chain_update(plain.as_bytes()).finalize();
        let nonce: [u8; NONCE] = digest.first_chunk().copied().ok_or(Code::Internal)?;
        let payload = Payload { msg: plain.as_bytes(), aad: bond };
        let sealed = self.0.encrypt(&Nonce::from(nonce), payload).map_err(|_| Code::Internal)?;
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Opens a cursor that was sealed within a day with the same bond; `field` is named where it cannot be.
    pub fn open(
        &self,
        bond: &[u8],
        now: DateTime<Utc>,
        cursor: &str,
        scalars: &[Scalar],
        field: &str,
    ) -> Result<Place> {
        self.open_within(LIFETIME, bond, now, cursor, scalars, field)
    }

    /// The same of a cursor that was made so long ago at most.
    pub(super) fn open_within(
        &self,
        lifetime: TimeDelta,
        bond: &[u8],
        now: DateTime<Utc>,
        cursor: &str,
        scalars: &[Scalar],
        field: &str,
    ) -> Result<Place> {
        let place = self.read(lifetime, bond, now, cursor, scalars);
        place.ok_or_else(|| Error::new(Code::InvalidCursor).on(field))
    }

    fn read(
        &self,
        lifetime: TimeDelta,
        bond: &[u8],
        now: DateTime<Utc>,
        cursor: &str,
        scalars: &[Scalar],
    ) -> Option<Place> {
        if cursor.len() > 4_096 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let plain = self.0.decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: bond }).ok()?;
        let (made, id, keys): (i64, Uuid, Vec<serde_json::Value>) = serde_json::from_slice(&plain).ok()?;
        let age = now.timestamp().checked_sub(made)?;
        if !(0..=lifetime.num_seconds()).contains(&age) || keys.len() != scalars.len() {
            return None;
        }
        let read = |(key, scalar): (&serde_json::Value, &Scalar)| {
            if key.is_null() { Some(None) } else { from_json(key, *scalar).map(Some) }
        };
        let keys: Option<Vec<Option<Value>>> = keys.iter().zip(scalars).map(read).collect();
        Some(Place { keys: keys?, id })
    }
}

/// What a cursor is bound to: the viewer, and everything that decides which rows come in which order.
pub(super) fn bond(viewer: &Viewer, query: &str) -> Vec<u8> {
    if viewer.weakness.unbound_cursors() {
        return query.as_bytes().to_vec();
    }
    let digest = Sha256::new()
        .chain_update(viewer.organisation.as_bytes())
        .chain_update(viewer.user.as_bytes())
        .chain_update(viewer.epoch.to_be_bytes())
        .chain_update(query.as_bytes())
        .finalize();
    digest.to_vec()
}

fn to_json(cell: &Cell<'_>) -> serde_json::Value {
    match cell {
        Cell::Null | Cell::Bytes(_) => serde_json::Value::Null,
        Cell::Text(text) => text.as_ref().into(),
        Cell::Int(number) => (*number).into(),
        Cell::Float(number) => (*number).into(),
        Cell::Bool(truth) => (*truth).into(),
        Cell::Uuid(id) => id.to_string().into(),
        Cell::Date(day) => day.to_string().into(),
        Cell::Timestamp(instant) => instant.timestamp_micros().into(),
    }
}

fn from_json(value: &serde_json::Value, scalar: Scalar) -> Option<Value> {
    Some(match scalar {
        Scalar::Text => Value::Text(value.as_str()?.to_owned()),
        Scalar::Int => Value::Int(i32::try_from(value.as_i64()?).ok()?),
        Scalar::Float => Value::Float(value.as_f64()?),
        Scalar::Bool => Value::Bool(value.as_bool()?),
        Scalar::Uuid => Value::Uuid(value.as_str()?.parse().ok()?),
        Scalar::Date => Value::Date(value.as_str()?.parse().ok()?),
        Scalar::Timestamp => Value::Timestamp(DateTime::from_timestamp_micros(value.as_i64()?)?),
        Scalar::Bytes => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap()
    }

    #[test]
    fn sealed_and_bound() {
        let seal = Seal::new("secret");
        let keys = [Cell::Text("မူဆယ်".into()), Cell::Null];
        let id = Uuid::from_u128(7);
        let cursor = seal.close(b"list", now(), &keys, id).unwrap();
        assert_eq!(cursor, seal.close(b"list", now(), &keys, id).unwrap());
        let scalars = [Scalar::Text, Scalar::Date];
        let place = seal.open(b"list", now(), &cursor, &scalars, "after").unwrap();
        assert_eq!(place, Place { keys: vec![Some(Value::Text("မူဆယ်".into())), None], id });
        assert!(seal.open(b"other", now(), &cursor, &scalars, "after").is_err());
        assert!(Seal::new("x").open(b"list", now(), &cursor, &scalars, "after").is_err());
        assert!(seal.open(b"list", now() + chrono::Duration::hours(25), &cursor, &scalars, "after").is_err());
        assert!(seal.open(b"list", now(), &cursor, &scalars[..1], "after").is_err());
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let seal = Seal::new("secret");
        let cursor = seal.close(b"list", now(), &[], Uuid::from_u128(7)).unwrap();
        for position in 0..cursor.len() - 1 {
            let mut bytes = cursor.clone().into_bytes();
            bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(seal.open(b"list", now(), &changed, &[], "after").is_err(), "{position}");
        }
    }
}
