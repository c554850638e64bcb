//! `/graphql`: GET for queries, POST for everything. Order: who asks, is it a request, is its document one that the
//! caller may send, is it within limits, is it valid, may it run this way; then it runs, in a task of its own, so that a client that hangs up interrupts nothing.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use entity::Code as _;
use entity::locale::Locale;
use serde::Serialize;

use super::Edge;
use super::answer::{self, Outcome, Shown};
use super::budget::{self, Own};
use super::request::{self, GraphqlRequest, Media, Refusal};
use super::{limits, live};
use crate::access::Viewer;
use crate::db::Scope;
use crate::error::{Code, Error};
use crate::plan::LARGEST_ANSWER;
use crate::schema::{Prepared, Purse as _, Reply};

/// Largest body, in bytes.
const BODY: usize = 256 * 1024;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static STATEMENTS: HeaderName = HeaderName::from_static("lanpya-statements");

pub(super) async fn graphql(State(edge): State<Arc<Edge>>, request: Request<Body>) -> Response {
    if live::is_upgrade(&request) {
        return Box::pin(live::upgraded(edge, request)).await;
    }
    let began = Instant::now();
    let id = edge.clock.new_id().simple().to_string();
    let (media, ended) = handle(&edge, request, &id).await;
    let mut response = ended.response(media, &id, edge.debug_headers);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID.clone(), id);
    }
    let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(request = id, status = response.status().as_u16(), micros, "graphql");
    response
}

/// How a request ended.
pub(super) enum Ended {
    Refused(Box<Refusal>),
    Failed(Vec<Error>),
    Answered(Reply),
}

async fn handle(edge: &Arc<Edge>, request: Request<Body>, id: &str) -> (Media, Ended) {
    let (parts, body) = request.into_parts();
    let Some(media) = request::accepts(accept(&parts.headers).as_deref()) else {
        return (Media::Json, Ended::Refused(Box::new(Refusal::not_acceptable())));
    };
    let caller = match edge.caller(&parts.headers).await {
        Ok(caller) => caller,
        Err(error) => return (media, error.into()),
    };
    let ended = answered(edge, &parts, body, id, caller.viewer, &caller.purse).await;
    (media, paid(ended, &caller.purse).map_or_else(|ended| ended, Ended::Answered))
}

/// What is refused costs more than its first point, or asking for what is not given would be the cheapest way to ask.
pub(super) fn paid<T>(ended: Result<T, Ended>, purse: &Own) -> Result<T, Ended> {
    if let Err(ended) = &ended
        && !matches!(ended.code(), Code::RateLimited | Code::Unavailable)
    {
        purse.drain(budget::REFUSED);
    }
    ended
}

/// Pays the first point, reads the request, and runs it.
async fn answered(
    edge: &Arc<Edge>,
    parts: &Parts,
    body: Body,
    id: &str,
    viewer: Option<Arc<Viewer>>,
    purse: &Arc<Own>,
) -> Result<Reply, Ended> {
    purse.charge(1)?;
    let request = edge.trusted.admit(read(edge, parts, body).await?, viewer.as_deref(), id)?;
    ask(edge, request, &parts.headers, id, viewer, purse).await
}

/// Runs a request whose first point is paid.
pub(super) async fn ask(
    edge: &Arc<Edge>,
    request: GraphqlRequest,
    headers: &HeaderMap,
    id: &str,
    viewer: Option<Arc<Viewer>>,
    purse: &Arc<Own>,
) -> Result<Reply, Ended> {
    let prepared = prepare(edge, &request).await?;
    request.may_run(prepared.kind())?;
    let scope = viewer.map(|viewer| Scope::new(edge.database.clone(), viewer, edge.clock.clone(), id.into()));
    let scope = scope.map(|scope| scope.speaking(spoken(headers)));
    let (running, purse) = (Arc::clone(edge), Arc::clone(purse));
    // Boxed: a task is moved about as a whole while it is made and ended.
    let run = Box::pin(async move { running.engine.run(&prepared, request.variables, scope, purse).await });
    let run = tokio::spawn(run);
    let reply = tokio::time::timeout(edge.timeout, run).await.map_err(|_| Code::Timeout)?;
    Ok(reply.map_err(|_| Code::Internal)??)
}

async fn read(edge: &Edge, parts: &Parts, body: Body) -> Result<GraphqlRequest, Ended> {
    let header = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    match parts.method {
        Method::GET => Ok(request::from_get(parts.uri.query().unwrap_or_default())?),
        Method::POST => {
            // Read before anything is refused, as far as it may go: a client that is still sending sees no answer.
            let read = tokio::time::timeout(edge.timeout, to_bytes(body, BODY)).await;
            let body = read.map_err(|_| Code::Timeout)?.map_err(|_| Refusal::body_too_large(BODY))?;
            // What would be unpacked has no length that could be limited by looking at it.
            if parts.headers.contains_key(header::CONTENT_ENCODING) {
                return Err(Refusal::encoded().into());
            }
            Ok(request::from_post(header(header::CONTENT_TYPE), &body)?)
        }
        _ => Err(Refusal::method_not_allowed().into()),
    }
}

pub(super) async fn prepare(edge: &Edge, request: &GraphqlRequest) -> Result<Prepared, Ended> {
    let operation = request.operation_name.as_deref();
    if let Some(known) = edge.engine.known(&request.query, operation) {
        let prepared = known?;
        limits::variables(prepared.parsed(), &request.variables, &edge.limits)?;
        return Ok(prepared);
    }
    let parsed = limits::parse(&request.query, &edge.limits)?;
    limits::operation_kind(&parsed, operation)?;
    limits::known_variable_types(&parsed, |name| edge.engine.has_type(name))?;
    limits::variables(&parsed, &request.variables, &edge.limits)?;
    // Boxed, as whatever is rare: it would make the future of every request as large as its own.
    Ok(Box::pin(edge.engine.validate(&request.query, parsed, operation, &request.variables)).await?)
}

/// The first language of the border that the client reads.
pub(super) fn spoken(headers: &HeaderMap) -> Locale {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // One tag at a time: sorting many, the library trips over a quality that is no number.
    let read = asked.split(',').flat_map(accept_language::parse_with_quality).filter_map(|(tag, quality)| {
        let ours = Locale::from_code(&tag.split('-').next()?.to_ascii_uppercase())?;
        (quality > 0.0).then_some((ours, quality))
    });
    let read: Vec<(Locale, f32)> = read.collect();
    // The greatest quality, and the first of equals.
    read.iter().rev().max_by(|one, other| one.1.total_cmp(&other.1)).map_or(Locale::En, |(locale, _)| *locale)
}

fn accept(headers: &HeaderMap) -> Option<String> {
    let values: Vec<&str> = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

impl From<Refusal> for Ended {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Failed(vec![error])
    }
}

impl From<Code> for Ended {
    fn from(code: Code) -> Self {
        Self::Failed(vec![code.into()])
    }
}

impl From<Vec<Error>> for Ended {
    fn from(errors: Vec<Error>) -> Self {
        Self::Failed(errors)
    }
}

impl Ended {
    /// The code of a refusal.
    fn code(&self) -> Code {
        match self {
            Self::Refused(refusal) => refusal.error.code,
            Self::Failed(errors) => errors.first().map_or(Code::Internal, |error| error.code),
            Self::Answered(_) => Code::Internal,
        }
    }

    /// The errors of a refusal.
    pub(super) fn errors(self) -> Vec<Error> {
        match self {
            Self::Refused(refusal) => vec![refusal.error],
            Self::Failed(errors) => errors,
            Self::Answered(reply) => reply.errors,
        }
    }

    /// The answer to send.
    pub(super) fn response(self, media: Media, id: &str, debug: bool) -> Response {
        match self {
            Self::Refused(refusal) => {
                let outcome = Outcome::Refused(refusal.error.code);
                let mut headers = answer::headers(media, outcome);
                if let Some(allow) = refusal.allow() {
                    headers.insert(header::ALLOW, HeaderValue::from_static(allow));
                }
                (refusal.status, headers, answer::error_body(&[refusal.error], id)).into_response()
            }
            Self::Failed(errors) => {
                let outcome = Outcome::Refused(errors.first().map_or(Code::Internal, |error| error.code));
                let mut headers = answer::headers(media, outcome);
                if let Some(seconds) = errors.iter().find_map(|error| error.retry_after) {
                    headers.insert(header::RETRY_AFTER, seconds.into());
                }
                (answer::status(media, outcome), headers, answer::error_body(&errors, id)).into_response()
            }
            Self::Answered(reply) => {
                let mut headers = answer::headers(media, Outcome::Data);
                if debug {
                    headers.insert(STATEMENTS.clone(), reply.statements.into());
                }
                (StatusCode::OK, headers, body(reply, id)).into_response()
            }
        }
    }
}

#[derive(Serialize)]
struct Redaction<'r> {
    path: &'r str,
    reason: &'static str,
}

/// `{"data":…}` with errors and redactions beside it where there are any, and always what it cost.
fn body(reply: Reply, id: &str) -> Vec<u8> {
    // In the memory the data has, which has room for it: a long answer is not held twice.
    let mut out = reply.data;
    out.splice(0..0, *b"{\"data\":");
    if !reply.errors.is_empty() {
        let shown: Vec<Shown<'_>> = reply.errors.iter().map(|error| Shown { error, request_id: id }).collect();
        out.extend_from_slice(b",\"errors\":");
        out.extend(serde_json::to_vec(&shown).unwrap_or_else(|_| b"[]".to_vec()));
    }
    // Writing to memory does not fail.
    let _ = write!(out, ",\"extensions\":{{\"cost\":{{\"requested\":{},\"limit\":{LARGEST_ANSWER}}}", reply.cost);
    if !reply.redactions.is_empty() {
        let shown: Vec<Redaction<'_>> =
            reply.redactions.iter().map(|path| Redaction { path, reason: "ROLE" }).collect();
        out.extend_from_slice(b",\"redactions\":");
        out.extend(serde_json::to_vec(&shown).unwrap_or_else(|_| b"[]".to_vec()));
    }
    out.extend_from_slice(b"}}");
    out
}
