//! The capacity of civil-society organisations: tools that all share, and assessments that the assessed one owns.

use entity::capacity_assessment::{self, CapacityAssessmentKind, CapacityMethod, CapacityStatus};
use entity::capacity_tool::{self, CapacityScale, CapacityToolKind};
use entity::value::{Cell, Scalar};
use entity::{capacity_domain, capacity_item, domain_score, item_score};

use super::declare::{Moment, Noun, code, derived, many, names, one, plain, text_list};
use crate::access::Class::{Internal, Personal, Public};
use crate::domain::capacity;

pub(super) fn nouns() -> Vec<Noun> {
    vec![tool(), domain(), item(), assessment(), item_score(), domain_score()]
}

fn tool() -> Noun {
    use capacity_tool::Column as C;
    Noun::of::<capacity_tool::Entity>(
        "CapacityTool",
        "capacity_tool",
        ["capacityTool", "capacityTools"],
        "A version of a tool that measures the capacity of an organisation, such as the Organisational Capacity \
         Assessment. Results of different tools or versions are never compared.",
        vec![
            plain("code", C::Code, Public, "Short code of the tool; together with the version it names one tool.")
                .filtered()
                .sorted(),
            code::<CapacityToolKind>("kind", C::Kind, Public, "Which family of tools it belongs to."),
            plain("version", C::Version, Public, "The version of the tool."),
            names("names", [C::NameEn, C::NameMy, C::NameTh], Public, "Its name.").unlisted(),
            code::<CapacityScale>("scale", C::Scale, Public, "How an item is scored."),
            many("domains", capacity_domain::Column::ToolId, "CapacityDomain", Public, "The parts of the tool.")
                .filtered(),
            many(
                "assessments",
                capacity_assessment::Column::ToolId,
                "CapacityAssessment",
                Public,
                "Assessments of your organisation that used the tool.",
            )
            .filtered(),
        ],
    )
}

fn domain() -> Noun {
    use capacity_domain::Column as C;
    Noun::of::<capacity_domain::Entity>(
        "CapacityDomain",
        "capacity_domain",
        ["capacityDomain", "capacityDomains"],
        "A part of a capacity tool, such as governance or financial management.",
        vec![
            plain("code", C::Code, Public, "Short code, unique within the tool."),
            one("tool", C::ToolId, "CapacityTool", Public, "The tool it belongs to.").always().filtered(),
            plain("position", C::Position, Public, "Its place in the tool, counted from 1.").filtered().sorted(),
            names("names", [C::NameEn, C::NameMy, C::NameTh], Public, "Its name.").unlisted(),
            many("items", capacity_item::Column::DomainId, "CapacityItem", Public, "What is scored in it.").filtered(),
        ],
    )
}

fn item() -> Noun {
    use capacity_item::Column as C;
    Noun::of::<capacity_item::Entity>(
        "CapacityItem",
        "capacity_item",
        ["capacityItem", "capacityItems"],
        "Something a capacity tool scores by itself, such as succession or fixed assets.",
        vec![
            plain("code", C::Code, Public, "Short code, unique within the domain."),
            one("domain", C::DomainId, "CapacityDomain", Public, "The domain it belongs to.").always().filtered(),
            plain("position", C::Position, Public, "Its place in the domain, counted from 1.").filtered().sorted(),
            names("names", [C::NameEn, C::NameMy, C::NameTh], Public, "Its name.").unlisted(),
            text_list("levels", C::Levels, Public, "What each score means, the lowest first, in English."),
            plain("weight", C::Weight, Public, "How much it counts against other items; null if all count the same."),
        ],
    )
}

fn assessment() -> Noun {
    use capacity_assessment::Column as C;
    Noun::of::<capacity_assessment::Entity>(
        "CapacityAssessment",
        "capacity_assessment",
        ["capacityAssessment", "capacityAssessments"],
        "An organisation's assessment of its own capacity. The assessed organisation owns the result; it is no audit, so \
         its own scores and the agreed scores are both kept.",
        vec![
            one("tool", C::ToolId, "CapacityTool", Internal, "The tool that was used.").always().filtered(),
            code::<CapacityAssessmentKind>("kind", C::Kind, Internal, "At which point of a project it took place.")
                .filtered(),
            code::<CapacityMethod>("method", C::Method, Internal, "How it was done."),
            plain("facilitator", C::Facilitator, Internal, "The person or organisation that led it, by name."),
            one("facilitatorUser", C::FacilitatorId, "User", Internal, "The user who led it, if it was one.")
                .filtered(),
            plain("participants", C::Participants, Internal, "How many people took part."),
            plain("startedOn", C::StartedOn, Internal, "First day.").filtered().sorted(),
            plain("endedOn", C::EndedOn, Internal, "Last day; null while it goes on."),
            code::<CapacityStatus>("status", C::Status, Internal, "How far it is.").filtered().sorted(),
            derived(
                "overallSelf",
                &[C::OverallSelf],
                Scalar::Float,
                overall,
                Personal,
                "Mean of the domain scores by the organisation's own scores, on the tool's scale, rounded half up to two \
                 decimals; null without a score.",
            ),
            derived(
                "overallAgreed",
                &[C::OverallAgreed],
                Scalar::Float,
                overall,
                Personal,
                "Mean of the domain scores by the agreed scores, on the tool's scale, rounded half up to two decimals; \
                 null without a score.",
            ),
            many("scores", item_score::Column::AssessmentId, "ItemScore", Personal, "The scores, item by item.")
                .filtered(),
            many(
                "domainScores",
                domain_score::Column::AssessmentId,
                "DomainScore",
                Personal,
                "The scores, domain by domain.",
            )
            .filtered(),
        ],
    )
}

fn item_score() -> Noun {
    use item_score::Column as C;
    Noun::of::<item_score::Entity>(
        "ItemScore",
        "item_score",
        ["itemScore", "itemScores"],
        "What an organisation scored for one item: what it gave itself, and what was agreed in the end.",
        vec![
            one("assessment", C::AssessmentId, "CapacityAssessment", Personal, "The assessment.").filtered(),
            one("item", C::ItemId, "CapacityItem", Personal, "The item.").filtered(),
            plain("self", C::SelfScore, Personal, "What the organisation gave itself, on the tool's scale."),
            plain("agreed", C::AgreedScore, Personal, "What was agreed in the end, on the tool's scale."),
            plain(
                "isNotApplicable",
                C::IsNotApplicable,
                Personal,
                "Whether the item does not apply and counts nowhere.",
            ),
            plain(
                "justification",
                C::Justification,
                Personal,
                "Why this score, in words; needed where the two differ.",
            ),
        ],
    )
}

fn domain_score() -> Noun {
    use domain_score::Column as C;
    Noun::of::<domain_score::Entity>(
        "DomainScore",
        "domain_score",
        ["domainScore", "domainScores"],
        "What an organisation scored in one domain: the mean of the items that were scored.",
        vec![
            one("assessment", C::AssessmentId, "CapacityAssessment", Personal, "The assessment.").filtered(),
            one("domain", C::DomainId, "CapacityDomain", Personal, "The domain.").filtered(),
            derived(
                "self",
                &[C::SelfSum, C::SelfCount],
                Scalar::Float,
                mean,
                Personal,
                "Mean of the organisation's own scores, on the tool's scale, rounded half up to two decimals; null if it \
                 scored no item.",
            ),
            derived(
                "agreed",
                &[C::AgreedSum, C::AgreedCount],
                Scalar::Float,
                mean,
                Personal,
                "Mean of the agreed scores, on the tool's scale, rounded half up to two decimals; null if no item has \
                 one.",
            ),
            plain("answeredSelf", C::SelfCount, Personal, "How many items the organisation scored itself."),
            plain("answeredAgreed", C::AgreedCount, Personal, "How many items have an agreed score."),
            plain("total", C::ItemCount, Personal, "How many items the domain has, scored or not."),
        ],
    )
}

fn overall(cells: &[Cell<'_>], _: &Moment) -> Cell<'static> {
    let mean = cells.first().and_then(Cell::float).map(capacity::rounded);
    mean.map_or(Cell::Null, Cell::Float)
}

fn mean(cells: &[Cell<'_>], _: &Moment) -> Cell<'static> {
    let whole = |position: usize| cells.get(position).and_then(Cell::int);
    let mean = whole(0).zip(whole(1)).and_then(|(sum, count)| capacity::rounded_mean(sum, count));
    mean.map_or(Cell::Null, Cell::Float)
}
