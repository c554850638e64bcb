//! What can be said of a training, of who took part and of what they learnt. Source: domain catalogue 3.13, proposed.

use chrono::{Days, NaiveDate};
use entity::test_result::TestPhase;

use super::complaint::{Fields, Money, check_money};
use super::{Fault, Refusal, ensure, text};

/// What a training cost.
pub const COST: Fields = Fields { amount: "cost.amount", currency: "cost.currency" };
/// The longest training, in days.
pub const LONGEST: i64 = 366;
/// How far ahead a training may be told, in days.
pub const AHEAD: u64 = 366;
/// The longest key of a participant, in characters.
pub const KEY: usize = 64;
/// The best that a test can give.
pub const BEST: f64 = 1_000.0;

/// A training as told.
#[derive(Clone, Copy, Debug)]
pub struct Session<'a> {
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// How many hours it took.
    pub hours: Option<f64>,
    /// What it cost.
    pub cost: &'a Money,
}

impl Session<'_> {
    fn days(&self) -> i64 {
        length(self.starts_on, self.ends_on)
    }
}

/// Days from one to another, both counted.
fn length(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days() + 1
}

/// Days as a number that can be compared with decimals.
fn decimal(days: i64) -> f64 {
    f64::from(i32::try_from(days).unwrap_or(i32::MAX))
}

/// Whether a number has two decimals at most.
fn is_plain(number: f64) -> bool {
    (number * 100.0 - (number * 100.0).round()).abs() < 1e-6
}

fn faults(checked: impl IntoIterator<Item = Result<(), Fault>>) -> Vec<Fault> {
    checked.into_iter().filter_map(Result::err).collect()
}

/// Everything that is wrong with a training; `today` is the day where the organisation is.
pub fn check_session(session: &Session<'_>, today: NaiveDate) -> Vec<Fault> {
    let days = session.days();
    let latest = today.checked_add_days(Days::new(AHEAD)).unwrap_or(NaiveDate::MAX);
    let ends = if days < 1 {
        Err(Fault::new(Refusal::DateInvalid, "endsOn", "A training does not end before it starts."))
    } else {
        ensure(days <= LONGEST, Refusal::DateInvalid, "endsOn", "A training lasts a year at most.")
    };
    // Where the days are wrong, nothing is said of the hours.
    let most = decimal(days.clamp(1, LONGEST)) * 24.0;
    let fits = session.hours.is_none_or(|hours| hours > 0.0 && is_plain(hours) && (days < 1 || hours <= most));
    let text = "Hours are more than 0, with two decimals at most, and no more than its days have.";
    faults([
        ensure(session.starts_on <= latest, Refusal::DateInvalid, "startsOn", "A training starts within a year."),
        ends,
        ensure(fits, Refusal::BadValue, "hours", text),
        check_money(session.cost, COST),
    ])
}

/// Somebody who took part, as told.
#[derive(Clone, Copy, Debug)]
pub struct Attended<'a> {
    /// Whether it is a person on record.
    pub is_person: bool,
    /// The key that stands for the participant.
    pub key: Option<&'a str>,
    /// The participant's age.
    pub age_years: Option<i32>,
    /// How many days he or she was there.
    pub days: f64,
    /// The first day of the training.
    pub starts_on: NaiveDate,
    /// The last day of the training.
    pub ends_on: NaiveDate,
}

/// Everything that is wrong with an attendance.
pub fn check_attended(told: &Attended<'_>, today: NaiveDate) -> Vec<Fault> {
    let key = match told.key {
        Some(key) => check_key(key),
        None => ensure(
            told.is_person,
            Refusal::FieldRequired,
            "participantKey",
            "A participant is a person on record or has a key.",
        ),
    };
    let begun = ensure(told.starts_on <= today, Refusal::DateInvalid, "session", "The training has not started yet.");
    // As many days as there have been.
    let most = decimal(length(told.starts_on, told.ends_on.min(today)));
    let fits = told.days > 0.0 && is_plain(told.days) && (begun.is_err() || told.days <= most);
    let days = "Days are more than 0, with two decimals at most, and no more than the training has had.";
    let age = told.age_years.is_none_or(|age| (0..=120).contains(&age));
    faults([
        key,
        begun,
        ensure(age, Refusal::BadValue, "ageYears", "Must be between 0 and 120."),
        ensure(fits, Refusal::BadValue, "days", days),
    ])
}

/// Checks a participant's key: short, and nothing that names a person by itself.
pub fn check_key(key: &str) -> Result<(), Fault> {
    text::check_required("participantKey", key, KEY)?;
    let text = "This looks like a telephone number: a key tells nothing about whom it stands for.";
    ensure(!text::looks_like_phone(key), Refusal::BadValue, "participantKey", text)
}

/// A result as told.
#[derive(Clone, Copy, Debug)]
pub struct Tested<'a> {
    /// The key that stands for the participant.
    pub key: &'a str,
    /// Before or after.
    pub phase: TestPhase,
    /// The day of the test.
    pub taken_on: NaiveDate,
    /// What was reached.
    pub score: f64,
    /// What could be reached.
    pub max: f64,
    /// The first day of the training.
    pub starts_on: NaiveDate,
    /// The last day of the training.
    pub ends_on: NaiveDate,
}

/// Everything that is wrong with a result.
pub fn check_tested(told: &Tested<'_>, today: NaiveDate) -> Vec<Fault> {
    let (in_time, says) = match told.phase {
        TestPhase::Pre => (told.taken_on <= told.ends_on, "The test before a training is not after its last day."),
        TestPhase::Post => (told.taken_on >= told.starts_on, "The test at the end is not before its first day."),
        TestPhase::FollowUp => (told.taken_on > told.ends_on, "The later test is after the training's last day."),
    };
    let max = told.max > 0.0 && told.max <= BEST && is_plain(told.max);
    let score = told.score >= 0.0 && is_plain(told.score) && (!max || told.score <= told.max);
    faults([
        check_key(told.key),
        ensure(told.taken_on <= today, Refusal::DateInvalid, "takenOn", "A result is not in the future."),
        ensure(in_time, Refusal::DateInvalid, "takenOn", says),
        ensure(max, Refusal::BadValue, "max", "More than 0, at most 1,000, with two decimals at most."),
        ensure(score, Refusal::BadValue, "score", "From 0 to what could be reached, with two decimals at most."),
    ])
}

/// What was reached, in percent of what could be, to two decimals.
pub fn percent(score: f64, max: f64) -> f64 {
    rounded(score * 100.0 / max)
}

/// Percentage points from a result before the training to one after it, to two decimals. Each is a score and its best.
pub fn change(before: (f64, f64), after: (f64, f64)) -> f64 {
    rounded(after.0 * 100.0 / after.1 - before.0 * 100.0 / before.1)
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Refusal::{BadValue, CodeUnknown, DateInvalid, FieldRequired, TooLong};

    const TODAY: &str = "2026-11-22";

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn told(faults: Vec<Fault>) -> Vec<(Refusal, &'static str)> {
        faults.into_iter().map(|fault| (fault.refusal, fault.field)).collect()
    }

    #[test]
    fn a_training_ends_after_it_starts() {
        let none = Money::default();
        let session = Session { starts_on: day("2026-11-20"), ends_on: day("2026-11-21"), hours: None, cost: &none };
        let checked = |session: Session<'_>| told(check_session(&session, day(TODAY)));
        assert_eq!(checked(session), []);
        assert_eq!(checked(Session { ends_on: day("2026-11-20"), hours: Some(24.0), ..session }), []);
        assert_eq!(checked(Session { ends_on: day("2026-11-19"), ..session }), [(DateInvalid, "endsOn")]);
        assert_eq!(checked(Session { ends_on: day("2027-11-21"), ..session }), [(DateInvalid, "endsOn")]);
        let ahead = Session { starts_on: day("2027-11-24"), ends_on: day("2027-11-24"), ..session };
        assert_eq!(checked(ahead), [(DateInvalid, "startsOn")]);
        for hours in [0.0, -1.0, 48.01, 1.234, f64::NAN, f64::INFINITY] {
            assert_eq!(checked(Session { hours: Some(hours), ..session }), [(BadValue, "hours")], "{hours}");
        }
        // Everything at once.
        let cost = Money { amount: None, currency: Some("MMK".to_owned()) };
        let wrong = Session { ends_on: day("2026-11-01"), hours: Some(-1.0), cost: &cost, ..session };
        let all = [(DateInvalid, "endsOn"), (BadValue, "hours"), (FieldRequired, "cost.amount")];
        assert_eq!(checked(wrong), all);
        let cost = Money { amount: Some(5.0), currency: None };
        assert_eq!(checked(Session { cost: &cost, ..session }), [(FieldRequired, "cost.currency")]);
        let cost = Money { amount: Some(5.0), currency: Some("kyat".to_owned()) };
        assert_eq!(checked(Session { cost: &cost, ..session }), [(CodeUnknown, "cost.currency")]);
    }

    #[test]
    fn nobody_attends_longer_than_there_was_a_training() {
        let attended = Attended {
            is_person: false,
            key: Some("MYT-၁၄"),
            age_years: Some(30),
            days: 2.0,
            starts_on: day("2026-11-20"),
            ends_on: day("2026-11-21"),
        };
        let checked = |told_of: Attended<'_>| told(check_attended(&told_of, day(TODAY)));
        assert_eq!(checked(attended), []);
        assert_eq!(checked(Attended { days: 0.5, is_person: true, key: None, ..attended }), []);
        for days in [0.0, -1.0, 2.25, 0.123, f64::NAN] {
            assert_eq!(checked(Attended { days, ..attended }), [(BadValue, "days")], "{days}");
        }
        // Of a training that goes on: the days until today.
        let on = Attended { ends_on: day("2026-11-30"), days: 3.0, ..attended };
        assert_eq!(checked(on), []);
        assert_eq!(checked(Attended { days: 4.0, ..on }), [(BadValue, "days")]);
        let ahead = Attended { starts_on: day("2026-11-23"), ends_on: day("2026-11-24"), ..attended };
        assert_eq!(checked(ahead), [(DateInvalid, "session")]);
        assert_eq!(checked(Attended { age_years: Some(121), ..attended }), [(BadValue, "ageYears")]);
        assert_eq!(checked(Attended { key: None, ..attended }), [(FieldRequired, "participantKey")]);
        assert_eq!(checked(Attended { key: Some(" "), ..attended }), [(FieldRequired, "participantKey")]);
        assert_eq!(checked(Attended { key: Some(&"x".repeat(65)), ..attended }), [(TooLong, "participantKey")]);
        assert_eq!(checked(Attended { key: Some("09 45 0012345"), ..attended }), [(BadValue, "participantKey")]);
    }

    #[test]
    fn a_result_is_of_its_time_and_not_better_than_all() {
        let tested = Tested {
            key: "P-1",
            phase: TestPhase::Pre,
            taken_on: day("2026-11-20"),
            score: 7.5,
            max: 10.0,
            starts_on: day("2026-11-18"),
            ends_on: day("2026-11-20"),
        };
        let checked = |told_of: Tested<'_>| told(check_tested(&told_of, day(TODAY)));
        assert_eq!(checked(tested), []);
        assert_eq!(checked(Tested { taken_on: day("2026-11-01"), score: 10.0, ..tested }), []);
        assert_eq!(checked(Tested { taken_on: day("2026-11-21"), ..tested }), [(DateInvalid, "takenOn")]);
        let post = Tested { phase: TestPhase::Post, ..tested };
        assert_eq!(checked(post), []);
        assert_eq!(checked(Tested { taken_on: day("2026-11-17"), ..post }), [(DateInvalid, "takenOn")]);
        assert_eq!(checked(Tested { taken_on: day("2026-11-23"), ..post }), [(DateInvalid, "takenOn")]);
        let later = Tested { phase: TestPhase::FollowUp, ..tested };
        assert_eq!(checked(later), [(DateInvalid, "takenOn")]);
        assert_eq!(checked(Tested { taken_on: day("2026-11-21"), ..later }), []);
        for score in [-0.5, 10.01, 0.001, f64::NAN] {
            assert_eq!(checked(Tested { score, ..tested }), [(BadValue, "score")], "{score}");
        }
        for max in [0.0, -1.0, 1_000.5, f64::INFINITY] {
            assert_eq!(checked(Tested { max, ..tested }), [(BadValue, "max")], "{max}");
        }
        let wrong = Tested { key: "+95 9 4500 12345", score: -1.0, max: 0.0, ..tested };
        assert_eq!(checked(wrong), [(BadValue, "participantKey"), (BadValue, "max"), (BadValue, "score")]);
    }

    #[test]
    fn change_is_in_points_of_percent() {
        assert_eq!(percent(7.0, 9.0).to_string(), "77.78");
        let changes = [((5.0, 10.0), (8.0, 10.0)), ((10.0, 20.0), (4.0, 10.0)), ((1.0, 3.0), (2.0, 3.0))];
        let told = changes.map(|(before, after)| change(before, after).to_string());
        assert_eq!(told, ["30", "-10", "33.33"]);
    }
}
