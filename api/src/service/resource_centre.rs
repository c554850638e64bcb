//! Opening resource centres, and the hours in which they are open.

use chrono::NaiveDate;
use entity::list::List;
use entity::opening_period;
use entity::removal::RemovalReason;
use entity::resource_centre::{self, ActiveModel};
use entity::visit::VisitChannel;
use sea_orm::{ColumnTrait as _, Condition, QueryFilter as _, Set};
use uuid::Uuid;

use super::{Done, check, visitor};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::opening;
pub use crate::domain::opening::Told;
use crate::error::Code;

/// A centre as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Centre {
    pub once: Option<Once>,
    pub code: String,
    pub names: check::Names,
    pub township: String,
    pub opened_on: Option<NaiveDate>,
    pub opening_hours: Option<String>,
    pub opening_periods: Vec<Told>,
    pub languages: Vec<String>,
    pub has_female_counsellor: bool,
    pub channels: Vec<VisitChannel>,
}

/// Opens a centre: from then on visits can be logged there.
pub async fn open(scope: &Scope, centre: Centre) -> Done {
    let id = scope.new_id();
    let mut write = match scope.write(Action::DirectoryWrite, centre.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let names = centre.names.checked()?;
    let township = check::place(&write, Some(&centre.township), "input.township").await?.ok_or(Code::PcodeUnknown)?;
    let row = ActiveModel {
        id: Set(id),
        code: Set(check::code(Some(centre.code), "", id, "input.code")?),
        name_en: Set(names.en),
        name_my: Set(names.my),
        name_th: Set(names.th),
        township_id: Set(township),
        opened_on: Set(centre.opened_on),
        opening_hours: Set(check::text(centre.opening_hours, check::NAME, "input.openingHours")?),
        languages: Set(check::texts(centre.languages, "input.languages")?.into()),
        has_female_counsellor: Set(centre.has_female_counsellor),
        channels: Set(List::codes(centre.channels)),
        is_active: Set(true),
        ..Default::default()
    };
    opening::check(&centre.opening_periods)?;
    write.insert(row).await.map_err(|error| error.on("input.code"))?;
    write.insert_many(periods(&write, id, centre.opening_periods)).await?;
    write.wrote(&["resourceCentre"]);
    Ok(write.finish("ResourceCentre").await?)
}

fn periods(write: &Write, centre: Uuid, told: Vec<Told>) -> Vec<opening_period::ActiveModel> {
    let row = |told: Told| opening_period::ActiveModel {
        id: Set(write.scope().new_id()),
        centre_id: Set(centre),
        weekday: Set(told.weekday),
        opens_at: Set(told.opens_at),
        closes_at: Set(told.closes_at),
        ..Default::default()
    };
    told.into_iter().map(row).collect()
}

/// The hours of a centre as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Hours {
    pub once: Option<Once>,
    pub centre: Uuid,
    pub expected_version: i32,
    pub opening_hours: Option<String>,
    pub opening_periods: Vec<Told>,
}

/// Sets when a centre is open, in place of what was said before.
pub async fn hours(scope: &Scope, told: Hours) -> Done {
    let mut write = match scope.write(Action::DirectoryWrite, told.once, told.centre).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let held = write.hold::<resource_centre::Entity>(told.centre).await.map_err(|error| error.on("input.centre"))?;
    opening::check(&told.opening_periods)?;
    let words = check::text(told.opening_hours, check::NAME, "input.openingHours")?;
    let row = ActiveModel { opening_hours: Set(words), ..Default::default() };
    let version = told.expected_version;
    write.update(held.id, version, row).await.map_err(|error| error.on("input.expectedVersion"))?;
    let theirs = Condition::all().add(opening_period::Column::CentreId.eq(held.id));
    let former = write.all(write.find::<opening_period::Entity>()?.filter(theirs.clone())).await?;
    let former: Vec<Uuid> = former.into_iter().map(|period| period.id).collect();
    write.remove::<opening_period::Entity>(theirs).await?;
    visitor::removed(&write, "OpeningPeriod", held.id, &former, RemovalReason::Replaced).await?;
    write.insert_many(periods(&write, held.id, told.opening_periods)).await?;
    write.wrote(&["openingHours", "openingPeriods"]);
    Ok(write.finish("ResourceCentre").await?)
}
