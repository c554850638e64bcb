//! Complaints, who complains, and the talks that signs of forced labour ask for.

use entity::complaint::{self, ComplaintAgainst, ComplaintKind, ComplaintStage, ComplaintStatus};
use entity::direct_assistance::{self, AssistanceKind};
use entity::list::List;
use entity::opening_period::{self, Weekday};
use entity::person::Answer;
use entity::removal::{self, RemovalReason};
use entity::screening_request::{self, ForcedLabourSign};
use entity::user::RoleCode;
use entity::{complainant, visit_follow_up, visit_note};
use sea_orm::Set;

use super::{Seed, day, every, instant, int, pick};

impl Seed {
    pub(super) async fn complaints(&self) {
        for number in 0..self.to.count(6) {
            self.complaint(number).await;
        }
        for number in 0..self.to.count(9) {
            let row = complainant::ActiveModel {
                complaint_id: Set(self.id("complaint", number % 6)),
                person_id: Set(every(2, number, self.id("person", number % 9))),
                ticket: Set(every(3, number + 1, format!("T-{:03}", number / 2))),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
        }
        for number in 0..self.to.count(6) {
            let of_visit = number.is_multiple_of(2);
            let row = screening_request::ActiveModel {
                visit_id: Set(of_visit.then(|| self.id("visit", number))),
                complaint_id: Set((!of_visit).then(|| self.id("complaint", number % 6))),
                screening_id: Set(every(3, number + 2, self.id("trafficking_screening", number % 4))),
                signs: Set(List::codes([ForcedLabourSign::Deception, ForcedLabourSign::DebtBondage])),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
        }
    }

    async fn complaint(&self, number: usize) {
        use ComplaintStatus as S;
        let handlers = [RoleCode::MrcCounsellor, RoleCode::Supervisor, RoleCode::MrcCounsellor];
        let money = every(2, number, f64::from(int(1000 * number)) + 0.5);
        let row = complaint::ActiveModel {
            reference: Set(format!("CP-{number:04}")),
            centre_id: Set(self.id("resource_centre", number % 3)),
            visit_id: Set(every(2, number, self.id("visit", number))),
            handler_id: Set(every(5, number + 1, ()).map_or(Some(self.to.user(pick(&handlers, number))), |()| None)),
            stage: Set(pick(&[ComplaintStage::InEmployment, ComplaintStage::PreDeparture], number)),
            status: Set(pick(&[S::Received, S::Screening, S::Mediation, S::Settled], number)),
            filed_on: Set(day(number / 2)),
            filed_with: Set(every(2, number, self.to.own("Labour office"))),
            resolved_on: Set(every(4, number + 1, day(30 + number))),
            against: Set(pick(&[ComplaintAgainst::Employer, ComplaintAgainst::Broker], number)),
            respondent: Set(every(2, number, self.to.own("အေဂျင်စီ"))),
            kinds: Set(List::codes([ComplaintKind::OverchargedFees, ComplaintKind::DebtBondage])),
            remedy_sought: Set(every(3, number, self.to.own("Pay back"))),
            claimed_amount: Set(money),
            claimed_currency: Set(every(2, number, "MMK".to_owned())),
            awarded_amount: Set(every(4, number + 1, 12.25)),
            awarded_currency: Set(every(4, number + 1, "THB".to_owned())),
            recovered_amount: Set(None),
            recovered_currency: Set(None),
            retaliation_risk: Set(pick(&[Answer::NotAsked, Answer::Yes, Answer::No], number)),
            withdrawal_reason: Set(every(5, number, self.to.own("Afraid"))),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }
}

impl Seed {
    pub(super) async fn visit_work(&self) {
        for number in 0..self.to.count(6) {
            let assignees = [RoleCode::MrcCounsellor, RoleCode::Supervisor, RoleCode::Integration];
            let row = visit_follow_up::ActiveModel {
                visit_id: Set(self.id("visit", number)),
                assignee_id: Set(
                    every(4, number + 1, ()).map_or(Some(self.to.user(pick(&assignees, number))), |()| None)
                ),
                needed_by: Set(day(20 + number / 2)),
                done_on: Set(every(2, number, day(21))),
                purpose: Set(every(3, number, self.to.own("Call back"))),
                outcome: Set(every(2, number, self.to.own("Called"))),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
        }
        for number in 0..self.to.count(6) {
            let authors = [RoleCode::Supervisor, RoleCode::MrcCounsellor];
            let row = visit_note::ActiveModel {
                visit_id: Set(self.id("visit", number)),
                body: Set(self.to.own("ထပ်မံဖုန်းဆက်")),
                written_at: Set(instant(40 + number)),
                author_id: Set(every(2, number, self.to.user(pick(&authors, number / 2)))),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
            let row = opening_period::ActiveModel {
                centre_id: Set(self.id("resource_centre", number % 3)),
                weekday: Set(pick(&[Weekday::Monday, Weekday::Sunday], number / 3)),
                opens_at: Set("09:00".to_owned()),
                closes_at: Set("16:30".to_owned()),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
            let row = removal::ActiveModel {
                centre_id: Set(self.id("resource_centre", number % 3)),
                record_type: Set("Visit".to_owned()),
                record_id: Set(self.id("visit", format!("removed {number}"))),
                reason: Set(RemovalReason::Duplicate),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
        }
        for number in 0..self.to.count(4) {
            let row = direct_assistance::ActiveModel {
                visit_id: Set(self.id("visit", 2 * number)),
                given_on: Set(day(number / 2)),
                kind: Set(pick(&[AssistanceKind::Food, AssistanceKind::Cash], number)),
                item: Set(self.to.own("ဆန်")),
                value_amount: Set(every(2, number, 25.5)),
                value_currency: Set(every(2, number, "MMK".to_owned())),
                note: Set(every(3, number, self.to.own("Note"))),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
        }
    }
}
