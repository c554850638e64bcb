//! The fields of a visit that a register can fill, named as `VisitRecordInput` names them, those of its `washingtonGroup`
//! without a word in front, and what each may hold.

use chrono::NaiveDate;
use entity::Code;
use entity::exploitation_episode::IsicSection;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::screening_request::ForcedLabourSign;
use entity::visit::{
    AgeGroup, CallKind, Difficulty, HeardThrough, VisitChannel, VisitService, VisitTopic, VisitorKind,
};
use serde::Deserialize;

/// A field of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub enum Field {
    Centre,
    Project,
    VisitedOn,
    Channel,
    Ticket,
    IsFirst,
    VisitorKind,
    Sex,
    AgeYears,
    AgeGroup,
    Seeing,
    Hearing,
    Walking,
    Remembering,
    SelfCare,
    Communicating,
    Disability,
    Displacement,
    HomeTownship,
    Destination,
    Sector,
    HeardThrough,
    Topics,
    Services,
    Signs,
    DocumentsGiven,
    Minutes,
    CallKind,
    Satisfaction,
    NeedsFollowUp,
    Note,
}

/// Every field with its name.
const NAMES: [(Field, &str); 31] = [
    (Field::Centre, "centre"),
    (Field::Project, "project"),
    (Field::VisitedOn, "visitedOn"),
    (Field::Channel, "channel"),
    (Field::Ticket, "ticket"),
    (Field::IsFirst, "isFirst"),
    (Field::VisitorKind, "visitorKind"),
    (Field::Sex, "sex"),
    (Field::AgeYears, "ageYears"),
    (Field::AgeGroup, "ageGroup"),
    (Field::Seeing, "seeing"),
    (Field::Hearing, "hearing"),
    (Field::Walking, "walking"),
    (Field::Remembering, "remembering"),
    (Field::SelfCare, "selfCare"),
    (Field::Communicating, "communicating"),
    (Field::Disability, "disability"),
    (Field::Displacement, "displacement"),
    (Field::HomeTownship, "homeTownship"),
    (Field::Destination, "destination"),
    (Field::Sector, "sector"),
    (Field::HeardThrough, "heardThrough"),
    (Field::Topics, "topics"),
    (Field::Services, "services"),
    (Field::Signs, "signs"),
    (Field::DocumentsGiven, "documentsGiven"),
    (Field::Minutes, "minutes"),
    (Field::CallKind, "callKind"),
    (Field::Satisfaction, "satisfaction"),
    (Field::NeedsFollowUp, "needsFollowUp"),
    (Field::Note, "note"),
];

/// The fields that every visit needs.
pub(super) const NEEDED: [Field; 4] = [Field::Centre, Field::VisitedOn, Field::Channel, Field::VisitorKind];

impl TryFrom<String> for Field {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        NAMES.iter().find(|(_, own)| *own == name).map(|(field, _)| *field).ok_or_else(|| {
            let names: Vec<&str> = NAMES.iter().map(|(_, name)| *name).collect();
            format!("there is no field `{name}`; there are {}", names.join(", "))
        })
    }
}

/// What a field may hold.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// The code of one of the organisation's centres.
    Centre,
    /// The English name of one of the organisation's projects.
    Project,
    /// A day.
    Day,
    /// A code of a closed list, which has it or not.
    Code(fn(&str) -> bool),
    /// True or false.
    Truth,
    /// A whole number.
    Whole,
    /// The P-code of a place.
    Place,
    /// A country, ISO 3166-1 alpha-2.
    Country,
    /// Any text.
    Text,
}

impl Field {
    /// Its name in the mapping, in the API and in the quarantine file.
    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|(field, _)| *field == self).map_or("", |(_, name)| *name)
    }

    /// Whether it holds many.
    pub(super) fn is_list(self) -> bool {
        matches!(self, Self::Topics | Self::Services | Self::Signs | Self::DocumentsGiven)
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Centre => Kind::Centre,
            Self::Project => Kind::Project,
            Self::VisitedOn => Kind::Day,
            Self::Channel => Kind::Code(is_code::<VisitChannel>),
            Self::VisitorKind => Kind::Code(is_code::<VisitorKind>),
            Self::Sex => Kind::Code(is_code::<Sex>),
            Self::AgeGroup => Kind::Code(is_code::<AgeGroup>),
            Self::Seeing | Self::Hearing | Self::Walking | Self::Remembering | Self::SelfCare | Self::Communicating => {
                Kind::Code(is_code::<Difficulty>)
            }
            Self::Disability => Kind::Code(is_code::<Answer>),
            Self::Displacement => Kind::Code(is_code::<DisplacementStatus>),
            Self::Sector => Kind::Code(is_code::<IsicSection>),
            Self::HeardThrough => Kind::Code(is_code::<HeardThrough>),
            Self::Topics => Kind::Code(is_code::<VisitTopic>),
            Self::Services => Kind::Code(is_code::<VisitService>),
            Self::Signs => Kind::Code(is_code::<ForcedLabourSign>),
            Self::CallKind => Kind::Code(is_code::<CallKind>),
            Self::IsFirst | Self::NeedsFollowUp => Kind::Truth,
            Self::AgeYears | Self::Minutes | Self::Satisfaction => Kind::Whole,
            Self::HomeTownship => Kind::Place,
            Self::Destination => Kind::Country,
            Self::Ticket | Self::DocumentsGiven | Self::Note => Kind::Text,
        }
    }
}

impl Kind {
    /// Whether a text that the mapping itself gives can stand in such a field, as far as the text alone tells.
    pub(super) fn takes(self, text: &str) -> bool {
        match self {
            Self::Code(is_code) => is_code(text),
            Self::Day => day(text, None).is_some(),
            Self::Truth => truth(text).is_some(),
            Self::Whole => whole(text).is_some(),
            Self::Country => text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
            Self::Centre | Self::Project | Self::Place | Self::Text => true,
        }
    }
}

fn is_code<C: Code>(text: &str) -> bool {
    C::from_code(text).is_some()
}

/// True or false, as spreadsheets write it.
pub(super) fn truth(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") { Some(true) } else { text.eq_ignore_ascii_case("false").then_some(false) }
}

/// A whole number, in Latin, Burmese or Thai digits.
pub(super) fn whole(text: &str) -> Option<i32> {
    let digits = latin(text);
    digits.strip_suffix(".0").unwrap_or(&digits).parse().ok()
}

/// A day as the format says, or as ISO 8601 does.
pub(super) fn day(text: &str, format: Option<&str>) -> Option<NaiveDate> {
    let text = latin(text);
    let told = format.and_then(|format| NaiveDate::parse_from_str(&text, format).ok());
    told.or_else(|| NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok())
}

/// The same text with Latin digits.
fn latin(text: &str) -> String {
    let digit = |c: char| match c {
        '\u{1040}'..='\u{1049}' => char::from_digit(u32::from(c) - 0x1040, 10),
        '\u{0e50}'..='\u{0e59}' => char::from_digit(u32::from(c) - 0x0e50, 10),
        _ => None,
    };
    text.chars().map(|c| digit(c).unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Field, Kind, NAMES, day, truth, whole};

    #[test]
    fn names_are_those_of_the_fields() {
        for (field, name) in NAMES {
            assert_eq!(Field::try_from(name.to_owned()).unwrap(), field);
            assert_eq!(field.name(), name);
        }
        let lists: Vec<&str> = NAMES.iter().filter(|(field, _)| field.is_list()).map(|(_, name)| *name).collect();
        assert_eq!(lists, ["topics", "services", "signs", "documentsGiven"]);
        assert!(
            Field::try_from("colour".to_owned()).unwrap_err().starts_with("there is no field `colour`; there are ")
        );
    }

    #[test]
    fn cells_are_read_in_three_scripts() {
        let spring = chrono::NaiveDate::from_ymd_opt(2024, 3, 5);
        for text in ["05/03/2024", "၀၅/၀၃/၂၀၂၄", "๐๕/๐๓/๒๐๒๔", "2024-03-05"] {
            assert_eq!(day(text, Some("%d/%m/%Y")), spring, "{text}");
        }
        assert_eq!(day("05/03/2024 14:30", Some("%d/%m/%Y %H:%M")), spring);
        for text in ["", "5 March", "31/02/2024", "45356"] {
            assert_eq!(day(text, Some("%d/%m/%Y")), None, "{text}");
        }
        assert_eq!((whole("၂၃"), whole("23.0"), whole("23.5"), whole("x")), (Some(23), Some(23), None, None));
        assert_eq!((truth("TRUE"), truth("false"), truth("yes")), (Some(true), Some(false), None));
        assert!(Kind::Country.takes("TH") && !Kind::Country.takes("th"));
    }
}
