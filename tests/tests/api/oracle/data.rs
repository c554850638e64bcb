//! Every row of every noun's table, read once past the server into plain maps.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDateTime, Utc};
use entity::Owner;
use entity::value::{Cell, Scalar};
use harness::{Backend, Store};
use lanpya::access::{Own, holding};
use lanpya::graph::declare::{Field, Shape};
use lanpya::graph::graph;
use uuid::Uuid;

/// A row by the names of its columns.
pub type Row = BTreeMap<&'static str, Cell<'static>>;

/// The rows of all tables, each sorted by id.
pub struct Data {
    tables: HashMap<&'static str, Vec<Row>>,
    by: HashMap<(&'static str, &'static str), HashMap<Uuid, Vec<usize>>>,
}

type Columns = BTreeMap<&'static str, BTreeMap<&'static str, Scalar>>;

fn columns() -> Columns {
    fn add(columns: &mut Columns, table: &'static str, field: &Field) {
        let own: Vec<_> = match &field.shape {
            Shape::Plain(column)
            | Shape::Code(column, _)
            | Shape::CodeList(column, _)
            | Shape::TextList(column)
            | Shape::One(column, _) => vec![*column],
            Shape::Derived(columns, ..) => columns.clone(),
            Shape::Records(columns) => columns.to_vec(),
            Shape::Object(_, _, inner) => return inner.iter().for_each(|field| add(columns, table, field)),
            Shape::Many(column, target) => {
                let target = graph().named(target).unwrap().table;
                columns.entry(target).or_default().insert(column.name, Scalar::Uuid);
                return;
            }
            Shape::Id => return,
        };
        for column in own {
            columns.entry(table).or_default().insert(column.name, column.scalar);
        }
    }
    let mut columns = Columns::new();
    for noun in graph().nouns() {
        columns.entry(noun.table).or_default().insert(noun.id, Scalar::Uuid);
        for field in &noun.fields {
            add(&mut columns, noun.table, field);
        }
        if let Owner::Organisation(column) = noun.owner {
            columns.entry(noun.table).or_default().insert(column, Scalar::Uuid);
        }
        let (names, links): (&[&str], &[_]) = match holding(noun.table).unwrap().1 {
            Own::Everyone => (&[], &[]),
            Own::By(names) | Own::Only(names) => (names, &[]),
            Own::Through(links) => (&[], links),
            Own::ByOrThrough(names, links) => (names, links),
        };
        for name in names {
            columns.entry(noun.table).or_default().insert(name, Scalar::Uuid);
        }
        for link in links {
            columns.entry(noun.table).or_default().insert(link.here, Scalar::Uuid);
            columns.entry(link.table).or_default().insert(link.there, Scalar::Uuid);
        }
    }
    let made_by: BTreeSet<&str> = entity::registry()
        .into_iter()
        .filter(|table| table.columns.iter().any(|column| column.name == "created_by"))
        .map(|table| table.name)
        .collect();
    for (table, columns) in &mut columns {
        if made_by.contains(table) {
            columns.insert("created_by", Scalar::Uuid);
        }
    }
    columns
}

fn select(backend: Backend, name: &str, scalar: Scalar) -> String {
    match (backend, scalar) {
        (_, Scalar::Text) => format!("\"{name}\""),
        (Backend::Sqlite, Scalar::Bytes) => format!("lower(hex(nullif(\"{name}\", NULL)))"),
        (Backend::Postgres, Scalar::Bytes) => format!("encode(\"{name}\", 'hex')"),
        (Backend::Sqlite, Scalar::Uuid) => format!("lower(hex(nullif(\"{name}\", NULL)))"),
        (Backend::Postgres, Scalar::Timestamp) => {
            format!("to_char(\"{name}\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')")
        }
        _ => format!("CAST(\"{name}\" AS TEXT)"),
    }
}

fn instant(text: &str) -> DateTime<Utc> {
    let text = text.replace('T', " ");
    let text = text.trim_end_matches('Z').trim_end_matches("+00:00").trim();
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap_or_else(|_| panic!("{text:?}")).and_utc()
}

fn cell(scalar: Scalar, text: Option<String>) -> Cell<'static> {
    let Some(text) = text else { return Cell::Null };
    match scalar {
        Scalar::Text => Cell::Text(text.into()),
        Scalar::Int => Cell::Int(text.parse().unwrap()),
        Scalar::Float => Cell::Float(text.parse().unwrap()),
        Scalar::Bool => Cell::Bool(matches!(text.as_str(), "true" | "1")),
        Scalar::Uuid if text.is_empty() => Cell::Null,
        Scalar::Uuid => Cell::Uuid(text.parse().unwrap()),
        Scalar::Date => Cell::Date(text.parse().unwrap()),
        Scalar::Timestamp => Cell::Timestamp(instant(&text)),
        Scalar::Bytes => {
            let pairs =
                text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16));
            Cell::Bytes(pairs.map(Result::unwrap).collect::<Vec<u8>>().into())
        }
    }
}

impl Data {
    /// Reads everything.
    pub async fn load(store: &Store) -> Self {
        let mut tables = HashMap::new();
        let mut by: HashMap<_, HashMap<Uuid, Vec<usize>>> = HashMap::new();
        for (table, columns) in columns() {
            let selected: Vec<String> =
                columns.iter().map(|(name, scalar)| select(store.backend, name, *scalar)).collect();
            let sql = format!("SELECT {} FROM \"{table}\"", selected.join(", "));
            let mut rows: Vec<Row> = Vec::new();
            for texts in store.texts(&sql).await {
                rows.push(
                    columns.iter().zip(texts).map(|((name, scalar), text)| (*name, cell(*scalar, text))).collect(),
                );
            }
            let id = if table == "organisation" { "organisation_id" } else { "id" };
            rows.sort_by_key(|row| (row[id].uuid(), row.get("organisation_id").and_then(Cell::uuid)));
            for (index, row) in rows.iter().enumerate() {
                for (name, cell) in row {
                    if let Cell::Uuid(id) = cell {
                        by.entry((table, *name)).or_default().entry(*id).or_default().push(index);
                    }
                }
            }
            tables.insert(table, rows);
        }
        Self { tables, by }
    }

    /// The rows of a table.
    pub fn rows(&self, table: &str) -> &[Row] {
        &self.tables[table]
    }

    /// The rows of a table, of whatever organisation, whose column holds an id.
    pub fn by<'d>(&'d self, table: &'static str, column: &'static str, id: Uuid) -> impl Iterator<Item = &'d Row> {
        let found = self.by.get(&(table, column)).and_then(|by| by.get(&id));
        found.into_iter().flatten().map(move |index| &self.tables[table][*index])
    }
}
