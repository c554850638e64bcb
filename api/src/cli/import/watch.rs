//! What an import shows while it runs and leaves behind: progress, quarantine file, summary.

use std::borrow::Cow;
use std::fs::File;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use crate::report::is_formula;
use crate::service::import::{Quarantined, Stopped, Summary, Watcher, Why};
use indicatif::{ProgressBar, ProgressStyle};

/// Reasons listed on the terminal; the quarantine file has them all.
const SHOWN: usize = 20;

/// Shows the progress and keeps what is set aside, in a draft that becomes the quarantine file at the end.
pub(super) struct Watch {
    bar: ProgressBar,
    target: PathBuf,
    draft: Option<csv::Writer<File>>,
}

impl Watch {
    /// For a file of so many bytes; its quarantine file lies beside it unless another was named.
    pub(super) fn new(file: &Path, quarantine: Option<&Path>, bytes: u64) -> Result<Self, String> {
        let target = quarantine.map_or_else(|| with(file, ".quarantine.csv"), Path::to_owned);
        let is_same = target.canonicalize().is_ok_and(|target| file.canonicalize().is_ok_and(|file| file == target));
        if is_same {
            return Err(format!("{} cannot be both file and quarantine.", file.display()));
        }
        Ok(Self { bar: bar(bytes), target, draft: None })
    }

    fn draft_path(&self) -> PathBuf {
        with(&self.target, ".draft")
    }

    fn write(&mut self, first: [&str; 3], cells: &csv::ByteRecord) -> std::io::Result<()> {
        let Some(draft) = &mut self.draft else { return Ok(()) };
        for cell in first {
            draft.write_field(cell).map_err(into_io)?;
        }
        for cell in cells {
            draft.write_field(harmless(cell)).map_err(into_io)?;
        }
        draft.write_record(None::<&[u8]>).map_err(into_io)
    }

    /// Leaves nothing behind.
    pub(super) fn discard(&mut self) {
        self.bar.finish_and_clear();
        if self.draft.take().is_some() {
            let _ = std::fs::remove_file(self.draft_path());
        }
    }

    /// The summary and the quarantine file, if rows were set aside; or a sentence about what stopped the import of
    /// `file`, with what is `kept`.
    pub(super) fn end(
        mut self,
        file: &Path,
        outcome: Result<Summary, Stopped>,
        kept: &str,
    ) -> Result<(Summary, Option<PathBuf>), String> {
        let summary = match outcome {
            Ok(summary) => summary,
            Err(stopped) => {
                self.discard();
                let why = stopped.to_string();
                let (name, why) = (file.display(), why.trim_end_matches('.'));
                return Err(format!("The import of {name} stopped: {why}. {kept}"));
            }
        };
        self.bar.finish_and_clear();
        let written = self.finish(&summary)?;
        Ok((summary, written))
    }

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
        self.write(["row", "reason", "field"], cells)
    }

    fn quarantine(&mut self, row: &Quarantined<'_>) -> std::io::Result<()> {
        let [codes, fields] = [listed(row.reasons, |why| &why.code), listed(row.reasons, |why| &why.field)];
        self.write([&row.row.to_string(), &codes, &fields], row.cells)
    }

    fn progress(&mut self, bytes: u64) {
        self.bar.set_position(bytes);
    }
}

/// What the terminal is told at the end: numbers and reasons, no cell.
pub(super) fn told(summary: &Summary, written: Option<&Path>) -> String {
    use std::fmt::Write as _;
    let mut text = format!(
        "accepted       {:>8}\nalready there  {:>8}\nquarantined    {:>8}\n",
        summary.accepted,
        summary.already_there,
        summary.quarantined.len()
    );
    for (row, reasons) in summary.quarantined.iter().take(SHOWN) {
        let reasons: Vec<String> = reasons.iter().map(|why| format!("{} {}", why.code, why.field)).collect();
        let _ = writeln!(text, "  row {row}: {}", reasons.join(", ").trim_end());
    }
    if summary.quarantined.len() > SHOWN {
        let _ = writeln!(text, "  and {} more", summary.quarantined.len() - SHOWN);
    }
    if let Some(path) = written {
        let _ = writeln!(text, "Quarantined rows: {}", path.display());
    }
    text
}

fn listed<'w>(reasons: &'w [Why], part: impl Fn(&'w Why) -> &'w Cow<'static, str>) -> String {
    reasons.iter().map(|why| part(why).as_ref()).collect::<Vec<&str>>().join("; ")
}

fn with(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn bar(bytes: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent:>3}%  {elapsed} (left: {eta})");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
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
