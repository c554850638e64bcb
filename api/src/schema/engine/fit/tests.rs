//! Held against the engine's own validation, for every input of every mutation: generated values, right ones and wrong ones.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest};
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::DocumentOperations;
use async_graphql::{Name, Response, Schema, SchemaEnv};
use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};

use super::*;
use crate::schema::engine::{Validated, Validation};
use crate::schema::{Mutation, Served, SubscriptionRoot, query};

const VALUES: usize = 60;

struct Maker<'r> {
    registry: &'r Registry,
    random: StdRng,
    /// One value in so many is wrong.
    wrong: u32,
}

impl Maker<'_> {
    fn one_in(&mut self, many: u32) -> bool {
        self.random.next_u32().is_multiple_of(many)
    }

    fn value(&mut self, kind: &str, depth: usize) -> ConstValue {
        if self.one_in(self.wrong) {
            return self.any();
        }
        match MetaTypeName::create(kind) {
            MetaTypeName::NonNull(inner) => self.value(inner, depth),
            _ if self.one_in(8) => ConstValue::Null,
            // One stands for a list of one.
            MetaTypeName::List(inner) if self.one_in(4) => self.value(inner, depth),
            MetaTypeName::List(inner) => {
                let length = self.random.random_range(0..3);
                ConstValue::List((0..length).map(|_| self.value(inner, depth)).collect())
            }
            MetaTypeName::Named(name) => self.named(name, depth),
        }
    }

    fn named(&mut self, name: &str, depth: usize) -> ConstValue {
        match self.registry.types.get(name).unwrap() {
            MetaType::Enum { enum_values, .. } => {
                let code = enum_values.keys().nth(self.random.random_range(0..enum_values.len())).unwrap();
                if self.one_in(2) { ConstValue::Enum(Name::new(code)) } else { ConstValue::String(code.clone()) }
            }
            MetaType::InputObject { input_fields, .. } => {
                let mut members = IndexMap::new();
                for field in input_fields.values() {
                    let is_needed = field.ty.ends_with('!');
                    let left_out = if is_needed { self.one_in(self.wrong) } else { depth > 3 || self.one_in(2) };
                    if !left_out {
                        members.insert(Name::new(&field.name), self.value(&field.ty, depth + 1));
                    }
                }
                if self.one_in(self.wrong) {
                    members.insert(Name::new("nobodyKnows"), ConstValue::Null);
                }
                ConstValue::Object(members)
            }
            _ => match name {
                "Int" => ConstValue::Number(self.random.random_range(-3..500).into()),
                "Float" => ConstValue::Number(serde_json::Number::from_f64(2.5).unwrap()),
                "Boolean" => ConstValue::Boolean(self.one_in(2)),
                "Date" => ConstValue::String("2026-02-28".to_owned()),
                "DateTime" => ConstValue::String("2026-02-28T06:30:00Z".to_owned()),
                _ => ConstValue::String("ချမ်းမြေ့".to_owned()),
            },
        }
    }

    /// Of any kind, whatever is asked for.
    fn any(&mut self) -> ConstValue {
        match self.random.random_range(0..8) {
            0 => ConstValue::Null,
            1 => ConstValue::Number(i64::MAX.into()),
            2 => ConstValue::String("2026-02-30".to_owned()),
            3 => ConstValue::Enum(Name::new("NO_SUCH_CODE")),
            4 => ConstValue::List(vec![ConstValue::Boolean(true), ConstValue::Null]),
            5 => ConstValue::Object(IndexMap::new()),
            6 => ConstValue::Boolean(false),
            _ => ConstValue::Number(serde_json::Number::from_f64(0.5).unwrap()),
        }
    }
}

/// Shows the schema's registry, which only extensions see.
#[derive(Clone, Default)]
struct Shown(Arc<OnceLock<SchemaEnv>>);

impl ExtensionFactory for Shown {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(self.clone())
    }
}

#[async_trait::async_trait]
impl Extension for Shown {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        self.0.get_or_init(|| ctx.schema_env.clone());
        next.run(ctx).await
    }
}

async fn schema() -> (Served, SchemaEnv) {
    let shown = Shown::default();
    let schema = Schema::build(query::Query, Mutation::default(), SubscriptionRoot::default());
    let schema = schema.extension(Validated).extension(shown.clone()).finish();
    schema.execute("{ __typename }").await;
    let env = shown.0.get().unwrap().clone();
    (schema, env)
}

/// Whether the engine's own validation accepts it.
async fn is_accepted(schema: &Served, document: &str, variables: &Variables) -> bool {
    let variables = variables.clone().into_engine();
    let request = async_graphql::Request::new(document).variables(variables).data(Validation);
    schema.execute(request).await.errors.is_empty()
}

#[tokio::test]
async fn what_fits_is_what_the_engine_accepts() {
    let (schema, env) = schema().await;
    let registry = &env.registry;
    let Some(MetaType::Object { fields, .. }) = registry.types.get("Mutation") else { panic!("no mutations") };
    let mut maker = Maker { registry, random: StdRng::seed_from_u64(15), wrong: 40 };
    let mut answers = HashMap::new();
    for field in fields.values() {
        let (argument, kind) = field.args.values().map(|argument| (&argument.name, &argument.ty)).next().unwrap();
        let text = format!("mutation Any($it: {kind}) {{ {}({argument}: $it) {{ __typename }} }}", field.name);
        let document = parse_query(&text).unwrap();
        let DocumentOperations::Multiple(operations) = &document.operations else { panic!("a name") };
        let operation = &operations.values().next().unwrap().node;
        for _ in 0..VALUES {
            let value = maker.value(kind, 0).into_json().unwrap();
            let given = serde_json::Map::from_iter([("it".to_owned(), value)]);
            // What does not come as far as this is refused already.
            let Ok(variables) = Variables::read(&operation.variable_definitions, &mut Variables::sent(given)) else {
                continue;
            };
            let fits = fit(registry, operation, &variables);
            let accepted = is_accepted(&schema, &text, &variables).await;
            // The engine lets anything stand for an input object, until it is read.
            assert!(accepted || !fits, "{text} {variables:?}");
            let answer = answers.entry((accepted, fits)).or_insert(0);
            *answer += 1;
        }
    }
    let [refused, fitting, unlike] =
        [(false, false), (true, true), (true, false)].map(|both| answers.get(&both).copied());
    assert!(refused > Some(300) && fitting > Some(300) && unlike < Some(100), "{answers:?}");
}

#[tokio::test]
async fn null_does_not_fit_where_a_default_may_stand() {
    let (_, env) = schema().await;
    let text = "mutation Any($kept: Int = 3) { __typename }";
    let document = parse_query(text).unwrap();
    let DocumentOperations::Multiple(operations) = &document.operations else { panic!("a name") };
    let operation = &operations.values().next().unwrap().node;
    let read = |given: serde_json::Value| {
        let given = given.as_object().unwrap().clone();
        Variables::read(&operation.variable_definitions, &mut Variables::sent(given)).unwrap()
    };
    assert!(fit(&env.registry, operation, &read(serde_json::json!({}))));
    assert!(fit(&env.registry, operation, &read(serde_json::json!({ "kept": 4 }))));
    assert!(!fit(&env.registry, operation, &read(serde_json::json!({ "kept": null }))));
}
