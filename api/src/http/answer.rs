//! From an outcome to an HTTP answer: status, headers and, for refusals, the body.
//!
//! Audits of graphql-http 1.23.1 that constrain the functions here:
//!
//! - [`status`] with [`Media::Json`] keeps 572B, FDE2, 7B9B (parse, validation and coercion failures are 200); with
//!   [`Media::GraphqlResponseJson`]: 865D, 556A, 51FE, 74FF, 86EE (the same failures are 400).
//! - [`error_body`] keeps D586, 5E5B (no entry `data`), 82A3 (UTF-8).
//! - [`headers`] keeps 22EB, 4655, 47DE, 80D8 (content type).
//!
//! 7B9B and 86EE send `query CoerceFailure($id: ID!) { __typename }` with a null: async-graphql's validation refuses
//! the unused variable, which is [`Code::GraphqlValidationFailed`]; a coercion failure proper is
//! [`Code::BadUserInput`]. Both have the status the audits ask for.

use async_graphql::Pos;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::request::Media;
use crate::error::{Code, Error};

#[cfg(test)]
mod tests;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The operation ran: the answer has an entry `data`, perhaps beside `errors`.
    Data,
    /// The request was refused as a whole: no entry `data`.
    Refused(Code),
}

/// Status of an answer. A [`super::request::Refusal`] has its own.
pub fn status(media: Media, outcome: Outcome) -> StatusCode {
    let Outcome::Refused(code) = outcome else {
        return StatusCode::OK;
    };
    match code {
        // Of the HTTP layer or of the server: any intermediary should understand them, whatever the media type.
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::BadRequest | Code::LimitExceeded => StatusCode::BAD_REQUEST,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        // Of the GraphQL layer: older clients read the body only at 200.
        _ if media == Media::Json => StatusCode::OK,
        Code::RoleNotAllowed | Code::ClassNotAllowed | Code::DocumentNotTrusted => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// Headers of an answer: content type, no storing, and what the code asks for.
pub fn headers(media: Media, outcome: Outcome) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static("accept"));
    match outcome {
        Outcome::Refused(Code::Unauthenticated) => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Outcome::Refused(Code::Unavailable) => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        _ => {}
    }
    headers
}

/// Body of a refusal: `{"errors":[…]}`. Without an error it tells of [`Code::Internal`], since the list may not be
/// empty.
pub fn error_body(errors: &[Error], request_id: &str) -> Vec<u8> {
    #[derive(Serialize)]
    struct Body<'a> {
        errors: Vec<Shown<'a>>,
    }
    let internal = [Error::new(Code::Internal)];
    let errors = if errors.is_empty() { internal.as_slice() } else { errors };
    let body = Body { errors: errors.iter().map(|error| Shown { error, request_id }).collect() };
    // Writing strings and numbers to memory does not fail.
    serde_json::to_vec(&body).unwrap_or_else(|_| br#"{"errors":[{"message":"Internal"}]}"#.to_vec())
}

/// One error as clients read it: `message`, `locations` and `path` if there are any, and `extensions` with `code`,
/// `field` and `retryAfter` where there is one, and `requestId`.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The error.
    pub error: &'a Error,
    /// Id under which the log has the request.
    pub request_id: &'a str,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("message", &self.error.message)?;
        if let Some(Pos { line, column }) = self.error.location {
            map.serialize_entry("locations", &[Location { line, column }])?;
        }
        if !self.error.path.is_empty() {
            let path: Vec<_> = self.error.path.iter().map(|segment| Segment::of(segment)).collect();
            map.serialize_entry("path", &path)?;
        }
        let extensions = Extensions {
            code: self.error.code,
            field: self.error.field.as_deref(),
            retry_after: self.error.retry_after,
            request_id: self.request_id,
        };
        map.serialize_entry("extensions", &extensions)?;
        map.end()
    }
}

#[derive(Serialize)]
struct Location {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extensions<'a> {
    code: Code,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
    request_id: &'a str,
}

/// A segment of a response path. A response name never begins with a digit, so digits are an index.
#[derive(Serialize)]
#[serde(untagged)]
enum Segment<'a> {
    Index(u64),
    Name(&'a str),
}

impl<'a> Segment<'a> {
    fn of(text: &'a str) -> Self {
        match text.parse() {
            Ok(index) if text.bytes().all(|byte| byte.is_ascii_digit()) => Self::Index(index),
            _ => Self::Name(text),
        }
    }
}
