//! The reads: rows become JSON while they are there. `?1` is the organisation, `?2` the team.

use std::io::Write as _;

use rusqlite::{Connection, Row, params};
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{Failed, Viewer};

type Answer = Result<Vec<u8>, Failed>;

macro_rules! team {
    () => {
        "(SELECT u.id FROM app_user u WHERE u.organisation_id = ?1 AND u.team = ?2)"
    };
}

macro_rules! my_case {
    ($alias:literal) => {
        concat!("(", $alias, ".created_by IN ", team!(), " OR ", $alias, ".owner_id IN ", team!(), ")")
    };
}

macro_rules! child {
    () => {
        concat!(
            "SELECT t.id, t.code, t.schooling, t.out_of_school_reason, t.registered_on, t.latest_risk_class, \
             t.row_version, t.updated_at FROM child t WHERE t.organisation_id = ?1 AND (t.created_by IN ",
            team!(),
            " OR t.registered_by IN ",
            team!(),
            " OR EXISTS (SELECT 1 FROM \"case\" c WHERE c.organisation_id = ?1 AND c.child_id = t.id AND ",
            my_case!("c"),
            "))"
        )
    };
}

macro_rules! visit {
    () => {
        concat!(
            "SELECT t.id, t.ticket, t.visited_on, t.channel, t.is_first, t.minutes, t.visitor_kind, t.sex, \
             t.age_years, t.destination, t.topics, t.services, t.note, t.centre_id FROM visit t \
             WHERE t.organisation_id = ?1 AND (t.created_by IN ",
            team!(),
            " OR t.counsellor_id IN ",
            team!(),
            ")"
        )
    };
}

const CHILD: &str = concat!(child!(), " AND t.id = ?3");
const CHILDREN: &str = concat!(child!(), " ORDER BY t.id LIMIT ?3");
const CASES: &str = concat!(
    "SELECT t.id, t.display_number, t.status, t.workflow, t.risk_level, t.registered_on FROM \"case\" t \
     WHERE t.organisation_id = ?1 AND ",
    my_case!("t"),
    " AND t.child_id = ?3 ORDER BY t.id"
);
const SERVICES: &str = concat!(
    "SELECT t.id, t.service_type, t.requested_on, t.implementation, t.agency FROM case_service t \
     WHERE t.organisation_id = ?1 AND (t.created_by IN ",
    team!(),
    " OR EXISTS (SELECT 1 FROM \"case\" c WHERE c.organisation_id = ?1 AND c.id = t.case_id AND ",
    my_case!("c"),
    ")) AND t.case_id = ?3 ORDER BY t.id"
);
const NEWEST: &str = concat!(visit!(), " ORDER BY t.visited_on DESC, t.id DESC LIMIT 100");
const OLDEST: &str = concat!(visit!(), " ORDER BY t.visited_on, t.id LIMIT 100");

/// The team of an enabled user with that role.
pub(crate) fn team(db: &Connection, (organisation, subject, role): &(Uuid, String, String)) -> Result<String, Failed> {
    let sql = "SELECT u.team FROM app_user u JOIN organisation o ON o.organisation_id = u.organisation_id \
               WHERE u.is_enabled AND o.is_active AND u.organisation_id = ?1 AND u.subject = ?2 AND u.role = ?3";
    let found = db.prepare_cached(sql)?.query_row(params![organisation.as_bytes(), subject, role], |row| row.get(0));
    found.map_err(|_| Failed::refused())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Child<'r> {
    id: Uuid,
    code: &'r str,
    schooling: &'r str,
    out_of_school_reason: Option<&'r str>,
    registered_on: &'r str,
    latest_risk_class: Option<&'r str>,
    row_version: i64,
    updated_at: &'r str,
}

fn id(row: &Row<'_>, column: usize) -> Result<Uuid, Failed> {
    Uuid::from_slice(row.get_ref(column)?.as_blob()?).map_err(|error| Failed::broken(&error))
}

fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r str, Failed> {
    Ok(row.get_ref(column)?.as_str()?)
}

fn optional<'r>(row: &'r Row<'_>, column: usize) -> Result<Option<&'r str>, Failed> {
    Ok(row.get_ref(column)?.as_str_or_null()?)
}

fn number(row: &Row<'_>, column: usize) -> Result<Option<i64>, Failed> {
    Ok(row.get_ref(column)?.as_i64_or_null()?)
}

fn write_child(out: &mut Vec<u8>, row: &Row<'_>) -> Result<(), Failed> {
    let child = Child {
        id: id(row, 0)?,
        code: text(row, 1)?,
        schooling: text(row, 2)?,
        out_of_school_reason: optional(row, 3)?,
        registered_on: text(row, 4)?,
        latest_risk_class: optional(row, 5)?,
        row_version: row.get(6)?,
        updated_at: text(row, 7)?,
    };
    Ok(serde_json::to_writer(out, &child)?)
}

fn comma(out: &mut Vec<u8>, first: &mut bool) {
    if !std::mem::take(first) {
        out.push(b',');
    }
}

/// W1: one child.
pub(crate) fn child(db: &Connection, viewer: &Viewer, query: &str) -> Answer {
    let wanted = query.strip_prefix("id=").and_then(|text| Uuid::parse_str(text).ok()).ok_or_else(Failed::bad)?;
    let mut statement = db.prepare_cached(CHILD)?;
    let mut rows = statement.query(params![viewer.organisation.as_bytes(), viewer.team, wanted.as_bytes()])?;
    let mut out = br#"{"data":{"child":"#.to_vec();
    match rows.next()? {
        Some(row) => write_child(&mut out, row)?,
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b"}}");
    Ok(out)
}

/// W2: a page of children.
pub(crate) fn children(db: &Connection, viewer: &Viewer) -> Answer {
    let mut statement = db.prepare_cached(CHILDREN)?;
    let mut rows = statement.query(params![viewer.organisation.as_bytes(), viewer.team, 51])?;
    let mut out = Vec::with_capacity(16_384);
    out.extend_from_slice(br#"{"data":{"children":{"nodes":["#);
    let (mut count, mut last) = (0, Uuid::nil());
    while let Some(row) = rows.next()? {
        count += 1;
        if count > 50 {
            break;
        }
        if count > 1 {
            out.push(b',');
        }
        write_child(&mut out, row)?;
        last = id(row, 0)?;
    }
    let _ = write!(out, r#"],"pageInfo":{{"hasNextPage":{},"endCursor":"{last}"}}}}}}}}"#, count > 50);
    Ok(out)
}

/// W3: fifty children, all their cases, all their services.
pub(crate) fn nested(db: &Connection, viewer: &Viewer) -> Answer {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Head<'r> {
        id: Uuid,
        code: &'r str,
        registered_on: &'r str,
    }
    let organisation = viewer.organisation.as_bytes();
    let mut statement = db.prepare_cached(CHILDREN)?;
    let mut below = (db.prepare_cached(CASES)?, db.prepare_cached(SERVICES)?);
    let mut rows = statement.query(params![organisation, viewer.team, 50])?;
    let mut out = Vec::with_capacity(65_536);
    out.extend_from_slice(br#"{"data":{"children":{"nodes":["#);
    let mut first = true;
    while let Some(row) = rows.next()? {
        comma(&mut out, &mut first);
        let head = Head { id: id(row, 0)?, code: text(row, 1)?, registered_on: text(row, 4)? };
        open(&mut out, &head, "cases")?;
        write_cases(&mut out, &mut below, viewer, head.id)?;
        out.extend_from_slice(b"]}}");
    }
    out.extend_from_slice(b"]}}}");
    Ok(out)
}

/// An object that goes on with a list.
fn open(out: &mut Vec<u8>, head: &impl Serialize, list: &str) -> Result<(), Failed> {
    serde_json::to_writer(&mut *out, head)?;
    out.pop();
    let _ = write!(out, r#","{list}":{{"nodes":["#);
    Ok(())
}

type Below<'c> = (rusqlite::CachedStatement<'c>, rusqlite::CachedStatement<'c>);

fn write_cases(out: &mut Vec<u8>, below: &mut Below<'_>, viewer: &Viewer, child: Uuid) -> Result<(), Failed> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Case<'r> {
        id: Uuid,
        display_number: &'r str,
        status: &'r str,
        workflow: &'r str,
        risk_level: Option<&'r str>,
        registered_on: &'r str,
    }
    let (cases, services) = below;
    let mut rows = cases.query(params![viewer.organisation.as_bytes(), viewer.team, child.as_bytes()])?;
    let mut first = true;
    while let Some(row) = rows.next()? {
        comma(out, &mut first);
        let case = Case {
            id: id(row, 0)?,
            display_number: text(row, 1)?,
            status: text(row, 2)?,
            workflow: text(row, 3)?,
            risk_level: optional(row, 4)?,
            registered_on: text(row, 5)?,
        };
        open(out, &case, "services")?;
        write_services(out, services, viewer, case.id)?;
        out.extend_from_slice(b"]}}");
    }
    Ok(())
}

fn write_services(
    out: &mut Vec<u8>,
    services: &mut rusqlite::CachedStatement<'_>,
    viewer: &Viewer,
    case: Uuid,
) -> Result<(), Failed> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Service<'r> {
        id: Uuid,
        #[serde(rename = "serviceType")]
        kind: &'r str,
        requested_on: &'r str,
        implementation: &'r str,
        agency: Option<&'r str>,
    }
    let mut rows = services.query(params![viewer.organisation.as_bytes(), viewer.team, case.as_bytes()])?;
    let mut first = true;
    while let Some(row) = rows.next()? {
        comma(out, &mut first);
        let service = Service {
            id: id(row, 0)?,
            kind: text(row, 1)?,
            requested_on: text(row, 2)?,
            implementation: text(row, 3)?,
            agency: optional(row, 4)?,
        };
        serde_json::to_writer(&mut *out, &service)?;
    }
    Ok(())
}

/// W4: two hundred visits with centre and organisation.
pub(crate) fn wide(db: &Connection, viewer: &Viewer) -> Answer {
    let organisation = viewer.organisation.as_bytes();
    let code: String = db
        .prepare_cached("SELECT code FROM organisation WHERE organisation_id = ?1")?
        .query_row([organisation], |row| row.get(0))?;
    let mut centres = Vec::new();
    let mut statement =
        db.prepare_cached("SELECT id, code, name_en FROM resource_centre WHERE organisation_id = ?1 ORDER BY id")?;
    let mut rows = statement.query([organisation])?;
    while let Some(row) = rows.next()? {
        let names = Names { en: text(row, 2)? };
        centres.push((id(row, 0)?, serde_json::to_vec(&Centre { id: id(row, 0)?, code: text(row, 1)?, names })?));
    }
    let mut tail = br#","organisation":"#.to_vec();
    serde_json::to_writer(&mut tail, &Owner { id: viewer.organisation, code: &code })?;
    tail.push(b'}');
    let mut out = Vec::with_capacity(131_072);
    out.extend_from_slice(br#"{"data":{"newest":{"nodes":["#);
    write_visits(&mut out, db, NEWEST, viewer, &centres, &tail)?;
    out.extend_from_slice(br#"]},"oldest":{"nodes":["#);
    write_visits(&mut out, db, OLDEST, viewer, &centres, &tail)?;
    out.extend_from_slice(b"]}}}");
    Ok(out)
}

#[derive(Serialize)]
struct Names<'r> {
    en: &'r str,
}

#[derive(Serialize)]
struct Centre<'r> {
    id: Uuid,
    code: &'r str,
    names: Names<'r>,
}

#[derive(Serialize)]
struct Owner<'r> {
    id: Uuid,
    code: &'r str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Visit<'r> {
    id: Uuid,
    ticket: &'r str,
    visited_on: &'r str,
    channel: &'r str,
    is_first: bool,
    minutes: Option<i64>,
    visitor_kind: &'r str,
    sex: &'r str,
    age_years: Option<i64>,
    destination: Option<&'r str>,
    topics: &'r RawValue,
    services: &'r RawValue,
    note: Option<&'r str>,
}

fn write_visits(
    out: &mut Vec<u8>,
    db: &Connection,
    sql: &str,
    viewer: &Viewer,
    centres: &[(Uuid, Vec<u8>)],
    tail: &[u8],
) -> Result<(), Failed> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![viewer.organisation.as_bytes(), viewer.team])?;
    let mut first = true;
    while let Some(row) = rows.next()? {
        comma(out, &mut first);
        let visit = Visit {
            id: id(row, 0)?,
            ticket: text(row, 1)?,
            visited_on: text(row, 2)?,
            channel: text(row, 3)?,
            is_first: row.get(4)?,
            minutes: number(row, 5)?,
            visitor_kind: text(row, 6)?,
            sex: text(row, 7)?,
            age_years: number(row, 8)?,
            destination: optional(row, 9)?,
            topics: serde_json::from_str(text(row, 10)?)?,
            services: serde_json::from_str(text(row, 11)?)?,
            note: optional(row, 12)?,
        };
        serde_json::to_writer(&mut *out, &visit)?;
        out.pop();
        let centre = id(row, 13)?;
        let centre = centres.binary_search_by_key(&centre, |(id, _)| *id).ok().and_then(|place| centres.get(place));
        out.extend_from_slice(br#","centre":"#);
        out.extend_from_slice(centre.map_or(b"null", |(_, json)| json));
        out.extend_from_slice(tail);
    }
    Ok(())
}
