use serde_json::json;

use super::*;

const JSON: Option<&str> = Some("application/json");

fn post(body: &str) -> Result<GraphqlRequest, Refusal> {
    from_post(JSON, body.as_bytes())
}

fn why(result: Result<GraphqlRequest, Refusal>) -> (u16, String) {
    let refusal = result.unwrap_err();
    assert_eq!(refusal.error.code, Code::BadRequest);
    (refusal.status.as_u16(), refusal.error.message.into_owned())
}

#[test]
fn a_post_is_read() {
    let request =
        post(r#" {"query":"{ é }","operationName":"A","variables":{"a":[1e300]},"extensions":{},"x":[[]]}"#).unwrap();
    assert_eq!(request.query, "{ é }");
    assert_eq!(request.operation_name.as_deref(), Some("A"));
    assert_eq!(Value::Object(request.variables), json!({"a": [1e300]}));
    assert_eq!(request.method, Method::Post);
    let request = post(r#"{"query":"","operationName":null,"variables":null,"extensions":null}"#).unwrap();
    assert_eq!((request.operation_name, request.variables.len()), (None, 0));
}

#[test]
fn content_types() {
    let body = br#"{"query":"{a}"}"#;
    for good in
        ["application/json", "Application/JSON ; charset=\"UTF-8\"", "application/json;charset=utf8;x=\";charset=no\""]
    {
        from_post(Some(good), body).unwrap();
    }
    for other in [
        None,
        Some(""),
        Some("text/plain"),
        Some("application/json; charset=utf-16"),
        Some("application/jsonx"),
        Some("application/graphql"),
        Some("multipart/form-data; boundary=a"),
        Some("application/x-www-form-urlencoded"),
        Some("text/plain; application/json"),
    ] {
        assert_eq!(why(from_post(other, body)).0, 415, "{other:?}");
    }
}

#[test]
fn bodies_that_are_no_request() {
    for (body, part) in [
        ("", "missing"),
        (" \n", "missing"),
        ("[]", "batches are not accepted"),
        (" [{\"query\":\"{a}\"}]", "batches are not accepted"),
        ("{ \"not a JSON", "not JSON"),
        ("{\"query\":\"\\ud800\"}", "not JSON"),
        ("1", "object"),
        ("null", "object"),
        ("\"{a}\"", "object"),
        ("{\"query\":\"a\",\"query\":\"b\"}", "once"),
        ("{}", "query is missing"),
        ("{\"query\":null}", "query is missing"),
        ("{\"qeury\":\"{a}\"}", "query is missing"),
        ("{\"query\":\"a\"} x", "not JSON"),
        ("{\"query\":\"a\",\"variables\":{\"a\":1e999}}", "not JSON"),
    ] {
        let (status, message) = why(post(body));
        assert!(status == 400 && message.contains(part), "{body}: {message}");
    }
    for bad in ["{\"a\":1}", "0", "false", "[\"a\"]"] {
        assert_eq!(why(post(&format!("{{\"query\":{bad}}}"))), (400, "The parameter query must be a string.".into()));
        let body = format!("{{\"query\":\"a\",\"operationName\":{bad}}}");
        assert_eq!(why(post(&body)), (400, "The parameter operationName must be a string or null.".into()));
    }
    for name in ["variables", "extensions"] {
        for bad in ["\"s\"", "0", "false", "[\"a\"]"] {
            let body = format!("{{\"query\":\"a\",\"{name}\":{bad}}}");
            assert_eq!(why(post(&body)), (400, format!("The parameter {name} must be an object or null.")));
        }
    }
    assert_eq!(why(from_post(JSON, b"{\"query\":\"\xff\"}")).1, "The body is not UTF-8.");
    for depth in [200, 50_000] {
        let body = format!("{{\"query\":\"a\",\"variables\":{{\"a\":{}{}}}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(why(post(&body)).1.contains("nested too deeply"));
    }
}

#[test]
fn a_document_is_named() {
    let persisted = |rest: &str| format!(r#"{{"extensions":{{"persistedQuery":{{"version":1{rest}}}}}}}"#);
    for body in [
        r#"{"documentId":"ab"}"#.to_owned(),
        r#"{"documentId":"sha256:ab","query":null}"#.to_owned(),
        persisted(r#","sha256Hash":"ab""#),
        r#"{"documentId":"ab","extensions":{"persistedQuery":{"sha256Hash":"ab"}}}"#.to_owned(),
    ] {
        let request = post(&body).unwrap();
        assert_eq!((request.query.as_str(), request.document.as_deref()), ("", Some("ab")), "{body}");
    }
    let both = post(r#"{"query":"{a}","documentId":"ab"}"#).unwrap();
    assert_eq!((both.query.as_str(), both.document.as_deref()), ("{a}", Some("ab")));
    for get in ["documentId=sha256:ab", "extensions=%7B%22persistedQuery%22%3A%7B%22sha256Hash%22%3A%22ab%22%7D%7D"] {
        assert_eq!(from_get(get).unwrap().document.as_deref(), Some("ab"), "{get}");
    }
    for (body, part) in [
        (r#"{"documentId":1}"#.to_owned(), "documentId must be"),
        (r#"{"documentId":null}"#.to_owned(), "query is missing"),
        (persisted(""), "sha256Hash"),
        (persisted(r#","sha256Hash":1"#), "sha256Hash"),
        (r#"{"extensions":{"persistedQuery":"ab"}}"#.to_owned(), "sha256Hash"),
        (r#"{"documentId":"a","extensions":{"persistedQuery":{"sha256Hash":"ab"}}}"#.to_owned(), "two documents"),
    ] {
        let (status, message) = why(post(&body));
        assert!(status == 400 && message.contains(part), "{body}: {message}");
    }
}

#[test]
fn a_get_is_read() {
    let request = from_get(
        "query=%7B+a%20b%C3%A9%7D&operationName=A&variables=%7B%22a%22%3A%221%2B1%22%7D&extensions=null&x=%FF&x=1&",
    )
    .unwrap();
    assert_eq!(request.query, "{ a bé}");
    assert_eq!(request.operation_name.as_deref(), Some("A"));
    assert_eq!(Value::Object(request.variables), json!({"a": "1+1"}));
    assert_eq!(request.method, Method::Get);
    assert_eq!(from_get("query={a}&operationName=").unwrap().operation_name, None);
    for (query, part) in [
        ("", "query is missing"),
        ("operationName=A", "query is missing"),
        ("query=a&query=a", "query is given twice"),
        ("query=a&v&variables=%7B%7D&variables=%7B%7D", "variables is given twice"),
        ("query=a&q%75ery=a", "query is given twice"),
        ("query=%FF", "query is not UTF-8"),
        ("query=a&variables=", "variables must be"),
        ("query=a&variables=[1]", "variables must be"),
        ("query=a&variables=%22s%22", "variables must be"),
        ("query=a&extensions=0", "extensions must be"),
    ] {
        let (status, message) = why(from_get(query));
        assert!(status == 400 && message.contains(part), "{query}: {message}");
    }
}

#[test]
fn only_a_query_runs_over_get() {
    let request = from_get("query={a}").unwrap();
    request.may_run(OperationType::Query).unwrap();
    let posted = post(r#"{"query":"a"}"#).unwrap();
    let refusal = request.may_run(OperationType::Mutation).unwrap_err();
    assert_eq!((refusal.status.as_u16(), refusal.allow()), (405, Some("POST")));
    posted.may_run(OperationType::Mutation).unwrap();
    // A subscription runs over neither.
    for request in [request, posted] {
        let refusal = request.may_run(OperationType::Subscription).unwrap_err();
        assert_eq!((refusal.status.as_u16(), refusal.allow()), (400, None));
    }
    assert_eq!(Refusal::method_not_allowed().allow(), Some("GET, POST"));
    assert_eq!(Refusal::not_acceptable().status.as_u16(), 406);
    let large = Refusal::body_too_large(262_144);
    assert_eq!((large.status.as_u16(), large.error.code), (413, Code::LimitExceeded));
    assert!(large.error.message.contains("262144"));
}

#[test]
fn media_types() {
    use Media::{GraphqlResponseJson as Ours, Json};
    for (accept, media) in [
        (None, Some(Json)),
        (Some(""), Some(Json)),
        (Some("*/*"), Some(Json)),
        (Some("application/*"), Some(Json)),
        (Some("application/json"), Some(Json)),
        (Some("application/graphql-response+json"), Some(Ours)),
        (Some("application/json, application/graphql-response+json"), Some(Ours)),
        (Some("APPLICATION/GRAPHQL-RESPONSE+JSON; charset=utf-8, application/json; charset=utf-8"), Some(Ours)),
        (Some("application/json, text/plain, */*"), Some(Json)),
        (Some("application/graphql-response+json;q=0.5, application/json"), Some(Json)),
        (Some("application/graphql-response+json;q=0.5, */*;q=0.1"), Some(Ours)),
        (Some("application/json;q=0, */*"), Some(Ours)),
        (Some("application/graphql-response+json;q=0, */*;q=0.001"), Some(Json)),
        (Some("*/*;q=0, application/json;q=0.3"), Some(Json)),
        (Some("application/json;q=0"), None),
        (Some("*/*;q=0"), None),
        (Some("text/html"), None),
        (Some("application/json;charset=utf-16"), None),
        (Some("application/json;q=2"), None),
        (Some("application/json;q=0.1234, text/html"), None),
        (Some("text/html;a=\",application/json\""), None),
        (Some(",;,"), None),
    ] {
        assert_eq!(accepts(accept), media, "{accept:?}");
    }
}
