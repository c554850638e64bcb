//! What of the schema is looked up while requests run.

use std::collections::{HashMap, HashSet};

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, Field, FieldDefinition, OperationDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};

use crate::graph::graph;
use crate::plan::Reader;

/// Names of the schema.
pub struct Contract {
    /// Every type, the language's own scalars included.
    types: HashSet<String>,
    /// By mutation: the type that it answers.
    payloads: HashMap<String, Payload>,
}

/// What a mutation answers.
#[derive(Clone)]
struct Payload {
    kind: String,
    /// Its fields that are one record each, with their nouns.
    records: HashMap<String, usize>,
}

impl Contract {
    /// Reads a schema.
    pub fn of(sdl: &str) -> Self {
        let mut types: HashSet<String> = ["Int", "Float", "String", "Boolean", "ID"].map(str::to_owned).into();
        let mut objects = HashMap::new();
        let definitions = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
        for definition in definitions {
            let TypeSystemDefinition::Type(Positioned { node: TypeDefinition { name, kind, .. }, .. }) = definition
            else {
                continue;
            };
            types.insert(name.node.to_string());
            if let TypeKind::Object(object) = kind {
                objects.insert(name.node.to_string(), object.fields);
            }
        }
        let payload = |field: &Positioned<FieldDefinition>| {
            let kind = one(field)?;
            let records = objects.get(kind)?.iter().filter_map(|field| {
                let noun = one(field).and_then(|name| graph().position(name))?;
                Some((field.node.name.node.to_string(), noun))
            });
            let payload = Payload { kind: kind.to_owned(), records: records.collect() };
            Some((field.node.name.node.to_string(), payload))
        };
        let payloads = objects.get("Mutation").into_iter().flatten().filter_map(payload).collect();
        Self { types, payloads }
    }

    /// Whether there is a type of that name.
    pub fn has_type(&self, name: &str) -> bool {
        self.types.contains(name)
    }

    /// The one field of a mutation that shows a record of its act, and the noun. Nothing where the operation has several
    /// mutations, or the answer several records: those are read one by one.
    pub fn shown<'d>(
        &self,
        operation: &'d OperationDefinition,
        reader: &Reader<'d>,
    ) -> Option<(&'d Positioned<Field>, usize)> {
        let roots = reader.fields(&[&operation.selection_set.node], &|on| on == "Mutation");
        let root = only(roots.iter().flat_map(|(_, fields)| fields).filter(|field| !is_typename(field)))?;
        let payload = self.payloads.get(root.node.name.node.as_str())?;
        let fields = reader.fields(&[&root.node.selection_set.node], &|on| on == payload.kind);
        let records = fields.iter().flat_map(|(_, fields)| fields).filter_map(|field| {
            let noun = payload.records.get(field.node.name.node.as_str())?;
            Some((*field, *noun))
        });
        only(records)
    }
}

/// The name of a field's type, unless it is a list.
fn one(field: &Positioned<FieldDefinition>) -> Option<&str> {
    match &field.node.ty.node.base {
        BaseType::Named(name) => Some(name.as_str()),
        BaseType::List(_) => None,
    }
}

fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}

fn is_typename(field: &Positioned<Field>) -> bool {
    field.node.name.node == "__typename"
}
