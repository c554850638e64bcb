//! PostgreSQL stopped, killed, paused, full, read-only; the network between it and the server stalled.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::time::Duration;

use harness::cluster::Cluster;
use harness::proof::{Proof, size};
use harness::proxy::{Link, Proxy};
use harness::{Backend, Data, Store, postgres};

use super::{Disk, Reads, Site};

#[test]
fn comes_and_goes() {
    harness::run(Backend::Postgres, |_| async {
        let mut proof = Proof::of(16, "faults::postgres::comes_and_goes");
        let cluster = Cluster::durable();
        let mut site = Site::new(Store::postgres(&cluster.admin, Data::Alpha, "").await, None).await;
        for (fault, begin, end) in [
            ("stopped", Cluster::halt as fn(&Cluster), Cluster::again as fn(&Cluster)),
            ("killed", Cluster::crash, Cluster::again),
        ] {
            site.store.leave().await;
            begin(&cluster);
            site.during(&mut proof, fault, Reads::None).await;
            end(&cluster);
            site.store.enter().await;
            site.after(&mut proof, fault).await;
        }
        cluster.pause();
        site.during(&mut proof, "paused", Reads::None).await;
        tokio::time::sleep(size(Duration::ZERO, Duration::from_secs(7))).await;
        cluster.resume();
        site.after(&mut proof, "paused").await;
        proof.held();
    });
}

#[test]
fn takes_no_writes() {
    harness::run(Backend::Postgres, |_| async {
        let mut proof = Proof::of(16, "faults::postgres::takes_no_writes");
        let cluster = Cluster::durable();
        let mut site = Site::new(Store::postgres(&cluster.admin, Data::Alpha, "").await, None).await;
        site.store.execute("ALTER SYSTEM SET default_transaction_read_only = on").await;
        site.store.execute("SELECT pg_reload_conf()").await;
        site.until_refused().await;
        site.during(&mut proof, "read-only", Reads::Public).await;
        site.store.execute("ALTER SYSTEM RESET default_transaction_read_only").await;
        site.store.execute("SELECT pg_reload_conf()").await;
        site.after(&mut proof, "read-only").await;
        proof.held();
    });
}

/// The tables lie on a small disk of their own, the log does not: a full disk of the log stops PostgreSQL altogether,
/// which is the fault “killed”.
#[test]
fn disk_full() {
    harness::run(Backend::Postgres, |_| async {
        let mut proof = Proof::of(16, "faults::postgres::disk_full");
        let Some(disk) = Disk::of(64) else {
            eprintln!("no right to mount a disk: not proved here");
            return;
        };
        let cluster = Cluster::durable();
        let place = disk.0.join("tables");
        std::fs::create_dir(&place).unwrap();
        std::fs::set_permissions(&disk.0, std::fs::Permissions::from_mode(0o755)).unwrap();
        let owner = cluster.owner();
        chown(&place, Some(owner), None).unwrap();
        let admin = harness::store::connect(&cluster.admin).await;
        let sql = format!("CREATE TABLESPACE small LOCATION '{}'", place.display());
        sea_orm::ConnectionTrait::execute_unprepared(&admin, &sql).await.unwrap();
        let mut site = Site::new(Store::postgres(&cluster.admin, Data::Alpha, "TABLESPACE small").await, None).await;
        disk.fill();
        site.until_refused().await;
        // A read that finds room for its note on a page in use is answered.
        site.during_full(&mut proof).await;
        disk.free();
        site.after(&mut proof, "disk full").await;
        proof.held();
    });
}

#[test]
fn out_of_reach() {
    harness::run(Backend::Postgres, |_| async {
        let mut proof = Proof::of(16, "faults::postgres::out_of_reach");
        let store = Store::new(Backend::Postgres, Data::Alpha).await;
        let port = postgres::port(&store.url);
        let proxy = Proxy::to(([127, 0, 0, 1], port).into()).await;
        let url = store.url.replace(&format!(":{port}/"), &format!(":{}/", proxy.address.port()));
        let mut site = Site::new(store, Some(&url)).await;
        for (fault, link) in [("link stalled", Link::Stalled), ("link cut", Link::Cut), ("answers lost", Link::Deaf)] {
            proxy.set(link);
            site.during(&mut proof, fault, Reads::None).await;
            proxy.set(Link::Open);
            site.after(&mut proof, fault).await;
        }
        // What a firewall does that forgets: the connections there are never hear anything again.
        proxy.set(Link::Stranded { below: proxy.connections() });
        site.after(&mut proof, "connections stranded").await;
        proof.held();
    });
}
