//! Statistics against a count made by hand of the same rows. What is published of them is proved beside the promises.

mod reference;
mod trainings;

use entity::user::RoleCode;
use harness::random::Random;
use harness::{ALPHA, Backend, World};
use reference::{Asked, groups, rows};
use serde_json::{Value, json};

harness::both!(counted_as_by_hand, sums_and_means, what_cannot_be_asked, true_within_reach);

const VISITS: &str = "query($by: [VisitDimension!], $bucket: DateBucket, $level: Int, $ages: AgeScheme, \
    $having: GroupCountFilter, $order: GroupOrder, $first: Int, $where: VisitFilter, $visitors: Boolean!) { \
    visitStatistics(groupBy: $by, bucket: $bucket, placeLevel: $level, ageScheme: $ages, having: $having, \
    orderBy: $order, first: $first, where: $where) { groupCount isPublished total { visits visitors @include(if: $visitors) firstVisits repeatVisits } \
    groups { visits visitors @include(if: $visitors) firstVisits repeatVisits atLeast share isSuppressed key { period { from to label } centre { id } project { id } \
    channel counsellor { id } isFirst visitorKind sex ageBand { fromYears toYears label } disability displacement \
    homeTownship { pcode } destination sector heardThrough topics services signs } } } }";

async fn ask(world: &World, role: RoleCode, variables: &Value) -> Value {
    let answer = world.ask(&world.token(&ALPHA, role), VISITS, variables.clone()).await;
    assert!(answer.at("/errors").is_null(), "{variables}: {}", answer.body);
    answer.at("/data/visitStatistics").clone()
}

/// Whatever is cut however: the same groups, counts, visitors and shares as counting the listed rows gives.
async fn counted_as_by_hand(backend: Backend) {
    let world = World::new(backend).await;
    let mut random = Random::new(26);
    for role in [RoleCode::Supervisor, RoleCode::MrcCounsellor] {
        let rows = rows(&world, role).await;
        assert!(rows.len() > 5, "{} visits", rows.len());
        for turn in 0..if harness::full() { 1_000 } else { 120 } {
            // Without the visitors, lists are counted in two steps.
            let (asked, visitors) = (Asked::any(&mut random), random.chance(50));
            let mut variables = asked.variables();
            variables["visitors"] = json!(visitors);
            let found = ask(&world, role, &variables).await;
            let mut expected = groups(&rows, &asked);
            if !visitors {
                expected.forget("visitors");
            }
            assert_eq!(found["groups"], json!(expected.shown), "{role:?} {turn} {asked:?}");
            assert_eq!(found["groupCount"], expected.count, "{role:?} {turn} {asked:?}");
            assert_eq!(found["total"], expected.total, "{role:?} {turn} {asked:?}");
            assert_eq!(found["isPublished"], false);
        }
    }
    world.stop().await;
}

async fn sums_and_means(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    let list = "{ complaints(first: 100) { nodes { stage daysToResolve claimed { amount currency } awarded { amount currency } \
                recovered { amount currency } } } visits(first: 100) { nodes { minutes satisfaction topics } } }";
    let listed = world.ask(&token, list, json!({})).await;
    let query = "{ complaintStatistics(groupBy: [STAGE]) { groups { key { stage } complaints meanDaysToResolve \
                 claimed { amount currency } awarded { amount currency } recovered { amount currency } } \
                 total { complaints meanDaysToResolve claimed { currency amount } } } \
                 visitStatistics { total { meanMinutes meanSatisfaction } } \
                 topics: visitStatistics(groupBy: [TOPICS]) { groups { key { topics } visits meanMinutes } } }";
    let counted = world.ask(&token, query, json!({})).await;
    let complaints = listed.at("/data/complaints/nodes").as_array().unwrap();
    let groups = counted.at("/data/complaintStatistics/groups").as_array().unwrap();
    assert!(groups.len() > 1, "{}", counted.body);
    let check = |group: &Value, of: &[&Value]| {
        assert_eq!(group["complaints"], of.len());
        let days = reference::mean(of.iter().filter_map(|complaint| complaint["daysToResolve"].as_f64()));
        assert_eq!(group["meanDaysToResolve"], json!(days), "{group}");
        for amount in ["claimed", "awarded", "recovered"].into_iter().filter(|amount| !group[amount].is_null()) {
            let found = group[amount].as_array().unwrap();
            let sums = reference::sums(of.iter().map(|complaint| &complaint[amount]));
            let found: Vec<(String, f64)> = found
                .iter()
                .map(|one| (one["currency"].as_str().unwrap().to_owned(), one["amount"].as_f64().unwrap()))
                .collect();
            assert_eq!(found, sums, "{amount} of {group}");
        }
    };
    let mut seen = 0;
    for group in groups {
        let of: Vec<&Value> = complaints.iter().filter(|one| one["stage"] == group["key"]["stage"]).collect();
        seen += of.len();
        check(group, &of);
    }
    assert_eq!(seen, complaints.len());
    check(counted.at("/data/complaintStatistics/total"), &complaints.iter().collect::<Vec<_>>());
    let visits = listed.at("/data/visits/nodes").as_array().unwrap();
    let total = counted.at("/data/visitStatistics/total");
    for (mean, of) in [("meanMinutes", "minutes"), ("meanSatisfaction", "satisfaction")] {
        let by_hand = reference::mean(visits.iter().filter_map(|visit| visit[of].as_f64()));
        assert!(by_hand.is_some());
        assert_eq!(total[mean], json!(by_hand));
    }
    let topics = counted.at("/data/topics/groups").as_array().unwrap();
    assert!(topics.len() > 1, "{}", counted.body);
    for group in topics {
        let topic = &group["key"]["topics"];
        let fits = |visit: &&Value| {
            let told = visit["topics"].as_array().unwrap();
            if topic.is_null() { told.is_empty() } else { told.contains(topic) }
        };
        let of: Vec<&Value> = visits.iter().filter(fits).collect();
        assert_eq!(group["visits"], of.len());
        assert_eq!(
            group["meanMinutes"],
            json!(reference::mean(of.iter().filter_map(|visit| visit["minutes"].as_f64())))
        );
    }
    world.stop().await;
}

async fn what_cannot_be_asked(backend: Backend) {
    let world = World::new(backend).await;
    let token = world.token(&ALPHA, RoleCode::Supervisor);
    for (arguments, code, field) in [
        ("groupBy: [CENTRE, CHANNEL, SEX, AGE_BAND, TOPICS]", "LIMIT_EXCEEDED", "groupBy"),
        ("first: 0", "LIMIT_EXCEEDED", "first"),
        ("first: 1001", "LIMIT_EXCEEDED", "first"),
        ("placeLevel: 7", "LIMIT_EXCEEDED", "placeLevel"),
        ("groupBy: [NONE]", "CODE_UNKNOWN", "groupBy.0"),
    ] {
        let query = format!("{{ visitStatistics({arguments}) {{ total {{ visits }} }} }}");
        let answer = world.ask(&token, &query, json!({})).await;
        assert_eq!(answer.code(), code, "{arguments}: {}", answer.body);
        let told = answer.at("/errors/0/extensions/field");
        assert!(told.as_str().is_some_and(|told| told.ends_with(field)), "{arguments}: {}", answer.body);
    }
    for role in [RoleCode::OrgAdmin, RoleCode::Auditor, RoleCode::Caseworker] {
        let query = "{ visitStatistics { total { visits } } }";
        assert_eq!(
            world.ask(&world.token(&ALPHA, role), query, json!({})).await.code(),
            "ROLE_NOT_ALLOWED",
            "{role:?}"
        );
    }
    world.stop().await;
}

/// A counsellor counts what he or she may list, and no more.
async fn true_within_reach(backend: Backend) {
    let world = World::new(backend).await;
    let query = "{ visits { totalCount } visitStatistics { total { visits } groupCount } }";
    let mut found = Vec::new();
    for role in [RoleCode::Supervisor, RoleCode::MrcCounsellor, RoleCode::OrgDataOfficer] {
        let answer = world.ask(&world.token(&ALPHA, role), query, json!({})).await;
        assert_eq!(
            answer.at("/data/visitStatistics/total/visits"),
            answer.at("/data/visits/totalCount"),
            "{}",
            answer.body
        );
        found.push(answer.at("/data/visits/totalCount").as_i64().unwrap());
    }
    assert!(found[1] < found[0] && found[0] < found[2], "{found:?}");
    world.stop().await;
}
