//! The policy table of reading: role × area → reach and the highest class. Source: domain catalogue 7.2 and 7.3.

use entity::{Code, user::RoleCode};

use super::{Area, Class, Reach};

/// What a role reads in an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grant {
    /// Rows within the organisation.
    pub reach: Reach,
    /// Fields up to this class.
    pub class: Class,
}

/// Every role, in the order of the catalogue.
pub fn roles() -> Vec<RoleCode> {
    RoleCode::all()
}

/// What `role` reads in `area`; `None` is nothing at all, and the default.
pub fn reading(role: RoleCode, area: Area) -> Option<Grant> {
    use Area::{
        Audit, Capacity, Cases, Cpms, Directory, People, Reference, Referrals, Trafficking, Training, Visits, Webhooks,
    };
    use Class::{Internal, Personal, Public, Sensitive};
    use Reach::{Organisation, Own, Team};
    let grant = |reach, class| Some(Grant { reach, class });
    match (role, area) {
        (_, Reference) => grant(Organisation, Public),
        (RoleCode::SurvivorSelf, _) => None,
        (RoleCode::NetworkCoordinator, Directory) => grant(Organisation, Public),
        (RoleCode::OrgAdmin, Directory) => grant(Organisation, Personal),
        (_, Directory) => grant(Organisation, Internal),

        (RoleCode::Caseworker, People | Cpms | Cases | Trafficking) => grant(Own, Sensitive),
        (RoleCode::Supervisor, People | Cpms | Cases | Trafficking | Visits | Referrals | Training) => {
            grant(Team, Sensitive)
        }
        (RoleCode::MrcCounsellor, Visits | Referrals | Trafficking | People | Training) => grant(Own, Sensitive),
        (RoleCode::CommunityVolunteer, People | Cpms) => grant(Own, Personal),
        (RoleCode::OrgDataOfficer, People | Cpms | Cases | Visits | Referrals | Capacity | Training) => {
            grant(Organisation, Internal)
        }
        // What a webhook names is read by the system that is told.
        (RoleCode::Integration, Referrals | Webhooks) | (RoleCode::OrgAdmin, Webhooks) => grant(Organisation, Internal),
        (RoleCode::OrgAdmin, Capacity) => grant(Organisation, Personal),
        (RoleCode::OrgAdmin, Training) => grant(Organisation, Internal),
        (RoleCode::CapacityFacilitator, Capacity | Training) | (RoleCode::TrainingOfficer, Training) => {
            grant(Own, Personal)
        }
        (RoleCode::Auditor, Audit) => grant(Organisation, Internal),
        // The own acts; and who read or changed a record within reach, by `accessTrail`.
        (RoleCode::Supervisor, Audit) => grant(Own, Internal),
        _ => None,
    }
}
