//! Every code list says the same in the database, in GraphQL and in JSON; every table its owner.
#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

use std::collections::BTreeSet;
use std::fmt::Debug;

use async_graphql::resolver_utils::EnumType;
use entity::{Code, Owner, registry};
use sea_orm::ActiveEnum;
use serde::{Serialize, de::DeserializeOwned};

fn check<E>()
where
    E: Code + EnumType + ActiveEnum<Value = String> + Serialize + DeserializeOwned + Debug + PartialEq,
{
    let all = E::all();
    assert!(all.iter().eq(E::items().iter().map(|item| &item.value)));
    for (value, item) in all.iter().copied().zip(E::items()) {
        let code = value.code();
        assert!(code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'));
        assert_eq!(E::from_code(code), Some(value));
        assert_eq!(item.name, code);
        assert_eq!(value.to_value(), code);
        assert_eq!(E::try_from_value(&code.to_owned()).unwrap(), value);
        let json = serde_json::to_string(&value).unwrap();
        assert_eq!(json, format!("\"{code}\""));
        assert_eq!(serde_json::from_str::<E>(&json).unwrap(), value);
    }
    let codes: BTreeSet<&str> = all.iter().map(|value| value.code()).collect();
    assert_eq!(codes.len(), all.len());
    assert_eq!(E::from_code("no such code"), None);
}

mod codes {
    use super::check;

    #[test]
    fn have_one_name_everywhere() {
        check::<entity::person::Answer>();
        check::<entity::direct_assistance::AssistanceKind>();
        check::<entity::campaign::CampaignChannel>();
        check::<entity::visit::CallKind>();
        check::<entity::capacity_assessment::CapacityAssessmentKind>();
        check::<entity::capacity_assessment::CapacityMethod>();
        check::<entity::capacity_tool::CapacityScale>();
        check::<entity::capacity_assessment::CapacityStatus>();
        check::<entity::capacity_tool::CapacityToolKind>();
        check::<entity::case::CaseStatus>();
        check::<entity::case::CaseWorkflow>();
        check::<entity::case::ClosureReason>();
        check::<entity::complaint::ComplaintAgainst>();
        check::<entity::complaint::ComplaintKind>();
        check::<entity::complaint::ComplaintStage>();
        check::<entity::complaint::ComplaintStatus>();
        check::<entity::protection_concern::ConcernKind>();
        check::<entity::protection_concern::ConcernStage>();
        check::<entity::location::Country>();
        check::<entity::cpms_answer::CpmsIndicatorCode>();
        check::<entity::cpms_observation::CpmsRiskClass>();
        check::<entity::person::DatePrecision>();
        check::<entity::trafficking_screening::DecisionMaker>();
        check::<entity::person::DisplacementStatus>();
        check::<entity::person::DocumentationStatus>();
        check::<entity::person::EducationLevel>();
        check::<entity::exploitation_episode::ExploitationKind>();
        check::<entity::follow_up::FollowUpKind>();
        check::<entity::screening_request::ForcedLabourSign>();
        check::<entity::person::Gender>();
        check::<entity::visit::HeardThrough>();
        check::<entity::survivor::HtcdsCaseStatus>();
        check::<entity::case::IdentificationSource>();
        check::<entity::exploitation_episode::IsicSection>();
        check::<entity::case::LegalBasis>();
        check::<entity::case::LegalTrack>();
        check::<entity::location::LocationKind>();
        check::<entity::person::MaritalStatus>();
        check::<entity::exploitation_episode::MeansOfControl>();
        check::<entity::case::Module>();
        check::<entity::survivor::NationalIdentification>();
        check::<entity::follow_up::NotSeenReason>();
        check::<entity::organisation::OrganisationKind>();
        check::<entity::exploitation_episode::RecruiterRelation>();
        check::<entity::case::RiskLevel>();
        check::<entity::user::RoleCode>();
        check::<entity::trafficking_screening::SafetyCheck>();
        check::<entity::child::SchoolingStatus>();
        check::<entity::trafficking_screening::ScreeningResult>();
        check::<entity::organisation::ServiceActorType>();
        check::<entity::case_service::ServiceImplementation>();
        check::<entity::case_service::ServiceResponse>();
        check::<entity::case_service::ServiceTimeframe>();
        check::<entity::case_service::ServiceType>();
        check::<entity::person::Sex>();
        check::<entity::exploitation_episode::SexExploitationKind>();
        check::<entity::trafficking_screening::TraffickingAct>();
        check::<entity::trafficking_screening::TraffickingMeans>();
        check::<entity::case::UnaccompaniedStatus>();
        check::<entity::visit::VisitChannel>();
        check::<entity::visit::VisitService>();
        check::<entity::test_result::TestPhase>();
        check::<entity::curriculum::TrainingAudience>();
        check::<entity::visit::VisitTopic>();
        check::<entity::visit::VisitorKind>();
        check::<entity::webhook_delivery::DeliveryError>();
        check::<entity::webhook_delivery::DeliveryState>();
        check::<entity::webhook_subscription::WebhookEvent>();
    }
}

#[test]
fn tables_have_an_owner_and_a_key() {
    let tables = registry();
    let names: BTreeSet<&str> = tables.iter().map(|table| table.name).collect();
    assert_eq!(names.len(), tables.len());
    for table in tables {
        assert!(!table.primary_key.is_empty(), "{}", table.name);
        let first = table.primary_key.first().copied().unwrap();
        match table.owner {
            Owner::Organisation(column) => {
                assert_eq!(first, column, "{}", table.name);
                let owner = table.columns.iter().find(|declared| declared.name == column).unwrap();
                assert!(!owner.is_nullable, "{}", table.name);
            }
            Owner::Shared => {
                assert!(table.columns.iter().all(|column| column.name != "organisation_id"));
            }
        }
    }
}
