//! Selections: fields, aliases, fragments, directives, and the pages of lists.

use harness::introspection::{Field as Declared, TypeRef};
use lanpya::graph::declare::Noun;
use lanpya::graph::graph;

use super::Generator;
use super::document::{Argument, Field, Node};
use super::material::unlike;
use super::value::Val;

/// A type as it is written in a document.
pub(super) fn written(ty: &TypeRef) -> String {
    match (ty.kind.as_str(), &ty.of_type) {
        ("NON_NULL", Some(inner)) => format!("{}!", written(inner)),
        ("LIST", Some(inner)) => format!("[{}]", written(inner)),
        _ => ty.name.clone().unwrap_or_default(),
    }
}

fn typename(ty: &str) -> Field {
    Field::bare(ty, "__typename", "String")
}

impl Generator<'_> {
    /// A selection on a type.
    pub(super) fn set(&mut self, ty: &str, depth: usize) -> Vec<Node> {
        if ty == "Node" {
            return self.node_set(depth);
        }
        if ty.ends_with("Connection") {
            return self.connection(ty, depth);
        }
        let mut nodes = self.fields(ty, depth, true);
        // A fragment holds no list, so that it merges with whatever stands beside it.
        if self.random.chance(12) && depth > 0 && ty != "PageInfo" {
            let inner = self.fields(ty, depth.min(1), false);
            nodes.push(match self.random.below(3) {
                0 => Node::Inline(None, inner),
                1 => Node::Inline(Some(ty.to_owned()), inner),
                _ => {
                    self.operation.fragments.push((ty.to_owned(), inner));
                    Node::Spread(self.operation.fragments.len() - 1)
                }
            });
        }
        nodes
    }

    fn fields(&mut self, ty: &str, depth: usize, lists: bool) -> Vec<Node> {
        let schema = self.schema;
        let mut fields: Vec<&Declared> = schema.fields(ty).iter().collect();
        fields.retain(|field| {
            let leaf = schema.is_leaf(field.ty.named());
            let list = field.ty.named().ends_with("Connection");
            leaf || (lists || !list) && (depth > 0 || !list && graph().named(field.ty.named()).is_none())
        });
        let mut nodes = Vec::new();
        for _ in 0..self.random.between(1, 6) {
            if self.budget == 0 {
                break;
            }
            let parts: Vec<String> = fields.iter().map(|field| format!("{ty}.{}", field.name)).collect();
            let Some(position) = self.rarest(&parts) else { break };
            let field = fields.swap_remove(position);
            nodes.push(Node::Field(self.field(ty, field, depth)));
        }
        if nodes.is_empty() {
            nodes.push(Node::Field(typename(ty)));
        }
        nodes
    }

    /// One field with what is below it.
    pub(super) fn field(&mut self, owner: &str, field: &Declared, depth: usize) -> Field {
        self.budget = self.budget.saturating_sub(1);
        self.used(&format!("{owner}.{}", field.name));
        let target = field.ty.named().to_owned();
        let arguments = self.arguments(owner, field, depth);
        let set = if self.schema.is_leaf(&target) { Vec::new() } else { self.set(&target, depth.saturating_sub(1)) };
        let alias = if self.random.chance(8) { self.alias() } else { None };
        let directive = match self.random.below(60) {
            0 => Some("@include(if: true)"),
            1 => Some("@skip(if: false)"),
            2 if owner != "Mutation" => Some("@skip(if: true)"),
            _ => None,
        };
        Field { alias, owner: owner.to_owned(), name: field.name.clone(), target, arguments, directive, set }
    }

    /// A response name that nothing else has; none where there are many already.
    pub(super) fn alias(&mut self) -> Option<String> {
        self.aliases += 1;
        (self.aliases <= 25).then(|| format!("a{}", self.aliases))
    }

    /// What is selected of anything with an id: fields of some types, each by a name of its own.
    fn node_set(&mut self, depth: usize) -> Vec<Node> {
        let id = self.schema.field("Node", "id").clone();
        let mut nodes = vec![Node::Field(self.field("Node", &id, 0)), Node::Field(typename("Node"))];
        for _ in 0..self.random.between(0, 2) {
            let noun = self.random.pick(graph().nouns());
            let mut inner = self.fields(noun.name, depth.min(1), true);
            inner.truncate(4);
            let named = inner.iter_mut().all(|node| match node {
                Node::Field(field) => {
                    field.alias = self.alias();
                    field.alias.is_some()
                }
                _ => true,
            });
            if named {
                nodes.push(Node::Inline(Some(noun.name.to_owned()), inner));
            }
        }
        nodes
    }

    fn connection(&mut self, ty: &str, depth: usize) -> Vec<Node> {
        let schema = self.schema;
        let mut nodes = Vec::new();
        // A place in the list, for operations to come.
        if self.random.chance(50) {
            let mut page = self.field(ty, schema.field(ty, "pageInfo"), 0);
            let cursor = self.field("PageInfo", schema.field("PageInfo", "endCursor"), 0);
            page.alias = self.alias();
            page.set = vec![Node::Field(cursor)];
            nodes.push(Node::Field(page));
        }
        for name in ["nodes", "edges", "pageInfo", "totalCount"] {
            let wanted = self.wanted.contains(&format!("{ty}.{name}"));
            let chance = if name == "edges" { 55 } else { 45 };
            if wanted || self.random.chance(chance) || (name == "totalCount" && nodes.is_empty()) {
                let mut field = self.field(ty, schema.field(ty, name), depth);
                // Two pages of one list would have two names, two counts of it are refused.
                if name == "totalCount" {
                    field.alias = None;
                }
                nodes.push(Node::Field(field));
            }
        }
        nodes
    }

    fn arguments(&mut self, owner: &str, field: &Declared, depth: usize) -> Vec<Argument> {
        let given = if field.ty.named().ends_with("Connection") {
            let noun = field.ty.named().trim_end_matches("Connection");
            let noun = graph().named(noun).expect("a list of records");
            let mut given = self.page(&format!("{owner}.{}", field.name), noun, owner == "Query", depth);
            // A list about one record; a place in it comes with the record it is about.
            let about = field.args.iter().any(|argument| argument.name == "record");
            if about && given.iter().all(|(name, _)| name != "record") {
                let about = self.random.pick(graph().nouns());
                given.push(("record".to_owned(), Val::Text(self.id(about))));
            }
            given
        } else {
            self.lookup(owner, field)
        };
        let mut arguments = Vec::new();
        for (name, value) in given {
            let declared = field.args.iter().find(|argument| argument.name == name);
            let declared = declared.unwrap_or_else(|| panic!("{owner}.{} has no argument {name}", field.name));
            self.used(&format!("{owner}.{}({name})", field.name));
            // A long literal would not fit a document.
            let variable = value.weight() > 1_500 || self.random.chance(45);
            arguments.push(Argument { name, ty: written(&declared.ty), value, variable });
        }
        arguments
    }

    /// Which rows of a list: filter, order, and where the page begins.
    fn page(&mut self, place: &str, noun: &'static Noun, root: bool, depth: usize) -> Vec<(String, Val)> {
        let int = |number: usize| Val::Int(i64::try_from(number).unwrap());
        let mut given: Vec<(String, Val)> = Vec::new();
        let key = (self.role, place.to_owned());
        let earlier = self.material.cursors.get(&key).filter(|found| !found.is_empty());
        let foreign = self.material.foreign_cursors.get(&key).filter(|found| !found.is_empty());
        let mut cursor = None;
        let wanted = |argument: &str| {
            let part = format!("{place}({argument})");
            self.coverage.weight(&part) == 0 || self.wanted.contains(&part)
        };
        let turn = match () {
            () if wanted("where") || wanted("orderBy") => 99,
            () if wanted("after") || wanted("before") => 0,
            () => self.random.below(100),
        };
        match (turn, earlier, foreign) {
            (0..30, Some(found), _) => {
                let found = self.random.pick(found).clone();
                for argument in &found.arguments {
                    self.operation.uses.extend(super::names_of(self.schema, argument));
                    given.push((argument.name.clone(), argument.value.clone()));
                }
                cursor = Some(found.cursor);
            }
            (30..42, _, Some(found)) => {
                let theirs = self.random.pick(found).clone();
                self.operation.foreign.push((theirs.clone(), unlike(&theirs)));
                cursor = Some(theirs);
            }
            (42..44, _, _) => cursor = Some("bm9uZSBvZiBvdXJz".to_owned()),
            _ => {
                if wanted("where") || self.random.chance(50) {
                    given.push(("where".to_owned(), self.filter(noun, 2)));
                }
                let part = format!("{place}(orderBy)");
                let wanted = self.coverage.weight(&part) == 0 || self.wanted.contains(&part);
                if wanted || self.random.chance(40) {
                    given.extend(self.order(noun).map(|keys| ("orderBy".to_owned(), keys)));
                }
            }
        }
        if let Some(cursor) = cursor {
            let sides = ["after", "before"];
            let side = self.rarest(&sides.map(|side| format!("{place}({side})"))).expect("a side");
            given.push((sides[side].to_owned(), Val::Text(cursor)));
        }
        let most = if root { 12 } else { 3 + depth };
        let last = format!("{place}(last)");
        let wanted = self.coverage.weight(&last) == 0 || self.wanted.contains(&last);
        let turn = if wanted { 70 } else { self.random.below(100) };
        match turn {
            0..66 => given.push(("first".to_owned(), int(self.random.between(1, most)))),
            66..88 => given.push(("last".to_owned(), int(self.random.between(1, most)))),
            88..90 if root => given.push(("first".to_owned(), int(101))),
            90..92 if root => given.push(("first".to_owned(), int(100))),
            _ => {}
        }
        given
    }

    /// The arguments of what is no list: which record, how far to count, what to do.
    fn lookup(&mut self, owner: &str, field: &Declared) -> Vec<(String, Val)> {
        if owner == "Mutation" {
            let ty = field.args.first().expect("an input").ty.named().to_owned();
            return vec![("input".to_owned(), self.input(&field.name, &ty))];
        }
        if field.name == "totalCount" {
            let part = format!("{owner}.totalCount(upTo)");
            let up_to = self.coverage.weight(&part) == 0 || self.wanted.contains(&part) || self.random.chance(25);
            let up_to = up_to.then(|| Val::Int(i64::try_from(self.random.between(1, 9)).unwrap()));
            return up_to.map(|number| ("upTo".to_owned(), number)).into_iter().collect();
        }
        if field.args.is_empty() {
            return Vec::new();
        }
        if field.ty.named().ends_with("Statistics") {
            return self.cut(owner, field);
        }
        if field.name == "enumLabels" {
            let names = ["Sex", "VisitTopic", "Locale"].map(|name| Val::Text(name.to_owned()));
            let locale = Val::Name(self.random.pick(&["EN", "MY", "TH"]).to_string());
            return vec![("names".to_owned(), Val::List(names.to_vec())), ("locale".to_owned(), locale)];
        }
        if field.name == "changesSince" {
            let centre = graph().named("ResourceCentre").expect("a noun");
            let first = Val::Int(i64::try_from(self.random.between(1, 9)).unwrap());
            return vec![("centre".to_owned(), Val::Text(self.id(centre))), ("first".to_owned(), first)];
        }
        if field.name == "nodes" || field.name == "node" {
            let mut any = || {
                let noun = self.random.pick(graph().nouns());
                Val::Text(self.id(noun))
            };
            if field.name == "node" {
                return vec![("id".to_owned(), any())];
            }
            let ids = (0..6).map(|_| any()).collect();
            return vec![("ids".to_owned(), Val::List(ids))];
        }
        let noun = graph().named(field.ty.named()).expect("a record");
        let key = noun.key.as_ref().map(|(argument, ..)| *argument);
        let wanted = key.is_some_and(|key| self.wanted.contains(&format!("{owner}.{}({key})", field.name)));
        if let Some(argument) = key.filter(|_| wanted || self.random.chance(40)) {
            return vec![(argument.to_owned(), Val::Text(self.key(noun)))];
        }
        vec![("id".to_owned(), Val::Text(self.id(noun)))]
    }

    fn key(&mut self, noun: &Noun) -> String {
        let keys = &self.material.keys[noun.name];
        if self.random.chance(30) && !keys.foreign.is_empty() {
            let key = self.random.pick(&keys.foreign).clone();
            self.operation.foreign.push((key.clone(), unlike(&key)));
            return key;
        }
        if keys.own.is_empty() { "NONE".to_owned() } else { self.random.pick(&keys.own).clone() }
    }
}
