//! Text as people write it: compared loosely, stored exactly.

use unicode_normalization::UnicodeNormalization as _;

use super::{Fault, Refusal, ensure};

/// The longest name or line, in characters.
pub const NAME: usize = 200;

/// The longest note, in characters.
pub const NOTE: usize = 10_000;

/// The form in which names of places are compared: NFC, lower case, without spaces, hyphens, apostrophes and dots.
pub fn fold(text: &str) -> String {
    text.nfc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\'' | '’' | '‘' | '`' | '.'))
        .collect()
}

/// Checks a text that is kept exactly as it was sent: no NUL, which `PostgreSQL` cannot hold, and at most `longest`
/// characters.
pub fn check(field: &'static str, text: &str, longest: usize) -> Result<(), Fault> {
    ensure(!text.contains('\0'), Refusal::BadValue, field, "A text holds no NUL character.")?;
    // No text has more characters than bytes: counting is left for the long ones.
    let fits = text.len() <= longest || text.chars().count() <= longest;
    ensure(fits, Refusal::TooLong, field, "The text is longer than the field allows.")
}

/// The same, and the text says something.
pub fn check_required(field: &'static str, text: &str, longest: usize) -> Result<(), Fault> {
    ensure(!text.trim().is_empty(), Refusal::FieldRequired, field, "This text is not empty.")?;
    check(field, text, longest)
}

/// Whether a telephone number seems to stand in the text: seven digits or more, of any script of the border, with nothing
/// between them but what people write there. A day of this century at their beginning is taken as one (`20261120-003`),
/// and digits that hang on a letter are part of a name.
pub fn looks_like_phone(text: &str) -> bool {
    if uuid::Uuid::try_parse(text).is_ok() {
        return false;
    }
    let letters: Vec<char> = text.chars().collect();
    // The letter before the digits, the digits, and the place of the last one.
    let (mut before, mut digits, mut last) = (None, String::new(), None);
    for (place, here) in letters.iter().enumerate() {
        match (digit(*here), last) {
            (Some(digit), _) => {
                if last.is_none() {
                    before = place.checked_sub(1).and_then(|place| letters.get(place));
                }
                digits.push(digit);
                last = Some(place);
            }
            (None, Some(_)) if is_between_digits(*here) => {}
            (None, Some(end)) => {
                if is_number(before, &digits, letters.get(end + 1)) {
                    return true;
                }
                (digits, last) = (String::new(), None);
            }
            (None, None) => {}
        }
    }
    last.is_some_and(|end| is_number(before, &digits, letters.get(end + 1)))
}

/// A digit of the scripts of the border as a Latin one.
fn digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{1040}'..='\u{1049}' => '\u{1040}',
        '\u{1090}'..='\u{1099}' => '\u{1090}',
        '\u{0E50}'..='\u{0E59}' => '\u{0E50}',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}

fn is_between_digits(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')' | '/' | '+' | '\u{2010}'..='\u{2015}')
}

fn is_number(before: Option<&char>, digits: &str, after: Option<&char>) -> bool {
    let hangs = |c: Option<&char>| c.is_some_and(|c| c.is_alphabetic());
    let two = |from: usize| digits.get(from..from + 2).and_then(|two| two.parse::<u32>().ok()).unwrap_or_default();
    let is_day = digits.starts_with("20") && (1..=12).contains(&two(4)) && (1..=31).contains(&two(6));
    digits.len() >= 7 && !is_day && !hangs(before) && !hangs(after)
}

/// Whether the text seems to be written for a Zawgyi font: it uses the code points of Burmese in an order or a
/// company that Unicode does not know, whatever the language. A short text may look right in both; then it is Unicode.
pub fn looks_like_zawgyi(text: &str) -> bool {
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(here) = rest.next() {
        if is_out_of_place(before, here, rest.peek().copied()) {
            return true;
        }
        before = Some(here);
    }
    false
}

/// Whether a character stands where Unicode never has it.
fn is_out_of_place(before: Option<char>, here: char, after: Option<char>) -> bool {
    match here {
        // The vowel E is seen before its consonant. Zawgyi stores it there too; Unicode stores it after.
        '\u{1031}' => !before.is_some_and(|c| is_letter(c) || is_medial(c)) || after == Some('\u{103B}'),
        // Zawgyi has the sign RA here, which it stores before the consonant; in Unicode it is YA, and follows one, in a
        // few words (ယောက်ျား) a silenced one.
        '\u{103B}' => !before.is_some_and(|c| is_letter(c) || is_medial(c) || c == '\u{103A}'),
        // In Zawgyi the sign that silences a letter; in Unicode it joins two.
        '\u{1039}' => !after.is_some_and(is_letter),
        // In Zawgyi letters below letters and their variants, which carry vowels; in Unicode tones, digits and vowels
        // of Shan, Karen and others, which do not.
        '\u{1062}'..='\u{1064}'
        | '\u{1067}'..='\u{106D}'
        | '\u{1071}'..='\u{1074}'
        | '\u{1087}'..='\u{108D}'
        | '\u{108F}'..='\u{1097}' => after.is_some_and(|c| matches!(c, '\u{102B}'..='\u{1030}' | '\u{1032}')),
        _ => false,
    }
}

/// Letters that begin a syllable, in Burmese and the languages that share its script. Digits are among them: a zero is
/// often typed for the letter WA.
fn is_letter(c: char) -> bool {
    matches!(c,
        '\u{1000}'..='\u{102A}' | '\u{103F}'..='\u{1049}' | '\u{104E}' | '\u{1050}'..='\u{1055}' |
        '\u{105A}'..='\u{105D}' | '\u{1061}' | '\u{1065}' | '\u{1066}' | '\u{106E}'..='\u{1070}' |
        '\u{1075}'..='\u{1081}' | '\u{108E}' | '\u{A9E0}'..='\u{A9FE}' | '\u{AA60}'..='\u{AA7A}' |
        '\u{AA7E}' | '\u{AA7F}')
}

/// Signs between the first letter of a syllable and its vowel.
fn is_medial(c: char) -> bool {
    matches!(c, '\u{103B}'..='\u{103E}' | '\u{105E}'..='\u{1060}' | '\u{1082}')
}

#[cfg(test)]
mod tests {
    use super::{NAME, check, check_required, fold, looks_like_phone, looks_like_zawgyi};
    use crate::domain::Refusal;

    #[test]
    fn spellings_meet() {
        assert_eq!(fold("Nam-Hkan "), "namhkan");
        assert_eq!(fold("Chaloem Phra Kiat"), fold("chaloemphrakiat"));
        assert_eq!(fold("မူဆယ်"), "မူဆယ်");
    }

    #[test]
    fn texts_have_a_length_in_characters_and_no_nul() {
        let checked = |text: &str| check("name", text, NAME).map_err(|fault| fault.refusal);
        assert_eq!(checked(&"က".repeat(200)), Ok(()));
        assert_eq!(checked(&"က".repeat(201)), Err(Refusal::TooLong));
        assert_eq!(checked("a\0"), Err(Refusal::BadValue));
        assert_eq!(checked(""), Ok(()));
        assert_eq!(checked("e\u{301} \u{200B}\n"), Ok(()));
        assert_eq!(check_required("name", " \n", NAME).map_err(|fault| fault.refusal), Err(Refusal::FieldRequired));
    }

    #[test]
    fn telephone_numbers_are_noticed() {
        for text in [
            "09450012345",
            "+95 9 4500 12345",
            "call 081-234-5678.",
            "(02) 123 4567",
            "၀၉-၄၅၀၀၁၂၃၄၅",
            "๐๘๑ ๒๓๔ ๕๖๗๘",
            "B-1, 0945001234, B-2",
            "0945001234 0998765432",
        ] {
            assert!(looks_like_phone(text), "{text}");
        }
        for text in [
            "",
            "B-17",
            "123456",
            "2026-11-20",
            "20261120-003",
            "550e8400-e29b-41d4-a716-446655440000",
            "MYT-၁၄",
            "wave 3 of 12, 2026",
        ] {
            assert!(!looks_like_phone(text), "{text}");
        }
    }

    #[test]
    fn the_names_of_all_places_are_unicode() {
        let mut names = 0;
        for line in include_str!("../../../migration/data/places.csv").lines() {
            assert!(!looks_like_zawgyi(line), "{line}");
            names += usize::from(line.chars().any(|c| ('\u{1000}'..='\u{109F}').contains(&c)));
        }
        assert!(names > 300);
    }

    #[test]
    fn other_languages_of_the_script_are_unicode() {
        for text in [
            "မိူင်းတႆး",
            "လိၵ်ႈတႆး ၶဝ်ႈၵၢၼ်ႁဵၼ်း",
            "ဝဵင်းတႃႈၶီႈလဵၵ်း",
            "ၸႄႈဝဵင်းမူႇၸေႊ",
            "ကညီကျိာ်",
            "ထံလီၢ်ကီၢ်သူ",
            "ဘာသာမန်",
            "ကၠောန်ကမၠောန်",
            "အင်္ဂလိပ် သင်္ဘော တက္ကသိုလ် ဥက္ကဋ္ဌ ပြဿနာ ဩဂုတ် ၎င်း ယောက်ျား ကျွန်ုပ်",
            "၀ေ လေး",
            "Myitkyina 2026",
            "แม่สอด",
            "",
        ] {
            assert!(!looks_like_zawgyi(text), "{text}");
        }
    }

    #[test]
    fn zawgyi_is_noticed() {
        for (word, text) in [
            ("Myanmar", "\u{103B}\u{1019}\u{1014}\u{1039}\u{1019}\u{102C}"),
            ("Naypyidaw", "\u{1031}\u{1014}\u{103B}\u{1015}\u{100A}\u{1039}\u{1031}\u{1010}\u{102C}\u{1039}"),
            ("Yangon", "\u{101B}\u{1014}\u{1039}\u{1000}\u{102F}\u{1014}\u{1039}"),
            ("Mandalay", "\u{1019}\u{108F}\u{1072}\u{1031}\u{101C}\u{1038}"),
            ("Muse", "\u{1019}\u{1030}\u{1006}\u{101A}\u{1039}"),
            ("Kachin", "\u{1000}\u{1001}\u{103A}\u{1004}\u{1039}"),
            ("Lashio", "\u{101C}\u{102C}\u{1038}\u{1090}\u{1088}\u{102D}\u{1038}"),
            ("Mawlamyine", "\u{1031}\u{1019}\u{102C}\u{1039}\u{101C}\u{103B}\u{1019}\u{102D}\u{1033}\u{1004}\u{1039}"),
            ("good", "\u{1031}\u{1000}\u{102C}\u{1004}\u{1039}\u{1038}"),
            ("boat, in brackets", "(\u{1031}\u{101C}\u{103D})"),
            ("among English", "Name: \u{1031}\u{1019}"),
        ] {
            assert!(looks_like_zawgyi(text), "{word}");
        }
    }

    #[test]
    fn what_reads_right_both_ways_is_unicode() {
        for text in ["\u{1019}\u{102D}\u{1001}\u{1004}", "\u{1000}\u{1031}\u{101C}\u{1038}", "\u{1041}\u{1042}"] {
            assert!(!looks_like_zawgyi(text), "{text}");
        }
    }
}
