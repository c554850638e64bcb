//! What a visit to a resource centre may say. Source: domain catalogue 4.4.

use chrono::{Months, NaiveDate};
use entity::person::Answer;
use entity::visit::{AgeGroup, Difficulty, VisitChannel};

use super::{Fault, Refusal, ensure, text};

/// The longest visit, in minutes: a day.
pub const LONGEST: i32 = 24 * 60;

/// The longest ticket, in characters.
pub const TICKET: usize = 64;

/// The oldest visitor, in years.
pub const OLDEST: i32 = 120;

/// How far back a visit may lie, in years.
pub const YEARS_BACK: u32 = 5;

/// The Washington Group short set: each domain that was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Functioning {
    /// Seeing, even with glasses.
    pub seeing: Option<Difficulty>,
    /// Hearing, even with a hearing aid.
    pub hearing: Option<Difficulty>,
    /// Walking or climbing steps.
    pub walking: Option<Difficulty>,
    /// Remembering or concentrating.
    pub remembering: Option<Difficulty>,
    /// Washing all over or dressing.
    pub self_care: Option<Difficulty>,
    /// Understanding or being understood.
    pub communicating: Option<Difficulty>,
}

impl Functioning {
    /// Whether the cut-off is met: a lot of difficulty, or not at all, in one domain at least. Unknown while domains were
    /// not asked that could meet it.
    pub fn disability(&self) -> Option<Answer> {
        let Self { seeing, hearing, walking, remembering, self_care, communicating } = *self;
        let all = [seeing, hearing, walking, remembering, self_care, communicating];
        let meets = |one: &Difficulty| matches!(one, Difficulty::Great | Difficulty::Cannot);
        if all.iter().flatten().any(meets) {
            return Some(Answer::Yes);
        }
        all.iter().all(Option::is_some).then_some(Answer::No)
    }
}

/// A visit as it is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    /// The visitor's ticket.
    pub ticket: &'a str,
    /// The day of the contact.
    pub visited_on: NaiveDate,
    /// The day the centre opened, if that is known.
    pub opened_on: Option<NaiveDate>,
    /// How the contact took place.
    pub channel: VisitChannel,
    /// Whether the kind of call is given.
    pub has_call_kind: bool,
    /// How long it took.
    pub minutes: Option<i32>,
    /// The visitor's mark.
    pub satisfaction: Option<i32>,
    /// The visitor's age.
    pub age_years: Option<i32>,
    /// The visitor's age group.
    pub age_group: Option<AgeGroup>,
    /// What was told of disability.
    pub disability: Answer,
    /// What the short set tells of it.
    pub functioning: Functioning,
    /// Free text of the counsellor.
    pub note: Option<&'a str>,
}

/// Whether an age lies in a group.
fn lies_in(age: i32, group: AgeGroup) -> bool {
    let (from, to) = group.years();
    age >= from && to.is_none_or(|to| age <= to)
}

/// Everything that is wrong with a visit; `today` is the day where the organisation is.
pub fn check(visit: &Recorded<'_>, today: NaiveDate) -> Vec<Fault> {
    let earliest = today.checked_sub_months(Months::new(12 * YEARS_BACK)).unwrap_or(NaiveDate::MIN);
    let within = |value: Option<i32>, low: i32, high: i32, field, says| {
        ensure(value.is_none_or(|value| value >= low && value <= high), Refusal::BadValue, field, says)
    };
    [
        text::check_required("ticket", visit.ticket, TICKET),
        ensure(visit.visited_on <= today, Refusal::DateInvalid, "visitedOn", "A visit is not in the future."),
        ensure(
            visit.visited_on >= earliest,
            Refusal::DateInvalid,
            "visitedOn",
            "A visit is recorded within five years.",
        ),
        ensure(
            visit.opened_on.is_none_or(|opened| visit.visited_on >= opened),
            Refusal::DateInvalid,
            "visitedOn",
            "The centre was not open yet.",
        ),
        ensure(
            !visit.has_call_kind || visit.channel == VisitChannel::Phone,
            Refusal::BadValue,
            "callKind",
            "Only a contact by phone has a kind of call.",
        ),
        within(visit.minutes, 0, LONGEST, "minutes", "A visit takes 0 to 1440 minutes."),
        within(visit.satisfaction, 1, 5, "satisfaction", "The visitor's mark is 1 to 5."),
        within(visit.age_years, 0, OLDEST, "ageYears", "An age is 0 to 120 years."),
        ensure(
            visit.age_years.zip(visit.age_group).is_none_or(|(age, group)| lies_in(age, group)),
            Refusal::BadValue,
            "ageGroup",
            "The age in years lies in another group.",
        ),
        ensure(
            visit.disability == Answer::NotAsked
                || visit.functioning.disability().is_none_or(|found| found == visit.disability),
            Refusal::BadValue,
            "disability",
            "The Washington Group answers say otherwise.",
        ),
        visit.note.map_or(Ok(()), |note| text::check("note", note, text::NOTE)),
    ]
    .into_iter()
    .filter_map(Result::err)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{Functioning, Recorded, check};
    use crate::domain::Refusal::{self, BadValue, DateInvalid, FieldRequired, TooLong};
    use chrono::NaiveDate;
    use entity::Code as _;
    use entity::person::Answer;
    use entity::visit::{AgeGroup, Difficulty, VisitChannel};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn visit() -> Recorded<'static> {
        Recorded {
            ticket: "MYT-0001",
            visited_on: day("2026-11-20"),
            opened_on: None,
            channel: VisitChannel::WalkIn,
            has_call_kind: false,
            minutes: Some(30),
            satisfaction: Some(5),
            age_years: Some(19),
            age_group: None,
            disability: Answer::NotAsked,
            functioning: Functioning::default(),
            note: None,
        }
    }

    fn faults(visit: &Recorded<'_>) -> Vec<(Refusal, &'static str)> {
        check(visit, day("2026-11-22")).into_iter().map(|fault| (fault.refusal, fault.field)).collect()
    }

    #[test]
    fn little_is_needed() {
        assert_eq!(faults(&visit()), []);
        assert_eq!(faults(&Recorded { minutes: None, satisfaction: None, age_years: None, ..visit() }), []);
    }

    #[test]
    fn the_day_is_past_and_not_long_past() {
        let on = |text: &str| faults(&Recorded { visited_on: day(text), ..visit() });
        assert_eq!(on("2026-11-22"), []);
        assert_eq!(on("2026-11-23"), [(DateInvalid, "visitedOn")]);
        assert_eq!(on("2021-11-22"), []);
        assert_eq!(on("2021-11-21"), [(DateInvalid, "visitedOn")]);
    }

    #[test]
    fn nobody_comes_before_the_centre_opens() {
        let opened = |text: &str| faults(&Recorded { opened_on: Some(day(text)), ..visit() });
        assert_eq!(opened("2026-11-20"), []);
        assert_eq!(opened("2026-11-21"), [(DateInvalid, "visitedOn")]);
    }

    #[test]
    fn only_calls_have_a_kind() {
        for channel in VisitChannel::all() {
            let found = faults(&Recorded { channel, has_call_kind: true, ..visit() });
            assert_eq!(found.is_empty(), channel == VisitChannel::Phone, "{channel:?}");
            assert_eq!(faults(&Recorded { channel, ..visit() }), []);
        }
    }

    #[test]
    fn numbers_have_limits() {
        for (minutes, fits) in [(-1, false), (0, true), (1440, true), (1441, false)] {
            assert_eq!(faults(&Recorded { minutes: Some(minutes), ..visit() }).is_empty(), fits);
        }
        for (mark, fits) in [(0, false), (1, true), (5, true), (6, false)] {
            assert_eq!(faults(&Recorded { satisfaction: Some(mark), ..visit() }).is_empty(), fits);
        }
        for (age, fits) in [(-1, false), (0, true), (120, true), (121, false)] {
            assert_eq!(faults(&Recorded { age_years: Some(age), ..visit() }).is_empty(), fits);
        }
    }

    #[test]
    fn an_age_lies_in_its_group_and_the_groups_are_all_ages() {
        for age in 0..=120 {
            let groups = AgeGroup::all().into_iter().filter(|group| {
                faults(&Recorded { age_years: Some(age), age_group: Some(*group), ..visit() }).is_empty()
            });
            assert_eq!(groups.count(), 1, "{age}");
        }
        assert_eq!(faults(&Recorded { age_years: None, age_group: Some(AgeGroup::Age5To11), ..visit() }), []);
    }

    #[test]
    fn a_lot_of_difficulty_is_a_disability() {
        use Difficulty::{Cannot, Free, Great, Slight};
        let all = |one| Functioning {
            seeing: Some(one),
            hearing: Some(one),
            walking: Some(one),
            remembering: Some(one),
            self_care: Some(one),
            communicating: Some(one),
        };
        for (functioning, found) in [
            (Functioning::default(), None),
            (all(Free), Some(Answer::No)),
            (all(Slight), Some(Answer::No)),
            (Functioning { hearing: None, ..all(Slight) }, None),
            (Functioning { hearing: Some(Great), ..Functioning::default() }, Some(Answer::Yes)),
            (Functioning { communicating: Some(Cannot), ..all(Free) }, Some(Answer::Yes)),
        ] {
            assert_eq!(functioning.disability(), found, "{functioning:?}");
            for disability in [Answer::Yes, Answer::No, Answer::NotAsked] {
                let fits = disability == Answer::NotAsked || found.is_none_or(|found| found == disability);
                let told = faults(&Recorded { disability, functioning, ..visit() });
                assert_eq!(told.is_empty(), fits, "{functioning:?} {disability:?}");
            }
        }
    }

    #[test]
    fn a_visitor_has_a_ticket() {
        let ticket = |ticket: &str| faults(&Recorded { ticket, ..visit() });
        assert_eq!(ticket(" "), [(FieldRequired, "ticket")]);
        assert_eq!(ticket(&"၁".repeat(64)), []);
        assert_eq!(ticket(&"x".repeat(65)), [(TooLong, "ticket")]);
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let wrong = Recorded { ticket: "", minutes: Some(-5), note: Some("a\0b"), ..visit() };
        assert_eq!(faults(&wrong), [(FieldRequired, "ticket"), (BadValue, "minutes"), (BadValue, "note")]);
    }
}
