//! Persons, households, children, their observations and visits to centres.

use entity::cpms_answer::{self, CpmsIndicatorCode};
use entity::cpms_observation::{self, CpmsRiskClass};
use entity::exploitation_episode::IsicSection;
use entity::list::List;
use entity::person::{
    self, Answer, DatePrecision, DisplacementStatus, DocumentationStatus, EducationLevel, Gender, MaritalStatus, Sex,
};
use entity::screening_request::ForcedLabourSign;
use entity::user::RoleCode;
use entity::visit::{
    self, AgeGroup, CallKind, Difficulty, HeardThrough, VisitChannel, VisitService, VisitTopic, VisitorKind,
};
use entity::{child, household, household_member, ids, visitor};
use sea_orm::Set;

use super::{SHARED, Seed, day, every, instant, int, pick, texts};

impl Seed {
    pub(super) async fn people(&self) {
        for number in 0..self.to.count(9) {
            self.person(number).await;
        }
        for number in 0..self.to.count(3) {
            let row = household::ActiveModel {
                number: Set(format!("HH-{number}")),
                name: Set(every(2, number, self.to.own("အိမ်ထောင်စု"))),
                location_id: Set(every(2, number, ids::location("MMR015009"))),
                notes: Set(every(2, number, self.to.own("Notes"))),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
        }
        for number in 0..self.to.count(5) {
            let row = household_member::ActiveModel {
                household_id: Set(self.id("household", number % 3)),
                person_id: Set(self.id("person", number)),
                role: Set(every(2, number, "aunt".to_owned())),
                is_head: Set(number < 2),
                joined_on: Set(every(2, number, day(number))),
                left_on: Set(None),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
        }
        for number in 0..self.to.count(5) {
            self.child(number).await;
        }
        for number in 0..self.to.count(6) {
            self.observation(number).await;
        }
    }

    async fn person(&self, number: usize) {
        let name = pick(&["Mi Mi", "မောင်မောင်", "สมหญิง", "Aung"], number);
        let row = person::ActiveModel {
            full_name: Set(every(4, number + 1, String::new()).map_or(Some(self.to.own(name)), |_| None)),
            is_name_hidden: Set(number == 2),
            sex: Set(pick(&[Sex::Female, Sex::Male, Sex::NotAsked], number)),
            gender: Set(every(3, number, Gender::Feminine)),
            birth_date: Set(every(2, number, day(number / 4))),
            birth_precision: Set(every(2, number, DatePrecision::Year)),
            is_age_estimated: Set(number.is_multiple_of(2)),
            nationality: Set(every(2, number, "MM".to_owned())),
            is_stateless: Set(pick(&[Answer::No, Answer::Unknown], number)),
            birth_registered: Set(pick(&[Answer::Yes, Answer::No], number)),
            ethnicity: Set(every(2, number, self.to.own("Kachin"))),
            displacement: Set(pick(&[DisplacementStatus::Idp, DisplacementStatus::Resident], number)),
            disability: Set(pick(&[Answer::No, Answer::Yes, Answer::NotAsked], number)),
            languages: Set(texts(&["my", "kac"])),
            marital_status: Set(every(2, number, MaritalStatus::Single)),
            education: Set(every(2, number, EducationLevel::Primary)),
            occupation: Set(every(3, number, self.to.own("Weaver"))),
            phone: Set(every(2, number, format!("+95-{}-{number}", self.to.code))),
            current_location_id: Set(every(2, number, ids::location("MMR001001"))),
            location_detail: Set(every(3, number, self.to.own("Behind the pagoda"))),
            documentation: Set(List(vec![DocumentationStatus::Nrc])),
            ..Default::default()
        };
        self.put_by(&number.to_string(), number, Some(self.to.user(RoleCode::CommunityVolunteer)), row).await;
    }

    async fn child(&self, number: usize) {
        let row = child::ActiveModel {
            person_id: Set(self.id("person", number)),
            household_id: Set(every(2, number, self.id("household", number % 3))),
            code: Set(format!("C-{number:04}")),
            schooling: Set(pick(&[child::SchoolingStatus::InSchool, child::SchoolingStatus::Working], number)),
            out_of_school_reason: Set(every(3, number, self.to.own("Work"))),
            registered_on: Set(day(number / 2)),
            registered_by: Set(Some(self.to.user(pick(&[RoleCode::Caseworker, RoleCode::CommunityVolunteer], number)))),
            community_id: Set(every(2, number, ids::location("MMR001001"))),
            latest_risk_class: Set(every(2, number, CpmsRiskClass::AtRisk)),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
    }

    async fn observation(&self, number: usize) {
        let row = cpms_observation::ActiveModel {
            child_id: Set(self.id("child", number % 4)),
            household_id: Set(every(2, number, self.id("household", 0))),
            community_id: Set(ids::location("MMR015009")),
            year: Set(int(2025 - number / 4)),
            round: Set(1),
            collected_on: Set(day(number / 2)),
            collected_by_id: Set(Some(
                self.to.user(pick(&[RoleCode::Caseworker, RoleCode::CommunityVolunteer], number)),
            )),
            interview_language: Set(every(2, number, "kac".to_owned())),
            risk_class: Set(pick(&[CpmsRiskClass::None, CpmsRiskClass::HighRisk], number)),
            rule_version: Set("1".to_owned()),
            reasons: Set(List(vec![CpmsIndicatorCode::C06Neglected])),
            unknown_indicators: Set(List(Vec::new())),
            ..Default::default()
        };
        self.put(&number.to_string(), number, row).await;
        for (position, code) in [CpmsIndicatorCode::C06Neglected, CpmsIndicatorCode::C10Health].into_iter().enumerate()
        {
            let row = cpms_answer::ActiveModel {
                observation_id: Set(self.id("cpms_observation", number)),
                code: Set(code),
                answer: Set(pick(&[Answer::Yes, Answer::No, Answer::Refused], number + position)),
                note: Set(every(2, number, self.to.own("Told by the aunt"))),
                ..Default::default()
            };
            self.put(&format!("{number}-{position}"), number, row).await;
        }
    }

    pub(super) async fn visits(&self) {
        for number in 0..self.to.count(60) {
            self.visitor(number).await;
            self.visit(&number.to_string(), number).await;
        }
        self.visit(SHARED, 7).await;
    }

    async fn visitor(&self, number: usize) {
        let row = visitor::ActiveModel {
            centre_id: Set(self.id("resource_centre", number % 3)),
            ticket: Set(format!("T-{:03}", number / 2)),
            person_id: Set(every(7, number, self.id("person", number % 9))),
            visitor_kind: Set(pick(&[VisitorKind::Aspirant, VisitorKind::Returnee], number)),
            sex: Set(pick(&[Sex::Female, Sex::Male, Sex::NotAsked, Sex::Refused], number)),
            age_years: Set(every(3, number, int(10 + number / 6))),
            age_group: Set(group(number)),
            disability: Set(pick(&[Answer::No, Answer::Yes, Answer::NotAsked], number)),
            displacement: Set(pick(&[DisplacementStatus::NotAsked, DisplacementStatus::Idp], number)),
            home_township_id: Set(every(2, number, ids::location("MMR015009"))),
            destination: Set(every(2, number, pick(&["TH", "CN"], number / 2).to_owned())),
            sector: Set(every(3, number, IsicSection::FConstruction)),
            heard_through: Set(every(4, number, HeardThrough::Radio)),
            first_visit_on: Set(day(number / 3)),
            last_visit_on: Set(day(number / 3)),
            ..Default::default()
        };
        let by = every(3, number, self.to.user(pick(&[RoleCode::MrcCounsellor, RoleCode::Supervisor], number)));
        self.put_by(&number.to_string(), number, by, row).await;
    }

    async fn visit(&self, key: &str, number: usize) {
        let roles = [RoleCode::MrcCounsellor, RoleCode::Supervisor, RoleCode::MrcCounsellor, RoleCode::Integration];
        let row = visit::ActiveModel {
            centre_id: Set(self.id("resource_centre", number % 3)),
            project_id: Set(every(2, number, self.id("project", 0))),
            ticket: Set(if key == SHARED { "T-SHARED".to_owned() } else { format!("T-{:03}", number / 2) }),
            visitor_id: Set((key != SHARED).then(|| self.id("visitor", number))),
            person_id: Set(every(7, number, self.id("person", number % 9))),
            visited_on: Set(day(number / 3)),
            channel: Set(pick(&[VisitChannel::WalkIn, VisitChannel::Phone, VisitChannel::Outreach], number)),
            is_first: Set(number.is_multiple_of(2)),
            counsellor_id: Set(every(5, number + 1, ()).map_or(Some(self.to.user(pick(&roles, number))), |()| None)),
            minutes: Set(every(2, number, int(number))),
            call_kind: Set(every(3, number + 2, CallKind::Counselling)),
            visitor_kind: Set(pick(&[VisitorKind::Aspirant, VisitorKind::Returnee], number)),
            sex: Set(pick(&[Sex::Female, Sex::Male, Sex::NotAsked, Sex::Refused], number)),
            age_years: Set(every(3, number, int(10 + number / 6))),
            age_group: Set(group(number)),
            seeing: Set(every(3, number, pick(&[Difficulty::Free, Difficulty::Great], number / 3))),
            hearing: Set(every(3, number, Difficulty::Slight)),
            walking: Set(every(6, number, Difficulty::Free)),
            remembering: Set(every(6, number, Difficulty::Cannot)),
            self_care: Set(every(6, number, Difficulty::Free)),
            communicating: Set(every(6, number, Difficulty::Slight)),
            disability: Set(pick(&[Answer::No, Answer::Yes, Answer::NotAsked], number)),
            displacement: Set(pick(&[DisplacementStatus::NotAsked, DisplacementStatus::Idp], number)),
            home_township_id: Set(every(2, number, ids::location("MMR015009"))),
            destination: Set(every(2, number, pick(&["TH", "CN"], number / 2).to_owned())),
            sector: Set(every(3, number, IsicSection::FConstruction)),
            heard_through: Set(every(4, number, HeardThrough::Radio)),
            topics: Set(List::codes(topics(number))),
            services: Set(List::codes([VisitService::Information])),
            signs: Set(List::codes(every(9, number, ForcedLabourSign::Deception))),
            documents_given: Set(texts(&["လက်ကမ်းစာစောင်"])),
            satisfaction: Set(every(2, number, int(1 + number % 5))),
            needs_follow_up: Set(number.is_multiple_of(4)),
            note: Set(every(2, number, self.to.own("မှတ်ချက် \"quoted\" \\ line\n"))),
            recorded_on_device_at: Set(every(5, number, instant(number))),
            device_offset_seconds: Set(every(10, number, int(number) - 30)),
            ..Default::default()
        };
        self.put(key, number, row).await;
    }
}

/// Two topics, one or none.
fn topics(number: usize) -> Vec<VisitTopic> {
    [VisitTopic::Health, VisitTopic::CostsAndFees]
        .into_iter()
        .skip(every(4, number + 1, number % 3).unwrap_or(0))
        .collect()
}

/// The age group of some whose years were not told.
fn group(number: usize) -> Option<AgeGroup> {
    every(3, number + 1, pick(&[AgeGroup::Age12To17, AgeGroup::Age18To59, AgeGroup::Age60AndOver], number / 3))
}
