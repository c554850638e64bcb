//! Building the pages at the first start, where npm and their source are at hand. Never a reason to stop.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pages");
const LONGEST: Duration = Duration::from_mins(3);

/// The folder of the built pages, if there is one.
pub(super) fn built() -> Option<PathBuf> {
    let folder = Path::new(SOURCE).join("dist");
    folder.join("index.html").exists().then_some(folder)
}

/// Builds them if they are missing and can be built.
pub(super) async fn pages() {
    // A failed task is a failed build: the plain page remains.
    let _ = tokio::task::spawn_blocking(build).await;
}

fn build() {
    let has_source = Path::new(SOURCE).join("package.json").exists();
    let all = built().is_some_and(|folder| folder.join("reception/reception.html").exists());
    if all || !has_source || npm(&["--version"]).is_err() {
        return;
    }
    eprintln!("Building the pages with npm, once.");
    if let Err(why) = npm(&["ci", "--no-audit", "--no-fund"]).and_then(|()| npm(&["run", "build"])) {
        eprintln!("The pages were not built ({why}); the demo shows a plain page instead.");
    }
}

fn npm(arguments: &[&str]) -> Result<(), String> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(SOURCE)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())?;
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(_)) => return Err(format!("npm {} failed", arguments.join(" "))),
            Ok(None) if begun.elapsed() > LONGEST => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("npm {} took too long", arguments.join(" ")));
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(50)),
            Err(error) => return Err(error.to_string()),
        }
    }
}
