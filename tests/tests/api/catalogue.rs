//! What the migrated databases hold against what the entities and the graph declare.

mod append_only;
mod columns;
mod roles;

use std::collections::{BTreeMap, BTreeSet};

use entity::Owner;
use harness::store::connect;
use harness::world::config;
use harness::{ALPHA, BETA, Backend, Data, Store, World, both};
use lanpya::clock::Clock;
use lanpya::graph::declare::{Field, Noun, Shape};
use lanpya::graph::graph;
use sea_orm::ConnectionTrait as _;

both! {
    columns_are_those_of_the_entities, every_key_begins_with_the_organisation, every_row_is_of_an_organisation,
    every_table_has_rows_of_both, lists_are_backed_by_indexes, wrong_databases_are_refused
}

fn tenant_tables() -> BTreeSet<&'static str> {
    let tenants = entity::registry().into_iter().filter(|table| matches!(table.owner, Owner::Organisation(_)));
    tenants.map(|table| table.name).collect()
}

/// Tables of which the server sees the rows of every organisation, with the reason. This list may only become shorter.
///
/// `webhook_queue`: the server has to know for whom there is something to send; it holds ids and times and nothing else.
const SEEN: [&str; 1] = ["webhook_queue"];

fn row(columns: Vec<Option<String>>) -> Vec<String> {
    columns.into_iter().map(Option::unwrap_or_default).collect()
}

async fn columns_are_those_of_the_entities(backend: Backend) {
    let store = Store::new(backend, Data::Nothing).await;
    let sql = match backend {
        Backend::Postgres => {
            "SELECT c.table_name::text, c.column_name::text, (c.is_nullable = 'YES')::text
             FROM information_schema.columns c WHERE c.table_schema = 'public' ORDER BY 1, c.ordinal_position"
        }
        Backend::Sqlite => {
            "SELECT t.name, c.name, CASE c.\"notnull\" WHEN 0 THEN 'true' ELSE 'false' END
             FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table' ORDER BY t.name, c.cid"
        }
    };
    let mut found: BTreeMap<String, BTreeSet<(String, bool)>> = BTreeMap::new();
    for columns in store.texts(sql).await {
        let [table, column, nullable]: [String; 3] = row(columns).try_into().unwrap();
        found.entry(table).or_default().insert((column, nullable == "true"));
    }
    found.remove("seaql_migrations");
    let declared: BTreeMap<String, BTreeSet<(String, bool)>> = entity::registry()
        .into_iter()
        .map(|table| {
            let columns = table.columns.iter().map(|column| (column.name.to_owned(), column.is_nullable)).collect();
            (table.name.to_owned(), columns)
        })
        .collect();
    for (table, columns) in &declared {
        assert_eq!(found.get(table), Some(columns), "{table}");
    }
    for table in tenant_tables() {
        assert!(found[table].contains(&("organisation_id".to_owned(), false)), "{table}: organisation_id, never null");
    }
    assert_eq!(found.keys().collect::<Vec<_>>(), declared.keys().collect::<Vec<_>>(), "no table but the declared ones");
}

/// Indexes by the rows they hold.
#[derive(Clone, Copy, Debug)]
enum Which {
    Any,
    /// All rows.
    Whole,
    /// All whose second column has a value.
    Valued,
}

/// The columns of indexes, keys among them: table, index, columns. An expression in place of a column is empty.
async fn indexes(store: &Store, which: Which) -> Vec<(String, String, Vec<String>)> {
    let sql = match store.backend {
        Backend::Postgres => {
            "SELECT t.relname::text, i.relname::text,
                    (SELECT string_agg(coalesce(a.attname, ''), ',' ORDER BY k.position) FROM unnest(x.indkey::int[])
                     WITH ORDINALITY AS k (number, position)
                     LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number > 0)
             FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
             JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public' AND CASE '$which' WHEN 'Any' THEN TRUE WHEN 'Whole' THEN x.indpred IS NULL
             ELSE pg_get_expr(x.indpred, t.oid) = '(' || (SELECT quote_ident(attname) FROM pg_attribute
                  WHERE attrelid = t.oid AND attnum = x.indkey[1]) || ' IS NOT NULL)' END"
        }
        Backend::Sqlite => {
            "SELECT t.name, i.name, (SELECT group_concat(name, ',') FROM
                    (SELECT coalesce(c.name, '') AS name FROM pragma_index_info(i.name) AS c ORDER BY c.seqno))
             FROM sqlite_schema AS t, pragma_index_list(t.name) AS i WHERE t.type = 'table' AND CASE '$which' WHEN 'Any' THEN TRUE WHEN 'Whole' THEN i.partial = 0
             ELSE (SELECT sql FROM sqlite_schema WHERE name = i.name) LIKE '% WHERE \"' ||
                  (SELECT name FROM pragma_index_info(i.name) WHERE seqno = 1) || '\" IS NOT NULL' END"
        }
    };
    let rows = store.texts(&sql.replace("$which", &format!("{which:?}"))).await.into_iter().map(|columns| {
        let [table, index, columns]: [String; 3] = row(columns).try_into().unwrap();
        (table, index, columns.split(',').map(str::to_owned).collect())
    });
    rows.filter(|(table, ..)| table != "seaql_migrations").collect()
}

async fn every_key_begins_with_the_organisation(backend: Backend) {
    let store = Store::new(backend, Data::Nothing).await;
    let tenants = tenant_tables();
    let indexes = indexes(&store, Which::Any).await;
    let mut keyed = BTreeSet::new();
    for (table, index, columns) in &indexes {
        if tenants.contains(table.as_str()) {
            assert_eq!(columns[0], "organisation_id", "{table}: {index}");
            keyed.insert(table.as_str());
        } else {
            assert!(!columns.contains(&"organisation_id".to_owned()), "{table} is shared");
        }
    }
    assert_eq!(keyed, tenants, "every table has a key");
    let sql = match backend {
        Backend::Postgres => {
            "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, c.conname::text,
                    (SELECT attname::text FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = c.conkey[1]),
                    (SELECT attname::text FROM pg_attribute WHERE attrelid = c.confrelid AND attnum = c.confkey[1])
             FROM pg_constraint c WHERE c.contype = 'f'"
        }
        Backend::Sqlite => {
            "SELECT t.name, f.\"table\", CAST(f.id AS text), f.\"from\", f.\"to\"
             FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS f WHERE t.type = 'table' AND f.seq = 0"
        }
    };
    let references = store.texts(sql).await;
    assert!(references.len() > 40, "references were found");
    for reference in references {
        let [from, to, name, first, target]: [String; 5] = row(reference).try_into().unwrap();
        let (from, to) = (from.trim_matches('"'), to.trim_matches('"'));
        if tenants.contains(to) {
            assert!(tenants.contains(from), "{from} is shared and points to {to}");
            assert_eq!((first.as_str(), target.as_str()), ("organisation_id", "organisation_id"), "{from}: {name}");
        }
    }
    for table in entity::registry() {
        if let Owner::Organisation(column) = table.owner {
            assert_eq!((column, table.primary_key[0]), ("organisation_id", "organisation_id"), "{}", table.name);
        }
    }
}

/// Tables whose rows may outlive what they tell of, or are of nobody.
const LOOSE: [&str; 3] = ["audit_event", "idempotency", "webhook_queue"];

/// The organisation of each row exists, because its table says so or because a record that each row names is of it.
async fn every_row_is_of_an_organisation(backend: Backend) {
    let store = Store::new(backend, Data::Nothing).await;
    let sql = match backend {
        Backend::Postgres => {
            "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text FROM pg_constraint c WHERE c.contype = 'f'
             AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = ANY(c.conkey) AND NOT attnotnull)"
        }
        Backend::Sqlite => {
            "SELECT t.name, f.\"table\" FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS f
             WHERE t.type = 'table' GROUP BY t.name, f.id HAVING min((SELECT i.\"notnull\" FROM pragma_table_info(t.name) AS i
             WHERE i.name = f.\"from\")) = 1"
        }
    };
    let tenants = tenant_tables();
    let mut rooted = BTreeSet::from(["organisation".to_owned()]);
    let named = |name: &str| name.trim_matches('"').to_owned();
    let references = store.texts(sql).await.into_iter().map(|columns| {
        let [from, to]: [String; 2] = row(columns).try_into().unwrap();
        (named(&from), named(&to))
    });
    let references: Vec<_> = references.filter(|(from, to)| from != to && tenants.contains(to.as_str())).collect();
    while let Some((from, _)) = references.iter().find(|(from, to)| rooted.contains(to) && !rooted.contains(from)) {
        rooted.insert(from.clone());
    }
    let loose: Vec<&str> = tenants.iter().copied().filter(|table| !rooted.contains(*table)).collect();
    assert_eq!(loose, LOOSE);
}

async fn every_table_has_rows_of_both(backend: Backend) {
    let store = Store::new(backend, Data::Twins).await;
    let (alpha, beta) = (store.dump(Some(ALPHA.id())).await, store.dump(Some(BETA.id())).await);
    let all = store.dump(None).await;
    for table in entity::registry() {
        if let Owner::Organisation(_) = table.owner {
            let (mine, theirs) = (alpha[table.name].len(), beta[table.name].len());
            assert!(mine > 0 && theirs > 0, "tests/src/seed.rs writes no rows to {}", table.name);
            assert_eq!(mine + theirs, all[table.name].len(), "{}", table.name);
        }
        assert!(!all[table.name].is_empty(), "{} is empty", table.name);
    }
    let alone = Store::new(backend, Data::Alpha).await;
    assert_eq!(alone.dump(Some(ALPHA.id())).await, alpha, "ALPHA's rows are the same with and without BETA's");
}

/// The columns, with their tables, that lists are narrowed or ordered by; whether ordered.
fn used(noun: &Noun, field: &Field, found: &mut BTreeMap<(String, String), bool>) {
    match &field.shape {
        Shape::Object(_, _, inner) => inner.iter().for_each(|field| used(noun, field, found)),
        _ if !field.filter && !field.sort => {}
        Shape::Plain(_) if field.in_id => {
            found.insert((noun.table.to_owned(), noun.id.to_owned()), true);
        }
        Shape::Plain(column) | Shape::Code(column, _) | Shape::One(column, _) => {
            *found.entry((noun.table.to_owned(), column.name.to_owned())).or_default() |= field.sort;
        }
        Shape::Many(column, target) => {
            found.entry((graph().named(target).expect(target).table.to_owned(), column.name.to_owned())).or_default();
        }
        Shape::Id => {}
        Shape::CodeList(..) | Shape::TextList(_) | Shape::Derived(..) | Shape::Records(_) => {
            panic!("{}.{}: no index can back it", noun.name, field.name);
        }
    }
}

async fn lists_are_backed_by_indexes(backend: Backend) {
    let store = Store::new(backend, Data::Nothing).await;
    let (whole, valued) = (indexes(&store, Which::Whole).await, indexes(&store, Which::Valued).await);
    assert!(!valued.is_empty());
    let mut columns = BTreeMap::new();
    for noun in graph().nouns() {
        noun.fields.iter().for_each(|field| used(noun, field, &mut columns));
        if let Some((_, column, _)) = &noun.key {
            columns.entry((noun.table.to_owned(), column.name.to_owned())).or_default();
        }
        for shortcut in &noun.shortcuts {
            let edge = noun.field(shortcut.edge).expect(shortcut.edge);
            let Shape::Many(_, target) = &edge.shape else { panic!("{}: no list", shortcut.name) };
            let table = graph().named(target).unwrap().table;
            columns.entry((table.to_owned(), shortcut.column.to_owned())).or_default();
        }
        // Edges are followed whether or not lists are narrowed by them.
        for field in &noun.fields {
            if let Shape::Many(column, target) = &field.shape {
                let table = graph().named(target).expect(target).table;
                columns.entry((table.to_owned(), column.name.to_owned())).or_default();
            }
        }
    }
    assert!(columns.len() > 20);
    let tenants = tenant_tables();
    let bare: Vec<_> = columns
        .into_iter()
        .filter(|((table, column), _)| column != "organisation_id" || !tenants.contains(table.as_str()))
        .filter(|((table, column), sorted)| {
            let wanted =
                if tenants.contains(table.as_str()) { vec!["organisation_id", column] } else { vec![column.as_str()] };
            let backs = |(of, _, has): &(String, String, Vec<String>)| {
                of == table && has.iter().zip(&wanted).filter(|(a, b)| a == *b).count() == wanted.len()
            };
            // Rows without a value have a place in an order.
            !whole.iter().any(backs) && (*sorted || !valued.iter().any(backs))
        })
        .collect();
    assert!(bare.is_empty(), "no index begins with these: {bare:#?}");
}

/// A database the server must not start on is refused in a sentence that says what to do.
async fn wrong_databases_are_refused(backend: Backend) {
    let world = World::new(backend).await;
    let mut refused = Vec::new();
    if backend == Backend::Postgres {
        refused.push((world.store.url_as("postgres"), "superuser"));
        refused.push((world.store.owner_url(), "owner"));
        refused.push((world.store.url_as("nobody_of_that_name"), "does not answer"));
        world.store.execute("CREATE ROLE lanpya_above LOGIN BYPASSRLS IN ROLE lanpya_app").await;
        refused.push((world.store.url_as("lanpya_above"), "BYPASSRLS"));
    } else {
        refused.push((format!("{}.missing", world.store.url), "lanpya migrate"));
    }
    for (url, part) in refused {
        let error = lanpya::serve(&config(&url, &world.keys), Clock::system(), None).await.err();
        let error = error.unwrap_or_else(|| panic!("the server starts on {url}"));
        assert!(error.contains(part), "{url}: {error}");
        assert!(error.ends_with('.') && !error.contains("postgres://"), "{error}");
    }
    if backend == Backend::Postgres {
        world.store.execute("DROP ROLE lanpya_above").await;
    }
    world.store.execute("DELETE FROM seaql_migrations WHERE version LIKE '%000010%'").await;
    let error = lanpya::serve(&config(&world.store.url, &world.keys), Clock::system(), None).await.err().unwrap();
    assert!(error.contains("lanpya migrate"), "{error}");
    world.stop().await;
}

mod row_level_security {
    use super::*;

    #[test]
    fn holds_on_every_table() {
        harness::run(Backend::Postgres, |_| policies());
    }

    #[test]
    fn shows_the_transactions_organisation_alone() {
        harness::run(Backend::Postgres, |_| sessions());
    }

    async fn policies() {
        let store = Store::new(Backend::Postgres, Data::Nothing).await;
        let sql = "SELECT relname::text FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r'";
        let forced: BTreeSet<String> = store.column(sql).await.into_iter().collect();
        let tenants = tenant_tables();
        assert_eq!(forced.iter().map(String::as_str).collect::<BTreeSet<_>>(), tenants);
        let mut policies: BTreeMap<(String, String), usize> = BTreeMap::new();
        let sql = "SELECT tablename::text, cmd, coalesce(qual, ''), coalesce(with_check, ''), permissive
                   FROM pg_policies WHERE schemaname = 'public'";
        let own = "(organisation_id = ( SELECT lanpya_organisation() AS lanpya_organisation))";
        let named = "(organisation_id = ANY (( SELECT lanpya_recording() AS lanpya_recording)::uuid[]))";
        let either = format!("({own} OR {named})");
        for policy in store.texts(sql).await {
            let [table, command, using, check, permissive]: [String; 5] = row(policy).try_into().unwrap();
            assert_eq!(permissive, "PERMISSIVE", "{table}");
            let expected = match command.as_str() {
                "SELECT" if SEEN.contains(&table.as_str()) => ("true", ""),
                "SELECT" | "DELETE" => (own, ""),
                "INSERT" if table == "audit_event" => ("", either.as_str()),
                "INSERT" => ("", own),
                "UPDATE" => (own, own),
                other => panic!("{table}: a policy for {other}"),
            };
            assert_eq!((using.as_str(), check.as_str()), expected, "{table} {command}");
            *policies.entry((table, command)).or_default() += 1;
        }
        assert!(policies.values().all(|count| *count == 1), "one policy for each command");
        for table in entity::registry() {
            let name = table.name;
            let rights = "SELECT p FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) AS p";
            let sql = format!("{rights} WHERE has_table_privilege('lanpya_app', 'public.\"{name}\"', p)");
            let rights: BTreeSet<String> = store.column(&sql).await.into_iter().collect();
            if tenants.contains(name) {
                let covered = policies.keys().filter(|(table, _)| table == name).map(|(_, command)| command.clone());
                assert_eq!(covered.collect::<BTreeSet<_>>(), rights, "{name}: rights and policies");
                assert!(rights.contains("SELECT") && rights.contains("INSERT"), "{name}");
            } else {
                assert_eq!(rights, BTreeSet::from(["SELECT".to_owned()]), "{name} is only read");
            }
        }
        let definer = "SELECT proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                       WHERE n.nspname = 'public' AND prosecdef";
        assert!(store.column(definer).await.is_empty(), "no function runs as its owner");
    }

    /// Straight into the database as the server's login: the predicate of our own statements is not there to help.
    async fn sessions() {
        let store = Store::new(Backend::Postgres, Data::Twins).await;
        let server = connect(&store.url).await;
        let owner = connect(&store.owner_url()).await;
        for (who, connection) in [("server", &server), ("owner", &owner)] {
            for table in tenant_tables() {
                for (organisation, other) in [(&ALPHA, &BETA), (&BETA, &ALPHA)] {
                    let id = organisation.id();
                    let seen = SEEN.contains(&table);
                    let sql = format!(
                        "SELECT count(*) FILTER (WHERE organisation_id = '{id}') > 0 AND
                                (count(*) FILTER (WHERE organisation_id <> '{id}') = 0) <> {seen} AS held
                         FROM (SELECT set_config('lanpya.organisation', '{id}', false)) AS context, \"{table}\""
                    );
                    connection.execute_unprepared(&format!("SET lanpya.organisation = '{id}'")).await.unwrap();
                    let row = connection.query_one_raw(statement(&sql)).await.unwrap().unwrap();
                    assert!(row.try_get::<bool>("", "held").unwrap(), "{who} in {table} for {}", organisation.code);
                    let stolen = format!("UPDATE \"{table}\" SET organisation_id = '{}'", other.id());
                    let taken = connection.execute_unprepared(&stolen).await.map_or(0, |done| done.rows_affected());
                    assert_eq!(taken, 0, "{who} gives away rows of {table}");
                }
                for nothing in ["RESET lanpya.organisation", "SET lanpya.organisation = ''"] {
                    connection.execute_unprepared(nothing).await.unwrap();
                    let sql = format!("SELECT count(*) AS rows FROM \"{table}\"");
                    let row = connection.query_one_raw(statement(&sql)).await.unwrap().unwrap();
                    let seen = row.try_get::<i64>("", "rows").unwrap() > 0;
                    assert_eq!(seen, SEEN.contains(&table), "{who} in {table} without a context");
                }
            }
        }
        for sql in [
            "CREATE TABLE mine (id int)",
            "DROP TABLE visit",
            "ALTER TABLE visit DISABLE ROW LEVEL SECURITY",
            "TRUNCATE visit",
            "SET ROLE lanpya_owner",
            "UPDATE location SET name_en = 'x'",
            "DELETE FROM seaql_migrations",
            "COPY visit TO '/tmp/x'",
        ] {
            assert!(server.execute_unprepared(sql).await.is_err(), "the server's login may: {sql}");
        }
    }

    fn statement(sql: &str) -> sea_orm::Statement {
        sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql)
    }
}
