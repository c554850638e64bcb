//! The write: a visit with its visitor, and its audit row, in one round trip; the reference to the centre is the database's to check.

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future;
use lanpya::clock::Clock;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::answer::{Data, json};
use crate::pool::{Pool, begin_write};
use crate::viewer::Viewer;
use crate::{Answer, Failed};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input<'i> {
    centre: Uuid,
    visited_on: NaiveDate,
    channel: &'i str,
    ticket: &'i str,
    is_first: bool,
    visitor_kind: &'i str,
    sex: &'i str,
    age_years: Option<i32>,
    minutes: Option<i32>,
    topics: &'i RawValue,
    services: &'i RawValue,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Recorded<'r> {
    id: Uuid,
    ticket: &'r str,
    visited_on: NaiveDate,
    channel: &'r str,
    sex: &'r str,
    age_years: Option<i32>,
    minutes: Option<i32>,
    topics: &'r RawValue,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'r> {
    visit: Recorded<'r>,
    user_errors: [(); 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Done<'r> {
    visit_record: Payload<'r>,
}

fn is_valid(input: &Input<'_>, today: NaiveDate) -> bool {
    let within = |value: Option<i32>, most| value.is_none_or(|value| (0..=most).contains(&value));
    input.visited_on <= today
        && (1..=64).contains(&input.ticket.chars().count())
        && within(input.age_years, 120)
        && within(input.minutes, 1440)
}

/// W6: logs a visit and reads it back.
pub(crate) async fn visit(pool: &Pool, viewer: &Viewer, body: &[u8]) -> Answer {
    let clock = Clock::system();
    let input: Input<'_> = serde_json::from_slice(body).map_err(|_| Failed::bad())?;
    let now: DateTime<Utc> = clock.now();
    if !is_valid(&input, now.date_naive()) {
        return Err(Failed::bad());
    }
    let (id, visitor, event) = (clock.new_id(), clock.new_id(), clock.new_id());
    let request = clock.new_id().simple().to_string();
    let (organisation, user) = (&viewer.organisation, &viewer.user);
    let (topics, services) = (input.topics.get(), input.services.get());
    let loan = pool.take().await?;
    let held = loan.held()?;
    let begin = begin_write(viewer.organisation);
    let ((), row, _, ()) = future::try_join4(
        held.batch_execute(&begin),
        held.query_one(
            &held.statements.record,
            &[
                organisation,
                &id,
                &input.centre,
                &input.ticket,
                &input.visited_on,
                &input.channel,
                &input.is_first,
                user,
                &input.minutes,
                &input.visitor_kind,
                &input.sex,
                &input.age_years,
                &topics,
                &services,
                &now,
                &visitor,
            ],
        ),
        held.execute(&held.statements.audit, &[organisation, &event, &now, user, &id, &request]),
        held.batch_execute("COMMIT"),
    )
    .await?;
    loan.end();
    let visit = Recorded {
        id: row.get(0),
        ticket: row.get(1),
        visited_on: row.get(2),
        channel: row.get(3),
        sex: row.get(4),
        age_years: row.get(5),
        minutes: row.get(6),
        topics: json(&row, 7)?,
    };
    let done = Done { visit_record: Payload { visit, user_errors: [] } };
    Ok(serde_json::to_vec(&Data { data: done })?)
}
