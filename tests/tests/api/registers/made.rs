//! A register that was never kept: random visits, as a spreadsheet would hold them and as the graph must answer them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{Datelike as _, Days, NaiveDate};
use entity::Code;
use entity::exploitation_episode::IsicSection;
use entity::person::{Answer, DisplacementStatus, Sex};
use entity::screening_request::ForcedLabourSign;
use entity::visit::{
    AgeGroup, CallKind, Difficulty, HeardThrough, VisitChannel, VisitService, VisitTopic, VisitorKind,
};
use harness::random::Random;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

/// The columns, with one that no mapping names.
pub const HEADER: [&str; 33] = [
    "No",
    "Date",
    "Remarks of the clerk",
    "Centre",
    "Project",
    "How",
    "Ticket",
    "First",
    "Came as",
    "Sex",
    "Age",
    "About",
    "Sees",
    "Hears",
    "Walks",
    "Remembers",
    "Washes",
    "Talks",
    "Disability",
    "Displacement",
    "From",
    "To",
    "Work",
    "Heard",
    "Talked about",
    "Got",
    "Signs",
    "Papers",
    "Minutes",
    "Call",
    "Mark",
    "Again",
    "Note",
];

/// How [`HEADER`] is read.
pub fn mapping() -> String {
    let channels: Vec<String> =
        VisitChannel::all().into_iter().map(|c| format!("\"{}\" = \"{}\"", said(c), c.code())).collect();
    let topics: Vec<String> =
        VisitTopic::all().into_iter().map(|c| format!("\"{}\" = \"{}\"", said(c), c.code())).collect();
    format!(
        r#"
key = ["No", "Date"]
[fields]
centre = {{ column = "Centre" }}
project = {{ column = "Project" }}
visitedOn = {{ column = "Date", format = "%d/%m/%Y" }}
channel = {{ column = "How", values = {{ {} }} }}
ticket = {{ column = "Ticket" }}
isFirst = {{ column = "First" }}
visitorKind = {{ column = "Came as" }}
sex = {{ column = "Sex", values = {{ "-" = "" }} }}
ageYears = {{ column = "Age" }}
ageGroup = {{ column = "About" }}
seeing = {{ column = "Sees" }}
hearing = {{ column = "Hears" }}
walking = {{ column = "Walks" }}
remembering = {{ column = "Remembers" }}
selfCare = {{ column = "Washes" }}
communicating = {{ column = "Talks" }}
disability = {{ column = "Disability" }}
displacement = {{ column = "Displacement" }}
homeTownship = {{ column = "From", values = {{ "မူဆယ်" = "MMR015009" }} }}
destination = {{ column = "To" }}
sector = {{ column = "Work" }}
heardThrough = {{ column = "Heard" }}
topics = {{ column = "Talked about", split = "၊", values = {{ {} }} }}
services = {{ column = "Got", split = ";" }}
signs = {{ column = "Signs", split = ";" }}
documentsGiven = {{ column = "Papers", split = "\n" }}
minutes = {{ column = "Minutes" }}
callKind = {{ column = "Call" }}
satisfaction = {{ column = "Mark" }}
needsFollowUp = {{ column = "Again" }}
note = {{ column = "Note" }}
"#,
        channels.join(", "),
        topics.join(", ")
    )
}

/// A word for a code that is not the code.
fn said(code: impl Code) -> String {
    format!("စကား {}", code.code().to_lowercase().replace('_', " "))
}

/// A cell as a workbook types it.
#[derive(Clone, Debug)]
pub enum Cell {
    Text(String),
    Number(i32),
    Truth(bool),
    Day(NaiveDate),
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            // As Excel writes it into a CSV file.
            Self::Truth(truth) => truth.to_string().to_uppercase(),
            Self::Day(day) => day.format("%d/%m/%Y").to_string(),
        }
    }
}

/// Rows, and what each must be in the graph, by ticket.
pub struct Register {
    pub rows: Vec<Vec<Cell>>,
    pub visits: BTreeMap<String, Value>,
}

/// The fields of [`Register::visits`].
pub const SELECTION: &str = "ticket visitedOn channel isFirst visitorKind sex ageYears ageGroup \
    washingtonGroup { seeing hearing walking remembering selfCare communicating } disability displacement \
    homeTownship { pcode } destination sector heardThrough topics services signs documentsGiven minutes callKind \
    satisfaction needsFollowUp note centre { code } project { names { en } } counsellor { subject }";

/// The questions of the Washington Group's short set.
const QUESTIONS: [&str; 6] = ["seeing", "hearing", "walking", "remembering", "selfCare", "communicating"];

/// The set's own cut-off: a lot of difficulty in one question is enough; without, all six must be answered.
fn disability_of(answers: &[Option<&str>; 6]) -> Option<&'static str> {
    if answers.iter().flatten().any(|answer| matches!(*answer, "A_LOT_OF_DIFFICULTY" | "CANNOT_DO_AT_ALL")) {
        return Some("YES");
    }
    answers.iter().all(Option::is_some).then_some("NO")
}

fn code<C: Code>(random: &mut Random) -> &'static str {
    random.pick(&C::all()).code()
}

/// Some codes in any order, some of them twice; and the same as a set.
fn codes<C: Code>(random: &mut Random) -> (Vec<C>, Vec<&'static str>) {
    let told: Vec<C> = (0..random.below(5)).map(|_| *random.pick(&C::all())).collect();
    let mut set: Vec<&str> = told.iter().map(|code| code.code()).collect();
    set.sort_unstable();
    set.dedup();
    (told, set)
}

fn maybe<T>(random: &mut Random, make: impl FnOnce(&mut Random) -> T) -> Option<T> {
    random.chance(60).then(|| make(random))
}

fn text(value: Option<&str>) -> Cell {
    Cell::Text(value.unwrap_or_default().to_owned())
}

fn number(value: Option<i32>) -> Cell {
    value.map_or_else(|| text(None), Cell::Number)
}

fn truth(value: Option<bool>) -> Cell {
    value.map_or_else(|| text(None), Cell::Truth)
}

fn up_to(random: &mut Random, low: usize, high: usize) -> i32 {
    i32::try_from(random.between(low, high)).unwrap()
}

impl Register {
    /// So many visits, by seed.
    pub fn new(seed: u64, count: usize) -> Self {
        let mut random = Random::new(seed);
        let mut register = Self { rows: Vec::new(), visits: BTreeMap::new() };
        for row in 1..=count {
            register.add(&mut random, row);
        }
        register
    }

    fn add(&mut self, random: &mut Random, row: usize) {
        const NOTES: [&str; 5] = ["ဖုန်းပြန်ခေါ်ရန်", "a, \"b\"; c", "two\nlines", "=1+1", "ผู้ย้ายถิ่น 'x'"];
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let day = first + Days::new(u64::try_from(random.below(700)).unwrap());
        let centre = *random.pick(&["MRC-0", "MRC-1"]);
        let project = maybe(random, |_| "SAFE");
        let channel = *random.pick(&VisitChannel::all());
        // A ticket of digits alone is a number in a workbook.
        let ticket = if row.is_multiple_of(3) { (7_000 + row).to_string() } else { format!("R-{row:04}") };
        let is_first = maybe(random, |random| random.chance(50));
        let kind = code::<VisitorKind>(random);
        let sex = maybe(random, code::<Sex>);
        let age = maybe(random, |random| up_to(random, 0, 120));
        let group = if age.is_none() { maybe(random, code::<AgeGroup>) } else { None };
        let often = random.chance(50);
        let answers = QUESTIONS
            .map(|_| if often { Some(code::<Difficulty>(random)) } else { maybe(random, |_| "NO_DIFFICULTY") });
        let told = disability_of(&answers);
        // What the answers tell may be left out, and not contradicted.
        let disability = maybe(random, |random| told.unwrap_or_else(|| code::<Answer>(random)));
        let displacement = maybe(random, code::<DisplacementStatus>);
        let home = maybe(random, |random| *random.pick(&["MMR015009", "MMR001001"]));
        let destination = maybe(random, |random| *random.pick(&["TH", "MY", "CN"]));
        let (sector, heard) = (maybe(random, code::<IsicSection>), maybe(random, code::<HeardThrough>));
        let (topics, topic_set) = codes::<VisitTopic>(random);
        let (services, service_set) = codes::<VisitService>(random);
        let (signs, sign_set) = codes::<ForcedLabourSign>(random);
        let papers: Vec<&str> = (0..random.below(3)).map(|_| *random.pick(&["လက်ကမ်းစာစောင်", "Card, small"])).collect();
        let minutes = maybe(random, |random| up_to(random, 0, 1440));
        let call = if channel == VisitChannel::Phone { maybe(random, code::<CallKind>) } else { None };
        let mark = maybe(random, |random| up_to(random, 1, 5));
        let again = maybe(random, |random| random.chance(50));
        let note = maybe(random, |random| *random.pick(&NOTES));
        let join = |codes: Vec<&'static str>| Cell::Text(codes.join(" ; "));
        self.rows.push(vec![
            Cell::Number(i32::try_from(row).unwrap()),
            // Some days are texts in a workbook too.
            if row.is_multiple_of(4) { Cell::Text(day.format("%d/%m/%Y").to_string()) } else { Cell::Day(day) },
            Cell::Text("#N/A".to_owned()),
            text(Some(centre)),
            text(project),
            Cell::Text(format!(" {} ", said(channel))),
            ticket.parse().map_or_else(|_| text(Some(&ticket)), Cell::Number),
            truth(is_first),
            text(Some(kind)),
            text(sex.or(Some("-"))),
            number(age),
            text(group),
            text(answers[0]),
            text(answers[1]),
            text(answers[2]),
            text(answers[3]),
            text(answers[4]),
            text(answers[5]),
            text(disability),
            text(displacement),
            text(home.map(|pcode| if pcode == "MMR015009" { "မူဆယ်" } else { pcode })),
            text(destination),
            text(sector),
            text(heard),
            Cell::Text(topics.into_iter().map(said).collect::<Vec<_>>().join("၊ ")),
            join(services.into_iter().map(Code::code).collect()),
            join(signs.into_iter().map(Code::code).collect()),
            Cell::Text(papers.join("\n")),
            number(minutes),
            text(call),
            number(mark),
            truth(again),
            text(note),
        ]);
        let answered: serde_json::Map<String, Value> =
            QUESTIONS.into_iter().zip(answers).map(|(question, answer)| (question.to_owned(), json!(answer))).collect();
        let answered = if answers.iter().all(Option::is_none) { Value::Null } else { answered.into() };
        let visit = json!({
            "ticket": ticket, "visitedOn": day.to_string(), "channel": channel.code(), "isFirst": is_first.unwrap_or(true),
            "visitorKind": kind, "sex": sex.unwrap_or("NOT_ASKED"), "ageYears": age,
            "ageGroup": group, "washingtonGroup": answered,
            "disability": told.or(disability).unwrap_or("NOT_ASKED"), "displacement": displacement.unwrap_or("NOT_ASKED"),
            "homeTownship": home.map(|pcode| json!({ "pcode": pcode })), "destination": destination, "sector": sector,
            "heardThrough": heard, "topics": topic_set, "services": service_set, "signs": sign_set,
            "documentsGiven": papers, "minutes": minutes, "callKind": call, "satisfaction": mark,
            "needsFollowUp": again.unwrap_or(false), "note": note, "centre": { "code": centre },
            "project": project.map(|name| json!({ "names": { "en": name } })),
            "counsellor": { "subject": "mrc_counsellor" },
        });
        self.visits.insert(ticket, visit);
    }

    /// As a CSV file in a folder.
    pub fn csv(&self, folder: &Path) -> PathBuf {
        let path = folder.join("register.csv");
        let mut writer = csv::Writer::from_path(&path).unwrap();
        writer.write_record(HEADER).unwrap();
        for row in &self.rows {
            writer.write_record(row.iter().map(Cell::text)).unwrap();
        }
        writer.flush().unwrap();
        path
    }

    /// As a workbook whose second sheet has a title, the header in its third row, and a blank row in the middle.
    pub fn workbook(&self, folder: &Path) -> PathBuf {
        let path = folder.join("register.xlsx");
        let mut book = Workbook::new();
        book.add_worksheet().write(0, 0, "Another sheet").unwrap();
        let sheet = book.add_worksheet().set_name("၂၀၂၄").unwrap();
        sheet.write(0, 0, "Register of visits").unwrap();
        for (column, name) in (0..).zip(HEADER) {
            sheet.write(2, column, name).unwrap();
        }
        let format = Format::new().set_num_format("dd/mm/yyyy");
        for (at, row) in (3..).zip(&self.rows) {
            let at = if at > 20 { at + 1 } else { at };
            for (column, cell) in (0..).zip(row) {
                match cell {
                    Cell::Text(text) if text.is_empty() => continue,
                    Cell::Text(text) => sheet.write(at, column, text.as_str()).unwrap(),
                    Cell::Number(number) => sheet.write(at, column, *number).unwrap(),
                    Cell::Truth(truth) => sheet.write(at, column, *truth).unwrap(),
                    Cell::Day(day) => {
                        let year = u16::try_from(day.year()).unwrap();
                        let (month, day) = (u8::try_from(day.month()).unwrap(), u8::try_from(day.day()).unwrap());
                        let day = ExcelDateTime::from_ymd(year, month, day).unwrap();
                        sheet.write_with_format(at, column, day, &format).unwrap()
                    }
                };
            }
        }
        book.save(&path).unwrap();
        path
    }
}

/// What the mapping says of such a workbook.
pub const LAYOUT: &str = "[file]\nsheet = \"၂၀၂၄\"\nheader = 3\n";
