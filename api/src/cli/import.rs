//! `lanpya import`: the operator brings records in from a file.

mod ctdc;
mod visits;
mod watch;

use crate::clock::Clock;
use crate::db::Database;
use crate::service::organisation;
use clap::{Args, Subcommand};

#[derive(Args)]
pub(crate) struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Survivors from a CSV file of the Counter-Trafficking Data Collaborative (global dataset, k-anonymised).
    ///
    /// Safe to run again: what is there already is not added twice.
    Ctdc(ctdc::Ctdc),
    /// Visits from a register kept in a spreadsheet (.csv or .xlsx), by a mapping of its columns.
    ///
    /// Safe to run again: what is there already is not added twice.
    Visits(visits::Visits),
}

impl Import {
    pub(crate) async fn run(self) -> Result<(), String> {
        super::log(false);
        match self.what {
            What::Ctdc(ctdc) => ctdc.run().await,
            What::Visits(visits) => visits.run().await,
        }
    }
}

/// Refuses an organisation that is not there.
async fn known(database: &Database, clock: &Clock, organisation: &str) -> Result<(), String> {
    let is_known = organisation::exists(database, clock, organisation).await;
    if is_known.map_err(|error| format!("The database refused: {error}"))? {
        return Ok(());
    }
    Err(format!("There is no organisation with the code {organisation} in this database."))
}
