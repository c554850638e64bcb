use serde_json::{Value, json};

use super::*;

fn refused(code: Code) -> [u16; 2] {
    [Media::Json, Media::GraphqlResponseJson].map(|media| status(media, Outcome::Refused(code)).as_u16())
}

#[test]
fn statuses() {
    for media in [Media::Json, Media::GraphqlResponseJson] {
        assert_eq!(status(media, Outcome::Data), StatusCode::OK);
    }
    for code in [Code::GraphqlParseFailed, Code::GraphqlValidationFailed, Code::BadUserInput, Code::InvalidCursor] {
        assert_eq!(refused(code), [200, 400]);
    }
    assert_eq!(refused(Code::RoleNotAllowed), [200, 403]);
    assert_eq!(refused(Code::ClassNotAllowed), [200, 403]);
    assert_eq!(refused(Code::BadRequest), [400, 400]);
    assert_eq!(refused(Code::LimitExceeded), [400, 400]);
    assert_eq!(refused(Code::Unauthenticated), [401, 401]);
    assert_eq!(refused(Code::Internal), [500, 500]);
    assert_eq!(refused(Code::Unavailable), [503, 503]);
    assert_eq!(refused(Code::Timeout), [504, 504]);
}

#[test]
fn headers_follow_the_outcome() {
    let plain = headers(Media::GraphqlResponseJson, Outcome::Data);
    assert_eq!(plain[CONTENT_TYPE], "application/graphql-response+json; charset=utf-8");
    assert_eq!(
        (&plain[CACHE_CONTROL], &plain[VARY]),
        (&HeaderValue::from_static("no-store"), &HeaderValue::from_static("accept"))
    );
    assert_eq!(plain.len(), 3);
    let media = Media::Json;
    assert_eq!(headers(media, Outcome::Data)[CONTENT_TYPE], "application/json; charset=utf-8");
    assert_eq!(headers(media, Outcome::Refused(Code::Unauthenticated))[WWW_AUTHENTICATE], "Bearer");
    assert_eq!(headers(media, Outcome::Refused(Code::Unavailable))[RETRY_AFTER], "1");
}

#[test]
fn bodies() {
    let read = |errors: &[Error]| serde_json::from_slice::<Value>(&error_body(errors, "r\"1")).unwrap();
    let full = Error::new(Code::TooLong)
        .saying("Too \"long\".")
        .on("input.note")
        .at(Pos { line: 2, column: 7 })
        .under(["cases", "0", "note", "007x"].map(String::from).to_vec());
    assert_eq!(
        read(&[full, Error::new(Code::NotFound)]),
        json!({"errors": [
            {"message": "Too \"long\".", "locations": [{"line": 2, "column": 7}], "path": ["cases", 0, "note", "007x"],
             "extensions": {"code": "TOO_LONG", "field": "input.note", "requestId": "r\"1"}},
            {"message": "No such record.", "extensions": {"code": "NOT_FOUND", "requestId": "r\"1"}}
        ]})
    );
    assert_eq!(read(&[])["errors"][0]["extensions"]["code"], "INTERNAL");
    assert_eq!(read(&[]).as_object().unwrap().len(), 1);
}
