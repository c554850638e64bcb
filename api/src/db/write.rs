//! A write in the making: typed inserts, updates and loads, all of one organisation, ended by an audit row and COMMIT.

use std::convert::identity;
use std::str::FromStr as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use entity::{Readable, Tenanted, audit_event};
use sea_orm::sea_query::{Expr, ExprTrait as _, LockType};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait as _, Condition, EntityTrait, IdenStatic as _, Iterable as _,
    ModelTrait, QueryFilter as _, QuerySelect as _, Select, Set,
};
use uuid::Uuid;

use super::idempotency::forget;
use super::session::Told;
use super::words::Words;
use super::{Dialect, Once, Scope, Tx};
use crate::access::{Action, Reach, holding, reading};
use crate::error::{Code, Error, Result};

/// Values bound to one statement, below SQLite's 32,766 and PostgreSQL's 65,535.
const BOUND: usize = 30_000;
/// Columns that say when and by whom.
const HISTORY: [&str; 4] = ["created_at", "created_by", "updated_at", "updated_by"];

/// An open write of one action on one record.
#[must_use = "a write that is not finished is undone"]
pub struct Write {
    scope: Scope,
    pub(super) tx: Tx,
    action: Action,
    record: Uuid,
    fields: Vec<&'static str>,
    /// Other organisations that are written to.
    pub(super) beside: Mutex<Vec<Uuid>>,
    /// Whether messages to other systems were queued.
    pub(super) queued: AtomicBool,
}

impl Write {
    pub(super) fn new(scope: Scope, tx: Tx, action: Action, record: Uuid) -> Self {
        Self { scope, tx, action, record, fields: Vec::new(), beside: Mutex::default(), queued: AtomicBool::default() }
    }

    /// Who writes, when and where.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The user who writes; nobody for the operator.
    pub fn user(&self) -> Option<Uuid> {
        let user = self.scope.viewer().user;
        (!user.is_nil()).then_some(user)
    }

    /// What is done.
    pub(super) fn action(&self) -> Action {
        self.action
    }

    /// The record this act makes or changes.
    pub fn record(&self) -> Uuid {
        self.record
    }

    /// Inserts a row of the viewer's organisation; owner, version and times are set here.
    pub async fn insert<A>(&self, mut row: A) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Tenanted,
        <A::Entity as EntityTrait>::Model: Send + Sync,
    {
        self.stamp(&mut row, true);
        let id =
            column::<A::Entity>("id").ok().and_then(|id| row.get(id).into_value()).zip(column::<A::Entity>("id").ok());
        let Err(error) = self.tx.run(<A::Entity as EntityTrait>::insert(row)).await else { return Ok(()) };
        // SQLite names whichever of several keys it looked at first: the id counts, as it does on PostgreSQL.
        if let Some((value, id)) = id
            && (error.code, error.field.is_none(), self.tx.dialect()) == (Code::Duplicate, true, Dialect::Sqlite)
            && !self.all(self.find::<A::Entity>()?.filter(id.eq(value)).limit(1)).await?.is_empty()
        {
            return Err(error.on("input.id"));
        }
        Err(error)
    }

    /// Inserts many rows with as few statements as the databases' limits on bound values allow.
    pub async fn insert_many<A>(&self, rows: Vec<A>) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Tenanted,
    {
        let stamped: Vec<A> = rows
            .into_iter()
            .map(|mut row| {
                self.stamp(&mut row, true);
                row
            })
            .collect();
        let at_once = (BOUND / <A::Entity as EntityTrait>::Column::iter().count().max(1)).max(1);
        let mut rows = stamped.into_iter().peekable();
        while rows.peek().is_some() {
            self.tx.run(<A::Entity as EntityTrait>::insert_many(rows.by_ref().take(at_once))).await?;
        }
        Ok(())
    }

    /// Changes the set columns of one row, if its version is still `version`.
    pub async fn update<A>(&self, id: Uuid, version: i32, mut row: A) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Tenanted,
    {
        self.stamp(&mut row, false);
        let next = column::<A::Entity>("row_version")?;
        let update = <A::Entity as EntityTrait>::update_many()
            .set(row)
            .col_expr(next, Expr::col(next).add(1))
            .filter(self.own::<A::Entity>()?)
            .filter(column::<A::Entity>("id")?.eq(id))
            .filter(next.eq(version));
        if self.tx.run(update).await? == 1 { Ok(()) } else { Err(Code::VersionConflict.into()) }
    }

    /// Removes rows of the viewer's organisation that fit; how many. Whoever calls this has made sure that they are
    /// within reach.
    pub async fn remove<E: Tenanted>(&self, filter: Condition) -> Result<u64> {
        let delete = E::delete_many().filter(self.own::<E>()?).filter(filter);
        self.tx.run(delete).await
    }

    /// Changes the set columns of all rows that fit.
    pub async fn update_all<A>(&self, filter: Condition, mut row: A) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: Tenanted,
    {
        self.stamp(&mut row, false);
        let next = column::<A::Entity>("row_version")?;
        let update = <A::Entity as EntityTrait>::update_many().set(row).col_expr(next, Expr::col(next).add(1));
        let update = update.filter(self.own::<A::Entity>()?).filter(filter);
        self.tx.run(update).await.map(drop)
    }

    /// Rows of the viewer's organisation.
    pub fn find<E: Tenanted>(&self) -> Result<Select<E>> {
        Ok(E::find().filter(self.own::<E>()?))
    }

    /// The predicate of every typed statement.
    fn own<E: Tenanted>(&self) -> Result<Condition> {
        let viewer = self.scope.viewer();
        if viewer.weakness.unscoped_writes() {
            return Ok(Condition::all());
        }
        Ok(Condition::all().add(column::<E>("organisation_id")?.eq(viewer.organisation)))
    }

    /// Runs a select and returns its rows.
    pub async fn all<E: Readable>(&self, select: Select<E>) -> Result<Vec<E::Model>>
    where
        E::Model: Send + Sync,
    {
        self.tx.models(select).await
    }

    /// One row within the viewer's reach; the same answer for a missing, a foreign and an unreachable id.
    pub async fn get<E>(&self, id: Uuid) -> Result<E::Model>
    where
        E: Tenanted,
        E::Model: ModelTrait + Send + Sync,
    {
        self.within_reach::<E>(id).await?;
        let select = self.find::<E>()?.filter(column::<E>("id")?.eq(id));
        self.tx.models(select).await?.pop().ok_or_else(|| self.missing())
    }

    /// The same, held until the write ends: whoever else holds the row waits. For records whose rules look at other
    /// rows too, such as a case and its services.
    pub async fn hold<E>(&self, id: Uuid) -> Result<E::Model>
    where
        E: Tenanted,
        E::Model: ModelTrait + Send + Sync,
    {
        self.within_reach::<E>(id).await?;
        let select = self.find::<E>()?.filter(column::<E>("id")?.eq(id)).lock(LockType::NoKeyUpdate);
        self.tx.models(select).await?.pop().ok_or_else(|| self.missing())
    }

    fn missing(&self) -> Error {
        self.scope.miss();
        Code::NotFound.into()
    }

    /// A row of a shared table.
    pub async fn shared<E>(&self, id: Uuid) -> Result<Option<E::Model>>
    where
        E: Readable,
        E::Model: Send + Sync,
    {
        let id_column = column::<E>("id")?;
        Ok(self.tx.models(E::find().filter(id_column.eq(id))).await?.pop())
    }

    /// How far the viewer's role reaches in a table.
    pub(super) fn reach<E: Tenanted>(&self) -> Result<Reach> {
        let area = holding(table::<E>()).map(|(area, _)| area).ok_or(Code::Internal)?;
        Ok(reading(self.scope.viewer().role, area).map_or(Reach::Own, |grant| grant.reach))
    }

    async fn within_reach<E: Tenanted>(&self, id: Uuid) -> Result<()> {
        if self.reach::<E>()? == Reach::Organisation {
            // The statement that reads the row says as much.
            return Ok(());
        }
        let mut names = self.names();
        self.name::<E>(&mut names, "id", Some(id))?;
        if self.tx.finds(names.all()).await? { Ok(()) } else { Err(self.missing()) }
    }

    pub(super) fn stamp<A: ActiveModelTrait>(&self, row: &mut A, new: bool) {
        let viewer = self.scope.viewer();
        let now = self.scope.now();
        let user = self.user();
        for column in <A::Entity as EntityTrait>::Column::iter() {
            // The operator may bring in when and by whom a row was once made.
            if user.is_none() && new && HISTORY.contains(&column.as_str()) && row.get(column).is_set() {
                continue;
            }
            match column.as_str() {
                "organisation_id" if new => row.set(column, viewer.organisation.into()),
                "row_version" if new => row.set(column, 1.into()),
                "created_at" if new => row.set(column, now.into()),
                "created_by" if new => row.set(column, user.into()),
                "updated_at" => row.set(column, now.into()),
                "updated_by" => row.set(column, user.into()),
                _ => {}
            }
        }
    }

    /// Names the fields that were written, for the audit: each once, however many rows.
    pub fn wrote(&mut self, fields: &[&'static str]) {
        for &field in fields {
            if !self.fields.contains(&field) {
                self.fields.push(field);
            }
        }
    }

    /// Audit row and commit: the act has happened, once this returns.
    pub async fn finish(self, record_type: &'static str) -> Result<Uuid> {
        let record = self.record;
        self.end("ALLOWED", Some(record_type)).await?;
        Ok(record)
    }

    /// Undoes the act, where the caller has found that it must not happen.
    pub async fn abandon(self) -> Result<()> {
        self.tx.rollback().await
    }

    pub(super) async fn deny(self) -> Result<()> {
        self.end("DENIED", None).await
    }

    /// Audit row and COMMIT.
    async fn end(self, outcome: &'static str, record_type: Option<&'static str>) -> Result<()> {
        let changes = self.scope.database.changes.clone();
        let queued = self.queued.load(Ordering::Relaxed).then(|| self.scope.database.queued.clone());
        let mut told = self.beside.lock().map(|mut beside| std::mem::take(&mut *beside)).unwrap_or_default();
        told.push(self.scope.viewer().organisation);
        let event = self.event(outcome, record_type);
        let shown = self.shown(record_type);
        let (last, told_as) = if let Some(shown) = &shown {
            self.note_and_show(event, shown).await?
        } else {
            let mut words = Words::new(self.tx.dialect());
            words.insert(event, &[]);
            (words.statement(), identity as Told)
        };
        let record = self.record;
        let rows = self.tx.commit_after(last).await.map_err(told_as)?;
        if let (Some(shown), Some(rows)) = (shown, rows) {
            shown.keep(record, rows);
        }
        for organisation in told {
            changes.tell(organisation);
        }
        if let Some(queued) = queued {
            queued.notify_one();
        }
        Ok(())
    }

    fn event(&self, outcome: &'static str, record_type: Option<&'static str>) -> audit_event::ActiveModel {
        let viewer = self.scope.viewer();
        let fields = self.fields.iter().map(|field| (*field).to_owned()).collect::<Vec<String>>();
        let (id, at) = self.scope.stamp();
        audit_event::ActiveModel {
            organisation_id: Set(viewer.organisation),
            id: Set(id),
            at: Set(at),
            user_id: Set(self.user()),
            role: Set(entity::Code::code(viewer.role).to_owned()),
            action: Set(self.action.code().to_owned()),
            outcome: Set(outcome.to_owned()),
            record_type: Set(record_type.map(str::to_owned)),
            record_id: Set(record_type.map(|_| self.record)),
            fields: Set(fields.into()),
            request_id: Set(self.scope.request_id().as_ref().to_owned()),
            records: Set(None),
            operation: Set(None),
        }
    }

    /// Claims the key for this act; an earlier claim's record if there is one. Two at once: the second waits.
    pub(super) async fn claim(&self, once: &Once) -> Result<Option<Uuid>> {
        use entity::idempotency::{ActiveModel, Column, Entity};
        let viewer = self.scope.viewer();
        let row = ActiveModel {
            organisation_id: Set(viewer.organisation),
            user_id: Set(viewer.user),
            operation: Set(self.action.code().to_owned()),
            key: Set(once.key.clone()),
            body_hash: Set(once.fingerprint.clone()),
            record_id: Set(self.record),
            created_at: Set(self.scope.now()),
            answer: Set(String::new()),
        };
        let same = Condition::all()
            .add(Column::OrganisationId.eq(viewer.organisation))
            .add(Column::UserId.eq(viewer.user))
            .add(Column::Operation.eq(self.action.code()))
            .add(Column::Key.eq(once.key.as_str()));
        forget(&self.tx, same.clone(), viewer.organisation, self.record, self.scope.now()).await?;
        let own_key = sea_orm::sea_query::OnConflict::new().do_nothing().to_owned();
        if self.tx.run(Entity::insert(row).on_conflict(own_key)).await? > 0 {
            return Ok(None);
        }
        let stored = self.tx.models(Entity::find().filter(same)).await?.pop().ok_or(Code::Unavailable)?;
        if stored.body_hash != once.fingerprint {
            return Err(Error::new(Code::IdempotencyKeyReused).on("input.idempotencyKey"));
        }
        Ok(Some(stored.record_id))
    }
}

pub(super) fn table<E: EntityTrait>() -> &'static str {
    E::default().table_name()
}

pub(super) fn column<E: EntityTrait>(name: &str) -> Result<E::Column> {
    E::Column::from_str(name).map_err(|_| Code::Internal.into())
}
