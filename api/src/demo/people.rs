//! Households with the adults and children who live in them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::child::{self, SchoolingStatus};
use entity::cpms_observation::CpmsRiskClass;
use entity::ids;
use entity::list::List;
use entity::person::{
    self, Answer, DatePrecision, DisplacementStatus, DocumentationStatus, EducationLevel, MaritalStatus, Sex,
};
use entity::{household, household_member};
use sea_orm::Set;
use uuid::Uuid;

use super::draw::Draw;
use super::names;
use super::plans::{Plan, Staff};
use super::store::made;

/// A child as other parts need it.
pub(super) struct Child {
    pub(super) id: Uuid,
    pub(super) household: Uuid,
    pub(super) community: Uuid,
    pub(super) registered_on: NaiveDate,
}

#[derive(Default)]
pub(super) struct People {
    pub(super) persons: Vec<person::ActiveModel>,
    pub(super) households: Vec<household::ActiveModel>,
    pub(super) members: Vec<household_member::ActiveModel>,
    pub(super) profiles: Vec<child::ActiveModel>,
    pub(super) children: Vec<Child>,
    /// Persons over 18.
    pub(super) adults: Vec<Uuid>,
}

struct Home {
    id: Uuid,
    place: Uuid,
    since: NaiveDate,
    by: Option<Uuid>,
    displacement: DisplacementStatus,
}

/// The people of an organisation.
pub(super) fn people(plan: &Plan, staff: &Staff, draw: &mut Draw) -> People {
    let mut people = People::default();
    let mut homes = Vec::with_capacity(plan.households);
    for number in 1..=plan.households {
        homes.push(people.home(plan, staff, draw, number));
    }
    for (number, home) in (0..plan.adults).zip(homes.iter().cycle()) {
        people.adult(plan, draw, home, number < plan.households);
    }
    for (number, home) in (1..=plan.children).zip(homes.iter().cycle()) {
        people.child(plan, staff, draw, home, number);
    }
    people
}

impl People {
    fn home(&mut self, plan: &Plan, staff: &Staff, draw: &mut Draw, number: usize) -> Home {
        let since = draw.days_ago(30, 720);
        let at = draw.at(since);
        let by = draw.of(&staff.registrars);
        let home = Home {
            id: draw.id(at),
            place: ids::location(draw.of(plan.places).unwrap_or("MMR")),
            since,
            by,
            displacement: draw.mostly(
                DisplacementStatus::Resident,
                &[
                    (DisplacementStatus::Idp, 25),
                    (DisplacementStatus::ForeignNational, 20),
                    (DisplacementStatus::Returnee, 8),
                    (DisplacementStatus::Unknown, 4),
                ],
            ),
        };
        let row = household::ActiveModel {
            id: Set(home.id),
            number: Set(format!("H-{number:05}")),
            name: Set(Some(format!("Household {number} (demo)"))),
            location_id: Set(Some(home.place)),
            notes: Set(None),
            ..Default::default()
        };
        self.households.push(made(row, at, by));
        home
    }

    fn adult(&mut self, plan: &Plan, draw: &mut Draw, home: &Home, is_head: bool) {
        let sex = draw.mostly(Sex::Female, &[(Sex::Male, 46), (Sex::NotAsked, 1)]);
        let at = draw.at(home.since);
        let birth = draw.days_ago(19 * 365, 70 * 365);
        let person =
            person::ActiveModel {
                marital_status: Set(Some(draw.mostly(
                    MaritalStatus::MarriedCohabiting,
                    &[(MaritalStatus::Widowed, 12), (MaritalStatus::Single, 9)],
                ))),
                education: Set(Some(draw.mostly(
                    EducationLevel::Primary,
                    &[(EducationLevel::None, 15), (EducationLevel::LowerSecondary, 25)],
                ))),
                occupation: Set(draw
                    .of(&["farmer", "fisher", "day labourer", "shop keeper", "rubber tapper"])
                    .map(str::to_owned)),
                phone: Set(draw.chance(30).then(|| names::phone(draw))),
                ..person(plan, draw, sex, birth, home.place, home.displacement, at)
            };
        let Set(id) = person.id else { return };
        self.adults.push(id);
        self.persons.push(made(person, at, home.by));
        let role = if is_head { "head" } else { "partner" };
        self.member(draw, home, id, role, is_head, at);
    }

    fn child(&mut self, plan: &Plan, staff: &Staff, draw: &mut Draw, home: &Home, number: usize) {
        let sex = draw.mostly(Sex::Female, &[(Sex::Male, 50), (Sex::Unknown, 1)]);
        let registered_on = draw.later(home.since, 0, 40);
        let at = draw.at(registered_on);
        let birth = draw.days_ago(60, 6_600);
        let age = draw.today().signed_duration_since(birth).num_days() / 365;
        let person = person(plan, draw, sex, birth, home.place, home.displacement, at);
        let Set(person_id) = person.id else { return };
        let by = if draw.chance(60) { home.by } else { draw.of(&staff.registrars) };
        let schooling = if age < 5 {
            draw.mostly(SchoolingStatus::PreSchool, &[(SchoolingStatus::NotAsked, 40)])
        } else {
            draw.mostly(
                SchoolingStatus::InSchool,
                &[
                    (SchoolingStatus::OutOfSchool, 18),
                    (SchoolingStatus::Working, if age > 12 { 12 } else { 0 }),
                    (SchoolingStatus::Unknown, 4),
                ],
            )
        };
        let reason =
            ["no money for fees", "moves with the parents' work", "no papers for the school", "school too far"];
        let child = Child { id: draw.id(at), household: home.id, community: home.place, registered_on };
        let row = child::ActiveModel {
            id: Set(child.id),
            person_id: Set(person_id),
            household_id: Set(Some(home.id)),
            code: Set(format!("CH-{number:06}")),
            schooling: Set(schooling),
            out_of_school_reason: Set((schooling == SchoolingStatus::OutOfSchool)
                .then(|| draw.of(&reason).map(str::to_owned))
                .flatten()),
            registered_on: Set(registered_on),
            registered_by: Set(by),
            community_id: Set(Some(home.place)),
            latest_risk_class: Set(None),
            ..Default::default()
        };
        self.persons.push(made(person, at, by));
        self.profiles.push(made(row, at, by));
        self.children.push(child);
        self.member(draw, home, person_id, "child", false, at);
    }

    fn member(&mut self, draw: &mut Draw, home: &Home, person: Uuid, role: &str, is_head: bool, at: DateTime<Utc>) {
        let row = household_member::ActiveModel {
            id: Set(draw.id(at)),
            household_id: Set(home.id),
            person_id: Set(person),
            role: Set(Some(role.to_owned())),
            is_head: Set(is_head),
            joined_on: Set(Some(home.since)),
            left_on: Set(None),
            ..Default::default()
        };
        self.members.push(made(row, at, home.by));
    }

    /// Notes the class of the latest observation in a child's profile; `position` counts the children.
    pub(super) fn classify(&mut self, position: usize, class: CpmsRiskClass) {
        if let Some(profile) = self.profiles.get_mut(position) {
            profile.latest_risk_class = Set(Some(class));
        }
    }
}

/// A person of the demo.
pub(super) fn person(
    plan: &Plan,
    draw: &mut Draw,
    sex: Sex,
    birth: NaiveDate,
    place: Uuid,
    displacement: DisplacementStatus,
    at: DateTime<Utc>,
) -> person::ActiveModel {
    let is_thai_side = plan.time_zone == "Asia/Bangkok";
    let nationality = if is_thai_side { draw.mostly("MMR", &[("THA", 45)]) } else { draw.mostly("MMR", &[("CHN", 1)]) };
    let papers = [DocumentationStatus::Nrc, DocumentationStatus::BorderPass, DocumentationStatus::Pending];
    person::ActiveModel {
        id: Set(draw.id(at)),
        full_name: Set(Some(names::full(draw, sex))),
        is_name_hidden: Set(draw.chance(4)),
        sex: Set(sex),
        gender: Set(None),
        birth_date: Set(Some(birth)),
        birth_precision: Set(Some(
            draw.mostly(DatePrecision::Day, &[(DatePrecision::Month, 15), (DatePrecision::Year, 20)]),
        )),
        is_age_estimated: Set(draw.chance(20)),
        nationality: Set(draw.chance(94).then(|| nationality.to_owned())),
        is_stateless: Set(draw.mostly(Answer::No, &[(Answer::Yes, 3), (Answer::Unknown, 6)])),
        birth_registered: Set(draw.mostly(Answer::Yes, &[(Answer::No, 22), (Answer::Unknown, 8), (Answer::Refused, 1)])),
        ethnicity: Set(None),
        displacement: Set(displacement),
        disability: Set(draw.mostly(Answer::No, &[(Answer::Yes, 6), (Answer::Unknown, 4), (Answer::NotAsked, 10)])),
        languages: Set(draw
            .some(if is_thai_side { &["my", "th"] } else { &["my", "kac", "shn"] }, 1, 2)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .into()),
        marital_status: Set(None),
        education: Set(None),
        occupation: Set(None),
        phone: Set(None),
        current_location_id: Set(Some(place)),
        location_detail: Set(None),
        documentation: Set(List::codes(draw.some(&papers, 0, 1))),
        ..Default::default()
    }
}
