//! Keys and tokens for development and tests. A deployment has an issuer of its own.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use aws_lc_rs::{
    rand::{SecureRandom, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    EncodingKey, Header,
    jwk::{
        AlgorithmParameters, CommonParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, OctetKeyPairParameters,
        OctetKeyPairType, PublicKeyUse, ThumbprintHash,
    },
};
use serde_json::json;
use uuid::Uuid;

use super::{AuthError, jwks, verify::install_crypto};

/// The private key's file.
const KEY_FILE: &str = "dev-key.pk8";
/// The public set's file.
const SET_FILE: &str = "jwks.json";

/// An Ed25519 key pair of our own, to issue development tokens with.
pub struct DevKeys {
    key: EncodingKey,
    key_id: String,
    set: JwkSet,
    set_path: PathBuf,
}

/// What a development token shall say.
#[derive(Clone)]
pub struct MintRequest {
    /// `iss`.
    pub issuer: String,
    /// `aud`.
    pub audience: String,
    /// `sub`.
    pub subject: String,
    /// `org`.
    pub organisation: Uuid,
    /// The one entry of `roles`.
    pub role: String,
    /// From `now` to `exp`.
    pub lifetime: Duration,
    /// `iat` and `nbf`.
    pub now: DateTime<Utc>,
}

impl DevKeys {
    /// The keys of a directory, made there if there are none. The private key is readable by its owner only.
    pub fn load_or_create(dir: &Path) -> Result<Self, AuthError> {
        install_crypto();
        fs::create_dir_all(dir)?;
        let path = dir.join(KEY_FILE);
        if !path.try_exists()? {
            create(dir, &path)?;
        }
        refuse_shared(&path)?;
        let private = fs::read(&path)?;
        let pair = Ed25519KeyPair::from_pkcs8(&private).map_err(|_| AuthError::Mint("not an Ed25519 key"))?;
        let jwk = public(pair.public_key().as_ref())?;
        let key_id = jwk.common.key_id.clone().unwrap_or_default();
        let set = JwkSet { keys: vec![jwk] };
        let set_path = dir.join(SET_FILE);
        publish(dir, &set_path, &jwks::write(&set)?)?;
        Ok(Self { key: EncodingKey::from_ed_der(&private), key_id, set, set_path })
    }

    /// The public set, for [`super::KeySource::Set`].
    pub fn jwks(&self) -> JwkSet {
        self.set.clone()
    }

    /// The public set's file, for [`super::KeySource::File`].
    pub fn jwks_path(&self) -> &Path {
        &self.set_path
    }

    /// A signed token with a fresh random id.
    pub fn mint(&self, request: &MintRequest) -> Result<String, AuthError> {
        let lifetime = TimeDelta::from_std(request.lifetime).map_err(|_| AuthError::Mint("lifetime"))?;
        let expires = request.now.checked_add_signed(lifetime).ok_or(AuthError::Mint("lifetime"))?;
        let mut header = Header::new(jsonwebtoken::Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(self.key_id.clone());
        let claims = json!({
            "iss": request.issuer,
            "aud": request.audience,
            "sub": request.subject,
            "org": request.organisation,
            "roles": [request.role],
            "iat": request.now.timestamp(),
            "nbf": request.now.timestamp(),
            "exp": expires.timestamp(),
            "jti": random_name()?,
        });
        jsonwebtoken::encode(&header, &claims, &self.key).map_err(|_| AuthError::Mint("signing failed"))
    }
}

/// The JWK of a public key, its id being its thumbprint (RFC 7638).
fn public(key: &[u8]) -> Result<Jwk, AuthError> {
    let mut jwk = Jwk {
        common: CommonParameters {
            public_key_use: Some(PublicKeyUse::Signature),
            key_algorithm: Some(KeyAlgorithm::EdDSA),
            ..CommonParameters::default()
        },
        algorithm: AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
            key_type: OctetKeyPairType::OctetKeyPair,
            curve: EllipticCurve::Ed25519,
            x: BASE64_URL_SAFE_NO_PAD.encode(key),
        }),
    };
    let print = jwk.thumbprint(ThumbprintHash::SHA256).map_err(|_| AuthError::Mint("thumbprint"))?;
    jwk.common.key_id = Some(print);
    Ok(jwk)
}

/// Makes the private key's file. It appears whole or not at all, and never replaces another.
fn create(dir: &Path, path: &Path) -> Result<(), AuthError> {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| AuthError::Mint("no randomness"))?;
    let draft = draft(dir, pkcs8.as_ref(), true)?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes the public set, whole.
fn publish(dir: &Path, path: &Path, set: &[u8]) -> Result<(), AuthError> {
    if fs::read(path).is_ok_and(|there| there == set) {
        return Ok(());
    }
    let draft = draft(dir, set, false)?;
    fs::rename(&draft, path)?;
    Ok(())
}

/// A new file of an unguessable name with this content, on disk.
fn draft(dir: &Path, content: &[u8], private: bool) -> Result<PathBuf, AuthError> {
    let path = dir.join(format!(".{}", random_name()?));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if private { 0o600 } else { 0o644 });
    let mut file = options.open(&path)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(path)
}

/// Refuses a private key that others may read.
fn refuse_shared(path: &Path) -> Result<(), AuthError> {
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path)?.permissions()) & 0o077 != 0 {
        return Err(AuthError::Mint("the private key's file is readable by others"));
    }
    Ok(())
}

fn random_name() -> Result<String, AuthError> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| AuthError::Mint("no randomness"))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}
