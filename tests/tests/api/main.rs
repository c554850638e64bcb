//! The tests: each boots the real server and speaks HTTP to it, on either database.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first fault"
)]

mod access;
mod audit;
mod audit_trail;
mod bad_input;
mod catalogue;
mod changes;
mod dashboard;
mod encrypted;
mod examples;
mod explain;
mod exports;
mod http;
mod imports;
mod isolation;
mod live;
mod mutations;
mod oracle;
mod pagination;
mod reach;
mod reception;
mod registers;
mod schema;
mod statements;
mod statistics;
mod trusted_documents;
mod typed_clients;
mod upgrade;

/// The repository.
fn root() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
