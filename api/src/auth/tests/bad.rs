use super::*;

type Case = (&'static str, String, Reason);

/// Tokens by a good key whose claims are wrong.
fn bad_claims(signer: &Signer) -> Vec<Case> {
    let mut cases = vec![];
    let mut case = |what, claims: Value, reason| cases.push((what, signer.token("k1", &claims), reason));

    case("no issuer", without("iss"), Reason::Issuer);
    case("issuer null", with("iss", Value::Null), Reason::Issuer);
    case("issuer a number", with("iss", 1), Reason::Issuer);
    case("issuer in an array", with("iss", json!([ISSUER])), Reason::Issuer);
    case("issuer an object", with("iss", json!({"iss": ISSUER})), Reason::Issuer);
    case("another issuer", with("iss", "https://id.example.com"), Reason::Issuer);
    case("issuer with a slash more", with("iss", format!("{ISSUER}/")), Reason::Issuer);
    case("issuer in capitals", with("iss", ISSUER.to_uppercase()), Reason::Issuer);
    case("issuer with white space", with("iss", format!("{ISSUER} ")), Reason::Issuer);

    case("no audience", without("aud"), Reason::Audience);
    case("audience null", with("aud", Value::Null), Reason::Audience);
    case("audience a number", with("aud", 5), Reason::Audience);
    case("another audience", with("aud", "lanpya2"), Reason::Audience);
    case("audience empty", with("aud", ""), Reason::Audience);
    case("no audience in the array", with("aud", json!([])), Reason::Audience);
    case("other audiences", with("aud", json!(["a", "b"])), Reason::Audience);
    case("audience among numbers", with("aud", json!([AUDIENCE, 1])), Reason::Audience);
    case("audience nested", with("aud", json!([[AUDIENCE]])), Reason::Audience);
    case("audience an object", with("aud", json!({AUDIENCE: AUDIENCE})), Reason::Audience);

    for (name, reason) in [("exp", Reason::ExpiresAt), ("iat", Reason::IssuedAt), ("nbf", Reason::NotBefore)] {
        case("no date", without(name), reason);
        case("date null", with(name, Value::Null), reason);
        case("date a string", with(name, NOW.to_string()), reason);
        case("date with a fraction", with(name, 1_790_000_000.5), reason);
        case("date as a float", with(name, 1_790_000_000.0), reason);
        case("date negative", with(name, -1), reason);
        case("date zero", with(name, 0), reason);
        case("date in milliseconds", with(name, NOW * 1000), reason);
        case("date beyond i64", with(name, u64::MAX), reason);
        case("date an array", with(name, json!([NOW])), reason);
        case("date an object", with(name, json!({"$numberLong": "1790000000"})), reason);
        case("date a boolean", with(name, true), reason);
    }
    case("a second too long-lived", with("exp", NOW - 60 + 3601), Reason::Lifetime);
    case("lives a year", with("exp", NOW + 31_536_000), Reason::Lifetime);
    case("backdated to live longer", with("iat", NOW - 4000), Reason::Lifetime);
    case("ends as it begins", with("iat", NOW + 840), Reason::Lifetime);
    case("ends before it begins", with("iat", NOW + 900), Reason::Lifetime);
    case("never good", with("nbf", NOW + 840), Reason::Lifetime);
    case("expired", with("exp", NOW - 31), Reason::Expired);
    case("expired at the leeway's end", with("exp", NOW - 30), Reason::Expired);
    case("not yet good", with("nbf", NOW + 31), Reason::Early);
    case("issued in the future", with("iat", NOW + 31), Reason::Early);

    case("no subject", without("sub"), Reason::Subject);
    case("subject null", with("sub", Value::Null), Reason::Subject);
    case("subject empty", with("sub", ""), Reason::Subject);
    case("subject blank", with("sub", " "), Reason::Subject);
    case("subject a number", with("sub", 7), Reason::Subject);
    case("subject an array", with("sub", json!(["worker-7"])), Reason::Subject);
    case("subject with a line break", with("sub", "worker\n7"), Reason::Subject);
    case("subject with a NUL", with("sub", "worker-7\0"), Reason::Subject);
    case("subject too long", with("sub", "x".repeat(256)), Reason::Subject);

    case("no organisation", without("org"), Reason::Organisation);
    case("organisation null", with("org", Value::Null), Reason::Organisation);
    case("organisation not a UUID", with("org", "abc"), Reason::Organisation);
    case("organisation empty", with("org", ""), Reason::Organisation);
    case("organisation a number", with("org", 1), Reason::Organisation);
    case("two organisations", with("org", json!([ORGANISATION, ORGANISATION])), Reason::Organisation);
    case("organisation in an array", with("org", json!([ORGANISATION])), Reason::Organisation);
    case("organisation nil", with("org", "00000000-0000-0000-0000-000000000000"), Reason::Organisation);
    case("organisation in braces", with("org", format!("{{{ORGANISATION}}}")), Reason::Organisation);
    case("organisation without hyphens", with("org", ORGANISATION.replace('-', "")), Reason::Organisation);
    case("organisation as a URN", with("org", format!("urn:uuid:{ORGANISATION}")), Reason::Organisation);

    case("no role", without("roles"), Reason::Role);
    case("role null", with("roles", Value::Null), Reason::Role);
    case("roles empty", with("roles", json!([])), Reason::Role);
    case("role empty", with("roles", ""), Reason::Role);
    case("role in the array empty", with("roles", json!([""])), Reason::Role);
    case("role a number", with("roles", 3), Reason::Role);
    case("role in the array a number", with("roles", json!([3])), Reason::Role);
    case("roles an object", with("roles", json!({"CASE_WORKER": true})), Reason::Role);
    case("two roles", with("roles", json!(["CASE_WORKER", "ADMIN"])), Reason::Role);
    case("roles in one string", with("roles", "CASE_WORKER ADMIN"), Reason::Role);
    case("role beyond ASCII", with("roles", "АDMIN"), Reason::Role);
    case("role too long", with("roles", "x".repeat(65)), Reason::Role);

    case("token id null", with("jti", Value::Null), Reason::TokenId);
    case("token id a number", with("jti", 1), Reason::TokenId);
    case("token id empty", with("jti", ""), Reason::TokenId);
    case("token id too long", with("jti", "x".repeat(201)), Reason::TokenId);
    case("token id revoked", with("jti", "revoked"), Reason::Revoked);
    case("too large", with("extra", "x".repeat(4096)), Reason::Size);
    cases
}

/// Tokens whose payload is not the one JSON object it should be.
fn bad_payloads(signer: &Signer) -> Vec<Case> {
    let header = signer.header("k1").to_string();
    let good = claims().to_string();
    let open = good.strip_suffix('}').unwrap();
    let mut cases = vec![];
    let mut case = |what, payload: &str| cases.push((what, signer.raw(&header, payload), Reason::Payload));
    for name in ["iss", "aud", "sub", "org", "roles", "exp", "iat", "nbf", "jti"] {
        // The same value twice: nothing but the duplicate can be the reason.
        case("a known claim twice", &format!("{open},\"{name}\":{}}}", claims()[name]));
    }
    case("a name twice, once escaped", &format!("{open},\"\\u0073ub\":\"worker-7\"}}"));
    case("an unknown claim twice", &format!("{open},\"x\":1,\"x\":1}}"));
    case("a duplicate inside a claim", &format!("{open},\"x\":[{{\"y\":1,\"y\":1}}]}}"));
    case("something after the object", &format!("{good}{good}"));
    case("a NUL after the object", &format!("{good}\0"));
    case("a byte order mark", &format!("\u{feff}{good}"));
    case("an array", &format!("[{good}]"));
    case("a string", "\"x\"");
    case("null", "null");
    case("cut off", open);
    case("a trailing comma", &format!("{open},}}"));
    case("a comment", &format!("{good}//"));
    case("a number too large", &format!("{open},\"x\":1e999}}"));
    case("deep nesting", &format!("{open},\"x\":{}{}}}", "[".repeat(300), "]".repeat(300)));
    let message = format!("{}.{}", b64(&header), b64([good.as_bytes(), b"\xff"].concat()));
    let token = format!("{message}.{}", b64(signer.sign(message.as_bytes())));
    cases.push(("not UTF-8", token, Reason::Payload));
    let empty = format!("{}.", b64(&header));
    let token = format!("{empty}.{}", b64(signer.sign(empty.as_bytes())));
    cases.push(("an empty payload", token, Reason::Payload));
    cases
}

/// Tokens whose header is wrong.
fn bad_headers(signer: &Signer, others: &[(&Signer, &str)]) -> Vec<Case> {
    let payload = claims().to_string();
    let mut cases = vec![];
    let mut case = |what, header: &str, reason| cases.push((what, signer.raw(header, &payload), reason));
    let set = |name: &str, value: Value| {
        let mut header = signer.header("k1");
        header[name] = value;
        header.to_string()
    };
    let cut = |name: &str| {
        let mut header = signer.header("k1");
        header.as_object_mut().unwrap().remove(name);
        header.to_string()
    };
    for alg in ["none", "None", "NONE", "", "HS256", "HS512", "PS256", "ES384", "RS512", "ES256K", "eddsa", "EdDSA "] {
        case("an algorithm we do not know", &set("alg", alg.into()), Reason::Algorithm);
    }
    case("no algorithm", &cut("alg"), Reason::Algorithm);
    case("algorithm a number", &set("alg", 1.into()), Reason::Algorithm);
    case("algorithms", &set("alg", json!(["EdDSA"])), Reason::Algorithm);
    case("ES256 with an Ed25519 key", &set("alg", "ES256".into()), Reason::Algorithm);
    case("RS256 with an Ed25519 key", &set("alg", "RS256".into()), Reason::Algorithm);

    case("no type", &cut("typ"), Reason::Type);
    for kind in [json!("JWT"), json!("jwt"), json!("at+jwt;x"), json!("id+jwt"), json!(""), json!(1), Value::Null] {
        case("another type", &set("typ", kind), Reason::Type);
    }
    case("no key id", &cut("kid"), Reason::KeyId);
    for kid in [json!(""), json!(1), json!(["k1"]), Value::Null, json!("k1\n"), json!("k".repeat(201))] {
        case("a malformed key id", &set("kid", kid), Reason::KeyId);
    }
    for kid in ["k9", "K1", "../k1", "k1' OR 1=1", "/dev/null"] {
        case("an unknown key id", &set("kid", kid.into()), Reason::UnknownKey);
    }
    case("crit", &set("crit", json!(["exp"])), Reason::HeaderField);
    case("crit empty", &set("crit", json!([])), Reason::HeaderField);
    case("crit null", &set("crit", Value::Null), Reason::HeaderField);
    case("jku", &set("jku", "https://evil.example/jwks".into()), Reason::HeaderField);
    case("x5u", &set("x5u", "https://evil.example/x".into()), Reason::HeaderField);
    case("x5c", &set("x5c", json!(["MIIB"])), Reason::HeaderField);
    case("an embedded key", &set("jwk", Signer::ed().jwk("k1")), Reason::HeaderField);
    case("b64", &set("b64", false.into()), Reason::HeaderField);
    case("zip", &set("zip", "DEF".into()), Reason::HeaderField);
    case("a nested token", &set("cty", "JWT".into()), Reason::HeaderField);

    let good = signer.header("k1").to_string();
    let open = good.strip_suffix('}').unwrap();
    case("alg twice", &format!("{open},\"alg\":\"EdDSA\"}}"), Reason::Header);
    case("kid twice", &format!("{open},\"kid\":\"k1\"}}"), Reason::Header);
    case("an unknown field twice", &format!("{open},\"x\":1,\"x\":1}}"), Reason::Header);
    case("something after the header", &format!("{good} x"), Reason::Header);
    case("an array as header", &format!("[{good}]"), Reason::Header);
    case("an empty header", "", Reason::Header);

    for (other, kid) in others {
        let header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": kid}).to_string();
        cases.push(("EdDSA with another family's key", signer.raw(&header, &payload), Reason::Algorithm));
        let token = signer.raw(&other.header(kid).to_string(), &payload);
        cases.push(("signed by another family's key", token, Reason::Signature));
    }
    cases
}

/// Tokens whose text or signature is wrong.
fn bad_texts(ed: &Signer, ec: &Signer, rsa: &Signer) -> Vec<Case> {
    let good = ed.token("k1", &claims());
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, payload) = message.split_once('.').unwrap();
    let mut cases: Vec<Case> = vec![];
    let mut case = |what, token: String, reason| cases.push((what, token, reason));

    case("empty", String::new(), Reason::Shape);
    case("dots", "..".into(), Reason::Shape);
    case("one part", header.into(), Reason::Shape);
    case("two parts", message.into(), Reason::Shape);
    case("unsigned", format!("{message}."), Reason::Shape);
    case("four parts", format!("{good}.x"), Reason::Shape);
    case("five parts, as of an encrypted token", format!("{good}.AAAA.AAAA"), Reason::Shape);
    case("a trailing dot", format!("{good}."), Reason::Shape);
    case("trailing garbage", format!("{good}!"), Reason::Shape);
    case("a trailing line break", format!("{good}\n"), Reason::Shape);
    case("a leading space", format!(" {good}"), Reason::Shape);
    case("with its scheme", format!("Bearer {good}"), Reason::Shape);
    case("padding", format!("{good}=="), Reason::Shape);
    case("a padded header", format!("{header}=.{payload}.{signature}"), Reason::Shape);
    case("a line break inside", format!("{header}.{payload}\n.{signature}"), Reason::Shape);
    case("plain base64", format!("{header}.{payload}.{}+/", &signature[..84]), Reason::Shape);
    case("percent encoding", good.replace('.', "%2E"), Reason::Shape);
    case("beyond ASCII", format!("{good}\u{e9}"), Reason::Shape);
    case("JSON serialisation", json!({"payload": payload, "signature": signature}).to_string(), Reason::Shape);
    case("over 4 KB", "a.".repeat(2049), Reason::Size);

    let sign = |bytes: Vec<u8>| format!("{message}.{}", b64(bytes));
    let made = ed.sign(message.as_bytes());
    case("truncated signature", sign(made[..63].to_vec()), Reason::Signature);
    case("lengthened signature", sign([&made[..], &[0]].concat()), Reason::Signature);
    case("signature of zeros", sign(vec![0; 64]), Reason::Signature);
    for byte in 0..64 {
        let mut flipped = made.clone();
        flipped[byte] ^= 1 << (byte % 8);
        case("flipped bit", sign(flipped), Reason::Signature);
    }
    // The last character carries four unused bits: setting one must not make another good token.
    let last = signature.chars().last().unwrap();
    let next = char::from_u32(last as u32 + 1).unwrap();
    case("unused bits set", format!("{message}.{}{next}", &signature[..85]), Reason::Shape);
    case("signed by a wrong key", Signer::ed().token("k1", &claims()), Reason::Signature);
    let swapped = format!("{header}.{}.{signature}", b64(with("roles", "ADMIN").to_string()));
    case("another payload", swapped, Reason::Signature);
    let spelt = format!("{}.{payload}.{signature}", b64(ed.header("k1").to_string() + " "));
    case("another spelling of the header", spelt, Reason::Signature);

    let header = json!({"alg": "HS256", "typ": "at+jwt", "kid": "k1"}).to_string();
    let text = format!("{}.{payload}", b64(header));
    let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &ed.public());
    let tag = aws_lc_rs::hmac::sign(&secret, text.as_bytes());
    case("HS256 with the public key as secret", format!("{text}.{}", b64(tag)), Reason::Algorithm);
    let none = json!({"alg": "none", "typ": "at+jwt", "kid": "k1"}).to_string();
    case("none without a signature", format!("{}.{payload}.", b64(none)), Reason::Shape);

    let message = ec.token("k2", &claims());
    let (message, _) = message.rsplit_once('.').unwrap();
    let sign = |bytes: Vec<u8>| format!("{message}.{}", b64(bytes));
    case("ES256 in DER form", sign(ec.sign_der(message.as_bytes())), Reason::Signature);
    case("ES256 of zeros", sign(vec![0; 64]), Reason::Signature);
    case("ES256 truncated", sign(ec.sign(message.as_bytes())[..63].to_vec()), Reason::Signature);
    case("ES256 by a wrong key", Signer::ec().token("k2", &claims()), Reason::Signature);
    let message = rsa.token("k3", &claims());
    let (message, _) = message.rsplit_once('.').unwrap();
    case("RS256 of zeros", format!("{message}.{}", b64([0; 256])), Reason::Signature);
    let mut number = vec![0; 255];
    number.push(1);
    case("RS256 of one", format!("{message}.{}", b64(number)), Reason::Signature);
    cases
}

#[tokio::test]
async fn every_bad_token_is_refused_for_its_reason() {
    let (ed, ec, rsa) = (Signer::ed(), Signer::ec(), Signer::rsa());
    let verifier = verifier(&[ed.jwk("k1"), ec.jwk("k2"), rsa.jwk("k3")]);
    verifier.revoke("revoked", after(3600));
    let mut cases = bad_claims(&ed);
    cases.extend(bad_payloads(&ed));
    cases.extend(bad_headers(&ed, &[(&ec, "k2"), (&rsa, "k3")]));
    cases.extend(bad_texts(&ed, &ec, &rsa));
    assert!(cases.len() >= 200, "{}", cases.len());
    for (what, token, reason) in &cases {
        for _ in 0..2 {
            refused(verifier.verify(token, now()).await, *reason, what);
        }
    }
    for (signer, kid) in [(&ed, "k1"), (&ec, "k2"), (&rsa, "k3")] {
        verifier.verify(&signer.token(kid, &claims()), now()).await.unwrap();
    }
}

#[tokio::test]
async fn no_token_differs_from_a_good_one_by_one_character() {
    let signer = Signer::ed();
    let verifier = verifier(&[signer.jwk("k1")]);
    let good = signer.token("k1", &claims());
    verifier.verify(&good, now()).await.unwrap();
    for at in 0..good.len() {
        let (before, rest) = good.split_at(at);
        for other in ["A", "w", ".", "=", "", "\u{0}"] {
            let bad = format!("{before}{other}{}", &rest[1..]);
            assert!(bad == good || verifier.verify(&bad, now()).await.is_err(), "{at} {other:?}");
        }
    }
}

#[tokio::test]
async fn an_algorithm_that_is_not_configured_is_refused() {
    let (ed, ec) = (Signer::ed(), Signer::ec());
    let settings = Settings { algorithms: vec![Algorithm::EdDSA], ..settings() };
    let keys = KeySource::Set(set(&[ed.jwk("k1"), ec.jwk("k2")]));
    let verifier = Verifier::new(settings, keys).unwrap();
    refused(verifier.verify(&ec.token("k2", &claims()), now()).await, Reason::Algorithm, "ES256");
    verifier.verify(&ed.token("k1", &claims()), now()).await.unwrap();
}

#[tokio::test]
async fn only_public_signature_keys_are_taken_from_a_set() {
    let (ed, ec, other) = (Signer::ed(), Signer::ec(), Signer::ed());
    let change = |signer: &Signer, name: &str, value: Value| {
        let mut jwk = signer.jwk("k2");
        jwk[name] = value;
        jwk
    };
    let rsa = |n: Vec<u8>, e: &[u8]| json!({"kty": "RSA", "kid": "k2", "n": b64(n), "e": b64(e)});
    let mut without_id = other.jwk("k2");
    without_id.as_object_mut().unwrap().remove("kid");
    let cases = [
        ("shared secret", json!({"kty": "oct", "kid": "k2", "alg": "HS256", "k": b64([7; 32])})),
        ("for encryption", change(&other, "use", "enc".into())),
        ("for signing only", change(&other, "key_ops", json!(["sign"]))),
        ("of another algorithm", change(&other, "alg", "ES256".into())),
        ("of an unknown algorithm", change(&other, "alg", "HS256".into())),
        ("of another curve", change(&ec, "crv", "P-384".into())),
        ("of an unknown curve", change(&ec, "crv", "secp256k1".into())),
        ("X25519", change(&other, "crv", "X25519".into())),
        ("too short", change(&other, "x", b64([1; 31]).into())),
        ("with padding", change(&ec, "x", format!("{}=", b64([1; 32])).into())),
        ("with a private part", change(&other, "d", b64([1; 32]).into())),
        ("RSA of 1024 bits", rsa(vec![255; 128], &[1, 0, 1])),
        ("RSA of 2047 bits", rsa([vec![127], vec![255; 255]].concat(), &[1, 0, 1])),
        ("RSA of leading zeros", rsa([vec![0; 200], vec![255; 128]].concat(), &[1, 0, 1])),
        ("RSA with exponent 1", rsa(vec![255; 256], &[1])),
        ("RSA with exponent 3", rsa(vec![255; 256], &[3])),
        ("RSA with an even exponent", rsa(vec![255; 256], &[1, 0, 0])),
        ("without an id", without_id),
        ("not a key", json!("k2")),
    ];
    let temp = Temp::new();
    let file = temp.path().join("jwks.json");
    for (what, jwk) in cases {
        std::fs::write(&file, json!({"keys": [ed.jwk("k1"), jwk]}).to_string()).unwrap();
        let verifier = Verifier::new(settings(), KeySource::File(file.clone())).expect(what);
        for signer in [&other, &ec] {
            refused(verifier.verify(&signer.token("k2", &claims()), now()).await, Reason::UnknownKey, what);
        }
        verifier.verify(&ed.token("k1", &claims()), now()).await.expect(what);
    }
    let many: Vec<_> = (0..51).map(|it| ed.jwk(&format!("k{it}"))).collect();
    let bad = [
        json!({"keys": [ed.jwk("k1"), ec.jwk("k1")]}).to_string(),
        json!({"keys": many}).to_string(),
        json!({"keys": []}).to_string(),
        json!({"keys": ed.jwk("k1")}).to_string(),
        json!([ed.jwk("k1")]).to_string(),
        format!("{{\"keys\":[],\"keys\":[{}]}}", ed.jwk("k1")),
        format!("{{\"keys\":[{}],\"x\":\"{}\"}}", ed.jwk("k1"), "x".repeat(256 * 1024)),
        String::new(),
    ];
    for text in bad {
        std::fs::write(&file, &text).unwrap();
        assert!(Verifier::new(settings(), KeySource::File(file.clone())).is_err(), "{}", &text[..text.len().min(80)]);
    }
    assert!(Verifier::new(settings(), KeySource::File(temp.path().join("missing"))).is_err());
    assert!(Verifier::new(settings(), KeySource::Set(set(&many))).is_err());
}
