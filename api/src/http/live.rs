//! `/graphql` as a WebSocket: subscriptions by the protocol `graphql-transport-ws`. The token comes with the first
//! message, as browsers cannot send it otherwise. It is asked for again with each event and each second: a token that
//! expires or is revoked, and a user who is disabled or changes role or team, end the connection.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use async_graphql::http::{ClientMessage, WebSocket as Protocol, WebSocketProtocols as Protocols, WsMessage};
use async_graphql::{Data, ErrorExtensionValues, Executor, Request as Asked, Response as Told, ServerError, Value};
use axum::body::Body;
use axum::extract::FromRequestParts as _;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, HeaderValue, Method, Request, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, BoxStream, Stream, StreamExt as _};
use futures_util::{SinkExt as _, future};
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval, timeout};
use uuid::Uuid;

use super::Edge;
use super::graphql::{Ended, paid, prepare, spoken};
use super::request;
use super::viewer::Caller;
use crate::access::Viewer;
use crate::db::Scope;
use crate::error::{Code, Error};
use crate::schema::{Event, Purse as _};

/// Largest message, in bytes: as a request.
const MESSAGE: usize = 256 * 1024;
/// Subscriptions of one connection.
const EACH: usize = 8;
/// Connections of one user.
const CONNECTIONS: usize = 4;
/// Seconds for the first message with the token.
const PATIENCE: u32 = 10;
/// Seconds between signs of life that are asked for; a client that gives none until the next is gone.
const PULSE: u32 = 30;
/// Longest wait for a client to take a message.
const SEND: Duration = Duration::from_secs(10);

/// Connections by user.
#[derive(Default)]
pub(super) struct Subscribers(Mutex<HashMap<(Uuid, Uuid), usize>>);

/// A connection that counts.
struct Seat {
    edge: Arc<Edge>,
    who: (Uuid, Uuid),
}

impl Seat {
    fn take(edge: &Arc<Edge>, viewer: &Viewer) -> Option<Self> {
        let who = (viewer.organisation, viewer.user);
        let mut taken = edge.subscribers.0.lock().ok()?;
        let count = taken.entry(who).or_default();
        if *count >= CONNECTIONS {
            return None;
        }
        *count += 1;
        Some(Self { edge: Arc::clone(edge), who })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Ok(mut taken) = self.edge.subscribers.0.lock() else { return };
        if let Some(count) = taken.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.who);
            }
        }
    }
}

/// Who a connection speaks for, once it has said so.
struct Session {
    headers: HeaderMap,
    viewer: Arc<Viewer>,
    _seat: Seat,
}

/// A connection.
#[derive(Clone)]
struct Line {
    edge: Arc<Edge>,
    session: Arc<OnceLock<Session>>,
    /// The first message has come.
    begun: Arc<AtomicBool>,
    open: Arc<AtomicUsize>,
}

/// Whether a request asks for a WebSocket.
pub(super) fn is_upgrade(request: &Request<Body>) -> bool {
    let upgrade = request.headers().get(header::UPGRADE).and_then(|value| value.to_str().ok());
    request.method() == Method::GET && upgrade.is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// Answers the upgrade and serves the connection in a task of its own.
pub(super) async fn upgraded(edge: Arc<Edge>, request: Request<Body>) -> Response {
    let (mut parts, _) = request.into_parts();
    let locale = parts.headers.get(header::ACCEPT_LANGUAGE).cloned();
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(refused) => return refused.into_response(),
    };
    let protocol = Protocols::GraphQLWS.sec_websocket_protocol();
    let upgrade = upgrade.protocols([protocol]).max_message_size(MESSAGE).max_frame_size(MESSAGE);
    if upgrade.selected_protocol().is_none() {
        let text = "Only the protocol graphql-transport-ws is spoken.";
        return Ended::from(Error::new(Code::BadRequest).saying(text)).response(request::Media::Json, "", false);
    }
    upgrade.on_upgrade(move |socket| {
        let line = Line { edge, session: Arc::default(), begun: Arc::default(), open: Arc::default() };
        line.serve(socket, locale)
    })
}

impl Line {
    async fn serve(self, socket: WebSocket, locale: Option<HeaderValue>) {
        let (mut sink, source) = socket.split();
        let alive = Arc::new(AtomicUsize::new(0));
        let messages = messages(source, Arc::clone(&alive));
        let begin = self.clone();
        let protocol = Protocol::from_message_stream(self.clone(), messages.boxed(), Protocols::GraphQLWS)
            .on_connection_init(move |payload| async move { begin.begin(&payload, locale).await });
        let mut protocol = Box::pin(protocol);
        let mut second = interval(Duration::from_secs(1));
        second.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut stopping = self.edge.stopping.subscribe();
        let mut seconds: u32 = 0;
        let close = loop {
            let told = tokio::select! {
                told = protocol.next() => told,
                _ = stopping.changed() => break Some((1001, "The server stops.")),
                _ = second.tick() => {
                    seconds = seconds.wrapping_add(1);
                    if self.session.get().is_none() && seconds > PATIENCE {
                        break Some((4408, "Connection initialisation timeout"));
                    }
                    if !self.may_stay().await {
                        break Some((4401, "Unauthorized"));
                    }
                    let dead = seconds.is_multiple_of(PULSE)
                        && (alive.swap(0, Ordering::Relaxed) == 0
                            || !matches!(timeout(SEND, sink.send(Message::Ping("".into()))).await, Ok(Ok(()))));
                    if dead {
                        break None;
                    }
                    continue;
                }
            };
            match told {
                Some(WsMessage::Text(text)) => {
                    // Asked for again with each event: nothing leaves after the token has ended.
                    if !self.may_stay().await {
                        break Some((4401, "Unauthorized"));
                    }
                    // Who does not take what is sent is not waited for.
                    let sent = timeout(SEND, sink.send(Message::Text(text.into()))).await;
                    if !matches!(sent, Ok(Ok(()))) {
                        break None;
                    }
                }
                Some(WsMessage::Close(code, _)) => break Some(self.closing(code)),
                None => break None,
            }
        };
        if let Some((code, reason)) = close {
            let frame = CloseFrame { code, reason: reason.into() };
            let _ = timeout(SEND, sink.send(Message::Close(Some(frame)))).await;
        }
        let _ = timeout(SEND, sink.close()).await;
        tracing::info!(code = close.map_or(0, |(code, _)| code), seconds, "subscriptions closed");
    }

    /// The protocol's own codes for what the library says in its way. The text is ours: what it was told stays away.
    fn closing(&self, code: u16) -> (u16, &'static str) {
        match code {
            1002 if self.begun.load(Ordering::Relaxed) && self.session.get().is_none() => (4403, "Forbidden"),
            1011 => (4401, "Unauthorized"),
            4429 => (4429, "Too many initialisation requests"),
            _ => (4400, "The message is not of the protocol."),
        }
    }

    /// Reads the token of the first message.
    async fn begin(self, payload: &serde_json::Value, locale: Option<HeaderValue>) -> async_graphql::Result<Data> {
        let refused = || async_graphql::Error::new("Forbidden");
        self.begun.store(true, Ordering::Relaxed);
        let given = payload.as_object().into_iter().flatten();
        let token = given.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let token = token.and_then(|(_, value)| value.as_str()).ok_or_else(refused)?;
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(token).map_err(|_| refused())?);
        headers.extend(locale.map(|locale| (header::ACCEPT_LANGUAGE, locale)));
        let caller = self.edge.caller(&headers).await.map_err(|_| refused())?;
        caller.purse.charge(1).map_err(|_| refused())?;
        let viewer = caller.viewer.ok_or_else(refused)?;
        let seat = Seat::take(&self.edge, &viewer).ok_or_else(refused)?;
        self.session.set(Session { headers, viewer, _seat: seat }).map_err(|_| refused())?;
        Ok(Data::default())
    }

    /// Whether whoever it speaks for is still who it was. A database that does not answer changes nothing: it tells no
    /// event either.
    async fn may_stay(&self) -> bool {
        let Some(session) = self.session.get() else { return true };
        match self.edge.caller(&session.headers).await {
            Ok(Caller { viewer: Some(now), .. }) => {
                let was = &session.viewer;
                (was.role, was.epoch, was.team.as_ref().map(|team| &team.name))
                    == (now.role, now.epoch, now.team.as_ref().map(|team| &team.name))
            }
            Ok(Caller { viewer: None, .. }) => false,
            Err(error) => matches!(error.code, Code::Unavailable | Code::Timeout),
        }
    }

    async fn subscribed(self, asked: Asked, id: String) -> Result<BoxStream<'static, Event>, Ended> {
        let session = self.session.get().ok_or(Code::Unauthenticated)?;
        let caller = self.edge.caller(&session.headers).await?;
        paid(self.opened(asked, &id, session, &caller).await, &caller.purse)
    }

    async fn opened(
        &self,
        asked: Asked,
        id: &str,
        session: &Session,
        caller: &Caller,
    ) -> Result<BoxStream<'static, Event>, Ended> {
        caller.purse.charge(1)?;
        let viewer = caller.viewer.clone().ok_or(Code::Unauthenticated)?;
        let message = json!({
            "query": asked.query, "operationName": asked.operation_name, "variables": asked.variables,
            "extensions": asked.extensions
        });
        // As if it had been posted: the same form, the same trust, the same limits.
        let request = request::from_post(Some("application/json"), message.to_string().as_bytes())?;
        let request = self.edge.trusted.admit(request, Some(&viewer), id)?;
        let prepared = prepare(&self.edge, &request).await?;
        let scope = Scope::new(self.edge.database.clone(), viewer, self.edge.clock.clone(), id.into());
        let scope = scope.speaking(spoken(&session.headers));
        Ok(self.edge.engine.subscribe(&prepared, request.variables, scope, caller.purse.clone()).await?)
    }
}

/// What the client says, until it hangs up. Whatever it says is a sign of life.
fn messages(
    source: impl Stream<Item = Result<Message, axum::Error>> + Send,
    alive: Arc<AtomicUsize>,
) -> impl Stream<Item = serde_json::Result<ClientMessage>> + Send {
    alive.store(1, Ordering::Relaxed);
    source
        .take_while(|message| future::ready(matches!(message, Ok(message) if !matches!(message, Message::Close(_)))))
        .filter_map(move |message| {
            alive.fetch_add(1, Ordering::Relaxed);
            future::ready(match message {
                Ok(Message::Text(text)) => Some(ClientMessage::from_bytes(text.as_bytes())),
                Ok(Message::Binary(bytes)) => Some(ClientMessage::from_bytes(&bytes)),
                _ => None,
            })
        })
}

/// A subscription that counts.
struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Executor for Line {
    async fn execute(&self, _: Asked) -> Told {
        Told::new(Value::Null)
    }

    fn execute_stream(&self, asked: Asked, _: Option<Arc<Data>>) -> BoxStream<'static, Told> {
        let open = Open(Arc::clone(&self.open));
        let id = self.edge.clock.new_id().simple().to_string();
        if open.0.fetch_add(1, Ordering::Relaxed) >= EACH {
            let text = format!("At most {EACH} subscriptions a connection.");
            return stream::iter([refused(&[Error::new(Code::LimitExceeded).saying(text)], &id)]).boxed();
        }
        let line = self.clone();
        let begun = async move {
            match line.subscribed(asked, id.clone()).await {
                Ok(events) => events.map(move |event| told(event, &id)).boxed(),
                Err(ended) => stream::iter([refused(&ended.errors(), &id)]).boxed(),
            }
        };
        let counted = stream::once(begun).flatten().map(move |told| (told, &open).0);
        counted.boxed()
    }
}

fn told(event: Event, id: &str) -> Told {
    let mut told = refused(&event.errors, id);
    told.data = event.data;
    if !event.redactions.is_empty() {
        let redactions = event.redactions.into_iter().map(|path| {
            let pair = [("path", Value::from(path)), ("reason", Value::from("ROLE"))];
            Value::Object(pair.into_iter().map(|(name, value)| (async_graphql::Name::new(name), value)).collect())
        });
        told.extensions.insert("redactions".to_owned(), Value::List(redactions.collect()));
    }
    told
}

fn refused(errors: &[Error], id: &str) -> Told {
    let shown = errors.iter().map(|error| {
        let mut shown = ServerError::new(error.message.to_string(), error.location);
        let mut extensions = ErrorExtensionValues::default();
        let code = serde_json::to_value(error.code).ok().and_then(|code| code.as_str().map(str::to_owned));
        extensions.set("code", code.unwrap_or_default());
        extensions.set("requestId", id);
        if let Some(field) = &error.field {
            extensions.set("field", field.as_str());
        }
        if let Some(seconds) = error.retry_after {
            extensions.set("retryAfter", seconds);
        }
        shown.extensions = Some(extensions);
        shown
    });
    Told::from_errors(shown.collect())
}
