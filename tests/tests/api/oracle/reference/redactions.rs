//! What a role does not see, by the path in the answer.

use std::collections::BTreeSet;

use lanpya::access::reading;
use lanpya::graph::declare::{Noun, Shape};
use lanpya::graph::graph;
use lanpya::plan::GlobalId;

use super::{Reference, list, text};
use crate::oracle::ast::{Item, Operation};

impl Reference<'_> {
    /// Response paths of the fields that are null because of the role.
    pub fn redactions(&self, operation: &Operation) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (key, fields) in self.collect(operation, &[&operation.items], &|on| on == "Query") {
            let below: Vec<&[Item]> = fields.iter().map(|field| field.items.as_slice()).collect();
            let ids = |name| {
                let ids = operation.argument(fields[0], name).unwrap();
                list(&ids).into_iter().filter_map(|id| GlobalId::read(text(id))).collect::<Vec<_>>()
            };
            match fields[0].name.as_str() {
                "__typename" => {}
                "viewer" => {
                    for (inner, fields) in self.collect(operation, &below, &|on| on == "Viewer") {
                        let below: Vec<&[Item]> = fields.iter().map(|field| field.items.as_slice()).collect();
                        let name = match fields[0].name.as_str() {
                            "user" => "User",
                            "organisation" => "Organisation",
                            _ => continue,
                        };
                        let (noun, path) = (graph().named(name).unwrap(), format!("{key}.{inner}"));
                        if reading(self.asker.role, noun.area).is_some() {
                            self.redacted(operation, noun, &below, &path, &mut found);
                        } else {
                            found.insert(path);
                        }
                    }
                }
                name @ ("node" | "nodes") => {
                    for id in ids(if name == "node" { "id" } else { "ids" }) {
                        let noun = graph().prefixed(&id.prefix).and_then(|noun| graph().noun(noun));
                        if let Some(noun) = noun.filter(|noun| reading(self.asker.role, noun.area).is_some()) {
                            self.redacted(operation, noun, &below, key, &mut found);
                        }
                    }
                }
                name => {
                    let noun = graph().nouns().iter().find(|noun| noun.single == name || noun.plural == name).unwrap();
                    if noun.plural == name {
                        self.redacted_list(operation, noun, &below, key, &mut found);
                    } else {
                        self.redacted(operation, noun, &below, key, &mut found);
                    }
                }
            }
        }
        found
    }

    fn redacted_list(
        &self,
        operation: &Operation,
        noun: &'static Noun,
        below: &[&[Item]],
        path: &str,
        found: &mut BTreeSet<String>,
    ) {
        for (key, fields) in self.collect(operation, below, &|on| on == format!("{}Connection", noun.name)) {
            let path = format!("{path}.{key}");
            let below: Vec<&[Item]> = fields.iter().map(|field| field.items.as_slice()).collect();
            match fields[0].name.as_str() {
                "nodes" => self.redacted(operation, noun, &below, &path, found),
                "edges" => {
                    for (key, fields) in self.collect(operation, &below, &|on| on == format!("{}Edge", noun.name)) {
                        let below: Vec<&[Item]> = fields.iter().map(|field| field.items.as_slice()).collect();
                        if fields[0].name == "node" {
                            self.redacted(operation, noun, &below, &format!("{path}.{key}"), found);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn redacted(
        &self,
        operation: &Operation,
        noun: &'static Noun,
        below: &[&[Item]],
        path: &str,
        found: &mut BTreeSet<String>,
    ) {
        for (key, fields) in self.collect(operation, below, &|on| on == noun.name || on == "Node") {
            let Some(declared) = noun.field(&fields[0].name) else { continue };
            let path = format!("{path}.{key}");
            let below: Vec<&[Item]> = fields.iter().map(|field| field.items.as_slice()).collect();
            let unread = |target: &str| reading(self.asker.role, graph().named(target).unwrap().area).is_none();
            match &declared.shape {
                _ if !self.may_see(noun, declared.class) => drop(found.insert(path)),
                Shape::One(_, target) | Shape::Many(_, target) if unread(target) => drop(found.insert(path)),
                Shape::One(_, target) => {
                    self.redacted(operation, graph().named(target).unwrap(), &below, &path, found);
                }
                Shape::Many(_, target) => {
                    self.redacted_list(operation, graph().named(target).unwrap(), &below, &path, found);
                }
                Shape::Object(name, _, inner) => {
                    for (key, fields) in self.collect(operation, &below, &|on| on == *name) {
                        let part = inner.iter().find(|part| part.name == fields[0].name);
                        if part.is_some_and(|part| !self.may_see(noun, part.class)) {
                            found.insert(format!("{path}.{key}"));
                        }
                    }
                }
                _ => {}
            }
        }
    }
}
