//! Mutations of children.

use async_graphql::{Context, ID, InputObject, Object};
use entity::child::SchoolingStatus;

use super::person::PersonInput;
use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{once, optional_id, payload};
use crate::service::{self, Done};

/// The noun.
pub struct Child;

impl Named for Child {
    const NAME: &'static str = "Child";
}

/// A child to register, with or without a case.
#[derive(InputObject, Clone)]
pub struct ChildRegisterInput {
    /// Your own key for this act: sent again within 30 days, the same child is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `child_…`); made here if left out.
    pub id: Option<ID>,
    /// Who the child is.
    pub person: PersonInput,
    /// The household the child lives in.
    pub household: Option<ID>,
    /// Code within the organisation, at most 64 characters; made here if left out.
    pub code: Option<String>,
    /// Schooling.
    pub schooling: Option<SchoolingStatus>,
    /// Why the child is out of school, in words.
    pub out_of_school_reason: Option<String>,
    /// Day of registration; today if left out.
    pub registered_on: Option<Date>,
    /// P-code of the community.
    pub community: Option<String>,
}

payload! {
    /// What `childRegister` answers.
    ChildRegisterPayload {
        /// The child; null if there are errors.
        child: Child
    }
}

/// Mutations of children.
#[derive(Default)]
pub struct ChildMutation;

#[Object]
impl ChildMutation {
    /// Registers a child and the person behind it.
    async fn child_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The child.")] input: ChildRegisterInput,
    ) -> async_graphql::Result<ChildRegisterPayload> {
        ChildRegisterPayload::of(register(ctx.data::<Ask>()?, input)).await
    }
}

async fn register(ask: &Ask, input: ChildRegisterInput) -> Done {
    let child = service::child::Child {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "child", "input.id")?,
        person: input.person.into(),
        household: optional_id(input.household.as_ref(), "household", "input.household")?,
        code: input.code,
        schooling: input.schooling,
        out_of_school_reason: input.out_of_school_reason,
        registered_on: input.registered_on.map(|day| day.0),
        community: input.community,
    };
    service::child::register(&ask.scope, child).await
}
