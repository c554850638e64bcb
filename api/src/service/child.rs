//! Registering children.

use chrono::NaiveDate;
use entity::child::{ActiveModel, SchoolingStatus};
use entity::household;
use sea_orm::Set;
use uuid::Uuid;

use super::person::{self, Person};
use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope};
use crate::domain::{Fault, Refusal};

/// A child as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Child {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub person: Person,
    pub household: Option<Uuid>,
    pub code: Option<String>,
    pub schooling: Option<SchoolingStatus>,
    pub out_of_school_reason: Option<String>,
    pub registered_on: Option<NaiveDate>,
    pub community: Option<String>,
}

/// Registers a child with its person.
pub async fn register(scope: &Scope, child: Child) -> Done {
    let id = check::new_id(scope, child.id)?;
    let mut write = match scope.write(Action::ChildRegister, child.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let registered_on = child.registered_on.unwrap_or_else(|| scope.today());
    if registered_on > scope.today() {
        return Err(Fault::new(Refusal::DateInvalid, "registeredOn", "The day lies ahead.").into());
    }
    if child.person.birth_date.is_some_and(|born| born > registered_on && born <= scope.today()) {
        let text = "A child is not registered before birth.";
        return Err(Fault::new(Refusal::DateInvalid, "registeredOn", text).into());
    }
    if let Some(household) = child.household {
        write.get::<household::Entity>(household).await.map_err(|error| error.on("input.household"))?;
    }
    let community = check::place(&write, child.community.as_deref(), "input.community").await?;
    let person = scope.new_id();
    person::insert(&write, person, child.person).await?;
    let row = ActiveModel {
        id: Set(id),
        person_id: Set(person),
        household_id: Set(child.household),
        code: Set(check::code(child.code, "CH", id, "input.code")?),
        schooling: Set(child.schooling.unwrap_or(SchoolingStatus::NotAsked)),
        out_of_school_reason: Set(check::text(child.out_of_school_reason, check::NOTE, "input.outOfSchoolReason")?),
        registered_on: Set(registered_on),
        registered_by: Set(write.user()),
        community_id: Set(community),
        latest_risk_class: Set(None),
        ..Default::default()
    };
    write.insert(row).await.map_err(|error| error.on("input.code"))?;
    write.wrote(&["person", "child"]);
    Ok(write.finish("Child").await?)
}
