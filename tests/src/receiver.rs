//! A system that is told by webhooks: it answers as the test says, and keeps what it was sent.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How it answers.
#[derive(Clone, Debug)]
pub enum Reply {
    /// With this status.
    Status(u16),
    /// By sending the caller elsewhere.
    Elsewhere(String),
    /// Never.
    Silence,
}

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
}

impl Told {
    /// A header as text; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// The signatures that a secret makes of it, by the library of Standard Webhooks itself.
    pub fn signed(&self, secret: &str) -> String {
        let second = self.header("webhook-timestamp").parse().expect("a second");
        let webhook = standardwebhooks::Webhook::new(secret).expect("a secret");
        webhook.sign(self.header("webhook-id"), second, self.body.as_bytes()).expect("signed")
    }
}

/// The receiver, at an address of its own on this machine.
pub struct Receiver {
    /// Where it is.
    pub address: SocketAddr,
    desk: Desk,
    told: watch::Receiver<usize>,
}

#[derive(Clone)]
struct Desk {
    kept: Arc<Mutex<Vec<Told>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    count: Arc<watch::Sender<usize>>,
}

impl Receiver {
    /// One that takes everything, until it is told otherwise.
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (count, told) = watch::channel(0);
        let desk = Desk { kept: Arc::default(), replies: Arc::default(), count: Arc::new(count) };
        let router = Router::new().fallback(any(take)).with_state(desk.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, desk, told }
    }

    /// The address to be told at.
    pub fn url(&self) -> String {
        format!("http://{}/hook?key=of-the-receiver", self.address)
    }

    /// Answers the next messages so, one after the other.
    pub fn answers(&self, replies: impl IntoIterator<Item = Reply>) {
        self.desk.replies.lock().expect("unpoisoned").extend(replies);
    }

    /// Everything it was sent, once that is so many.
    pub async fn told(&self, count: usize) -> Vec<Told> {
        let mut told = self.told.clone();
        let waited = tokio::time::timeout(Duration::from_mins(1), told.wait_for(|told| *told >= count)).await;
        waited.unwrap_or_else(|_| panic!("{} of {count} messages came", *self.told.borrow())).expect("it runs");
        self.desk.kept.lock().expect("unpoisoned").clone()
    }
}

async fn take(State(desk): State<Desk>, headers: HeaderMap, body: String) -> Response {
    let reply = desk.replies.lock().expect("unpoisoned").pop_front().unwrap_or(Reply::Status(204));
    desk.kept.lock().expect("unpoisoned").push(Told { headers, body });
    desk.count.send_modify(|count| *count += 1);
    match reply {
        Reply::Status(code) => StatusCode::from_u16(code).expect("a status").into_response(),
        Reply::Elsewhere(address) => (StatusCode::FOUND, [(header::LOCATION, address)]).into_response(),
        Reply::Silence => std::future::pending().await,
    }
}
