//! To the audit rows are only ever added: the server's login has no right to anything else, and triggers refuse it to
//! the owner and to a superuser too.

use harness::proof::Proof;
use harness::store::connect;
use harness::{ALPHA, Backend, Data, Store, both};
use sea_orm::ConnectionTrait as _;

both! { audit_events_are_only_added }

const CHANGES: [&str; 4] = [
    "UPDATE audit_event SET outcome = 'DENIED'",
    "UPDATE audit_event SET request_id = 'x' WHERE FALSE",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
];

async fn audit_events_are_only_added(backend: Backend) {
    let mut proof = Proof::of(5, format!("catalogue::append_only::{backend:?}"));
    let store = Store::new(backend, Data::Twins).await;
    let before = store.dump(None).await.remove("audit_event").unwrap();
    assert!(before.len() > 3);
    let mut refused = 0;
    let mut logins = vec![("superuser", connect(&store.url_of_everything()).await)];
    if backend == Backend::Postgres {
        logins.push(("owner", connect(&store.owner_url()).await));
        logins.push(("server", connect(&store.url).await));
        let rights =
            "SELECT p FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) AS p
                      WHERE has_table_privilege('lanpya_server', 'audit_event', p) ORDER BY 1";
        assert_eq!(store.column(rights).await, ["INSERT", "SELECT"]);
    }
    for (who, connection) in &logins {
        if backend == Backend::Postgres {
            connection.execute_unprepared(&format!("SET lanpya.organisation = '{}'", ALPHA.id())).await.unwrap();
        }
        for sql in CHANGES {
            // SQLite has no TRUNCATE, and asks its triggers only about rows there are.
            if backend == Backend::Sqlite && (sql.starts_with("TRUNCATE") || sql.contains("WHERE FALSE")) {
                continue;
            }
            let error = connection.execute_unprepared(sql).await.expect_err(sql).to_string();
            let why = if *who == "server" { "permission denied" } else { "rows are only added" };
            assert!(error.contains(why), "{who}: {sql}: {error}");
            refused += 1;
        }
    }
    assert_eq!(store.dump(None).await.remove("audit_event").unwrap(), before);
    proof.figure("refused", refused);
    proof.held();
}
