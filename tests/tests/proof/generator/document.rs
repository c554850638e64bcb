//! An operation as a tree: written as a document with variables, and walked beside an answer to find its cursors.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use super::value::Val;

/// An argument of a field.
#[derive(Clone, Debug)]
pub struct Argument {
    pub name: String,
    /// Its type as written in a document.
    pub ty: String,
    pub value: Val,
    /// Sent as a variable instead of written as a literal.
    pub variable: bool,
}

/// A field of a selection.
#[derive(Clone, Debug)]
pub struct Field {
    pub alias: Option<String>,
    /// The type it belongs to.
    pub owner: String,
    pub name: String,
    /// The named type of its value.
    pub target: String,
    pub arguments: Vec<Argument>,
    /// `@include` or `@skip`, as it is written.
    pub directive: Option<&'static str>,
    pub set: Vec<Node>,
}

/// What stands in a selection set.
#[derive(Clone, Debug)]
pub enum Node {
    Field(Field),
    Inline(Option<String>, Vec<Self>),
    /// A fragment of the operation, by its number.
    Spread(usize),
}

/// An operation.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    pub mutation: bool,
    pub roots: Vec<Node>,
    /// Fragments: the type they are on, what they select.
    pub fragments: Vec<(String, Vec<Node>)>,
    /// Sent by name, beside an operation that is not run.
    pub named: bool,
    /// What it uses of the schema.
    pub uses: Vec<String>,
    /// Texts of another organisation in it, each with one of nobody's that must be answered the same.
    pub foreign: Vec<(String, String)>,
}

/// A cursor of an answer: the list it is a place in, with what decides its rows and their order.
#[derive(Clone, Debug)]
pub struct Found {
    pub place: String,
    pub arguments: Vec<Argument>,
    pub cursor: String,
}

impl Field {
    /// Without arguments or anything below it.
    pub fn bare(owner: &str, name: &str, target: &str) -> Self {
        Self {
            alias: None,
            owner: owner.to_owned(),
            name: name.to_owned(),
            target: target.to_owned(),
            arguments: Vec::new(),
            directive: None,
            set: Vec::new(),
        }
    }

    /// Its name in the answer.
    pub fn key(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }

    /// Where it stands in the schema.
    pub fn place(&self) -> String {
        format!("{}.{}", self.owner, self.name)
    }
}

impl Operation {
    /// The request's body.
    pub fn body(&self) -> Json {
        let mut writer = Writer::default();
        let mut set = String::new();
        writer.set(&mut set, &self.roots);
        let mut fragments = String::new();
        for (number, (on, nodes)) in self.fragments.iter().enumerate() {
            let _ = write!(fragments, " fragment F{number} on {on} ");
            writer.set(&mut fragments, nodes);
        }
        let kind = if self.mutation { "mutation" } else { "query" };
        let name = if self.named { " Asked" } else { "" };
        let variables =
            if writer.definitions.is_empty() { String::new() } else { format!("({})", writer.definitions.join(", ")) };
        let other = if self.named { " query Other { __typename }" } else { "" };
        let mut body = json!({ "query": format!("{kind}{name}{variables} {set}{fragments}{other}") });
        if !writer.variables.is_empty() {
            body["variables"] = Json::Object(writer.variables);
        }
        if self.named {
            body["operationName"] = json!("Asked");
        }
        body
    }

    /// Every cursor of an answer.
    pub fn cursors(&self, answer: &Json) -> Vec<Found> {
        let mut found = Vec::new();
        self.walk(&self.roots, &answer["data"], None, &mut found);
        found
    }

    fn walk(&self, nodes: &[Node], json: &Json, list: Option<&Field>, found: &mut Vec<Found>) {
        if let Json::Array(items) = json {
            for item in items {
                self.walk(nodes, item, list, found);
            }
            return;
        }
        for node in nodes {
            match node {
                Node::Inline(_, inner) => self.walk(inner, json, list, found),
                Node::Spread(number) => self.walk(&self.fragments[*number].1, json, list, found),
                Node::Field(field) => {
                    let value = &json[field.key()];
                    if let (Some(list), true, Some(cursor)) =
                        (list, field.name.to_lowercase().ends_with("cursor"), value.as_str())
                    {
                        let decides =
                            |argument: &&Argument| matches!(argument.name.as_str(), "where" | "orderBy" | "record");
                        let arguments = list.arguments.iter().filter(decides).cloned().collect();
                        found.push(Found { place: list.place(), arguments, cursor: cursor.to_owned() });
                    }
                    let list = if field.target.ends_with("Connection") {
                        Some(field)
                    } else {
                        list.filter(|_| matches!(field.name.as_str(), "edges" | "pageInfo"))
                    };
                    self.walk(&field.set, value, list, found);
                }
            }
        }
    }
}

#[derive(Default)]
struct Writer {
    definitions: Vec<String>,
    variables: Map<String, Json>,
}

impl Writer {
    fn set(&mut self, text: &mut String, nodes: &[Node]) {
        text.push_str("{ ");
        for node in nodes {
            match node {
                Node::Field(field) => self.field(text, field),
                Node::Inline(on, inner) => {
                    text.push_str("... ");
                    if let Some(on) = on {
                        let _ = write!(text, "on {on} ");
                    }
                    self.set(text, inner);
                }
                Node::Spread(number) => {
                    let _ = write!(text, "...F{number} ");
                }
            }
        }
        text.push_str("} ");
    }

    fn field(&mut self, text: &mut String, field: &Field) {
        if let Some(alias) = &field.alias {
            let _ = write!(text, "{alias}: ");
        }
        text.push_str(&field.name);
        let written: Vec<String> = field
            .arguments
            .iter()
            .map(|argument| {
                if !argument.variable {
                    return format!("{}: {}", argument.name, argument.value.literal());
                }
                let name = format!("v{}", self.definitions.len());
                self.definitions.push(format!("${name}: {}", argument.ty));
                let written = format!("{}: ${name}", argument.name);
                self.variables.insert(name, argument.value.json());
                written
            })
            .collect();
        if !written.is_empty() {
            let _ = write!(text, "({})", written.join(", "));
        }
        text.push(' ');
        if let Some(directive) = field.directive {
            let _ = write!(text, "{directive} ");
        }
        if !field.set.is_empty() {
            self.set(text, &field.set);
        }
    }
}
