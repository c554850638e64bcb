//! What the answer to an act shows of its record. It is read in the flight that ends the act, and noted with it: asked for
//! afterwards it would take a flight of its own, and its note another transaction.

use std::convert::identity;
use std::sync::{Arc, Mutex, PoisonError};

use entity::audit_event::ActiveModel;
use sea_orm::{Set, Statement};
use uuid::Uuid;

use super::session::Told;
use super::words::Words;
use super::{Dialect, Rows, Scope, Sql, Write};
use crate::error::Result;

/// The name of what is shown in the statement that reads and notes it.
const SHOWN: &str = "shown";

type ById = dyn Fn(&mut Sql<'_>, Uuid) -> Result<()> + Send + Sync;

/// How the record of an act is read for its answer, where one statement does.
pub struct Showing {
    /// The noun's type.
    pub noun: &'static str,
    /// Its table.
    pub table: &'static str,
    /// Fields whose class is personal or higher, which the audit names.
    pub fields: Vec<&'static str>,
    /// The operation as the audit names it.
    pub operation: Arc<str>,
    /// The statement for a record of that id.
    pub by_id: Box<ById>,
}

/// The same with what has been read.
pub(super) struct Shown {
    showing: Showing,
    read: Mutex<Read>,
}

#[derive(Default)]
enum Read {
    /// No act has ended yet.
    #[default]
    Nothing,
    /// An act has ended on that record.
    Record(Uuid, Rows),
    /// Another act has begun since: what was read is not what is there.
    Outdated,
}

impl Scope {
    /// For an act whose answer shows its record in that way.
    #[must_use]
    pub fn showing(mut self, showing: Showing) -> Self {
        self.shown = Some(Arc::new(Shown { showing, read: Mutex::default() }));
        self
    }

    /// What the act has read of its record, within the viewer's reach and noted in the audit: no row where it lies
    /// beyond. Nothing where it has to be read yet.
    pub fn shown(&self, record: Uuid) -> Option<Rows> {
        let mut read = self.shown.as_ref()?.read.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *read, Read::Outdated) {
            Read::Record(of, rows) if of == record => Some(rows),
            _ => None,
        }
    }
}

impl Shown {
    /// An act begins.
    pub fn outdate(&self) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(*read, Read::Nothing) {
            *read = Read::Outdated;
        }
    }

    pub fn keep(&self, record: Uuid, rows: Rows) {
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = Read::Record(record, rows);
    }
}

impl Write {
    /// The way to show the act's record, where the act is on a record of that noun. Not on SQLite, where nothing is
    /// saved by it.
    pub(super) fn shown(&self, noun: Option<&'static str>) -> Option<Arc<Shown>> {
        let shown = self.scope().shown.as_ref()?;
        let fits = self.tx.dialect() == Dialect::Postgres && noun == Some(shown.showing.noun);
        fits.then(|| Arc::clone(shown))
    }

    /// Adds the act to the audit and reads its record; where a row is found, that is noted too. A row that is about to be
    /// inserted is read as it is: under the table's name stand, in the same statement, the rows that go into it.
    pub(super) async fn note_and_show(&self, event: ActiveModel, shown: &Shown) -> Result<(Statement, Told)> {
        let Showing { noun, table, fields, operation, by_id } = &shown.showing;
        let dialect = self.tx.dialect();
        let (mut words, told) = if let Some(made) = self.tx.take_insert(table).await? {
            let (mut words, insert) = Words::around(dialect, made.statement);
            words.text.extend(["WITH \"", table, "\" AS (", &insert, " RETURNING *), "]);
            (words, made.told)
        } else {
            let mut words = Words::new(dialect);
            words.text.push_str("WITH ");
            (words, identity as Told)
        };
        let mut sql = Sql::new(dialect, self.scope().viewer()).after(words.count());
        by_id(&mut sql, self.record())?;
        let select = words.add(sql);
        words.text.extend([SHOWN, " AS (", &select, "), noted AS ("]);
        let is_noted = !fields.is_empty() && self.scope().notes_reads();
        if is_noted {
            // A trail has the act in front of what was shown of it, within a millisecond too.
            let mut ids = [self.scope().new_id(), self.scope().new_id()];
            ids.sort_unstable();
            let [first, second] = ids;
            let event = ActiveModel { id: Set(first), ..event };
            let read = ActiveModel {
                id: Set(second),
                action: Set("READ".to_owned()),
                record_type: Set(Some((*noun).to_owned())),
                record_id: Set(None),
                fields: Set(fields.iter().map(|field| (*field).to_owned()).collect::<Vec<String>>().into()),
                records: Set(Some(self.record().as_bytes().to_vec())),
                operation: Set(Some(operation.to_string())),
                ..event.clone()
            };
            words.insert_if(event, read, SHOWN);
        } else {
            words.insert(event, &[]);
        }
        words.text.extend([") SELECT * FROM ", SHOWN]);
        Ok((words.statement(), told))
    }
}
