//! Text as people write it: compared loosely, stored exactly.

use unicode_normalization::UnicodeNormalization as _;

/// The form in which names of places are compared: NFC, lower case, without spaces, hyphens, apostrophes and dots.
pub fn fold(text: &str) -> String {
    text.nfc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\'' | '’' | '‘' | '`' | '.'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn spellings_meet() {
        assert_eq!(fold("Nam-Hkan "), "namhkan");
        assert_eq!(fold("Chaloem Phra Kiat"), fold("chaloemphrakiat"));
        assert_eq!(fold("မူဆယ်"), "မူဆယ်");
    }
}
