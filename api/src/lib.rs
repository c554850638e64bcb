//! Lanpya.
pub mod clock;
pub mod error;
pub mod http;
