//! The rules of the field, pure: values in, verdict out. No clock, no database, no GraphQL.

pub mod text;
