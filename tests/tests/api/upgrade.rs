//! A database with records that is brought up to date: by the owner of the tables, whom row-level security binds too.

use harness::{ALPHA, BETA, Backend, Data, Store, both};
use migration::{Migrator, MigratorTrait as _};

both! { visits_get_their_visitors }

/// The change that brought visitors.
const VISITORS: &str = "m20261122_000019_visitor";

async fn counted(store: &Store, sql: &str) -> i64 {
    store.column(&format!("SELECT CAST(({sql}) AS TEXT)")).await[0].parse().unwrap()
}

async fn visits_get_their_visitors(backend: Backend) {
    let store = Store::new(backend, Data::Twins).await;
    let url = if backend == Backend::Postgres { store.owner_url() } else { store.url.clone() };
    if backend == Backend::Postgres {
        // The copy of the template belongs to the cluster's superuser; its tables to their owner.
        store.execute("GRANT CREATE ON SCHEMA public TO PUBLIC").await;
    }
    let owner = sea_orm::Database::connect(url).await.unwrap();
    let since = Migrator::migrations().iter().rev().position(|change| change.name() == VISITORS).unwrap() + 1;
    Migrator::down(&owner, Some(u32::try_from(since).unwrap())).await.unwrap();
    // Two visits of ALPHA's under one ticket on one day, and one of BETA's under the same ticket.
    for organisation in [&ALPHA, &BETA] {
        let id = |number: usize| {
            let id = organisation.row("visit", number);
            if backend == Backend::Postgres { format!("'{id}'") } else { format!("x'{}'", id.simple()) }
        };
        let twin = "UPDATE visit SET ticket = 'TWICE', visited_on = '2026-01-01', centre_id = (SELECT centre_id FROM visit WHERE id =";
        store.execute(&format!("{twin} {}) WHERE id IN ({}, {})", id(0), id(0), id(3))).await;
    }
    let visits = counted(&store, "SELECT count(*) FROM visit").await;
    Migrator::up(&owner, None).await.unwrap();
    owner.close().await.unwrap();
    assert_eq!(counted(&store, "SELECT count(*) FROM visit").await, visits);
    let tickets = store.column("SELECT ticket FROM visit WHERE ticket LIKE 'TWICE%' ORDER BY ticket").await;
    assert_eq!(tickets, ["TWICE", "TWICE", "TWICE/2", "TWICE/2"]);
    for (never, sql) in [
        ("a visit without its visitor", "SELECT count(*) FROM visit WHERE visitor_id IS NULL"),
        (
            "a visitor without visits",
            "SELECT count(*) FROM visitor h WHERE NOT EXISTS (SELECT 1 FROM visit v WHERE v.visitor_id = h.id)",
        ),
        (
            "a visitor of another centre, ticket or organisation",
            "SELECT count(*) FROM visit v JOIN visitor h ON h.id = v.visitor_id WHERE h.ticket <> v.ticket \
             OR h.centre_id <> v.centre_id OR h.organisation_id <> v.organisation_id",
        ),
        (
            "a day that is not the first or the last",
            "SELECT count(*) FROM visitor h WHERE first_visit_on <> (SELECT min(visited_on) FROM visit v WHERE v.visitor_id = h.id) \
             OR last_visit_on <> (SELECT max(visited_on) FROM visit v WHERE v.visitor_id = h.id)",
        ),
    ] {
        assert_eq!(counted(&store, sql).await, 0, "{never}");
    }
    assert!(counted(&store, "SELECT count(*) FROM visitor").await > 60);
}
