//! SQLite's file locked by another process, on a full disk, read-only.

use std::process::Command;

use harness::proof::Proof;
use harness::{Backend, Data, Store};

use super::{Disk, Reads, Site};

/// The server is a process of its own, so the test is the other one.
#[test]
fn locked() {
    harness::run(Backend::Sqlite, |_| async {
        let mut proof = Proof::of(16, "faults::sqlite::locked");
        let mut site = Site::new(Store::new(Backend::Sqlite, Data::Alpha).await, None).await;
        site.store.execute("BEGIN IMMEDIATE").await;
        site.during(&mut proof, "locked", Reads::Public).await;
        site.store.execute("ROLLBACK").await;
        site.after(&mut proof, "locked").await;
        proof.held();
    });
}

#[test]
fn disk_full() {
    harness::run(Backend::Sqlite, |_| async {
        let mut proof = Proof::of(16, "faults::sqlite::disk_full");
        let Some(disk) = Disk::of(24) else {
            eprintln!("no right to mount a disk: not proved here");
            return;
        };
        let folder = tempfile::tempdir_in(&disk.0).unwrap();
        let mut site = Site::new(Store::sqlite(folder, Data::Alpha).await, None).await;
        disk.fill();
        site.until_refused().await;
        site.during_full(&mut proof).await;
        disk.free();
        site.after(&mut proof, "disk full").await;
        proof.held();
    });
}

#[test]
fn read_only() {
    harness::run(Backend::Sqlite, |_| async {
        let mut proof = Proof::of(16, "faults::sqlite::read_only");
        let mut site = Site::new(Store::new(Backend::Sqlite, Data::Alpha).await, None).await;
        let path = site.store.path().unwrap();
        let log = path.with_extension("db-wal");
        // What holds for root too, and for files that are open: the file system's own mark.
        let mark = |mark| {
            let done = Command::new("chattr").arg(mark).args([&path, &log]).status();
            done.is_ok_and(|status| status.success())
        };
        if !mark("+i") {
            eprintln!("no right to mark a file immutable: not proved here");
            return;
        }
        let marked = scopeguard(|| mark("-i"));
        site.during(&mut proof, "read-only", Reads::Public).await;
        drop(marked);
        site.after(&mut proof, "read-only").await;
        proof.held();
    });
}

/// Does something at the end of its life, so that a failing test leaves no file that cannot be removed.
fn scopeguard<F: FnMut() -> bool>(last: F) -> impl Drop {
    struct Guard<F: FnMut() -> bool>(F);
    impl<F: FnMut() -> bool> Drop for Guard<F> {
        fn drop(&mut self) {
            (self.0)();
        }
    }
    Guard(last)
}
