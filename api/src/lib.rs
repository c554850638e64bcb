//! Lanpya.
pub mod access;
pub mod auth;
pub mod clock;
pub mod db;
pub mod domain;
pub mod error;
pub mod graph;
pub mod plan;
