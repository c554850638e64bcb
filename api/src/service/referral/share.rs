//! What a referral copies of a visitor: the fields that were named, and the consent's fingerprint.

use entity::list::List;
use entity::referral::{ActiveModel, ReferralField};
use entity::{Code as _, consent, person, visit};
use sea_orm::Set;
use sha2::{Digest as _, Sha256};

use crate::db::Write;
use crate::domain::{Fault, Refusal};
use crate::error::{Error, Errors};

/// The copy, of which nothing is there that was not named.
pub(super) async fn copied(
    write: &Write,
    visit: &visit::Model,
    share: Vec<ReferralField>,
) -> Result<ActiveModel, Errors> {
    use ReferralField as F;
    if share.is_empty() {
        return Err(Fault::new(Refusal::FieldRequired, "share", "A referral shares something of the visitor.").into());
    }
    let has = |field| share.contains(&field);
    let person = if has(F::Name) || has(F::Phone) { Some(known(write, visit, has(F::Name)).await?) } else { None };
    let named = |field| person.as_ref().filter(|_| has(field));
    Ok(ActiveModel {
        name: Set(named(F::Name).and_then(|person| person.full_name.clone())),
        phone: Set(named(F::Phone).and_then(|person| person.phone.clone())),
        ticket: Set(has(F::Ticket).then(|| visit.ticket.clone())),
        visitor_kind: Set(has(F::VisitorKind).then_some(visit.visitor_kind)),
        sex: Set(has(F::Sex).then_some(visit.sex)),
        age_years: Set(visit.age_years.filter(|_| has(F::Age))),
        home_township_id: Set(visit.home_township_id.filter(|_| has(F::HomeTownship))),
        destination: Set(visit.destination.clone().filter(|_| has(F::Destination))),
        topics: Set(has(F::Topics).then(|| visit.topics.clone())),
        disability: Set(has(F::Disability).then_some(visit.disability)),
        displacement: Set(has(F::Displacement).then_some(visit.displacement)),
        signs: Set(has(F::Signs).then(|| visit.signs.clone())),
        shared: Set(List::codes(share)),
        ..Default::default()
    })
}

/// The visitor, within reach, with a name that may be said.
async fn known(write: &Write, visit: &visit::Model, by_name: bool) -> Result<person::Model, Errors> {
    let nameless =
        || Fault::new(Refusal::FieldRequired, "share", "The visitor gave no name: share the ticket instead.");
    let id = visit.person_id.ok_or_else(nameless)?;
    let person = write.get::<person::Entity>(id).await.map_err(|error: Error| error.on("input.share"))?;
    if by_name && person.is_name_hidden {
        return Err(Fault::new(Refusal::RuleNotMet, "share", "The name is hidden: share the ticket instead.").into());
    }
    Ok(person)
}

/// The fingerprint of a consent for one receiver: whoever has the consent can tell that it is the one, and two receivers
/// cannot tell that they were told of the same visitor.
pub(super) fn hash(consent: &consent::Model, receiver: &str) -> String {
    let codes = |codes: Vec<&'static str>| codes.join(" ");
    let text = [
        receiver.to_owned(),
        consent.id.to_string(),
        consent.given_on.to_string(),
        consent.given_by.code().to_owned(),
        consent.method.code().to_owned(),
        consent.language.clone(),
        codes(consent.scopes.0.iter().map(|scope| scope.code()).collect()),
        codes(consent.information_given.0.iter().map(|told| told.code()).collect()),
        consent.child_assent.code().to_owned(),
        consent.expires_on.to_string(),
    ]
    .join("\n");
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        use std::fmt::Write as _;
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
