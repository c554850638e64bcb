//! What a device is told of the changes in its centre: everything within its user's reach in the end, whatever happens in
//! between.

use std::collections::BTreeMap;

use chrono::Duration;
use entity::user::RoleCode;
use harness::random::Random;
use harness::seed::Organisation;
use harness::{ALPHA, Answer, BETA, Backend, World, both};
use lanpya::plan::GlobalId;
use serde_json::{Value, json};

both! { a_device_follows, the_first_look_has_everything, late_and_twice, what_cannot_be_asked }

const CHANGES: &str = "query($centre: ID!, $cursor: String, $first: Int) { changesSince(centre: $centre, cursor: $cursor, \
    first: $first) { cursor hasMore changes { id recordType rowVersion changedAt isRemoved node { __typename id \
    ... on Visit { rowVersion ticket note } ... on VisitNote { text visit { id } } } } } }";

fn centre(organisation: &Organisation, number: usize) -> String {
    GlobalId::text("centre", organisation.row("resource_centre", number))
}

/// A device of a user, and what it holds: version and ticket or text, by record.
struct Device {
    role: RoleCode,
    cursor: Value,
    holds: BTreeMap<String, (i64, Value)>,
}

impl Device {
    fn new(role: RoleCode) -> Self {
        Self { role, cursor: Value::Null, holds: BTreeMap::new() }
    }

    async fn asks(&self, world: &World, cursor: &Value, first: usize) -> Answer {
        let variables = json!({ "centre": centre(&ALPHA, 0), "cursor": cursor, "first": first });
        world.ask(&world.token(&ALPHA, self.role), CHANGES, variables).await
    }

    /// Fetches pages until there are no more; how many changes came.
    async fn looks(&mut self, world: &World, first: usize) -> usize {
        let mut came = 0;
        loop {
            let answer = self.asks(world, &self.cursor, first).await;
            let page = answer.at("/data/changesSince").clone();
            let changes = page["changes"].as_array().unwrap_or_else(|| panic!("{}", answer.body)).clone();
            assert!(changes.len() <= first);
            let order: Vec<&str> = changes.iter().map(|one| one["changedAt"].as_str().unwrap()).collect();
            assert!(order.is_sorted(), "{order:?}");
            came += changes.len();
            for change in changes {
                self.takes(&change);
            }
            self.cursor = page["cursor"].clone();
            if page["hasMore"] == false {
                return came;
            }
        }
    }

    fn takes(&mut self, change: &Value) {
        let id = change["id"].as_str().unwrap().to_owned();
        if change["isRemoved"] == true {
            assert_eq!((&change["node"], &change["rowVersion"]), (&Value::Null, &json!(0)));
            self.holds.remove(&id);
            return;
        }
        let node = &change["node"];
        assert_eq!((&node["id"], &node["__typename"]), (&change["id"], &change["recordType"]), "{change}");
        if let Some(version) = node["rowVersion"].as_i64() {
            assert_eq!(change["rowVersion"], version);
        }
        let what =
            if node["ticket"].is_string() { json!([node["ticket"], node["note"]]) } else { node["text"].clone() };
        self.holds.insert(id, (change["rowVersion"].as_i64().unwrap(), what));
    }

    /// What the lists hold of the centre for the same user, of visits and notes.
    async fn listed(&self, world: &World) -> BTreeMap<String, (i64, Value)> {
        let query = "query($centre: ID!) { visits(first: 100, where: { centre: { is: { id: { eq: $centre } } } }) { pageInfo { hasNextPage } nodes { id \
                     rowVersion ticket note notes(first: 20) { nodes { id rowVersion text } } } } }";
        let variables = json!({ "centre": centre(&ALPHA, 0) });
        let answer = world.ask(&world.token(&ALPHA, self.role), query, variables).await;
        assert_eq!(answer.at("/data/visits/pageInfo/hasNextPage"), false, "{}", answer.body);
        let mut all = BTreeMap::new();
        let mut put = |of: &Value, what: Value| {
            all.insert(of["id"].as_str().unwrap().to_owned(), (of["rowVersion"].as_i64().unwrap(), what))
        };
        for visit in answer.at("/data/visits/nodes").as_array().unwrap() {
            put(visit, json!([visit["ticket"], visit["note"]]));
            for note in visit["notes"]["nodes"].as_array().unwrap() {
                put(note, note["text"].clone());
            }
        }
        all
    }

    fn visits_and_notes(&self) -> BTreeMap<String, (i64, Value)> {
        let of = |id: &str| id.starts_with("visit_0") || id.starts_with("visit_note_");
        self.holds.iter().filter(|(id, _)| of(id)).map(|(id, what)| (id.clone(), what.clone())).collect()
    }
}

async fn acts(world: &World, role: RoleCode, name: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", &name[..1].to_uppercase(), &name[1..]);
    let selection = match name {
        "visitRemove" => "removedId",
        "visitNoteAdd" => "visitNote { id }",
        _ => "visit { id rowVersion }",
    };
    let query = format!(
        "mutation($input: {kind}!) {{ r: {name}(input: $input) {{ {selection} userErrors {{ code field }} }} }}"
    );
    world.ask(&world.token(&ALPHA, role), &query, json!({ "input": input })).await.at("/data/r").clone()
}

fn visit(ticket: &str) -> Value {
    json!({
        "centre": centre(&ALPHA, 0), "visitedOn": "2026-11-20", "channel": "WALK_IN", "visitorKind": "ASPIRANT", "ticket": ticket
    })
}

/// Two users write, two devices look now and then with pages of any size: in the end each holds what its user may list.
async fn a_device_follows(backend: Backend) {
    let world = World::new(backend).await;
    let mut random = Random::new(7);
    let roles = [RoleCode::MrcCounsellor, RoleCode::Supervisor];
    let mut devices = roles.map(Device::new);
    let mut known: Vec<(RoleCode, Value, i64)> = Vec::new();
    for turn in 0..if harness::full() { 600 } else { 90 } {
        let role = *random.pick(&roles);
        match random.below(8) {
            0..3 => {
                let made = acts(&world, role, "visitRecord", visit(&format!("N-{turn}"))).await;
                known.push((role, made["visit"]["id"].clone(), 1));
            }
            3 if !known.is_empty() => {
                let (role, id, _) = random.pick(&known).clone();
                acts(&world, role, "visitNoteAdd", json!({ "visit": id, "text": format!("note {turn}") })).await;
            }
            4 if !known.is_empty() => {
                let place = random.below(known.len());
                let (role, id, version) = known[place].clone();
                let input = json!({ "visit": id, "expectedVersion": version, "note": format!("changed {turn}") });
                known[place].2 =
                    acts(&world, role, "visitChange", input).await["visit"]["rowVersion"].as_i64().unwrap();
            }
            5 if !known.is_empty() => {
                let (role, id, version) = known.swap_remove(random.below(known.len()));
                let input = json!({ "visit": id, "expectedVersion": version, "reason": "DUPLICATE" });
                assert_eq!(acts(&world, role, "visitRemove", input).await["removedId"], id);
            }
            6 => world.advance(Duration::seconds(i64::try_from(random.below(40)).unwrap())),
            _ => {
                let device = random.below(2);
                devices[device].looks(&world, random.between(1, 12)).await;
            }
        }
    }
    for device in &mut devices {
        device.looks(&world, 10).await;
        let listed = device.listed(&world).await;
        assert!(listed.len() > 20, "{}", listed.len());
        assert_eq!(device.visits_and_notes(), listed, "{:?}", device.role);
        // A device that begins anew comes to the same.
        let mut fresh = Device::new(device.role);
        fresh.looks(&world, 100).await;
        assert_eq!(fresh.holds, device.holds);
    }
    world.stop().await;
}

async fn the_first_look_has_everything(backend: Backend) {
    let world = World::new(backend).await;
    let mut device = Device::new(RoleCode::Supervisor);
    let came = device.looks(&world, 7).await;
    assert_eq!(device.visits_and_notes(), device.listed(&world).await);
    let kinds = |prefix: &str| device.holds.keys().filter(|id| id.starts_with(prefix)).count();
    for prefix in [
        "centre_",
        "opening_period_",
        "visitor_",
        "visit_0",
        "visit_note_",
        "visit_follow_up_",
        "direct_assistance_",
        "complaint_",
        "screening_request_",
        "consent_",
        "referral_",
    ] {
        assert!(kinds(prefix) > 0, "{prefix}: {:?}", device.holds.keys());
    }
    assert_eq!(kinds("centre_"), 1);
    // The seeds lie long back: nothing of them comes again.
    assert!(came >= device.holds.len());
    assert_eq!(device.looks(&world, 7).await, 0);
    // Somebody else's centre shows in nothing.
    let other = centre(&ALPHA, 1);
    let query = format!(
        "{{ visits(first: 100, where: {{ centre: {{ is: {{ id: {{ eq: \"{other}\" }} }} }} }}) {{ nodes {{ id }} }} }}"
    );
    let others = world.ask(&world.token(&ALPHA, RoleCode::Supervisor), &query, json!({})).await;
    let others = others.at("/data/visits/nodes").as_array().unwrap();
    assert!(!others.is_empty() && others.iter().all(|one| !device.holds.contains_key(one["id"].as_str().unwrap())));
    world.stop().await;
}

/// What was written in the last half minute comes again, and so nothing is missed that was committed late.
async fn late_and_twice(backend: Backend) {
    let world = World::new(backend).await;
    let mut device = Device::new(RoleCode::Supervisor);
    device.looks(&world, 100).await;
    let made = acts(&world, RoleCode::Supervisor, "visitRecord", visit("N-1")).await;
    // The visit and its visitor.
    assert_eq!(device.looks(&world, 100).await, 2);
    assert_eq!(device.looks(&world, 1).await, 2, "the newest come again");
    world.advance(Duration::seconds(29));
    assert_eq!(device.looks(&world, 100).await, 2);
    // Written before the last look, committed after it.
    let late = acts(&world, RoleCode::Supervisor, "visitRecord", visit("N-2")).await;
    device.holds.clear();
    let back =
        "UPDATE visit SET updated_at = (SELECT min(updated_at) FROM visit WHERE ticket = 'N-1') WHERE ticket = 'N-2'";
    world.store.execute(back).await;
    assert_eq!(device.looks(&world, 1).await, 4);
    assert!(device.holds.contains_key(late["visit"]["id"].as_str().unwrap()));
    assert!(device.holds.contains_key(made["visit"]["id"].as_str().unwrap()));
    world.advance(Duration::seconds(61));
    device.looks(&world, 100).await;
    assert_eq!(device.looks(&world, 100).await, 0, "what is settled comes once");
    world.stop().await;
}

async fn what_cannot_be_asked(backend: Backend) {
    let world = World::new(backend).await;
    let device = Device::new(RoleCode::Supervisor);
    let page = device.asks(&world, &Value::Null, 3).await;
    let (cursor, more) = (page.at("/data/changesSince/cursor").clone(), page.at("/data/changesSince/hasMore"));
    assert_eq!(more, true);
    let ask = async |organisation: &'static Organisation, role: RoleCode, variables: Value| {
        let answer = world.ask(&world.token(organisation, role), CHANGES, variables).await;
        (answer.code().to_owned(), answer.at("/errors/0/extensions/field").as_str().unwrap_or_default().to_owned())
    };
    let said = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    let own = centre(&ALPHA, 0);
    let supervisor = RoleCode::Supervisor;
    for (variables, code, field) in [
        (json!({ "centre": own, "first": 0 }), "LIMIT_EXCEEDED", "first"),
        (json!({ "centre": own, "first": 101 }), "LIMIT_EXCEEDED", "first"),
        (json!({ "centre": own, "cursor": "x" }), "INVALID_CURSOR", "cursor"),
        (json!({ "centre": centre(&ALPHA, 1), "cursor": cursor }), "INVALID_CURSOR", "cursor"),
        (json!({ "centre": centre(&BETA, 0) }), "NOT_FOUND", "centre"),
        (json!({ "centre": GlobalId::text("centre", world.clock.new_id()) }), "NOT_FOUND", "centre"),
        (json!({ "centre": "visit_01h2xcejqtf2nbrexx3vqjhp41" }), "NOT_FOUND", "centre"),
    ] {
        assert_eq!(ask(&ALPHA, supervisor, variables.clone()).await, said(code, field), "{variables}");
    }
    let with = json!({ "centre": own, "cursor": cursor });
    assert_eq!(ask(&ALPHA, RoleCode::MrcCounsellor, with.clone()).await, said("INVALID_CURSOR", "cursor"));
    assert_eq!(
        ask(&BETA, supervisor, json!({ "centre": centre(&BETA, 0), "cursor": cursor })).await,
        said("INVALID_CURSOR", "cursor")
    );
    for role in [RoleCode::Auditor, RoleCode::OrgAdmin, RoleCode::Caseworker] {
        assert_eq!(ask(&ALPHA, role, with.clone()).await.0, "ROLE_NOT_ALLOWED");
    }
    // A device may be away for weeks.
    world.advance(Duration::days(44));
    assert_eq!(ask(&ALPHA, supervisor, with.clone()).await, said("", ""));
    world.advance(Duration::days(2));
    assert_eq!(ask(&ALPHA, supervisor, with).await, said("INVALID_CURSOR", "cursor"));
    // Who reads no personal data is told that there are records, and nothing personal of them.
    let seen = world.ask(&world.token(&ALPHA, RoleCode::OrgDataOfficer), CHANGES, json!({ "centre": own })).await;
    let changes = seen.at("/data/changesSince/changes").as_array().unwrap();
    assert!(changes.iter().any(|one| one["node"]["ticket"].is_string()), "{}", seen.body);
    assert!(changes.iter().all(|one| one["node"]["note"].is_null() && one["node"]["text"].is_null()));
    assert!(seen.at("/extensions/redactions").to_string().contains("node.note"), "{}", seen.body);
    world.stop().await;
}
