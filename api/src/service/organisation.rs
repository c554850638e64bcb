//! Setting an organisation up with its first users: the operator's act, before anybody can sign in.

use entity::organisation::{self, OrganisationKind, ServiceActorType};
use entity::user::{self, RoleCode};
use entity::{Tenanted as _, ids};
use sea_orm::Set;
use uuid::Uuid;

use crate::access::{Action, Reach};
use crate::clock::Clock;
use crate::db::{Database, Scope, Sql};
use crate::error::{Code, Error, Result};

/// An organisation as it starts.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// Short code; the organisation's id follows from it.
    pub code: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its part in helping survivors.
    pub actor_type: Option<ServiceActorType>,
    /// English name.
    pub name_en: String,
    /// Burmese name.
    pub name_my: Option<String>,
    /// Thai name.
    pub name_th: Option<String>,
    /// IANA time zone; its day decides what is overdue.
    pub time_zone: String,
    /// Its first users.
    pub users: Vec<NewUser>,
}

/// A user as he or she starts: enabled, at policy epoch 1.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The id, where the caller needs to know it; else a fresh one.
    pub id: Option<Uuid>,
    /// The name in tokens, unique in the organisation.
    pub subject: String,
    /// The name that colleagues read.
    pub display_name: String,
    /// The one role.
    pub role: RoleCode,
    /// The team.
    pub team: Option<String>,
    /// P-code of the place of work.
    pub work_location: Option<String>,
    /// Language of the user's screen (BCP 47).
    pub language: String,
}

/// Makes the organisation and its users in one transaction, and returns its id. An organisation that is there already
/// stays as it is: the answer is [`Code::Duplicate`].
pub async fn install(database: &Database, clock: &Clock, new: NewOrganisation) -> Result<Uuid> {
    if new.time_zone.parse::<chrono_tz::Tz>().is_err() {
        return Err(Error::new(Code::CodeUnknown).saying("There is no such time zone.").on("time_zone"));
    }
    let id = ids::organisation(&new.code);
    if exists(database, clock, &new.code).await? {
        return Err(Code::Duplicate.into());
    }
    let scope = Scope::operator(database.clone(), id, clock.clone());
    let mut write = scope.operate(Action::OrganisationInstall).await?;
    write
        .insert(organisation::ActiveModel {
            code: Set(new.code),
            kind: Set(new.kind),
            actor_type: Set(new.actor_type),
            name_en: Set(new.name_en),
            name_my: Set(new.name_my),
            name_th: Set(new.name_th),
            is_active: Set(true),
            time_zone: Set(new.time_zone),
            ..Default::default()
        })
        .await?;
    let mut users = Vec::with_capacity(new.users.len());
    for user in new.users {
        let place = super::check::place(&write, user.work_location.as_deref(), "work_location").await?;
        users.push(user::ActiveModel {
            id: Set(user.id.unwrap_or_else(|| scope.new_id())),
            subject: Set(user.subject),
            display_name: Set(user.display_name),
            role: Set(user.role),
            team: Set(user.team),
            work_location_id: Set(place),
            language: Set(user.language),
            is_enabled: Set(true),
            epoch: Set(1),
            ..Default::default()
        });
    }
    write.insert_many(users).await?;
    write.wrote(&["organisation", "user"]);
    write.finish("Organisation").await
}

/// Whether an organisation has this code.
pub async fn exists(database: &Database, clock: &Clock, code: &str) -> Result<bool> {
    let scope = Scope::operator(database.clone(), ids::organisation(code), clock.clone());
    let snapshot = scope.read().await?;
    let mut sql = Sql::new(snapshot.dialect(), scope.viewer());
    sql.push("SELECT 1");
    sql.source("organisation", &organisation::Entity::OWNER, Reach::Organisation);
    let (text, values) = sql.finish();
    let found = !snapshot.rows(text, values).await?.is_empty();
    snapshot.release();
    Ok(found)
}
