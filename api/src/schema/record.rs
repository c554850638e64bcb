//! A record in a mutation's payload, and a root field in a mixed operation: read through a plan like everything else.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_graphql::parser::types::{Field, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::{Context, ContextSelectionSet, OutputType, Positioned, ServerError, ServerResult, Value};
use uuid::Uuid;

use crate::error::{Code, Error};
use crate::graph::graph;
use crate::plan::{Plan, Reader};

pub use super::engine::Ask;
use super::engine::{Payload, written};

/// Names a noun by type.
pub trait Named: Send + Sync {
    /// The noun's name in the schema.
    const NAME: &'static str;
}

/// A record of a noun by its id.
pub struct Record<N>(pub Uuid, PhantomData<N>);

impl<N> Record<N> {
    /// The record with that id.
    pub fn new(id: Uuid) -> Self {
        Self(id, PhantomData)
    }
}

impl<N: Named> OutputType for Record<N> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(N::NAME)
    }

    fn create_type_info(_: &mut Registry) -> String {
        // Registered with Query, from the declaration.
        Self::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let ask = ctx.data::<Ask>().map_err(|error| error.into_server_error(field.pos))?;
        let reader = Reader { fragments: &ctx.query_env.fragments, variables: &ask.variables };
        let noun = graph().position(N::NAME).ok_or(Code::Internal);
        let _turn = ask.turn.lock().await;
        let path = ctx.path_node.map(|path| path.to_string_vec().join(".")).unwrap_or_default();
        let found = match noun {
            // In a box, as what is done before it: it is part of every mutation's future.
            Ok(noun) => {
                let payload = ask.payload.as_ref().filter(|payload| payload.place == field.pos);
                Box::pin(ask.object(&reader, noun, &ctx.item.node, payload, self.0, &path)).await
            }
            Err(code) => Err(code.into()),
        };
        found.map_err(|error| served(error, field.pos))
    }
}

impl Ask {
    /// Notes what a plan redacts, under the path where its value stands in the answer.
    fn redacted(&self, plan: &Plan, path: &str) {
        if let Ok(mut found) = self.redactions.lock() {
            let below = plan.redactions.iter().map(|one| one.strip_prefix("value").unwrap_or(one));
            found.extend(below.map(|below| format!("{path}{below}")));
        }
    }

    async fn object(
        &self,
        reader: &Reader<'_>,
        noun: usize,
        set: &SelectionSet,
        payload: Option<&Payload>,
        id: Uuid,
        path: &str,
    ) -> Result<Value, Error> {
        let plan = match payload {
            Some(payload) => Some(Arc::clone(&payload.plan)),
            None => Plan::for_object(reader, noun, set, self.scope.viewer().role)?.map(Arc::new),
        };
        let Some(plan) = plan else {
            if let Ok(mut found) = self.redactions.lock() {
                found.push(path.to_owned());
            }
            return Ok(Value::Null);
        };
        self.redacted(&plan, path);
        let bound = plan.bind(&self.variables, self.scope.viewer(), &self.seal, self.scope.now())?;
        // The change is made: what it was paid from may be empty, but its answer is not refused.
        self.purse.drain(bound.cost);
        self.cost.fetch_add(bound.cost, Ordering::Relaxed);
        if let Some(rows) = payload.and_then(|_| self.scope.shown(id)) {
            let data = plan.object_of(&bound, rows, &self.scope, &self.seal)?;
            return Ok(data.map_or(Value::Null, written));
        }
        let answer = plan.run_object(&bound, id, &self.scope, &self.seal).await?;
        let value = value(&answer.data)?;
        if value != Value::Null {
            self.scope.saw(answer.sights, &self.operation).await?;
        }
        Ok(value)
    }

    /// One root field of a mixed operation. The engine starts them all at once; they wait for each other, or which of
    /// several refusals is answered would hang on which is noted first.
    pub async fn root(&self, ctx: &Context<'_>) -> ServerResult<Value> {
        let _turn = self.turn.lock().await;
        let reader = Reader { fragments: &ctx.query_env.fragments, variables: &self.variables };
        let answered: Result<Value, Error> = async {
            let plan = Plan::for_root(&reader, ctx.item, self.scope.viewer().role)?;
            self.redacted(&plan, &ctx.item.node.response_key().node);
            let bound = plan.bind(&self.variables, self.scope.viewer(), &self.seal, self.scope.now())?;
            self.purse.charge(bound.cost)?;
            self.cost.fetch_add(bound.cost, Ordering::Relaxed);
            let answer = crate::plan::run(&plan, &bound, &self.variables, &self.scope, &self.seal).await?;
            self.scope.saw(answer.sights, &self.operation).await?;
            value(&answer.data)
        }
        .await;
        let answered = match answered {
            Err(error) if error.is_refusal() => self.scope.refused(&self.operation).await.and(Err(error)),
            other => other,
        };
        answered.map_err(|error| served(error, ctx.item.pos))
    }
}

/// What a plan of one root answers. Read as the engine's own value, which keeps fields in the order of the document.
fn value(data: &[u8]) -> Result<Value, Error> {
    match serde_json::from_slice(data) {
        Ok(Value::Object(mut object)) => object.swap_remove("value").ok_or_else(|| Code::Internal.into()),
        _ => Err(Code::Internal.into()),
    }
}

/// An error of ours as the engine carries it; the HTTP face turns it back.
pub fn served(error: Error, place: async_graphql::Pos) -> ServerError {
    let mut carried = ServerError::new(error.message.to_string(), Some(place));
    carried.source = Some(Arc::new(error));
    carried
}
