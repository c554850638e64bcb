//! A complaint as a state machine, its amounts, and when it asks for a talk about trafficking. Source: domain catalogue
//! 3.10 and 4.4.

use chrono::NaiveDate;
use entity::complaint::{ComplaintKind, ComplaintStatus};
use entity::person::Answer;
use entity::screening_request::ForcedLabourSign;

use super::{Fault, Refusal, ensure, text};

/// The greatest amount, in units of its currency.
pub const GREATEST: f64 = 1e12;

/// An amount as told: without its currency it says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Money {
    /// In units of the currency, with two decimals at most.
    pub amount: Option<f64>,
    /// ISO 4217.
    pub currency: Option<String>,
}

/// The input fields of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    /// Of the amount.
    pub amount: &'static str,
    /// Of the currency.
    pub currency: &'static str,
}

/// What is asked for.
pub const CLAIMED: Fields = Fields { amount: "claimed.amount", currency: "claimed.currency" };
/// What was awarded or agreed.
pub const AWARDED: Fields = Fields { amount: "awarded.amount", currency: "awarded.currency" };
/// What has come.
pub const RECOVERED: Fields = Fields { amount: "recovered.amount", currency: "recovered.currency" };

/// Checks an amount: both parts or none, not negative, in a currency by its three letters.
pub fn check_money(money: &Money, fields: Fields) -> Result<(), Fault> {
    let Some(amount) = money.amount else {
        let text = "A currency stands beside an amount.";
        return ensure(money.currency.is_none(), Refusal::FieldRequired, fields.amount, text);
    };
    let fits = (0.0..=GREATEST).contains(&amount) && (amount * 100.0 - (amount * 100.0).round()).abs() < 1e-3;
    ensure(fits, Refusal::BadValue, fields.amount, "An amount is 0 to 1,000,000,000,000 with two decimals at most.")?;
    let Some(currency) = &money.currency else {
        return Err(Fault::new(Refusal::FieldRequired, fields.currency, "An amount names its currency."));
    };
    let three = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
    ensure(three, Refusal::CodeUnknown, fields.currency, "Three capital letters, ISO 4217.")
}

/// A complaint as it is filed.
#[derive(Clone, Copy, Debug)]
pub struct Filed<'a> {
    /// What it is about.
    pub kinds: &'a [ComplaintKind],
    /// How many complain.
    pub complainants: usize,
    /// The day it was told to the centre.
    pub filed_on: NaiveDate,
    /// The day the centre opened, if that is known.
    pub opened_on: Option<NaiveDate>,
    /// What is asked for.
    pub claimed: &'a Money,
}

/// Most complainants of one complaint.
pub const MOST: usize = 200;

/// Everything that is wrong with a complaint; `today` is the day where the organisation is.
pub fn check(filed: &Filed<'_>, today: NaiveDate) -> Vec<Fault> {
    let after_opening = filed.opened_on.is_none_or(|opened| filed.filed_on >= opened);
    [
        ensure(!filed.kinds.is_empty(), Refusal::FieldRequired, "kinds", "Say what the complaint is about."),
        ensure(
            filed.complainants > 0,
            Refusal::FieldRequired,
            "complainants",
            "Somebody complains: name one at least.",
        ),
        ensure(filed.complainants <= MOST, Refusal::TooLong, "complainants", "At most 200 complainants."),
        ensure(filed.filed_on <= today, Refusal::DateInvalid, "filedOn", "A complaint is not in the future."),
        ensure(after_opening, Refusal::DateInvalid, "filedOn", "The centre was not open yet."),
        check_money(filed.claimed, CLAIMED),
    ]
    .into_iter()
    .filter_map(Result::err)
    .collect()
}

/// A step of the work on a complaint, with what it needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<'a> {
    /// The centre looks at what it is about.
    Screen,
    /// It is brought before somebody.
    Pursue {
        /// By which way.
        way: ComplaintStatus,
        /// Before whom.
        filed_with: &'a str,
        /// Whether somebody may take it out on the complainants.
        risk: Answer,
    },
    /// It ends.
    Resolve {
        /// How.
        result: ComplaintStatus,
        /// On which day.
        on: NaiveDate,
        /// What was awarded or agreed.
        awarded: &'a Money,
        /// What has come.
        recovered: &'a Money,
    },
    /// The complainants take it back.
    Withdraw {
        /// Their word.
        reason: &'a str,
        /// On which day.
        on: NaiveDate,
    },
}

/// Where a complaint stands after a step, or why the step is refused.
pub fn step(
    from: ComplaintStatus,
    filed_on: NaiveDate,
    today: NaiveDate,
    step: &Step<'_>,
) -> Result<ComplaintStatus, Fault> {
    use ComplaintStatus as S;
    let within = |on: NaiveDate, field| {
        let text = "The day lies between that of the complaint and today.";
        ensure((filed_on..=today).contains(&on), Refusal::DateInvalid, field, text)
    };
    match (from, step) {
        (S::Received, Step::Screen) => Ok(S::Screening),
        (S::Screening, Step::Pursue { way, filed_with, risk }) => {
            let known = matches!(way, S::Mediation | S::Administrative | S::Court);
            ensure(known, Refusal::BadValue, "way", "A complaint goes to MEDIATION, ADMINISTRATIVE or COURT.")?;
            text::check_required("filedWith", filed_with, text::NAME)?;
            let text = "Ask whether somebody may take it out on the complainants.";
            ensure(*risk != Answer::NotAsked, Refusal::FieldRequired, "retaliationRisk", text)?;
            Ok(*way)
        }
        (S::Mediation | S::Administrative | S::Court, Step::Resolve { result, on, awarded, recovered }) => {
            let text = "A complaint ends SETTLED, AWARDED, REJECTED or CLOSED_NO_RESPONSE.";
            let known = matches!(result, S::Settled | S::Awarded | S::Rejected | S::ClosedNoResponse);
            ensure(known, Refusal::BadValue, "result", text)?;
            within(*on, "resolvedOn")?;
            check_money(awarded, AWARDED)?;
            check_money(recovered, RECOVERED)?;
            let gives = matches!(result, S::Settled | S::Awarded);
            let text = "What was awarded or agreed; 0 if it was no money.";
            ensure(!gives || awarded.amount.is_some(), Refusal::FieldRequired, "awarded", text)?;
            let text = "Nothing is awarded or recovered where nothing was found.";
            let nothing = awarded.amount.is_none() && recovered.amount.is_none();
            ensure(gives || nothing, Refusal::BadValue, "awarded", text)?;
            Ok(*result)
        }
        (S::Received | S::Screening | S::Mediation | S::Administrative | S::Court, Step::Withdraw { reason, on }) => {
            ensure(!reason.trim().is_empty(), Refusal::ReasonRequired, "reason", "Note the complainants' own word.")?;
            text::check("reason", reason, text::NOTE)?;
            within(*on, "withdrawnOn")?;
            Ok(S::Withdrawn)
        }
        _ => Err(Fault::new(Refusal::WrongState, "", "The complaint is not in a state that allows this step.")),
    }
}

/// Whether a complaint has come to its end.
pub fn is_closed(status: ComplaintStatus) -> bool {
    use ComplaintStatus as S;
    matches!(status, S::Settled | S::Awarded | S::Withdrawn | S::Rejected | S::ClosedNoResponse)
}

/// The signs of forced labour in what a complaint is about.
pub fn signs(kinds: &[ComplaintKind]) -> Vec<ForcedLabourSign> {
    kinds
        .iter()
        .filter_map(|kind| match kind {
            ComplaintKind::DocumentRetention => Some(ForcedLabourSign::RetentionOfIdentityDocuments),
            ComplaintKind::Confinement => Some(ForcedLabourSign::RestrictionOfMovement),
            ComplaintKind::DebtBondage => Some(ForcedLabourSign::DebtBondage),
            ComplaintKind::ViolenceOrThreat => Some(ForcedLabourSign::IntimidationAndThreats),
            ComplaintKind::Trafficking => Some(ForcedLabourSign::AbuseOfVulnerability),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Refusal::{
        BadValue, CodeUnknown, DateInvalid, FieldRequired, ReasonRequired, TooLong, WrongState,
    };
    use entity::Code as _;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn money(amount: Option<f64>, currency: Option<&str>) -> Money {
        Money { amount, currency: currency.map(str::to_owned) }
    }

    #[test]
    fn an_amount_has_a_currency_and_a_currency_an_amount() {
        let told = |amount, currency| check_money(&money(amount, currency), CLAIMED).map_err(|f| (f.refusal, f.field));
        assert_eq!(told(None, None), Ok(()));
        assert_eq!(told(Some(1.0), None), Err((FieldRequired, "claimed.currency")));
        assert_eq!(told(None, Some("MMK")), Err((FieldRequired, "claimed.amount")));
        for currency in ["mmk", "KYAT", "", "US$"] {
            assert_eq!(told(Some(1.0), Some(currency)), Err((CodeUnknown, "claimed.currency")), "{currency}");
        }
        for amount in [0.0, 0.01, 999_999_999_999.99, 1e12, 350_000.0] {
            assert_eq!(told(Some(amount), Some("MMK")), Ok(()), "{amount}");
        }
        for amount in [-0.01, 1e12 + 1.0, 0.001, f64::NAN, f64::INFINITY] {
            assert_eq!(told(Some(amount), Some("THB")), Err((BadValue, "claimed.amount")), "{amount}");
        }
    }

    #[test]
    fn a_complaint_has_complainants_and_a_day_that_was() {
        let none = Money::default();
        let filed = Filed {
            kinds: &[ComplaintKind::Dismissal],
            complainants: 1,
            filed_on: day("2026-11-20"),
            opened_on: Some(day("2026-11-20")),
            claimed: &none,
        };
        let faults = |filed: &Filed<'_>| -> Vec<_> {
            check(filed, day("2026-11-22")).into_iter().map(|fault| (fault.refusal, fault.field)).collect()
        };
        assert_eq!(faults(&filed), []);
        assert_eq!(faults(&Filed { complainants: 0, ..filed }), [(FieldRequired, "complainants")]);
        assert_eq!(faults(&Filed { complainants: 201, ..filed }), [(TooLong, "complainants")]);
        assert_eq!(faults(&Filed { kinds: &[], ..filed }), [(FieldRequired, "kinds")]);
        assert_eq!(faults(&Filed { filed_on: day("2026-11-23"), ..filed }), [(DateInvalid, "filedOn")]);
        assert_eq!(faults(&Filed { filed_on: day("2026-11-19"), ..filed }), [(DateInvalid, "filedOn")]);
        assert_eq!(faults(&Filed { opened_on: None, filed_on: day("1990-01-01"), ..filed }), []);
    }

    /// Each state with each step: what is not written here is refused as a wrong state.
    #[test]
    fn every_state_knows_its_steps() {
        use ComplaintStatus as S;
        let (filed, today) = (day("2026-11-01"), day("2026-11-22"));
        let (some, none) = (money(Some(10.0), Some("MMK")), Money::default());
        let pursue = Step::Pursue { way: S::Court, filed_with: "Labour court", risk: Answer::No };
        let resolve = Step::Resolve { result: S::Awarded, on: today, awarded: &some, recovered: &none };
        let withdraw = Step::Withdraw { reason: "Afraid", on: today };
        for from in S::all() {
            let open = !is_closed(from);
            let after = |one: &Step<'_>| step(from, filed, today, one).map_err(|fault| fault.refusal);
            let when = |allowed: bool, to: S| if allowed { Ok(to) } else { Err(WrongState) };
            assert_eq!(after(&Step::Screen), when(from == S::Received, S::Screening));
            assert_eq!(after(&pursue), when(from == S::Screening, S::Court));
            let before_somebody = matches!(from, S::Mediation | S::Administrative | S::Court);
            assert_eq!(after(&resolve), when(before_somebody, S::Awarded));
            assert_eq!(after(&withdraw), when(open, S::Withdrawn));
        }
    }

    #[test]
    fn steps_need_what_they_say() {
        use ComplaintStatus as S;
        let (filed, today) = (day("2026-11-01"), day("2026-11-22"));
        let (some, none) = (money(Some(10.0), Some("MMK")), Money::default());
        let told = |from, one: Step<'_>| step(from, filed, today, &one).map_err(|fault| (fault.refusal, fault.field));
        let pursue = |way, filed_with, risk| told(S::Screening, Step::Pursue { way, filed_with, risk });
        assert_eq!(pursue(S::Settled, "x", Answer::No), Err((BadValue, "way")));
        assert_eq!(pursue(S::Court, " ", Answer::No), Err((FieldRequired, "filedWith")));
        assert_eq!(pursue(S::Court, "x", Answer::NotAsked), Err((FieldRequired, "retaliationRisk")));
        assert_eq!(pursue(S::Mediation, "x", Answer::Unknown), Ok(S::Mediation));
        let resolve = |result, on, awarded: &Money, recovered: &Money| {
            told(S::Court, Step::Resolve { result, on: day(on), awarded, recovered })
        };
        assert_eq!(resolve(S::Court, "2026-11-22", &some, &none), Err((BadValue, "result")));
        assert_eq!(resolve(S::Awarded, "2026-10-31", &some, &none), Err((DateInvalid, "resolvedOn")));
        assert_eq!(resolve(S::Awarded, "2026-11-23", &some, &none), Err((DateInvalid, "resolvedOn")));
        assert_eq!(resolve(S::Settled, "2026-11-22", &none, &none), Err((FieldRequired, "awarded")));
        assert_eq!(resolve(S::Rejected, "2026-11-22", &some, &none), Err((BadValue, "awarded")));
        assert_eq!(resolve(S::Rejected, "2026-11-22", &none, &none), Ok(S::Rejected));
        let bare = money(Some(5.0), None);
        assert_eq!(resolve(S::Settled, "2026-11-22", &some, &bare), Err((FieldRequired, "recovered.currency")));
        let withdraw = |reason, on| told(S::Received, Step::Withdraw { reason, on: day(on) });
        assert_eq!(withdraw("", "2026-11-22"), Err((ReasonRequired, "reason")));
        assert_eq!(withdraw("Afraid", "2026-11-23"), Err((DateInvalid, "withdrawnOn")));
    }

    #[test]
    fn five_kinds_are_signs_of_forced_labour() {
        use ComplaintKind as K;
        let with: Vec<_> = K::all().into_iter().filter(|kind| !signs(&[*kind]).is_empty()).collect();
        let five = [K::DocumentRetention, K::Confinement, K::ViolenceOrThreat, K::DebtBondage, K::Trafficking];
        assert_eq!(with, five);
    }
}
