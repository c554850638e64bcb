//! Whatever is sent is answered: a coded error that names the field, or the value stored exactly. Never a 500, never a
//! row lost or added by a refusal.

use entity::user::RoleCode;
use harness::world::answer;
use harness::{ALPHA, Answer, BETA, Backend, World, both};
use lanpya::plan::GlobalId;
use reqwest::StatusCode;
use serde_json::{Value, json};

both! { texts_are_kept_exactly, wrong_values, raw_bodies, what_queries_refuse }

/// Refused without a field: async-graphql takes any 64 bits for an Int until it reads it. This list may only become
/// shorter.
const UNNAMED: [&str; 1] = ["{\"minutes\":2147483648}: BAD_USER_INPUT"];

struct Desk {
    world: World,
    token: String,
}

fn id(prefix: &str, table: &str, key: impl std::fmt::Display) -> String {
    GlobalId::text(prefix, ALPHA.row(table, key))
}

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better")]
fn visit(more: Value) -> Value {
    let mut input = json!({
        "centre": id("centre", "resource_centre", 0), "visitedOn": "2026-11-20", "channel": "WALK_IN", "visitorKind": "OTHER"
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

const VISIT: &str = "mutation($input: VisitRecordInput!) { r: visitRecord(input: $input) { visit { note ticket documentsGiven } userErrors { code field } } }";
const CHILD: &str = "mutation($input: ChildRegisterInput!) { r: childRegister(input: $input) { child { person { fullName ethnicity } } userErrors { code field } } }";
const NOTE: &str =
    "mutation($input: CaseNoteAddInput!) { r: caseNoteAdd(input: $input) { note { text } userErrors { code field } } }";

impl Desk {
    async fn new(backend: Backend) -> Self {
        let world = World::new(backend).await;
        let token = world.token(&ALPHA, RoleCode::Supervisor);
        Self { world, token }
    }

    async fn send(&self, query: &str, input: &Value) -> Answer {
        self.world.ask(&self.token, query, json!({ "input": input })).await
    }

    async fn raw(&self, body: Vec<u8>) -> Answer {
        let request = self.world.client.post(self.world.url("/graphql")).bearer_auth(&self.token);
        answer(request.header("content-type", "application/json").body(body)).await
    }

    /// The code and field of a refusal, wherever it stands; nothing may have been written.
    async fn refused(&self, query: &str, input: &Value) -> (String, String) {
        let before = self.world.store.dump(None).await;
        let answered = self.send(query, input).await;
        assert!(self.world.store.dump(None).await == before, "{input} wrote something");
        told(&answered)
    }
}

fn told(answered: &Answer) -> (String, String) {
    assert!(!answered.status.is_server_error(), "{}", answered.body);
    assert!(!answered.body.contains("INTERNAL"), "{}", answered.body);
    let text = |pointer: &str| answered.at(pointer).as_str().unwrap_or_default().to_owned();
    let code = answered.code();
    if code.is_empty() {
        return (text("/data/r/userErrors/0/code"), text("/data/r/userErrors/0/field"));
    }
    (code.to_owned(), text("/errors/0/extensions/field"))
}

/// Texts that something on the way might change.
fn texts() -> Vec<String> {
    vec![
        "x".to_owned(),
        " leading and trailing \t".to_owned(),
        "line\nline\r\nline\rline".to_owned(),
        "\"quoted\" \\ back/slash \\n \\u0000 $1 ? :x %s {} '; DROP TABLE visit; --".to_owned(),
        // The same letters, composed and not: neither becomes the other.
        "e\u{301} \u{e9} \u{1025}\u{102E} \u{1026}".to_owned(),
        // Zawgyi: stored as it came.
        "\u{103B}\u{1019}\u{1014}\u{1039}\u{1019}\u{102C} \u{1031}\u{1014}".to_owned(),
        "မြန်မာ\u{200B}စာ ဘာသာစကား ႁဵၼ်းလိၵ်ႈတႆး ကညီကျိာ်".to_owned(),
        "สวัสดี ค่ะ \u{0E4D}\u{0E32} \u{0E33}".to_owned(),
        "🙂 👩\u{200D}👧 🇲🇲 \u{1F3FD}".to_owned(),
        "\u{FEFF}\u{202E}rtl\u{202C} \u{2028}\u{2029} \u{7F}\u{1}\u{1F} \u{FFFD}\u{FFFF}\u{10FFFF}".to_owned(),
        "é".repeat(200),
        "<script>alert(1)</script> &amp; ]]>".to_owned(),
    ]
}

async fn texts_are_kept_exactly(backend: Backend) {
    let desk = Desk::new(backend).await;
    for text in texts() {
        let answered = desk.send(VISIT, &visit(json!({ "note": text, "documentsGiven": [text, "b"] }))).await;
        assert_eq!(answered.at("/data/r/visit/note"), text.as_str(), "{}", answered.body);
        assert_eq!(answered.at("/data/r/visit/documentsGiven"), &json!([text, "b"]));
        let input = json!({ "person": { "fullName": text, "ethnicity": text } });
        let answered = desk.send(CHILD, &input).await;
        assert_eq!(
            answered.at("/data/r/child/person"),
            &json!({ "fullName": text, "ethnicity": text }),
            "{}",
            answered.body
        );
        let answered = desk.send(NOTE, &json!({ "case": id("case", "case", 1), "text": text })).await;
        assert_eq!(answered.at("/data/r/note/text"), text.as_str(), "{}", answered.body);
        // Byte for byte in the table, and found again by itself.
        let stored = desk.world.store.column("SELECT body FROM case_note").await;
        assert!(stored.contains(&text), "{text:?}");
        let query = "query($name: String!) { people(where: { fullName: { eq: $name } }) { nodes { fullName } } }";
        let found = desk.world.ask(&desk.token, query, json!({ "name": text })).await;
        assert_eq!(found.at("/data/people/nodes"), &json!([{ "fullName": text }]), "{}", found.body);
    }
    for letter in ["x", "က", "🙂"] {
        let long = letter.repeat(10_000);
        let answered = desk.send(NOTE, &json!({ "case": id("case", "case", 1), "text": long })).await;
        assert_eq!(answered.at("/data/r/note/text"), long.as_str(), "10,000 characters are a note");
        let answered = desk.send(VISIT, &visit(json!({ "note": long }))).await;
        assert_eq!(answered.at("/data/r/visit/note"), long.as_str());
        let longer = letter.repeat(10_001);
        let note = json!({ "case": id("case", "case", 1), "text": longer });
        assert_eq!(desk.refused(NOTE, &note).await, ("TOO_LONG".to_owned(), "input.text".to_owned()));
        assert_eq!(desk.refused(VISIT, &visit(json!({ "note": longer }))).await.1, "input.note");
        let name = json!({ "person": { "fullName": long } });
        assert_eq!(desk.refused(CHILD, &name).await, ("TOO_LONG".to_owned(), "input.person.fullName".to_owned()));
    }
    desk.world.stop().await;
}

async fn wrong_values(backend: Backend) {
    let desk = Desk::new(backend).await;
    let foreign = |prefix: &str, table: &str| GlobalId::text(prefix, BETA.row(table, 0));
    for (more, code, field) in [
        (json!({ "centre": foreign("centre", "resource_centre") }), "NOT_FOUND", "input.centre"),
        (json!({ "centre": id("centre", "resource_centre", 99) }), "NOT_FOUND", "input.centre"),
        (json!({ "centre": "" }), "NOT_FOUND", "input.centre"),
        (json!({ "centre": "' OR 1=1 --" }), "NOT_FOUND", "input.centre"),
        (json!({ "project": foreign("project", "project") }), "NOT_FOUND", "input.project"),
        (json!({ "homeTownship": "MMR999999" }), "PCODE_UNKNOWN", "input.homeTownship"),
        (json!({ "homeTownship": "mmr015009" }), "PCODE_UNKNOWN", "input.homeTownship"),
        (json!({ "homeTownship": "" }), "PCODE_UNKNOWN", "input.homeTownship"),
        (json!({ "destination": "th" }), "CODE_UNKNOWN", "input.destination"),
        (json!({ "visitedOn": "2026-11-23" }), "DATE_INVALID", "input.visitedOn"),
        (json!({ "visitedOn": "0001-01-01" }), "DATE_INVALID", "input.visitedOn"),
        (json!({ "visitedOn": "9999-12-31" }), "DATE_INVALID", "input.visitedOn"),
        (json!({ "minutes": -1 }), "BAD_USER_INPUT", "input.minutes"),
        (json!({ "minutes": i32::MAX }), "BAD_USER_INPUT", "input.minutes"),
        (json!({ "ageYears": i32::MIN }), "BAD_USER_INPUT", "input.ageYears"),
        (json!({ "callKind": "COUNSELLING" }), "BAD_USER_INPUT", "input.callKind"),
        (json!({ "ticket": " " }), "FIELD_REQUIRED", "input.ticket"),
        (json!({ "ticket": "x".repeat(65) }), "TOO_LONG", "input.ticket"),
        (json!({ "ticket": "a\0b" }), "BAD_USER_INPUT", "input.ticket"),
        (json!({ "note": "a\0b" }), "BAD_USER_INPUT", "input.note"),
        (json!({ "documentsGiven": ["a\0b"] }), "BAD_USER_INPUT", "input.documentsGiven"),
        (json!({ "documentsGiven": vec!["x"; 51] }), "TOO_LONG", "input.documentsGiven"),
        (json!({ "idempotencyKey": "a\0b" }), "BAD_USER_INPUT", "input.idempotencyKey"),
        (json!({ "homeTownship": "a\0b" }), "PCODE_UNKNOWN", "input.homeTownship"),
    ] {
        assert_eq!(desk.refused(VISIT, &visit(more.clone())).await, (code.to_owned(), field.to_owned()), "{more}");
    }
    // What does not fit its type: a code, and where it stands.
    let mut unnamed = Vec::new();
    for more in [
        json!({ "visitedOn": "2026-02-30" }),
        json!({ "visitedOn": "2026-13-01" }),
        json!({ "visitedOn": "20261120" }),
        json!({ "visitedOn": "2026-11-20T00:00:00Z" }),
        json!({ "visitedOn": "၂၀၂၆-၁၁-၂၀" }),
        json!({ "visitedOn": "" }),
        json!({ "visitedOn": 20_261_120 }),
        json!({ "visitedOn": null }),
        json!({ "recordedOnDeviceAt": "yesterday" }),
        json!({ "recordedOnDeviceAt": "2026-11-20T25:00:00Z" }),
        json!({ "channel": "SMOKE" }),
        json!({ "channel": "walk_in" }),
        json!({ "channel": 1 }),
        json!({ "topics": ["HEALTH", "SMOKE"] }),
        json!({ "topics": [null] }),
        json!({ "minutes": "1" }),
        json!({ "minutes": 1.5 }),
        json!({ "minutes": 2_147_483_648_i64 }),
        json!({ "minutes": u64::MAX }),
        json!({ "minutes": 1e300 }),
        json!({ "minutes": [[1]] }),
        json!({ "isFirst": "true" }),
        json!({ "isFirst": 1 }),
        json!({ "note": 1 }),
        json!({ "note": {} }),
        json!({ "centre": null }),
        json!({ "centre": {} }),
        json!({ "nothing": 1 }),
    ] {
        let (code, field) = desk.refused(VISIT, &visit(more.clone())).await;
        assert!(
            matches!(code.as_str(), "BAD_USER_INPUT" | "CODE_UNKNOWN" | "GRAPHQL_VALIDATION_FAILED" | "DATE_INVALID"),
            "{more}: {code}"
        );
        if field.is_empty() {
            unnamed.push(format!("{more}: {code}"));
        }
    }
    assert_eq!(unnamed, UNNAMED, "no field is named");
    let closed =
        json!({ "case": id("case", "case", 1), "expectedVersion": 2, "on": "2025-01-01", "legalBasis": "CONSENT" });
    let assess = "mutation($input: CaseAssessInput!) { r: caseAssess(input: $input) { userErrors { code field } } }";
    let (code, _) = desk.refused(assess, &closed).await;
    assert!(matches!(code.as_str(), "DATE_INVALID" | "WRONG_STATE"), "{code}");
    desk.world.stop().await;
}

async fn raw_bodies(backend: Backend) {
    let desk = Desk::new(backend).await;
    let before = desk.world.store.dump(None).await;
    let body = |note: &str| {
        let centre = id("centre", "resource_centre", 0);
        format!(
            "{{\"query\": {}, \"variables\": {{\"input\": {{\"centre\": \"{centre}\", \"visitedOn\": \"2026-11-20\", \
             \"channel\": \"WALK_IN\", \"visitorKind\": \"OTHER\", \"note\": {note}}}}}}}",
            json!(VISIT)
        )
    };
    for note in [
        "\"\\uD800\"",
        "\"\\uDC00\"",
        "\"\\uDC00\\uD800\"",
        "\"\\uD800x\"",
        "\"\\u12\"",
        "\"\\x41\"",
        "\"\u{1}\"",
        "\"",
        "'x'",
        "nul",
        "+1",
        "01",
        "1e",
        "[",
        "{\"a\"}",
        "NaN",
        "1e99999",
    ] {
        let answered = desk.raw(body(note).into_bytes()).await;
        assert_eq!(
            (answered.status, answered.code()),
            (StatusCode::BAD_REQUEST, "BAD_REQUEST"),
            "{note}: {}",
            answered.body
        );
    }
    for bytes in [b"\xED\xA0\x80".as_slice(), b"\xC0\x80", b"\xFF", b"\xF4\x90\x80\x80"] {
        let text = body("\"MARK\"").into_bytes();
        let at = text.windows(4).position(|window| window == b"MARK").unwrap();
        let broken = [&text[..at], bytes, &text[at + 4..]].concat();
        let answered = desk.raw(broken).await;
        assert_eq!((answered.status, answered.code()), (StatusCode::BAD_REQUEST, "BAD_REQUEST"), "{bytes:?}");
    }
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let answered = desk.raw(body(&deep).into_bytes()).await;
    assert!(answered.status.is_client_error() || !answered.code().is_empty(), "{}", answered.body);
    for huge in ["123456789012345678901234567890", "-99999999999999999999", "1e400"] {
        let answered = desk.raw(body(huge).into_bytes()).await;
        assert!(answered.status == 400 || answered.code() == "BAD_USER_INPUT", "{huge}: {}", answered.body);
    }
    let long = body(&json!("က".repeat(100_000)).to_string());
    assert_eq!(desk.raw(long.into_bytes()).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(desk.world.store.dump(None).await == before, "nothing was written");
    let answered = desk.raw(body("\"\\uD83D\\uDE42 \\u1000\"").into_bytes()).await;
    assert_eq!(answered.at("/data/r/visit/note"), "🙂 က", "a pair of surrogates is one character");
    desk.world.stop().await;
}

async fn what_queries_refuse(backend: Backend) {
    let desk = Desk::new(backend).await;
    let many = "x".repeat(1_001);
    let ids = vec!["\"x\""; 101].join(" ");
    for (query, code) in [
        ("{ visits(where: { ticket: { eq: 1 } }) { nodes { id } } }".to_owned(), "BAD_USER_INPUT"),
        ("{ visits(where: { ageYears: { eq: 99999999999 } }) { nodes { id } } }".to_owned(), "BAD_USER_INPUT"),
        ("{ visits(where: { visitedOn: { eq: \"2026-02-30\" } }) { nodes { id } } }".to_owned(), "BAD_USER_INPUT"),
        ("{ visits(where: { createdAt: { lt: \"now\" } }) { nodes { id } } }".to_owned(), "BAD_USER_INPUT"),
        (format!("{{ visits(where: {{ ticket: {{ eq: \"{many}\" }} }}) {{ nodes {{ id }} }} }}"), "TOO_LONG"),
        ("{ visits(where: { ticket: { eq: \"a\\u0000b\" } }) { nodes { id } } }".to_owned(), "BAD_USER_INPUT"),
        (format!("{{ visits(where: {{ ticket: {{ in: [{ids}] }} }}) {{ nodes {{ id }} }} }}"), "LIMIT_EXCEEDED"),
        (format!("{{ nodes(ids: [{ids}]) {{ id }} }}"), "LIMIT_EXCEEDED"),
        ("{ visits(first: 100) { totalCount(upTo: 0) } }".to_owned(), "BAD_USER_INPUT"),
        ("{ case(id: \"\\u0000\") { id } }".to_owned(), "BAD_USER_INPUT"),
        ("{ case { id } }".to_owned(), "BAD_USER_INPUT"),
    ] {
        let answered = desk.world.ask(&desk.token, &query, json!({})).await;
        let (found, _) = told(&answered);
        assert_eq!(found, code, "{query}: {}", answered.body);
    }
    for query in [
        "{ node(id: \"\") { id } }",
        "{ case(id: \"visit_x\") { id } }",
        "{ node(id: \"case_zzzzzzzzzzzzzzzzzzzzzzzzzz\") { id } }",
    ] {
        let answered = desk.world.ask(&desk.token, query, json!({})).await;
        assert_eq!(told(&answered).0, "", "{query}: {}", answered.body);
    }
    desk.world.stop().await;
}
