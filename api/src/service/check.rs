//! Checks that every write shares: lengths, places, client ids.

use entity::{location, person};
use uuid::Uuid;

use crate::access::{Area, reading};
use crate::db::{Naming, Scope, Write};
use crate::error::{Code, Error, Result};

/// Longest name.
pub const NAME: usize = 200;
/// Longest free text.
pub const NOTE: usize = 10_000;

/// A text as it was sent, if it is not too long and can be stored.
pub fn text(value: Option<String>, limit: usize, field: &'static str) -> Result<Option<String>> {
    let Some(value) = value else { return Ok(None) };
    if value.contains('\0') {
        return Err(Error::new(Code::BadUserInput).saying("NUL characters cannot be stored.").on(field));
    }
    if value.chars().count() > limit {
        return Err(Error::new(Code::TooLong).saying(format!("At most {limit} characters.")).on(field));
    }
    Ok(Some(value))
}

/// A name in the languages of the border.
pub struct Names {
    /// In English.
    pub en: String,
    /// In Burmese.
    pub my: Option<String>,
    /// In Thai.
    pub th: Option<String>,
}

impl Names {
    /// The same, if each is short and the English one says something.
    pub fn checked(self) -> Result<Self> {
        let en = text(Some(self.en), NAME, "input.names.en")?.filter(|name| !name.trim().is_empty());
        Ok(Self {
            en: en.ok_or_else(|| Error::new(Code::FieldRequired).on("input.names.en"))?,
            my: text(self.my, NAME, "input.names.my")?,
            th: text(self.th, NAME, "input.names.th")?,
        })
    }
}

/// Texts of a list, each short.
pub fn texts(values: Vec<String>, field: &'static str) -> Result<Vec<String>> {
    if values.len() > 50 {
        return Err(Error::new(Code::TooLong).saying("At most 50 entries.").on(field));
    }
    values.into_iter().map(|value| text(Some(value), NAME, field).map(Option::unwrap_or_default)).collect()
}

/// A number within its range.
pub fn range(value: Option<i32>, range: std::ops::RangeInclusive<i32>, field: &'static str) -> Result<()> {
    if value.is_none_or(|value| range.contains(&value)) {
        return Ok(());
    }
    let says = format!("Must be between {} and {}.", range.start(), range.end());
    Err(Error::new(Code::BadUserInput).saying(says).on(field))
}

/// A code as it was given, or one made from the id: short enough to write on paper.
pub fn code(given: Option<String>, prefix: &str, id: Uuid, field: &'static str) -> Result<String> {
    if let Some(code) = text(given, 64, field)? {
        if code.trim().is_empty() {
            return Err(Error::new(Code::FieldRequired).on(field));
        }
        return Ok(code);
    }
    let digits = id.simple().to_string().to_uppercase();
    Ok(format!("{prefix}-{}", digits.get(22..).unwrap_or(&digits)))
}

/// The place with a P-code.
pub async fn place(write: &Write, pcode: Option<&str>, field: &'static str) -> Result<Option<Uuid>> {
    let Some(pcode) = pcode else { return Ok(None) };
    let id = entity::ids::location(pcode);
    match write.shared::<location::Entity>(id).await? {
        Some(_) => Ok(Some(id)),
        None => Err(Error::new(Code::PcodeUnknown).on(field)),
    }
}

/// The same left to the statement that names the place.
pub fn name_place(
    write: &Write,
    names: &mut Naming<'_>,
    column: &'static str,
    pcode: Option<&str>,
) -> Result<Option<Uuid>> {
    let id = pcode.map(entity::ids::location);
    write.name::<location::Entity>(names, column, id)?;
    Ok(id)
}

/// Whether a person is within reach. Who reads no persons is not told by this either which there are.
pub async fn person(write: &Write, person: Uuid) -> Result<()> {
    let missing = || Error::new(Code::NotFound).on("input.person");
    reading(write.scope().viewer().role, Area::People).ok_or_else(missing)?;
    write.get::<person::Entity>(person).await.map(drop).map_err(|error| error.on("input.person"))
}

/// The same left to the statement that names the person.
pub fn name_person(write: &Write, names: &mut Naming<'_>, person: Option<Uuid>) -> Result<()> {
    if person.is_some() {
        reading(write.scope().viewer().role, Area::People).ok_or(Code::NotFound)?;
    }
    write.name::<person::Entity>(names, "person_id", person)
}

/// A country code as ISO 3166-1 alpha-2 writes it.
pub fn country(code: Option<String>, field: &'static str) -> Result<Option<String>> {
    match code {
        Some(code) if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) => Ok(Some(code)),
        Some(_) => Err(Error::new(Code::CodeUnknown).saying("Two capital letters, ISO 3166-1 alpha-2.").on(field)),
        None => Ok(None),
    }
}

/// How far back a device's id may lie, in days: a month without a network and some.
const OLDEST_ID: i64 = 45;
/// How far ahead a device's clock may run, in minutes.
const AHEAD: i64 = 10;

/// The id of a new record: the device's own if it is a UUIDv7 of about now, else a fresh one.
pub fn new_id(scope: &Scope, given: Option<Uuid>) -> Result<Uuid> {
    let Some(id) = given else { return Ok(scope.new_id()) };
    device_id(scope, id, 0)?;
    Ok(id)
}

/// Whether an id was made of late, on a device whose clock is behind the server's by so many seconds.
pub fn device_id(scope: &Scope, id: Uuid, offset: i32) -> Result<()> {
    let refused = || {
        let text = "An id made on a device is a UUIDv7 of the last 45 days.";
        Error::new(Code::BadUserInput).saying(text).on("input.id")
    };
    let (seconds, _) = id.get_timestamp().filter(|_| id.get_version_num() == 7).ok_or_else(refused)?.to_unix();
    let made = i64::try_from(seconds).map_err(|_| refused())?;
    let now = scope.now().timestamp() - i64::from(offset);
    let acceptable = now - OLDEST_ID * 86_400..=now + AHEAD * 60;
    if acceptable.contains(&made) { Ok(()) } else { Err(refused()) }
}
