//! The words a noun is declared with. A declaration names typed columns; types, filters, orders, plan and documentation
//! follow from it.

use std::collections::HashMap;
use std::str::FromStr as _;

use async_graphql::registry::Registry;
use async_graphql::{InputType, OutputType};
use chrono::{DateTime, NaiveDate, Utc};
use entity::value::{Cell, Scalar};
use entity::{Owner, Tenanted};
use sea_orm::{ColumnTrait, ColumnType};

use crate::access::{Area, Class, holding};

/// A column as the plan uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Column {
    /// Its name in the table.
    pub name: &'static str,
    /// What it holds.
    pub scalar: Scalar,
    /// Whether it may be empty.
    pub nullable: bool,
}

/// A closed list of codes, known to the schema as an enum.
#[derive(Clone)]
pub struct Codes {
    /// The enum's name in the schema.
    pub name: String,
    /// Registers the enum and its descriptions.
    pub register: fn(&mut Registry) -> String,
    /// The codes in order.
    pub values: Vec<&'static str>,
}

/// The moment a request is answered at; derived fields see no other clock.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Today where the organisation is.
    pub today: NaiveDate,
    /// The instant.
    pub now: DateTime<Utc>,
}

/// A pure function of named columns.
pub type Compute = fn(&[Cell<'_>], &Moment) -> Cell<'static>;

/// What a field is made of.
#[derive(Clone)]
pub enum Shape {
    /// The global id.
    Id,
    /// A column, as it is.
    Plain(Column),
    /// A column that holds one code.
    Code(Column, Codes),
    /// A column that holds a JSON list of codes.
    CodeList(Column, Codes),
    /// A column that holds a JSON list of texts.
    TextList(Column),
    /// A pure function of columns.
    Derived(Vec<Column>, Compute, Scalar),
    /// Records of several kinds, by their ids: the columns that hold the kind, one id, and many one after another.
    Records([Column; 3]),
    /// Several columns that make one value.
    Object(&'static str, &'static str, Vec<Field>),
    /// The row that a column names.
    One(Column, &'static str),
    /// The rows whose column names this row.
    Many(Column, &'static str),
}

impl Shape {
    /// Whether it tells of several records by their ids, kept as bytes.
    pub fn names_records(&self) -> bool {
        match self {
            Self::Records(_) => true,
            Self::Derived(columns, ..) => columns.iter().any(|column| column.scalar == Scalar::Bytes),
            _ => false,
        }
    }
}

/// One field of a noun.
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
#[derive(Clone)]
pub struct Field {
    /// Its name in the schema.
    pub name: &'static str,
    /// What a reader of the schema is told.
    pub description: &'static str,
    /// Who may see it.
    pub class: Class,
    /// What it is made of.
    pub shape: Shape,
    /// Whether lists may be narrowed by it.
    pub filter: bool,
    /// Whether lists may be ordered by it.
    pub sort: bool,
    /// Whether the row's id was made at this instant: ids run with it.
    pub in_id: bool,
    /// Whether it always has a value for those who may read the noun.
    pub required: bool,
}

impl Field {
    fn new(name: &'static str, class: Class, shape: Shape, required: bool, description: &'static str) -> Self {
        let required = required && class <= Class::Internal;
        Self { name, description, class, shape, filter: false, sort: false, in_id: false, required }
    }

    /// Lists may be narrowed by it; an index backs it.
    #[must_use]
    pub fn filtered(mut self) -> Self {
        self.filter = true;
        self
    }

    /// Lists are neither narrowed nor ordered by it or its parts: there are few rows, and no index.
    #[must_use]
    pub fn unlisted(mut self) -> Self {
        (self.filter, self.sort) = (false, false);
        if let Shape::Object(_, _, inner) = &mut self.shape {
            *inner = std::mem::take(inner).into_iter().map(Self::unlisted).collect();
        }
        self
    }

    /// Lists may be ordered by it; an index backs it.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.sort = true;
        self
    }

    /// The row's id was made at this instant, to the millisecond: rows are found and put in order along their ids, and no
    /// other index is needed.
    #[must_use]
    pub fn in_id(mut self) -> Self {
        self.in_id = true;
        self
    }

    /// The edge leads to a row that everyone who reads this noun reads too.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.required = true;
        self
    }
}

/// A column as the plan uses it.
pub(super) fn column<C: ColumnTrait>(column: C) -> Column {
    let definition = column.def();
    let scalar = match definition.get_column_type() {
        ColumnType::TinyInteger | ColumnType::SmallInteger | ColumnType::Integer | ColumnType::BigInteger => {
            Scalar::Int
        }
        ColumnType::Float | ColumnType::Double => Scalar::Float,
        ColumnType::Boolean => Scalar::Bool,
        ColumnType::Uuid => Scalar::Uuid,
        ColumnType::Binary(_) | ColumnType::VarBinary(_) | ColumnType::Blob => Scalar::Bytes,
        ColumnType::Date => Scalar::Date,
        ColumnType::DateTime | ColumnType::Timestamp | ColumnType::TimestampWithTimeZone => Scalar::Timestamp,
        _ => Scalar::Text,
    };
    Column { name: column.as_str(), scalar, nullable: definition.is_null() }
}

/// A column, as it is.
pub fn plain<C: ColumnTrait>(name: &'static str, from: C, class: Class, description: &'static str) -> Field {
    let column = column(from);
    Field::new(name, class, Shape::Plain(column), !column.nullable, description)
}

fn codes<E: entity::Code + InputType + OutputType>() -> Codes {
    Codes {
        name: <E as OutputType>::type_name().into_owned(),
        register: <E as OutputType>::create_type_info,
        values: E::all().into_iter().map(entity::Code::code).collect(),
    }
}

/// A column that holds a code of the list `E`.
pub fn code<E: entity::Code + InputType + OutputType>(
    name: &'static str,
    from: impl ColumnTrait,
    class: Class,
    description: &'static str,
) -> Field {
    let column = column(from);
    Field::new(name, class, Shape::Code(column, codes::<E>()), !column.nullable, description)
}

/// A column that holds several codes of the list `E`.
pub fn code_list<E: entity::Code + InputType + OutputType>(
    name: &'static str,
    from: impl ColumnTrait,
    class: Class,
    description: &'static str,
) -> Field {
    let column = column(from);
    Field::new(name, class, Shape::CodeList(column, codes::<E>()), !column.nullable, description)
}

/// A column that holds several texts.
pub fn text_list<C: ColumnTrait>(name: &'static str, from: C, class: Class, description: &'static str) -> Field {
    let column = column(from);
    Field::new(name, class, Shape::TextList(column), !column.nullable, description)
}

/// A pure function of columns.
pub fn derived<C: ColumnTrait>(
    name: &'static str,
    from: &[C],
    scalar: Scalar,
    compute: Compute,
    class: Class,
    description: &'static str,
) -> Field {
    let columns = from.iter().map(|one| column(*one)).collect();
    Field::new(name, class, Shape::Derived(columns, compute, scalar), false, description)
}

/// Records of several kinds, by their ids: the columns that hold the kind, one id, and many one after another.
pub fn records<C: ColumnTrait>(
    name: &'static str,
    [kind, one, many]: [C; 3],
    class: Class,
    description: &'static str,
) -> Field {
    Field::new(name, class, Shape::Records([kind, one, many].map(column)), false, description)
}

/// Several columns that make one value of the object type `kind`.
pub fn object(
    name: &'static str,
    kind: (&'static str, &'static str),
    class: Class,
    fields: Vec<Field>,
    required: bool,
    description: &'static str,
) -> Field {
    Field::new(name, class, Shape::Object(kind.0, kind.1, fields), required, description)
}

/// A name in the three languages of the border.
pub fn names<C: ColumnTrait>(
    name: &'static str,
    [en, my, th]: [C; 3],
    class: Class,
    description: &'static str,
) -> Field {
    let fields = vec![
        plain("en", en, class, "In English.").filtered().sorted(),
        plain("my", my, class, "In Burmese (Unicode)."),
        plain("th", th, class, "In Thai."),
    ];
    let kind = ("LocalisedText", "The same text in the languages of the border; a language without a text is null.");
    let mut field = object(name, kind, class, fields, true, description);
    field.filter = true;
    field
}

/// The row that a column names.
pub fn one<C: ColumnTrait>(
    name: &'static str,
    from: C,
    target: &'static str,
    class: Class,
    description: &'static str,
) -> Field {
    Field::new(name, class, Shape::One(column(from), target), false, description)
}

/// The rows of `target` whose column names this row.
pub fn many<C: ColumnTrait>(
    name: &'static str,
    their: C,
    target: &'static str,
    class: Class,
    description: &'static str,
) -> Field {
    Field::new(name, class, Shape::Many(column(their), target), false, description)
}

/// A way to narrow a list that reads better than the filter it stands for: rows with a row of `target` whose `column`
/// equals the folded text.
#[derive(Clone, Copy)]
pub struct Shortcut {
    /// Its name in the filter.
    pub name: &'static str,
    /// What a reader of the schema is told.
    pub description: &'static str,
    /// The to-many edge that is followed.
    pub edge: &'static str,
    /// The column compared.
    pub column: &'static str,
    /// Brings the text into the form the column is kept in.
    pub fold: fn(&str) -> String,
}

/// A noun of the graph.
pub struct Noun {
    /// Its type in the schema.
    pub name: &'static str,
    /// Prefix of its global ids; also the root field for one of it, in camel case.
    pub prefix: &'static str,
    /// The root field for one.
    pub single: &'static str,
    /// The root field for many.
    pub plural: &'static str,
    /// What several are called in a sentence, where the root field does not say it.
    pub words: Option<&'static str>,
    /// What a reader of the schema is told.
    pub description: &'static str,
    /// Its table.
    pub table: &'static str,
    /// Who owns a row.
    pub owner: Owner,
    /// Column of the id.
    pub id: &'static str,
    /// The part of the policy table it falls under.
    pub area: Area,
    /// Its fields in order.
    pub fields: Vec<Field>,
    /// A column with a value that names one row, offered beside the id.
    pub key: Option<(&'static str, Column, Class)>,
    /// Filters that read better.
    pub shortcuts: Vec<Shortcut>,
    positions: HashMap<&'static str, usize>,
}

impl Noun {
    /// Declares the noun over entity `E`.
    pub fn of<E: Tenanted>(
        name: &'static str,
        prefix: &'static str,
        [single, plural]: [&'static str; 2],
        description: &'static str,
        fields: Vec<Field>,
    ) -> Self {
        let table = E::default().table_name();
        let area = holding(table).map_or(Area::Reference, |(area, _)| area);
        let mut all =
            vec![Field::new("id", Class::Public, Shape::Id, true, "Opaque id, the same wherever this record appears.")];
        all.extend(fields);
        all.extend(bookkeeping::<E>());
        let positions = all.iter().enumerate().map(|(position, field)| (field.name, position)).collect();
        let id = if table == "organisation" { "organisation_id" } else { "id" };
        Self {
            name,
            prefix,
            single,
            plural,
            words: None,
            description,
            table,
            owner: E::OWNER,
            id,
            area,
            fields: all,
            key: None,
            shortcuts: Vec::new(),
            positions,
        }
    }

    /// Offers `column` beside the id to find one row.
    #[must_use]
    pub fn keyed<C: ColumnTrait>(mut self, argument: &'static str, by: C, class: Class) -> Self {
        self.key = Some((argument, column(by), class));
        self
    }

    /// Says what several are called in a sentence.
    #[must_use]
    pub fn called(mut self, words: &'static str) -> Self {
        self.words = Some(words);
        self
    }

    /// Adds a filter that reads better.
    #[must_use]
    pub fn shortcut(mut self, shortcut: Shortcut) -> Self {
        self.shortcuts.push(shortcut);
        self
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.positions.get(name).and_then(|position| self.fields.get(*position))
    }

    /// The id as a column.
    pub fn id_column(&self) -> Column {
        Column { name: self.id, scalar: Scalar::Uuid, nullable: false }
    }
}

/// The columns that every record of an organisation carries, as fields; a table without them adds none.
fn bookkeeping<E: Tenanted>() -> Vec<Field> {
    let find = |name: &str| E::Column::from_str(name).ok();
    let mut fields = Vec::new();
    let internal = Class::Internal;
    if let (Some(owner), Some(_)) = (find("organisation_id"), find("id")) {
        let edge = one("organisation", owner, "Organisation", internal, "The organisation that owns the record.");
        fields.push(edge.always());
    }
    if let Some(from) = find("row_version") {
        let text = "Rises with every change; send it back as `expectedVersion`.";
        fields.push(plain("rowVersion", from, internal, text));
    }
    if let Some(from) = find("created_at") {
        let made = plain("createdAt", from, internal, "When the record was made (UTC).").filtered().sorted();
        // An organisation's list has one row.
        fields.push(if find("id").is_some() { made } else { made.unlisted() });
    }
    if let Some(from) = find("created_by") {
        fields.push(one("createdBy", from, "User", internal, "Who made the record; null for imports."));
    }
    if let Some(from) = find("updated_at") {
        fields.push(plain("updatedAt", from, internal, "When the record was last changed (UTC)."));
    }
    fields
}
