//! Trainings with who took part and what they learnt; campaigns with what came of them.

use entity::campaign::{self, CampaignChannel};
use entity::curriculum::{self, TrainingAudience};
use entity::list::List;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::test_result::{self, TestPhase};
use entity::user::RoleCode;
use entity::visit::VisitTopic;
use entity::{attendance, campaign_message, campaign_township, delivery_stat, ids, training_session};
use sea_orm::Set;

use super::{Seed, day, every, int, pick, texts};

/// Who looks after trainings and campaigns.
const OFFICERS: [RoleCode; 4] =
    [RoleCode::TrainingOfficer, RoleCode::Supervisor, RoleCode::MrcCounsellor, RoleCode::CapacityFacilitator];
const AUDIENCES: [TrainingAudience; 2] = [TrainingAudience::CampResidents, TrainingAudience::CsoStaff];

impl Seed {
    pub(super) async fn trainings(&self) {
        for number in 0..self.to.count(3) {
            self.curriculum(number).await;
        }
        for number in 0..self.to.count(5) {
            self.session(number).await;
        }
        for number in 0..self.to.count(12) {
            self.attendance(number).await;
        }
        for number in 0..self.to.count(10) {
            self.test_result(number).await;
        }
    }

    async fn curriculum(&self, number: usize) {
        let row = curriculum::ActiveModel {
            code: Set(format!("CUR-{number}")),
            name_en: Set(self.to.own("Safe migration")),
            name_my: Set(every(2, number, "ဘေးကင်းသော ရွှေ့ပြောင်းခြင်း".to_owned())),
            name_th: Set(every(3, number, "การย้ายถิ่นที่ปลอดภัย".to_owned())),
            audience: Set(pick(&AUDIENCES, number)),
            modules: Set(texts(&["Before you go", "ခရီးစဉ်"])),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }

    fn place(number: usize) -> Option<uuid::Uuid> {
        every(4, number + 1, ()).map_or(Some(ids::location(pick(&["MMR015009", "MMR001001"], number))), |()| None)
    }

    async fn session(&self, number: usize) {
        let row = training_session::ActiveModel {
            curriculum_id: Set(self.id("curriculum", number % 3)),
            starts_on: Set(day(20 * number)),
            ends_on: Set(day(20 * number + number % 3)),
            hours: Set(every(2, number, 12.5)),
            place_id: Set(Self::place(number)),
            language: Set(every(2, number, "kac".to_owned())),
            trainers: Set(texts(&[self.to.own("Trainer").as_str()])),
            cost_amount: Set(every(2, number, 150_000.5)),
            cost_currency: Set(every(2, number, "MMK".to_owned())),
            centre_id: Set(every(2, number, self.id("resource_centre", number % 3))),
            project_id: Set(every(3, number, self.id("project", 0))),
            officer_id: Set(every(5, number + 1, ()).map_or(Some(self.to.user(pick(&OFFICERS, number))), |()| None)),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }

    async fn attendance(&self, number: usize) {
        let session = number % 4;
        let row = attendance::ActiveModel {
            session_id: Set(self.id("training_session", session)),
            person_id: Set(every(3, number, self.id("person", number % 9))),
            participant_key: Set(every(6, number, ()).map_or(Some(format!("P-{number:03}")), |()| None)),
            sex: Set(pick(&[Sex::Female, Sex::Male, Sex::Unknown], number)),
            age_years: Set(every(4, number + 1, ()).map_or(Some(int(8 + 5 * number)), |()| None)),
            disability: Set(pick(&[Answer::No, Answer::Yes, Answer::NotAsked], number)),
            displacement: Set(pick(&[DisplacementStatus::Idp, DisplacementStatus::NotAsked], number)),
            days: Set(pick(&[1.0, 0.5, 1.5], number)),
            held_on: Set(day(20 * session)),
            curriculum_id: Set(self.id("curriculum", session % 3)),
            audience: Set(pick(&AUDIENCES, session)),
            place_id: Set(Self::place(session)),
            centre_id: Set(every(2, session, self.id("resource_centre", session % 3))),
            project_id: Set(every(3, session, self.id("project", 0))),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }

    async fn test_result(&self, number: usize) {
        let (pair, later) = (number / 2, number % 2 == 1);
        let session = pair % 4;
        let score = f64::from(int(3 + number % 7)) + 0.5;
        let row = test_result::ActiveModel {
            session_id: Set(self.id("training_session", session)),
            participant_key: Set(format!("P-{pair:03}")),
            phase: Set(if later { TestPhase::Post } else { TestPhase::Pre }),
            taken_on: Set(day(20 * session)),
            score: Set(score),
            max_score: Set(10.0),
            percent: Set(score * 10.0),
            change: Set((later && pair != 1).then_some(10.0)),
            curriculum_id: Set(self.id("curriculum", session % 3)),
            audience: Set(pick(&AUDIENCES, session)),
            place_id: Set(Self::place(session)),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }

    pub(super) async fn campaigns(&self) {
        for number in 0..self.to.count(4) {
            self.campaign(number).await;
        }
        for number in 0..self.to.count(5) {
            let township = campaign_township::ActiveModel {
                campaign_id: Set(self.id("campaign", number % 4)),
                township_id: Set(ids::location(pick(&["MMR015009", "MMR001001"], number / 4))),
                ..Default::default()
            };
            self.put(&number.to_string(), number, township).await;
            let message = campaign_message::ActiveModel {
                campaign_id: Set(self.id("campaign", number % 4)),
                position: Set(int(1 + number / 4)),
                text_en: Set(self.to.own("Ask before you go")),
                text_my: Set(every(2, number, "မသွားမီ မေးပါ".to_owned())),
                text_th: Set(None),
                ..Default::default()
            };
            self.put(&number.to_string(), number, message).await;
        }
        for number in 0..self.to.count(9) {
            self.delivered(number).await;
        }
    }

    async fn campaign(&self, number: usize) {
        let row = campaign::ActiveModel {
            provider: Set(self.to.own("Provider")),
            channel: Set(pick(&[CampaignChannel::PushIvr, CampaignChannel::Sms], number)),
            languages: Set(texts(&["my", "kac"])),
            topics: Set(List::codes([VisitTopic::Health, VisitTopic::Remittances])),
            starts_on: Set(day(number / 2)),
            ends_on: Set(every(2, number, day(200))),
            batch_ids: Set(texts(&["B-1"])),
            officer_id: Set(Some(self.to.user(pick(&OFFICERS, number)))),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }

    async fn delivered(&self, number: usize) {
        let campaign = number % 4;
        let sent = int(100 * (1 + number));
        let row = delivery_stat::ActiveModel {
            campaign_id: Set(self.id("campaign", campaign)),
            channel: Set(pick(&[CampaignChannel::PushIvr, CampaignChannel::Sms], campaign)),
            provider: Set(self.to.own("Provider")),
            reported_on: Set(day(10 * number)),
            township_id: Set(every(3, number, ids::location("MMR015009"))),
            sent: Set(sent),
            answered: Set(every(2, number, sent / 2)),
            listened_at_least_percent: Set(every(2, number, sent / 3)),
            key_message_completed: Set(every(4, number, sent / 4)),
            opted_out: Set(every(3, number, 2)),
            survey_answers: Set(every(4, number, sent)),
            referred: Set(every(3, number + 1, int(number))),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }
}
