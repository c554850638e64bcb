use std::{fs, time::Duration};

use super::*;
use crate::auth::{AuthError, DevKeys, MintRequest};

fn request() -> MintRequest {
    MintRequest {
        issuer: ISSUER.into(),
        audience: AUDIENCE.into(),
        subject: "worker-7".into(),
        organisation: ORGANISATION.parse().unwrap(),
        role: "CASE_WORKER".into(),
        lifetime: Duration::from_mins(15),
        now: now(),
    }
}

#[tokio::test]
async fn minted_tokens_are_good_and_the_keys_last() {
    let temp = Temp::new();
    let dir = temp.path().join("dev");
    let keys = DevKeys::load_or_create(&dir).unwrap();
    let verifier = Verifier::new(Settings::new(ISSUER, AUDIENCE), KeySource::File(keys.jwks_path().into())).unwrap();
    let token = keys.mint(&request()).unwrap();
    let said = verifier.verify(&token, now()).await.unwrap();
    assert_eq!((said.subject.as_str(), said.role.as_str()), ("worker-7", "CASE_WORKER"));
    assert_eq!(said.expires_at, after(900));
    refused(verifier.verify(&token, after(930)).await, Reason::Expired, "later");

    let again = DevKeys::load_or_create(&dir).unwrap();
    assert_eq!(again.jwks(), keys.jwks());
    let second = again.mint(&request()).unwrap();
    let second = verifier.verify(&second, now()).await.unwrap();
    assert_ne!(second.token_id, said.token_id);
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 2, "no drafts are left");

    let long = MintRequest { lifetime: Duration::from_hours(2), ..request() };
    refused(verifier.verify(&keys.mint(&long).unwrap(), now()).await, Reason::Lifetime, "minted for too long");
    assert!(keys.mint(&MintRequest { lifetime: Duration::MAX, ..request() }).is_err());
}

#[test]
fn the_key_id_is_the_thumbprint_of_the_public_key() {
    use sha2::{Digest, Sha256};
    let temp = Temp::new();
    let keys = DevKeys::load_or_create(temp.path()).unwrap();
    let jwk = serde_json::to_value(&keys.jwks().keys[0]).unwrap();
    let text = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":{}}}"#, jwk["x"]);
    assert_eq!(jwk["kid"], b64(Sha256::digest(text)));
    assert!(jwk.get("d").is_none());
}

#[cfg(unix)]
#[test]
fn the_private_key_is_its_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let temp = Temp::new();
    DevKeys::load_or_create(temp.path()).unwrap();
    let file = temp.path().join("dev-key.pk8");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(DevKeys::load_or_create(temp.path()), Err(AuthError::Mint(_))));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&file, "not a key").unwrap();
    assert!(matches!(DevKeys::load_or_create(temp.path()), Err(AuthError::Mint(_))));
}
