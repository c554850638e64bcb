//! What makes a row somebody's: beside each table, its area and the columns or parents that name a user.

use super::Area;

/// When a row counts as a user's own. A user id in `created_by` does, but for [`Own::Only`].
#[derive(Clone, Copy, Debug)]
pub enum Own {
    /// Reach does not narrow this table within the organisation.
    Everyone,
    /// One of these columns holds the user's id.
    By(&'static [&'static str]),
    /// The same of a table whose rows nobody makes: it has no `created_by`.
    Only(&'static [&'static str]),
    /// A row of `table` whose column `there` equals this row's column `here` is the user's own.
    Through(&'static [Link]),
    /// Either of both.
    ByOrThrough(&'static [&'static str], &'static [Link]),
}

/// A step to the row that carries the ownership.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The other table.
    pub table: &'static str,
    /// Column of this row.
    pub here: &'static str,
    /// Column of the other row.
    pub there: &'static str,
}

const fn link(table: &'static str, here: &'static str, there: &'static str) -> Link {
    Link { table, here, there }
}

/// Whether a row of `table` whose column `here` names a row of `parent` by its column `there` is within every reach that
/// row is within: what a user may see of a case's services follows from the case.
pub fn follows(table: &str, here: &str, parent: &str, there: &str) -> bool {
    let links = match holding(table) {
        Some((_, Own::Through(links) | Own::ByOrThrough(_, links))) => links,
        _ => &[],
    };
    links.iter().any(|link| (link.here, link.table, link.there) == (here, parent, there))
}

/// Area and ownership of a table. A table without an entry cannot be read through the graph.
pub fn holding(table: &str) -> Option<(Area, Own)> {
    const CHILD_CASES: &[Link] = &[link("case", "id", "child_id")];
    const HOUSEHOLD: &[Link] = &[link("child", "id", "household_id")];
    const MEMBER: &[Link] = &[link("person", "person_id", "id")];
    const OBSERVED: &[Link] = &[link("child", "child_id", "id")];
    const OBSERVATION: &[Link] = &[link("cpms_observation", "observation_id", "id")];
    const SURVIVOR_CASES: &[Link] = &[link("case", "id", "survivor_id")];
    const CASE: &[Link] = &[link("case", "case_id", "id")];
    const SURVIVOR: &[Link] = &[link("survivor", "survivor_id", "id")];
    const VISIT: &[Link] = &[link("visit", "visit_id", "id")];
    const COMPLAINT: &[Link] = &[link("complaint", "complaint_id", "id")];
    const ASKED: &[Link] = &[link("visit", "visit_id", "id"), link("complaint", "complaint_id", "id")];
    const ASSESSMENT: &[Link] = &[link("capacity_assessment", "assessment_id", "id")];
    const SESSION: &[Link] = &[link("training_session", "session_id", "id")];
    const CAMPAIGN: &[Link] = &[link("campaign", "campaign_id", "id")];
    const PERSON: &[Link] = &[
        link("child", "id", "person_id"),
        link("survivor", "id", "person_id"),
        link("visit", "id", "person_id"),
        link("trafficking_screening", "id", "person_id"),
    ];
    Some(match table {
        "location" | "place_name" | "capacity_tool" | "capacity_domain" | "capacity_item" => {
            (Area::Reference, Own::Everyone)
        }
        "organisation" | "app_user" | "project" | "resource_centre" | "opening_period" | "partner" | "curriculum" => {
            (Area::Directory, Own::Everyone)
        }
        "person" => (Area::People, Own::Through(PERSON)),
        "child" => (Area::People, Own::ByOrThrough(&["registered_by"], CHILD_CASES)),
        "household" => (Area::People, Own::Through(HOUSEHOLD)),
        "household_member" => (Area::People, Own::Through(MEMBER)),
        "cpms_observation" => (Area::Cpms, Own::ByOrThrough(&["collected_by_id"], OBSERVED)),
        "cpms_answer" => (Area::Cpms, Own::Through(OBSERVATION)),
        "case" => (Area::Cases, Own::By(&["owner_id"])),
        "protection_concern" | "case_service" | "follow_up" | "case_note" => (Area::Cases, Own::Through(CASE)),
        "survivor" => (Area::Trafficking, Own::ByOrThrough(&["case_worker_id"], SURVIVOR_CASES)),
        "exploitation_episode" => (Area::Trafficking, Own::Through(SURVIVOR)),
        "trafficking_screening" => (Area::Trafficking, Own::ByOrThrough(&["interviewer_id"], SURVIVOR)),
        "audit_event" => (Area::Audit, Own::Only(&["user_id"])),
        "visit" => (Area::Visits, Own::By(&["counsellor_id"])),
        // Not through visits: whoever guessed a ticket would read what a colleague was told under it.
        "visitor" => (Area::Visits, Own::By(&[])),
        "visit_note" => (Area::Visits, Own::ByOrThrough(&["author_id"], VISIT)),
        // It says nothing but that a record is gone.
        "removal" => (Area::Visits, Own::Everyone),
        "visit_follow_up" => (Area::Visits, Own::ByOrThrough(&["assignee_id"], VISIT)),
        "direct_assistance" => (Area::Visits, Own::Through(VISIT)),
        "complaint" => (Area::Visits, Own::By(&["handler_id"])),
        "complainant" => (Area::Visits, Own::Through(COMPLAINT)),
        "screening_request" => (Area::Visits, Own::Through(ASKED)),
        "consent" => (Area::Visits, Own::ByOrThrough(&["obtained_by_id"], VISIT)),
        "referral" => (Area::Referrals, Own::ByOrThrough(&["handler_id"], VISIT)),
        "webhook_subscription" | "webhook_delivery" => (Area::Webhooks, Own::Everyone),
        "capacity_assessment" => (Area::Capacity, Own::By(&["facilitator_id"])),
        "item_score" | "domain_score" => (Area::Capacity, Own::Through(ASSESSMENT)),
        "training_session" | "campaign" => (Area::Training, Own::By(&["officer_id"])),
        "attendance" | "test_result" => (Area::Training, Own::Through(SESSION)),
        "campaign_township" | "campaign_message" | "delivery_stat" => (Area::Training, Own::Through(CAMPAIGN)),
        _ => return None,
    })
}
