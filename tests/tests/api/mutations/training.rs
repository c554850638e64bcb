//! Trainings: recorded with who took part and what they learnt, each once; results are paired by key, whichever is first.

use entity::user::RoleCode;
use harness::{ALPHA, BETA, Backend, both};
use serde_json::{Value, json};

use super::{Desk, seeded};

both! {
    a_curriculum_is_recorded, a_training_is_recorded, a_training_changes, what_is_refused_of_a_training, attendance_is_recorded,
    what_is_refused_of_attendance, results_are_paired_in_either_order, what_is_refused_of_results, once_each,
    at_once, who_may_and_who_may_not, others_see_nothing
}

const WRITE: &str = "TRAINING_WRITE";

fn with(mut input: Value, more: &Value) -> Value {
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better")]
fn training(more: Value) -> Value {
    let input = json!({ "curriculum": seeded("curriculum", "curriculum", 0), "startsOn": "2026-11-18", "endsOn": "2026-11-20" });
    with(input, &more)
}

impl Desk {
    async fn trains(&self, more: Value) -> Value {
        let made =
            self.done("trainingSessionRecord", WRITE, "TrainingSession", training(more), "trainingSession { id }");
        made.await["trainingSession"]["id"].clone()
    }

    #[expect(clippy::needless_pass_by_value, reason = "a literal reads better")]
    fn attended(&self, session: &Value, key: &str, more: Value) -> Value {
        let input = json!({ "id": self.fresh("attendance"), "session": session, "participantKey": key, "days": 1 });
        with(input, &more)
    }

    fn tested(&self, session: &Value, key: &str, phase: &str, score: f64) -> Value {
        json!({
            "id": self.fresh("test_result"), "session": session, "participantKey": key, "phase": phase,
            "takenOn": if phase == "FOLLOW_UP" { "2026-11-21" } else { "2026-11-19" }, "score": score, "max": 20
        })
    }

    /// The results of a batch, as codes and fields where they are refused.
    async fn results(&self, name: &str, list: &str, items: &[Value]) -> Vec<Value> {
        let selection = "results { index outcome userErrors { code field } }";
        let answered = self.send(name, &json!({ list: items }), selection).await;
        assert_eq!(answered.at("/data/result/userErrors"), &json!([]), "{}", answered.body);
        let results = answered.at("/data/result/results").as_array().unwrap();
        assert_eq!(results.len(), items.len());
        let told = results.iter().enumerate().map(|(index, result)| {
            assert_eq!(result["index"], index);
            if result["outcome"] == "REFUSED" { result["userErrors"].clone() } else { result["outcome"].clone() }
        });
        told.collect()
    }

    async fn attend(&self, items: &[Value]) -> Vec<Value> {
        self.results("attendanceRecord", "attendances", items).await
    }

    async fn test(&self, items: &[Value]) -> Vec<Value> {
        self.results("testResultsRecord", "testResults", items).await
    }

    /// Phase, percent, change and version of a key's results in a session.
    async fn results_of(&self, session: &Value, key: &str) -> Vec<Value> {
        let query = format!(
            "{{ trainingSession(id: {session}) {{ testResults(where: {{ participantKey: {{ eq: \"{key}\" }} }}) \
             {{ nodes {{ phase percent change rowVersion }} }} }} }}"
        );
        let mut rows = self.ask(&query).await["trainingSession"]["testResults"]["nodes"].as_array().unwrap().clone();
        rows.sort_by_key(|row| ["PRE", "POST", "FOLLOW_UP"].iter().position(|phase| row["phase"] == *phase));
        rows.iter().map(|row| json!([row["phase"], row["percent"], row["change"], row["rowVersion"]])).collect()
    }
}

fn refused(place: &str, faults: &[(&str, &str)]) -> Value {
    faults.iter().map(|(code, field)| json!({ "code": code, "field": format!("{place}.{field}") })).collect()
}

async fn a_curriculum_is_recorded(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let input = json!({
        "idempotencyKey": "one", "code": "NEW", "names": { "en": "On the way", "my": "ခရီးစဉ်" }, "audience": "EMPLOYERS",
        "modules": ["Wages", "ลูกจ้าง"]
    });
    let selection = "curriculum { id code names { en my th } audience modules sessions { totalCount } }";
    let made = desk.done("curriculumRecord", WRITE, "Curriculum", input.clone(), selection).await;
    let read = json!({
        "id": made["curriculum"]["id"], "code": "NEW", "names": { "en": "On the way", "my": "ခရီးစဉ်", "th": null },
        "audience": "EMPLOYERS", "modules": ["Wages", "ลูกจ้าง"], "sessions": { "totalCount": 0 }
    });
    assert_eq!(made["curriculum"], read);
    let rows = desk.records().await;
    let again = desk.send("curriculumRecord", &input, "curriculum { id }").await;
    assert_eq!(again.at("/data/result/curriculum/id"), &made["curriculum"]["id"]);
    assert!(desk.records().await == rows, "sent again it adds nothing");
    for (more, code, field) in [
        (json!({ "idempotencyKey": "two" }), "DUPLICATE", "input.code"),
        (json!({ "idempotencyKey": "two", "code": " " }), "FIELD_REQUIRED", "input.code"),
        (json!({ "idempotencyKey": "two", "code": "X", "names": { "en": "" } }), "FIELD_REQUIRED", "input.names.en"),
        (json!({ "idempotencyKey": "two", "code": "X", "modules": ["x".repeat(201)] }), "TOO_LONG", "input.modules"),
        (json!({ "code": "X" }), "IDEMPOTENCY_KEY_REUSED", "input.idempotencyKey"),
    ] {
        desk.refuses("curriculumRecord", with(input.clone(), &more), code, field).await;
    }
    desk.world.stop().await;
}

async fn a_training_is_recorded(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let more = json!({
        "id": desk.fresh("training_session"), "hours": 17.25, "place": "MMR015009", "language": "kac",
        "trainers": ["Daw Example"], "cost": { "amount": 250_000, "currency": "MMK" },
        "centre": seeded("centre", "resource_centre", 0), "project": seeded("project", "project", 0)
    });
    let selection = "trainingSession { id curriculum { code } startsOn endsOn hours place { pcode } language trainers \
                     cost { amount currency } centre { code } project { names { en } } officer { subject } rowVersion }";
    let made = desk.done("trainingSessionRecord", WRITE, "TrainingSession", training(more.clone()), selection).await;
    let read = json!({
        "id": more["id"], "curriculum": { "code": "CUR-0" }, "startsOn": "2026-11-18", "endsOn": "2026-11-20", "hours": 17.25,
        "place": { "pcode": "MMR015009" }, "language": "kac", "trainers": ["Daw Example"],
        "cost": { "amount": 250_000.0, "currency": "MMK" }, "centre": { "code": "MRC-0" },
        "project": { "names": { "en": "SAFE" } }, "officer": { "subject": "training_officer" }, "rowVersion": 1
    });
    assert_eq!(made["trainingSession"], read);
    // One day, if no other is told; planned for later.
    let short = json!({ "curriculum": seeded("curriculum", "curriculum", 1), "startsOn": "2027-01-10" });
    let made = desk.done(
        "trainingSessionRecord",
        WRITE,
        "TrainingSession",
        short,
        "trainingSession { endsOn cost { amount } }",
    );
    assert_eq!(made.await["trainingSession"], json!({ "endsOn": "2027-01-10", "cost": null }));
    desk.world.stop().await;
}

async fn a_training_changes(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let session =
        desk.trains(json!({ "hours": 5, "language": "kac", "trainers": ["One"], "place": "MMR015009" })).await;
    let told =
        |version: i32, more: Value| with(json!({ "trainingSession": session, "expectedVersion": version }), &more);
    let selection = "trainingSession { id startsOn endsOn hours language trainers place { pcode } cost { amount currency } rowVersion }";
    let more = json!({ "startsOn": "2026-11-19", "place": "MMR001001", "cost": { "amount": 5, "currency": "THB" } });
    let made = desk.done("trainingSessionChange", WRITE, "TrainingSession", told(1, more), selection).await;
    let mut read = json!({
        "id": session, "startsOn": "2026-11-19", "endsOn": "2026-11-20", "hours": 5.0, "language": "kac", "trainers": ["One"],
        "place": { "pcode": "MMR001001" }, "cost": { "amount": 5.0, "currency": "THB" }, "rowVersion": 2
    });
    assert_eq!(made["trainingSession"], read, "what is not told stays");
    let change = "trainingSessionChange";
    desk.refuses(change, told(1, json!({ "hours": 6 })), "VERSION_CONFLICT", "").await;
    desk.refuses(change, told(2, json!({ "endsOn": "2026-11-18" })), "DATE_INVALID", "input.endsOn").await;
    desk.refuses(change, told(2, json!({ "hours": 49 })), "BAD_USER_INPUT", "input.hours").await;
    desk.refuses(change, told(2, json!({ "cost": { "amount": 5 } })), "FIELD_REQUIRED", "input.cost.currency").await;
    desk.refuses(change, told(2, json!({ "place": "MMR999999" })), "PCODE_UNKNOWN", "input.place").await;
    // What the rows below have too stands once there is one.
    assert_eq!(desk.attend(&[desk.attended(&session, "P-1", json!({}))]).await, [json!("CREATED")]);
    for (field, value) in [("startsOn", "2026-11-18"), ("endsOn", "2026-11-21"), ("place", "MMR015009")] {
        desk.refuses(change, told(2, json!({ field: value })), "WRONG_STATE", &format!("input.{field}")).await;
    }
    let more = json!({ "hours": 7.5, "trainers": ["Two"], "language": "my" });
    let made = desk.done(change, WRITE, "TrainingSession", told(2, more.clone()), selection).await;
    read = with(with(read, &more), &json!({ "rowVersion": 3 }));
    assert_eq!(made["trainingSession"], read);
    let strange = json!({ "trainingSession": seeded("training_session", "training_session", 1), "expectedVersion": 1 });
    desk.refuses(change, strange, "NOT_FOUND", "input.trainingSession").await;
    desk.world.stop().await;
}

async fn what_is_refused_of_a_training(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    for (more, code, field) in [
        (json!({ "endsOn": "2026-11-17" }), "DATE_INVALID", "input.endsOn"),
        (json!({ "startsOn": "2028-01-01", "endsOn": "2028-01-01" }), "DATE_INVALID", "input.startsOn"),
        (json!({ "hours": 0 }), "BAD_USER_INPUT", "input.hours"),
        (json!({ "hours": -3 }), "BAD_USER_INPUT", "input.hours"),
        (json!({ "hours": 72.5 }), "BAD_USER_INPUT", "input.hours"),
        (json!({ "cost": { "currency": "MMK" } }), "FIELD_REQUIRED", "input.cost.amount"),
        (json!({ "cost": { "amount": 3 } }), "FIELD_REQUIRED", "input.cost.currency"),
        (json!({ "cost": { "amount": -1, "currency": "MMK" } }), "BAD_USER_INPUT", "input.cost.amount"),
        (json!({ "place": "MMR999999" }), "PCODE_UNKNOWN", "input.place"),
        (json!({ "curriculum": desk.fresh("curriculum") }), "NOT_FOUND", "input.curriculum"),
        (json!({ "centre": desk.fresh("centre") }), "NOT_FOUND", "input.centre"),
        (json!({ "project": desk.fresh("project") }), "NOT_FOUND", "input.project"),
    ] {
        desk.refuses("trainingSessionRecord", training(more), code, field).await;
    }
    let all = training(json!({ "endsOn": "2026-11-01", "hours": -1, "cost": { "amount": 3 } }));
    let told = [
        ("DATE_INVALID", "input.endsOn"),
        ("BAD_USER_INPUT", "input.hours"),
        ("FIELD_REQUIRED", "input.cost.currency"),
    ];
    let told = told.map(|(code, field)| (code.to_owned(), field.to_owned()));
    assert_eq!(desk.refused("trainingSessionRecord", all).await, told, "all at once");
    desk.world.stop().await;
}

async fn attendance_is_recorded(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::MrcCounsellor).await;
    let session = desk.trains(json!({ "place": "MMR015009", "centre": seeded("centre", "resource_centre", 0) })).await;
    let known = json!({
        "sex": "FEMALE", "ageYears": 31, "disability": "NO", "displacement": "IDP", "days": 2.5
    });
    let mut person = desk.attended(&session, "", json!({ "person": seeded("person", "person", 0), "sex": "MALE" }));
    person.as_object_mut().unwrap().remove("participantKey");
    let input = json!({ "attendances": [desk.attended(&session, "ကျိ-၁", known), person] });
    let selection = "results { index outcome attendanceId attendance { id person { id } participantKey sex ageYears disability \
                     displacement days heldOn session { id } curriculum { code } audience place { pcode } centre { code } } \
                     userErrors { code } }";
    let (before, audits) = (desk.count("attendance").await, desk.audits().await.len());
    let answered = desk.send("attendanceRecord", &input, selection).await;
    let shared = json!({
        "heldOn": "2026-11-18", "session": { "id": session }, "curriculum": { "code": "CUR-0" }, "audience": "CAMP_RESIDENTS",
        "place": { "pcode": "MMR015009" }, "centre": { "code": "MRC-0" }
    });
    let [one, two] = [0, 1].map(|place| input["attendances"][place]["id"].clone());
    let first = json!({
        "id": one, "person": null, "participantKey": "ကျိ-၁", "sex": "FEMALE", "ageYears": 31, "disability": "NO",
        "displacement": "IDP", "days": 2.5
    });
    let second = json!({
        "id": two, "person": { "id": seeded("person", "person", 0) }, "participantKey": null, "sex": "MALE",
        "ageYears": null, "disability": "NOT_ASKED", "displacement": "NOT_ASKED", "days": 1.0
    });
    for (place, (id, own)) in [(one, first), (two, second)].into_iter().enumerate() {
        let told = json!({
            "index": place, "outcome": "CREATED", "attendanceId": id, "attendance": with(own, &shared), "userErrors": []
        });
        assert_eq!(answered.at(&format!("/data/result/results/{place}")), &told, "{}", answered.body);
    }
    assert_eq!((desk.count("attendance").await, desk.audits().await.len()), (before + 2, audits + 2));
    // Who reads no persons cannot find out by this which there are.
    desk.sits(RoleCode::TrainingOfficer);
    let session = desk.trains(json!({})).await;
    let guess = desk.attended(&session, "P-1", json!({ "person": seeded("person", "person", 0) }));
    assert_eq!(desk.attend(&[guess]).await, [refused("input.attendances.0", &[("NOT_FOUND", "person")])]);
    desk.world.stop().await;
}

async fn what_is_refused_of_attendance(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let session = desk.trains(json!({})).await;
    let ahead = desk.trains(json!({ "startsOn": "2026-12-01", "endsOn": "2026-12-02" })).await;
    let of = |key: &str, more: Value| desk.attended(&session, key, more);
    let mut nobody = of("", json!({}));
    nobody.as_object_mut().unwrap().remove("participantKey");
    let mut keyless = of("P-9", json!({}));
    keyless.as_object_mut().unwrap().remove("id");
    let sent = [
        of("P-1", json!({})),
        of("P-1", json!({})),
        desk.attended(&ahead, "P-1", json!({})),
        of("P-2", json!({ "days": 3.5 })),
        of("P-2", json!({ "days": 0, "ageYears": 121 })),
        of("09 4500 12345", json!({})),
        nobody,
        keyless,
        desk.attended(&json!(desk.fresh("training_session")), "P-2", json!({})),
        of("P-2", json!({ "days": 3 })),
    ];
    let before = desk.count("attendance").await;
    let at = |place: usize, faults: &[(&str, &str)]| refused(&format!("input.attendances.{place}"), faults);
    let told = [
        json!("CREATED"),
        at(1, &[("DUPLICATE", "participantKey")]),
        at(2, &[("DATE_INVALID", "session")]),
        at(3, &[("BAD_USER_INPUT", "days")]),
        at(4, &[("BAD_USER_INPUT", "ageYears"), ("BAD_USER_INPUT", "days")]),
        at(5, &[("BAD_USER_INPUT", "participantKey")]),
        at(6, &[("FIELD_REQUIRED", "participantKey")]),
        at(7, &[("FIELD_REQUIRED", "id")]),
        at(8, &[("NOT_FOUND", "session")]),
        json!("CREATED"),
    ];
    assert_eq!(desk.attend(&sent).await, told);
    assert_eq!(desk.count("attendance").await, before + 2);
    let many: Vec<Value> = (0..201).map(|number| of(&format!("Q-{number}"), json!({}))).collect();
    desk.refuses("attendanceRecord", json!({ "attendances": many }), "TOO_LONG", "input.attendances").await;
    desk.world.stop().await;
}

async fn results_are_paired_in_either_order(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let session = desk.trains(json!({})).await;
    let other = desk.trains(json!({})).await;
    let of = |key: &str, phase: &str, score: f64| desk.tested(&session, key, phase, score);
    let created = |many: usize| vec![json!("CREATED"); many];
    // Before first; after first; never before; another key, another session.
    let sent = [
        of("A", "PRE", 8.0),
        of("A", "POST", 15.0),
        of("B", "POST", 5.0),
        of("B", "FOLLOW_UP", 12.5),
        of("C", "POST", 9.0),
    ];
    assert_eq!(desk.test(&sent).await, created(5));
    let elsewhere = [desk.tested(&other, "C", "PRE", 1.0), desk.tested(&other, "B", "PRE", 20.0), of("D", "PRE", 2.0)];
    assert_eq!(desk.test(&elsewhere).await, created(3));
    assert_eq!(desk.results_of(&session, "A").await, [json!(["PRE", 40.0, null, 1]), json!(["POST", 75.0, 35.0, 1])]);
    let alone = [json!(["POST", 25.0, null, 1]), json!(["FOLLOW_UP", 62.5, null, 1])];
    assert_eq!(desk.results_of(&session, "B").await, alone);
    assert_eq!(desk.test(&[of("B", "PRE", 10.0)]).await, created(1));
    let paired = [json!(["PRE", 50.0, null, 1]), json!(["POST", 25.0, -25.0, 2]), json!(["FOLLOW_UP", 62.5, 12.5, 2])];
    assert_eq!(desk.results_of(&session, "B").await, paired);
    assert_eq!(
        desk.results_of(&session, "C").await,
        [json!(["POST", 45.0, null, 1])],
        "no change without the same key"
    );
    // Scales may differ: the change is in points of percent.
    let mut third = of("D", "POST", 1.0);
    third["max"] = json!(3);
    assert_eq!(desk.test(&[third]).await, created(1));
    assert_eq!(desk.results_of(&session, "D").await[1], json!(["POST", 33.33, 23.33, 1]));
    desk.world.stop().await;
}

async fn what_is_refused_of_results(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let session = desk.trains(json!({})).await;
    let of = |more: Value| with(desk.tested(&session, "A", "PRE", 8.0), &more);
    let sent = [
        of(json!({})),
        of(json!({ "score": 9 })),
        of(json!({ "participantKey": "B", "score": 20.5 })),
        of(json!({ "participantKey": "B", "score": -1, "max": 0 })),
        of(json!({ "participantKey": "081-234-5678" })),
        of(json!({ "participantKey": " " })),
        of(json!({ "participantKey": "B", "takenOn": "2026-11-21" })),
        of(json!({ "participantKey": "B", "phase": "POST", "takenOn": "2026-11-17" })),
        of(json!({ "participantKey": "B", "phase": "FOLLOW_UP", "takenOn": "2026-11-20" })),
        of(json!({ "participantKey": "B", "phase": "FOLLOW_UP", "takenOn": "2026-11-23" })),
        of(json!({ "session": seeded("training_session", "training_session", 1) })),
    ];
    let before = desk.count("test_result").await;
    let at = |place: usize, faults: &[(&str, &str)]| refused(&format!("input.testResults.{place}"), faults);
    let told = [
        json!("CREATED"),
        at(1, &[("DUPLICATE", "participantKey")]),
        at(2, &[("BAD_USER_INPUT", "score")]),
        at(3, &[("BAD_USER_INPUT", "max"), ("BAD_USER_INPUT", "score")]),
        at(4, &[("BAD_USER_INPUT", "participantKey")]),
        at(5, &[("FIELD_REQUIRED", "participantKey")]),
        at(6, &[("DATE_INVALID", "takenOn")]),
        at(7, &[("DATE_INVALID", "takenOn")]),
        at(8, &[("DATE_INVALID", "takenOn")]),
        at(9, &[("DATE_INVALID", "takenOn")]),
        // Another's training is as good as none.
        at(10, &[("NOT_FOUND", "session")]),
    ];
    assert_eq!(desk.test(&sent).await, told);
    assert_eq!(desk.count("test_result").await, before + 1);
    desk.world.stop().await;
}

async fn once_each(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let told = training(json!({ "id": desk.fresh("training_session"), "idempotencyKey": "t" }));
    let first = desk.send("trainingSessionRecord", &told, "trainingSession { id }").await;
    let session = first.at("/data/result/trainingSession/id").clone();
    assert_eq!(session, told["id"], "{}", first.body);
    let attendances: Vec<Value> =
        (0..6).map(|number| desk.attended(&session, &format!("P-{number}"), json!({}))).collect();
    let results = [desk.tested(&session, "P-1", "POST", 9.0), desk.tested(&session, "P-1", "PRE", 3.0)];
    assert_eq!(desk.attend(&attendances).await, vec![json!("CREATED"); 6]);
    assert_eq!(desk.test(&results).await, vec![json!("CREATED"); 2]);
    let rows = desk.records().await;
    let again = desk.send("trainingSessionRecord", &told, "trainingSession { id }").await;
    assert_eq!(again.at("/data/result/trainingSession/id"), &session);
    let back: Vec<Value> = attendances.iter().rev().cloned().collect();
    assert_eq!(desk.attend(&back).await, vec![json!("ALREADY_THERE"); 6]);
    assert_eq!(desk.test(&results).await, vec![json!("ALREADY_THERE"); 2]);
    assert!(desk.records().await == rows, "a retry adds nothing");
    // The same id for something else.
    let mut other = attendances[0].clone();
    other["days"] = json!(2);
    let reused = refused("input.attendances.0", &[("IDEMPOTENCY_KEY_REUSED", "id")]);
    assert_eq!(desk.attend(&[other]).await, [reused]);
    desk.world.stop().await;
}

/// Before and after at the same time: whichever is first, the change is there.
async fn at_once(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let session = desk.trains(json!({})).await;
    let all = |phase: &'static str, score: f64| -> Vec<Value> {
        (0..12).map(|number| desk.tested(&session, &format!("K-{number}"), phase, score)).collect()
    };
    let (before, after) = (all("PRE", 4.0), all("POST", 12.0));
    let backwards: Vec<Value> = after.iter().rev().cloned().collect();
    let (one, two, three) = tokio::join!(desk.test(&before), desk.test(&backwards), desk.test(&after));
    assert_eq!(one, vec![json!("CREATED"); 12]);
    let created = two.iter().chain(&three).filter(|outcome| **outcome == "CREATED").count();
    assert_eq!(created, 12, "{two:?} {three:?}");
    for number in 0..12 {
        let results = desk.results_of(&session, &format!("K-{number}")).await;
        assert_eq!((results.len(), &results[1][2]), (2, &json!(40.0)), "{results:?}");
    }
    desk.world.stop().await;
}

async fn who_may_and_who_may_not(backend: Backend) {
    let mut desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let refused = [
        RoleCode::Caseworker,
        RoleCode::OrgDataOfficer,
        RoleCode::Auditor,
        RoleCode::CommunityVolunteer,
        RoleCode::NetworkCoordinator,
    ];
    desk.denied("trainingSessionRecord", WRITE, &training(json!({})), &refused).await;
    let one = desk.attended(&json!(seeded("training_session", "training_session", 0)), "P-77", json!({}));
    desk.denied("attendanceRecord", WRITE, &json!({ "attendances": [one] }), &refused[..2]).await;
    for role in [
        RoleCode::Supervisor,
        RoleCode::OrgAdmin,
        RoleCode::MrcCounsellor,
        RoleCode::CapacityFacilitator,
        RoleCode::Integration,
    ] {
        desk.sits(role);
        let id = desk.fresh("training_session");
        let answered = desk.send("trainingSessionRecord", &training(json!({ "id": id })), "__typename").await;
        assert_eq!(answered.at("/data/result/userErrors"), &json!([]), "{role:?}: {}", answered.body);
        let mine = [desk.attended(&json!(id), "P-1", json!({})), desk.attended(&json!(id), "P-2", json!({}))];
        assert_eq!(desk.attend(&mine).await, vec![json!("CREATED"); 2], "{role:?}");
    }
    // Its own trainings alone; the director sees all of them, and nobody who took part.
    desk.sits(RoleCode::TrainingOfficer);
    let own = desk.ask("{ trainingSessions { totalCount nodes { officer { subject } } } }").await;
    let own = own["trainingSessions"]["nodes"].as_array().unwrap().clone();
    assert!(!own.is_empty() && own.iter().all(|one| one["officer"]["subject"] == "training_officer"), "{own:?}");
    desk.sits(RoleCode::OrgAdmin);
    let query = "{ attendances(first: 3) { totalCount nodes { heldOn sex participantKey days person { id } } } }";
    let seen = desk.ask(query).await;
    assert!(seen["attendances"]["totalCount"].as_u64().unwrap() > 12);
    let first = &seen["attendances"]["nodes"][0];
    assert!(first["heldOn"].is_string());
    for hidden in ["sex", "participantKey", "days", "person"] {
        assert!(first[hidden].is_null(), "{hidden} {first}");
    }
    desk.world.stop().await;
}

async fn others_see_nothing(backend: Backend) {
    let desk = Desk::new(backend, RoleCode::TrainingOfficer).await;
    let session = desk.trains(json!({})).await;
    assert_eq!(desk.attend(&[desk.attended(&session, "ONLY-HERE", json!({}))]).await, [json!("CREATED")]);
    let query = format!(
        "{{ trainingSession(id: {session}) {{ id }} attendances(where: {{ participantKey: {{ eq: \"ONLY-HERE\" }} }}) \
         {{ totalCount }} }}"
    );
    for (organisation, expected) in [(&ALPHA, 1), (&BETA, 0)] {
        let token = desk.world.token(organisation, RoleCode::TrainingOfficer);
        let seen = desk.world.ask(&token, &query, json!({})).await;
        assert_eq!(seen.at("/data/attendances/totalCount"), expected, "{}", seen.body);
        assert_eq!(seen.at("/data/trainingSession").is_null(), expected == 0);
    }
    let token = desk.world.token(&BETA, RoleCode::TrainingOfficer);
    let input = json!({ "attendances": [desk.attended(&session, "P-1", json!({}))] });
    let query = "mutation($input: AttendanceRecordInput!) { r: attendanceRecord(input: $input) { results { outcome userErrors { code field } } } }";
    let answered = desk.world.ask(&token, query, json!({ "input": input })).await;
    let told = refused("input.attendances.0", &[("NOT_FOUND", "session")]);
    assert_eq!(
        answered.at("/data/r/results/0"),
        &json!({ "outcome": "REFUSED", "userErrors": told }),
        "{}",
        answered.body
    );
    desk.world.stop().await;
}
