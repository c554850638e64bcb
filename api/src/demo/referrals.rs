//! Referrals between the demo's organisations, each act done by the service itself on the day it was done.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::case_service::ServiceType;
use entity::consent::{ConsentGiver, ConsentMethod, ConsentScope, InformationGiven};
use entity::person::Answer;
use entity::referral::{Column, ReferralField, ReferralReason};
use entity::user::RoleCode;
use entity::{Code as _, ids, visit};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use super::draw::Draw;
use super::id_of;
use crate::access::Action;
use crate::clock::Clock;
use crate::db::{Database, Scope};
use crate::error::{Code, Errors};
use crate::service::check::Names;
use crate::service::referral::{Move, To};
use crate::service::{consent, partner, referral};

/// Who agrees with whom, and what the second gives.
const AGREED: [(&str, &str, &[ServiceType]); 4] = [
    ("LEAD", "KCSO", &[ServiceType::Psychosocial, ServiceType::Food, ServiceType::Livelihoods]),
    ("KCSO", "LEAD", &[ServiceType::LegalAssistance, ServiceType::AntiTrafficking]),
    ("LEAD", "RANONG", &[ServiceType::LegalAssistance, ServiceType::HealthMedical]),
    ("RANONG", "LEAD", &[ServiceType::Documentation, ServiceType::AntiTrafficking]),
];

/// Referrals of each direction.
const EACH: usize = 12;

/// A visit that may lead to a referral.
#[derive(Clone, Copy)]
pub(super) struct Visited {
    id: Uuid,
    on: NaiveDate,
    is_child: bool,
    is_known: bool,
}

/// Visits of the last two months that one of these users counselled.
pub(super) fn lately(visits: &[visit::ActiveModel], counsellor: Option<&Uuid>, today: NaiveDate) -> Vec<Visited> {
    let since = today.checked_sub_days(Days::new(60)).unwrap_or(today);
    let lately = visits.iter().filter_map(|row| {
        let (Set(on), Set(by), Set(age), Set(person)) =
            (&row.visited_on, &row.counsellor_id, &row.age_years, &row.person_id)
        else {
            return None;
        };
        let fits = *on >= since && by.as_ref() == counsellor;
        let is_child = age.is_some_and(|age| age < 18);
        fits.then(|| Visited { id: id_of(&row.id), on: *on, is_child, is_known: person.is_some() })
    });
    lately.collect()
}

/// The two sides of an agreement at work.
struct Exchange<'a> {
    database: &'a Database,
    now: DateTime<Utc>,
}

/// Agreements, consents and referrals: how many of each there are in the end.
pub(super) async fn exchange(
    database: &Database,
    now: DateTime<Utc>,
    visits: &[(&'static str, Vec<Visited>)],
) -> Result<[u64; 3], Errors> {
    let exchange = Exchange { database, now };
    let mut counts = [0, 0, 0];
    let mut partners = Vec::with_capacity(AGREED.len());
    for (own, other, services) in AGREED {
        partners.push(exchange.agree(own, other, services).await?);
        counts[0] += 1;
    }
    for (seed, ((from, to, services), partner)) in (100..).zip(AGREED.into_iter().zip(partners)) {
        let mut draw = Draw::new(seed, now);
        let of = visits.iter().find(|(code, _)| *code == from).map_or(&[][..], |(_, visits)| visits);
        for visited in draw.some(of, EACH, EACH) {
            let Some(service) = draw.of(services) else { continue };
            exchange.one((from, to), partner, visited, service, &mut draw).await?;
            counts[1] += 1;
            counts[2] += 2;
        }
    }
    Ok(counts)
}

impl Exchange<'_> {
    /// A user of that role, on that day at ten in the morning, or now.
    async fn scope(&self, code: &str, role: RoleCode, on: NaiveDate) -> Result<Scope, Errors> {
        let at = (on.and_time(chrono::NaiveTime::MIN) + TimeDelta::hours(4)).and_utc().min(self.now);
        let subject = role.code().to_lowercase();
        let viewer = self.database.identify(ids::organisation(code), &subject, role.code()).await?;
        let viewer = viewer.ok_or(Code::Internal)?;
        Ok(Scope::new(self.database.clone(), Arc::new(viewer), Clock::manual(at), "demo".into()))
    }

    async fn agree(&self, own: &'static str, other: &str, services: &[ServiceType]) -> Result<Uuid, Errors> {
        let today = self.now.date_naive();
        let scope = self.scope(own, RoleCode::OrgAdmin, today).await?;
        let (_, name) = super::organisations().into_iter().find(|(code, _)| *code == other).ok_or(Code::Internal)?;
        let desk = self.scope(own, RoleCode::MrcCounsellor, today).await?.viewer().user;
        let told = partner::Agreement {
            once: None,
            code: other.to_owned(),
            names: Names { en: name.to_owned(), my: None, th: None },
            services: services.to_vec(),
            agreed_on: today.checked_sub_days(Days::new(365)).unwrap_or(today),
            ends_on: None,
            desk,
        };
        partner::agree(&scope, told).await
    }

    async fn one(
        &self,
        (from, to): (&str, &str),
        partner: Uuid,
        visited: Visited,
        service: ServiceType,
        draw: &mut Draw,
    ) -> Result<(), Errors> {
        let scope = self.scope(from, RoleCode::MrcCounsellor, visited.on).await?;
        let told = consent::Consent {
            once: None,
            id: None,
            visit: visited.id,
            given_on: Some(visited.on),
            given_by: if visited.is_child { ConsentGiver::Parent } else { ConsentGiver::Individual },
            method: draw.mostly(ConsentMethod::Written, &[(ConsentMethod::VerbalWitnessed, 30)]),
            language: "my".to_owned(),
            scopes: vec![ConsentScope::Services, ConsentScope::ShareWithOtherOrganisations],
            information_given: vec![InformationGiven::Purpose, InformationGiven::WithdrawalProcess],
            child_assent: visited.is_child.then_some(Answer::Yes),
            expires_on: visited.on.checked_add_days(Days::new(365)).unwrap_or(visited.on),
        };
        let consent = consent::record(&scope, told).await?;
        let mut share = vec![ReferralField::Ticket, ReferralField::Sex, ReferralField::Age, ReferralField::Topics];
        share.extend(visited.is_known.then_some(ReferralField::Phone));
        let told = referral::Referral {
            once: None,
            id: None,
            visit: visited.id,
            consent: Some(consent),
            partner,
            service_type: service,
            reason: ReferralReason::AdditionalServices,
            risk_level: None,
            purpose: "Please see what can be done (demo).".to_owned(),
            share,
            expires_on: None,
        };
        let sent = referral::send(&scope, told).await?;
        self.answered(to, visited.on, sent, draw).await
    }

    /// The receiver's row.
    async fn there(&self, to: &str, here: Uuid) -> Result<Uuid, Errors> {
        let scope = Scope::operator(self.database.clone(), ids::organisation(to), Clock::manual(self.now));
        let write = scope.operate(Action::RecordsImport).await?;
        let select = write.find::<entity::referral::Entity>()?.filter(Column::CounterpartId.eq(here));
        let found = write.all(select).await?.pop();
        write.abandon().await?;
        Ok(found.ok_or(Code::Internal)?.id)
    }

    /// What became of it: nothing yet, or step after step as far as the days since then reach.
    async fn answered(&self, to: &str, sent_on: NaiveDate, sent: Uuid, draw: &mut Draw) -> Result<(), Errors> {
        if draw.chance(15) {
            return Ok(());
        }
        let rejects = draw.chance(15);
        let steps: Vec<(u64, To)> = if rejects {
            vec![(1, To::Acknowledge), (3, To::Reject { reason: "No place at the moment (demo).".to_owned() })]
        } else {
            let note = "Was helped as asked (demo).".to_owned();
            vec![(1, To::Acknowledge), (2, To::Accept), (6, To::StartService), (25, To::Complete { note })]
        };
        let there = self.there(to, sent).await?;
        for (version, (days, step)) in (1..).zip(steps) {
            let on = sent_on.checked_add_days(Days::new(days)).unwrap_or(sent_on);
            if on > self.now.date_naive() {
                break;
            }
            let scope = self.scope(to, RoleCode::MrcCounsellor, on).await?;
            let told = Move { once: None, referral: there, expected_version: version, to: step };
            referral::advance(&scope, told).await?;
        }
        Ok(())
    }
}
