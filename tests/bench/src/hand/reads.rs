//! The reads: one transaction each, in as few round trips as there are levels.

use chrono::NaiveDate;
use futures_util::future;
use serde::Serialize;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::answer::{
    Case, Centre, Child, Counted, Data, Nodes, Organisation, Page, PageInfo, Service, ShortCase, ShortChild,
    ShortVisit, Visit, WideVisit, WithCases, WithLatest, json,
};
use crate::pool::{Pool, begin};
use crate::viewer::Viewer;
use crate::{Answer, Failed};

/// A parameter of the query string.
fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query.split('&').find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name)).map(|(_, value)| value)
}

fn day(query: &str, name: &str) -> Result<NaiveDate, Failed> {
    parameter(query, name).and_then(|text| text.parse().ok()).ok_or_else(Failed::bad)
}

fn written<T: Serialize>(data: T) -> Answer {
    let mut out = Vec::with_capacity(4_096);
    serde_json::to_writer(&mut out, &Data { data })?;
    Ok(out)
}

/// W1: one child.
pub(crate) async fn child(pool: &Pool, viewer: &Viewer, query: &str) -> Answer {
    #[derive(Serialize)]
    struct Found<'r> {
        child: Option<Child<'r>>,
    }
    let id: Uuid = parameter(query, "id").and_then(|text| text.parse().ok()).ok_or_else(Failed::bad)?;
    let loan = pool.take().await?;
    let held = loan.held()?;
    let begin = begin(viewer.organisation);
    let ((), row, ()) = future::try_join3(
        held.batch_execute(&begin),
        held.query_opt(&held.statements.child, &[&viewer.organisation, &viewer.team, &id]),
        held.batch_execute("COMMIT"),
    )
    .await?;
    loan.end();
    written(Found { child: row.as_ref().map(Child::of) })
}

#[derive(Serialize)]
struct Children<T> {
    children: T,
}

/// W2: a page of children.
pub(crate) async fn children(pool: &Pool, viewer: &Viewer, query: &str) -> Answer {
    let loan = pool.take().await?;
    let held = loan.held()?;
    let begin = begin(viewer.organisation);
    let (organisation, team, limit) = (&viewer.organisation, &viewer.team, 51_i64);
    let after: Uuid = parameter(query, "after").and_then(|text| text.parse().ok()).unwrap_or_default();
    let first = after.is_nil();
    let later: [&(dyn tokio_postgres::types::ToSql + Sync); 4] = [organisation, team, &after, &limit];
    let page = async {
        if first {
            held.query(&held.statements.first_children, &[organisation, team, &limit]).await
        } else {
            held.query(&held.statements.children, &later).await
        }
    };
    let ((), rows, ()) = future::try_join3(held.batch_execute(&begin), page, held.batch_execute("COMMIT")).await?;
    loan.end();
    written(Children { children: page_of(&rows, Child::of) })
}

fn page_of<'r, T>(rows: &'r [Row], of: impl Fn(&'r Row) -> T) -> Page<T> {
    let shown = rows.get(..50).unwrap_or(rows);
    let end_cursor = shown.last().map(|row| row.get(0));
    Page { nodes: shown.iter().map(of).collect(), page_info: PageInfo { has_next_page: rows.len() > 50, end_cursor } }
}

/// The rows below a parent, where they are sorted by its id.
fn below(rows: &[Row], parent: Uuid, column: usize) -> &[Row] {
    let start = rows.partition_point(|row| row.get::<_, Uuid>(column) < parent);
    let rest = rows.get(start..).unwrap_or_default();
    rest.get(..rest.partition_point(|row| row.get::<_, Uuid>(column) == parent)).unwrap_or_default()
}

fn ids(rows: &[Row]) -> Vec<Uuid> {
    rows.iter().map(|row| row.get(0)).collect()
}

/// W3: fifty children, all their cases, all their services.
pub(crate) async fn nested(pool: &Pool, viewer: &Viewer, _: &str) -> Answer {
    let loan = pool.take().await?;
    let held = loan.held()?;
    let begin = begin(viewer.organisation);
    let (organisation, team) = (&viewer.organisation, &viewer.team);
    let ((), children) = future::try_join(
        held.batch_execute(&begin),
        held.query(&held.statements.first_children, &[organisation, team, &50_i64]),
    )
    .await?;
    let cases = held.query(&held.statements.cases, &[organisation, team, &ids(&children)]).await?;
    let case_ids = ids(&cases);
    let (services, ()) = future::try_join(
        held.query(&held.statements.services, &[organisation, team, &case_ids]),
        held.batch_execute("COMMIT"),
    )
    .await?;
    loan.end();
    let case = |row| Case {
        id: Row::get(row, 0),
        display_number: row.get(1),
        status: row.get(2),
        workflow: row.get(3),
        risk_level: row.get(4),
        registered_on: row.get(5),
        services: Nodes { nodes: below(&services, row.get(0), 5).iter().map(Service::of).collect() },
    };
    let child = |row| WithCases {
        id: Row::get(row, 0),
        code: row.get(1),
        registered_on: row.get(4),
        cases: Nodes { nodes: below(&cases, row.get(0), 6).iter().map(case).collect() },
    };
    written(Children { children: Nodes { nodes: children.iter().map(child).collect() } })
}

/// W4: two hundred visits with centre and organisation.
pub(crate) async fn wide(pool: &Pool, viewer: &Viewer, _: &str) -> Answer {
    #[derive(Serialize)]
    struct Found<'r> {
        newest: Nodes<WideVisit<'r>>,
        oldest: Nodes<WideVisit<'r>>,
    }
    let loan = pool.take().await?;
    let held = loan.held()?;
    let begin = begin(viewer.organisation);
    let (organisation, team) = (&viewer.organisation, &viewer.team);
    let ((), newest, oldest, owner) = future::try_join4(
        held.batch_execute(&begin),
        held.query(&held.statements.newest_visits, &[organisation, team]),
        held.query(&held.statements.oldest_visits, &[organisation, team]),
        held.query_one(&held.statements.organisation, &[organisation]),
    )
    .await?;
    let mut wanted: Vec<Uuid> = newest.iter().chain(&oldest).map(|row| row.get(13)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let (centres, ()) =
        future::try_join(held.query(&held.statements.centres, &[organisation, &wanted]), held.batch_execute("COMMIT"))
            .await?;
    loan.end();
    let mut centres: Vec<Centre<'_>> = centres.iter().map(Centre::of).collect();
    centres.sort_unstable_by_key(|centre| centre.id);
    let owner = Organisation { id: owner.get(0), code: owner.get(1) };
    let newest = newest.iter().map(|row| visit(row, &centres, &owner)).collect::<Result<_, _>>()?;
    let oldest = oldest.iter().map(|row| visit(row, &centres, &owner)).collect::<Result<_, _>>()?;
    written(Found { newest: Nodes { nodes: newest }, oldest: Nodes { nodes: oldest } })
}

fn visit<'r>(
    row: &'r Row,
    centres: &'r [Centre<'r>],
    organisation: &'r Organisation<'r>,
) -> Result<WideVisit<'r>, serde_json::Error> {
    let centre: Uuid = row.get(13);
    let centre = centres.binary_search_by_key(&centre, |centre| centre.id).ok().and_then(|place| centres.get(place));
    Ok(WideVisit {
        id: row.get(0),
        ticket: row.get(1),
        visited_on: row.get(2),
        channel: row.get(3),
        is_first: row.get(4),
        minutes: row.get(5),
        visitor_kind: row.get(6),
        sex: row.get(7),
        age_years: row.get(8),
        destination: row.get(9),
        topics: json(row, 10)?,
        services: json(row, 11)?,
        note: row.get(12),
        centre,
        organisation,
    })
}

/// W7: a page of visits between two days, and how many there are.
pub(crate) async fn counted(pool: &Pool, viewer: &Viewer, query: &str) -> Answer {
    #[derive(Serialize)]
    struct Found<'r> {
        visits: Counted<Visit<'r>>,
    }
    let (from, to) = (day(query, "from")?, day(query, "to")?);
    let loan = pool.take().await?;
    let held = loan.held()?;
    let begin = begin(viewer.organisation);
    let (organisation, team) = (&viewer.organisation, &viewer.team);
    let ((), rows, count, ()) = future::try_join4(
        held.batch_execute(&begin),
        held.query(&held.statements.visits, &[organisation, team, &from, &to]),
        held.query_one(&held.statements.count, &[organisation, team, &from, &to]),
        held.batch_execute("COMMIT"),
    )
    .await?;
    loan.end();
    written(Found { visits: Counted { page: page_of(&rows, Visit::of), total_count: count.get(0) } })
}

/// W8: four lists.
pub(crate) async fn dashboard(pool: &Pool, viewer: &Viewer, _: &str) -> Answer {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Found<'r> {
        children: Nodes<ShortChild<'r>>,
        cases: Nodes<ShortCase<'r>>,
        visits: Nodes<ShortVisit<'r>>,
        resource_centres: Nodes<Centre<'r>>,
    }
    let loan = pool.take().await?;
    let held = loan.held()?;
    let begin = begin(viewer.organisation);
    let (organisation, team) = (&viewer.organisation, &viewer.team);
    let ((), (children, cases, visits, centres, ())) = future::try_join(
        held.batch_execute(&begin),
        future::try_join5(
            held.query(&held.statements.first_children, &[organisation, team, &10_i64]),
            held.query(&held.statements.newest_cases, &[organisation, team]),
            held.query(&held.statements.short_visits, &[organisation, team]),
            held.query(&held.statements.first_centres, &[organisation]),
            held.batch_execute("COMMIT"),
        ),
    )
    .await?;
    loan.end();
    written(Found {
        children: Nodes { nodes: children.iter().map(ShortChild::of).collect() },
        cases: Nodes { nodes: cases.iter().map(ShortCase::of).collect() },
        visits: Nodes { nodes: visits.iter().map(ShortVisit::of).collect() },
        resource_centres: Nodes { nodes: centres.iter().map(Centre::of).collect() },
    })
}

/// W9: fifty children with the latest two cases of each.
pub(crate) async fn latest(pool: &Pool, viewer: &Viewer, _: &str) -> Answer {
    let loan = pool.take().await?;
    let held = loan.held()?;
    let begin = begin(viewer.organisation);
    let (organisation, team) = (&viewer.organisation, &viewer.team);
    let ((), children) = future::try_join(
        held.batch_execute(&begin),
        held.query(&held.statements.first_children, &[organisation, team, &50_i64]),
    )
    .await?;
    let parents = ids(&children);
    let (cases, ()) = future::try_join(
        held.query(&held.statements.latest_cases, &[organisation, team, &parents]),
        held.batch_execute("COMMIT"),
    )
    .await?;
    loan.end();
    let case = |row| ShortCase {
        id: Row::get(row, 1),
        display_number: row.get(2),
        status: row.get(3),
        registered_on: row.get(4),
    };
    // In the order of the children, which is that of their ids.
    let child = |row| WithLatest {
        id: Row::get(row, 0),
        code: row.get(1),
        cases: Nodes { nodes: below(&cases, row.get(0), 0).iter().map(case).collect() },
    };
    written(Children { children: Nodes { nodes: children.iter().map(child).collect() } })
}
