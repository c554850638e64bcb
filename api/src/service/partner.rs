//! Agreements on referrals with other organisations.

use chrono::NaiveDate;
use entity::case_service::ServiceType;
use entity::list::List;
use entity::partner::{self, ActiveModel};
use entity::user;
use sea_orm::Set;
use uuid::Uuid;

use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope};
use crate::domain::{Fault, Refusal};

/// An agreement as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Agreement {
    pub once: Option<Once>,
    pub code: String,
    pub names: check::Names,
    pub services: Vec<ServiceType>,
    pub agreed_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub desk: Uuid,
}

/// Notes an agreement: from its day on referrals pass, once the other organisation has noted it too.
pub async fn agree(scope: &Scope, told: Agreement) -> Done {
    let id = scope.new_id();
    let mut write = match scope.write(Action::DirectoryWrite, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let code = check::code(Some(told.code), "", id, "input.code")?;
    if entity::ids::organisation(&code) == scope.viewer().organisation {
        return Err(Fault::new(Refusal::ReceiverNotEligible, "code", "Nobody refers to the own organisation.").into());
    }
    if told.agreed_on > scope.today() {
        return Err(Fault::new(Refusal::DateInvalid, "agreedOn", "It was signed, not ahead.").into());
    }
    check_end(told.ends_on, told.agreed_on)?;
    write.get::<user::Entity>(told.desk).await.map_err(|error| error.on("input.desk"))?;
    let names = told.names.checked()?;
    let row = ActiveModel {
        id: Set(id),
        code: Set(code),
        name_en: Set(names.en),
        name_my: Set(names.my),
        name_th: Set(names.th),
        services: Set(List::codes(told.services)),
        agreed_on: Set(told.agreed_on),
        ends_on: Set(told.ends_on),
        desk_id: Set(told.desk),
        ..Default::default()
    };
    write.insert(row).await.map_err(|error| error.on("input.code"))?;
    write.wrote(&["partner"]);
    Ok(write.finish("Partner").await?)
}

/// What changes of an agreement; what is not told stays.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Change {
    pub once: Option<Once>,
    pub partner: Uuid,
    pub expected_version: i32,
    pub services: Option<Vec<ServiceType>>,
    pub ends_on: Option<NaiveDate>,
    pub desk: Option<Uuid>,
}

/// Changes an agreement: its services, its desk, or its end. Referrals under way are not touched by its end.
pub async fn change(scope: &Scope, told: Change) -> Done {
    let mut write = match scope.write(Action::DirectoryWrite, told.once, told.partner).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let partner = write.get::<partner::Entity>(told.partner).await.map_err(|error| error.on("input.partner"))?;
    check_end(told.ends_on, partner.agreed_on)?;
    if let Some(desk) = told.desk {
        write.get::<user::Entity>(desk).await.map_err(|error| error.on("input.desk"))?;
    }
    let row = ActiveModel {
        services: Set(told.services.map_or(partner.services, List::codes)),
        ends_on: Set(told.ends_on.or(partner.ends_on)),
        desk_id: Set(told.desk.unwrap_or(partner.desk_id)),
        ..Default::default()
    };
    write.update(partner.id, told.expected_version, row).await?;
    write.wrote(&["partner"]);
    Ok(write.finish("Partner").await?)
}

fn check_end(ends_on: Option<NaiveDate>, agreed_on: NaiveDate) -> Result<(), Fault> {
    if ends_on.is_none_or(|ends| ends >= agreed_on) {
        return Ok(());
    }
    Err(Fault::new(Refusal::DateInvalid, "endsOn", "An agreement does not end before it begins."))
}
