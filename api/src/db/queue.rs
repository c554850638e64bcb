//! The queue of messages to other systems. Row-level security binds the server, which must know all the same for whom
//! there is something to do: of this one table it sees the rows of every organisation, ids and times and nothing else.

use std::sync::atomic::Ordering;

use chrono::{DateTime, Utc};
use entity::value::Scalar;
use entity::webhook_queue::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use super::{Counterpart, Database, Snapshot, Tx, Value, Write};
use crate::error::{Code, Result};

/// Rows of one statement.
const TOGETHER: usize = 5_000;

impl Database {
    /// Organisations for which something is due, in the order of their ids: the one statement that spans them all.
    pub async fn organisations_due(&self, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
        let mut sql = String::from("SELECT DISTINCT organisation_id FROM webhook_queue WHERE due_at <= ");
        self.dialect().placeholder(&mut sql, 1);
        sql.push_str(" ORDER BY organisation_id");
        let snapshot = Snapshot::begin(self, Uuid::nil()).await?.of_statements(Some(1));
        let rows = snapshot.rows(sql.into(), vec![Value::Timestamp(now)]).await?;
        snapshot.release();
        (0..rows.len()).map(|row| Ok(rows.cell(row, 0, Scalar::Uuid)?.uuid().ok_or(Code::Internal)?)).collect()
    }

    /// Waits until something was queued in this process.
    pub async fn roused(&self) {
        self.queued.notified().await;
    }
}

impl Write {
    /// Has messages sent from then on.
    pub async fn queue(&self, deliveries: &[Uuid], due_at: DateTime<Utc>) -> Result<()> {
        self.queue_for(self.scope().viewer().organisation, deliveries, due_at).await
    }

    /// Has messages not sent any more.
    pub async fn unqueue(&self, deliveries: Vec<Uuid>) -> Result<()> {
        if deliveries.is_empty() {
            return Ok(());
        }
        let own = Column::OrganisationId.eq(self.scope().viewer().organisation);
        let these = Entity::delete_many().filter(own).filter(Column::DeliveryId.is_in(deliveries));
        self.tx.run(these).await.map(drop)
    }

    async fn queue_for(&self, organisation: Uuid, deliveries: &[Uuid], due_at: DateTime<Utc>) -> Result<()> {
        self.queued.store(true, Ordering::Relaxed);
        for some in deliveries.chunks(TOGETHER) {
            queue(&self.tx, organisation, some, due_at).await?;
        }
        Ok(())
    }
}

impl Counterpart<'_> {
    /// Has messages of the other organisation sent from then on.
    pub async fn queue(&self, deliveries: &[Uuid], due_at: DateTime<Utc>) -> Result<()> {
        self.write.queue_for(self.organisation, deliveries, due_at).await
    }
}

async fn queue(tx: &Tx, organisation: Uuid, deliveries: &[Uuid], due_at: DateTime<Utc>) -> Result<()> {
    let rows = deliveries.iter().map(|delivery| ActiveModel {
        organisation_id: Set(organisation),
        delivery_id: Set(*delivery),
        due_at: Set(due_at),
    });
    let key = OnConflict::columns([Column::OrganisationId, Column::DeliveryId]).update_column(Column::DueAt).to_owned();
    tx.run(Entity::insert_many(rows).on_conflict(key)).await.map(drop)
}
