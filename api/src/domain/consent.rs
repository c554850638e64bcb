//! What a consent says, and when it carries a referral. Source: domain catalogue 3.6 and 4.4.

use chrono::{Months, NaiveDate};
use entity::consent::ConsentScope;
use entity::person::Answer;

use super::{Fault, Refusal, ensure, text};

/// How long a consent holds at most, in years.
pub const YEARS: u32 = 5;

/// Below this age the child is asked too, in years.
pub const ADULT: i32 = 18;

/// A consent as it is told.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The day of the visit in which it was given.
    pub visited_on: NaiveDate,
    /// The visitor's age.
    pub age_years: Option<i32>,
    /// The day it was given.
    pub given_on: NaiveDate,
    /// The last day it holds.
    pub expires_on: NaiveDate,
    /// What it allows.
    pub scopes: &'a [ConsentScope],
    /// How many things were explained.
    pub explained: usize,
    /// Whether the child agrees.
    pub child_assent: Answer,
    /// The language it was explained in.
    pub language: &'a str,
}

/// Everything that is wrong with a consent.
pub fn check(told: &Told<'_>, today: NaiveDate) -> Vec<Fault> {
    let latest = told.given_on.checked_add_months(Months::new(12 * YEARS)).unwrap_or(NaiveDate::MAX);
    let given = (told.visited_on..=today).contains(&told.given_on);
    let is_child = told.age_years.is_some_and(|age| age < ADULT);
    [
        ensure(given, Refusal::DateInvalid, "givenOn", "It is given on the day of the visit or after, not ahead."),
        ensure(
            (told.given_on..=latest).contains(&told.expires_on),
            Refusal::DateInvalid,
            "expiresOn",
            "It holds for five years at most.",
        ),
        ensure(!told.scopes.is_empty(), Refusal::FieldRequired, "scopes", "A consent allows something."),
        ensure(told.explained > 0, Refusal::FieldRequired, "informationGiven", "Something was explained before."),
        ensure(
            !is_child || !matches!(told.child_assent, Answer::NotAsked),
            Refusal::FieldRequired,
            "childAssent",
            "Below 18 the child is asked too.",
        ),
        ensure(
            !is_child || told.child_assent != Answer::No,
            Refusal::RuleNotMet,
            "childAssent",
            "A child who says no is not overruled.",
        ),
        text::check_required("language", told.language, 35),
    ]
    .into_iter()
    .filter_map(Result::err)
    .collect()
}

/// A consent as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// What it allows.
    pub scopes: &'a [ConsentScope],
    /// The last day it holds.
    pub expires_on: NaiveDate,
    /// The day it was withdrawn.
    pub withdrawn_on: Option<NaiveDate>,
}

/// Whether it carries a referral: live, for services and for telling others.
pub fn carries(consent: &Standing<'_>, today: NaiveDate) -> Result<(), Fault> {
    let field = "consent";
    ensure(consent.withdrawn_on.is_none(), Refusal::ConsentWithdrawn, field, "The consent was withdrawn.")?;
    ensure(today <= consent.expires_on, Refusal::ConsentExpired, field, "The consent has expired.")?;
    let both = [ConsentScope::Services, ConsentScope::ShareWithOtherOrganisations];
    let text = "A referral needs consent to services and to sharing with other organisations.";
    ensure(both.iter().all(|scope| consent.scopes.contains(scope)), Refusal::ConsentScopeMissing, field, text)
}

/// Checks that a consent is withdrawn.
pub fn check_withdrawn(consent: &Standing<'_>, reason: &str) -> Result<(), Fault> {
    ensure(consent.withdrawn_on.is_none(), Refusal::WrongState, "consent", "The consent was withdrawn before.")?;
    ensure(!reason.trim().is_empty(), Refusal::ReasonRequired, "reason", "Why, in the person's own words.")?;
    text::check("reason", reason, text::NOTE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Refusal::{
        ConsentExpired, ConsentScopeMissing, ConsentWithdrawn, DateInvalid, FieldRequired, RuleNotMet,
    };

    const BOTH: [ConsentScope; 2] = [ConsentScope::Services, ConsentScope::ShareWithOtherOrganisations];

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn told() -> Told<'static> {
        Told {
            visited_on: day("2026-11-20"),
            age_years: Some(19),
            given_on: day("2026-11-20"),
            expires_on: day("2027-11-20"),
            scopes: &BOTH,
            explained: 1,
            child_assent: Answer::NotAsked,
            language: "my",
        }
    }

    fn faults(told: &Told<'_>) -> Vec<(Refusal, &'static str)> {
        check(told, day("2026-11-22")).into_iter().map(|fault| (fault.refusal, fault.field)).collect()
    }

    #[test]
    fn what_a_consent_needs() {
        assert_eq!(faults(&told()), []);
        assert_eq!(faults(&Told { given_on: day("2026-11-19"), ..told() }), [(DateInvalid, "givenOn")]);
        assert_eq!(faults(&Told { given_on: day("2026-11-23"), ..told() }), [(DateInvalid, "givenOn")]);
        assert_eq!(faults(&Told { expires_on: day("2026-11-19"), ..told() }), [(DateInvalid, "expiresOn")]);
        assert_eq!(faults(&Told { expires_on: day("2031-11-21"), ..told() }), [(DateInvalid, "expiresOn")]);
        assert_eq!(faults(&Told { scopes: &[], ..told() }), [(FieldRequired, "scopes")]);
        assert_eq!(faults(&Told { explained: 0, ..told() }), [(FieldRequired, "informationGiven")]);
        assert_eq!(faults(&Told { language: " ", ..told() }), [(FieldRequired, "language")]);
    }

    #[test]
    fn a_child_is_asked_too() {
        let child = |child_assent| faults(&Told { age_years: Some(17), child_assent, ..told() });
        assert_eq!(child(Answer::NotAsked), [(FieldRequired, "childAssent")]);
        assert_eq!(child(Answer::No), [(RuleNotMet, "childAssent")]);
        assert_eq!(child(Answer::Yes), []);
    }

    #[test]
    fn what_carries_a_referral() {
        let stands = Standing { scopes: &BOTH, expires_on: day("2026-11-22"), withdrawn_on: None };
        let found = |consent: &Standing<'_>| carries(consent, day("2026-11-22")).map_err(|fault| fault.refusal);
        assert_eq!(found(&stands), Ok(()));
        assert_eq!(found(&Standing { expires_on: day("2026-11-21"), ..stands }), Err(ConsentExpired));
        assert_eq!(found(&Standing { withdrawn_on: Some(day("2026-11-21")), ..stands }), Err(ConsentWithdrawn));
        for scopes in [&BOTH[..1], &BOTH[1..], &[ConsentScope::Tracing]] {
            assert_eq!(found(&Standing { scopes, ..stands }), Err(ConsentScopeMissing));
        }
    }
}
