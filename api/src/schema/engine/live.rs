//! Subscriptions: the engine keeps the operation open, plans read each event's record.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Response, Value};
use futures_util::stream::{BoxStream, StreamExt as _};

use super::{Engine, Prepared, Roots, failed};
use crate::db::Scope;
use crate::error::{Code, Error, Result};
use crate::plan::Variables;
use crate::schema::Purse;

/// What a subscriber is told at once.
pub struct Event {
    /// The `data` member.
    pub data: Value,
    /// Errors beside the data.
    pub errors: Vec<Error>,
    /// Response paths the role does not see.
    pub redactions: Vec<String>,
}

impl Engine {
    /// Opens a subscription: its events, until it is dropped.
    pub async fn subscribe(
        &self,
        prepared: &Prepared,
        variables: serde_json::Map<String, serde_json::Value>,
        scope: Scope,
        purse: Arc<dyn Purse>,
    ) -> Result<BoxStream<'static, Event>> {
        let operation = prepared.document.operation()?;
        let roots = Roots::of(&prepared.known.parsed, &operation.selection_set.node);
        if operation.ty != OperationType::Subscription || roots.count != 1 || roots.introspection {
            let text = "A subscription asks for one root field. Queries and mutations are sent by POST.";
            return Err(Error::new(Code::GraphqlValidationFailed).saying(text));
        }
        let variables = Variables::read(&operation.variable_definitions, &mut Variables::sent(variables))?;
        self.days.begin(&scope).await?;
        let (request, noted) = self.request(prepared, Arc::new(variables), Some(scope), purse, 1);
        let events = self.schema.execute_stream(request.data(self.days.clone())).map(
            move |Response { data, errors, .. }| Event {
                data,
                errors: errors.iter().take(50).map(failed).collect(),
                redactions: noted.redactions(),
            },
        );
        Ok(events.boxed())
    }
}
