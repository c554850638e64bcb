//! The document as the plan reads it: fragments put in place, `@include` and `@skip` decided, equal response keys
//! merged.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection,
    SelectionSet,
};
use async_graphql::{Name, Positioned};
use async_graphql_value::{ConstValue, Value};

use super::args::Variables;
use crate::error::{Code, Error, Result};

/// A parsed document and its operation.
#[derive(Clone)]
pub struct Document {
    /// The whole of it.
    pub parsed: Arc<ExecutableDocument>,
    name: Option<Name>,
}

impl Document {
    /// Picks the operation by name; a document with one needs none.
    pub fn new(parsed: Arc<ExecutableDocument>, name: Option<&str>) -> Result<Self> {
        let unknown =
            || Error::new(Code::BadRequest).saying("The document has no operation of that name.").on("operationName");
        let name = match (&parsed.operations, name) {
            (DocumentOperations::Single(_), None) => None,
            (DocumentOperations::Single(_), Some(_)) => return Err(unknown()),
            (DocumentOperations::Multiple(many), Some(name)) => {
                Some(many.keys().find(|key| key.as_str() == name).cloned().ok_or_else(unknown)?)
            }
            (DocumentOperations::Multiple(many), None) if many.len() == 1 => many.keys().next().cloned(),
            (DocumentOperations::Multiple(_), None) => {
                let text = "The document has several operations: say which with operationName.";
                return Err(Error::new(Code::BadRequest).saying(text).on("operationName"));
            }
        };
        Ok(Self { parsed, name })
    }

    /// The operation's name.
    pub fn name(&self) -> Option<&str> {
        self.name.as_ref().map(Name::as_str)
    }

    /// The operation.
    pub fn operation(&self) -> Result<&OperationDefinition> {
        match (&self.parsed.operations, &self.name) {
            (DocumentOperations::Single(operation), _) => Some(&operation.node),
            (DocumentOperations::Multiple(many), Some(name)) => many.get(name).map(|operation| &operation.node),
            (DocumentOperations::Multiple(_), None) => None,
        }
        .ok_or_else(|| Code::Internal.into())
    }
}

/// Fragments and variables: what a selection needs to be read.
pub struct Reader<'d> {
    /// The fragments of the document.
    pub fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
    /// The request's variables.
    pub variables: &'d Variables,
}

/// A response key with every field that bears it.
pub type Group<'d> = (&'d str, Vec<&'d Positioned<Field>>);

impl<'d> Reader<'d> {
    /// The fields of a type, in order, equal keys together. `fits` says whether a type condition holds for it.
    pub fn fields(&self, sets: &[&'d SelectionSet], fits: &dyn Fn(&str) -> bool) -> Vec<Group<'d>> {
        let mut groups = Vec::new();
        let mut seen = Vec::new();
        for set in sets {
            self.collect(set, fits, &mut seen, &mut groups);
        }
        groups
    }

    fn collect(
        &self,
        set: &'d SelectionSet,
        fits: &dyn Fn(&str) -> bool,
        seen: &mut Vec<&'d str>,
        groups: &mut Vec<Group<'d>>,
    ) {
        for item in &set.items {
            if !included(item.node.directives(), self.variables) {
                continue;
            }
            match &item.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    match groups.iter_mut().find(|(other, _)| *other == key) {
                        Some((_, fields)) => fields.push(field),
                        None => groups.push((key, vec![field])),
                    }
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    if condition.is_none_or(fits) {
                        self.collect(&inline.node.selection_set.node, fits, seen, groups);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if seen.contains(&name) {
                        continue;
                    }
                    seen.push(name);
                    let fragment = self.fragments.get(name);
                    let applies = |on: &&Positioned<FragmentDefinition>| fits(&on.node.type_condition.node.on.node);
                    if let Some(fragment) = fragment.filter(applies) {
                        self.collect(&fragment.node.selection_set.node, fits, seen, groups);
                    }
                }
            }
        }
    }
}

fn included(directives: &[Positioned<Directive>], variables: &Variables) -> bool {
    directives.iter().all(|directive| {
        let wanted = match directive.node.name.node.as_str() {
            "include" => true,
            "skip" => false,
            _ => return true,
        };
        let condition = directive.node.get_argument("if").and_then(|value| variables.resolve(&value.node));
        condition.is_none_or(|condition| condition == ConstValue::Boolean(wanted))
    })
}

/// The variables on which the shape of the plan depends: those in `@include`, `@skip`, and those that name a record, whose
/// type decides which fields apply. Two requests that agree on them share a plan.
pub(super) fn switches(document: &ExecutableDocument) -> Vec<String> {
    let mut names = Vec::new();
    for set in sets(document) {
        visit(set, &mut names);
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// Every selection of a document that is not below another one.
fn sets(document: &ExecutableDocument) -> impl Iterator<Item = &SelectionSet> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    operations.chain(document.fragments.values().map(|fragment| &fragment.node.selection_set.node))
}

/// Whether each argument is a variable or has none.
pub(super) fn is_plain(document: &ExecutableDocument) -> bool {
    sets(document).all(is_plain_set)
}

fn is_plain_set(set: &SelectionSet) -> bool {
    set.items.iter().all(|item| {
        let mut switches = item.node.directives().iter().flat_map(|directive| &directive.node.arguments);
        let below = match &item.node {
            Selection::Field(field) => {
                let mut arguments = field.node.arguments.iter();
                arguments.all(|(_, value)| is_plain_value(&value.node)) && is_plain_set(&field.node.selection_set.node)
            }
            Selection::InlineFragment(inline) => is_plain_set(&inline.node.selection_set.node),
            Selection::FragmentSpread(_) => true,
        };
        below && switches.all(|(_, value)| is_plain_value(&value.node))
    })
}

fn is_plain_value(value: &Value) -> bool {
    let mut names = Vec::new();
    variables_of(value, &mut names);
    names.is_empty() || matches!(value, Value::Variable(_))
}

fn visit(set: &SelectionSet, names: &mut Vec<String>) {
    for item in &set.items {
        for directive in item.node.directives() {
            for (_, value) in &directive.node.arguments {
                variables_of(&value.node, names);
            }
        }
        match &item.node {
            Selection::Field(field) => {
                if matches!(field.node.name.node.as_str(), "node" | "nodes" | "accessTrail") {
                    for (_, value) in &field.node.arguments {
                        variables_of(&value.node, names);
                    }
                }
                visit(&field.node.selection_set.node, names);
            }
            Selection::InlineFragment(inline) => visit(&inline.node.selection_set.node, names),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn variables_of(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Variable(name) => names.push(name.to_string()),
        Value::List(items) => items.iter().for_each(|item| variables_of(item, names)),
        Value::Object(members) => members.values().for_each(|member| variables_of(member, names)),
        _ => {}
    }
}
