//! Resource centres and their visits of the last eighteen months.

use chrono::{Datelike as _, Days, Weekday};
use entity::exploitation_episode::IsicSection;
use entity::ids;
use entity::list::List;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::screening_request::ForcedLabourSign;
use entity::visit::{
    self, AgeGroup, CallKind, Difficulty, HeardThrough, VisitChannel, VisitService, VisitTopic, VisitorKind,
};
use entity::{opening_period, resource_centre};
use sea_orm::Set;
use uuid::Uuid;

use super::draw::Draw;
use super::plans::{Plan, Staff};
use super::store::made;

/// Townships that visitors of Kachin and northern Shan come from.
const NORTH: &[&str] = &[
    "MMR001001",
    "MMR001002",
    "MMR001010",
    "MMR001012",
    "MMR015001",
    "MMR015004",
    "MMR015009",
    "MMR015010",
    "MMR015011",
    "MMR015015",
    "MMR015020",
];
/// Townships that people in Ranong come from.
const SOUTH: &[&str] = &["MMR006001", "MMR006005", "MMR006009", "MMR006010"];
/// Days of eighteen months.
const SPAN: u64 = 548;

/// The centres, with the time they were opened.
pub(super) fn centres(plan: &Plan, draw: &mut Draw) -> Vec<resource_centre::ActiveModel> {
    let opened = draw.days_ago(700, 730);
    let mut rows = Vec::with_capacity(plan.centres.len());
    for centre in plan.centres {
        let at = draw.at(opened);
        let row = resource_centre::ActiveModel {
            id: Set(draw.id(at)),
            code: Set(centre.code.to_owned()),
            name_en: Set(centre.name_en.to_owned()),
            name_my: Set(centre.name_my.map(str::to_owned)),
            name_th: Set(centre.name_th.map(str::to_owned)),
            township_id: Set(ids::location(centre.township)),
            opened_on: Set(Some(opened)),
            opening_hours: Set(Some("Monday to Friday 9:00 to 16:30".to_owned())),
            languages: Set(vec!["my".to_owned(), plan.language.to_owned()].into()),
            has_female_counsellor: Set(true),
            channels: Set(List::codes([VisitChannel::WalkIn, VisitChannel::Phone, VisitChannel::Outreach])),
            is_active: Set(true),
            ..Default::default()
        };
        rows.push(made(row, at, None));
    }
    rows
}

/// From Monday to Friday, with a break at noon.
pub(super) fn open(centres: &[Uuid], draw: &mut Draw) -> Vec<opening_period::ActiveModel> {
    use opening_period::Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
    let since = draw.days_ago(700, 730);
    let at = draw.at(since);
    let mut rows = Vec::new();
    for centre in centres {
        for weekday in [Monday, Tuesday, Wednesday, Thursday, Friday] {
            for (opens, closes) in [("09:00", "12:00"), ("13:00", "16:30")] {
                let row = opening_period::ActiveModel {
                    id: Set(draw.id(at)),
                    centre_id: Set(*centre),
                    weekday: Set(weekday),
                    opens_at: Set(opens.to_owned()),
                    closes_at: Set(closes.to_owned()),
                    ..Default::default()
                };
                rows.push(made(row, at, None));
            }
        }
    }
    rows
}

/// The visits; a few visitors are persons the organisation knows.
pub(super) fn visits(
    plan: &Plan,
    staff: &Staff,
    project: Uuid,
    centres: &[Uuid],
    known: &[Uuid],
    draw: &mut Draw,
) -> Vec<visit::ActiveModel> {
    let mut rows = Vec::with_capacity(plan.visits);
    for number in 1..=plan.visits {
        // More visits of late than at the beginning: the earlier of two draws is thrown away half the time.
        let (one, other) = (draw.days_ago(0, SPAN), draw.days_ago(0, SPAN));
        let mut day = if draw.chance(50) { one.max(other) } else { one };
        while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            day = day - Days::new(1);
        }
        let at = draw.at(day);
        let counsellor = draw.of(&staff.counsellors);
        let Some(centre) = draw.of(centres) else { break };
        let row = one_visit(plan, draw, number, known);
        let on_device = draw.chance(15);
        let row = visit::ActiveModel {
            id: Set(draw.id(at)),
            centre_id: Set(centre),
            project_id: Set(draw.chance(60).then_some(project)),
            visited_on: Set(day),
            counsellor_id: Set(counsellor),
            recorded_on_device_at: Set(on_device.then_some(at)),
            device_offset_seconds: Set(on_device.then(|| draw.between(-240, 240))),
            ..row
        };
        rows.push(made(row, at, counsellor));
    }
    rows
}

fn one_visit(plan: &Plan, draw: &mut Draw, number: usize, known: &[Uuid]) -> visit::ActiveModel {
    const TOPICS: [VisitTopic; 9] = [
        VisitTopic::LegalChannelsAndMou,
        VisitTopic::PassportsDocuments,
        VisitTopic::AgencyVerification,
        VisitTopic::CostsAndFees,
        VisitTopic::ContractTerms,
        VisitTopic::Health,
        VisitTopic::TraffickingRisk,
        VisitTopic::ReturnReintegration,
        VisitTopic::SkillsAndLocalJobs,
    ];
    const SERVICES: [VisitService; 7] = [
        VisitService::Information,
        VisitService::Counselling,
        VisitService::DocumentHelp,
        VisitService::PreDepartureTraining,
        VisitService::LegalAid,
        VisitService::ComplaintSupport,
        VisitService::JobMatching,
    ];
    const SIGNS: [ForcedLabourSign; 4] = [
        ForcedLabourSign::Deception,
        ForcedLabourSign::RetentionOfIdentityDocuments,
        ForcedLabourSign::WithholdingOfWages,
        ForcedLabourSign::DebtBondage,
    ];
    let channel = draw.mostly(
        VisitChannel::WalkIn,
        &[
            (VisitChannel::Phone, 22),
            (VisitChannel::Outreach, 15),
            (VisitChannel::Online, 6),
            (VisitChannel::GroupSession, 5),
        ],
    );
    let calls =
        [CallKind::SeekingInformation, CallKind::Counselling, CallKind::Update, CallKind::NewReferralActionNeeded];
    let sectors = [IsicSection::AAgricultureForestryFishing, IsicSection::CManufacturing, IsicSection::FConstruction];
    let heard = [
        HeardThrough::Friend,
        HeardThrough::Radio,
        HeardThrough::Cso,
        HeardThrough::SocialMedia,
        HeardThrough::Leaflet,
    ];
    let is_south = plan.time_zone == "Asia/Bangkok";
    let homes = if is_south { SOUTH } else { NORTH };
    let destinations: &[&str] = if is_south { &["TH", "MY"] } else { &["TH", "CN", "MY", "SG"] };
    visit::ActiveModel {
        ticket: Set(format!("T-{number:06}")),
        person_id: Set(if draw.chance(8) { draw.of(known) } else { None }),
        channel: Set(channel),
        is_first: Set(draw.chance(68)),
        minutes: Set(Some(draw.between(5, 75))),
        call_kind: Set(if channel == VisitChannel::Phone { draw.of(&calls) } else { None }),
        visitor_kind: Set(draw.mostly(
            VisitorKind::Aspirant,
            &[
                (VisitorKind::CurrentMigrant, 20),
                (VisitorKind::Returnee, 18),
                (VisitorKind::FamilyMember, 14),
                (VisitorKind::Idp, 10),
                (VisitorKind::Other, 3),
            ],
        )),
        sex: Set(draw.mostly(Sex::Female, &[(Sex::Male, 45), (Sex::NotAsked, 2), (Sex::Refused, 1)])),
        displacement: Set(draw.mostly(
            DisplacementStatus::Resident,
            &[(DisplacementStatus::Idp, 22), (DisplacementStatus::Returnee, 12), (DisplacementStatus::Unknown, 4)],
        )),
        home_township_id: Set(if draw.chance(85) { draw.of(homes).map(ids::location) } else { None }),
        destination: Set(if draw.chance(80) { draw.of(destinations).map(str::to_owned) } else { None }),
        sector: Set(if draw.chance(60) { draw.of(&sectors) } else { None }),
        heard_through: Set(draw.of(&heard)),
        topics: Set(List::codes(draw.some(&TOPICS, 1, 3))),
        services: Set(List::codes(draw.some(&SERVICES, 1, 2))),
        signs: Set(List::codes(if draw.chance(4) { draw.some(&SIGNS, 1, 3) } else { Vec::new() })),
        documents_given: Set(draw
            .some(&["Safe migration leaflet", "List of licensed agencies"], 0, 2)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .into()),
        satisfaction: Set(if draw.chance(55) { Some(draw.between(2, 5)) } else { None }),
        needs_follow_up: Set(draw.chance(18)),
        note: Set(draw.chance(12).then(|| "Asks about the fees of an agency (demo).".to_owned())),
        ..who(draw)
    }
}

/// How old the visitor is, and what the short set was answered with.
fn who(draw: &mut Draw) -> visit::ActiveModel {
    let age_years = if draw.chance(92) { Some(draw.between(14, 62)) } else { None };
    let group = draw.mostly(AgeGroup::Age18To59, &[(AgeGroup::Age12To17, 20), (AgeGroup::Age60AndOver, 8)]);
    // Seeing alone decides here; the other five were no matter.
    let seeing = draw.mostly(Difficulty::Free, &[(Difficulty::Slight, 12), (Difficulty::Great, 4)]);
    let is_asked = draw.chance(30);
    let other = is_asked.then_some(Difficulty::Free);
    let told = draw.mostly(Answer::No, &[(Answer::Yes, 5), (Answer::NotAsked, 15), (Answer::Refused, 1)]);
    let found = if seeing == Difficulty::Great { Answer::Yes } else { Answer::No };
    visit::ActiveModel {
        age_group: Set(if age_years.is_none() && draw.chance(60) { Some(group) } else { None }),
        seeing: Set(is_asked.then_some(seeing)),
        hearing: Set(other),
        walking: Set(other),
        remembering: Set(other),
        self_care: Set(other),
        communicating: Set(other),
        age_years: Set(age_years),
        disability: Set(if is_asked { found } else { told }),
        ..Default::default()
    }
}
