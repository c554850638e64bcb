//! The HTTP face: what is served where, and the order in which a request is refused.

pub mod answer;
pub mod budget;
mod exports;
mod graphql;
pub mod limits;
mod live;
mod pages;
pub mod panics;
mod reception;
pub mod request;
mod server;
mod trusted;
mod viewer;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

pub use pages::{DemoToken, Pages};
pub(crate) use server::serve;
pub use server::{Running, listen};

use crate::auth::Verifier;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Database;
use crate::schema::{Engine, Webhooks};

/// What every handler shares.
pub struct Edge {
    engine: Engine,
    database: Database,
    verifier: Verifier,
    clock: Clock,
    limits: limits::Limits,
    viewers: viewer::Viewers,
    subscribers: live::Subscribers,
    stopping: watch::Sender<bool>,
    budgets: budget::Budgets,
    timeout: Duration,
    debug_headers: bool,
    pages: Option<Pages>,
    reception: Option<reception::Reception>,
    trusted: trusted::Trusted,
}

impl Edge {
    /// Set when the server stops: who listens for events hears of it.
    pub(crate) fn stopping(&self) -> watch::Sender<bool> {
        self.stopping.clone()
    }

    /// From settings and what they open. Fails with a sentence about a document that cannot be trusted.
    pub async fn new(
        config: &Config,
        database: Database,
        verifier: Verifier,
        clock: Clock,
        pages: Option<Pages>,
    ) -> Result<Self, String> {
        let webhooks = Arc::new(Webhooks::new(&config.cursor_secret, &config.webhook_plain_hosts));
        let engine = Engine::new(&config.cursor_secret, config.introspection, config.quiet).telling(webhooks);
        let trusted = trusted::Trusted::read(config, pages.as_ref(), &engine).await?;
        Ok(Self {
            engine,
            database,
            verifier,
            budgets: budget::Budgets::new(config.points_per_user, config.points_per_organisation, clock.clone()),
            clock,
            limits: limits::Limits::default(),
            viewers: viewer::Viewers::default(),
            subscribers: live::Subscribers::default(),
            stopping: watch::Sender::new(false),
            timeout: Duration::from_millis(config.request_timeout_ms),
            debug_headers: config.debug_headers,
            pages,
            reception: reception::Reception::new(config),
            trusted,
        })
    }
}

/// The routes.
pub fn router(edge: Arc<Edge>, origins: &[String]) -> Router {
    let mut router = Router::new()
        .route("/graphql", any(graphql::graphql))
        .route("/exports/{file}", get(exports::export))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready));
    if edge.pages.is_some() {
        router = router.merge(pages::routes());
    }
    if edge.reception.is_some() {
        router = router.merge(reception::routes());
    }
    let mut router = router.with_state(edge).layer(CompressionLayer::new()).layer(CatchPanicLayer::custom(panicked));
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    if !origins.is_empty() {
        router = router.layer(
            CorsLayer::new()
                .allow_origin(AllowOrigin::list(origins))
                .allow_methods([Method::GET, Method::POST])
                .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT])
                .max_age(Duration::from_hours(1)),
        );
    }
    router
}

async fn ready(State(edge): State<Arc<Edge>>) -> Response {
    if edge.database.ready().await && edge.verifier.ready(edge.clock.now()).await {
        return "ready".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, "not ready").into_response()
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    let body = answer::error_body(&[crate::error::Code::Internal.into()], "");
    (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
