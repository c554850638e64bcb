//! Registering survivors and screening for trafficking.

use chrono::{Datelike as _, NaiveDate};
use entity::exploitation_episode::{
    self, ExploitationKind, IsicSection, MeansOfControl, RecruiterRelation, SexExploitationKind,
};
use entity::list::List;
use entity::person::Answer;
use entity::screening_request;
use entity::survivor::{self, HtcdsCaseStatus, NationalIdentification};
use entity::trafficking_screening::{
    self, DecisionMaker, SafetyCheck, ScreeningResult, TraffickingAct, TraffickingMeans,
};
use sea_orm::Set;
use uuid::Uuid;

use super::person::{self, Person};
use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::trafficking::{self, Decision};
use crate::domain::{Fault, Refusal};
use crate::error::Errors;

/// A survivor as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Survivor {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub person: Person,
    pub code: Option<String>,
    pub registered_on: Option<NaiveDate>,
    pub citizenship: Option<String>,
    pub national_identification: Option<NationalIdentification>,
    pub episodes: Vec<Episode>,
}

/// One period and place of exploitation as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Episode {
    pub kinds: Vec<ExploitationKind>,
    pub industry: Option<IsicSection>,
    pub sex_kinds: Vec<SexExploitationKind>,
    pub country: Option<String>,
    pub place: Option<String>,
    pub started_on: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
    pub age_at_start: Option<i32>,
    pub months: Option<i32>,
    pub means_of_control: Vec<MeansOfControl>,
    pub recruiter_relation: Option<RecruiterRelation>,
}

/// Registers a survivor with the person and what is known of the exploitation.
pub async fn register(scope: &Scope, survivor: Survivor) -> Done {
    let id = check::new_id(scope, survivor.id)?;
    let mut write = match scope.write(Action::SurvivorRegister, survivor.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let registered_on = survivor.registered_on.unwrap_or_else(|| scope.today());
    if registered_on > scope.today() {
        return Err(Fault::new(Refusal::DateInvalid, "registeredOn", "The day lies ahead.").into());
    }
    let person = scope.new_id();
    person::insert(&write, person, survivor.person).await?;
    let row = survivor::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        code: Set(check::code(survivor.code, "SV", id, "input.code")?),
        registered_on: Set(registered_on),
        registered_year: Set(registered_on.year()),
        case_worker_id: Set(write.user()),
        age_band: Set(None),
        citizenship: Set(check::country(survivor.citizenship, "input.citizenship")?),
        status: Set(HtcdsCaseStatus::Active),
        national_identification: Set(survivor.national_identification.unwrap_or(NationalIdentification::None)),
        import_source: Set(None),
        import_key: Set(None),
        ..Default::default()
    };
    write.insert(row).await.map_err(|error| error.on("input.code"))?;
    for episode in survivor.episodes {
        insert_episode(&write, id, episode).await?;
    }
    write.wrote(&["person", "survivor", "episodes"]);
    Ok(write.finish("Survivor").await?)
}

async fn insert_episode(write: &Write, survivor: Uuid, episode: Episode) -> Result<(), Errors> {
    if episode.kinds.is_empty() {
        let text = "An episode names at least one kind of exploitation.";
        return Err(Fault::new(Refusal::FieldRequired, "episodes.kinds", text).into());
    }
    let today = write.scope().today();
    let backwards = episode.started_on.zip(episode.ended_on).is_some_and(|(start, end)| end < start);
    if backwards || episode.started_on.is_some_and(|day| day > today) || episode.ended_on.is_some_and(|day| day > today)
    {
        let text = "An episode begins before it ends, and not in the future.";
        return Err(Fault::new(Refusal::DateInvalid, "episodes.endedOn", text).into());
    }
    check::range(episode.age_at_start, 0..=120, "input.episodes.ageAtStart")?;
    check::range(episode.months, 0..=1_200, "input.episodes.months")?;
    let is = |kind| if episode.kinds.contains(&kind) { Answer::Yes } else { Answer::No };
    let place = check::place(write, episode.place.as_deref(), "input.episodes.place").await?;
    let row = exploitation_episode::ActiveModel {
        id: Set(write.scope().new_id()),
        survivor_id: Set(survivor),
        is_forced_labour: Set(is(ExploitationKind::ForcedLabour)),
        is_sexual_exploitation: Set(is(ExploitationKind::SexualExploitation)),
        kinds: Set(List::codes(episode.kinds)),
        industry: Set(episode.industry),
        sex_kinds: Set(List::codes(episode.sex_kinds)),
        country: Set(check::country(episode.country, "input.episodes.country")?),
        place_id: Set(place),
        started_on: Set(episode.started_on),
        ended_on: Set(episode.ended_on),
        age_at_start: Set(episode.age_at_start),
        months: Set(episode.months),
        means_of_control: Set(List::codes(episode.means_of_control)),
        recruiter_relation: Set(episode.recruiter_relation),
        ..Default::default()
    };
    Ok(write.insert(row).await?)
}

/// A screening as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Screening {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub request: Option<Uuid>,
    pub survivor: Option<Uuid>,
    pub person: Option<Uuid>,
    pub screened_on: NaiveDate,
    pub place: Option<String>,
    pub safety_checks: Vec<SafetyCheck>,
    pub is_child: Answer,
    pub acts: Vec<TraffickingAct>,
    pub means: Vec<TraffickingMeans>,
    pub purposes: Vec<ExploitationKind>,
    pub result: Option<ScreeningResult>,
    pub decision_maker: Option<DecisionMaker>,
    pub decided_on: Option<NaiveDate>,
    pub override_reason: Option<String>,
}

/// Records a screening: the rule says whether indicators are met, a named decision maker decides.
pub async fn screen(scope: &Scope, told: Screening) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::ScreeningRecord, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    Errors::none(&trafficking::check_talk(told.screened_on, scope.today(), &told.safety_checks))?;
    let request = match told.request {
        Some(request) => Some(open_request(&write, request).await?),
        None => None,
    };
    let person = match (told.survivor, told.person) {
        (Some(survivor), _) => {
            write.get::<survivor::Entity>(survivor).await.map_err(|error| error.on("input.survivor"))?.person_id
        }
        (None, Some(person)) => {
            write.get::<entity::person::Entity>(person).await.map_err(|error| error.on("input.person"))?.id
        }
        (None, None) => {
            return Err(Fault::new(Refusal::FieldRequired, "person", "Name the person or the survivor.").into());
        }
    };
    let met = trafficking::indicators_met(told.is_child, &told.acts, &told.means, &told.purposes);
    let decision = Decision {
        result: told.result,
        maker: told.decision_maker,
        decided_on: told.decided_on,
        override_reason: told.override_reason.as_deref(),
    };
    let result = trafficking::decide(met, &decision, told.screened_on, scope.today())?;
    let row = trafficking_screening::ActiveModel {
        id: Set(id),
        survivor_id: Set(told.survivor),
        person_id: Set(person),
        screened_on: Set(told.screened_on),
        interviewer_id: Set(write.user()),
        place_id: Set(check::place(&write, told.place.as_deref(), "input.place").await?),
        safety_checks: Set(List::codes(told.safety_checks)),
        is_child: Set(told.is_child),
        acts: Set(List::codes(told.acts)),
        means: Set(List::codes(told.means)),
        purposes: Set(List::codes(told.purposes)),
        indicators_met: Set(met),
        result: Set(result),
        decision_maker: Set(told.decision_maker),
        decided_on: Set(told.decided_on),
        override_reason: Set(check::text(told.override_reason, check::NOTE, "input.overrideReason")?),
        ..Default::default()
    };
    write.insert(row).await?;
    write.wrote(&["traffickingScreening"]);
    if let Some(request) = request {
        let done = screening_request::ActiveModel { screening_id: Set(Some(id)), ..Default::default() };
        write.update(request.id, request.row_version, done).await?;
        write.wrote(&["screeningRequest"]);
    }
    Ok(write.finish("TraffickingScreening").await?)
}

/// The request that a screening answers, held until the write ends.
async fn open_request(write: &Write, id: Uuid) -> Result<screening_request::Model, Errors> {
    let request = write.hold::<screening_request::Entity>(id).await.map_err(|error| error.on("input.request"))?;
    if request.screening_id.is_some() {
        return Err(Fault::new(Refusal::WrongState, "request", "The screening took place before.").into());
    }
    Ok(request)
}
