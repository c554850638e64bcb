//! The tests: each boots the real server and speaks HTTP to it, on either database.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first fault")]

mod http;
