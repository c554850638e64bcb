//! Bad tokens, made with real keys: each is a good token but for what its name says.

use aws_lc_rs::signature::{RSA_PKCS1_SHA512, RSA_PSS_SHA256};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE};
use harness::ALPHA;
use harness::world::{AUDIENCE, ISSUER};
use serde_json::{Value, json};

use super::issuer::{Issuer, Key, b64};

/// A bad token: what is wrong with it, and its bytes as they stand in the header.
pub type Bad = (String, String);

/// The claims of a good token.
pub fn claims(now: i64) -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "caseworker", "org": ALPHA.id(), "roles": ["CASEWORKER"],
        "iat": now, "nbf": now, "exp": now + 900, "jti": "one",
    })
}

/// All of them.
pub fn all(issuer: &Issuer, now: i64) -> Vec<Bad> {
    let mut made = claims_wrong(issuer, now);
    made.extend(times(issuer, now));
    made.extend(payloads(issuer, now));
    made.extend(headers(issuer, now));
    made.extend(keys(issuer, now));
    made.extend(encodings(issuer, now));
    made.extend(signatures(issuer, now));
    made
}

fn named(name: impl Into<String>, token: String) -> Bad {
    (name.into(), token)
}

/// A claim of each kind left out or of another type or value.
fn claims_wrong(issuer: &Issuer, now: i64) -> Vec<Bad> {
    let org = ALPHA.id().to_string();
    let wrong: Vec<(&str, Vec<Value>)> = vec![
        (
            "iss",
            vec![json!([ISSUER]), json!(format!("{ISSUER}/")), json!("https://other.invalid"), json!(1), json!("")],
        ),
        (
            "aud",
            vec![
                json!("other"),
                json!([]),
                json!(["other"]),
                json!([AUDIENCE, 1]),
                json!(format!("{AUDIENCE} ")),
                json!({ AUDIENCE: 1 }),
            ],
        ),
        ("sub", vec![json!(7), json!(""), json!(["caseworker"]), json!("caseworker\n"), json!("s".repeat(256))]),
        (
            "org",
            vec![
                json!([org]),
                json!(""),
                json!(org.replace('-', "")),
                json!("00000000-0000-0000-0000-000000000000"),
                json!(1),
                json!(format!("{{{org}}}")),
            ],
        ),
        (
            "roles",
            vec![
                json!([]),
                json!(["CASEWORKER", "SUPERVISOR"]),
                json!("CASEWORKER SUPERVISOR"),
                json!([["CASEWORKER"]]),
                json!([1]),
                json!({}),
            ],
        ),
        ("jti", vec![json!(1), json!(""), json!("j".repeat(201))]),
    ];
    let mut made = Vec::new();
    for (name, values) in wrong {
        for value in values.into_iter().chain([Value::Null, json!(true)]) {
            let mut claims = claims(now);
            let told: String = value.to_string().chars().take(40).collect();
            claims[name] = value;
            made.push(named(format!("{name} is {told}"), issuer.ed.token("ed", &claims)));
        }
        if name != "jti" {
            let mut claims = claims(now);
            claims.as_object_mut().unwrap().remove(name);
            made.push(named(format!("no {name}"), issuer.ed.token("ed", &claims)));
        }
    }
    made
}

fn times(issuer: &Issuer, now: i64) -> Vec<Bad> {
    let mut made = Vec::new();
    for name in ["exp", "iat", "nbf"] {
        for value in [
            json!(now.to_string()),
            json!(now * 1000),
            json!(-1),
            json!(0),
            json!(u64::MAX),
            json!(1e10),
            json!(1.5e9),
            json!([now]),
            json!("2026-11-22T03:00:00Z"),
        ] {
            let mut claims = claims(now);
            claims[name] = value.clone();
            made.push(named(format!("{name} is {value}"), issuer.ed.token("ed", &claims)));
        }
        let mut claims = claims(now);
        claims.as_object_mut().unwrap().remove(name);
        made.push(named(format!("no {name}"), issuer.ed.token("ed", &claims)));
    }
    for (what, iat, nbf, exp) in [
        ("ended an hour ago", -7200, -7200, -3600),
        ("ended beyond the leeway", -900, -900, -31),
        ("issued in the future", 60, 0, 900),
        ("not good yet", 0, 60, 900),
        ("lives a second over an hour", 0, 0, 3601),
        ("lives ten years", 0, 0, 315_360_000),
        ("backdated, so that it lives too long", -7200, -7200, 60),
        ("ends before it begins", 0, 0, -1),
        ("ends as it begins", 0, 0, 0),
        ("good only after its end", 0, 901, 900),
    ] {
        let mut claims = claims(now);
        claims["iat"] = (now + iat).into();
        claims["nbf"] = (now + nbf).into();
        claims["exp"] = (now + exp).into();
        made.push(named(what, issuer.ed.token("ed", &claims)));
    }
    made
}

/// Payloads that two readers could read differently, or that are no object.
fn payloads(issuer: &Issuer, now: i64) -> Vec<Bad> {
    let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "ed" }).to_string();
    let good = claims(now).to_string();
    let open = good.strip_suffix('}').unwrap();
    let mut made = Vec::new();
    let mut case = |what: &str, payload: String| made.push(named(what, issuer.ed.raw(&header, &payload)));
    for name in ["iss", "aud", "sub", "org", "roles", "exp", "iat", "nbf"] {
        case("a claim twice, equal", format!("{open},\"{name}\":{}}}", claims(now)[name]));
    }
    case("org twice, the other one last", format!("{open},\"org\":\"{}\"}}", harness::BETA.id()));
    case(
        "a role twice, the greater one first",
        format!("{{\"roles\":[\"SUPERVISOR\"],{}", good.strip_prefix('{').unwrap()),
    );
    case("a claim twice, once escaped", format!("{open},\"\\u0065xp\":{}}}", now + 900));
    case("an unknown claim twice", format!("{open},\"x\":1,\"x\":2}}"));
    case("twice inside a claim", format!("{open},\"x\":{{\"y\":1,\"y\":1}}}}"));
    case("a second object", format!("{good}{{}}"));
    case("a NUL at the end", format!("{good}\0"));
    case("a byte order mark", format!("\u{feff}{good}"));
    case("a trailing comma", format!("{open},}}"));
    case("a comment", format!("/**/{good}"));
    case("single quotes", good.replace('"', "'"));
    case("an array", format!("[{good}]"));
    case("a text", Value::String(good.clone()).to_string());
    case("null", "null".to_owned());
    case("nothing", String::new());
    case("cut off", open.to_owned());
    case("NaN", format!("{open},\"x\":NaN}}"));
    case("a number beyond floats", format!("{open},\"x\":1e999}}"));
    case("deep", format!("{open},\"x\":{}{}}}", "[".repeat(200), "]".repeat(200)));
    case("larger than 4 KB", format!("{open},\"x\":\"{}\"}}", "x".repeat(4_096)));
    case("larger than 64 KB", format!("{open},\"x\":\"{}\"}}", "x".repeat(65_536)));
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let message = format!("{}.{}", b64(&header), b64(utf16));
    made.push(named("UTF-16", format!("{message}.{}", b64(issuer.ed.sign(message.as_bytes())))));
    let message = format!("{}.{}", b64(&header), b64([open.as_bytes(), b",\"x\":\"\xff\"}"].concat()));
    made.push(named("not UTF-8", format!("{message}.{}", b64(issuer.ed.sign(message.as_bytes())))));
    made
}

fn headers(issuer: &Issuer, now: i64) -> Vec<Bad> {
    let payload = claims(now).to_string();
    let good = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "ed" });
    let mut made = Vec::new();
    for (name, values) in [
        (
            "alg",
            vec![
                json!("none"),
                json!("NONE"),
                json!("nOnE"),
                json!(""),
                json!("eddsa"),
                json!("Ed448"),
                json!("ES256"),
                json!("RS256"),
                json!("HS256"),
                json!("PS256"),
                json!("ES256K"),
                json!(["EdDSA"]),
                json!(0),
            ],
        ),
        (
            "typ",
            vec![
                json!("JWT"),
                json!("id+jwt"),
                json!("logout+jwt"),
                json!("dpop+jwt"),
                json!("at"),
                json!(""),
                json!(1),
            ],
        ),
        (
            "kid",
            vec![
                json!("nobody"),
                json!("ED"),
                json!(""),
                json!(1),
                json!(["ed"]),
                json!("../../etc/passwd"),
                json!("ed' OR '1'='1"),
                json!("k".repeat(201)),
                json!("ec"),
                json!("rsa"),
            ],
        ),
        ("crit", vec![json!(["exp"]), json!([])]),
        ("jku", vec![json!("https://evil.invalid/jwks")]),
        ("x5u", vec![json!("https://evil.invalid/cert")]),
        ("x5c", vec![json!(["MIIB"])]),
        ("jwk", vec![issuer.ed.jwk("ed")]),
        ("b64", vec![json!(false)]),
        ("zip", vec![json!("DEF")]),
        ("cty", vec![json!("JWT")]),
        ("enc", vec![json!("A256GCM")]),
    ] {
        for value in values.into_iter().chain([Value::Null]) {
            let mut header = good.clone();
            let told: String = value.to_string().chars().take(40).collect();
            header[name] = value;
            made.push(named(format!("header {name} is {told}"), issuer.ed.raw(&header.to_string(), &payload)));
        }
    }
    for name in ["alg", "typ", "kid"] {
        let mut header = good.clone();
        header.as_object_mut().unwrap().remove(name);
        made.push(named(format!("header without {name}"), issuer.ed.raw(&header.to_string(), &payload)));
    }
    let text = good.to_string();
    let open = text.strip_suffix('}').unwrap();
    for (what, header) in [
        ("alg twice", format!("{open},\"alg\":\"EdDSA\"}}")),
        ("alg twice, none first", format!("{{\"alg\":\"none\",{}", text.strip_prefix('{').unwrap())),
        ("kid twice", format!("{open},\"kid\":\"ed\"}}")),
        ("typ twice, once escaped", format!("{open},\"\\u0074yp\":\"at+jwt\"}}")),
        ("something after the header", format!("{text} {{}}")),
        ("a header in an array", format!("[{text}]")),
        ("an empty header", String::new()),
    ] {
        made.push(named(what, issuer.ed.raw(&header, &payload)));
    }
    made
}

/// The wrong key, or the right one in the wrong part.
fn keys(issuer: &Issuer, now: i64) -> Vec<Bad> {
    let claims = claims(now);
    let payload = b64(claims.to_string());
    let mut made = vec![
        named("another Ed25519 key", Key::ed().token("ed", &claims)),
        named("another P-256 key", Key::ec().token("ec", &claims)),
        named("another RSA key", Key::rsa().token("rsa", &claims)),
    ];
    for (signer, kid) in
        [(&issuer.ec, "ed"), (&issuer.rsa, "ed"), (&issuer.ed, "ec"), (&issuer.rsa, "ec"), (&issuer.ed, "rsa")]
    {
        made.push(named(format!("{} under the id {kid}", signer.algorithm()), signer.token(kid, &claims)));
    }
    // A verifier that takes the public key for a shared secret can be signed for by everybody.
    for (kid, key) in [("ed", &issuer.ed), ("ec", &issuer.ec), ("rsa", &issuer.rsa)] {
        for (form, secret) in [
            ("bytes", key.public()),
            ("JWK", key.jwk(kid).to_string().into_bytes()),
            ("text", b64(key.public()).into_bytes()),
        ] {
            for algorithm in ["HS256", key.algorithm()] {
                let header = b64(json!({ "alg": algorithm, "typ": "at+jwt", "kid": kid }).to_string());
                let message = format!("{header}.{payload}");
                let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &secret);
                let tag = aws_lc_rs::hmac::sign(&secret, message.as_bytes());
                made.push(named(
                    format!("{algorithm} by the public key of {kid} as {form}"),
                    format!("{message}.{}", b64(tag)),
                ));
            }
        }
    }
    for alg in ["none", "None", "EdDSA"] {
        let header = b64(json!({ "alg": alg, "typ": "at+jwt", "kid": "ed" }).to_string());
        for signature in ["", "AA", "e30"] {
            made.push(named(format!("{alg} signed with {signature:?}"), format!("{header}.{payload}.{signature}")));
        }
    }
    made
}

/// The same bytes written otherwise.
fn encodings(issuer: &Issuer, now: i64) -> Vec<Bad> {
    let good = issuer.ed.token("ed", &claims(now));
    let parts: Vec<&str> = good.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("three parts") };
    let made = issuer.ed.sign(format!("{header}.{payload}").as_bytes());
    let mut cases = vec![
        named("padded", format!("{good}==")),
        named("padded with one sign", format!("{good}=")),
        named("padded by the book", format!("{header}.{payload}.{}", BASE64_URL_SAFE.encode(&made))),
        named("padding escaped", format!("{good}%3D%3D")),
        named("dots escaped", good.replace('.', "%2E")),
        named("a space before the signature", format!("{header}.{payload}. {signature}")),
        named("a space inside", format!("{header}.{payload} .{signature}")),
        named("a tab inside", format!("{header}.\t{payload}.{signature}")),
        named("two spaces after the scheme", format!(" {good}")),
        named("quoted", format!("\"{good}\"")),
        named("a comma and another", format!("{good}, {good}")),
        named("two joined", format!("{good}.{good}")),
        named("one part", header.to_owned()),
        named("two parts", format!("{header}.{payload}")),
        named("four parts", format!("{good}.{signature}")),
        named("five parts, as if encrypted", format!("{header}..{payload}.{signature}.AAAA")),
        named("an empty payload", format!("{header}..{signature}")),
        named("dots only", "..".to_owned()),
        named("backwards", good.chars().rev().collect()),
        named("a sign beyond the alphabet", format!("{header}.{payload}.!{}", &signature[1..])),
        named("beyond ASCII", format!("{good}\u{e9}")),
        named("a zero-width space", format!("{good}\u{200b}")),
        named(
            "JSON serialisation",
            json!({ "protected": header, "payload": payload, "signature": signature }).to_string(),
        ),
        named("encoded twice", b64(&good)),
        named("with its scheme again", format!("Bearer {good}")),
    ];
    // A token whose signature has both signs that the alphabets differ in.
    let spelt = (0..1_000)
        .map(|n| {
            let mut claims = claims(now);
            claims["jti"] = format!("n{n}").into();
            issuer.ed.token("ed", &claims)
        })
        .find(|token| token.rsplit('.').next().is_some_and(|last| last.contains('-') && last.contains('_')))
        .unwrap();
    let (message, last) = spelt.rsplit_once('.').unwrap();
    cases.push(named("plain base64", format!("{message}.{}", last.replace('-', "+").replace('_', "/"))));
    cases.push(named("plain base64 throughout", {
        let header = BASE64_STANDARD_NO_PAD
            .encode(json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "ed", "x": "\u{3ff}?>~" }).to_string());
        let message = format!("{header}.{payload}");
        assert!(header.contains('+') || header.contains('/'), "{header}");
        format!("{message}.{}", BASE64_STANDARD_NO_PAD.encode(issuer.ed.sign(message.as_bytes())))
    }));
    // 64 bytes take 86 characters and leave four bits: every other setting of them reads as the same bytes, if one lets it.
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = alphabet.find(signature.chars().last().unwrap()).unwrap();
    for bits in 1..16 {
        let other = &alphabet[last + bits..=last + bits];
        cases.push(named(format!("unused bits {bits}"), format!("{header}.{payload}.{}{other}", &signature[..85])));
    }
    cases
}

/// Signatures that are almost the right one.
fn signatures(issuer: &Issuer, now: i64) -> Vec<Bad> {
    let mut made = Vec::new();
    for (key, kid) in [(&issuer.ed, "ed"), (&issuer.ec, "ec"), (&issuer.rsa, "rsa")] {
        let good = key.token(kid, &claims(now));
        let (message, _) = good.rsplit_once('.').unwrap();
        let right = key.sign(message.as_bytes());
        let length = right.len();
        let mut case = |what: String, bytes: Vec<u8>| {
            made.push(named(format!("{kid}: {what}"), format!("{message}.{}", b64(bytes))));
        };
        case("one byte less".to_owned(), right[..length - 1].to_vec());
        case("one byte more".to_owned(), [&right[..], &[0]].concat());
        case("a zero before".to_owned(), [&[0], &right[..]].concat());
        case("zeros".to_owned(), vec![0; length]);
        case("ones".to_owned(), vec![255; length]);
        case("twice".to_owned(), right.repeat(2));
        case("halves exchanged".to_owned(), [&right[length / 2..], &right[..length / 2]].concat());
        case("backwards".to_owned(), right.iter().rev().copied().collect());
        for byte in [0, length / 2 - 1, length / 2, length - 1] {
            for bit in [0, 7] {
                let mut flipped = right.clone();
                flipped[byte] ^= 1 << bit;
                case(format!("bit {bit} of byte {byte}"), flipped);
            }
        }
        let mut richer = claims(now);
        richer["roles"] = json!(["SUPERVISOR"]);
        let (header, _) = message.split_once('.').unwrap();
        made.push(named(
            format!("{kid}: over other claims"),
            format!("{header}.{}.{}", b64(richer.to_string()), b64(&right)),
        ));
        let spaced = b64(format!("{} ", json!({ "alg": key.algorithm(), "typ": "at+jwt", "kid": kid })));
        let (_, payload) = message.split_once('.').unwrap();
        made.push(named(format!("{kid}: over another spelling"), format!("{spaced}.{payload}.{}", b64(&right))));
    }
    made.extend(special(issuer, now));
    made
}

/// What only one kind of key can be asked.
fn special(issuer: &Issuer, now: i64) -> Vec<Bad> {
    let text = |key: &Key, kid| {
        let token = key.token(kid, &claims(now));
        token.rsplit_once('.').unwrap().0.to_owned()
    };
    let mut made = Vec::new();
    let message = text(&issuer.ed, "ed");
    let right = issuer.ed.sign(message.as_bytes());
    // S and S + L are the same number modulo the group's order: only the smaller one is a signature.
    let mut larger = right.clone();
    let carry = right[32..].iter().zip(ORDER).zip(&mut larger[32..]).fold(0_u16, |carry, ((a, b), sum)| {
        let total = u16::from(*a) + u16::from(b) + carry;
        *sum = u8::try_from(total & 255).unwrap();
        total >> 8
    });
    assert_eq!(carry, 0);
    let mut neutral = vec![0; 64];
    neutral[0] = 1;
    for (what, bytes) in [("S beyond the order", larger), ("the neutral point", neutral)] {
        made.push(named(format!("ed: {what}"), format!("{message}.{}", b64(bytes))));
    }
    let message = text(&issuer.ec, "ec");
    let der = issuer.ec.sign_der(message.as_bytes());
    let mut long_form = der.clone();
    long_form.splice(1..2, [0x81, der[1]]);
    let right = issuer.ec.sign(message.as_bytes());
    let wide = [&[0], &right[..32], &[0], &right[32..]].concat();
    let mut one = vec![0; 64];
    one[31] = 1;
    one[63] = 1;
    for (what, bytes) in
        [("DER", der), ("DER of a longer form", long_form), ("33 bytes a number", wide), ("r and s are 1", one)]
    {
        made.push(named(format!("ec: {what}"), format!("{message}.{}", b64(bytes))));
    }
    let message = text(&issuer.rsa, "rsa");
    let mut one = vec![0; 256];
    one[255] = 1;
    let other = |encoding| issuer.rsa.sign_rsa(encoding, message.as_bytes());
    for (what, bytes) in [("the number 1", one), ("SHA-512", other(&RSA_PKCS1_SHA512)), ("PSS", other(&RSA_PSS_SHA256))]
    {
        made.push(named(format!("rsa: {what}"), format!("{message}.{}", b64(bytes))));
    }
    made
}

/// The order of Ed25519's group, least byte first.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];
