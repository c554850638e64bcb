//! Limits on a document, held before anything walks it.
//!
//! async-graphql's own walks (`check_recursive_depth`, the directive and alias counts, the visitors that work in
//! inline mode) expand every fragment spread anew and never yield, so two spreads in each of thirty fragments keep a
//! core busy for hours and no timeout can end it. [`parse`] therefore works in four passes, each bounded by the ones
//! before it:
//!
//! 1. the length of the source, then one pass over its bytes that counts tokens and bracket nesting: linear, no
//!    recursion, so that neither the recursive descent of pest nor the walks over the tree can run out of stack;
//! 2. async-graphql's parser, on at most [`Limits::tokens`] tokens;
//! 3. fragments in the order of their spreads (a cycle ends here), each measured **once**, with saturating sums: what
//!    a spread brings in is looked up, so this pass is linear in the document whatever it would expand to;
//! 4. the merging of fields with one response name, by the rule async-graphql uses, ending at the first conflict: that
//!    rule reports every pair, and a document of 16 KiB can hold millions.
//!
//! After that the expansion of the whole document, all operations together, has at most [`Limits::selections`]
//! selections (and [`Limits::introspection_selections`] more below `__schema` and `__type`) in at most
//! [`Limits::levels`] nested sets, and every fragment is used, so that the definitions walked on their own add no more
//! than the expansion holds. Unmemoised walks are bounded by the same numbers: a rule that starts anew at each
//! selection set takes at most `selections * (fragment_levels + 1)` steps. The worst documents found within the
//! defaults took 5 ms to parse and 3 ms to validate and run (release build, one core, beside other work).
//!
//! Two holes of async-graphql 8.0.0-rc.5 need the schema or the variables and so a call each after [`parse`]:
//! [`known_variable_types`] (its validation panics on `query($a: [Nope] = [1])`) and [`variables`] (its validation
//! copies a variable's value at each use).

use std::borrow::Cow;

use async_graphql::Pos;
use async_graphql::parser::types::{BaseType, DocumentOperations, ExecutableDocument, OperationType, Type};
use async_graphql::parser::{self, parse_query};
use async_graphql_value::Value;
use serde_json::{Map, Value as Json};

use crate::error::{Code, Error, Result};

mod lexer;
mod measure;
mod overlap;
#[cfg(test)]
mod tests;

pub use measure::Measured;

/// How much a document may hold. Numbers "after expansion" count a fragment as often as it is spread.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Length of the source.
    pub bytes: usize,
    /// Lexical tokens, punctuators among them.
    pub tokens: usize,
    /// Length of one name; error texts and the search for similar names grow with it.
    pub name_bytes: usize,
    /// Open brackets of any kind at one place.
    pub brackets: usize,
    /// Operations in the document.
    pub operations: usize,
    /// Fragments in the document.
    pub fragments: usize,
    /// Variables of one operation.
    pub variables: usize,
    /// Arguments of one field or directive: comparing two fields takes their product.
    pub arguments: usize,
    /// Fields, spreads and inline fragments of all operations after expansion.
    pub selections: u64,
    /// Nested fields after expansion; a field of the root is at depth 1.
    pub depth: u64,
    /// Nested selection sets after expansion, those of fragments included. Stays below async-graphql's default
    /// `limit_recursive_depth` of 32, which counts the same, so that this one answers.
    pub levels: u64,
    /// Fragments, inline or spread, nested in one another without a field between them. Rules that start anew at each
    /// selection set walk a field once for each of these around it.
    pub fragment_levels: u64,
    /// Fields of the root of one operation after expansion.
    pub roots: u64,
    /// Aliases after expansion.
    pub aliases: u64,
    /// Directives at one place.
    pub directives_each: usize,
    /// Directives after expansion.
    pub directives: u64,
    /// Nodes of literal values (a list or object and each of its members) after expansion.
    pub values: u64,
    /// Selections below `__schema` and `__type` after expansion.
    pub introspection_selections: u64,
    /// Nested fields, from `__schema` or `__type` on.
    pub introspection_depth: u64,
    /// Estimated fields of the answer below `__schema` and `__type`; a list counts as long as it is in a schema of
    /// some hundred types. The usual introspection query comes to about six hundred thousand.
    pub introspection_cost: u64,
    /// Nodes of all variables' values.
    pub variable_nodes: u64,
    /// Bytes of the variables' values, each taken as often as the document uses the variable.
    pub variable_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16 * 1024,
            tokens: 2_000,
            name_bytes: 100,
            brackets: 64,
            operations: 10,
            fragments: 50,
            variables: 50,
            arguments: 30,
            selections: 1_000,
            depth: 12,
            levels: 32,
            fragment_levels: 8,
            roots: 10,
            aliases: 30,
            directives_each: 5,
            directives: 100,
            values: 2_000,
            introspection_selections: 500,
            introspection_depth: 16,
            introspection_cost: 700_000,
            variable_nodes: 10_000,
            variable_bytes: 1024 * 1024,
        }
    }
}

/// Parses a document and holds it to the limits.
///
/// A limit answers [`Code::LimitExceeded`] with its name and number, a syntax error [`Code::GraphqlParseFailed`] with
/// the place; fragment cycles, unused fragments, doubled names and fields that cannot be merged answer
/// [`Code::GraphqlValidationFailed`]. No text of the document is echoed.
pub fn parse(source: &str, limits: &Limits) -> Result<ExecutableDocument> {
    parse_measured(source, limits).map(|(document, _)| document)
}

/// [`parse`], with what the document came to.
pub fn parse_measured(source: &str, limits: &Limits) -> Result<(ExecutableDocument, Measured)> {
    if source.len() > limits.bytes {
        return Err(beyond("bytes", limits.bytes));
    }
    lexer::scan(source, limits)?;
    let document = parse_query(source).map_err(|error| from_parser(&error, limits))?;
    let measured = measure::measure(&document, limits)?;
    overlap::check(&document)?;
    Ok((document, measured))
}

/// Which kind of operation the request asks for.
///
/// Answers [`Code::GraphqlValidationFailed`] when the name is not in the document, or missing while the document has
/// several operations: a well-formed request whose operation cannot be determined.
pub fn operation_kind(document: &ExecutableDocument, name: Option<&str>) -> Result<OperationType> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.values();
            match (all.next(), all.next()) {
                (Some(only), None) => Some(only),
                _ => return Err(invalid("The document has several operations: operationName must name one.")),
            }
        }
    };
    found.map(|operation| operation.node.ty).ok_or_else(|| invalid("The document has no operation of this name."))
}

/// Refuses a variable of a type that the schema does not have. To be called before async-graphql validates: its rule
/// for default values looks up the innermost type of a list without asking whether it exists, and panics.
pub fn known_variable_types(document: &ExecutableDocument, known: impl Fn(&str) -> bool) -> Result<()> {
    for (_, operation) in document.operations.iter() {
        for variable in &operation.node.variable_definitions {
            if !known(innermost(&variable.node.var_type.node)) {
                return Err(invalid("A variable has a type that the schema does not have.").at(variable.pos));
            }
        }
    }
    Ok(())
}

/// Holds the values of the variables to the limits. async-graphql's validation copies a value at each place where the
/// document uses the variable, so the size counts once for each use.
pub fn variables(document: &ExecutableDocument, values: &Map<String, Json>, limits: &Limits) -> Result<()> {
    let mut nodes = 0_u64;
    let mut bytes = 0_u64;
    let uses = measure::uses(document);
    for (name, value) in values {
        let (value_nodes, value_bytes) = weigh(value);
        nodes = nodes.saturating_add(value_nodes);
        let times = uses.get(name.as_str()).copied().unwrap_or_default().max(1);
        bytes = bytes.saturating_add(value_bytes.saturating_mul(times));
    }
    if nodes > limits.variable_nodes {
        return Err(beyond("values in variables", limits.variable_nodes));
    }
    if bytes > limits.variable_bytes {
        return Err(beyond("bytes of variables, counted at each use", limits.variable_bytes));
    }
    Ok(())
}

/// Nodes of a JSON value and about the bytes it takes.
fn weigh(value: &Json) -> (u64, u64) {
    let (mut nodes, mut bytes) = (0_u64, 0_u64);
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        nodes = nodes.saturating_add(1);
        bytes = bytes.saturating_add(16);
        match value {
            Json::String(text) => bytes = bytes.saturating_add(text.len() as u64),
            Json::Array(items) => open.extend(items),
            Json::Object(members) => {
                bytes = members.keys().fold(bytes, |sum, key| sum.saturating_add(key.len() as u64));
                open.extend(members.values());
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
    (nodes, bytes)
}

fn innermost(mut of: &Type) -> &str {
    loop {
        match &of.base {
            BaseType::Named(name) => return name.as_str(),
            BaseType::List(inner) => of = inner,
        }
    }
}

fn from_parser(error: &parser::Error, limits: &Limits) -> Error {
    let answer = match error {
        parser::Error::RecursionLimitExceeded => beyond("open brackets", limits.brackets),
        parser::Error::MultipleOperations { .. } => {
            invalid("A document with an operation without a name has no other operation.")
        }
        parser::Error::OperationDuplicated { .. } => invalid("Two operations have one name."),
        parser::Error::FragmentDuplicated { .. } => invalid("Two fragments have one name."),
        _ => Error::new(Code::GraphqlParseFailed),
    };
    match error.positions().next() {
        Some(place) => answer.at(place),
        None => answer,
    }
}

/// A refusal that names the limit.
fn beyond(name: &str, number: impl std::fmt::Display) -> Error {
    Error::new(Code::LimitExceeded).saying(format!("The request goes beyond the limit of {number} {name}."))
}

/// A document that does not fit, whatever the schema.
fn invalid(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(Code::GraphqlValidationFailed).saying(message)
}

/// A syntax error at a place.
fn malformed(place: Pos) -> Error {
    Error::new(Code::GraphqlParseFailed).at(place)
}

/// Calls `each` for every node of a literal. The recursion is as deep as the brackets of the document.
fn walk_value<'d>(value: &'d Value, each: &mut impl FnMut(&'d Value)) {
    each(value);
    match value {
        Value::List(items) => items.iter().for_each(|item| walk_value(item, each)),
        Value::Object(members) => members.values().for_each(|member| walk_value(member, each)),
        _ => {}
    }
}
