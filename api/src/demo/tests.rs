use std::time::Duration;

use entity::ids;
use entity::value::Scalar;

use super::*;
use crate::db::{Rows, Settings, Snapshot, migrate};

struct World {
    database: Database,
    clock: Clock,
    counts: Counts,
    _folder: tempfile::TempDir,
}

async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("lanpya.db").display());
    migrate(&url).await.unwrap();
    let settings = Settings { url, connections: 1, statement_timeout: Duration::from_mins(1), audit_reads: true };
    let database = Database::open(&settings).await.unwrap();
    let clock = Clock::manual("2026-03-02T09:00:00Z".parse().unwrap());
    let counts = fill(&database, &clock, &mut |_| {}).await.unwrap();
    World { database, clock, counts, _folder: folder }
}

async fn rows(tx: &Snapshot, sql: &str) -> Rows {
    tx.rows(sql.into(), Vec::new()).await.unwrap()
}

fn number(rows: &Rows, row: usize) -> i64 {
    rows.cell(row, 0, Scalar::Int).unwrap().int().unwrap()
}

/// Statements that count what must not be; today is the second of March 2026.
const NEVER: [&str; 31] = [
    "SELECT COUNT(*) FROM person WHERE full_name NOT LIKE '%Example' AND full_name NOT LIKE '%Sample' \
     AND full_name NOT LIKE '%Specimen' AND full_name NOT LIKE '%Testwin' AND full_name NOT LIKE '%Fictiva'",
    "SELECT COUNT(*) FROM person WHERE phone NOT LIKE '+95 9 000 000 ___'",
    "SELECT COUNT(*) FROM \"case\" WHERE (status = 'CLOSED') <> (workflow = 'CLOSED')",
    "SELECT COUNT(*) FROM \"case\" WHERE (status = 'CLOSED') <> (closed_on IS NOT NULL)",
    "SELECT COUNT(*) FROM \"case\" WHERE (closed_on IS NULL) <> (closure_reason IS NULL)",
    "SELECT COUNT(*) FROM \"case\" WHERE (status = 'DUPLICATE') <> (duplicate_of_id IS NOT NULL)",
    "SELECT COUNT(*) FROM \"case\" WHERE assessed_on < registered_on OR planned_on < assessed_on \
     OR closed_on < planned_on OR closed_on > '2026-03-02' OR planned_on > '2026-03-02' \
     OR registered_on > '2026-03-02'",
    "SELECT COUNT(*) FROM \"case\" WHERE planned_on IS NOT NULL AND (goals = '[]' OR risk_level IS NULL \
     OR legal_basis IS NULL OR assessed_on IS NULL)",
    "SELECT COUNT(*) FROM \"case\" WHERE workflow IN ('IDENTIFIED', 'REGISTERED') AND assessed_on IS NOT NULL",
    "SELECT COUNT(*) FROM \"case\" WHERE (child_id IS NULL) = (survivor_id IS NULL)",
    "SELECT COUNT(*) FROM case_service s JOIN \"case\" c ON c.id = s.case_id \
     WHERE c.workflow IN ('CLOSED', 'FOLLOW_UP') AND s.implementation <> 'IMPLEMENTED'",
    "SELECT COUNT(*) FROM case_service s JOIN \"case\" c ON c.id = s.case_id \
     WHERE s.requested_on < c.planned_on OR s.implemented_on < s.requested_on OR s.implemented_on > c.closed_on \
     OR (s.implementation = 'IMPLEMENTED') <> (s.implemented_on IS NOT NULL)",
    "SELECT COUNT(*) FROM \"case\" c WHERE workflow = 'IN_SERVICE' AND NOT EXISTS (SELECT 1 FROM case_service s \
     WHERE s.case_id = c.id AND s.implementation = 'NOT_IMPLEMENTED')",
    "SELECT COUNT(*) FROM follow_up f JOIN \"case\" c ON c.id = f.case_id \
     WHERE c.workflow = 'CLOSED' AND (f.done_on IS NULL OR f.done_on > c.closed_on)",
    "SELECT COUNT(*) FROM \"case\" c WHERE NOT EXISTS (SELECT 1 FROM protection_concern p WHERE p.case_id = c.id)",
    "SELECT COUNT(*) FROM cpms_observation o WHERE (SELECT COUNT(*) FROM cpms_answer a \
     WHERE a.observation_id = o.id) <> 23 OR o.collected_on > '2026-03-02'",
    "SELECT COUNT(*) FROM cpms_observation o WHERE (o.risk_class = 'VICTIM') <> EXISTS (SELECT 1 FROM cpms_answer a \
     WHERE a.observation_id = o.id AND a.answer = 'YES' AND a.code IN ('C06_NEGLECTED', 'C13_VICTIM_OF_VIOLENCE'))",
    "SELECT COUNT(*) FROM visit WHERE visited_on > '2026-03-02' OR (call_kind IS NOT NULL AND channel <> 'PHONE')",
    "SELECT COUNT(*) FROM visit v JOIN resource_centre c ON c.id = v.centre_id WHERE v.visited_on < c.opened_on",
    "SELECT COUNT(*) FROM complaint c WHERE NOT EXISTS (SELECT 1 FROM complainant p WHERE p.complaint_id = c.id) \
     OR (claimed_amount IS NULL) <> (claimed_currency IS NULL) OR (awarded_amount IS NULL) <> (awarded_currency IS NULL) \
     OR (resolved_on IS NULL) <> (status IN ('RECEIVED', 'SCREENING', 'MEDIATION', 'ADMINISTRATIVE', 'COURT')) \
     OR resolved_on < filed_on OR resolved_on > '2026-03-02'",
    "SELECT COUNT(*) FROM visit v WHERE (signs <> '[]') <> EXISTS (SELECT 1 FROM screening_request r WHERE r.visit_id = v.id)",
    "SELECT COUNT(*) FROM visit_follow_up f JOIN visit v ON v.id = f.visit_id WHERE NOT v.needs_follow_up \
     OR f.needed_by < v.visited_on OR f.done_on < v.visited_on OR f.done_on > '2026-03-02' \
     OR (f.done_on IS NULL) <> (f.outcome IS NULL)",
    "SELECT COUNT(*) FROM direct_assistance a JOIN visit v ON v.id = a.visit_id WHERE a.given_on < v.visited_on \
     OR a.given_on > '2026-03-02' OR (a.value_amount IS NULL) <> (a.value_currency IS NULL)",
    "SELECT COUNT(*) FROM referral r WHERE NOT EXISTS (SELECT 1 FROM referral o WHERE o.id = r.counterpart_id \
     AND o.counterpart_id = r.id AND o.status = r.status AND o.direction <> r.direction)",
    "SELECT COUNT(*) FROM referral WHERE sent_at > '2026-03-02T24' OR (ended_at IS NOT NULL AND direction = 'RECEIVED' \
     AND (purpose IS NOT NULL OR ticket IS NOT NULL))",
    "SELECT COUNT(*) FROM webhook_delivery d WHERE (state = 'PENDING') <> (next_attempt_at IS NOT NULL) \
     OR (state = 'PENDING') <> EXISTS (SELECT 1 FROM webhook_queue q WHERE q.delivery_id = d.id) \
     OR (state = 'SENT') <> (sent_at IS NOT NULL) OR occurred_at > '2026-03-02T09'",
    "SELECT COUNT(*) FROM attendance a JOIN training_session s ON s.id = a.session_id WHERE a.held_on <> s.starts_on \
     OR a.curriculum_id <> s.curriculum_id OR s.ends_on > '2026-03-02' \
     OR a.days > julianday(s.ends_on) - julianday(s.starts_on) + 1",
    "SELECT COUNT(*) FROM test_result r WHERE (change IS NOT NULL) <> (phase <> 'PRE' AND EXISTS (SELECT 1 \
     FROM test_result b WHERE b.session_id = r.session_id AND b.participant_key = r.participant_key AND b.phase = 'PRE'))",
    "SELECT COUNT(*) FROM delivery_stat d JOIN campaign c ON c.id = d.campaign_id WHERE answered > sent \
     OR listened_at_least_percent > answered OR key_message_completed > answered OR reported_on > '2026-03-02' \
     OR reported_on < c.starts_on",
    "SELECT COUNT(*) FROM trafficking_screening WHERE result = 'ACTUAL_VICTIM' AND NOT indicators_met",
    "SELECT COUNT(*) FROM capacity_assessment c WHERE (c.status = 'DRAFT') <> NOT EXISTS (SELECT 1 FROM item_score i \
     WHERE i.assessment_id = c.id)",
];

/// Statements that count what must be there.
const ALWAYS: [&str; 13] = [
    "SELECT COUNT(*) FROM \"case\" WHERE status = 'OPEN' AND assessed_on IS NULL AND assessment_due_on < '2026-03-02'",
    "SELECT COUNT(*) FROM follow_up WHERE done_on IS NULL AND needed_by < '2026-03-02'",
    "SELECT COUNT(*) FROM visit_follow_up WHERE done_on IS NULL AND needed_by < '2026-03-02'",
    "SELECT COUNT(*) FROM screening_request WHERE screening_id IS NULL AND visit_id IS NOT NULL",
    "SELECT COUNT(*) FROM child WHERE latest_risk_class = 'HIGH_RISK'",
    "SELECT COUNT(*) FROM visit v JOIN app_user u ON u.id = v.counsellor_id WHERE u.subject = 'mrc_counsellor'",
    "SELECT COUNT(*) FROM \"case\" c JOIN app_user u ON u.id = c.owner_id WHERE u.subject = 'supervisor'",
    "SELECT COUNT(*) FROM referral WHERE direction = 'RECEIVED' AND status = 'SENT' AND name IS NULL AND ticket IS NOT NULL",
    "SELECT COUNT(*) FROM referral WHERE status = 'COMPLETED'",
    "SELECT COUNT(*) FROM webhook_delivery WHERE state = 'FAILED'",
    "SELECT COUNT(*) FROM webhook_delivery WHERE state = 'SENT'",
    "SELECT COUNT(*) FROM test_result WHERE phase = 'POST' AND change IS NULL",
    "SELECT COUNT(*) FROM training_session s JOIN app_user u ON u.id = s.officer_id WHERE u.subject = 'training_officer'",
];

#[tokio::test]
async fn the_demo_is_plausible() {
    let world = world().await;
    let expected = [("child", 3_000), ("case", 1_500), ("survivor", 400), ("visit", 5_000), ("household", 700)];
    for (noun, count) in expected {
        assert_eq!(world.counts.get(noun), Some(&count), "{noun}");
    }
    let total: u64 = world.counts.values().sum();
    assert!(total.abs_diff(ROWS) < ROWS / 20, "{total}");
    let scope = Scope::operator(world.database.clone(), ids::organisation("LEAD"), world.clock.clone());
    let tx = scope.read().await.unwrap();
    for sql in NEVER {
        assert_eq!(number(&rows(&tx, sql).await, 0), 0, "{sql}");
    }
    for sql in ALWAYS {
        assert!(number(&rows(&tx, sql).await, 0) > 0, "{sql}");
    }
    let users = rows(&tx, "SELECT COUNT(*) FROM app_user GROUP BY organisation_id").await;
    assert_eq!((users.len(), number(&users, 0)), (3, 25));
}
