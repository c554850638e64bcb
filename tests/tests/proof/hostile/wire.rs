//! Requests that are hostile below GraphQL: packed, endless, slow.

use std::time::Duration;

use entity::user::RoleCode;
use harness::proof::{Proof, size};
use harness::world::{answer, start};
use harness::{ALPHA, Backend, Data, World, both};
use lanpya::clock::Clock;
use reqwest::StatusCode;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

both! { packed_bodies, endless_bodies, slow_bodies, slow_headers }

async fn connect(world: &World) -> TcpStream {
    TcpStream::connect(world.origin.strip_prefix("http://").unwrap()).await.unwrap()
}

fn head(token: &str, more: &str) -> String {
    format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n{more}\r\n\r\n"
    )
}

/// Everything until the server closes the connection.
async fn rest(mut stream: impl tokio::io::AsyncRead + Unpin) -> String {
    let mut bytes = Vec::new();
    // A reset is a way of closing, too.
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A thousandfold bomb is never unpacked: packed bodies are refused by name.
async fn packed_bodies(backend: Backend) {
    let mut proof = Proof::of(20, format!("hostile::wire::packed_bodies::{backend:?}"));
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packed, &vec![b' '; 64 * 1024 * 1024]).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 128 * 1024);
    for encoding in ["gzip", "deflate", "br", "zstd", "identity", "gzip, gzip", "x"] {
        let request = world.client.post(world.url("/graphql")).bearer_auth(&token);
        let request = request.header("content-type", "application/json").header("content-encoding", encoding);
        let answered = answer(request.body(packed.clone())).await;
        assert_eq!(answered.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{encoding}");
        assert_eq!(answered.code(), "BAD_REQUEST", "{encoding}");
        assert!(answered.body.contains("Content-Encoding"), "{}", answered.body);
    }
    proof.figure("unpacked MB of the bomb", 64);
    world.stop().await;
    proof.held();
}

/// A body without an end is not read to its end.
async fn endless_bodies(backend: Backend) {
    let mut proof = Proof::of(20, format!("hostile::wire::endless_bodies::{backend:?}"));
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let mut most = 0;
    for (token, status) in [(token.as_str(), "413"), ("no token", "401")] {
        let (reader, mut writer) = connect(&world).await.into_split();
        writer.write_all(head(token, "transfer-encoding: chunked").as_bytes()).await.unwrap();
        let chunk = format!("2000\r\n{}\r\n", " ".repeat(0x2000));
        let endless = tokio::spawn(async move {
            let mut sent = 0_u64;
            while writer.write_all(chunk.as_bytes()).await.is_ok() && sent < 256 * 1024 * 1024 {
                sent += 0x2000;
            }
            sent
        });
        let told = rest(reader).await;
        assert!(told.is_empty() || told.starts_with(&format!("HTTP/1.1 {status}")), "{told}");
        most = most.max(endless.await.unwrap());
    }
    // What the server read and what stood in the buffers between.
    assert!(most < 32 * 1024 * 1024, "{most} bytes were taken");
    proof.figure("most MB sent before the end", most / 1024 / 1024);
    let fine = world.ask(&token, "{ __typename }", json!({})).await;
    assert_eq!(fine.status, StatusCode::OK);
    world.stop().await;
    proof.held();
}

/// A body that does not come is waited for as long as a request may take.
async fn slow_bodies(backend: Backend) {
    let mut proof = Proof::of(20, format!("hostile::wire::slow_bodies::{backend:?}"));
    let world =
        World::tuned(backend, Data::Alpha, Clock::manual(start()), |config| config.request_timeout_ms = 2_000).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let count = size(20, 200);
    let mut waiting = Vec::new();
    for _ in 0..count {
        let mut stream = connect(&world).await;
        stream.write_all(head(&token, "content-length: 100").as_bytes()).await.unwrap();
        stream.write_all(b"{\"query\"").await.unwrap();
        waiting.push(stream);
    }
    // Meanwhile others are served.
    let fine = world.ask(&token, "{ visits { nodes { id } } }", json!({})).await;
    assert!(fine.at("/errors").is_null(), "{}", fine.body);
    for stream in waiting {
        let told = rest(stream).await;
        assert!(told.starts_with("HTTP/1.1 504") && told.contains("\"TIMEOUT\""), "{told}");
    }
    proof.figure("connections that never finish", count);
    world.stop().await;
    proof.held();
}

/// Headers that do not come are waited for ten seconds: too long for the quick tier.
async fn slow_headers(backend: Backend) {
    if !harness::full() {
        return;
    }
    let mut proof = Proof::of(20, format!("hostile::wire::slow_headers::{backend:?}"));
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let began = std::time::Instant::now();
    let mut waiting = Vec::new();
    for number in 0..300 {
        let mut stream = connect(&world).await;
        // Nothing at all, half a line, half the headers.
        let sent = ["", "POST /gra", "POST /graphql HTTP/1.1\r\nhost: x\r\nx-a: "];
        stream.write_all(sent[number % sent.len()].as_bytes()).await.unwrap();
        waiting.push(stream);
    }
    let fine = world.ask(&token, "{ visits { nodes { id } } }", json!({})).await;
    assert!(fine.at("/errors").is_null(), "{}", fine.body);
    for stream in waiting {
        tokio::time::timeout(Duration::from_secs(30), rest(stream)).await.expect("the server closes it");
    }
    proof.figure("slow connections", 300);
    proof.figure("seconds until all were closed", began.elapsed().as_secs());
    world.stop().await;
    proof.held();
}
