//! Reads a list of places with P-codes and refuses one that contradicts itself.

use std::collections::HashMap;

use serde::Deserialize;
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// The deepest administrative level a list may hold.
pub const DEEPEST_LEVEL: i32 = 3;

/// The self-administered zones, whose names the list leaves empty: named by the constitution of 2008, section 56,
/// and recognised by the townships that lie in them.
const ZONES: [(&str, &str); 5] = [
    ("MMR005S001", "Naga Self-Administered Zone"),
    ("MMR014S001", "Danu Self-Administered Zone"),
    ("MMR014S002", "Pa-O Self-Administered Zone"),
    ("MMR015S001", "Pa Laung Self-Administered Zone"),
    ("MMR015S002", "Kokang Self-Administered Zone"),
];

/// A place of the gazetteer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The code of the place.
    pub pcode: String,
    /// Administrative level, 0 for a country.
    pub level: i32,
    /// The value of `LocationKind`.
    pub kind: &'static str,
    /// The value of `Country`.
    pub country: &'static str,
    /// Code of the place it lies in.
    pub parent: Option<String>,
    /// Name in English.
    pub name_en: String,
    /// Name in Burmese.
    pub name_my: Option<String>,
    /// Name in Thai.
    pub name_th: Option<String>,
}

/// Why a list of places is refused.
#[derive(Debug, Error)]
pub enum PlaceError {
    /// The text is not the table it should be.
    #[error("the list of places cannot be read: {0}")]
    Table(#[from] csv::Error),
    /// A code stands there twice.
    #[error("the P-code {0} stands twice in the list of places")]
    Duplicate(String),
    /// The place lies in one that an earlier line does not name.
    #[error("the P-code {0} lies in {1}, which no earlier line names with the level above")]
    Parent(String, String),
    /// The code's country or the level is not known.
    #[error("the P-code {0} has no known country and level")]
    Kind(String),
    /// A place needs an English name.
    #[error("the P-code {0} has no name")]
    Name(String),
}

#[derive(Deserialize)]
struct Line {
    pcode: String,
    level: i32,
    parent_pcode: Option<String>,
    name_en: String,
    name_my: Option<String>,
    name_th: Option<String>,
}

/// Reads `pcode,level,parent_pcode,name_en,name_my,name_th`, parents before children, each code once.
pub fn parse(text: &str) -> Result<Vec<Place>, PlaceError> {
    let mut places: Vec<Place> = Vec::new();
    let mut levels: HashMap<String, i32> = HashMap::new();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    for line in reader.deserialize::<Line>() {
        let line = line?;
        let (country, kind) =
            country_and_kind(&line.pcode, line.level).ok_or_else(|| PlaceError::Kind(line.pcode.clone()))?;
        let above = line.parent_pcode.as_ref().map(|parent| levels.get(parent).copied());
        let fits = match above {
            None => line.level == 0,
            Some(level) => level.is_some_and(|level| level + 1 == line.level),
        };
        if !fits {
            return Err(PlaceError::Parent(line.pcode, line.parent_pcode.unwrap_or_default()));
        }
        let zone = ZONES.iter().find(|(pcode, _)| *pcode == line.pcode).map(|(_, name)| *name);
        let name_en = Some(line.name_en.as_str()).filter(|name| !name.is_empty()).or(zone);
        let name_en = name_en.ok_or_else(|| PlaceError::Name(line.pcode.clone()))?.nfc().collect();
        if levels.insert(line.pcode.clone(), line.level).is_some() {
            return Err(PlaceError::Duplicate(line.pcode));
        }
        places.push(Place {
            pcode: line.pcode,
            level: line.level,
            kind,
            country,
            parent: line.parent_pcode,
            name_en,
            name_my: line.name_my.map(|name| name.nfc().collect()),
            name_th: line.name_th.map(|name| name.nfc().collect()),
        });
    }
    Ok(places)
}

fn country_and_kind(pcode: &str, level: i32) -> Option<(&'static str, &'static str)> {
    let (country, kinds): (_, [&str; 4]) = if pcode.starts_with("MMR") {
        ("MYANMAR", ["COUNTRY", "STATE_REGION", "DISTRICT", "TOWNSHIP"])
    } else if pcode.starts_with("TH") {
        ("THAILAND", ["COUNTRY", "PROVINCE", "AMPHOE", "TAMBON"])
    } else {
        return None;
    };
    let kind = kinds.get(usize::try_from(level).ok()?)?;
    Some((country, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "pcode,level,parent_pcode,name_en,name_my,name_th\nMMR,0,,Myanmar,,\n";

    #[test]
    fn reads_kind_and_country() {
        let places = parse(&format!("{HEAD}MMR015,1,MMR,Shan (North),,\nTHA,0,,Thailand,,ไทย\n")).unwrap();
        let kinds: Vec<_> = places.iter().map(|place| (place.country, place.kind)).collect();
        assert_eq!(kinds, [("MYANMAR", "COUNTRY"), ("MYANMAR", "STATE_REGION"), ("THAILAND", "COUNTRY")]);
    }

    #[test]
    fn refuses_a_code_that_stands_twice() {
        let list = format!("{HEAD}MMR001,1,MMR,Kachin,,\nMMR001,1,MMR,Kayah,,\n");
        assert!(matches!(parse(&list), Err(PlaceError::Duplicate(code)) if code == "MMR001"));
    }

    #[test]
    fn refuses_an_unknown_parent() {
        let list = format!("{HEAD}MMR001001,3,MMR001D001,Myitkyina,,\n");
        assert!(matches!(parse(&list), Err(PlaceError::Parent(..))));
        // A level left out is as wrong as a parent left out.
        let list = format!("{HEAD}MMR001001,3,MMR,Myitkyina,,\n");
        assert!(matches!(parse(&list), Err(PlaceError::Parent(..))));
    }

    #[test]
    fn names_zones_and_refuses_other_nameless_places() {
        let places = parse(&format!("{HEAD}MMR005,1,MMR,Sagaing,,\nMMR005S001,2,MMR005,,,\n")).unwrap();
        assert_eq!(places[2].name_en, "Naga Self-Administered Zone");
        assert!(matches!(parse(&format!("{HEAD}MMR005,1,MMR,,,\n")), Err(PlaceError::Name(_))));
    }

    #[test]
    fn refuses_an_unknown_country_or_level() {
        assert!(matches!(parse(&format!("{HEAD}KHM,0,,Cambodia,,\n")), Err(PlaceError::Kind(_))));
        assert!(matches!(parse(&format!("{HEAD}MMR9,7,MMR,Nowhere,,\n")), Err(PlaceError::Kind(_))));
    }
}
