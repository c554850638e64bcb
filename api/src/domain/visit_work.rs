//! What may follow a visit. Source: domain catalogue 3.10, proposed.

use chrono::{Days, NaiveDate};
use entity::direct_assistance::AssistanceKind;

use super::complaint::{Fields, Money, check_money};
use super::{Fault, Refusal, ensure, text};

/// How far ahead a follow-up may lie, in days.
pub const AHEAD: u64 = 366;

/// What the assistance was worth.
pub const VALUE: Fields = Fields { amount: "value.amount", currency: "value.currency" };

/// Checks the plan to get back to a visitor.
pub fn check_plan(needed_by: NaiveDate, visited_on: NaiveDate, today: NaiveDate) -> Result<(), Fault> {
    let latest = today.checked_add_days(Days::new(AHEAD)).unwrap_or(NaiveDate::MAX);
    let text = "A follow-up lies after the visit and within a year.";
    ensure((visited_on..=latest).contains(&needed_by), Refusal::DateInvalid, "neededBy", text)
}

/// Everything that is wrong with a follow-up that was done.
pub fn check_done(
    before: Option<NaiveDate>,
    done_on: NaiveDate,
    visited_on: NaiveDate,
    today: NaiveDate,
    outcome: &str,
) -> Result<(), Fault> {
    ensure(before.is_none(), Refusal::WrongState, "visitFollowUp", "The follow-up was done before.")?;
    let text = "It was done after the visit, and not in the future.";
    ensure((visited_on..=today).contains(&done_on), Refusal::DateInvalid, "doneOn", text)?;
    text::check_required("outcome", outcome, text::NOTE)
}

/// Assistance as it is told.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The day it was given.
    pub given_on: NaiveDate,
    /// The day of the visit.
    pub visited_on: NaiveDate,
    /// What kind of help it was.
    pub kind: AssistanceKind,
    /// What was given.
    pub item: &'a str,
    /// What it was worth.
    pub value: &'a Money,
}

/// Everything that is wrong with direct assistance.
pub fn check_given(given: &Given<'_>, today: NaiveDate) -> Vec<Fault> {
    let cash = given.kind == AssistanceKind::Cash;
    let in_time = (given.visited_on..=today).contains(&given.given_on);
    [
        ensure(in_time, Refusal::DateInvalid, "givenOn", "It was given on the day of the visit or after, not ahead."),
        text::check_required("item", given.item, text::NAME),
        check_money(given.value, VALUE),
        ensure(
            !cash || given.value.amount.is_some() || given.value.currency.is_some(),
            Refusal::FieldRequired,
            "value",
            "Cash has an amount.",
        ),
    ]
    .into_iter()
    .filter_map(Result::err)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Refusal::{DateInvalid, FieldRequired, TooLong, WrongState};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_follow_up_lies_after_the_visit() {
        let told =
            |needed| check_plan(day(needed), day("2026-11-20"), day("2026-11-22")).map_err(|fault| fault.refusal);
        assert_eq!(told("2026-11-19"), Err(DateInvalid));
        assert_eq!(told("2026-11-20"), Ok(()));
        assert_eq!(told("2027-11-23"), Ok(()));
        assert_eq!(told("2027-11-24"), Err(DateInvalid));
    }

    #[test]
    fn it_is_done_once_and_says_what_came_of_it() {
        let done = |before, on, outcome| {
            check_done(before, day(on), day("2026-11-20"), day("2026-11-22"), outcome)
                .map_err(|fault| (fault.refusal, fault.field))
        };
        assert_eq!(done(None, "2026-11-22", "Called"), Ok(()));
        assert_eq!(done(Some(day("2026-11-21")), "2026-11-22", "Called"), Err((WrongState, "visitFollowUp")));
        assert_eq!(done(None, "2026-11-19", "Called"), Err((DateInvalid, "doneOn")));
        assert_eq!(done(None, "2026-11-23", "Called"), Err((DateInvalid, "doneOn")));
        assert_eq!(done(None, "2026-11-22", " "), Err((FieldRequired, "outcome")));
    }

    #[test]
    fn cash_has_an_amount_and_an_amount_a_currency() {
        let none = Money::default();
        let bare = Money { amount: Some(5.0), currency: None };
        let given = Given {
            given_on: day("2026-11-20"),
            visited_on: day("2026-11-20"),
            kind: AssistanceKind::Food,
            item: "Rice",
            value: &none,
        };
        let faults = |given: &Given<'_>| -> Vec<_> {
            check_given(given, day("2026-11-22")).into_iter().map(|fault| (fault.refusal, fault.field)).collect()
        };
        assert_eq!(faults(&given), []);
        assert_eq!(faults(&Given { kind: AssistanceKind::Cash, ..given }), [(FieldRequired, "value")]);
        assert_eq!(faults(&Given { value: &bare, ..given }), [(FieldRequired, "value.currency")]);
        assert_eq!(faults(&Given { item: "", ..given }), [(FieldRequired, "item")]);
        assert_eq!(faults(&Given { item: &"x".repeat(201), ..given }), [(TooLong, "item")]);
        assert_eq!(faults(&Given { given_on: day("2026-11-19"), ..given }), [(DateInvalid, "givenOn")]);
        assert_eq!(faults(&Given { given_on: day("2026-11-23"), ..given }), [(DateInvalid, "givenOn")]);
    }
}
