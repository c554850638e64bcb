use serde_json::json;

use super::*;

fn check(source: &str) -> Result<Measured> {
    parse_measured(source, &Limits::default()).map(|(_, measured)| measured)
}

/// Passes with `number` of something and is refused by name with one more.
fn edge(name: &str, number: usize, make: impl Fn(usize) -> String) {
    if let Err(error) = check(&make(number)) {
        panic!("{number} {name}: {error}");
    }
    refused(&make(number + 1), number, name);
}

fn refused(source: &str, number: usize, name: &str) {
    let error = check(source).unwrap_err();
    assert_eq!(error.code, Code::LimitExceeded, "{error}");
    assert_eq!(error.message, format!("The request goes beyond the limit of {number} {name}."));
}

fn code(source: &str) -> Code {
    check(source).unwrap_err().code
}

fn many(number: usize, make: impl Fn(usize) -> String) -> String {
    (0..number).map(make).collect::<Vec<_>>().join(" ")
}

fn around(inner: &str, open: &str, close: &str, times: usize) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

/// `getIntrospectionQuery` of graphql-js 16 with every option, its fragments in the order given there.
fn introspection() -> String {
    let chain = around("", " ofType { name kind", " }", 9);
    format!(
        "query IntrospectionQuery {{
          __schema {{
            description queryType {{ name kind }} mutationType {{ name kind }} subscriptionType {{ name kind }}
            types {{ ...FullType }}
            directives {{
              name description isRepeatable locations args(includeDeprecated: true) {{ ...InputValue }}
            }}
          }}
        }}
        fragment FullType on __Type {{
          kind name description specifiedByURL isOneOf
          fields(includeDeprecated: true) {{
            name description args(includeDeprecated: true) {{ ...InputValue }} type {{ ...TypeRef }}
            isDeprecated deprecationReason
          }}
          inputFields(includeDeprecated: true) {{ ...InputValue }}
          interfaces {{ ...TypeRef }}
          enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
          possibleTypes {{ ...TypeRef }}
        }}
        fragment InputValue on __InputValue {{
          name description type {{ ...TypeRef }} defaultValue isDeprecated deprecationReason
        }}
        fragment TypeRef on __Type {{ kind name {chain} }}"
    )
}

#[test]
fn honest_documents_pass() {
    let measured = check(&introspection()).unwrap();
    assert_eq!(measured.introspection_depth, 15);
    assert_eq!(measured.introspection_selections, 239);
    assert_eq!((measured.selections, measured.depth, measured.roots), (1, 1, 1));

    let relay = r#"query Cases($first: Int! = 20, $after: String, $filter: CaseFilter = {status: [OPEN, "x"]}) @id(a: 1) {
        # the screen of a case worker
        cases(first: $first, after: $after, filter: $filter, orderBy: [{openedOn: DESC}]) {
          edges { cursor node { ...CaseRow services(first: 5) { edges { node { kind endedOn @include(if: true) } } } } }
          pageInfo { hasNextPage endCursor }
        }
        viewer { user: me { id, name } }
      }
      fragment CaseRow on Case { id child { ...ChildName } ... on Case { note(text: """block "quoted" \""" text""") } }
      fragment ChildName on Child { id name code(scale: -1.5e+3) }"#;
    let measured = check(relay).unwrap();
    assert_eq!((measured.depth, measured.roots, measured.aliases, measured.directives), (7, 2, 1, 2));
    assert_eq!(check("\u{feff}query Q { a }").unwrap().selections, 1);
    assert_eq!(check("mutation { close(input: {id: \"case_1\"}) { case { id } } }").unwrap().depth, 3);
}

#[test]
fn each_limit_holds_at_its_edge() {
    edge("bytes", 16_384, |n| format!("{{a{}}}", " ".repeat(n - 3)));
    edge("tokens", 2_000, |n| format!("{{a(l:[{}])}}", "1,".repeat(n - 9)));
    edge("bytes in a name", 100, |n| format!("{{{}}}", "a".repeat(n)));
    edge("open brackets", 64, |n| format!("{{a(l:{})}}", around("", "[", "]", n - 2)));
    edge("operations", 10, |n| many(n, |i| format!("query q{i} {{ a }}")));
    edge("fragments", 50, |n| {
        let fragments = many(n, |i| format!("fragment f{i} on Q {{ a }}"));
        format!("{{a{{{}}}}} {fragments}", many(n, |i| format!("...f{i}")))
    });
    edge("variables", 50, |n| format!("query({}) {{ a }}", many(n, |i| format!("$v{i}: Int"))));
    edge("arguments at one place", 30, |n| format!("{{a({})}}", many(n, |i| format!("x{i}: 1"))));
    edge("arguments at one place", 30, |n| format!("{{a @d({})}}", many(n, |i| format!("x{i}: 1"))));
    edge("directives at one place", 5, |n| format!("{{a{}}}", " @d".repeat(n)));
    edge("directives at one place", 5, |n| format!("query {}{{a}}", " @d".repeat(n)));
    edge("directives at one place", 5, |n| format!("{{...F}} fragment F on Q {}{{a}}", " @d".repeat(n)));
}

#[test]
fn each_limit_on_the_expansion_holds_at_its_edge() {
    edge("selections after fragment expansion", 1_000, |n| format!("{{a{{{}}}}}", "b ".repeat(n - 1)));
    edge("selections after fragment expansion", 1_000, |n| {
        let (spreads, beside) = ("...F ".repeat(9), "b ".repeat(n - 991));
        format!("{{a{{{spreads}{beside}}}}} fragment F on A {{{}}}", "b ".repeat(109))
    });
    edge("selections after fragment expansion", 1_000, |n| {
        format!("query A {{a{{{}}}}} query B {{a{{{}}}}}", "b ".repeat(500), "b ".repeat(n - 502))
    });
    edge("levels of depth", 12, |n| around("", "{a", "}", n));
    edge("levels of depth", 12, |n| format!("{{a{{...F}}}} fragment F on A {}", around("", "{a", "}", n - 1)));
    edge("nested selection sets after fragment expansion", 32, |n| {
        let open: String = (1..n).map(|level| if level % 4 == 0 { "a{" } else { "...{" }).collect();
        format!("{{{open} b {}", "}".repeat(n))
    });
    edge("nested fragments without a field between", 8, |n| format!("{{a{{{}}}}}", around("b", "...{", "}", n)));
    edge("nested fragments without a field between", 8, |n| {
        let chain = many(n - 1, |i| format!("fragment f{i} on Q {{ ...f{} }}", i + 1));
        format!("{{ ...f0 }} {chain} fragment f{} on Q {{ a }}", n - 1)
    });
    edge("root fields", 10, |n| format!("{{{}}}", "a ".repeat(n)));
    edge("root fields", 10, |n| format!("{{...F ... {{...F}} {}}} fragment F on Q {{a a a a}}", "a ".repeat(n - 8)));
    check("query A {a a a a a a} query B {a a a a a a}").unwrap();
    edge("aliases", 30, |n| format!("{{a{{{}}}}}", many(n, |i| format!("b{i}: b"))));
    edge("aliases", 30, |n| {
        format!(
            "{{a{{...F ...F {}}}}} fragment F on A {{{}}}",
            many(n - 20, |i| format!("b{i}: b")),
            many(10, |i| format!("c{i}: b"))
        )
    });
    edge("directives", 100, |n| format!("{{a{{{}}}}}", "b @d ".repeat(n)));
    edge("directives", 100, |n| {
        format!("{{a{{{} {}}}}} fragment F on A @d {{b @d}}", "...F @d ".repeat(30), "b @d ".repeat(n - 90))
    });
    edge("values", 2_000, |n| {
        let fragment = format!("fragment F on A {{b(l: [{}])}}", "1 ".repeat(499));
        format!("{{a{{...F ...F ...F c(l: [{}])}}}} {fragment}", "1 ".repeat(n - 1_501))
    });
    edge("selections of introspection", 500, |n| format!("{{__schema{{{}}}}}", "description ".repeat(n)));
    edge("levels of introspection depth", 16, |n| {
        format!("{{__type(name: \"A\") {}}}", around("{name}", "{ofType ", "}", n - 2))
    });
    assert_eq!(
        check("{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}").unwrap_err().message,
        "The request goes beyond the limit of 700000 estimated fields of introspection."
    );
}

#[test]
fn doubled_fragments_are_refused_in_linear_time() {
    let limits = Limits { fragments: 100, fragment_levels: 100, levels: 100, ..Limits::default() };
    for depth in [10, 20, 40] {
        let chain = many(depth, |i| format!("fragment f{i} on Q {{ ...f{} ...f{} }}", i + 1, i + 1));
        let source = format!("{{ ...f0 }} {chain} fragment f{depth} on Q {{ a }}");
        let document = parse_query(&source).unwrap();
        let unbounded = Limits { selections: u64::MAX, roots: u64::MAX, ..limits.clone() };
        let measured = measure::measure(&document, &unbounded).unwrap();
        assert_eq!(measured.visited, 2 * depth as u64 + 2, "each selection once");
        assert_eq!(measured.roots, 1 << depth);
        assert_eq!(parse(&source, &limits).unwrap_err().code, Code::LimitExceeded);
    }
    // Beyond 2^64 the sums stay at the top.
    let chain = many(49, |i| format!("fragment f{i} on Q {{ {} }}", format!("...f{} ", i + 1).repeat(5)));
    let source = format!("{{ ...f0 }} {chain} fragment f49 on Q {{ a }}");
    let document = parse_query(&source).unwrap();
    let unbounded = Limits { selections: u64::MAX, roots: u64::MAX, ..limits };
    assert_eq!(measure::measure(&document, &unbounded).unwrap().selections, u64::MAX);
    assert_eq!(code(&source), Code::LimitExceeded);
}

#[test]
fn cycles_unused_and_doubled_fragments_do_not_fit() {
    for source in [
        "{ ...F } fragment F on Q { ...F }",
        "{ ...F } fragment F on Q { ...G } fragment G on Q { a { ...F } }",
        "{ ...F } fragment F on Q { ... on Q { ... { ...F } } }",
        "{ a } fragment F on Q { ...G } fragment G on Q { ...F }",
        "{ a } fragment F on Q { a }",
        "{ ...F } fragment F on Q { a } fragment F on Q { b }",
        "query A { a } query A { a }",
        "{ a } query A { a }",
        "{ a: b a: c }",
        "{ ... { a(x: 1) a(x: 2) } }",
        "{ ...F ...G } fragment F on Q { x: a } fragment G on Q { x: b }",
        "{ a(x: 1) a }",
    ] {
        assert_eq!(code(source), Code::GraphqlValidationFailed, "{source}");
    }
    // A fan is no cycle.
    check("{ ...F ...G } fragment F on Q { ...H } fragment G on Q { ...H } fragment H on Q { a }").unwrap();
    check("{ a(x: 1) a(x: 1) ... on Q { b: c } ... on R { b: d } }").unwrap();
    // An unknown fragment is left to the validation that knows the schema.
    check("{ ...Nowhere }").unwrap();
    let fan = format!("{{ {} }} fragment F on Q {{ {} }}", "...F ".repeat(50), "a ".repeat(50));
    assert_eq!(code(&fan), Code::LimitExceeded);
}

#[test]
fn hostile_text_is_refused_without_a_panic() {
    // A small stack: a recursion that follows the document would end the process.
    let work = || {
        for (open, close) in
            [("{a", "}"), ("{a(l:[", "])}"), ("(", ")"), ("[", "]"), ("{...", "}"), ("{a(o:{b:", "})}")]
        {
            for document in
                [around("", open, close, 10_000), open.repeat(10_000), format!("{{a(x:{})}}", open.repeat(10_000))]
            {
                let roomy = Limits { bytes: usize::MAX, tokens: usize::MAX, ..Limits::default() };
                assert_eq!(parse(&document, &roomy).unwrap_err().code, Code::LimitExceeded);
            }
        }
        let deep_types = format!("query($a: {}) {{ a }}", around("T", "[", "]", 60));
        check(&deep_types).unwrap();
        assert_eq!(code(&around("", "{...", "}", 60)), Code::GraphqlParseFailed);
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();

    for source in [
        "",
        " ",
        "#",
        "\u{feff}",
        "\0",
        "{a\0}",
        "{",
        "}",
        "{a(s:\"",
        "{a(s:\"x",
        "{a(s:\"x\n\")}",
        "{a(s:\"\\",
        "{a(s:\"\\\"",
        "{a(s:\"\"\"",
        "{a(s:\"\"\"x\"\"",
        "{a(s:\"\"\"\\\"\"\")}",
        "{a(s:\"\\q\")}",
        "{a(s:\"\\ud800\")}",
        "{a(x:1e999999)}",
        "{a(x:01)}",
        "{a(x:1x)}",
        "{é}",
        "{a..b}",
        "type A { a: Int }",
        "fragment F on Q { a }",
        "{a}}",
        "]{a}",
        "{a(}){",
    ] {
        assert_eq!(code(source), Code::GraphqlParseFailed, "{source:?}");
    }
    for filler in [" ", ",", "#x\n", "\u{feff}", "#"] {
        assert_eq!(code(&filler.repeat(1 << 20)), Code::LimitExceeded);
        assert_eq!(code(&filler.repeat(16 * 1024 / filler.len())), Code::GraphqlParseFailed);
    }
    check(&format!("{{a(x:{})}}", "9".repeat(300))).unwrap();
    check(&format!("{{a(x:\"{}\")}}", "9".repeat(16_000))).unwrap();
    check(&format!("{{a(x:\"{}\")}}", "{[(".repeat(5_000))).unwrap();
    check(&format!("{{a}} # {}", "{".repeat(5_000))).unwrap();
}

#[test]
fn tokens_are_counted_as_the_parser_splits_them() {
    let limits = Limits::default();
    for (source, tokens, nesting) in [
        ("{ a }", 3, 1),
        ("query Q($a: [Int!]! = [1, -2.5e+3, 1-1]) @d { ...F }", 25, 2),
        ("\"\" \"a\\\"b\" \"\"\"a\"b\\\"\"\"c\"\"\" # \" {", 3, 0),
        ("...a....", 4, 0),
        ("1.5.5 1..2", 7, 0),
    ] {
        let scanned = lexer::scan(source, &limits).unwrap();
        assert_eq!((scanned.tokens, scanned.nesting), (tokens, nesting), "{source}");
    }
}

#[test]
fn places_are_those_of_the_parser() {
    for source in ["{\n  é a(s: \"x", "{\r\n a(s: \"x", "{ a(s:\n\"\"\"x"] {
        let place = check(source).unwrap_err().location.unwrap();
        assert_eq!(place.line, 2);
    }
    let error = check("{ a\n  b(: 1) }").unwrap_err();
    assert_eq!((error.code, error.location.map(|place| place.line)), (Code::GraphqlParseFailed, Some(2)));
    assert_eq!(error.message, Code::GraphqlParseFailed.message());
}

#[test]
fn operation_kinds() {
    let kind = |source: &str, name| operation_kind(&parse(source, &Limits::default()).unwrap(), name);
    assert_eq!(kind("{ a }", None).unwrap(), OperationType::Query);
    assert_eq!(kind("mutation M { a }", None).unwrap(), OperationType::Mutation);
    assert_eq!(kind("mutation M { a } query Q { a }", Some("M")).unwrap(), OperationType::Mutation);
    assert_eq!(kind("mutation M { a } query Q { a }", Some("Q")).unwrap(), OperationType::Query);
    assert_eq!(kind("subscription S { a }", Some("S")).unwrap(), OperationType::Subscription);
    for (source, name) in [("{ a }", Some("A")), ("query A { a }", Some("B")), ("query A { a } query B { a }", None)] {
        assert_eq!(kind(source, name).unwrap_err().code, Code::GraphqlValidationFailed);
    }
}

#[test]
fn variables_are_weighed_at_each_use() {
    let limits = Limits::default();
    let document =
        parse("query($a: A, $b: [[Nope!]]!) { x(a: $a) y(a: [$a, {b: $a}]) z @d(if: $b) }", &limits).unwrap();
    let hold = |values: Json| variables(&document, values.as_object().unwrap(), &limits);
    hold(json!({"a": "x".repeat(340_000), "b": [1, {"c": null}]})).unwrap();
    let error = hold(json!({"a": "x".repeat(350_000)})).unwrap_err();
    assert!(error.message.contains("1048576 bytes of variables"), "{error}");
    let error = hold(json!({"b": vec![0; 10_000]})).unwrap_err();
    assert!(error.message.contains("10000 values in variables"), "{error}");
    hold(json!({"b": vec![0; 9_999]})).unwrap();

    known_variable_types(&document, |name| ["A", "Nope"].contains(&name)).unwrap();
    let error = known_variable_types(&document, |name| name == "A").unwrap_err();
    assert_eq!((error.code, error.location.is_some()), (Code::GraphqlValidationFailed, true));
}
