//! An operation as the generator builds it and the reference reads it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// A literal or a variable.
#[derive(Clone, Debug)]
pub enum Literal {
    /// Number, text, truth or null.
    Plain(Value),
    /// A name of a closed list.
    Enum(String),
    /// A variable, by name.
    Variable(String),
    /// A list.
    List(Vec<Literal>),
    /// An input object.
    Object(Vec<(String, Literal)>),
}

/// `@include` or `@skip`.
#[derive(Clone, Debug)]
pub struct Directive {
    /// Which of the two.
    pub include: bool,
    /// Its condition.
    pub condition: Literal,
}

/// A part of a selection set.
#[derive(Clone, Debug)]
pub enum Item {
    /// A field.
    Field(Field),
    /// `... on X { }`
    Inline(Option<String>, Vec<Directive>, Vec<Item>),
    /// `...Name`
    Spread(String, Vec<Directive>),
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its key in the answer, if not the name.
    pub alias: Option<String>,
    /// Name.
    pub name: String,
    /// Arguments.
    pub arguments: Vec<(String, Literal)>,
    /// Directives.
    pub directives: Vec<Directive>,
    /// What is below it.
    pub items: Vec<Item>,
}

impl Field {
    /// A field without anything.
    pub fn bare(name: &str) -> Self {
        let (arguments, directives, items) = (Vec::new(), Vec::new(), Vec::new());
        Self { alias: None, name: name.to_owned(), arguments, directives, items }
    }

    /// Its key in the answer.
    pub fn key(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

/// A variable: its type, its default, what the request gives.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Type as written.
    pub kind: String,
    /// Default.
    pub default: Option<Literal>,
    /// Value in the request.
    pub given: Option<Value>,
}

/// A query.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    /// The root fields.
    pub items: Vec<Item>,
    /// Name, type condition and parts of each fragment.
    pub fragments: Vec<(String, String, Vec<Item>)>,
    /// Variables by name.
    pub variables: BTreeMap<String, Variable>,
}

impl Literal {
    fn write(&self, out: &mut String) {
        match self {
            Self::Plain(value) => *out += &value.to_string(),
            Self::Enum(name) => *out += name,
            Self::Variable(name) => {
                let _ = write!(out, "${name}");
            }
            Self::List(items) => {
                *out += "[";
                for item in items {
                    item.write(out);
                    *out += " ";
                }
                *out += "]";
            }
            Self::Object(members) => {
                *out += "{";
                for (name, value) in members {
                    let _ = write!(out, "{name}: ");
                    value.write(out);
                    *out += " ";
                }
                *out += "}";
            }
        }
    }
}

fn directives(out: &mut String, of: &[Directive]) {
    for directive in of {
        *out += if directive.include { " @include(if: " } else { " @skip(if: " };
        directive.condition.write(out);
        *out += ")";
    }
}

fn items(out: &mut String, of: &[Item], indent: usize) {
    *out += " {\n";
    let space = "  ".repeat(indent);
    for item in of {
        *out += &space;
        match item {
            Item::Field(field) => {
                if let Some(alias) = &field.alias {
                    let _ = write!(out, "{alias}: ");
                }
                *out += &field.name;
                if !field.arguments.is_empty() {
                    *out += "(";
                    for (name, value) in &field.arguments {
                        let _ = write!(out, "{name}: ");
                        value.write(out);
                        *out += " ";
                    }
                    *out += ")";
                }
                directives(out, &field.directives);
                if !field.items.is_empty() {
                    items(out, &field.items, indent + 1);
                }
            }
            Item::Inline(on, given, inner) => {
                *out += "...";
                if let Some(on) = on {
                    let _ = write!(out, " on {on}");
                }
                directives(out, given);
                items(out, inner, indent + 1);
            }
            Item::Spread(name, given) => {
                let _ = write!(out, "...{name}");
                directives(out, given);
            }
        }
        *out += "\n";
    }
    *out += &"  ".repeat(indent - 1);
    *out += "}";
}

impl Operation {
    /// The document.
    pub fn text(&self) -> String {
        let mut out = "query".to_owned();
        if !self.variables.is_empty() {
            out += "(";
            for (name, variable) in &self.variables {
                let _ = write!(out, "${name}: {}", variable.kind);
                if let Some(default) = &variable.default {
                    out += " = ";
                    default.write(&mut out);
                }
                out += " ";
            }
            out += ")";
        }
        items(&mut out, &self.items, 1);
        for (name, on, inner) in &self.fragments {
            let _ = write!(out, "\nfragment {name} on {on}");
            items(&mut out, inner, 1);
        }
        out
    }

    /// The request's variables.
    pub fn given(&self) -> Value {
        let given = self.variables.iter().filter_map(|(name, variable)| Some((name.clone(), variable.given.clone()?)));
        Value::Object(given.collect())
    }

    /// A literal's value; `None` for a variable without one.
    pub fn value(&self, literal: &Literal) -> Option<Value> {
        Some(match literal {
            Literal::Plain(value) => value.clone(),
            Literal::Enum(name) => Value::from(name.as_str()),
            Literal::Variable(name) => {
                let variable = &self.variables[name];
                return variable.given.clone().or_else(|| self.value(variable.default.as_ref()?));
            }
            Literal::List(items) => items.iter().map(|item| self.value(item).unwrap_or(Value::Null)).collect(),
            Literal::Object(members) => Value::Object(
                members.iter().filter_map(|(name, value)| Some((name.clone(), self.value(value)?))).collect(),
            ),
        })
    }

    /// An argument; null is as good as absent.
    pub fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let (_, literal) = field.arguments.iter().find(|(other, _)| other == name)?;
        self.value(literal).filter(|value| !value.is_null())
    }
}
