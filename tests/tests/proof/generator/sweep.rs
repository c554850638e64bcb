//! The way to a part of the schema that no operation has used yet, so that the next one does.

use std::collections::{BTreeMap, VecDeque};

use entity::user::RoleCode;
use harness::introspection::Schema;
use lanpya::access::reading;
use lanpya::graph::graph;

use super::{BUSY, Generator, allowed};

/// What leads from the root to each type: the parts on the shortest way.
pub fn ways(schema: &Schema) -> BTreeMap<String, Vec<String>> {
    let mut ways: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut queue = VecDeque::new();
    for root in ["Query", "Mutation"] {
        ways.insert(root.to_owned(), Vec::new());
        queue.push_back(root.to_owned());
    }
    while let Some(name) = queue.pop_front() {
        let way = ways[&name].clone();
        let ty = schema.get(&name);
        let mut next: Vec<(String, Vec<String>)> = Vec::new();
        for field in ty.fields.iter().flatten() {
            let part = format!("{name}.{}", field.name);
            next.push((field.ty.named().to_owned(), vec![part.clone()]));
            for argument in &field.args {
                let parts = vec![part.clone(), format!("{part}({})", argument.name)];
                next.push((argument.ty.named().to_owned(), parts));
            }
        }
        for field in ty.input_fields.iter().flatten() {
            next.push((field.ty.named().to_owned(), vec![format!("{name}.{}", field.name)]));
        }
        for (target, parts) in next {
            if !ways.contains_key(&target) {
                ways.insert(target.clone(), [way.clone(), parts].concat());
                queue.push_back(target);
            }
        }
    }
    ways
}

impl Generator<'_> {
    /// Sets what the next operation must use, and who may.
    pub(super) fn aim(&mut self) {
        self.wanted.clear();
        let missed: Vec<String> = self.universe.all().filter(|part| !self.coverage.answered(part)).cloned().collect();
        if missed.is_empty() {
            return;
        }
        // Those that were tried least, in turn.
        let start = self.random.below(missed.len());
        let turns = (0..missed.len()).map(|step| &missed[(start + step) % missed.len()]);
        let Some(part) = turns.min_by_key(|part| self.coverage.weight(part)).cloned() else { return };
        let owner = part.split('.').next().unwrap_or_default();
        self.wanted.extend(self.ways.get(owner).into_iter().flatten().cloned());
        self.wanted.extend(part.split('(').next().map(str::to_owned));
        self.wanted.insert(part);
        let Some(root) = self.wanted.iter().find(|part| part.starts_with("Query.") || part.starts_with("Mutation."))
        else {
            return;
        };
        let (kind, field) = root.split_once('.').unwrap_or_default();
        let field = field.split('(').next().unwrap_or_default();
        self.operation.mutation = kind == "Mutation";
        let target = self.schema.field(kind, field).ty.named();
        let target = target.trim_end_matches("Connection").trim_end_matches("Statistics");
        let usable = |role: &RoleCode| match graph().named(target) {
            Some(noun) => reading(*role, noun.area).is_some(),
            None => kind == "Query" || allowed(*role, field),
        };
        let able: Vec<RoleCode> = BUSY.into_iter().filter(usable).collect();
        // The first of them read most.
        let most = if self.random.chance(50) { 1 } else { able.len() };
        if most > 0 && !able.is_empty() {
            self.role = able[self.random.below(most)];
        }
    }
}
