//! One function for each thing a user does. Each asks the pure rules, then writes in one transaction of the scope.

pub mod batch;
pub mod campaign;
pub mod capacity_assessment;
pub mod case;
pub mod case_service;
pub mod check;
pub mod child;
pub mod complaint;
pub mod consent;
pub mod cpms_observation;
pub mod feed;
pub mod import;
pub mod import_ctdc;
pub mod import_visits;
pub mod organisation;
pub mod partner;
pub mod person;
pub mod project;
pub mod referral;
pub mod resource_centre;
pub mod survivor;
pub mod test_result;
pub mod training;
pub mod training_session;
pub mod visit;
pub mod visit_change;
pub mod visit_work;
mod visitor;
pub mod webhook;

use uuid::Uuid;

use crate::error::Errors;

/// What an act answers: the record it made or changed, or everything that kept it from happening.
pub type Done = Result<Uuid, Errors>;
