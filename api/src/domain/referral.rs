//! The life of a referral. Source: domain catalogue 4.3 and the deadlines of chapter 5.

use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};
use entity::referral::{ReferralDirection, ReferralStatus};

use super::{Fault, Refusal, ensure, text};

/// Working days within which a referral is acknowledged. Source: SUKA Society manual.
pub const ACKNOWLEDGE: u32 = 3;

/// Days within which the visitor is met once a referral is accepted. Source: SUKA Society manual.
pub const MEET: u64 = 14;

/// How long what was shared may be read at most, in months.
pub const MONTHS: u32 = 12;

/// How long it may be read if nothing is said, in days.
pub const USUAL: u64 = 90;

/// A step of one of the two organisations.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// The receiver has seen it.
    Acknowledge,
    /// The receiver will help.
    Accept,
    /// The receiver will not help, and says why.
    Reject(&'a str),
    /// The receiver begins to help.
    StartService,
    /// The receiver has helped, and says how.
    Complete(&'a str),
    /// The sender takes it back, and says why.
    Revoke(&'a str),
}

/// Whether it has not ended.
pub fn is_live(status: ReferralStatus) -> bool {
    use ReferralStatus::{Accepted, InService, Received, Sent};
    matches!(status, Sent | Received | Accepted | InService)
}

/// The state after a step of the side that takes it.
pub fn step(side: ReferralDirection, status: ReferralStatus, step: &Step<'_>) -> Result<ReferralStatus, Fault> {
    use ReferralStatus::{Accepted, Completed, InService, Received, Rejected, Revoked, Sent};
    let (from, to): (&[ReferralStatus], ReferralStatus) = match step {
        Step::Acknowledge => (&[Sent], Received),
        Step::Accept => (&[Received], Accepted),
        Step::Reject(_) => (&[Received], Rejected),
        Step::StartService => (&[Accepted], InService),
        Step::Complete(_) => (&[Accepted, InService], Completed),
        Step::Revoke(_) => (&[Sent, Received, Accepted, InService], Revoked),
    };
    let (own, refusal, text) = match step {
        Step::Revoke(_) => (ReferralDirection::Sent, Refusal::NotSender, "Only the sender takes a referral back."),
        _ => (ReferralDirection::Received, Refusal::NotReceiver, "Only the receiver takes this step."),
    };
    ensure(side == own, refusal, "referral", text)?;
    ensure(from.contains(&status), Refusal::WrongState, "referral", "The referral is not in a state for this step.")?;
    match step {
        Step::Reject(why) | Step::Revoke(why) => {
            ensure(!why.trim().is_empty(), Refusal::ReasonRequired, "reason", "A reason must be given.")?;
            text::check("reason", why, text::NOTE)?;
        }
        Step::Complete(note) => text::check_required("note", note, text::NOTE)?,
        _ => {}
    }
    Ok(to)
}

/// The last working day for an answer to what was sent on that day. Saturdays and Sundays are no working days; holidays
/// are not known.
pub fn acknowledge_by(sent_on: NaiveDate) -> NaiveDate {
    let works = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let last = sent_on.iter_days().skip(1).filter(works).nth(ACKNOWLEDGE as usize - 1);
    last.unwrap_or(NaiveDate::MAX)
}

/// The day by which the visitor is met, for a referral accepted on that day.
pub fn meet_by(accepted_on: NaiveDate) -> NaiveDate {
    accepted_on.checked_add_days(Days::new(MEET)).unwrap_or(NaiveDate::MAX)
}

/// The last day on which the receiver reads what was shared: as told, or the usual one, never beyond the consent.
pub fn expires_on(told: Option<NaiveDate>, consent: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Fault> {
    let Some(told) = told else {
        return Ok(consent.min(today.checked_add_days(Days::new(USUAL)).unwrap_or(NaiveDate::MAX)));
    };
    let latest = today.checked_add_months(Months::new(MONTHS)).unwrap_or(NaiveDate::MAX);
    let field = "expiresOn";
    ensure((today..=latest).contains(&told), Refusal::DateInvalid, field, "From today on, a year at most.")?;
    ensure(told <= consent, Refusal::DateInvalid, field, "A referral does not outlive its consent.")?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ReferralDirection::{Received as Inbox, Sent as Outbox};
    use entity::Code as _;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn each_side_has_its_steps() {
        let steps = [Step::Acknowledge, Step::Accept, Step::Reject("x"), Step::StartService, Step::Complete("x")];
        for status in ReferralStatus::all() {
            for one in &steps {
                assert_eq!(step(Outbox, status, one).map_err(|fault| fault.refusal), Err(Refusal::NotReceiver));
            }
            let revoke = |side| step(side, status, &Step::Revoke("x")).map_err(|fault| fault.refusal);
            assert_eq!(revoke(Inbox), Err(Refusal::NotSender));
            let expected = if is_live(status) { Ok(ReferralStatus::Revoked) } else { Err(Refusal::WrongState) };
            assert_eq!(revoke(Outbox), expected);
        }
    }

    #[test]
    fn what_has_ended_stays_ended() {
        let steps = [Step::Acknowledge, Step::Accept, Step::Reject("x"), Step::StartService, Step::Complete("x")];
        for status in ReferralStatus::all() {
            let onward = steps.iter().filter(|one| step(Inbox, status, one).is_ok()).count();
            let expected = match status {
                ReferralStatus::Sent | ReferralStatus::InService => 1,
                ReferralStatus::Received | ReferralStatus::Accepted => 2,
                _ => 0,
            };
            assert_eq!(onward, expected, "{status:?}");
        }
    }

    #[test]
    fn an_end_says_why() {
        let refusal =
            |status, one: &Step<'_>, side| step(side, status, one).map_err(|fault| (fault.refusal, fault.field));
        let reject = refusal(ReferralStatus::Received, &Step::Reject(" "), Inbox);
        assert_eq!(reject, Err((Refusal::ReasonRequired, "reason")));
        let complete = refusal(ReferralStatus::Accepted, &Step::Complete(""), Inbox);
        assert_eq!(complete, Err((Refusal::FieldRequired, "note")));
        let long = "x".repeat(10_001);
        let revoke = refusal(ReferralStatus::Sent, &Step::Revoke(&long), Outbox);
        assert_eq!(revoke, Err((Refusal::TooLong, "reason")));
    }

    #[test]
    fn three_working_days() {
        // A Monday, a Wednesday before a weekend, a Sunday.
        assert_eq!(acknowledge_by(day("2026-11-16")), day("2026-11-19"));
        assert_eq!(acknowledge_by(day("2026-11-18")), day("2026-11-23"));
        assert_eq!(acknowledge_by(day("2026-11-22")), day("2026-11-25"));
        assert_eq!(meet_by(day("2026-11-20")), day("2026-12-04"));
    }

    #[test]
    fn it_does_not_outlive_its_consent() {
        let (today, consent) = (day("2026-11-22"), day("2027-01-31"));
        let told = |told: Option<&str>| expires_on(told.map(day), consent, today).map_err(|fault| fault.refusal);
        assert_eq!(told(None), Ok(day("2027-01-31")));
        assert_eq!(expires_on(None, day("2028-01-01"), today).ok(), Some(day("2027-02-20")));
        assert_eq!(told(Some("2026-11-22")), Ok(today));
        assert_eq!(told(Some("2026-11-21")), Err(Refusal::DateInvalid));
        assert_eq!(told(Some("2027-02-01")), Err(Refusal::DateInvalid));
        let far = expires_on(Some(day("2027-11-23")), day("2030-01-01"), today);
        assert_eq!(far.map_err(|fault| fault.field), Err("expiresOn"));
    }
}
