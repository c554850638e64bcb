//! Every place in a request where a value can stand, right or wrong.

use std::time::Duration;

use harness::world::{AUDIENCE, ISSUER};
use harness::{ALPHA, World};
use lanpya::auth::MintRequest;
use lanpya::plan::GlobalId;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::Canaries;

/// A request with canaries in it. Nothing in the answer to it may hold them: no document here asks for a value back.
pub struct Place {
    pub name: String,
    pub request: RequestBuilder,
}

const VISIT: &str =
    "mutation($input: VisitRecordInput!) { r: visitRecord(input: $input) { userErrors { message code field } } }";
const CHILD: &str =
    "mutation($input: ChildRegisterInput!) { r: childRegister(input: $input) { userErrors { message code field } } }";
const NOTE: &str =
    "mutation($input: CaseNoteAddInput!) { r: caseNoteAdd(input: $input) { userErrors { message code field } } }";

fn visit() -> Value {
    let centre = GlobalId::text("centre", ALPHA.row("resource_centre", 0));
    json!({ "centre": centre, "visitedOn": "2026-11-20", "channel": "WALK_IN", "visitorKind": "OTHER" })
}

fn post(world: &World, token: &str) -> RequestBuilder {
    world.client.post(world.url("/graphql")).bearer_auth(token).header("content-type", "application/json")
}

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better")]
fn ask(world: &World, token: &str, name: impl Into<String>, query: &str, variables: Value) -> Place {
    let body = json!({ "query": query, "variables": variables }).to_string();
    Place { name: name.into(), request: post(world, token).body(body) }
}

/// All of them, each with canaries of its own.
pub fn all(world: &World, token: &str, canaries: &mut Canaries) -> Vec<Place> {
    let mut places = inputs(world, token, canaries);
    places.extend(reaching(world, token, canaries));
    places.extend(filters(world, token, canaries));
    places.extend(documents(world, token, canaries));
    places.extend(envelopes(world, token, canaries));
    places.extend(tokens(world, canaries));
    places
}

/// Values of a mutation: taken, too long, or of another type.
fn inputs(world: &World, token: &str, canaries: &mut Canaries) -> Vec<Place> {
    let mut places = Vec::new();
    for field in [
        "note",
        "ticket",
        "destination",
        "homeTownship",
        "idempotencyKey",
        "documentsGiven",
        "id",
        "centre",
        "project",
        "minutes",
        "isFirst",
        "visitedOn",
        "channel",
        "topics",
        "recordedOnDeviceAt",
        "sector",
        "satisfaction",
    ] {
        for form in ["plain", "long", "NUL", "list", "object", "key"] {
            let canary = canaries.name();
            let mut input = visit();
            input[field] = match form {
                "plain" => json!(canary),
                "long" => json!(format!("{canary}{}", "x".repeat(11_000))),
                "NUL" => json!(format!("{canary}\0")),
                "list" => json!([canary, 1]),
                "object" => json!({ "text": canary }),
                _ => json!({ canary: 1 }),
            };
            places.push(ask(world, token, format!("visit {field} {form}"), VISIT, json!({ "input": input })));
        }
    }
    for field in [
        "fullName",
        "ethnicity",
        "occupation",
        "phone",
        "currentLocation",
        "locationDetail",
        "nationality",
        "languages",
        "birthDate",
        "sex",
    ] {
        for form in ["plain", "long"] {
            let canary = if field == "phone" { canaries.phone() } else { canaries.name() };
            let text = if form == "long" { format!("{canary}{}", "x".repeat(11_000)) } else { canary };
            let input = json!({ "person": { field: text } });
            places.push(ask(world, token, format!("child {field} {form}"), CHILD, json!({ "input": input })));
        }
    }
    let case = GlobalId::text("case", ALPHA.row("case", 1));
    let long = canaries.name().repeat(1_000);
    for (name, text) in [("taken", canaries.name()), ("too long", long)] {
        places.push(ask(
            world,
            token,
            format!("note {name}"),
            NOTE,
            json!({ "input": { "case": case, "text": text } }),
        ));
    }
    // The same ticket twice, and a key used again for something else: the database itself refuses these.
    let (ticket, key) = (canaries.name(), canaries.name());
    for _ in 0..2 {
        let mut input = visit();
        input["ticket"] = json!(ticket);
        places.push(ask(world, token, "a ticket twice", VISIT, json!({ "input": input })));
        let mut input = visit();
        input["idempotencyKey"] = json!(key);
        input["note"] = json!(canaries.name());
        places.push(ask(world, token, "a key twice", VISIT, json!({ "input": input })));
    }
    let mut unknown = visit();
    unknown[canaries.name()] = json!(1);
    places.push(ask(world, token, "an unknown key", VISIT, json!({ "input": unknown })));
    places.push(ask(
        world,
        token,
        "an unknown variable",
        VISIT,
        json!({ "input": visit(), canaries.name(): canaries.name() }),
    ));
    places
}

/// Those that reach the tables of visits and persons.
pub fn reaching(world: &World, token: &str, canaries: &mut Canaries) -> Vec<Place> {
    let mut input = visit();
    input["note"] = json!(canaries.name());
    input["ticket"] = json!(canaries.name());
    let mut places = vec![ask(world, token, "a visit", VISIT, json!({ "input": input }))];
    for operator in ["eq", "ne", "startsWith"] {
        let query =
            format!("query($v: String) {{ visits(where: {{ ticket: {{ {operator}: $v }} }}) {{ nodes {{ id }} }} }}");
        places.push(ask(world, token, format!("ticket {operator}"), &query, json!({ "v": canaries.name() })));
        let query = format!(
            "{{ people(where: {{ fullName: {{ {operator}: {} }} }}) {{ nodes {{ id }} }} }}",
            json!(canaries.name())
        );
        places.push(ask(world, token, format!("name {operator}"), &query, json!({})));
    }
    let query = "query($v: [String!]) { visits(where: { ticket: { in: $v } }) { nodes { id } } }";
    places.push(ask(world, token, "tickets", query, json!({ "v": [canaries.name(), canaries.phone()] })));
    places
}

/// Filters, cursors and ids, as literals, variables and defaults, most of another type than asked for.
fn filters(world: &World, token: &str, canaries: &mut Canaries) -> Vec<Place> {
    let mut places = Vec::new();
    for (at, kind) in [
        ("where: { channel: { eq: HERE } }", "VisitChannel"),
        ("where: { visitedOn: { eq: HERE } }", "Date"),
        ("where: { createdAt: { lt: HERE } }", "DateTime"),
        ("where: { ageYears: { eq: HERE } }", "Int"),
        ("where: { id: { eq: HERE } }", "ID"),
        ("where: { needsFollowUp: { eq: HERE } }", "Boolean"),
        ("where: HERE", "VisitFilter"),
        ("first: HERE", "Int"),
        ("after: HERE", "String"),
        ("before: HERE", "String"),
        ("orderBy: [HERE]", "VisitOrder"),
        ("orderBy: [{ field: HERE }]", "VisitOrderField"),
    ] {
        let list = |arguments: String| format!("{{ visits({arguments}) {{ nodes {{ id }} }} }}");
        let text = json!(canaries.name()).to_string();
        places.push(ask(world, token, format!("literal {at}"), &list(at.replace("HERE", &text)), json!({})));
        let bare = canaries.name().split(' ').nth(2).unwrap_or_default().to_owned();
        places.push(ask(world, token, format!("bare {at}"), &list(at.replace("HERE", &bare)), json!({})));
        let key = format!("{{ {}: 1 }}", canaries.name().split(' ').nth(2).unwrap_or_default());
        places.push(ask(world, token, format!("key {at}"), &list(at.replace("HERE", &key)), json!({})));
        let query = format!("query($v: {kind}) {}", list(at.replace("HERE", "$v")));
        places.push(ask(world, token, format!("variable {at}"), &query, json!({ "v": canaries.name() })));
        places.push(ask(world, token, format!("key in variable {at}"), &query, json!({ "v": { canaries.name(): 1 } })));
        let query = format!("query($v: {kind} = {}) {}", json!(canaries.name()), list(at.replace("HERE", "$v")));
        places.push(ask(world, token, format!("default {at}"), &query, json!({})));
    }
    for root in ["node", "case", "person", "visit"] {
        let query = format!("query($v: ID!) {{ {root}(id: $v) {{ id }} }}");
        places.push(ask(world, token, format!("{root} by id"), &query, json!({ "v": canaries.name() })));
        let odd = format!("visit_{}", canaries.phone());
        places.push(ask(world, token, format!("{root} by an odd id"), &query, json!({ "v": odd })));
    }
    let query = "query($v: [ID!]!) { nodes(ids: $v) { id } }";
    places.push(ask(world, token, "nodes", query, json!({ "v": [canaries.name(), canaries.phone()] })));
    places
}

/// Documents that are no GraphQL, or not of this schema. Names that a document itself defines and asks for (aliases,
/// fields, variables) are its author's program and come back in `path` and in texts; values never do.
fn documents(world: &World, token: &str, canaries: &mut Canaries) -> Vec<Place> {
    let mut places = Vec::new();
    for document in [
        "{ visits(where: { ticket: { eq: \"HERE } }) { nodes { id } } }",
        "{ visits(where: { ticket: { eq: \"HERE\\x\" } }) { nodes { id } } }",
        "{ visits # HERE",
        "{ viewer { role } } # HERE",
        "\"HERE\" { viewer { role } }",
        "{ viewer @include(if: \"HERE\") { role } }",
        "{ viewer @skip(if: true, reason: \"HERE\") { role } }",
        "{ case(id: \"\"\"HERE\"\"\") { nothing } }",
        "{ nothing(name: \"HERE\") { id } }",
        "{ visits(nothing: \"HERE\") { nodes { id } } }",
        "mutation { visitRecord(input: { note: \"HERE\" }) { userErrors { code } } }",
        "mutation { caseClose(input: \"HERE\") { userErrors { code } } }",
        "query($v: Int = \"HERE\") { visits(first: $v) { nodes { id } } }",
    ] {
        let document = document.replace("HERE", &canaries.name());
        places.push(ask(world, token, format!("document {document}"), &document, json!({})));
    }
    places
}

/// What surrounds the document.
fn envelopes(world: &World, token: &str, canaries: &mut Canaries) -> Vec<Place> {
    let mut places = Vec::new();
    let viewer = "{ viewer { role } }";
    for body in [
        json!({ "query": viewer, "operationName": canaries.name() }),
        json!({ "query": viewer, "extensions": { "a": canaries.name() } }),
        json!({ "query": viewer, "variables": canaries.name() }),
        json!({ "documentId": canaries.name() }),
        json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": canaries.name() } } }),
        json!({ "query": format!("query {} {viewer}", canaries.name()), "documentId": canaries.name() }),
        json!({ "query": [canaries.name()] }),
        json!({ "query": viewer, canaries.name(): canaries.name() }),
        json!([canaries.name()]),
        json!(canaries.name()),
    ] {
        places.push(Place { name: format!("body {body}"), request: post(world, token).body(body.to_string()) });
    }
    for body in [format!("{{\"query\": \"{}", canaries.name()), canaries.name(), format!("{{\"{}\"}}", canaries.name())]
    {
        places.push(Place { name: format!("broken {body}"), request: post(world, token).body(body) });
    }
    let mark = |canaries: &mut Canaries| canaries.name().split(' ').nth(2).unwrap_or_default().to_owned();
    for header in ["accept", "content-type", "content-encoding", "origin", "x-request-id", "user-agent", "cookie"] {
        let value = if header == "accept" { format!("text/{}", mark(canaries)) } else { mark(canaries) };
        let request = world.client.post(world.url("/graphql")).bearer_auth(token).header(header, value);
        places.push(Place { name: format!("header {header}"), request: request.body("{}") });
    }
    for path in [
        "/HERE",
        "/graphql/HERE",
        "/graphql?HERE=1",
        "/graphql?query=%7BHERE",
        "/graphql?query=%7B__typename%7D&variables=HERE",
    ] {
        let url = world.url(&path.replace("HERE", &mark(canaries)));
        places.push(Place { name: format!("path {path}"), request: world.client.get(url).bearer_auth(token) });
    }
    places
}

/// Tokens that name somebody: made up, and signed.
fn tokens(world: &World, canaries: &mut Canaries) -> Vec<Place> {
    let mut places = Vec::new();
    let query = json!({ "query": "{ viewer { role } }" }).to_string();
    let mark = |canaries: &mut Canaries| canaries.name().split(' ').nth(2).unwrap_or_default().to_owned();
    for (issuer, audience, subject, role) in [
        (ISSUER.to_owned(), AUDIENCE.to_owned(), canaries.name(), "CASEWORKER".to_owned()),
        (ISSUER.to_owned(), AUDIENCE.to_owned(), "caseworker".to_owned(), mark(canaries)),
        (canaries.name(), AUDIENCE.to_owned(), "caseworker".to_owned(), "CASEWORKER".to_owned()),
        (ISSUER.to_owned(), canaries.name(), "caseworker".to_owned(), "CASEWORKER".to_owned()),
    ] {
        let lifetime = Duration::from_mins(10);
        let now = world.clock.now();
        let request = MintRequest { issuer, audience, subject, organisation: ALPHA.id(), role, lifetime, now };
        let token = world.keys.mint(&request).unwrap();
        places.push(Place { name: "a signed token".to_owned(), request: post(world, &token).body(query.clone()) });
    }
    for _ in 0..3 {
        let request = post(world, &mark(canaries)).body(query.clone());
        places.push(Place { name: "a made-up token".to_owned(), request });
    }
    places
}
