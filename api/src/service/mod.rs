//! One function for each thing a user does. Each asks the pure rules, then writes in one transaction of the scope.

mod check;
pub mod import_ctdc;
pub mod organisation;
pub mod visit;
