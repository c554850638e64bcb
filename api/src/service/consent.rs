//! Consents of visitors: given, and withdrawn with everything that stands on them.

use chrono::NaiveDate;
use entity::consent::{self, ActiveModel, ConsentGiver, ConsentMethod, ConsentScope, InformationGiven};
use entity::list::List;
use entity::person::Answer;
use entity::referral::{self, ReferralStatus};
use entity::visit;
use entity::webhook_subscription::WebhookEvent;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _, Set};
use uuid::Uuid;

use super::referral::{LIVE, end_there};
use super::webhook::tell;
use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::consent::{self as rules, Standing, Told};
use crate::error::Errors;

/// A consent as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Consent {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub visit: Uuid,
    pub given_on: Option<NaiveDate>,
    pub given_by: ConsentGiver,
    pub method: ConsentMethod,
    pub language: String,
    pub scopes: Vec<ConsentScope>,
    pub information_given: Vec<InformationGiven>,
    pub child_assent: Option<Answer>,
    pub expires_on: NaiveDate,
}

/// Notes what a visitor agreed to.
pub async fn record(scope: &Scope, told: Consent) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::ConsentWrite, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let visit = write.get::<visit::Entity>(told.visit).await.map_err(|error| error.on("input.visit"))?;
    let given_on = told.given_on.unwrap_or_else(|| scope.today());
    let child_assent = told.child_assent.unwrap_or(Answer::NotAsked);
    let said = Told {
        visited_on: visit.visited_on,
        age_years: visit.age_years.or(visit.age_group.map(|group| group.years().0)),
        given_on,
        expires_on: told.expires_on,
        scopes: &told.scopes,
        explained: told.information_given.len(),
        child_assent,
        language: &told.language,
    };
    Errors::none(&rules::check(&said, scope.today()))?;
    let row = ActiveModel {
        id: Set(id),
        visit_id: Set(visit.id),
        obtained_by_id: Set(write.user()),
        given_on: Set(given_on),
        given_by: Set(told.given_by),
        method: Set(told.method),
        language: Set(told.language),
        scopes: Set(List::codes(told.scopes)),
        information_given: Set(List::codes(told.information_given)),
        child_assent: Set(child_assent),
        expires_on: Set(told.expires_on),
        withdrawn_on: Set(None),
        withdrawal_reason: Set(None),
        ..Default::default()
    };
    write.insert(row).await.map_err(|error| error.on("input.id"))?;
    write.wrote(&["consent"]);
    Ok(write.finish("Consent").await?)
}

/// A withdrawal as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Withdrawal {
    pub once: Option<Once>,
    pub consent: Uuid,
    pub expected_version: i32,
    pub reason: String,
}

/// Withdraws a consent; referrals that stand on it end with it, on both sides.
pub async fn withdraw(scope: &Scope, told: Withdrawal) -> Done {
    let mut write = match scope.write(Action::ConsentWrite, told.once, told.consent).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let consent = write.hold::<consent::Entity>(told.consent).await.map_err(|error| error.on("input.consent"))?;
    rules::check_withdrawn(&standing(&consent), &told.reason)?;
    let row = ActiveModel {
        withdrawn_on: Set(Some(scope.today())),
        withdrawal_reason: Set(Some(told.reason)),
        ..Default::default()
    };
    write.update(consent.id, told.expected_version, row).await?;
    write.wrote(&["consent"]);
    end_referrals(&mut write, consent.id).await?;
    Ok(write.finish("Consent").await?)
}

pub(super) fn standing(consent: &consent::Model) -> Standing<'_> {
    Standing { scopes: &consent.scopes.0, expires_on: consent.expires_on, withdrawn_on: consent.withdrawn_on }
}

async fn end_referrals(write: &mut Write, consent: Uuid) -> Result<(), Errors> {
    let standing = write.find::<referral::Entity>()?.filter(referral::Column::ConsentId.eq(consent));
    let standing = standing.filter(referral::Column::Status.is_in(LIVE)).lock(LockType::NoKeyUpdate);
    for referral in write.all(standing).await? {
        let row = referral::ActiveModel {
            status: Set(ReferralStatus::WithdrawnConsent),
            ended_at: Set(Some(write.scope().now())),
            ..Default::default()
        };
        write.update(referral.id, referral.row_version, row).await?;
        tell(write, WebhookEvent::ReferralStatusChanged, &[(referral.id, ReferralStatus::WithdrawnConsent)]).await?;
        end_there(write, &referral, ReferralStatus::WithdrawnConsent, None).await?;
        write.wrote(&["referral"]);
    }
    Ok(())
}
