//! Mutations of survivors and screenings.

use async_graphql::{Context, ID, InputObject, Object};
use entity::exploitation_episode::{
    ExploitationKind, IsicSection, MeansOfControl, RecruiterRelation, SexExploitationKind,
};
use entity::person::Answer;
use entity::survivor::NationalIdentification;
use entity::trafficking_screening::{DecisionMaker, SafetyCheck, ScreeningResult, TraffickingAct, TraffickingMeans};

use super::person::PersonInput;
use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{once, optional_id, payload};
use crate::service::survivor::{Episode, Screening};
use crate::service::{self, Done};

/// The noun.
pub struct Survivor;

impl Named for Survivor {
    const NAME: &'static str = "Survivor";
}

/// The noun.
pub struct TraffickingScreening;

impl Named for TraffickingScreening {
    const NAME: &'static str = "TraffickingScreening";
}

/// One period and place of exploitation.
#[derive(InputObject, Clone)]
pub struct ExploitationEpisodeInput {
    /// What it was; at least one.
    pub kinds: Vec<ExploitationKind>,
    /// Sector of forced work (ISIC).
    pub industry: Option<IsicSection>,
    /// Kinds of sexual exploitation.
    pub sex_kinds: Option<Vec<SexExploitationKind>>,
    /// Country (ISO 3166-1 alpha-2).
    pub country: Option<String>,
    /// P-code of the place.
    pub place: Option<String>,
    /// First day.
    pub started_on: Option<Date>,
    /// Last day.
    pub ended_on: Option<Date>,
    /// Age when it began, 0 to 120 years.
    pub age_at_start: Option<i32>,
    /// How long it lasted, in months.
    pub months: Option<i32>,
    /// How control was kept.
    pub means_of_control: Option<Vec<MeansOfControl>>,
    /// Who the recruiter was to the person.
    pub recruiter_relation: Option<RecruiterRelation>,
}

/// A survivor to register.
#[derive(InputObject, Clone)]
pub struct SurvivorRegisterInput {
    /// Your own key for this act: sent again within 30 days, the same survivor is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `survivor_…`); made here if left out.
    pub id: Option<ID>,
    /// Who the survivor is.
    pub person: PersonInput,
    /// Code shown instead of a name, at most 64 characters; made here if left out.
    pub code: Option<String>,
    /// Day of registration; today if left out.
    pub registered_on: Option<Date>,
    /// Citizenship (ISO 3166-1 alpha-2).
    pub citizenship: Option<String>,
    /// Whether a state has identified the person as a victim; NONE if left out.
    pub national_identification: Option<NationalIdentification>,
    /// What is known of the exploitation.
    pub episodes: Option<Vec<ExploitationEpisodeInput>>,
}

/// A screening for trafficking to record.
#[derive(InputObject, Clone)]
pub struct ScreeningRecordInput {
    /// Your own key for this act: sent again within 30 days, the same screening is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `trafficking_screening_…`); made here if left out.
    pub id: Option<ID>,
    /// The request that it answers, made by a visit or a complaint with signs of forced labour.
    pub request: Option<ID>,
    /// The survivor, if the person is registered as one.
    pub survivor: Option<ID>,
    /// The person, otherwise.
    pub person: Option<ID>,
    /// Day of the talk.
    pub screened_on: Date,
    /// P-code of the place.
    pub place: Option<String>,
    /// What was made sure of before the talk; at least one.
    pub safety_checks: Vec<SafetyCheck>,
    /// Whether the person was under 18 at the time; anything but NO counts as yes.
    pub is_child: Answer,
    /// What was done to the person.
    pub acts: Vec<TraffickingAct>,
    /// By which means.
    pub means: Vec<TraffickingMeans>,
    /// For which purpose.
    pub purposes: Vec<ExploitationKind>,
    /// What was decided; left open if left out.
    pub result: Option<ScreeningResult>,
    /// Who decided.
    pub decision_maker: Option<DecisionMaker>,
    /// Day of the decision.
    pub decided_on: Option<Date>,
    /// Why the decision goes beyond the definition.
    pub override_reason: Option<String>,
}

payload! {
    /// What `survivorRegister` answers.
    SurvivorRegisterPayload {
        /// The survivor; null if there are errors.
        survivor: Survivor
    }
}

payload! {
    /// What `screeningRecord` answers.
    ScreeningRecordPayload {
        /// The screening; null if there are errors.
        screening: TraffickingScreening
    }
}

/// Mutations of survivors.
#[derive(Default)]
pub struct SurvivorMutation;

#[Object]
impl SurvivorMutation {
    /// Registers a survivor, the person behind it and what is known of the exploitation.
    async fn survivor_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The survivor.")] input: SurvivorRegisterInput,
    ) -> async_graphql::Result<SurvivorRegisterPayload> {
        SurvivorRegisterPayload::of(register(ctx.data::<Ask>()?, input)).await
    }

    /// Records a screening by the definition of the Palermo Protocol. The rule yields indicators; people decide.
    async fn screening_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The screening.")] input: ScreeningRecordInput,
    ) -> async_graphql::Result<ScreeningRecordPayload> {
        ScreeningRecordPayload::of(screen(ctx.data::<Ask>()?, input)).await
    }
}

async fn register(ask: &Ask, input: SurvivorRegisterInput) -> Done {
    let survivor = service::survivor::Survivor {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "survivor", "input.id")?,
        person: input.person.into(),
        code: input.code,
        registered_on: input.registered_on.map(|day| day.0),
        citizenship: input.citizenship,
        national_identification: input.national_identification,
        episodes: input.episodes.unwrap_or_default().into_iter().map(episode).collect(),
    };
    service::survivor::register(&ask.scope, survivor).await
}

fn episode(told: ExploitationEpisodeInput) -> Episode {
    Episode {
        kinds: told.kinds,
        industry: told.industry,
        sex_kinds: told.sex_kinds.unwrap_or_default(),
        country: told.country,
        place: told.place,
        started_on: told.started_on.map(|day| day.0),
        ended_on: told.ended_on.map(|day| day.0),
        age_at_start: told.age_at_start,
        months: told.months,
        means_of_control: told.means_of_control.unwrap_or_default(),
        recruiter_relation: told.recruiter_relation,
    }
}

async fn screen(ask: &Ask, input: ScreeningRecordInput) -> Done {
    let screening = Screening {
        once: once(input.idempotency_key.as_deref(), &input)?,
        id: optional_id(input.id.as_ref(), "trafficking_screening", "input.id")?,
        request: optional_id(input.request.as_ref(), "screening_request", "input.request")?,
        survivor: optional_id(input.survivor.as_ref(), "survivor", "input.survivor")?,
        person: optional_id(input.person.as_ref(), "person", "input.person")?,
        screened_on: input.screened_on.0,
        place: input.place,
        safety_checks: input.safety_checks,
        is_child: input.is_child,
        acts: input.acts,
        means: input.means,
        purposes: input.purposes,
        result: input.result,
        decision_maker: input.decision_maker,
        decided_on: input.decided_on.map(|day| day.0),
        override_reason: input.override_reason,
    };
    service::survivor::screen(&ask.scope, screening).await
}
