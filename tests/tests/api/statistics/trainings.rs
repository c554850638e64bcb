//! Statistics of trainings and campaigns against a count made by hand of the same rows.

use std::collections::{BTreeMap, BTreeSet};

use entity::user::RoleCode;
use harness::{ALPHA, Backend, World};
use lanpya::plan::GlobalId;
use serde_json::{Value, json};

use super::reference::mean;

harness::both!(attendances, test_results, deliveries, published_attendances, files);

/// A way to cut: the dimension, how its key is asked for, where that stands in a key, and where in a listed row.
type Cut = (&'static str, &'static str, &'static str, &'static str);

const SESSION: [Cut; 3] = [
    ("CURRICULUM", "curriculum { code }", "/curriculum/code", "/curriculum/code"),
    ("AUDIENCE", "audience", "/audience", "/audience"),
    ("PLACE", "place { pcode }", "/place/pcode", "/place/pcode"),
];

async fn ask(world: &World, role: RoleCode, query: &str) -> Value {
    let answer = world.ask(&world.token(&ALPHA, role), query, json!({})).await;
    assert!(answer.at("/errors").is_null(), "{query}: {}", answer.body);
    answer.at("/data").clone()
}

fn text(value: &Value, place: &str) -> String {
    let found = value.pointer(place).unwrap_or(&Value::Null);
    found.as_str().map_or_else(|| found.to_string(), str::to_owned)
}

fn sum(of: &[&Value], field: &str) -> f64 {
    of.iter().filter_map(|row| row[field].as_f64()).sum()
}

/// Rows or groups by month and by what a cut makes of them.
type By<T> = BTreeMap<(String, String), T>;

/// Rows of a list by what a cut makes of them, and the groups of the statistic by the same.
fn both_ways<'v>(rows: &'v [Value], groups: &'v Value, cut: Cut, day: &str) -> (By<Vec<&'v Value>>, By<&'v Value>) {
    let (_, _, of_key, of_row) = cut;
    let mut by_hand: By<Vec<&Value>> = By::new();
    for row in rows {
        let month = row[day].as_str().unwrap()[..7].to_owned();
        by_hand.entry((month, text(row, of_row))).or_default().push(row);
    }
    let key = |group: &Value| (text(&group["key"], "/period/label"), text(&group["key"], of_key));
    let groups: By<&Value> = groups.as_array().unwrap().iter().map(|group| (key(group), group)).collect();
    assert_eq!(by_hand.keys().collect::<Vec<_>>(), groups.keys().collect::<Vec<_>>(), "{cut:?}");
    (by_hand, groups)
}

/// Who it was, as the seed has it: every third is a person, whom not every role that counts may see.
fn participant(row: &Value) -> String {
    let number = (0..12).find(|number| row["id"] == GlobalId::text("attendance", ALPHA.row("attendance", number)));
    let number: usize = number.expect("a seeded row");
    if number.is_multiple_of(3) { format!("person {}", number % 9) } else { text(row, "/participantKey") }
}

async fn attendances(backend: Backend) {
    const OWN: [Cut; 6] = [
        ("CENTRE", "centre { code }", "/centre/code", "/centre/code"),
        ("PROJECT", "project { id }", "/project/id", "/project/id"),
        ("SEX", "sex", "/sex", "/sex"),
        ("AGE_BAND", "ageBand { label }", "/ageBand/label", "/band"),
        ("DISABILITY", "disability", "/disability", "/disability"),
        ("DISPLACEMENT", "displacement", "/displacement", "/displacement"),
    ];
    const MEASURES: &str = "attendances participants sessions days";
    let world = World::new(backend).await;
    for role in [RoleCode::Supervisor, RoleCode::TrainingOfficer, RoleCode::MrcCounsellor] {
        let list = "{ attendances(first: 100) { nodes { id heldOn session { id } curriculum { code } audience place { pcode } \
                    centre { code } project { id } participantKey sex ageYears disability displacement days } } }";
        let mut rows = ask(&world, role, list).await["attendances"]["nodes"].as_array().unwrap().clone();
        assert!(rows.len() > 2, "{role:?}");
        for row in &mut rows {
            let bands = [(60, "60+"), (18, "18–59"), (12, "12–17"), (5, "5–11"), (0, "0–4")];
            let band = |age: i64| bands.iter().find(|(from, _)| age >= *from).unwrap().1;
            row["band"] = json!(row["ageYears"].as_i64().map(band));
        }
        let check = |group: &Value, of: &[&Value]| {
            let participants: BTreeSet<String> = of.iter().map(|row| participant(row)).collect();
            let sessions: BTreeSet<String> = of.iter().map(|row| text(row, "/session/id")).collect();
            assert_eq!(group["attendances"], of.len(), "{group}");
            assert_eq!(group["participants"], participants.len(), "{group}");
            assert_eq!(group["sessions"], sessions.len(), "{group}");
            assert_eq!(group["days"], json!(sum(of, "days")), "{group}");
        };
        for cut in SESSION.into_iter().chain(OWN) {
            let query = format!(
                "{{ attendanceStatistics(groupBy: [{}], bucket: MONTH) {{ isPublished total {{ {MEASURES} }} \
                 groups {{ {MEASURES} key {{ period {{ label }} {} }} }} }} }}",
                cut.0, cut.1
            );
            let found = ask(&world, role, &query).await["attendanceStatistics"].clone();
            assert_eq!(found["isPublished"], false);
            check(&found["total"], &rows.iter().collect::<Vec<_>>());
            let (by_hand, groups) = both_ways(&rows, &found["groups"], cut, "heldOn");
            for (key, of) in &by_hand {
                check(groups[key], of);
            }
        }
        // Nothing at all is nothing, not null.
        let none = "{ attendanceStatistics(where: { heldOn: { lt: \"2000-01-01\" } }) { total { attendances sessions days } } }";
        let none = ask(&world, role, none).await["attendanceStatistics"]["total"].clone();
        assert_eq!(none, json!({ "attendances": 0, "sessions": 0, "days": 0.0 }));
    }
    world.stop().await;
}

async fn test_results(backend: Backend) {
    const MEASURES: &str = "results compared meanPercent meanChange";
    let world = World::new(backend).await;
    let mut compared = 0;
    for role in [RoleCode::Supervisor, RoleCode::TrainingOfficer] {
        let list = "{ testResults(first: 100) { nodes { takenOn curriculum { code } audience place { pcode } phase percent change } } }";
        let rows = ask(&world, role, list).await["testResults"]["nodes"].as_array().unwrap().clone();
        assert!(rows.len() > 2, "{role:?}");
        for cut in SESSION.into_iter().chain([("PHASE", "phase", "/phase", "/phase")]) {
            let query = format!(
                "{{ testResultStatistics(groupBy: [{}], bucket: MONTH) {{ groups {{ {MEASURES} key {{ period {{ label }} {} }} }} }} }}",
                cut.0, cut.1
            );
            let found = ask(&world, role, &query).await["testResultStatistics"].clone();
            let (by_hand, groups) = both_ways(&rows, &found["groups"], cut, "takenOn");
            for (key, of) in &by_hand {
                let of_field = |field: &str| of.iter().filter_map(|row| row[field].as_f64()).collect::<Vec<_>>();
                let changes = of_field("change");
                compared += changes.len();
                let expected = json!({
                    "results": of.len(), "compared": changes.len(), "meanPercent": mean(of_field("percent").into_iter()),
                    "meanChange": mean(changes.into_iter()), "key": groups[key]["key"]
                });
                assert_eq!(groups[key], &expected);
            }
        }
    }
    assert!(compared > 0);
    // Numbers of results for those who read no result.
    let query = "{ testResultStatistics(groupBy: [PHASE]) { isPublished groups { results meanChange } } }";
    let found = ask(&world, RoleCode::OrgDataOfficer, query).await["testResultStatistics"].clone();
    assert_eq!((&found["isPublished"], &found["groups"][0]["meanChange"]), (&json!(false), &Value::Null));
    assert_eq!(found["groups"][0]["results"], 5);
    world.stop().await;
}

async fn deliveries(backend: Backend) {
    const COUNTS: [&str; 7] =
        ["sent", "answered", "listenedAtLeastPercent", "keyMessageCompleted", "optedOut", "surveyAnswers", "referred"];
    let world = World::new(backend).await;
    let counts = COUNTS.join(" ");
    for role in [RoleCode::OrgAdmin, RoleCode::OrgDataOfficer, RoleCode::Supervisor] {
        let list = format!(
            "{{ deliveryStats(first: 100) {{ nodes {{ reportedOn campaign {{ id }} channel provider township {{ pcode }} {counts} }} }} }}"
        );
        let rows = ask(&world, role, &list).await["deliveryStats"]["nodes"].as_array().unwrap().clone();
        assert!(rows.len() > 3, "{role:?}");
        for cut in [
            ("CAMPAIGN", "campaign { id }", "/campaign/id", "/campaign/id"),
            ("CHANNEL", "channel", "/channel", "/channel"),
            ("PROVIDER", "provider", "/provider", "/provider"),
            ("TOWNSHIP", "township { pcode }", "/township/pcode", "/township/pcode"),
        ] {
            let query = format!(
                "{{ deliveryStatistics(groupBy: [{}], bucket: MONTH) {{ groups {{ reports {counts} \
                 key {{ period {{ label }} {} }} }} }} }}",
                cut.0, cut.1
            );
            let found = ask(&world, role, &query).await["deliveryStatistics"].clone();
            let (by_hand, groups) = both_ways(&rows, &found["groups"], cut, "reportedOn");
            for (key, of) in &by_hand {
                assert_eq!(groups[key]["reports"], of.len());
                for count in COUNTS {
                    let sum: i64 = of.iter().filter_map(|row| row[count].as_i64()).sum();
                    assert_eq!(groups[key][count], sum, "{count} {key:?}");
                }
            }
        }
    }
    world.stop().await;
}

/// Who reads no participant has figures of them: of ended quarters, apart by curriculum, none of them small.
async fn published_attendances(backend: Backend) {
    let world = World::new(backend).await;
    let officer = world.token(&ALPHA, RoleCode::TrainingOfficer);
    let curriculum = GlobalId::text("curriculum", ALPHA.row("curriculum", 0));
    let made = world.ask(
        &officer,
        "mutation($curriculum: ID!) { r: trainingSessionRecord(input: { curriculum: $curriculum, startsOn: \"2026-11-20\" }) \
         { trainingSession { id } } }",
        json!({ "curriculum": curriculum }),
    );
    let session = made.await.at("/data/r/trainingSession/id").clone();
    let truth: [(&str, usize); 4] = [("FEMALE", 40), ("MALE", 25), ("OTHER", 20), ("UNKNOWN", 3)];
    let sexes = truth.iter().flat_map(|(sex, many)| std::iter::repeat_n(*sex, *many)).enumerate();
    let sent: Vec<Value> = sexes
        .map(|(number, sex)| {
            json!({ "idempotencyKey": format!("k{number}"), "session": session, "participantKey": format!("K-{number}"), "sex": sex, "days": 1 })
        })
        .collect();
    let record =
        "mutation($input: AttendanceRecordInput!) { r: attendanceRecord(input: $input) { results { outcome } } }";
    let answer = world.ask(&officer, record, json!({ "input": { "attendances": sent } })).await;
    let results = answer.at("/data/r/results").as_array().unwrap();
    assert!(results.len() == 88 && results.iter().all(|result| result["outcome"] == "CREATED"), "{}", answer.body);
    let query = "{ attendanceStatistics(groupBy: [CURRICULUM, SEX], bucket: QUARTER) { isPublished groups { attendances \
                 participants days atLeast isSuppressed key { period { label } curriculum { code } sex } } } }";
    let of_quarter = async || {
        let found = ask(&world, RoleCode::OrgDataOfficer, query).await["attendanceStatistics"].clone();
        assert_eq!(found["isPublished"], true);
        let groups = found["groups"].as_array().unwrap().clone();
        for group in &groups {
            assert_eq!((&group["participants"], &group["days"]), (&Value::Null, &Value::Null), "{group}");
            let shown = group["attendances"].as_u64();
            assert_eq!(shown.is_none(), group["isSuppressed"] == true, "{group}");
            assert!(shown.is_none_or(|count| count >= 11), "{group}");
        }
        let ours = |group: &Value| {
            group["key"]["curriculum"]["code"] == "CUR-0" && group["key"]["period"]["label"] == "2026-Q4"
        };
        groups.into_iter().filter(ours).collect::<Vec<Value>>()
    };
    assert!(of_quarter().await.is_empty(), "the quarter has not ended");
    world.advance(chrono::Duration::days(45));
    let groups = of_quarter().await;
    let (mut shown, mut hidden) = (0, Vec::new());
    for group in &groups {
        let count = truth.iter().find(|(sex, _)| group["key"]["sex"] == *sex).map_or(0, |(_, many)| *many);
        if group["isSuppressed"] == true {
            hidden.push(count);
        } else {
            assert_eq!(group["attendances"], count);
            shown += 1;
        }
    }
    assert!(shown > 0 && hidden.contains(&3) && hidden.iter().sum::<usize>() >= 21, "{groups:?}");
    let token = world.token(&ALPHA, RoleCode::OrgDataOfficer);
    for (arguments, field) in [("groupBy: [SEX], bucket: MONTH", "bucket"), ("groupBy: [SEX, AGE_BAND]", "groupBy")] {
        let query = format!("{{ attendanceStatistics({arguments}) {{ isPublished }} }}");
        let refused = world.ask(&token, &query, json!({})).await;
        assert_eq!(refused.code(), "CLASS_NOT_ALLOWED");
        assert_eq!(refused.at("/errors/0/extensions/field"), field);
        assert!(field != "groupBy" || refused.body.contains("by curriculum"), "{}", refused.body);
    }
    world.stop().await;
}

async fn files(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    for (path, tags) in [
        (
            "attendance-statistics.csv?groupBy=CURRICULUM,SEX&bucket=MONTH&from=2026-01-01&locale=my",
            ["#activity+curriculum+code", "#reached+attendances+num", "#indicator+days+num"],
        ),
        (
            "test-result-statistics.csv?groupBy=PHASE",
            ["#indicator+phase+code", "#indicator+tests+num", "#indicator+score+change+mean+num"],
        ),
        (
            "delivery-statistics.csv?groupBy=CAMPAIGN,TOWNSHIP&placeLevel=1",
            ["#activity+campaign+org", "#adm3+code+v_pcode", "#reached+messages+sent+num"],
        ),
    ] {
        let request = reqwest::Client::new().get(world.url(&format!("/exports/{path}"))).bearer_auth(&token);
        let response = request.send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert_eq!(status, 200, "{path}: {text}");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() > 2, "{text}");
        for tag in tags {
            assert!(lines[1].split(',').any(|one| one == tag), "{tag} in {}", lines[1]);
        }
    }
    world.stop().await;
}
