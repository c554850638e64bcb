//! When a resource centre is open: hours of days of the week, of which no two overlap.

use std::fmt::Write as _;

use chrono::NaiveTime;
use entity::opening_period::Weekday;

use super::{Fault, Refusal, ensure};

/// Most periods of a centre: three a day.
pub const MOST: usize = 21;

/// A period as told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The day of the week.
    pub weekday: Weekday,
    /// When it opens, as `HH:MM`.
    pub opens_at: String,
    /// When it closes the same day, as `HH:MM`; `24:00` is its end.
    pub closes_at: String,
}

/// Minutes from the beginning of the day to its end.
const DAY: u32 = 24 * 60;

/// A time of the day in minutes: two digits each, as ISO 8601 writes it.
fn minutes(told: &str) -> Option<u32> {
    use chrono::Timelike as _;
    if told == "24:00" {
        return Some(DAY);
    }
    let time = NaiveTime::parse_from_str(told, "%H:%M").ok()?;
    let mut written = String::with_capacity(5);
    write!(written, "{}", time.format("%H:%M")).ok()?;
    (written == told).then(|| time.hour() * 60 + time.minute())
}

/// Everything that is wrong with a week's periods.
pub fn check(week: &[Told]) -> Result<(), Fault> {
    let field = "openingPeriods";
    ensure(week.len() <= MOST, Refusal::TooLong, field, "At most 21 periods a week.")?;
    let mut read = Vec::with_capacity(week.len());
    for period in week {
        let times = minutes(&period.opens_at).zip(minutes(&period.closes_at));
        let text = "Times are written as HH:MM, from 00:00 to 24:00.";
        let (opens, closes) = times.ok_or(Fault::new(Refusal::BadValue, field, text))?;
        ensure(opens < closes, Refusal::DateInvalid, field, "A period ends after it begins, on the same day.")?;
        read.push((period.weekday, opens, closes));
    }
    let apart = |a: &(Weekday, u32, u32), b: &(Weekday, u32, u32)| a.0 != b.0 || a.2 <= b.1 || b.2 <= a.1;
    let fits = read.iter().enumerate().all(|(place, one)| read.iter().skip(place + 1).all(|other| apart(one, other)));
    ensure(fits, Refusal::Overlaps, field, "Two periods of a day overlap.")
}

#[cfg(test)]
mod tests {
    use super::{MOST, Told, check};
    use crate::domain::Refusal::{self, BadValue, DateInvalid, Overlaps, TooLong};
    use entity::Code as _;
    use entity::opening_period::Weekday::{self, Monday, Tuesday};

    fn told(weekday: Weekday, opens: &str, closes: &str) -> Told {
        Told { weekday, opens_at: opens.to_owned(), closes_at: closes.to_owned() }
    }

    fn refusal(week: &[Told]) -> Option<Refusal> {
        check(week).err().map(|fault| fault.refusal)
    }

    #[test]
    fn a_week_has_hours() {
        assert_eq!(refusal(&[]), None);
        let day = |day| [told(day, "08:30", "12:00"), told(day, "13:00", "24:00"), told(day, "12:00", "12:30")];
        let week: Vec<Told> = Weekday::all().into_iter().flat_map(day).collect();
        assert_eq!((week.len(), refusal(&week)), (MOST, None));
        assert_eq!(refusal(&[week, vec![told(Monday, "00:00", "00:01")]].concat()), Some(TooLong));
    }

    #[test]
    fn hours_of_a_day_do_not_overlap() {
        for (opens, closes, fits) in [
            ("08:00", "09:00", true),
            ("08:00", "09:01", false),
            ("09:00", "12:00", false),
            ("10:00", "11:00", false),
            ("08:00", "13:00", false),
            ("11:59", "13:00", false),
            ("12:00", "13:00", true),
        ] {
            let with = |other| [told(Monday, "09:00", "12:00"), told(other, opens, closes)];
            assert_eq!(refusal(&with(Monday)), (!fits).then_some(Overlaps), "{opens} to {closes}");
            assert_eq!(refusal(&with(Tuesday)), None);
        }
    }

    #[test]
    fn times_are_times() {
        for bad in ["", "9:00", "09:0", "0900", "24:01", "12:60", "noon", "09:00 ", "+9:00"] {
            assert_eq!(refusal(&[told(Monday, bad, "24:00")]), Some(BadValue), "{bad}");
            assert_eq!(refusal(&[told(Monday, "00:00", bad)]), Some(BadValue), "{bad}");
        }
        assert_eq!(refusal(&[told(Monday, "12:00", "12:00")]), Some(DateInvalid));
        assert_eq!(refusal(&[told(Monday, "22:00", "06:00")]), Some(DateInvalid));
    }
}
