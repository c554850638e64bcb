//! What can be done, through HTTP, as a user of the seeded ALPHA does it: every act leaves its row in the audit of the
//! same database, a refused one changes nothing.

mod campaign;
mod capacity;
mod case;
mod child;
mod complaint;
mod consent;
mod directory;
mod exchange;
mod referral;
mod survivor;
mod training;
mod visit;
mod visit_change;
mod visit_work;
mod visits;
mod webhook;

use std::collections::{BTreeMap, BTreeSet};

use entity::user::RoleCode;
use harness::{ALPHA, Answer, Backend, World};
use lanpya::plan::GlobalId;
use serde_json::{Value, json};
use uuid::Uuid;

/// A user at work.
pub struct Desk {
    /// The world.
    pub world: World,
    /// The user's token.
    pub token: String,
    /// The user's role.
    pub role: RoleCode,
}

/// A row of the audit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Audit {
    id: String,
    /// What was done.
    pub action: String,
    /// ALLOWED or DENIED.
    pub outcome: String,
    /// Type and id of the record.
    pub record: Option<(String, Uuid)>,
    role: String,
    user: Uuid,
}

/// The id of a seeded row as the API writes it.
pub fn seeded(prefix: &str, table: &str, key: impl std::fmt::Display) -> String {
    GlobalId::text(prefix, ALPHA.row(table, key))
}

impl Desk {
    /// A user of that role in a world of its own.
    pub async fn new(backend: Backend, role: RoleCode) -> Self {
        let world = World::new(backend).await;
        let token = world.token(&ALPHA, role);
        Self { world, token, role }
    }

    /// The same world at another user's desk.
    pub fn sits(&mut self, role: RoleCode) {
        self.token = self.world.token(&ALPHA, role);
        self.role = role;
    }

    /// A fresh id as a device makes it.
    pub fn fresh(&self, prefix: &str) -> String {
        GlobalId::text(prefix, self.world.clock.new_id())
    }

    /// Sends a mutation.
    pub async fn send(&self, name: &str, input: &Value, selection: &str) -> Answer {
        let kind = format!("{}{}Input", &name[..1].to_uppercase(), &name[1..]);
        let query = format!(
            "mutation($input: {kind}!) {{ result: {name}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
        );
        self.world.ask(&self.token, &query, json!({ "input": input })).await
    }

    /// A mutation that must happen; it leaves one row in the audit, in the name of whoever did it.
    pub async fn done(&self, name: &str, action: &str, noun: &str, input: Value, selection: &str) -> Value {
        let before = self.audits().await;
        let answered = self.send(name, &input, selection).await;
        assert_eq!(answered.at("/data/result/userErrors"), &json!([]), "{name} {input}: {}", answered.body);
        assert!(answered.at("/errors").is_null(), "{name}: {}", answered.body);
        let after = self.audits().await;
        let new: Vec<&Audit> = after.difference(&before).collect();
        assert_eq!(new.len(), 1, "{name}: {new:?}");
        assert_eq!((new[0].action.as_str(), new[0].outcome.as_str()), (action, "ALLOWED"));
        assert_eq!((new[0].role.as_str(), new[0].user), (entity::Code::code(self.role), ALPHA.user(self.role)));
        let (kind, id) = new[0].record.clone().unwrap();
        assert_eq!(kind, noun);
        let result = answered.at("/data/result").clone();
        if let Some(told) = result.as_object().unwrap().values().find_map(|record| record["id"].as_str()) {
            assert_eq!(GlobalId::read(told).unwrap().id, id, "the audit names the record");
        }
        result
    }

    /// A mutation that must be refused by a rule: codes and fields. Nothing is written.
    pub async fn refused(&self, name: &str, input: Value) -> Vec<(String, String)> {
        let before = self.world.store.dump(None).await;
        let answered = self.send(name, &input, "__typename").await;
        assert!(answered.at("/errors").is_null() && answered.status == 200, "{name} {input}: {}", answered.body);
        assert!(self.world.store.dump(None).await == before, "{name} {input} wrote something");
        let errors = answered.at("/data/result/userErrors").as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        errors.map(|error| (text(&error["code"]), text(&error["field"]))).collect()
    }

    /// Refused with one error.
    pub async fn refuses(&self, name: &str, input: Value, code: &str, field: &str) {
        let told = input.to_string();
        assert_eq!(self.refused(name, input).await, [(code.to_owned(), field.to_owned())], "{name} {told}");
    }

    /// A role that may not: an error instead of data, and a row in the audit that says so.
    pub async fn denied(&mut self, name: &str, action: &str, input: &Value, roles: &[RoleCode]) {
        for role in roles {
            self.sits(*role);
            let before = self.audits().await;
            let rows = self.world.store.dump(None).await;
            let answered = self.send(name, input, "__typename").await;
            assert_eq!(answered.code(), "ROLE_NOT_ALLOWED", "{name} {role:?}: {}", answered.body);
            let after = self.audits().await;
            let new: Vec<&Audit> = after.difference(&before).collect();
            assert_eq!(new.len(), 1, "{role:?}");
            assert_eq!((new[0].action.as_str(), new[0].outcome.as_str()), (action, "DENIED"));
            assert_eq!((new[0].role.as_str(), new[0].user), (entity::Code::code(*role), ALPHA.user(*role)));
            assert_eq!(new[0].record, None);
            let mut now = self.world.store.dump(None).await;
            now.insert("audit_event", rows["audit_event"].clone());
            assert!(now == rows, "{role:?} wrote something");
        }
    }

    /// Every row of every table but the audit, which grows with each look.
    pub async fn records(&self) -> BTreeMap<&'static str, Vec<String>> {
        let mut rows = self.world.store.dump(None).await;
        rows.remove("audit_event");
        rows
    }

    /// ALPHA's audit of its users' acts.
    pub async fn audits(&self) -> BTreeSet<Audit> {
        let postgres = self.world.backend() == Backend::Postgres;
        let id = |name: &str| {
            if postgres {
                format!("\"{name}\"::text")
            } else {
                format!("CASE WHEN \"{name}\" IS NULL THEN NULL ELSE hex(\"{name}\") END")
            }
        };
        let owner = if postgres { format!("'{}'", ALPHA.id()) } else { format!("x'{}'", ALPHA.id().simple()) };
        let sql = format!(
            "SELECT {}, action, outcome, record_type, {}, role, {} FROM audit_event WHERE organisation_id = {owner} \
             AND request_id NOT LIKE 'seed-%' AND action <> 'READ' AND user_id IS NOT NULL",
            id("id"),
            id("record_id"),
            id("user_id")
        );
        let rows = self.world.store.texts(&sql).await;
        rows.into_iter()
            .map(|row| {
                let text = |column: usize| row[column].clone().unwrap_or_default();
                let record = row[3].clone().zip(row[4].as_ref().map(|id| id.parse().unwrap()));
                let user = text(6).parse().unwrap();
                Audit { id: text(0), action: text(1), outcome: text(2), record, role: text(5), user }
            })
            .collect()
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> usize {
        let sql = format!("SELECT CAST(count(*) AS TEXT) FROM \"{table}\"");
        self.world.store.column(&sql).await[0].parse().unwrap()
    }

    /// The answer to a query.
    pub async fn ask(&self, query: &str) -> Value {
        let answered = self.world.ask(&self.token, query, json!({})).await;
        assert!(answered.at("/errors").is_null(), "{query}: {}", answered.body);
        answered.at("/data").clone()
    }
}
