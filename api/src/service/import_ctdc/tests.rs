use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use entity::organisation::OrganisationKind;
use entity::value::Scalar;

use super::super::import::{Quarantined, Why};
use super::*;
use crate::db::{Settings, migrate};
use crate::service::organisation::{NewOrganisation, install};

struct World {
    database: Database,
    clock: Clock,
    organisation: Uuid,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("lanpya.db").display());
        migrate(&url).await.unwrap();
        let settings = Settings { url, connections: 1, statement_timeout: Duration::from_secs(3), audit_reads: true };
        let database = Database::open(&settings).await.unwrap();
        let clock = Clock::manual("2026-03-01T00:00:00Z".parse().unwrap());
        let organisation = organisation(&database, &clock, "A").await;
        Self { database, clock, organisation, _folder: folder }
    }

    async fn import(&self, organisation: Uuid, text: &str) -> (Summary, Kept) {
        let mut kept = Kept::default();
        let summary = ctdc(&self.database, &self.clock, organisation, text.as_bytes(), &mut kept).await.unwrap();
        (summary, kept)
    }

    async fn number(&self, organisation: Uuid, sql: &str) -> i64 {
        let scope = Scope::operator(self.database.clone(), organisation, self.clock.clone());
        let tx = scope.read().await.unwrap();
        let rows = tx.rows(sql.into(), Vec::new()).await.unwrap();
        rows.cell(0, 0, Scalar::Int).unwrap().int().unwrap()
    }
}

async fn organisation(database: &Database, clock: &Clock, code: &str) -> Uuid {
    let new = NewOrganisation {
        code: code.to_owned(),
        kind: OrganisationKind::Cso,
        actor_type: None,
        name_en: code.to_owned(),
        name_my: None,
        name_th: None,
        time_zone: "Asia/Yangon".to_owned(),
        users: Vec::new(),
    };
    install(database, clock, new).await.unwrap()
}

#[derive(Default)]
struct Kept {
    rows: Vec<(u64, Vec<Why>)>,
    bytes: u64,
}

impl Watcher for Kept {
    fn header(&mut self, _: &csv::ByteRecord) -> std::io::Result<()> {
        Ok(())
    }

    fn quarantine(&mut self, row: &Quarantined<'_>) -> std::io::Result<()> {
        self.rows.push((row.row, row.reasons.to_vec()));
        Ok(())
    }

    fn progress(&mut self, bytes: u64) {
        self.bytes = bytes;
    }
}

/// Rows that look like the collaborative's: many alike, every thirtieth unusable.
fn look_alike(rows: usize) -> String {
    let mut text = format!("{},Datasource\n", COLUMNS.join(","));
    for row in 0..rows {
        let year = if row % 30 == 29 { "1999" } else { "2011" };
        let band = ["0--8", "9--17", "", "48+"][row % 4];
        let answer = ["1.0", "0.0", ""][row % 3];
        writeln!(text, "{year},Female,{band},ZZ,{answer},1.0,0,generated").unwrap();
    }
    text
}

#[tokio::test]
async fn a_second_run_adds_nothing() {
    let world = World::new().await;
    let text = look_alike(450);
    let (first, kept) = world.import(world.organisation, &text).await;
    assert_eq!((first.accepted, first.already_there, first.quarantined.len()), (435, 0, 15));
    assert_eq!(kept.rows.first(), Some(&(31, vec![Reason::YearInvalid.into()])));
    assert_eq!((kept.rows, kept.bytes), (first.quarantined, text.len() as u64));
    let (second, _) = world.import(world.organisation, &text).await;
    assert_eq!((second.accepted, second.already_there, second.quarantined.len()), (0, 435, 15));
    for table in ["person", "survivor", "exploitation_episode"] {
        assert_eq!(world.number(world.organisation, &format!("SELECT COUNT(*) FROM {table}")).await, 435);
    }
    let sql = "SELECT COUNT(DISTINCT code) FROM survivor WHERE code BETWEEN 'CTDC-000001' AND 'CTDC-000435'";
    assert_eq!(world.number(world.organisation, sql).await, 435);
}

#[tokio::test]
async fn a_run_that_stopped_is_continued_in_any_order() {
    let world = World::new().await;
    let text = look_alike(450);
    let (header, rows) = text.split_once('\n').unwrap();
    let half: Vec<&str> = rows.lines().take(250).collect();
    let (first, _) = world.import(world.organisation, &format!("{header}\n{}\n", half.join("\n"))).await;
    let mut all: Vec<&str> = rows.lines().collect();
    all.reverse();
    let (rest, _) = world.import(world.organisation, &format!("{header}\r\n{}\r\n", all.join("\r\n"))).await;
    assert_eq!((first.accepted + rest.accepted, rest.already_there), (435, first.accepted));
}

#[tokio::test]
async fn each_organisation_has_its_own_codes_and_rows() {
    let world = World::new().await;
    let other = organisation(&world.database, &world.clock, "B").await;
    let text = look_alike(10);
    assert_eq!(world.import(world.organisation, &text).await.0.accepted, 10);
    assert_eq!(world.import(other, &text).await.0.accepted, 10);
    let sql = "SELECT COUNT(*) FROM survivor WHERE code = 'CTDC-000001'";
    assert_eq!(world.number(other, sql).await, 2);
}

#[tokio::test]
async fn files_that_are_no_such_file_are_refused() {
    let world = World::new().await;
    for (text, sentence) in [
        ("", "the file is empty"),
        ("yearOfRegistration,gender,ageBroad,citizenship,isForcedLabour\n", "the header lacks isSexualExploit, "),
    ] {
        let mut kept = Kept::default();
        let run = ctdc(&world.database, &world.clock, world.organisation, text.as_bytes(), &mut kept).await;
        assert!(run.unwrap_err().to_string().starts_with(sentence));
    }
}

#[tokio::test]
async fn the_real_file_is_taken_in_whole() {
    let Some(shared) = std::env::var_os("LANPYA_SHARED").map(PathBuf::from) else { return };
    // A relative folder is meant from the workspace's.
    let shared = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(shared);
    let text = std::fs::read_to_string(shared.join("data/ctdc_global_slice.csv")).unwrap();
    let world = World::new().await;
    let (first, _) = world.import(world.organisation, &text).await;
    assert_eq!(first.accepted + first.quarantined.len() as u64, 1_895);
    let (second, _) = world.import(world.organisation, &text).await;
    assert_eq!((second.accepted, second.already_there), (0, first.accepted));
}
