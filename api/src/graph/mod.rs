//! The nouns of the graph, declared: one file each, and nothing else. What is declared here becomes types, filters,
//! orders, plans and documentation; no read is coded anywhere.

pub mod cube;
pub mod declare;
pub mod labels;

mod audit_event;
mod campaign;
mod capacity;
mod case;
mod child;
mod complaint;
mod cpms_observation;
mod household;
mod location;
mod organisation;
mod person;
mod project;
mod referral;
mod resource_centre;
mod survivor;
mod training;
mod user;
mod visit;
mod visit_work;
mod visitor;
mod webhook;

use std::collections::HashMap;
use std::sync::LazyLock;

use cube::Cube;
use declare::Noun;

/// All nouns, by position and by name.
pub struct Graph {
    nouns: Vec<Noun>,
    by_name: HashMap<&'static str, usize>,
    by_prefix: HashMap<&'static str, usize>,
    cubes: Vec<Cube>,
}

static GRAPH: LazyLock<Graph> = LazyLock::new(|| {
    let nouns: Vec<Noun> = [
        organisation::nouns(),
        user::nouns(),
        project::nouns(),
        location::nouns(),
        person::nouns(),
        household::nouns(),
        child::nouns(),
        cpms_observation::nouns(),
        case::nouns(),
        survivor::nouns(),
        resource_centre::nouns(),
        visit::nouns(),
        visitor::nouns(),
        visit_work::nouns(),
        complaint::nouns(),
        referral::nouns(),
        webhook::nouns(),
        capacity::nouns(),
        training::nouns(),
        campaign::nouns(),
        audit_event::nouns(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let by_name = nouns.iter().enumerate().map(|(position, noun)| (noun.name, position)).collect();
    let by_prefix = nouns.iter().enumerate().map(|(position, noun)| (noun.prefix, position)).collect();
    let cubed = [visit::cube, complaint::cube, training::cube, campaign::cube];
    let cubes = nouns.iter().filter_map(|noun| cubed.iter().find_map(|cube| cube(noun))).collect();
    Graph { nouns, by_name, by_prefix, cubes }
});

/// The graph.
pub fn graph() -> &'static Graph {
    &GRAPH
}

impl Graph {
    /// Every noun, in the order of the schema.
    pub fn nouns(&self) -> &[Noun] {
        &self.nouns
    }

    /// What can be counted.
    pub fn cubes(&self) -> &[Cube] {
        &self.cubes
    }

    /// The noun at a position.
    pub fn noun(&self, position: usize) -> Option<&Noun> {
        self.nouns.get(position)
    }

    /// The position of the noun of that type name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The noun of that type name.
    pub fn named(&self, name: &str) -> Option<&Noun> {
        self.position(name).and_then(|position| self.nouns.get(position))
    }

    /// The noun whose ids begin with that prefix.
    pub fn prefixed(&self, prefix: &str) -> Option<usize> {
        self.by_prefix.get(prefix).copied()
    }
}

#[cfg(test)]
mod tests;
