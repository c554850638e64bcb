//! Nothing of one organisation reaches another: what ALPHA is answered does not depend on whether BETA exists. All
//! documents here are made from the schema the server tells, so a new field is tested the day it appears.

mod documents;
mod reads;
mod writes;

use std::collections::{BTreeMap, HashSet};

use entity::user::RoleCode;
use harness::seed::Organisation;
use harness::{ALPHA, Answer, BETA, Backend, Store};
use lanpya::access::reading;
use lanpya::graph::declare::Noun;
use lanpya::graph::graph;
use lanpya::plan::GlobalId;
use uuid::Uuid;

/// Root fields that are not tested, with the reason. This list may only become shorter.
const EXEMPT: [(&str, &str); 0] = [];

#[test]
fn the_exemptions_only_become_fewer() {
    assert!(EXEMPT.is_empty(), "{EXEMPT:?}");
}

/// An id that was never given to anything.
fn nobody(noun: &Noun) -> String {
    GlobalId::text(noun.prefix, harness::seed::named("nobody"))
}

/// Ids of a noun's rows: of one organisation, or of the shared table.
async fn ids(store: &Store, noun: &Noun, organisation: &Organisation) -> Vec<Uuid> {
    let tenant = matches!(noun.owner, entity::Owner::Organisation(_));
    let (id, owner) = match store.backend {
        Backend::Postgres => (format!("\"{}\"::text", noun.id), format!("'{}'", organisation.id())),
        Backend::Sqlite => (format!("lower(hex(\"{}\"))", noun.id), format!("x'{}'", organisation.id().simple())),
    };
    let filter = if tenant { format!("WHERE organisation_id = {owner}") } else { String::new() };
    let sql = format!("SELECT {id} FROM \"{}\" {filter} ORDER BY 1 LIMIT 200", noun.table);
    store.column(&sql).await.iter().map(|text| text.parse().unwrap()).collect()
}

/// Ids that only BETA's rows have, by noun.
async fn foreign(store: &Store) -> BTreeMap<&'static str, Vec<Uuid>> {
    let mut found = BTreeMap::new();
    for noun in graph().nouns() {
        if matches!(noun.owner, entity::Owner::Organisation(_)) {
            let mine = ids(store, noun, &ALPHA).await;
            let theirs = ids(store, noun, &BETA).await.into_iter().filter(|id| !mine.contains(id));
            found.insert(noun.name, theirs.collect::<Vec<_>>());
            assert!(!found[noun.name].is_empty(), "BETA has no {}", noun.name);
        }
    }
    found
}

/// One role for each way of reading: roles with the same rights everywhere are asked once, unless all are wanted.
fn representatives() -> Vec<RoleCode> {
    let rights = |role: &RoleCode| lanpya::access::Area::ALL.map(|area| reading(*role, area));
    let mut roles: Vec<RoleCode> = Vec::new();
    for role in lanpya::access::roles() {
        if harness::full() || !roles.iter().any(|other| rights(other) == rights(&role)) {
            roles.push(role);
        }
    }
    roles
}

/// Roles that read anything of the noun.
fn readers(noun: &Noun) -> Vec<RoleCode> {
    lanpya::access::roles().into_iter().filter(|role| reading(*role, noun.area).is_some()).collect()
}

/// What of BETA's stands in an answer to ALPHA.
fn leak(answer: &Answer, beta: &HashSet<Uuid>) -> Option<String> {
    fn walk(value: &serde_json::Value, beta: &HashSet<Uuid>) -> Option<String> {
        match value {
            serde_json::Value::String(text) => {
                let foreign = GlobalId::read(text).is_some_and(|id| beta.contains(&id.id));
                (foreign || text.contains("BETA")).then(|| text.clone())
            }
            serde_json::Value::Array(items) => items.iter().find_map(|item| walk(item, beta)),
            serde_json::Value::Object(members) => members.values().find_map(|member| walk(member, beta)),
            _ => None,
        }
    }
    walk(&answer.json, beta)
}
