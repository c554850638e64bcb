//! The trail as it is read: by the auditor whole, by a supervisor for a record within reach.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::user::RoleCode;
use harness::{ALPHA, Answer, BETA, Backend, World};
use lanpya::plan::GlobalId;
use serde_json::{Value, json};
use uuid::Uuid;

harness::both!(
    the_auditor_reads_it_whole,
    events_are_found_by_their_instant,
    who_saw_a_record,
    whose_record_it_must_be,
    a_place_in_one_trail_only
);

const EVENT: &str =
    "id at user { subject } role action outcome recordType records recordCount fields requestId operation";

/// An organisation's id as a literal.
fn literal(backend: Backend, id: Uuid) -> String {
    match backend {
        Backend::Postgres => format!("'{id}'"),
        Backend::Sqlite => format!("x'{}'", id.simple()),
    }
}

/// Ids of ALPHA's children: those that a role reaches, and the others.
async fn reached(world: &World, role: RoleCode) -> (Vec<String>, Vec<String>) {
    let answer = world.ask(&world.token(&ALPHA, role), "{ children(first: 100) { nodes { id } } }", json!({})).await;
    let nodes = answer.at("/data/children/nodes").as_array().unwrap();
    let within: Vec<String> = nodes.iter().map(|child| child["id"].as_str().unwrap().to_owned()).collect();
    let text = if world.backend() == Backend::Postgres { "CAST(id AS text)" } else { "lower(hex(id))" };
    let owner = literal(world.backend(), ALPHA.id());
    let all = world.store.column(&format!("SELECT {text} FROM child WHERE organisation_id = {owner}")).await;
    let all = all.iter().map(|id| GlobalId::text("child", id.parse().unwrap()));
    let outside = all.filter(|id| !within.contains(id)).collect();
    (within, outside)
}

async fn trail(world: &World, token: &str, record: &str) -> Answer {
    let query =
        format!("query($id: ID!) {{ accessTrail(record: $id, last: 50) {{ totalCount nodes {{ {EVENT} }} }} }}");
    world.ask(token, &query, json!({ "id": record })).await
}

fn events(answer: &Answer) -> &[Value] {
    answer.at("/data/accessTrail/nodes").as_array().unwrap_or_else(|| panic!("{}", answer.body))
}

async fn see(world: &World, role: RoleCode, child: &str) -> Answer {
    let query = "query($id: ID!) { child(id: $id) { id person { fullName } } }";
    let answer = world.ask(&world.token(&ALPHA, role), query, json!({ "id": child })).await;
    assert_eq!(answer.at("/data/child/id"), child, "{}", answer.body);
    answer
}

async fn the_auditor_reads_it_whole(backend: Backend) {
    let world = World::new(backend).await;
    let (within, _) = reached(&world, RoleCode::Supervisor).await;
    let seen = see(&world, RoleCode::Supervisor, &within[0]).await;
    let refused = world.ask(&world.token(&ALPHA, RoleCode::Auditor), "{ children { nodes { id } } }", json!({})).await;
    assert_eq!(refused.code(), "ROLE_NOT_ALLOWED");
    let auditor = world.token(&ALPHA, RoleCode::Auditor);
    let query = format!("{{ auditTrail(last: 3) {{ totalCount nodes {{ {EVENT} }} }} }}");
    let answer = world.ask(&auditor, &query, json!({})).await;
    let nodes = answer.at("/data/auditTrail/nodes").as_array().unwrap_or_else(|| panic!("{}", answer.body));
    let of = |answer: &Answer, kind: &Value| {
        let id = answer.header("x-request-id");
        let mut found = nodes.iter().filter(|event| event["requestId"] == id && event["recordType"] == *kind);
        (found.next().cloned().unwrap_or_else(|| panic!("{kind} {nodes:#?}")), found.count())
    };
    let (event, more) = of(&seen, &json!("Person"));
    assert_eq!(more, 0);
    assert_eq!(
        (&event["role"], &event["action"], &event["outcome"]),
        (&json!("SUPERVISOR"), &json!("READ"), &json!("ALLOWED"))
    );
    assert_eq!((&event["user"]["subject"], &event["fields"]), (&json!("supervisor"), &json!(["fullName"])));
    assert_eq!((&event["recordCount"], event["records"].as_array().unwrap().len()), (&json!(1), 1));
    assert!(event["records"][0].as_str().unwrap().starts_with("person_"), "{event}");
    assert_eq!(event["operation"].as_str().unwrap().len(), 32);
    let (event, _) = of(&refused, &Value::Null);
    assert_eq!(
        (&event["outcome"], &event["records"], &event["recordCount"]),
        (&json!("DENIED"), &json!([]), &json!(0))
    );
    // The whole of the own organisation, and reading it adds nothing to it.
    let owner = literal(backend, ALPHA.id());
    let rows = world
        .store
        .column(&format!("SELECT CAST(count(*) AS text) FROM audit_event WHERE organisation_id = {owner}"))
        .await;
    assert_eq!(answer.at("/data/auditTrail/totalCount").to_string(), rows[0]);
    let by_user = "{ auditTrail(where: { user: { is: { subject: { eq: \"supervisor\" } } } }) { totalCount } }";
    let of_supervisor = world.ask(&auditor, by_user, json!({})).await.at("/data/auditTrail/totalCount").clone();
    let own = "{ auditTrail { totalCount } }";
    let own = world.ask(&world.token(&ALPHA, RoleCode::Supervisor), own, json!({})).await;
    assert_eq!(own.at("/data/auditTrail/totalCount"), &of_supervisor, "a supervisor lists the own acts alone");
    assert!(of_supervisor.as_i64().unwrap() > 1 && of_supervisor != *answer.at("/data/auditTrail/totalCount"));
    world.stop().await;
}

/// Whether an instant is found by a test against another one.
type Holds = fn(&DateTime<Utc>, &DateTime<Utc>) -> bool;

/// Ids are made of the instants, and bound the search: as many are found as by looking at each event.
async fn events_are_found_by_their_instant(backend: Backend) {
    let world = World::new(backend).await;
    let (within, _) = reached(&world, RoleCode::Supervisor).await;
    for child in &within[..2] {
        world.clock.advance(chrono::TimeDelta::milliseconds(1));
        see(&world, RoleCode::Supervisor, child).await;
        world.clock.advance(chrono::TimeDelta::days(400));
        world.ask(&world.token(&ALPHA, RoleCode::Auditor), "{ children { nodes { id } } }", json!({})).await;
    }
    let auditor = world.token(&ALPHA, RoleCode::Auditor);
    let asked = async |arguments: &str| {
        let query = format!("{{ auditTrail({arguments}) {{ totalCount nodes {{ id at }} }} }}");
        let answer = world.ask(&auditor, &query, json!({})).await;
        let nodes = answer.at("/data/auditTrail/nodes").as_array().unwrap_or_else(|| panic!("{}", answer.body)).clone();
        assert_eq!(answer.at("/data/auditTrail/totalCount"), nodes.len(), "{arguments}");
        nodes
    };
    let all = asked("first: 100").await;
    let instant = |event: &Value| event["at"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    for event in &all {
        let id = GlobalId::read_as(event["id"].as_str().unwrap(), "audit_event").unwrap();
        let (seconds, nanos) = id.get_timestamp().expect("a UUIDv7").to_unix();
        assert_eq!(DateTime::from_timestamp(seconds.cast_signed(), nanos), Some(instant(event)), "{event}");
    }
    let mut down = asked("first: 100, orderBy: { field: AT, direction: DESC }").await;
    down.reverse();
    assert_eq!((&down, &asked("last: 100, orderBy: { field: AT }").await), (&all, &all));
    assert!(all.is_sorted_by_key(&instant));
    let instants: BTreeSet<_> = all.iter().map(&instant).collect();
    assert!(instants.len() > 4 && instants.len() < all.len(), "{instants:?}");
    for at in instants {
        let beside = [-1, 0, 1].map(|millis| at + chrono::TimeDelta::milliseconds(millis));
        for at in beside {
            let tests: [(&str, Holds); 6] = [
                ("eq", PartialEq::eq),
                ("ne", PartialEq::ne),
                ("gt", PartialOrd::gt),
                ("gte", PartialOrd::ge),
                ("lt", PartialOrd::lt),
                ("lte", PartialOrd::le),
            ];
            for (operator, holds) in tests {
                let term = format!("{{ at: {{ {operator}: \"{}\" }} }}", at.to_rfc3339());
                let (yes, no): (Vec<Value>, Vec<Value>) =
                    all.iter().cloned().partition(|event| holds(&instant(event), &at));
                assert_eq!(asked(&format!("first: 100, where: {term}")).await, yes, "{term}");
                assert_eq!(asked(&format!("first: 100, where: {{ not: {term} }}")).await, no, "not {term}");
            }
        }
    }
    for never in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
        let before = asked(&format!("first: 100, where: {{ at: {{ lt: \"{never}\" }} }}")).await;
        let after = asked(&format!("first: 100, where: {{ at: {{ gt: \"{never}\" }} }}")).await;
        assert_eq!((before.len() + after.len(), before.len().min(after.len())), (all.len(), 0), "{never}");
    }
    world.stop().await;
}

async fn who_saw_a_record(backend: Backend) {
    let world = World::new(backend).await;
    let (within, _) = reached(&world, RoleCode::Supervisor).await;
    let (own, _) = reached(&world, RoleCode::Caseworker).await;
    let child = within.iter().find(|id| own.contains(id)).expect("a child of a caseworker of the team");
    let other = within.iter().find(|id| *id != child).expect("two children");
    let person = |id: &str| format!("{{ child(id: \"{id}\") {{ person {{ id }} }} }}");
    let supervisor = world.token(&ALPHA, RoleCode::Supervisor);
    let mut people = Vec::new();
    for id in [child, other] {
        let answer = world.ask(&supervisor, &person(id), json!({})).await;
        people
            .push(answer.at("/data/child/person/id").as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned());
    }
    let [person, of_other] = people.try_into().expect("two");
    let before = events(&trail(&world, &supervisor, &person).await).len();
    let seen = see(&world, RoleCode::Caseworker, child).await;
    see(&world, RoleCode::Supervisor, other).await;
    let answer = trail(&world, &supervisor, &person).await;
    let found = events(&answer);
    assert_eq!(found.len(), before + 1, "{found:#?}");
    let last = found.last().unwrap();
    assert_eq!(
        (&last["user"]["subject"], &last["requestId"]),
        (&json!("caseworker"), &json!(seen.header("x-request-id")))
    );
    assert_eq!(answer.at("/data/accessTrail/totalCount"), found.len());
    // What was read together with it may lie beyond the supervisor's reach: neither named nor counted.
    for event in found {
        assert_eq!((&event["records"], &event["recordCount"]), (&Value::Null, &Value::Null), "{event}");
    }
    let redactions = answer.at("/extensions/redactions").to_string();
    for field in ["records", "recordCount"] {
        assert!(redactions.contains(&format!("accessTrail.nodes.{field}\"")), "{redactions}");
    }
    let of_other = trail(&world, &supervisor, &of_other).await;
    assert!(
        events(&of_other).iter().all(|event| event["requestId"] != seen.header("x-request-id")),
        "{}",
        of_other.body
    );
    // A change is told as well as a read.
    let visit = "mutation { visitRecord(input: { centre: \"CENTRE\", visitedOn: \"DAY\", channel: WALK_IN, sex: FEMALE, \
                 visitorKind: ASPIRANT, topics: [], services: [] }) { visit { id } userErrors { code field } } }";
    let centre = GlobalId::text("centre", ALPHA.row("resource_centre", 0));
    let visit = visit.replace("CENTRE", &centre).replace("DAY", &world.clock.today().to_string());
    let made = world.ask(&world.token(&ALPHA, RoleCode::MrcCounsellor), &visit, json!({})).await;
    let id = made.at("/data/visitRecord/visit/id").as_str().unwrap_or_else(|| panic!("{}", made.body)).to_owned();
    let auditor = trail(&world, &world.token(&ALPHA, RoleCode::Auditor), &id).await;
    assert_eq!(events(&auditor)[0]["records"], json!([id]), "the auditor sees them");
    let acts: Vec<&Value> = events(&auditor).iter().map(|event| &event["action"]).collect();
    assert_eq!(acts.iter().filter(|act| ***act == json!("VISIT_RECORD")).count(), 1, "{}", auditor.body);
    world.stop().await;
}

async fn whose_record_it_must_be(backend: Backend) {
    let world = World::new(backend).await;
    let (within, outside) = reached(&world, RoleCode::Supervisor).await;
    let auditor = world.token(&ALPHA, RoleCode::Auditor);
    let supervisor = world.token(&ALPHA, RoleCode::Supervisor);
    let theirs = world.token(&BETA, RoleCode::Supervisor);
    let nobody = trail(&world, &supervisor, &GlobalId::text("child", harness::seed::named("nobody"))).await;
    assert_eq!(events(&nobody).len(), 0);
    for id in &outside {
        let hidden = trail(&world, &supervisor, id).await;
        assert_eq!(hidden.masked(), nobody.masked(), "what lies beyond the team is as good as nothing");
        assert!(trail(&world, &auditor, id).await.at("/errors").is_null());
    }
    assert!(!outside.is_empty(), "every child is within the supervisor's team");
    assert_eq!(trail(&world, &theirs, &within[0]).await.masked(), nobody.masked());
    assert_eq!(trail(&world, &supervisor, "no id at all").await.masked(), nobody.masked());
    for role in [RoleCode::Caseworker, RoleCode::MrcCounsellor, RoleCode::OrgAdmin] {
        let refused = trail(&world, &world.token(&ALPHA, role), &within[0]).await;
        assert_eq!(refused.code(), "ROLE_NOT_ALLOWED", "{role:?}: {}", refused.body);
    }
    world.stop().await;
}

async fn a_place_in_one_trail_only(backend: Backend) {
    let world = World::new(backend).await;
    let auditor = world.token(&ALPHA, RoleCode::Auditor);
    let visit = |number: usize| GlobalId::text("visit", ALPHA.row("visit", number));
    let query = "query($id: ID!, $after: String) { accessTrail(record: $id, first: 1, after: $after) \
                 { nodes { id } pageInfo { endCursor } } }";
    let first = world.ask(&auditor, query, json!({ "id": visit(0) })).await;
    let place = first.at("/data/accessTrail/pageInfo/endCursor");
    assert!(place.is_string(), "{}", first.body);
    let next = world.ask(&auditor, query, json!({ "id": visit(0), "after": place })).await;
    assert!(next.at("/errors").is_null(), "{}", next.body);
    let elsewhere = world.ask(&auditor, query, json!({ "id": visit(2), "after": place })).await;
    assert_eq!(elsewhere.code(), "INVALID_CURSOR", "{}", elsewhere.body);
    world.stop().await;
}
