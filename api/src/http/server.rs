//! Accepting connections: with a limit on slow headers, and a stop that finishes what was accepted.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::db::Database;

const HEADERS: Duration = Duration::from_secs(10);
const FINISH: Duration = Duration::from_secs(15);

/// A server at work.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    database: Database,
}

impl Running {
    /// Stops accepting, finishes what was accepted, closes the database.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.task.await;
        self.database.close().await;
    }
}

/// Takes the address, or says in a sentence why not.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("Another program already listens at {address}: choose another with --listen ADDRESS:PORT.")
        }
        std::io::ErrorKind::PermissionDenied => format!("This user may not listen at {address}."),
        _ => format!("Cannot listen at {address}: {error}."),
    })
}

/// Serves until stopped.
pub(crate) fn serve(listener: TcpListener, router: Router, database: Database) -> Result<Running, String> {
    let address = listener.local_addr().map_err(|error| format!("The listener has no address: {error}."))?;
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(accept(listener, router, stopped));
    Ok(Running { address, stop, task, database })
}

async fn accept(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    loop {
        let connection = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => break,
        };
        let Ok((stream, _)) = connection else {
            // Out of file descriptors, most likely: let some connections end.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADERS)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            let _ = watched.await;
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(FINISH, graceful.shutdown()).await;
}
