//! Files: the graph's answers as CSV and workbooks, read by the reference library of HXL.

use std::process::Command;

use entity::user::RoleCode;
use harness::{ALPHA, BETA, Backend, World};
use reqwest::Response;
use serde_json::{Value, json};

harness::both!(
    a_file_says_what_the_graph_says,
    published_figures_stay_published,
    who_does_what_where,
    what_is_not_given
);

async fn get(world: &World, token: &str, path: &str) -> Response {
    let request = reqwest::Client::new().get(world.url(&format!("/exports/{path}"))).bearer_auth(token);
    request.send().await.unwrap()
}

/// A file as the reference library reads it: tags and rows.
fn read(file: &str, bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let clients = crate::root().join("tests/clients");
    let python = clients.join(".venv/bin/python");
    assert!(python.exists(), "run tests/run once: it makes tests/clients/.venv with libhxl");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    std::fs::write(&path, bytes).unwrap();
    let output = Command::new(python).arg(clients.join("read_hxl.py")).arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let tags = found["columns"].as_array().unwrap().iter().map(|column| text(&column["tag"])).collect();
    let rows = found["rows"].as_array().unwrap().iter();
    (tags, rows.map(|row| row.as_array().unwrap().iter().map(text).collect()).collect())
}

async fn file(world: &World, token: &str, path: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let response = get(world, token, path).await;
    assert_eq!(response.status(), 200, "{path}: {}", response.text().await.unwrap());
    let name = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    let name = name.split('"').nth(1).unwrap().to_owned();
    read(&name, &response.bytes().await.unwrap())
}

async fn a_file_says_what_the_graph_says(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let query = "{ visitStatistics(groupBy: [SEX, TOPICS, HOME_TOWNSHIP, IS_FIRST], placeLevel: 1, bucket: YEAR, \
                 where: { visitedOn: { gte: \"2020-01-01\" } }, first: 1000) { groups { visits visitors \
                 key { period { from } sex topics isFirst homeTownship { pcode names { my } } } } } }";
    let answer = world.ask(&token, query, json!({})).await;
    let groups =
        answer.at("/data/visitStatistics/groups").as_array().unwrap_or_else(|| panic!("{}", answer.body)).clone();
    assert!(groups.len() > 5);
    for ending in ["csv", "xlsx"] {
        let path = format!(
            "visit-statistics.{ending}?groupBy=SEX,TOPICS,HOME_TOWNSHIP,IS_FIRST&placeLevel=1&bucket=YEAR&from=2020-01-01&locale=my"
        );
        let (tags, rows) = file(&world, &token, &path).await;
        let column = |tag: &str| tags.iter().position(|one| one == tag).unwrap_or_else(|| panic!("{tag} in {tags:?}"));
        assert_eq!(rows.len(), groups.len(), "{ending}");
        for (row, group) in rows.iter().zip(&groups) {
            let cell = |tag: &str| row.get(column(tag)).cloned().unwrap_or_default();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let key = &group["key"];
            assert_eq!(cell("#date+start"), text(&key["period"]["from"]));
            assert_eq!(cell("#population+sex+code"), text(&key["sex"]));
            assert_eq!(cell("#subsector+topic+code"), text(&key["topics"]));
            assert_eq!(cell("#adm3+origin+code+v_pcode"), text(&key["homeTownship"]["pcode"]));
            for (tag, count) in [("#reached+visits+num", "visits"), ("#reached+visitors+num", "visitors")] {
                assert_eq!(cell(tag).trim_end_matches(".0"), group[count].to_string(), "{tag}");
            }
            let labels = cell("#population+sex+name");
            assert!(labels.chars().any(|c| ('\u{1000}'..='\u{109f}').contains(&c)), "{labels} is not Burmese");
        }
    }
    let (tags, rows) = file(&world, &token, "complaint-statistics.csv?groupBy=STATUS,KINDS").await;
    assert!(!rows.is_empty() && tags.iter().any(|tag| tag == "#value+claimed+mmk"), "{tags:?}");
    world.stop().await;
}

async fn published_figures_stay_published(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::OrgDataOfficer);
    let (tags, _) = file(&world, &token, "visit-statistics.csv?groupBy=SEX&bucket=QUARTER").await;
    assert!(tags.iter().any(|tag| tag == "#meta+suppressed"), "{tags:?}");
    let refused = get(&world, &token, "visit-statistics.csv?groupBy=SEX&bucket=MONTH").await;
    assert_eq!(refused.status(), 403);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "CLASS_NOT_ALLOWED");
    assert_eq!(body["errors"][0]["extensions"]["field"], "bucket");
    world.stop().await;
}

async fn who_does_what_where(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let query = "{ visits(first: 100) { nodes { services project { id } } } projects { nodes { id names { en } } } }";
    let listed = world.ask(&token, query, json!({})).await;
    let visits = listed.at("/data/visits/nodes").as_array().unwrap();
    let project = visits.iter().find_map(|visit| visit["project"]["id"].as_str()).expect("a visit of a project");
    let paid = visits.iter().filter(|visit| visit["project"]["id"] == project);
    let services: usize = paid.map(|visit| visit["services"].as_array().unwrap().len().max(1)).sum();
    let (tags, rows) = file(&world, &token, &format!("4w.xlsx?project={project}")).await;
    for tag in
        ["#org+reporting+code", "#sector+name", "#service+name", "#adm3+code+v_pcode", "#date+start", "#date+end"]
    {
        let column = tags.iter().position(|one| one == tag).unwrap_or_else(|| panic!("{tag} in {tags:?}"));
        let filled = rows.iter().filter(|row| row.get(column).is_some_and(|cell| !cell.is_empty())).count();
        assert!(filled > 0, "{tag} is empty");
    }
    let reached = tags.iter().position(|tag| tag == "#reached+visits+num").unwrap();
    let sum: usize = rows.iter().map(|row| row[reached].trim_end_matches(".0").parse::<usize>().unwrap()).sum();
    assert_eq!(sum, services);
    // Another organisation's project is nobody's.
    let theirs = world.ask(&world.token(&BETA, RoleCode::Supervisor), "{ projects { nodes { id } } }", json!({})).await;
    let theirs = theirs.at("/data/projects/nodes/0/id").as_str().unwrap().to_owned();
    for project in [theirs.as_str(), "project_01kdwav4t0f46bk86z7gznxwzy"] {
        let refused = get(&world, &token, &format!("4w.csv?project={project}")).await;
        let body: Value = refused.json().await.unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "NOT_FOUND", "{body}");
    }
    world.stop().await;
}

async fn what_is_not_given(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    for (path, status, code) in [
        ("people.csv", 400, "NOT_FOUND"),
        ("visit-statistics.pdf", 400, "NOT_FOUND"),
        ("visit-statistics.csv?groupedBy=SEX", 400, "BAD_USER_INPUT"),
        ("visit-statistics.csv?groupBy=NAME", 400, "CODE_UNKNOWN"),
        ("visit-statistics.csv?from=yesterday", 400, "BAD_USER_INPUT"),
        ("4w.csv", 400, "FIELD_REQUIRED"),
    ] {
        let refused = get(&world, &token, path).await;
        let (found, body) = (refused.status().as_u16(), refused.json::<Value>().await.unwrap());
        assert_eq!(
            (found, body["errors"][0]["extensions"]["code"].as_str().unwrap()),
            (status, code),
            "{path}: {body}"
        );
    }
    for token in ["", "none.of.ours"] {
        assert_eq!(get(&world, token, "visit-statistics.csv").await.status(), 401);
    }
    let auditor = get(&world, &world.token(&ALPHA, RoleCode::Auditor), "visit-statistics.csv").await;
    assert_eq!(auditor.status(), 403);
    world.stop().await;
}
