//! Campaigns of messages, and what their providers report of them.

use chrono::NaiveDate;
use entity::campaign::{self, CampaignChannel};
use entity::list::List;
use entity::visit::VisitTopic;
use entity::{campaign_message, campaign_township, delivery_stat};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::campaign as rules;
pub use crate::domain::campaign::Counts;
use crate::error::{Code, Error, Errors};

/// A campaign as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Campaign {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub provider: String,
    pub channel: CampaignChannel,
    pub languages: Vec<String>,
    pub topics: Vec<VisitTopic>,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub townships: Vec<String>,
    pub batch_ids: Vec<String>,
    pub messages: Vec<Message>,
}

/// A message as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Message {
    pub en: String,
    pub my: Option<String>,
    pub th: Option<String>,
}

/// Records a campaign with its messages, looked after by whoever records it.
pub async fn record(scope: &Scope, told: Campaign) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::CampaignWrite, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let texts: Vec<&str> = told.messages.iter().map(|message| message.en.as_str()).take(rules::MESSAGES + 1).collect();
    let campaign = rules::Campaign {
        provider: &told.provider,
        languages: told.languages.len(),
        starts_on: told.starts_on,
        ends_on: told.ends_on,
        townships: told.townships.len(),
        batch_ids: &told.batch_ids,
        messages: &texts,
    };
    Errors::none(&rules::check(&campaign))?;
    let townships = townships(&write, id, &told.townships).await?;
    let messages = messages(scope, id, told.messages)?;
    let row = campaign::ActiveModel {
        id: Set(id),
        provider: Set(told.provider),
        channel: Set(told.channel),
        languages: Set(check::texts(told.languages, "input.languages")?.into()),
        topics: Set(List::codes(told.topics)),
        starts_on: Set(told.starts_on),
        ends_on: Set(told.ends_on),
        batch_ids: Set(told.batch_ids.into()),
        officer_id: Set(write.user()),
        ..Default::default()
    };
    write.insert(row).await.map_err(|error| error.on("input.id"))?;
    write.insert_many(townships).await?;
    write.insert_many(messages).await?;
    write.wrote(&["campaign", "townships", "messages"]);
    Ok(write.finish("Campaign").await?)
}

/// The townships, each once, in the order of their ids.
async fn townships(
    write: &Write,
    campaign: Uuid,
    pcodes: &[String],
) -> Result<Vec<campaign_township::ActiveModel>, Errors> {
    let mut found = std::collections::BTreeSet::new();
    for pcode in pcodes {
        found.extend(check::place(write, Some(pcode), "input.townships").await?);
    }
    let row = |township| campaign_township::ActiveModel {
        id: Set(write.scope().new_id()),
        campaign_id: Set(campaign),
        township_id: Set(township),
        ..Default::default()
    };
    Ok(found.into_iter().map(row).collect())
}

fn messages(scope: &Scope, campaign: Uuid, told: Vec<Message>) -> Result<Vec<campaign_message::ActiveModel>, Errors> {
    let mut rows = Vec::with_capacity(told.len());
    for (position, message) in (1..).zip(told) {
        rows.push(campaign_message::ActiveModel {
            id: Set(scope.new_id()),
            campaign_id: Set(campaign),
            position: Set(position),
            text_en: Set(message.en),
            text_my: Set(check::text(message.my, rules::MESSAGE, "input.messages.my")?),
            text_th: Set(check::text(message.th, rules::MESSAGE, "input.messages.th")?),
            ..Default::default()
        });
    }
    Ok(rows)
}

/// What changes of a campaign; what is not told stays.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Change {
    pub once: Option<Once>,
    pub campaign: Uuid,
    pub expected_version: i32,
    pub ends_on: Option<NaiveDate>,
    pub batch_ids: Option<Vec<String>>,
}

/// Changes a campaign: its end, and the batches that its provider has made of it.
pub async fn change(scope: &Scope, told: Change) -> Done {
    let mut write = match scope.write(Action::CampaignWrite, told.once, told.campaign).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let campaign = write.get::<campaign::Entity>(told.campaign).await.map_err(|error| error.on("input.campaign"))?;
    let (ends_on, batch_ids) = (told.ends_on.or(campaign.ends_on), told.batch_ids.unwrap_or(campaign.batch_ids.0));
    Errors::none(&rules::check_change(campaign.starts_on, ends_on, &batch_ids))?;
    let row = campaign::ActiveModel { ends_on: Set(ends_on), batch_ids: Set(batch_ids.into()), ..Default::default() };
    write.update(campaign.id, told.expected_version, row).await?;
    write.wrote(&["campaign"]);
    Ok(write.finish("Campaign").await?)
}

/// What came of a campaign on a day, as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Delivery {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub campaign: Uuid,
    pub reported_on: NaiveDate,
    pub township: Option<String>,
    pub counts: Counts,
}

/// Notes what a provider reports of a campaign for one day.
pub async fn deliver(scope: &Scope, told: Delivery) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::CampaignWrite, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    // Held: two reports of one day wait for each other.
    let campaign = write.hold::<campaign::Entity>(told.campaign).await.map_err(|error| error.on("input.campaign"))?;
    let counts = told.counts;
    Errors::none(&rules::check_counts(&counts, told.reported_on, campaign.starts_on, scope.today()))?;
    let township = check::place(&write, told.township.as_deref(), "input.township").await?;
    is_new(&write, campaign.id, told.reported_on, township).await?;
    let row = delivery_stat::ActiveModel {
        id: Set(id),
        campaign_id: Set(campaign.id),
        channel: Set(campaign.channel),
        provider: Set(campaign.provider),
        reported_on: Set(told.reported_on),
        township_id: Set(township),
        sent: Set(counts.sent),
        answered: Set(counts.answered),
        listened_at_least_percent: Set(counts.listened),
        key_message_completed: Set(counts.completed),
        opted_out: Set(counts.opted_out),
        survey_answers: Set(counts.survey_answers),
        referred: Set(counts.referred),
        ..Default::default()
    };
    write.insert(row).await.map_err(|error| error.on("input.id"))?;
    write.wrote(&["deliveryStat"]);
    Ok(write.finish("DeliveryStat").await?)
}

/// Whether the day is not counted yet: by that township, or in another way.
async fn is_new(write: &Write, campaign: Uuid, on: NaiveDate, township: Option<Uuid>) -> Result<(), Errors> {
    use delivery_stat::Column as C;
    let there = write.find::<delivery_stat::Entity>()?.filter(C::CampaignId.eq(campaign));
    let there: Vec<Option<Uuid>> =
        write.all(there.filter(C::ReportedOn.eq(on))).await?.into_iter().map(|row| row.township_id).collect();
    if there.contains(&township) {
        return Err(Error::new(Code::Duplicate).on("input.reportedOn").into());
    }
    Ok(rules::check_day(&there, township.as_ref())?)
}
