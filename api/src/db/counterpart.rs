//! The other organisation's side of an act that two organisations share, such as a referral: a row in each, written in
//! one transaction. Nothing else crosses from one organisation to another, and only through the tables named here; no
//! policy of the database spans two, so the transaction serves one after the other.

use entity::{Tenanted, audit_event, organisation, partner, referral, user, webhook_delivery, webhook_subscription};
use sea_orm::sea_query::{Expr, ExprTrait as _, LockType};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait as _, Condition, EntityTrait, QueryFilter as _,
    QuerySelect as _, Set,
};
use uuid::Uuid;

use super::Write;
use super::write::column;
use crate::error::Result;

/// Tables in which an act looks at the other organisation's rows: its answer tells nothing of them but yes or no.
pub trait Consulted: Tenanted {}
impl Consulted for organisation::Entity {}
impl Consulted for partner::Entity {}
impl Consulted for user::Entity {}
impl Consulted for referral::Entity {}
impl Consulted for webhook_subscription::Entity {}
impl Consulted for webhook_delivery::Entity {}

/// Tables in which it writes there too.
pub trait Exchanged: Consulted {}
impl Exchanged for referral::Entity {}
impl Exchanged for webhook_delivery::Entity {}

/// A write while it serves the other organisation. One that is not left serves it to its end, which the write's own
/// audit row then refuses.
#[must_use = "the write serves the other organisation until this is left"]
pub struct Counterpart<'w> {
    pub(super) write: &'w Write,
    pub(super) organisation: Uuid,
}

impl Write {
    /// Turns to the other organisation.
    pub async fn beside(&self, organisation: Uuid) -> Result<Counterpart<'_>> {
        self.tx.serve(organisation).await?;
        if let Ok(mut beside) = self.beside.lock() {
            beside.push(organisation);
        }
        Ok(Counterpart { write: self, organisation })
    }
}

impl Counterpart<'_> {
    /// The first of its rows that fit. `held`: whoever else holds the row waits until the write ends.
    pub async fn one<E>(&self, filter: Condition, held: bool) -> Result<Option<E::Model>>
    where
        E: Consulted,
        E::Model: Send + Sync,
    {
        let own = column::<E>("organisation_id")?.eq(self.organisation);
        let select = E::find().filter(own).filter(filter);
        let select = if held { select.lock(LockType::NoKeyUpdate) } else { select };
        Ok(self.write.tx.models(select.limit(1)).await?.pop())
    }

    /// All of its rows that fit.
    pub async fn all<E>(&self, filter: Condition) -> Result<Vec<E::Model>>
    where
        E: Consulted,
        E::Model: Send + Sync,
    {
        let own = column::<E>("organisation_id")?.eq(self.organisation);
        self.write.tx.models(E::find().filter(own).filter(filter)).await
    }

    /// Adds a row of its own.
    pub async fn insert<A>(&self, mut row: A) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Exchanged,
    {
        let now = self.write.scope().now();
        row.set(column::<A::Entity>("organisation_id")?, self.organisation.into());
        row.set(column::<A::Entity>("row_version")?, 1.into());
        for name in ["created_at", "updated_at"] {
            row.set(column::<A::Entity>(name)?, now.into());
        }
        for name in ["created_by", "updated_by"] {
            row.set(column::<A::Entity>(name)?, None::<Uuid>.into());
        }
        self.write.tx.run(<A::Entity as EntityTrait>::insert(row)).await.map(drop)
    }

    /// Changes the set columns of its row, where it fits; whether it did.
    pub async fn change<A>(&self, id: Uuid, filter: Condition, mut row: A) -> Result<bool>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Exchanged,
    {
        row.set(column::<A::Entity>("updated_at")?, self.write.scope().now().into());
        row.set(column::<A::Entity>("updated_by")?, None::<Uuid>.into());
        let next = column::<A::Entity>("row_version")?;
        let update = <A::Entity as EntityTrait>::update_many()
            .set(row)
            .col_expr(next, Expr::col(next).add(1))
            .filter(column::<A::Entity>("organisation_id")?.eq(self.organisation))
            .filter(column::<A::Entity>("id")?.eq(id))
            .filter(filter);
        Ok(self.write.tx.run(update).await? == 1)
    }

    /// Leaves a row in its audit: by nobody of its users, in the role of another system.
    pub async fn note(&self, record_type: &str, record: Uuid, fields: &[&str]) -> Result<()> {
        let scope = self.write.scope();
        let (id, at) = scope.stamp();
        let row = audit_event::ActiveModel {
            organisation_id: Set(self.organisation),
            id: Set(id),
            at: Set(at),
            user_id: Set(None),
            role: Set(entity::Code::code(user::RoleCode::Integration).to_owned()),
            action: Set(self.write.action().code().to_owned()),
            outcome: Set("ALLOWED".to_owned()),
            record_type: Set(Some(record_type.to_owned())),
            record_id: Set(Some(record)),
            fields: Set(fields.iter().map(|field| (*field).to_owned()).collect::<Vec<String>>().into()),
            request_id: Set(scope.request_id().as_ref().to_owned()),
            records: Set(None),
            operation: Set(None),
        };
        self.write.tx.run(audit_event::Entity::insert(row)).await.map(drop)
    }

    /// Turns back.
    pub async fn leave(self) -> Result<()> {
        self.write.tx.serve(self.write.scope().viewer().organisation).await
    }
}
