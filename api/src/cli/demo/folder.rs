//! The demo's folder: one demo at a time, never a database that a demo did not make.

use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The database's file.
pub(super) const DATABASE: &str = "lanpya.db";
const LOCK: &str = "demo.lock";
const FILLING: &str = "demo-filling";
const FILLED: &str = "demo-filled";
const SECRET: &str = "cursor-secret";

/// A folder that no other demo works in.
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
}

/// The mark that data are being filled in.
pub(super) struct Begun(PathBuf);

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        fs::create_dir_all(path).map_err(|error| format!("The folder {} cannot be made: {error}.", path.display()))?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join(LOCK))
            .map_err(|error| format!("The folder {} is not writable: {error}.", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(format!(
                "Another demo works in the folder {}: stop it, or choose another folder with --data DIR.",
                path.display()
            )),
            Err(TryLockError::Error(error)) => Err(format!("The folder {} cannot be locked: {error}.", path.display())),
        }
    }

    /// Whether the data are there, whole, and wanted. Refuses a database that no demo made.
    pub(super) fn is_filled(&self, fresh: bool) -> Result<bool, String> {
        let there = |name| self.path.join(name).exists();
        if there(DATABASE) && !there(FILLED) && !there(FILLING) {
            return Err(format!(
                "{} was not made by a demo and stays as it is: choose another folder with --data DIR.",
                self.path.join(DATABASE).display()
            ));
        }
        Ok(there(FILLED) && there(DATABASE) && !there(FILLING) && !fresh)
    }

    /// Marks the beginning and clears away what was there.
    pub(super) fn begin(&self) -> Result<Begun, String> {
        let failed = |error| format!("The folder {} cannot be written to: {error}.", self.path.display());
        let mark = self.path.join(FILLING);
        File::create(&mark).and_then(|file| file.sync_all()).map_err(failed)?;
        for name in [FILLED, DATABASE, "lanpya.db-wal", "lanpya.db-shm"] {
            match fs::remove_file(self.path.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
                _ => {}
            }
        }
        Ok(Begun(mark))
    }

    /// Marks that all data are there.
    pub(super) fn finish(&self, begun: Begun) -> Result<(), String> {
        fs::rename(begun.0, self.path.join(FILLED))
            .map_err(|error| format!("The folder {} cannot be written to: {error}.", self.path.display()))
    }

    /// The secret that seals cursors, made at the first start; only its owner may read it.
    pub(super) fn secret(&self) -> Result<String, String> {
        let path = self.path.join(SECRET);
        let failed = |error| format!("{} cannot be used: {error}.", path.display());
        if let Ok(secret) = fs::read_to_string(&path)
            && secret.len() >= 64
        {
            return Ok(secret);
        }
        let mut bytes = [0_u8; 32];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| "This machine has no randomness.".to_owned())?;
        let secret: String = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(hex).collect();
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(failed)?;
        file.write_all(secret.as_bytes()).map_err(failed)?;
        Ok(secret)
    }
}

fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::{DATABASE, Folder};

    #[test]
    fn a_fill_that_was_killed_is_begun_anew() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        assert!(!folder.is_filled(false).unwrap());
        let begun = folder.begin().unwrap();
        std::fs::write(place.path().join(DATABASE), "half").unwrap();
        assert!(!folder.is_filled(false).unwrap());
        folder.finish(begun).unwrap();
        assert!(folder.is_filled(false).unwrap());
        assert!(!folder.is_filled(true).unwrap());
    }

    #[test]
    fn another_database_is_never_touched() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join(DATABASE), "somebody's work").unwrap();
        let folder = Folder::open(place.path()).unwrap();
        assert!(folder.is_filled(false).unwrap_err().contains("was not made by a demo"));
        assert!(folder.is_filled(true).is_err());
    }

    #[test]
    fn one_demo_at_a_time_and_one_secret() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        assert!(Folder::open(place.path()).err().unwrap().contains("Another demo works"));
        let secret = folder.secret().unwrap();
        assert_eq!((secret.len(), &folder.secret().unwrap()), (64, &secret));
    }
}
