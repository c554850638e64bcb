//! What the graph declares of a column is what both databases have: its type, and whether it may be null.

use std::collections::{BTreeMap, BTreeSet};

use entity::value::Scalar;
use harness::proof::Proof;
use harness::{Backend, Data, Store, both};
use lanpya::graph::declare::{Column, Field, Shape};
use lanpya::graph::graph;

both! { the_graphs_columns_are_the_databases }

/// Every column a field is made of, in the noun's own table.
fn columns(field: &Field, found: &mut BTreeSet<(String, &'static str, bool)>) {
    let mut add = |column: &Column| {
        found.insert((column.name.to_owned(), word(column.scalar), column.nullable));
    };
    match &field.shape {
        Shape::Plain(column)
        | Shape::Code(column, _)
        | Shape::CodeList(column, _)
        | Shape::TextList(column)
        | Shape::One(column, _) => add(column),
        Shape::Derived(from, ..) => from.iter().for_each(add),
        Shape::Records(from) => from.iter().for_each(add),
        Shape::Object(_, _, inner) => inner.iter().for_each(|field| columns(field, found)),
        Shape::Id | Shape::Many(..) => {}
    }
}

fn word(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text => "text",
        Scalar::Int => "int",
        Scalar::Float => "float",
        Scalar::Bool => "bool",
        Scalar::Uuid => "uuid",
        Scalar::Date => "date",
        Scalar::Timestamp => "timestamp",
        Scalar::Bytes => "bytes",
    }
}

/// The type that holds a scalar.
fn kept(backend: Backend, scalar: &str) -> &'static str {
    match (backend, scalar) {
        (_, "text") | (Backend::Sqlite, "date" | "timestamp") => "text",
        (_, "int") => "integer",
        (Backend::Postgres, "float") => "double precision",
        (Backend::Sqlite, "float") => "real",
        (_, "bool") => "boolean",
        (Backend::Postgres, "uuid") => "uuid",
        (Backend::Sqlite, "uuid" | "bytes") => "blob",
        (Backend::Postgres, "bytes") => "bytea",
        (Backend::Postgres, "date") => "date",
        (Backend::Postgres, "timestamp") => "timestamp with time zone",
        (_, other) => panic!("{other}"),
    }
}

async fn the_graphs_columns_are_the_databases(backend: Backend) {
    let mut proof = Proof::of(2, format!("catalogue::columns::{backend:?}"));
    let store = Store::new(backend, Data::Nothing).await;
    let sql = match backend {
        Backend::Postgres => {
            "SELECT table_name::text, column_name::text, data_type::text, (is_nullable = 'YES')::text
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
        Backend::Sqlite => {
            "SELECT t.name, c.name, lower(c.type), CASE c.\"notnull\" WHEN 0 THEN 'true' ELSE 'false' END
             FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'"
        }
    };
    let mut found: BTreeMap<(String, String), (String, bool)> = BTreeMap::new();
    for row in store.texts(sql).await {
        let row: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
        let [table, column, kind, nullable]: [String; 4] = row.try_into().unwrap();
        found.insert((table, column), (kind, nullable == "true"));
    }
    let mut compared = 0;
    for noun in graph().nouns() {
        let mut declared = BTreeSet::from([(noun.id.to_owned(), "uuid", false)]);
        noun.fields.iter().for_each(|field| columns(field, &mut declared));
        for (column, scalar, nullable) in declared {
            let there = found.get(&(noun.table.to_owned(), column.clone()));
            let there = there.unwrap_or_else(|| panic!("{}.{column} is not in the database", noun.table));
            let wanted = (kept(backend, scalar).to_owned(), nullable);
            assert_eq!(there, &wanted, "{}.{column}, declared as {scalar}", noun.table);
            compared += 1;
        }
    }
    assert!(compared > 200, "only {compared} columns");
    proof.figure("columns", compared);
    proof.held();
}
