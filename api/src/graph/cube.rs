//! Cubes: what of a noun may be counted, and by what it may be cut. A declaration names fields of the noun; their
//! classes and descriptions come along.

use sea_orm::ColumnTrait;

use super::declare::{Codes, Column, Field, Noun, Shape, column};
use crate::access::Class;

/// A noun that is counted.
pub struct Cube {
    /// The root field.
    pub root: &'static str,
    /// The noun's name in the schema; types of the cube begin with it.
    pub noun: &'static str,
    /// What a reader of the schema is told.
    pub description: &'static str,
    /// The day that `bucket` cuts.
    pub day: Column,
    /// By what it can be cut.
    pub dimensions: Vec<Dimension>,
    /// What is counted; the first is the number of rows.
    pub measures: Vec<Measure>,
    /// The dimension that published figures are kept apart by, beside the quarter.
    pub unit: usize,
}

/// One way to cut a cube.
pub struct Dimension {
    /// Its value in the enum of dimensions.
    pub name: String,
    /// The field of a group's key.
    pub field: &'static str,
    /// What a reader of the schema is told.
    pub description: &'static str,
    /// Who may read the field it is made of.
    pub class: Class,
    /// What it is made of.
    pub cut: Cut,
    /// Whether a row's value may still change: then no figure about it is published, for two of them would tell whose.
    pub changes: bool,
}

/// What a dimension is made of.
pub enum Cut {
    /// A column that holds one code.
    Code(Column, Codes),
    /// A column that holds a list of codes: a row counts under each.
    Codes(Column, Codes),
    /// The row of a noun that a column names.
    Edge(Column, &'static str),
    /// A place, rolled up to a level.
    Place(Column),
    /// An age in years, in bands; and a column with an age group, where that may be all that was told.
    Age(Column, Option<Column>),
    /// A text.
    Text(Column),
    /// True or false.
    Truth(Column),
}

impl Cut {
    /// The column it is made of.
    pub fn column(&self) -> Column {
        match self {
            Self::Code(column, _)
            | Self::Codes(column, _)
            | Self::Edge(column, _)
            | Self::Place(column)
            | Self::Age(column, _)
            | Self::Text(column)
            | Self::Truth(column) => *column,
        }
    }

    /// The noun whose rows are its values.
    pub fn target(&self) -> Option<&'static str> {
        match self {
            Self::Edge(_, target) => Some(target),
            Self::Place(_) => Some("Location"),
            _ => None,
        }
    }
}

/// Something counted.
pub struct Measure {
    /// Its field.
    pub name: &'static str,
    /// What a reader of the schema is told.
    pub description: &'static str,
    /// Who may know it exactly.
    pub class: Class,
    /// How it is counted.
    pub counted: Counted,
}

/// How something is counted.
pub enum Counted {
    /// Rows.
    Rows,
    /// Different values: of the first column where it has one, else of the others together, if there are any.
    Different(Column, Vec<Column>),
    /// Rows whose column is so.
    Truth(Column, bool),
    /// Rows that have a value.
    Known(Column),
    /// The sum of a column.
    Sum(Column),
    /// The mean of a column.
    Mean(Column),
    /// The mean of the days from one column to another.
    Days(Column, Column),
    /// The sum of an amount, in each currency.
    Money(Column, Column),
}

impl Cube {
    /// Declares what is counted of `noun`. `unit` is the first of the fields in `by`.
    pub fn of(
        noun: &Noun,
        root: &'static str,
        description: &'static str,
        day: impl ColumnTrait,
        by: &[&'static str],
        measures: Vec<Measure>,
    ) -> Self {
        let dimensions = by.iter().filter_map(|name| dimension(noun, name)).collect();
        Self { root, noun: noun.name, description, day: column(day), dimensions, measures, unit: 0 }
    }

    /// Says that a field may change after its record was received.
    #[must_use]
    pub fn changing(mut self, field: &str) -> Self {
        for dimension in self.dimensions.iter_mut().filter(|dimension| dimension.field == field) {
            dimension.changes = true;
        }
        self
    }

    /// What published figures are kept apart by, in a word.
    pub fn unit_word(&self) -> &'static str {
        self.dimensions.get(self.unit).map_or("", |unit| unit.field)
    }

    /// The position of the dimension of that enum value.
    pub fn dimension(&self, name: &str) -> Option<usize> {
        self.dimensions.iter().position(|dimension| dimension.name == name)
    }
}

/// A measure, as [`Cube::of`] takes it.
pub fn measure(name: &'static str, counted: Counted, class: Class, description: &'static str) -> Measure {
    Measure { name, description, class, counted }
}

/// An age is cut into bands; every other field of a noun says itself how it is cut.
fn dimension(noun: &Noun, name: &'static str) -> Option<Dimension> {
    let field = noun.field(name)?;
    let cut = match &field.shape {
        Shape::Code(column, codes) => Cut::Code(*column, codes.clone()),
        Shape::CodeList(column, codes) => Cut::Codes(*column, codes.clone()),
        Shape::One(column, "Location") => Cut::Place(*column),
        Shape::One(column, target) => Cut::Edge(*column, target),
        Shape::Plain(column) => match column.scalar {
            entity::value::Scalar::Int => Cut::Age(*column, noun.field("ageGroup").and_then(grouped)),
            entity::value::Scalar::Bool => Cut::Truth(*column),
            _ => Cut::Text(*column),
        },
        _ => return None,
    };
    let field_name = if matches!(cut, Cut::Age(..)) { "ageBand" } else { field.name };
    let name = screaming(field_name);
    Some(Dimension { name, field: field_name, description: field.description, class: field.class, cut, changes: false })
}

fn grouped(field: &Field) -> Option<Column> {
    if let Shape::Code(column, _) = &field.shape { Some(*column) } else { None }
}

/// `homeTownship` as an enum's value: `HOME_TOWNSHIP`.
pub fn screaming(name: &str) -> String {
    let mut screaming = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            screaming.push('_');
        }
        screaming.push(c.to_ascii_uppercase());
    }
    screaming
}
