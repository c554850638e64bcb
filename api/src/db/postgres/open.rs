//! Opening a connection: tokio-postgres agrees on encryption, signs in and sets the session up; then the stream is
//! taken back from it, and a [`Line`] speaks on.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_postgres::config::{Host, TargetSessionAttrs};
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres::{Config, NoTls};

use super::super::tls::Tls;
use super::line::{Line, Stream};

/// Why no connection was opened.
#[derive(Debug)]
pub(in super::super) enum Unopened {
    /// Nobody is there, or whoever is does not answer.
    Network(io::Error),
    /// The database does not let us in.
    Refused(tokio_postgres::Error),
}

impl Unopened {
    /// Whether nobody listens there yet, or whoever does will answer soon. A name that nobody has is neither.
    pub fn comes_soon(&self) -> bool {
        match self {
            Self::Network(error) => {
                matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound)
            }
            Self::Refused(error) => {
                let soon = [SqlState::CANNOT_CONNECT_NOW, SqlState::TOO_MANY_CONNECTIONS];
                error.is_closed() || error.code().is_some_and(|code| soon.contains(code))
            }
        }
    }
}

/// Opens a connection to the first of the named servers that answers and is of the wanted kind.
pub(super) async fn open(config: &Config, tls: &Tls) -> Result<Line, Unopened> {
    let mut failed = Unopened::Network(io::ErrorKind::InvalidInput.into());
    let ports = config.get_ports();
    for (place, host) in config.get_hosts().iter().enumerate() {
        // One port may serve all.
        let port = ports.get(place).or(ports.first()).copied().unwrap_or(5432);
        // Where the address is told beside the name, the name is what a certificate is held against.
        let address = config.get_hostaddrs().get(place).copied();
        match one(config, tls, (host, address, port)).await {
            Ok(stream) => {
                let mut line = Line::new(stream);
                if is_wanted(config, &mut line).await {
                    return Ok(line);
                }
                failed = Unopened::Network(io::ErrorKind::Unsupported.into());
            }
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// Whether a server writes or only reads, as `target_session_attrs` in the address wants it.
async fn is_wanted(config: &Config, line: &mut Line) -> bool {
    let wanted = match config.get_target_session_attrs() {
        TargetSessionAttrs::Any => return true,
        TargetSessionAttrs::ReadOnly => "on",
        _ => "off",
    };
    if line.say("SHOW transaction_read_only").is_err() {
        return false;
    }
    let told = line.fly().await;
    told.is_ok_and(|told| told.first().is_some_and(|told| told.rows.get::<&str>(0, 0) == Some(wanted)))
}

async fn one(
    config: &Config,
    tls: &Tls,
    (host, address, port): (&Host, Option<IpAddr>, u16),
) -> Result<Box<dyn Stream>, Unopened> {
    let stream = match host {
        Host::Tcp(name) => {
            let stream = match address {
                Some(address) => TcpStream::connect((address, port)).await,
                None => TcpStream::connect((name.as_str(), port)).await,
            };
            let stream = stream.map_err(Unopened::Network)?;
            stream.set_nodelay(true).map_err(Unopened::Network)?;
            Lent::new(Box::new(stream))
        }
        Host::Unix(folder) => {
            let path = folder.join(format!(".s.PGSQL.{port}"));
            Lent::new(Box::new(UnixStream::connect(path).await.map_err(Unopened::Network)?))
        }
    };
    match tls {
        Tls::Clear => {
            let opened = config.connect_raw(stream.clone(), NoTls).await.map_err(Unopened::Refused)?;
            drop(opened);
            stream.back()
        }
        Tls::Verified(connector) => {
            let name = match host {
                Host::Tcp(name) => name.as_str(),
                Host::Unix(_) => "",
            };
            let made = MakeTlsConnect::<Lent>::make_tls_connect(&mut connector.clone(), name);
            let inner = made.map_err(|_| Unopened::Network(io::ErrorKind::InvalidInput.into()))?;
            let kept = Slot::default();
            let opened = config.connect_raw(stream, Keeping { inner, kept: Arc::clone(&kept) }).await;
            drop(opened.map_err(Unopened::Refused)?);
            let taken = lock(&kept).take();
            taken.ok_or_else(|| Unopened::Network(io::ErrorKind::NotConnected.into()))?.back()
        }
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A stream that is lent out and comes back.
#[derive(Clone)]
struct Lent(Arc<Mutex<Box<dyn Stream>>>);

impl Lent {
    fn new(stream: Box<dyn Stream>) -> Self {
        Self(Arc::new(Mutex::new(stream)))
    }

    /// The stream, from its last holder.
    fn back(self) -> Result<Box<dyn Stream>, Unopened> {
        let stream = Arc::into_inner(self.0).ok_or_else(|| Unopened::Network(io::ErrorKind::ResourceBusy.into()))?;
        Ok(stream.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl AsyncRead for Lent {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *lock(&self.0)).poll_read(cx, to)
    }
}

impl AsyncWrite for Lent {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *lock(&self.0)).poll_write(cx, from)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *lock(&self.0)).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *lock(&self.0)).poll_shutdown(cx)
    }
}

/// Where an encrypted stream waits to be fetched.
type Slot = Arc<Mutex<Option<Lent>>>;

/// Encrypts, and keeps hold of what comes of it.
struct Keeping<T> {
    inner: T,
    kept: Slot,
}

impl<T> TlsConnect<Lent> for Keeping<T>
where
    T: TlsConnect<Lent, Stream: Send + Sync + 'static, Future: Send + 'static, Error: 'static>,
{
    type Stream = Encrypted;
    type Error = T::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Encrypted, T::Error>> + Send>>;

    fn connect(self, stream: Lent) -> Self::Future {
        let encrypted = self.inner.connect(stream);
        Box::pin(async move {
            let stream = encrypted.await?;
            let binding = stream.channel_binding();
            let lent = Lent::new(Box::new(stream));
            *lock(&self.kept) = Some(lent.clone());
            Ok(Encrypted { lent, binding: Mutex::new(Some(binding)) })
        })
    }
}

/// An encrypted stream, with what ties signing in to it.
struct Encrypted {
    lent: Lent,
    binding: Mutex<Option<ChannelBinding>>,
}

impl TlsStream for Encrypted {
    fn channel_binding(&self) -> ChannelBinding {
        lock(&self.binding).take().unwrap_or_else(ChannelBinding::none)
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lent).poll_read(cx, to)
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.lent).poll_write(cx, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lent).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lent).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_does_not_listen_yet_is_waited_for_and_who_does_not_exist_is_not() {
        for (address, soon) in [("host=127.0.0.1 port=1 user=u", true), ("host=nobody.invalid user=u", false)] {
            let unopened = open(&address.parse().unwrap(), &Tls::Clear).await.err().unwrap();
            assert!(matches!(unopened, Unopened::Network(_)), "{address}");
            assert_eq!(unopened.comes_soon(), soon, "{address}");
        }
    }

    #[tokio::test]
    async fn the_first_server_of_the_wanted_kind_serves() {
        let Ok(url) = std::env::var("LANPYA_TEST_POSTGRES") else { return };
        let port = url.rsplit(':').next().unwrap().split('/').next().unwrap();
        for (wanted, opens) in [("any", true), ("read-write", true), ("read-only", false)] {
            for hosts in ["host=127.0.0.1,127.0.0.1", "host=a.invalid,b.invalid hostaddr=127.0.0.1,127.0.0.1"] {
                let of = "user=postgres dbname=postgres";
                let address = format!("{hosts} port=1,{port} {of} target_session_attrs={wanted}");
                let opened = open(&address.parse().unwrap(), &Tls::Clear).await;
                assert_eq!(opened.is_ok_and(|line| line.is_idle()), opens, "{address}");
            }
        }
    }
}
