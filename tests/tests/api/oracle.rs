//! The plan against a slow reference: random operations, each answered by both, byte for byte.
//!
//! `LANPYA_ORACLE=N` asks N operations of each database instead of 500; `LANPYA_ORACLE_SEED=S` begins at the
//! operation S, which is how a failure is replayed.

pub mod ast;
pub mod data;
pub mod generate;
pub mod reference;

use std::collections::{BTreeMap, BTreeSet};

use entity::Code as _;
use entity::user::RoleCode;
use harness::seed::Organisation;
use harness::{Backend, World, both};
use lanpya::graph::declare::{Moment, Noun};
use lanpya::plan::GlobalId;
use serde_json::Value;

use data::{Data, Row};
use generate::{Asked, chosen, operation};
use reference::{Asker, MUTANTS, Mutant, Reference};

both! { the_plan_answers_as_the_reference }

/// Operations a database is asked by default.
const OPERATIONS: u64 = 500;
/// From how many on every mutant must have shown.
const ENOUGH: u64 = 400;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// Who asks as that role.
pub fn asker(data: &Data, organisation: &Organisation, role: RoleCode) -> Asker {
    let user = organisation.user(role);
    let row = data.by("app_user", "id", user).next().unwrap();
    Asker { organisation: organisation.id(), user, role, team: row["team"].text().map(str::to_owned) }
}

/// The id of a row, as the API tells it.
pub fn id(noun: &Noun, row: &Row) -> String {
    GlobalId::text(noun.prefix, row[noun.id].uuid().unwrap())
}

/// The moment a world stands at; both organisations keep the time of Yangon.
pub fn moment(world: &World) -> Moment {
    let now = world.clock.now();
    Moment { today: (now + chrono::Duration::minutes(390)).date_naive(), now }
}

/// The first place where two answers part.
fn difference(path: &str, expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(left), Value::Object(right)) if left.keys().eq(right.keys()) => {
            left.iter().find_map(|(key, value)| difference(&format!("{path}.{key}"), value, &right[key]))
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let mut pairs = left.iter().zip(right).enumerate();
            pairs.find_map(|(index, (left, right))| difference(&format!("{path}.{index}"), left, right))
        }
        _ if expected == found => None,
        _ => Some(format!("{path}\n  reference {expected}\n  server    {found}")),
    }
}

async fn the_plan_answers_as_the_reference(backend: Backend) {
    let world = World::still(backend).await;
    let data = Data::load(&world.store).await;
    let count = number("LANPYA_ORACLE", OPERATIONS);
    // Each database has operations of its own; any of them can be replayed on the other.
    let first = number("LANPYA_ORACLE_SEED", if backend == Backend::Postgres { 1 } else { 1_000_001 });
    let mut noticed: BTreeMap<String, u64> = BTreeMap::new();
    let mut rows = 0;
    let random = (first..first + count).map(|seed| (seed, operation(seed, &data)));
    for (seed, asked) in random.chain(chosen().into_iter().map(|asked| (0, asked))) {
        let Asked { organisation, role, operation } = asked;
        let asker = asker(&data, organisation, role);
        let token = world.token(organisation, role);
        let answered = world.ask(&token, &operation.text(), operation.given()).await;
        let reference = |mutant| Reference { data: &data, asker: &asker, moment: moment(&world), mutant };
        let told = || {
            format!(
                "LANPYA_ORACLE_SEED={seed} LANPYA_ORACLE=1 on {backend:?}, {} {}\n{}\n{}",
                organisation.code,
                role.code(),
                operation.text(),
                operation.given()
            )
        };
        assert!(answered.at("/errors").is_null() && answered.status == 200, "{}\n{}", told(), answered.body);
        let expected = reference(None).answer(&operation);
        let body = answered.body.strip_prefix("{\"data\":").unwrap_or_default();
        let same = body.strip_prefix(expected.as_str()).is_some_and(|rest| rest == "}" || rest.starts_with(",\"ext"));
        if !same {
            let parsed = serde_json::from_str(&expected).unwrap_or_else(|error| panic!("{error}: {expected}"));
            let place = difference("data", &parsed, answered.at("/data"));
            panic!("{}\n{}", told(), place.unwrap_or_else(|| format!("order of keys\n{expected}\n{}", answered.body)));
        }
        let redactions: BTreeSet<String> = answered
            .at("/extensions/redactions")
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| one["path"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(redactions, reference(None).redactions(&operation), "{}", told());
        rows += expected.matches('{').count();
        for mutant in MUTANTS {
            if reference(Some(mutant)).answer(&operation) != expected {
                *noticed.entry(format!("{mutant:?}")).or_default() += 1;
            }
        }
    }
    if count >= ENOUGH {
        for mutant in MUTANTS {
            assert!(noticed.contains_key(&format!("{mutant:?}")), "{mutant:?} shows nowhere: {noticed:?}");
        }
        let isolation = noticed[&format!("{:?}", Mutant::NoOrganisation)];
        assert!(isolation * 10 > count, "the other organisation's rows would show in {isolation} of {count} only");
        assert!(rows > 5_000, "the answers are nearly empty: {rows} objects");
    }
    world.stop().await;
}
