//! The issuer's keys change while clients send.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use axum::Router;
use axum::routing::get;
use chrono::TimeDelta;
use harness::proof::{Proof, size};
use harness::world::start;
use harness::{Backend, Data, World, both};
use lanpya::clock::Clock;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::issuer::{Issuer, Key};
use super::{corpus, send};

both! { under_load, unknown_keys }

/// A key set at an address, counting who asks for it.
pub struct Published {
    pub url: String,
    pub set: Arc<Mutex<Value>>,
    pub asked: Arc<AtomicU64>,
}

impl Published {
    pub async fn at_loopback(set: Value) -> Self {
        let (set, asked) = (Arc::new(Mutex::new(set)), Arc::new(AtomicU64::new(0)));
        let (told, counted) = (Arc::clone(&set), Arc::clone(&asked));
        let answer = get(async move || {
            counted.fetch_add(1, Ordering::SeqCst);
            told.lock().unwrap().to_string()
        });
        let listener = lanpya::http::listen(([127, 0, 0, 1], 0).into()).await.unwrap();
        let url = format!("http://{}/jwks", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/jwks", answer)).await });
        Self { url, set, asked }
    }

    fn publish(&self, keys: &[Value]) {
        *self.set.lock().unwrap() = json!({ "keys": keys });
    }
}

async fn world(backend: Backend, url: String) -> World {
    World::tuned(backend, Data::Alpha, Clock::manual(start()), |config| {
        config.token_keys_file = None;
        config.token_keys_url = Some(url);
    })
    .await
}

/// Clients that send without a pause, and what came of it.
struct Load {
    tokens: RwLock<Vec<String>>,
    sent: AtomicU64,
    refused: AtomicU64,
    progress: Notify,
    over: std::sync::atomic::AtomicBool,
}

impl Load {
    async fn client(&self, number: usize, client: reqwest::Client, url: String) {
        for turn in number.. {
            if self.over.load(Ordering::SeqCst) {
                return;
            }
            let token = {
                let tokens = self.tokens.read().unwrap();
                tokens[turn % tokens.len()].clone()
            };
            let answered = send(&client, &url, &token).await;
            if answered.status != StatusCode::OK {
                self.refused.fetch_add(1, Ordering::SeqCst);
            }
            self.sent.fetch_add(1, Ordering::SeqCst);
            self.progress.notify_waiters();
        }
    }

    /// Returns when so many more requests were answered.
    async fn more(&self, number: u64) {
        let goal = self.sent.load(Ordering::SeqCst) + number;
        loop {
            let progress = self.progress.notified();
            if self.sent.load(Ordering::SeqCst) >= goal {
                return;
            }
            progress.await;
        }
    }
}

/// The next key is published, then signs, then the old one leaves: no valid request fails, and the old tokens live out
/// their time.
async fn under_load(backend: Backend) {
    let mut proof = Proof::of(18, format!("tokens::rotation::under_load::{backend:?}"));
    let keys: Vec<Key> = (0..4).map(|_| Key::ed()).collect();
    let jwk = |number: usize| keys[number].jwk(&format!("key{number}"));
    let published = Published::at_loopback(json!({ "keys": [jwk(0)] })).await;
    let world = world(backend, published.url.clone()).await;
    let mint = |number: usize| keys[number].token(&format!("key{number}"), &long(world.clock.now().timestamp()));
    let load = Arc::new(Load {
        tokens: RwLock::new(vec![mint(0)]),
        sent: AtomicU64::new(0),
        refused: AtomicU64::new(0),
        progress: Notify::new(),
        over: std::sync::atomic::AtomicBool::new(false),
    });
    let clients: Vec<_> = (0..8)
        .map(|number| {
            let (load, client, url) = (Arc::clone(&load), world.client.clone(), world.url("/graphql"));
            tokio::spawn(async move { load.client(number, client, url).await })
        })
        .collect();
    let share = size(40, 1_000);
    for next in 1..keys.len() {
        load.more(share).await;
        published.publish(&[jwk(next - 1), jwk(next)]);
        load.more(share).await;
        // A minute is how long an issuer must announce a key before it signs with it.
        world.advance(TimeDelta::seconds(61));
        let token = mint(next);
        load.tokens.write().unwrap().push(token);
        load.more(share).await;
        published.publish(&[jwk(next)]);
        load.more(share).await;
        world.advance(TimeDelta::minutes(16));
        load.more(share).await;
        if next == 3 {
            // The first tokens are over an hour old by then in no world: they still hold.
            assert!(world.clock.now() < start() + TimeDelta::minutes(60));
        }
    }
    load.over.store(true, Ordering::SeqCst);
    for client in clients {
        client.await.unwrap();
    }
    let (sent, refused) = (load.sent.load(Ordering::SeqCst), load.refused.load(Ordering::SeqCst));
    assert_eq!(refused, 0, "of {sent}");
    // A key that left signs nothing any more.
    world.advance(TimeDelta::seconds(61));
    let late = send(&world.client, &world.url("/graphql"), &mint(0)).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    proof.figure("rotations", keys.len() - 1);
    proof.figure("requests", sent);
    proof.figure("valid requests that failed", refused);
    world.stop().await;
    proof.held();
}

/// Claims good for the hour that a token may last.
fn long(now: i64) -> Value {
    let mut claims = corpus::claims(now);
    claims["exp"] = (now + 3_600).into();
    claims
}

/// Whatever key ids strangers think of, the issuer is asked once a minute at most, and honest clients are served.
async fn unknown_keys(backend: Backend) {
    let mut proof = Proof::of(18, format!("tokens::rotation::unknown_keys::{backend:?}"));
    let issuer = Issuer::new();
    let published = Published::at_loopback(issuer.jwks()).await;
    let world = world(backend, published.url.clone()).await;
    let (minutes, each) = (size(5, 30), size(40_u64, 1_000));
    for minute in 0..minutes {
        let claims = corpus::claims(world.clock.now().timestamp());
        let honest = issuer.ed.token("ed", &claims);
        let strange = (0..each).map(|number| issuer.ed.token(&format!("key{minute}-{number}"), &claims));
        let sent = strange.map(|token| {
            let (client, url) = (world.client.clone(), world.url("/graphql"));
            tokio::spawn(async move { send(&client, &url, &token).await.status })
        });
        for status in sent.collect::<Vec<_>>() {
            assert_eq!(status.await.unwrap(), StatusCode::UNAUTHORIZED);
        }
        assert_eq!(send(&world.client, &world.url("/graphql"), &honest).await.status, StatusCode::OK);
        world.advance(TimeDelta::minutes(1));
    }
    let asked = published.asked.load(Ordering::SeqCst);
    assert!(asked <= minutes, "asked {asked} times in {minutes} minutes");
    proof.figure("unknown key ids", minutes * each);
    proof.figure("minutes", minutes);
    proof.figure("fetches of the key set", asked);
    world.stop().await;
    proof.held();
}
