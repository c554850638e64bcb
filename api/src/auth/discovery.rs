//! The issuer's discovery document (`OpenID` Connect Discovery 1.0, RFC 8414): believed for where the keys are, and only
//! if it is of the configured issuer. Everything else it says is left alone: what a token must be is ours to decide.

use reqwest::Url;
use serde_json::Value;

use super::strict;

/// The address of the key set, if the document is this issuer's.
pub(super) fn keys(document: &[u8], issuer: &str) -> Result<Url, &'static str> {
    let document = strict::object(document).ok_or("discovery_malformed")?;
    // Compared as it is written: an issuer is a name, not an address to be normalised.
    if document.get("issuer").and_then(Value::as_str) != Some(issuer) {
        return Err("discovery_of_another_issuer");
    }
    let address = document.get("jwks_uri").and_then(Value::as_str).ok_or("discovery_without_keys")?;
    let url = Url::parse(address).map_err(|_| "discovery_without_keys")?;
    let plain = matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none();
    plain.then_some(url).ok_or("discovery_without_keys")
}
