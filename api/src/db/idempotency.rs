//! The same request sent again gives the same record again, for thirty days.

use sha2::{Digest as _, Sha256};

/// A client's key for one act, with a fingerprint of what was asked.
#[derive(Clone, Debug)]
pub struct Once {
    pub(super) key: String,
    pub(super) fingerprint: String,
}

impl Once {
    /// `body` is the request's input as the client sent it, in a stable form.
    pub fn new(key: &str, body: &str) -> Self {
        use std::fmt::Write as _;
        let mut fingerprint = String::with_capacity(64);
        for byte in Sha256::digest(body.as_bytes()) {
            let _ = write!(fingerprint, "{byte:02x}");
        }
        Self { key: key.to_owned(), fingerprint }
    }
}
