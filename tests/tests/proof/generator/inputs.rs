//! Values for arguments: filters, orders and the inputs of mutations.

use harness::inputs::{NAMES, made};
use harness::introspection::{Input, TypeRef};
use lanpya::access::{Class, reading};
use lanpya::graph::declare::{Noun, Shape};
use lanpya::graph::graph;

use super::Generator;
use super::material::{fresh, nobody};
use super::value::Val;

/// Inputs with a form, and values that have it.
const FORMS: [(&str, &[&str]); 15] = [
    ("code", &["C-0006", "S-0004", "C-0001", "N-1", "N-2"]),
    ("township", &["MMR015009", "MMR001001"]),
    ("homeTownship", &["MMR015009", "MMR999999"]),
    ("community", &["MMR015009", "MMR001001"]),
    ("currentLocation", &["MMR001001", "TH85"]),
    ("place", &["TH85", "MMR015009"]),
    ("country", &["TH", "MM"]),
    ("destination", &["TH", "CN"]),
    ("citizenship", &["MM", "TH"]),
    ("nationality", &["MM", "TH"]),
    ("interviewLanguage", &["my", "kac"]),
    ("languages", &["my", "th", "shn"]),
    ("townships", &["MMR015009", "MMR001001"]),
    ("batchIds", &["B-1", "B-2"]),
    ("participantKey", &["P-001", "P-002", "P-100"]),
];

/// Keys, some of which the seeded rows have used.
const ONCE: [&str; 6] = ["key-0", "key-1", "one", "two", "three", "four"];
const TEXTS: [&str; 8] = ["text", "", "မှတ်တမ်း", "บันทึก", "Mi Mi BETA", "C-0001", "C-0006", "\"quoted\" \\ line\n"];

impl Generator<'_> {
    /// A filter on a noun's list.
    pub(super) fn filter(&mut self, noun: &'static Noun, depth: usize) -> Val {
        let ty = format!("{}Filter", noun.name);
        let schema = self.schema;
        let mut names: Vec<&Input> = schema.get(&ty).input_fields.iter().flatten().collect();
        names.retain(|input| depth > 0 || !matches!(input.name.as_str(), "and" | "or" | "not"));
        if !self.random.chance(3) {
            names.retain(|input| self.may_filter(noun, &input.name));
        }
        let mut members = Vec::new();
        for _ in 0..self.random.between(1, 3) {
            let parts: Vec<String> = names.iter().map(|input| format!("{ty}.{}", input.name)).collect();
            let Some(position) = self.rarest(&parts) else { break };
            let input = names.swap_remove(position);
            let value = match input.name.as_str() {
                "and" | "or" => {
                    let count = self.random.between(1, 2);
                    Val::List((0..count).map(|_| self.filter(noun, depth.saturating_sub(1))).collect())
                }
                "not" => self.filter(noun, depth.saturating_sub(1)),
                name => self.condition(noun, input, &format!("{}.{name}", noun.name), depth.saturating_sub(1)),
            };
            self.used(&parts[position]);
            members.push((input.name.clone(), value));
        }
        Val::Object(members)
    }

    fn may_filter(&self, noun: &Noun, name: &str) -> bool {
        let highest = |noun: &Noun| reading(self.role, noun.area).map(|grant| grant.class);
        let readable = |class: Class| highest(noun).is_some_and(|highest| class <= highest);
        if let Some(shortcut) = noun.shortcuts.iter().find(|shortcut| shortcut.name == name) {
            return self.may_filter(noun, shortcut.edge);
        }
        let Some(field) = noun.field(name) else { return true };
        let reached = match &field.shape {
            Shape::One(_, target) | Shape::Many(_, target) => {
                graph().named(target).is_some_and(|n| highest(n).is_some())
            }
            _ => true,
        };
        readable(field.class) && reached
    }

    /// A condition on one field: operators, a relation, or the parts of a value.
    fn condition(&mut self, noun: &'static Noun, input: &Input, way: &str, depth: usize) -> Val {
        let schema = self.schema;
        let ty = schema.get(input.ty.named());
        if schema.is_leaf(&ty.name) {
            return Val::Text((*self.random.pick(&["muse", "မူဆယ်", "ranong"])).to_owned());
        }
        let inputs: Vec<&Input> = ty.input_fields.iter().flatten().collect();
        let parts: Vec<String> = inputs.iter().map(|input| format!("{}.{}", ty.name, input.name)).collect();
        let Some(position) = self.rarest(&parts) else { return Val::Object(Vec::new()) };
        let chosen = inputs[position];
        let value = match (chosen.name.as_str(), noun.field(way.rsplit('.').next().unwrap_or(way)).map(|f| &f.shape)) {
            ("is" | "some" | "none" | "every", Some(Shape::One(_, target) | Shape::Many(_, target))) => {
                let target = graph().named(target).expect("a noun");
                if depth == 0 { Val::Object(Vec::new()) } else { self.filter(target, depth) }
            }
            _ if schema.is_leaf(chosen.ty.named()) => self.operand(noun, chosen, way),
            _ => self.condition(noun, chosen, &format!("{way}.{}", chosen.name), depth),
        };
        self.used(&parts[position]);
        Val::Object(vec![(chosen.name.clone(), value)])
    }

    fn operand(&mut self, noun: &'static Noun, input: &Input, way: &str) -> Val {
        if input.ty.is_list() {
            let count = self.random.between(1, 3);
            return Val::List((0..count).map(|_| self.comparand(noun, input.ty.named(), way)).collect());
        }
        self.comparand(noun, input.ty.named(), way)
    }

    fn comparand(&mut self, noun: &'static Noun, ty: &str, way: &str) -> Val {
        match ty {
            "ID" => Val::Text(self.id(noun)),
            "Boolean" => Val::Bool(self.random.chance(50)),
            _ if self.random.chance(80) && self.material.values.get(way).is_some_and(|values| !values.is_empty()) => {
                self.random.pick(&self.material.values[way]).clone()
            }
            _ => self.scalar(ty, ""),
        }
    }

    /// Sort keys of a noun's list.
    pub(super) fn order(&mut self, noun: &Noun) -> Option<Val> {
        let name = format!("{}OrderField", noun.name);
        self.schema.types.get(&name)?;
        let mut keys = Vec::new();
        for _ in 0..self.random.between(1, 2) {
            let mut key = vec![("field".to_owned(), self.choice(&name))];
            self.used(&format!("{}Order.field", noun.name));
            if self.random.chance(60) {
                key.push(("direction".to_owned(), self.choice("OrderDirection")));
                self.used(&format!("{}Order.direction", noun.name));
            }
            keys.push(Val::Object(key));
        }
        Some(Val::List(keys))
    }

    /// A value of an enum, rather one that was not used yet.
    fn choice(&mut self, name: &str) -> Val {
        let schema = self.schema;
        let values: Vec<&str> =
            schema.get(name).enum_values.iter().flatten().map(|value| value.name.as_str()).collect();
        let parts: Vec<String> = values.iter().map(|value| format!("{name}.{value}")).collect();
        let position = self.rarest(&parts).expect("a value");
        self.used(&parts[position]);
        Val::Name(values[position].to_owned())
    }

    /// An id of a noun: the organisation's own, another's, nobody's, or of another noun.
    pub(super) fn id(&mut self, noun: &'static Noun) -> String {
        let kind = &self.material.ids[noun.name];
        let chance = self.random.below(100);
        if chance < if self.operation.mutation { 84 } else { 70 } && !kind.own.is_empty() {
            return self.random.pick(&kind.own).clone();
        }
        if chance < 88 && !kind.foreign.is_empty() {
            let id = self.random.pick(&kind.foreign).clone();
            self.operation.foreign.push((id.clone(), nobody(noun)));
            return id;
        }
        if chance < 95 {
            return nobody(noun);
        }
        let other = self.random.pick(graph().nouns());
        let ids = &self.material.ids[other.name].own;
        if ids.is_empty() { "nothing".to_owned() } else { self.random.pick(ids).clone() }
    }

    /// A scalar or enum of that type; `name` is the input it is for.
    pub(super) fn scalar(&mut self, ty: &str, name: &str) -> Val {
        let text = |text: &&str| Val::Text((*text).to_owned());
        match ty {
            "Int" if name == "year" => Val::Int(2023 + i64::try_from(self.random.below(4)).unwrap()),
            "Int" => Val::Int(i64::try_from(self.random.below(6)).unwrap()),
            "Float" => Val::Float(0.5 * f64::from(u8::try_from(self.random.below(9)).unwrap())),
            "Boolean" => Val::Bool(self.random.chance(50)),
            "Date" => {
                let days = self.random.below(330);
                let first = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
                Val::Text((first + chrono::TimeDelta::days(i64::try_from(days).unwrap())).to_string())
            }
            "DateTime" => {
                text(self.random.pick(&["2026-01-01T08:30:00Z", "2026-01-04T08:30:00Z", "2026-11-22T03:00:00Z"]))
            }
            "String" if name == "idempotencyKey" => text(self.random.pick(&ONCE)),
            "String" => match FORMS.iter().find(|(form, _)| *form == name) {
                Some((_, values)) => text(self.random.pick(values)),
                None => text(self.random.pick(&TEXTS)),
            },
            _ => self.choice(ty),
        }
    }

    /// The input of a mutation.
    pub(super) fn input(&mut self, mutation: &str, ty: &str) -> Val {
        let schema = self.schema;
        let mut members: Vec<(String, Val)> = Vec::new();
        let mut record = None;
        for field in schema.get(ty).input_fields.iter().flatten() {
            let part = format!("{ty}.{}", field.name);
            let tried = self.coverage.weight(&part) > 0 && !self.wanted.contains(&part);
            if !field.ty.required() && tried && !self.random.chance(40) {
                continue;
            }
            self.used(&part);
            let value = match field.name.as_str() {
                "scores" if self.random.chance(60) => self.scores(),
                "expectedVersion" if self.random.chance(85) => {
                    let version = record.as_ref().and_then(|id| self.material.versions.get(id));
                    Val::Int(version.copied().unwrap_or(1))
                }
                _ => self.member(mutation, &field.ty, &field.name),
            };
            if let (true, Val::Text(id)) = (field.ty.named() == "ID" && record.is_none(), &value) {
                record = Some(id.clone());
            }
            members.push((field.name.clone(), value));
        }
        Val::Object(members)
    }

    fn member(&mut self, mutation: &str, ty: &TypeRef, name: &str) -> Val {
        if ty.is_list() {
            let count = self.random.between(1, 2);
            return Val::List((0..count).map(|_| self.single(mutation, ty.named(), name)).collect());
        }
        self.single(mutation, ty.named(), name)
    }

    fn single(&mut self, mutation: &str, ty: &str, name: &str) -> Val {
        match ty {
            "ID" => Val::Text(self.names(mutation, name)),
            _ if self.schema.is_leaf(ty) => self.scalar(ty, name),
            _ => self.input(mutation, ty),
        }
    }

    fn names(&mut self, mutation: &str, name: &str) -> String {
        let noun = if name == "id" {
            made(self.schema, mutation)
        } else {
            let named = NAMES.iter().find(|(known, _)| *known == name);
            let named = named.unwrap_or_else(|| panic!("{mutation}: what does the id `{name}` name? Add it to NAMES."));
            graph().named(named.1).expect("a noun")
        };
        // The id of a new record is better one that no row has, once in a while one that another organisation has.
        if name == "id" && self.random.chance(75) {
            if let Some(theirs) = self.material.recent.get(noun.name).filter(|_| self.random.chance(25)) {
                return theirs.clone();
            }
            self.fresh += 1;
            return fresh(noun, self.fresh);
        }
        self.id(noun)
    }

    /// A score for every item there is.
    fn scores(&mut self) -> Val {
        let items = self.random.pick(&self.material.items).clone();
        let scored = items.into_iter().map(|item| {
            let score = i64::try_from(self.random.between(1, 4)).unwrap();
            let score = [("item", Val::Text(item)), ("self", Val::Int(score)), ("agreed", Val::Int(score))];
            Val::Object(score.map(|(name, value)| (name.to_owned(), value)).into())
        });
        Val::List(scored.collect())
    }
}
