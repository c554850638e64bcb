//! Which keys of a JWKS may verify a token.

use std::collections::HashMap;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{
    DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Algorithm, Reason, strict, token::Parts};

/// The most keys in a set.
const MAX_KEYS: usize = 50;
/// Fields only a private or shared key has.
const PRIVATE_FIELDS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key and the one algorithm it verifies.
pub(super) struct Key {
    algorithm: Algorithm,
    verifies: DecodingKey,
    /// A digest of algorithm and key: says whether a key of the same id is still the same key.
    pub(super) print: [u8; 32],
}

impl Key {
    /// Checks the token's algorithm and signature.
    pub(super) fn verify(&self, token: &Parts<'_>) -> Result<(), Reason> {
        if token.algorithm != self.algorithm {
            return Err(Reason::Algorithm);
        }
        // Compares the family of key and algorithm once more.
        let good = jsonwebtoken::crypto::verify(
            token.signature,
            token.signed.as_bytes(),
            &self.verifies,
            self.algorithm.into(),
        );
        if matches!(good, Ok(true)) { Ok(()) } else { Err(Reason::Signature) }
    }

    /// The key of a JWK with this algorithm, if its parameters are good.
    fn of(jwk: &Jwk) -> Option<Self> {
        let bytes = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).ok();
        let (algorithm, material) = match &jwk.algorithm {
            AlgorithmParameters::OctetKeyPair(it) if it.curve == EllipticCurve::Ed25519 => {
                let x = bytes(&it.x).filter(|x| x.len() == 32)?;
                (Algorithm::EdDSA, x)
            }
            AlgorithmParameters::EllipticCurve(it) if it.curve == EllipticCurve::P256 => {
                let x = bytes(&it.x).filter(|x| x.len() == 32)?;
                let y = bytes(&it.y).filter(|y| y.len() == 32)?;
                (Algorithm::ES256, [x, y].concat())
            }
            AlgorithmParameters::RSA(it) => {
                let n = bytes(&it.n).filter(|n| (2048..=8192).contains(&bits(n)))?;
                let e = bytes(&it.e).filter(|e| good_exponent(e))?;
                (Algorithm::RS256, [n, e].concat())
            }
            _ => return None,
        };
        let mut print = Sha256::new();
        print.update([algorithm as u8]);
        print.update(&material);
        Some(Self { algorithm, verifies: DecodingKey::from_jwk(jwk).ok()?, print: print.finalize().into() })
    }
}

/// Reads a JWKS. Keys we cannot read, and keys that are not public, are left out.
pub(super) fn parse(bytes: &[u8]) -> Result<JwkSet, &'static str> {
    let mut set = strict::object(bytes).ok_or("not a JSON object without duplicates")?;
    let Some(Value::Array(keys)) = set.remove("keys") else {
        return Err("no array of keys");
    };
    if keys.len() > MAX_KEYS {
        return Err("too many keys");
    }
    let public = |key: &Value| !PRIVATE_FIELDS.iter().any(|field| key.get(field).is_some());
    let keys = keys.into_iter().filter(public).filter_map(|key| serde_json::from_value(key).ok());
    Ok(JwkSet { keys: keys.collect() })
}

/// The keys of a set that may verify tokens, by id.
pub(super) fn usable(set: &JwkSet, algorithms: &[Algorithm]) -> Result<HashMap<String, Key>, &'static str> {
    if set.keys.len() > MAX_KEYS {
        return Err("too many keys");
    }
    let mut keys = HashMap::new();
    for jwk in &set.keys {
        let Some(id) = jwk.common.key_id.as_ref().filter(|id| !id.is_empty()) else {
            continue;
        };
        let Some(key) = Key::of(jwk).filter(|key| meant(jwk, key.algorithm)) else {
            continue;
        };
        if algorithms.contains(&key.algorithm) && keys.insert(id.clone(), key).is_some() {
            return Err("two keys of one id");
        }
    }
    Ok(keys)
}

/// Whether the JWK's own words allow verifying signatures of this algorithm.
fn meant(jwk: &Jwk, algorithm: Algorithm) -> bool {
    let common = &jwk.common;
    let named = KeyAlgorithm::from(jsonwebtoken::Algorithm::from(algorithm));
    common.public_key_use.as_ref().is_none_or(|it| *it == PublicKeyUse::Signature)
        && common.key_operations.as_ref().is_none_or(|it| it.contains(&KeyOperations::Verify))
        && common.key_algorithm.is_none_or(|it| it == named)
}

/// The length of a big-endian number.
fn bits(number: &[u8]) -> u32 {
    let mut rest = number.iter().skip_while(|byte| **byte == 0);
    rest.next().map_or(0, |first| {
        let below = u32::try_from(rest.count()).unwrap_or(u32::MAX / 8 - 1);
        8 - first.leading_zeros() + below * 8
    })
}

/// Odd, and from 65537 to four bytes: a small exponent makes signatures easy to forge.
fn good_exponent(exponent: &[u8]) -> bool {
    (17..=32).contains(&bits(exponent)) && exponent.last().is_some_and(|byte| byte % 2 == 1)
}
