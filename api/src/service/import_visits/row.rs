//! One row of a register, understood or refused: a mapping that has met the header and the organisation's directory.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::{Code, ids};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::super::import::Why;
use super::super::visit::{Functioning, Visit};
use super::field::{Field, day, truth, whole};
use super::mapping::{Mapping, Rule};
use super::sheet::Cell;

/// What spreadsheets show where a formula failed.
const BROKEN: [&str; 8] = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"];

/// The organisation's codes.
pub(super) struct Directory {
    /// Centres by code.
    pub(super) centres: HashMap<String, Uuid>,
    /// Projects by English name; none where two share it.
    pub(super) projects: HashMap<String, Option<Uuid>>,
}

/// How the rows of one file are read.
pub(super) struct Plan {
    organisation: Uuid,
    register: String,
    /// How many columns the header has.
    width: usize,
    key: Vec<usize>,
    /// Columns that matter.
    used: Vec<usize>,
    fields: BTreeMap<Field, Prepared>,
    directory: Directory,
}

/// A rule that has found its column.
struct Prepared {
    column: Option<usize>,
    otherwise: Vec<String>,
    values: HashMap<String, Vec<String>>,
    split: Option<String>,
    format: Option<String>,
}

/// A row that is identified.
pub(super) struct Told {
    /// The visit's id, which follows from the key.
    pub(super) id: Uuid,
    /// The digest of the cells that matter.
    pub(super) content: [u8; 32],
    /// The visit, or everything that is wrong with the cells.
    pub(super) visit: Result<Visit, Vec<Why>>,
}

impl Plan {
    /// The mapping, met by the header and the directory; everything that does not fit.
    pub(super) fn new(
        mapping: &Mapping,
        header: &[Cell],
        organisation: Uuid,
        directory: Directory,
    ) -> Result<Self, Vec<String>> {
        let header: Vec<_> = header.iter().map(|cell| cell.text().unwrap_or_default()).collect();
        let header: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
        let find = |column: &str| header.iter().position(|name| *name == column.trim());
        let mut faults = columns(mapping, &header);
        for (field, known) in [
            (Field::Centre, directory.centres.keys().map(String::as_str).collect::<HashSet<_>>()),
            (Field::Project, directory.projects.keys().map(String::as_str).collect()),
        ] {
            for text in mapping.constants(field).iter().filter(|text| !known.contains(text.as_str())) {
                faults.push(format!("The organisation has no {} `{text}`.", field.name()));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let key: Vec<usize> = mapping.key.iter().filter_map(|column| find(column)).collect();
        let prepared = |rule: &Rule| Prepared {
            column: rule.column.as_deref().and_then(find),
            otherwise: rule.otherwise(),
            values: rule.values().map(|(cell, texts)| (cell.to_owned(), texts)).collect(),
            split: rule.split.clone(),
            format: rule.format.clone(),
        };
        let fields: BTreeMap<_, _> = mapping.fields.iter().map(|(field, rule)| (*field, prepared(rule))).collect();
        let mut used: Vec<usize> = fields.values().filter_map(|rule| rule.column).chain(key.iter().copied()).collect();
        used.sort_unstable();
        used.dedup();
        let register = mapping.register.as_deref().unwrap_or_default().trim().to_owned();
        Ok(Self { organisation, register, width: header.len(), key, used, fields, directory })
    }

    /// What a row says, or why nobody can say which row it is.
    pub(super) fn read(&self, cells: &[Cell]) -> Result<Told, Vec<Why>> {
        if cells.len() != self.width {
            return Err(vec![Why::new("ROW_LENGTH", "")]);
        }
        let mut reading = Reading { plan: self, cells, faults: Vec::new() };
        let visit = reading.visit();
        let visited_on = visit.as_ref().map(|visit| visit.visited_on);
        let key = self.key(cells, visited_on);
        let visit = if reading.faults.is_empty() { visit.ok_or(Vec::new()) } else { Err(reading.faults) };
        match key {
            Ok(key) => Ok(Told {
                id: ids::imported_visit(self.organisation, &key),
                content: digest(self.used.iter().filter_map(|column| cells.get(*column))),
                visit,
            }),
            Err(why) => {
                let mut faults = visit.err().unwrap_or_default();
                faults.push(why);
                Err(faults)
            }
        }
    }

    /// What identifies a row. The day of the visit is the same however it is written.
    fn key(&self, cells: &[Cell], visited_on: Option<NaiveDate>) -> Result<Vec<String>, Why> {
        let of_day = self.fields.get(&Field::VisitedOn).and_then(|rule| rule.column);
        let mut parts = vec![self.register.clone()];
        for column in &self.key {
            let text = cells.get(*column).and_then(Cell::text).ok_or(Why::new("NOT_UTF8", "key"))?;
            parts.push(match visited_on {
                _ if text.is_empty() => return Err(Why::new("KEY_EMPTY", "key")),
                Some(day) if of_day == Some(*column) => day.to_string(),
                _ => text.into_owned(),
            });
        }
        Ok(parts)
    }
}

/// Columns that the header lacks or has twice.
fn columns(mapping: &Mapping, header: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for (field, column) in mapping.columns() {
        match header.iter().filter(|name| **name == column.trim()).count() {
            0 => faults.push(format!("The file has no column `{column}`, which `{field}` names.")),
            1 => {}
            _ => faults.push(format!("The file has the column `{column}` more than once, which `{field}` names.")),
        }
    }
    faults
}

/// The digest of cells, which no shift of a boundary between cells can repeat.
fn digest<'a>(cells: impl Iterator<Item = &'a Cell>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for cell in cells {
        let bytes = cell.bytes();
        let bytes = bytes.trim_ascii();
        hash.update(u64::try_from(bytes.len()).unwrap_or_default().to_be_bytes());
        hash.update(bytes);
    }
    hash.finalize().into()
}

/// A row while it is read; what is wrong is gathered.
struct Reading<'a> {
    plan: &'a Plan,
    cells: &'a [Cell],
    faults: Vec<Why>,
}

impl Reading<'_> {
    /// The visit, if everything it needs is there; whether nothing is wrong `faults` tells.
    fn visit(&mut self) -> Option<Visit> {
        let (centre, visited_on) = (self.centre(), self.day());
        let (channel, visitor_kind) = (self.needed(Field::Channel), self.needed(Field::VisitorKind));
        let rest = Visit {
            once: None,
            id: None,
            centre: centre.unwrap_or_default(),
            project: self.project(),
            visited_on: visited_on.unwrap_or_default(),
            channel: channel.unwrap_or(entity::visit::VisitChannel::WalkIn),
            ticket: self.one(Field::Ticket),
            person: None,
            is_first: self.parsed(Field::IsFirst, truth).unwrap_or(true),
            visitor_kind: visitor_kind.unwrap_or(entity::visit::VisitorKind::Other),
            sex: self.code(Field::Sex).unwrap_or(Sex::NotAsked),
            age_years: self.parsed(Field::AgeYears, whole),
            age_group: self.code(Field::AgeGroup),
            functioning: self.functioning(),
            disability: self.code(Field::Disability).unwrap_or(Answer::NotAsked),
            displacement: self.code(Field::Displacement).unwrap_or(DisplacementStatus::NotAsked),
            home_township: self.one(Field::HomeTownship),
            destination: self.one(Field::Destination),
            sector: self.code(Field::Sector),
            heard_through: self.code(Field::HeardThrough),
            topics: self.codes(Field::Topics),
            services: self.codes(Field::Services),
            signs: self.codes(Field::Signs),
            documents_given: self.entries(Field::DocumentsGiven),
            minutes: self.parsed(Field::Minutes, whole),
            call_kind: self.code(Field::CallKind),
            satisfaction: self.parsed(Field::Satisfaction, whole),
            needs_follow_up: self.parsed(Field::NeedsFollowUp, truth).unwrap_or(false),
            note: self.one(Field::Note),
            recorded_on_device_at: None,
            device_offset: None,
        };
        (visited_on.is_some() && centre.is_some()).then_some(rest)
    }

    fn functioning(&mut self) -> Functioning {
        Functioning {
            seeing: self.code(Field::Seeing),
            hearing: self.code(Field::Hearing),
            walking: self.code(Field::Walking),
            remembering: self.code(Field::Remembering),
            self_care: self.code(Field::SelfCare),
            communicating: self.code(Field::Communicating),
        }
    }

    fn fault(&mut self, code: &'static str, field: Field) {
        self.faults.push(Why::new(code, field.name()));
    }

    /// What the row says about a field, translated; what stands otherwise if it says nothing.
    fn entries(&mut self, field: Field) -> Vec<String> {
        let plan = self.plan;
        let Some(rule) = plan.fields.get(&field) else { return Vec::new() };
        let Some(cell) = rule.column.and_then(|column| self.cells.get(column)) else { return rule.otherwise.clone() };
        let Some(text) = cell.text() else {
            self.fault("NOT_UTF8", field);
            return Vec::new();
        };
        if BROKEN.contains(&text.as_ref()) && !rule.values.contains_key(text.as_ref()) {
            self.fault("CELL_BROKEN", field);
            return Vec::new();
        }
        let meaning = |part: &str| rule.values.get(part).cloned().unwrap_or_else(|| vec![part.to_owned()]);
        let entries: Vec<String> = match &rule.split {
            Some(split) => text.split(split.as_str()).map(str::trim).flat_map(meaning).collect(),
            None => meaning(&text),
        };
        let entries: Vec<String> = entries.into_iter().filter(|entry| !entry.is_empty()).collect();
        if entries.is_empty() { rule.otherwise.clone() } else { entries }
    }

    fn one(&mut self, field: Field) -> Option<String> {
        self.entries(field).into_iter().next()
    }

    fn required(&mut self, field: Field) -> Option<String> {
        let faults = self.faults.len();
        let text = self.one(field);
        if text.is_none() && self.faults.len() == faults {
            self.fault("FIELD_REQUIRED", field);
        }
        text
    }

    fn centre(&mut self) -> Option<Uuid> {
        let code = self.required(Field::Centre)?;
        let centre = self.plan.directory.centres.get(&code).copied();
        if centre.is_none() {
            self.fault("NOT_FOUND", Field::Centre);
        }
        centre
    }

    fn project(&mut self) -> Option<Uuid> {
        let name = self.one(Field::Project)?;
        let project = self.plan.directory.projects.get(&name).copied();
        match project {
            Some(Some(project)) => return Some(project),
            Some(None) => self.fault("AMBIGUOUS", Field::Project),
            None => self.fault("NOT_FOUND", Field::Project),
        }
        None
    }

    fn day(&mut self) -> Option<NaiveDate> {
        let rule = self.plan.fields.get(&Field::VisitedOn)?;
        if let Some(Cell::Day(day)) = rule.column.and_then(|column| self.cells.get(column)) {
            return Some(*day);
        }
        let text = self.required(Field::VisitedOn)?;
        let found = day(&text, rule.format.as_deref());
        if found.is_none() {
            self.fault("DATE_INVALID", Field::VisitedOn);
        }
        found
    }

    fn needed<C: Code>(&mut self, field: Field) -> Option<C> {
        let text = self.required(field)?;
        self.known(field, &text)
    }

    fn code<C: Code>(&mut self, field: Field) -> Option<C> {
        let text = self.one(field)?;
        self.known(field, &text)
    }

    fn codes<C: Code>(&mut self, field: Field) -> Vec<C> {
        let entries = self.entries(field);
        let codes: Vec<C> = entries.iter().filter_map(|text| C::from_code(text)).collect();
        if codes.len() < entries.len() {
            self.fault("CODE_UNKNOWN", field);
        }
        codes
    }

    fn known<C: Code>(&mut self, field: Field, text: &str) -> Option<C> {
        let code = C::from_code(text);
        if code.is_none() {
            self.fault("CODE_UNKNOWN", field);
        }
        code
    }

    fn parsed<T>(&mut self, field: Field, parse: fn(&str) -> Option<T>) -> Option<T> {
        let text = self.one(field)?;
        let value = parse(&text);
        if value.is_none() {
            self.fault("BAD_USER_INPUT", field);
        }
        value
    }
}
