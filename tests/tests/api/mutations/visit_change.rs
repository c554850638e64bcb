//! Visits after they were logged: corrected, added to, removed; tickets, and who holds them.

use entity::user::RoleCode;
use harness::{ALPHA, BETA, Backend, both};
use serde_json::{Value, json};

use super::{Desk, seeded};

both! {
    a_visit_is_corrected, a_conflict_has_both_versions, a_correction_is_refused, notes_stand_side_by_side,
    a_visit_is_removed, what_stands_on_a_visit_keeps_it, a_ticket_counts_once_a_day, a_visitor_comes_again,
    first_or_not_it_is_one_visitor, who_may_not
}

const ACTION: &str = "VISIT_CHANGE";
const VISIT: &str = "id rowVersion visitedOn channel ticket minutes ageYears sex note topics signs callKind satisfaction \
                     needsFollowUp homeTownship { pcode } destination sector heardThrough documentsGiven services \
                     person { id } project { id } visitor { id ticket sex ageYears firstVisitOn lastVisitOn }";

fn visit(more: &Value) -> Value {
    let mut input = json!({
        "centre": seeded("centre", "resource_centre", 0), "visitedOn": "2026-11-20", "channel": "WALK_IN",
        "visitorKind": "ASPIRANT", "sex": "FEMALE", "ageYears": 19, "ticket": "NEW-1", "minutes": 30, "note": "မူလ",
        "homeTownship": "MMR015009"
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

impl Desk {
    async fn logs(&self, more: Value) -> Value {
        let made =
            self.done("visitRecord", "VISIT_RECORD", "Visit", visit(&more), &format!("visit {{ {VISIT} }}")).await;
        made["visit"].clone()
    }

    async fn changes(&self, input: Value) -> Value {
        let selection = format!("visit {{ {VISIT} }} current {{ id }}");
        let made = self.done("visitChange", ACTION, "Visit", input, &selection).await;
        assert!(made["current"].is_null());
        made["visit"].clone()
    }
}

async fn a_visit_is_corrected(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let logged = desk.logs(json!({})).await;
    let change = json!({
        "visit": logged["id"], "expectedVersion": 1, "channel": "PHONE", "callKind": "COUNSELLING", "minutes": null,
        "sex": "MALE", "ageYears": 21, "topics": ["HEALTH"], "note": null, "destination": "TH", "idempotencyKey": "once"
    });
    let changed = desk.changes(change.clone()).await;
    let mut expected = logged.clone();
    for (field, value) in [
        ("rowVersion", json!(2)),
        ("channel", json!("PHONE")),
        ("callKind", json!("COUNSELLING")),
        ("minutes", Value::Null),
        ("sex", json!("MALE")),
        ("ageYears", json!(21)),
        ("topics", json!(["HEALTH"])),
        ("note", Value::Null),
        ("destination", json!("TH")),
    ] {
        expected[field] = value;
    }
    expected["visitor"]["sex"] = json!("MALE");
    expected["visitor"]["ageYears"] = json!(21);
    assert_eq!(changed, expected);
    // The same once more is answered and changes nothing; nothing new is no new version.
    let again = desk.send("visitChange", &change, "visit { rowVersion }").await;
    assert_eq!(again.at("/data/result/visit/rowVersion"), 2, "{}", again.body);
    let same = desk.changes(json!({ "visit": logged["id"], "expectedVersion": 2, "sex": "MALE" })).await;
    assert_eq!(same, expected);
    // The audit names what was changed, and not to what.
    let fields = desk.world.store.column("SELECT fields FROM audit_event WHERE action = 'VISIT_CHANGE'").await;
    let told = r#"["channel","sex","ageYears","destination","topics","minutes","callKind","note"]"#;
    assert!(fields.iter().any(|one| one.replace(", ", ",") == told), "{fields:?}");
    // New signs ask for a talk about trafficking; those that were told before do not ask again.
    let signs = json!({ "visit": logged["id"], "expectedVersion": 2, "signs": ["DEBT_BONDAGE"] });
    desk.changes(signs).await;
    let signs = json!({ "visit": logged["id"], "expectedVersion": 3, "signs": ["DEBT_BONDAGE", "DECEPTION"] });
    desk.changes(signs).await;
    let asked =
        desk.ask(&format!("{{ visit(id: {}) {{ screeningRequests {{ nodes {{ signs }} }} }} }}", logged["id"])).await;
    let mut asked: Vec<String> = asked["visit"]["screeningRequests"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["signs"].to_string())
        .collect();
    asked.sort();
    assert_eq!(asked, [r#"["DEBT_BONDAGE"]"#, r#"["DECEPTION"]"#]);
    desk.world.stop().await;
}

async fn a_conflict_has_both_versions(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let logged = desk.logs(json!({})).await;
    let mine = json!({ "visit": logged["id"], "expectedVersion": 1, "minutes": 45, "note": "mine" });
    desk.sits(RoleCode::Supervisor);
    let theirs = desk.changes(json!({ "visit": logged["id"], "expectedVersion": 1, "note": "theirs" })).await;
    desk.sits(RoleCode::MrcCounsellor);
    let before = desk.records().await;
    let answered = desk.send("visitChange", &mine, &format!("visit {{ id }} current {{ {VISIT} }}")).await;
    let result = answered.at("/data/result");
    assert_eq!((&result["visit"], &result["current"]), (&Value::Null, &theirs), "{}", answered.body);
    assert_eq!(result["userErrors"][0]["code"], "VERSION_CONFLICT");
    assert_eq!(result["userErrors"][0]["field"], "input.expectedVersion");
    assert!(desk.records().await == before, "a conflict changes nothing");
    // What is decided is sent with the version that was shown.
    let decided = json!({ "visit": logged["id"], "expectedVersion": result["current"]["rowVersion"], "minutes": 45 });
    let settled = desk.changes(decided).await;
    assert_eq!(
        (&settled["note"], &settled["minutes"], &settled["rowVersion"]),
        (&json!("theirs"), &json!(45), &json!(3))
    );
    // Of two that see the same version one wins, whoever is first.
    let send = |note: &str| {
        let input = json!({ "visit": logged["id"], "expectedVersion": 3, "note": note });
        let desk = &desk;
        async move { desk.send("visitChange", &input, "visit { note } current { note }").await.at("/data/result").clone() }
    };
    let (one, other) = tokio::join!(send("one"), send("other"));
    let won = [&one, &other].into_iter().filter(|result| result["visit"].is_object()).count();
    assert_eq!(won, 1, "{one} {other}");
    let (winner, loser) = if one["visit"].is_object() { (&one, &other) } else { (&other, &one) };
    assert_eq!(winner["visit"]["note"], loser["current"]["note"]);
    desk.world.stop().await;
}

async fn a_correction_is_refused(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let logged = desk.logs(json!({})).await;
    let id = &logged["id"];
    for (more, code, field) in [
        (json!({ "visitedOn": "2026-11-23" }), "DATE_INVALID", "input.visitedOn"),
        (json!({ "visitedOn": "2020-01-01" }), "DATE_INVALID", "input.visitedOn"),
        (json!({ "ticket": " " }), "FIELD_REQUIRED", "input.ticket"),
        (json!({ "ticket": "x".repeat(65) }), "TOO_LONG", "input.ticket"),
        (json!({ "callKind": "UPDATE" }), "BAD_USER_INPUT", "input.callKind"),
        (json!({ "minutes": 1441 }), "BAD_USER_INPUT", "input.minutes"),
        (json!({ "satisfaction": 6 }), "BAD_USER_INPUT", "input.satisfaction"),
        (json!({ "ageYears": -1 }), "BAD_USER_INPUT", "input.ageYears"),
        (json!({ "homeTownship": "MMR999999" }), "PCODE_UNKNOWN", "input.homeTownship"),
        (json!({ "destination": "Thailand" }), "CODE_UNKNOWN", "input.destination"),
        (json!({ "note": "a\u{0}b" }), "BAD_USER_INPUT", "input.note"),
        (json!({ "documentsGiven": vec!["x"; 51] }), "TOO_LONG", "input.documentsGiven"),
        (json!({ "project": desk.fresh("project") }), "NOT_FOUND", "input.project"),
        (json!({ "person": desk.fresh("person") }), "NOT_FOUND", "input.person"),
        (json!({ "visit": desk.fresh("visit") }), "NOT_FOUND", "input.visit"),
        (json!({ "expectedVersion": 0 }), "VERSION_CONFLICT", "input.expectedVersion"),
        (json!({ "expectedVersion": 2 }), "VERSION_CONFLICT", "input.expectedVersion"),
    ] {
        let mut input = json!({ "visit": id, "expectedVersion": 1 });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        desk.refuses("visitChange", input, code, field).await;
    }
    // A visit of a colleague's is not there for a counsellor, whatever its version.
    let mut desk = desk;
    desk.sits(RoleCode::MrcCounsellor);
    desk.refuses("visitChange", json!({ "visit": id, "expectedVersion": 9 }), "NOT_FOUND", "input.visit").await;
    let others = lanpya::plan::GlobalId::text("visit", BETA.row("visit", 0));
    desk.refuses(
        "visitRemove",
        json!({ "visit": others, "expectedVersion": 1, "reason": "DUPLICATE" }),
        "NOT_FOUND",
        "input.visit",
    )
    .await;
    desk.world.stop().await;
}

async fn notes_stand_side_by_side(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let logged = desk.logs(json!({})).await;
    let note = |id: &str, text: &str| json!({ "visit": logged["id"], "id": id, "text": text, "idempotencyKey": id });
    let (one, other) = (desk.fresh("visit_note"), desk.fresh("visit_note"));
    let selection = "visitNote { id text author { subject } }";
    desk.done("visitNoteAdd", ACTION, "VisitNote", note(&one, "မှတ်ချက် ၁"), selection).await;
    let again = desk.send("visitNoteAdd", &note(&one, "မှတ်ချက် ၁"), selection).await;
    assert_eq!(again.at("/data/result/visitNote/id"), one.as_str(), "{}", again.body);
    desk.sits(RoleCode::Supervisor);
    desk.done("visitNoteAdd", ACTION, "VisitNote", note(&other, "second"), selection).await;
    let read =
        format!("{{ visit(id: {}) {{ rowVersion notes {{ nodes {{ text author {{ subject }} }} }} }} }}", logged["id"]);
    let read = desk.ask(&read).await["visit"].clone();
    assert_eq!(read["rowVersion"], 1, "a note is no new version of the visit");
    let mut notes = read["notes"]["nodes"].as_array().unwrap().clone();
    notes.sort_by_key(ToString::to_string);
    let told = json!([
        { "text": "မှတ်ချက် ၁", "author": { "subject": "mrc_counsellor" } },
        { "text": "second", "author": { "subject": "supervisor" } },
    ]);
    assert_eq!(Value::from(notes), told);
    for (more, code, field) in [
        (json!({ "text": " " }), "FIELD_REQUIRED", "input.text"),
        (json!({ "text": "x".repeat(10_001) }), "TOO_LONG", "input.text"),
        (json!({ "visit": desk.fresh("visit") }), "NOT_FOUND", "input.visit"),
        (json!({ "id": one }), "DUPLICATE", "input.id"),
        (json!({ "id": "visit_note_01h2xcejqtf2nbrexx3vqjhp41" }), "BAD_USER_INPUT", "input.id"),
    ] {
        let mut input = json!({ "visit": logged["id"], "text": "x" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        desk.refuses("visitNoteAdd", input, code, field).await;
    }
    desk.world.stop().await;
}

async fn a_visit_is_removed(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let counts = async |desk: &Desk| {
        let mut counts = Vec::new();
        for table in ["visit", "visitor", "visit_note", "visit_follow_up", "screening_request", "removal"] {
            counts.push(desk.count(table).await);
        }
        counts
    };
    let before = counts(&desk).await;
    let key = json!({ "signs": ["DECEPTION"], "idempotencyKey": "logged" });
    let logged = desk.logs(key.clone()).await;
    let id = &logged["id"];
    desk.done("visitNoteAdd", ACTION, "VisitNote", json!({ "visit": id, "text": "x" }), "visitNote { id }").await;
    let plan = json!({ "visit": id, "neededBy": "2026-11-30" });
    desk.done("visitFollowUpPlan", "VISIT_WORK", "VisitFollowUp", plan, "followUp { id }").await;
    let remove = |reason: &str, version: i32| json!({ "visit": id, "expectedVersion": version, "reason": reason });
    desk.refuses("visitRemove", remove("DUPLICATE", 2), "VERSION_CONFLICT", "input.expectedVersion").await;
    for own in ["NOTHING_LEFT", "REPLACED"] {
        desk.refuses("visitRemove", remove(own, 1), "BAD_USER_INPUT", "input.reason").await;
    }
    let gone = desk.done("visitRemove", ACTION, "Visit", remove("ENTERED_BY_MISTAKE", 1), "removedId").await;
    assert_eq!(&gone["removedId"], id);
    let mut expected = before.clone();
    // The visit, its visitor, its note, its plan, its request.
    expected[5] += 5;
    assert_eq!(counts(&desk).await, expected);
    assert_eq!(desk.ask(&format!("{{ visit(id: {id}) {{ id }} }}")).await["visit"], Value::Null);
    // Nothing it said is left.
    let left = desk.world.store.dump(None).await;
    assert!(!left.iter().any(|(table, rows)| *table != "audit_event" && rows.iter().any(|row| row.contains("မူလ"))));
    // Sent again by a device that did not hear of it, it stays away.
    let again = desk.send("visitRecord", &visit(&key), "visit { id }").await;
    assert_eq!(again.at("/data/result"), &json!({ "visit": null, "userErrors": [] }), "{}", again.body);
    assert_eq!(counts(&desk).await, expected);
    desk.world.stop().await;
}

async fn what_stands_on_a_visit_keeps_it(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::Supervisor).await;
    let give = |id: &Value| json!({ "visit": id, "kind": "FOOD", "item": "ဆန်" });
    let logged = desk.logs(json!({})).await["id"].clone();
    desk.done("directAssistanceGive", "VISIT_WORK", "DirectAssistance", give(&logged), "assistance { id }").await;
    let remove = |id: &Value| json!({ "visit": id, "expectedVersion": 1, "reason": "DUPLICATE" });
    desk.refuses("visitRemove", remove(&logged), "WRONG_STATE", "input.visit").await;
    let logged = desk.logs(json!({ "ticket": "NEW-2" })).await["id"].clone();
    let plan = json!({ "visit": logged, "neededBy": "2026-11-22" });
    let planned = desk.done("visitFollowUpPlan", "VISIT_WORK", "VisitFollowUp", plan, "followUp { id }").await;
    let done = json!({ "visitFollowUp": planned["followUp"]["id"], "expectedVersion": 1, "outcome": "Called" });
    desk.done("visitFollowUpComplete", "VISIT_WORK", "VisitFollowUp", done, "followUp { id }").await;
    desk.refuses("visitRemove", remove(&logged), "WRONG_STATE", "input.visit").await;
    let logged = desk.logs(json!({ "ticket": "NEW-3" })).await["id"].clone();
    let complaint = json!({
        "centre": seeded("centre", "resource_centre", 0), "visit": logged, "stage": "IN_EMPLOYMENT", "against": "EMPLOYER",
        "kinds": ["DISMISSAL"], "filedOn": "2026-11-20", "complainants": [{ "ticket": "NEW-3" }]
    });
    desk.done("complaintFile", "COMPLAINT_WRITE", "Complaint", complaint, "complaint { id }").await;
    desk.refuses("visitRemove", remove(&logged), "WRONG_STATE", "input.visit").await;
    desk.world.stop().await;
}

async fn a_ticket_counts_once_a_day(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let first = desk.logs(json!({})).await;
    desk.refuses("visitRecord", visit(&json!({ "channel": "PHONE" })), "DUPLICATE", "input.ticket").await;
    let own = json!({ "id": first["id"], "ticket": "NEW-9" });
    desk.refuses("visitRecord", visit(&own), "DUPLICATE", "input.id").await;
    // Another day, another centre, another ticket are other visits.
    let next = desk.logs(json!({ "visitedOn": "2026-11-21" })).await;
    desk.logs(json!({ "centre": seeded("centre", "resource_centre", 2) })).await;
    let other = desk.logs(json!({ "ticket": "NEW-2" })).await;
    let onto = json!({ "visit": other["id"], "expectedVersion": 1, "ticket": "NEW-1" });
    desk.refuses("visitChange", onto, "DUPLICATE", "input.ticket").await;
    let onto = json!({ "visit": next["id"], "expectedVersion": 1, "visitedOn": "2026-11-20" });
    desk.refuses("visitChange", onto, "DUPLICATE", "input.ticket").await;
    // In a batch it is refused for itself. Of many at once one is taken.
    let fresh = |ticket: &str| visit(&json!({ "id": desk.fresh("visit"), "ticket": ticket }));
    let batch = json!({ "visits": [fresh("NEW-1"), fresh("NEW-4"), fresh("NEW-4")] });
    let answered = desk.send("visitsRecord", &batch, "results { outcome userErrors { code field } }").await;
    let refused = |place: usize| {
        let error = json!({ "code": "DUPLICATE", "field": format!("input.visits.{place}.ticket") });
        json!({ "outcome": "REFUSED", "userErrors": [error] })
    };
    let taken = json!({ "outcome": "CREATED", "userErrors": [] });
    assert_eq!(answered.at("/data/result/results"), &json!([refused(0), taken, refused(2)]), "{}", answered.body);
    let at_once = (0..6).map(|_| {
        let desk = &desk;
        let input = fresh("NEW-5");
        async move { desk.send("visitRecord", &input, "visit { id }").await.at("/data/result").clone() }
    });
    let answers = futures_util::future::join_all(at_once).await;
    assert_eq!(answers.iter().filter(|one| one["visit"].is_object()).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|one| one["visit"].is_object() || one["userErrors"][0]["field"] == "input.ticket"));
    desk.world.stop().await;
}

async fn a_visitor_comes_again(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let first = desk.logs(json!({ "visitedOn": "2026-11-10" })).await["visitor"].clone();
    assert_eq!((&first["firstVisitOn"], &first["lastVisitOn"]), (&json!("2026-11-10"), &json!("2026-11-10")));
    // Later visits tell who the visitor is now; what they do not ask stays known.
    let later = json!({ "visitedOn": "2026-11-12", "sex": "NOT_ASKED", "ageYears": 20, "homeTownship": null });
    let later = desk.logs(later).await["visitor"].clone();
    let mut expected = first.clone();
    expected["ageYears"] = json!(20);
    expected["lastVisitOn"] = json!("2026-11-12");
    assert_eq!(later, expected);
    // An earlier visit that comes late fills what was not known, and changes nothing else.
    let earlier = json!({ "visitedOn": "2026-11-01", "sex": "MALE", "ageYears": 18, "destination": "TH" });
    let earlier = desk.logs(earlier).await;
    expected["firstVisitOn"] = json!("2026-11-01");
    assert_eq!(earlier["visitor"], expected);
    let held = format!(
        "{{ visitor(id: {}) {{ rowVersion destination homeTownship {{ pcode }} visits {{ totalCount }} }} }}",
        first["id"]
    );
    let held = desk.ask(&held).await["visitor"].clone();
    let told = json!({ "rowVersion": 3, "destination": "TH", "homeTownship": { "pcode": "MMR015009" }, "visits": { "totalCount": 3 } });
    assert_eq!(held, told);
    // A ticket written wrong: the visit moves to its true visitor, and this one's days follow.
    let moved = json!({ "visit": earlier["id"], "expectedVersion": 1, "ticket": "NEW-7" });
    let moved = desk.changes(moved).await;
    assert_ne!(moved["visitor"]["id"], first["id"]);
    let left = desk.ask(&format!("{{ visitor(id: {}) {{ firstVisitOn lastVisitOn }} }}", first["id"])).await;
    assert_eq!(left["visitor"], json!({ "firstVisitOn": "2026-11-10", "lastVisitOn": "2026-11-12" }));
    // Back again: the visitor in between had no other visit, and is gone.
    let back = json!({ "visit": earlier["id"], "expectedVersion": 2, "ticket": "NEW-1" });
    assert_eq!(desk.changes(back).await["visitor"]["id"], first["id"]);
    let gone = desk.ask(&format!("{{ visitor(id: {}) {{ id }} }}", moved["visitor"]["id"])).await;
    assert_eq!(gone["visitor"], Value::Null);
    // Another centre's ticket of the same number is another visitor.
    let other = desk.logs(json!({ "centre": seeded("centre", "resource_centre", 2) })).await;
    assert_ne!(other["visitor"]["id"], first["id"]);
    let beta = desk
        .world
        .ask(
            &desk.world.token(&BETA, RoleCode::Supervisor),
            "query($id: ID!) { visitor(id: $id) { id } }",
            json!({ "id": first["id"] }),
        )
        .await;
    assert_eq!(beta.at("/data/visitor"), &Value::Null);
    desk.world.stop().await;
}

/// Whether a visit is told as a visitor's first is what the desk believes: right or wrong, one after another or at once,
/// nothing is lost, and under a ticket is one visitor.
async fn first_or_not_it_is_one_visitor(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    for (round, told) in [[true, true, true], [false, false, true], [true, false, false]].into_iter().enumerate() {
        let ticket = format!("ONE-{round}");
        let day = |day: usize| format!("2026-11-{:02}", 10 + day);
        for (at, is_first) in told.into_iter().enumerate() {
            let made = desk.logs(json!({ "ticket": ticket, "visitedOn": day(at), "isFirst": is_first })).await;
            assert_eq!(made["visitor"]["lastVisitOn"], day(at));
        }
        let at_once = (told.len()..8).map(|at| {
            let more =
                json!({ "ticket": ticket, "visitedOn": day(at), "isFirst": at % 2 == 0, "id": desk.fresh("visit") });
            let desk = &desk;
            async move {
                desk.send("visitRecord", &visit(&more), "visit { isFirst visitor { id } } userErrors { code }").await
            }
        });
        let answers = futures_util::future::join_all(at_once).await;
        assert!(answers.iter().all(|one| one.at("/data/result/visit/visitor/id").is_string()), "{answers:?}");
        let fresh = (0..6).map(|at| {
            let more = json!({ "ticket": format!("NEW-{round}"), "visitedOn": day(at), "isFirst": at != round });
            let desk = &desk;
            async move { desk.send("visitRecord", &visit(&more), "visit { visitor { id } } userErrors { code }").await }
        });
        let answers = futures_util::future::join_all(fresh).await;
        assert!(answers.iter().all(|one| one.at("/data/result/visit/visitor/id").is_string()), "{answers:?}");
        for (ticket, visits) in [(ticket, 8), (format!("NEW-{round}"), 6)] {
            let asked = format!(
                "{{ visitors(where: {{ ticket: {{ eq: \"{ticket}\" }} }}) \
                 {{ nodes {{ firstVisitOn lastVisitOn visits {{ totalCount }} }} }} }}"
            );
            let held =
                json!([{ "firstVisitOn": day(0), "lastVisitOn": day(visits - 1), "visits": { "totalCount": visits } }]);
            assert_eq!(desk.ask(&asked).await["visitors"]["nodes"], held);
        }
    }
    desk.world.stop().await;
}

async fn who_may_not(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::Supervisor).await;
    let roles = [RoleCode::Integration, RoleCode::Caseworker, RoleCode::OrgDataOfficer, RoleCode::OrgAdmin];
    let visit = lanpya::plan::GlobalId::text("visit", ALPHA.row("visit", 0));
    for (name, input) in [
        ("visitChange", json!({ "visit": visit, "expectedVersion": 1, "minutes": 1 })),
        ("visitNoteAdd", json!({ "visit": visit, "text": "x" })),
        ("visitRemove", json!({ "visit": visit, "expectedVersion": 1, "reason": "DUPLICATE" })),
    ] {
        desk.denied(name, ACTION, &input, &roles).await;
    }
    desk.world.stop().await;
}
