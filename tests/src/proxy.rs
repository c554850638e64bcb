//! A TCP proxy that stands for a bad network: it cuts, stalls, slows and loses what is on its way. Between client and
//! server, or between server and PostgreSQL.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// The state of the network, for every connection through the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Everything passes.
    Open,
    /// Every chunk waits, then trickles.
    Slow {
        /// In each direction.
        bytes_per_second: u32,
        /// From one side to the other, in each direction.
        delay: Duration,
    },
    /// Nothing passes and nothing is said: what was sent waits until the link is open again.
    Stalled,
    /// Requests pass; a connection is cut when the answer to one comes back.
    Deaf,
    /// Stalled for the connections there are; new ones are open.
    Stranded {
        /// Connections below this number are stalled: see [`Proxy::connections`].
        below: u64,
    },
    /// Connections are cut, new ones too.
    Cut,
}

/// How many bytes one connection carries before it is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Towards the server.
    pub up: u64,
    /// Towards the client.
    pub down: u64,
}

impl Fate {
    /// Never cut.
    pub const SPARED: Self = Self { up: u64::MAX, down: u64::MAX };
}

/// A proxy at work, until it is dropped.
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    link: Arc<watch::Sender<Link>>,
    connections: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

/// The network as one connection sees it.
#[derive(Clone)]
struct Road {
    link: watch::Receiver<Link>,
    number: u64,
}

/// The connection was cut: both directions end.
struct Cut;

impl Proxy {
    /// Carries everything to `target`.
    pub async fn to(target: SocketAddr) -> Self {
        Self::fated(target, |_| Fate::SPARED).await
    }

    /// The same, with a fate for each connection by its number.
    pub async fn fated(target: SocketAddr, fate: impl Fn(u64) -> Fate + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let link = Arc::new(watch::Sender::new(Link::Open));
        let connections = Arc::new(AtomicU64::new(0));
        let (links, count) = (Arc::clone(&link), Arc::clone(&connections));
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let number = count.fetch_add(1, Ordering::SeqCst);
                let (fate, link) = (fate(number), links.subscribe());
                tokio::spawn(async move {
                    let _ = carry(client, target, fate, Road { link, number }).await;
                });
            }
        });
        Self { address, link, connections, task }
    }

    /// Changes the network for every connection, open ones too.
    pub fn set(&self, link: Link) {
        self.link.send_replace(link);
    }

    /// Connections taken so far.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.set(Link::Cut);
        self.task.abort();
    }
}

async fn carry(client: TcpStream, target: SocketAddr, fate: Fate, road: Road) -> Result<(), Cut> {
    if *road.link.borrow() == Link::Cut {
        return Err(Cut);
    }
    let server = TcpStream::connect(target).await.map_err(|_| Cut)?;
    for stream in [&client, &server] {
        stream.set_nodelay(true).map_err(|_| Cut)?;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let up = pump(from_client, to_server, fate.up, road.clone(), false);
    let down = pump(from_server, to_client, fate.down, road, true);
    tokio::try_join!(up, down).map(drop)
}

async fn pump(from: OwnedReadHalf, to: OwnedWriteHalf, limit: u64, road: Road, answers: bool) -> Result<(), Cut> {
    let (chunks, arriving) = mpsc::channel(64);
    tokio::try_join!(depart(from, chunks, road.clone()), arrive(arriving, to, limit, road, answers)).map(drop)
}

/// Takes what one side says, with the instant it said it.
async fn depart(mut from: OwnedReadHalf, chunks: mpsc::Sender<(Instant, Vec<u8>)>, road: Road) -> Result<(), Cut> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let bytes = tokio::select! {
            bytes = from.read(&mut buffer) => bytes.map_err(|_| Cut)?,
            cut = until_cut(road.link.clone()) => return Err(cut),
        };
        let chunk = buffer.get(..bytes).expect("read before").to_vec();
        chunks.send((Instant::now(), chunk)).await.map_err(|_| Cut)?;
        if bytes == 0 {
            return Ok(());
        }
    }
}

/// Hands it to the other side when the network lets it through.
async fn arrive(
    mut chunks: mpsc::Receiver<(Instant, Vec<u8>)>,
    mut to: OwnedWriteHalf,
    limit: u64,
    mut road: Road,
    answers: bool,
) -> Result<(), Cut> {
    let mut left = limit;
    while let Some((said, chunk)) = chunks.recv().await {
        road.passage(said, chunk.len(), answers).await?;
        let whole = u64::try_from(chunk.len()).expect("small");
        let passing = usize::try_from(whole.min(left)).expect("small");
        to.write_all(chunk.get(..passing).expect("no more than it is")).await.map_err(|_| Cut)?;
        left -= whole.min(left);
        if left == 0 {
            return Err(Cut);
        }
        if chunk.is_empty() {
            // One side has said all it had to say; the other may still answer.
            return to.shutdown().await.map_err(|_| Cut);
        }
    }
    Ok(())
}

impl Road {
    /// Waits until a chunk may pass.
    async fn passage(&mut self, said: Instant, bytes: usize, answer: bool) -> Result<(), Cut> {
        loop {
            let now = *self.link.borrow_and_update();
            match now {
                Link::Open => return Ok(()),
                Link::Stranded { below } if self.number >= below => return Ok(()),
                Link::Deaf if !answer => return Ok(()),
                Link::Deaf | Link::Cut => return Err(Cut),
                Link::Stalled | Link::Stranded { .. } => self.link.changed().await.map_err(|_| Cut)?,
                Link::Slow { bytes_per_second, delay } => {
                    let bytes = u32::try_from(bytes).expect("small");
                    // Bytes are on their way together: each waits the delay, and for those before it.
                    tokio::time::sleep_until(said + delay).await;
                    tokio::time::sleep(Duration::from_secs(1) * bytes / bytes_per_second).await;
                    return Ok(());
                }
            }
        }
    }
}

async fn until_cut(mut link: watch::Receiver<Link>) -> Cut {
    let _ = link.wait_for(|link| *link == Link::Cut).await;
    Cut
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers every byte with the same byte.
    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut read, mut write) = stream.split();
                    let _ = tokio::io::copy(&mut read, &mut write).await;
                });
            }
        });
        address
    }

    /// Sends a text and reads until the end.
    async fn talk(address: SocketAddr, text: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(address).await.expect("connected");
        let _ = stream.write_all(text).await;
        let _ = stream.shutdown().await;
        let mut heard = Vec::new();
        let _ = stream.read_to_end(&mut heard).await;
        heard
    }

    #[tokio::test]
    async fn passes_and_half_closes() {
        let proxy = Proxy::to(echo().await).await;
        assert_eq!(talk(proxy.address, b"hello").await, b"hello");
        assert_eq!(proxy.connections(), 1);
    }

    #[tokio::test]
    async fn cuts_after_so_many_bytes() {
        let fate = |number| if number == 0 { Fate { up: u64::MAX, down: 3 } } else { Fate { up: 2, down: u64::MAX } };
        let proxy = Proxy::fated(echo().await, fate).await;
        assert_eq!(talk(proxy.address, b"hello").await, b"hel");
        assert!(talk(proxy.address, b"hello").await.len() <= 2);
    }

    #[tokio::test]
    async fn stalls_loses_and_cuts() {
        let proxy = Proxy::to(echo().await).await;
        proxy.set(Link::Stalled);
        let mut talking = tokio::spawn(talk(proxy.address, b"hello"));
        let early = tokio::time::timeout(Duration::from_millis(50), &mut talking).await;
        assert!(early.is_err(), "nothing passes");
        proxy.set(Link::Open);
        assert_eq!(talking.await.expect("heard"), b"hello");
        proxy.set(Link::Deaf);
        assert!(talk(proxy.address, b"hello").await.is_empty());
        proxy.set(Link::Cut);
        assert!(talk(proxy.address, b"hello").await.is_empty());
        proxy.set(Link::Slow { bytes_per_second: 1000, delay: Duration::from_millis(1) });
        assert_eq!(talk(proxy.address, b"hello").await, b"hello");
    }
}
