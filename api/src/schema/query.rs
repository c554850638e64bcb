//! `Query`: its fields are registered from the declared nouns. A pure query never comes here (the engine plans it
//! whole); one that is mixed with introspection has its fields planned one by one.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaTypeId, ObjectBuilder, Registry};
use async_graphql::resolver_utils::{ContainerType, resolve_container};
use async_graphql::{Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult, Value};

use super::record::Ask;
use super::types;

pub struct Query;

impl OutputType for Query {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("Query")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, |registry| {
            let fields = types::register(registry);
            let text = "Everything that can be read. Lists hold what is within your reach in your own organisation.";
            ObjectBuilder::new("Query", fields).description(Some(text.to_owned())).build()
        })
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

impl ContainerType for Query {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let ask = ctx.data::<Ask>().map_err(|error| error.into_server_error(ctx.item.pos))?;
        ask.root(ctx).await.map(Some)
    }
}

impl ObjectType for Query {}
