//! Mutations of the directory: centres and projects.

use async_graphql::{Context, ID, InputObject, Object};
use entity::opening_period::Weekday;
use entity::visit::VisitChannel;

use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, once, payload};
use crate::service::check::Names;
use crate::service::resource_centre::Told;
use crate::service::{self, Done};

/// The noun.
pub struct ResourceCentre;

impl Named for ResourceCentre {
    const NAME: &'static str = "ResourceCentre";
}

/// The noun.
pub struct Project;

impl Named for Project {
    const NAME: &'static str = "Project";
}

/// A name in the languages of the border.
#[derive(InputObject, Clone)]
pub struct LocalisedTextInput {
    /// In English, at most 200 characters.
    pub en: String,
    /// In Burmese (Unicode).
    pub my: Option<String>,
    /// In Thai.
    pub th: Option<String>,
}

impl From<LocalisedTextInput> for Names {
    fn from(told: LocalisedTextInput) -> Self {
        Self { en: told.en, my: told.my, th: told.th }
    }
}

/// A resource centre to open.
#[derive(InputObject, Clone)]
pub struct ResourceCentreOpenInput {
    /// Your own key for this act: sent again within 30 days, the same centre is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Short code within the organisation, at most 64 characters, such as `MRC-MYT`.
    pub code: String,
    /// Its name.
    pub names: LocalisedTextInput,
    /// P-code of the township it stands in.
    pub township: String,
    /// Day it opens; no visit is before it.
    pub opened_on: Option<Date>,
    /// When it is open, in words, at most 200 characters.
    pub opening_hours: Option<String>,
    /// The hours in which it is open, at most 21 periods a week; no two of a day overlap.
    pub opening_periods: Option<Vec<OpeningPeriodInput>>,
    /// Languages spoken there (BCP 47), at most 50.
    pub languages: Option<Vec<String>>,
    /// Whether a woman counsels there; false if left out.
    pub has_female_counsellor: Option<bool>,
    /// How it can be reached.
    pub channels: Option<Vec<VisitChannel>>,
}

/// Hours of one day of the week.
#[derive(InputObject, Clone)]
pub struct OpeningPeriodInput {
    /// The day of the week.
    pub weekday: Weekday,
    /// When it opens, local time as `HH:MM`.
    pub opens_at: String,
    /// When it closes the same day, local time as `HH:MM`; `24:00` is the end of the day.
    pub closes_at: String,
}

/// When a centre is open, in place of what was said before.
#[derive(InputObject, Clone)]
pub struct ResourceCentreHoursSetInput {
    /// Your own key for this act: sent again within 30 days, the same centre is answered and nothing is changed.
    pub idempotency_key: Option<String>,
    /// The centre.
    pub centre: ID,
    /// The centre's `rowVersion` you saw.
    pub expected_version: i32,
    /// When it is open, in words, at most 200 characters.
    pub opening_hours: Option<String>,
    /// The hours in which it is open, at most 21 periods a week; no two of a day overlap.
    pub opening_periods: Vec<OpeningPeriodInput>,
}

/// A project to start.
#[derive(InputObject, Clone)]
pub struct ProjectStartInput {
    /// Your own key for this act: sent again within 30 days, the same project is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Its name.
    pub names: LocalisedTextInput,
    /// Who pays for it, at most 200 characters.
    pub donor: Option<String>,
    /// First day.
    pub starts_on: Date,
    /// Last day, if it is known.
    pub ends_on: Option<Date>,
}

payload! {
    /// What `resourceCentreOpen` answers.
    ResourceCentreOpenPayload {
        /// The centre; null if there are errors.
        resource_centre: ResourceCentre
    }
}

payload! {
    /// What `resourceCentreHoursSet` answers.
    ResourceCentreHoursSetPayload {
        /// The centre; null if there are errors.
        resource_centre: ResourceCentre
    }
}

payload! {
    /// What `projectStart` answers.
    ProjectStartPayload {
        /// The project; null if there are errors.
        project: Project
    }
}

/// Mutations of the directory.
#[derive(Default)]
pub struct DirectoryMutation;

#[Object]
impl DirectoryMutation {
    /// Opens a resource centre: from then on visits can be logged there.
    async fn resource_centre_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The centre.")] input: ResourceCentreOpenInput,
    ) -> async_graphql::Result<ResourceCentreOpenPayload> {
        ResourceCentreOpenPayload::of(open(ctx.data::<Ask>()?, input)).await
    }

    /// Sets when a resource centre is open, in place of what was said before.
    async fn resource_centre_hours_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The hours.")] input: ResourceCentreHoursSetInput,
    ) -> async_graphql::Result<ResourceCentreHoursSetPayload> {
        ResourceCentreHoursSetPayload::of(hours(ctx.data::<Ask>()?, input)).await
    }

    /// Starts a project: from then on visits can be logged under it, and its work is told as 4W.
    async fn project_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project.")] input: ProjectStartInput,
    ) -> async_graphql::Result<ProjectStartPayload> {
        ProjectStartPayload::of(start(ctx.data::<Ask>()?, input)).await
    }
}

async fn open(ask: &Ask, input: ResourceCentreOpenInput) -> Done {
    let centre = service::resource_centre::Centre {
        once: once(input.idempotency_key.as_deref(), &input)?,
        code: input.code,
        names: input.names.into(),
        township: input.township,
        opened_on: input.opened_on.map(|day| day.0),
        opening_hours: input.opening_hours,
        opening_periods: periods(input.opening_periods.unwrap_or_default()),
        languages: input.languages.unwrap_or_default(),
        has_female_counsellor: input.has_female_counsellor.unwrap_or_default(),
        channels: input.channels.unwrap_or_default(),
    };
    service::resource_centre::open(&ask.scope, centre).await
}

fn periods(told: Vec<OpeningPeriodInput>) -> Vec<Told> {
    let period = |told: OpeningPeriodInput| {
        let OpeningPeriodInput { weekday, opens_at, closes_at } = told;
        Told { weekday, opens_at, closes_at }
    };
    told.into_iter().map(period).collect()
}

async fn hours(ask: &Ask, input: ResourceCentreHoursSetInput) -> Done {
    let hours = service::resource_centre::Hours {
        once: once(input.idempotency_key.as_deref(), &input)?,
        centre: id_of(&input.centre, "centre", "input.centre")?,
        expected_version: input.expected_version,
        opening_hours: input.opening_hours,
        opening_periods: periods(input.opening_periods),
    };
    service::resource_centre::hours(&ask.scope, hours).await
}

async fn start(ask: &Ask, input: ProjectStartInput) -> Done {
    let project = service::project::Project {
        once: once(input.idempotency_key.as_deref(), &input)?,
        names: input.names.into(),
        donor: input.donor,
        starts_on: input.starts_on.0,
        ends_on: input.ends_on.map(|day| day.0),
    };
    service::project::start(&ask.scope, project).await
}
