//! What a mapping file says: which column fills which field of a visit, and how its cells are read. What can be said
//! without the file and the database is checked here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::Deserialize;

use super::field::{Field, Kind, NEEDED};

/// A mapping of a register's columns to the fields of a visit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The columns that identify a row.
    pub(super) key: Vec<String>,
    /// The register's own name, where several number their rows alike.
    pub(super) register: Option<String>,
    #[serde(default)]
    pub(super) file: Layout,
    pub(super) fields: BTreeMap<Field, Rule>,
}

/// How the file is laid out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    /// The sheet of a workbook; its first one if left out.
    pub(super) sheet: Option<String>,
    /// What stands between the cells of a CSV file; a comma if left out.
    delimiter: Option<char>,
    /// The row that names the columns, from 1; the first if left out.
    header: Option<u32>,
}

/// How one field is filled.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    /// The column's name.
    pub(super) column: Option<String>,
    /// The same for every row.
    value: Option<Given>,
    /// For rows whose cell is empty.
    default: Option<Given>,
    /// What cells mean.
    #[serde(default)]
    values: BTreeMap<String, Given>,
    /// What stands between the entries of one cell.
    pub(super) split: Option<String>,
    /// How days are written.
    pub(super) format: Option<String>,
}

/// A value that the mapping itself gives.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a text, a whole number, true, false or a list of texts is needed")]
enum Given {
    Text(String),
    Number(i64),
    Truth(bool),
    List(Vec<String>),
}

impl Given {
    /// As cells would say it; an empty text says nothing.
    fn texts(&self) -> Vec<String> {
        let texts = match self {
            Self::Text(text) => vec![text.trim().to_owned()],
            Self::Number(number) => vec![number.to_string()],
            Self::Truth(truth) => vec![truth.to_string()],
            Self::List(texts) => texts.iter().map(|text| text.trim().to_owned()).collect(),
        };
        texts.into_iter().filter(|text| !text.is_empty()).collect()
    }
}

impl Layout {
    /// The delimiter as the reader of CSV takes it.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter.and_then(|one| u8::try_from(one).ok()).unwrap_or(b',')
    }

    /// The number of the row that names the columns.
    pub(super) fn header(&self) -> u64 {
        self.header.unwrap_or(1).into()
    }

    fn faults(&self, faults: &mut Vec<String>) {
        if self.header == Some(0) {
            faults.push("The `header` is the number of a row, from 1.".to_owned());
        }
        if self.delimiter.is_some_and(|one| !one.is_ascii() || matches!(one, '"' | '\n' | '\r')) {
            faults.push("The `delimiter` is one ASCII character, no quote and no end of line.".to_owned());
        }
    }
}

impl Mapping {
    /// Reads a mapping; everything that is wrong with it otherwise, in sentences.
    pub fn read(text: &str) -> Result<Self, Vec<String>> {
        let mapping: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            vec![format!("Line {}: {}.", before.matches('\n').count() + 1, error.message().trim_end_matches('.'))]
        })?;
        let mut faults = Vec::new();
        mapping.file.faults(&mut faults);
        if mapping.key.is_empty() {
            faults.push("The `key` names no column that identifies a row.".to_owned());
        }
        for field in NEEDED.into_iter().filter(|field| !mapping.fields.contains_key(field)) {
            faults.push(format!("Every visit needs `{}`, which `fields` does not mention.", field.name()));
        }
        for (field, rule) in &mapping.fields {
            rule.faults(*field, &mut faults);
        }
        if faults.is_empty() { Ok(mapping) } else { Err(faults) }
    }

    /// The columns it names, with what names each.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&str, &str)> {
        let key = self.key.iter().map(|column| ("key", column.as_str()));
        let fields = self.fields.iter();
        key.chain(fields.filter_map(|(field, rule)| Some((field.name(), rule.column.as_deref()?))))
    }

    /// Every text that the mapping itself puts into a field.
    pub(super) fn constants(&self, field: Field) -> Vec<String> {
        self.fields.get(&field).map(Rule::constants).unwrap_or_default()
    }
}

impl Rule {
    /// What stands in the field where no cell says anything.
    pub(super) fn otherwise(&self) -> Vec<String> {
        self.value.as_ref().or(self.default.as_ref()).map(Given::texts).unwrap_or_default()
    }

    /// What cells mean.
    pub(super) fn values(&self) -> impl Iterator<Item = (&str, Vec<String>)> {
        self.values.iter().map(|(cell, given)| (cell.trim(), given.texts()))
    }

    fn constants(&self) -> Vec<String> {
        let mut texts = self.otherwise();
        texts.extend(self.values().flat_map(|(_, texts)| texts));
        texts
    }

    fn faults(&self, field: Field, faults: &mut Vec<String>) {
        let name = field.name();
        let mut fault = |text: &str| faults.push(format!("`{name}` {text}."));
        match (&self.column, &self.value, &self.default) {
            (None, None, None) => fault("has neither `column` nor `value`"),
            (Some(_), Some(_), _) => fault("has a `column` and a `value`; for empty cells there is `default`"),
            (None, Some(_), Some(_)) => fault("has a `value` and a `default`"),
            _ => {}
        }
        let is_read = !self.values.is_empty() || self.split.is_some() || self.format.is_some();
        if self.column.is_none() && is_read {
            fault("says how to read a column and names none");
        }
        match &self.split {
            Some(_) if !field.is_list() => fault("holds one value: there is nothing to `split`"),
            Some(split) if split.trim().is_empty() && split != " " && split != "\n" => {
                fault("is to `split` at nothing");
            }
            _ => {}
        }
        match &self.format {
            Some(_) if !matches!(field.kind(), Kind::Day) => fault("holds no day: it has no `format`"),
            Some(format) if !is_format(format) => fault("has a `format` that does not tell a day, such as %d/%m/%Y"),
            _ => {}
        }
        let given = self.value.iter().chain(&self.default).chain(self.values.values());
        if !field.is_list() && given.clone().any(|given| given.texts().len() > 1) {
            fault("holds one value, not a list");
        }
        for text in self.constants() {
            if !field.kind().takes(&text) {
                fault(&format!("cannot be `{text}`"));
            }
        }
    }
}

/// Whether a format tells the day, the month and the year.
fn is_format(format: &str) -> bool {
    let sample = NaiveDate::from_ymd_opt(2024, 11, 25).and_then(|day| day.and_hms_opt(0, 0, 0)).unwrap_or_default();
    let mut text = String::new();
    // A date with a format it cannot write is an error here; `to_string` would panic.
    write!(text, "{}", sample.format(format)).is_ok() && NaiveDate::parse_from_str(&text, format) == Ok(sample.date())
}

#[cfg(test)]
mod tests {
    use super::{Mapping, is_format};

    const LEAST: &str = "key = [\"No\"]\n[fields]\ncentre = { value = \"A\" }\nvisitedOn = { column = \"Date\" }\n\
                         channel = { value = \"PHONE\" }\nvisitorKind = { value = \"IDP\" }\n";

    fn fault(more: &str) -> String {
        Mapping::read(&format!("{LEAST}{more}")).unwrap_err().join(" ")
    }

    #[test]
    fn little_is_needed() {
        let mapping = Mapping::read(LEAST).unwrap();
        assert_eq!(mapping.columns().collect::<Vec<_>>(), [("key", "No"), ("visitedOn", "Date")]);
        assert_eq!((mapping.file.header(), mapping.file.delimiter()), (1, b','));
        let faults = Mapping::read("key = []\n[fields]\n").unwrap_err();
        assert_eq!(faults.len(), 5, "{faults:?}");
    }

    #[test]
    fn a_mistake_is_named() {
        for (more, named) in [
            ("colour = { column = \"C\" }", "Line 7: there is no field `colour`; there are centre, project, "),
            ("sex = { colunm = \"C\" }", "Line 7: unknown field `colunm`, expected one of `column`, "),
            ("sex = { }", "`sex` has neither `column` nor `value`."),
            ("sex = { column = \"S\", value = \"MALE\" }", "`sex` has a `column` and a `value`; "),
            ("sex = { value = \"MALE\", default = \"MALE\" }", "`sex` has a `value` and a `default`."),
            (
                "sex = { value = \"MALE\", values = { M = \"MALE\" } }",
                "`sex` says how to read a column and names none.",
            ),
            ("sex = { column = \"S\", values = { M = \"MAN\" } }", "`sex` cannot be `MAN`."),
            ("sex = { column = \"S\", default = \"?\" }", "`sex` cannot be `?`."),
            ("sex = { column = \"S\", split = \";\" }", "`sex` holds one value: there is nothing to `split`."),
            ("sex = { column = \"S\", values = { M = [\"MALE\", \"OTHER\"] } }", "`sex` holds one value, not a list."),
            ("topics = { column = \"T\", split = \"\" }", "`topics` is to `split` at nothing."),
            ("topics = { column = \"T\", values = { x = [\"HEALTH\", \"Y\"] } }", "`topics` cannot be `Y`."),
            ("minutes = { column = \"M\", format = \"%d\" }", "`minutes` holds no day: it has no `format`."),
            ("minutes = { value = 1.5 }", "Line 7: a text, a whole number, true, false or a list of texts is needed."),
            ("minutes = { value = \"half\" }", "`minutes` cannot be `half`."),
            ("isFirst = { column = \"F\", values = { \"1\" = \"yes\" } }", "`isFirst` cannot be `yes`."),
            ("destination = { value = \"Thailand\" }", "`destination` cannot be `Thailand`."),
            ("[file]\nheader = 0", "The `header` is the number of a row, from 1."),
            ("[file]\ndelimiter = \"၊\"", "The `delimiter` is one ASCII character"),
            ("[file]\ndelimiter = \";;\"", "Line 8: "),
            ("[file]\nsheets = \"2024\"", "Line 8: unknown field `sheets`, expected one of `sheet`, "),
        ] {
            let said = fault(more);
            assert!(said.starts_with(named), "{more}: {said}");
        }
        let wrong = LEAST.replace("{ column = \"Date\" }", "{ column = \"Date\", format = \"%d/%m\" }");
        assert!(Mapping::read(&wrong).unwrap_err().join(" ").contains("`visitedOn` has a `format` that does not"));
    }

    #[test]
    fn formats_tell_a_day() {
        for format in ["%d/%m/%Y", "%Y-%m-%d", "%e.%-m.%y", "%d %b %Y", "%Y%m%d", "%d/%m/%Y %H:%M"] {
            assert!(is_format(format), "{format}");
        }
        for format in ["", "%d/%m", "%Y", "dd/mm/yyyy", "%Q", "%d/%m/%Y %z", "%"] {
            assert!(!is_format(format), "{format}");
        }
    }
}
