//! Accepting connections: with a limit on slow headers, and a stop that finishes what was accepted.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1::UpgradeableConnection;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::db::Database;

const HEADERS: Duration = Duration::from_secs(10);
const FINISH: Duration = Duration::from_secs(15);

/// A server at work.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    beside: JoinHandle<()>,
    database: Database,
}

impl Running {
    /// Stops accepting, finishes what was accepted, closes the database.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        let _ = tokio::join!(self.task, self.beside);
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

/// Serves until stopped, and so does what works `beside`.
pub(crate) fn serve(
    listener: TcpListener,
    router: Router,
    database: Database,
    stop: watch::Sender<bool>,
    beside: impl FnOnce(watch::Receiver<bool>) -> JoinHandle<()>,
) -> Result<Running, String> {
    let address = listener.local_addr().map_err(|error| format!("The listener has no address: {error}."))?;
    let task = tokio::spawn(accept(listener, router, stop.subscribe()));
    let beside = beside(stop.subscribe());
    Ok(Running { address, stop, task, beside, database })
}

async fn accept(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
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
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()))
            .with_upgrades();
        connections.spawn(finished(connection, stopped.clone()));
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let rest = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(FINISH, rest).await;
}

/// Serves a connection to its end; once the server stops, to the end of what was accepted.
async fn finished(connection: Connection, mut stopped: watch::Receiver<bool>) {
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|stops| *stops) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// One that may become a WebSocket.
type Connection = UpgradeableConnection<TokioIo<TcpStream>, TowerToHyperService<Router>>;
