//! The full tier: CPU and memory of each hostile request, and what honest clients notice of them. The process under
//! measure is this one, so the client's own share is counted in.

use std::fs;
use std::time::{Duration, Instant};

use entity::user::RoleCode;
use harness::proof::Proof;
use harness::{BETA, World};
use serde_json::json;

use super::{corpus::Hostile, post};

/// Milliseconds of CPU of all threads until now.
fn cpu() -> f64 {
    let tasks = fs::read_dir("/proc/self/task").expect("Linux").flatten();
    let nanos: f64 = tasks
        .filter_map(|task| fs::read_to_string(task.path().join("schedstat")).ok())
        .filter_map(|text| text.split(' ').next().and_then(|first| first.parse::<f64>().ok()))
        .sum();
    nanos / 1e6
}

/// A line of `/proc/self/status` in KB.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with(name)).expect("the line");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

/// Sends each ten times: the least CPU of one request and the most that memory grew, of the worst of them.
pub async fn each(proof: &mut Proof, world: &World, url: &str, token: &str, corpus: &[Hostile]) {
    let (mut worst, mut slowest, mut largest) = (0.0_f64, "", 0);
    for case in corpus {
        let mut least = f64::MAX;
        fs::write("/proc/self/clear_refs", "5").expect("the peak can be forgotten");
        let before = memory("VmRSS");
        for _ in 0..10 {
            let began = cpu();
            post(world, url, token, &case.body).await;
            least = least.min(cpu() - began);
        }
        if least > worst {
            (worst, slowest) = (least, case.name);
        }
        largest = largest.max(memory("VmHWM").saturating_sub(before));
    }
    proof.figure("most ms of CPU to refuse, client included", worst);
    proof.figure("slowest", slowest);
    proof.figure("most MB more", largest / 1024);
    proof.figure("optimised build", !cfg!(debug_assertions));
    if !cfg!(debug_assertions) {
        assert!(worst < 10.0, "{slowest}: {worst} ms");
        assert!(largest < 20 * 1024, "{largest} KB");
    }
    let alone = honest(world).await;
    let attack = tokio::spawn(attack(world.client.clone(), url.to_owned(), token.to_owned(), bodies(corpus)));
    let beside = honest(world).await;
    attack.abort();
    proof.figure("honest p95 ms alone", alone);
    proof.figure("honest p95 ms beside 100 hostile requests a second", beside);
    if !cfg!(debug_assertions) {
        assert!(beside <= alone * 2.0, "{alone} ms became {beside} ms");
    }
}

fn bodies(corpus: &[Hostile]) -> Vec<String> {
    corpus.iter().map(|case| case.body.to_string()).collect()
}

/// A hundred hostile requests a second, whatever becomes of them.
async fn attack(client: reqwest::Client, url: String, token: String, bodies: Vec<String>) {
    let mut beat = tokio::time::interval(Duration::from_millis(10));
    for body in bodies.iter().cycle() {
        beat.tick().await;
        let request = client.post(&url).bearer_auth(&token).header("content-type", "application/json");
        tokio::spawn(request.body(body.clone()).send());
    }
}

/// The 95th percentile of an honest client's requests, in milliseconds.
async fn honest(world: &World) -> f64 {
    let token = world.token(&BETA, RoleCode::Supervisor);
    let mut times = Vec::new();
    for _ in 0..1_000 {
        let began = Instant::now();
        let answered =
            world.ask(&token, "{ visits(first: 25) { nodes { id ticket centre { code } } } }", json!({})).await;
        assert!(answered.at("/errors").is_null(), "{}", answered.body);
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    times[950]
}
