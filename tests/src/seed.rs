//! ALPHA and BETA: two organisations with rows in every table. Their natural keys (codes, numbers, tickets, subjects)
//! are the same, so that whatever mixes them up shows; BETA has more rows of each kind, and values that ALPHA never
//! has. Always the same rows: with ties, with gaps, in Latin, Burmese and Thai script.

mod centre;
mod people;
mod referral;
mod training;
mod webhook;
mod work;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::list::List;
use entity::organisation::{OrganisationKind, ServiceActorType};
use entity::user::RoleCode;
use entity::visit::VisitChannel;
use entity::{Code as _, ids, organisation, project, resource_centre, user};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, DatabaseTransaction, EntityName as _, EntityTrait, IdenStatic as _,
    Iterable as _, Set, TransactionTrait as _,
};
use uuid::Uuid;

/// An organisation of the tests.
#[derive(Debug)]
pub struct Organisation {
    /// Its code.
    pub code: &'static str,
    /// Rows of each kind beyond ALPHA's.
    extra: usize,
    /// Whose ids its rows have, and how many rows further on.
    ids: (&'static str, usize),
}

/// The organisation that asks.
pub static ALPHA: Organisation = Organisation { code: "ALPHA", extra: 0, ids: ("ALPHA", 0) };
/// The organisation that must not be seen.
pub static BETA: Organisation = Organisation { code: "BETA", extra: 2, ids: ("BETA", 0) };
/// An organisation whose rows have the ids of ALPHA's: each that of the row after its like. Ids are chosen by clients,
/// so nothing keeps an organisation from that; whatever looks at an id alone mixes the two up.
pub static GAMMA: Organisation = Organisation { code: "GAMMA", extra: 2, ids: ("ALPHA", 1) };

/// Key of the visit whose id is the same in both organisations.
pub const SHARED: &str = "shared";

impl Organisation {
    /// Its id.
    pub fn id(&self) -> Uuid {
        ids::organisation(self.code)
    }

    /// The id of its row of a table with that key.
    pub fn row(&self, table: &str, key: impl std::fmt::Display) -> Uuid {
        let (owner, further) = self.ids;
        let key = key.to_string();
        let owner = if key == SHARED { "both" } else { owner };
        let key = key.parse::<usize>().map_or(key, |number| (number + further).to_string());
        named(&format!("{owner}:{table}:{key}"))
    }

    /// The id of its user with that role.
    pub fn user(&self, role: RoleCode) -> Uuid {
        self.row("app_user", subject(role))
    }

    /// A text only this organisation has.
    fn own(&self, text: &str) -> String {
        format!("{text} {}", self.code)
    }

    fn count(&self, alpha: usize) -> usize {
        alpha + self.extra
    }
}

/// An id of the kind a device makes (UUIDv7), always the same for the same name.
pub fn named(name: &str) -> Uuid {
    let hash = Uuid::new_v5(&ids::NAMESPACE, name.as_bytes());
    let millis = u64::try_from(instant(0).timestamp_millis()).expect("after 1970");
    let random = hash.as_bytes().last_chunk().expect("ten bytes");
    uuid::Builder::from_unix_timestamp_millis(millis, random).into_uuid()
}

/// The name by which the user with that role signs in, the same in both organisations.
pub fn subject(role: RoleCode) -> String {
    role.code().to_lowercase()
}

/// Writes an organisation's rows.
pub async fn write(connection: &sea_orm::DatabaseConnection, organisation: &'static Organisation) {
    let seed = Seed { tx: connection.begin().await.expect("a transaction"), to: organisation };
    seed.directory().await;
    seed.people().await;
    seed.cases().await;
    seed.trafficking().await;
    seed.capacity().await;
    seed.visits().await;
    seed.complaints().await;
    seed.visit_work().await;
    seed.referrals().await;
    seed.webhooks().await;
    seed.trainings().await;
    seed.campaigns().await;
    seed.operations().await;
    seed.tx.commit().await.expect("committed");
}

struct Seed {
    tx: DatabaseTransaction,
    to: &'static Organisation,
}

/// A day of 2026, counted from the first of January.
fn day(number: usize) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    first + TimeDelta::days(i64::try_from(number).expect("small"))
}

fn instant(number: usize) -> DateTime<Utc> {
    day(number).and_hms_opt(8, 30, 0).expect("an instant").and_utc()
}

/// The value of every nth row, none of the others.
fn every<T>(nth: usize, number: usize, value: T) -> Option<T> {
    number.is_multiple_of(nth).then_some(value)
}

fn texts(texts: &[&str]) -> List<String> {
    List(texts.iter().map(|text| (*text).to_owned()).collect())
}

fn int(number: usize) -> i32 {
    i32::try_from(number).expect("small")
}

/// The element at a position, starting over at the end.
fn pick<T: Copy>(values: &[T], number: usize) -> T {
    *values.iter().cycle().nth(number % values.len()).expect("not empty")
}

impl Seed {
    fn id(&self, table: &str, key: impl std::fmt::Display) -> Uuid {
        self.to.row(table, key)
    }

    /// Inserts a row; what every record carries is set here.
    async fn put<A>(&self, key: &str, number: usize, row: A)
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
    {
        self.put_by(key, number, None, row).await;
    }

    async fn put_by<A>(&self, key: &str, number: usize, by: Option<Uuid>, mut row: A)
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
    {
        let entity = A::Entity::default();
        for column in <A::Entity as EntityTrait>::Column::iter() {
            match column.as_str() {
                "organisation_id" => row.set(column, self.to.id().into()),
                "id" if row.get(column).is_set() => {}
                "id" => row.set(column, self.id(entity.table_name(), key).into()),
                "row_version" => row.set(column, int(1 + number % 3).into()),
                "created_at" => row.set(column, instant(number / 2).into()),
                "updated_at" => row.set(column, instant(number).into()),
                "created_by" | "updated_by" => row.set(column, by.into()),
                _ => {}
            }
        }
        let table = entity.table_name();
        let inserted = <A::Entity as EntityTrait>::insert(row).exec_without_returning(&self.tx).await;
        inserted.unwrap_or_else(|error| panic!("{table} {key}: {error}"));
    }

    async fn directory(&self) {
        self.organisation().await;
        for (number, role) in RoleCode::all().into_iter().enumerate() {
            self.user(&subject(role), number, role).await;
        }
        for number in 0..self.to.count(2) {
            self.user(&format!("colleague-{number}"), 6 + number, RoleCode::Caseworker).await;
        }
        for number in 0..self.to.count(3) {
            let row = project::ActiveModel {
                name_en: Set(if number == 0 { "SAFE".to_owned() } else { self.to.own(&format!("Project {number}")) }),
                name_my: Set(every(2, number, "ဘေးကင်းသော ရွှေ့ပြောင်းခြင်း".to_owned())),
                name_th: Set(every(3, number, "การย้ายถิ่นที่ปลอดภัย".to_owned())),
                donor: Set(every(2, number, self.to.own("Donor"))),
                starts_on: Set(day(number / 2)),
                ends_on: Set(every(2, number, day(300 + number))),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
        }
        for number in 0..self.to.count(3) {
            let row = resource_centre::ActiveModel {
                code: Set(format!("MRC-{number}")),
                name_en: Set(self.to.own("Centre")),
                name_my: Set(every(2, number, "မူဆယ် အရင်းအမြစ်စင်တာ".to_owned())),
                name_th: Set(every(3, number, "ศูนย์ระนอง".to_owned())),
                township_id: Set(ids::location(pick(&["MMR015009", "MMR001001"], number))),
                opened_on: Set(every(3, number + 1, day(10))),
                opening_hours: Set(every(2, number, "9-16".to_owned())),
                languages: Set(texts(&["my", "shn"])),
                has_female_counsellor: Set(number % 2 == 0),
                channels: Set(List(vec![VisitChannel::WalkIn, VisitChannel::Phone])),
                is_active: Set(number != 1),
                ..Default::default()
            };
            self.put(&number.to_string(), number, row).await;
        }
    }

    async fn organisation(&self) {
        let row = organisation::ActiveModel {
            code: Set(self.to.code.to_owned()),
            kind: Set(OrganisationKind::Cso),
            actor_type: Set(Some(ServiceActorType::Ngo)),
            name_en: Set(self.to.own("Organisation")),
            name_my: Set(Some("အဖွဲ့အစည်း".to_owned())),
            name_th: Set(None),
            is_active: Set(true),
            time_zone: Set("Asia/Yangon".to_owned()),
            ..Default::default()
        };
        self.put(self.to.code, 0, row).await;
    }

    async fn user(&self, key: &str, number: usize, role: RoleCode) {
        let row = user::ActiveModel {
            subject: Set(key.to_owned()),
            display_name: Set(self.to.own(if number.is_multiple_of(2) {
                "Daw Hla"
            } else {
                "นายสมชาย"
            })),
            role: Set(role),
            team: Set(["north", "south"].get(number / 6).map(|team| (*team).to_owned())),
            work_location_id: Set(every(2, number, ids::location("MMR001001"))),
            language: Set(pick(&["my", "en", "th"], number).to_owned()),
            is_enabled: Set(true),
            epoch: Set(1),
            ..Default::default()
        };
        self.put(key, number, row).await;
    }
}
