//! The same request sent again gives the same record again, for thirty days.

use chrono::{DateTime, Duration, Utc};
use entity::idempotency::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Query};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryTrait as _};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Tx;
use crate::error::Result;

/// Days for which a key is remembered.
const KEPT_DAYS: i64 = 30;
/// Most keys that one sweep forgets.
const SWEPT: u64 = 64;
/// One claim in so many sweeps, so more is forgotten than is remembered.
const SWEEPS: u8 = 8;

/// A client's key for one act, with a fingerprint of what was asked.
#[derive(Clone, Debug)]
pub struct Once {
    pub(super) key: String,
    pub(super) fingerprint: String,
}

impl Once {
    /// `body` is the request's input as the client sent it, in a stable form.
    pub fn new(key: &str, body: &str) -> Self {
        use std::fmt::Write as _;
        let mut fingerprint = String::with_capacity(64);
        for byte in Sha256::digest(body.as_bytes()) {
            let _ = write!(fingerprint, "{byte:02x}");
        }
        Self { key: key.to_owned(), fingerprint }
    }
}

/// Forgets a key that is older than thirty days, so that it may be used anew. Now and then, as the record's id falls,
/// the organisation's oldest ones with it, whoever used them: what is remembered stays as small as thirty days are.
pub(super) async fn forget(
    tx: &Tx,
    same: Condition,
    organisation: Uuid,
    record: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    let expired = Column::CreatedAt.lt(now - Duration::days(KEPT_DAYS));
    let forgotten = Entity::delete_many().filter(same).filter(expired.clone());
    tx.run_with_next(forgotten.build(tx.backend()), |error| error).await?;
    let [.., last] = record.as_bytes();
    if !last.is_multiple_of(SWEEPS) {
        return Ok(());
    }
    let of_organisation = Column::OrganisationId.eq(organisation);
    let oldest = Query::select()
        .columns([Column::UserId, Column::Operation, Column::Key])
        .from(Entity)
        .and_where(of_organisation.clone())
        .and_where(expired)
        .order_by(Column::CreatedAt, Order::Asc)
        .limit(SWEPT)
        .to_owned();
    let key = Expr::tuple([Expr::col(Column::UserId), Expr::col(Column::Operation), Expr::col(Column::Key)]);
    let swept = Entity::delete_many().filter(of_organisation).filter(key.in_subquery(oldest));
    tx.run_with_next(swept.build(tx.backend()), |error| error).await
}
