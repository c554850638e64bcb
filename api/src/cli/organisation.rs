//! `lanpya organisation`: the operator sets an organisation up with its first users, before anybody can sign in.

use std::path::PathBuf;

use crate::clock::Clock;
use crate::db::{Database, Settings};
use crate::error;
use crate::service::organisation::{NewOrganisation, NewUser, install};
use clap::Args;
use entity::Code;
use entity::organisation::OrganisationKind;
use entity::user::RoleCode;

#[derive(Args)]
pub(crate) struct Organisation {
    /// Short code, such as `KACHIN_CSO`; the organisation's id follows from it and is printed.
    code: String,
    /// Name in English.
    #[arg(long)]
    name: String,
    /// What it is: UN, INGO, `NATIONAL_NGO`, CSO, CBO, GOVERNMENT, …
    #[arg(long, default_value = "CSO")]
    kind: String,
    /// IANA time zone its days are counted in.
    #[arg(long, default_value = "Asia/Yangon")]
    time_zone: String,
    /// A first user: SUBJECT:ROLE or SUBJECT:ROLE:TEAM, where SUBJECT is the token's `sub`. May be given many times.
    #[arg(long = "user", required = true)]
    users: Vec<String>,
    #[command(flatten)]
    database: Target,
}

/// Which database an operator's command works on.
#[derive(Args)]
pub(crate) struct Target {
    /// Settings file (TOML) that names the database.
    #[arg(long, conflicts_with = "data")]
    settings: Option<PathBuf>,
    /// Folder of a demo, to work on its database.
    #[arg(long)]
    data: Option<PathBuf>,
}

impl Target {
    /// Opens it, or says in a sentence what is missing.
    pub(crate) async fn open(&self) -> Result<Database, String> {
        open(&self.settings()?).await
    }

    /// Opens it for what shows no row to anybody.
    pub(super) async fn open_unaudited(&self) -> Result<Database, String> {
        open(&Settings { audit_reads: false, ..self.settings()? }).await
    }

    fn settings(&self) -> Result<Settings, String> {
        let by_url = |url| Settings::operators(url);
        Ok(if let Some(folder) = &self.data {
            by_url(format!("sqlite:{}", folder.join("lanpya.db").display()))
        } else if let Some(file) = &self.settings {
            crate::database(&crate::config::Config::read(Some(file))?)
        } else {
            by_url(std::env::var("DATABASE_URL").map_err(|_| {
                "Say which database: --settings FILE, --data DIR of a demo, or DATABASE_URL in the environment."
                    .to_owned()
            })?)
        })
    }
}

async fn open(settings: &Settings) -> Result<Database, String> {
    let database = Database::open(settings).await?;
    crate::check_schema(&database).await?;
    Ok(database)
}

impl Organisation {
    pub(crate) async fn run(self) -> Result<(), String> {
        super::log(false);
        let users: Result<Vec<NewUser>, String> = self.users.iter().map(|text| user(text)).collect();
        let new = NewOrganisation {
            code: self.code.clone(),
            kind: known::<OrganisationKind>("kind", &self.kind)?,
            actor_type: None,
            name_en: self.name,
            name_my: None,
            name_th: None,
            time_zone: self.time_zone.clone(),
            users: users?,
        };
        let database = self.database.open().await?;
        let installed = install(&database, &Clock::system(), new).await;
        database.close().await;
        let id = installed.map_err(|error| match error.code {
            error::Code::Duplicate => {
                format!("The organisation {} is there already, or two users share a subject.", self.code)
            }
            error::Code::CodeUnknown => format!("There is no time zone {}.", self.time_zone),
            _ => format!("The database refused: {error}"),
        })?;
        super::say(&format!("{} {id}", self.code))
    }
}

fn known<C: Code>(what: &str, given: &str) -> Result<C, String> {
    C::from_code(given).ok_or_else(|| {
        let codes: Vec<&str> = C::all().into_iter().map(Code::code).collect();
        format!("There is no {what} {given}; there are {}.", codes.join(", "))
    })
}

fn user(text: &str) -> Result<NewUser, String> {
    let mut parts = text.splitn(3, ':');
    let (subject, role) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if subject.is_empty() {
        return Err(format!("The user {text} is not SUBJECT:ROLE."));
    }
    Ok(NewUser {
        id: None,
        subject: subject.to_owned(),
        display_name: subject.to_owned(),
        role: known::<RoleCode>("role", role)?,
        team: parts.next().map(str::to_owned),
        work_location: None,
        language: "en".to_owned(),
    })
}
