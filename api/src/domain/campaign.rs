//! What can be said of a campaign of messages, and the numbers that its provider reports. Source: domain catalogue 3.13,
//! proposed.

use chrono::NaiveDate;

use super::{Fault, Refusal, ensure, text};

/// Most messages of a campaign.
pub const MESSAGES: usize = 50;
/// Most townships of a campaign.
pub const TOWNSHIPS: usize = 200;
/// Most batches of a campaign.
pub const BATCHES: usize = 50;
/// The longest text of a message, in characters.
pub const MESSAGE: usize = 2_000;
/// The greatest count of a day.
pub const GREATEST: i32 = 100_000_000;

/// A campaign as told.
#[derive(Clone, Copy, Debug)]
pub struct Campaign<'a> {
    /// Who sends the messages.
    pub provider: &'a str,
    /// How many languages are named.
    pub languages: usize,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
    /// How many townships it is for.
    pub townships: usize,
    /// What the provider calls its batches.
    pub batch_ids: &'a [String],
    /// The English text of each message.
    pub messages: &'a [&'a str],
}

/// Everything that is wrong with a campaign.
pub fn check(campaign: &Campaign<'_>) -> Vec<Fault> {
    let what = [
        text::check_required("provider", campaign.provider, text::NAME),
        ensure(campaign.languages > 0, Refusal::FieldRequired, "languages", "Name one language at least."),
        ensure(campaign.townships <= TOWNSHIPS, Refusal::TooLong, "townships", "At most 200 townships."),
        ensure(campaign.messages.len() <= MESSAGES, Refusal::TooLong, "messages", "At most 50 messages."),
        campaign.messages.iter().try_for_each(|message| text::check_required("messages.en", message, MESSAGE)),
    ];
    let changes = check_change(campaign.starts_on, campaign.ends_on, campaign.batch_ids);
    what.into_iter().filter_map(Result::err).chain(changes).collect()
}

/// Everything that is wrong with the end of a campaign and the provider's names of its batches.
pub fn check_change(starts_on: NaiveDate, ends_on: Option<NaiveDate>, batch_ids: &[String]) -> Vec<Fault> {
    let ends = ends_on.is_none_or(|ends| ends >= starts_on);
    let phone = batch_ids.iter().any(|batch| text::looks_like_phone(batch));
    let text =
        "This looks like a telephone number: a batch goes by the provider's name for it, never by who is called.";
    [
        ensure(ends, Refusal::DateInvalid, "endsOn", "A campaign does not end before it starts."),
        ensure(batch_ids.len() <= BATCHES, Refusal::TooLong, "batchIds", "At most 50 batches."),
        batch_ids.iter().try_for_each(|batch| text::check_required("batchIds", batch, text::NAME)),
        ensure(!phone, Refusal::BadValue, "batchIds", text),
    ]
    .into_iter()
    .filter_map(Result::err)
    .collect()
}

/// What came of a campaign on a day; what the provider does not count is none.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Counts {
    pub sent: i32,
    pub answered: Option<i32>,
    pub listened: Option<i32>,
    pub completed: Option<i32>,
    pub opted_out: Option<i32>,
    pub survey_answers: Option<i32>,
    pub referred: Option<i32>,
}

/// Everything that is wrong with what is reported of a campaign that began on `starts_on`.
pub fn check_counts(counts: &Counts, reported_on: NaiveDate, starts_on: NaiveDate, today: NaiveDate) -> Vec<Fault> {
    let Counts { sent, answered, listened, completed, opted_out, survey_answers, referred } = *counts;
    let all = [
        ("sent", Some(sent)),
        ("answered", answered),
        ("listenedAtLeastPercent", listened),
        ("keyMessageCompleted", completed),
        ("optedOut", opted_out),
        ("surveyAnswers", survey_answers),
        ("referred", referred),
    ];
    let bounds = all.map(|(field, count)| {
        let fits = count.is_none_or(|count| (0..=GREATEST).contains(&count));
        ensure(fits, Refusal::BadValue, field, "A count is 0 to 100,000,000.")
    });
    // Nobody answers what was not sent, and nobody listens who did not answer; a question may be answered several times.
    let reached = answered.unwrap_or(sent);
    let of_sent = [("answered", answered), ("optedOut", opted_out), ("referred", referred)];
    let of_reached = [("listenedAtLeastPercent", listened), ("keyMessageCompleted", completed)];
    let within = of_sent.map(|(field, count)| (field, count, sent, "No more than were sent.")).into_iter().chain(
        of_reached.map(|(field, count)| {
            (field, count, reached, "No more than were answered, or sent where that is not told.")
        }),
    );
    let in_time = (starts_on..=today).contains(&reported_on);
    let first =
        ensure(in_time, Refusal::DateInvalid, "reportedOn", "The day lies in the campaign, and not in the future.");
    std::iter::once(first)
        .chain(bounds)
        .chain(within.map(|(field, count, most, says)| {
            // A negative count is told already.
            ensure(
                count.is_none_or(|count| count <= most || count > GREATEST || most < 0),
                Refusal::RuleNotMet,
                field,
                says,
            )
        }))
        .filter_map(Result::err)
        .collect()
}

/// Checks that a day is counted once: by townships, or in one for all of them. `there` are the townships that are counted
/// already.
pub fn check_day<T: PartialEq>(there: &[Option<T>], township: Option<&T>) -> Result<(), Fault> {
    let both = "The day is counted by townships or for all of them together, not both.";
    let mixed = there.iter().any(|one| one.is_none() != township.is_none());
    ensure(!mixed, Refusal::RuleNotMet, "township", both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Refusal::{BadValue, DateInvalid, FieldRequired, RuleNotMet, TooLong};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn told(faults: Vec<Fault>) -> Vec<(Refusal, &'static str)> {
        faults.into_iter().map(|fault| (fault.refusal, fault.field)).collect()
    }

    #[test]
    fn a_campaign_names_batches_and_no_telephones() {
        let campaign = Campaign {
            provider: "Viamo",
            languages: 1,
            starts_on: day("2026-11-20"),
            ends_on: Some(day("2026-11-20")),
            townships: 3,
            batch_ids: &[],
            messages: &["Hello"],
        };
        assert_eq!(told(check(&campaign)), []);
        for batch in ["B-17", "2026-11-20 morning", "20261120-003", "550e8400-e29b-41d4-a716-446655440000"] {
            assert_eq!(told(check(&Campaign { batch_ids: &[batch.to_owned()], ..campaign })), [], "{batch}");
        }
        for batch in ["09450012345", "batch +95 9 4500 12345", "081-234-5678", "၀၉၄၅၀၀၁၂၃၄၅", "x", "๐๘๑๒๓๔๕๖๗๘"]
        {
            let expected: &[_] = if batch == "x" { &[] } else { &[(BadValue, "batchIds")] };
            let one = ["B-1".to_owned(), batch.to_owned()];
            assert_eq!(told(check(&Campaign { batch_ids: &one, ..campaign })), expected, "{batch}");
        }
        let wrong = Campaign {
            provider: "",
            languages: 0,
            ends_on: Some(day("2026-11-19")),
            townships: 201,
            messages: &[" "; 51],
            ..campaign
        };
        let all = [
            (FieldRequired, "provider"),
            (FieldRequired, "languages"),
            (TooLong, "townships"),
            (TooLong, "messages"),
            (FieldRequired, "messages.en"),
            (DateInvalid, "endsOn"),
        ];
        assert_eq!(told(check(&wrong)), all);
    }

    #[test]
    fn nobody_answers_what_was_not_sent() {
        let (start, today) = (day("2026-11-01"), day("2026-11-22"));
        let checked = |counts: Counts| told(check_counts(&counts, day("2026-11-20"), start, today));
        let counts =
            Counts { sent: 100, answered: Some(60), listened: Some(60), completed: Some(30), ..Counts::default() };
        assert_eq!(checked(counts), []);
        assert_eq!(checked(Counts { survey_answers: Some(500), opted_out: Some(100), ..counts }), []);
        assert_eq!(checked(Counts { answered: Some(101), ..counts }), [(RuleNotMet, "answered")]);
        assert_eq!(checked(Counts { listened: Some(61), ..counts }), [(RuleNotMet, "listenedAtLeastPercent")]);
        assert_eq!(checked(Counts { answered: None, listened: Some(100), ..counts }), []);
        assert_eq!(
            checked(Counts { answered: None, completed: Some(101), ..counts }),
            [(RuleNotMet, "keyMessageCompleted")]
        );
        let negative = Counts { opted_out: Some(-1), referred: Some(101), ..counts };
        assert_eq!(checked(negative), [(BadValue, "optedOut"), (RuleNotMet, "referred")]);
        assert_eq!(checked(Counts { sent: -1, ..Counts::default() }), [(BadValue, "sent")]);
        assert_eq!(checked(Counts { sent: GREATEST + 1, ..Counts::default() }), [(BadValue, "sent")]);
        for on in ["2026-10-31", "2026-11-23"] {
            assert_eq!(told(check_counts(&counts, day(on), start, today)), [(DateInvalid, "reportedOn")], "{on}");
        }
    }

    #[test]
    fn a_day_is_counted_once() {
        assert_eq!(check_day::<u8>(&[], None), Ok(()));
        assert_eq!(check_day(&[Some(1)], Some(&2)), Ok(()));
        assert!(check_day(&[Some(1)], None).is_err() && check_day(&[None], Some(&1)).is_err());
    }
}
