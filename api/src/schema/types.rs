//! From the declared nouns to the types of the schema: objects, connections, filters, orders, with their descriptions.

use async_graphql::OutputType;
use async_graphql::indexmap::IndexMap;
use async_graphql::registry::{
    EnumBuilder, InputObjectBuilder, MetaEnumValue, MetaField, MetaInputValue, MetaType, ObjectBuilder, Registry,
};

use crate::access::Class;
use crate::graph::declare::{Field, Noun, Shape};
use crate::graph::graph;
use crate::plan;
use entity::value::Scalar;

/// Registers every type of the read side and returns the fields of `Query`.
pub(super) fn register(registry: &mut Registry) -> IndexMap<String, MetaField> {
    shared(registry);
    let mut roots = fixed_roots();
    for noun in graph().nouns() {
        object(registry, noun);
        connection(registry, noun);
        filter(registry, noun);
        order(registry, noun);
        roots.insert(noun.single.to_owned(), single_root(noun));
        roots.insert(
            noun.plural.to_owned(),
            list_field(noun, noun.plural, &format!("All {} within your reach.", plural(noun)), true),
        );
    }
    let labels = labels(registry);
    roots.insert(labels.name.clone(), labels);
    for cube in super::cubes::register(registry) {
        roots.insert(cube.name.clone(), cube);
    }
    if let Some(events) = graph().named("AuditEvent") {
        let text = "Who read or changed one record. For those who read the whole trail, and \
                    for a supervisor where the record is within reach; empty for a record that is not.";
        let mut trail = list_field(events, "accessTrail", text, true);
        trail.args.insert("record".into(), argument("record", "ID!", "The record's id."));
        roots.insert(trail.name.clone(), trail);
    }
    roots
}

/// `resourceCentres` as a reader says it: resource centres.
fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

fn plural(noun: &Noun) -> String {
    noun.words.map_or_else(|| words(noun.plural), str::to_owned)
}

fn singular(noun: &Noun) -> String {
    words(noun.single)
}

pub(super) fn field(name: &str, ty: impl Into<String>, description: impl Into<String>) -> MetaField {
    let mut field = MetaField::new(name, ty);
    field.description = Some(description.into());
    field
}

pub(super) fn argument(name: &str, ty: impl Into<String>, description: impl Into<String>) -> MetaInputValue {
    let mut value = MetaInputValue::new(name, ty);
    value.description = Some(description.into());
    value
}

pub(super) fn object_type(registry: &mut Registry, name: &str, description: &str, fields: Vec<MetaField>) {
    let fields = fields.into_iter().map(|field| (field.name.clone(), field)).collect();
    let built = ObjectBuilder::new(name, fields).description(Some(description.to_owned())).rust_typename("planned");
    registry.types.insert(name.to_owned(), built.build());
}

pub(super) fn input_type(registry: &mut Registry, name: &str, description: &str, fields: Vec<MetaInputValue>) {
    let fields = fields.into_iter().map(|field| (field.name.clone(), field)).collect();
    let built =
        InputObjectBuilder::new(name, fields).description(Some(description.to_owned())).rust_typename("planned");
    registry.types.insert(name.to_owned(), built.build());
}

pub(super) fn enum_type(registry: &mut Registry, name: &str, description: &str, values: Vec<(String, String)>) {
    let values = values
        .into_iter()
        .map(|(name, description)| {
            let mut value = MetaEnumValue::new(name.clone());
            value.description = Some(description);
            (name, value)
        })
        .collect();
    let built = EnumBuilder::new(name, values).description(Some(description.to_owned())).rust_typename("planned");
    registry.types.insert(name.to_owned(), built.build());
}

fn shared(registry: &mut Registry) {
    <super::scalars::Date as OutputType>::create_type_info(registry);
    <super::scalars::Instant as OutputType>::create_type_info(registry);
    object_type(
        registry,
        "PageInfo",
        "Where a page stands in its list (Relay).",
        vec![
            field("hasNextPage", "Boolean!", "Whether more rows follow."),
            field("hasPreviousPage", "Boolean!", "Whether rows come before; known for sure when paging backward."),
            field("startCursor", "String", "Cursor of the first row of the page."),
            field("endCursor", "String", "Cursor of the last row of the page; give it as `after` for the next page."),
        ],
    );
    enum_type(
        registry,
        "OrderDirection",
        "Which way a list runs. A missing value counts as the greatest.",
        vec![
            ("ASC".into(), "From the least to the greatest.".into()),
            ("DESC".into(), "From the greatest to the least.".into()),
        ],
    );
    object_type(
        registry,
        "Viewer",
        "Who you are, as your token and the database say, and what you may do.",
        vec![
            field("user", "User", "Your own record; null where your role does not read users."),
            field("organisation", "Organisation", "The organisation whose records exist for you."),
            field("role", "RoleCode!", "Your role."),
            field("permissions", "[String!]!", "The acts your role includes."),
        ],
    );
    object_type(
        registry,
        "ChangePage",
        "Changes of a resource centre.",
        vec![
            field("changes", "[Change!]!", "The changes, the earliest first."),
            field("cursor", "String!", "Give it as `cursor` for what comes after, now or at the next look."),
            field("hasMore", "Boolean!", "Whether there is more to fetch now."),
        ],
    );
    object_type(
        registry,
        "Change",
        "A record that was made, changed or removed.",
        vec![
            field("id", "ID!", "The record."),
            field("recordType", "String!", "The name of its type."),
            field("rowVersion", "Int!", "Its version; 0 where it was removed."),
            field("changedAt", "DateTime!", "When it was written last, or removed (UTC)."),
            field("isRemoved", "Boolean!", "Whether it is gone: forget it."),
            field("node", "Node", "The record as it is now; null where it is gone. Ask for it once."),
        ],
    );
    let id = field("id", "ID!", "Opaque id, the same wherever the record appears.");
    let node = MetaType::Interface {
        name: "Node".into(),
        description: Some("Anything with a global id (Relay).".into()),
        fields: IndexMap::from([("id".to_owned(), id)]),
        possible_types: graph().nouns().iter().map(|noun| noun.name.to_owned()).collect(),
        extends: false,
        inaccessible: false,
        tags: Vec::new(),
        keys: None,
        visible: None,
        rust_typename: Some("planned"),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    registry.types.insert("Node".into(), node);
}

fn fixed_roots() -> IndexMap<String, MetaField> {
    let mut viewer = field("viewer", "Viewer!", "Who you are and what you may do.");
    viewer.args = IndexMap::new();
    let mut node = field("node", "Node", "Any record by its id; null if there is none within your reach.");
    node.args.insert("id".into(), argument("id", "ID!", "The record's id."));
    let mut nodes =
        field("nodes", "[Node]!", "Records by their ids, in that order, null where there is none within your reach.");
    nodes.args.insert("ids".into(), argument("ids", "[ID!]!", "At most 100 ids."));
    let text = "What changed in a resource centre since a cursor was given, within your reach: for devices that work \
                without a network. The first look has no cursor and begins with everything. Pages come in the order in which \
                records were written; the newest changes may come twice, so keep what has the greater `rowVersion`.";
    let mut changes = field("changesSince", "ChangePage!", text);
    for one in [
        argument("centre", "ID!", "The centre."),
        argument("cursor", "String", "What the last page gave; it holds for 45 days."),
        argument("first", "Int", "Changes of a page, 1 to 100; 100 if nothing is said."),
    ] {
        changes.args.insert(one.name.clone(), one);
    }
    [viewer, node, nodes, changes].into_iter().map(|field| (field.name.clone(), field)).collect()
}

fn single_root(noun: &Noun) -> MetaField {
    let mut root =
        field(noun.single, noun.name, format!("One {}; null if there is none within your reach.", singular(noun)));
    let required = if noun.key.is_none() { "ID!" } else { "ID" };
    root.args.insert("id".into(), argument("id", required, "Its id."));
    if let Some((name, _, _)) = &noun.key {
        root.args.insert((*name).to_owned(), argument(name, "String", "Its key, instead of the id."));
    }
    root
}

fn list_field(noun: &'static Noun, name: &str, description: &str, required: bool) -> MetaField {
    let mut list = field(name, format!("{}Connection{}", noun.name, if required { "!" } else { "" }), description);
    let arguments = [
        argument("first", "Int", "Rows of a page from the beginning, 1 to 100; 25 if nothing is said."),
        argument("after", "String", "Rows after this cursor."),
        argument("last", "Int", "Rows of a page from the end, 1 to 100."),
        argument("before", "String", "Rows before this cursor."),
        argument("where", format!("{}Filter", noun.name), "Only rows that fit."),
    ];
    for one in arguments {
        list.args.insert(one.name.clone(), one);
    }
    if !plan::orders(noun).is_empty() {
        let text = "Sort keys, the first weighs most, at most 5. The id always comes last, so the order is total.";
        list.args.insert("orderBy".into(), argument("orderBy", format!("[{}Order!]", noun.name), text));
    }
    list
}

fn object(registry: &mut Registry, noun: &'static Noun) {
    let fields = noun.fields.iter().map(|declared| described(registry, declared)).collect();
    object_type(registry, noun.name, noun.description, fields);
    registry.add_implements(noun.name, "Node");
}

pub(super) fn class_note(class: Class) -> &'static str {
    match class {
        Class::Public => "",
        Class::Internal => " (Internal.)",
        Class::Personal => " (Personal: null where your role does not read personal data.)",
        Class::Sensitive => " (Sensitive: null where your role does not read sensitive data.)",
        Class::Restricted => " (Restricted: null but for few roles.)",
    }
}

fn described(registry: &mut Registry, declared: &'static Field) -> MetaField {
    let description = format!("{}{}", declared.description, class_note(declared.class));
    let required = if declared.required { "!" } else { "" };
    if let Shape::Many(_, target) = &declared.shape {
        return graph().named(target).map_or_else(
            || field(declared.name, "String", ""),
            |target| list_field(target, declared.name, &description, false),
        );
    }
    let ty = match &declared.shape {
        Shape::Id => "ID".to_owned(),
        Shape::Plain(column) => scalar_name(column.scalar).to_owned(),
        Shape::Derived(_, _, scalar) => scalar_name(*scalar).to_owned(),
        Shape::Code(_, codes) => {
            (codes.register)(registry);
            codes.name.clone()
        }
        Shape::CodeList(_, codes) => {
            (codes.register)(registry);
            format!("[{}!]", codes.name)
        }
        Shape::TextList(_) => "[String!]".to_owned(),
        Shape::Records(_) => "[ID!]".to_owned(),
        Shape::Object(name, text, fields) => {
            let fields = fields.iter().map(|inner| described(registry, inner)).collect();
            object_type(registry, name, text, fields);
            (*name).to_owned()
        }
        Shape::One(_, target) | Shape::Many(_, target) => (*target).to_owned(),
    };
    field(declared.name, format!("{ty}{required}"), description)
}

fn scalar_name(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text | Scalar::Bytes => "String",
        Scalar::Int => "Int",
        Scalar::Float => "Float",
        Scalar::Bool => "Boolean",
        Scalar::Uuid => "ID",
        Scalar::Date => "Date",
        Scalar::Timestamp => "DateTime",
    }
}

fn connection(registry: &mut Registry, noun: &Noun) {
    let name = noun.name;
    object_type(
        registry,
        &format!("{name}Edge"),
        &format!("One of a list of {}, with its place.", plural(noun)),
        vec![
            field("cursor", "String!", "Its place in this list; opaque, good for a day."),
            field("node", format!("{name}!"), "The record."),
        ],
    );
    let mut total =
        field("totalCount", "Int!", "How many rows fit in all. Counting reads them: ask only when you show it.");
    let text = "Count no further than this: cheap on large lists, and enough for “more than 10,000”.";
    total.args.insert("upTo".into(), argument("upTo", "Int", text));
    object_type(
        registry,
        &format!("{name}Connection"),
        &format!("A page of {} (Relay).", plural(noun)),
        vec![
            field("edges", format!("[{name}Edge!]!"), "The rows with their cursors."),
            field("nodes", format!("[{name}!]!"), "The rows alone."),
            field("pageInfo", "PageInfo!", "Where the page stands."),
            total,
        ],
    );
}

fn filter(registry: &mut Registry, noun: &'static Noun) {
    let own = format!("{}Filter", noun.name);
    let mut fields = vec![
        argument("and", format!("[{own}!]"), "Every one of these holds."),
        argument("or", format!("[{own}!]"), "At least one of these holds; none holds if the list is empty."),
        argument("not", own.clone(), "This does not hold."),
    ];
    for shortcut in &noun.shortcuts {
        fields.push(argument(shortcut.name, "String", shortcut.description));
    }
    for declared in &noun.fields {
        fields.extend(filter_field(registry, declared));
    }
    let text = format!("Narrows a list of {}: everything that is said must hold.", plural(noun));
    input_type(registry, &own, &text, fields);
    let text = format!("Narrows by related {}.", plural(noun));
    input_type(
        registry,
        &format!("{}ListFilter", noun.name),
        &text,
        vec![
            argument("some", own.clone(), "At least one fits."),
            argument("every", own.clone(), "None fails to fit; holds where there is none."),
            argument("none", own.clone(), "None fits."),
        ],
    );
    let text = format!("Narrows by the related {}.", singular(noun));
    input_type(
        registry,
        &format!("{}RelationFilter", noun.name),
        &text,
        vec![
            argument("is", own, "It is within your reach and fits."),
            argument("isNull", "Boolean", "True: there is none. False: there is one."),
        ],
    );
}

fn filter_field(registry: &mut Registry, declared: &'static Field) -> Option<MetaInputValue> {
    if !declared.filter && !matches!(declared.shape, Shape::Id) {
        return None;
    }
    let name = match &declared.shape {
        Shape::One(_, target) => format!("{target}RelationFilter"),
        Shape::Many(_, target) => format!("{target}ListFilter"),
        Shape::Object(name, _, inner) => {
            let fields = inner.iter().filter_map(|field| filter_field(registry, field)).collect();
            let own = format!("{name}Filter");
            input_type(registry, &own, "Narrows by the parts of the value.", fields);
            own
        }
        Shape::Id => operators(registry, "ID", &declared.shape),
        Shape::Code(_, codes) => {
            (codes.register)(registry);
            operators(registry, &codes.name, &declared.shape)
        }
        Shape::Plain(column) => operators(registry, scalar_name(column.scalar), &declared.shape),
        Shape::CodeList(..) | Shape::TextList(_) | Shape::Derived(..) | Shape::Records(_) => return None,
    };
    Some(argument(declared.name, name, declared.description))
}

fn operators(registry: &mut Registry, value: &str, shape: &Shape) -> String {
    let name = format!("{value}Filter");
    if !registry.types.contains_key(&name) {
        let fields = plan::operators(shape)
            .0
            .iter()
            .map(|(name, list, own, description)| {
                let value = own.unwrap_or(value);
                argument(name, if *list { format!("[{value}!]") } else { value.to_owned() }, *description)
            })
            .collect();
        input_type(registry, &name, "Ways to compare; everything that is said must hold.", fields);
    }
    name
}

fn order(registry: &mut Registry, noun: &'static Noun) {
    let orders = plan::orders(noun);
    if orders.is_empty() {
        return;
    }
    let values =
        orders.into_iter().map(|(name, _, class, text)| (name, format!("{text}{}", class_note(class)))).collect();
    let name = noun.name;
    enum_type(
        registry,
        &format!("{name}OrderField"),
        &format!("What a list of {} can be ordered by.", plural(noun)),
        values,
    );
    let mut direction = argument("direction", "OrderDirection", "Which way.");
    direction.default_value = Some("ASC".into());
    input_type(
        registry,
        &format!("{name}Order"),
        "One sort key.",
        vec![argument("field", format!("{name}OrderField!"), "What to order by."), direction],
    );
}

/// What the values of closed lists are called.
fn labels(registry: &mut Registry) -> MetaField {
    <entity::locale::Locale as OutputType>::create_type_info(registry);
    object_type(
        registry,
        "CodeLabel",
        "What a value of a closed list is called.",
        vec![
            field("code", "String!", "The value as the schema has it."),
            field("label", "String!", "What to show to people."),
        ],
    );
    object_type(
        registry,
        "EnumLabels",
        "What the values of one closed list are called.",
        vec![
            field("name", "String!", "The enum's name in the schema."),
            field("values", "[CodeLabel!]!", "Its values in order."),
        ],
    );
    let text = "What the values of closed lists are called in English, Burmese and Thai, for forms and charts.";
    let mut root = field("enumLabels", "[EnumLabels!]!", text);
    let locale = "In which language; by the request's `Accept-Language` if nothing is said, else English.";
    root.args.insert("locale".into(), argument("locale", "Locale", locale));
    root.args.insert("names".into(), argument("names", "[String!]", "Only these enums; all if nothing is said."));
    root
}
