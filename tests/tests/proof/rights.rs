//! Field rights: for each role and each field it may not read, every way of getting at it is refused or answered with
//! an explicit redaction: selecting, every operator of a filter, counting and sorting by it, a cursor that was sealed
//! under a sort by it, lookups by it, and filters that reach it through another noun. A refusal says the same whatever
//! is compared. All of it is made from the declarations and the served schema: a new field is tested the day it appears.

use std::collections::{BTreeMap, BTreeSet};

use entity::user::RoleCode;
use harness::introspection::{Schema, TypeRef};
use harness::proof::Proof;
use harness::{ALPHA, Answer, Backend, World, both};
use lanpya::access::{Class, reading, roles};
use lanpya::graph::declare::{Field, Noun, Shape};
use lanpya::graph::graph;
use serde_json::{Value, json};

use crate::generator::material::{ids, nobody};

both! { every_role_and_field }

/// What refuses a role: a root it may not read, a field it may not use.
const REFUSALS: [&str; 2] = ["CLASS_NOT_ALLOWED", "ROLE_NOT_ALLOWED"];

struct Rights {
    world: World,
    schema: Schema,
    tokens: BTreeMap<String, String>,
    tried: BTreeMap<&'static str, usize>,
    broken: Vec<String>,
}

/// Whether the role reads the field of a row it reaches.
fn reads(role: RoleCode, noun: &Noun, field: &Field) -> bool {
    let highest = |noun: &Noun| reading(role, noun.area).map(|grant| grant.class);
    let target = match &field.shape {
        Shape::One(_, target) | Shape::Many(_, target) => graph().named(target).is_some_and(|n| highest(n).is_some()),
        _ => true,
    };
    target && highest(noun).is_some_and(|highest| field.class <= highest)
}

/// `birthDate` of `PersonOrderField`: `BIRTH_DATE`, and with its parts `BIRTH_DATE_VALUE`.
fn order_name(field: &str) -> String {
    let words = field.chars().flat_map(|c| {
        let underscore = c.is_ascii_uppercase().then_some('_');
        underscore.into_iter().chain(std::iter::once(c.to_ascii_uppercase()))
    });
    words.collect()
}

impl Rights {
    async fn new(backend: Backend) -> Self {
        let world = World::new(backend).await;
        let schema = Schema::of(&world).await;
        let tokens = roles().into_iter().map(|role| (format!("{role:?}"), world.token(&ALPHA, role))).collect();
        Self { world, schema, tokens, tried: BTreeMap::new(), broken: Vec::new() }
    }

    async fn ask(&self, role: RoleCode, document: &str) -> Answer {
        self.world.ask(&self.tokens[&format!("{role:?}")], document, json!({})).await
    }

    fn check(&mut self, way: &'static str, role: RoleCode, document: &str, answer: &Answer, held: bool) {
        *self.tried.entry(way).or_default() += 1;
        if !held {
            self.broken.push(format!("{way} as {role:?}: {document}\n  {}", answer.body));
        }
    }

    /// Nothing but a refusal comes back.
    async fn refused(&mut self, way: &'static str, role: RoleCode, document: &str) -> Answer {
        let answer = self.ask(role, document).await;
        let held = answer.at("/data") == &Value::Null && REFUSALS.contains(&answer.code());
        self.check(way, role, document, &answer, held);
        answer
    }

    /// What is selected of a field, so that a document is valid.
    fn selected(&self, noun: &str, field: &str) -> String {
        let target = self.schema.field(noun, field).ty.named();
        if self.schema.is_leaf(target) {
            return field.to_owned();
        }
        if target.ends_with("Connection") {
            return format!("{field} {{ totalCount nodes {{ id }} }}");
        }
        let leaves = self.schema.fields(target).iter().filter(|inner| self.schema.is_leaf(inner.ty.named()));
        let leaves: Vec<&str> = leaves.map(|inner| inner.name.as_str()).collect();
        format!("{field} {{ {} }}", leaves.join(" "))
    }

    /// Every condition that a filter takes: each operator, each part, each relation.
    fn conditions(&self, noun: &Noun, ty: &TypeRef, value: usize) -> Vec<String> {
        let name = ty.named();
        if self.schema.is_leaf(name) {
            let one = self.operand(noun, name, value);
            return vec![if ty.is_list() { format!("[{one}]") } else { one }];
        }
        let inputs = self.schema.get(name).input_fields.iter().flatten();
        let parts = inputs.flat_map(|input| {
            let relation = matches!(input.name.as_str(), "is" | "some" | "none" | "every");
            let inner = if relation { vec!["{ }".to_owned()] } else { self.conditions(noun, &input.ty, value) };
            inner.into_iter().map(move |inner| format!("{{ {}: {inner} }}", input.name))
        });
        parts.collect()
    }

    fn operand(&self, noun: &Noun, name: &str, value: usize) -> String {
        let of = |values: [&str; 2]| values[value].to_owned();
        match name {
            "ID" => format!("\"{}\"", nobody(noun)),
            "Boolean" => of(["true", "false"]),
            "Int" | "Float" => of(["1", "7"]),
            "Date" => of(["\"2026-01-01\"", "\"2025-07-01\""]),
            "DateTime" => of(["\"2026-01-01T08:30:00Z\"", "\"2025-01-01T08:30:00Z\""]),
            "String" => of(["\"Mi Mi ALPHA\"", "\"nobody\""]),
            _ => {
                let values = self.schema.get(name).enum_values.as_deref().unwrap_or_default();
                values.iter().cycle().nth(value).expect("a value").name.clone()
            }
        }
    }

    /// A noun the role may not read at all: refused at the root, null by id.
    async fn closed_noun(&mut self, role: RoleCode, noun: &Noun) {
        let own = ids(&self.world.store, noun, &ALPHA).await;
        let id = own.first().expect("a row");
        self.refused("list", role, &format!("{{ {}(first: 1) {{ nodes {{ id }} }} }}", noun.plural)).await;
        self.refused("count", role, &format!("{{ {} {{ totalCount }} }}", noun.plural)).await;
        self.refused("single", role, &format!("{{ {}(id: \"{id}\") {{ id }} }}", noun.single)).await;
        if let Some((argument, ..)) = &noun.key {
            self.refused("key", role, &format!("{{ {}({argument}: \"x\") {{ id }} }}", noun.single)).await;
        }
        for (way, document, null) in [
            ("node", format!("{{ node(id: \"{id}\") {{ id __typename }} }}"), "/data/node"),
            ("nodes", format!("{{ nodes(ids: [\"{id}\"]) {{ id __typename }} }}"), "/data/nodes/0"),
        ] {
            let answer = self.ask(role, &document).await;
            let held = answer.json.pointer(null) == Some(&Value::Null) && !answer.body.contains(id.as_str());
            self.check(way, role, &document, &answer, held);
        }
    }

    /// A field the role may not read, of a noun that it reads.
    async fn closed_field(&mut self, role: RoleCode, noun: &'static Noun, field: &Field) {
        self.select(role, noun, field).await;
        if field.filter {
            self.filter(role, noun, field).await;
        }
        self.sort(role, noun, field).await;
        if let Some((argument, column, class)) = &noun.key
            && reading(role, noun.area).is_some_and(|grant| *class > grant.class)
            && matches!(&field.shape, Shape::Plain(own) if own == column)
        {
            self.refused("key", role, &format!("{{ {}({argument}: \"x\") {{ id }} }}", noun.single)).await;
        }
    }

    async fn select(&mut self, role: RoleCode, noun: &Noun, field: &Field) {
        let list = noun.plural;
        let selected = self.selected(noun.name, field.name);
        let document =
            format!("{{ {list}(first: 5) {{ nodes {{ id {selected} }} edges {{ node {{ {selected} }} }} }} }}");
        let answer = self.ask(role, &document).await;
        let nodes = answer.at(&format!("/data/{list}/nodes")).as_array().cloned().unwrap_or_default();
        let edges = answer.at(&format!("/data/{list}/edges")).as_array().cloned().unwrap_or_default();
        let null = nodes
            .iter()
            .chain(edges.iter().map(|edge| &edge["node"]))
            .all(|row| row.get(field.name) == Some(&Value::Null));
        let told: BTreeSet<(&str, &str)> = answer
            .at("/extensions/redactions")
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| Some((one["path"].as_str()?, one["reason"].as_str()?)))
            .collect();
        let paths = [format!("{list}.nodes.{}", field.name), format!("{list}.edges.node.{}", field.name)];
        let told = paths.iter().all(|path| told.contains(&(path.as_str(), "ROLE")));
        self.check("select", role, &document, &answer, null && told && answer.at("/errors") == &Value::Null);
    }

    async fn filter(&mut self, role: RoleCode, noun: &'static Noun, field: &Field) {
        let inputs = self.schema.get(&format!("{}Filter", noun.name)).input_fields.clone().unwrap_or_default();
        let input = inputs.iter().find(|input| input.name == field.name).expect("the declared filter is served");
        let (some, other) = (self.conditions(noun, &input.ty, 0), self.conditions(noun, &input.ty, 1));
        for (condition, other) in some.iter().zip(&other) {
            let list = |condition: &str, what: &str| {
                format!("{{ {}(where: {{ {}: {condition} }}) {{ {what} }} }}", noun.plural, field.name)
            };
            let answer = self.refused("filter", role, &list(condition, "nodes { id }")).await;
            self.refused("count", role, &list(condition, "totalCount")).await;
            let nested = format!("{{ not: {{ or: [{{ {}: {condition} }}] }} }}", field.name);
            self.refused("filter", role, &format!("{{ {}(where: {nested}) {{ totalCount }} }}", noun.plural)).await;
            // The refusal does not depend on what is compared.
            let document = list(other, "nodes { id }");
            let again = self.ask(role, &document).await;
            self.check("error text", role, &document, &again, again.masked() == answer.masked());
        }
        self.relations(role, noun, field, &some[0]).await;
    }

    /// The same condition through every noun that leads here and that the role reads.
    async fn relations(&mut self, role: RoleCode, noun: &'static Noun, field: &Field, condition: &str) {
        for from in graph().nouns().iter().filter(|from| reading(role, from.area).is_some()) {
            for edge in from.fields.iter().filter(|edge| edge.filter && reads(role, from, edge)) {
                let ways: &[&str] = match &edge.shape {
                    Shape::One(_, target) if *target == noun.name => &["is"],
                    Shape::Many(_, target) if *target == noun.name => &["some", "none", "every"],
                    _ => continue,
                };
                for way in ways {
                    let filter = format!("{{ {}: {{ {way}: {{ {}: {condition} }} }} }}", edge.name, field.name);
                    let document = format!("{{ {}(where: {filter}) {{ totalCount }} }}", from.plural);
                    self.refused("relation", role, &document).await;
                }
            }
        }
    }

    async fn sort(&mut self, role: RoleCode, noun: &Noun, field: &Field) {
        let Some(orders) = self.schema.types.get(&format!("{}OrderField", noun.name)) else { return };
        let name = order_name(field.name);
        let values = orders.enum_values.iter().flatten().map(|value| value.name.clone());
        let any = orders.enum_values.iter().flatten().next().expect("an order").name.clone();
        let of_field = |value: &String| {
            let part = matches!(field.shape, Shape::Object(..)) && value.starts_with(&format!("{name}_"));
            *value == name || part
        };
        let values: Vec<String> = values.filter(of_field).collect();
        for value in values {
            let list = |page: &str, order: &str| {
                format!("{{ {}({page}{order}) {{ edges {{ cursor node {{ id }} }} }} }}", noun.plural)
            };
            let order = format!("orderBy: [{{ field: {value} }}]");
            self.refused("sort", role, &list("first: 2, ", &order)).await;
            let second = format!("orderBy: [{{ field: {any} }}, {{ field: {value} }}]");
            self.refused("sort", role, &list("first: 2, ", &second)).await;
            // A place that someone was given who may sort by it.
            for other in roles().into_iter().filter(|other| reads(*other, noun, field)) {
                let given = self.ask(other, &list("first: 1, ", &order)).await;
                let cursor = given.at(&format!("/data/{}/edges/0/cursor", noun.plural)).as_str().map(str::to_owned);
                let Some(cursor) = cursor else { continue };
                for order in [order.as_str(), ""] {
                    let document = list(&format!("first: 2, after: \"{cursor}\", "), order);
                    let answer = self.ask(role, &document).await;
                    let refused = REFUSALS.contains(&answer.code()) || answer.code() == "INVALID_CURSOR";
                    self.check("cursor", role, &document, &answer, refused && answer.at("/data") == &Value::Null);
                }
            }
        }
    }
}

async fn every_role_and_field(backend: Backend) {
    let mut proof = Proof::of(8, format!("rights::every_role_and_field::{backend:?}"));
    let mut rights = Rights::new(backend).await;
    let (mut cells, mut closed, mut restricted) = (0, 0, 0);
    for role in roles() {
        for noun in graph().nouns() {
            if reading(role, noun.area).is_none() {
                rights.closed_noun(role, noun).await;
                cells += noun.fields.len();
                closed += noun.fields.len();
                continue;
            }
            for field in &noun.fields {
                cells += 1;
                restricted += usize::from(field.class == Class::Restricted);
                if !reads(role, noun, field) {
                    closed += 1;
                    rights.closed_field(role, noun, field).await;
                }
            }
        }
    }
    let count: usize = graph().nouns().iter().map(|noun| noun.fields.len()).sum();
    assert_eq!(cells, count * roles().len(), "every role and every field");
    proof.figure("cells of role and field", cells);
    proof.figure("closed cells", closed);
    proof.figure("restricted fields met", restricted);
    proof.figure("tried", json!(rights.tried));
    println!("{cells} cells, {closed} closed, tried {:?}", rights.tried);
    for way in ["list", "single", "key", "node", "nodes", "select", "filter", "count", "sort", "cursor", "relation"] {
        assert!(rights.tried.contains_key(way), "no closed field was met by {way}");
    }
    assert!(
        rights.broken.is_empty(),
        "{} ways in:\n{}",
        rights.broken.len(),
        rights.broken[..rights.broken.len().min(12)].join("\n")
    );
    rights.world.stop().await;
    proof.held();
}
