//! The HTTP edge.
pub mod answer;
pub mod limits;
pub mod request;
