//! Ages from birth dates of which the day or the month may be unknown. Doubt is always settled for the younger age: a
//! person counts as a child until certainly of age.

use chrono::{Datelike as _, Months, NaiveDate};
use entity::person::DatePrecision;

use super::{Fault, Refusal, ensure};

/// From this age on a person is no longer a child.
pub const ADULT: u32 = 18;

/// No birth date lies further back, in years.
pub const OLDEST: u32 = 120;

/// The latest day on which the person can have been born: the day itself, the last day of the month, or 31 December.
pub fn latest_birth(date: NaiveDate, precision: DatePrecision) -> Option<NaiveDate> {
    match precision {
        DatePrecision::Day => Some(date),
        DatePrecision::Month => date.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt(),
        DatePrecision::Year => NaiveDate::from_ymd_opt(date.year(), 12, 31),
    }
}

/// The age in completed years on `day`: exact where the day of birth is known, else the youngest that is possible.
/// `None` if the person was born after `day`.
pub fn age_on(date: NaiveDate, precision: DatePrecision, day: NaiveDate) -> Option<u32> {
    if date > day {
        return None;
    }
    // Born this month or this year, on a day nobody knows: not yet one year old, and not unborn either.
    day.years_since(latest_birth(date, precision)?.min(day))
}

/// The 18th birthday: exact where the day of birth is known, else the latest day that is possible. Somebody born on
/// 29 February comes of age on 1 March where the year has no such day.
pub fn turns_18_on(date: NaiveDate, precision: DatePrecision) -> Option<NaiveDate> {
    years_later(latest_birth(date, precision)?, ADULT)
}

/// Whether the person is under 18 on `day`; a person of unknown age is treated as a child.
pub fn is_child_on(birth: Option<(NaiveDate, DatePrecision)>, day: NaiveDate) -> bool {
    birth.and_then(|(date, precision)| age_on(date, precision, day)).is_none_or(|age| age < ADULT)
}

fn years_later(date: NaiveDate, years: u32) -> Option<NaiveDate> {
    let year = date.year().checked_add_unsigned(years)?;
    date.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
}

/// Checks a birth date: with its precision or not at all, not after `today`, not more than 120 years before.
pub fn check_birth(date: Option<NaiveDate>, precision: Option<DatePrecision>, today: NaiveDate) -> Result<(), Fault> {
    let Some(date) = date else {
        return ensure(
            precision.is_none(),
            Refusal::FieldRequired,
            "birthDate.value",
            "A precision needs a birth date.",
        );
    };
    ensure(precision.is_some(), Refusal::FieldRequired, "birthDate.precision", "A birth date needs its precision.")?;
    let text = "A birth date is not in the future.";
    ensure(date <= today, Refusal::DateInvalid, "birthDate.value", text)?;
    let earliest = years_later(date, OLDEST);
    let text = "A birth date is not more than 120 years ago.";
    ensure(earliest.is_some_and(|latest| latest >= today), Refusal::DateInvalid, "birthDate.value", text)
}

#[cfg(test)]
mod tests {
    use super::{age_on, check_birth, is_child_on, latest_birth, turns_18_on};
    use crate::domain::Refusal;
    use chrono::NaiveDate;
    use entity::Code as _;
    use entity::person::DatePrecision::{self, Day, Month, Year};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_known_day_gives_the_exact_age() {
        let age = |on: &str| age_on(day("2010-06-15"), Day, day(on));
        assert_eq!(age("2026-06-14"), Some(15));
        assert_eq!(age("2026-06-15"), Some(16));
        assert_eq!(age("2010-06-15"), Some(0));
        assert_eq!(age("2010-06-14"), None);
    }

    #[test]
    fn a_month_or_a_year_gives_the_youngest_age() {
        assert_eq!(latest_birth(day("2008-02-01"), Month), Some(day("2008-02-29")));
        assert_eq!(latest_birth(day("2008-12-10"), Month), Some(day("2008-12-31")));
        assert_eq!(age_on(day("2008-02-01"), Month, day("2026-02-27")), Some(17));
        assert_eq!(age_on(day("2008-02-01"), Month, day("2026-03-01")), Some(18));
        assert_eq!(age_on(day("2008-01-01"), Year, day("2026-12-30")), Some(17));
        assert_eq!(age_on(day("2008-01-01"), Year, day("2026-12-31")), Some(18));
        assert_eq!(age_on(day("2026-01-01"), Year, day("2026-07-01")), Some(0));
    }

    #[test]
    fn the_18th_birthday_is_the_first_day_of_being_18() {
        for (date, precision, birthday) in [
            ("2008-05-10", Day, "2026-05-10"),
            ("2008-05-01", Month, "2026-05-31"),
            ("2008-01-01", Year, "2026-12-31"),
            ("2008-02-29", Day, "2026-03-01"),
            ("2004-02-01", Month, "2022-03-01"),
        ] {
            let birthday = day(birthday);
            assert_eq!(turns_18_on(day(date), precision), Some(birthday));
            assert_eq!(age_on(day(date), precision, birthday), Some(18));
            assert_eq!(age_on(day(date), precision, birthday.pred_opt().unwrap()), Some(17));
        }
    }

    #[test]
    fn each_day_of_four_years_agrees_with_the_birthday() {
        for precision in DatePrecision::all() {
            for date in day("2007-01-01").iter_days().take(4 * 366) {
                let birthday = turns_18_on(date, precision).unwrap();
                assert_eq!(age_on(date, precision, birthday), Some(18));
                assert_eq!(age_on(date, precision, birthday.pred_opt().unwrap()), Some(17));
            }
        }
    }

    #[test]
    fn in_doubt_a_person_is_a_child() {
        let today = day("2026-11-22");
        assert!(is_child_on(None, today));
        assert!(is_child_on(Some((day("2008-01-01"), Year)), today));
        assert!(!is_child_on(Some((day("2007-01-01"), Year)), today));
        assert!(!is_child_on(Some((day("2008-11-22"), Day)), today));
    }

    #[test]
    fn birth_dates_are_possible() {
        let today = day("2026-11-22");
        let check = |date: Option<&str>, precision| check_birth(date.map(day), precision, today).map_err(|f| f.refusal);
        assert_eq!(check(None, None), Ok(()));
        assert_eq!(check(Some("2026-11-22"), Some(Day)), Ok(()));
        assert_eq!(check(Some("1906-11-22"), Some(Day)), Ok(()));
        assert_eq!(check(Some("2026-11-23"), Some(Day)), Err(Refusal::DateInvalid));
        assert_eq!(check(Some("1906-11-21"), Some(Day)), Err(Refusal::DateInvalid));
        assert_eq!(check(Some("2010-01-01"), None), Err(Refusal::FieldRequired));
        assert_eq!(check(None, Some(Year)), Err(Refusal::FieldRequired));
    }
}
