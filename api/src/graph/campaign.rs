//! Campaigns of messages: what is sent, where, and what came of it, in numbers alone.

use entity::campaign::{self, CampaignChannel};
use entity::visit::VisitTopic;
use entity::{campaign_message, campaign_township, delivery_stat};

use super::cube::{Counted, Cube, Measure, measure};
use super::declare::{Field, Noun, code, code_list, column, many, names, one, plain, text_list};
use crate::access::Class::Internal;

pub(super) fn nouns() -> Vec<Noun> {
    vec![campaign(), township(), message(), delivery()]
}

fn campaign() -> Noun {
    use campaign::Column as C;
    Noun::of::<campaign::Entity>(
        "Campaign",
        "campaign",
        ["campaign", "campaigns"],
        "Messages that a provider sends to many telephones. The provider alone knows the numbers: none is kept here.",
        vec![
            plain("provider", C::Provider, Internal, "Who sends the messages.").filtered().sorted(),
            code::<CampaignChannel>("channel", C::Channel, Internal, "How they come.").filtered(),
            text_list("languages", C::Languages, Internal, "The languages they are in (BCP 47)."),
            code_list::<VisitTopic>("topics", C::Topics, Internal, "What they are about."),
            plain("startsOn", C::StartsOn, Internal, "First day.").filtered().sorted(),
            plain("endsOn", C::EndsOn, Internal, "Last day; null while it is open."),
            text_list(
                "batchIds",
                C::BatchIds,
                Internal,
                "What the provider calls its batches; never telephone numbers.",
            ),
            one("officer", C::OfficerId, "User", Internal, "Who looks after it.").filtered(),
            many("townships", campaign_township::Column::CampaignId, "CampaignTownship", Internal, "Where it is for.")
                .filtered(),
            many("messages", campaign_message::Column::CampaignId, "CampaignMessage", Internal, "What is sent.")
                .filtered(),
            many("deliveryStats", delivery_stat::Column::CampaignId, "DeliveryStat", Internal, "What came of it.")
                .filtered(),
        ],
    )
}

fn township() -> Noun {
    use campaign_township::Column as C;
    Noun::of::<campaign_township::Entity>(
        "CampaignTownship",
        "campaign_township",
        ["campaignTownship", "campaignTownships"],
        "A township that a campaign is for.",
        vec![
            one("campaign", C::CampaignId, "Campaign", Internal, "The campaign.").always().filtered(),
            one("township", C::TownshipId, "Location", Internal, "The township.").always().filtered(),
        ],
    )
}

fn message() -> Noun {
    use campaign_message::Column as C;
    Noun::of::<campaign_message::Entity>(
        "CampaignMessage",
        "campaign_message",
        ["campaignMessage", "campaignMessages"],
        "One message of a campaign.",
        vec![
            one("campaign", C::CampaignId, "Campaign", Internal, "The campaign.").always().filtered(),
            plain("position", C::Position, Internal, "Its place in the campaign, counted from 1.").filtered().sorted(),
            names("texts", [C::TextEn, C::TextMy, C::TextTh], Internal, "What it says.").unlisted(),
        ],
    )
}

fn delivery() -> Noun {
    use delivery_stat::Column as C;
    let mut fields = vec![
        one("campaign", C::CampaignId, "Campaign", Internal, "The campaign.").always().filtered(),
        code::<CampaignChannel>("channel", C::Channel, Internal, "How the messages came.").filtered(),
        plain("provider", C::Provider, Internal, "Who sent them."),
        plain("reportedOn", C::ReportedOn, Internal, "Day that was counted.").filtered().sorted(),
        one(
            "township",
            C::TownshipId,
            "Location",
            Internal,
            "The township that was counted; null for all of them together.",
        )
        .filtered(),
    ];
    fields.extend(COUNTS.map(|(name, column, text)| -> Field { plain(name, column, Internal, text) }));
    Noun::of::<delivery_stat::Entity>(
        "DeliveryStat",
        "delivery_stat",
        ["deliveryStat", "deliveryStats"],
        "What came of a campaign on a day, as its provider counts it: numbers, nobody by name or telephone. A number that \
         the provider does not count is null.",
        fields,
    )
    .called("delivery statistics")
}

/// What a provider counts.
const COUNTS: [(&str, delivery_stat::Column, &str); 7] = {
    use delivery_stat::Column as C;
    [
        ("sent", C::Sent, "How many messages were sent; how many calls came in where people call themselves."),
        ("answered", C::Answered, "How many were answered."),
        (
            "listenedAtLeastPercent",
            C::ListenedAtLeastPercent,
            "How many were listened to for at least the percentage that the provider counts by.",
        ),
        ("keyMessageCompleted", C::KeyMessageCompleted, "How many heard the key message to its end."),
        ("optedOut", C::OptedOut, "How many want no more."),
        ("surveyAnswers", C::SurveyAnswers, "How many questions were answered."),
        ("referred", C::Referred, "How many were passed on to a hotline or a centre."),
    ]
};

/// What is counted of campaigns, if that is what the noun holds.
pub(super) fn cube(noun: &Noun) -> Option<Cube> {
    const BY: &[&str] = &["campaign", "channel", "provider", "township"];
    let mut measures = vec![measure("reports", Counted::Rows, Internal, "How many reports of a provider.")];
    measures.extend(
        COUNTS.map(|(name, from, text)| -> Measure { measure(name, Counted::Sum(column(from)), Internal, text) }),
    );
    let text = "What came of campaigns within your reach, added up; by the day that was counted.";
    (noun.name == "DeliveryStat")
        .then(|| Cube::of(noun, "deliveryStatistics", text, delivery_stat::Column::ReportedOn, BY, measures))
}
