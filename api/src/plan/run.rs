//! From a bound plan to rows, level by level, in one snapshot. Siblings run side by side; to-one edges that meet in the
//! same noun share one load of the request.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_graphql_value::ConstValue;
use dataloader::{BatchFn, cached::Loader};
use entity::value::{Cell, Scalar};
use futures_util::future::{BoxFuture, try_join_all};
use uuid::Uuid;

use super::args::{self, Variables};
use super::bind::Bound;
use super::changes::Changed;
use super::compile::{Child, Level, List, Plan, Root, ViewerField};
use super::cube::Tally;
use super::cursor::Seal;
use super::id::GlobalId;
use super::labels::Labels;
use super::{sql, write};
use crate::db::{Row, Rows, Scope, Sight, Snapshot, Sql, Value};
use crate::error::{Code, Error, Result};
use crate::graph::declare::{Column, Moment};
use crate::graph::graph;

/// What a run yields.
pub struct Answer {
    /// The `data` object as JSON.
    pub data: Vec<u8>,
    /// Statements that were run.
    pub statements: u32,
    /// What it shows that the audit must name.
    pub sights: Vec<Sight>,
}

impl Answer {
    /// The same behind statements that were run in vain.
    fn behind(self, in_vain: u32) -> Self {
        Self { statements: in_vain + self.statements, ..self }
    }
}

/// Rows of a level with what hangs below them.
#[derive(Default)]
pub(super) struct Set<'p> {
    pub rows: Vec<Row>,
    pub below: Vec<Below<'p>>,
}

pub(super) enum Below<'p> {
    One { column: usize, places: HashMap<Uuid, usize>, set: Set<'p> },
    Many { column: usize, list: &'p List, pages: Pages<'p> },
}

/// The pages of one list, a page a parent; a root list has one page under the nil id.
#[derive(Default)]
pub(super) struct Pages<'p> {
    pub set: Set<'p>,
    pub by_parent: HashMap<Uuid, Page>,
    pub totals: HashMap<Uuid, i64>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Page {
    pub start: usize,
    pub len: usize,
    pub more: bool,
}

pub(super) enum Found<'p> {
    Constant,
    List(Pages<'p>),
    One(Set<'p>),
    Nodes(Vec<Option<(usize, usize)>>, Vec<Set<'p>>),
    Viewer(Vec<Option<Set<'p>>>),
    Cube(Tally<'p>),
    Changes(Changed<'p>),
    Labels(Labels),
}

/// Runs a plan in a snapshot of its own, and in another one where that was in vain, and writes its answer.
pub async fn run(plan: &Plan, bound: &Bound, variables: &Variables, scope: &Scope, seal: &Seal) -> Result<Answer> {
    let mut in_vain = 0;
    for cuts in [false, true] {
        let snapshot = scope.read().await?.of_statements(plan.statements(bound));
        let runner = Runner::new(plan, bound, variables, scope, &snapshot, cuts);
        let found = try_join_all(plan.roots.iter().map(|(_, root)| runner.root(root))).await?;
        let answer = runner.answer(writer(bound, scope, seal).answer(plan, &found)?)?;
        drop(found);
        drop(runner);
        let statements = snapshot.statements();
        snapshot.release();
        match answer {
            Some(answer) => return Ok(answer.behind(in_vain)),
            None => in_vain = statements,
        }
    }
    Err(Code::Internal.into())
}

pub(super) fn writer<'w>(bound: &'w Bound, scope: &Scope, seal: &'w Seal) -> write::Writer<'w> {
    write::Writer { bound, moment: Moment { today: scope.today(), now: scope.now() }, seal }
}

struct Batch<'r> {
    plan: &'r Plan,
    scope: &'r Scope,
    snapshot: &'r Snapshot,
}

type Loaded = std::result::Result<Option<Row>, Error>;

impl BatchFn<(usize, Uuid), Loaded> for Batch<'_> {
    async fn load(&mut self, keys: &[(usize, Uuid)]) -> HashMap<(usize, Uuid), Loaded> {
        let mut by_noun: HashMap<usize, Vec<Uuid>> = HashMap::new();
        for (noun, id) in keys {
            by_noun.entry(*noun).or_default().push(*id);
        }
        let mut loaded: HashMap<(usize, Uuid), Loaded> = keys.iter().map(|key| (*key, Ok(None))).collect();
        for (noun, mut ids) in by_noun {
            ids.sort_unstable();
            match self.noun(noun, ids.clone()).await {
                Ok(rows) => loaded.extend(rows.into_iter().map(|(id, row)| ((noun, id), Ok(Some(row))))),
                Err(error) => loaded.extend(ids.into_iter().map(|id| ((noun, id), Err(error.clone())))),
            }
        }
        loaded
    }
}

impl Batch<'_> {
    async fn noun(&self, noun: usize, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>> {
        let declared = graph().noun(noun).ok_or(Code::Internal)?;
        let columns = self.plan.loads.iter().find(|(other, _)| *other == noun).map(|(_, columns)| columns.as_slice());
        let columns = columns.ok_or(Code::Internal)?;
        let reach = crate::access::reading(self.scope.viewer().role, declared.area).ok_or(Code::Internal)?.reach;
        let mut sql = Sql::new(self.snapshot.dialect(), self.scope.viewer());
        sql::by_id(&mut sql, declared, reach, columns, ids);
        let (text, values) = sql.finish();
        let rows = Arc::new(self.snapshot.rows(text, values).await?);
        let id = columns.iter().position(|column| column.name == declared.id).ok_or(Code::Internal)?;
        keyed(&rows, id)
    }
}

fn keyed(rows: &Arc<Rows>, column: usize) -> Result<Vec<(Uuid, Row)>> {
    (0..rows.len())
        .map(|index| {
            let row = Row { rows: Arc::clone(rows), index };
            let id = row.cell(column, Scalar::Uuid)?.uuid().ok_or(Code::Internal)?;
            Ok((id, row))
        })
        .collect()
}

pub(super) struct Runner<'r> {
    pub bound: &'r Bound,
    variables: &'r Variables,
    pub scope: &'r Scope,
    pub snapshot: &'r Snapshot,
    loader: Loader<(usize, Uuid), Loaded, Batch<'r>>,
    loads: &'r [(usize, Vec<Column>)],
    /// Per noun: what the audit must name, as it is read.
    shown: Mutex<BTreeMap<usize, Sight>>,
    /// Whether the rows of lists below many parents are cut for each parent, however few they may be.
    pub cuts: bool,
    /// Whether more rows were found than were read.
    pub in_vain: AtomicBool,
}

impl<'r> Runner<'r> {
    fn new(
        plan: &'r Plan,
        bound: &'r Bound,
        variables: &'r Variables,
        scope: &'r Scope,
        snapshot: &'r Snapshot,
        cuts: bool,
    ) -> Self {
        let (batch, loads) = (Batch { plan, scope, snapshot }, &plan.loads);
        let loader = Loader::new(batch).with_max_batch_size(usize::MAX).with_yield_count(4);
        let (shown, in_vain) = (Mutex::default(), AtomicBool::default());
        Self { bound, variables, scope, snapshot, loader, loads, shown, cuts, in_vain }
    }

    /// What was run for. Nothing where it was in vain.
    fn answer(&self, data: Vec<u8>) -> Result<Option<Answer>> {
        let answer = Answer { data, statements: self.snapshot.statements(), sights: self.sights()? };
        Ok(Some(answer).filter(|_| !self.in_vain.load(Ordering::Relaxed)))
    }

    fn root<'s>(&'s self, root: &'s Root) -> BoxFuture<'s, Result<Found<'s>>> {
        Box::pin(async move {
            Ok(match root {
                Root::Constant(_) => Found::Constant,
                Root::List(list) => Found::List(self.list(list).await?),
                Root::One { level, key, column, arguments, .. } => {
                    let value = self.variables.argument(arguments, key);
                    let noun = graph().noun(level.noun).ok_or(Code::Internal)?;
                    let Some(value) = value else {
                        let text = format!("{} needs an id or a key.", noun.single);
                        return Err(Error::new(Code::BadUserInput).saying(text));
                    };
                    let text = args::text(&value, key)?;
                    let value = match column {
                        Some(_) => Some(Value::Text(text)),
                        None => GlobalId::read_as(&text, noun.prefix).map(Value::Uuid),
                    };
                    match value {
                        Some(value) => Found::One(self.single(level, *column, value).await?),
                        None => Found::One(Set::default()),
                    }
                }
                Root::Nodes { per_noun, arguments } => Box::pin(self.nodes(per_noun, arguments)).await?,
                Root::Labels(_, arguments) => {
                    Found::Labels(Labels::asked(arguments, self.variables, self.scope.locale())?)
                }
                Root::Cube(asked) => Found::Cube(Box::pin(self.tally(asked)).await?),
                Root::Changes(asked) => Found::Changes(Box::pin(self.changed(asked)).await?),
                Root::Viewer(fields) => {
                    let viewer = self.scope.viewer();
                    let mut sets = Vec::new();
                    for (_, field) in fields {
                        sets.push(match field {
                            ViewerField::Constant(_) => None,
                            ViewerField::Row { level, organisation, .. } => {
                                let id = if *organisation { viewer.organisation } else { viewer.user };
                                Some(self.single(level, None, Value::Uuid(id)).await?)
                            }
                        });
                    }
                    Found::Viewer(sets)
                }
            })
        })
    }

    pub async fn rows(&self, sql: Sql<'_>) -> Result<Arc<Rows>> {
        let (text, values) = sql.finish();
        self.snapshot.rows(text, values).await.map(Arc::new)
    }

    pub fn sql(&self) -> Sql<'r> {
        Sql::new(self.snapshot.dialect(), self.scope.viewer())
    }

    /// One row, by its id or by a key.
    async fn single<'s>(&'s self, level: &'s Level, key: Option<Column>, value: Value) -> Result<Set<'s>> {
        let noun = graph().noun(level.noun).ok_or(Code::Internal)?;
        let mut sql = self.sql();
        match (key, value) {
            (Some(key), value) => sql::by_key(&mut sql, level, key, value)?,
            (None, Value::Uuid(id)) => sql::by_id(&mut sql, noun, level.reach, &level.columns, vec![id]),
            _ => return Err(Code::Internal.into()),
        }
        let rows = self.rows(sql).await?;
        self.found(!rows.is_empty());
        let rows: Vec<Row> = (0..rows.len()).map(|index| Row { rows: Arc::clone(&rows), index }).collect();
        self.below(level, rows).await
    }

    async fn nodes<'s>(
        &'s self,
        per_noun: &'s [(Level, Vec<super::compile::Out>)],
        arguments: &args::Arguments,
    ) -> Result<Found<'s>> {
        let ids = match self.variables.argument(arguments, "ids") {
            Some(ConstValue::List(ids)) => ids,
            Some(one) => vec![one],
            None => Vec::new(),
        };
        let mut read = Vec::new();
        for id in &ids {
            read.push(GlobalId::read(&args::text(id, "ids")?));
        }
        let mut places: Vec<Option<(usize, usize)>> = vec![None; read.len()];
        let mut sets = Vec::new();
        for (position, (level, _)) in per_noun.iter().enumerate() {
            let noun = graph().noun(level.noun).ok_or(Code::Internal)?;
            let wanted: Vec<Uuid> =
                read.iter().flatten().filter(|id| id.prefix == noun.prefix).map(|id| id.id).collect();
            let found = self.records(level, wanted).await?;
            for (place, id) in places.iter_mut().zip(&read) {
                let matching = id.as_ref().filter(|id| id.prefix == noun.prefix);
                if let Some(index) = matching.and_then(|id| found.iter().position(|(other, _)| *other == id.id)) {
                    *place = Some((position, index));
                }
            }
            sets.push(self.below(level, found.into_iter().map(|(_, row)| row).collect()).await?);
        }
        self.found(places.iter().all(Option::is_some));
        Ok(Found::Nodes(places, sets))
    }

    /// Rows of a noun by their ids.
    pub async fn records(&self, level: &Level, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>> {
        let noun = graph().noun(level.noun).ok_or(Code::Internal)?;
        let mut sql = self.sql();
        sql::by_id(&mut sql, noun, level.reach, &level.columns, ids);
        let rows = self.rows(sql).await?;
        let id = level.columns.iter().position(|column| column.name == noun.id).ok_or(Code::Internal)?;
        keyed(&rows, id)
    }

    /// Notes where something asked for was not found.
    pub fn found(&self, found: bool) {
        if !found {
            self.scope.miss();
        }
    }

    /// Keeps what the audit must name of a level's rows.
    fn note(&self, level: &Level, rows: &[Row]) -> Result<()> {
        if level.noted.is_empty() {
            return Ok(());
        }
        let noun = graph().noun(level.noun).ok_or(Code::Internal)?;
        let columns = if level.shared {
            let loaded = self.loads.iter().find(|(other, _)| *other == level.noun);
            loaded.map_or(&[][..], |(_, columns)| columns)
        } else {
            &level.columns
        };
        let id = columns.iter().position(|column| column.name == noun.id).ok_or(Code::Internal)?;
        let mut shown = self.shown.lock().map_err(|_| Code::Internal)?;
        let sight = shown.entry(level.noun).or_default();
        sight.fields.extend(&level.noted);
        for row in rows {
            sight.records.extend(row.cell(id, Scalar::Uuid)?.uuid());
        }
        Ok(())
    }

    /// What the audit must name, a noun each: fields and records in order, each once.
    fn sights(&self) -> Result<Vec<Sight>> {
        let mut shown = std::mem::take(&mut *self.shown.lock().map_err(|_| Code::Internal)?);
        for (noun, field) in &self.bound.noted {
            shown.entry(*noun).or_default().fields.push(*field);
        }
        let mut sights = Vec::with_capacity(shown.len());
        for (noun, mut sight) in shown {
            sight.noun = graph().noun(noun).ok_or(Code::Internal)?.name;
            sight.fields.sort_unstable();
            sight.fields.dedup();
            sight.records.sort_unstable();
            sight.records.dedup();
            sights.push(sight);
        }
        Ok(sights)
    }

    pub fn below<'s>(&'s self, level: &'s Level, rows: Vec<Row>) -> BoxFuture<'s, Result<Set<'s>>> {
        Box::pin(async move {
            self.note(level, &rows)?;
            let below = if level.children.is_empty() {
                Vec::new()
            } else {
                try_join_all(level.children.iter().map(|child| self.child(child, &rows))).await?
            };
            Ok(Set { rows, below })
        })
    }

    async fn child<'s>(&'s self, child: &'s Child, rows: &[Row]) -> Result<Below<'s>> {
        match child {
            Child::One { column, level } => {
                let mut ids = Vec::new();
                for row in rows {
                    if let Cell::Uuid(id) = row.cell(*column, Scalar::Uuid)? {
                        ids.push(id);
                    }
                }
                ids.sort_unstable();
                ids.dedup();
                self.one(*column, level, ids).await
            }
            Child::Many { column, list } => {
                let mut ids = Vec::with_capacity(rows.len());
                for row in rows {
                    ids.extend(row.cell(*column, Scalar::Uuid)?.uuid());
                }
                Ok(Below::Many { column: *column, list, pages: self.lists(list, ids).await? })
            }
        }
    }

    pub async fn one<'s>(&'s self, column: usize, level: &'s Level, ids: Vec<Uuid>) -> Result<Below<'s>> {
        let mut places = HashMap::with_capacity(ids.len());
        let mut rows = Vec::with_capacity(ids.len());
        if !ids.is_empty() {
            let keys: Vec<(usize, Uuid)> = ids.into_iter().map(|id| (level.noun, id)).collect();
            let loaded = self.loader.try_load_many(keys).await.map_err(|_| Code::Internal)?;
            for ((_, id), row) in loaded {
                if let Some(row) = row? {
                    places.insert(id, rows.len());
                    rows.push(row);
                }
            }
        }
        Ok(Below::One { column, places, set: self.below(level, rows).await? })
    }
}
