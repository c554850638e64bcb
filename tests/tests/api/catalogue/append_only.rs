//! To the audit rows are only ever added: the server's login has no right to anything else, and triggers refuse it to
//! the owner and to a superuser too.

use harness::proof::Proof;
use harness::store::connect;
use harness::{ALPHA, BETA, Backend, Data, Store, both};
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

/// Reads are noted for several organisations at once: for those that the transaction names, and for nobody else; being
/// named shows nothing of theirs.
#[test]
fn audit_events_are_added_for_named_organisations_alone() {
    harness::run(Backend::Postgres, |_| async {
        let store = Store::new(Backend::Postgres, Data::Twins).await;
        let before = store.dump(None).await.remove("audit_event").unwrap().len();
        let server = connect(&store.url).await;
        let (alpha, beta) = (ALPHA.id(), BETA.id());
        let naming = |named: &str, whom: &[_]| {
            let rows = whom
                .iter()
                .map(|id| format!("('{id}', gen_random_uuid(), now(), 'CASEWORKER', 'READ', 'ALLOWED', '[]', 'r')"));
            let rows = rows.collect::<Vec<_>>().join(", ");
            format!(
                "BEGIN; SELECT set_config('lanpya.recording', '{{{named}}}', true);
                 INSERT INTO audit_event (organisation_id, id, at, role, action, outcome, fields, request_id) VALUES {rows};
                 COMMIT"
            )
        };
        server.execute_unprepared(&naming(&format!("{alpha},{beta}"), &[alpha, beta])).await.unwrap();
        for (named, whom) in [(alpha.to_string(), [alpha, beta]), (String::new(), [alpha, alpha])] {
            let error = server.execute_unprepared(&naming(&named, &whom)).await.unwrap_err().to_string();
            assert!(error.contains("row-level security"), "{error}");
            server.execute_unprepared("ROLLBACK").await.unwrap();
        }
        // What was named for one transaction is not for the next.
        let sql = format!(
            "INSERT INTO audit_event SELECT '{alpha}', gen_random_uuid(), now(), NULL, 'x', 'READ', 'ALLOWED', NULL, NULL, '[]', 'r'"
        );
        assert!(server.execute_unprepared(&sql).await.unwrap_err().to_string().contains("row-level security"));
        server.execute_unprepared(&format!("SET lanpya.recording = '{{{alpha},{beta}}}'")).await.unwrap();
        let seen = server
            .query_all_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, "SELECT id FROM audit_event"))
            .await
            .unwrap();
        assert!(seen.is_empty(), "being named shows {} events", seen.len());
        assert_eq!(store.dump(None).await.remove("audit_event").unwrap().len(), before + 2);
    });
}
