//! Promise 12: published figures reveal nobody. A role that may not read a field has figures about it all the same: sums
//! of cells that may be shown, of quarters that have ended. Random tables are asked for in every way there is, and held
//! against the truth; that nothing hidden can be worked out from a row is proved with the rule (`domain::suppression`).

use std::collections::{BTreeMap, BTreeSet};

use entity::Code as _;
use entity::person::Sex;
use entity::user::RoleCode;
use harness::proof::{Proof, size};
use harness::random::Random;
use harness::{ALPHA, Answer, Backend, World};
use sea_orm::{IdenStatic as _, Iterable as _};
use serde_json::{Value, json};

harness::both!(nothing_small_is_told, what_is_published_stays, one_way_at_a_time);

const THRESHOLD: usize = 11;
/// The last three quarters that have ended by then, and the one that runs.
const QUARTERS: [(&str, &str); 4] =
    [("2026-Q1", "2026-02-11"), ("2026-Q2", "2026-05-03"), ("2026-Q3", "2026-09-30"), ("2026-Q4", "2026-10-01")];

/// A visit as far as it matters here: quarter, centre, sex, age, topics.
type Visit = (usize, usize, Sex, Option<usize>, &'static str);

/// Many visits, few of some kinds.
fn visits(random: &mut Random, many: usize) -> Vec<Visit> {
    let sexes = [[Sex::Female; 9].as_slice(), &[Sex::Male; 8], &[Sex::Unknown; 3], &[Sex::Other]].concat();
    let topics = ["[]", r#"["HEALTH"]"#, r#"["COSTS_AND_FEES","HEALTH"]"#, r#"["REMITTANCES"]"#];
    let visit = |_| {
        let age = random.chance(80).then(|| random.below(70));
        (random.below(4), random.below(2), *random.pick(&sexes), age, topics[random.below(40).min(3)])
    };
    (0..many).map(visit).collect()
}

/// Puts them in, as if they had been received in their quarters.
async fn put(world: &World, visits: &[Visit]) {
    let postgres = world.backend() == Backend::Postgres;
    let own = if postgres { format!("'{}'", ALPHA.id()) } else { format!("x'{}'", ALPHA.id().simple()) };
    let id = if postgres { "gen_random_uuid()" } else { "randomblob(16)" };
    let at = if postgres { "CAST(told.at AS timestamptz)" } else { "told.at" };
    let nth = |place| {
        format!("(SELECT id FROM resource_centre WHERE organisation_id = {own} ORDER BY code LIMIT 1 OFFSET {place})")
    };
    let centre = format!("CASE told.centre WHEN 0 THEN {} ELSE {} END", nth(0), nth(1));
    // What was there before is of the quarter that runs.
    let seeded = format!(
        "UPDATE visit SET created_at = '2026-11-22T03:00:00.000Z' WHERE organisation_id = {own} AND ticket NOT LIKE 'PUT-%'"
    );
    world.store.execute(&seeded).await;
    let columns = entity::visit::Column::iter().map(|column| column.as_str());
    let columns: Vec<&str> = columns.collect();
    let from = columns.iter().map(|column| match *column {
        "id" => id.to_owned(),
        "sex" => "told.sex".to_owned(),
        "age_years" => "CAST(told.age AS INTEGER)".to_owned(),
        "topics" => "told.topics".to_owned(),
        "created_at" => at.to_owned(),
        "age_group" => "NULL".to_owned(),
        "ticket" => if postgres { "'PUT-' || gen_random_uuid()" } else { "'PUT-' || hex(randomblob(16))" }.to_owned(),
        "centre_id" => centre.clone(),
        other => format!("visit.\"{other}\""),
    });
    let from: Vec<String> = from.collect();
    let told: Vec<String> = visits
        .iter()
        .map(|(quarter, centre, sex, age, topics)| {
            let age = age.map_or("NULL".to_owned(), |age| age.to_string());
            format!("('{}T04:05:06.000Z', {centre}, '{}', {age}, '{topics}')", QUARTERS[*quarter].1, sex.code())
        })
        .collect();
    let sql = format!(
        "WITH told (at, centre, sex, age, topics) AS (VALUES {}) INSERT INTO visit (\"{}\") SELECT {} FROM told \
         CROSS JOIN (SELECT * FROM visit WHERE organisation_id = {own} ORDER BY id LIMIT 1) AS visit",
        told.join(", "),
        columns.join("\", \""),
        from.join(", ")
    );
    world.store.execute(&sql).await;
}

async fn ask(world: &World, arguments: &str) -> Answer {
    let query = format!(
        "{{ visitStatistics({arguments}, first: 1000) {{ isPublished total {{ visits }} groups {{ visits visitors share atLeast isSuppressed \
         key {{ period {{ label }} centre {{ code }} sex ageBand {{ label }} topics }} }} }} }}"
    );
    world.ask(&world.token(&ALPHA, RoleCode::OrgDataOfficer), &query, json!({})).await
}

/// The values of a visit in a dimension.
fn values(visit: &Visit, dimension: &str) -> Vec<String> {
    match dimension {
        "SEX" => vec![visit.2.code().to_owned()],
        "AGE_BAND" => {
            let bands = [(60, "60+"), (18, "18–59"), (12, "12–17"), (5, "5–11"), (0, "0–4")];
            let band = |age: usize| bands.iter().find(|(from, _)| age >= *from).unwrap().1.to_owned();
            vec![visit.3.map_or_else(String::new, band)]
        }
        _ => serde_json::from_str(visit.4).unwrap(),
    }
}

fn value(group: &Value, dimension: &str) -> String {
    let key = match dimension {
        "SEX" => &group["key"]["sex"],
        "AGE_BAND" => &group["key"]["ageBand"]["label"],
        _ => &group["key"]["topics"],
    };
    key.as_str().unwrap_or_default().to_owned()
}

async fn nothing_small_is_told(backend: Backend) {
    let mut proof = Proof::of(12, format!("disclosure::nothing_small_is_told::{backend:?}"));
    let world = World::new(backend).await;
    let mut random = Random::new(11);
    let (mut shown, mut hidden, mut queries) = (0, 0, 0);
    let rounds = size(2, 120);
    for _ in 0..rounds {
        world.store.execute("DELETE FROM visit WHERE ticket LIKE 'PUT-%'").await;
        let many = random.between(30, 3_000);
        let visits = visits(&mut random, many);
        for part in visits.chunks(300) {
            put(&world, part).await;
        }
        let ended: Vec<&Visit> = visits.iter().filter(|visit| visit.0 < 3).collect();
        for dimension in ["SEX", "AGE_BAND", "TOPICS"] {
            let fine = ask(&world, &format!("groupBy: [CENTRE, {dimension}], bucket: QUARTER")).await;
            assert_eq!(fine.at("/data/visitStatistics/isPublished"), true, "{}", fine.body);
            assert_eq!(fine.at("/data/visitStatistics/total/visits"), ended.len());
            let fine = fine.at("/data/visitStatistics/groups").as_array().unwrap();
            let told = rows(fine, dimension, &ended);
            (shown, hidden) = (shown + told.0, hidden + told.1);
            for arguments in ["", "bucket: YEAR", "bucket: QUARTER", "by centre", "by centre, bucket: YEAR"] {
                let by = if arguments.contains("centre") { "CENTRE, " } else { "" };
                let rest = arguments.replace("by centre", "");
                let coarse = ask(&world, &format!("groupBy: [{by}{dimension}] {rest}")).await;
                coarser(coarse.at("/data/visitStatistics/groups").as_array().unwrap(), fine, dimension);
                queries += 1;
            }
            queries += 1;
        }
    }
    assert!(shown > 15 && hidden > 15, "{shown} shown, {hidden} hidden");
    proof.figure("tables", rounds * 3);
    proof.figure("queries", queries);
    proof.figure("cellsShown", shown);
    proof.figure("cellsHidden", hidden);
    world.stop().await;
    proof.held();
}

/// The finest figures against the truth: how many cells were shown and hidden.
fn rows(fine: &[Value], dimension: &str, visits: &[&Visit]) -> (usize, usize) {
    let mut cells: BTreeMap<(usize, usize, String), usize> = BTreeMap::new();
    let mut totals: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for visit in visits {
        *totals.entry((visit.0, visit.1)).or_default() += 1;
        for value in values(visit, dimension) {
            *cells.entry((visit.0, visit.1, value)).or_default() += 1;
        }
    }
    let mut centres: Vec<&str> = fine.iter().map(|group| group["key"]["centre"]["code"].as_str().unwrap()).collect();
    centres.sort_unstable();
    centres.dedup();
    let (mut shown, mut hidden) = (0, 0);
    let mut told: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for group in fine {
        let quarter = group["key"]["period"]["label"].as_str().unwrap();
        let quarter = QUARTERS.iter().position(|(label, _)| *label == quarter).unwrap();
        let centre = centres.iter().position(|code| group["key"]["centre"]["code"] == *code).unwrap();
        let truth = cells.get(&(quarter, centre, value(group, dimension))).copied().unwrap_or_default();
        assert_eq!((&group["visitors"], &group["share"]), (&Value::Null, &Value::Null));
        if group["isSuppressed"] == true {
            assert_eq!((&group["visits"], &group["atLeast"]), (&Value::Null, &json!(0)), "{group}");
            hidden += 1;
            continue;
        }
        assert_eq!((&group["visits"], &group["atLeast"]), (&json!(truth), &json!(truth)), "{group}");
        assert!(truth >= THRESHOLD, "{group}");
        *told.entry((quarter, centre)).or_default() += truth;
        shown += 1;
    }
    // What is left of a row, once what is shown is taken away, is nothing or too much to tell whose it is.
    if dimension != "TOPICS" {
        for (unit, told) in told {
            let rest = totals[&unit] - told;
            assert!(rest == 0 || rest > 2 * THRESHOLD - 2, "{dimension} {unit:?}: {rest} left");
        }
    }
    (shown, hidden)
}

/// A coarser figure is a sum of finer ones and tells no more than they.
fn coarser(coarse: &[Value], fine: &[Value], dimension: &str) {
    for group in coarse {
        let same = |name: &str, one: &Value| group["key"][name].is_null() || one["key"][name] == group["key"][name];
        let within = |one: &Value| {
            let [of, here] =
                [one, group].map(|group| group["key"]["period"]["label"].as_str().unwrap_or_default().to_owned());
            of.starts_with(&here)
        };
        let of: Vec<&Value> = fine
            .iter()
            .filter(|one| value(one, dimension) == value(group, dimension) && same("centre", one) && within(one))
            .collect();
        let sum: i64 = of.iter().map(|one| one["atLeast"].as_i64().unwrap()).sum();
        let whole = of.iter().all(|one| one["isSuppressed"] == false);
        assert_eq!(group["atLeast"], sum, "{group}");
        assert_eq!(group["isSuppressed"], !whole, "{group}");
        assert_eq!(group["visits"].is_null(), !whole, "{group}");
    }
}

async fn what_is_published_stays(backend: Backend) {
    let world = World::new(backend).await;
    put(&world, &visits(&mut Random::new(5), 250)).await;
    let all = "groupBy: [SEX, CENTRE], bucket: QUARTER";
    let before = ask(&world, all).await;
    assert!(
        before.at("/data/visitStatistics/groups").as_array().is_some_and(|groups| !groups.is_empty()),
        "{}",
        before.body
    );
    // Told late, it counts when it is received.
    let counsellor = world.token(&ALPHA, RoleCode::MrcCounsellor);
    let made = world.ask(
        &counsellor,
        "mutation($centre: ID!) { visitRecord(input: { centre: $centre, visitedOn: \"2026-02-11\", channel: PHONE, visitorKind: OTHER, \
         sex: OTHER }) { visit { id } userErrors { message field } } }",
        json!({ "centre": centre(&world).await }),
    );
    let made = made.await;
    assert!(made.at("/data/visitRecord/visit/id").is_string(), "{}", made.body);
    assert_eq!(ask(&world, all).await.at("/data"), before.at("/data"));
    // The running quarter is told once it has ended.
    world.advance(chrono::Duration::days(45));
    let after = ask(&world, all).await;
    let labels = |answer: &Answer| -> BTreeSet<String> {
        let groups = answer.at("/data/visitStatistics/groups").as_array().unwrap();
        groups.iter().map(|group| group["key"]["period"]["label"].as_str().unwrap().to_owned()).collect()
    };
    assert!(!labels(&before).contains("2026-Q4"));
    assert!(labels(&after).contains("2026-Q4"), "{}", after.body);
    let old = |answer: &Answer| -> Vec<Value> {
        let groups = answer.at("/data/visitStatistics/groups").as_array().unwrap();
        groups.iter().filter(|group| group["key"]["period"]["label"] != "2026-Q4").cloned().collect()
    };
    assert_eq!(old(&after), old(&before));
    world.stop().await;
}

async fn centre(world: &World) -> Value {
    let query = "{ resourceCentres(first: 1) { nodes { id } } }";
    let answer = world.ask(&world.token(&ALPHA, RoleCode::MrcCounsellor), query, json!({})).await;
    answer.at("/data/resourceCentres/nodes/0/id").clone()
}

async fn one_way_at_a_time(backend: Backend) {
    let world = World::new(backend).await;
    for (arguments, field) in [
        ("groupBy: [SEX, AGE_BAND]", "groupBy"),
        ("groupBy: [SEX, CHANNEL]", "groupBy"),
        ("groupBy: [SEX], where: { channel: { eq: PHONE } }", "where"),
        ("groupBy: [SEX], where: { visitedOn: { gte: \"2026-01-01\" } }", "where"),
        ("groupBy: [SEX], bucket: MONTH", "bucket"),
        // Two ways to cut what lies in order would tell their difference.
        ("groupBy: [AGE_BAND], ageScheme: CHILD_PROTECTION", "ageScheme"),
        ("groupBy: [HOME_TOWNSHIP], placeLevel: 1", "placeLevel"),
        ("groupBy: [CHANNEL], where: { sex: { eq: FEMALE } }", "where.sex"),
    ] {
        let answer = ask(&world, arguments).await;
        assert_eq!(answer.code(), "CLASS_NOT_ALLOWED", "{arguments}: {}", answer.body);
        assert_eq!(answer.at("/errors/0/extensions/field"), field, "{arguments}: {}", answer.body);
    }
    // Said or not, ages are cut by UNHCR and places by township; the trail tells what was read.
    for (dimension, said) in [("AGE_BAND", "ageScheme: UNHCR"), ("HOME_TOWNSHIP", "placeLevel: 3")] {
        let [unsaid, said] = ["", said].map(|said| format!("groupBy: [{dimension}], bucket: QUARTER {said}"));
        let [unsaid, said] = [ask(&world, &unsaid).await, ask(&world, &said).await];
        assert_eq!(unsaid.at("/data/visitStatistics/isPublished"), true, "{}", unsaid.body);
        assert_eq!(unsaid.body, said.body);
        let read = format!(
            "SELECT fields FROM audit_event WHERE action = 'READ' AND record_type = 'Visit' AND request_id = '{}'",
            unsaid.header("x-request-id")
        );
        let field = if dimension == "AGE_BAND" { "ageBand" } else { "homeTownship" };
        assert!(world.store.column(&read).await.iter().any(|fields| fields.contains(field)), "{dimension}");
    }
    // What a screening still changes is not published; what a complaint is about stays as it was told.
    for (dimension, code) in [("RETALIATION_RISK", "CLASS_NOT_ALLOWED"), ("KINDS", "")] {
        let query = format!("{{ complaintStatistics(groupBy: [{dimension}]) {{ isPublished }} }}");
        let answer = world.ask(&world.token(&ALPHA, RoleCode::OrgDataOfficer), &query, json!({})).await;
        assert_eq!(answer.code(), code, "{}", answer.body);
        assert!(code == "CLASS_NOT_ALLOWED" || answer.at("/data/complaintStatistics/isPublished") == true);
    }
    let own =
        ask(&world, "groupBy: [CHANNEL, CENTRE], bucket: MONTH, where: { visitedOn: { gte: \"2020-01-01\" } }").await;
    assert_eq!(own.at("/data/visitStatistics/isPublished"), false, "{}", own.body);
    assert!(own.at("/data/visitStatistics/groups").as_array().is_some_and(|groups| groups.len() > 1));
    world.stop().await;
}
