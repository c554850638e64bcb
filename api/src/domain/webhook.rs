//! Webhooks: which addresses are called, how a message is signed (Standard Webhooks), and when it is tried again.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use url::{Host, Url};
use uuid::Uuid;

use super::{Fault, Refusal, ensure, text};

/// How long a server that sends a message keeps others from sending it too.
pub const LEASE: TimeDelta = TimeDelta::minutes(1);
/// Subscriptions of an organisation that are told anything, at most.
pub const ACTIVE: usize = 10;
/// Messages that are queued again at once, at most.
pub const REPLAYED: usize = 1_000;
/// How long messages are signed with the secret before, too.
const BOTH: TimeDelta = TimeDelta::days(1);
/// The longest address.
const ADDRESS: usize = 2_000;
/// Waits after each failed attempt: soon, then ever longer.
const WAITS: [TimeDelta; 8] = [
    TimeDelta::seconds(10),
    TimeDelta::minutes(1),
    TimeDelta::hours(1),
    TimeDelta::hours(3),
    TimeDelta::hours(12),
    TimeDelta::days(1),
    TimeDelta::days(3),
    TimeDelta::days(7),
];

/// When a message is tried again that has failed so many times; never, after the last.
pub fn retry(attempts: i32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let place = usize::try_from(attempts).ok()?.checked_sub(1)?;
    WAITS.get(place).map(|wait| now + *wait)
}

/// What the settings of a server say of webhooks.
pub struct Webhooks {
    /// Where secrets come from.
    pub keyring: Keyring,
    /// What may be called.
    pub addresses: Addresses,
}

impl Webhooks {
    /// From the server's secret and the hosts that are called without encryption.
    pub fn new(secret: &str, plain_hosts: &[String]) -> Self {
        Self { keyring: Keyring::new(secret), addresses: Addresses::new(plain_hosts) }
    }
}

/// Secrets of subscriptions, which follow from the server's own and are kept nowhere.
pub struct Keyring(hmac::Key);

impl Keyring {
    fn new(secret: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()))
    }

    /// The secret of a subscription that was changed so many times.
    pub fn secret(&self, organisation: Uuid, subscription: Uuid, generation: i32) -> Secret {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(b"lanpya webhook\0");
        context.update(organisation.as_bytes());
        context.update(subscription.as_bytes());
        context.update(&generation.to_be_bytes());
        Secret(context.sign().as_ref().to_vec())
    }

    /// The secrets that messages are signed with now: the one before too, for a day, so that its receiver has the time.
    pub fn secrets(
        &self,
        organisation: Uuid,
        subscription: Uuid,
        (generation, rotated_at): (i32, Option<DateTime<Utc>>),
        now: DateTime<Utc>,
    ) -> Vec<Secret> {
        let fresh = rotated_at.is_some_and(|at| now < at + BOTH);
        let both = if fresh { 0..=1 } else { 0..=0 };
        both.map(|back| self.secret(organisation, subscription, generation - back)).collect()
    }
}

/// The secret of one subscription.
pub struct Secret(Vec<u8>);

impl Secret {
    /// As its receiver gets it.
    pub fn text(&self) -> String {
        format!("whsec_{}", BASE64_STANDARD.encode(&self.0))
    }

    /// The signature of a message, sent at a second of Unix time.
    pub fn sign(&self, id: &str, second: i64, body: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let tag = hmac::sign(&key, format!("{id}.{second}.{body}").as_bytes());
        format!("v1,{}", BASE64_STANDARD.encode(tag.as_ref()))
    }
}

/// Which addresses are called: encrypted and public ones, and hosts that the settings name.
pub struct Addresses {
    plain: Vec<String>,
}

impl Addresses {
    fn new(plain_hosts: &[String]) -> Self {
        Self { plain: plain_hosts.iter().map(|host| host.to_ascii_lowercase()).collect() }
    }

    /// The address, if it is one that may be called as far as it shows: what its name means is seen when it is called.
    pub fn check(&self, address: &str) -> Result<Url, Fault> {
        let refused = |says| Fault::new(Refusal::BadValue, "url", says);
        text::check_required("url", address, ADDRESS)?;
        let url = Url::parse(address).map_err(|_| refused("This is no address."))?;
        let plain = url.host_str().is_some_and(|host| self.is_plain(host));
        let encrypted = url.scheme() == "https" || (url.scheme() == "http" && plain);
        ensure(encrypted, Refusal::BadValue, "url", "Only https addresses are called.")?;
        let bare = url.username().is_empty() && url.password().is_none();
        ensure(bare, Refusal::BadValue, "url", "An address holds neither a user nor a password.")?;
        ensure(plain || url.port().is_none(), Refusal::BadValue, "url", "Only port 443 is called.")?;
        let public = match url.host().ok_or_else(|| refused("This is no address."))? {
            Host::Domain(_) => true,
            Host::Ipv4(address) => is_public_v4(address),
            Host::Ipv6(address) => is_public_v6(address),
        };
        ensure(plain || public, Refusal::BadValue, "url", "Only public addresses are called.")?;
        Ok(url)
    }

    /// Whether a host may be called at an address that its name has turned out to mean.
    pub fn allows(&self, host: &str, address: IpAddr) -> bool {
        let public = match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        };
        public || self.is_plain(host)
    }

    fn is_plain(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        self.plain.contains(&host)
    }
}

/// Whether the address is one of the public internet (IANA's registry of special-purpose addresses).
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        // This network; multicast, reserved and broadcast.
        (0 | 224.., ..) => true,
        // Shared addresses; benchmarks.
        (100, 64..=127, _) | (198, 18..=19, _) => true,
        // Protocol assignments; relays.
        (192, 0, 0) | (192, 88, 99) => true,
        _ => false,
    };
    let within = address.is_private() || address.is_loopback() || address.is_link_local();
    !(special || within || address.is_documentation())
}

/// The same: only what is given out to networks, without tunnels, documentation and protocol assignments.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let given = (0x2000..=0x3fff).contains(&a);
    let special = match (a, b) {
        // Protocol assignments with Teredo; documentation; 6to4; documentation.
        (0x2001, 0..=0x01ff | 0x0db8) | (0x2002, _) | (0x3fff, 0..=0x0fff) => true,
        _ => false,
    };
    given && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_000).unwrap()
    }

    #[test]
    fn is_tried_soon_and_then_ever_later() {
        let waits: Vec<i64> =
            (1..20).map_while(|attempt| retry(attempt, now())).map(|at| (at - now()).num_seconds()).collect();
        assert_eq!(waits, [10, 60, 3_600, 10_800, 43_200, 86_400, 259_200, 604_800]);
        assert_eq!((retry(0, now()), retry(-1, now())), (None, None));
    }

    /// The example of the specification (Standard Webhooks 1.0.0, "Signature scheme").
    #[test]
    fn signs_as_the_specification_does() {
        let secret = Secret(BASE64_STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap());
        let signed = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(secret.text(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }

    #[test]
    fn secrets_are_apart() {
        let ring = Keyring::new("a secret of the server");
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let secrets = [
            ring.secret(one, one, 1).text(),
            ring.secret(one, one, 2).text(),
            ring.secret(one, two, 1).text(),
            ring.secret(two, one, 1).text(),
            Keyring::new("another").secret(one, one, 1).text(),
        ];
        for (place, secret) in secrets.iter().enumerate() {
            assert!(secret.len() == 50 && secret.starts_with("whsec_"));
            assert!(secrets.iter().skip(place + 1).all(|other| other != secret));
        }
        assert_eq!(ring.secret(one, one, 1).text(), secrets[0]);
    }

    #[test]
    fn two_secrets_hold_for_a_day() {
        let ring = Keyring::new("a secret of the server");
        let of = |rotated_at, now| -> Vec<String> {
            let id = Uuid::from_u128(1);
            ring.secrets(id, id, (2, rotated_at), now).iter().map(Secret::text).collect()
        };
        let [new, old] =
            [2, 1].map(|generation| ring.secret(Uuid::from_u128(1), Uuid::from_u128(1), generation).text());
        assert_eq!(of(None, now()), std::slice::from_ref(&new));
        assert_eq!(of(Some(now()), now() + TimeDelta::hours(23)), [new.clone(), old]);
        assert_eq!(of(Some(now()), now() + TimeDelta::days(1)), [new]);
    }

    #[test]
    fn only_encrypted_public_addresses_are_called() {
        let addresses = Addresses::new(&["receiver.test".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()]);
        for good in [
            "https://hooks.example.org/lanpya?key=1",
            "https://93.184.215.14/",
            "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
            "https://example.org:443/",
            "http://receiver.test:8080/",
            "http://RECEIVER.test/",
            "http://127.0.0.1:3000/hook",
            "http://[::1]:3000/",
        ] {
            assert!(addresses.check(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "lanpya",
            "/hook",
            "http://example.org/",
            "ftp://receiver.test/",
            "file:///etc/passwd",
            "https://user@example.org/",
            "https://:password@example.org/",
            "https://example.org:8443/",
            "https://localhost:8080/",
            "https://127.0.0.2/",
            "https://2130706434/",
            "https://0x7f.2/",
            "https://0177.0.0.2/",
            "https://10.0.0.1/",
            "https://172.31.255.1/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://192.0.2.1/",
            "https://198.19.0.1/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
            "https://[ff02::1]/",
            "https://[2001:db8::1]/",
            "https://[2001::1]/",
            "https://[2002:a00:1::1]/",
            "https://[3fff::1]/",
        ] {
            let refused = addresses.check(bad);
            assert!(refused.is_err_and(|fault| fault.field == "url"), "{bad}");
        }
        let long = format!("https://example.org/{}", "x".repeat(ADDRESS));
        assert_eq!(addresses.check(&long).map_err(|fault| fault.refusal), Err(Refusal::TooLong));
    }

    #[test]
    fn a_name_that_means_a_private_address_is_not_called() {
        let addresses = Addresses::new(&["receiver.test".to_owned()]);
        for (host, address, allowed) in [
            ("example.org", "93.184.215.14", true),
            ("example.org", "127.0.0.1", false),
            ("example.org", "::1", false),
            ("example.org", "fd12:3456::1", false),
            ("receiver.test", "127.0.0.1", true),
            ("receiver.test.example.org", "127.0.0.1", false),
        ] {
            assert_eq!(addresses.allows(host, address.parse().unwrap()), allowed, "{host} {address}");
        }
    }
}
