//! The schema as the server tells it, for tests that must meet every field of it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use crate::World;

/// The document every GraphQL client sends.
pub const QUERY: &str = "query IntrospectionQuery { __schema { description queryType { name } mutationType { name } \
    subscriptionType { name } types { ...FullType } directives { name description isRepeatable locations \
    args(includeDeprecated: true) { ...InputValue } } } } \
    fragment FullType on __Type { kind name description specifiedByURL \
    fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } \
    type { ...TypeRef } isDeprecated deprecationReason } inputFields(includeDeprecated: true) { ...InputValue } \
    interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } \
    possibleTypes { ...TypeRef } } \
    fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated \
    deprecationReason } \
    fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// All types by name.
pub struct Schema {
    /// The types, introspection's own left out.
    pub types: BTreeMap<String, Type>,
}

/// A named type.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Type {
    /// `OBJECT`, `INPUT_OBJECT`, `ENUM`, `SCALAR`, `INTERFACE` or `UNION`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// Fields of an object or interface.
    pub fields: Option<Vec<Field>>,
    /// Fields of an input.
    pub input_fields: Option<Vec<Input>>,
    /// Values of an enum.
    pub enum_values: Option<Vec<EnumValue>>,
    /// Types of an interface or union.
    pub possible_types: Option<Vec<TypeRef>>,
}

/// A field of an object.
#[derive(Clone, Debug, Deserialize)]
pub struct Field {
    /// Name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// Arguments.
    pub args: Vec<Input>,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: TypeRef,
}

/// An argument or a field of an input.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    /// Name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: TypeRef,
    /// What it is if left out.
    pub default_value: Option<String>,
}

/// A value of an enum.
#[derive(Clone, Debug, Deserialize)]
pub struct EnumValue {
    /// Name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
}

/// A type where it is used.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TypeRef {
    /// `NON_NULL`, `LIST` or the kind of the named type.
    pub kind: String,
    /// Name of a named type.
    pub name: Option<String>,
    /// What is wrapped.
    pub of_type: Option<Box<TypeRef>>,
}

impl TypeRef {
    /// The name inside all wrappers.
    pub fn named(&self) -> &str {
        match &self.of_type {
            Some(inner) => inner.named(),
            None => self.name.as_deref().unwrap_or_default(),
        }
    }

    /// Whether null is not allowed.
    pub fn required(&self) -> bool {
        self.kind == "NON_NULL"
    }

    /// Whether it is a list, required or not.
    pub fn is_list(&self) -> bool {
        self.kind == "LIST" || (self.required() && self.of_type.as_ref().is_some_and(|inner| inner.is_list()))
    }
}

impl Schema {
    /// Asks the server, without a token.
    pub async fn of(world: &World) -> Self {
        let answer = world.send(None, &json!({ "query": QUERY })).await;
        let types: Vec<Type> = serde_json::from_value(answer.at("/data/__schema/types").clone())
            .unwrap_or_else(|error| panic!("introspection: {error}: {}", answer.body));
        let types = types.into_iter().filter(|ty| !ty.name.starts_with("__"));
        Self { types: types.map(|ty| (ty.name.clone(), ty)).collect() }
    }

    /// The type of that name.
    pub fn get(&self, name: &str) -> &Type {
        self.types.get(name).unwrap_or_else(|| panic!("no type {name}"))
    }

    /// The fields of an object.
    pub fn fields(&self, name: &str) -> &[Field] {
        self.get(name).fields.as_deref().unwrap_or_default()
    }

    /// The field of an object.
    pub fn field(&self, name: &str, field: &str) -> &Field {
        self.fields(name).iter().find(|one| one.name == field).unwrap_or_else(|| panic!("no field {name}.{field}"))
    }

    /// Whether values of the type have no fields of their own.
    pub fn is_leaf(&self, name: &str) -> bool {
        matches!(self.get(name).kind.as_str(), "SCALAR" | "ENUM")
    }
}
