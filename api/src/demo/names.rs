//! Names that nobody bears: every one holds a word that says so.

use entity::person::Sex;

use super::draw::Draw;

/// One of these is in every full name.
pub const MARKS: [&str; 5] = ["Example", "Sample", "Specimen", "Testwin", "Fictiva"];

const WOMEN: [&str; 20] = [
    "Hla", "Nang", "Aye", "Mya", "Khin", "Moe", "Seng", "Lahtaw", "Nan", "Thida", "Su", "Malai", "Dara", "Wipa", "Pim",
    "Roi", "Ja", "Htu", "Ei", "Nilar",
];
const MEN: [&str; 20] = [
    "Sai", "Aung", "Zaw", "Min", "Kyaw", "Tun", "Naw", "Brang", "Gam", "La", "Somchai", "Anan", "Niran", "Thura", "Ko",
    "Htoo", "Win", "Awng", "Preecha", "Lwin",
];
const SECOND: [&str; 16] =
    ["Htay", "Lin", "Mon", "Nu", "Pan", "Ra", "Seng", "Shwe", "Tawng", "Thin", "Ya", "Zin", "Dee", "Kham", "Mai", "Oo"];

/// A full name for the demo.
pub(super) fn full(draw: &mut Draw, sex: Sex) -> String {
    let first = draw.of(if sex == Sex::Male { &MEN } else { &WOMEN }).unwrap_or("Demo");
    let mark = draw.of(&MARKS).unwrap_or("Example");
    match draw.of(&SECOND) {
        Some(second) if draw.chance(75) => format!("{first} {second} {mark}"),
        _ => format!("{first} {mark}"),
    }
}

/// A telephone number that no network gives out.
pub(super) fn phone(draw: &mut Draw) -> String {
    format!("+95 9 000 000 {:03}", draw.between(0, 999))
}
