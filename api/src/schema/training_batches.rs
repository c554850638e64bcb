//! Mutations of who took part in trainings and what they learnt, many at once.

use async_graphql::{Context, ID, InputObject, Object};
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::test_result::TestPhase;

use super::batch::{batch, claim, paid};
use super::record::{Ask, Named};
use super::scalars::Date;
use super::writes::{id_of, optional_id};
use crate::error::Errors;
use crate::service::batch::{Taken, record_all};
use crate::service::{test_result, training};

/// The noun.
pub struct Attendance;

impl Named for Attendance {
    const NAME: &'static str = "Attendance";
}

/// The noun.
pub struct TestResult;

impl Named for TestResult {
    const NAME: &'static str = "TestResult";
}

/// Somebody who took part in a training: a person on record, or a key that stands for one, or both.
#[derive(InputObject, Clone)]
pub struct AttendanceInput {
    /// Your own key for this act: sent again within 30 days, the same attendance is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `attendance_…`); made here if left out.
    pub id: Option<ID>,
    /// The training; it must have started.
    pub session: ID,
    /// The participant, if he or she is a person on record.
    pub person: Option<ID>,
    /// The key that stands for the participant, at most 64 characters, each once in a training; never a telephone number.
    pub participant_key: Option<String>,
    /// The participant's sex.
    pub sex: Option<Sex>,
    /// The participant's age in years, 0 to 120.
    pub age_years: Option<i32>,
    /// Whether the Washington Group cut-off is met.
    pub disability: Option<Answer>,
    /// How the participant came to live where he or she lives.
    pub displacement: Option<DisplacementStatus>,
    /// How many days he or she was there, with two decimals at most, and no more than the training has had.
    pub days: f64,
}

/// Attendances to record.
#[derive(InputObject)]
pub struct AttendanceRecordInput {
    /// At most 200, each with an id or a key of its own; the same one may come again in any batch.
    pub attendances: Vec<AttendanceInput>,
}

/// A result of a test before or after a training.
#[derive(InputObject, Clone)]
pub struct TestResultInput {
    /// Your own key for this act: sent again within 30 days, the same result is answered and none is added.
    pub idempotency_key: Option<String>,
    /// Id made on the device (a UUIDv7 as `test_result_…`); made here if left out.
    pub id: Option<ID>,
    /// The training.
    pub session: ID,
    /// The key that stands for the participant, at most 64 characters, each once in a phase; never a telephone number.
    pub participant_key: String,
    /// Before or after.
    pub phase: TestPhase,
    /// Day of the test: `PRE` not after the training's last day, `POST` not before its first, `FOLLOW_UP` after its last.
    pub taken_on: Date,
    /// What was reached, with two decimals at most.
    pub score: f64,
    /// What could be reached: more than 0, at most 1,000.
    pub max: f64,
}

/// Results of tests to record.
#[derive(InputObject)]
pub struct TestResultsRecordInput {
    /// At most 200, each with an id or a key of its own; the same one may come again in any batch.
    pub test_results: Vec<TestResultInput>,
}

batch! {
    /// What became of one attendance of a batch.
    AttendanceRecordResult { attendance_id, attendance: Attendance = "attendance" in "attendances" }
    /// What `attendanceRecord` answers.
    AttendanceRecordPayload
}

batch! {
    /// What became of one result of a batch.
    TestResultRecordResult { test_result_id, test_result: TestResult = "test_result" in "testResults" }
    /// What `testResultsRecord` answers.
    TestResultsRecordPayload
}

/// Mutations of who took part and what they learnt.
#[derive(Default)]
pub struct TrainingBatchMutation;

#[Object]
impl TrainingBatchMutation {
    /// Records who took part in trainings, up to 200, each for itself: one that is refused holds no other back. Safe to repeat for 30 days; an attendance that is there is answered and not added again.
    async fn attendance_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The attendances.")] input: AttendanceRecordInput,
    ) -> async_graphql::Result<AttendanceRecordPayload> {
        let keyed = input.attendances.iter().map(|one| one.idempotency_key.is_some()).collect();
        let done = Box::pin(attendances(ctx.data::<Ask>()?, input.attendances));
        AttendanceRecordPayload::of(done.await, keyed)
    }

    /// Records results of tests, up to 200, each for itself. A result after a training gets its change from the same key's result before it, whichever comes first. Safe to repeat for 30 days; a result that is there is answered and not added again.
    async fn test_results_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The results.")] input: TestResultsRecordInput,
    ) -> async_graphql::Result<TestResultsRecordPayload> {
        let keyed = input.test_results.iter().map(|one| one.idempotency_key.is_some()).collect();
        let done = Box::pin(test_results(ctx.data::<Ask>()?, input.test_results));
        TestResultsRecordPayload::of(done.await, keyed)
    }
}

async fn attendances(ask: &Ask, told: Vec<AttendanceInput>) -> Result<Vec<Taken>, Errors> {
    paid(ask, told.len(), "input.attendances")?;
    record_all(&ask.scope, told.into_iter().map(attendance).collect()).await
}

fn attendance(input: AttendanceInput) -> Result<training::Attendance, Errors> {
    Ok(training::Attendance {
        once: claim(input.idempotency_key.as_ref(), input.id.as_ref(), &input)?,
        id: optional_id(input.id.as_ref(), "attendance", "input.id")?,
        session: id_of(&input.session, "training_session", "input.session")?,
        person: optional_id(input.person.as_ref(), "person", "input.person")?,
        participant_key: input.participant_key,
        sex: input.sex.unwrap_or(Sex::NotAsked),
        age_years: input.age_years,
        disability: input.disability.unwrap_or(Answer::NotAsked),
        displacement: input.displacement.unwrap_or(DisplacementStatus::NotAsked),
        days: input.days,
    })
}

async fn test_results(ask: &Ask, told: Vec<TestResultInput>) -> Result<Vec<Taken>, Errors> {
    paid(ask, told.len(), "input.testResults")?;
    record_all(&ask.scope, told.into_iter().map(test_result).collect()).await
}

fn test_result(input: TestResultInput) -> Result<test_result::TestResult, Errors> {
    Ok(test_result::TestResult {
        once: claim(input.idempotency_key.as_ref(), input.id.as_ref(), &input)?,
        id: optional_id(input.id.as_ref(), "test_result", "input.id")?,
        session: id_of(&input.session, "training_session", "input.session")?,
        participant_key: input.participant_key,
        phase: input.phase,
        taken_on: input.taken_on.0,
        score: input.score,
        max: input.max,
    })
}
