//! `lanpya import visits`, run as an operator runs it, on registers that were never kept.

mod made;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use entity::user::RoleCode;
use harness::{ALPHA, Backend, World};
use serde_json::{Value, json};
use tempfile::TempDir;

use made::{LAYOUT, Register, SELECTION};

harness::both!(
    what_was_kept_is_read_back,
    a_second_run_adds_nothing,
    two_runs_at_once,
    a_run_that_stopped_is_continued,
    bad_rows_are_set_aside,
    a_mapping_that_does_not_fit,
    the_example_of_the_readme,
);

/// A world, and a folder to write registers into.
struct Office {
    world: World,
    folder: TempDir,
}

/// What a run said.
#[derive(Debug)]
struct Said {
    success: bool,
    out: String,
    err: String,
}

impl Said {
    /// Accepted, already there, quarantined.
    fn numbers(&self) -> [u64; 3] {
        assert!(self.success, "{self:?}");
        ["accepted ", "already there ", "quarantined "].map(|word| {
            let line = self.out.lines().find_map(|line| line.strip_prefix(word));
            line.unwrap_or_else(|| panic!("{self:?}")).trim().parse().unwrap()
        })
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        Self { success: output.status.success(), out, err }
    }
}

impl Office {
    async fn new(backend: Backend) -> Self {
        Self { world: World::new(backend).await, folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn command(&self, file: &Path, mapping: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_command"));
        command.args(["import", "visits"]).arg(file).arg("--mapping").arg(self.write("mapping.toml", mapping));
        command.args(more).env_clear().env("DATABASE_URL", &self.world.store.url);
        command
    }

    fn import(&self, file: &Path, mapping: &str, more: &[&str]) -> Said {
        let who = ["--organisation", "ALPHA", "--counsellor", "mrc_counsellor"];
        self.command(file, mapping, &[&who, more].concat()).output().unwrap().into()
    }

    /// The imported visits as their counsellor reads them, by ticket: those before the seeded ones.
    async fn visits(&self) -> BTreeMap<String, Value> {
        let token = self.world.token(&ALPHA, RoleCode::MrcCounsellor);
        let (mut visits, mut after) = (BTreeMap::new(), Value::Null);
        loop {
            let query = format!(
                "query($after: String) {{ visits(first: 50, after: $after, where: {{ visitedOn: {{ lte: \"2025-12-31\" }} }}) \
                 {{ nodes {{ {SELECTION} }} pageInfo {{ hasNextPage endCursor }} }} }}"
            );
            let answer = self.world.ask(&token, &query, json!({ "after": after })).await;
            let page = answer.at("/data/visits");
            for visit in page["nodes"].as_array().unwrap_or_else(|| panic!("{}", answer.body)) {
                let ticket = visit["ticket"].as_str().unwrap().to_owned();
                assert!(visits.insert(ticket, visit.clone()).is_none(), "one visit a ticket");
            }
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                return visits;
            }
        }
    }

    async fn count(&self, table: &str) -> usize {
        self.world.store.dump(None).await[table].len()
    }
}

/// The quarantine file: row, reason and field of each line.
fn quarantine(file: &Path) -> Vec<[String; 3]> {
    let mut path = file.as_os_str().to_owned();
    path.push(".quarantine.csv");
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
    assert_eq!(reader.headers().unwrap().iter().take(3).collect::<Vec<_>>(), ["row", "reason", "field"]);
    let row = |row: csv::ByteRecord| [0, 1, 2].map(|at| String::from_utf8(row[at].to_vec()).unwrap());
    reader.byte_records().map(|cells| row(cells.unwrap())).collect()
}

async fn what_was_kept_is_read_back(backend: Backend) {
    let register = Register::new(2026, 120);
    let kept = Office::new(backend).await;
    let said = kept.import(&register.csv(kept.path()), &made::mapping(), &[]);
    assert_eq!(said.numbers(), [120, 0, 0], "{said:?}");
    assert_eq!(kept.visits().await, register.visits, "by CSV");
    let with_signs = register.visits.values().filter(|visit| visit["signs"] != json!([])).count();
    let seeded = 6 + 8;
    assert_eq!(kept.count("screening_request").await, seeded + with_signs, "signs ask for a talk");
    let bound = Office::new(backend).await;
    let mapping = made::mapping().replace("[fields]", &format!("{LAYOUT}[fields]"));
    let workbook = register.workbook(bound.path());
    assert_eq!(bound.import(&workbook, &mapping, &[]).numbers(), [120, 0, 0]);
    assert_eq!(bound.visits().await, register.visits, "by workbook");
    assert_eq!(bound.import(&register.csv(bound.path()), &made::mapping(), &[]).numbers(), [0, 120, 0], "same ids");
    kept.world.stop().await;
    bound.world.stop().await;
}

/// Whether the visits are those; the first that is not.
fn same(found: &BTreeMap<String, Value>, wanted: &BTreeMap<String, Value>) {
    for (ticket, visit) in wanted {
        assert_eq!(found.get(ticket), Some(visit), "{ticket}");
    }
    assert_eq!(found.len(), wanted.len());
}

async fn a_second_run_adds_nothing(backend: Backend) {
    let office = Office::new(backend).await;
    let mut register = Register::new(7, 450);
    // The last row once more as it is, and once more with another note.
    let mut twice = register.rows.last().unwrap().clone();
    register.rows.push(twice.clone());
    *twice.last_mut().unwrap() = made::Cell::Text("another".to_owned());
    register.rows.push(twice);
    let file = register.csv(office.path());
    let before = office.world.store.dump(None).await;
    let dry = office.import(&file, &made::mapping(), &["--dry-run"]);
    assert!(dry.out.starts_with("Dry run: nothing is kept.\n"), "{dry:?}");
    assert_eq!(dry.numbers(), [450, 1, 1]);
    assert!(office.world.store.dump(None).await == before, "a dry run leaves nothing, no audit either");
    let first = office.import(&file, &made::mapping(), &[]);
    assert_eq!(dry.out, format!("Dry run: nothing is kept.\n{}", first.out), "a dry run says what a run says");
    assert_eq!(quarantine(&file), [["453", "KEY_TWICE", "key"]]);
    let after = office.world.store.dump(None).await;
    assert_eq!(after["visit"].len(), before["visit"].len() + 450);
    assert_eq!(after["audit_event"].len(), before["audit_event"].len() + 3, "one row of audit a batch");
    assert_eq!(office.import(&file, &made::mapping(), &["--dry-run"]).numbers(), [0, 451, 1]);
    assert_eq!(office.import(&file, &made::mapping(), &[]).numbers(), [0, 451, 1]);
    assert!(office.world.store.dump(None).await == after, "a second run leaves nothing");
    same(&office.visits().await, &register.visits);
    // Another register that numbers its rows alike is another register.
    let own = format!("register = \"2023\"\n{}", made::mapping());
    let untold = own.replace("ticket = { column = \"Ticket\" }\n", "");
    assert_eq!(office.import(&file, &untold, &["--dry-run"]).numbers(), [450, 1, 1]);
    // But a ticket that was logged that day was logged, whatever the register.
    assert_eq!(office.import(&file, &own, &["--dry-run"]).numbers(), [0, 0, 452]);
    assert!(quarantine(&file).iter().all(|row| row[1] == "DUPLICATE" && row[2] == "ticket" || row[1] == "KEY_TWICE"));
    office.world.stop().await;
}

async fn two_runs_at_once(backend: Backend) {
    let office = Office::new(backend).await;
    let register = Register::new(11, 450);
    let file = register.csv(office.path());
    let who = ["--organisation", "ALPHA", "--counsellor", "mrc_counsellor", "--quarantine"];
    let runs = ["one.csv", "other.csv"].map(|name| {
        let quarantine = office.path().join(name);
        let mut command = office.command(&file, &made::mapping(), &who);
        command.arg(quarantine).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        command.spawn().unwrap()
    });
    let said = runs.map(|run| Said::from(run.wait_with_output().unwrap()).numbers());
    assert_eq!([said[0][0] + said[1][0], said[0][1] + said[1][1], said[0][2] + said[1][2]], [450, 450, 0], "{said:?}");
    same(&office.visits().await, &register.visits);
    office.world.stop().await;
}

async fn a_run_that_stopped_is_continued(backend: Backend) {
    let office = Office::new(backend).await;
    let register = Register::new(13, 430);
    let file = register.csv(office.path());
    // A database that fails in the second batch.
    let (fails, works) = match backend {
        Backend::Postgres => (
            "ALTER TABLE visit ADD CONSTRAINT stop CHECK (ticket <> 'R-0250')",
            "ALTER TABLE visit DROP CONSTRAINT stop",
        ),
        Backend::Sqlite => (
            "CREATE TRIGGER stop BEFORE INSERT ON visit WHEN NEW.ticket = 'R-0250' BEGIN SELECT RAISE(ABORT, 'R-0250'); END",
            "DROP TRIGGER stop",
        ),
    };
    office.world.store.execute(fails).await;
    let before = office.count("visit").await;
    for (more, kept, rows) in
        [(&["--dry-run"][..], "Nothing is kept.", 0), (&[], "What was accepted before is kept.", 200)]
    {
        let said = office.import(&file, &made::mapping(), more);
        assert!(
            !said.success && said.err.contains("stopped: the database refused") && said.err.contains(kept),
            "{said:?}"
        );
        assert!(!said.err.contains("R-0250"), "{said:?}");
        assert_eq!(office.count("visit").await, before + rows);
    }
    let mut left = std::fs::read_dir(office.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.all(|name| !name.to_str().unwrap().contains("quarantine")), "no quarantine file is left");
    office.world.store.execute(works).await;
    assert_eq!(office.import(&file, &made::mapping(), &[]).numbers(), [230, 200, 0]);
    same(&office.visits().await, &register.visits);
    office.world.stop().await;
}

/// A small register with one column for each thing that can be wrong.
const COLUMNS: &str = "No,Day,Centre,How,Age,Call,From,To,About,First,Project,Ticket,Note";
const MAPPING: &str = r#"
key = ["No"]
[fields]
centre = { column = "Centre" }
visitedOn = { column = "Day" }
channel = { column = "How" }
visitorKind = { value = "ASPIRANT" }
ageYears = { column = "Age" }
callKind = { column = "Call" }
homeTownship = { column = "From" }
destination = { column = "To" }
topics = { column = "About", split = ";" }
isFirst = { column = "First" }
project = { column = "Project" }
ticket = { column = "Ticket" }
note = { column = "Note" }
"#;

async fn bad_rows_are_set_aside(backend: Backend) {
    let office = Office::new(backend).await;
    let long = "x".repeat(65);
    let ticket = format!("23,2024-03-05,MRC-0,WALK_IN,,,,,,,,{long},");
    let rows: [(&str, &str, &str); 23] = [
        ("1,2024-03-05,MRC-0,WALK_IN,23,,,,HEALTH;OTHER,TRUE,SAFE,T-1,good", "", ""),
        ("2,05/03/2024,MRC-0,WALK_IN,,,,,,,,,", "DATE_INVALID", "visitedOn"),
        ("3,2099-01-01,MRC-0,WALK_IN,,,,,,,,,", "DATE_INVALID", "visitedOn"),
        ("4,2015-01-01,MRC-0,WALK_IN,,,,,,,,,", "DATE_INVALID", "visitedOn"),
        ("5,2026-01-05,MRC-2,WALK_IN,,,,,,,,,", "DATE_INVALID", "visitedOn"),
        ("6,2024-03-05,MRC-9,WALK_IN,,,,,,,,,", "NOT_FOUND", "centre"),
        ("7,2024-03-05,MRC-0,walk in,,,,,,,,,", "CODE_UNKNOWN", "channel"),
        ("8,2024-03-05,MRC-0,,,,,,,,,,", "FIELD_REQUIRED", "channel"),
        ("9,2024-03-05,MRC-0,WALK_IN,many,,,,,,,,", "BAD_USER_INPUT", "ageYears"),
        ("10,2024-03-05,MRC-0,WALK_IN,121,,,,,,,,", "BAD_USER_INPUT", "ageYears"),
        ("11,2024-03-05,MRC-0,WALK_IN,,UPDATE,,,,,,,", "BAD_USER_INPUT", "callKind"),
        ("12,2024-03-05,MRC-0,WALK_IN,,,MMR999999,,,,,,", "PCODE_UNKNOWN", "homeTownship"),
        ("13,2024-03-05,MRC-0,WALK_IN,,,,Thailand,,,,,", "CODE_UNKNOWN", "destination"),
        ("14,2024-03-05,MRC-0,WALK_IN,,,,,HEALTH;CANARY,,,,", "CODE_UNKNOWN", "topics"),
        ("15,2024-03-05,MRC-0,WALK_IN,,,,,,maybe,,,", "BAD_USER_INPUT", "isFirst"),
        ("16,2024-03-05,MRC-0,WALK_IN,,,,,,,Unheard of,,", "NOT_FOUND", "project"),
        ("1,2024-03-05,MRC-0,WALK_IN,24,,,,,,,,", "KEY_TWICE", "key"),
        (" ,2024-03-05,MRC-0,WALK_IN,,,,,,,,,", "KEY_EMPTY", "key"),
        ("17,2024-03-05,MRC-0,WALK_IN", "ROW_LENGTH", ""),
        ("18,2024-03-05,MRC-0,WALK_IN,#N/A,,,,,,,,", "CELL_BROKEN", "ageYears"),
        (
            "19,,MRC-9,CANARY,x,,,,,,,,",
            "NOT_FOUND; FIELD_REQUIRED; CODE_UNKNOWN; BAD_USER_INPUT",
            "centre; visitedOn; channel; ageYears",
        ),
        ("20,2099-01-01,MRC-0,WALK_IN,130,,,,,,,,", "DATE_INVALID; BAD_USER_INPUT", "visitedOn; ageYears"),
        (&ticket, "TOO_LONG", "ticket"),
    ];
    let lines: Vec<&str> = rows.iter().map(|(row, ..)| *row).collect();
    let mut bytes = format!("\u{feff}{COLUMNS}\r\n{}\r\n,,,,,,,,,,,,\r\n", lines.join("\r\n")).into_bytes();
    bytes.extend(b"24,2024-03-05,MRC-0,WALK_IN,,,,,,,,,caf\xe9\r\n25,2024-03-05,MRC-0,PHONE,,UPDATE,,TH,,,,,\r\n");
    let file = office.path().join("old.csv");
    std::fs::write(&file, bytes).unwrap();
    let before = office.count("visit").await;
    let said = office.import(&file, MAPPING, &[]);
    let mut expected: Vec<[String; 3]> = (2..)
        .zip(rows)
        .filter(|(_, (_, reason, _))| !reason.is_empty())
        .map(|(row, (_, reason, field)): (u32, _)| [row.to_string(), reason.to_owned(), field.to_owned()])
        .collect();
    // A blank row is passed over, and counted as a spreadsheet counts it.
    expected.push(["26", "NOT_UTF8", "note"].map(str::to_owned));
    assert_eq!(quarantine(&file), expected);
    assert_eq!(said.numbers(), [2, 0, 23], "{said:?}");
    assert_eq!(office.count("visit").await, before + 2);
    for shown in ["  row 3: DATE_INVALID visitedOn\n", "  row 20: ROW_LENGTH\n", "  and 3 more\n"] {
        assert!(said.out.contains(shown), "{shown}: {said:?}");
    }
    for cell in ["CANARY", "Unheard", "MMR999999", "xxx"] {
        assert!(!said.out.contains(cell) && !said.err.contains(cell), "no cell is shown: {said:?}");
    }
    let written = office.path().join("old.csv.quarantine.csv");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&written).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(std::fs::read(&written).unwrap().windows(6).any(|cells| cells == b"CANARY"), "cells as they came");
    // The same key for another visit than the one that is there.
    let other = office.write("other.csv", &format!("{COLUMNS}\n1,2024-03-06,MRC-0,WALK_IN,,,,,,,,,\n"));
    assert_eq!(office.import(&other, MAPPING, &[]).numbers(), [0, 0, 1]);
    assert_eq!(quarantine(&other), [["2", "KEY_TAKEN", "key"]]);
    // Mended, everything is taken, and the file of what was set aside says so.
    let mended = office.write("old.csv", &format!("{COLUMNS}\n{}\n8,2024-03-05,MRC-0,PHONE,,,,,,,,,\n", rows[0].0));
    assert_eq!(office.import(&mended, MAPPING, &[]).numbers(), [1, 1, 0]);
    assert_eq!(quarantine(&mended).len(), 0);
    office.world.stop().await;
}

async fn a_mapping_that_does_not_fit(backend: Backend) {
    let office = Office::new(backend).await;
    let row = "1,2024-03-05,MRC-0,WALK_IN,23,,,,,,,,";
    let file = office.write("old.csv", &format!("{COLUMNS}\n{row}\n"));
    let doubled = office.write("doubled.csv", &format!("{COLUMNS},Day\n{row},\n"));
    let empty = office.write("empty.csv", "");
    let other = office.write("old.ods", "");
    let broken = office.write("broken.xlsx", "PK no workbook CANARY");
    let workbook = Register::new(1, 1).workbook(office.path());
    let before = office.world.store.dump(None).await;
    let change = |from: &str, to: &str| {
        assert!(MAPPING.contains(from), "{from}");
        MAPPING.replace(from, to)
    };
    let centre = "centre = { column = \"Centre\" }";
    let home = "homeTownship = { column = \"From\" }";
    for (file, mapping, named) in [
        (&file, change("\"Day\"", "\"Date\""), "no column `Date`, which `visitedOn` names"),
        (&file, change("[\"No\"]", "[\"No\", \"Book\"]"), "no column `Book`, which `key` names"),
        (&file, change("note =", "notes ="), "Line 16: there is no field `notes`; there are centre, "),
        (&file, change("split = \";\"", "sep = \";\""), "Line 12: unknown field `sep`, expected"),
        (&file, change(centre, "centre = { value = \"MRC-8\" }"), "The organisation has no centre `MRC-8`."),
        (
            &file,
            change(home, "homeTownship = { column = \"From\", values = { Muse = \"MMR000000\" } }"),
            "the P-code `MMR000000`",
        ),
        (
            &file,
            change("{ column = \"Project\" }", "{ column = \"Project\", default = \"SURE\" }"),
            "no project `SURE`.",
        ),
        (&file, change("key", "Key"), "unknown field `Key`"),
        (&file, change("[fields]", "[file]\nheader = 2\n[fields]"), "no column `No`"),
        (&file, change("[fields]", "[file]\nheader = 9\n[fields]"), "Row 9 of the file, the header, is blank."),
        (&file, change("[fields]", "[file]\ndelimiter = \";\"\n[fields]"), "no column `Centre`, which `centre` names"),
        (&doubled, MAPPING.to_owned(), "the column `Day` more than once"),
        (&empty, MAPPING.to_owned(), "Row 1 of the file, the header, is blank."),
        (&other, MAPPING.to_owned(), "is named neither .csv nor .xlsx."),
        (&broken, MAPPING.to_owned(), "it is no .xlsx workbook, damaged or locked. What was accepted before is kept."),
        (
            &workbook,
            change("[fields]", "[file]\nsheet = \"2023\"\n[fields]"),
            "no sheet `2023`; it has `Sheet1`, `၂၀၂၄`.",
        ),
        (&workbook, MAPPING.to_owned(), "no column `No`"),
    ] {
        let said = office.import(file, &mapping, &[]);
        assert!(!said.success && said.err.contains(named), "{named}: {said:?}");
        assert!(said.out.is_empty() && !said.err.contains("CANARY"), "{said:?}");
    }
    for (more, named) in [
        (["--organisation", "NOBODY", "--counsellor", "mrc_counsellor"], "no organisation with the code NOBODY"),
        (["--organisation", "ALPHA", "--counsellor", "nobody"], "ALPHA has no enabled user nobody."),
    ] {
        let said = Said::from(office.command(&file, MAPPING, &more).output().unwrap());
        assert!(!said.success && said.err.contains(named), "{said:?}");
    }
    let said = office.import(&file, MAPPING, &["--quarantine", file.to_str().unwrap()]);
    assert!(!said.success && said.err.contains("cannot be both"), "{said:?}");
    assert!(office.world.store.dump(None).await == before, "nothing is written");
    let mut left = std::fs::read_dir(office.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.all(|name| !name.to_str().unwrap().contains("quarantine")), "no quarantine file is left");
    assert_eq!(office.import(&file, MAPPING, &[]).numbers(), [1, 0, 0]);
    office.world.stop().await;
}

async fn the_example_of_the_readme(backend: Backend) {
    let office = Office::new(backend).await;
    let fixtures = crate::root().join("tests/fixtures");
    let read = |name: &str| std::fs::read_to_string(fixtures.join(name)).unwrap();
    // The demo's centres have other codes than the seeded ones.
    let mapping = read("register.toml").replace("MRC-MYITKYINA", "MRC-0").replace("MRC-MUSE", "MRC-1");
    let file = office.write("register.csv", &read("register.csv"));
    let readme = std::fs::read_to_string(crate::root().join("README.md")).unwrap();
    let shown = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    for line in shown.lines() {
        assert!(read("register.toml").lines().any(|own| own == line), "the README shows lines of the mapping: {line}");
    }
    assert_eq!(office.import(&file, &mapping, &["--dry-run"]).numbers(), [7, 0, 1]);
    assert_eq!(office.import(&file, &mapping, &[]).numbers(), [7, 0, 1]);
    assert_eq!(quarantine(&file), [["7", "BAD_USER_INPUT", "ageYears"]]);
    office.world.stop().await;
}

/// A field that the input gains is one a register can fill, or stands here.
#[test]
fn every_field_of_a_visit_can_be_filled() {
    const NOT_OF_A_REGISTER: [&str; 4] = ["idempotencyKey", "id", "person", "recordedOnDeviceAt"];
    let schema = std::fs::read_to_string(crate::root().join("schema.graphql")).unwrap();
    let of = |input: &str| {
        let input =
            schema.split(&format!("input {input} {{")).nth(1).and_then(|rest| rest.split("\n}").next()).unwrap();
        let fields = input.lines().filter_map(|line| line.trim().split_once(": ")).map(|(name, _)| name);
        fields.filter(|name| name.chars().all(char::is_alphanumeric)).collect::<Vec<&str>>()
    };
    // The questions of the short set stand for themselves.
    let fields = of("VisitRecordInput").into_iter().filter(|name| *name != "washingtonGroup");
    let fields: Vec<&str> = fields.chain(of("WashingtonGroupInput")).collect();
    let said = lanpya::service::import_visits::Mapping::read("key = []\n[fields]\nnone = {}").unwrap_err().concat();
    let known = said.split("there are ").nth(1).unwrap().trim_end_matches('.').split(", ");
    let known: Vec<&str> = NOT_OF_A_REGISTER.into_iter().chain(known).collect();
    assert!(fields.len() == known.len() && fields.iter().all(|field| known.contains(field)), "{fields:?} {known:?}");
}
