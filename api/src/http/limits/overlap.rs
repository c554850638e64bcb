//! Fields of one selection set with one response name must be the same field with the same arguments.
//!
//! This is async-graphql's rule `OverlappingFieldsCanBeMerged`, keyed as it keys (type condition and response name),
//! but it ends at the first conflict. The original writes an error for every pair and every argument, once more for
//! each inline fragment around them.

use std::collections::{HashMap, HashSet};

use async_graphql::Positioned;
use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};

use super::invalid;
use crate::error::Result;

/// Refuses the first conflict. To be called on measured documents only: it recurses as deep as their levels.
pub(super) fn check(document: &ExecutableDocument) -> Result<()> {
    for fragment in document.fragments.values() {
        from_root(document, &fragment.node.selection_set.node)?;
    }
    for (_, operation) in document.operations.iter() {
        from_root(document, &operation.node.selection_set.node)?;
    }
    Ok(())
}

/// Looks at this set and at each set inside it.
fn from_root(document: &ExecutableDocument, set: &SelectionSet) -> Result<()> {
    // One field alone cannot conflict; most sets of a deep document are like that.
    if !matches!(set.items.as_slice(), [] | [Positioned { node: Selection::Field(_), .. }]) {
        Search { document, outputs: HashMap::new(), entered: HashSet::new() }.set(None, set)?;
    }
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => from_root(document, &field.node.selection_set.node)?,
            Selection::InlineFragment(inline) => from_root(document, &inline.node.selection_set.node)?,
            Selection::FragmentSpread(_) => {}
        }
    }
    Ok(())
}

struct Search<'d> {
    document: &'d ExecutableDocument,
    outputs: HashMap<(Option<&'d str>, &'d str), &'d Positioned<Field>>,
    entered: HashSet<&'d str>,
}

impl<'d> Search<'d> {
    fn set(&mut self, on: Option<&'d str>, set: &'d SelectionSet) -> Result<()> {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.field(on, field)?,
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                    self.set(on, &inline.node.selection_set.node)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let Some(fragment) = self.document.fragments.get(name)
                        && self.entered.insert(name)
                    {
                        let on = Some(fragment.node.type_condition.node.on.node.as_str());
                        self.set(on, &fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, on: Option<&'d str>, field: &'d Positioned<Field>) -> Result<()> {
        let key = (on, field.node.response_key().node.as_str());
        let Some(earlier) = self.outputs.get(&key) else {
            self.outputs.insert(key, field);
            return Ok(());
        };
        let same = earlier.node.name.node == field.node.name.node
            && earlier.node.arguments.len() == field.node.arguments.len()
            && earlier.node.arguments.iter().all(|(name, value)| field.node.get_argument(&name.node) == Some(value));
        if same {
            return Ok(());
        }
        Err(invalid("Two different fields of one selection set have one response name: give one an alias.")
            .at(field.pos))
    }
}
