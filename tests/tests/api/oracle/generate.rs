//! Operations at random over everything that is declared: valid, within the limits, with values that the data have.

use chrono::{Days, SecondsFormat};
use entity::user::RoleCode;
use entity::value::{Cell, Scalar};
use harness::seed::Organisation;
use harness::{ALPHA, BETA};
use lanpya::access::{Class, reading, roles};
use lanpya::graph::declare::{Column, Field as Declared, Noun, Shape};
use lanpya::graph::graph;
use lanpya::plan::{GlobalId, operators};
use serde_json::{Value, json};
use uuid::Uuid;

use super::ast::{Directive, Field, Item, Literal, Operation, Variable};
use super::data::Data;
use super::random::Random;
use super::reference::orders;

/// Rows an operation may come to, nested pages multiplied out; the server allows 20,000.
const COST: usize = 12_000;
const SELECTIONS: usize = 70;
const ALIASES: usize = 24;
const DEPTH: usize = 10;
const TERMS: usize = 25;

/// An operation and who asks it.
pub struct Asked {
    /// The organisation.
    pub organisation: &'static Organisation,
    /// The role.
    pub role: RoleCode,
    /// What is asked.
    pub operation: Operation,
}

/// The operation of a seed.
pub fn operation(seed: u64, data: &Data) -> Asked {
    let mut random = Random::new(seed);
    let organisation = if random.chance(75) { &ALPHA } else { &BETA };
    // Roles that read people see more of what can go wrong.
    let role = match random.below(10) {
        0..=2 => RoleCode::Supervisor,
        3 => RoleCode::Caseworker,
        4 => RoleCode::MrcCounsellor,
        _ => *random.pick(&roles()),
    };
    let mut generator = Generator {
        random,
        data,
        role,
        operation: Operation::default(),
        aliases: 0,
        selections: 0,
        cost: 0,
        terms: 0,
        constant: false,
        force: false,
        reusable: Vec::new(),
    };
    for root in 0..generator.random.between(1, 3) {
        let item = generator.root(root);
        generator.operation.items.push(item);
    }
    Asked { organisation, role, operation: generator.operation }
}

/// Operations for what chance seldom meets: nulls below `not`, and filters that look at rows beyond reach.
pub fn chosen() -> Vec<Asked> {
    let filters = [
        (RoleCode::Supervisor, "visits", json!({ "not": { "ageYears": { "gt": 12 } } })),
        (
            RoleCode::Supervisor,
            "visits",
            json!({ "not": { "or": [{ "destination": { "eq": "TH" } }, { "ageYears": { "lte": 11 } }] } }),
        ),
        (RoleCode::Supervisor, "visits", json!({ "destination": { "ne": "TH" } })),
        (RoleCode::MrcCounsellor, "visits", json!({ "destination": { "ne": "CN" } })),
        (RoleCode::MrcCounsellor, "resourceCentres", json!({ "visits": { "some": { "ticket": { "eq": "T-004" } } } })),
        (
            RoleCode::MrcCounsellor,
            "resourceCentres",
            json!({ "visits": { "every": { "ageYears": { "isNull": true } } } }),
        ),
        (
            RoleCode::Caseworker,
            "locations",
            json!({ "pcode": { "eq": "MMR015009" }, "children": { "every": { "pcode": { "eq": "x" } } } }),
        ),
        (RoleCode::Caseworker, "survivors", json!({ "cases": { "none": {} } })),
        (RoleCode::Caseworker, "children", json!({ "observations": { "every": { "year": { "eq": 2025 } } } })),
        (RoleCode::Caseworker, "people", json!({ "visits": { "none": {} } })),
        (RoleCode::MrcCounsellor, "people", json!({ "childProfiles": { "none": {} } })),
    ];
    let visits = (1..=12).map(|number| {
        let ticket = format!("T-{number:03}");
        (RoleCode::MrcCounsellor, "resourceCentres", json!({ "visits": { "none": { "ticket": { "eq": ticket } } } }))
    });
    let filters = filters.into_iter().chain(visits);
    // A role that does not read visits may not ask for them.
    let filters = filters.filter(|(role, _, filter)| *role != RoleCode::Caseworker || filter.get("visits").is_none());
    filters
        .map(|(role, root, filter)| {
            let mut field = Field::bare(root);
            let noun = graph().nouns().iter().find(|noun| noun.plural == root).unwrap();
            field.arguments.push(("where".to_owned(), Literal::Variable("filter".to_owned())));
            let mut nodes = Field::bare("nodes");
            nodes.items.push(Item::Field(Field::bare("id")));
            field.items = vec![Item::Field(Field::bare("totalCount")), Item::Field(nodes)];
            let mut operation = Operation { items: vec![Item::Field(field)], ..Operation::default() };
            let variable = Variable { kind: format!("{}Filter", noun.name), default: None, given: Some(filter) };
            operation.variables.insert("filter".to_owned(), variable);
            Asked { organisation: &ALPHA, role, operation }
        })
        .collect()
}

struct Generator<'g> {
    random: Random,
    data: &'g Data,
    role: RoleCode,
    operation: Operation,
    aliases: usize,
    selections: usize,
    cost: usize,
    terms: usize,
    /// No variables: what is made becomes a variable's value.
    constant: bool,
    /// Every list has an alias of its own: what is made is merged with something else.
    force: bool,
    /// Fragments without lists, which may be spread again.
    reusable: Vec<(String, &'static str)>,
}

fn noun_named(name: &str) -> &'static Noun {
    graph().named(name).unwrap()
}

impl Generator<'_> {
    fn alias(&mut self, percent: usize) -> Option<String> {
        if self.aliases >= ALIASES || !self.random.chance(percent) {
            return None;
        }
        self.aliases += 1;
        Some(format!("a{}", self.aliases))
    }

    fn readable(&self, noun: &Noun) -> bool {
        reading(self.role, noun.area).is_some()
    }

    fn class(&self, noun: &Noun) -> Option<Class> {
        reading(self.role, noun.area).map(|grant| grant.class)
    }

    // Variables and directives.

    fn variable(&mut self, kind: &str, literal: &Literal) -> Literal {
        let name = format!("v{}", self.operation.variables.len());
        let value = self.operation.value(literal).unwrap();
        let (default, given) = match self.random.below(4) {
            0 => (Some(literal.clone()), None),
            1 if kind == "Boolean!" => (Some(Literal::Plain(json!(value != json!(true)))), Some(value)),
            _ => (None, Some(value)),
        };
        self.operation.variables.insert(name.clone(), Variable { kind: kind.to_owned(), default, given });
        Literal::Variable(name)
    }

    fn perhaps_variable(&mut self, percent: usize, kind: &str, literal: Literal) -> Literal {
        if self.constant || self.operation.variables.len() >= 20 || !self.random.chance(percent) {
            return literal;
        }
        self.variable(kind, &literal)
    }

    fn directives(&mut self) -> Vec<Directive> {
        let mut found = Vec::new();
        while self.random.chance(6) && found.len() < 2 {
            let include = self.random.chance(50);
            if found.iter().any(|one: &Directive| one.include == include) {
                break;
            }
            let truth = if self.random.chance(65) { include } else { !include };
            let condition = self.perhaps_variable(60, "Boolean!", Literal::Plain(json!(truth)));
            found.push(Directive { include, condition });
        }
        found
    }

    // Roots.

    fn noun(&mut self) -> &'static Noun {
        let nouns: Vec<&Noun> = graph().nouns().iter().filter(|noun| self.readable(noun)).collect();
        // What is shared takes its turn less often.
        let owned: Vec<&Noun> =
            nouns.iter().copied().filter(|noun| !matches!(noun.owner, entity::Owner::Shared)).collect();
        let from = if owned.is_empty() || self.random.chance(15) { nouns } else { owned };
        let name = self.random.pick(&from).name;
        noun_named(name)
    }

    fn global(&mut self, noun: &Noun) -> Value {
        let rows = self.data.rows(noun.table);
        let id = if rows.is_empty() || self.random.chance(5) {
            Uuid::from_u128(7)
        } else {
            self.random.pick(rows)[noun.id].uuid().unwrap()
        };
        json!(GlobalId::text(noun.prefix, id))
    }

    fn root(&mut self, number: usize) -> Item {
        let mut field = match self.random.below(20) {
            0 => Field::bare("__typename"),
            1 => self.viewer(),
            2 | 3 => self.node(),
            4 => self.nodes(),
            5..=7 => self.single(),
            _ => {
                let noun = self.noun();
                let mut field = Field::bare(noun.plural);
                self.list(noun, 1, 1, &mut field);
                field
            }
        };
        field.alias = Some(format!("r{number}"));
        // async-graphql does not look at the directives of `__typename`, and finds their variables unused.
        if field.name != "__typename" {
            field.directives = self.directives();
        }
        let wrapped = self.random.chance(8);
        let item = Item::Field(field);
        if wrapped { Item::Inline(Some("Query".to_owned()), Vec::new(), vec![item]) } else { item }
    }

    fn viewer(&mut self) -> Field {
        let mut field = Field::bare("viewer");
        for name in ["role", "permissions", "user", "organisation", "__typename"] {
            if self.random.chance(60) || name == "__typename" {
                let mut inner = Field::bare(name);
                if let "user" | "organisation" = name {
                    let noun = noun_named(if name == "user" { "User" } else { "Organisation" });
                    inner.items = self.object(noun, 1, 3);
                }
                field.items.push(Item::Field(inner));
            }
        }
        field
    }

    fn node(&mut self) -> Field {
        let noun = self.noun();
        let mut field = Field::bare("node");
        let id = self.global(noun);
        let id = self.perhaps_variable(50, "ID!", Literal::Plain(id));
        field.arguments.push(("id".to_owned(), id));
        field.items = self.on_nodes(&[noun], 1);
        field
    }

    fn nodes(&mut self) -> Field {
        let nouns: Vec<&Noun> = (0..self.random.between(1, 3)).map(|_| self.noun()).collect();
        let mut ids = Vec::new();
        for _ in 0..self.random.between(1, 6) {
            let noun = *self.random.pick(&nouns);
            ids.push(self.global(noun));
        }
        let rows = ids.len();
        let mut field = Field::bare("nodes");
        let ids = self.perhaps_variable(50, "[ID!]!", Literal::Plain(Value::Array(ids)));
        field.arguments.push(("ids".to_owned(), ids));
        field.items = self.on_nodes(&nouns, rows);
        field
    }

    fn on_nodes(&mut self, nouns: &[&'static Noun], rows: usize) -> Vec<Item> {
        let mut items = vec![Item::Field(Field::bare("id"))];
        if self.random.chance(50) {
            items.push(Item::Field(Field::bare("__typename")));
        }
        let force = std::mem::replace(&mut self.force, true);
        for noun in nouns {
            let inner = self.object(noun, rows, 2);
            items.push(Item::Inline(Some(noun.name.to_owned()), self.directives(), inner));
        }
        self.force = force;
        if self.random.chance(20) {
            let inner = vec![Item::Field(Field::bare("id"))];
            items.push(Item::Inline(Some("Node".to_owned()), Vec::new(), inner));
        }
        items
    }

    fn single(&mut self) -> Field {
        let noun = self.noun();
        let mut field = Field::bare(noun.single);
        let key = noun.key.as_ref().filter(|(_, _, class)| self.class(noun).is_some_and(|highest| *class <= highest));
        let keyed = key.map(|(name, column, _)| (*name, *column)).filter(|_| self.random.chance(60));
        let (name, kind, value) = if let Some((name, column)) = keyed {
            (name, "String", self.value(noun, column))
        } else {
            let of = if self.random.chance(5) { self.noun() } else { noun };
            ("id", "ID", self.global(of))
        };
        // Some nouns need their id, others take an id or a key.
        let kind = if noun.key.is_none() { "ID!" } else { kind };
        let value = self.perhaps_variable(40, kind, Literal::Plain(value));
        field.arguments.push((name.to_owned(), value));
        field.items = self.object(noun, 1, 2);
        field
    }

    // Lists.

    fn list(&mut self, noun: &'static Noun, parents: usize, depth: usize, field: &mut Field) {
        let largest = (COST.saturating_sub(self.cost) / parents / 4).clamp(1, 30);
        let mut rows = 25;
        if self.random.chance(85) || largest < 25 {
            rows = self.random.between(1, largest.min(if parents == 1 { 30 } else { 5 }));
            let name = if self.random.chance(30) { "last" } else { "first" };
            let size = self.perhaps_variable(25, "Int", Literal::Plain(json!(rows)));
            field.arguments.push((name.to_owned(), size));
        }
        if self.readable(noun) && self.random.chance(if parents == 1 { 60 } else { 35 }) {
            let filter = self.whole_filter(noun);
            field.arguments.push(("where".to_owned(), filter));
        }
        if self.random.chance(60) {
            field.arguments.extend(self.order(noun).map(|order| ("orderBy".to_owned(), order)));
        }
        let rows = parents * rows;
        let mut items = Vec::new();
        let forms = self.random.below(10);
        if forms < 8 {
            let inner = self.object(noun, rows, depth + 1);
            let mut nodes = Field::bare("nodes");
            nodes.alias = self.alias(5);
            nodes.items = inner;
            items.push(Item::Field(nodes));
        }
        if forms >= 7 {
            let mut edges = Field::bare("edges");
            if self.random.chance(70) {
                let mut node = Field::bare("node");
                let force = std::mem::replace(&mut self.force, true);
                node.items = self.object(noun, rows, depth + 2);
                self.force = force;
                edges.items.push(Item::Field(node));
            }
            if edges.items.is_empty() || self.random.chance(20) {
                edges.items.push(Item::Field(Field::bare("__typename")));
            }
            items.push(Item::Field(edges));
        }
        if items.is_empty() || self.random.chance(30) {
            let mut count = Field::bare("totalCount");
            if self.random.chance(40) {
                let up_to = json!(self.random.between(1, 12));
                let up_to = self.perhaps_variable(30, "Int", Literal::Plain(up_to));
                count.arguments.push(("upTo".to_owned(), up_to));
            }
            count.directives = self.directives();
            items.push(Item::Field(count));
        }
        if self.random.chance(25) {
            let mut page = Field::bare("pageInfo");
            for name in ["hasNextPage", "hasPreviousPage"] {
                page.items.push(Item::Field(Field::bare(name)));
            }
            page.directives = self.directives();
            items.push(Item::Field(page));
        }
        if self.random.chance(6) {
            items.push(Item::Field(Field::bare("__typename")));
        }
        if self.random.chance(6) {
            let all = std::mem::take(&mut items);
            items.push(Item::Inline(Some(format!("{}Connection", noun.name)), self.directives(), all));
        }
        field.items = items;
    }

    fn order(&mut self, noun: &'static Noun) -> Option<Literal> {
        let highest = self.class(noun)?;
        let known: Vec<String> =
            orders(noun).into_iter().filter(|(_, _, class)| *class <= highest).map(|(name, ..)| name).collect();
        if known.is_empty() {
            return None;
        }
        let mut keys = Vec::new();
        for _ in 0..self.random.between(1, 3) {
            let mut key = vec![("field".to_owned(), Literal::Enum(self.random.pick(&known).clone()))];
            if self.random.chance(75) {
                let direction = if self.random.chance(65) { "DESC" } else { "ASC" };
                key.push(("direction".to_owned(), Literal::Enum(direction.to_owned())));
            }
            keys.push(Literal::Object(key));
        }
        let order = if keys.len() == 1 && self.random.chance(20) { keys.remove(0) } else { Literal::List(keys) };
        Some(self.perhaps_variable(20, &format!("[{}Order!]", noun.name), order))
    }

    // Objects.

    fn object(&mut self, noun: &'static Noun, rows: usize, depth: usize) -> Vec<Item> {
        self.cost += rows;
        let mut items = Vec::new();
        let mut edges: Vec<&str> = Vec::new();
        for _ in 0..self.random.between(1, 5) {
            let declared = self.random.pick(&noun.fields);
            self.selections += 1;
            let item = match &declared.shape {
                Shape::One(_, target) | Shape::Many(_, target) => {
                    let target = noun_named(target);
                    let many = matches!(declared.shape, Shape::Many(..));
                    let room = depth + if many { 4 } else { 2 } <= DEPTH
                        && self.cost + rows * 2 < COST
                        && self.selections < SELECTIONS
                        && (!many || !self.force || self.aliases < ALIASES);
                    if !room || (many && edges.contains(&declared.name) && self.aliases >= ALIASES) {
                        continue;
                    }
                    let again = edges.contains(&declared.name);
                    edges.push(declared.name);
                    self.edge(declared, target, rows, depth, many, again)
                }
                Shape::Object(name, _, inner) => {
                    let mut field = Field::bare(declared.name);
                    field.alias = self.alias(5);
                    for part in inner {
                        if self.random.chance(60) {
                            field.items.push(Item::Field(Field::bare(part.name)));
                        }
                    }
                    if field.items.is_empty() || self.random.chance(10) {
                        field.items.push(Item::Field(Field::bare("__typename")));
                    }
                    if self.random.chance(5) {
                        let all = std::mem::take(&mut field.items);
                        field.items.push(Item::Inline(Some((*name).to_owned()), self.directives(), all));
                    }
                    field.directives = self.directives();
                    Item::Field(field)
                }
                _ => {
                    let mut field = Field::bare(declared.name);
                    field.alias = self.alias(8);
                    field.directives = self.directives();
                    Item::Field(field)
                }
            };
            items.push(item);
        }
        if items.is_empty() || self.random.chance(30) {
            items.push(Item::Field(Field::bare("id")));
        }
        if self.random.chance(8) {
            items.push(Item::Field(Field::bare("__typename")));
        }
        self.wrap(noun, items, edges.is_empty())
    }

    fn edge(
        &mut self,
        declared: &'static Declared,
        target: &'static Noun,
        rows: usize,
        depth: usize,
        many: bool,
        again: bool,
    ) -> Item {
        let mut field = Field::bare(declared.name);
        field.alias = self.alias(if many && (again || self.force) { 100 } else { 12 });
        let force = self.force;
        if field.alias.is_some() {
            // Below an alias of its own nothing is merged.
            self.force = false;
        } else if again {
            self.force = true;
        }
        if many {
            self.list(target, rows, depth + 1, &mut field);
        } else {
            field.items = self.object(target, rows, depth + 1);
        }
        self.force = force;
        field.directives = self.directives();
        Item::Field(field)
    }

    /// Puts some of the items into fragments.
    fn wrap(&mut self, noun: &'static Noun, mut items: Vec<Item>, leaves: bool) -> Vec<Item> {
        if self.random.chance(15) {
            let from = self.random.below(items.len());
            let inner = items.split_off(from);
            let on = self.random.chance(60).then(|| noun.name.to_owned());
            items.push(Item::Inline(on, self.directives(), inner));
        } else if self.random.chance(15) && self.operation.fragments.len() < 12 {
            let name = format!("F{}", self.operation.fragments.len());
            let from = self.random.below(items.len());
            let inner = items.split_off(from);
            items.push(Item::Spread(name.clone(), self.directives()));
            if leaves {
                self.reusable.push((name.clone(), noun.name));
            }
            self.operation.fragments.push((name, noun.name.to_owned(), inner));
        } else if self.random.chance(5) && self.operation.fragments.len() < 12 {
            let name = format!("F{}", self.operation.fragments.len());
            let inner = vec![Item::Field(Field::bare("id")), Item::Field(Field::bare("__typename"))];
            items.push(Item::Spread(name.clone(), Vec::new()));
            self.operation.fragments.push((name, "Node".to_owned(), inner));
        } else if self.random.chance(40)
            && self.aliases < ALIASES / 2
            && let Some((name, _)) = self.reusable.iter().find(|(_, on)| *on == noun.name)
        {
            items.push(Item::Spread(name.clone(), Vec::new()));
            // Aliases count as often as they are spread.
            self.aliases += 3;
        }
        items
    }

    // Filters.

    fn whole_filter(&mut self, noun: &'static Noun) -> Literal {
        if self.constant || !self.random.chance(20) {
            return self.filter(noun, 0);
        }
        self.constant = true;
        let filter = self.filter(noun, 0);
        self.constant = false;
        self.variable(&format!("{}Filter", noun.name), &filter)
    }

    fn filter(&mut self, noun: &'static Noun, depth: usize) -> Literal {
        let highest = self.class(noun).unwrap();
        let fields: Vec<&'static Declared> = noun
            .fields
            .iter()
            .filter(|field| field.class <= highest && (field.filter || matches!(field.shape, Shape::Id)))
            .filter(|field| match &field.shape {
                Shape::One(_, target) | Shape::Many(_, target) => depth < 3 && self.readable(noun_named(target)),
                _ => true,
            })
            .collect();
        let mut members: Vec<(String, Literal)> = Vec::new();
        for _ in 0..self.random.between(1, 2) {
            self.terms += 1;
            let logic = depth < 3 && self.terms < TERMS;
            let (name, value) = match self.random.below(20) {
                0 | 1 if logic => ("and", self.filters(noun, depth)),
                2 | 3 if logic => ("or", self.filters(noun, depth)),
                4..=6 if logic => ("not", self.filter(noun, depth + 1)),
                7 if !noun.shortcuts.is_empty() => {
                    let (shortcut, spellings) = (&noun.shortcuts[0], self.data.rows("place_name"));
                    let text = self.random.pick(spellings)["folded"].text().unwrap().to_owned();
                    (shortcut.name, self.perhaps_variable(20, "String", Literal::Plain(json!(text))))
                }
                _ => {
                    let field = *self.random.pick(&fields);
                    if self.terms > TERMS && matches!(field.shape, Shape::One(..) | Shape::Many(..)) {
                        continue;
                    }
                    (field.name, self.field_filter(noun, field, depth))
                }
            };
            if !members.iter().any(|(other, _)| other == name) {
                members.push((name.to_owned(), value));
            } else if !self.constant {
                // Its variables would be left unused.
                let unused = |name: &String| uses(&value, name);
                self.operation.variables.retain(|name, _| !unused(name));
            }
        }
        Literal::Object(members)
    }

    fn filters(&mut self, noun: &'static Noun, depth: usize) -> Literal {
        let count = self.random.below(4);
        Literal::List((0..count).map(|_| self.filter(noun, depth + 1)).collect())
    }

    fn field_filter(&mut self, noun: &'static Noun, field: &'static Declared, depth: usize) -> Literal {
        match &field.shape {
            Shape::Object(_, _, inner) => {
                let parts: Vec<&'static Declared> = inner.iter().filter(|part| part.filter).collect();
                let part = *self.random.pick(&parts);
                Literal::Object(vec![(part.name.to_owned(), self.field_filter(noun, part, depth))])
            }
            Shape::One(_, target) => {
                let (name, value) = if self.random.chance(25) {
                    ("isNull", Literal::Plain(json!(self.random.chance(50))))
                } else {
                    ("is", self.filter(noun_named(target), depth + 1))
                };
                Literal::Object(vec![(name.to_owned(), value)])
            }
            Shape::Many(_, target) => {
                let name = *self.random.pick(&["some", "none", "every"]);
                let inner = if self.random.chance(15) {
                    Literal::Object(Vec::new())
                } else {
                    self.filter(noun_named(target), depth + 1)
                };
                Literal::Object(vec![(name.to_owned(), inner)])
            }
            shape => self.tests(noun, shape),
        }
    }

    fn tests(&mut self, noun: &'static Noun, shape: &'static Shape) -> Literal {
        let known = operators(shape).0;
        let mut members: Vec<(String, Literal)> = Vec::new();
        for _ in 0..if self.random.chance(20) { 2 } else { 1 } {
            let (name, is_list, ..) = *self.random.pick(known);
            if members.iter().any(|(other, _)| other == name) {
                continue;
            }
            if name == "isNull" {
                let truth = Literal::Plain(json!(self.random.chance(50)));
                members.push((name.to_owned(), self.perhaps_variable(20, "Boolean", truth)));
                continue;
            }
            if self.random.chance(3) {
                members.push((name.to_owned(), Literal::Plain(Value::Null)));
                continue;
            }
            let count = if is_list { self.random.below(4) } else { 1 };
            let mut values: Vec<Literal> = (0..count).map(|_| self.literal(noun, shape, name)).collect();
            let kind = kind(shape);
            let value = if is_list {
                self.perhaps_variable(20, &format!("[{kind}!]"), Literal::List(values))
            } else {
                let value = values.remove(0);
                self.perhaps_variable(25, &kind, value)
            };
            members.push((name.to_owned(), value));
        }
        Literal::Object(members)
    }

    fn literal(&mut self, noun: &'static Noun, shape: &'static Shape, operator: &str) -> Literal {
        match shape {
            Shape::Id => {
                let of = if self.random.chance(8) { self.noun() } else { noun };
                Literal::Plain(self.global(of))
            }
            Shape::Code(_, codes) => Literal::Enum((*self.random.pick(&codes.values)).to_owned()),
            Shape::Plain(column) => {
                let value = self.value(noun, *column);
                match value {
                    Value::String(text) if operator == "startsWith" => {
                        let count = self.random.below(text.chars().count().min(8) + 1);
                        Literal::Plain(json!(text.chars().take(count).collect::<String>()))
                    }
                    value => Literal::Plain(value),
                }
            }
            _ => panic!("not filtered"),
        }
    }

    /// A value that a column has, or one beside it.
    fn value(&mut self, noun: &Noun, column: Column) -> Value {
        let rows = self.data.rows(noun.table);
        let mut found = Cell::Null;
        for _ in 0..6 {
            if found.is_null() && !rows.is_empty() {
                found = self.random.pick(rows)[column.name].clone();
            }
        }
        let beside = self.random.chance(15);
        match found {
            Cell::Text(text) if beside => json!(format!("{text}x")),
            Cell::Text(text) => json!(text),
            Cell::Int(number) => json!(number + i64::from(beside)),
            Cell::Float(number) => json!(number),
            Cell::Bool(truth) => json!(truth != beside),
            Cell::Date(day) => json!(day.checked_add_days(Days::new(u64::from(beside))).unwrap().to_string()),
            Cell::Timestamp(at) => json!(at.to_rfc3339_opts(SecondsFormat::Millis, true)),
            Cell::Uuid(id) => json!(id.to_string()),
            Cell::Null => match column.scalar {
                Scalar::Int => json!(1),
                Scalar::Float => json!(0.5),
                Scalar::Bool => json!(true),
                Scalar::Date => json!("2026-02-01"),
                Scalar::Timestamp => json!("2026-02-01T00:00:00Z"),
                Scalar::Text | Scalar::Uuid => json!("x"),
            },
        }
    }
}

fn uses(literal: &Literal, name: &str) -> bool {
    match literal {
        Literal::Variable(other) => other == name,
        Literal::List(items) => items.iter().any(|item| uses(item, name)),
        Literal::Object(members) => members.iter().any(|(_, value)| uses(value, name)),
        Literal::Plain(_) | Literal::Enum(_) => false,
    }
}

/// The type of what a shape is compared with.
fn kind(shape: &Shape) -> String {
    match shape {
        Shape::Id => "ID",
        Shape::Code(_, codes) => &codes.name,
        Shape::Plain(column) => match column.scalar {
            Scalar::Text => "String",
            Scalar::Int => "Int",
            Scalar::Float => "Float",
            Scalar::Bool => "Boolean",
            Scalar::Uuid => "ID",
            Scalar::Date => "Date",
            Scalar::Timestamp => "DateTime",
        },
        _ => panic!("not filtered"),
    }
    .to_owned()
}
