//! Cases with their parts, survivors, capacity assessments, and what the server itself writes down.

use chrono::{DateTime, Utc};
use entity::capacity_assessment::{self, CapacityAssessmentKind, CapacityMethod, CapacityStatus};
use entity::case::{self, CaseStatus, CaseWorkflow, IdentificationSource, LegalBasis, Module, RiskLevel};
use entity::case_service::{self, ServiceImplementation, ServiceResponse, ServiceTimeframe, ServiceType};
use entity::exploitation_episode::{self, ExploitationKind, IsicSection, MeansOfControl, RecruiterRelation};
use entity::follow_up::{self, FollowUpKind};
use entity::list::List;
use entity::person::Answer;
use entity::protection_concern::{self, ConcernKind, ConcernStage};
use entity::survivor::{self, HtcdsCaseStatus, NationalIdentification};
use entity::trafficking_screening::{self, SafetyCheck, ScreeningResult, TraffickingAct, TraffickingMeans};
use entity::user::RoleCode;
use entity::{audit_event, case_note, domain_score, idempotency, ids, item_score};
use sea_orm::Set;
use uuid::Uuid;

use super::{Seed, day, every, instant, int, pick, texts};

impl Seed {
    pub(super) async fn cases(&self) {
        for number in 0..self.to.count(3) {
            self.survivor(number).await;
        }
        for number in 0..self.to.count(6) {
            self.case(number).await;
            self.case_parts(number).await;
        }
    }

    async fn case(&self, number: usize) {
        let child = number.is_multiple_of(2);
        let owners = [RoleCode::Caseworker, RoleCode::Supervisor, RoleCode::Caseworker];
        let row = case::ActiveModel {
            display_number: Set(format!("2026-{number:04}")),
            module: Set(if child { Module::ChildProtection } else { Module::Trafficking }),
            owner_id: Set(self.to.user(pick(&owners, number))),
            status: Set(pick(&[CaseStatus::Open, CaseStatus::Open, CaseStatus::Closed], number)),
            workflow: Set(pick(&[CaseWorkflow::Registered, CaseWorkflow::Assessed, CaseWorkflow::Closed], number)),
            child_id: Set(child.then(|| self.id("child", number % 5))),
            survivor_id: Set((!child).then(|| self.id("survivor", number % 3))),
            project_id: Set(every(2, number, self.id("project", 0))),
            township_id: Set(every(3, number, ids::location("MMR015009"))),
            identified_through: Set(IdentificationSource::Hotline),
            risk_level: Set(every(2, number, RiskLevel::High)),
            is_urgent: Set(number == 1),
            legal_basis: Set(every(2, number, LegalBasis::Consent)),
            goals: Set(texts(&["ကျောင်းပြန်တက်ရန်"])),
            registered_on: Set(day(number / 2)),
            assessment_due_on: Set(every(2, number, day(10 + number))),
            plan_due_on: Set(every(3, number, day(20 + number))),
            closed_on: Set(every(3, number + 1, day(40))),
            closure_note: Set(every(3, number + 1, self.to.own("Closed"))),
            duplicate_of_id: Set(every(5, number, self.id("case", 0)).filter(|_| number > 0)),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }

    async fn case_parts(&self, number: usize) {
        let key = number.to_string();
        let case = self.id("case", number % 4);
        let concern = protection_concern::ActiveModel {
            case_id: Set(case),
            kind: Set(pick(&[ConcernKind::TraffickedSmuggled, ConcernKind::Neglect], number)),
            found_at: Set(ConcernStage::Registration),
            observed_on: Set(every(2, number, day(number))),
            details: Set(every(2, number, self.to.own("Details"))),
            is_open: Set(number != 1),
            ..Default::default()
        };
        self.put(&key, number, concern).await;
        let service = case_service::ActiveModel {
            case_id: Set(case),
            response_kind: Set(ServiceResponse::CarePlan),
            service_type: Set(pick(&[ServiceType::Psychosocial, ServiceType::LegalAssistance], number)),
            requested_on: Set(day(number / 2)),
            timeframe: Set(every(2, number, ServiceTimeframe::Within1Day)),
            agency: Set(every(2, number, self.to.own("Clinic"))),
            place_id: Set(every(2, number, ids::location("TH85"))),
            implementation: Set(ServiceImplementation::NotImplemented),
            provider_note: Set(every(2, number, self.to.own("Provider"))),
            ..Default::default()
        };
        self.put(&key, number, service).await;
        let follow_up = follow_up::ActiveModel {
            case_id: Set(case),
            kind: Set(FollowUpKind::InCare),
            needed_by: Set(day(50 + number / 2)),
            done_on: Set(every(2, number, day(55))),
            child_seen: Set(pick(&[Answer::Yes, Answer::NotAsked], number)),
            action_taken: Set(every(2, number, self.to.own("Talked"))),
            recommends_closing: Set(number == 0),
            ..Default::default()
        };
        self.put(&key, number, follow_up).await;
        let note = case_note::ActiveModel {
            case_id: Set(case),
            body: Set(self.to.own("မှတ်တမ်း บันทึก note")),
            written_at: Set(instant(number / 2)),
            author_id: Set(every(2, number, self.to.user(RoleCode::Caseworker))),
            ..Default::default()
        };
        self.put(&key, number, note).await;
    }

    async fn survivor(&self, number: usize) {
        let row = survivor::ActiveModel {
            person_id: Set(self.id("person", 5 + number)),
            code: Set(format!("S-{number:04}")),
            registered_on: Set(day(number / 2)),
            registered_year: Set(2026),
            case_worker_id: Set(Some(self.to.user(pick(&[RoleCode::Caseworker, RoleCode::MrcCounsellor], number)))),
            age_band: Set(every(2, number, "18-20".to_owned())),
            citizenship: Set(every(2, number, "MM".to_owned())),
            status: Set(pick(&[HtcdsCaseStatus::Active, HtcdsCaseStatus::Closed], number)),
            national_identification: Set(NationalIdentification::Presumed),
            import_source: Set(every(2, number, "HTCDS".to_owned())),
            import_key: Set(every(2, number, format!("{number}"))),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }

    pub(super) async fn trafficking(&self) {
        for number in 0..self.to.count(4) {
            let key = number.to_string();
            let episode = exploitation_episode::ActiveModel {
                survivor_id: Set(self.id("survivor", number % 3)),
                kinds: Set(List::codes([ExploitationKind::ForcedLabour])),
                industry: Set(every(2, number, IsicSection::FConstruction)),
                sex_kinds: Set(List(Vec::new())),
                country: Set(every(2, number, "TH".to_owned())),
                place_id: Set(every(2, number, ids::location("TH85"))),
                started_on: Set(every(2, number, day(number))),
                age_at_start: Set(every(2, number, 16)),
                months: Set(every(3, number, 7)),
                means_of_control: Set(List::codes([MeansOfControl::DebtBondage])),
                recruiter_relation: Set(every(2, number, RecruiterRelation::Friend)),
                is_forced_labour: Set(Answer::Yes),
                is_sexual_exploitation: Set(pick(&[Answer::No, Answer::NotAsked], number)),
                ..Default::default()
            };
            self.put(&key, number, episode).await;
            let screening = trafficking_screening::ActiveModel {
                survivor_id: Set(every(2, number, self.id("survivor", number % 3))),
                person_id: Set(self.id("person", number)),
                screened_on: Set(day(number / 2)),
                interviewer_id: Set(Some(self.to.user(pick(&[RoleCode::MrcCounsellor, RoleCode::Caseworker], number)))),
                place_id: Set(every(2, number, ids::location("MMR015009"))),
                safety_checks: Set(List::codes([SafetyCheck::PrivatePlace])),
                is_child: Set(pick(&[Answer::No, Answer::Yes], number)),
                acts: Set(List::codes([TraffickingAct::Recruitment])),
                means: Set(List::codes([TraffickingMeans::Deception])),
                purposes: Set(List::codes([ExploitationKind::ForcedLabour])),
                indicators_met: Set(number != 1),
                result: Set(every(2, number, ScreeningResult::PossibleVictim)),
                override_reason: Set(every(3, number, self.to.own("Reason"))),
                ..Default::default()
            };
            self.put(&key, number, screening).await;
        }
    }

    pub(super) async fn capacity(&self) {
        for number in 0..self.to.count(3) {
            let key = number.to_string();
            let assessment = capacity_assessment::ActiveModel {
                tool_id: Set(ids::capacity_tool("OCA", "1")),
                kind: Set(pick(&[CapacityAssessmentKind::Baseline, CapacityAssessmentKind::Annual], number)),
                method: Set(CapacityMethod::FacilitatedSelf),
                facilitator: Set(every(2, number, self.to.own("Facilitator"))),
                facilitator_id: Set(every(2, number, self.to.user(RoleCode::CapacityFacilitator))),
                participants: Set(every(2, number, int(12 + number))),
                started_on: Set(day(number / 2)),
                status: Set(pick(&[CapacityStatus::Draft, CapacityStatus::Scored], number)),
                overall_self: Set(every(2, number, 2.5)),
                overall_agreed: Set(every(2, number, 2.25)),
                ..Default::default()
            };
            self.put(&key, number, assessment).await;
        }
        let items = self.shared("SELECT id FROM capacity_item ORDER BY id LIMIT 6").await;
        for (number, item) in items.into_iter().enumerate() {
            let score = item_score::ActiveModel {
                assessment_id: Set(self.id("capacity_assessment", number % 3)),
                item_id: Set(item),
                self_score: Set(every(2, number, 3)),
                agreed_score: Set(every(3, number, 2)),
                is_not_applicable: Set(number == 1),
                justification: Set(every(2, number, self.to.own("Because"))),
                ..Default::default()
            };
            self.put(&number.to_string(), number, score).await;
        }
        let domains = self.shared("SELECT id FROM capacity_domain ORDER BY id LIMIT 4").await;
        for (number, domain) in domains.into_iter().enumerate() {
            let score = domain_score::ActiveModel {
                assessment_id: Set(self.id("capacity_assessment", number % 3)),
                domain_id: Set(domain),
                self_sum: Set(int(number)),
                self_count: Set(3),
                agreed_sum: Set(2),
                agreed_count: Set(1),
                item_count: Set(4),
                ..Default::default()
            };
            self.put(&number.to_string(), number, score).await;
        }
    }

    async fn shared(&self, sql: &str) -> Vec<Uuid> {
        use sea_orm::ConnectionTrait as _;
        let statement = sea_orm::Statement::from_string(self.tx.get_database_backend(), sql);
        let rows = self.tx.query_all_raw(statement).await.expect("reference rows");
        rows.iter().map(|row| row.try_get_by_index(0).expect("an id")).collect()
    }

    pub(super) async fn operations(&self) {
        for number in 0..self.to.count(3) {
            let at = instant(number / 2);
            let event = audit_event::ActiveModel {
                id: Set(made_at(at, self.id("audit_event", number))),
                at: Set(at),
                user_id: Set(every(2, number, self.to.user(RoleCode::Supervisor))),
                role: Set("SUPERVISOR".to_owned()),
                action: Set("VISIT_RECORD".to_owned()),
                outcome: Set(pick(&["ALLOWED", "DENIED"], number).to_owned()),
                record_type: Set(every(2, number, "Visit".to_owned())),
                record_id: Set(every(2, number, self.id("visit", number))),
                fields: Set(texts(&["ticket"])),
                request_id: Set(format!("seed-{number}")),
                records: Set(every(3, number, self.id("visit", number + 1).as_bytes().repeat(2))),
                ..Default::default()
            };
            self.put(&number.to_string(), number, event).await;
            let answered = idempotency::ActiveModel {
                user_id: Set(self.to.user(RoleCode::Supervisor)),
                operation: Set("VISIT_RECORD".to_owned()),
                key: Set(format!("key-{number}")),
                body_hash: Set("0".repeat(64)),
                record_id: Set(self.id("visit", number)),
                answer: Set(String::new()),
                ..Default::default()
            };
            self.put(&number.to_string(), number, answered).await;
        }
    }
}

/// The UUIDv7 of an instant that is told from others by another id.
fn made_at(at: DateTime<Utc>, other: Uuid) -> Uuid {
    let rest = *other.as_bytes().last_chunk().expect("ten bytes");
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(at.timestamp_millis()).expect("after 1970"), &rest)
        .into_uuid()
}
