//! Opening resource centres.

use chrono::NaiveDate;
use entity::list::List;
use entity::resource_centre::ActiveModel;
use entity::visit::VisitChannel;
use sea_orm::Set;

use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope};
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
    write.insert(row).await.map_err(|error| error.on("input.code"))?;
    write.wrote(&["resourceCentre"]);
    Ok(write.finish("ResourceCentre").await?)
}
