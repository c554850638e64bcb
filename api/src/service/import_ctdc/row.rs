//! One row of the file, understood or refused: pure.

use chrono::NaiveDate;
use entity::person::{Answer, Gender, Sex};

use super::super::import::Why;
use super::digest;

/// The columns an import needs; others are ignored.
pub const COLUMNS: [&str; 7] = [
    "yearOfRegistration",
    "gender",
    "ageBroad",
    "citizenship",
    "isForcedLabour",
    "isSexualExploit",
    "CountryOfExploitation",
];

/// The first year of the collaborative's records.
const FIRST_YEAR: i32 = 2002;

/// A country that the publisher withheld: from the codes that ISO 3166-1 leaves to its users. Not the same as a country
/// that nobody knows, which is null.
const WITHHELD: &str = "XX";

/// Why a row is set aside. The text of a reason never holds a value of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Not as many cells as the header.
    RowLength,
    /// A cell that is not UTF-8.
    NotUtf8,
    /// No year, or one before 2002 or after this year.
    YearInvalid,
    /// A gender that is not in the list.
    GenderUnknown,
    /// An age band that is not in the list.
    AgeBandUnknown,
    /// A citizenship that is not two capital letters.
    CitizenshipUnknown,
    /// An answer about forced labour other than 1, 0 and no answer.
    ForcedLabourInvalid,
    /// An answer about sexual exploitation other than 1, 0 and no answer.
    SexualExploitationInvalid,
    /// A country that is not two capital letters.
    CountryUnknown,
}

impl Reason {
    /// The code that the summary and the quarantine file show.
    pub fn code(self) -> &'static str {
        match self {
            Self::RowLength => "ROW_LENGTH",
            Self::NotUtf8 => "NOT_UTF8",
            Self::YearInvalid => "YEAR_INVALID",
            Self::GenderUnknown => "GENDER_UNKNOWN",
            Self::AgeBandUnknown => "AGE_BAND_UNKNOWN",
            Self::CitizenshipUnknown => "CITIZENSHIP_UNKNOWN",
            Self::ForcedLabourInvalid => "FORCED_LABOUR_INVALID",
            Self::SexualExploitationInvalid => "SEXUAL_EXPLOITATION_INVALID",
            Self::CountryUnknown => "COUNTRY_UNKNOWN",
        }
    }

    /// The column it is about; empty for the row as a whole.
    fn column(self) -> &'static str {
        let [year, gender, age, citizenship, labour, sexual, country] = COLUMNS;
        match self {
            Self::RowLength | Self::NotUtf8 => "",
            Self::YearInvalid => year,
            Self::GenderUnknown => gender,
            Self::AgeBandUnknown => age,
            Self::CitizenshipUnknown => citizenship,
            Self::ForcedLabourInvalid => labour,
            Self::SexualExploitationInvalid => sexual,
            Self::CountryUnknown => country,
        }
    }
}

impl From<Reason> for Why {
    fn from(reason: Reason) -> Self {
        Self::new(reason.code(), reason.column())
    }
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Victim {
    pub(super) year: i32,
    pub(super) first_day: NaiveDate,
    pub(super) sex: Sex,
    pub(super) gender: Option<Gender>,
    pub(super) age_band: Option<&'static str>,
    pub(super) citizenship: Option<String>,
    pub(super) forced_labour: Answer,
    pub(super) sexual_exploitation: Answer,
    pub(super) country: Option<String>,
}

/// Where the needed columns are.
pub(super) struct Columns {
    positions: [usize; 7],
    count: usize,
}

impl Columns {
    /// From the header; names what is missing.
    pub(super) fn find(header: &csv::ByteRecord) -> Result<Self, Vec<&'static str>> {
        let names: Vec<&[u8]> =
            header.iter().map(|name| name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name).trim_ascii()).collect();
        let mut missing = Vec::new();
        let positions = COLUMNS.map(|column| {
            names.iter().position(|name| *name == column.as_bytes()).unwrap_or_else(|| {
                missing.push(column);
                0
            })
        });
        if missing.is_empty() { Ok(Self { positions, count: names.len() }) } else { Err(missing) }
    }

    /// What the row says, and the digest of the cells that say it.
    pub(super) fn victim(&self, cells: &csv::ByteRecord, latest: i32) -> Result<(Victim, [u8; 32]), Reason> {
        if cells.len() != self.count {
            return Err(Reason::RowLength);
        }
        let mut texts = [""; 7];
        for (text, position) in texts.iter_mut().zip(self.positions) {
            let cell = cells.get(position).ok_or(Reason::RowLength)?;
            *text = std::str::from_utf8(cell).map_err(|_| Reason::NotUtf8)?.trim();
        }
        Ok((victim(texts, latest)?, digest(texts.into_iter())))
    }
}

/// Whether a cell gives no information.
fn is_blank(cell: &str) -> bool {
    matches!(cell, "" | "-99" | "-99.0")
}

fn victim(cells: [&str; 7], latest: i32) -> Result<Victim, Reason> {
    let [year, sex, age, citizenship, labour, sexual, country] = cells;
    let year = self::year(year, latest).ok_or(Reason::YearInvalid)?;
    let (sex, gender) = gender(sex).ok_or(Reason::GenderUnknown)?;
    Ok(Victim {
        year,
        first_day: NaiveDate::from_ymd_opt(year, 1, 1).ok_or(Reason::YearInvalid)?,
        sex,
        gender,
        age_band: age_band(age)?,
        citizenship: self::country(citizenship, Reason::CitizenshipUnknown)?,
        forced_labour: answer(labour).ok_or(Reason::ForcedLabourInvalid)?,
        sexual_exploitation: answer(sexual).ok_or(Reason::SexualExploitationInvalid)?,
        country: self::country(country, Reason::CountryUnknown)?,
    })
}

fn year(cell: &str, latest: i32) -> Option<i32> {
    let digits = cell.strip_suffix(".0").unwrap_or(cell);
    let year: i32 = if digits.len() == 4 { digits.parse().ok()? } else { return None };
    (FIRST_YEAR..=latest).contains(&year).then_some(year)
}

fn gender(cell: &str) -> Option<(Sex, Option<Gender>)> {
    Some(match cell {
        "Female" => (Sex::Female, None),
        "Male" => (Sex::Male, None),
        "Transgender" | "Trans/Transgender/NonConforming" => (Sex::Other, Some(Gender::NonConforming)),
        blank if is_blank(blank) => (Sex::Unknown, None),
        _ => return None,
    })
}

fn age_band(cell: &str) -> Result<Option<&'static str>, Reason> {
    Ok(Some(match cell {
        "0--8" => "0-8",
        "9--17" => "9-17",
        "18--20" => "18-20",
        "21--23" => "21-23",
        "24--26" => "24-26",
        "27--29" => "27-29",
        "30--38" => "30-38",
        "39--47" => "39-47",
        "48+" => "48+",
        blank if is_blank(blank) => return Ok(None),
        _ => return Err(Reason::AgeBandUnknown),
    }))
}

fn country(cell: &str, refused: Reason) -> Result<Option<String>, Reason> {
    match cell {
        "0" | "0.0" => Ok(Some(WITHHELD.to_owned())),
        blank if is_blank(blank) => Ok(None),
        code if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => Ok(Some(code.to_owned())),
        _ => Err(refused),
    }
}

fn answer(cell: &str) -> Option<Answer> {
    match cell {
        "1" | "1.0" => Some(Answer::Yes),
        "0" | "0.0" => Some(Answer::No),
        blank if is_blank(blank) => Some(Answer::Unknown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(extra: &[&str]) -> csv::ByteRecord {
        COLUMNS.iter().chain(extra).copied().collect::<Vec<_>>().into()
    }

    fn read(cells: [&str; 7]) -> Result<Victim, Reason> {
        let columns = Columns::find(&header(&[])).unwrap();
        columns.victim(&cells.to_vec().into(), 2026).map(|(victim, _)| victim)
    }

    #[test]
    fn a_row_is_understood() {
        let victim = read(["2009", "Female", "9--17", "ZZ", "1.0", "0.0", "QM"]).unwrap();
        assert_eq!(victim.first_day, NaiveDate::from_ymd_opt(2009, 1, 1).unwrap());
        assert_eq!((victim.sex, victim.age_band), (Sex::Female, Some("9-17")));
        assert_eq!((victim.forced_labour, victim.sexual_exploitation), (Answer::Yes, Answer::No));
        assert_eq!((victim.citizenship.as_deref(), victim.country.as_deref()), (Some("ZZ"), Some("QM")));
    }

    #[test]
    fn nothing_said_withheld_and_no_are_three_things() {
        let blank = read(["2009", "", "", "", "", "-99", "-99"]).unwrap();
        assert_eq!((blank.sex, blank.age_band, blank.citizenship, blank.country), (Sex::Unknown, None, None, None));
        assert_eq!((blank.forced_labour, blank.sexual_exploitation), (Answer::Unknown, Answer::Unknown));
        let withheld = read(["2009", "Male", "48+", "0", "0", "1", "0"]).unwrap();
        assert_eq!((withheld.citizenship.as_deref(), withheld.country.as_deref()), (Some("XX"), Some("XX")));
        assert_eq!((withheld.forced_labour, withheld.sexual_exploitation), (Answer::No, Answer::Yes));
    }

    #[test]
    fn what_is_not_understood_is_refused_by_its_reason() {
        let good = ["2009", "Male", "48+", "ZZ", "1.0", "0.0", "QM"];
        let bad = [
            (0, "2001", Reason::YearInvalid),
            (0, "2027", Reason::YearInvalid),
            (0, "", Reason::YearInvalid),
            (0, "+209", Reason::YearInvalid),
            (1, "female", Reason::GenderUnknown),
            (2, "9-17", Reason::AgeBandUnknown),
            (3, "zz", Reason::CitizenshipUnknown),
            (4, "2.0", Reason::ForcedLabourInvalid),
            (5, "yes", Reason::SexualExploitationInvalid),
            (6, "QMM", Reason::CountryUnknown),
        ];
        for (position, cell, reason) in bad {
            let mut cells = good;
            cells[position] = cell;
            assert_eq!(read(cells), Err(reason), "{cell}");
        }
        assert_eq!(FIRST_YEAR, read(["2002", "Male", "", "", "", "", ""]).unwrap().year);
    }

    #[test]
    fn columns_are_found_wherever_they_are() {
        let mut names: Vec<&str> = header(&["Datasource"]).iter().map(|_| "").collect();
        names[0] = "\u{feff}Datasource";
        for (place, column) in names[1..].iter_mut().zip(COLUMNS.iter().rev()) {
            *place = column;
        }
        let columns = Columns::find(&names.into()).unwrap();
        let cells = vec!["made up", "QM", "", "1", "ZZ", "", "Male", "2010"];
        assert_eq!(columns.victim(&cells.into(), 2026).unwrap().0.year, 2010);
        let short = vec!["made up", "QM"];
        assert_eq!(columns.victim(&short.into(), 2026).unwrap_err(), Reason::RowLength);
        let missing = Columns::find(&vec!["gender", "ageBroad", "citizenship"].into()).err().unwrap();
        assert_eq!(missing, ["yearOfRegistration", "isForcedLabour", "isSexualExploit", "CountryOfExploitation"]);
    }

    #[test]
    fn cells_that_are_not_utf8_are_refused() {
        let columns = Columns::find(&header(&[])).unwrap();
        let mut cells = csv::ByteRecord::from(vec!["2009", "Male", "", "", "", ""]);
        cells.push_field(b"\xff\xfe");
        assert_eq!(columns.victim(&cells, 2026).unwrap_err(), Reason::NotUtf8);
    }
}
