//! What the values of each closed list are called in the languages of the border. Kept as a table beside this file, for
//! translators to read and correct.

use std::sync::LazyLock;

use entity::locale::Locale;
use serde::Deserialize;

const TABLE: &str = include_str!("labels.csv");

/// A closed list with the labels of its values, in the order of the schema.
#[derive(Debug)]
pub struct EnumLabels {
    /// The enum's name in the schema.
    pub name: String,
    /// Its values.
    pub values: Vec<CodeLabels>,
}

/// The labels of a value.
#[derive(Debug)]
pub struct CodeLabels {
    /// The value.
    pub code: String,
    en: String,
    my: String,
    th: String,
}

impl CodeLabels {
    /// What it is called in a language.
    pub fn label(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::My => &self.my,
            Locale::Th => &self.th,
        }
    }
}

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "enum")]
    name: String,
    value: String,
    en: String,
    my: String,
    th: String,
}

static LABELS: LazyLock<Vec<EnumLabels>> = LazyLock::new(|| {
    let mut lists: Vec<EnumLabels> = Vec::new();
    for Line { name, value: code, en, my, th } in csv::Reader::from_reader(TABLE.as_bytes()).deserialize().flatten() {
        let labels = CodeLabels { code, en, my, th };
        match lists.last_mut() {
            Some(list) if list.name == name => list.values.push(labels),
            _ => lists.push(EnumLabels { name, values: vec![labels] }),
        }
    }
    lists
});

/// Every closed list, by name.
pub fn labels() -> &'static [EnumLabels] {
    &LABELS
}

#[cfg(test)]
mod tests {
    use super::{TABLE, labels};
    use entity::Code as _;
    use entity::locale::Locale;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_is_read_whole() {
        let lines = csv::Reader::from_reader(TABLE.as_bytes()).into_records().count();
        assert_eq!(labels().iter().map(|list| list.values.len()).sum::<usize>(), lines);
    }

    /// Each value has a label of its own in each language and its script.
    #[test]
    fn labels_are_told_apart() {
        for locale in Locale::all() {
            for list in labels() {
                let told: BTreeSet<&str> = list.values.iter().map(|value| value.label(locale)).collect();
                assert_eq!(told.len(), list.values.len(), "{} in {locale:?}", list.name);
                for label in told {
                    let script = match locale {
                        Locale::En => 'A'..='z',
                        Locale::My => '\u{1000}'..='\u{109f}',
                        Locale::Th => '\u{0e00}'..='\u{0e7f}',
                    };
                    let latin = label.chars().all(|c| c.is_ascii() || c == '–');
                    assert!(label.chars().any(|c| script.contains(&c)) || latin, "{label} in {locale:?}");
                    assert_eq!(label, label.trim());
                }
            }
        }
    }
}
