//! Lanpya.
pub mod clock;
pub mod error;
