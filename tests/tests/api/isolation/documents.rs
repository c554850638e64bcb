//! Documents made from the schema: every root field, every field below it three records deep, every order and filter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use harness::introspection::{Field, Input, Schema};
use lanpya::graph::declare::Noun;
use lanpya::plan::GlobalId;
use uuid::Uuid;

/// Makes documents and remembers which fields it has used.
pub struct Writer<'s> {
    schema: &'s Schema,
    nouns: BTreeSet<&'s str>,
    /// `Type.field` of everything that was selected.
    pub used: BTreeSet<String>,
}

impl<'s> Writer<'s> {
    pub fn new(schema: &'s Schema) -> Self {
        let nouns = schema.get("Node").possible_types.iter().flatten().map(harness::introspection::TypeRef::named);
        Self { schema, nouns: nouns.collect(), used: BTreeSet::new() }
    }

    fn is_edge(&self, field: &Field) -> bool {
        let target = field.ty.named();
        self.nouns.contains(target) || target.ends_with("Connection")
    }

    /// Every field of a type that leads to no record; values of several parts whole.
    fn leaves(&mut self, name: &str) -> String {
        let mut text = String::new();
        for field in self.schema.fields(name) {
            if self.is_edge(field) {
                continue;
            }
            self.used.insert(format!("{name}.{}", field.name));
            let target = field.ty.named();
            if self.schema.is_leaf(target) {
                let _ = write!(text, "{} ", field.name);
            } else {
                let inner = if target.ends_with("Key") { self.counted(target) } else { self.leaves(target) };
                let _ = write!(text, "{} {{ {inner}}} ", field.name);
            }
        }
        text
    }

    /// A record to that depth.
    fn record(&mut self, name: &str, depth: usize) -> String {
        let mut text = self.leaves(name);
        if depth > 0 {
            for field in self.schema.fields(name) {
                if self.is_edge(field) {
                    text += &self.edge(name, field, depth - 1);
                }
            }
        }
        text
    }

    fn edge(&mut self, owner: &str, field: &Field, depth: usize) -> String {
        self.used.insert(format!("{owner}.{}", field.name));
        let target = field.ty.named();
        if self.nouns.contains(target) {
            let inner = self.record(target, depth);
            return format!("{} {{ {inner}}} ", field.name);
        }
        format!("{}(first: 4) {{ {}}} ", field.name, self.connection(target, depth, false))
    }

    fn connection(&mut self, name: &str, depth: usize, flat: bool) -> String {
        for field in ["nodes", "edges", "pageInfo", "totalCount"] {
            self.schema.field(name, field);
            self.used.insert(format!("{name}.{field}"));
        }
        assert_eq!(self.schema.fields(name).len(), 4, "{name} has more fields than these documents know");
        let edge = self.schema.field(name, "edges").ty.named();
        let node = self.schema.field(edge, "node").ty.named();
        self.used.extend([format!("{edge}.cursor"), format!("{edge}.node")]);
        let page = self.leaves("PageInfo");
        let record = self.record(node, depth);
        let place = if flat { "edges { cursor node { id } } " } else { "" };
        format!("totalCount nodes {{ {record}}} {place}pageInfo {{ {page}}} ")
    }

    /// For one noun: its root fields and what stands in its records.
    pub fn flat(&mut self, noun: &Noun, ids: &[Uuid], foreign: &[Uuid]) -> Vec<String> {
        let name = noun.name;
        self.used.extend([format!("Query.{}", noun.single), format!("Query.{}", noun.plural)]);
        let global = |id: &Uuid| GlobalId::text(noun.prefix, *id);
        let connection = format!("{name}Connection");
        let mut documents = vec![
            format!("{{ {}(first: 100) {{ {}}} }}", noun.plural, self.connection(&connection, 0, true)),
            format!("{{ {}(last: 7) {{ {}}} }}", noun.plural, self.connection(&connection, 0, true)),
        ];
        for id in ids.iter().take(3).chain(foreign.iter().take(2)) {
            let leaves = self.leaves(name);
            documents.push(format!("{{ {}(id: \"{}\") {{ {leaves}}} }}", noun.single, global(id)));
            documents
                .push(format!("{{ node(id: \"{}\") {{ id __typename ... on {name} {{ {leaves}}} }} }}", global(id)));
        }
        self.used.extend(["Query.node".to_owned(), "Query.nodes".to_owned()]);
        let listed: Vec<String> =
            ids.iter().take(5).chain(foreign.iter().take(5)).map(|id| format!("\"{}\"", global(id))).collect();
        documents.push(format!("{{ nodes(ids: [{}]) {{ id __typename }} }}", listed.join(", ")));
        documents
    }

    /// For one noun: each edge of its records, followed two records deep.
    pub fn deep(&mut self, noun: &Noun, id: Uuid) -> Vec<String> {
        let id = GlobalId::text(noun.prefix, id);
        let fields = self.schema.fields(noun.name);
        let edges: Vec<&Field> = fields.iter().filter(|field| self.is_edge(field)).collect();
        let mut documents = Vec::new();
        for field in edges {
            let inner = self.edge(noun.name, field, 1);
            documents.push(format!("{{ {}(first: 20) {{ nodes {{ id {inner}}} }} }}", noun.plural));
            if harness::full() {
                documents.push(format!("{{ {}(id: \"{id}\") {{ id {inner}}} }}", noun.single));
            }
        }
        documents
    }

    /// The trail of one record.
    pub fn trail(&mut self, noun: &Noun, id: Uuid) -> String {
        self.used.insert("Query.accessTrail".to_owned());
        let inner = self.connection("AuditEventConnection", 0, true);
        format!("{{ accessTrail(record: \"{}\", last: 9) {{ {inner}}} }}", GlobalId::text(noun.prefix, id))
    }

    /// Every statistic, cut each way by itself, and several ways at once.
    pub fn statistics(&mut self) -> Vec<String> {
        let mut documents = Vec::new();
        for root in self.schema.fields("Query").iter().filter(|root| root.ty.named().ends_with("Statistics")) {
            self.used.insert(format!("Query.{}", root.name));
            let mut inner = String::new();
            for field in self.schema.fields(root.ty.named()) {
                self.used.insert(format!("{}.{}", root.ty.named(), field.name));
                let target = field.ty.named();
                let below =
                    if self.schema.is_leaf(target) { String::new() } else { format!("{{ {}}}", self.counted(target)) };
                let _ = write!(inner, "{} {below} ", field.name);
            }
            let dimensions = root.args.iter().find(|argument| argument.name == "groupBy").expect("groupBy").ty.named();
            let values = self.schema.get(dimensions).enum_values.iter().flatten().map(|value| value.name.as_str());
            let values: Vec<&str> = values.collect();
            let ways = values.iter().map(|value| (*value).to_owned()).chain([values[..4].join(", ")]);
            documents
                .extend(ways.map(|by| format!("{{ {}(groupBy: [{by}], bucket: QUARTER) {{ {inner}}} }}", root.name)));
        }
        documents
    }

    /// A group, whole, its keys with the leaves of the records they are.
    fn counted(&mut self, name: &str) -> String {
        let mut text = self.leaves(name);
        for field in self.schema.fields(name) {
            if self.is_edge(field) {
                text += &self.edge(name, field, 0);
            }
        }
        text
    }

    /// What changed in a centre, with the leaves of every record, a noun at a time.
    pub fn changes(&mut self, centre: Uuid) -> Vec<String> {
        self.used.insert("Query.changesSince".to_owned());
        let (page, change) = (self.leaves("ChangePage"), self.leaves("Change"));
        self.used.extend(["ChangePage.changes".to_owned(), "Change.node".to_owned()]);
        let centre = GlobalId::text("centre", centre);
        let nodes: Vec<String> = ["Visit", "Visitor", "VisitNote", "Complaint", "Referral", "OpeningPeriod"]
            .map(|name| format!("... on {name} {{ {}}}", self.leaves(name)))
            .into();
        let whole = |node: &str| {
            format!(
                "{{ changesSince(centre: \"{centre}\") {{ {page} changes {{ {change} node {{ __typename id {node} }} }} }} }}"
            )
        };
        nodes.iter().map(|node| whole(node)).collect()
    }

    /// What codes are called.
    pub fn labels(&mut self) -> String {
        self.used.insert("Query.enumLabels".to_owned());
        format!("{{ enumLabels(locale: MY) {{ {}}} }}", self.leaves("EnumLabels"))
    }

    /// The viewer, whole.
    pub fn viewer(&mut self) -> String {
        self.used.insert("Query.viewer".to_owned());
        let inner = self.record("Viewer", 2);
        format!("{{ viewer {{ {inner}}} }}")
    }

    /// Every field of every type that answers are made of and no document has selected.
    pub fn missed(&self) -> Vec<String> {
        let mut reached = BTreeSet::from(["Query"]);
        let mut queue = vec!["Query"];
        while let Some(name) = queue.pop() {
            for field in self.schema.fields(name) {
                if reached.insert(field.ty.named()) {
                    queue.push(field.ty.named());
                }
            }
        }
        let fields = reached.into_iter().filter(|name| *name != "Node");
        let fields =
            fields.flat_map(|name| self.schema.fields(name).iter().map(move |field| format!("{name}.{}", field.name)));
        fields.filter(|field| !self.used.contains(field)).collect()
    }

    /// Every order of a noun's list, both ways, forward and backward.
    pub fn orders(&self, noun: &Noun) -> Vec<String> {
        let Some(orders) = self.schema.types.get(&format!("{}OrderField", noun.name)) else { return Vec::new() };
        let mut documents = Vec::new();
        for order in orders.enum_values.iter().flatten() {
            for (direction, page) in [("ASC", "first: 30"), ("DESC", "first: 30"), ("ASC", "last: 30")] {
                let order = format!("orderBy: [{{ field: {}, direction: {direction} }}]", order.name);
                let page = format!(
                    "{{ {}({page}, {order}) {{ edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage hasPreviousPage }} }} }}",
                    noun.plural
                );
                documents.push(page);
            }
        }
        documents
    }

    /// Every filter of a noun's list.
    pub fn filters(&self, noun: &Noun, foreign: &BTreeMap<&str, Vec<Uuid>>) -> Vec<String> {
        let filter = format!("{}Filter", noun.name);
        let fields = self.schema.get(&filter).input_fields.iter().flatten();
        let values = fields.flat_map(|field| {
            self.values(noun, field, foreign).into_iter().map(|value| format!("{}: {value}", field.name))
        });
        values
            .map(|value| {
                format!("{{ {}(first: 100, where: {{ {value} }}) {{ totalCount nodes {{ id }} }} }}", noun.plural)
            })
            .collect()
    }

    fn values(&self, noun: &Noun, field: &Input, foreign: &BTreeMap<&str, Vec<Uuid>>) -> Vec<String> {
        let own = |wrapped: &[&str]| wrapped.iter().map(|value| (*value).to_owned()).collect();
        match field.name.as_str() {
            "and" => return own(&["[]", "[{ }]"]),
            "or" => return own(&["[]", "[{ }, { }]"]),
            "not" => return own(&["{ }"]),
            _ => {}
        }
        let target = field.ty.named();
        if self.schema.is_leaf(target) {
            return own(&["\"muse\""]);
        }
        let inputs: Vec<&Input> = self.schema.get(target).input_fields.iter().flatten().collect();
        let has = |name: &str| inputs.iter().find(|input| input.name == name);
        if has("some").is_some() {
            return own(&["{ some: { } }", "{ none: { } }", "{ every: { } }"]);
        }
        if has("is").is_some() {
            return own(&["{ isNull: true }", "{ isNull: false }", "{ is: { } }"]);
        }
        let Some(equal) = has("eq") else {
            let inner = inputs.iter().flat_map(|input| {
                self.values(noun, input, foreign).into_iter().map(|value| format!("{{ {}: {value} }}", input.name))
            });
            return inner.collect();
        };
        let kind = self.schema.get(equal.ty.named());
        let mut values = Vec::new();
        if has("isNull").is_some() {
            values.extend(["{ isNull: true }".to_owned(), "{ isNull: false }".to_owned()]);
        }
        if kind.name == "ID" {
            let ids = foreign.get(noun.name).into_iter().flatten().take(3);
            values.extend(ids.map(|id| format!("{{ eq: \"{}\" }}", GlobalId::text(noun.prefix, *id))));
        }
        values.extend(kind.enum_values.iter().flatten().take(2).map(|value| format!("{{ eq: {} }}", value.name)));
        if has("ne").is_some() && kind.name == "String" {
            values.push("{ ne: \"T-001\" }".to_owned());
        }
        values
    }
}
