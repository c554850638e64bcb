//! How long it takes to be told of nothing: pairs of requests, one with nobody's id and one with another
//! organisation's (or one out of reach), in random order, compared by Welch's t. Only in a full run.
//! `LANPYA_PROOF_PAIRS=NUMBER` takes that many pairs, in a quick run too.

use std::time::Instant;

use entity::user::RoleCode;
use harness::proof::{Proof, size};
use harness::random::Random;
use harness::{ALPHA, BETA, Backend, Data, Store, World, both};
use lanpya::graph::graph;
use serde_json::json;

use super::alike;

both! { times }

/// Beyond this the two are told apart.
const LIMIT: f64 = 4.5;

/// Welch's t of two samples.
fn welch(first: &[f64], second: &[f64]) -> f64 {
    let of = |sample: &[f64]| {
        let count = f64::from(u32::try_from(sample.len()).unwrap());
        let mean = sample.iter().sum::<f64>() / count;
        let variance = sample.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean, variance / count)
    };
    let ((mean_a, error_a), (mean_b, error_b)) = (of(first), of(second));
    (mean_a - mean_b) / (error_a + error_b).sqrt()
}

/// Without the slowest twentieth of both together: what the machine does besides.
fn cropped(first: &[f64], second: &[f64]) -> [Vec<f64>; 2] {
    let mut all = [first, second].concat();
    all.sort_by(f64::total_cmp);
    let most = all[all.len() * 19 / 20];
    [first, second].map(|sample| sample.iter().copied().filter(|value| *value <= most).collect())
}

/// Paths of a lookup, with `ID` where the id or key goes.
const PATHS: [(&str, &str); 7] = [
    ("node", "{ node(id: \"ID\") { id } }"),
    ("nodes", "{ nodes(ids: [\"ID\"]) { id } }"),
    ("single", "{ child(id: \"ID\") { id } }"),
    ("filter", "{ children(where: { id: { eq: \"ID\" } }) { totalCount nodes { id } } }"),
    ("relation", "{ cases(where: { child: { is: { id: { eq: \"ID\" } } } }) { totalCount nodes { id } } }"),
    ("key", "{ child(code: \"ID\") { id } }"),
    (
        "mutation",
        "mutation { caseOpen(input: { module: CHILD_PROTECTION, identifiedThrough: HOTLINE, child: \"ID\" }) { case { id } userErrors { code field } } }",
    ),
];

/// Microseconds that two requests took, sent in pairs whose order chance decides.
async fn ask(world: &World, token: &str, bodies: &[serde_json::Value; 2], pairs: usize, seed: usize) -> [Vec<f64>; 2] {
    let mut random = Random::new(19 + seed as u64);
    for body in bodies.iter().cycle().take(200) {
        world.send(Some(token), body).await;
    }
    let mut times = [Vec::with_capacity(pairs), Vec::with_capacity(pairs)];
    for _ in 0..pairs {
        let first = random.below(2);
        for which in [first, 1 - first] {
            let began = Instant::now();
            world.send(Some(token), &bodies[which]).await;
            times[which].push(began.elapsed().as_secs_f64() * 1e6);
        }
    }
    times
}

async fn times(backend: Backend) {
    let pairs = std::env::var("LANPYA_PROOF_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(size(0, 20_000));
    if pairs == 0 {
        return;
    }
    let mut proof = Proof::of(19, format!("existence::latency::times::{backend:?}"));
    let world =
        World::of(Store::new(backend, Data::Twins).await, |config| config.quiet = lanpya::config::quiet()).await;
    let role = RoleCode::Caseworker;
    let child = graph().named("Child").expect("a noun");
    let (ids, keys) = alike(&world, role, child).await;
    assert!(ids.len() == 3 && keys.len() == 3, "a child out of reach");
    let token = world.token(&ALPHA, role);
    // An answer that found nothing waits, so the paths are tried side by side.
    let paths = PATHS.iter().enumerate().map(async |(seed, (path, template))| {
        let texts = if *path == "key" { &keys } else { &ids };
        let mut found = Vec::new();
        for (against, text) in [("foreign", &texts[1]), ("out of reach", &texts[2])] {
            let bodies = [&texts[0], text].map(|text| json!({ "query": template.replace("ID", text) }));
            let pairs = if against == "foreign" { pairs } else { pairs / 5 };
            let [first, second] = ask(&world, &token, &bodies, pairs, seed).await;
            let short = cropped(&first, &second);
            found.push((format!("{path}, {against}"), pairs, welch(&first, &second), welch(&short[0], &short[1])));
        }
        found
    });
    let mut apart = Vec::new();
    for (name, pairs, all, most) in futures_util::future::join_all(paths).await.into_iter().flatten() {
        println!("{name}: t = {all:.2}, without the slowest twentieth {most:.2}, {pairs} pairs");
        proof.figure(&name, json!({ "pairs": pairs, "t": all, "t cropped": most }));
        if all.abs() >= LIMIT || most.abs() >= LIMIT {
            apart.push(format!("{name}: t = {all:.2}, cropped {most:.2}"));
        }
    }
    assert!(apart.is_empty(), "{apart:#?}");
    // BETA can still be asked: what was compared does exist there.
    assert!(!super::ids(&world.store, child, &BETA).await.is_empty());
    world.stop().await;
    proof.held();
}
