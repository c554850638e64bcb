//! `lanpya import ctdc`.

use std::fs::File;
use std::path::PathBuf;

use super::watch::{Watch, told};
use crate::cli::organisation::Target;
use crate::clock::Clock;
use crate::db::Database;
use crate::service::import_ctdc;
use clap::Args;

#[derive(Args)]
pub(super) struct Ctdc {
    /// The CSV file.
    file: PathBuf,
    /// Code of the organisation that will own the records.
    #[arg(long)]
    organisation: String,
    #[command(flatten)]
    database: Target,
    /// Where rows that cannot be understood are written [default: FILE.quarantine.csv].
    #[arg(long)]
    quarantine: Option<PathBuf>,
}

impl Ctdc {
    pub(super) async fn run(self) -> Result<(), String> {
        let unreadable = |error| format!("The file {} cannot be read: {error}.", self.file.display());
        let file = File::open(&self.file).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        if about.is_dir() {
            return Err(format!("{} is a folder, not a CSV file.", self.file.display()));
        }
        let database = self.database.open().await?;
        let outcome = self.bring_in(&database, file, about.len()).await;
        database.close().await;
        outcome
    }

    async fn bring_in(&self, database: &Database, file: File, bytes: u64) -> Result<(), String> {
        let clock = Clock::system();
        super::known(database, &clock, &self.organisation).await?;
        let id = entity::ids::organisation(&self.organisation);
        let mut watch = Watch::new(&self.file, self.quarantine.as_deref(), bytes)?;
        let outcome = import_ctdc::ctdc(database, &clock, id, file, &mut watch).await;
        let (summary, written) = watch.end(&self.file, outcome, "What was accepted before is kept.")?;
        crate::cli::say(&told(&summary, written.as_deref()))
    }
}
