//! Subscriptions over `WebSockets`: what is told to whom, each once, and when a connection ends.

use std::time::Duration;

use entity::user::RoleCode;
use futures_util::{SinkExt as _, StreamExt as _};
use harness::seed::Organisation;
use harness::{ALPHA, BETA, Backend, Data, World, both};
use lanpya::clock::Clock;
use lanpya::plan::GlobalId;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

both! {
    visits_are_told, only_within_reach, a_referral_arrives, what_is_due, ends_with_the_token, ends_with_the_rights,
    what_is_refused, speaks_the_protocol, is_bounded, is_read_as_the_subscriber, a_kept_client
}

const VISITS: &str = "subscription($centre: ID) { visitRecorded(centre: $centre) { ticket } }";

/// A client's end of a connection.
struct Line(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Line {
    async fn open(world: &World, protocol: &str) -> Result<Self, tokio_tungstenite::tungstenite::Error> {
        let address = world.url("/graphql").replacen("http", "ws", 1);
        let mut request = address.into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
        connect_async(request).await.map(|(socket, _)| Self(socket))
    }

    /// Connected and accepted.
    async fn new(world: &World, token: &str) -> Self {
        let mut line = Self::open(world, "graphql-transport-ws").await.unwrap();
        line.say(json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {token}") } })).await;
        assert_eq!(line.next().await, Ok(json!({ "type": "connection_ack" })));
        line
    }

    async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    /// The next message, or the code the connection was closed with.
    async fn next(&mut self) -> Result<Value, u16> {
        self.within(Duration::from_mins(1)).await.expect("a message within a minute")
    }

    async fn within(&mut self, limit: Duration) -> Option<Result<Value, u16>> {
        let next = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                    Some(Ok(Message::Close(frame))) => return Err(frame.map_or(0, |frame| frame.code.into())),
                    Some(Ok(_)) => {}
                    None | Some(Err(_)) => return Err(0),
                }
            }
        };
        tokio::time::timeout(limit, next).await.ok()
    }

    /// The data of the next event.
    async fn event(&mut self) -> Value {
        let told = self.next().await.expect("still open");
        assert_eq!(told["type"], "next", "{told}");
        assert!(told["payload"]["errors"].is_null(), "{told}");
        told["payload"]["data"].clone()
    }
}

fn desk(world: &World, organisation: &Organisation, role: RoleCode) -> String {
    world.token(organisation, role)
}

/// Logs a visit under a ticket, at the centre with that number.
async fn visit(world: &World, organisation: &Organisation, role: RoleCode, centre: usize, ticket: &str) {
    let query =
        "mutation($input: VisitRecordInput!) { visitRecord(input: $input) { visit { id } userErrors { field } } }";
    let centre = GlobalId::text("centre", organisation.row("resource_centre", centre));
    let input = json!({
        "centre": centre, "visitedOn": "2026-11-21", "channel": "WALK_IN", "visitorKind": "ASPIRANT", "sex": "FEMALE",
        "ticket": ticket
    });
    // What is logged in the same millisecond has no order.
    world.advance(chrono::Duration::milliseconds(1));
    let answer = world.ask(&world.token(organisation, role), query, json!({ "input": input })).await;
    assert!(answer.at("/data/visitRecord/visit/id").is_string(), "{}", answer.body);
}

/// Logs visits until the first is told: from then on the subscription listens.
async fn listens(world: &World, line: &mut Line, role: RoleCode) {
    for _ in 0..60 {
        let ticket = format!("FIRST-{}", world.clock.new_id().simple());
        visit(world, &ALPHA, role, 0, &ticket).await;
        if let Some(told) = line.within(Duration::from_secs(1)).await {
            let mut last = told.unwrap()["payload"]["data"]["visitRecorded"]["ticket"].clone();
            // What was logged meanwhile is told too; the last one is the last.
            while last != ticket {
                last = line.event().await["visitRecorded"]["ticket"].clone();
            }
            return;
        }
    }
    panic!("nothing was told");
}

async fn visits_are_told(backend: Backend) {
    let world = World::new(backend).await;
    let mut line = Line::new(&world, &desk(&world, &ALPHA, RoleCode::MrcCounsellor)).await;
    line.subscribe("1", VISITS, json!({})).await;
    listens(&world, &mut line, RoleCode::MrcCounsellor).await;
    for number in 0..7 {
        visit(&world, &ALPHA, RoleCode::MrcCounsellor, number % 3, &format!("N-{number}")).await;
    }
    for number in 0..7 {
        assert_eq!(line.event().await["visitRecorded"]["ticket"], format!("N-{number}"));
    }
    // Half a minute later the window has moved on: nothing is told again.
    world.advance(chrono::Duration::seconds(31));
    visit(&world, &ALPHA, RoleCode::MrcCounsellor, 0, "LATER").await;
    assert_eq!(line.event().await["visitRecorded"]["ticket"], "LATER");
    line.say(json!({ "id": "1", "type": "complete" })).await;
    assert_eq!(line.next().await, Ok(json!({ "id": "1", "type": "complete" })));
    world.stop().await;
    assert_eq!(line.next().await, Err(1001), "a server that stops says so");
}

async fn only_within_reach(backend: Backend) {
    let world = World::new(backend).await;
    let counsellor = desk(&world, &ALPHA, RoleCode::MrcCounsellor);
    let mut own = Line::new(&world, &counsellor).await;
    own.subscribe("own", VISITS, json!({})).await;
    listens(&world, &mut own, RoleCode::MrcCounsellor).await;
    let mut team = Line::new(&world, &desk(&world, &ALPHA, RoleCode::Supervisor)).await;
    let centre = GlobalId::text("centre", ALPHA.row("resource_centre", 0));
    team.subscribe("team", VISITS, json!({ "centre": centre })).await;
    listens(&world, &mut team, RoleCode::Supervisor).await;
    // Another organisation's, a colleague's, and one at another centre come first.
    visit(&world, &BETA, RoleCode::MrcCounsellor, 0, "BETA").await;
    visit(&world, &ALPHA, RoleCode::Supervisor, 1, "ELSEWHERE").await;
    visit(&world, &ALPHA, RoleCode::Supervisor, 0, "COLLEAGUE").await;
    visit(&world, &ALPHA, RoleCode::MrcCounsellor, 0, "OWN").await;
    assert_eq!(own.event().await["visitRecorded"]["ticket"], "OWN");
    assert_eq!(team.event().await["visitRecorded"]["ticket"], "COLLEAGUE");
    assert_eq!(team.event().await["visitRecorded"]["ticket"], "OWN");
    world.stop().await;
}

async fn a_referral_arrives(backend: Backend) {
    let world = World::new(backend).await;
    world.store.execute("UPDATE partner SET code = 'BETA' WHERE code = 'PARTNER-0' AND name_en LIKE '%ALPHA'").await;
    world.store.execute("UPDATE partner SET code = 'ALPHA' WHERE code = 'PARTNER-0' AND name_en LIKE '%BETA'").await;
    let mut line = Line::new(&world, &desk(&world, &BETA, RoleCode::MrcCounsellor)).await;
    line.subscribe("r", "subscription { referralReceived { status partner { code } ticket purpose } }", json!({}))
        .await;
    let sender = desk(&world, &ALPHA, RoleCode::MrcCounsellor);
    let refer = async |purpose: &str| {
        let query = "mutation($input: ReferralSendInput!) { referralSend(input: $input) { referral { id } userErrors { code field } } }";
        let input = json!({
            "visit": GlobalId::text("visit", ALPHA.row("visit", 0)), "consent": GlobalId::text("consent", ALPHA.row("consent", 0)),
            "partner": GlobalId::text("partner", ALPHA.row("partner", 0)), "serviceType": "LEGAL_ASSISTANCE",
            "reason": "OTHER", "purpose": purpose, "share": ["TICKET"]
        });
        let answer = world.ask(&sender, query, json!({ "input": input })).await;
        assert!(answer.at("/data/referralSend/referral/id").is_string(), "{}", answer.body);
    };
    let mut told = None;
    for number in 0..60 {
        refer(&format!("FIRST-{number}")).await;
        told = line.within(Duration::from_secs(1)).await;
        if told.is_some() {
            break;
        }
    }
    let told = told.expect("a referral is told").unwrap()["payload"]["data"]["referralReceived"].clone();
    assert_eq!((&told["status"], &told["partner"]["code"]), (&json!("SENT"), &json!("ALPHA")));
    assert!(told["ticket"].is_string(), "{told}");
    world.stop().await;
}

async fn what_is_due(backend: Backend) {
    // Half an hour before midnight in Yangon.
    let clock = Clock::manual("2026-11-22T17:00:00Z".parse().unwrap());
    let world = World::tuned(backend, Data::Twins, clock, |_| {}).await;
    let token = desk(&world, &ALPHA, RoleCode::Supervisor);
    let plan = async |needed_by: &str| {
        let query = "mutation($input: VisitFollowUpPlanInput!) { visitFollowUpPlan(input: $input) { followUp { id } userErrors { field } } }";
        let input = json!({ "visit": GlobalId::text("visit", ALPHA.row("visit", 1)), "neededBy": needed_by });
        let answer = world.ask(&token, query, json!({ "input": input })).await;
        answer.at("/data/visitFollowUpPlan/followUp/id").clone()
    };
    let due = "{ visitFollowUps(first: 100, where: { neededBy: { lte: \"2026-11-22\" }, doneOn: { isNull: true } }) { nodes { id } } }";
    let due = world.ask(&token, due, json!({})).await;
    let mut due: Vec<String> = ids(due.at("/data/visitFollowUps/nodes"));
    assert!(!due.is_empty());
    let mut line = Line::new(&world, &token).await;
    line.subscribe("d", "subscription { followUpDue { id isOverdue neededBy } }", json!({})).await;
    let mut told = Vec::new();
    for _ in 0..due.len() {
        told.push(line.event().await["followUpDue"]["id"].as_str().unwrap().to_owned());
    }
    due.sort_unstable();
    told.sort_unstable();
    assert_eq!(told, due, "those due already");
    // Planned for tomorrow, it is told once tomorrow has begun; planned for today, at once.
    let tomorrow = plan("2026-11-23").await;
    let today = plan("2026-11-22").await;
    assert_eq!(line.event().await["followUpDue"]["id"], today);
    world.advance(chrono::Duration::minutes(31));
    assert_eq!(line.event().await["followUpDue"]["id"], tomorrow);
    world.stop().await;
}

fn ids(nodes: &Value) -> Vec<String> {
    nodes.as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

async fn ends_with_the_token(backend: Backend) {
    let world = World::new(backend).await;
    let mut line = Line::new(&world, &desk(&world, &ALPHA, RoleCode::MrcCounsellor)).await;
    line.subscribe("1", VISITS, json!({})).await;
    listens(&world, &mut line, RoleCode::MrcCounsellor).await;
    world.advance(chrono::Duration::minutes(62));
    visit(&world, &ALPHA, RoleCode::MrcCounsellor, 0, "TOO-LATE").await;
    assert_eq!(line.next().await, Err(4401), "and nothing was told after it");
    world.stop().await;
}

async fn ends_with_the_rights(backend: Backend) {
    let world = World::new(backend).await;
    for change in ["is_enabled = false", "team = 'elsewhere'", "role = 'INTEGRATION'"] {
        let mut line = Line::new(&world, &desk(&world, &ALPHA, RoleCode::Supervisor)).await;
        line.subscribe("1", VISITS, json!({})).await;
        listens(&world, &mut line, RoleCode::Supervisor).await;
        let user = "subject = 'supervisor' AND display_name LIKE '%ALPHA'";
        world.store.execute(&format!("UPDATE app_user SET {change} WHERE {user}")).await;
        world.advance(chrono::Duration::seconds(6));
        visit(&world, &ALPHA, RoleCode::MrcCounsellor, 0, &format!("AFTER {change}")).await;
        assert_eq!(line.next().await, Err(4401), "{change}");
        let back = "is_enabled = true, team = 'north', role = 'SUPERVISOR'";
        world.store.execute(&format!("UPDATE app_user SET {back} WHERE {user}")).await;
        world.advance(chrono::Duration::seconds(6));
    }
    world.stop().await;
}

async fn what_is_refused(backend: Backend) {
    let world = World::new(backend).await;
    let mut line = Line::new(&world, &desk(&world, &ALPHA, RoleCode::MrcCounsellor)).await;
    for (query, code) in [
        ("{ visits { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { visitRecord { visit { id } } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { visitRecorded { id } referralReceived { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { visitRecorded { nothing } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { visitRecorded(centre: \"visit_0\") { id } }", "NOT_FOUND"),
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
    ] {
        line.subscribe("x", query, json!({})).await;
        let told = line.next().await.unwrap();
        let error = &told["payload"]["errors"][0]["extensions"];
        assert_eq!(error["code"], code, "{query}: {told}");
        assert!(error["requestId"].as_str().is_some_and(|id| id.len() == 32), "{told}");
        assert_eq!(line.next().await, Ok(json!({ "id": "x", "type": "complete" })), "{query}");
    }
    for role in [RoleCode::Auditor, RoleCode::OrgAdmin, RoleCode::Caseworker] {
        let mut line = Line::new(&world, &desk(&world, &ALPHA, role)).await;
        line.subscribe("x", VISITS, json!({})).await;
        let told = line.next().await.unwrap();
        assert_eq!(told["payload"]["errors"][0]["extensions"]["code"], "ROLE_NOT_ALLOWED", "{role:?}: {told}");
    }
    let unknown = json!({ "persistedQuery": { "version": 1, "sha256Hash": "0".repeat(64) } });
    let named = json!({ "query": "", "extensions": unknown });
    line.say(json!({ "id": "n", "type": "subscribe", "payload": named })).await;
    let told = line.next().await.unwrap();
    assert_eq!(told["payload"]["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND", "{told}");
    let posted = world.ask(&desk(&world, &ALPHA, RoleCode::MrcCounsellor), VISITS, json!({})).await;
    assert_eq!((posted.status.as_u16(), posted.code()), (400, "BAD_REQUEST"), "{}", posted.body);
    world.stop().await;
}

async fn speaks_the_protocol(backend: Backend) {
    let world = World::new(backend).await;
    let init =
        |token: &str| json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    let token = desk(&world, &ALPHA, RoleCode::MrcCounsellor);
    let late = {
        world.advance(chrono::Duration::minutes(62));
        token
    };
    let token = desk(&world, &ALPHA, RoleCode::MrcCounsellor);
    for (messages, code) in [
        (vec![json!({ "type": "connection_init" })], 4403),
        (vec![json!({ "type": "connection_init", "payload": { "Authorization": "Bearer x" } })], 4403),
        (vec![init(&late)], 4403),
        (vec![json!({ "type": "subscribe", "id": "1", "payload": { "query": VISITS } })], 4401),
        (vec![json!({ "type": "nothing" })], 4400),
        (vec![json!("Daw Mya")], 4400),
    ] {
        let mut line = Line::open(&world, "graphql-transport-ws").await.unwrap();
        for message in &messages {
            line.say(message.clone()).await;
        }
        assert_eq!(line.next().await, Err(code), "{messages:?}");
    }
    let mut line = Line::new(&world, &token).await;
    line.say(json!({ "type": "ping" })).await;
    assert_eq!(line.next().await, Ok(json!({ "type": "pong" })));
    line.say(init(&token)).await;
    assert_eq!(line.next().await, Err(4429));
    // The old protocol, and none.
    for other in ["graphql-ws", "chat"] {
        assert!(Line::open(&world, other).await.is_err(), "{other}");
    }
    world.stop().await;
}

async fn is_bounded(backend: Backend) {
    let world = World::new(backend).await;
    let token = desk(&world, &ALPHA, RoleCode::MrcCounsellor);
    let mut lines = Vec::new();
    for _ in 0..4 {
        lines.push(Line::new(&world, &token).await);
    }
    let mut fifth = Line::open(&world, "graphql-transport-ws").await.unwrap();
    let init = json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {token}") } });
    fifth.say(init.clone()).await;
    assert_eq!(fifth.next().await, Err(4403));
    let mut first = lines.remove(0);
    for number in 0..9 {
        first.subscribe(&number.to_string(), VISITS, json!({})).await;
    }
    let told = first.next().await.unwrap();
    assert_eq!(
        (&told["id"], &told["payload"]["errors"][0]["extensions"]["code"]),
        (&json!("8"), &json!("LIMIT_EXCEEDED"))
    );
    // Whoever hangs up makes room.
    first.0.close(None).await.unwrap();
    while first.next().await.is_ok() {}
    let mut opened = false;
    for _ in 0..200 {
        let mut another = Line::open(&world, "graphql-transport-ws").await.unwrap();
        another.say(init.clone()).await;
        if another.next().await.is_ok() {
            opened = true;
            break;
        }
    }
    assert!(opened);
    world.stop().await;
}

async fn is_read_as_the_subscriber(backend: Backend) {
    let world = World::new(backend).await;
    // A data officer lists visits, but does not read who came.
    let mut line = Line::new(&world, &desk(&world, &ALPHA, RoleCode::OrgDataOfficer)).await;
    line.subscribe("1", "subscription { visitRecorded { ticket sex note } }", json!({})).await;
    listens(&world, &mut line, RoleCode::MrcCounsellor).await;
    visit(&world, &ALPHA, RoleCode::MrcCounsellor, 0, "SEEN").await;
    let told = line.next().await.unwrap();
    assert_eq!(told["payload"]["data"], json!({ "visitRecorded": { "ticket": "SEEN", "sex": null, "note": null } }));
    let paths: Vec<&Value> =
        told["payload"]["extensions"]["redactions"].as_array().unwrap().iter().map(|one| &one["path"]).collect();
    assert_eq!(paths, ["visitRecorded.sex", "visitRecorded.note"]);
    // What is shown of persons is in the audit.
    let mut line = Line::new(&world, &desk(&world, &ALPHA, RoleCode::Supervisor)).await;
    line.subscribe("2", "subscription { visitRecorded { ticket sex } }", json!({})).await;
    listens(&world, &mut line, RoleCode::Supervisor).await;
    let sql = "SELECT fields FROM audit_event WHERE action = 'READ' AND role = 'SUPERVISOR' AND record_type = 'Visit' \
               AND request_id NOT LIKE 'seed-%'";
    let fields = world.store.column(sql).await;
    assert!(fields.contains(&"[\"sex\"]".to_owned()), "{fields:?}");
    world.stop().await;
}

/// npm graphql-ws: each line it prints is what it was told.
fn client(world: &World, token: &str) -> (std::process::Child, tokio::sync::mpsc::UnboundedReceiver<Value>) {
    use std::io::BufRead as _;
    let clients = crate::root().join("tests/clients");
    assert!(clients.join("node_modules/graphql-ws").exists(), "run: npm --prefix tests/clients ci");
    let mut command = std::process::Command::new("node");
    command.arg(clients.join("events.mjs")).stdout(std::process::Stdio::piped());
    command.env("LANPYA_URL", world.url("/graphql").replacen("http", "ws", 1)).env("LANPYA_TOKEN", token);
    command.env("LANPYA_QUERY", "subscription { visitRecorded { ticket centre { code } } }");
    let mut child = command.spawn().expect("node runs");
    let lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let (told, heard) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        lines.map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok()).for_each(|line| {
            let _ = told.send(line);
        });
    });
    (child, heard)
}

async fn a_kept_client(backend: Backend) {
    let world = World::new(backend).await;
    let (mut child, mut heard) = client(&world, &desk(&world, &ALPHA, RoleCode::MrcCounsellor));
    assert_eq!(heard.recv().await, Some(json!({ "connected": true })));
    let mut told = None;
    for number in 0..60 {
        visit(&world, &ALPHA, RoleCode::MrcCounsellor, 0, &format!("KEPT-{number}")).await;
        told = tokio::time::timeout(Duration::from_secs(1), heard.recv()).await.ok().flatten();
        if told.is_some() {
            break;
        }
    }
    let told = told.expect("an event");
    assert!(
        told["data"]["visitRecorded"]["ticket"].as_str().is_some_and(|ticket| ticket.starts_with("KEPT-")),
        "{told}"
    );
    world.advance(chrono::Duration::minutes(62));
    let closed = loop {
        let line = heard.recv().await.expect("it says how it closed");
        if line["closed"].is_number() {
            break line;
        }
    };
    assert_eq!(closed["closed"], 4401);
    child.kill().ok();
    child.wait().unwrap();
    let (mut child, mut heard) = client(&world, "not a token");
    assert_eq!(heard.recv().await, Some(json!({ "closed": 4403 })));
    child.kill().ok();
    child.wait().unwrap();
    world.stop().await;
}
