//! Values as JSON bytes: the few shapes of which wide answers consist. The general machinery of formatting takes five to
//! fifteen times as many instructions for each; where a value is not plain, it is still what writes it.

use std::io::Write as _;

use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, Timelike as _, Utc};
use uuid::Uuid;

/// Characters of a TypeID, by value.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Appends UTF-8 as a JSON string.
pub fn text(out: &mut Vec<u8>, text: &[u8]) {
    if text.iter().all(|byte| matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=0x7f)) {
        return quoted(out, text);
    }
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(out, &String::from_utf8_lossy(text));
}

/// Appends ASCII that needs no escaping, such as a code, between quotes.
pub fn quoted(out: &mut Vec<u8>, text: &[u8]) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text);
    out.push(b'"');
}

/// Appends a number.
pub fn number(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends a day as `"2026-11-23"`.
pub fn date(out: &mut Vec<u8>, day: NaiveDate) {
    let Some(year) = plain(day) else {
        let _ = write!(out, "\"{day}\"");
        return;
    };
    out.reserve(12);
    out.push(b'"');
    digits(out, year, day);
    out.push(b'"');
}

/// Appends an instant as `"2026-11-23T09:30:00.000Z"`.
pub fn instant(out: &mut Vec<u8>, at: DateTime<Utc>) {
    let (day, time) = (at.date_naive(), at.time());
    let millis = time.nanosecond() / 1_000_000;
    // A leap second has more than a thousand.
    let Some(year) = plain(day).filter(|_| millis < 1_000) else {
        let _ = write!(out, "\"{}\"", at.to_rfc3339_opts(SecondsFormat::Millis, true));
        return;
    };
    out.reserve(26);
    out.push(b'"');
    digits(out, year, day);
    for (mark, number) in [(b'T', time.hour()), (b':', time.minute()), (b':', time.second())] {
        out.push(mark);
        two(out, number);
    }
    let [hundreds, ..] = (millis / 100).to_le_bytes();
    out.extend_from_slice(&[b'.', b'0' + hundreds]);
    two(out, millis % 100);
    out.extend_from_slice(b"Z\"");
}

/// Appends a TypeID: the prefix, and the UUID in 26 characters of five bits each.
pub fn id(out: &mut Vec<u8>, prefix: &str, id: Uuid) {
    out.reserve(prefix.len() + 29);
    out.push(b'"');
    out.extend_from_slice(prefix.as_bytes());
    out.push(b'_');
    let bits = id.as_u128();
    let mut characters = [b'0'; 26];
    for (place, character) in characters.iter_mut().rev().enumerate() {
        let [value, ..] = (bits >> (5 * place)).to_le_bytes();
        *character = ALPHABET.get(usize::from(value % 32)).copied().unwrap_or_default();
    }
    out.extend_from_slice(&characters);
    out.push(b'"');
}

/// The year of a day, where it has four digits.
fn plain(day: NaiveDate) -> Option<u32> {
    u32::try_from(day.year()).ok().filter(|year| *year < 10_000)
}

fn digits(out: &mut Vec<u8>, year: u32, day: NaiveDate) {
    two(out, year / 100);
    two(out, year % 100);
    for number in [day.month(), day.day()] {
        out.push(b'-');
        two(out, number);
    }
}

/// Appends a number below a hundred with two digits.
fn two(out: &mut Vec<u8>, number: u32) {
    let ([tens, ..], [ones, ..]) = ((number / 10).to_le_bytes(), (number % 10).to_le_bytes());
    out.extend_from_slice(&[b'0' + tens, b'0' + ones]);
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use type_safe_id::{DynamicType, TypeSafeId};

    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn days_and_instants_are_as_chrono_writes_them() {
        // Steps that meet every hour, month, century and the ends of years with four digits.
        let step = Duration::milliseconds(36_524 * 86_400_000 / 100 + 3_601_017);
        let mut at: DateTime<Utc> = "-0020-01-01T00:00:00Z".parse().unwrap();
        while at.year() < 10_030 {
            assert_eq!(written(|out| date(out, at.date_naive())), format!("\"{}\"", at.date_naive()));
            let expected = at.to_rfc3339_opts(SecondsFormat::Millis, true);
            assert_eq!(written(|out| instant(out, at)), format!("\"{expected}\""));
            at += step;
        }
        let leap = NaiveDate::from_ymd_opt(2016, 12, 31).unwrap().and_hms_milli_opt(23, 59, 59, 1_500).unwrap();
        assert_eq!(written(|out| instant(out, leap.and_utc())), "\"2016-12-31T23:59:60.500Z\"");
    }

    #[test]
    fn texts_are_as_serde_writes_them() {
        let mut texts: Vec<String> = (0..=0x2ff).filter_map(char::from_u32).map(|c| format!("Muse {c} 17")).collect();
        texts.extend([String::new(), "လမ်းပြ \"x\"".to_owned(), "back\\slash".to_owned(), "\u{1f600}".to_owned()]);
        for one in texts {
            assert_eq!(written(|out| text(out, one.as_bytes())), serde_json::to_string(&one).unwrap());
        }
    }

    #[test]
    fn ids_are_as_the_library_writes_them() {
        let kind = DynamicType::new("cpms_observation").unwrap();
        for seed in 0..500_u128 {
            let uuid = Uuid::from_u128(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).rotate_left(7));
            let expected = TypeSafeId::from_type_and_uuid(kind.clone(), uuid).to_string();
            assert_eq!(written(|out| id(out, "cpms_observation", uuid)), format!("\"{expected}\""));
        }
        assert!(written(|out| id(out, "visit", Uuid::max())).ends_with("7zzzzzzzzzzzzzzzzzzzzzzzzz\""));
    }

    #[test]
    fn numbers_are_as_they_are() {
        for one in [0, 1, -1, i64::MAX, i64::MIN, 1_440] {
            assert_eq!(written(|out| number(out, one)), one.to_string());
        }
    }
}
