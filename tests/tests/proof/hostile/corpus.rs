//! Hostile requests, each with the one code it must be refused with. The shapes are those that other GraphQL servers
//! were brought down with; each goes far beyond its limit, so that work not bounded beforehand shows.

use serde_json::{Value, json};

/// A request body and how it must end.
pub struct Hostile {
    pub name: &'static str,
    pub body: Value,
    pub code: &'static str,
}

const LIMIT: &str = "LIMIT_EXCEEDED";
const INVALID: &str = "GRAPHQL_VALIDATION_FAILED";
const PARSE: &str = "GRAPHQL_PARSE_FAILED";
const INPUT: &str = "BAD_USER_INPUT";

fn many(number: usize, make: impl Fn(usize) -> String) -> String {
    (0..number).map(make).collect::<Vec<_>>().join(" ")
}

fn nested(open: &str, inner: &str, close: &str, times: usize) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

/// All of them.
pub fn all() -> Vec<Hostile> {
    let mut found = Vec::new();
    let mut add = |name, query: String, variables: Value, code| {
        found.push(Hostile { name, body: json!({ "query": query, "variables": variables }), code });
    };
    let none = || json!({});
    for (name, query, code) in fragments().into_iter().chain(repeated()).chain(deep()).chain(introspection()) {
        add(name, query, none(), code);
    }
    for (name, query, code) in sizes().into_iter().chain(values()).chain(forms()) {
        add(name, query, none(), code);
    }
    for (name, query, variables, code) in variables() {
        add(name, query, variables, code);
    }
    found.push(Hostile {
        name: "an operation name of 100 KB",
        body: json!({ "query": "{ __typename }", "operationName": "a".repeat(100_000) }),
        code: INVALID,
    });
    found
}

type Document = (&'static str, String, &'static str);

fn fragments() -> Vec<Document> {
    let twice = |levels: usize, spreads: usize| {
        let body = |n: usize| many(spreads, |_| format!("...F{}", n + 1));
        let chain = many(levels, |n| format!("fragment F{n} on Query {{ {} }}", body(n)));
        format!("{{ ...F0 }} {chain} fragment F{levels} on Query {{ __typename }}")
    };
    let circle = |size: usize| {
        let all = many(size, |n| {
            format!("fragment F{n} on Query {{ __typename ... on Query {{ ...F{} }} }}", (n + 1) % size)
        });
        format!("{{ ...F0 }} {all}")
    };
    vec![
        ("fragments that double 30 times", twice(30, 2), LIMIT),
        ("fragments that grow thirtyfold 5 times", twice(5, 30), LIMIT),
        ("a chain of 45 fragments", twice(45, 1), LIMIT),
        ("more fragments than allowed", twice(60, 1), LIMIT),
        ("a fragment that spreads itself", circle(1), INVALID),
        ("two fragments that spread each other", circle(2), INVALID),
        ("a circle of 20 fragments", circle(20), INVALID),
        (
            "a circle within a record",
            "{ visits { nodes { ...V } } } fragment V on Visit { centre { visits { nodes { ...V } } } }".to_owned(),
            INVALID,
        ),
        (
            "40 unused fragments",
            format!("{{ __typename }} {}", many(40, |n| format!("fragment F{n} on Query {{ __typename }}"))),
            INVALID,
        ),
        ("a fragment on nothing", "{ ...F } fragment F on Nothing { id }".to_owned(), INVALID),
        (
            "one spread 700 times",
            format!("{{ {} }} fragment F on Query {{ a: __typename b: __typename }}", many(700, |_| "...F".to_owned())),
            LIMIT,
        ),
        ("inline fragments 40 deep", nested("{ ... on Query ", "{ __typename }", "}", 40), LIMIT),
    ]
}

fn repeated() -> Vec<Document> {
    let cost = "visits(first: 100) { nodes { centre { visits(first: 90) { nodes { id } } } } }";
    let record = "visitRecord(input: { centre: \"x\", visitedOn: \"2026-01-01\", channel: PHONE, visitorKind: OTHER }) { userErrors { code } }";
    vec![
        ("101 aliases of the type's name", format!("{{ {} }}", many(101, |n| format!("a{n}: __typename"))), LIMIT),
        ("500 aliases of the viewer", format!("{{ {} }}", many(300, |n| format!("a{n}: viewer {{ role }}"))), LIMIT),
        (
            "40 guesses at a record",
            format!("{{ {} }}", many(40, |n| format!("a{n}: node(id: \"{n}\") {{ id }}"))),
            LIMIT,
        ),
        ("a field 1,500 times", format!("{{ viewer {{ {} }} }}", many(1_500, |_| "role".to_owned())), LIMIT),
        ("11 roots", format!("{{ {} }}", many(11, |n| format!("a{n}: viewer {{ role }}"))), LIMIT),
        ("ten lists, each allowed alone", format!("{{ {} }}", many(9, |n| format!("a{n}: {cost}"))), LIMIT),
        ("1,000 changes", format!("mutation {{ {} }}", many(60, |n| format!("a{n}: {record}"))), LIMIT),
        ("11 changes", format!("mutation {{ {} }}", many(11, |n| format!("a{n}: {record}"))), LIMIT),
        (
            "100 directives at a field",
            format!("{{ __typename {} }}", many(100, |_| "@skip(if: false)".to_owned())),
            LIMIT,
        ),
        ("20 unknown directives", format!("{{ __typename {} }}", many(20, |_| "@aa".to_owned())), LIMIT),
        (
            "directives everywhere",
            format!("{{ viewer {{ {} }} }}", many(150, |_| "role @include(if: true)".to_owned())),
            LIMIT,
        ),
        ("100 operations", many(100, |n| format!("query Q{n} {{ __typename }}")), LIMIT),
        ("operations of one name", "query Q { __typename } query Q { __typename }".to_owned(), INVALID),
        ("two operations, none chosen", "query A { __typename } query B { __typename }".to_owned(), INVALID),
        ("31 arguments", format!("{{ visits({}) {{ totalCount }} }}", many(31, |n| format!("a{n}: 1"))), LIMIT),
        ("an argument twice", "{ visits(first: 1, first: 100) { totalCount } }".to_owned(), INVALID),
        (
            "fields that cannot be one",
            format!("{{ {} }}", many(10, |n| format!("r: visits(first: {}) {{ totalCount }}", n + 1))),
            INVALID,
        ),
    ]
}

fn deep() -> Vec<Document> {
    let page = "visits(first: 100) { nodes { centre { visits(first: 100) { nodes { centre { visits(first: 100) { nodes { id } } } } } } } }";
    vec![
        ("50 levels of records", nested("{ visits { nodes { centre ", "{ id }", " } } }", 15), LIMIT),
        ("5,000 brackets", nested("{ a ", "{ a }", " }", 900), LIMIT),
        ("5,000 brackets, none closed", "{ a ".repeat(1_500), LIMIT),
        ("a list 2,000 deep", format!("{{ nodes(ids: {}) {{ id }} }}", nested("[", "1", "]", 900)), LIMIT),
        (
            "an object 200 deep",
            format!("{{ visits(where: {}) {{ totalCount }} }}", nested("{ not: ", "{}", " }", 200)),
            LIMIT,
        ),
        (
            "a filter 40 deep",
            format!(
                "{{ visits(where: {}) {{ totalCount }} }}",
                nested("{ not: ", "{ ticket: { eq: \"x\" } }", " }", 40)
            ),
            LIMIT,
        ),
        ("pages that multiply to a million", format!("{{ {page} }}"), LIMIT),
        ("pages that multiply beside each other", format!("{{ a: {page} b: {page} }}"), LIMIT),
    ]
}

fn introspection() -> Vec<Document> {
    const KIND: &str = "kind name description";
    vec![
        (
            "types in circles",
            format!("{{ __schema {{ types {{ {} }} }} }}", nested("fields { type { ", "name", " } }", 6)),
            LIMIT,
        ),
        (
            "types of types of types",
            format!("{{ __type(name: \"Visit\") {{ {} }} }}", nested("ofType { ", "name", " }", 30)),
            LIMIT,
        ),
        (
            "possible types in circles",
            format!("{{ __schema {{ types {{ {} }} }} }}", nested("possibleTypes { interfaces { ", "name", " } }", 7)),
            LIMIT,
        ),
        (
            "the schema nine times",
            format!(
                "{{ {} }}",
                many(9, |n| format!(
                    "a{n}: __schema {{ types {{ fields {{ args {{ name description defaultValue type {{ {KIND} ofType {{ \
                     {KIND} ofType {{ {KIND} }} }} }} }} }} }} }}"
                ))
            ),
            LIMIT,
        ),
        (
            "the schema with a field 400 times",
            format!("{{ __schema {{ types {{ {} }} }} }}", many(600, |_| "name".to_owned())),
            LIMIT,
        ),
    ]
}

fn sizes() -> Vec<Document> {
    vec![
        ("2,001 tokens", format!("{{ {} }}", many(2_001, |_| "a".to_owned())), LIMIT),
        ("a comment of 200 KB", format!("{{ __typename }} # {}", "x".repeat(200_000)), LIMIT),
        ("200 KB of spaces", format!("{{ __typename {} }}", " ".repeat(200_000)), LIMIT),
        ("200 KB of commas", format!("{{ __typename {} }}", ",".repeat(200_000)), LIMIT),
        ("a text of 200 KB", format!("{{ case(id: \"{}\") {{ id }} }}", "x".repeat(200_000)), LIMIT),
        ("a name of 10 KB", format!("{{ {} }}", "a".repeat(10_000)), LIMIT),
        ("a block text without an end", format!("{{ case(id: \"\"\"{}", "x\n".repeat(2_000)), PARSE),
        ("10,000 quotes", format!("{{ a(b: {}", "\"\" ".repeat(5_000)), LIMIT),
        ("51 variables", format!("query({}) {{ __typename }}", many(51, |n| format!("$v{n}: Int"))), LIMIT),
    ]
}

fn values() -> Vec<Document> {
    let visits = |arguments: &str| format!("{{ visits({arguments}) {{ nodes {{ id }} }} }}");
    vec![
        ("a number of 5,000 digits", visits(&format!("first: {}", "9".repeat(5_000))), PARSE),
        ("a page of 2,147,483,648", visits("first: 2147483648"), INPUT),
        ("a page of a million", visits("first: 1000000"), LIMIT),
        ("a page of less than nothing", visits("first: -1"), LIMIT),
        ("a page of 1e9", visits("first: 1e9"), INPUT),
        ("1,000 ids", format!("{{ nodes(ids: [{}]) {{ id }} }}", many(900, |_| "\"x\"".to_owned())), LIMIT),
        (
            "1,000 terms",
            visits(&format!("where: {{ or: [{}] }}", many(190, |_| "{ ticket: { eq: \"x\" } }".to_owned()))),
            LIMIT,
        ),
        (
            "900 values of one",
            visits(&format!("where: {{ ticket: {{ in: [{}] }} }}", many(900, |_| "\"x\"".to_owned()))),
            LIMIT,
        ),
        ("sorted by six", visits(&format!("orderBy: [{}]", many(6, |_| "{ field: TICKET }".to_owned()))), LIMIT),
    ]
}

fn forms() -> Vec<Document> {
    vec![
        ("nothing", String::new(), PARSE),
        ("a NUL", "{ __typename \0 }".to_owned(), PARSE),
        ("beyond ASCII", "{ ကလေး }".to_owned(), PARSE),
        ("a type definition", "type Query { a: Int }".to_owned(), PARSE),
        ("a subscription", "subscription { __typename }".to_owned(), INVALID),
        ("a field nearly right", "{ visit2 { id } }".to_owned(), INVALID),
        ("a variable of no type", "query($a: [Nope] = [1]) { __typename }".to_owned(), INVALID),
        ("a variable nobody defined", "{ visits(first: $n) { totalCount } }".to_owned(), INVALID),
    ]
}

fn variables() -> Vec<(&'static str, String, Value, &'static str)> {
    let filter = "query($w: VisitFilter) { visits(where: $w) { nodes { id } } }";
    let uses = format!(
        "query($s: String) {{ {} }}",
        many(30, |_| "visits(where: { ticket: { eq: $s } }) { totalCount }".to_owned())
    );
    let mut not = json!({});
    for _ in 0..60 {
        not = json!({ "not": not });
    }
    let pages = "query($n: Int) { visits(first: $n) { nodes { centre { visits(first: $n) { nodes { centre { visits(first: $n) { nodes { id } } } } } } } } }";
    vec![
        ("a text of 200 KB, copied 30 times", uses, json!({ "s": "x".repeat(200_000) }), LIMIT),
        ("a filter 60 deep in a variable", filter.to_owned(), json!({ "w": not }), LIMIT),
        (
            "a filter of 5,000 terms in a variable",
            filter.to_owned(),
            json!({ "w": { "or": vec![json!({}); 5_000] } }),
            LIMIT,
        ),
        (
            "50,000 values in a variable",
            filter.to_owned(),
            json!({ "w": { "ticket": { "in": vec!["x"; 50_000] } } }),
            LIMIT,
        ),
        (
            "20,000 unknown variables",
            "{ __typename }".to_owned(),
            (0..20_000).map(|n| (format!("v{n}"), Value::Null)).collect::<serde_json::Map<_, _>>().into(),
            LIMIT,
        ),
        (
            "a text of 2,000 letters to compare with",
            filter.to_owned(),
            json!({ "w": { "ticket": { "eq": "x".repeat(2_000) } } }),
            "TOO_LONG",
        ),
        ("pages that multiply by a variable", pages.to_owned(), json!({ "n": 100 }), LIMIT),
        (
            "a number beyond 64 bits",
            "query($n: Int) { visits(first: $n) { totalCount } }".to_owned(),
            json!({ "n": 1e300 }),
            INPUT,
        ),
        (
            "an object for a number",
            "query($n: Int) { visits(first: $n) { totalCount } }".to_owned(),
            json!({ "n": {} }),
            INPUT,
        ),
    ]
}
