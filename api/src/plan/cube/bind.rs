//! A statistic's arguments, checked before any statement runs.

use async_graphql_value::ConstValue;
use entity::statistics::{AgeScheme, DateBucket, GroupOrder};

use super::super::args::{self, Variables};
use super::super::filter::{Checker, Filter, Noted};
use super::{Asked, CUTS, LARGEST, USUAL, cube_at, dimension_at, measure_at};
use crate::access::{Class, Viewer, reading};
use crate::domain::suppression::{PUBLISHED_AGES, PUBLISHED_LEVEL};
use crate::error::{Code, Error, Result};
use crate::graph::cube::Cube;
use crate::graph::graph;

/// The values of one statistic.
#[derive(Debug)]
pub(in crate::plan) struct BoundCube {
    /// Dimensions in the order asked for.
    pub by: Vec<usize>,
    pub bucket: Option<DateBucket>,
    pub scheme: AgeScheme,
    pub level: Option<i32>,
    pub filter: Option<Filter>,
    /// The least and the greatest count of a group.
    pub having: (i64, i64),
    pub order: GroupOrder,
    pub first: usize,
    /// The dimension that the role does not read: the figures are published ones.
    pub published: Option<usize>,
}

fn code<C: entity::Code>(value: Option<ConstValue>, name: &str) -> Result<Option<C>> {
    let Some(value) = value else { return Ok(None) };
    let found = C::from_code(args::name(&value, name)?);
    found.map(Some).ok_or_else(|| Error::new(Code::CodeUnknown).on(name))
}

fn within(value: Option<ConstValue>, name: &str, low: i32, high: i32) -> Result<Option<i32>> {
    let Some(value) = value else { return Ok(None) };
    let number = args::int(&value, name)?;
    if (low..=high).contains(&number) {
        return Ok(Some(number));
    }
    Err(Error::new(Code::LimitExceeded).saying(format!("Must be between {low} and {high}.")).on(name))
}

impl BoundCube {
    /// Checks the arguments of `asked`; what the audit must name is added to `noted`.
    pub fn new(asked: &Asked, variables: &Variables, viewer: &Viewer, noted: &mut Vec<Noted>) -> Result<Self> {
        let cube = cube_at(asked.cube)?;
        let noun = graph().named(cube.noun).ok_or(Code::Internal)?;
        let position = graph().position(cube.noun).ok_or(Code::Internal)?;
        let highest = reading(viewer.role, noun.area).map(|grant| grant.class).ok_or(Code::RoleNotAllowed)?;
        let given = |name: &str| variables.argument(&asked.arguments, name);
        let by = dimensions(cube, given("groupBy"))?;
        let mut hidden = Vec::new();
        for dimension in &by {
            let dimension_at = dimension_at(cube, *dimension)?;
            if dimension_at.class > highest {
                hidden.push(*dimension);
            }
            if dimension_at.class >= Class::Personal {
                noted.push((position, dimension_at.field));
            }
        }
        for measure in &asked.measures {
            let measure = measure_at(cube, *measure)?;
            if measure.class >= Class::Personal {
                noted.push((position, measure.name));
            }
        }
        let mut checker = Checker::new(viewer.role);
        let filter = given("where").map(|value| checker.noun(noun, &value, "where", 0)).transpose()?;
        noted.append(&mut checker.noted);
        let mut bound = Self {
            by,
            bucket: code(given("bucket"), "bucket")?,
            scheme: code(given("ageScheme"), "ageScheme")?.unwrap_or(PUBLISHED_AGES),
            level: within(given("placeLevel"), "placeLevel", 0, 6)?,
            filter: filter.filter(|filter| *filter != Filter::All(Vec::new())),
            having: having(given("having"))?,
            order: code(given("orderBy"), "orderBy")?.unwrap_or(GroupOrder::Key),
            first: usize::try_from(within(given("first"), "first", 1, LARGEST)?.unwrap_or(USUAL)).unwrap_or_default(),
            published: hidden.first().copied(),
        };
        bound.publishable(cube, &hidden)?;
        if bound.published.is_some() {
            bound.level = Some(PUBLISHED_LEVEL);
        }
        Ok(bound)
    }

    /// Published figures are cut one way at a time, and by nothing that is chosen freely: two of them may not differ by
    /// one person.
    fn publishable(&self, cube: &'static Cube, hidden: &[usize]) -> Result<()> {
        let Some(published) = self.published else { return Ok(()) };
        let refused = |field: &str, text: &'static str| Err(Error::new(Code::ClassNotAllowed).saying(text).on(field));
        let others = self.by.iter().any(|one| *one != published && *one != cube.unit);
        if hidden.len() > 1 || others {
            let text = format!("What your role does not read is published cut one way, and by {}.", cube.unit_word());
            return Err(Error::new(Code::ClassNotAllowed).saying(text).on("groupBy"));
        }
        if dimension_at(cube, published)?.changes {
            return refused("groupBy", "This still changes after it was received, so no figure about it is published.");
        }
        if self.filter.is_some() {
            return refused("where", "What your role does not read is published without filters.");
        }
        if self.scheme != PUBLISHED_AGES {
            return refused("ageScheme", "What your role does not read is published by the ages of UNHCR.");
        }
        if self.level.is_some_and(|level| level != PUBLISHED_LEVEL) {
            return refused("placeLevel", "What your role does not read is published by township.");
        }
        if self.bucket == Some(DateBucket::Month) {
            return refused("bucket", "What your role does not read is published by quarter and year.");
        }
        Ok(())
    }
}

fn dimensions(cube: &Cube, value: Option<ConstValue>) -> Result<Vec<usize>> {
    let items = match value {
        None => Vec::new(),
        Some(ConstValue::List(items)) => items,
        Some(one) => vec![one],
    };
    let mut found = Vec::new();
    for item in &items {
        let dimension = cube.dimension(args::name(item, "groupBy")?);
        let dimension = dimension.ok_or_else(|| Error::new(Code::CodeUnknown).on("groupBy"))?;
        if !found.contains(&dimension) {
            found.push(dimension);
        }
    }
    if found.len() > CUTS {
        return Err(Error::new(Code::LimitExceeded).saying(format!("At most {CUTS} at once.")).on("groupBy"));
    }
    Ok(found)
}

fn having(value: Option<ConstValue>) -> Result<(i64, i64)> {
    let (mut least, mut greatest) = (0, i64::MAX);
    match value {
        None => {}
        Some(ConstValue::Object(members)) => {
            for (name, value) in members.iter().filter(|(_, value)| **value != ConstValue::Null) {
                match name.as_str() {
                    "gte" => least = args::int(value, "having.gte")?.into(),
                    "lte" => greatest = args::int(value, "having.lte")?.into(),
                    _ => return Err(Error::new(Code::BadUserInput).on("having")),
                }
            }
        }
        Some(_) => return Err(Error::new(Code::BadUserInput).saying("Expected an object.").on("having")),
    }
    Ok((least, greatest))
}
