//! The dashboard, as a coordinator uses it: a real Chromium looks at the numbers, and the server is asked whether they are
//! its own. What is looked at stands in `tests/clients/dashboard/steps.mjs`, a step each.

use std::fmt::Write as _;
use std::process::Command;

use entity::user::RoleCode;
use harness::world::answer;
use harness::{ALPHA, Backend, Data, World};
use lanpya::clock::Clock;
use reqwest::StatusCode;
use serde_json::Value;

use crate::reception::{browser, clients};

/// Topics, sex, age and how many such visits are received in the last quarter that has ended: few of some kinds.
const VISITS: [(&str, &str, u32, u32); 5] = [
    (r#"["HEALTH"]"#, "FEMALE", 34, 60),
    (r#"["HEALTH","COSTS_AND_FEES"]"#, "MALE", 24, 40),
    (r#"["PASSPORTS_DOCUMENTS"]"#, "FEMALE", 65, 25),
    (r#"["REMITTANCES"]"#, "OTHER", 15, 3),
    ("[]", "UNKNOWN", 41, 20),
];

/// Copies of a visit that is there, a while ago.
async fn put(world: &World) {
    let own = format!("x'{}'", ALPHA.id().simple());
    let day = "date('now', 'start of month', '-' || ((CAST(strftime('%m', 'now') AS INTEGER) - 1) % 3) || ' months', '-45 days')";
    let names: Vec<&str> = world_columns().collect();
    let from: Vec<String> = names
        .iter()
        .map(|column| match *column {
            "id" => "randomblob(16)".to_owned(),
            "sex" => "told.sex".to_owned(),
            "age_years" => "told.age".to_owned(),
            "age_group" => "NULL".to_owned(),
            "topics" => "told.topics".to_owned(),
            "channel" => "CASE told.nth % 3 WHEN 0 THEN 'PHONE' ELSE 'WALK_IN' END".to_owned(),
            "created_at" => format!("{day} || 'T04:05:06.000Z'"),
            "visited_on" => day.to_owned(),
            "ticket" => "'PUT-' || hex(randomblob(8))".to_owned(),
            other => format!("visit.\"{other}\""),
        })
        .collect();
    let mut told = String::new();
    for (topics, sex, age, many) in VISITS {
        for nth in 0..many {
            let comma = if told.is_empty() { "" } else { ", " };
            let _ = write!(told, "{comma}('{topics}', '{sex}', {age}, {nth})");
        }
    }
    let sql = format!(
        "WITH told (topics, sex, age, nth) AS (VALUES {told}) INSERT INTO visit (\"{}\") SELECT {} FROM told \
         CROSS JOIN (SELECT * FROM visit WHERE organisation_id = {own} ORDER BY id LIMIT 1) AS visit",
        names.join("\", \""),
        from.join(", ")
    );
    world.store.execute(&sql).await;
}

fn world_columns() -> impl Iterator<Item = &'static str> {
    use sea_orm::{IdenStatic as _, Iterable as _};
    entity::visit::Column::iter().map(|column| column.as_str())
}

#[test]
fn at_the_office() {
    harness::run(Backend::Sqlite, |backend| async move {
        if !browser() {
            return;
        }
        let world = World::tuned(backend, Data::Twins, Clock::system(), |config| config.reception = true).await;
        put(&world).await;
        let page = answer(world.client.get(world.url("/dashboard"))).await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self'; style-src 'self';"), "{policy}");
        let mut command = Command::new("node");
        command.arg(clients().join("dashboard.mjs")).arg(&world.origin);
        command.env("LANPYA_TOKEN", world.token(&ALPHA, RoleCode::Supervisor));
        command.env("LANPYA_OFFICER_TOKEN", world.token(&ALPHA, RoleCode::OrgDataOfficer));
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().expect("node runs");
        let text = String::from_utf8_lossy(&output.stdout);
        let results: Vec<Value> =
            serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
        let failed: Vec<&Value> = results.iter().filter(|result| result["held"] != true).collect();
        assert!(failed.is_empty(), "{failed:#?}");
        assert!(!results.is_empty());
        world.stop().await;
    });
}

/// It is there only where it is asked for.
#[test]
fn no_dashboard_unless_asked() {
    harness::run(Backend::Sqlite, |backend| async move {
        let off = World::new(backend).await;
        for path in ["/dashboard", "/dashboard/config.json", "/dashboard/icon.svg"] {
            assert_eq!(answer(off.client.get(off.url(path))).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        off.stop().await;
    });
}

/// A file counts what the panel counts: by centre and channel, too.
#[test]
fn files_by_centre_and_channel() {
    harness::run(Backend::Sqlite, |backend| async move {
        let world = World::new(backend).await;
        put(&world).await;
        let token = world.token(&ALPHA, RoleCode::Supervisor);
        let get = |path: &str| answer(world.client.get(world.url(&format!("/exports/{path}"))).bearer_auth(&token));
        let all = get("visit-statistics.csv").await;
        let some = get("visit-statistics.csv?channel=PHONE").await;
        let none = get("visit-statistics.csv?centre=NOWHERE").await;
        assert_eq!((all.status, some.status, none.status), (StatusCode::OK, StatusCode::OK, StatusCode::OK));
        assert!(all.body != some.body && some.body != none.body);
        let refused = get("complaint-statistics.csv?channel=PHONE").await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "a complaint has no channel");
        world.stop().await;
    });
}
