//! Who asks: the token verified as Lanpya verifies it, with the same bounded cache, and the user asked for again every
//! five seconds.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, header};
use futures_util::future;
use lanpya::auth::{KeySource, Settings, Verifier};
use lanpya::clock::Clock;
use moka::sync::Cache;
use uuid::Uuid;

use crate::Failed;
use crate::pool::{Pool, begin};

/// An enabled user.
pub(crate) struct Viewer {
    pub(crate) user: Uuid,
    pub(crate) organisation: Uuid,
    /// Members of the team.
    pub(crate) team: Vec<Uuid>,
}

type Who = (Uuid, String, String);

/// Verifies tokens and remembers viewers.
pub(crate) struct Viewers {
    verifier: Verifier,
    /// The clock.
    pub(crate) clock: Clock,
    known: Cache<Who, Arc<Viewer>>,
}

impl Viewers {
    /// For tokens of an issuer.
    pub(crate) fn new(issuer: &str, keys: PathBuf) -> Result<Self, String> {
        let verifier = Verifier::new(Settings::new(issuer, "lanpya"), KeySource::File(keys));
        let verifier = verifier.map_err(|error| error.to_string())?;
        let known = Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(5)).build();
        Ok(Self { verifier, clock: Clock::system(), known })
    }

    /// Whoever the request's token names.
    pub(crate) async fn of(&self, pool: &Pool, headers: &HeaderMap) -> Result<Arc<Viewer>, Failed> {
        let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(Failed::refused)?;
        let claims = self.verifier.verify(token, self.clock.now()).await.map_err(|_| Failed::refused())?;
        let who = (claims.organisation, claims.subject.clone(), claims.role.clone());
        if let Some(viewer) = self.known.get(&who) {
            return Ok(viewer);
        }
        let viewer = Arc::new(find(pool, &who).await?);
        self.known.insert(who, Arc::clone(&viewer));
        Ok(viewer)
    }
}

async fn find(pool: &Pool, (organisation, subject, role): &Who) -> Result<Viewer, Failed> {
    let loan = pool.take().await?;
    let held = loan.held()?;
    let begin = begin(*organisation);
    let ((), row, ()) = future::try_join3(
        held.batch_execute(&begin),
        held.query_opt(&held.statements.identity, &[organisation, subject]),
        held.batch_execute("COMMIT"),
    )
    .await?;
    loan.end();
    let row = row.filter(|row| row.get::<_, &str>(1) == role).ok_or_else(Failed::refused)?;
    let team = row.get::<_, Option<Vec<Uuid>>>(2).ok_or_else(Failed::refused)?;
    Ok(Viewer { user: row.get(0), organisation: *organisation, team })
}
