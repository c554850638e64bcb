//! Visits from a register that was kept in a spreadsheet. A mapping says which column fills which field; each row then
//! passes the very rules that a visit logged today does. A row that cannot be understood or is not allowed is set aside,
//! never guessed. A visit's id follows from the cells that identify its row, so a second run adds nothing and a run that
//! was stopped is continued.

mod field;
mod mapping;
mod row;
mod sheet;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::{ids, location, project, resource_centre, visit};
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use uuid::Uuid;

pub use mapping::Mapping;
pub use sheet::Sheet;

use field::Field;
use row::{Directory, Plan, Told};
use sheet::Cell;

use super::batch::Care;
use super::import::{Stopped, Summary, Watcher, Why, set_aside};
use super::visit::{Visit, insert};
use crate::access::{Action, Viewer};
use crate::clock::Clock;
use crate::db::{Database, Scope, Write};
use crate::error::{Code, Error, Errors, Result};

/// Rows of one transaction.
const BATCH: usize = 200;
/// How often a batch is tried again when another import brought in the same rows meanwhile.
const TRIES: usize = 5;

/// Where the visits go.
pub struct Target<'a> {
    /// The database.
    pub database: &'a Database,
    /// The time.
    pub clock: &'a Clock,
    /// Whose visits they are: a user of the organisation.
    pub counsellor: &'a Viewer,
    /// Whether everything is undone again.
    pub is_dry: bool,
}

/// A row on its way, with its cells as they came.
struct Item {
    row: u64,
    cells: csv::ByteRecord,
    told: std::result::Result<(Uuid, Visit), Vec<Why>>,
}

/// What became of a row.
enum Fate {
    Accepted(Uuid),
    AlreadyThere,
    SetAside(Vec<Why>),
}

/// Reads `sheet` to its end into the counsellor's organisation.
pub async fn visits(
    target: &Target<'_>,
    mapping: &Mapping,
    sheet: Sheet,
    watcher: &mut impl Watcher,
) -> std::result::Result<Summary, Stopped> {
    let organisation = target.counsellor.organisation;
    let scope = Scope::operator(target.database.clone(), organisation, target.clock.clone());
    let scope = scope.in_zone(target.counsellor.time_zone);
    let directory = directory(&scope, mapping).await?;
    let mut rows = sheet.rows(mapping.file.clone());
    let header = mapping.file.header();
    let Some(first) = rows.next().await?.filter(|row| row.number == header) else {
        return Err(Stopped::Mapping(vec![format!("Row {header} of the file, the header, is blank.")]));
    };
    let plan = Plan::new(mapping, &first.cells, organisation, directory).map_err(Stopped::Mapping)?;
    watcher.header(&record(&first.cells)).map_err(Stopped::Quarantine)?;
    let mut run = Run {
        scope,
        target,
        batch: Vec::with_capacity(BATCH),
        new: HashSet::new(),
        tickets: HashSet::new(),
        summary: Summary::default(),
    };
    let mut seen: HashMap<Uuid, [u8; 32]> = HashMap::new();
    while let Some(row) = rows.next().await? {
        let told = plan.read(&row.cells).and_then(|told| alone(&mut seen, told));
        run.batch.push(Item { row: row.number, cells: record(&row.cells), told });
        if run.batch.len() == BATCH {
            run.store(watcher).await?;
            watcher.progress(row.done);
        }
    }
    run.store(watcher).await?;
    Ok(run.summary)
}

/// The same row again is one visit; another row with the same key is a mistake of whoever kept the register.
fn alone(seen: &mut HashMap<Uuid, [u8; 32]>, told: Told) -> std::result::Result<(Uuid, Visit), Vec<Why>> {
    if *seen.entry(told.id).or_insert(told.content) != told.content {
        return Err(vec![Why::new("KEY_TWICE", "key")]);
    }
    Ok((told.id, told.visit?))
}

fn record(cells: &[Cell]) -> csv::ByteRecord {
    cells.iter().map(|cell| cell.bytes().into_owned()).collect()
}

/// The organisation's codes. Places that the mapping names and nobody knows stop the import.
async fn directory(scope: &Scope, mapping: &Mapping) -> std::result::Result<Directory, Stopped> {
    let write = scope.operate(Action::RecordsImport).await?;
    let centres = write.all(write.find::<resource_centre::Entity>()?).await?;
    let mut projects: HashMap<String, Option<Uuid>> = HashMap::new();
    for project in write.all(write.find::<project::Entity>()?).await? {
        projects.entry(project.name_en).and_modify(|other| *other = None).or_insert(Some(project.id));
    }
    let mut unknown = Vec::new();
    for pcode in mapping.constants(Field::HomeTownship) {
        if write.shared::<location::Entity>(ids::location(&pcode)).await?.is_none() {
            unknown.push(format!("No place has the P-code `{pcode}`, which `{}` names.", Field::HomeTownship.name()));
        }
    }
    write.abandon().await?;
    if !unknown.is_empty() {
        return Err(Stopped::Mapping(unknown));
    }
    Ok(Directory { centres: centres.into_iter().map(|centre| (centre.code, centre.id)).collect(), projects })
}

/// A ticket of a centre on a day.
type Ticket = (Uuid, NaiveDate, String);

fn ticket(visit: &Visit) -> Option<Ticket> {
    visit.ticket.clone().map(|ticket| (visit.centre, visit.visited_on, ticket))
}

struct Run<'a> {
    scope: Scope,
    target: &'a Target<'a>,
    batch: Vec<Item>,
    /// Visits of this run, which a dry run does not find in the database.
    new: HashSet<Uuid>,
    /// Their tickets.
    tickets: HashSet<Ticket>,
    summary: Summary,
}

impl Run<'_> {
    /// Brings in what has gathered, then tells of it.
    async fn store(&mut self, watcher: &mut impl Watcher) -> std::result::Result<(), Stopped> {
        let mut tries = 1;
        let fates = loop {
            match self.attempt().await {
                Err(error) if matches!(error.code, Code::Duplicate | Code::Unavailable) && tries < TRIES => tries += 1,
                outcome => break outcome?,
            }
        };
        for (item, fate) in self.batch.drain(..).zip(fates) {
            match fate {
                Fate::Accepted(id) => {
                    self.new.insert(id);
                    self.tickets.extend(item.told.as_ref().ok().and_then(|(_, visit)| ticket(visit)));
                    self.summary.accepted += 1;
                }
                Fate::AlreadyThere => self.summary.already_there += 1,
                Fate::SetAside(whys) => set_aside(watcher, &mut self.summary, item.row, whys, &item.cells)?,
            }
        }
        Ok(())
    }

    async fn attempt(&self) -> Result<Vec<Fate>> {
        let mut write = self.scope.operate(Action::RecordsImport).await?;
        let keys = self.batch.iter().filter_map(|item| item.told.as_ref().ok()).map(|(id, _)| *id);
        let there = write.find::<visit::Entity>()?.filter(visit::Column::Id.is_in(keys));
        let there = write.all(there).await?.into_iter().map(|row| (row.id, (row.centre_id, row.visited_on)));
        let mut there: HashMap<Uuid, (Uuid, NaiveDate)> = there.collect();
        let mut taken = self.taken(&write).await?;
        let mut fates = Vec::with_capacity(self.batch.len());
        let mut accepted = false;
        for item in &self.batch {
            fates.push(match &item.told {
                Err(whys) => Fate::SetAside(whys.clone()),
                Ok((id, _)) if self.new.contains(id) => Fate::AlreadyThere,
                Ok((id, visit)) => match there.get(id) {
                    Some(known) if *known == (visit.centre, visit.visited_on) => Fate::AlreadyThere,
                    // A visit that is there already, of another register or of a row that was changed since.
                    Some(_) => Fate::SetAside(vec![Why::new("KEY_TAKEN", "key")]),
                    None if ticket(visit).is_some_and(|one| taken.contains(&one) || self.tickets.contains(&one)) => {
                        Fate::SetAside(vec![Why::new("DUPLICATE", Field::Ticket.name())])
                    }
                    None => {
                        match insert(&mut write, *id, Some(self.target.counsellor.user), visit.clone(), Care::Asking)
                            .await
                        {
                            Ok(()) => {
                                there.insert(*id, (visit.centre, visit.visited_on));
                                taken.extend(ticket(visit));
                                accepted = true;
                                Fate::Accepted(*id)
                            }
                            Err(errors) => Fate::SetAside(refused(&errors)?),
                        }
                    }
                },
            });
        }
        // A dry run too hears what the database says of the last row.
        write.settle().await?;
        if accepted && !self.target.is_dry {
            write.finish("Organisation").await?;
        } else {
            write.abandon().await?;
        }
        Ok(fates)
    }
}

impl Run<'_> {
    /// Tickets of this batch under which visits are there: the database would refuse the second of a day, and with it the
    /// whole batch.
    async fn taken(&self, write: &Write) -> Result<HashSet<Ticket>> {
        let told = self.batch.iter().filter_map(|item| item.told.as_ref().ok()?.1.ticket.clone());
        let there = write.find::<visit::Entity>()?.filter(visit::Column::Ticket.is_in(told));
        let there = write.all(there).await?;
        Ok(there.into_iter().map(|row| (row.centre_id, row.visited_on, row.ticket)).collect())
    }
}

/// What the rules say against a visit; an error of the database is none of that.
fn refused(errors: &Errors) -> Result<Vec<Why>> {
    let is_rules = |error: &Error| error.code.is_users() && error.code != Code::Duplicate;
    match errors.0.iter().find(|error| !is_rules(error)) {
        Some(error) => Err(error.clone()),
        None => Ok(errors.0.iter().map(Why::from).collect()),
    }
}
