//! Laws of lists, for every connection and every order the server tells of: pages put together are the list, from
//! either end; nothing twice, nothing left out; cursors open only the list, the order, the filter and the user they
//! were made for, for a day.

use std::collections::BTreeSet;

use entity::user::RoleCode;
use entity::value::Cell;
use harness::introspection::Schema;
use harness::{ALPHA, BETA, Backend, World, both};
use lanpya::access::{Class, reading, roles};
use lanpya::graph::declare::{Noun, Shape};
use lanpya::graph::graph;
use lanpya::plan::GlobalId;
use serde_json::{Value, json};

use crate::oracle::data::{Data, Row};
use crate::oracle::reference::{Reference, compare, orders};
use crate::oracle::{asker, id, moment};
use harness::random::Random;

both! { every_list_in_every_order, every_list_below_a_record, cursors_open_one_list_only, cursors_last_a_day, page_sizes }

/// Long shared lists are narrowed, so that their pages can be counted.
fn narrowed(noun: &Noun) -> Value {
    match noun.name {
        "Location" => json!({ "admLevel": { "eq": 1 }, "country": { "eq": "MYANMAR" } }),
        "PlaceName" => json!({ "folded": { "startsWith": "kac" } }),
        _ => json!({}),
    }
}

/// A value as GraphQL writes it; capitals are codes.
fn literal(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{name}: {}", literal(value))).collect();
            format!("{{ {} }}", members.join(" "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(" ")),
        Value::String(text) if !text.is_empty() && text.chars().all(|c| c.is_ascii_uppercase() || c == '_') => {
            text.clone()
        }
        other => other.to_string(),
    }
}

/// One list of one reader: how it is asked for, and what it must hold.
struct List {
    token: String,
    query: String,
    expected: Vec<String>,
}

const PAGE: &str = "{ edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }";
const ARGUMENTS: &str = "first: $first, after: $after, last: $last, before: $before";
const HEAD: &str = "query($first: Int, $after: String, $last: Int, $before: String)";

fn clauses(filter: &Value, order: &Value) -> String {
    let order = if order.is_null() { String::new() } else { format!(", orderBy: {}", literal(order)) };
    format!("{ARGUMENTS}, where: {}{order}", literal(filter))
}

struct Page {
    ids: Vec<String>,
    cursors: Vec<String>,
    next: bool,
    previous: bool,
}

impl List {
    async fn page(&self, world: &World, variables: Value) -> Page {
        let answered = world.ask(&self.token, &self.query, variables.clone()).await;
        let at = if answered.at("/data/list").is_null() { "/data/parent/list" } else { "/data/list" };
        let list = answered.at(at);
        assert!(list.is_object(), "{} {variables}: {}", self.query, answered.body);
        let edges = list["edges"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let page = Page {
            ids: edges.iter().map(|edge| text(&edge["node"]["id"])).collect(),
            cursors: edges.iter().map(|edge| text(&edge["cursor"])).collect(),
            next: list["pageInfo"]["hasNextPage"] == true,
            previous: list["pageInfo"]["hasPreviousPage"] == true,
        };
        assert_eq!(list["pageInfo"]["startCursor"].as_str(), page.cursors.first().map(String::as_str));
        assert_eq!(list["pageInfo"]["endCursor"].as_str(), page.cursors.last().map(String::as_str));
        page
    }

    /// All pages from the beginning, or from the end.
    async fn walk(&self, world: &World, size: usize, backward: bool) -> Vec<String> {
        let (count, place) = if backward { ("last", "before") } else { ("first", "after") };
        let mut found: Vec<String> = Vec::new();
        let mut cursor = Value::Null;
        loop {
            let page = self.page(world, json!({ count: size, place: cursor })).await;
            let left = self.expected.len() - found.len().min(self.expected.len());
            let more = if backward { page.previous } else { page.next };
            assert_eq!(more, left > size, "{}: more beyond {} of {}", self.query, found.len(), self.expected.len());
            let behind = if backward { page.next } else { page.previous };
            assert_eq!(behind, !cursor.is_null(), "{}", self.query);
            assert_eq!(page.ids.len(), left.min(size), "{}", self.query);
            if backward {
                found.splice(0..0, page.ids);
                cursor = json!(page.cursors.first());
            } else {
                found.extend(page.ids);
                cursor = json!(page.cursors.last());
            }
            if !more {
                return found;
            }
        }
    }

    /// The laws, with pages of one size.
    async fn laws(&self, world: &World, size: usize) {
        let distinct: BTreeSet<&String> = self.expected.iter().collect();
        assert_eq!(distinct.len(), self.expected.len());
        let all = self.walk(world, 100, false).await;
        assert_eq!(all, self.expected, "{}", self.query);
        assert_eq!(self.walk(world, size, false).await, all, "{} forward by {size}", self.query);
        assert_eq!(self.walk(world, size, true).await, all, "{} backward by {size}", self.query);
    }
}

/// The role that reads most of a noun's rows, with fields up to a class.
fn reader(data: &Data, world: &World, noun: &'static Noun, class: Class, filter: &Value) -> RoleCode {
    let able = roles().into_iter().filter(|role| reading(*role, noun.area).is_some_and(|grant| grant.class >= class));
    able.max_by_key(|role| {
        let asker = asker(data, &ALPHA, *role);
        let reference = Reference { data, asker: &asker, moment: moment(world), mutant: None };
        reference.listed(noun, data.rows(noun.table).iter(), Some(filter), None).len()
    })
    .unwrap()
}

fn list(data: &Data, world: &World, noun: &'static Noun, role: RoleCode, order: &Value) -> List {
    let filter = narrowed(noun);
    let asker = asker(data, &ALPHA, role);
    let reference = Reference { data, asker: &asker, moment: moment(world), mutant: None };
    let order_given = (!order.is_null()).then_some(order);
    let rows = reference.listed(noun, data.rows(noun.table).iter(), Some(&filter), order_given);
    List {
        token: world.token(&ALPHA, role),
        query: format!("{HEAD} {{ list: {}({}) {PAGE} }}", noun.plural, clauses(&filter, order)),
        expected: rows.into_iter().map(|row| id(noun, row)).collect(),
    }
}

/// What the orders met: rows with equal keys, rows without a value beside rows with one.
#[derive(Default)]
struct Met {
    orders: usize,
    ties: BTreeSet<String>,
    nulls: BTreeSet<String>,
    rows: usize,
}

impl Met {
    fn look(&mut self, data: &Data, noun: &Noun, list: &List, name: &str, column: &str) {
        self.orders += 1;
        self.rows += list.expected.len();
        let cell = |id: &String| {
            let id = GlobalId::read(id).unwrap().id;
            data.by(noun.table, noun.id, id).next().unwrap()[column].clone()
        };
        let cells: Vec<Cell<'_>> = list.expected.iter().map(cell).collect();
        let tied = |pair: &[Cell<'_>]| compare(&pair[0], &pair[1]).is_eq() && !pair[0].is_null();
        if cells.windows(2).any(tied) {
            self.ties.insert(format!("{}.{name}", noun.name));
        }
        if cells.iter().any(Cell::is_null) && !cells.iter().all(Cell::is_null) {
            self.nulls.insert(format!("{}.{name}", noun.name));
        }
    }
}

async fn every_list_in_every_order(backend: Backend) {
    let world = World::still(backend).await;
    let data = Data::load(&world.store).await;
    let schema = Schema::of(&world).await;
    let mut random = Random::new(20_261_122);
    let mut met = Met::default();
    for noun in graph().nouns() {
        assert!(schema.fields("Query").iter().any(|field| field.name == noun.plural), "{}", noun.plural);
        let told: Vec<String> = schema.types.get(&format!("{}OrderField", noun.name)).map_or(Vec::new(), |kind| {
            kind.enum_values.as_deref().unwrap_or_default().iter().map(|value| value.name.clone()).collect()
        });
        let known = orders(noun);
        assert_eq!(told, known.iter().map(|(name, ..)| name.clone()).collect::<Vec<_>>(), "{}", noun.name);
        let filter = narrowed(noun);
        let role = reader(&data, &world, noun, Class::Public, &filter);
        let plain = list(&data, &world, noun, role, &Value::Null);
        assert!(!plain.expected.is_empty() && plain.expected.len() <= 100, "{}: {}", noun.name, plain.expected.len());
        plain.laws(&world, random.between(1, 7)).await;
        for (name, column, class) in &known {
            let role = reader(&data, &world, noun, *class, &filter);
            for direction in ["ASC", "DESC"] {
                let order = json!([{ "field": name, "direction": direction }]);
                let list = list(&data, &world, noun, role, &order);
                met.look(&data, noun, &list, name, column);
                list.laws(&world, random.between(1, 7)).await;
            }
        }
        for _ in 0..if known.len() > 1 { 3 } else { 0 } {
            let (one, other) = (random.pick(&known), random.pick(&known));
            let role = reader(&data, &world, noun, one.2.max(other.2), &filter);
            let direction = |random: &mut Random| if random.chance(50) { "ASC" } else { "DESC" };
            let order = json!([
                { "field": one.0, "direction": direction(&mut random) },
                { "field": other.0, "direction": direction(&mut random) }
            ]);
            list(&data, &world, noun, role, &order).laws(&world, random.between(1, 7)).await;
        }
    }
    // The data are worth the test: what is hard about pages is in them.
    assert!(met.orders > 80 && met.rows > 500, "{} orders, {} rows", met.orders, met.rows);
    assert!(met.ties.len() > 20, "{:?}", met.ties);
    for name in ["Visit.AGE_YEARS", "Person.FULL_NAME", "Person.BIRTH_DATE_VALUE", "Case.CLOSED_ON", "Case.PLAN_DUE_ON"]
    {
        assert!(met.nulls.contains(name), "{name}: {:?}", met.nulls);
    }
    world.stop().await;
}

async fn every_list_below_a_record(backend: Backend) {
    let world = World::still(backend).await;
    let data = Data::load(&world.store).await;
    let mut random = Random::new(7);
    let mut lists = 0;
    for noun in graph().nouns() {
        for field in &noun.fields {
            let Shape::Many(column, target) = &field.shape else { continue };
            let target = graph().named(target).unwrap();
            let role = [RoleCode::Supervisor, RoleCode::OrgAdmin].into_iter().find(|role| {
                reading(*role, noun.area).is_some_and(|grant| grant.class >= field.class)
                    && reading(*role, target.area).is_some()
            });
            let role = role.unwrap_or_else(|| panic!("{}.{}", noun.name, field.name));
            let asker = asker(&data, &ALPHA, role);
            let reference = Reference { data: &data, asker: &asker, moment: moment(&world), mutant: None };
            let highest = reading(role, target.area).unwrap().class;
            let known: Vec<String> =
                orders(target).into_iter().filter(|(_, _, class)| *class <= highest).map(|(name, ..)| name).collect();
            let children = |row: &Row, order: Option<&Value>| -> Vec<String> {
                let rows = data.by(target.table, column.name, row[noun.id].uuid().unwrap());
                reference.listed(target, rows, None, order).into_iter().map(|row| id(target, row)).collect()
            };
            let mut parents: Vec<&Row> = data.rows(noun.table).iter().filter(|row| reference.sees(noun, row)).collect();
            parents.retain(|row| children(row, None).len() <= 100);
            parents.sort_by_key(|row| std::cmp::Reverse(children(row, None).len()));
            parents.truncate(3);
            let mut order = Value::Null;
            if !known.is_empty() {
                let direction = if random.chance(50) { "ASC" } else { "DESC" };
                order = json!([{ "field": random.pick(&known), "direction": direction }]);
            }
            let given = (!order.is_null()).then_some(&order);
            for parent in &parents {
                let clauses = clauses(&json!({}), &order);
                let (single, name, of) = (noun.single, field.name, id(noun, parent));
                let list = List {
                    token: world.token(&ALPHA, role),
                    query: format!("{HEAD} {{ parent: {single}(id: \"{of}\") {{ list: {name}({clauses}) {PAGE} }} }}"),
                    expected: children(parent, given),
                };
                list.laws(&world, random.between(1, 4)).await;
                lists += usize::from(!list.expected.is_empty());
            }
            // The pages of several parents in one answer are the pages of each.
            let ids: Vec<String> = parents.iter().map(|row| id(noun, row)).collect();
            let arguments =
                format!("first: 2{}", given.map_or(String::new(), |order| format!(", orderBy: {}", literal(order))));
            let query = format!(
                "query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {} {{ list: {}({arguments}) {{ nodes {{ id }} \
                 pageInfo {{ hasNextPage }} }} }} }} }}",
                noun.name, field.name
            );
            let answered = world.ask(&world.token(&ALPHA, role), &query, json!({ "ids": ids })).await;
            for (position, parent) in parents.iter().enumerate() {
                let all = children(parent, given);
                let found = answered.at(&format!("/data/nodes/{position}/list"));
                let nodes: Vec<&str> = found["nodes"]
                    .as_array()
                    .unwrap_or_else(|| panic!("{query} {}", answered.body))
                    .iter()
                    .map(|node| node["id"].as_str().unwrap())
                    .collect();
                assert_eq!(nodes, all[..all.len().min(2)], "{query}");
                assert_eq!(found["pageInfo"]["hasNextPage"], all.len() > 2, "{query}");
            }
        }
    }
    assert!(lists > 40, "{lists} lists with rows");
    world.stop().await;
}

async fn cursors_open_one_list_only(backend: Backend) {
    let world = World::still(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let order = |direction: &str| format!("orderBy: [{{ field: VISITED_ON, direction: {direction} }}]");
    let asc = order("ASC");
    let query = format!("{{ visits(first: 3, {asc}) {{ edges {{ cursor }} }} }}");
    let answered = world.ask(&token, &query, json!({})).await;
    let cursor = answered.at("/data/visits/edges/1/cursor").as_str().unwrap().to_owned();
    let again = world.ask(&token, &query, json!({})).await;
    assert_eq!(again.at("/data/visits/edges/1/cursor"), cursor.as_str(), "the same page has the same cursors");

    let code = async |token: &str, rest: &str| {
        let query = format!("query($c: String!) {{ {rest} }}");
        world.ask(token, &query, json!({ "c": cursor })).await.code().to_owned()
    };
    let nodes = "{ nodes { id } }";
    // The same list, whatever is asked of it and however long its page is.
    for rest in [
        format!("visits(first: 1, after: $c, {asc}) {nodes}"),
        format!("visits(last: 7, before: $c, {asc}) {nodes}"),
        format!("visits(after: $c, before: $c, {asc}) {{ pageInfo {{ hasNextPage }} }}"),
        format!("other: visits(after: $c, {asc}) {{ totalCount }}"),
    ] {
        assert_eq!(code(&token, &rest).await, "", "{rest}");
    }
    for rest in [
        format!("visits(after: $c) {nodes}"),
        format!("visits(after: $c, {}) {nodes}", order("DESC")),
        format!("visits(before: $c, {}) {nodes}", order("DESC")),
        format!("visits(after: $c, orderBy: [{{ field: TICKET }}]) {nodes}"),
        format!("visits(after: $c, orderBy: [{{ field: VISITED_ON }}, {{ field: TICKET }}]) {nodes}"),
        format!("visits(after: $c, {asc}, where: {{ isFirst: {{ eq: true }} }}) {nodes}")
            .replace("isFirst", "needsFollowUp"),
        format!("visits(after: $c, {asc}, where: {{ or: [] }}) {nodes}"),
        format!("cases(after: $c) {nodes}"),
        format!("cases(after: $c, orderBy: [{{ field: REGISTERED_ON }}]) {nodes}"),
        format!("resourceCentres {{ nodes {{ visits(after: $c, {asc}) {nodes} }} }}"),
    ] {
        assert_eq!(code(&token, &rest).await, "INVALID_CURSOR", "{rest}");
    }
    let rest = format!("visits(after: $c, {asc}) {nodes}");
    assert_eq!(code(&world.token(&ALPHA, RoleCode::OrgDataOfficer), &rest).await, "INVALID_CURSOR", "another user");
    assert_eq!(code(&world.token(&BETA, RoleCode::Supervisor), &rest).await, "INVALID_CURSOR", "another organisation");
    let mut changed = cursor.clone().into_bytes();
    changed[20] = if changed[20] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    let long = cursor.repeat(100);
    for wrong in
        ["", "x", "=", " ", "null", "နှစ်", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &cursor[1..], &changed, &long]
    {
        let query = format!("query($c: String!) {{ {rest} }}");
        let refused = world.ask(&token, &query, json!({ "c": wrong })).await;
        assert!(matches!(refused.code(), "INVALID_CURSOR" | "TOO_LONG"), "{wrong}: {}", refused.body);
        assert_eq!(refused.status, 200, "{wrong}");
    }
    world.stop().await;
}

async fn cursors_last_a_day(backend: Backend) {
    let world = World::still(backend).await;
    let query = "query($c: String) { visits(first: 2, after: $c) { pageInfo { endCursor } } }";
    let ask = async |cursor: &Value| {
        world.ask(&world.token(&ALPHA, RoleCode::Supervisor), query, json!({ "c": cursor })).await
    };
    let end = "/data/visits/pageInfo/endCursor";
    let cursor = ask(&Value::Null).await.at(end).clone();
    world.advance(chrono::Duration::hours(24));
    assert_eq!(ask(&cursor).await.code(), "", "a day old");
    world.advance(chrono::Duration::seconds(1));
    let refused = ask(&cursor).await;
    assert_eq!(refused.code(), "INVALID_CURSOR", "older than a day");
    assert_eq!(refused.at("/errors/0/extensions/field"), "after", "{}", refused.body);
    let fresh = ask(&Value::Null).await.at(end).clone();
    assert_ne!(fresh, cursor);
    assert_eq!(ask(&fresh).await.code(), "");
    world.stop().await;
}

async fn page_sizes(backend: Backend) {
    let world = World::still(backend).await;
    let token = world.token(&ALPHA, RoleCode::OrgDataOfficer);
    let count = async |arguments: &str| {
        let answered = world.ask(&token, &format!("{{ visits{arguments} {{ nodes {{ id }} }} }}"), json!({})).await;
        answered.at("/data/visits/nodes").as_array().map_or(answered.code().to_owned(), |nodes| nodes.len().to_string())
    };
    for (arguments, expected) in [
        ("", "25"),
        ("(first: 1)", "1"),
        ("(first: 100)", "61"),
        ("(last: 100)", "61"),
        ("(first: null)", "25"),
        ("(first: null, last: 3)", "3"),
        ("(first: 0)", "LIMIT_EXCEEDED"),
        ("(first: -1)", "LIMIT_EXCEEDED"),
        ("(first: 101)", "LIMIT_EXCEEDED"),
        ("(last: 101)", "LIMIT_EXCEEDED"),
        ("(first: 2, last: 2)", "BAD_USER_INPUT"),
    ] {
        assert_eq!(count(arguments).await, expected, "{arguments}");
    }
    world.stop().await;
}

/// Both databases answer every list in every order with the same bytes.
#[test]
fn the_databases_answer_alike() {
    harness::run(Backend::Postgres, |_| async {
        let (left, right) = (World::still(Backend::Postgres).await, World::still(Backend::Sqlite).await);
        let data = Data::load(&left.store).await;
        for noun in graph().nouns() {
            let leaves: Vec<&str> = noun
                .fields
                .iter()
                .filter(|field| !matches!(field.shape, Shape::One(..) | Shape::Many(..) | Shape::Object(..)))
                .map(|field| field.name)
                .collect();
            let filter = narrowed(noun);
            let mut all: Vec<(String, Class)> = vec![(String::new(), Class::Public)];
            for (name, _, class) in orders(noun) {
                for direction in ["ASC", "DESC"] {
                    all.push((format!(", orderBy: [{{ field: {name}, direction: {direction} }}]"), class));
                }
            }
            for (order, class) in all {
                let role = reader(&data, &left, noun, class, &filter);
                let page = "edges { cursor }";
                let query = format!(
                    "{{ {}(first: 100, where: {}{order}) {{ totalCount {page} nodes {{ {} }} }} }}",
                    noun.plural,
                    literal(&filter),
                    leaves.join(" ")
                );
                let mut bodies = Vec::new();
                for world in [&left, &right] {
                    let answered = world.ask(&world.token(&ALPHA, role), &query, json!({})).await;
                    assert!(answered.at("/data").is_object(), "{query}: {}", answered.body);
                    bodies.push(answered.body);
                }
                assert_eq!(bodies[0], bodies[1], "{query}");
            }
        }
        left.stop().await;
        right.stop().await;
    });
}
