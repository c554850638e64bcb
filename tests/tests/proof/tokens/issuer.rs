//! An issuer of the test's own: real keys of every kind the server can be told to trust, and tokens by them.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
    RSA_PKCS1_SHA256, RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// Base64url without padding.
pub fn b64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A key pair.
pub enum Key {
    Ed(Ed25519KeyPair),
    /// The same key twice: for signatures as two numbers, and as DER.
    Ec(EcdsaKeyPair, EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl Key {
    pub fn ed() -> Self {
        Self::Ed(Ed25519KeyPair::generate().unwrap())
    }

    pub fn ec() -> Self {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let read = |algorithm| EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref()).unwrap();
        Self::Ec(read(&ECDSA_P256_SHA256_FIXED_SIGNING), read(&ECDSA_P256_SHA256_ASN1_SIGNING))
    }

    pub fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed(_) => "EdDSA",
            Self::Ec(..) => "ES256",
            Self::Rsa(_) => "RS256",
        }
    }

    pub fn public(&self) -> Vec<u8> {
        match self {
            Self::Ed(pair) => pair.public_key().as_ref().to_vec(),
            Self::Ec(pair, _) => pair.public_key().as_ref().to_vec(),
            Self::Rsa(pair) => pair.public_key().as_der().unwrap().as_ref().to_vec(),
        }
    }

    pub fn jwk(&self, kid: &str) -> Value {
        let mut jwk = match self {
            Self::Ed(_) => json!({ "kty": "OKP", "crv": "Ed25519", "x": b64(self.public()) }),
            Self::Ec(..) => {
                let point = self.public();
                json!({ "kty": "EC", "crv": "P-256", "x": b64(&point[1..33]), "y": b64(&point[33..]) })
            }
            Self::Rsa(pair) => {
                let parts = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({ "kty": "RSA", "n": b64(parts.n), "e": b64(parts.e) })
            }
        };
        jwk["kid"] = kid.into();
        jwk["alg"] = self.algorithm().into();
        jwk["use"] = "sig".into();
        jwk
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Ec(pair, _) => pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Self::Rsa(_) => self.sign_rsa(&RSA_PKCS1_SHA256, message),
        }
    }

    /// An ECDSA signature as DER: right by the key, wrong by RFC 7518.
    pub fn sign_der(&self, message: &[u8]) -> Vec<u8> {
        let Self::Ec(_, pair) = self else { panic!("only of ECDSA") };
        pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
    }

    /// An RSA signature of any padding and hash.
    pub fn sign_rsa(&self, encoding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
        let Self::Rsa(pair) = self else { panic!("only of RSA") };
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(encoding, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    }

    /// A token of exactly these texts.
    pub fn raw(&self, header: &str, payload: &str) -> String {
        let message = format!("{}.{}", b64(header), b64(payload));
        format!("{message}.{}", b64(self.sign(message.as_bytes())))
    }

    pub fn token(&self, kid: &str, claims: &Value) -> String {
        let header = json!({ "alg": self.algorithm(), "typ": "at+jwt", "kid": kid });
        self.raw(&header.to_string(), &claims.to_string())
    }
}

/// A key of each kind, under the ids `ed`, `ec` and `rsa`.
pub struct Issuer {
    pub ed: Key,
    pub ec: Key,
    pub rsa: Key,
}

impl Issuer {
    pub fn new() -> Self {
        Self { ed: Key::ed(), ec: Key::ec(), rsa: Key::rsa() }
    }

    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.ed.jwk("ed"), self.ec.jwk("ec"), self.rsa.jwk("rsa")] })
    }
}
