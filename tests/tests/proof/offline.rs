//! A server whose database is taken away: whatever still gets an answer was answered without a statement.

use std::sync::Arc;

use harness::World;
use harness::world::config;
use lanpya::auth::Verifier;
use lanpya::db::Database;
use lanpya::http::{Edge, router};

/// The server, beside that of its world and with the same database until that is closed.
pub struct Offline {
    pub url: String,
    database: Database,
}

impl Offline {
    pub async fn beside(world: &World, verifier: Verifier) -> Self {
        let config = config(&world.store.url, &world.keys);
        let database = Database::open(&lanpya::database(&config)).await.unwrap();
        let edge = Edge::new(&config, database.clone(), verifier, world.clock.clone(), None).await.unwrap();
        let listener = lanpya::http::listen(([127, 0, 0, 1], 0).into()).await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router(Arc::new(edge), &[])).await });
        Self { url, database }
    }

    /// From now on whoever asks the database for anything is told UNAVAILABLE.
    pub async fn close(&self) {
        self.database.close().await;
    }
}
