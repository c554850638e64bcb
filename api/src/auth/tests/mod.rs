mod bad;
mod discovery;
mod good;
mod mint;
mod rotation;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use aws_lc_rs::{
    encoding::AsDer,
    rand::{SecureRandom, SystemRandom},
    rsa::{KeySize, PublicKeyComponents},
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
        RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Value, json};

use super::{Algorithm, Claims, KeySource, Reason, Settings, TokenError, Verifier};

const ISSUER: &str = "https://id.example.org/realms/lanpya";
const AUDIENCE: &str = "lanpya";
const ORGANISATION: &str = "018f3c1a-7b2e-7c4d-9a5b-1f2e3d4c5b6a";
const NOW: i64 = 1_790_000_000;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).unwrap()
}

fn after(seconds: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(seconds)
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// An issuer's key of any kind we accept.
enum Signer {
    Ed(Ed25519KeyPair),
    Ec(Vec<u8>),
    Rsa(Box<RsaKeyPair>),
}

impl Signer {
    fn ed() -> Self {
        Self::Ed(Ed25519KeyPair::generate().unwrap())
    }

    fn ec() -> Self {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        Self::Ec(pkcs8.as_ref().to_vec())
    }

    fn rsa() -> Self {
        Self::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()))
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed(_) => "EdDSA",
            Self::Ec(_) => "ES256",
            Self::Rsa(_) => "RS256",
        }
    }

    fn public(&self) -> Vec<u8> {
        match self {
            Self::Ed(pair) => pair.public_key().as_ref().to_vec(),
            Self::Ec(pkcs8) => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).unwrap();
                pair.public_key().as_ref().to_vec()
            }
            Self::Rsa(pair) => pair.public_key().as_der().unwrap().as_ref().to_vec(),
        }
    }

    fn jwk(&self, kid: &str) -> Value {
        let public = self.public();
        let mut jwk = match self {
            Self::Ed(_) => json!({"kty": "OKP", "crv": "Ed25519", "x": b64(public)}),
            Self::Ec(_) => {
                json!({"kty": "EC", "crv": "P-256", "x": b64(&public[1..33]), "y": b64(&public[33..])})
            }
            Self::Rsa(pair) => {
                let parts = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({"kty": "RSA", "n": b64(parts.n), "e": b64(parts.e)})
            }
        };
        jwk["kid"] = kid.into();
        jwk["use"] = "sig".into();
        jwk["alg"] = self.algorithm().into();
        jwk
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Ec(pkcs8) => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).unwrap();
                pair.sign(&random, message).unwrap().as_ref().to_vec()
            }
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }

    /// The signature as a DER sequence: what ES256 is not.
    fn sign_der(&self, message: &[u8]) -> Vec<u8> {
        let Self::Ec(pkcs8) = self else {
            return Vec::new();
        };
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8).unwrap();
        pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
    }

    /// A token of exactly these texts.
    fn raw(&self, header: &str, payload: &str) -> String {
        let message = format!("{}.{}", b64(header), b64(payload));
        let signature = self.sign(message.as_bytes());
        format!("{message}.{}", b64(signature))
    }

    fn header(&self, kid: &str) -> Value {
        json!({"alg": self.algorithm(), "typ": "at+jwt", "kid": kid})
    }

    fn token(&self, kid: &str, claims: &Value) -> String {
        self.raw(&self.header(kid).to_string(), &claims.to_string())
    }
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "worker-7", "org": ORGANISATION, "roles": ["CASE_WORKER"],
        "iat": NOW - 60, "nbf": NOW - 60, "exp": NOW + 840, "jti": "token-1",
    })
}

/// The good claims with one of them changed.
fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut claims = claims();
    claims[name] = value.into();
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn settings() -> Settings {
    let algorithms = vec![Algorithm::EdDSA, Algorithm::ES256, Algorithm::RS256];
    Settings { algorithms, ..Settings::new(ISSUER, AUDIENCE) }
}

fn set(keys: &[Value]) -> JwkSet {
    serde_json::from_value(json!({"keys": keys})).unwrap()
}

fn verifier(keys: &[Value]) -> Verifier {
    Verifier::new(settings(), KeySource::Set(set(keys))).unwrap()
}

fn refused(answer: Result<Arc<Claims>, TokenError>, reason: Reason, what: &str) {
    let error = answer.expect_err(what);
    assert_eq!(error.code(), reason.code(), "{what}");
    assert_eq!(error.to_string(), "the token was refused", "{what}");
}

/// A directory of one test, gone with it.
struct Temp(PathBuf);

impl Temp {
    fn new() -> Self {
        let mut bytes = [0; 12];
        SystemRandom::new().fill(&mut bytes).unwrap();
        let path = std::env::temp_dir().join(format!("lanpya-auth-{}", b64(bytes)));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}
