//! Survivors of trafficking, what was done to them and how they were screened.

use entity::case;
use entity::exploitation_episode::{
    self, ExploitationKind, IsicSection, MeansOfControl, RecruiterRelation, SexExploitationKind,
};
use entity::person::Answer;
use entity::survivor::{self, HtcdsCaseStatus, NationalIdentification};
use entity::trafficking_screening::{
    self, DecisionMaker, SafetyCheck, ScreeningResult, TraffickingAct, TraffickingMeans,
};

use super::declare::{Noun, code, code_list, many, one, plain};
use crate::access::Class::{Internal, Personal, Sensitive};

pub(super) fn nouns() -> Vec<Noun> {
    vec![survivor(), episode(), screening()]
}

fn survivor() -> Noun {
    use survivor::Column as C;
    Noun::of::<survivor::Entity>(
        "Survivor",
        "survivor",
        ["survivor", "survivors"],
        "A person's record as a survivor of trafficking, known by a code instead of a name.",
        vec![
            plain("code", C::Code, Internal, "The code that stands for the survivor where the name is not shown.")
                .filtered()
                .sorted(),
            plain("registeredOn", C::RegisteredOn, Internal, "Day on which the survivor was registered.")
                .filtered()
                .sorted(),
            plain("registeredYear", C::RegisteredYear, Internal, "Calendar year of the registration (Gregorian).")
                .filtered()
                .sorted(),
            one("caseWorker", C::CaseWorkerId, "User", Internal, "Who works with the survivor.").filtered(),
            plain(
                "importSource",
                C::ImportSource,
                Internal,
                "The file or system the record came from; null if it was made here.",
            ),
            plain("importKey", C::ImportKey, Personal, "The record's key in that source."),
            one("person", C::PersonId, "Person", Sensitive, "Who the survivor is; the link itself needs protection.")
                .filtered(),
            plain(
                "ageBand",
                C::AgeBand,
                Sensitive,
                "Age in years, in the bands of the Counter-Trafficking Data Collaborative, such as `9-17`.",
            ),
            plain("citizenship", C::Citizenship, Sensitive, "Citizenship as an ISO 3166-1 alpha-2 code, such as `MM`."),
            code::<HtcdsCaseStatus>(
                "htcdsStatus",
                C::Status,
                Sensitive,
                "Where the help for the survivor stands (HTCDS).",
            )
            .filtered(),
            code::<NationalIdentification>(
                "nationalIdentification",
                C::NationalIdentification,
                Sensitive,
                "Whether the state recognised the survivor as a victim of trafficking.",
            ),
            many("cases", case::Column::SurvivorId, "Case", Sensitive, "Case work with the survivor.").filtered(),
            many(
                "episodes",
                exploitation_episode::Column::SurvivorId,
                "ExploitationEpisode",
                Sensitive,
                "Periods in which the survivor was exploited.",
            )
            .filtered(),
            many(
                "screenings",
                trafficking_screening::Column::SurvivorId,
                "TraffickingScreening",
                Sensitive,
                "Talks that were to find out whether it was trafficking.",
            )
            .filtered(),
        ],
    )
    .keyed("code", C::Code, Internal)
}

fn episode() -> Noun {
    use exploitation_episode::Column as C;
    Noun::of::<exploitation_episode::Entity>(
        "ExploitationEpisode",
        "exploitation_episode",
        ["exploitationEpisode", "exploitationEpisodes"],
        "One period and place in which a survivor was exploited.",
        vec![
            one("survivor", C::SurvivorId, "Survivor", Sensitive, "The survivor.").filtered(),
            code_list::<ExploitationKind>("kinds", C::Kinds, Sensitive, "The kinds of exploitation (HTCDS)."),
            code::<IsicSection>(
                "industry",
                C::Industry,
                Sensitive,
                "The branch of the economy it happened in, by ISIC section.",
            ),
            code_list::<SexExploitationKind>(
                "sexKinds",
                C::SexKinds,
                Sensitive,
                "The kinds of sexual exploitation, if that it was (HTCDS).",
            ),
            plain("country", C::Country, Sensitive, "The country it happened in, as an ISO 3166-1 alpha-2 code.")
                .filtered()
                .sorted(),
            one("place", C::PlaceId, "Location", Sensitive, "The place it happened in, if the gazetteer has it.")
                .filtered(),
            plain("startedOn", C::StartedOn, Sensitive, "First day, if known."),
            plain("endedOn", C::EndedOn, Sensitive, "Last day; null while it goes on or if it is unknown."),
            plain("ageAtStart", C::AgeAtStart, Sensitive, "The survivor's age when it began, in years."),
            plain("months", C::Months, Sensitive, "How long it lasted, in months."),
            code_list::<MeansOfControl>(
                "meansOfControl",
                C::MeansOfControl,
                Sensitive,
                "How the survivor was kept under control (CTDC).",
            ),
            code::<RecruiterRelation>(
                "recruiterRelation",
                C::RecruiterRelation,
                Sensitive,
                "Who the recruiter was to the survivor (CTDC).",
            ),
            code::<Answer>("isForcedLabour", C::IsForcedLabour, Sensitive, "Whether it was forced labour (CTDC).")
                .filtered(),
            code::<Answer>(
                "isSexualExploitation",
                C::IsSexualExploitation,
                Sensitive,
                "Whether it was sexual exploitation (CTDC).",
            )
            .filtered(),
        ],
    )
}

fn screening() -> Noun {
    use trafficking_screening::Column as C;
    Noun::of::<trafficking_screening::Entity>(
        "TraffickingScreening",
        "trafficking_screening",
        ["traffickingScreening", "traffickingScreenings"],
        "A talk that finds out whether a person was trafficked: what was done, by what means, and for which \
         exploitation (Palermo Protocol, article 3). The rule gives indicators; people decide.",
        vec![
            one("person", C::PersonId, "Person", Sensitive, "Who was screened.").filtered(),
            one("survivor", C::SurvivorId, "Survivor", Sensitive, "The survivor's record, once there is one.")
                .filtered(),
            plain("screenedOn", C::ScreenedOn, Sensitive, "Day of the talk.").filtered().sorted(),
            one("interviewer", C::InterviewerId, "User", Sensitive, "Who led the talk.").filtered(),
            one("place", C::PlaceId, "Location", Sensitive, "Where the talk took place.").filtered(),
            code_list::<SafetyCheck>(
                "safetyChecks",
                C::SafetyChecks,
                Sensitive,
                "What was made sure of before the talk began.",
            ),
            code::<Answer>(
                "isChild",
                C::IsChild,
                Sensitive,
                "Whether the person was under 18 at the time; anything but a no is treated as a child.",
            ),
            code_list::<TraffickingAct>("acts", C::Acts, Sensitive, "What was done to the person (Palermo Protocol)."),
            code_list::<TraffickingMeans>(
                "means",
                C::Means,
                Sensitive,
                "By what means it was done; not needed for a child (Palermo Protocol).",
            ),
            code_list::<ExploitationKind>(
                "purposes",
                C::Purposes,
                Sensitive,
                "For which exploitation it was done (Palermo Protocol).",
            ),
            plain(
                "indicatorsMet",
                C::IndicatorsMet,
                Sensitive,
                "Whether there is an act, a purpose and, for an adult, a means.",
            ),
            code::<ScreeningResult>(
                "result",
                C::Result,
                Sensitive,
                "What the screening found (HTCDS); null while nobody has decided.",
            ),
            code::<DecisionMaker>("decisionMaker", C::DecisionMaker, Sensitive, "Who decided (HTCDS)."),
            plain("decidedOn", C::DecidedOn, Sensitive, "Day of the decision."),
            plain(
                "overrideReason",
                C::OverrideReason,
                Sensitive,
                "Why the decision differs from the indicators, in words.",
            ),
        ],
    )
}
