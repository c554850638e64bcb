//! Pieces of a request that need no database, each so often under a name of its own: `tests/bench/counts` runs this under
//! callgrind and compares the instructions of each with those it had before.

#![expect(clippy::expect_used, reason = "what cannot begin counts nothing")]

use std::hint::black_box;
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::user::RoleCode;
use entity::value::{Cell, Scalar};
use futures_util::FutureExt as _;
use lanpya::http::limits::{self, Limits};
use lanpya::http::request;
use lanpya::plan::{Document, GlobalId, Seal, Variables, compile, json};
use lanpya::schema::Engine;
use uuid::Uuid;

/// How often each piece is run.
const TIMES: usize = 50;
const BODY: &str = r#"{"query":"query Child($id: ID!) { child(id: $id) { id code schooling registeredOn rowVersion } }",
                    "variables":{"id":"child_01jbg00000e00800000000000g"}}"#;
const NESTED: &str = "query Nested { children(first: 50) { nodes { id code registeredOn cases(first: 10) { nodes { id \
                      displayNumber status services(first: 10) { nodes { id serviceType requestedOn agency } } } } } } }";
const ID: &str = "child_01jbg00000e00800000000000g";

/// Defines the pieces: what each needs, and what is counted, in a function of its own that is not inlined.
macro_rules! pieces {
    ($($name:ident($input:ident: $kind:ty = $made:expr) $piece:block)+) => {
        $(
            #[inline(never)]
            fn $name($input: &$kind) $piece
        )+

        fn main() {
            $(
                let input: $kind = $made;
                for _ in 0..TIMES {
                    $name(black_box(&input));
                }
            )+
            println!("{TIMES}");
        }
    };
}

pieces! {
    count_body(body: &str = BODY) {
        assert!(black_box(request::from_post(Some("application/json"), body.as_bytes())).is_ok());
    }
    count_parse(query: &str = NESTED) {
        assert!(black_box(limits::parse(query, &Limits::default())).is_ok());
    }
    count_known(engine: Engine = engine()) {
        assert!(black_box(engine.known(NESTED, None)).is_some());
    }
    count_plan(document: Document = document(NESTED)) {
        assert!(black_box(compile(document, &Variables::default(), RoleCode::Supervisor)).is_ok());
    }
    count_write_ids(ids: [Uuid; 100] = [Uuid::from_u128(7 << 80); 100]) {
        each(ids, |out, id| json::id(out, "child", *id));
    }
    count_write_texts(texts: [&str; 100] = ["Shwe Li Street 17, Muse"; 100]) {
        each(texts, |out, text| json::text(out, text.as_bytes()));
    }
    count_write_burmese(texts: [&str; 100] = ["မူဆယ်မြို့ ရွှေလီလမ်း"; 100]) {
        each(texts, |out, text| json::text(out, text.as_bytes()));
    }
    count_write_dates(days: [DateTime<Utc>; 100] = [instant(); 100]) {
        each(days, |out, day| json::date(out, day.date_naive()));
    }
    count_write_instants(instants: [DateTime<Utc>; 100] = [instant(); 100]) {
        each(instants, |out, at| json::instant(out, *at));
    }
    count_write_numbers(numbers: [i64; 100] = [60_477; 100]) {
        each(numbers, |out, number| json::number(out, *number));
    }
    count_read_id(text: &str = ID) {
        assert!(black_box(GlobalId::read_as(text, "child")).is_some());
    }
    count_seal_cursor(seal: Seal = seal()) {
        assert!(black_box(sealed(seal)).len() > 40);
    }
    count_open_cursor(sealed: (Seal, String) = (seal(), sealed(&seal()))) {
        assert!(black_box(sealed.0.open(b"bond", instant(), &sealed.1, &[Scalar::Text], "after")).is_ok());
    }
}

fn each<T>(values: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    let mut out = Vec::with_capacity(16 * 1_024);
    for value in values {
        write(&mut out, black_box(value));
    }
    assert!(black_box(out).len() > values.len());
}

fn instant() -> DateTime<Utc> {
    "2026-11-23T09:30:00.125Z".parse().expect("an instant")
}

fn seal() -> Seal {
    Seal::new("a secret of at least thirty-two characters")
}

fn sealed(seal: &Seal) -> String {
    let keys = [Cell::Text("MRC-0042".into())];
    seal.close(b"bond", instant(), &keys, Uuid::from_u128(7 << 80)).expect("a cursor")
}

fn document(query: &str) -> Document {
    let parsed = limits::parse(query, &Limits::default()).expect("within limits");
    Document::new(parsed.into(), None).expect("one operation")
}

fn engine() -> Engine {
    let engine = Engine::new("a secret of at least thirty-two characters", false, Duration::ZERO);
    let parsed = limits::parse(NESTED, &Limits::default()).expect("within limits");
    let valid = engine.validate(NESTED, parsed, None, &serde_json::Map::new()).now_or_never();
    assert!(valid.is_some_and(|valid| valid.is_ok()));
    engine
}
