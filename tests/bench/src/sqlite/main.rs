//! The contender `hand_sqlite`: the same handler over an SQLite file, W1 to W4. A connection for each worker thread,
//! statements kept prepared, rows written as they come; what lies below a row is asked for row by row, which costs no
//! round trip here.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use lanpya::auth::{KeySource, Settings, Verifier};
use lanpya::clock::Clock;
use moka::sync::Cache;
use uuid::Uuid;

mod reads;
mod store;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A failure, as its status.
pub(crate) struct Failed(StatusCode);

impl Failed {
    fn refused() -> Self {
        Self(StatusCode::UNAUTHORIZED)
    }
    fn bad() -> Self {
        Self(StatusCode::BAD_REQUEST)
    }
    fn broken(error: &dyn std::fmt::Display) -> Self {
        eprintln!("hand_sqlite: {error}");
        Self(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::broken(&error)
    }
}

impl From<rusqlite::types::FromSqlError> for Failed {
    fn from(error: rusqlite::types::FromSqlError) -> Self {
        Self::broken(&error)
    }
}

impl From<serde_json::Error> for Failed {
    fn from(error: serde_json::Error) -> Self {
        Self::broken(&error)
    }
}

/// An enabled user's organisation and team.
pub(crate) struct Viewer {
    pub(crate) organisation: Uuid,
    pub(crate) team: String,
}

struct App {
    store: store::Store,
    verifier: Verifier,
    clock: Clock,
    known: Cache<(Uuid, String, String), Arc<Viewer>>,
}

impl App {
    async fn viewer(&self, headers: &HeaderMap) -> Result<Arc<Viewer>, Failed> {
        let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(Failed::refused)?;
        let claims = self.verifier.verify(token, self.clock.now()).await.map_err(|_| Failed::refused())?;
        let who = (claims.organisation, claims.subject.clone(), claims.role.clone());
        if let Some(viewer) = self.known.get(&who) {
            return Ok(viewer);
        }
        let team = self.store.read(|db| reads::team(db, &who))?;
        let viewer = Arc::new(Viewer { organisation: claims.organisation, team });
        self.known.insert(who, Arc::clone(&viewer));
        Ok(viewer)
    }

    async fn answer(&self, headers: &HeaderMap, uri: &Uri) -> Result<Vec<u8>, Failed> {
        let viewer = self.viewer(headers).await?;
        let query = uri.query().unwrap_or_default();
        self.store.read(|db| match uri.path() {
            "/w1" => reads::child(db, &viewer, query),
            "/w2" => reads::children(db, &viewer),
            "/w3" => reads::nested(db, &viewer),
            "/w4" => reads::wide(db, &viewer),
            _ => Err(Failed(StatusCode::NOT_FOUND)),
        })
    }
}

async fn serve() -> Result<(), String> {
    let setting = |name: &str| std::env::var(name).map_err(|_| format!("set {name}"));
    let keys = KeySource::File(PathBuf::from(setting("LANPYA_TOKEN_KEYS_FILE")?));
    let verifier = Verifier::new(Settings::new(setting("LANPYA_TOKEN_ISSUER")?, "lanpya"), keys);
    let url = setting("DATABASE_URL")?;
    let app = App {
        store: store::Store::new(url.strip_prefix("sqlite:").unwrap_or(&url).into()),
        verifier: verifier.map_err(|error| error.to_string())?,
        clock: Clock::system(),
        known: Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(5)).build(),
    };
    let listen = setting("LANPYA_LISTEN")?;
    let listener = tokio::net::TcpListener::bind(&listen).await.map_err(|error| format!("{listen}: {error}"))?;
    let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        let _ = stream.set_nodelay(true);
    });
    let read = |State(app): State<Arc<App>>, headers: HeaderMap, uri: Uri| async move {
        match app.answer(&headers, &uri).await {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(Failed(status)) => Response::from(status.into_response()),
        }
    };
    let router = axum::Router::new()
        .route("/readyz", axum::routing::get(|| async { "ready" }))
        .fallback(axum::routing::get(read))
        .with_state(Arc::new(app));
    axum::serve(listener, router).await.map_err(|error| error.to_string())
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("hand_sqlite: {sentence}");
            ExitCode::FAILURE
        }
    }
}
