//! Referrals: sent to a partner with what the visitor agreed to share, answered, and ended on both sides at once.

mod share;

use chrono::{NaiveDate, NaiveTime, Utc};
use entity::case::RiskLevel;
use entity::case_service::ServiceType;
use entity::organisation;
use entity::referral::{self, ActiveModel, Model, ReferralDirection, ReferralField, ReferralReason, ReferralStatus};
use entity::webhook_subscription::WebhookEvent;
use entity::{consent, partner, user, visit};
use sea_orm::{ColumnTrait as _, Condition, QueryFilter as _, QuerySelect as _, Set};
use uuid::Uuid;

use super::webhook::{tell, tell_beside};
use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::referral::{self as rules, Step};
use crate::domain::{Fault, Refusal, consent as consents, text};
use crate::error::{Code, Error, Errors, Result};

/// States of what has not ended.
pub(super) const LIVE: [ReferralStatus; 4] =
    [ReferralStatus::Sent, ReferralStatus::Received, ReferralStatus::Accepted, ReferralStatus::InService];

/// A referral as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Referral {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub visit: Uuid,
    pub consent: Option<Uuid>,
    pub partner: Uuid,
    pub service_type: ServiceType,
    pub reason: ReferralReason,
    pub risk_level: Option<RiskLevel>,
    pub purpose: String,
    pub share: Vec<ReferralField>,
    pub expires_on: Option<NaiveDate>,
}

/// Refers a visitor to a partner: a row for each of the two, with the same copy of what is shared.
pub async fn send(scope: &Scope, told: Referral) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::ReferralWrite, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let visit = write.get::<visit::Entity>(told.visit).await.map_err(|error| error.on("input.visit"))?;
    let partner = write.get::<partner::Entity>(told.partner).await.map_err(|error| error.on("input.partner"))?;
    let consent = consented(&write, told.consent, visit.id).await?;
    text::check_required("purpose", &told.purpose, text::NOTE)?;
    let today = scope.today();
    let expires_on = rules::expires_on(told.expires_on, consent.expires_on, today)?;
    if !partner.services.0.contains(&told.service_type) {
        let text = "The partner does not give this service.";
        return Err(Fault::new(Refusal::ReceiverNotEligible, "serviceType", text).into());
    }
    let there = scope.new_id();
    let shared = share::copied(&write, &visit, told.share).await?;
    let row = ActiveModel {
        id: Set(id),
        direction: Set(ReferralDirection::Sent),
        partner_id: Set(partner.id),
        counterpart_id: Set(there),
        visit_id: Set(Some(visit.id)),
        consent_id: Set(Some(consent.id)),
        consent_hash: Set(share::hash(&consent, &partner.code)),
        handler_id: Set(write.user()),
        service_type: Set(told.service_type),
        reason: Set(told.reason),
        risk_level: Set(told.risk_level),
        status: Set(ReferralStatus::Sent),
        sent_at: Set(scope.now()),
        acknowledge_by: Set(end_of(scope, rules::acknowledge_by(today))),
        expires_on: Set(expires_on),
        purpose: Set(Some(told.purpose)),
        ..shared
    };
    deliver(&write, &partner, row.clone(), there, id).await?;
    write.insert(row).await.map_err(|error| error.on("input.id"))?;
    write.wrote(&["referral"]);
    Ok(write.finish("Referral").await?)
}

/// The consent that carries it; held, so that it is not withdrawn meanwhile.
async fn consented(write: &Write, told: Option<Uuid>, visit: Uuid) -> Result<consent::Model, Errors> {
    let missing = || Fault::new(Refusal::ConsentMissing, "consent", "A referral needs the visitor's consent.");
    let id = told.ok_or_else(missing)?;
    let consent = write.hold::<consent::Entity>(id).await.map_err(|error| error.on("input.consent"))?;
    if consent.visit_id != visit {
        return Err(Fault::new(Refusal::ParentMismatch, "consent", "The consent was given in another visit.").into());
    }
    consents::carries(&super::consent::standing(&consent), write.scope().today())?;
    Ok(consent)
}

/// The last moment of a day where the organisation is.
fn end_of(scope: &Scope, day: NaiveDate) -> chrono::DateTime<Utc> {
    let zone = scope.viewer().time_zone;
    let next = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN);
    next.and_local_timezone(zone).earliest().map_or_else(|| next.and_utc(), |next| next.with_timezone(&Utc))
}

/// Puts the receiver's row into its inbox, if it has noted an agreement too and somebody is at its desk. Whether there is
/// such an organisation at all is not told.
async fn deliver(
    write: &Write,
    partner: &partner::Model,
    row: ActiveModel,
    there: Uuid,
    here: Uuid,
) -> Result<(), Errors> {
    let own = write.scope().viewer().organisation;
    let receiver = entity::ids::organisation(&partner.code);
    let today = write.scope().today();
    let refused = || {
        write.scope().miss();
        let text = "There is no agreement with this partner on both sides, or nobody at its desk.";
        Fault::new(Refusal::ReceiverNotEligible, "partner", text)
    };
    if receiver == own || !in_force(partner, today) {
        return Err(refused().into());
    }
    let itself = write.find::<organisation::Entity>()?;
    let code = write.all(itself).await?.pop().map(|own| own.code).ok_or(Code::Internal)?;
    let beside = write.beside(receiver).await?;
    let named = Condition::all().add(partner::Column::Code.eq(code));
    let agreed = beside.one::<partner::Entity>(named, false).await?.filter(|theirs| in_force(theirs, today));
    let theirs = agreed.ok_or_else(refused)?;
    let at_work = Condition::all().add(organisation::Column::IsActive.eq(true));
    beside.one::<organisation::Entity>(at_work, false).await?.ok_or_else(refused)?;
    let at_desk = Condition::all().add(user::Column::Id.eq(theirs.desk_id)).add(user::Column::IsEnabled.eq(true));
    beside.one::<user::Entity>(at_desk, false).await?.ok_or_else(refused)?;
    let row = ActiveModel {
        id: Set(there),
        direction: Set(ReferralDirection::Received),
        partner_id: Set(theirs.id),
        counterpart_id: Set(here),
        visit_id: Set(None),
        consent_id: Set(None),
        handler_id: Set(Some(theirs.desk_id)),
        ..row
    };
    beside.insert(row).await?;
    beside.note("Referral", there, &["referral"]).await?;
    tell_beside(&beside, write.scope(), WebhookEvent::ReferralReceived, (there, ReferralStatus::Sent)).await?;
    Ok(beside.leave().await?)
}

fn in_force(partner: &partner::Model, today: NaiveDate) -> bool {
    partner.agreed_on <= today && partner.ends_on.is_none_or(|ends| ends >= today)
}

/// A step as asked for.
#[expect(missing_docs, reason = "the fields are those of the inputs, which document them")]
pub struct Move {
    pub once: Option<Once>,
    pub referral: Uuid,
    pub expected_version: i32,
    pub to: To,
}

/// Which step, with what it takes.
#[expect(missing_docs, reason = "the fields are those of the inputs, which document them")]
pub enum To {
    Acknowledge,
    Accept,
    Reject { reason: String },
    StartService,
    Complete { note: String },
    Revoke { reason: String },
}

impl To {
    fn step(&self) -> Step<'_> {
        match self {
            Self::Acknowledge => Step::Acknowledge,
            Self::Accept => Step::Accept,
            Self::Reject { reason } => Step::Reject(reason),
            Self::StartService => Step::StartService,
            Self::Complete { note } => Step::Complete(note),
            Self::Revoke { reason } => Step::Revoke(reason),
        }
    }
}

/// Takes a step, on both sides.
pub async fn advance(scope: &Scope, told: Move) -> Done {
    let mut write = match scope.write(Action::ReferralWrite, told.once, told.referral).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let referral = held(&write, told.referral).await?;
    let status = rules::step(referral.direction, referral.status, &told.to.step())?;
    let change = after(scope, status, told.to);
    let here = if rules::is_live(status) { change.clone() } else { forgotten(referral.direction, change.clone()) };
    write.update(referral.id, told.expected_version, here).await?;
    tell(&write, WebhookEvent::ReferralStatusChanged, &[(referral.id, status)]).await?;
    end_there(&write, &referral, status, Some(change)).await?;
    write.wrote(&["referral"]);
    Ok(write.finish("Referral").await?)
}

/// The own row, held. The sender's is held first whoever acts, so that two who act at once do not wait for each other.
async fn held(write: &Write, id: Uuid) -> Result<Model> {
    let found = write.get::<referral::Entity>(id).await.map_err(|error| error.on("input.referral"))?;
    if found.direction == ReferralDirection::Received {
        let beside = write.beside(partner_of(write, &found).await?).await?;
        let theirs = Condition::all().add(referral::Column::Id.eq(found.counterpart_id));
        beside.one::<referral::Entity>(theirs, true).await?;
        beside.leave().await?;
    }
    write.hold::<referral::Entity>(id).await.map_err(|error| error.on("input.referral"))
}

/// The other organisation.
async fn partner_of(write: &Write, referral: &Model) -> Result<Uuid> {
    let select = write.find::<partner::Entity>()?.filter(partner::Column::Id.eq(referral.partner_id));
    let partner = write.all(select).await?.pop().ok_or(Code::Internal)?;
    Ok(entity::ids::organisation(&partner.code))
}

/// What a step changes, on either side.
fn after(scope: &Scope, status: ReferralStatus, to: To) -> ActiveModel {
    let now = scope.now();
    let mut row = ActiveModel { status: Set(status), ..Default::default() };
    if !rules::is_live(status) {
        row.ended_at = Set(Some(now));
    }
    match to {
        To::Acknowledge | To::StartService => {}
        To::Accept => {
            row.responded_at = Set(Some(now));
            row.meet_by = Set(Some(rules::meet_by(scope.today())));
        }
        To::Reject { reason } => {
            row.responded_at = Set(Some(now));
            row.end_reason = Set(Some(reason));
        }
        To::Revoke { reason } => row.end_reason = Set(Some(reason)),
        To::Complete { note } => row.provider_note = Set(Some(note)),
    }
    row
}

/// Brings the other side's row to that state, unless it has ended there before.
pub(super) async fn end_there(
    write: &Write,
    referral: &Model,
    status: ReferralStatus,
    change: Option<ActiveModel>,
) -> Result<()> {
    let side = match referral.direction {
        ReferralDirection::Sent => ReferralDirection::Received,
        ReferralDirection::Received => ReferralDirection::Sent,
    };
    let row = change.unwrap_or_else(|| ActiveModel {
        status: Set(status),
        ended_at: Set(Some(write.scope().now())),
        ..Default::default()
    });
    let row = if rules::is_live(status) { row } else { forgotten(side, row) };
    let beside = write.beside(partner_of(write, referral).await?).await?;
    let live = Condition::all().add(referral::Column::Status.is_in(LIVE));
    if beside.change(referral.counterpart_id, live, row).await? {
        beside.note("Referral", referral.counterpart_id, &["referral"]).await?;
        let about = (referral.counterpart_id, status);
        tell_beside(&beside, write.scope(), WebhookEvent::ReferralStatusChanged, about).await?;
    } else if rules::is_live(status) {
        // Where the other's day is over already.
        return Err(Error::new(Code::WrongState).saying("The referral has ended.").on("input.referral"));
    }
    beside.leave().await
}

/// For the receiver the copy is gone once a referral has ended.
fn forgotten(side: ReferralDirection, row: ActiveModel) -> ActiveModel {
    if side == ReferralDirection::Sent {
        return row;
    }
    ActiveModel {
        purpose: Set(None),
        name: Set(None),
        phone: Set(None),
        ticket: Set(None),
        visitor_kind: Set(None),
        sex: Set(None),
        age_years: Set(None),
        home_township_id: Set(None),
        destination: Set(None),
        topics: Set(None),
        disability: Set(None),
        displacement: Set(None),
        signs: Set(None),
        risk_level: Set(None),
        ..row
    }
}

/// A referral handed on, as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Assignment {
    pub once: Option<Once>,
    pub referral: Uuid,
    pub expected_version: i32,
    pub handler: Uuid,
}

/// Hands a referral on to a colleague.
pub async fn assign(scope: &Scope, told: Assignment) -> Done {
    let mut write = match scope.write(Action::ReferralWrite, told.once, told.referral).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let referral = write.hold::<referral::Entity>(told.referral).await.map_err(|error| error.on("input.referral"))?;
    if !rules::is_live(referral.status) {
        return Err(Fault::new(Refusal::WrongState, "referral", "The referral has ended.").into());
    }
    let handler = write.get::<user::Entity>(told.handler).await.map_err(|error| error.on("input.handler"))?;
    if !handler.is_enabled || !crate::access::may(handler.role, Action::ReferralWrite) {
        return Err(Error::new(Code::ReceiverNotEligible).on("input.handler").into());
    }
    let row = ActiveModel { handler_id: Set(Some(handler.id)), ..Default::default() };
    write.update(referral.id, told.expected_version, row).await?;
    write.wrote(&["referral"]);
    Ok(write.finish("Referral").await?)
}

/// Referrals that one transaction ends.
const AT_ONCE: usize = 500;

/// Ends what expired before today, for one organisation: its own rows, whichever side it is on.
pub async fn expire(scope: &Scope) -> Result<()> {
    while expire_some(scope).await? == AT_ONCE {}
    Ok(())
}

async fn expire_some(scope: &Scope) -> Result<usize> {
    let mut write = scope.operate(Action::DayEnd).await?;
    let due = write.find::<referral::Entity>()?.filter(referral::Column::Status.is_in(LIVE));
    let due = due.filter(referral::Column::ExpiresOn.lt(scope.today())).limit(AT_ONCE as u64);
    let due = write.all(due).await?;
    if due.is_empty() {
        write.abandon().await?;
        return Ok(0);
    }
    for referral in &due {
        let row = ActiveModel {
            status: Set(ReferralStatus::Expired),
            ended_at: Set(Some(scope.now())),
            ..Default::default()
        };
        write.update(referral.id, referral.row_version, forgotten(referral.direction, row)).await?;
    }
    let ended: Vec<_> = due.iter().map(|referral| (referral.id, ReferralStatus::Expired)).collect();
    tell(&write, WebhookEvent::ReferralStatusChanged, &ended).await?;
    write.wrote(&["referral"]);
    write.finish("Organisation").await?;
    Ok(due.len())
}
