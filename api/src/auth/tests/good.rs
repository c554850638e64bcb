use super::*;

#[tokio::test]
async fn tokens_of_each_algorithm_are_good() {
    for signer in [Signer::ed(), Signer::ec(), Signer::rsa()] {
        let verifier = verifier(&[signer.jwk("k1")]);
        let said = verifier.verify(&signer.token("k1", &claims()), now()).await.unwrap();
        assert_eq!(said.subject, "worker-7");
        assert_eq!(said.organisation.to_string(), ORGANISATION);
        assert_eq!(said.role, "CASE_WORKER");
        assert_eq!((said.issued_at, said.expires_at), (after(-60), after(840)));
        assert_eq!(said.token_id.as_deref(), Some("token-1"));
        assert_eq!(format!("{said:?}"), "Claims { .. }");
    }
}

#[tokio::test]
async fn what_may_vary_may_vary() {
    let signer = Signer::ed();
    let verifier = verifier(&[signer.jwk("k1")]);
    let cases = [
        ("audience among others", with("aud", json!(["other", AUDIENCE]))),
        ("role as a string", with("roles", "CASE_WORKER")),
        ("no token id", without("jti")),
        ("claims we do not know", with("email_verified", json!({"a": [1, 2.5, null, true, "x"]}))),
        ("an hour", with("exp", NOW - 60 + 3600)),
        ("expired within the leeway", with("exp", NOW - 29)),
        ("issued ahead within the leeway", with("iat", NOW + 30)),
        ("good from now on, within the leeway", with("nbf", NOW + 30)),
        ("name in Burmese", with("sub", "\u{1019}\u{1019}")),
    ];
    for (what, claims) in cases {
        verifier.verify(&signer.token("k1", &claims), now()).await.expect(what);
    }
    for kind in ["AT+JWT", "application/at+jwt", "Application/AT+jwt"] {
        let header = json!({"alg": "EdDSA", "typ": kind, "kid": "k1", "x5t": "unused"}).to_string();
        verifier.verify(&signer.raw(&header, &claims().to_string()), now()).await.expect(kind);
    }
}

#[tokio::test]
async fn a_remembered_token_still_expires() {
    let signer = Signer::ed();
    let verifier = verifier(&[signer.jwk("k1")]);
    let token = signer.token("k1", &claims());
    let first = verifier.verify(&token, now()).await.unwrap();
    let second = verifier.verify(&token, after(869)).await.unwrap();
    assert!(Arc::ptr_eq(&first, &second), "the second use is answered from memory");
    refused(verifier.verify(&token, after(870)).await, Reason::Expired, "from memory");
    refused(verifier.verify(&token, after(870)).await, Reason::Expired, "from scratch");
    verifier.verify(&token, now()).await.unwrap();
    refused(verifier.verify(&token, after(-100)).await, Reason::Early, "clock put back");
}

#[tokio::test]
async fn a_remembered_token_can_be_revoked() {
    let signer = Signer::ed();
    let verifier = verifier(&[signer.jwk("k1")]);
    let token = signer.token("k1", &claims());
    let other = signer.token("k1", &with("jti", "token-2"));
    let said = verifier.verify(&token, now()).await.unwrap();
    verifier.clone().revoke(said.token_id.as_deref().unwrap(), said.expires_at);
    verifier.revoke("token-1", now());
    for _ in 0..2 {
        refused(verifier.verify(&token, now()).await, Reason::Revoked, "revoked");
    }
    refused(verifier.verify(&token, after(869)).await, Reason::Revoked, "in the leeway of expiry");
    verifier.verify(&other, now()).await.unwrap();
    verifier.revoke("token-2", DateTime::<Utc>::MAX_UTC);
    refused(verifier.verify(&other, now()).await, Reason::Revoked, "for good");
}

#[test]
fn a_full_list_of_revocations_refuses_rather_than_forgets() {
    let list = super::super::revoked::Revoked::bounded(TimeDelta::seconds(30), 2);
    list.add("a", after(60));
    list.add("b", after(600));
    list.check(None, now(), after(100)).unwrap();
    list.add("c", after(600)); // "a" is past by now and makes room.
    assert_eq!(list.check(Some("b"), now(), after(100)), Err(Reason::Revoked));
    assert_eq!(list.check(Some("c"), now(), after(100)), Err(Reason::Revoked));
    assert_eq!(list.check(Some("d"), now(), after(100)), Ok(()));
    list.add("e", after(600));
    for id in [Some("b"), Some("c"), Some("d"), None] {
        assert_eq!(list.check(id, now(), after(100)), Err(Reason::Revoked));
    }
    assert_eq!(list.check(Some("e"), after(131), after(131)), Err(Reason::Revoked));
    assert_eq!(list.check(Some("f"), after(131), after(131)), Ok(()), "issued after the overflow");
}

#[tokio::test]
async fn a_refused_token_is_not_remembered_as_good() {
    let signer = Signer::ed();
    let verifier = verifier(&[signer.jwk("k1")]);
    let token = signer.token("k1", &with("nbf", NOW + 100));
    refused(verifier.verify(&token, now()).await, Reason::Early, "first");
    refused(verifier.verify(&token, now()).await, Reason::Early, "second");
    verifier.verify(&token, after(100)).await.unwrap();
}

#[test]
fn lax_settings_are_refused() {
    use std::time::Duration;
    let keys = || KeySource::Set(set(&[Signer::ed().jwk("k1")]));
    let good = settings();
    let cases = [
        Settings { issuer: " ".into(), ..good.clone() },
        Settings { audience: String::new(), ..good.clone() },
        Settings { algorithms: vec![], ..good.clone() },
        Settings { max_lifetime: Duration::from_secs(3601), ..good.clone() },
        Settings { max_lifetime: Duration::ZERO, ..good.clone() },
        Settings { leeway: Duration::from_secs(61), ..good.clone() },
    ];
    for settings in cases {
        assert!(Verifier::new(settings, keys()).is_err());
    }
    assert!(Verifier::new(good.clone(), KeySource::Set(set(&[]))).is_err());
    for url in ["ftp://example.org/k", "file:///etc/passwd", "no", "https://a:b@example.org/"] {
        assert!(Verifier::new(good.clone(), KeySource::Url(url.into())).is_err(), "{url}");
    }
}
