//! Partners, consents and referrals, sent and received.

use entity::case::RiskLevel;
use entity::case_service::ServiceType;
use entity::consent::{self, ConsentGiver, ConsentMethod, ConsentScope, InformationGiven};
use entity::list::List;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::referral::{self, ReferralDirection, ReferralField, ReferralReason, ReferralStatus};
use entity::screening_request::ForcedLabourSign;
use entity::user::RoleCode;
use entity::visit::{VisitTopic, VisitorKind};
use entity::{ids, partner};
use sea_orm::Set;

use super::{Seed, day, every, instant, int, pick};

impl Seed {
    pub(super) async fn referrals(&self) {
        for number in 0..self.to.count(3) {
            self.partner(number).await;
        }
        for number in 0..self.to.count(6) {
            self.consent(number).await;
        }
        for number in 0..self.to.count(8) {
            self.referral(number).await;
        }
    }

    /// There is nobody behind them: an organisation of the tests would be named in the other's rows.
    async fn partner(&self, number: usize) {
        let row = partner::ActiveModel {
            code: Set(format!("PARTNER-{number}")),
            name_en: Set(self.to.own("Partner")),
            name_my: Set(every(2, number, "မိတ်ဖက်".to_owned())),
            name_th: Set(None),
            services: Set(List::codes([ServiceType::LegalAssistance, ServiceType::Psychosocial])),
            agreed_on: Set(day(number / 2)),
            ends_on: Set(every(2, number + 1, day(30))),
            desk_id: Set(self.to.user(pick(&[RoleCode::MrcCounsellor, RoleCode::Supervisor], number))),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }

    async fn consent(&self, number: usize) {
        let row = consent::ActiveModel {
            visit_id: Set(self.id("visit", number)),
            obtained_by_id: Set(every(4, number + 1, ()).map_or(Some(self.to.user(RoleCode::MrcCounsellor)), |()| None)),
            given_on: Set(day(number / 2)),
            given_by: Set(pick(&[ConsentGiver::Individual, ConsentGiver::Parent], number)),
            method: Set(pick(&[ConsentMethod::Written, ConsentMethod::VerbalWitnessed], number)),
            language: Set("shn".to_owned()),
            scopes: Set(List::codes([ConsentScope::Services, ConsentScope::ShareWithOtherOrganisations])),
            information_given: Set(List::codes([InformationGiven::Purpose])),
            child_assent: Set(pick(&[Answer::NotAsked, Answer::Yes], number)),
            expires_on: Set(day(400 + number / 2)),
            withdrawn_on: Set(every(3, number + 1, day(40))),
            withdrawal_reason: Set(every(3, number + 1, self.to.own("Afraid"))),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }

    async fn referral(&self, number: usize) {
        use ReferralStatus as S;
        let sent = number.is_multiple_of(2);
        let all = [S::Sent, S::Received, S::Accepted, S::InService, S::Completed, S::Rejected];
        let status = pick(&all, number);
        let live = number % 6 < 4;
        let kept = |text: &str| (sent || live).then(|| self.to.own(text));
        let row = referral::ActiveModel {
            direction: Set(if sent { ReferralDirection::Sent } else { ReferralDirection::Received }),
            partner_id: Set(self.id("partner", number % 3)),
            counterpart_id: Set(self.id("referral_there", number)),
            visit_id: Set(sent.then(|| self.id("visit", number))),
            consent_id: Set(sent.then(|| self.id("consent", number % 6))),
            consent_hash: Set(format!("{number:064x}")),
            handler_id: Set(every(5, number + 1, ()).map_or(
                Some(self.to.user(pick(&[RoleCode::MrcCounsellor, RoleCode::Supervisor], number / 2))),
                |()| None,
            )),
            service_type: Set(pick(&[ServiceType::LegalAssistance, ServiceType::Psychosocial], number)),
            reason: Set(ReferralReason::AdditionalServices),
            risk_level: Set(every(3, number, RiskLevel::High)),
            status: Set(status),
            sent_at: Set(instant(number / 2)),
            acknowledge_by: Set(instant(3 + number / 2)),
            meet_by: Set(every(6, number + 4, day(20))),
            responded_at: Set((number % 6 > 1).then(|| instant(2 + number))),
            expires_on: Set(day(400 + number / 3)),
            ended_at: Set((!live).then(|| instant(9 + number))),
            end_reason: Set(every(6, number + 1, self.to.own("Full"))),
            provider_note: Set(every(6, number + 2, self.to.own("Helped"))),
            purpose: Set(kept("Legal advice")),
            shared: Set(List::codes([ReferralField::Sex, ReferralField::Topics])),
            name: Set(kept("Daw Mya").filter(|_| number % 4 < 2)),
            phone: Set(None),
            ticket: Set(kept("T")),
            visitor_kind: Set(every(2, number, VisitorKind::Returnee)),
            sex: Set(every(2, number, pick(&[Sex::Female, Sex::Refused], number / 2))),
            age_years: Set(every(4, number, int(15 + number))),
            home_township_id: Set(every(2, number, ids::location("MMR015009"))),
            destination: Set(every(4, number, "TH".to_owned())),
            topics: Set(every(2, number, List::codes([VisitTopic::Health, VisitTopic::Remittances]))),
            disability: Set(every(4, number, Answer::Yes)),
            displacement: Set(every(4, number, DisplacementStatus::Idp)),
            signs: Set(every(4, number, List::codes([ForcedLabourSign::Deception]))),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }
}
