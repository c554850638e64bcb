//! What of the schema has been asked and answered, so that the next operation asks for what was asked least.

use std::collections::{BTreeMap, BTreeSet};

use harness::introspection::{Input, Schema};

/// Uses of each part of the schema: `Type.field`, `Type.field(argument)`, `Input.field`, `Enum.VALUE`.
#[derive(Default)]
pub struct Coverage {
    attempted: BTreeMap<String, usize>,
    answered: BTreeMap<String, usize>,
}

/// Everything a client can write, by kind.
pub struct Universe {
    pub fields: BTreeSet<String>,
    pub arguments: BTreeSet<String>,
    pub inputs: BTreeSet<String>,
    /// Values of the enums that filters and orders take.
    pub values: BTreeSet<String>,
}

impl Coverage {
    pub fn attempt(&mut self, part: &str) {
        *self.attempted.entry(part.to_owned()).or_default() += 1;
    }

    /// The operation that used them was answered with data.
    pub fn answer(&mut self, parts: &[String]) {
        for part in parts {
            *self.answered.entry(part.clone()).or_default() += 1;
        }
    }

    /// The less, the sooner it should be asked for.
    pub fn weight(&self, part: &str) -> usize {
        let of = |counts: &BTreeMap<String, usize>| counts.get(part).copied().unwrap_or_default();
        4 * of(&self.answered) + of(&self.attempted)
    }

    /// Whether an operation that was answered has used it.
    pub fn answered(&self, part: &str) -> bool {
        self.answered.contains_key(part)
    }

    /// What no answered operation has used.
    pub fn missed(&self, of: &BTreeSet<String>) -> Vec<String> {
        of.iter().filter(|part| !self.answered.contains_key(*part)).cloned().collect()
    }

    /// Takes in what another run has used.
    pub fn add(&mut self, other: &Self) {
        for (counts, more) in [(&mut self.attempted, &other.attempted), (&mut self.answered, &other.answered)] {
            for (part, count) in more {
                *counts.entry(part.clone()).or_default() += count;
            }
        }
    }
}

impl Universe {
    pub fn of(schema: &Schema) -> Self {
        let mut universe = Self {
            fields: BTreeSet::new(),
            arguments: BTreeSet::new(),
            inputs: BTreeSet::new(),
            values: BTreeSet::new(),
        };
        let mut queue = vec!["Query", "Mutation"];
        let mut seen: BTreeSet<&str> = queue.iter().copied().collect();
        while let Some(name) = queue.pop() {
            for field in schema.fields(name) {
                universe.fields.insert(format!("{name}.{}", field.name));
                for argument in &field.args {
                    universe.arguments.insert(format!("{name}.{}({})", field.name, argument.name));
                    let narrows = matches!(argument.name.as_str(), "where" | "orderBy");
                    universe.input(schema, argument, narrows);
                }
                if seen.insert(field.ty.named()) {
                    queue.push(field.ty.named());
                }
            }
        }
        universe
    }

    /// Every part of every kind.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.fields.iter().chain(&self.arguments).chain(&self.inputs).chain(&self.values)
    }

    fn input(&mut self, schema: &Schema, input: &Input, narrows: bool) {
        let ty = schema.get(input.ty.named());
        if narrows {
            self.values.extend(ty.enum_values.iter().flatten().map(|value| format!("{}.{}", ty.name, value.name)));
        }
        for field in ty.input_fields.iter().flatten() {
            if self.inputs.insert(format!("{}.{}", ty.name, field.name)) {
                self.input(schema, field, narrows);
            }
        }
    }
}
