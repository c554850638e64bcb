//! Word that an organisation's rows have changed, for whoever waits for it in this process. It says that, not what: the
//! one who waits looks for itself, within its own reach, and looks now and then without word, for what other servers write.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;
use uuid::Uuid;

/// Who waits, by organisation.
#[derive(Clone, Default)]
pub(super) struct Changes(Arc<Mutex<HashMap<Uuid, watch::Sender<()>>>>);

impl Changes {
    /// Waits for changes of an organisation from now on.
    pub(super) fn of(&self, organisation: Uuid) -> watch::Receiver<()> {
        let Ok(mut waiting) = self.0.lock() else { return watch::channel(()).1 };
        waiting.retain(|_, told| told.receiver_count() > 0);
        waiting.entry(organisation).or_insert_with(|| watch::channel(()).0).subscribe()
    }

    /// Tells those who wait.
    pub(super) fn tell(&self, organisation: Uuid) {
        if let Ok(waiting) = self.0.lock()
            && let Some(told) = waiting.get(&organisation)
        {
            let _ = told.send(());
        }
    }
}
