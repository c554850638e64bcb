//! Partners, consents, and referrals to and from partners.

use entity::case::RiskLevel;
use entity::case_service::ServiceType;
use entity::consent::{self, ConsentGiver, ConsentMethod, ConsentScope, InformationGiven};
use entity::partner;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::referral::{self, ReferralDirection, ReferralField, ReferralReason, ReferralStatus};
use entity::screening_request::ForcedLabourSign;
use entity::value::{Cell, Scalar};
use entity::visit::{VisitTopic, VisitorKind};

use super::declare::{Field, Moment, Noun, code, code_list, derived, many, names, one, plain};
use crate::access::Class::{Internal, Personal, Sensitive};

pub(super) fn nouns() -> Vec<Noun> {
    vec![partner(), consent(), referral()]
}

fn partner() -> Noun {
    use partner::Column as C;
    Noun::of::<partner::Entity>(
        "Partner",
        "partner",
        ["partner", "partners"],
        "An organisation with which referrals are agreed. Referrals pass between two organisations that each name the other.",
        vec![
            plain("code", C::Code, Internal, "The code of that organisation.").filtered().sorted(),
            names("names", [C::NameEn, C::NameMy, C::NameTh], Internal, "Its name."),
            code_list::<ServiceType>(
                "services",
                C::Services,
                Internal,
                "The services it gives to people referred to it; none: it only refers.",
            ),
            plain("agreedOn", C::AgreedOn, Internal, "Day the protocol on sharing information was signed.")
                .filtered()
                .sorted(),
            plain("endsOn", C::EndsOn, Internal, "Last day of the agreement; null while it is open."),
            one("desk", C::DeskId, "User", Internal, "Who receives what the partner refers.").always().filtered(),
            many("referrals", referral::Column::PartnerId, "Referral", Internal, "Referrals to and from it.").filtered(),
        ],
    )
    .keyed("code", C::Code, Internal)
}

fn consent() -> Noun {
    use consent::Column as C;
    Noun::of::<consent::Entity>(
        "Consent",
        "consent",
        ["consent", "consents"],
        "What a visitor, or who speaks for one, agreed to. Nothing is shared with a partner without one; withdrawn, it ends \
         what stands on it at once.",
        vec![
            one("visit", C::VisitId, "Visit", Internal, "The visit in which it was given.").always().filtered(),
            one("obtainedBy", C::ObtainedById, "User", Internal, "Who asked for it.").filtered(),
            plain("givenOn", C::GivenOn, Internal, "Day it was given.").filtered().sorted(),
            plain("expiresOn", C::ExpiresOn, Internal, "Last day it holds.").filtered().sorted(),
            plain("withdrawnOn", C::WithdrawnOn, Internal, "Day it was withdrawn; null while it stands."),
            derived(
                "isLive",
                &[C::ExpiresOn, C::WithdrawnOn],
                Scalar::Bool,
                is_live,
                Internal,
                "Whether it holds today: neither withdrawn nor expired.",
            )
            .always(),
            code::<ConsentGiver>("givenBy", C::GivenBy, Personal, "Who gave it."),
            code::<ConsentMethod>("method", C::Method, Personal, "How it was given."),
            plain("language", C::Language, Personal, "Language it was explained in (BCP 47)."),
            code_list::<ConsentScope>("scopes", C::Scopes, Personal, "What it allows."),
            code_list::<InformationGiven>(
                "informationGiven",
                C::InformationGiven,
                Personal,
                "What was explained before.",
            ),
            code::<Answer>("childAssent", C::ChildAssent, Personal, "Whether the child agrees too."),
            plain("withdrawalReason", C::WithdrawalReason, Personal, "Why it was withdrawn, in the person's words."),
            many("referrals", referral::Column::ConsentId, "Referral", Internal, "Referrals that stand on it.")
                .filtered(),
        ],
    )
}

fn referral() -> Noun {
    let fields = running().into_iter().chain(shared()).collect();
    Noun::of::<referral::Entity>(
        "Referral",
        "referral",
        ["referral", "referrals"],
        "A visitor referred to a partner: in the sender's outbox and in the receiver's inbox, a record in each. The receiver \
         has a copy of what the sender shared and nothing else, until the referral ends; then the copy is gone.",
        fields,
    )
}

fn running() -> Vec<Field> {
    use referral::Column as C;
    vec![
        code::<ReferralDirection>("direction", C::Direction, Internal, "Whether it was sent or received.").filtered(),
        one("partner", C::PartnerId, "Partner", Internal, "The other organisation.").always().filtered(),
        one("visit", C::VisitId, "Visit", Internal, "The visit it came from; null where it was received.").filtered(),
        one("consent", C::ConsentId, "Consent", Internal, "What it stands on; null where it was received.").filtered(),
        plain(
            "consentHash",
            C::ConsentHash,
            Internal,
            "SHA-256 of the receiver's code and the consent as it was when the referral was sent; the same on both sides.",
        ),
        one("handler", C::HandlerId, "User", Internal, "Who looks after it here.").filtered(),
        code::<ServiceType>("serviceType", C::ServiceType, Internal, "The service that is asked for.").filtered(),
        code::<ReferralReason>("reason", C::Reason, Personal, "Why the visitor is referred."),
        code::<ReferralStatus>("status", C::Status, Internal, "How far it has come.").filtered(),
        plain("sentAt", C::SentAt, Internal, "When it was sent (UTC).").filtered().sorted(),
        plain("acknowledgeBy", C::AcknowledgeBy, Internal, "When it has to be acknowledged: three working days.")
            .filtered()
            .sorted(),
        plain("meetBy", C::MeetBy, Internal, "Day by which the visitor has to be met: 14 days from its acceptance."),
        derived(
            "isOverdue",
            &[C::Status, C::AcknowledgeBy, C::MeetBy],
            Scalar::Bool,
            is_overdue,
            Internal,
            "Whether it was not acknowledged in time, or accepted and not begun in time.",
        )
        .always(),
        plain("respondedAt", C::RespondedAt, Internal, "When it was accepted or rejected (UTC)."),
        plain("expiresOn", C::ExpiresOn, Internal, "Last day on which the receiver reads what was shared.")
            .filtered()
            .sorted(),
        plain("endedAt", C::EndedAt, Internal, "When it ended (UTC); null while it is live."),
        plain("endReason", C::EndReason, Personal, "Why it was rejected or taken back, in words."),
        plain("providerNote", C::ProviderNote, Personal, "What the receiver reports, in words."),
    ]
}

/// What was shared; for the receiver it is null once the referral has ended.
fn shared() -> Vec<Field> {
    use referral::Column as C;
    vec![
        plain("purpose", C::Purpose, Personal, "What the receiver is asked to do, in words."),
        code_list::<ReferralField>("shared", C::Shared, Internal, "What the sender shared of the visitor."),
        plain("name", C::Name, Personal, "The visitor's name, if shared."),
        plain("phone", C::Phone, Personal, "A telephone number that is safe to call, if shared."),
        plain("ticket", C::Ticket, Personal, "The visitor's ticket, if shared."),
        code::<VisitorKind>(
            "visitorKind",
            C::VisitorKind,
            Personal,
            "Who the visitor is on the migrant's path, if shared.",
        ),
        code::<Sex>("sex", C::Sex, Personal, "The visitor's sex, if shared."),
        plain("ageYears", C::AgeYears, Personal, "The visitor's age in years when it was sent, if shared."),
        one("homeTownship", C::HomeTownshipId, "Location", Personal, "Where the visitor's home is, if shared."),
        plain("destination", C::Destination, Personal, "Intended or past destination, if shared (ISO 3166-1 alpha-2)."),
        code_list::<VisitTopic>("topics", C::Topics, Personal, "What it was about, if shared."),
        code::<Answer>(
            "disability",
            C::Disability,
            Sensitive,
            "Whether the Washington Group cut-off is met, if shared.",
        ),
        code::<DisplacementStatus>(
            "displacement",
            C::Displacement,
            Sensitive,
            "Displacement of the visitor, if shared.",
        ),
        code_list::<ForcedLabourSign>("signs", C::Signs, Sensitive, "Signs of forced labour that showed, if shared."),
        code::<RiskLevel>("riskLevel", C::RiskLevel, Sensitive, "How great the danger is."),
    ]
}

fn is_live(cells: &[Cell<'_>], moment: &Moment) -> Cell<'static> {
    Cell::Bool(matches!(cells, [Cell::Date(expires), Cell::Null] if *expires >= moment.today))
}

fn is_overdue(cells: &[Cell<'_>], moment: &Moment) -> Cell<'static> {
    let [status, acknowledge_by, meet_by] = cells else { return Cell::Null };
    let overdue = match (status, acknowledge_by, meet_by) {
        (Cell::Text(status), Cell::Timestamp(by), _) if status == "SENT" => *by < moment.now,
        (Cell::Text(status), _, Cell::Date(by)) if status == "ACCEPTED" => *by < moment.today,
        _ => false,
    };
    Cell::Bool(overdue)
}
