//! From the Authorization header to a viewer. The database is asked again every five seconds, so that a disabled user,
//! a new role or a new team is in force by then.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use chrono::{DateTime, Duration, Utc};
use moka::sync::Cache;
use uuid::Uuid;

use super::Edge;
use super::budget::Own;
use crate::access::Viewer;
use crate::error::{Code, Result};

const FRESH_SECONDS: i64 = 5;

type Who = (Uuid, String, String);

/// Viewers found a moment ago, and what their requests are paid from.
pub(super) struct Viewers(Cache<Who, Found>);

/// When, whom, and what the requests are paid from.
type Found = (DateTime<Utc>, Arc<Viewer>, Arc<Own>);

/// Who asks, and what the request is paid from.
pub(super) struct Caller {
    /// None where there is no token at all.
    pub viewer: Option<Arc<Viewer>>,
    pub purse: Arc<Own>,
}

impl Default for Viewers {
    fn default() -> Self {
        Self(Cache::new(10_000))
    }
}

impl Edge {
    /// The viewer behind the request's token.
    pub(super) async fn caller(&self, headers: &HeaderMap) -> Result<Caller> {
        let mut given = headers.get_all(header::AUTHORIZATION).iter();
        let Some(value) = given.next() else {
            return Ok(Caller { viewer: None, purse: self.budgets.nobody() });
        };
        let token = value.to_str().ok().and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token)
        });
        let token = token.filter(|_| given.next().is_none()).ok_or(Code::Unauthenticated)?;
        let now = self.clock.now();
        let claims = self.verifier.verify(token, now).await.map_err(|error| {
            tracing::info!(reason = error.code(), "token refused");
            Code::Unauthenticated
        })?;
        let who = (claims.organisation, claims.subject.clone(), claims.role.clone());
        if let Some((found, viewer, purse)) = self.viewers.0.get(&who) {
            let age = now.signed_duration_since(found);
            if age >= Duration::zero() && age < Duration::seconds(FRESH_SECONDS) {
                return Ok(Caller { viewer: Some(viewer), purse });
            }
        }
        let identified = Box::pin(self.database.identify(claims.organisation, &claims.subject, &claims.role)).await?;
        let Some(viewer) = identified else {
            self.viewers.0.invalidate(&who);
            return Err(Code::Unauthenticated.into());
        };
        let purse = self.budgets.of(viewer.organisation, viewer.user);
        let viewer = Arc::new(viewer);
        self.viewers.0.insert(who, (now, Arc::clone(&viewer), Arc::clone(&purse)));
        Ok(Caller { viewer: Some(viewer), purse })
    }
}
