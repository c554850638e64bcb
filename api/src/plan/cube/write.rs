//! A statistic to JSON bytes.

use chrono::{Days, Months, NaiveDate};

use super::super::run::Below;
use super::super::write::{Writer, comma, object};
use super::run::{Figure, Group, Key, Tally};
use super::{Asked, BoundCube, GroupPart, KeyPart, MoneyPart, Part, SpanPart, cube_at, dimension_at};
use crate::error::{Code, Result};
use crate::graph::cube::Cut;

/// A span of time or ages, in words and by its ends.
struct Span {
    from: String,
    to: String,
    label: String,
}

fn json(out: &mut Vec<u8>, value: impl serde::Serialize) -> Result<()> {
    serde_json::to_writer(out, &value).map_err(|_| Code::Internal.into())
}

impl Writer<'_> {
    pub(in crate::plan) fn tally(&self, out: &mut Vec<u8>, asked: &Asked, tally: &Tally<'_>) -> Result<()> {
        let bound = self.bound.cubes.get(asked.slot).ok_or(Code::Internal)?;
        object(out, &asked.out, |out, part| match part {
            Part::Constant(bytes) => {
                out.extend_from_slice(bytes);
                Ok(())
            }
            Part::GroupCount => json(out, tally.count),
            Part::IsPublished => json(out, bound.published.is_some()),
            Part::Groups(parts) => {
                out.push(b'[');
                for (position, group) in tally.groups.iter().enumerate() {
                    comma(out, position);
                    self.group(out, asked, bound, tally, parts, group)?;
                }
                out.push(b']');
                Ok(())
            }
            Part::Total(parts) => match &tally.total {
                Some(total) => self.group(out, asked, bound, tally, parts, total),
                None => Err(Code::Internal.into()),
            },
        })
    }

    fn group(
        &self,
        out: &mut Vec<u8>,
        asked: &Asked,
        bound: &BoundCube,
        tally: &Tally<'_>,
        parts: &[(Box<[u8]>, GroupPart)],
        group: &Group,
    ) -> Result<()> {
        object(out, parts, |out, part| match part {
            GroupPart::Constant(bytes) => {
                out.extend_from_slice(bytes);
                Ok(())
            }
            GroupPart::AtLeast => json(out, group.at_least),
            GroupPart::IsSuppressed => json(out, !group.whole),
            GroupPart::Share => json(out, group.share),
            GroupPart::Key(parts) => object(out, parts, |out, part| self.key(out, asked, bound, tally, part, group)),
            GroupPart::Measure(measure, money) => {
                let place = asked.measures.iter().position(|one| one == measure).ok_or(Code::Internal)?;
                figure(out, group.figures.get(place).ok_or(Code::Internal)?, money)
            }
        })
    }

    fn key(
        &self,
        out: &mut Vec<u8>,
        asked: &Asked,
        bound: &BoundCube,
        tally: &Tally<'_>,
        part: &KeyPart,
        group: &Group,
    ) -> Result<()> {
        let cube = cube_at(asked.cube)?;
        let found = |dimension| bound.place(dimension).and_then(|place| group.keys.get(place)).unwrap_or(&Key::None);
        match part {
            KeyPart::Constant(bytes) => out.extend_from_slice(bytes),
            KeyPart::Period(parts) => {
                let span = bound.bucket.zip(group.keys.first()).and_then(|(bucket, key)| period(bucket.months(), key));
                span_of(out, parts, span, |out, day| json(out, day))?;
            }
            KeyPart::Band(dimension, parts) => {
                let span = band(bound.scheme.starts(), found(*dimension));
                span_of(out, parts, span, |out, age| {
                    out.extend_from_slice(if age.is_empty() { b"null" } else { age.as_bytes() });
                    Ok(())
                })?;
            }
            KeyPart::Plain(dimension) => match (&dimension_at(cube, *dimension)?.cut, found(*dimension)) {
                (Cut::Code(_, codes) | Cut::Codes(_, codes), Key::Number(place)) => {
                    json(out, usize::try_from(*place).ok().and_then(|place| codes.values.get(place)))?;
                }
                (_, Key::Text(text)) => json(out, text)?,
                (_, Key::Truth(truth)) => json(out, truth)?,
                _ => out.extend_from_slice(b"null"),
            },
            KeyPart::Record(dimension, edge, fields) => {
                let Some(Below::One { places, set, .. }) = tally.edges.get(*edge) else {
                    return Err(Code::Internal.into());
                };
                let row = match found(*dimension) {
                    Key::Id(id) => places.get(id).and_then(|place| set.rows.get(*place)),
                    _ => None,
                };
                self.some(out, fields, set, row)?;
            }
        }
        Ok(())
    }
}

fn figure(out: &mut Vec<u8>, figure: &Figure, money: &[(Box<[u8]>, MoneyPart)]) -> Result<()> {
    match figure {
        Figure::Number(number) => json(out, number),
        Figure::Mean(mean) => json(out, mean),
        Figure::Hidden => json(out, ()),
        Figure::Money(sums) => {
            out.push(b'[');
            for (position, (currency, amount)) in sums.iter().enumerate() {
                comma(out, position);
                object(out, money, |out, part| match part {
                    MoneyPart::Constant(bytes) => {
                        out.extend_from_slice(bytes);
                        Ok(())
                    }
                    MoneyPart::Amount => json(out, amount),
                    MoneyPart::Currency => json(out, currency),
                })?;
            }
            out.push(b']');
            Ok(())
        }
    }
}

fn span_of(
    out: &mut Vec<u8>,
    parts: &[(Box<[u8]>, SpanPart)],
    span: Option<Span>,
    end: impl Fn(&mut Vec<u8>, &str) -> Result<()>,
) -> Result<()> {
    let Some(span) = span else {
        out.extend_from_slice(b"null");
        return Ok(());
    };
    object(out, parts, |out, part| match part {
        SpanPart::Constant(bytes) => {
            out.extend_from_slice(bytes);
            Ok(())
        }
        SpanPart::From => end(out, &span.from),
        SpanPart::To => end(out, &span.to),
        SpanPart::Label => json(out, &span.label),
    })
}

/// The span of time with that number.
fn period(months: i64, key: &Key) -> Option<Span> {
    let Key::Number(number) = key else { return None };
    let first = number * months;
    let (year, month) = (i32::try_from(first / 12).ok()?, u32::try_from(first % 12).ok()? + 1);
    let from = NaiveDate::from_ymd_opt(year, month, 1)?;
    let to = from.checked_add_months(Months::new(u32::try_from(months).ok()?))?.checked_sub_days(Days::new(1))?;
    let label = match months {
        1 => format!("{year:04}-{month:02}"),
        3 => format!("{year:04}-Q{}", (month - 1) / 3 + 1),
        _ => format!("{year:04}"),
    };
    Some(Span { from: from.to_string(), to: to.to_string(), label })
}

/// The band of ages with that number.
fn band(starts: &[i32], key: &Key) -> Option<Span> {
    let Key::Number(number) = key else { return None };
    let place = usize::try_from(*number).ok()?;
    let from = starts.get(place)?;
    Some(match starts.get(place + 1) {
        Some(next) => {
            Span { from: from.to_string(), to: (next - 1).to_string(), label: format!("{from}–{}", next - 1) }
        }
        None => Span { from: from.to_string(), to: String::new(), label: format!("{from}+") },
    })
}
