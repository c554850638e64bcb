//! Ids that follow from names, and spellings that count as equal.

use unicode_normalization::UnicodeNormalization;
use uuid::{Uuid, uuid};

/// The namespace of all ids that follow from a name.
pub const NAMESPACE: Uuid = uuid!("0b5f6a52-7e0d-5d4e-9c0f-6c616e707961");

fn named(name: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, name.as_bytes())
}

/// The id of the location with a P-code.
pub fn location_id(pcode: &str) -> Uuid {
    named(&format!("location:{pcode}"))
}

/// The id of one spelling of a location's name.
pub fn place_name_id(pcode: &str, name: &str) -> Uuid {
    named(&format!("place_name:{pcode}|{name}"))
}

/// The id of the organisation with a code.
pub fn organisation_id(code: &str) -> Uuid {
    named(&format!("organisation:{code}"))
}

/// The id of a version of a capacity tool.
pub fn tool_id(code: &str, version: &str) -> Uuid {
    named(&format!("capacity_tool:{code}:{version}"))
}

/// The id of a domain of a capacity tool.
pub fn domain_id(tool: &str, version: &str, domain: &str) -> Uuid {
    named(&format!("capacity_tool:{tool}:{version}:{domain}"))
}

/// The id of an item of a capacity tool.
pub fn item_id(tool: &str, version: &str, domain: &str, item: &str) -> Uuid {
    named(&format!("capacity_tool:{tool}:{version}:{domain}:{item}"))
}

/// The form in which spellings are compared: composed (NFC), lower case, without whitespace (that of zero width too),
/// hyphens, apostrophes and dots.
pub fn fold(name: &str) -> String {
    let lower = name.nfc().collect::<String>().to_lowercase();
    lower.chars().filter(|&letter| !is_filler(letter)).nfc().collect()
}

fn is_filler(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' // no width
            | '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' // hyphens
            | '\'' | '`' | '\u{b4}' | '\u{2bb}' | '\u{2bc}' | '\u{2018}' | '\u{2019}' | '\u{2032}' // apostrophes
            | '.' | '\u{b7}' | '\u{2024}' // dots
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fold_ignores_case_and_fillers() {
        assert_eq!(fold(" Nam-Khan\u{200b}"), "namkhan");
        assert_eq!(fold("Hpa\u{2019}an St."), "hpaanst");
        assert_eq!(fold("မူ ဆယ်"), "မူဆယ်");
    }

    #[test]
    fn fold_composes() {
        assert_eq!(fold("Cafe\u{301}"), "caf\u{e9}");
        // Letters that a filler kept apart compose too.
        assert_eq!(fold("e-\u{301}"), "\u{e9}");
    }

    #[test]
    fn ids_follow_from_names() {
        assert_eq!(location_id("MMR015009"), Uuid::new_v5(&NAMESPACE, b"location:MMR015009"));
        assert_eq!(item_id("OCA", "1", "A", "B"), Uuid::new_v5(&NAMESPACE, b"capacity_tool:OCA:1:A:B"));
        assert_eq!(location_id("MMR015009").get_version_num(), 5);
    }
}
