//! Non-interference: what ALPHA is answered does not depend on whether others exist. The same operations, one after
//! another, in a world of ALPHA alone and in one with BETA and GAMMA too; bodies, statuses and headers are the same to
//! the byte, and so are ALPHA's rows in the end.
//!
//! `LANPYA_PROOF_SEED=NUMBER` replays the operations of one seed, `LANPYA_PROOF_OPERATIONS=NUMBER` that many of them.

use std::collections::{BTreeMap, HashMap};

use entity::user::RoleCode;
use harness::introspection::Schema;
use harness::proof::{Proof, size};
use harness::world::start;
use harness::{ALPHA, Answer, BETA, Backend, Data, GAMMA, Store, World, both};
use lanpya::access::{Weakness, reading};
use lanpya::clock::Clock;
use lanpya::graph::graph;
use serde_json::{Value, json};

use crate::generator::Generator;
use crate::generator::coverage::{Coverage, Universe};
use crate::generator::document::{Node, Operation};
use crate::generator::material::{Material, renew};

both! { non_interference }

/// How the worlds are served.
#[derive(Clone, Copy, Debug, Default)]
pub struct Setting {
    /// What the server leaves out.
    pub weakness: Weakness,
    /// On PostgreSQL: whether the policies are taken away.
    pub without_policies: bool,
    /// What is made of the database with others in it before it is served.
    pub others: &'static [&'static str],
}

/// How many operations of which seed.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    pub seed: u64,
    pub operations: usize,
    /// How many of a hundred are mutations.
    pub mutations: usize,
}

/// The same ALPHA, alone and beside others.
pub struct Pair {
    pub alone: World,
    pub other: World,
    tokens: HashMap<RoleCode, [String; 2]>,
    recent: BTreeMap<&'static str, String>,
}

/// What is shared by all seeds: the schema, and what BETA was answered.
pub struct Ground {
    pub schema: Schema,
    foreign_cursors: HashMap<(RoleCode, String), Vec<String>>,
}

/// What a run came to.
#[derive(Default)]
pub struct Outcome {
    /// The first difference, told in full.
    pub difference: Option<String>,
    pub asked: usize,
    /// Answered with data, and of these with rows or records in it.
    pub answered: usize,
    /// Codes of refusals and how often each came.
    pub refused: BTreeMap<String, usize>,
    /// Mutations that changed something, by name.
    pub done: BTreeMap<String, usize>,
    /// Operations that named what is another organisation's, asked again with nobody's.
    pub substituted: usize,
    pub by_role: BTreeMap<String, usize>,
    pub coverage: Coverage,
}

impl Ground {
    /// From a world of its own, so that asking here changes no other.
    pub async fn new(backend: Backend, weakness: Weakness) -> Self {
        let store = Store::new(backend, Data::Mirrored).await;
        let world = World::on(store, Clock::replayed(start()), weakness).await;
        let schema = Schema::of(&world).await;
        let mut foreign_cursors = HashMap::new();
        for role in lanpya::access::roles() {
            let token = world.token(&BETA, role);
            for noun in graph().nouns().iter().filter(|noun| reading(role, noun.area).is_some()) {
                let list = noun.plural;
                let document = format!("{{ {list}(first: 2) {{ edges {{ cursor }} }} }}");
                let answer = world.ask(&token, &document, json!({})).await;
                let edges = answer.at(&format!("/data/{list}/edges")).as_array().cloned().unwrap_or_default();
                let cursors = edges.iter().filter_map(|edge| edge["cursor"].as_str().map(str::to_owned));
                foreign_cursors.insert((role, format!("Query.{list}")), cursors.collect());
            }
        }
        world.stop().await;
        Self { schema, foreign_cursors }
    }
}

impl Pair {
    pub async fn new(backend: Backend, setting: Setting) -> Self {
        // One after the other: the template of each is made under a lock.
        let (alone, other) = (Store::new(backend, Data::Alpha).await, Store::new(backend, Data::Mirrored).await);
        let recent = renew(&other, &BETA).await;
        for sql in setting.others {
            other.execute(sql).await;
        }
        if setting.without_policies && backend == Backend::Postgres {
            for store in [&alone, &other] {
                for table in entity::registry() {
                    store.execute(&format!("ALTER TABLE \"{}\" DISABLE ROW LEVEL SECURITY", table.name)).await;
                }
            }
        }
        let on = |store| World::on(store, Clock::replayed(start()), setting.weakness);
        let (alone, other) = tokio::join!(on(alone), on(other));
        let token = |role| (role, [alone.token(&ALPHA, role), other.token(&ALPHA, role)]);
        let tokens = lanpya::access::roles().into_iter().map(token).collect();
        Self { alone, other, tokens, recent }
    }

    /// The same request to both.
    pub async fn ask(&self, role: RoleCode, body: &Value) -> (Answer, Answer) {
        let [mine, theirs] = &self.tokens[&role];
        tokio::join!(self.alone.send(Some(mine), body), self.other.send(Some(theirs), body))
    }

    pub async fn stop(self) {
        tokio::join!(self.alone.stop(), self.other.stop());
    }
}

/// Runs operations until the first difference.
pub async fn run(ground: &Ground, pair: &Pair, extent: Extent) -> Outcome {
    let mut material = Material::read(&pair.alone.store, &ALPHA, &pair.other.store, &[&BETA, &GAMMA]).await;
    material.foreign_cursors.clone_from(&ground.foreign_cursors);
    material.recent.clone_from(&pair.recent);
    // ALPHA may give one of these to a record of its own: from then on it is no stranger's.
    for (noun, id) in &pair.recent {
        material.ids.get_mut(noun).expect("a noun").foreign.retain(|other| other != id);
    }
    let mut generator = Generator::new(&ground.schema, material, extent.seed);
    generator.mutations = extent.mutations;
    let before = others(pair).await;
    let mut outcome = Outcome::default();
    for number in 0..extent.operations {
        if number > 0 && number.is_multiple_of(100) {
            generator.material.refresh(&pair.alone.store, &ALPHA).await;
        }
        let (role, operation) = generator.make();
        let full = |what: &str| format!("{what}\nseed {}, operation {number}, as {role:?}", extent.seed);
        let (first, difference) = outcome.compare(pair, role, &operation).await;
        if let Some(difference) = difference {
            outcome.difference = Some(full(&difference));
            break;
        }
        generator.learn(role, &operation, &first.json);
        // Some operations as every role there is: cursors of one are refused to another, fields to most.
        if number.is_multiple_of(size(40, 20)) {
            for other in lanpya::access::roles().into_iter().filter(|other| *other != role) {
                if let (_, Some(difference)) = outcome.compare(pair, other, &operation).await {
                    outcome.difference = Some(full(&format!("as {other:?}: {difference}")));
                }
            }
        }
        if outcome.difference.is_some() {
            break;
        }
    }
    outcome.coverage = generator.coverage;
    if outcome.difference.is_none() {
        outcome.difference = rows_differ(pair, &before).await;
    }
    outcome
}

/// Rows of the others, table by table.
async fn others(pair: &Pair) -> Vec<BTreeMap<&'static str, Vec<String>>> {
    vec![pair.other.store.dump(Some(BETA.id())).await, pair.other.store.dump(Some(GAMMA.id())).await]
}

/// ALPHA's rows must be the same in both worlds, the others' as they were.
async fn rows_differ(pair: &Pair, before: &[BTreeMap<&'static str, Vec<String>>]) -> Option<String> {
    let (mine, theirs) = (pair.alone.store.dump(Some(ALPHA.id())).await, pair.other.store.dump(Some(ALPHA.id())).await);
    for (table, rows) in &mine {
        if theirs[table] != *rows {
            let row = rows.iter().zip(&theirs[table]).find(|(mine, theirs)| mine != theirs);
            return Some(format!("ALPHA's rows of {table} differ: {row:#?}"));
        }
    }
    let after = others(pair).await;
    let changed = before.iter().zip(&after).find_map(|(before, after)| {
        before.iter().find(|(table, rows)| after[*table] != **rows).map(|(table, _)| *table)
    });
    changed.map(|table| format!("{table} of another organisation changed"))
}

/// The answer without the number of its statements, which tests alone are told: loads that two edges share meet in one
/// statement or miss each other as the threads run.
fn told(answer: &Answer) -> String {
    let text = answer.masked();
    let counts = format!("lanpya-statements: {}\n", answer.header("lanpya-statements"));
    text.replace(&counts, "")
}

/// The answer without its cursors: they are bound to the filter, and so to the ids in it.
fn without_cursors(operation: &Operation, answer: &Answer) -> String {
    let found = operation.cursors(&answer.json);
    found.iter().fold(told(answer), |text, found| text.replace(&found.cursor, "CURSOR"))
}

impl Outcome {
    async fn compare(&mut self, pair: &Pair, role: RoleCode, operation: &Operation) -> (Answer, Option<String>) {
        let body = operation.body();
        let (mine, theirs) = pair.ask(role, &body).await;
        self.count(role, operation, &mine);
        let (first, second) = (told(&mine), told(&theirs));
        if first != second {
            return (mine, Some(format!("{body:#}\nalone:  {first}\nothers: {second}")));
        }
        let code = mine.code();
        assert!(
            !matches!(
                code,
                "GRAPHQL_VALIDATION_FAILED" | "GRAPHQL_PARSE_FAILED" | "INTERNAL" | "TIMEOUT" | "UNAVAILABLE"
            ),
            "the operation is not valid, or the server failed: {body:#}\n{first}"
        );
        // A trail is longer the second time: the first asking is in it.
        let trail = |node: &Node| matches!(node, Node::Field(field) if field.name.ends_with("Trail"));
        if operation.mutation || operation.foreign.is_empty() || operation.roots.iter().any(trail) {
            return (mine, None);
        }
        // What another organisation has is as good as what nobody has.
        let mut text = body.to_string();
        for (foreign, nobody) in &operation.foreign {
            text = text.replace(foreign.as_str(), nobody);
        }
        let nobodys: Value = serde_json::from_str(&text).expect("still JSON");
        let (_, again) = pair.ask(role, &nobodys).await;
        self.substituted += 1;
        let (second, again) = (without_cursors(operation, &theirs), without_cursors(operation, &again));
        let differs = again != second;
        (mine, differs.then(|| format!("{body:#}\nforeign: {second}\nnobody's: {nobodys:#}\n{again}")))
    }

    fn count(&mut self, role: RoleCode, operation: &Operation, answer: &Answer) {
        self.asked += 1;
        *self.by_role.entry(format!("{role:?}")).or_default() += 1;
        let code = answer.code();
        if !code.is_empty() {
            *self.refused.entry(code.to_owned()).or_default() += 1;
        }
        if answer.at("/data").is_object() {
            self.answered += 1;
        }
        if !operation.mutation {
            return;
        }
        for (name, payload) in operation.roots.iter().filter_map(|node| match node {
            Node::Field(field) => Some((&field.name, &answer.json["data"][field.key()])),
            _ => None,
        }) {
            let Some(members) = payload.as_object() else { continue };
            for error in members.values().filter_map(Value::as_array).flatten() {
                if let Some(code) = error["code"].as_str() {
                    *self.refused.entry(format!("user error {code}")).or_default() += 1;
                    if std::env::var("LANPYA_PROOF_TOLD").is_ok() {
                        println!("{name}: {code} {}", error["field"]);
                    }
                }
            }
            let is_new = |one: &Value| one["outcome"] == "CREATED";
            let made =
                |member: &Value| member.is_object() || member.as_array().is_some_and(|all| all.iter().any(is_new));
            if members.iter().any(|(key, member)| key.ends_with("Told") && made(member)) {
                *self.done.entry(name.clone()).or_default() += 1;
            }
        }
    }

    /// Takes in what another run came to.
    pub fn add(&mut self, other: Self) {
        self.difference = self.difference.take().or(other.difference);
        self.asked += other.asked;
        self.answered += other.answered;
        self.substituted += other.substituted;
        for (counts, more) in
            [(&mut self.refused, other.refused), (&mut self.done, other.done), (&mut self.by_role, other.by_role)]
        {
            for (name, count) in more {
                *counts.entry(name).or_default() += count;
            }
        }
        self.coverage.add(&other.coverage);
    }
}

/// The seeds of a proof: one in every run, more in a full one; or the one that is to be replayed.
pub fn seeds(quick: u64, full: u64) -> Vec<u64> {
    match std::env::var("LANPYA_PROOF_SEED").ok().and_then(|text| text.parse().ok()) {
        Some(seed) => vec![seed],
        None => (1..=size(quick, full)).collect(),
    }
}

/// Operations of one seed.
pub fn operations(of: usize) -> usize {
    std::env::var("LANPYA_PROOF_OPERATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(of)
}

/// Runs every seed in worlds of its own and keeps the figures.
pub async fn prove(
    backend: Backend,
    setting: Setting,
    [quick, full]: [u64; 2],
    each: usize,
    proof: &mut Proof,
) -> Outcome {
    let ground = Ground::new(backend, setting.weakness).await;
    let mut outcome = Outcome::default();
    for seed in seeds(quick, full) {
        let pair = Pair::new(backend, setting).await;
        let extent = Extent { seed, operations: operations(each), mutations: 30 };
        outcome.add(run(&ground, &pair, extent).await);
        pair.stop().await;
        if outcome.difference.is_some() {
            break;
        }
    }
    let universe = Universe::of(&ground.schema);
    proof.figure("operations", outcome.asked);
    proof.figure("answered", outcome.answered);
    proof.figure("substituted", outcome.substituted);
    proof.figure("differences", usize::from(outcome.difference.is_some()));
    proof.figure("mutations that changed something", json!(outcome.done));
    proof.figure("refusals", json!(outcome.refused));
    proof.figure("roles", json!(outcome.by_role));
    for (name, parts) in [
        ("fields", &universe.fields),
        ("arguments", &universe.arguments),
        ("inputs", &universe.inputs),
        ("values of filters and orders", &universe.values),
    ] {
        let missed = outcome.coverage.missed(parts);
        proof.figure(name, format!("{} of {}", parts.len() - missed.len(), parts.len()));
        let shown: Vec<_> = missed.iter().take(12).collect();
        println!("{name}: {} of {}; among those not answered {shown:?}", parts.len() - missed.len(), parts.len());
    }
    println!("{} asked, {} answered, {} substituted", outcome.asked, outcome.answered, outcome.substituted);
    println!("done {:?}\nrefused {:?}\nroles {:?}", outcome.done, outcome.refused, outcome.by_role);
    outcome
}

async fn non_interference(backend: Backend) {
    let mut proof = Proof::of(1, format!("worlds::non_interference::{backend:?}"));
    let outcome = prove(backend, Setting::default(), [1, 10], 1_000, &mut proof).await;
    assert!(outcome.difference.is_none(), "{}", outcome.difference.unwrap());
    proof.held();
}
