//! What a document comes to after expansion, each fragment measured once.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned};
use async_graphql_value::Value;

use super::{Limits, beyond, invalid, walk_value};
use crate::error::Result;

/// What a document comes to. Sums are over all operations, after expansion; they saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Fields, spreads and inline fragments.
    pub selections: u64,
    /// Nested fields.
    pub depth: u64,
    /// Nested selection sets.
    pub levels: u64,
    /// Fragments nested in one another without a field between them.
    pub fragment_levels: u64,
    /// Fields of the root: the most of one operation.
    pub roots: u64,
    /// Aliases.
    pub aliases: u64,
    /// Directives.
    pub directives: u64,
    /// Nodes of literal values.
    pub values: u64,
    /// Selections below `__schema` and `__type`.
    pub introspection_selections: u64,
    /// Nested fields from `__schema` or `__type` on.
    pub introspection_depth: u64,
    /// Estimated fields of the introspection's answer.
    pub introspection_cost: u64,
    /// Selections that were looked at to find this out: never more than the document holds.
    pub visited: u64,
    /// Estimated fields of the answer, were this all introspection.
    cost: u64,
    /// Fragments nested in one another from the top on.
    outer_fragments: u64,
}

impl Measured {
    /// Adds what stands beside it.
    fn beside(&mut self, other: &Self) {
        self.selections = self.selections.saturating_add(other.selections);
        self.depth = self.depth.max(other.depth);
        self.levels = self.levels.max(other.levels);
        self.fragment_levels = self.fragment_levels.max(other.fragment_levels);
        self.outer_fragments = self.outer_fragments.max(other.outer_fragments);
        self.roots = self.roots.saturating_add(other.roots);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.values = self.values.saturating_add(other.values);
        self.introspection_selections = self.introspection_selections.saturating_add(other.introspection_selections);
        self.introspection_depth = self.introspection_depth.max(other.introspection_depth);
        self.introspection_cost = self.introspection_cost.saturating_add(other.introspection_cost);
        self.visited = self.visited.saturating_add(other.visited);
        self.cost = self.cost.saturating_add(other.cost);
    }

    /// What a field comes to whose own selection set comes to this.
    fn under_field(mut self, field: &Field) -> Self {
        let list = list_length(&field.name.node);
        self.roots = 1;
        self.outer_fragments = 0;
        self.aliases = self.aliases.saturating_add(u64::from(field.alias.is_some()));
        if matches!(field.name.node.as_str(), "__schema" | "__type") {
            self.introspection_selections = self.introspection_selections.saturating_add(self.selections);
            self.introspection_depth = self.introspection_depth.max(self.depth).saturating_add(1);
            self.introspection_cost = self.introspection_cost.saturating_add(self.cost);
            self.selections = 1;
            self.depth = 1;
            self.cost = 1;
        } else {
            self.selections = self.selections.saturating_add(1);
            self.depth = self.depth.saturating_add(1);
            self.cost = self.cost.saturating_add(1).saturating_mul(list);
        }
        self
    }
}

/// About how long the lists of an introspection are; other fields count as one.
fn list_length(field: &str) -> u64 {
    match field {
        "types" => 300,
        "fields" | "inputFields" => 12,
        "enumValues" => 10,
        "possibleTypes" | "directives" => 5,
        "args" | "interfaces" | "locations" => 2,
        _ => 1,
    }
}

/// Measures the document and refuses it beyond the limits.
pub(super) fn measure(document: &ExecutableDocument, limits: &Limits) -> Result<Measured> {
    hold(document.operations.iter().len() as u64, limits.operations as u64, "operations")?;
    hold(document.fragments.len() as u64, limits.fragments as u64, "fragments")?;
    let mut meter = Meter { limits, fragments: HashMap::new() };
    let mut total = Measured::default();
    for (name, fragment) in in_spread_order(document)? {
        let mut measured = meter.set(&fragment.node.selection_set.node)?;
        meter.directives(&fragment.node.directives, &mut measured)?;
        total.visited = total.visited.saturating_add(measured.visited);
        measured.visited = 0;
        meter.fragments.insert(name, measured);
    }
    for (_, operation) in document.operations.iter() {
        let roots = total.roots;
        let measured = meter.operation(&operation.node)?;
        total.beside(&measured);
        total.roots = roots.max(measured.roots);
    }
    all_used(document)?;
    hold(total.selections, limits.selections, "selections after fragment expansion")?;
    hold(total.depth, limits.depth, "levels of depth")?;
    hold(total.levels, limits.levels, "nested selection sets after fragment expansion")?;
    hold(total.fragment_levels, limits.fragment_levels, "nested fragments without a field between")?;
    hold(total.roots, limits.roots, "root fields")?;
    hold(total.aliases, limits.aliases, "aliases")?;
    hold(total.directives, limits.directives, "directives")?;
    hold(total.values, limits.values, "values")?;
    hold(total.introspection_selections, limits.introspection_selections, "selections of introspection")?;
    hold(total.introspection_depth, limits.introspection_depth, "levels of introspection depth")?;
    hold(total.introspection_cost, limits.introspection_cost, "estimated fields of introspection")?;
    Ok(total)
}

fn hold(number: u64, limit: u64, name: &str) -> Result<()> {
    if number > limit { Err(beyond(name, limit)) } else { Ok(()) }
}

struct Meter<'d> {
    limits: &'d Limits,
    /// Fragments measured so far: those that a set spreads come before it.
    fragments: HashMap<&'d str, Measured>,
}

impl Meter<'_> {
    fn operation(&self, operation: &OperationDefinition) -> Result<Measured> {
        hold(operation.variable_definitions.len() as u64, self.limits.variables as u64, "variables")?;
        let mut measured = self.set(&operation.selection_set.node)?;
        self.directives(&operation.directives, &mut measured)?;
        for variable in &operation.variable_definitions {
            self.directives(&variable.node.directives, &mut measured)?;
            if let Some(value) = &variable.node.default_value {
                walk_value(&value.node.clone().into_value(), &mut |_| {
                    measured.values = measured.values.saturating_add(1);
                });
            }
        }
        Ok(measured)
    }

    /// The recursion is as deep as the brackets of the document: a spread is looked up, not entered.
    fn set(&self, set: &SelectionSet) -> Result<Measured> {
        let mut sum = Measured::default();
        for selection in &set.items {
            let mut one = match &selection.node {
                Selection::Field(field) => {
                    let inner = &field.node.selection_set.node;
                    let below = if inner.items.is_empty() { Measured::default() } else { self.set(inner)? };
                    let mut one = below.under_field(&field.node);
                    self.arguments(&field.node.arguments, &mut one)?;
                    one
                }
                Selection::InlineFragment(inline) => wrapped(self.set(&inline.node.selection_set.node)?),
                Selection::FragmentSpread(spread) => {
                    wrapped(self.fragments.get(spread.node.fragment_name.node.as_str()).copied().unwrap_or_default())
                }
            };
            self.directives(selection.node.directives(), &mut one)?;
            one.visited = one.visited.saturating_add(1);
            sum.beside(&one);
        }
        sum.levels = sum.levels.saturating_add(1);
        Ok(sum)
    }

    fn directives(&self, directives: &[Positioned<Directive>], sum: &mut Measured) -> Result<()> {
        hold(directives.len() as u64, self.limits.directives_each as u64, "directives at one place")?;
        sum.directives = sum.directives.saturating_add(directives.len() as u64);
        for directive in directives {
            self.arguments(&directive.node.arguments, sum)?;
        }
        Ok(())
    }

    fn arguments(&self, arguments: &[(Positioned<Name>, Positioned<Value>)], sum: &mut Measured) -> Result<()> {
        hold(arguments.len() as u64, self.limits.arguments as u64, "arguments at one place")?;
        for (_, value) in arguments {
            walk_value(&value.node, &mut |_| sum.values = sum.values.saturating_add(1));
        }
        Ok(())
    }
}

/// What a spread or an inline fragment comes to whose set comes to this.
fn wrapped(mut measured: Measured) -> Measured {
    measured.selections = measured.selections.saturating_add(1);
    measured.outer_fragments = measured.outer_fragments.saturating_add(1);
    measured.fragment_levels = measured.fragment_levels.max(measured.outer_fragments);
    measured
}

/// All fragments, each after those it spreads. Refuses a cycle. Keeps its own stack: a chain through every fragment,
/// each as deep as the brackets allow, would be too deep for the thread's.
fn in_spread_order(document: &ExecutableDocument) -> Result<Vec<(&str, &Positioned<FragmentDefinition>)>> {
    let mut order = Vec::with_capacity(document.fragments.len());
    let mut begun = HashSet::new();
    let mut done = HashSet::new();
    for start in document.fragments.keys() {
        let mut open = vec![(start.as_str(), false)];
        while let Some((name, left)) = open.pop() {
            let Some(fragment) = document.fragments.get(name) else { continue };
            if left {
                done.insert(name);
                order.push((name, fragment));
            } else if begun.insert(name) {
                open.push((name, true));
                open.extend(spreads(&fragment.node.selection_set.node).into_iter().map(|next| (next, false)));
            } else if !done.contains(name) {
                return Err(invalid("A fragment spreads itself.").at(fragment.pos));
            }
        }
    }
    Ok(order)
}

/// Refuses a fragment that no operation reaches: it would be walked on its own, outside the sums.
fn all_used(document: &ExecutableDocument) -> Result<()> {
    let mut reached = HashSet::new();
    let mut open: Vec<&str> =
        document.operations.iter().flat_map(|(_, operation)| spreads(&operation.node.selection_set.node)).collect();
    while let Some(name) = open.pop() {
        if let Some(fragment) = document.fragments.get(name)
            && reached.insert(name)
        {
            open.extend(spreads(&fragment.node.selection_set.node));
        }
    }
    match document.fragments.iter().find(|(name, _)| !reached.contains(name.as_str())) {
        Some((_, fragment)) => Err(invalid("A fragment is never used.").at(fragment.pos)),
        None => Ok(()),
    }
}

/// The fragments a set spreads, each once.
fn spreads(set: &SelectionSet) -> HashSet<&str> {
    fn collect<'d>(set: &'d SelectionSet, names: &mut HashSet<&'d str>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => collect(&field.node.selection_set.node, names),
                Selection::InlineFragment(inline) => collect(&inline.node.selection_set.node, names),
                Selection::FragmentSpread(spread) => {
                    names.insert(spread.node.fragment_name.node.as_str());
                }
            }
        }
    }
    let mut names = HashSet::new();
    collect(set, &mut names);
    names
}

/// At how many places of the document each variable stands, without expansion.
pub(super) fn uses(document: &ExecutableDocument) -> HashMap<&str, u64> {
    fn arguments<'d>(all: &'d [(Positioned<Name>, Positioned<Value>)], found: &mut HashMap<&'d str, u64>) {
        for (_, value) in all {
            walk_value(&value.node, &mut |node| {
                if let Value::Variable(name) = node {
                    *found.entry(name.as_str()).or_default() += 1;
                }
            });
        }
    }
    fn directives<'d>(all: &'d [Positioned<Directive>], found: &mut HashMap<&'d str, u64>) {
        for directive in all {
            arguments(&directive.node.arguments, found);
        }
    }
    fn within<'d>(set: &'d SelectionSet, found: &mut HashMap<&'d str, u64>) {
        for selection in &set.items {
            directives(selection.node.directives(), found);
            match &selection.node {
                Selection::Field(field) => {
                    arguments(&field.node.arguments, found);
                    within(&field.node.selection_set.node, found);
                }
                Selection::InlineFragment(inline) => within(&inline.node.selection_set.node, found),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    let mut found = HashMap::new();
    for (_, operation) in document.operations.iter() {
        directives(&operation.node.directives, &mut found);
        within(&operation.node.selection_set.node, &mut found);
    }
    for fragment in document.fragments.values() {
        directives(&fragment.node.directives, &mut found);
        within(&fragment.node.selection_set.node, &mut found);
    }
    found
}
