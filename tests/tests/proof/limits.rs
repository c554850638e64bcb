//! Promise 20: cost points. What an operation may read is counted from the sizes it declares, told in the answer, and
//! paid from budgets of the user and the organisation that fill up with time.

use std::time::Instant;

use chrono::TimeDelta;
use entity::user::RoleCode;
use harness::proof::Proof;
use harness::world::{Answer, start};
use harness::{ALPHA, BETA, Backend, Data, World, both};
use lanpya::clock::Clock;
use lanpya::http::budget::Budgets;
use lanpya::schema::Purse as _;
use reqwest::StatusCode;
use serde_json::{Value, json};

both! { cost_is_declared, budgets_over_time, budget_of_an_organisation, budget_of_strangers }

/// Costs 10,000 points.
const LARGE: &str = "{ visits(first: 100) { nodes { centre { visits(first: 98) { nodes { id } } } } } }";
const BODY: &str = "{ viewer { role } }";

async fn cost(world: &World, token: &str, query: &str, variables: Value) -> u64 {
    let answered = world.ask(token, query, variables).await;
    assert!(answered.at("/errors").is_null(), "{query}: {}", answered.body);
    assert_eq!(answered.at("/extensions/cost/limit"), 20_000);
    answered.at("/extensions/cost/requested").as_u64().unwrap()
}

async fn cost_is_declared(backend: Backend) {
    let mut proof = Proof::of(20, format!("limits::cost_is_declared::{backend:?}"));
    let world = World::new(backend).await;
    let cases = [
        ("{ __typename }", json!({}), 1),
        ("{ viewer { role } }", json!({}), 1),
        ("{ visits { nodes { id } } }", json!({}), 25),
        ("{ visits(first: 7) { nodes { id } } }", json!({}), 7),
        ("query($n: Int) { visits(first: $n) { nodes { id } } }", json!({ "n": 9 }), 9),
        ("{ visits(first: 7) { nodes { centre { code } } } }", json!({}), 14),
        (
            "{ resourceCentres(first: 4) { nodes { visits(first: 10) { nodes { counsellor { subject } } } } } }",
            json!({}),
            4 + 40 + 40,
        ),
        ("{ a: visits(first: 3) { nodes { id } } b: visits(last: 4) { nodes { id } } }", json!({}), 7),
        (LARGE, json!({}), 10_000),
        ("{ __schema { queryType { name } } }", json!({}), 1_000),
        ("{ __schema { queryType { name } } visits(first: 7) { nodes { id } } }", json!({}), 1_007),
    ];
    let count = cases.len();
    for (query, variables, expected) in cases {
        for organisation in [&ALPHA, &BETA] {
            let token = world.token(organisation, RoleCode::Supervisor);
            // The first answer is compiled, the second remembered.
            for _ in 0..2 {
                let found = cost(&world, &token, query, variables.clone()).await;
                assert_eq!(found, expected, "{query}");
            }
        }
    }
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let beyond = LARGE.replace("98", "100").replace("{ id }", "{ counsellor { subject } }");
    let answered = world.ask(&token, &beyond, json!({})).await;
    assert_eq!(answered.code(), "LIMIT_EXCEEDED", "{}", answered.body);
    assert_eq!(answered.header("lanpya-statements"), "", "before any statement");
    proof.figure("operations", count);
    world.stop().await;
    if harness::full() {
        let budgets = Budgets::new(u32::MAX, u32::MAX, Clock::system());
        let purse = budgets.of(ALPHA.id(), BETA.id());
        let began = Instant::now();
        for _ in 0..1_000_000 {
            purse.charge(1).unwrap();
        }
        proof.figure("ns to pay from both budgets", began.elapsed().as_secs_f64() * 1e3);
        proof.figure("optimised build", !cfg!(debug_assertions));
    }
    proof.held();
}

async fn limited(backend: Backend, user: u32, organisation: u32) -> World {
    World::tuned(backend, Data::Twins, Clock::manual(start()), |config| {
        config.points_per_user = user;
        config.points_per_organisation = organisation;
    })
    .await
}

/// The seconds that a refusal says to wait; header and body say the same.
fn wait(answered: &Answer) -> i64 {
    assert_eq!(
        (answered.status, answered.code()),
        (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"),
        "{}",
        answered.body
    );
    assert!(answered.json.get("data").is_none());
    assert_eq!(answered.header("lanpya-statements"), "");
    let seconds = answered.at("/errors/0/extensions/retryAfter").as_i64().unwrap();
    assert_eq!(answered.header("retry-after"), seconds.to_string());
    seconds
}

async fn budgets_over_time(backend: Backend) {
    let mut proof = Proof::of(20, format!("limits::budgets_over_time::{backend:?}"));
    let world = limited(backend, 25_000, 0).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    for _ in 0..2 {
        assert_eq!(cost(&world, &token, LARGE, json!({})).await, 10_000);
    }
    // 5,000 are left, 5,000 come back in 12 s.
    let seconds = wait(&world.ask(&token, LARGE, json!({})).await);
    assert!((12..=13).contains(&seconds), "{seconds} s");
    assert_eq!(cost(&world, &token, BODY, json!({})).await, 1, "what is smaller can be paid");
    world.advance(TimeDelta::seconds(seconds - 3));
    wait(&world.ask(&token, LARGE, json!({})).await);
    world.advance(TimeDelta::seconds(4));
    assert_eq!(cost(&world, &token, LARGE, json!({})).await, 10_000, "after {seconds} s");
    // Others have budgets of their own.
    for (organisation, role) in [(&ALPHA, RoleCode::OrgDataOfficer), (&BETA, RoleCode::Supervisor)] {
        let other = world.token(organisation, role);
        assert_eq!(cost(&world, &other, LARGE, json!({})).await, 10_000);
    }
    // A new token is no new budget.
    world.advance(TimeDelta::seconds(1));
    let again = world.token(&ALPHA, RoleCode::Supervisor);
    wait(&world.ask(&again, LARGE, json!({})).await);
    // Refused documents are paid for, too, until nothing more is read at all.
    let mut read = 0;
    loop {
        let answered = world.ask(&token, "{ nothing }", json!({})).await;
        if answered.code() == "RATE_LIMITED" {
            wait(&answered);
            break;
        }
        assert_eq!(answered.code(), "GRAPHQL_VALIDATION_FAILED");
        read += 1;
        assert!(read < 25_000 / 10, "refusals cost nothing");
    }
    let refused = world.get(&token, BODY).await;
    wait(&refused);
    world.advance(TimeDelta::minutes(1));
    assert_eq!(cost(&world, &token, LARGE, json!({})).await, 10_000, "a minute later all is there");
    proof.figure("points a minute", 25_000);
    proof.figure("seconds to wait for 5,000 of them", seconds);
    world.stop().await;
    proof.held();
}

async fn budget_of_an_organisation(backend: Backend) {
    let mut proof = Proof::of(20, format!("limits::budget_of_an_organisation::{backend:?}"));
    let world = limited(backend, 30_000, 45_000).await;
    let token = |organisation, role| world.token(organisation, role);
    for role in [RoleCode::Supervisor, RoleCode::OrgDataOfficer] {
        for _ in 0..2 {
            assert_eq!(cost(&world, &token(&ALPHA, role), LARGE, json!({})).await, 10_000);
        }
    }
    // This one has not spent a point, but colleagues have.
    let counsellor = token(&ALPHA, RoleCode::MrcCounsellor);
    let seconds = wait(&world.ask(&counsellor, LARGE, json!({})).await);
    assert!((6..=8).contains(&seconds), "{seconds} s for 5,000 of 750 a second");
    for role in [RoleCode::Supervisor, RoleCode::OrgDataOfficer] {
        assert_eq!(cost(&world, &token(&BETA, role), LARGE, json!({})).await, 10_000, "BETA notices nothing");
    }
    world.advance(TimeDelta::seconds(seconds + 1));
    assert_eq!(cost(&world, &counsellor, LARGE, json!({})).await, 10_000);
    proof.figure("points a minute of all users", 45_000);
    world.stop().await;
    proof.held();
}

/// Callers without a token share one budget; who has a token does not notice it.
async fn budget_of_strangers(backend: Backend) {
    let mut proof = Proof::of(20, format!("limits::budget_of_strangers::{backend:?}"));
    let world = limited(backend, 25_000, 0).await;
    let ask = json!({ "query": "{ __schema { queryType { name } } }" });
    let mut answered = 0;
    loop {
        let told = world.send(None, &ask).await;
        if told.code() == "RATE_LIMITED" {
            assert!(wait(&told) >= 1);
            break;
        }
        answered += 1;
    }
    assert_eq!(answered, 25, "1,000 points each of 25,000");
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    assert_eq!(cost(&world, &token, LARGE, json!({})).await, 10_000);
    proof.figure("introspections a minute by strangers", answered);
    world.stop().await;
    proof.held();
}
