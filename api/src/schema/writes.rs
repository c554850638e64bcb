//! What all mutations share: user errors, ids in inputs, the fingerprint of an input.

use async_graphql::{ID, InputType, SimpleObject};
use uuid::Uuid;

use crate::db::Once;
use crate::error::{Code, Error, Errors, Result};
use crate::plan::GlobalId;
use crate::service::Done;

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
pub fn outcome(result: Done) -> async_graphql::Result<(Option<Uuid>, Vec<UserError>)> {
    match result {
        Ok(id) => Ok((Some(id), Vec::new())),
        Err(errors) => Ok((None, user_errors(errors)?)),
    }
}

/// What the user can mend; a fault of the server or of rights stays an error.
pub fn user_errors(Errors(errors): Errors) -> async_graphql::Result<Vec<UserError>> {
    if let Some(error) = errors.iter().find(|error| !error.code.is_users()) {
        let mut carried = async_graphql::Error::new(error.message.to_string());
        carried.source = Some(std::sync::Arc::new(error.clone()));
        return Err(carried);
    }
    let told = |Error { code, message, field, .. }| UserError { message: message.into_owned(), code, field };
    Ok(errors.into_iter().map(told).collect())
}

/// The UUID inside a global id of a noun; the answer for a wrong one is the answer for a missing one.
pub fn id_of(id: &ID, prefix: &str, field: &'static str) -> Result<Uuid> {
    GlobalId::read_as(id, prefix).ok_or_else(|| Error::new(Code::NotFound).on(field))
}

/// The same for an id that may be left out.
pub fn optional_id(id: Option<&ID>, prefix: &str, field: &'static str) -> Result<Option<Uuid>> {
    id.map(|id| id_of(id, prefix, field)).transpose()
}

/// The idempotency claim of an input, if it carries a key. The input's type is part of it: the steps of a case look
/// alike, and one is never the answer to another.
pub fn once<I: InputType>(key: Option<&str>, input: &I) -> Result<Option<Once>> {
    let Some(key) = key else { return Ok(None) };
    if key.is_empty() || key.len() > 200 {
        return Err(Error::new(Code::TooLong).saying("1 to 200 characters.").on("input.idempotencyKey"));
    }
    if key.contains('\0') {
        let text = "NUL characters cannot be stored.";
        return Err(Error::new(Code::BadUserInput).saying(text).on("input.idempotencyKey"));
    }
    Ok(Some(Once::new(key, &format!("{} {}", I::type_name(), input.to_value()))))
}

/// A mutation's payload: the record it made or changed, and what kept it from happening.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $(#[$about:meta])* $field:ident: $noun:ty }) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $(#[$about])*
            pub $field: Option<crate::schema::record::Record<$noun>>,
            /// What kept it from happening, field by field; empty if it happened.
            pub user_errors: Vec<crate::schema::writes::UserError>,
        }

        impl $name {
            /// Waits for what was done. In a box: all mutations are one future, which is as large as the largest of
            /// them and is moved about as a whole.
            fn of(
                done: impl Future<Output = crate::service::Done> + Send,
            ) -> impl Future<Output = async_graphql::Result<Self>> + Send {
                let done = Box::pin(done);
                async {
                    let (id, user_errors) = crate::schema::writes::outcome(done.await)?;
                    Ok(Self { $field: id.map(crate::schema::record::Record::new), user_errors })
                }
            }
        }
    };
}
pub(super) use payload;
