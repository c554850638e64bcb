//! `/exports/…`: answers of the graph as files, for spreadsheets and for humanitarian exchanges (HXL). The token, the
//! limits and the audit are those of `/graphql`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse as _, Response};

use super::Edge;
use super::graphql::{Ended, ask, paid, spoken};
use super::request::{GraphqlRequest, Media, Method};
use super::viewer::Caller;
use crate::error::{Code, Error};
use crate::report::{Asked, Format, Report};
use crate::schema::Purse as _;

pub(super) async fn export(
    State(edge): State<Arc<Edge>>,
    Path(file): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let id = edge.clock.new_id().simple().to_string();
    let made = made(&edge, &file, &uri, &headers, &id).await;
    let mut response = match made {
        Ok(response) => response,
        Err(ended) => ended.response(Media::GraphqlResponseJson, &id, false),
    };
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    tracing::info!(request = id, status = response.status().as_u16(), "export");
    response
}

async fn made(edge: &Arc<Edge>, file: &str, uri: &Uri, headers: &HeaderMap, id: &str) -> Result<Response, Ended> {
    let caller = edge.caller(headers).await?;
    paid(file_of(edge, file, uri, headers, id, &caller).await, &caller.purse)
}

async fn file_of(
    edge: &Arc<Edge>,
    file: &str,
    uri: &Uri,
    headers: &HeaderMap,
    id: &str,
    caller: &Caller,
) -> Result<Response, Ended> {
    caller.purse.charge(1)?;
    let viewer = caller.viewer.clone().ok_or(Code::Unauthenticated)?;
    let unknown = || Error::new(Code::NotFound).saying("There is no such file.");
    let (name, ending) = file.rsplit_once('.').ok_or_else(unknown)?;
    let format = Format::ending(ending).ok_or_else(unknown)?;
    let report = Report::named(name).ok_or_else(unknown)?;
    let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let asked = Asked::new(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())), spoken(headers))?;
    let question = report.question(&asked)?;
    let request = GraphqlRequest {
        query: question.query,
        document: None,
        operation_name: None,
        variables: question.variables,
        method: Method::Get,
    };
    let reply = ask(edge, request, headers, id, Some(viewer), &caller.purse).await?;
    if !reply.errors.is_empty() {
        return Err(reply.errors.into());
    }
    let data = serde_json::from_slice(&reply.data).map_err(|_| Code::Internal)?;
    let bytes = report.table(&asked, &data)?.bytes(format)?;
    let day = edge.clock.now().date_naive();
    let headers = [
        (header::CONTENT_TYPE, format.media().to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}-{day}.{ending}\"")),
    ];
    Ok((headers, bytes).into_response())
}
