//! What changed in a resource centre since a device last asked, in the order in which it was written, with what was
//! removed. A transaction may end after one that was written later: so the last page of a look gives a cursor that lies
//! a little back, and the device hears of the newest changes twice rather than of one never.

use async_graphql::Positioned;
use async_graphql::parser::types::Field as Asked;
use async_graphql_value::ConstValue;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use entity::value::{Cell, Scalar};
use entity::{Owner, Tenanted as _, removal};
use uuid::Uuid;

use super::args::{self, Arguments, Variables, arguments};
use super::compile::{Compiler, Level, Out, json_key, json_text, sets};
use super::cursor::{Place, Seal, bond};
use super::id::GlobalId;
use super::run::{Runner, Set};
use super::write::{Writer, comma};
use super::{LARGEST_PAGE, sql};
use crate::access::{Area, Reach, Viewer, reading};
use crate::db::{Rows, Sql, Value};
use crate::error::{Code, Error, Result};
use crate::graph::graph;

/// How a noun's rows belong to a centre.
#[derive(Clone, Copy)]
enum Belongs {
    /// It is the centre.
    Itself,
    /// By its own column.
    Directly,
    /// By the visit it is of.
    ByVisit,
    /// By the visit or the complaint it is of.
    ByVisitOrComplaint,
}

/// What a device follows.
const FOLLOWED: [(&str, Belongs); 11] = [
    ("ResourceCentre", Belongs::Itself),
    ("OpeningPeriod", Belongs::Directly),
    ("Visitor", Belongs::Directly),
    ("Visit", Belongs::Directly),
    ("VisitNote", Belongs::ByVisit),
    ("VisitFollowUp", Belongs::ByVisit),
    ("DirectAssistance", Belongs::ByVisit),
    ("Complaint", Belongs::Directly),
    ("ScreeningRequest", Belongs::ByVisitOrComplaint),
    ("Consent", Belongs::ByVisit),
    ("Referral", Belongs::ByVisit),
];

/// How far back the last page's cursor lies: longer than any request may take, and servers' clocks may differ.
const OVERLAP: TimeDelta = TimeDelta::seconds(30);
/// How long a cursor holds: as long as a device may have been away.
const LIFETIME: TimeDelta = TimeDelta::days(45);
const SCALARS: [Scalar; 2] = [Scalar::Timestamp, Scalar::Timestamp];

/// What is asked of the changes.
pub(super) struct Changes {
    pub slot: usize,
    arguments: Arguments,
    out: Vec<(Box<[u8]>, Part)>,
    /// By place in [`FOLLOWED`]: how its records are read, where they are asked for.
    nodes: Vec<(usize, Level, Vec<Out>)>,
    followed: Vec<(usize, Reach)>,
}

enum Part {
    Constant(Box<[u8]>),
    Changes(Vec<(Box<[u8]>, ChangePart)>),
    Cursor,
    More,
}

enum ChangePart {
    Constant(Box<[u8]>),
    Id,
    Type,
    Version,
    At,
    Removed,
    Node,
}

/// The values of one request.
pub(super) struct BoundChanges {
    centre: Uuid,
    /// Changes of a page.
    pub first: usize,
    after: Option<Place>,
    bond: Vec<u8>,
}

struct Change {
    noun: String,
    id: Uuid,
    version: i64,
    at: DateTime<Utc>,
    removed: bool,
}

/// The changes of one page.
pub(super) struct Changed<'p> {
    changes: Vec<Change>,
    sets: Vec<Set<'p>>,
    /// By change: the set and the row.
    places: Vec<Option<(usize, usize)>>,
    /// Where the next page begins, what was settled when this look began unless it ends here, and the last record.
    cursor: (DateTime<Utc>, Option<DateTime<Utc>>, Uuid),
    more: bool,
}

impl<'d> Compiler<'d> {
    /// Nothing where the role reads no visits.
    pub(super) fn changes(&mut self, key: &str, fields: &[&'d Positioned<Asked>]) -> Result<Option<Changes>> {
        let Some(field) = fields.first() else { return Err(Code::Internal.into()) };
        if reading(self.role, Area::Visits).is_none() {
            return Ok(None);
        }
        let slot = self.plan.changes;
        self.plan.changes += 1;
        let followed = FOLLOWED.iter().enumerate().filter_map(|(place, (name, _))| {
            let noun = graph().named(name)?;
            Some((place, reading(self.role, noun.area)?.reach))
        });
        let followed = followed.collect();
        let mut changes =
            Changes { slot, arguments: arguments(&field.node), out: Vec::new(), nodes: Vec::new(), followed };
        for (name, fields) in self.reader.fields(&sets(fields), &|on| on == "ChangePage") {
            let part = match fields.first().map_or("", |field| field.node.name.node.as_str()) {
                "changes" => Part::Changes(self.change(&mut changes, &fields, &format!("{key}.{name}"))?),
                "cursor" => Part::Cursor,
                "hasMore" => Part::More,
                _ => Part::Constant(json_text("ChangePage")),
            };
            changes.out.push((json_key(name), part));
        }
        Ok(Some(changes))
    }

    fn change(
        &mut self,
        changes: &mut Changes,
        fields: &[&'d Positioned<Asked>],
        path: &str,
    ) -> Result<Vec<(Box<[u8]>, ChangePart)>> {
        let mut out = Vec::new();
        for (name, fields) in self.reader.fields(&sets(fields), &|on| on == "Change") {
            let Some(field) = fields.first() else { continue };
            let part = match field.node.name.node.as_str() {
                "id" => ChangePart::Id,
                "recordType" => ChangePart::Type,
                "rowVersion" => ChangePart::Version,
                "changedAt" => ChangePart::At,
                "isRemoved" => ChangePart::Removed,
                "node" => {
                    if !changes.nodes.is_empty() {
                        let text = "Ask for node once.";
                        return Err(Error::new(Code::BadUserInput).saying(text).at(field.pos));
                    }
                    for (place, reach) in changes.followed.clone() {
                        let Some((followed, _)) = FOLLOWED.get(place) else { continue };
                        let noun = graph().position(followed).ok_or(Code::Internal)?;
                        let mut level = self.single(noun, reach)?;
                        let fields = self.object(&mut level, &sets(&fields), &format!("{path}.{name}"))?;
                        changes.nodes.push((place, level, fields));
                    }
                    ChangePart::Node
                }
                _ => ChangePart::Constant(json_text("Change")),
            };
            out.push((json_key(name), part));
        }
        Ok(out)
    }
}

impl Changes {
    /// The levels whose rows a page may show.
    pub(super) fn levels(&self) -> impl Iterator<Item = &Level> {
        self.nodes.iter().map(|(_, level, _)| level)
    }

    pub(super) fn bind(
        &self,
        variables: &Variables,
        viewer: &Viewer,
        seal: &Seal,
        now: DateTime<Utc>,
    ) -> Result<BoundChanges> {
        let text =
            |name: &str| variables.argument(&self.arguments, name).map(|value| args::text(&value, name)).transpose();
        let centre = text("centre")?.and_then(|id| GlobalId::read_as(&id, "centre"));
        let centre = centre.ok_or_else(|| Error::new(Code::NotFound).on("centre"))?;
        let first = match variables.argument(&self.arguments, "first") {
            Some(ConstValue::Number(first)) => first.as_i64().unwrap_or_default(),
            _ => i64::from(LARGEST_PAGE),
        };
        if !(1..=i64::from(LARGEST_PAGE)).contains(&first) {
            let text = format!("A page has 1 to {LARGEST_PAGE} changes.");
            return Err(Error::new(Code::LimitExceeded).saying(text).on("first"));
        }
        let bond = bond(viewer, &format!("changesSince {centre}"));
        let after = text("cursor")?;
        let after =
            after.map(|cursor| seal.open_within(LIFETIME, &bond, now, &cursor, &SCALARS, "cursor")).transpose()?;
        Ok(BoundChanges { centre, first: usize::try_from(first).unwrap_or_default(), after, bond })
    }

    /// One statement: a page of each noun, and of them all the first.
    fn write(&self, sql: &mut Sql<'_>, bound: &BoundChanges) -> Result<()> {
        sql.push("SELECT * FROM (");
        for (position, (place, reach)) in self.followed.iter().enumerate() {
            let (name, belongs) = FOLLOWED.get(*place).ok_or(Code::Internal)?;
            let noun = graph().named(name).ok_or(Code::Internal)?;
            sql.push(if position > 0 { " UNION ALL SELECT * FROM (" } else { "SELECT * FROM (" });
            let next = sql.next();
            sql.push(&format!(
                "SELECT '{name}' AS noun, t{next}.id, t{next}.row_version AS version, t{next}.updated_at AS at, \
                 FALSE AS removed"
            ));
            let alias = sql.source(noun.table, &noun.owner, *reach);
            belongs.to(sql, alias, bound.centre);
            page(sql, alias, "id", bound);
        }
        let next = sql.next();
        sql.push(&format!(
            " UNION ALL SELECT * FROM (SELECT t{next}.record_type AS noun, t{next}.record_id AS id, 0 AS version, \
             t{next}.updated_at AS at, TRUE AS removed"
        ));
        let alias = sql.source("removal", &removal::Entity::OWNER, Reach::Organisation);
        Belongs::Directly.to(sql, alias, bound.centre);
        page(sql, alias, "record_id", bound);
        sql.push(&format!(") AS changed ORDER BY at, id LIMIT {}", bound.first + 1));
        Ok(())
    }
}

/// Closes a noun's page: what comes after the place, in order.
fn page(sql: &mut Sql<'_>, alias: usize, id: &str, bound: &BoundChanges) {
    if let Some(Place { keys, id: last }) = &bound.after
        && let Some(Some(at)) = keys.first()
    {
        sql.push(&format!(" AND (t{alias}.updated_at, t{alias}.{id}) > ("));
        sql.bind(at.clone());
        sql.push(", ");
        sql.bind(Value::Uuid(*last));
        sql.push(")");
    }
    sql.push(&format!(" ORDER BY t{alias}.updated_at, t{alias}.{id} LIMIT {}) AS page{alias}", bound.first + 1));
}

impl Belongs {
    /// Appends that a row belongs to the centre.
    fn to(self, sql: &mut Sql<'_>, alias: usize, centre: Uuid) {
        let own = |sql: &mut Sql<'_>, column: &str| {
            sql.column(alias, column);
            sql.push(" = ");
            sql.bind(Value::Uuid(centre));
        };
        let through = |sql: &mut Sql<'_>, column: &str, table: &str| {
            sql.push("EXISTS (SELECT 1");
            let other = sql.source(table, &Owner::Organisation("organisation_id"), Reach::Organisation);
            sql.push(&format!(" AND t{other}.id = t{alias}.{column} AND "));
            sql.column(other, "centre_id");
            sql.push(" = ");
            sql.bind(Value::Uuid(centre));
            sql.push(")");
        };
        sql.push(" AND ");
        match self {
            Self::Itself => own(sql, "id"),
            Self::Directly => own(sql, "centre_id"),
            Self::ByVisit => through(sql, "visit_id", "visit"),
            Self::ByVisitOrComplaint => {
                sql.push("(");
                through(sql, "visit_id", "visit");
                sql.push(" OR ");
                through(sql, "complaint_id", "complaint");
                sql.push(")");
            }
        }
    }
}

impl Runner<'_> {
    pub(super) async fn changed<'s>(&'s self, asked: &'s Changes) -> Result<Changed<'s>> {
        let bound = self.bound.changes.get(asked.slot).ok_or(Code::Internal)?;
        self.exists(bound.centre).await?;
        let mut sql = self.sql();
        asked.write(&mut sql, bound)?;
        let rows = self.rows(sql).await?;
        let more = rows.len() > bound.first;
        let changes: Result<Vec<Change>> =
            (0..rows.len().min(bound.first)).map(|row| Change::read(&rows, row)).collect();
        let changes = changes?;
        // What was settled when this look began; the next look begins there.
        let kept = bound.after.as_ref().and_then(|place| place.keys.get(1).cloned().flatten());
        let settled = match kept {
            Some(Value::Timestamp(settled)) => settled,
            _ => self.scope.now() - OVERLAP,
        };
        let cursor = match changes.last() {
            Some(last) if more => (last.at, Some(settled), last.id),
            _ => (settled, None, Uuid::nil()),
        };
        let mut sets = Vec::with_capacity(asked.nodes.len());
        let mut places = vec![None; changes.len()];
        for (place, level, _) in &asked.nodes {
            let (name, _) = FOLLOWED.get(*place).ok_or(Code::Internal)?;
            let theirs = |change: &&Change| change.noun == *name && !change.removed;
            let ids: Vec<Uuid> = changes.iter().filter(theirs).map(|change| change.id).collect();
            let found = if ids.is_empty() { Vec::new() } else { self.records(level, ids).await? };
            for (place, change) in places.iter_mut().zip(&changes).filter(|(_, change)| theirs(change)) {
                let row = found.iter().position(|(id, _)| *id == change.id);
                *place = row.map(|row| (sets.len(), row));
            }
            sets.push(self.below(level, found.into_iter().map(|(_, row)| row).collect()).await?);
        }
        Ok(Changed { changes, sets, places, cursor, more })
    }

    /// An unknown centre is said as such: a device would wait for ever.
    async fn exists(&self, centre: Uuid) -> Result<()> {
        let noun = graph().named("ResourceCentre").ok_or(Code::Internal)?;
        let reach = reading(self.scope.viewer().role, noun.area).ok_or(Code::RoleNotAllowed)?.reach;
        let mut sql = self.sql();
        sql::by_id(&mut sql, noun, reach, &[noun.id_column()], vec![centre]);
        if !self.rows(sql).await?.is_empty() {
            return Ok(());
        }
        self.scope.miss();
        Err(Error::new(Code::NotFound).on("centre"))
    }
}

impl Change {
    fn read(rows: &Rows, row: usize) -> Result<Self> {
        let Cell::Text(noun) = rows.cell(row, 0, Scalar::Text)? else { return Err(Code::Internal.into()) };
        let Cell::Timestamp(at) = rows.cell(row, 3, Scalar::Timestamp)? else { return Err(Code::Internal.into()) };
        Ok(Self {
            noun: noun.into_owned(),
            id: rows.cell(row, 1, Scalar::Uuid)?.uuid().ok_or(Code::Internal)?,
            version: rows.cell(row, 2, Scalar::Int)?.int().ok_or(Code::Internal)?,
            at,
            removed: matches!(rows.cell(row, 4, Scalar::Bool)?, Cell::Bool(true)),
        })
    }
}

impl Writer<'_> {
    pub(super) fn changed(&self, out: &mut Vec<u8>, asked: &Changes, found: &Changed<'_>) -> Result<()> {
        out.push(b'{');
        for (position, (key, part)) in asked.out.iter().enumerate() {
            comma(out, position);
            out.extend_from_slice(key);
            match part {
                Part::Constant(bytes) => out.extend_from_slice(bytes),
                Part::More => out.extend_from_slice(if found.more { b"true" } else { b"false" }),
                Part::Cursor => out.extend_from_slice(&json_text(&self.begins(asked, found)?)),
                Part::Changes(parts) => {
                    out.push(b'[');
                    for position in 0..found.changes.len() {
                        comma(out, position);
                        self.change(out, asked, parts, found, position)?;
                    }
                    out.push(b']');
                }
            }
        }
        out.push(b'}');
        Ok(())
    }

    fn begins(&self, asked: &Changes, found: &Changed<'_>) -> Result<String> {
        let bound = self.bound.changes.get(asked.slot).ok_or(Code::Internal)?;
        let (at, settled, id) = found.cursor;
        let keys = [Cell::Timestamp(at), settled.map_or(Cell::Null, Cell::Timestamp)];
        self.seal.close(&bound.bond, self.moment.now, &keys, id)
    }

    fn change(
        &self,
        out: &mut Vec<u8>,
        asked: &Changes,
        parts: &[(Box<[u8]>, ChangePart)],
        found: &Changed<'_>,
        position: usize,
    ) -> Result<()> {
        let change = found.changes.get(position).ok_or(Code::Internal)?;
        out.push(b'{');
        for (position_in, (key, part)) in parts.iter().enumerate() {
            comma(out, position_in);
            out.extend_from_slice(key);
            match part {
                ChangePart::Constant(bytes) => out.extend_from_slice(bytes),
                ChangePart::Id => {
                    let prefix = graph().named(&change.noun).ok_or(Code::Internal)?.prefix;
                    out.extend_from_slice(&json_text(&GlobalId::text(prefix, change.id)));
                }
                ChangePart::Type => out.extend_from_slice(&json_text(&change.noun)),
                ChangePart::Version => out.extend_from_slice(change.version.to_string().as_bytes()),
                ChangePart::At => {
                    out.extend_from_slice(&json_text(&change.at.to_rfc3339_opts(SecondsFormat::AutoSi, true)));
                }
                ChangePart::Removed => out.extend_from_slice(if change.removed { b"true" } else { b"false" }),
                ChangePart::Node => {
                    let place = found.places.get(position).copied().flatten();
                    let node = place.and_then(|(set, row)| Some((asked.nodes.get(set)?, found.sets.get(set)?, row)));
                    match node {
                        Some(((_, _, fields), set, row)) => self.some(out, fields, set, set.rows.get(row))?,
                        None => out.extend_from_slice(b"null"),
                    }
                }
            }
        }
        out.push(b'}');
        Ok(())
    }
}
