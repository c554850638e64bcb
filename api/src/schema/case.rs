//! Mutations of cases: opening, and the steps of the workflow.

use async_graphql::{Context, ID, InputObject, Object};
use entity::case::{
    ClosureReason, IdentificationSource, LegalBasis, LegalTrack, Module, RiskLevel, UnaccompaniedStatus,
};
use entity::protection_concern::ConcernKind;

use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, once, optional_id, payload};
use crate::error::Result;
use crate::service::case::{Advance, Concern, Opening, Step};
use crate::service::{self, Done};

/// The noun.
pub struct Case;

impl Named for Case {
    const NAME: &'static str = "Case";
}

/// A concern found at registration.
#[derive(InputObject, Clone)]
pub struct ProtectionConcernInput {
    /// What it is.
    pub kind: ConcernKind,
    /// When it was observed.
    pub observed_on: Option<Date>,
    /// In words.
    pub details: Option<String>,
}

/// A case to open.
#[derive(InputObject, Clone)]
pub struct CaseOpenInput {
    /// Your own key for this act: sent again within 30 days, the same case is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `case_…`); made here if left out.
    pub id: Option<ID>,
    /// The kind of work the case belongs to.
    pub module: Module,
    /// The child it is about.
    pub child: Option<ID>,
    /// The survivor it is about. A case is about a child or a survivor, or one person who is both.
    pub survivor: Option<ID>,
    /// The project that pays for it.
    pub project: Option<ID>,
    /// Who leads it: a caseworker or supervisor; you if left out.
    pub owner: Option<ID>,
    /// Number within the organisation, at most 64 characters; made here if left out.
    pub display_number: Option<String>,
    /// Whether the law prescribes the work.
    pub legal_track: Option<LegalTrack>,
    /// How the case came to you.
    pub identified_through: IdentificationSource,
    /// Whether the child is alone.
    pub unaccompanied_status: Option<UnaccompaniedStatus>,
    /// Level of risk; decides the deadline of the assessment.
    pub risk_level: Option<RiskLevel>,
    /// Whether it cannot wait; false if left out.
    pub is_urgent: Option<bool>,
    /// P-code of the township.
    pub township: Option<String>,
    /// Day of registration; today if left out.
    pub registered_on: Option<Date>,
    /// Concerns found so far.
    pub concerns: Option<Vec<ProtectionConcernInput>>,
}

payload! {
    /// What `caseOpen` answers.
    CaseOpenPayload {
        /// The case; null if there are errors.
        case: Case
    }
}

/// Completes the assessment.
#[derive(InputObject, Clone)]
pub struct CaseAssessInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The case.
    pub case: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Day of the step; today if left out.
    pub on: Option<Date>,
    /// The ground on which personal data are kept; consent or another. Required unless the case has one.
    pub legal_basis: Option<LegalBasis>,
    /// Level of risk that was found.
    pub risk_level: Option<RiskLevel>,
}

payload! {
    /// What `caseAssess` answers.
    CaseAssessPayload {
        /// The case; null if there are errors.
        case: Case
    }
}

/// Makes the case plan.
#[derive(InputObject, Clone)]
pub struct CasePlanInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The case.
    pub case: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Day of the step; today if left out.
    pub on: Option<Date>,
    /// Goals of the plan, at least one, each at most 200 characters.
    pub goals: Vec<String>,
    /// Level of risk; required unless the case has one.
    pub risk_level: Option<RiskLevel>,
}

payload! {
    /// What `casePlan` answers.
    CasePlanPayload {
        /// The case; null if there are errors.
        case: Case
    }
}

/// Starts the services.
#[derive(InputObject, Clone)]
pub struct CaseStartServicesInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The case.
    pub case: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Day of the step; today if left out.
    pub on: Option<Date>,
}

payload! {
    /// What `caseStartServices` answers.
    CaseStartServicesPayload {
        /// The case; null if there are errors.
        case: Case
    }
}

/// Goes over to follow-up.
#[derive(InputObject, Clone)]
pub struct CaseFollowUpInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The case.
    pub case: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Day of the step; today if left out.
    pub on: Option<Date>,
}

payload! {
    /// What `caseFollowUp` answers.
    CaseFollowUpPayload {
        /// The case; null if there are errors.
        case: Case
    }
}

/// Closes the case.
#[derive(InputObject, Clone)]
pub struct CaseCloseInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The case.
    pub case: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Day of the step; today if left out.
    pub on: Option<Date>,
    /// Why it is closed.
    pub reason: ClosureReason,
    /// In words.
    pub note: Option<String>,
}

payload! {
    /// What `caseClose` answers.
    CaseClosePayload {
        /// The case; null if there are errors.
        case: Case
    }
}

/// Opens a closed case again.
#[derive(InputObject, Clone)]
pub struct CaseReopenInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The case.
    pub case: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Day of the step; today if left out.
    pub on: Option<Date>,
    /// Why it is opened again.
    pub reason: String,
}

payload! {
    /// What `caseReopen` answers.
    CaseReopenPayload {
        /// The case; null if there are errors.
        case: Case
    }
}

/// Marks an open case as repeating another; it leaves all counts..
#[derive(InputObject, Clone)]
pub struct CaseMarkDuplicateInput {
    /// Your own key for this act.
    pub idempotency_key: Option<String>,
    /// The case.
    pub case: ID,
    /// The `rowVersion` you read.
    pub expected_version: i32,
    /// Day of the step; today if left out.
    pub on: Option<Date>,
    /// The case that it repeats.
    pub duplicate_of: ID,
}

payload! {
    /// What `caseMarkDuplicate` answers.
    CaseMarkDuplicatePayload {
        /// The case; null if there are errors.
        case: Case
    }
}

/// Mutations of cases.
#[derive(Default)]
pub struct CaseMutation;

#[Object]
impl CaseMutation {
    /// Opens a case at the state REGISTERED and sets the deadline of its assessment.
    async fn case_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The case.")] input: CaseOpenInput,
    ) -> async_graphql::Result<CaseOpenPayload> {
        CaseOpenPayload::of(open(ctx.data::<Ask>()?, input)).await
    }

    /// Completes the assessment: `REGISTERED` becomes `ASSESSED`.
    async fn case_assess(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The step.")] input: CaseAssessInput,
    ) -> async_graphql::Result<CaseAssessPayload> {
        let ask = ctx.data::<Ask>()?;
        let told = move || {
            Ok(Advance {
                once: once(input.idempotency_key.as_deref(), &input)?,
                case: id_of(&input.case, "case", "input.case")?,
                expected_version: input.expected_version,
                on: input.on.map(|day| day.0),
                legal_basis: input.legal_basis,
                risk_level: input.risk_level,
                ..Advance::default()
            })
        };
        CaseAssessPayload::of(advance(ask, Step::Assess, told())).await
    }

    /// Makes the case plan: `ASSESSED` becomes `PLANNED`.
    async fn case_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The step.")] input: CasePlanInput,
    ) -> async_graphql::Result<CasePlanPayload> {
        let ask = ctx.data::<Ask>()?;
        let told = move || {
            Ok(Advance {
                once: once(input.idempotency_key.as_deref(), &input)?,
                case: id_of(&input.case, "case", "input.case")?,
                expected_version: input.expected_version,
                on: input.on.map(|day| day.0),
                goals: input.goals,
                risk_level: input.risk_level,
                ..Advance::default()
            })
        };
        CasePlanPayload::of(advance(ask, Step::Plan, told())).await
    }

    /// Starts the services: `PLANNED` becomes `IN_SERVICE`. Needs at least one service.
    async fn case_start_services(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The step.")] input: CaseStartServicesInput,
    ) -> async_graphql::Result<CaseStartServicesPayload> {
        let ask = ctx.data::<Ask>()?;
        let told = move || {
            Ok(Advance {
                once: once(input.idempotency_key.as_deref(), &input)?,
                case: id_of(&input.case, "case", "input.case")?,
                expected_version: input.expected_version,
                on: input.on.map(|day| day.0),
                ..Advance::default()
            })
        };
        CaseStartServicesPayload::of(advance(ask, Step::StartServices, told())).await
    }

    /// Goes over to follow-up: `IN_SERVICE` becomes `FOLLOW_UP`. Needs every service given.
    async fn case_follow_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The step.")] input: CaseFollowUpInput,
    ) -> async_graphql::Result<CaseFollowUpPayload> {
        let ask = ctx.data::<Ask>()?;
        let told = move || {
            Ok(Advance {
                once: once(input.idempotency_key.as_deref(), &input)?,
                case: id_of(&input.case, "case", "input.case")?,
                expected_version: input.expected_version,
                on: input.on.map(|day| day.0),
                ..Advance::default()
            })
        };
        CaseFollowUpPayload::of(advance(ask, Step::FollowUp, told())).await
    }

    /// Closes the case: `IN_SERVICE` or `FOLLOW_UP` becomes `CLOSED`. Needs no open service or follow-up.
    async fn case_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The step.")] input: CaseCloseInput,
    ) -> async_graphql::Result<CaseClosePayload> {
        let ask = ctx.data::<Ask>()?;
        let told = move || {
            Ok(Advance {
                once: once(input.idempotency_key.as_deref(), &input)?,
                case: id_of(&input.case, "case", "input.case")?,
                expected_version: input.expected_version,
                on: input.on.map(|day| day.0),
                closure_reason: Some(input.reason),
                note: input.note,
                ..Advance::default()
            })
        };
        CaseClosePayload::of(advance(ask, Step::Close, told())).await
    }

    /// Opens a closed case again, at the state its data say.
    async fn case_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The step.")] input: CaseReopenInput,
    ) -> async_graphql::Result<CaseReopenPayload> {
        let ask = ctx.data::<Ask>()?;
        let told = move || {
            Ok(Advance {
                once: once(input.idempotency_key.as_deref(), &input)?,
                case: id_of(&input.case, "case", "input.case")?,
                expected_version: input.expected_version,
                on: input.on.map(|day| day.0),
                reason: Some(input.reason),
                ..Advance::default()
            })
        };
        CaseReopenPayload::of(advance(ask, Step::Reopen, told())).await
    }

    /// Marks an open case as repeating another; it leaves all counts.
    async fn case_mark_duplicate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The step.")] input: CaseMarkDuplicateInput,
    ) -> async_graphql::Result<CaseMarkDuplicatePayload> {
        let ask = ctx.data::<Ask>()?;
        let told = move || {
            Ok(Advance {
                once: once(input.idempotency_key.as_deref(), &input)?,
                case: id_of(&input.case, "case", "input.case")?,
                expected_version: input.expected_version,
                on: input.on.map(|day| day.0),
                duplicate_of: Some(id_of(&input.duplicate_of, "case", "input.duplicateOf")?),
                ..Advance::default()
            })
        };
        CaseMarkDuplicatePayload::of(advance(ask, Step::MarkDuplicate, told())).await
    }
}

async fn open(ask: &Ask, input: CaseOpenInput) -> Done {
    let once = once(input.idempotency_key.as_deref(), &input)?;
    let concern = |told: ProtectionConcernInput| Concern {
        kind: told.kind,
        observed_on: told.observed_on.map(|day| day.0),
        details: told.details,
    };
    let opening = Opening {
        once,
        id: optional_id(input.id.as_ref(), "case", "input.id")?,
        module: input.module,
        child: optional_id(input.child.as_ref(), "child", "input.child")?,
        survivor: optional_id(input.survivor.as_ref(), "survivor", "input.survivor")?,
        project: optional_id(input.project.as_ref(), "project", "input.project")?,
        owner: optional_id(input.owner.as_ref(), "user", "input.owner")?,
        display_number: input.display_number,
        legal_track: input.legal_track,
        identified_through: input.identified_through,
        unaccompanied_status: input.unaccompanied_status,
        risk_level: input.risk_level,
        is_urgent: input.is_urgent.unwrap_or(false),
        township: input.township,
        registered_on: input.registered_on.map(|day| day.0),
        concerns: input.concerns.unwrap_or_default().into_iter().map(concern).collect(),
    };
    service::case::open(&ask.scope, opening).await
}

async fn advance(ask: &Ask, step: Step, told: Result<Advance>) -> Done {
    service::case::advance(&ask.scope, step, told?).await
}
