use std::{
    sync::{
        Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

/// Writes the file; each time it looks a second newer, however fast the test is.
fn write(temp: &Temp, keys: &[Value]) -> PathBuf {
    static WRITTEN: AtomicU64 = AtomicU64::new(1_700_000_000);
    let path = temp.path().join("jwks.json");
    std::fs::write(&path, json!({"keys": keys}).to_string()).unwrap();
    let seconds = Duration::from_secs(WRITTEN.fetch_add(1, Ordering::SeqCst));
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + seconds).unwrap();
    path
}

/// A token issued at this many seconds from now.
fn at(signer: &Signer, kid: &str, seconds: i64) -> String {
    let mut claims = claims();
    for (name, offset) in [("iat", 0), ("nbf", 0), ("exp", 3600)] {
        claims[name] = (NOW + seconds + offset).into();
    }
    signer.token(kid, &claims)
}

#[tokio::test]
async fn a_new_key_in_the_file_is_found_within_a_minute() {
    let (temp, old, new) = (Temp::new(), Signer::ed(), Signer::ed());
    let verifier = Verifier::new(settings(), KeySource::File(write(&temp, &[old.jwk("k1")]))).unwrap();
    verifier.verify(&at(&old, "k1", 0), now()).await.unwrap();
    write(&temp, &[old.jwk("k1"), new.jwk("k2")]);
    let token = at(&new, "k2", 1);
    for seconds in [1, 30, 59] {
        refused(verifier.verify(&token, after(seconds)).await, Reason::UnknownKey, "one load a minute");
    }
    verifier.verify(&token, after(60)).await.unwrap();
    verifier.verify(&at(&old, "k1", 60), after(60)).await.unwrap();
}

#[tokio::test]
async fn a_key_that_left_the_file_verifies_only_what_it_signed_before() {
    let (temp, old, new) = (Temp::new(), Signer::ed(), Signer::ed());
    let verifier = Verifier::new(settings(), KeySource::File(write(&temp, &[old.jwk("k1")]))).unwrap();
    let remembered = at(&old, "k1", 0);
    verifier.verify(&remembered, now()).await.unwrap();
    write(&temp, &[new.jwk("k2")]);
    // Known keys only: the change is seen by the file's times.
    verifier.verify(&at(&old, "k1", 61), after(61)).await.unwrap();
    verifier.verify(&at(&new, "k2", 62), after(62)).await.unwrap();
    refused(verifier.verify(&at(&old, "k1", 100), after(100)).await, Reason::RetiredKey, "signed after it left");
    verifier.verify(&at(&old, "k1", 5), after(200)).await.unwrap();
    verifier.verify(&remembered, after(3000)).await.unwrap();
    let late = at(&old, "k1", 90);
    verifier.verify(&late, after(3689)).await.unwrap();
    refused(verifier.verify(&late, after(3692)).await, Reason::RetiredKey, "kept for a token's life");
    write(&temp, &[new.jwk("k2"), new.jwk("k3")]);
    verifier.verify(&at(&new, "k3", 3800), after(3800)).await.unwrap();
    refused(verifier.verify(&at(&old, "k1", 91), after(3690)).await, Reason::UnknownKey, "then forgotten");
}

#[tokio::test]
async fn a_key_replaced_under_its_id_is_replaced_for_remembered_tokens_too() {
    let (temp, old, new) = (Temp::new(), Signer::ed(), Signer::ed());
    let verifier = Verifier::new(settings(), KeySource::File(write(&temp, &[old.jwk("k1")]))).unwrap();
    let remembered = at(&old, "k1", 0);
    verifier.verify(&remembered, now()).await.unwrap();
    write(&temp, &[new.jwk("k1"), new.jwk("k2")]);
    verifier.verify(&at(&new, "k2", 60), after(60)).await.unwrap();
    refused(verifier.verify(&remembered, after(60)).await, Reason::UnknownKey, "remembered");
    refused(verifier.verify(&at(&old, "k1", 60), after(60)).await, Reason::Signature, "signed by the old key");
}

#[tokio::test]
async fn an_empty_set_retires_every_key() {
    let (temp, old) = (Temp::new(), Signer::ed());
    let verifier = Verifier::new(settings(), KeySource::File(write(&temp, &[old.jwk("k1")]))).unwrap();
    assert!(verifier.ready(now()).await);
    write(&temp, &[]);
    refused(verifier.verify(&at(&old, "k9", 60), after(60)).await, Reason::UnknownKey, "makes it read the file");
    refused(verifier.verify(&at(&old, "k1", 100), after(100)).await, Reason::RetiredKey, "issued since");
    assert!(!verifier.ready(after(100)).await);
}

#[tokio::test]
async fn a_day_without_the_file_refuses_all() {
    let (temp, old) = (Temp::new(), Signer::ed());
    let file = write(&temp, &[old.jwk("k1")]);
    let verifier = Verifier::new(settings(), KeySource::File(file.clone())).unwrap();
    verifier.verify(&at(&old, "k1", 0), now()).await.unwrap();
    // An unchanged file is fresh whenever it is looked at.
    verifier.verify(&at(&old, "k1", 100_000), after(100_000)).await.unwrap();
    std::fs::remove_file(&file).unwrap();
    verifier.verify(&at(&old, "k1", 186_000), after(186_000)).await.unwrap();
    let remembered = at(&old, "k1", 186_399);
    verifier.verify(&remembered, after(186_400)).await.unwrap();
    refused(verifier.verify(&remembered, after(186_401)).await, Reason::StaleKeys, "remembered");
    refused(verifier.verify(&at(&old, "k1", 186_401), after(186_401)).await, Reason::StaleKeys, "new");
    std::fs::write(&file, "{").unwrap();
    refused(verifier.verify(&at(&old, "k1", 187_000), after(187_000)).await, Reason::StaleKeys, "unreadable");
    write(&temp, &[old.jwk("k1")]);
    verifier.verify(&at(&old, "k1", 187_060), after(187_060)).await.unwrap();
}

/// A server that gives one answer, counted.
struct Server {
    url: String,
    answer: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl Server {
    async fn new(answer: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let (answer, asked) = (Arc::new(Mutex::new(answer)), Arc::new(AtomicUsize::new(0)));
        let (shared, count) = (Arc::clone(&answer), Arc::clone(&asked));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let _read = socket.read(&mut [0; 4096]).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
                let answer = shared.lock().unwrap().clone();
                let _sent = socket.write_all(answer.as_bytes()).await;
            }
        });
        Self { url, answer, asked }
    }

    fn says(&self, answer: String) {
        *self.answer.lock().unwrap() = answer;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn answer(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

fn keys(keys: &[Value]) -> String {
    answer("200 OK", &json!({"keys": keys}).to_string())
}

#[tokio::test]
async fn an_address_is_asked_once_a_minute_by_one_request() {
    let (old, new) = (Signer::ed(), Signer::ed());
    let server = Server::new(keys(&[old.jwk("k1")])).await;
    let verifier = Verifier::new(settings(), KeySource::Url(server.url.clone())).unwrap();
    let token = at(&old, "k1", 0);
    let all = futures_util::future::join_all((0..50).map(|_| verifier.verify(&token, now()))).await;
    assert!(all.iter().all(Result::is_ok), "whoever waited for the load finds the key");
    assert_eq!(server.asked(), 1);
    for seconds in 0..60 {
        let token = at(&new, &format!("k{seconds}x"), seconds);
        refused(verifier.verify(&token, after(seconds)).await, Reason::UnknownKey, "unknown");
    }
    assert_eq!(server.asked(), 1);
    server.says(keys(&[old.jwk("k1"), new.jwk("k2")]));
    verifier.verify(&at(&new, "k2", 60), after(60)).await.unwrap();
    assert_eq!(server.asked(), 2);
}

#[tokio::test]
async fn a_client_that_goes_away_does_not_take_the_refresh_with_it() {
    let old = Signer::ed();
    let server = Server::new(keys(&[old.jwk("k1")])).await;
    let verifier = Verifier::new(settings(), KeySource::Url(server.url.clone())).unwrap();
    let token = at(&old, "k1", 0);
    let short = Duration::from_millis(5);
    assert!(tokio::time::timeout(short, verifier.verify(&token, now())).await.is_err());
    verifier.verify(&token, now()).await.unwrap();
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn bad_answers_change_nothing() {
    let (old, new) = (Signer::ed(), Signer::ed());
    let server = Server::new(keys(&[old.jwk("k1")])).await;
    let verifier = Verifier::new(settings(), KeySource::Url(server.url.clone())).unwrap();
    assert!(verifier.ready(now()).await);
    let set = json!({"keys": [new.jwk("k2")]}).to_string();
    let elsewhere = Server::new(keys(&[new.jwk("k2")])).await;
    let bad = [
        answer("500 Internal Server Error", &set),
        answer("404 Not Found", &set),
        answer(&format!("302 Found\r\nlocation: {}", elsewhere.url), &set),
        answer("200 OK", "<html>"),
        answer("200 OK", &format!("{set}{}", " ".repeat(256 * 1024))),
        answer("200 OK", &json!({"keys": [new.jwk("k2"), new.jwk("k2")]}).to_string()),
        "HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{}".to_owned(),
        String::new(),
    ];
    let mut seconds = 0;
    for text in bad {
        server.says(text.clone());
        seconds += 60;
        let asked = server.asked();
        let what = &text[..text.len().min(60)];
        refused(verifier.verify(&at(&new, "k2", seconds), after(seconds)).await, Reason::UnknownKey, what);
        assert!(server.asked() > asked, "{what}");
        verifier.verify(&at(&old, "k1", seconds), after(seconds)).await.expect(what);
    }
    assert_eq!(elsewhere.asked(), 0, "no redirect is followed");
    refused(verifier.verify(&at(&old, "k1", 86_401), after(86_401)).await, Reason::StaleKeys, "a day later");
    server.says(keys(&[old.jwk("k1")]));
    verifier.verify(&at(&old, "k1", 86_461), after(86_461)).await.unwrap();
}

#[tokio::test]
async fn nobody_waits_for_a_set_that_only_grows_old() {
    let (old, new) = (Signer::ed(), Signer::ed());
    let server = Server::new(keys(&[old.jwk("k1")])).await;
    let verifier = Verifier::new(settings(), KeySource::Url(server.url.clone())).unwrap();
    verifier.verify(&at(&old, "k1", 0), now()).await.unwrap();
    server.says(keys(&[old.jwk("k1"), new.jwk("k2")]));
    verifier.verify(&at(&old, "k1", 901), after(901)).await.unwrap();
    // The refresh runs beside: a new key arrives without anyone having asked for it.
    for _ in 0..100 {
        if server.asked() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    verifier.verify(&at(&new, "k2", 902), after(902)).await.unwrap();
    assert_eq!(server.asked(), 2);
}
