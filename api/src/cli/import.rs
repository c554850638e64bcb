//! `lanpya import`: the operator brings records in from a file.

use std::fs::File;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use crate::clock::Clock;
use crate::db::Database;
use crate::report::is_formula;
use crate::service::import_ctdc::{self, Quarantined, Summary, Watcher};
use crate::service::organisation;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

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
    Ctdc(Ctdc),
}

#[derive(Args)]
struct Ctdc {
    /// The CSV file.
    file: PathBuf,
    /// Code of the organisation that will own the records.
    #[arg(long)]
    organisation: String,
    #[command(flatten)]
    database: super::organisation::Target,
    /// Where rows that cannot be understood are written [default: FILE.quarantine.csv].
    #[arg(long)]
    quarantine: Option<PathBuf>,
}

impl Import {
    pub(crate) async fn run(self) -> Result<(), String> {
        super::log(false);
        let What::Ctdc(ctdc) = self.what;
        ctdc.run().await
    }
}

impl Ctdc {
    async fn run(self) -> Result<(), String> {
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
        let is_known = organisation::exists(database, &clock, &self.organisation).await;
        if !is_known.map_err(|error| format!("The database refused: {error}"))? {
            return Err(format!("There is no organisation with the code {} in this database.", self.organisation));
        }
        let id = entity::ids::organisation(&self.organisation);
        let target = self.quarantine.clone().unwrap_or_else(|| beside(&self.file));
        let mut watch = Watch { bar: bar(bytes), target, draft: None };
        let outcome = import_ctdc::ctdc(database, &clock, id, file, &mut watch).await;
        watch.bar.finish_and_clear();
        let summary = match outcome {
            Ok(summary) => summary,
            Err(stopped) => {
                watch.discard();
                let why = stopped.to_string();
                let (name, why) = (self.file.display(), why.trim_end_matches('.'));
                return Err(format!("The import of {name} stopped: {why}. What was accepted before is kept."));
            }
        };
        let written = watch.finish(&summary)?;
        super::say(&told(&summary, written.as_deref()))
    }
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".quarantine.csv");
    name.into()
}

fn bar(bytes: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent:>3}%  {elapsed} (left: {eta})");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn told(summary: &Summary, written: Option<&Path>) -> String {
    use std::fmt::Write as _;
    let mut text = format!(
        "accepted       {:>8}\nalready there  {:>8}\nquarantined    {:>8}\n",
        summary.accepted,
        summary.already_there,
        summary.quarantined.len()
    );
    for (row, reason) in summary.quarantined.iter().take(SHOWN) {
        let _ = writeln!(text, "  row {row}: {}", reason.code());
    }
    if summary.quarantined.len() > SHOWN {
        let _ = writeln!(text, "  and {} more", summary.quarantined.len() - SHOWN);
    }
    if let Some(path) = written {
        let _ = writeln!(text, "Quarantined rows: {}", path.display());
    }
    text
}

/// Reasons listed on the terminal; the quarantine file has them all.
const SHOWN: usize = 20;

/// Shows the progress and keeps what is set aside, in a draft that becomes the quarantine file at the end.
struct Watch {
    bar: ProgressBar,
    target: PathBuf,
    draft: Option<csv::Writer<File>>,
}

impl Watch {
    fn draft_path(&self) -> PathBuf {
        let mut name = self.target.as_os_str().to_owned();
        name.push(".draft");
        name.into()
    }

    fn write(&mut self, first: [&str; 2], cells: &csv::ByteRecord) -> std::io::Result<()> {
        let Some(draft) = &mut self.draft else { return Ok(()) };
        for cell in first {
            draft.write_field(cell).map_err(into_io)?;
        }
        for cell in cells {
            draft.write_field(harmless(cell)).map_err(into_io)?;
        }
        draft.write_record(None::<&[u8]>).map_err(into_io)
    }

    fn discard(&mut self) {
        if self.draft.take().is_some() {
            let _ = std::fs::remove_file(self.draft_path());
        }
    }

    /// The quarantine file, if rows were set aside.
    fn finish(mut self, summary: &Summary) -> Result<Option<PathBuf>, String> {
        let path = self.draft_path();
        let failed = |error| format!("The quarantine file {} cannot be written: {error}.", self.target.display());
        if let Some(mut draft) = self.draft.take() {
            draft.flush().map_err(failed)?;
        }
        // A file of an earlier run is replaced, so that it never shows rows that were mended since.
        if summary.quarantined.is_empty() && !self.target.exists() {
            std::fs::remove_file(&path).map_err(failed)?;
            return Ok(None);
        }
        std::fs::rename(&path, &self.target).map_err(failed)?;
        Ok((!summary.quarantined.is_empty()).then_some(self.target))
    }
}

impl Watcher for Watch {
    fn header(&mut self, cells: &csv::ByteRecord) -> std::io::Result<()> {
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        // The rows are about people.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(self.draft_path())?;
        self.draft = Some(csv::WriterBuilder::new().flexible(true).from_writer(file));
        self.write(["row", "reason"], cells)
    }

    fn quarantine(&mut self, row: &Quarantined<'_>) -> std::io::Result<()> {
        self.write([&row.row.to_string(), row.reason.code()], row.cells)
    }

    fn progress(&mut self, bytes: u64) {
        self.bar.set_position(bytes);
    }
}

fn into_io(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => std::io::ErrorKind::InvalidData.into(),
    }
}

/// A cell that no spreadsheet takes for a formula; numbers stay as they are.
fn harmless(cell: &[u8]) -> Vec<u8> {
    let is_number = std::str::from_utf8(cell).is_ok_and(|text| text.parse::<f64>().is_ok());
    let mut safe = Vec::with_capacity(cell.len() + 1);
    if is_formula(cell) && !is_number {
        safe.push(b'\'');
    }
    safe.extend_from_slice(cell);
    safe
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn cells_are_never_formulas() {
        assert_eq!(harmless(b"=1+1"), b"'=1+1");
        assert_eq!(harmless(b"-99"), b"-99");
        assert_eq!(harmless(b"-x"), b"'-x");
        assert_eq!(harmless(b"2010"), b"2010");
    }
}
