//! `lanpya import visits`.

use std::path::PathBuf;

use super::watch::{Watch, told};
use crate::cli::organisation;
use crate::clock::Clock;
use crate::db::Database;
use crate::service::import::Stopped;
use crate::service::import_visits::{self, Mapping, Sheet, Target};
use clap::Args;

#[derive(Args)]
pub(super) struct Visits {
    /// The register: a .csv or .xlsx file.
    file: PathBuf,
    /// Which column fills which field of a visit, and how its cells are read (TOML; the README has an example).
    #[arg(long)]
    mapping: PathBuf,
    /// Code of the organisation that will own the visits.
    #[arg(long)]
    organisation: String,
    /// User who counselled: the token's `sub`. Counsellors read their own visits and supervisors their team's, so a
    /// visit of nobody would be seen by neither.
    #[arg(long)]
    counsellor: String,
    /// Try everything and keep nothing.
    #[arg(long)]
    dry_run: bool,
    /// Where rows that are not accepted are written, with the reason [default: FILE.quarantine.csv].
    #[arg(long)]
    quarantine: Option<PathBuf>,
    #[command(flatten)]
    database: organisation::Target,
}

impl Visits {
    pub(super) async fn run(self) -> Result<(), String> {
        let text = std::fs::read_to_string(&self.mapping)
            .map_err(|error| format!("The mapping {} cannot be read: {error}.", self.mapping.display()))?;
        let mapping = Mapping::read(&text).map_err(|faults| self.unfit(&faults))?;
        let sheet = Sheet::open(&self.file)?;
        let database = self.database.open().await?;
        let outcome = self.bring_in(&database, &mapping, sheet).await;
        database.close().await;
        outcome
    }

    fn unfit(&self, faults: &[String]) -> String {
        format!("The mapping {} does not fit. {}", self.mapping.display(), faults.join(" "))
    }

    async fn bring_in(&self, database: &Database, mapping: &Mapping, sheet: Sheet) -> Result<(), String> {
        let clock = Clock::system();
        super::known(database, &clock, &self.organisation).await?;
        let found = database.find(entity::ids::organisation(&self.organisation), &self.counsellor).await;
        let counsellor = found.map_err(|error| format!("The database refused: {error}"))?.ok_or_else(|| {
            format!("The organisation {} has no enabled user {}.", self.organisation, self.counsellor)
        })?;
        let mut watch = Watch::new(&self.file, self.quarantine.as_deref(), sheet.bytes())?;
        let target = Target { database, clock: &clock, counsellor: &counsellor, is_dry: self.dry_run };
        let kept = if self.dry_run { "Nothing is kept." } else { "What was accepted before is kept." };
        let outcome = match import_visits::visits(&target, mapping, sheet, &mut watch).await {
            Err(Stopped::Mapping(faults)) => {
                watch.discard();
                return Err(self.unfit(&faults));
            }
            outcome => outcome,
        };
        let (summary, written) = watch.end(&self.file, outcome, kept)?;
        let dry = if self.dry_run { "Dry run: nothing is kept.\n" } else { "" };
        crate::cli::say(&format!("{dry}{}", told(&summary, written.as_deref())))
    }
}
