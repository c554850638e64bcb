//! The declarations fit together: names are unique, edges lead somewhere, nothing required is ever redacted.

use std::collections::HashSet;

use super::declare::{Field, Shape};
use super::graph;
use crate::access::{Class, holding};

#[test]
fn names_are_unique() {
    let nouns = graph().nouns();
    let mut roots = HashSet::from(["viewer", "node", "nodes"]);
    for noun in nouns {
        assert!(roots.insert(noun.single), "{}", noun.single);
        assert!(roots.insert(noun.plural), "{}", noun.plural);
        let mut fields = HashSet::new();
        for field in &noun.fields {
            assert!(fields.insert(field.name), "{}.{}", noun.name, field.name);
        }
    }
    let distinct = |names: Vec<&str>| names.iter().collect::<HashSet<_>>().len() == nouns.len();
    assert!(distinct(nouns.iter().map(|noun| noun.name).collect()));
    assert!(distinct(nouns.iter().map(|noun| noun.table).collect()));
    for noun in nouns {
        assert_eq!(graph().prefixed(noun.prefix), graph().position(noun.name));
        assert!(type_safe_id::DynamicType::new(noun.prefix).is_ok(), "{}", noun.prefix);
    }
}

#[test]
fn every_table_of_the_graph_has_an_area_and_every_area_its_tables() {
    for table in entity::registry() {
        let declared = graph().nouns().iter().any(|noun| noun.table == table.name);
        assert_eq!(declared, holding(table.name).is_some(), "{}", table.name);
    }
}

#[test]
fn edges_lead_to_nouns_by_columns_that_exist() {
    let tables = entity::registry();
    let has = |table: &str, column: &str| {
        tables.iter().any(|other| other.name == table && other.columns.iter().any(|one| one.name == column))
    };
    for noun in graph().nouns() {
        for field in &noun.fields {
            let (target, table, column) = match &field.shape {
                Shape::One(column, target) => (target, Some(noun.table), column),
                Shape::Many(column, target) => (target, graph().named(target).map(|noun| noun.table), column),
                _ => continue,
            };
            let place = format!("{}.{}", noun.name, field.name);
            assert!(graph().named(target).is_some(), "{place} leads to {target}");
            assert!(table.is_some_and(|table| has(table, column.name)), "{place} goes by {}", column.name);
        }
    }
}

#[test]
fn nothing_required_is_ever_redacted() {
    fn check(place: &str, field: &Field) {
        assert!(!field.required || field.class <= Class::Internal, "{place}.{}", field.name);
        assert!(field.description.ends_with('.'), "{place}.{} is not described by a sentence", field.name);
        if let Shape::Object(_, _, inner) = &field.shape {
            for inner in inner {
                check(place, inner);
            }
        }
    }
    for noun in graph().nouns() {
        noun.fields.iter().for_each(|field| check(noun.name, field));
    }
}

#[test]
fn what_is_filtered_or_sorted_has_an_index() {
    type Found = Vec<(&'static str, &'static str, &'static str)>;

    /// Field, table and column of what lists are narrowed or ordered by, or followed along.
    fn backed(table: &'static str, field: &Field, found: &mut Found) {
        match &field.shape {
            // The key is their index.
            _ if field.in_id => {}
            Shape::Plain(column) | Shape::Code(column, _) | Shape::One(column, _) if field.filter || field.sort => {
                found.push((field.name, table, column.name));
            }
            Shape::Many(column, target) => {
                let target = graph().named(target).unwrap();
                // Every row of an organisation hangs below it: the key itself is the index.
                if column.name != "organisation_id" {
                    found.push((field.name, target.table, column.name));
                }
            }
            Shape::Object(_, _, inner) => inner.iter().for_each(|inner| backed(table, inner, found)),
            _ => {}
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let indexes: HashSet<(String, String)> = runtime.block_on(indexes());
    let mut missing = Vec::new();
    // A list of organisations has one row: its own.
    for noun in graph().nouns().iter().filter(|noun| noun.table != "organisation") {
        let mut found = Vec::new();
        noun.fields.iter().for_each(|field| backed(noun.table, field, &mut found));
        missing.extend(found.into_iter().filter_map(|(field, table, column)| {
            let known = indexes.contains(&(table.to_owned(), column.to_owned()));
            (!known).then(|| format!("{}.{field} ({column})", noun.name))
        }));
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// Table and first column of each index, the organisation left out.
async fn indexes() -> HashSet<(String, String)> {
    use migration::MigratorTrait as _;
    use sea_orm::{ConnectionTrait as _, Statement};
    let db = sea_orm::Database::connect("sqlite::memory:").await.unwrap();
    migration::Migrator::up(&db, None).await.unwrap();
    let text = "SELECT m.name AS t, c.name AS c FROM sqlite_schema m, pragma_index_list(m.name) i, \
                pragma_index_info(i.name) c WHERE m.type = 'table' AND c.seqno = (SELECT min(seqno) FROM \
                pragma_index_info(i.name) WHERE name <> 'organisation_id')";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), text)).await.unwrap();
    rows.iter().map(|row| (row.try_get("", "t").unwrap(), row.try_get("", "c").unwrap())).collect()
}
