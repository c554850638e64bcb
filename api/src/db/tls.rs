//! How PostgreSQL is spoken to: in the clear on this machine or where the settings say so, else encrypted and with the
//! server's name checked. There is no encryption without a check: it would tell nobody who listens.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

/// How connections are made.
#[derive(Clone)]
pub(super) enum Tls {
    Clear,
    Verified(MakeRustlsConnect),
}

/// Reads an address, `sslmode` and `sslrootcert` in it.
pub(super) fn read(address: &str) -> Result<(Config, Tls), String> {
    let wrong = || "DATABASE_URL is not a PostgreSQL address: postgres://user:password@host:port/database".to_owned();
    let mut url = Url::parse(address).map_err(|_| wrong())?;
    let (mut mode, mut roots) = (None, None);
    let mut kept = Vec::new();
    for (name, value) in url.query_pairs() {
        match name.as_ref() {
            "sslmode" | "ssl-mode" => mode = Some(value.into_owned()),
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => roots = Some(value.into_owned()),
            _ => kept.push((name.into_owned(), value.into_owned())),
        }
    }
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    let mut config: Config = url.as_str().parse().map_err(|_| wrong())?;
    let is_here = config.get_hosts().iter().all(is_local);
    let tls = match mode.as_deref() {
        Some("disable") => Tls::Clear,
        None | Some("prefer" | "allow") if is_here => Tls::Clear,
        Some("verify-full") => Tls::Verified(verified(roots.as_deref())?),
        _ => {
            return Err("DATABASE_URL names a server by its network address: say in it how to reach it, with \
                        sslmode=verify-full (and sslrootcert=FILE, if its certificate is your own) or sslmode=disable."
                .to_owned());
        }
    };
    config.ssl_mode(if matches!(tls, Tls::Clear) { SslMode::Disable } else { SslMode::Require });
    Ok((config, tls))
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn verified(roots: Option<&str>) -> Result<MakeRustlsConnect, String> {
    let mut store = RootCertStore::empty();
    let certificates: Vec<CertificateDer<'static>> = match roots {
        Some(file) => CertificateDer::pem_file_iter(Path::new(file))
            .and_then(Iterator::collect)
            .map_err(|_| format!("The certificates in {file} (sslrootcert) cannot be read."))?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    for certificate in certificates {
        store.add(certificate).map_err(|_| "A certificate in sslrootcert is none.".to_owned())?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| "TLS cannot be set up.".to_owned())?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(store).with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_address_says_how() {
        for ok in [
            "postgres://u@localhost/db",
            "postgres://u@127.0.0.1:5433/db?sslmode=prefer",
            "postgres:///db?host=/var/run/postgresql",
            "postgres://u@db.example.org/db?sslmode=disable",
        ] {
            assert!(matches!(read(ok), Ok((_, Tls::Clear))), "{ok}");
        }
        assert!(matches!(read("postgres://u:p@db.example.org/db?sslmode=verify-full"), Ok((_, Tls::Verified(_)))));
        for refused in [
            "postgres://u@db.example.org/db",
            "postgres://u@db.example.org/db?sslmode=require",
            "postgres://u@localhost/db?sslmode=verify-full&sslrootcert=/nowhere.pem",
            "not an address",
        ] {
            assert!(read(refused).is_err(), "{refused}");
        }
    }
}
