//! Survivors from a file of the Counter-Trafficking Data Collaborative (k-anonymised Global Dataset): each row becomes
//! a person without a name, a survivor and one episode of exploitation. A row whose values cannot be understood is set
//! aside, never guessed. Running the same file again adds nothing; a run that was stopped is continued.

mod row;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::io::Read;

use entity::exploitation_episode::{self as episode, ExploitationKind};
use entity::list::List;
use entity::person::{self, Answer, DisplacementStatus};
use entity::survivor::{self, HtcdsCaseStatus, NationalIdentification};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub use row::{COLUMNS, Reason};
use row::{Columns, Victim};

use super::import::{Stopped, Summary, Watcher, read, set_aside};
use crate::access::Action;
use crate::clock::Clock;
use crate::db::{Database, Scope, Write};
use crate::error::{Code, Result};

/// Rows of one transaction.
const BATCH: usize = 200;
/// How often a batch is tried again when another import took its codes.
const TRIES: usize = 5;
/// What `survivor.import_source` says.
const SOURCE: &str = "ctdc";
/// What survivors' codes begin with.
const PREFIX: &str = "CTDC-";

/// Reads `source` to its end into `organisation`, which must exist.
pub async fn ctdc(
    database: &Database,
    clock: &Clock,
    organisation: Uuid,
    source: impl Read + Send,
    watcher: &mut impl Watcher,
) -> std::result::Result<Summary, Stopped> {
    let scope = Scope::operator(database.clone(), organisation, clock.clone());
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(source);
    let mut cells = csv::ByteRecord::new();
    if !read(&mut reader, &mut cells)? {
        return Err(Stopped::Empty);
    }
    let columns = Columns::find(&cells).map_err(Stopped::Header)?;
    watcher.header(&cells).map_err(Stopped::Quarantine)?;
    let latest = chrono::Datelike::year(&clock.today());
    let mut summary = Summary::default();
    let mut seen: BTreeMap<[u8; 32], u32> = BTreeMap::new();
    let mut batch = Vec::with_capacity(BATCH);
    let mut last = None;
    let mut row = 1;
    while read(&mut reader, &mut cells)? {
        row += 1;
        match columns.victim(&cells, latest) {
            Ok((victim, content)) => {
                let ordinal = seen.entry(content).and_modify(|times| *times += 1).or_insert(1);
                batch.push((victim, key(&content, *ordinal)));
            }
            Err(reason) => set_aside(watcher, &mut summary, row, vec![reason.into()], &cells)?,
        }
        if batch.len() == BATCH {
            store(&scope, &mut last, &mut batch, &mut summary).await?;
            watcher.progress(reader.position().byte());
        }
    }
    store(&scope, &mut last, &mut batch, &mut summary).await?;
    watcher.progress(reader.position().byte());
    Ok(summary)
}

/// What tells a row from every other: its content, and which of the rows with the same content it is, for equal rows
/// are different people.
fn key(content: &[u8; 32], ordinal: u32) -> String {
    let mut key = String::with_capacity(72);
    for byte in content {
        let _ = write!(key, "{byte:02x}");
    }
    let _ = write!(key, "-{ordinal}");
    key
}

/// `last` is the number of the newest code, once it is known.
async fn store(
    scope: &Scope,
    last: &mut Option<u64>,
    batch: &mut Vec<(Victim, String)>,
    summary: &mut Summary,
) -> Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let mut tries = 1;
    let accepted = loop {
        match attempt(scope, last, batch).await {
            // Another import of the same organisation was faster: look again at what is there.
            Err(error) if matches!(error.code, Code::Duplicate | Code::Unavailable) && tries < TRIES => {
                tries += 1;
                *last = None;
            }
            outcome => break outcome?,
        }
    };
    summary.accepted += accepted;
    summary.already_there += u64::try_from(batch.len()).unwrap_or_default() - accepted;
    batch.clear();
    Ok(())
}

async fn attempt(scope: &Scope, last: &mut Option<u64>, batch: &[(Victim, String)]) -> Result<u64> {
    let mut write = scope.operate(Action::RecordsImport).await?;
    let keys = batch.iter().map(|(_, key)| key.as_str());
    let there = write
        .find::<survivor::Entity>()?
        .filter(survivor::Column::ImportSource.eq(SOURCE))
        .filter(survivor::Column::ImportKey.is_in(keys));
    let there: HashSet<String> = write.all(there).await?.into_iter().filter_map(|row| row.import_key).collect();
    let new: Vec<&(Victim, String)> = batch.iter().filter(|(_, key)| !there.contains(key)).collect();
    if new.is_empty() {
        write.abandon().await?;
        return Ok(0);
    }
    let mut number = match *last {
        Some(number) => number,
        None => last_number(&write).await?,
    };
    let mut rows = Rows::default();
    for (victim, key) in &new {
        number += 1;
        rows.add(scope, victim, key, number);
    }
    write.insert_many(rows.persons).await?;
    write.insert_many(rows.survivors).await?;
    write.insert_many(rows.episodes).await?;
    write.wrote(&["person", "survivor", "exploitationEpisode"]);
    write.finish("Organisation").await?;
    *last = Some(number);
    Ok(u64::try_from(new.len()).unwrap_or_default())
}

/// The highest number among the organisation's codes with the prefix, whoever gave them.
async fn last_number(write: &Write) -> Result<u64> {
    let codes = write.find::<survivor::Entity>()?.filter(survivor::Column::Code.starts_with(PREFIX));
    let numbers = write.all(codes).await?;
    Ok(numbers.iter().filter_map(|row| row.code.strip_prefix(PREFIX)?.parse().ok()).max().unwrap_or(0))
}

#[derive(Default)]
struct Rows {
    persons: Vec<person::ActiveModel>,
    survivors: Vec<survivor::ActiveModel>,
    episodes: Vec<episode::ActiveModel>,
}

impl Rows {
    fn add(&mut self, scope: &Scope, victim: &Victim, key: &str, number: u64) {
        let person = scope.new_id();
        let id = scope.new_id();
        self.persons.push(person::ActiveModel {
            id: Set(person),
            full_name: Set(None),
            is_name_hidden: Set(true),
            sex: Set(victim.sex),
            gender: Set(victim.gender),
            is_age_estimated: Set(false),
            is_stateless: Set(Answer::NotAsked),
            birth_registered: Set(Answer::NotAsked),
            displacement: Set(DisplacementStatus::NotAsked),
            disability: Set(Answer::NotAsked),
            languages: Set(List::empty()),
            documentation: Set(List::empty()),
            ..Default::default()
        });
        self.survivors.push(survivor::ActiveModel {
            id: Set(id),
            person_id: Set(person),
            code: Set(format!("{PREFIX}{number:06}")),
            // The file knows the year alone.
            registered_on: Set(victim.first_day),
            registered_year: Set(victim.year),
            age_band: Set(victim.age_band.map(str::to_owned)),
            citizenship: Set(victim.citizenship.clone()),
            status: Set(HtcdsCaseStatus::Closed),
            national_identification: Set(NationalIdentification::None),
            import_source: Set(Some(SOURCE.to_owned())),
            import_key: Set(Some(key.to_owned())),
            ..Default::default()
        });
        let kinds = [
            (victim.forced_labour, ExploitationKind::ForcedLabour),
            (victim.sexual_exploitation, ExploitationKind::SexualExploitation),
        ];
        self.episodes.push(episode::ActiveModel {
            id: Set(scope.new_id()),
            survivor_id: Set(id),
            kinds: Set(List::codes(kinds.into_iter().filter(|(is, _)| *is == Answer::Yes).map(|(_, kind)| kind))),
            sex_kinds: Set(List::empty()),
            country: Set(victim.country.clone()),
            means_of_control: Set(List::empty()),
            is_forced_labour: Set(victim.forced_labour),
            is_sexual_exploitation: Set(victim.sexual_exploitation),
            ..Default::default()
        });
    }
}

/// The digest of cells, which no shift of a boundary between cells can repeat.
fn digest<'a>(cells: impl Iterator<Item = &'a str>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for cell in cells {
        hash.update(u64::try_from(cell.len()).unwrap_or_default().to_be_bytes());
        hash.update(cell.as_bytes());
    }
    hash.finalize().into()
}
