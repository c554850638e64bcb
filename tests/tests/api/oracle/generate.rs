//! Operations at random over everything that is declared: valid, within the limits, with values that the data have.

mod chosen;
mod filter;

pub use chosen::chosen;

use entity::user::RoleCode;

use harness::seed::Organisation;
use harness::{ALPHA, BETA};
use lanpya::access::{Class, reading, roles};
use lanpya::graph::declare::{Field as Declared, Noun, Shape};
use lanpya::graph::graph;
use lanpya::plan::GlobalId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::ast::{Directive, Field, Item, Literal, Operation, Variable};
use super::data::Data;
use super::reference::orders;
use harness::random::Random;

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
}

fn uses(literal: &Literal, name: &str) -> bool {
    match literal {
        Literal::Variable(other) => other == name,
        Literal::List(items) => items.iter().any(|item| uses(item, name)),
        Literal::Object(members) => members.iter().any(|(_, value)| uses(value, name)),
        Literal::Plain(_) | Literal::Enum(_) => false,
    }
}
