//! Starting projects.

use chrono::NaiveDate;
use entity::project::ActiveModel;
use sea_orm::Set;

use super::{Done, check};
use crate::access::Action;
use crate::db::{Begun, Once, Scope};
use crate::domain::{Fault, Refusal};

/// A project as told.
#[expect(missing_docs, reason = "the fields are those of the input, which documents them")]
pub struct Project {
    pub once: Option<Once>,
    pub names: check::Names,
    pub donor: Option<String>,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
}

/// Starts a project: from then on visits can be logged under it.
pub async fn start(scope: &Scope, project: Project) -> Done {
    let id = scope.new_id();
    let mut write = match scope.write(Action::DirectoryWrite, project.once, id).await? {
        Begun::Replay(id) => return Ok(id),
        Begun::New(write) => write,
    };
    if project.ends_on.is_some_and(|ends| ends < project.starts_on) {
        return Err(Fault::new(Refusal::DateInvalid, "endsOn", "A project does not end before it starts.").into());
    }
    let names = project.names.checked()?;
    let row = ActiveModel {
        id: Set(id),
        name_en: Set(names.en),
        name_my: Set(names.my),
        name_th: Set(names.th),
        donor: Set(check::text(project.donor, check::NAME, "input.donor")?),
        starts_on: Set(project.starts_on),
        ends_on: Set(project.ends_on),
        ..Default::default()
    };
    write.insert(row).await?;
    write.wrote(&["project"]);
    Ok(write.finish("Project").await?)
}
