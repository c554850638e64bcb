//! Many records in one mutation, each with a result of its own.

use async_graphql::{Enum, ID, InputType};
use uuid::Uuid;

use super::purse::CHANGE;
use super::record::Ask;
use super::writes::{UserError, once, user_errors};
use crate::db::Once;
use crate::error::{Code, Error, Errors};
use crate::service::batch::Taken;

/// Most records of one batch.
const MOST: usize = 200;

/// What became of one record of a batch.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum BatchOutcome {
    /// It was recorded just now.
    Created,
    /// It was recorded before: nothing was added.
    AlreadyThere,
    /// It cannot be recorded as it is: `userErrors` says why. Sending it again unchanged changes nothing.
    Refused,
    /// The service did not get to it: send it again.
    Deferred,
}

/// Checks that a batch is not too large, and has it paid for.
pub fn paid(ask: &Ask, many: usize, field: &'static str) -> Result<(), Errors> {
    if many > MOST {
        return Err(Error::new(Code::TooLong).saying(format!("At most {MOST} at once.")).on(field).into());
    }
    // The first was paid for as every change is.
    ask.purse.charge(CHANGE * u64::try_from(many).unwrap_or_default().saturating_sub(1))?;
    Ok(())
}

/// The claim of a record: under its own key, or else under its id.
pub fn claim<I: InputType>(key: Option<&String>, id: Option<&ID>, input: &I) -> Result<Option<Once>, Errors> {
    let own = id.map(|id| format!("id {}", id.as_str()));
    let Some(key) = key.cloned().or(own) else {
        let text = "A record of a batch has an id or a key, so that it can be sent again.";
        return Err(Error::new(Code::FieldRequired).saying(text).on("input.id").into());
    };
    Ok(once(Some(&key), input)?)
}

/// What became of a record: its outcome, its id, and what kept it, with fields named by their place in the list.
pub fn told(
    index: i32,
    taken: Taken,
    keyed: bool,
    list: &str,
) -> async_graphql::Result<(BatchOutcome, Option<Uuid>, Vec<UserError>)> {
    Ok(match taken {
        Taken::Created(id) => (BatchOutcome::Created, Some(id), Vec::new()),
        Taken::AlreadyThere(id) => (BatchOutcome::AlreadyThere, Some(id), Vec::new()),
        Taken::Deferred => (BatchOutcome::Deferred, None, Vec::new()),
        Taken::Refused(errors) => {
            let mut errors = user_errors(errors)?;
            for error in &mut errors {
                let inner = error.field.as_deref().and_then(|field| field.strip_prefix("input."));
                // Without a key of its own the id was the key.
                let inner = inner.map(|inner| if inner == "idempotencyKey" && !keyed { "id" } else { inner });
                error.field = inner.map(|inner| format!("input.{list}.{index}.{inner}"));
            }
            (BatchOutcome::Refused, None, errors)
        }
    })
}

/// The payload of a batch: a result for each record, and what is wrong with the batch as a whole.
macro_rules! batch {
    (
        $(#[$of:meta])* $result:ident { $id:ident, $field:ident: $noun:ty = $prefix:literal in $list:literal }
        $(#[$doc:meta])* $payload:ident
    ) => {
        $(#[$of])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $result {
            /// Its place in the list that was sent, from 0.
            pub index: i32,
            /// What became of it.
            pub outcome: crate::schema::batch::BatchOutcome,
            /// Its id, without a look at it; null unless it is there.
            pub $id: Option<async_graphql::ID>,
            /// The record; null unless it is there.
            pub $field: Option<crate::schema::record::Record<$noun>>,
            /// What kept it from being recorded, field by field; empty unless it was refused.
            pub user_errors: Vec<crate::schema::writes::UserError>,
        }

        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $payload {
            /// One result for each record that was sent, in that order.
            pub results: Vec<$result>,
            /// What is wrong with the batch as a whole; empty otherwise, whatever became of its records.
            pub user_errors: Vec<crate::schema::writes::UserError>,
        }

        impl $payload {
            /// `keyed` says for each record whether it had a key of its own.
            fn of(
                taken: Result<Vec<crate::service::batch::Taken>, crate::error::Errors>,
                keyed: Vec<bool>,
            ) -> async_graphql::Result<Self> {
                let taken = match taken {
                    Ok(taken) => taken,
                    Err(errors) => {
                        let user_errors = crate::schema::writes::user_errors(errors)?;
                        return Ok(Self { results: Vec::new(), user_errors });
                    }
                };
                let mut results = Vec::with_capacity(taken.len());
                for (index, (taken, keyed)) in (0..).zip(taken.into_iter().zip(keyed)) {
                    let (outcome, id, user_errors) = crate::schema::batch::told(index, taken, keyed, $list)?;
                    results.push($result {
                        index,
                        outcome,
                        $id: id.map(|id| crate::plan::GlobalId::text($prefix, id).into()),
                        $field: id.map(crate::schema::record::Record::new),
                        user_errors,
                    });
                }
                Ok(Self { results, user_errors: Vec::new() })
            }
        }
    };
}
pub(super) use batch;
