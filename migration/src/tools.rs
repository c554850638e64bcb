//! Reads the capacity tools that come with the schema.

use serde::Deserialize;

const TOOLS: &str = include_str!("../data/capacity_tools.json");

/// A name in the languages of the field.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// English.
    pub en: String,
    /// Burmese.
    #[serde(default)]
    pub my: Option<String>,
    /// Thai.
    #[serde(default)]
    pub th: Option<String>,
}

/// A version of a tool by which an organisation's capacity is assessed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Code, unique with the version.
    pub code: String,
    /// Scores compare only within a version.
    pub version: String,
    /// The value of `CapacityToolKind`.
    pub kind: String,
    /// The value of `CapacityScale`.
    pub scale: String,
    /// Name.
    pub names: Names,
    /// Domains in order.
    pub domains: Vec<Domain>,
}

/// A domain of a tool.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// Code, unique in the tool.
    pub code: String,
    /// Name.
    pub names: Names,
    /// Items in order.
    pub items: Vec<Item>,
}

/// An item that gets a score.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Code, unique in the domain.
    pub code: String,
    /// Name.
    pub names: Names,
    /// What each level of the scale looks like, lowest first.
    pub levels: Vec<String>,
    /// Weight in the domain, where the tool has weights.
    #[serde(default)]
    pub weight: Option<f64>,
}

/// The tools that come with the schema.
pub fn all() -> Result<Vec<Tool>, serde_json::Error> {
    serde_json::from_str(TOOLS)
}
