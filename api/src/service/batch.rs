//! Many records at once, each for itself: a transaction of its own, with its key, its audit row and its outcome.

use uuid::Uuid;

use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::error::{Code, Error, Errors};

/// What became of one record of many.
#[derive(Debug)]
pub enum Taken {
    /// It was not there before.
    Created(Uuid),
    /// It was sent before, and is there.
    AlreadyThere(Uuid),
    /// It cannot be taken as it is.
    Refused(Errors),
    /// The service did not get to it.
    Deferred,
}

/// A record of a batch.
pub trait Item: Clone + Send {
    /// The act that makes it.
    const ACTION: Action;
    /// The noun, for the audit.
    const NOUN: &'static str;
    /// Whether it can be written [`Care::Trusting`].
    const TRUSTING: bool = false;

    /// Its key.
    fn once(&self) -> Option<Once>;

    /// The id that its device made.
    fn id(&self) -> Option<Uuid>;

    /// Writes it into an open transaction, if the rules allow it.
    fn insert(self, write: &mut Write, id: Uuid, care: Care) -> impl Future<Output = Result<(), Errors>> + Send;
}

/// How a record is held against what it names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// The statement that writes it finds what it names, and is refused where that fails.
    Trusting,
    /// What it names is looked up first, one after another, so that a refusal says what is missing.
    Asking,
}

/// Takes each record in the order given: what keeps one from being taken keeps no other. Once the service itself fails
/// the rest is left for later; if nothing was decided until then, the failure is the answer.
pub async fn record_all<I: Item>(scope: &Scope, items: Vec<Result<I, Errors>>) -> Result<Vec<Taken>, Errors> {
    let mut taken = Vec::with_capacity(items.len());
    let mut failed = false;
    for item in items {
        if failed {
            taken.push(Taken::Deferred);
            continue;
        }
        let one = match item {
            Ok(item) => take(scope, item).await,
            Err(errors) => Ok(Taken::Refused(errors)),
        };
        taken.push(match one {
            Ok(one) => one,
            Err(errors) if taken.is_empty() || errors.0.iter().any(Error::is_refusal) => return Err(errors),
            Err(errors) => {
                failed = errors.0.iter().any(|error| matches!(error.code, Code::Unavailable | Code::Timeout));
                Taken::Deferred
            }
        });
    }
    Ok(taken)
}

/// Takes one record. An error is not the record's: a missing right, or a fault of the service.
pub(super) async fn take<I: Item>(scope: &Scope, item: I) -> Result<Taken, Errors> {
    // A record that was taken is known again however old its id has become.
    let id = item.id().unwrap_or_else(|| scope.new_id());
    if I::TRUSTING {
        let is_twice = |errors: &Errors| errors.0.iter().all(|error| error.code == Code::Duplicate);
        match attempt(scope, item.clone(), id, Care::Trusting).await? {
            Taken::Refused(errors) if !is_twice(&errors) => {}
            taken => return Ok(taken),
        }
    }
    attempt(scope, item, id, Care::Asking).await
}

async fn attempt<I: Item>(scope: &Scope, item: I, id: Uuid, care: Care) -> Result<Taken, Errors> {
    let refused = |errors: Errors| {
        let ours = errors.0.iter().all(|error| error.code.is_users());
        if ours { Ok(Taken::Refused(errors)) } else { Err(errors) }
    };
    let mut write = match scope.write(I::ACTION, item.once(), id).await {
        Ok(Begun::Replay(id)) => return Ok(Taken::AlreadyThere(id)),
        Ok(Begun::New(write)) => write,
        Err(error) => return refused(error.into()),
    };
    if let Err(errors) = item.insert(&mut write, id, care).await {
        // A refusal by the rules costs no connection.
        write.abandon().await?;
        return refused(errors);
    }
    match write.finish(I::NOUN).await {
        Ok(id) => Ok(Taken::Created(id)),
        Err(error) => refused(error.into()),
    }
}
