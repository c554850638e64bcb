//! What is taken out as files: a question to the graph made from a link, and its answer as rows under plain titles and
//! HXL tags. Nothing here reads a row by itself: the question is asked as whoever asks, so scope, classes, suppression,
//! audit and limits are those of the graph.

mod activities;
mod statistics;
mod table;

use std::collections::HashMap;

use entity::Code as _;
use entity::locale::Locale;
use serde_json::{Map, Value, json};

pub use table::{Format, Table, is_formula};

use crate::error::{Code, Error, Result};
use crate::graph::cube::{Cube, screaming};
use crate::graph::graph;

/// A file that can be asked for.
pub enum Report {
    /// Groups of a cube.
    Statistics(&'static Cube),
    /// Who does what, where and when, for a project (4W).
    Activities,
}

/// A question to the graph.
pub struct Question {
    /// The document.
    pub query: String,
    /// Its variables.
    pub variables: Map<String, Value>,
}

/// What a link asks for: parameters by name, each once.
pub struct Asked {
    given: HashMap<String, String>,
    /// The language of labels.
    pub locale: Locale,
}

impl Report {
    /// By the name in the link: `4w`, or a statistic's own, such as `visit-statistics`.
    pub fn named(name: &str) -> Option<Self> {
        if name == "4w" {
            return Some(Self::Activities);
        }
        let cube = graph().cubes().iter().find(|cube| file_name(cube) == name)?;
        Some(Self::Statistics(cube))
    }

    /// What to ask the graph.
    pub fn question(&self, asked: &Asked) -> Result<Question> {
        match self {
            Self::Statistics(cube) => statistics::question(cube, asked),
            Self::Activities => activities::question(asked),
        }
    }

    /// The answer as rows.
    pub fn table(&self, asked: &Asked, data: &Value) -> Result<Table> {
        match self {
            Self::Statistics(cube) => statistics::table(cube, asked, data),
            Self::Activities => activities::table(asked, data),
        }
    }
}

/// The name of a cube's file: `testResultStatistics` as `test-result-statistics`.
fn file_name(cube: &Cube) -> String {
    screaming(cube.root).to_lowercase().replace('_', "-")
}

impl Asked {
    /// From the link's parameters; an unknown one or one given twice is refused, for it would silently narrow nothing.
    pub fn new(pairs: impl Iterator<Item = (String, String)>, spoken: Locale) -> Result<Self> {
        let mut given = HashMap::new();
        for (name, value) in pairs {
            if !KNOWN.contains(&name.as_str()) {
                let text = format!("Unknown parameter. Known: {}.", KNOWN.join(", "));
                return Err(Error::new(Code::BadUserInput).saying(text));
            }
            if given.insert(name.clone(), value).is_some() {
                return Err(Error::new(Code::BadUserInput).saying("Given twice.").on(name));
            }
        }
        let locale = match given.get("locale") {
            None => spoken,
            Some(code) => Locale::from_code(&code.to_ascii_uppercase())
                .ok_or_else(|| Error::new(Code::CodeUnknown).on("locale"))?,
        };
        Ok(Self { given, locale })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.given.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    fn list(&self, name: &str) -> Vec<&str> {
        self.text(name).map(|text| text.split(',').map(str::trim).collect()).unwrap_or_default()
    }

    /// Days from `from` to `to`, both included, as a filter on `field`; only those of a centre or a channel. Where there is
    /// no channel the graph refuses it.
    fn filter(&self, field: &str) -> Map<String, Value> {
        let mut days = Map::new();
        for (name, operator) in [("from", "gte"), ("to", "lte")] {
            if let Some(day) = self.text(name) {
                days.insert(operator.to_owned(), day.into());
            }
        }
        let mut filter = Map::new();
        if !days.is_empty() {
            filter.insert(field.to_owned(), days.into());
        }
        if let Some(code) = self.text("centre") {
            filter.insert("centre".to_owned(), json!({ "is": { "code": { "eq": code } } }));
        }
        if let Some(channel) = self.text("channel") {
            filter.insert("channel".to_owned(), json!({ "eq": channel }));
        }
        filter
    }
}

const KNOWN: [&str; 11] =
    ["groupBy", "bucket", "placeLevel", "ageScheme", "orderBy", "from", "to", "project", "locale", "centre", "channel"];

/// The label of a code.
fn label(list: &str, code: &str, locale: Locale) -> String {
    let lists = crate::graph::labels::labels();
    let values = lists.iter().find(|one| one.name == list).map(|one| one.values.as_slice()).unwrap_or_default();
    values
        .iter()
        .find(|value| value.code == code)
        .map_or_else(|| code.to_owned(), |value| value.label(locale).to_owned())
}

/// A name in the language asked for, else in English.
fn name(names: &Value, locale: Locale) -> Value {
    let own = locale.code().to_ascii_lowercase();
    names.get(&own).filter(|name| !name.is_null()).or_else(|| names.get("en")).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests;
