//! What ends with a day is ended before the organisation's first answer of the next: what was shared with a receiver
//! until yesterday is read by nobody there today. Nothing has to run for that but the server that answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::db::Scope;
use crate::error::{Code, Result};
use crate::service::referral;

/// The day that has begun for each organisation, and whether the one before was ended.
#[derive(Clone, Default)]
pub(super) struct Days(Arc<Mutex<HashMap<Uuid, Day>>>);

type Day = (NaiveDate, Arc<OnceCell<()>>);

impl Days {
    /// Begins the viewer's day, once: whoever asks at the same time waits for it.
    pub(super) async fn begin(&self, scope: &Scope) -> Result<()> {
        let today = scope.today();
        let begun = {
            let mut days = self.0.lock().map_err(|_| Code::Internal)?;
            let day = days.entry(scope.viewer().organisation).or_insert_with(|| (today, Arc::default()));
            if day.0 != today {
                *day = (today, Arc::default());
            }
            Arc::clone(&day.1)
        };
        if begun.initialized() {
            return Ok(());
        }
        Box::pin(begun.get_or_try_init(async || referral::expire(&scope.as_operator()).await)).await.map(drop)
    }
}
