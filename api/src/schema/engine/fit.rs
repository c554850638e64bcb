//! Whether a request's variables fit a document that was found valid before. Where every argument that has a variable is
//! that variable and nothing else, this is all that a second validation could find: a value of the type that a variable
//! declares fits wherever the document uses it. What does not fit is validated whole, which says why.

use async_graphql::parser::types::{BaseType, OperationDefinition, Type};
use async_graphql::registry::{MetaType, MetaTypeName, Registry};
use async_graphql_value::ConstValue;

use crate::plan::Variables;

/// Whether each variable's value is of its type.
pub fn fit(registry: &Registry, operation: &OperationDefinition, variables: &Variables) -> bool {
    operation.variable_definitions.iter().all(|definition| {
        let (definition, kind) = (&definition.node, &definition.node.var_type.node);
        match variables.get(&definition.name.node) {
            None => kind.nullable,
            // With a default it may stand where null may not.
            Some(ConstValue::Null) => kind.nullable && definition.default_value.is_none(),
            Some(value) => is_of(registry, kind, value),
        }
    })
}

/// For a type as a document has it.
fn is_of(registry: &Registry, kind: &Type, value: &ConstValue) -> bool {
    match (&kind.base, value) {
        (_, ConstValue::Null) => kind.nullable,
        (BaseType::List(inner), ConstValue::List(values)) => values.iter().all(|value| is_of(registry, inner, value)),
        (BaseType::List(inner), one) => is_of(registry, inner, one),
        (BaseType::Named(name), value) => is_named(registry, name, value),
    }
}

/// The same for a type as the registry has it.
fn is_written(registry: &Registry, kind: &str, value: &ConstValue) -> bool {
    match (MetaTypeName::create(kind), value) {
        (MetaTypeName::NonNull(_), ConstValue::Null) => false,
        (_, ConstValue::Null) => true,
        (MetaTypeName::NonNull(inner), value) => is_written(registry, inner, value),
        (MetaTypeName::List(inner), ConstValue::List(values)) => {
            values.iter().all(|value| is_written(registry, inner, value))
        }
        (MetaTypeName::List(inner), one) => is_written(registry, inner, one),
        (MetaTypeName::Named(name), value) => is_named(registry, name, value),
    }
}

fn is_named(registry: &Registry, name: &str, value: &ConstValue) -> bool {
    match (registry.types.get(name), value) {
        (Some(MetaType::Scalar { is_valid, .. }), value) => is_valid.as_ref().is_none_or(|is_valid| is_valid(value)),
        (Some(MetaType::Enum { enum_values, .. }), ConstValue::Enum(code)) => enum_values.contains_key(code.as_str()),
        (Some(MetaType::Enum { enum_values, .. }), ConstValue::String(code)) => enum_values.contains_key(code),
        (Some(MetaType::InputObject { input_fields, oneof: false, .. }), ConstValue::Object(members)) => {
            let known = members.iter().all(|(name, value)| {
                input_fields.get(name.as_str()).is_some_and(|field| is_written(registry, &field.ty, value))
            });
            known
                && input_fields.values().all(|field| {
                    let may_be_left_out = !field.ty.ends_with('!') || field.default_value.is_some();
                    may_be_left_out || members.contains_key(field.name.as_str())
                })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
