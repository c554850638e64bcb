use super::super::discovery::keys;
use super::*;

fn document(more: &Value) -> Vec<u8> {
    let mut document = json!({ "issuer": ISSUER, "jwks_uri": "https://id.example.org/jwks" });
    document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    document.to_string().into_bytes()
}

#[test]
fn the_documents_of_this_issuer_say_where_its_keys_are() {
    let found = keys(&document(&json!({ "x": [1] })), ISSUER).unwrap();
    assert_eq!(found.as_str(), "https://id.example.org/jwks");
    let elsewhere = json!({ "jwks_uri": "https://keys.example.net/a?b" });
    assert_eq!(keys(&document(&elsewhere), ISSUER).unwrap().as_str(), "https://keys.example.net/a?b");
}

#[test]
fn no_other_document_is_believed() {
    for issuer in [
        json!("https://evil.example"),
        json!(format!("{ISSUER}/")),
        json!(ISSUER.to_uppercase()),
        json!([ISSUER]),
        Value::Null,
    ] {
        let answer = keys(&document(&json!({ "issuer": issuer })), ISSUER);
        assert_eq!(answer, Err("discovery_of_another_issuer"), "{issuer}");
    }
    for address in [
        Value::Null,
        json!(1),
        json!(""),
        json!("/jwks"),
        json!("file:///etc/passwd"),
        json!("ftp://id.example.org/jwks"),
        json!("https://user:secret@id.example.org/jwks"),
        json!(["https://id.example.org/jwks"]),
    ] {
        let answer = keys(&document(&json!({ "jwks_uri": address })), ISSUER);
        assert_eq!(answer, Err("discovery_without_keys"), "{address}");
    }
    for text in ["", "[]", "null", "{", "{} {}"] {
        assert!(keys(text.as_bytes(), ISSUER).is_err(), "{text}");
    }
    let twice = format!("{{\"issuer\":\"https://evil.example\",\"issuer\":\"{ISSUER}\",\"jwks_uri\":\"https://x\"}}");
    assert_eq!(keys(twice.as_bytes(), ISSUER), Err("discovery_malformed"), "a name twice");
}
