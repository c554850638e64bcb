//! What operations are made of: ids, keys and values of the asking organisation, of others and of nobody, and cursors
//! out of earlier answers.

use std::collections::{BTreeMap, HashMap};

use entity::Owner;
use entity::user::RoleCode;
use entity::value::Scalar;
use harness::seed::{Organisation, named};
use harness::{Backend, Store};
use lanpya::graph::declare::{Column, Field, Noun, Shape};
use lanpya::graph::graph;
use lanpya::plan::GlobalId;

use super::document::Found;
use super::value::Val;

/// Texts of one kind.
#[derive(Default)]
pub struct Kind {
    pub own: Vec<String>,
    pub foreign: Vec<String>,
}

/// Everything an operation may name.
#[derive(Default)]
pub struct Material {
    /// Ids by noun.
    pub ids: BTreeMap<&'static str, Kind>,
    /// Keys by noun, instead of the id.
    pub keys: BTreeMap<&'static str, Kind>,
    /// Values of columns, of all organisations, by noun and way: `Case.displayNumber`, `Project.names.en`.
    pub values: BTreeMap<String, Vec<Val>>,
    /// Ids that another organisation gave a moment ago, by noun: young enough for a new record.
    pub recent: BTreeMap<&'static str, String>,
    /// The items of each capacity tool.
    pub items: Vec<Vec<String>>,
    /// Versions of records by id.
    pub versions: HashMap<String, i64>,
    /// Cursors of earlier answers, by role and list.
    pub cursors: HashMap<(RoleCode, String), Vec<Found>>,
    /// Cursors given to another organisation, by role and list.
    pub foreign_cursors: HashMap<(RoleCode, String), Vec<String>>,
}

/// An id as a device makes it now, always the same for the same number.
pub fn fresh(noun: &Noun, number: usize) -> String {
    GlobalId::text(noun.prefix, fresh_uuid(noun, number))
}

fn fresh_uuid(noun: &Noun, number: usize) -> uuid::Uuid {
    let millis = u64::try_from(harness::world::start().timestamp_millis()).unwrap();
    let other = named(&format!("{} {number}", noun.name));
    let random: [u8; 10] = other.as_bytes()[6..].try_into().unwrap();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Gives a row of each table that nothing refers to an id as if it had been made just now.
pub async fn renew(store: &Store, organisation: &Organisation) -> BTreeMap<&'static str, String> {
    let mut recent = BTreeMap::new();
    for name in ["Visit", "CaseNote", "FollowUp", "CaseService", "TraffickingScreening"] {
        let noun = graph().named(name).unwrap();
        let id = fresh_uuid(noun, 0);
        let written =
            if store.backend == Backend::Postgres { format!("'{id}'") } else { format!("x'{}'", id.simple()) };
        let only = only(store, noun, organisation);
        let table = noun.table;
        let last = format!("SELECT id FROM \"{table}\" {only} ORDER BY id DESC LIMIT 1");
        store.execute(&format!("UPDATE \"{table}\" SET id = {written} {only} AND id = ({last})")).await;
        recent.insert(noun.name, GlobalId::text(noun.prefix, id));
    }
    recent
}

/// An id that was never given to anything.
pub fn nobody(noun: &Noun) -> String {
    GlobalId::text(noun.prefix, named("nobody"))
}

/// A text as long that nobody has: every digit is another.
pub fn unlike(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '~' } else { c }).collect()
}

fn tenant(noun: &Noun) -> bool {
    matches!(noun.owner, Owner::Organisation(_))
}

fn only(store: &Store, noun: &Noun, organisation: &Organisation) -> String {
    match store.backend {
        _ if !tenant(noun) => String::new(),
        Backend::Postgres => format!("WHERE organisation_id = '{}'", organisation.id()),
        Backend::Sqlite => format!("WHERE organisation_id = x'{}'", organisation.id().simple()),
    }
}

/// Ids of a noun's rows: of one organisation, or of the shared table.
pub async fn ids(store: &Store, noun: &Noun, organisation: &Organisation) -> Vec<String> {
    let id = match store.backend {
        Backend::Postgres => format!("\"{}\"::text", noun.id),
        Backend::Sqlite => format!("lower(hex(\"{}\"))", noun.id),
    };
    let sql = format!("SELECT {id} FROM \"{}\" {} ORDER BY 1 LIMIT 200", noun.table, only(store, noun, organisation));
    let found = store.column(&sql).await;
    found.iter().map(|id| GlobalId::text(noun.prefix, id.parse().unwrap())).collect()
}

/// Different values of a column as texts.
pub async fn texts(store: &Store, noun: &Noun, column: &str, organisation: &Organisation) -> Vec<String> {
    let only = only(store, noun, organisation);
    let sql = format!("SELECT DISTINCT CAST(\"{column}\" AS text) FROM \"{}\" {only} ORDER BY 1 LIMIT 40", noun.table);
    store.column(&sql).await
}

async fn items(store: &Store) -> Vec<Vec<String>> {
    let (id, tool) = match store.backend {
        Backend::Postgres => ("i.id::text", "d.tool_id::text"),
        Backend::Sqlite => ("lower(hex(i.id))", "lower(hex(d.tool_id))"),
    };
    let sql =
        format!("SELECT {tool}, {id} FROM capacity_item i JOIN capacity_domain d ON d.id = i.domain_id ORDER BY 1, 2");
    let mut tools: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let noun = graph().named("CapacityItem").unwrap();
    for row in store.texts(&sql).await {
        let [Some(tool), Some(item)] = row.as_slice() else { continue };
        tools.entry(tool.clone()).or_default().push(GlobalId::text(noun.prefix, item.parse().unwrap()));
    }
    tools.into_values().collect()
}

/// Plain columns that lists are narrowed by, with the way to them.
pub fn narrowed<'f>(fields: &'f [Field], way: &str, found: &mut Vec<(String, &'f Field, Column)>) {
    for field in fields.iter().filter(|field| field.filter) {
        let way = format!("{way}.{}", field.name);
        match &field.shape {
            Shape::Plain(column) => found.push((way, field, *column)),
            Shape::Object(_, _, inner) => narrowed(inner, &way, found),
            _ => {}
        }
    }
}

fn value(text: &str, scalar: Scalar) -> Option<Val> {
    Some(match scalar {
        Scalar::Text | Scalar::Date => Val::Text(text.to_owned()),
        Scalar::Int => Val::Int(text.parse().ok()?),
        Scalar::Float => Val::Float(text.parse().ok()?),
        Scalar::Bool | Scalar::Uuid | Scalar::Timestamp | Scalar::Bytes => return None,
    })
}

impl Material {
    /// From the asking organisation's store, and from one with `others` in it too.
    pub async fn read(alone: &Store, asking: &Organisation, other: &Store, others: &[&Organisation]) -> Self {
        let mut material = Self::default();
        for noun in graph().nouns() {
            let own = ids(alone, noun, asking).await;
            let mut keys = Kind::default();
            if let Some((_, column, _)) = &noun.key {
                keys.own = texts(alone, noun, column.name, asking).await;
            }
            let mut foreign = Vec::new();
            for organisation in others.iter().filter(|_| tenant(noun)) {
                foreign.extend(ids(other, noun, organisation).await.into_iter().filter(|id| !own.contains(id)));
                if let Some((_, column, _)) = &noun.key {
                    let theirs = texts(other, noun, column.name, organisation).await;
                    keys.foreign.extend(theirs.into_iter().filter(|key| !keys.own.contains(key)));
                }
            }
            material.ids.insert(noun.name, Kind { own, foreign });
            material.keys.insert(noun.name, keys);
            let mut columns = Vec::new();
            narrowed(&noun.fields, noun.name, &mut columns);
            for (way, _, column) in columns {
                let mut found = texts(alone, noun, column.name, asking).await;
                for organisation in others.iter().filter(|_| tenant(noun)) {
                    found.extend(texts(other, noun, column.name, organisation).await);
                }
                let values = found.iter().filter_map(|text| value(text, column.scalar)).collect();
                material.values.insert(way, values);
            }
        }
        material.refresh(alone, asking).await;
        material.items = items(alone).await;
        material
    }

    /// ALPHA has used these words: a key among them may be its own from now on, and is no stranger's.
    pub fn taken(&mut self, words: &str) {
        for keys in self.keys.values_mut() {
            let (own, foreign) =
                std::mem::take(&mut keys.foreign).into_iter().partition(|key| words.contains(key.as_str()));
            keys.own = [std::mem::take(&mut keys.own), own].concat();
            keys.foreign = foreign;
        }
    }

    /// Takes in what the operations have made and changed.
    pub async fn refresh(&mut self, alone: &Store, asking: &Organisation) {
        for noun in graph().nouns().iter().filter(|noun| tenant(noun) && noun.id == "id") {
            let id = if alone.backend == Backend::Postgres { "id::text" } else { "lower(hex(id))" };
            let only = only(alone, noun, asking);
            let version = if noun.field("rowVersion").is_some() { "CAST(row_version AS text)" } else { "'1'" };
            let sql = format!("SELECT {id}, {version} FROM \"{}\" {only} ORDER BY 1 LIMIT 1000", noun.table);
            let mut own = Vec::new();
            for row in alone.texts(&sql).await {
                let [Some(id), Some(version)] = row.as_slice() else { continue };
                let id = GlobalId::text(noun.prefix, id.parse().unwrap());
                self.versions.insert(id.clone(), version.parse().unwrap());
                own.push(id);
            }
            self.ids.get_mut(noun.name).unwrap().own = own;
        }
    }

    /// Keeps the cursors of an answer; the newest few of each list.
    pub fn keep(&mut self, role: RoleCode, found: Vec<Found>) {
        for one in found {
            let kept = self.cursors.entry((role, one.place.clone())).or_default();
            if kept.len() == 12 {
                kept.remove(0);
            }
            kept.push(one);
        }
    }
}
