//! Who does what, where and when (4W), for one project: services that its centres gave, by township and month.

use serde_json::{Map, Value, json};

use super::statistics::{at, turned};
use super::{Asked, Question, Table, label, name};
use crate::error::{Code, Error, Result};

const QUERY: &str = "query FourW($project: ID!, $where: VisitFilter) { \
    viewer { organisation { code names { en my th } kind } } \
    project(id: $project) { id names { en my th } startsOn endsOn } \
    statistics: visitStatistics(groupBy: [PROJECT, CENTRE, SERVICES], bucket: MONTH, where: $where, first: 1000) { \
    groupCount isPublished groups { visits atLeast key { period { from to } project { id } services \
    centre { code names { en my th } township { pcode names { en my th } } } } } } }";

pub(super) fn question(asked: &Asked) -> Result<Question> {
    let project = asked
        .text("project")
        .ok_or_else(|| Error::new(Code::FieldRequired).saying("Say for which project, by its id.").on("project"))?;
    let mut variables = Map::new();
    variables.insert("project".to_owned(), json!(project));
    variables.insert("where".to_owned(), asked.filter("visitedOn").into());
    Ok(Question { query: QUERY.to_owned(), variables })
}

pub(super) fn table(asked: &Asked, data: &Value) -> Result<Table> {
    let project = at(data, &["project"]);
    if project.is_null() {
        return Err(Error::new(Code::NotFound).on("project"));
    }
    let all = at(data, &["statistics", "groups"]);
    let all = all.as_array().ok_or(Code::Internal)?;
    if at(data, &["statistics", "groupCount"]).as_u64().is_some_and(|count| count > all.len() as u64) {
        let text = "More than 1,000 rows: take a shorter span with from and to.";
        return Err(Error::new(Code::LimitExceeded).saying(text).on("from"));
    }
    let groups: Vec<&Value> =
        all.iter().filter(|group| at(group, &["key", "project", "id"]) == at(&project, &["id"])).collect();
    let organisation = at(data, &["viewer", "organisation"]);
    let same = |value: Value| vec![value; groups.len()];
    let each = |path: &[&str]| groups.iter().map(|group| at(group, path)).collect::<Vec<Value>>();
    let named = |path: &[&str]| groups.iter().map(|group| name(&at(group, path), asked.locale)).collect::<Vec<Value>>();
    let services = |group: &&Value| {
        at(group, &["key", "services"])
            .as_str()
            .map(|code| label("VisitService", code, asked.locale).into())
            .unwrap_or_default()
    };
    let column = |title: &str, tag: &str, values: Vec<Value>| (title.to_owned(), tag.to_owned(), values);
    let columns = vec![
        column("Organisation (code)", "#org+reporting+code", same(at(&organisation, &["code"]))),
        column("Organisation", "#org+reporting+name", same(name(&at(&organisation, &["names"]), asked.locale))),
        column("Project", "#activity+project+name", same(name(&at(&project, &["names"]), asked.locale))),
        column("Sector", "#sector+name", same("Protection".into())),
        column("Activity (code)", "#service+code", each(&["key", "services"])),
        column("Activity", "#service+name", groups.iter().map(services).collect()),
        column("Township (P-code)", "#adm3+code+v_pcode", each(&["key", "centre", "township", "pcode"])),
        column("Township", "#adm3+name", named(&["key", "centre", "township", "names"])),
        column("Site (code)", "#loc+centre+code", each(&["key", "centre", "code"])),
        column("Site", "#loc+centre+name", named(&["key", "centre", "names"])),
        column("From", "#date+start", each(&["key", "period", "from"])),
        column("To", "#date+end", each(&["key", "period", "to"])),
        column("Visits", "#reached+visits+num", each(&["visits"])),
    ];
    Ok(turned(columns, groups.len()))
}
