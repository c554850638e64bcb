//! A value of an argument, to be written as a literal or sent as a variable.

use serde_json::{Number, Value as Json};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Val {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// A value of an enum.
    Name(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Val {
    /// As it stands in a document.
    pub fn literal(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::List(items) => format!("[{}]", items.iter().map(Self::literal).collect::<Vec<_>>().join(", ")),
            Self::Object(members) => {
                let members = members.iter().map(|(name, value)| format!("{name}: {}", value.literal()));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
            other => other.json().to_string(),
        }
    }

    /// As it stands in the variables.
    pub fn json(&self) -> Json {
        match self {
            Self::Bool(truth) => Json::Bool(*truth),
            Self::Int(number) => Json::from(*number),
            Self::Float(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
            Self::Text(text) | Self::Name(text) => Json::from(text.as_str()),
            Self::List(items) => Json::Array(items.iter().map(Self::json).collect()),
            Self::Object(members) => {
                Json::Object(members.iter().map(|(name, value)| (name.clone(), value.json())).collect())
            }
        }
    }

    /// Characters of the literal, about.
    pub fn weight(&self) -> usize {
        match self {
            Self::Text(text) => text.len() + 2,
            Self::List(items) => items.iter().map(Self::weight).sum::<usize>() + 2,
            Self::Object(members) => members.iter().map(|(name, value)| name.len() + value.weight() + 4).sum(),
            _ => 8,
        }
    }
}
