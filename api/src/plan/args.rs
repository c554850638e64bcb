//! Argument and variable values: from JSON and literals to checked scalars. What a client sends is named in errors by
//! where it stands, never repeated.

use async_graphql::parser::types::{BaseType, Field, Type, VariableDefinition};
use async_graphql::{Name, Positioned};
use async_graphql_value::{ConstValue, Value as Literal};
use chrono::{DateTime, NaiveDate, Utc};

use crate::error::{Code, Error, Result};

/// The variables of one request, defaults put in.
#[derive(Clone, Debug, Default)]
pub struct Variables(async_graphql::Variables);

impl Variables {
    /// All that were sent, as the engine has them.
    pub fn sent(given: serde_json::Map<String, serde_json::Value>) -> async_graphql::Variables {
        async_graphql::Variables::from_value(constant(given.into()))
    }

    /// Checks presence, fills defaults and drops what the operation does not know.
    pub fn read(definitions: &[Positioned<VariableDefinition>], given: &mut async_graphql::Variables) -> Result<Self> {
        for VariableDefinition { name, var_type, default_value, .. } in definitions.iter().map(|it| &it.node) {
            let kind = &var_type.node;
            let value = given.get(name.node.as_str()).or(default_value.as_ref().map(|value| &value.node));
            if !value.map_or(kind.nullable, |value| fits(value, kind)) {
                return Err(wrong(&name.node, kind));
            }
        }
        let mut values = async_graphql::Variables::default();
        for VariableDefinition { name, default_value, .. } in definitions.iter().map(|it| &it.node) {
            let default = || default_value.as_ref().map(|value| value.node.clone());
            if let Some(value) = given.remove(name.node.as_str()).or_else(default) {
                values.insert(name.node.clone(), value);
            }
        }
        Ok(Self(values))
    }

    /// One text alone.
    pub fn of(name: &str, text: String) -> Self {
        Self(async_graphql::Variables::from_value(ConstValue::Object(
            [(Name::new(name), ConstValue::String(text))].into(),
        )))
    }

    /// The value of a variable, if it has one.
    pub fn get(&self, name: &str) -> Option<&ConstValue> {
        self.0.get(name)
    }

    /// All of them, as the engine that runs mutations wants them.
    pub fn into_engine(self) -> async_graphql::Variables {
        self.0
    }

    /// A literal with its variables put in; `None` where a variable was not given.
    pub fn resolve(&self, literal: &Literal) -> Option<ConstValue> {
        Some(match literal {
            Literal::Variable(name) => return self.get(name).cloned(),
            Literal::Null => ConstValue::Null,
            Literal::Number(number) => ConstValue::Number(number.clone()),
            Literal::String(text) => ConstValue::String(text.clone()),
            Literal::Boolean(truth) => ConstValue::Boolean(*truth),
            Literal::Binary(_) => ConstValue::Null,
            Literal::Enum(name) => ConstValue::Enum(name.clone()),
            Literal::List(items) => {
                ConstValue::List(items.iter().map(|item| self.resolve(item).unwrap_or(ConstValue::Null)).collect())
            }
            Literal::Object(members) => ConstValue::Object(
                members.iter().filter_map(|(name, value)| Some((name.clone(), self.resolve(value)?))).collect(),
            ),
        })
    }

    /// A field's argument; `None` and null are the same to the plan.
    pub fn argument(&self, arguments: &Arguments, name: &str) -> Option<ConstValue> {
        let (_, literal) = arguments.iter().find(|(argument, _)| argument == name)?;
        self.resolve(literal).filter(|value| *value != ConstValue::Null)
    }
}

/// A field's arguments as the plan keeps them.
pub type Arguments = Vec<(String, Literal)>;

/// Copies a field's arguments out of the document.
pub fn arguments(field: &Field) -> Arguments {
    field.arguments.iter().map(|(name, value)| (name.node.to_string(), value.node.clone())).collect()
}

/// The engine's own conversion goes by way of serde and costs three times as much.
fn constant(value: serde_json::Value) -> ConstValue {
    use serde_json::Value as Json;
    match value {
        Json::Null => ConstValue::Null,
        Json::Bool(truth) => ConstValue::Boolean(truth),
        Json::Number(number) => ConstValue::Number(number),
        Json::String(text) => ConstValue::String(text),
        Json::Array(items) => ConstValue::List(items.into_iter().map(constant).collect()),
        Json::Object(members) => {
            ConstValue::Object(members.into_iter().map(|(name, value)| (Name::new(name), constant(value))).collect())
        }
    }
}

fn wrong(name: &str, kind: &Type) -> Error {
    Error::new(Code::BadUserInput).saying(format!("Variable ${name} must be of type {kind}.")).on(format!("${name}"))
}

/// Whether a value can be of a type, as far as lists, nulls and the scalars of the language go; codes, dates and inputs
/// are checked where they are used, against what is declared there.
fn fits(value: &ConstValue, kind: &Type) -> bool {
    match (value, &kind.base) {
        (ConstValue::Null, _) => kind.nullable,
        (ConstValue::List(items), BaseType::List(inner)) => items.iter().all(|item| fits(item, inner)),
        (ConstValue::List(_), BaseType::Named(_)) => false,
        (one, BaseType::List(inner)) => fits(one, inner),
        (ConstValue::Number(number), BaseType::Named(name)) => match name.as_str() {
            "Int" => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            "Float" | "ID" => true,
            _ => false,
        },
        (ConstValue::String(_), BaseType::Named(name)) => !matches!(name.as_str(), "Int" | "Float" | "Boolean"),
        (ConstValue::Boolean(_), BaseType::Named(name)) => name == "Boolean",
        (ConstValue::Enum(_) | ConstValue::Binary(_), BaseType::Named(_)) => true,
        (ConstValue::Object(_), BaseType::Named(name)) => {
            !matches!(name.as_str(), "Int" | "Float" | "Boolean" | "String" | "ID" | "Date" | "DateTime")
        }
    }
}

fn bad(field: &str, expected: &'static str) -> Error {
    Error::new(Code::BadUserInput).saying(format!("Expected {expected}.")).on(field)
}

/// A text within the length a filter may have.
pub fn text(value: &ConstValue, field: &str) -> Result<String> {
    match value {
        ConstValue::String(text) if text.contains('\0') => Err(bad(field, "a text without NUL characters")),
        ConstValue::String(text) if text.len() <= 1_000 => Ok(text.clone()),
        ConstValue::String(_) => Err(Error::new(Code::TooLong).on(field)),
        _ => Err(bad(field, "a text")),
    }
}

/// A 32-bit whole number.
pub fn int(value: &ConstValue, field: &str) -> Result<i32> {
    let ConstValue::Number(number) = value else { return Err(bad(field, "a whole number")) };
    number.as_i64().and_then(|number| i32::try_from(number).ok()).ok_or_else(|| bad(field, "a whole number of 32 bits"))
}

/// A finite number.
pub fn float(value: &ConstValue, field: &str) -> Result<f64> {
    let ConstValue::Number(number) = value else { return Err(bad(field, "a number")) };
    number.as_f64().filter(|number| number.is_finite()).ok_or_else(|| bad(field, "a number"))
}

/// True or false.
pub fn boolean(value: &ConstValue, field: &str) -> Result<bool> {
    if let ConstValue::Boolean(truth) = value { Ok(*truth) } else { Err(bad(field, "true or false")) }
}

/// A day, `2026-11-22`.
pub fn date(value: &ConstValue, field: &str) -> Result<NaiveDate> {
    let ConstValue::String(text) = value else { return Err(bad(field, "a date, YYYY-MM-DD")) };
    read_date(text).ok_or_else(|| bad(field, "a date, YYYY-MM-DD"))
}

/// Reads a day in the one form accepted.
pub fn read_date(text: &str) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (text.len() == 10 && (1..=9999).contains(&day.year())).then_some(day)
}

/// An instant, RFC 3339.
pub fn timestamp(value: &ConstValue, field: &str) -> Result<DateTime<Utc>> {
    let ConstValue::String(text) = value else { return Err(bad(field, "an instant, RFC 3339")) };
    read_timestamp(text).ok_or_else(|| bad(field, "an instant, RFC 3339"))
}

/// Reads an instant, to the millisecond.
pub fn read_timestamp(text: &str) -> Option<DateTime<Utc>> {
    use chrono::{Datelike as _, SubsecRound as _};
    let instant = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc).trunc_subsecs(3);
    (1..=9999).contains(&instant.year()).then_some(instant)
}

/// A name out of a closed list, from a literal or a variable.
pub fn name<'v>(value: &'v ConstValue, field: &str) -> Result<&'v str> {
    match value {
        ConstValue::Enum(name) => Ok(name.as_str()),
        ConstValue::String(text) => Ok(text),
        _ => Err(bad(field, "one of the listed values")),
    }
}
