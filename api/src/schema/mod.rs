//! The GraphQL face: assembles Query and Mutation, and runs operations. Reads go to the plan; mutations are written in
//! one file a noun.

mod batch;
pub mod campaign;
pub mod capacity_assessment;
pub mod case;
pub mod case_service;
pub mod child;
pub mod complaint;
pub mod consent;
pub mod cpms_observation;
mod cubes;
mod day;
pub mod directory;
mod engine;
pub mod partner;
mod person;
mod purse;
mod query;
mod record;
pub mod referral;
mod scalars;
mod subscription;
pub mod survivor;
pub mod training;
pub mod training_batches;
mod types;
pub mod visit;
pub mod visit_change;
pub mod visit_work;
pub mod webhook;
mod writes;

pub use crate::service::webhook::Webhooks;
pub use engine::{Ask, Engine, Event, Prepared, Reply};
pub use purse::Purse;

use async_graphql::{MergedObject, Schema};
use subscription::SubscriptionRoot;

/// Everything that can be changed. Each act says in its payload what it made, or field by field what kept it from happening.
#[derive(MergedObject, Default)]
pub struct Mutation(
    visit::VisitMutation,
    visit_change::VisitChangeMutation,
    child::ChildMutation,
    case::CaseMutation,
    case_service::CaseServiceMutation,
    survivor::SurvivorMutation,
    cpms_observation::CpmsObservationMutation,
    capacity_assessment::CapacityAssessmentMutation,
    complaint::ComplaintMutation,
    visit_work::VisitWorkMutation,
    directory::DirectoryMutation,
    partner::PartnerMutation,
    consent::ConsentMutation,
    referral::ReferralMutation,
    webhook::WebhookMutation,
    training::TrainingMutation,
    training_batches::TrainingBatchMutation,
    campaign::CampaignMutation,
);

type Served = Schema<query::Query, Mutation, SubscriptionRoot>;

fn build() -> Served {
    Schema::build(query::Query, Mutation::default(), SubscriptionRoot::default())
        .extension(engine::Validated)
        .disable_suggestions()
        .limit_recursive_depth(64)
        .finish()
}

/// The schema as text: what `schema.graphql` holds.
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new().include_specified_by().prefer_single_line_descriptions();
    let mut text = build().sdl_with_options(options);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}
