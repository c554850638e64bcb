//! The page people look at: GraphiQL with examples, only where it is switched on. Built by npm into `api/pages/dist`,
//! embedded here; where it was not built, a plain page says how and gives lines for curl.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use serde::Serialize;

use super::Edge;

/// Built pages of this binary.
#[derive(RustEmbed)]
#[folder = "pages/dist"]
#[allow_missing = true]
struct Embedded;

/// What the page is told. Tokens are made anew at each look, for they live an hour.
#[derive(Clone)]
pub struct Pages {
    /// Whether the data are fictional.
    pub demo: bool,
    /// Makes the tokens to choose from.
    pub tokens: Arc<dyn Fn() -> Vec<DemoToken> + Send + Sync>,
    /// Where pages built after this binary lie.
    pub folder: Option<PathBuf>,
}

/// A token to try things with.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoToken {
    /// The organisation's code.
    pub organisation: String,
    /// The organisation's name.
    pub organisation_name: String,
    /// The role.
    pub role: String,
    /// The token.
    pub token: String,
}

const POLICY: &str = "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; \
    font-src 'self' data:; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

pub(super) fn routes() -> Router<Arc<Edge>> {
    Router::new()
        .route("/", get(index))
        .route("/pages/config.json", get(config))
        .route("/schema.graphql", get(sdl))
        .route("/assets/{*path}", get(asset))
}

async fn config(State(edge): State<Arc<Edge>>) -> Response {
    let Some(pages) = &edge.pages else { return StatusCode::NOT_FOUND.into_response() };
    let told = serde_json::json!({ "demo": pages.demo, "sdl": "/schema.graphql", "tokens": (pages.tokens)() });
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], told.to_string())
        .into_response()
}

async fn sdl() -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], crate::schema::sdl()).into_response()
}

/// A built file, from this binary or from the folder.
pub(super) fn find(pages: Option<&Pages>, path: &str) -> Option<Vec<u8>> {
    if let Some(file) = Embedded::get(path) {
        return Some(file.data.into_owned());
    }
    let folder = pages?.folder.as_ref()?;
    // Only names that the build makes: no way out of the folder.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    if path.contains("..") || !path.chars().all(plain) {
        return None;
    }
    std::fs::read(folder.join(path)).ok()
}

async fn index(State(edge): State<Arc<Edge>>) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    match find(edge.pages.as_ref(), "index.html") {
        Some(page) => (headers, Html(page)).into_response(),
        None => (headers, Html(PLAIN)).into_response(),
    }
}

async fn asset(State(edge): State<Arc<Edge>>, Path(path): Path<String>) -> Response {
    let path = format!("assets/{path}");
    let Some(file) = find(edge.pages.as_ref(), &path) else { return StatusCode::NOT_FOUND.into_response() };
    let kind = media_type(&path);
    let cached = "public, max-age=31536000, immutable";
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cached), (header::CONTENT_SECURITY_POLICY, POLICY)], file)
        .into_response()
}

/// By the end of a file's name.
pub(super) fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("ttf") => "font/ttf",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

const PLAIN: &str = r#"<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Lanpya</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}
pre{background:#f3f3f3;padding:.8rem;overflow:auto;color:#111}</style>
<h1>Lanpya လမ်းပြ</h1>
<p>The server is up. GraphiQL was not built into it; with Node 20 or newer, this builds it:</p>
<pre>npm --prefix api/pages ci &amp;&amp; npm --prefix api/pages run build</pre>
<p>Without it, the same from a terminal. The demo printed a token for each role when it started:</p>
<pre>TOKEN=…   # paste one
curl -s http://localhost:8080/graphql -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
  -d '{"query":"{ viewer { role organisation { code } permissions } }"}'

curl -s http://localhost:8080/graphql -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
  -d '{"query":"{ locations(where: {name: \"Namkhan\"}) { nodes { pcode names { en my } } } }"}'</pre>
<p>The contract: <a href="/schema.graphql">schema.graphql</a>. Tokens for programs: <a href="/pages/config.json">config.json</a>.</p>
</html>
"#;
