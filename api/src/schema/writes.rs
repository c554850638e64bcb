//! What all mutations share: user errors, ids in inputs, the fingerprint of an input.

use async_graphql::{ID, InputType, SimpleObject};
use uuid::Uuid;

use crate::db::Once;
use crate::error::{Code, Error, Result};
use crate::plan::GlobalId;

/// Something in the input that kept the act from happening. Nothing was changed.
#[derive(SimpleObject)]
pub struct UserError {
    /// What is wrong, in words.
    pub message: String,
    /// What is wrong, for programs.
    pub code: Code,
    /// The input field, as a dotted path; null where no single field is at fault.
    pub field: Option<String>,
}

/// Splits what a service answers: a record, or what the user can mend. Faults of the server and of rights stay errors.
pub fn outcome(result: Result<Uuid>) -> async_graphql::Result<(Option<Uuid>, Vec<UserError>)> {
    match result {
        Ok(id) => Ok((Some(id), Vec::new())),
        Err(error) if is_user_error(error.code) => {
            let Error { code, message, field, .. } = error;
            Ok((None, vec![UserError { message: message.into_owned(), code, field }]))
        }
        Err(error) => {
            let mut carried = async_graphql::Error::new(error.message.to_string());
            carried.source = Some(std::sync::Arc::new(error));
            Err(carried)
        }
    }
}

fn is_user_error(code: Code) -> bool {
    !matches!(
        code,
        Code::Unauthenticated
            | Code::RoleNotAllowed
            | Code::ClassNotAllowed
            | Code::Timeout
            | Code::Unavailable
            | Code::Internal
    )
}

/// The UUID inside a global id of a noun; the answer for a wrong one is the answer for a missing one.
pub fn id_of(id: &ID, prefix: &str, field: &'static str) -> Result<Uuid> {
    GlobalId::read_as(id, prefix).ok_or_else(|| Error::new(Code::NotFound).on(field))
}

/// The same for an id that may be left out.
pub fn optional_id(id: Option<&ID>, prefix: &str, field: &'static str) -> Result<Option<Uuid>> {
    id.map(|id| id_of(id, prefix, field)).transpose()
}

/// The idempotency claim of an input, if it carries a key.
pub fn once(key: Option<&str>, input: &impl InputType) -> Result<Option<Once>> {
    let Some(key) = key else { return Ok(None) };
    if key.is_empty() || key.len() > 200 {
        return Err(Error::new(Code::TooLong).saying("1 to 200 characters.").on("input.idempotencyKey"));
    }
    Ok(Some(Once::new(key, &input.to_value().to_string())))
}
