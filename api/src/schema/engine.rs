//! Runs operations. A pure query is planned whole and never meets a resolver; mutations, introspection and mixtures go
//! through async-graphql, whose validation every document passes once.

mod contract;
mod fit;
mod live;
mod told;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextValidation};
use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};
use async_graphql::{CacheControl, Pos, Response, ServerError, ValidationResult};
use entity::user::RoleCode;

use super::day::Days;
use super::purse::{CHANGE, INTROSPECTION, Purse};
use super::{Served, build};
use crate::db::Scope;
use crate::error::{Code, Error, Result};
use crate::plan::{self, Document, Known, Plan, Plans, Reader, Seal, Variables};
use crate::service::webhook::Webhooks;
use contract::Contract;
pub use live::Event;
pub use told::written;

/// What every resolver of one request shares.
pub struct Ask {
    /// Who asks.
    pub scope: Scope,
    /// Seals cursors.
    pub seal: Arc<Seal>,
    /// The request's variables.
    pub variables: Arc<Variables>,
    /// Response paths the role does not see, as they are found.
    pub redactions: Arc<Mutex<Vec<String>>>,
    /// What the request is paid from.
    pub purse: Arc<dyn Purse>,
    /// Points it has cost.
    pub cost: Arc<AtomicU64>,
    /// The operation as the audit names it.
    pub operation: Arc<str>,
    /// What webhooks are signed with and may call.
    pub webhooks: Arc<Webhooks>,
    /// Held by one root field or payload at a time, in the document's order: so the audit is written in it too.
    pub turn: tokio::sync::Mutex<()>,
    /// What is shown of the record of a mutation.
    pub payload: Option<Payload>,
}

/// The record that a mutation shows.
pub struct Payload {
    /// Where the field stands in the document.
    pub place: Pos,
    /// What is shown of it.
    pub plan: Arc<Plan>,
}

/// The schema and what is remembered of documents.
#[derive(Clone)]
pub struct Engine {
    schema: Served,
    contract: Arc<Contract>,
    plans: Plans,
    seal: Arc<Seal>,
    introspection: bool,
    quiet: Duration,
    days: Days,
    webhooks: Arc<Webhooks>,
}

/// A valid document and its operation.
pub struct Prepared {
    known: Arc<Known>,
    digest: [u8; 32],
    document: Document,
    kind: OperationType,
}

impl Prepared {
    /// The document.
    pub fn parsed(&self) -> &ExecutableDocument {
        &self.known.parsed
    }

    /// Query, mutation or subscription.
    pub fn kind(&self) -> OperationType {
        self.kind
    }
}

/// An answer, ready to send.
pub struct Reply {
    /// The `data` member as JSON.
    pub data: Vec<u8>,
    /// Errors beside the data.
    pub errors: Vec<Error>,
    /// Response paths the role does not see.
    pub redactions: Vec<String>,
    /// Statements that were run.
    pub statements: u32,
    /// Cost points: the rows it may have read, and one at least.
    pub cost: u64,
}

impl Engine {
    /// Builds the schema. `secret` seals cursors; `introspection` answers `__schema` without a token; an answer that
    /// found something missing leaves `quiet` after it was begun, or how long it took would tell whether the record is
    /// not there or not to be seen.
    pub fn new(secret: &str, introspection: bool, quiet: Duration) -> Self {
        let schema = build();
        let contract = Arc::new(Contract::of(&schema.sdl()));
        Self {
            schema,
            contract,
            plans: Plans::default(),
            seal: Arc::new(Seal::new(secret)),
            introspection,
            quiet,
            days: Days::default(),
            webhooks: Arc::new(Webhooks::new(secret, &[])),
        }
    }

    /// The same with what the settings say of webhooks.
    #[must_use]
    pub fn telling(self, webhooks: Arc<Webhooks>) -> Self {
        Self { webhooks, ..self }
    }

    /// The types of the schema.
    pub fn has_type(&self, name: &str) -> bool {
        self.contract.has_type(name)
    }

    /// A document that was found valid before.
    pub fn known(&self, query: &str, operation: Option<&str>) -> Option<Result<Prepared>> {
        let digest = Plans::digest(query);
        let known = self.plans.document(&digest)?;
        Some(prepared(known, digest, operation))
    }

    /// Validates a parsed document against the schema.
    pub async fn validate(
        &self,
        query: &str,
        parsed: ExecutableDocument,
        operation: Option<&str>,
        variables: &serde_json::Map<String, serde_json::Value>,
    ) -> std::result::Result<Prepared, Vec<Error>> {
        // The document is named before it is validated: an unknown operation is said as such.
        let digest = Plans::digest(query);
        let parsed = Arc::new(parsed);
        Document::new(Arc::clone(&parsed), operation).map_err(|error| vec![error])?;
        self.check(&parsed, operation, Variables::sent(variables.clone())).await?;
        prepared(self.plans.remember(digest, parsed), digest, operation).map_err(|error| vec![error])
    }

    /// Whether a document with these variables fits the schema.
    async fn check(
        &self,
        parsed: &ExecutableDocument,
        operation: Option<&str>,
        variables: async_graphql::Variables,
    ) -> std::result::Result<(), Vec<Error>> {
        let mut request = async_graphql::Request::new("").variables(variables).data(Validation);
        if let Some(name) = operation {
            request = request.operation_name(name);
        }
        request.set_parsed_query(ExecutableDocument::clone(parsed));
        let response = self.schema.execute(request).await;
        if response.errors.is_empty() { Ok(()) } else { Err(refusals(&response.errors)) }
    }

    /// Runs an operation. Without a scope only introspection is answered, where it is open. The first point was paid
    /// before the request was read.
    pub async fn run(
        &self,
        prepared: &Prepared,
        variables: serde_json::Map<String, serde_json::Value>,
        scope: Option<Scope>,
        purse: Arc<dyn Purse>,
    ) -> std::result::Result<Reply, Vec<Error>> {
        let operation = prepared.document.operation().map_err(|error| vec![error])?;
        let mut given = Variables::sent(variables);
        let variables = match Variables::read(&operation.variable_definitions, &mut given) {
            Ok(variables) => variables,
            Err(error) => {
                if operation.ty == OperationType::Mutation {
                    // The engine names the field of an input that has a wrong value.
                    Box::pin(self.check(prepared.parsed(), prepared.document.name(), given)).await?;
                }
                return Err(vec![error]);
            }
        };
        let roots = Roots::of(&prepared.known.parsed, &operation.selection_set.node);
        let Some(scope) = scope else {
            if !self.introspection || roots.data || operation.ty != OperationType::Query {
                return Err(vec![Code::Unauthenticated.into()]);
            }
            return Box::pin(self.engine(prepared, variables, None, purse, roots.price())).await;
        };
        self.days.begin(&scope).await.map_err(|error| vec![error])?;
        let quiet = tokio::time::sleep(self.quiet);
        let answered = if operation.ty == OperationType::Query && !roots.introspection {
            self.planned(prepared, &variables, &scope, &*purse).await.map_err(|error| vec![error])
        } else {
            let price = if operation.ty == OperationType::Mutation { CHANGE * roots.count } else { roots.price() };
            Box::pin(self.engine(prepared, variables, Some(scope.clone()), purse, price.max(1))).await
        };
        if scope.has_missed() {
            quiet.await;
        }
        answered
    }

    async fn planned(
        &self,
        prepared: &Prepared,
        variables: &Variables,
        scope: &Scope,
        purse: &dyn Purse,
    ) -> Result<Reply> {
        match self.read(prepared, variables, scope, purse).await {
            Err(error) if error.is_refusal() => scope.refused(&prepared.known.name).await.and(Err(error)),
            answered => answered,
        }
    }

    async fn read(
        &self,
        prepared: &Prepared,
        variables: &Variables,
        scope: &Scope,
        purse: &dyn Purse,
    ) -> Result<Reply> {
        let role = scope.viewer().role;
        let key = Plans::key(prepared.digest, &prepared.known, &prepared.document, role, variables);
        let plan = if let Some(plan) = self.plans.plan(&key) {
            plan
        } else {
            let plan = Arc::new(plan::compile(&prepared.document, variables, role)?);
            self.plans.keep(key, Arc::clone(&plan));
            plan
        };
        let bound = plan.bind(variables, scope.viewer(), &self.seal, scope.now())?;
        purse.charge(bound.cost.saturating_sub(1))?;
        let answer = plan::run(&plan, &bound, variables, scope, &self.seal).await?;
        scope.saw(answer.sights, &prepared.known.name).await?;
        Ok(Reply {
            data: answer.data,
            errors: Vec::new(),
            redactions: plan.redactions.clone(),
            statements: answer.statements,
            cost: bound.cost.max(1),
        })
    }

    async fn engine(
        &self,
        prepared: &Prepared,
        variables: Variables,
        scope: Option<Scope>,
        purse: Arc<dyn Purse>,
        price: u64,
    ) -> std::result::Result<Reply, Vec<Error>> {
        let variables = Arc::new(variables);
        let (document, paid_from) = (prepared.known.is_plain.then(|| prepared.document.clone()), Arc::clone(&purse));
        let given = document.map(|document| (document, Arc::clone(&variables)));
        let gate = Arc::new(Gate { given, purse: paid_from, price, passed: OnceLock::new() });
        let (request, noted) = self.request(prepared, variables, scope, purse, price);
        let Response { data, errors, .. } = self.schema.execute(request.data(Arc::clone(&gate))).await;
        match gate.passed.get() {
            Some(Ok(())) => {}
            Some(Err(refused)) => return Err(vec![refused.clone()]),
            None => return Err(refusals(&errors)),
        }
        let (redactions, cost) = (noted.redactions(), noted.cost.load(Ordering::Relaxed));
        Ok(Reply {
            data: told::json(&data),
            errors: errors.iter().take(50).map(failed).collect(),
            redactions,
            statements: 0,
            cost,
        })
    }

    /// The plan of the record that a mutation shows.
    fn payload(&self, prepared: &Prepared, variables: &Variables, role: RoleCode) -> Option<Payload> {
        let operation = prepared.document.operation().ok().filter(|_| prepared.kind == OperationType::Mutation)?;
        let reader = Reader { fragments: &prepared.known.parsed.fragments, variables };
        let (field, noun) = self.contract.shown(operation, &reader)?;
        let key = Plans::key(prepared.digest, &prepared.known, &prepared.document, role, variables);
        let plan = if let Some(plan) = self.plans.plan(&key) {
            plan
        } else {
            // Where it cannot be made, that is said when the record is to be read.
            let made = Plan::for_object(&reader, noun, &field.node.selection_set.node, role).ok().flatten();
            let plan = Arc::new(made?);
            self.plans.keep(key, Arc::clone(&plan));
            plan
        };
        Some(Payload { place: field.pos, plan })
    }

    /// The request as the engine runs it, and where its resolvers note what they find.
    fn request(
        &self,
        prepared: &Prepared,
        variables: Arc<Variables>,
        scope: Option<Scope>,
        purse: Arc<dyn Purse>,
        price: u64,
    ) -> (async_graphql::Request, Noted) {
        let mut request = async_graphql::Request::new("").variables(Variables::clone(&variables).into_engine());
        if let Some(name) = prepared.document.name() {
            request = request.operation_name(name);
        }
        let redactions = Arc::new(Mutex::new(Vec::new()));
        let cost = Arc::new(AtomicU64::new(price));
        if let Some(scope) = scope {
            let (seal, redactions, cost) = (Arc::clone(&self.seal), Arc::clone(&redactions), Arc::clone(&cost));
            let operation = Arc::clone(&prepared.known.name);
            let (turn, webhooks) = (tokio::sync::Mutex::default(), Arc::clone(&self.webhooks));
            let payload = self.payload(prepared, &variables, scope.viewer().role);
            let scope =
                payload.iter().filter_map(|payload| payload.plan.showing(&operation)).fold(scope, Scope::showing);
            let ask = Ask { scope, seal, variables, redactions, purse, cost, operation, webhooks, turn, payload };
            request = request.data(ask);
        }
        request.set_parsed_query(ExecutableDocument::clone(&prepared.known.parsed));
        (request, Noted { redactions, cost })
    }
}

/// What the resolvers of a request note.
struct Noted {
    redactions: Arc<Mutex<Vec<String>>>,
    cost: Arc<AtomicU64>,
}

impl Noted {
    /// What was redacted since it was asked last.
    fn redactions(&self) -> Vec<String> {
        self.redactions.lock().map(|mut found| std::mem::take(&mut *found)).unwrap_or_default()
    }
}

fn prepared(known: Arc<Known>, digest: [u8; 32], operation: Option<&str>) -> Result<Prepared> {
    let document = Document::new(Arc::clone(&known.parsed), operation)?;
    let kind = document.operation()?.ty;
    Ok(Prepared { known, digest, document, kind })
}

/// What the top of an operation asks for.
#[derive(Default)]
struct Roots {
    introspection: bool,
    data: bool,
    count: u64,
    introspections: u64,
}

impl Roots {
    fn of(document: &ExecutableDocument, set: &SelectionSet) -> Self {
        let mut roots = Self::default();
        roots.visit(document, set);
        roots
    }

    /// What the introspection among them costs; what the others cost is known when they are bound.
    fn price(&self) -> u64 {
        (INTROSPECTION * self.introspections).max(1)
    }

    fn visit(&mut self, document: &ExecutableDocument, set: &SelectionSet) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => match field.node.name.node.as_str() {
                    "__schema" | "__type" => {
                        self.introspection = true;
                        self.introspections += 1;
                    }
                    "__typename" => {}
                    _ => {
                        self.data = true;
                        self.count += 1;
                    }
                },
                Selection::InlineFragment(inline) => self.visit(document, &inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        self.visit(document, &fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
}

/// Why a document was found invalid.
fn refusals(errors: &[ServerError]) -> Vec<Error> {
    errors.iter().take(10).map(invalid).collect()
}

/// A validation error of the engine as ours: its text names types and fields of the schema and of the client's own
/// document; a value at the end of it is left out.
fn invalid(error: &ServerError) -> Error {
    let starts = ["Invalid value for argument \"", "Invalid default value for argument: \""];
    let bad_value = starts.iter().find_map(|start| error.message.strip_prefix(start));
    let mut told = match bad_value.and_then(|rest| rest.split_once('"')) {
        Some((path, reason)) => {
            let reason = reason.trim_start_matches(", ");
            let reason = reason.split(" does not contain").next().unwrap_or(reason);
            let code = if reason.starts_with("enumeration") { Code::CodeUnknown } else { Code::BadUserInput };
            // The name of an unknown field comes with the values, so it is one.
            let unknown = reason.starts_with("unknown field").then(|| reason.rsplit_once(" of type "));
            let text = match unknown.flatten() {
                Some((_, kind)) => format!("Invalid value: unknown field of type {kind}."),
                None => format!("Invalid value: {reason}."),
            };
            Error::new(code).saying(text).on(path)
        }
        None => Error::new(Code::GraphqlValidationFailed).saying(error.message.chars().take(300).collect::<String>()),
    };
    told.location = error.locations.first().copied();
    told
}

/// An error of execution: ours as it was raised, the engine's own as a bad value.
fn failed(error: &ServerError) -> Error {
    use async_graphql::PathSegment;
    let ours = error.source.as_ref().and_then(|source| source.downcast_ref::<Error>());
    let mut told = ours.cloned().unwrap_or_else(|| Error::new(Code::BadUserInput));
    told.location = error.locations.first().copied();
    told.path = error
        .path
        .iter()
        .map(|segment| match segment {
            PathSegment::Field(name) => name.clone(),
            PathSegment::Index(index) => index.to_string(),
        })
        .collect();
    told
}

/// Marks a request that is to be validated and not run.
struct Validation;

/// What a request pays that was found valid, before it is executed.
struct Gate {
    /// The document, where variables are all that is left to be validated, and those.
    given: Option<(Document, Arc<Variables>)>,
    purse: Arc<dyn Purse>,
    price: u64,
    passed: OnceLock<Result<()>>,
}

/// Stands between validation and execution: stops a request that is only to be validated, and one that cannot pay.
pub(super) struct Validated;

impl ExtensionFactory for Validated {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for Validated {
    /// The engine validates whatever it executes: a document that is known as a whole, each time.
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> std::result::Result<ValidationResult, Vec<ServerError>> {
        let given = ctx.data_opt::<Arc<Gate>>().and_then(|gate| gate.given.as_ref());
        let is_valid = given.is_some_and(|(document, variables)| {
            let operation = document.operation();
            operation.is_ok_and(|operation| fit::fit(&ctx.schema_env.registry, operation, variables))
        });
        if is_valid {
            return Ok(ValidationResult { cache_control: CacheControl::default(), complexity: 0, depth: 0 });
        }
        next.run(ctx).await
    }

    async fn execute(&self, ctx: &ExtensionContext<'_>, operation: Option<&str>, next: NextExecute<'_>) -> Response {
        let gate = ctx.data_opt::<Arc<Gate>>();
        // The first point was paid before the request was read.
        let passed = gate.map(|gate| gate.passed.get_or_init(|| gate.purse.charge(gate.price - 1)));
        if ctx.data_opt::<Validation>().is_some() || passed.is_some_and(Result::is_err) {
            return Response::new(async_graphql::Value::Null);
        }
        next.run(ctx, operation).await
    }
}
