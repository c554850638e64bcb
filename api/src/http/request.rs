//! From an HTTP request to a GraphQL request, by the GraphQL-over-HTTP specification, and the choice of media type.
//!
//! Audits of graphql-http 1.23.1 that constrain the functions here:
//!
//! - [`accepts`] keeps 22EB, 4655, 47DE, 80D8.
//! - [`from_post`], content type: BF61, 78D5, 9ABE, 03D4; body: A5BF, B6DC, BCF8, B7N8.
//! - [`from_post`], parameters: 423L, LKJ0-3, 34A2, 13EE (`query`), 6C00-3, 8161, B8B3, 94B1, 0221 (`operationName`),
//!   94B0, 0220, 4760-3, 2EA1, 28B9 (`variables`), 94B2, 0222, 58B0-3, 428F, 1B7A (`extensions`), 8764, 3E3A.
//! - [`from_get`] keeps 5A70, D6D5, 6A70.
//! - [`GraphqlRequest::may_run`] keeps 9C48.

use std::borrow::Cow;

use async_graphql::parser::types::OperationType;
use axum::http::StatusCode;
use percent_encoding::percent_decode;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::{Code, Error};

#[cfg(test)]
mod tests;

/// The HTTP method a GraphQL request came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Parameters in the URL; queries only.
    Get,
    /// Parameters in a JSON body.
    Post,
}

/// A well-formed GraphQL-over-HTTP request. Of `extensions`, `persistedQuery` is understood and the others are dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphqlRequest {
    /// The document; empty where it is only named.
    pub query: String,
    /// The SHA-256 by which the request names its document, as `documentId` or in `extensions.persistedQuery`.
    pub document: Option<String>,
    /// Which operation of the document.
    pub operation_name: Option<String>,
    /// Values of the variables.
    pub variables: Map<String, Value>,
    /// How the request came.
    pub method: Method,
}

impl GraphqlRequest {
    /// Refuses anything but a query over GET: a link must not change data.
    pub fn may_run(&self, kind: OperationType) -> Result<(), Refusal> {
        if kind == OperationType::Subscription {
            return Err(Refusal {
                status: StatusCode::BAD_REQUEST,
                error: bad("A subscription needs a WebSocket: protocol graphql-transport-ws at the same address."),
                allowed: None,
            });
        }
        if self.method == Method::Get && kind != OperationType::Query {
            return Err(Refusal {
                status: StatusCode::METHOD_NOT_ALLOWED,
                error: bad("Only a query may be sent with GET: use POST."),
                allowed: Some(Allowed::Post),
            });
        }
        Ok(())
    }
}

/// Why an HTTP request does not become a GraphQL request. The status holds whatever media type the client accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Status of the answer.
    pub status: StatusCode,
    /// The error of the answer.
    pub error: Error,
    /// What the header `Allow` says.
    allowed: Option<Allowed>,
}

/// A name for each header value, to keep the refusal small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Allowed {
    Post,
    GetAndPost,
}

impl Refusal {
    fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, error: bad(message), allowed: None }
    }

    /// Value of the header `Allow`, which goes with the status 405.
    pub fn allow(&self) -> Option<&'static str> {
        self.allowed.map(|allowed| match allowed {
            Allowed::Post => "POST",
            Allowed::GetAndPost => "GET, POST",
        })
    }

    /// The body is longer than the server reads.
    pub fn body_too_large(bytes: usize) -> Self {
        let message = format!("The request goes beyond the limit of {bytes} bytes of body.");
        Self {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            error: Error::new(Code::LimitExceeded).saying(message),
            allowed: None,
        }
    }

    /// The document is not the one whose id comes with it.
    pub fn other_document() -> Self {
        malformed("The document does not have the SHA-256 that the request names.")
    }

    /// Neither GET nor POST.
    pub fn method_not_allowed() -> Self {
        Self {
            allowed: Some(Allowed::GetAndPost),
            ..Self::new(StatusCode::METHOD_NOT_ALLOWED, "Requests are sent with GET or POST.")
        }
    }

    /// A packed body.
    pub fn encoded() -> Self {
        let message = "Request bodies are sent as they are, without Content-Encoding.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    }

    /// [`accepts`] found no media type.
    pub fn not_acceptable() -> Self {
        let message = "Answers are application/graphql-response+json or application/json.";
        Self::new(StatusCode::NOT_ACCEPTABLE, message)
    }
}

fn bad(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(Code::BadRequest).saying(message)
}

fn malformed(message: impl Into<Cow<'static, str>>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, message)
}

/// Reads the query string of a GET. Unknown parameters are ignored; an empty `operationName` is none, as the
/// specification has it.
pub fn from_get(uri_query: &str) -> Result<GraphqlRequest, Refusal> {
    let (mut query, mut document_id, mut operation_name) = (None, None, None);
    let (mut variables, mut extensions) = (None, None);
    for pair in uri_query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (slot, name) = match form_text(name).as_deref() {
            Some("query") => (&mut query, "query"),
            Some("documentId") => (&mut document_id, "documentId"),
            Some("operationName") => (&mut operation_name, "operationName"),
            Some("variables") => (&mut variables, "variables"),
            Some("extensions") => (&mut extensions, "extensions"),
            _ => continue,
        };
        let Some(value) = form_text(value) else {
            return Err(malformed(format!("The parameter {name} is not UTF-8.")));
        };
        if slot.replace(value).is_some() {
            return Err(malformed(format!("The parameter {name} is given twice.")));
        }
    }
    let from_json = |name: &str, text: Option<String>| match text {
        None => Ok(None),
        Some(text) => serde_json::from_str(&text)
            .map(Some)
            .map_err(|_| malformed(format!("The parameter {name} must be a JSON object."))),
    };
    let parameters = Parameters {
        query: query.map(Value::String),
        document_id: document_id.map(Value::String),
        operation_name: operation_name.filter(|name| !name.is_empty()).map(Value::String),
        variables: from_json("variables", variables)?,
        extensions: from_json("extensions", extensions)?,
    };
    parameters.into_request(Method::Get)
}

/// Decodes one name or value of `application/x-www-form-urlencoded`; nothing if it is not UTF-8.
fn form_text(encoded: &str) -> Option<String> {
    let spaced = encoded.replace('+', " ");
    percent_decode(spaced.as_bytes()).decode_utf8().ok().map(Cow::into_owned)
}

/// Reads the body of a POST.
pub fn from_post(content_type: Option<&str>, body: &[u8]) -> Result<GraphqlRequest, Refusal> {
    if !content_type.is_some_and(is_json) {
        let message = "The body must be application/json in UTF-8, with that content type.";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let Ok(body) = std::str::from_utf8(body) else {
        return Err(malformed("The body is not UTF-8."));
    };
    match body.trim_start_matches([' ', '\t', '\n', '\r']).chars().next() {
        None => return Err(malformed("The body is missing.")),
        Some('[') => return Err(malformed("batches are not accepted")),
        Some(_) => {}
    }
    let parameters: Parameters = serde_json::from_str(body).map_err(|error| {
        malformed(if error.is_data() {
            "The body must be a JSON object that names each parameter once."
        } else {
            "The body is not JSON, or nested too deeply."
        })
    })?;
    parameters.into_request(Method::Post)
}

/// The parameters before their types are checked. An explicit null counts as absent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    query: Option<Value>,
    document_id: Option<Value>,
    operation_name: Option<Value>,
    variables: Option<Value>,
    extensions: Option<Value>,
}

impl Parameters {
    fn into_request(self, method: Method) -> Result<GraphqlRequest, Refusal> {
        let extensions = object_or_null("extensions", self.extensions)?;
        let document = named(self.document_id, &extensions)?;
        let query = match self.query {
            Some(Value::String(query)) => query,
            None | Some(Value::Null) if document.is_some() => String::new(),
            None => return Err(malformed("The parameter query is missing.")),
            Some(_) => return Err(malformed("The parameter query must be a string.")),
        };
        let operation_name = match self.operation_name {
            Some(Value::String(name)) => Some(name),
            None | Some(Value::Null) => None,
            Some(_) => return Err(malformed("The parameter operationName must be a string or null.")),
        };
        let variables = object_or_null("variables", self.variables)?;
        Ok(GraphqlRequest { query, document, operation_name, variables, method })
    }
}

/// The id of a trusted document, in either of its forms. Where both are given they are the same.
fn named(document_id: Option<Value>, extensions: &Map<String, Value>) -> Result<Option<String>, Refusal> {
    let by_draft = match document_id {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) => Some(id.strip_prefix("sha256:").map(str::to_owned).unwrap_or(id)),
        Some(_) => return Err(malformed("The parameter documentId must be a string or null.")),
    };
    let by_extension = match extensions.get("persistedQuery") {
        None | Some(Value::Null) => None,
        Some(extension) => match (extension.get("version"), extension.get("sha256Hash")) {
            (None | Some(Value::Number(_)), Some(Value::String(id))) => Some(id.clone()),
            _ => return Err(malformed("extensions.persistedQuery must have a version and a sha256Hash.")),
        },
    };
    match (by_draft, by_extension) {
        (Some(one), Some(other)) if one != other => Err(malformed("The request names two documents.")),
        (one, other) => Ok(one.or(other)),
    }
}

fn object_or_null(name: &str, value: Option<Value>) -> Result<Map<String, Value>, Refusal> {
    match value {
        Some(Value::Object(members)) => Ok(members),
        None | Some(Value::Null) => Ok(Map::new()),
        Some(_) => Err(malformed(format!("The parameter {name} must be an object or null."))),
    }
}

/// The media types an answer can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: the status tells how the request went.
    GraphqlResponseJson,
    /// `application/json`, for older clients: the status of a well-formed request is 200.
    Json,
}

impl Media {
    /// Value of the header `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponseJson => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// The media type to answer with, or none that the client takes (406).
///
/// Each type has the weight of the most specific range that matches it. The greater weight wins; at equal weights
/// `application/graphql-response+json` if it is listed by name, else `application/json`, so that `*/*` and no header
/// at all give the older type. Of several `Accept` headers the caller joins the values with commas.
pub fn accepts(accept: Option<&str>) -> Option<Media> {
    let accept = accept.unwrap_or_default();
    if accept.trim().is_empty() {
        return Some(Media::Json);
    }
    let mut ours = Weight::default();
    let mut json = Weight::default();
    for range in split_unquoted(accept, ',') {
        let mut parts = split_unquoted(range, ';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let Some(thousandths) = weight_of(parts) else { continue };
        match name.as_str() {
            "application/graphql-response+json" => ours.offer(3, thousandths),
            "application/json" => json.offer(3, thousandths),
            "application/*" | "*/*" => {
                let rank = if name == "*/*" { 1 } else { 2 };
                ours.offer(rank, thousandths);
                json.offer(rank, thousandths);
            }
            _ => {}
        }
    }
    if ours.thousandths == 0 && json.thousandths == 0 {
        None
    } else if ours.thousandths > json.thousandths || (ours.thousandths == json.thousandths && ours.rank == 3) {
        Some(Media::GraphqlResponseJson)
    } else {
        Some(Media::Json)
    }
}

/// How much a client wants a media type, and how specific the range was that said so.
#[derive(Clone, Copy, Default)]
struct Weight {
    rank: u8,
    thousandths: u16,
}

impl Weight {
    fn offer(&mut self, rank: u8, thousandths: u16) {
        if rank > self.rank || (rank == self.rank && thousandths > self.thousandths) {
            *self = Self { rank, thousandths };
        }
    }
}

/// The weight a media range gives, or nothing for a range that cannot be met: another charset, or a malformed weight.
fn weight_of<'a>(parameters: impl Iterator<Item = &'a str>) -> Option<u16> {
    let mut weight = 1000;
    for parameter in parameters {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => weight = thousandths(value.trim())?,
            "charset" if !is_utf8(value) => return None,
            _ => {}
        }
    }
    Some(weight)
}

/// `0`, `0.5`, `1.000`: at most three decimals, at most one.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let below_one: u16 = format!("{decimals:0<3}").parse().ok()?;
    match (whole, below_one) {
        ("0", part) => Some(part),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

fn is_json(content_type: &str) -> bool {
    let mut parts = split_unquoted(content_type, ';').map(str::trim);
    parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => is_utf8(value),
            _ => true,
        })
}

fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// Splits a header value, but not inside a quoted string.
fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut escaped = false;
    text.split(move |letter| {
        if escaped {
            escaped = false;
        } else if letter == '\\' && quoted {
            escaped = true;
        } else if letter == '"' {
            quoted = !quoted;
        } else {
            return letter == separator && !quoted;
        }
        false
    })
}
