//! What the application's logins are on PostgreSQL, and what a view would have to be.

use harness::proof::Proof;
use harness::{Backend, Data, Store};

#[test]
fn the_servers_roles_stand_above_nothing() {
    harness::run(Backend::Postgres, |_| roles());
}

#[test]
fn views_run_as_who_asks() {
    harness::run(Backend::Postgres, |_| views());
}

/// Attributes and possessions that put a role above row-level security.
const ABOVE: &str = "r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
    OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid)
    OR EXISTS (SELECT 1 FROM pg_proc p WHERE p.proowner = r.oid)
    OR EXISTS (SELECT 1 FROM pg_namespace n WHERE n.nspowner = r.oid)
    OR EXISTS (SELECT 1 FROM pg_database d WHERE d.datdba = r.oid)
    OR r.rolname LIKE 'pg\\_%'";

async fn roles() {
    let mut proof = Proof::of(2, "catalogue::roles::the_servers_roles_stand_above_nothing");
    let store = Store::new(Backend::Postgres, Data::Nothing).await;
    let above = store.column(&format!("SELECT r.rolname::text FROM pg_roles r WHERE {ABOVE}")).await;
    assert!(
        above.iter().any(|role| role == "lanpya_owner") && above.iter().any(|role| role == "postgres"),
        "{above:?}"
    );
    for role in ["lanpya_app", "lanpya_server"] {
        assert!(!above.iter().any(|other| other == role), "{role} is above row-level security");
        // Every role that it could become with SET ROLE, however far away.
        let sql = format!("SELECT r.rolname::text FROM pg_roles r WHERE pg_has_role('{role}', r.oid, 'MEMBER')");
        let may_become = store.column(&sql).await;
        assert!(may_become.iter().all(|other| !above.contains(other)), "{role} may become {may_become:?}");
        proof.figure(&format!("roles {role} may become"), may_become);
    }
    proof.held();
}

async fn views() {
    let mut proof = Proof::of(2, "catalogue::roles::views_run_as_who_asks");
    let store = Store::new(Backend::Postgres, Data::Nothing).await;
    let sql = "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('v', 'm', 'f', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
               AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], FALSE)";
    assert!(store.column(sql).await.is_empty(), "these do not run as who asks");
    store.execute("CREATE VIEW leak AS SELECT * FROM visit").await;
    assert_eq!(store.column(sql).await, ["public.leak"], "the check finds one");
    let sql = "SELECT relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname <> 'public'";
    assert!(store.column(sql).await.is_empty(), "no tables elsewhere");
    proof.figure("views", 0);
    proof.held();
}
