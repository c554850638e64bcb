//! The yearly look at every child (CPMS) and its answers.

use entity::cpms_answer::{self, CpmsIndicatorCode};
use entity::cpms_observation::{self, CpmsRiskClass};
use entity::person::Answer;

use super::declare::{Noun, code, code_list, many, one, plain};
use crate::access::Class::{Personal, Sensitive};

pub(super) fn nouns() -> Vec<Noun> {
    vec![observation(), answer()]
}

fn observation() -> Noun {
    use cpms_observation::Column as C;
    Noun::of::<cpms_observation::Entity>(
        "CpmsObservation",
        "cpms_observation",
        ["cpmsObservation", "cpmsObservations"],
        "What the Child Protection Monitoring System found about one child in one year: 17 indicators on the child and 6 \
         on the family, and the class of risk that follows from them. One a child and year.",
        vec![
            one("child", C::ChildId, "Child", Personal, "The child that was observed.").filtered(),
            one("household", C::HouseholdId, "Household", Personal, "The home the child lived in then.").filtered(),
            one("community", C::CommunityId, "Location", Personal, "The place the child was observed in.").filtered(),
            plain("year", C::Year, Personal, "The calendar year it counts for (Gregorian).").filtered().sorted(),
            plain("round", C::Round, Personal, "The number of the collection round, counted from 1."),
            plain("collectedOn", C::CollectedOn, Personal, "Day on which the answers were collected.")
                .filtered()
                .sorted(),
            one("collectedBy", C::CollectedById, "User", Personal, "Who collected the answers.").filtered(),
            plain(
                "interviewLanguage",
                C::InterviewLanguage,
                Personal,
                "The language of the talk, as a BCP 47 tag such as `shn`.",
            ),
            code::<CpmsRiskClass>(
                "riskClass",
                C::RiskClass,
                Sensitive,
                "How great the risk is, by the rule named in `ruleVersion`.",
            )
            .filtered(),
            plain(
                "ruleVersion",
                C::RuleVersion,
                Sensitive,
                "The version of the rule that gave the class; a newer rule leaves this result as it is.",
            ),
            code_list::<CpmsIndicatorCode>(
                "reasons",
                C::Reasons,
                Sensitive,
                "The indicators answered with yes that led to the class.",
            ),
            code_list::<CpmsIndicatorCode>(
                "unknownIndicators",
                C::UnknownIndicators,
                Sensitive,
                "Indicators without a yes or a no: unknown, refused or not asked. They never raise the class.",
            ),
            many(
                "answers",
                cpms_answer::Column::ObservationId,
                "CpmsAnswer",
                Sensitive,
                "The answers, one an indicator.",
            )
            .filtered(),
        ],
    )
}

fn answer() -> Noun {
    use cpms_answer::Column as C;
    Noun::of::<cpms_answer::Entity>(
        "CpmsAnswer",
        "cpms_answer",
        ["cpmsAnswer", "cpmsAnswers"],
        "The answer to one indicator in a yearly observation.",
        vec![
            one("observation", C::ObservationId, "CpmsObservation", Sensitive, "The observation it belongs to.")
                .filtered(),
            code::<CpmsIndicatorCode>("code", C::Code, Sensitive, "The indicator.").filtered().sorted(),
            code::<Answer>(
                "answer",
                C::Answer,
                Sensitive,
                "Whether the indicator is true of the child or the home; unknown, refused and not asked are not a no.",
            )
            .filtered(),
            plain("note", C::Note, Sensitive, "What the collector added, in words."),
        ],
    )
}
