//! `/graphql`: GET for queries, POST for everything. Order: who asks, is it a request, is it within limits, is it
//! valid, may it run this way; then it runs, in a task of its own, so that a client that hangs up interrupts nothing.

use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Edge;
use super::answer::{self, Outcome, Shown};
use super::limits;
use super::request::{self, GraphqlRequest, Media, Refusal};
use crate::db::Scope;
use crate::error::{Code, Error};
use crate::schema::{Prepared, Reply};

/// Largest body, in bytes.
const BODY: usize = 256 * 1024;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static STATEMENTS: HeaderName = HeaderName::from_static("lanpya-statements");

pub(super) async fn graphql(State(edge): State<Arc<Edge>>, request: Request<Body>) -> Response {
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

enum Ended {
    Refused(Box<Refusal>),
    Failed(Vec<Error>),
    Answered(Reply),
}

async fn handle(edge: &Arc<Edge>, request: Request<Body>, id: &str) -> (Media, Ended) {
    let (parts, body) = request.into_parts();
    let Some(media) = request::accepts(accept(&parts.headers).as_deref()) else {
        return (Media::Json, Ended::Refused(Box::new(Refusal::not_acceptable())));
    };
    let ended = async {
        let viewer = edge.viewer(&parts.headers).await?;
        let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let request = match parts.method {
            Method::GET => request::from_get(parts.uri.query().unwrap_or_default())?,
            Method::POST => {
                let read = tokio::time::timeout(edge.timeout, to_bytes(body, BODY)).await;
                let body = read.map_err(|_| Code::Timeout)?.map_err(|_| Refusal::body_too_large(BODY))?;
                request::from_post(content_type, &body)?
            }
            _ => return Err(Refusal::method_not_allowed().into()),
        };
        let prepared = prepare(edge, &request).await?;
        request.may_run(prepared.kind())?;
        let scope = viewer.map(|viewer| Scope::new(edge.database.clone(), viewer, edge.clock.clone(), id.into()));
        let edge = Arc::clone(edge);
        let timeout = edge.timeout;
        let run = tokio::spawn(async move { edge.engine.run(&prepared, request.variables, scope).await });
        let reply = tokio::time::timeout(timeout, run).await.map_err(|_| Code::Timeout)?;
        Ok(reply.map_err(|_| Code::Internal)??)
    };
    match ended.await {
        Ok(reply) => (media, Ended::Answered(reply)),
        Err(ended) => (media, ended),
    }
}

async fn prepare(edge: &Edge, request: &GraphqlRequest) -> Result<Prepared, Ended> {
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
    Ok(edge.engine.validate(&request.query, parsed, operation, &request.variables).await?)
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
    fn response(self, media: Media, id: &str, debug: bool) -> Response {
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
                let headers = answer::headers(media, outcome);
                (answer::status(media, outcome), headers, answer::error_body(&errors, id)).into_response()
            }
            Self::Answered(reply) => {
                let mut headers = answer::headers(media, Outcome::Data);
                if debug {
                    headers.insert(STATEMENTS.clone(), reply.statements.into());
                }
                (StatusCode::OK, headers, body(&reply, id)).into_response()
            }
        }
    }
}

#[derive(Serialize)]
struct Redaction<'r> {
    path: &'r str,
    reason: &'static str,
}

/// `{"data":…}` with errors and redactions beside it where there are any.
fn body(reply: &Reply, id: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(reply.data.len() + 64);
    out.extend_from_slice(b"{\"data\":");
    out.extend_from_slice(&reply.data);
    if !reply.errors.is_empty() {
        let shown: Vec<Shown<'_>> = reply.errors.iter().map(|error| Shown { error, request_id: id }).collect();
        out.extend_from_slice(b",\"errors\":");
        out.extend(serde_json::to_vec(&shown).unwrap_or_else(|_| b"[]".to_vec()));
    }
    if !reply.redactions.is_empty() {
        let shown: Vec<Redaction<'_>> =
            reply.redactions.iter().map(|path| Redaction { path, reason: "ROLE" }).collect();
        out.extend_from_slice(b",\"extensions\":{\"redactions\":");
        out.extend(serde_json::to_vec(&shown).unwrap_or_else(|_| b"[]".to_vec()));
        out.push(b'}');
    }
    out.push(b'}');
    out
}
