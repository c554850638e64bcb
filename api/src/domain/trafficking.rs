//! Whether what happened to a person is trafficking, and who may say so. Source: Palermo Protocol, article 3; domain
//! catalogue 4.4 and 6.2. That a victim agreed to the exploitation changes nothing.

use chrono::NaiveDate;
use entity::exploitation_episode::ExploitationKind;
use entity::person::Answer;
use entity::trafficking_screening::{DecisionMaker, SafetyCheck, ScreeningResult, TraffickingAct, TraffickingMeans};

use super::{Fault, Refusal, ensure};

/// Whether the person is treated as a child: only a clear no makes an adult.
pub fn is_treated_as_child(is_child: Answer) -> bool {
    is_child != Answer::No
}

/// Whether the definition is met: an act and a purpose and, for an adult, a means.
pub fn indicators_met(
    is_child: Answer,
    acts: &[TraffickingAct],
    means: &[TraffickingMeans],
    purposes: &[ExploitationKind],
) -> bool {
    !acts.is_empty() && !purposes.is_empty() && (is_treated_as_child(is_child) || !means.is_empty())
}

/// The result before anybody decides: a possible victim if the definition is met, else none.
pub fn undecided(indicators_met: bool) -> Option<ScreeningResult> {
    indicators_met.then_some(ScreeningResult::PossibleVictim)
}

/// A decision as it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision<'a> {
    /// What was decided; `None` leaves it open.
    pub result: Option<ScreeningResult>,
    /// Who decided.
    pub maker: Option<DecisionMaker>,
    /// The day of the decision.
    pub decided_on: Option<NaiveDate>,
    /// Why the decision differs from the indicators.
    pub override_reason: Option<&'a str>,
}

/// The result of a screening, or why the decision is refused. A decision names who decided and when. An actual victim
/// meets the definition, or a reason is written for going beyond it.
pub fn decide(
    indicators_met: bool,
    decision: &Decision<'_>,
    screened_on: NaiveDate,
    today: NaiveDate,
) -> Result<Option<ScreeningResult>, Fault> {
    let Some(result) = decision.result else { return Ok(undecided(indicators_met)) };
    if result == ScreeningResult::PossibleVictim && indicators_met && decision.maker.is_none() {
        // What the rule says by itself needs nobody.
        return Ok(Some(result));
    }
    let text = "Say who decided.";
    ensure(decision.maker.is_some(), Refusal::FieldRequired, "decisionMaker", text)?;
    let text = "Say when it was decided.";
    let decided_on = decision.decided_on.ok_or(Fault::new(Refusal::FieldRequired, "decidedOn", text))?;
    let text = "A decision is taken between the screening and today.";
    let possible = decided_on >= screened_on && decided_on <= today;
    ensure(possible, Refusal::DateInvalid, "decidedOn", text)?;
    if result == ScreeningResult::ActualVictim && !indicators_met {
        let text = "The definition is not met: act, purpose and, for an adult, means.";
        let reason = decision.override_reason.ok_or(Fault::new(Refusal::RuleNotMet, "result", text))?;
        let text = "Say why the decision goes beyond the definition.";
        ensure(!reason.trim().is_empty(), Refusal::ReasonRequired, "overrideReason", text)?;
    }
    Ok(Some(result))
}

/// Checks the talk itself: it has taken place, and something was made sure of before it began.
pub fn check_talk(screened_on: NaiveDate, today: NaiveDate, checks: &[SafetyCheck]) -> Vec<Fault> {
    [
        ensure(screened_on <= today, Refusal::DateInvalid, "screenedOn", "A screening is not in the future."),
        ensure(
            !checks.is_empty(),
            Refusal::FieldRequired,
            "safetyChecks",
            "A screening begins with safety: say what was made sure of.",
        ),
    ]
    .into_iter()
    .filter_map(Result::err)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{Decision, check_talk, decide, indicators_met, undecided};
    use crate::domain::Refusal::{self, DateInvalid, FieldRequired, ReasonRequired, RuleNotMet};
    use chrono::NaiveDate;
    use entity::Code;
    use entity::exploitation_episode::ExploitationKind;
    use entity::person::Answer;
    use entity::trafficking_screening::ScreeningResult::{ActualVictim, NotAVictim, PossibleVictim};
    use entity::trafficking_screening::{
        DecisionMaker, SafetyCheck, ScreeningResult, TraffickingAct, TraffickingMeans,
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Every set of the values of a list.
    fn subsets<C: Code>() -> Vec<Vec<C>> {
        let all = C::all();
        (0..1_u32 << all.len())
            .map(|set| all.iter().enumerate().filter(|(bit, _)| set & (1 << bit) != 0).map(|(_, c)| *c).collect())
            .collect()
    }

    #[test]
    fn the_table_of_the_protocol() {
        let act = [TraffickingAct::Recruitment];
        let means = [TraffickingMeans::Deception];
        let purpose = [ExploitationKind::ForcedLabour];
        for (is_child, has_act, has_means, has_purpose, met) in [
            (Answer::No, true, true, true, true),
            (Answer::No, true, false, true, false),
            (Answer::Yes, true, false, true, true),
            (Answer::Yes, true, true, true, true),
            (Answer::Yes, false, true, true, false),
            (Answer::Yes, true, true, false, false),
            (Answer::No, false, true, true, false),
            (Answer::No, true, true, false, false),
            (Answer::Unknown, true, false, true, true),
            (Answer::Refused, true, false, true, true),
            (Answer::NotAsked, true, false, true, true),
        ] {
            let acts = if has_act { &act[..] } else { &[] };
            let means = if has_means { &means[..] } else { &[] };
            let purposes = if has_purpose { &purpose[..] } else { &[] };
            assert_eq!(indicators_met(is_child, acts, means, purposes), met, "{is_child:?}");
        }
    }

    #[test]
    fn every_set_of_acts_and_means_for_every_age_and_purpose() {
        let purposes: Vec<Vec<ExploitationKind>> =
            std::iter::once(Vec::new()).chain(ExploitationKind::all().into_iter().map(|kind| vec![kind])).collect();
        for acts in subsets::<TraffickingAct>() {
            for means in subsets::<TraffickingMeans>() {
                for purposes in &purposes {
                    for is_child in Answer::all() {
                        let adult = matches!(is_child, Answer::No);
                        let expected = match (acts.len(), means.len(), purposes.len()) {
                            (0, _, _) | (_, _, 0) => false,
                            (_, 0, _) => !adult,
                            _ => true,
                        };
                        assert_eq!(indicators_met(is_child, &acts, &means, purposes), expected);
                    }
                }
            }
        }
        for purposes in subsets::<ExploitationKind>() {
            let met = indicators_met(Answer::Yes, &[TraffickingAct::Transfer], &[], &purposes);
            assert_eq!(met, !purposes.is_empty());
        }
    }

    #[test]
    fn the_rule_alone_makes_a_possible_victim() {
        assert_eq!(undecided(true), Some(PossibleVictim));
        assert_eq!(undecided(false), None);
    }

    fn decided(met: bool, decision: &Decision<'_>) -> Result<Option<ScreeningResult>, Refusal> {
        decide(met, decision, day("2026-11-01"), day("2026-11-22")).map_err(|fault| fault.refusal)
    }

    const OPEN: Decision<'static> = Decision { result: None, maker: None, decided_on: None, override_reason: None };

    fn named(result: ScreeningResult) -> Decision<'static> {
        let on = Some(day("2026-11-10"));
        Decision { result: Some(result), maker: Some(DecisionMaker::Ngo), decided_on: on, override_reason: None }
    }

    #[test]
    fn people_decide() {
        assert_eq!(decided(true, &OPEN), Ok(Some(PossibleVictim)));
        assert_eq!(decided(false, &OPEN), Ok(None));
        for met in [true, false] {
            for result in ScreeningResult::all() {
                let expected = if result == ActualVictim && !met { Err(RuleNotMet) } else { Ok(Some(result)) };
                assert_eq!(decided(met, &named(result)), expected, "{result:?} {met}");
            }
        }
    }

    #[test]
    fn an_actual_victim_beyond_the_definition_needs_a_reason() {
        let because = |reason| Decision { override_reason: Some(reason), ..named(ActualVictim) };
        assert_eq!(decided(false, &because("The court found means that the talk did not.")), Ok(Some(ActualVictim)));
        assert_eq!(decided(false, &because(" ")), Err(ReasonRequired));
        assert_eq!(decided(true, &because(" ")), Ok(Some(ActualVictim)));
    }

    #[test]
    fn a_decision_names_who_and_when() {
        for result in [ActualVictim, NotAVictim] {
            assert_eq!(decided(true, &Decision { maker: None, ..named(result) }), Err(FieldRequired));
            assert_eq!(decided(true, &Decision { decided_on: None, ..named(result) }), Err(FieldRequired));
        }
        let possible = Decision { result: Some(PossibleVictim), ..OPEN };
        assert_eq!(decided(true, &possible), Ok(Some(PossibleVictim)));
        assert_eq!(decided(false, &possible), Err(FieldRequired));
        for (on, allowed) in [("2026-10-31", false), ("2026-11-01", true), ("2026-11-22", true), ("2026-11-23", false)]
        {
            let dated = Decision { decided_on: Some(day(on)), ..named(NotAVictim) };
            assert_eq!(decided(true, &dated), if allowed { Ok(Some(NotAVictim)) } else { Err(DateInvalid) });
        }
    }

    #[test]
    fn a_talk_is_past_and_safe() {
        let today = day("2026-11-22");
        let faults = |on: &str, checks: &[SafetyCheck]| -> Vec<Refusal> {
            check_talk(day(on), today, checks).into_iter().map(|fault| fault.refusal).collect()
        };
        assert_eq!(faults("2026-11-22", &[SafetyCheck::PrivatePlace]), []);
        assert_eq!(faults("2026-11-23", &[]), [DateInvalid, FieldRequired]);
    }
}
