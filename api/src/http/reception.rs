//! The page that the staff of a resource centre log visits with, and the dashboard beside it. Built by npm beside GraphiQL,
//! but for production: they have a switch of their own. What such a page may reach is said here, in its policy.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::{Edge, pages};
use crate::config::Config;

/// Where the page is served, and how far its service worker reaches.
const PATH: &str = "/reception";
/// Where the dashboard is served.
const DASHBOARD: &str = "/dashboard";

/// What the page is told, and what it may reach.
pub(super) struct Reception {
    told: String,
    policy: String,
}

impl Reception {
    /// Nothing unless the settings ask for it.
    pub(super) fn new(config: &Config) -> Option<Self> {
        config.reception.then(|| {
            let client = config.reception_client.as_deref();
            let issuer = client.map(|_| config.token_issuer.as_str());
            let told = serde_json::json!({
                "issuer": issuer,
                "client": client,
                "scope": config.reception_scope,
                "retentionHours": config.reception_hours,
                "lockMinutes": config.reception_lock_minutes,
            });
            let beyond = issuer.and_then(origin).map(|origin| format!(" {origin}")).unwrap_or_default();
            let policy = format!(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; manifest-src 'self'; \
                 worker-src 'self'; connect-src 'self'{beyond}; base-uri 'none'; form-action 'none'; \
                 frame-ancestors 'none'"
            );
            Self { told: told.to_string(), policy }
        })
    }
}

/// Scheme, host and port of an address.
fn origin(address: &str) -> Option<String> {
    let address: Uri = address.parse().ok()?;
    Some(format!("{}://{}", address.scheme_str()?, address.authority()?))
}

pub(super) fn routes() -> Router<Arc<Edge>> {
    Router::new()
        .route(PATH, get(index))
        .route("/reception/", get(|| async { Redirect::permanent(PATH) }))
        .route("/reception/config.json", get(config))
        .route("/reception/{*path}", get(file))
        .route(DASHBOARD, get(dashboard))
        .route("/dashboard/", get(|| async { Redirect::permanent(DASHBOARD) }))
        .route("/dashboard/config.json", get(config))
        .route("/dashboard/{*path}", get(dashboard_file))
}

async fn config(State(edge): State<Arc<Edge>>) -> Response {
    let Some(reception) = &edge.reception else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (headers, reception.told.clone()).into_response()
}

async fn index(State(edge): State<Arc<Edge>>) -> Response {
    answer(&edge, "reception", "reception.html")
}

async fn file(State(edge): State<Arc<Edge>>, Path(path): Path<String>) -> Response {
    answer(&edge, "reception", &path)
}

async fn dashboard(State(edge): State<Arc<Edge>>) -> Response {
    answer(&edge, "dashboard", "dashboard.html")
}

async fn dashboard_file(State(edge): State<Arc<Edge>>, Path(path): Path<String>) -> Response {
    answer(&edge, "dashboard", &path)
}

fn answer(edge: &Edge, page: &str, path: &str) -> Response {
    let Some(reception) = &edge.reception else { return StatusCode::NOT_FOUND.into_response() };
    let Some(file) = pages::find(edge.pages.as_ref(), &format!("{page}/{path}")) else {
        let is_page = path.rsplit_once('.').is_some_and(|(_, ending)| ending == "html");
        let why = if is_page { NOT_BUILT } else { "" };
        return (StatusCode::NOT_FOUND, why).into_response();
    };
    // Names under assets/ change with their content; the others must be asked for again.
    let cached = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, pages::media_type(path)),
        (header::CACHE_CONTROL, cached),
        (header::CONTENT_SECURITY_POLICY, &reception.policy),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // The worker lies below the address that it serves.
        (HeaderName::from_static("service-worker-allowed"), PATH),
    ];
    (headers, file).into_response()
}

const NOT_BUILT: &str = "This page was not built into this server. With Node 20 or newer, this builds it: \
    npm --prefix api/pages ci && npm --prefix api/pages run build\n";
