//! What a request costs before and after the database, piece by piece: `cargo bench -p lanpya-bench`.

#![expect(clippy::expect_used, reason = "a benchmark that cannot begin has nothing to measure")]

use std::hint::black_box;

use chrono::{DateTime, Utc};
use divan::{Bencher, counter::ItemsCount};
use entity::user::RoleCode;
use entity::value::{Cell, Scalar};
use futures_util::FutureExt as _;
use lanpya::http::limits::{self, Limits};
use lanpya::http::request;
use lanpya::plan::{Document, GlobalId, Seal, Variables, compile, json};
use lanpya::schema::Engine;
use uuid::Uuid;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SECRET: &str = "a secret of at least thirty-two characters";
const POINT: &str = "query Child($id: ID!) { child(id: $id) { id code schooling outOfSchoolReason registeredOn \
                     latestRiskClass rowVersion updatedAt } }";
const NESTED: &str = "query Nested { children(first: 50) { nodes { id code registeredOn cases(first: 10) { nodes { id \
                      displayNumber status workflow riskLevel registeredOn services(first: 10) { nodes { id serviceType \
                      requestedOn implementation agency } } } } } } }";
const ID: &str = "child_01jbg00000e00800000000000g";
const QUERIES: [&str; 2] = [POINT, NESTED];

fn main() {
    divan::main();
}

fn document(query: &str) -> Document {
    let parsed = limits::parse(query, &Limits::default()).expect("within limits");
    Document::new(parsed.into(), None).expect("one operation")
}

/// From the bytes of a request to its query and variables.
#[divan::bench(args = QUERIES)]
fn body(bencher: Bencher<'_, '_>, query: &str) {
    let body = serde_json::json!({ "query": query, "variables": { "id": ID } }).to_string();
    bencher.bench(|| request::from_post(Some("application/json"), black_box(body.as_bytes())).is_ok());
}

/// Text to a document within limits.
#[divan::bench(args = QUERIES)]
fn parse(bencher: Bencher<'_, '_>, query: &str) {
    bencher.bench(|| limits::parse(black_box(query), &Limits::default()).is_ok());
}

/// A document against the schema: once for each document.
#[divan::bench(args = QUERIES)]
fn validate(bencher: Bencher<'_, '_>, query: &str) {
    let engine = Engine::new(SECRET, false, std::time::Duration::ZERO);
    bencher.with_inputs(|| limits::parse(query, &Limits::default()).expect("within limits")).bench_values(|parsed| {
        let none = serde_json::Map::new();
        engine.validate(query, parsed, None, &none).now_or_never().is_some_and(|valid| valid.is_ok())
    });
}

/// A document that was seen before.
#[divan::bench(args = QUERIES)]
fn known(bencher: Bencher<'_, '_>, query: &str) {
    let engine = Engine::new(SECRET, false, std::time::Duration::ZERO);
    let parsed = limits::parse(query, &Limits::default()).expect("within limits");
    let valid = engine.validate(query, parsed, None, &serde_json::Map::new()).now_or_never();
    assert!(valid.is_some());
    bencher.bench(|| engine.known(black_box(query), None).is_some());
}

/// A document to a plan: once for each document and role.
#[divan::bench(args = QUERIES)]
fn plan(bencher: Bencher<'_, '_>, query: &str) {
    let document = document(query);
    let definitions = &document.operation().expect("an operation").variable_definitions;
    let given = if definitions.is_empty() { serde_json::json!({}) } else { serde_json::json!({ "id": ID }) };
    let mut given = Variables::sent(given.as_object().expect("an object").clone());
    let variables = Variables::read(definitions, &mut given).expect("variables");
    assert!(compile(&document, &variables, RoleCode::Supervisor).is_ok());
    bencher.bench(|| compile(black_box(&document), &variables, RoleCode::Supervisor).is_ok());
}

/// Ids to their text in an answer.
#[divan::bench]
fn write_ids(bencher: Bencher<'_, '_>) {
    let ids: Vec<Uuid> = (0..1_000_u128).map(|number| Uuid::from_u128(number << 40)).collect();
    bencher.counter(ItemsCount::new(ids.len())).bench(|| {
        let mut out = Vec::with_capacity(64 * 1_024);
        for id in &ids {
            json::id(&mut out, "child", *id);
        }
        out
    });
}

/// A thousand values of each other kind to their text in an answer.
#[divan::bench(args = ["text", "code", "date", "instant", "number"])]
fn write_values(bencher: Bencher<'_, '_>, kind: &str) {
    let at = instant();
    let write: fn(&mut Vec<u8>, DateTime<Utc>) = match kind {
        "text" => |out, _| json::text(out, black_box("Shwe Li Street 17, Muse".as_bytes())),
        "code" => |out, _| json::quoted(out, black_box(b"DROPPED_OUT")),
        "date" => |out, at| json::date(out, at.date_naive()),
        "instant" => |out, at| json::instant(out, at),
        _ => |out, at| json::number(out, at.timestamp()),
    };
    bencher.counter(ItemsCount::new(1_000_usize)).bench(|| {
        let mut out = Vec::with_capacity(64 * 1_024);
        for _ in 0..1_000 {
            write(&mut out, black_box(at));
        }
        out
    });
}

/// A place in a list to a cursor.
#[divan::bench]
fn seal_cursor(bencher: Bencher<'_, '_>) {
    let seal = Seal::new(SECRET);
    bencher.bench(|| sealed(black_box(&seal)));
}

/// A cursor to a place in a list.
#[divan::bench]
fn open_cursor(bencher: Bencher<'_, '_>) {
    let (seal, at) = (Seal::new(SECRET), instant());
    let cursor = sealed(&seal);
    bencher.bench(|| seal.open(b"bond", at, black_box(&cursor), &[Scalar::Text], "after").is_ok());
}

fn sealed(seal: &Seal) -> String {
    let keys = [Cell::Text("MRC-0042".into())];
    seal.close(b"bond", instant(), &keys, Uuid::from_u128(7 << 80)).expect("a cursor")
}

fn instant() -> DateTime<Utc> {
    "2026-11-23T09:30:00.125Z".parse().expect("an instant")
}

/// The text of an id to a UUID.
#[divan::bench]
fn read_id(bencher: Bencher<'_, '_>) {
    let text = GlobalId::text("child", Uuid::from_u128(7 << 80));
    bencher.bench(|| GlobalId::read_as(black_box(&text), "child"));
}
