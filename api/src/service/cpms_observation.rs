//! Recording a child's yearly observation, and classifying it by the rule in force.

use chrono::NaiveDate;
use entity::cpms_answer::{self, CpmsIndicatorCode};
use entity::cpms_observation::{self, ActiveModel};
use entity::list::List;
use entity::person::Answer;
use entity::{case, child, protection_concern};
use sea_orm::{ColumnTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope, Write};
use crate::domain::cpms::{self, Answers};
use crate::domain::{Fault, Refusal};
use crate::error::{Code, Errors};

/// An observation as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Observation {
    pub once: Option<Once>,
    pub id: Option<Uuid>,
    pub child: Uuid,
    pub community: String,
    pub year: i32,
    pub round: i32,
    pub collected_on: NaiveDate,
    pub interview_language: Option<String>,
    pub answers: Vec<(CpmsIndicatorCode, Answer, Option<String>)>,
}

/// Records one observation a child and year.
pub async fn record(scope: &Scope, told: Observation) -> Done {
    let id = check::new_id(scope, told.id)?;
    let mut write = match scope.write(Action::CpmsObservationRecord, told.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    let child = write.get::<child::Entity>(told.child).await.map_err(|error| error.on("input.child"))?;
    let community = check::place(&write, Some(&told.community), "input.community").await?.ok_or(Code::PcodeUnknown)?;
    let same_year = write
        .find::<cpms_observation::Entity>()?
        .filter(cpms_observation::Column::ChildId.eq(child.id))
        .filter(cpms_observation::Column::Year.eq(told.year));
    let earlier = write.all(same_year).await?;
    Errors::none(&cpms::check(told.year, told.collected_on, scope.today(), !earlier.is_empty()))?;
    let answers = answers(&told.answers)?;
    let concerns = open_concerns(&write, child.id).await?;
    let found = cpms::classify(&answers, &concerns);
    let row = ActiveModel {
        id: Set(id),
        child_id: Set(child.id),
        household_id: Set(child.household_id),
        community_id: Set(community),
        year: Set(told.year),
        round: Set(told.round),
        collected_on: Set(told.collected_on),
        collected_by_id: Set(write.user()),
        interview_language: Set(check::text(told.interview_language, 35, "input.interviewLanguage")?),
        risk_class: Set(found.class),
        rule_version: Set(cpms::RULE_VERSION.to_owned()),
        reasons: Set(List::codes(found.reasons)),
        unknown_indicators: Set(List::codes(found.unknown)),
        ..Default::default()
    };
    write.insert(row).await?;
    let mut rows = Vec::new();
    for (code, answer, note) in told.answers {
        rows.push(cpms_answer::ActiveModel {
            id: Set(scope.new_id()),
            observation_id: Set(id),
            code: Set(code),
            answer: Set(answer),
            note: Set(check::text(note, check::NOTE, "input.answers.note")?),
            ..Default::default()
        });
    }
    write.insert_many(rows).await?;
    let class = child::ActiveModel { latest_risk_class: Set(Some(found.class)), ..Default::default() };
    write.update(child.id, child.row_version, class).await?;
    write.wrote(&["cpmsObservation", "cpmsAnswers", "latestRiskClass"]);
    Ok(write.finish("CpmsObservation").await?)
}

fn answers(told: &[(CpmsIndicatorCode, Answer, Option<String>)]) -> Result<Answers, Fault> {
    let mut answers = Answers::new();
    for (code, answer, _) in told {
        if answers.insert(*code, *answer).is_some() {
            return Err(Fault::new(Refusal::BadValue, "answers", "An indicator is answered once."));
        }
    }
    Ok(answers)
}

/// The open concerns of the child's cases.
async fn open_concerns(write: &Write, child: Uuid) -> Result<Vec<entity::protection_concern::ConcernKind>, Errors> {
    let cases = write.all(write.find::<case::Entity>()?.filter(case::Column::ChildId.eq(child))).await?;
    let cases: Vec<Uuid> = cases.into_iter().map(|case| case.id).collect();
    let concerns = write
        .find::<protection_concern::Entity>()?
        .filter(protection_concern::Column::CaseId.is_in(cases))
        .filter(protection_concern::Column::IsOpen.eq(true));
    Ok(write.all(concerns).await?.into_iter().map(|concern| concern.kind).collect())
}
