//! The contender `hand`: what a good programmer would write for exactly these questions, and nothing else. A bare axum
//! handler that verifies the same token, works under the same row-level security with the same predicates, runs one
//! prepared statement per level, pipelined with the transaction around it, and writes structs as JSON.

use std::process::ExitCode;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

mod answer;
mod pool;
mod reads;
mod sql;
mod viewer;
mod write;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What every handler needs.
pub(crate) struct App {
    pool: pool::Pool,
    viewers: viewer::Viewers,
}

/// A failure, as its status.
pub(crate) struct Failed(StatusCode);

type Answer = Result<Vec<u8>, Failed>;

impl From<tokio_postgres::Error> for Failed {
    fn from(error: tokio_postgres::Error) -> Self {
        eprintln!("hand: {error:?}");
        Self(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<serde_json::Error> for Failed {
    fn from(error: serde_json::Error) -> Self {
        eprintln!("hand: {error}");
        Self(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl Failed {
    fn refused() -> Self {
        Self(StatusCode::UNAUTHORIZED)
    }
    fn bad() -> Self {
        Self(StatusCode::BAD_REQUEST)
    }
}

struct Json(Answer);

impl IntoResponse for Json {
    fn into_response(self) -> Response {
        match self.0 {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(Failed(status)) => status.into_response(),
        }
    }
}

/// Routes a workload: the token first, then the handler.
macro_rules! get {
    ($handler:path) => {
        axum::routing::get(|State(app): State<Arc<App>>, headers: HeaderMap, uri: axum::http::Uri| async move {
            let run = async {
                let viewer = app.viewers.of(&app.pool, &headers).await?;
                $handler(&app.pool, &viewer, uri.query().unwrap_or_default()).await
            };
            Json(run.await)
        })
    };
}

fn router(app: App) -> axum::Router {
    let record =
        axum::routing::post(|State(app): State<Arc<App>>, headers: HeaderMap, body: axum::body::Bytes| async move {
            let run = async {
                let viewer = app.viewers.of(&app.pool, &headers).await?;
                write::visit(&app.pool, &viewer, &body).await
            };
            Json(run.await)
        });
    axum::Router::new()
        .route("/w1", get!(reads::child))
        .route("/w2", get!(reads::children))
        .route("/w3", get!(reads::nested))
        .route("/w4", get!(reads::wide))
        .route("/w6", record)
        .route("/w7", get!(reads::counted))
        .route("/w8", get!(reads::dashboard))
        .route("/w9", get!(reads::latest))
        .route("/readyz", axum::routing::get(|| async { "ready" }))
        .with_state(Arc::new(app))
}

fn setting(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("set {name}"))
}

async fn serve() -> Result<(), String> {
    let pool = pool::Pool::open(&setting("DATABASE_URL")?).await?;
    let viewers = viewer::Viewers::new(&setting("LANPYA_TOKEN_ISSUER")?, setting("LANPYA_TOKEN_KEYS_FILE")?.into())?;
    let listen = setting("LANPYA_LISTEN")?;
    let listener = tokio::net::TcpListener::bind(&listen).await.map_err(|error| format!("{listen}: {error}"))?;
    let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router(App { pool, viewers })).await.map_err(|error| error.to_string())
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("hand: {sentence}");
            ExitCode::FAILURE
        }
    }
}
