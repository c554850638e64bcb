//! Visitors, one a ticket and centre; notes added to visits; hours in which centres are open; what is left of removed
//! records; and the ways to what changed in a centre, for its devices.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{self, Table, record};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables whose rows a device of a centre follows.
const FOLLOWED: [&str; 7] =
    ["visit", "visit_follow_up", "direct_assistance", "complaint", "screening_request", "consent", "referral"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        table::create(manager, &tables()).await?;
        table::run(manager, &visits(postgres)).await?;
        table::run(manager, &FOLLOWED.map(|table| index(table, "updated_at", &["updated_at", "id"]))).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = |table, column| format!(r#"DROP INDEX "{table}_{column}_idx""#);
        table::run(manager, &FOLLOWED.map(|table| drop(table, "updated_at"))).await?;
        let mut statements = vec![
            r#"DROP INDEX "visit_ticket_day_key""#.to_owned(),
            drop("visit", "visitor_id"),
            drop("visit", "visited_on"),
            index("visit", "ticket", &["ticket", "id"]),
            index("visit", "visited_on", &["visited_on", "id"]),
        ];
        if manager.get_database_backend() == DbBackend::Postgres {
            statements.push(r#"ALTER TABLE "visit" DROP CONSTRAINT "visit_visitor_id_fkey""#.to_owned());
        }
        statements.push(r#"ALTER TABLE "visit" DROP COLUMN "visitor_id""#.to_owned());
        statements.extend(TOLD_NOW.map(|column| format!(r#"ALTER TABLE "visit" DROP COLUMN "{column}""#)));
        table::run(manager, &statements).await?;
        table::drop(manager, &tables()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<Table> {
    vec![visitor(), visit_note(), opening_period(), removal()]
}

fn visitor() -> Table {
    record("visitor")
        .uuid("centre_id")
        .references("resource_centre")
        .text("ticket")
        .indexed()
        .uuid("person_id")
        .optional()
        .references("person")
        .code("visitor_kind")
        .code("sex")
        .int("age_years")
        .optional()
        .code("age_group")
        .optional()
        .code("disability")
        .code("displacement")
        .uuid("home_township_id")
        .optional()
        .references_shared("location")
        .text("destination")
        .optional()
        .code("sector")
        .optional()
        .code("heard_through")
        .optional()
        .date("first_visit_on")
        .date("last_visit_on")
        .indexed()
        .index(&["updated_at"])
        .unique(&["centre_id", "ticket"])
}

fn visit_note() -> Table {
    record("visit_note")
        .uuid("visit_id")
        .references("visit")
        .text("body")
        .timestamp("written_at")
        .indexed()
        .uuid("author_id")
        .optional()
        .references("app_user")
        .index(&["updated_at"])
}

fn opening_period() -> Table {
    record("opening_period")
        .uuid("centre_id")
        .references("resource_centre")
        .code("weekday")
        .indexed()
        .text("opens_at")
        .text("closes_at")
        .index(&["updated_at"])
}

fn removal() -> Table {
    record("removal")
        .uuid("centre_id")
        .references("resource_centre")
        .text("record_type")
        .uuid("record_id")
        .code("reason")
        .index(&["updated_at"])
}

fn index(table: &str, name: &str, columns: &[&str]) -> String {
    let columns = columns.join("\", \"");
    format!(r#"CREATE INDEX "{table}_{name}_idx" ON "{table}" ("organisation_id", "{columns}")"#)
}

/// Each visit has its visitor, and a ticket once a day. A ticket that was logged twice on a day keeps its first visit;
/// the others get `/2`, `/3` and so on behind it, as one would on paper. The owner is bound by the policies like
/// everybody, and has to lay them down to reach rows of every organisation.
fn visits(postgres: bool) -> Vec<String> {
    let add = if postgres {
        r#"ALTER TABLE "visit" ADD COLUMN "visitor_id" uuid, ADD CONSTRAINT "visit_visitor_id_fkey"
           FOREIGN KEY ("organisation_id", "visitor_id") REFERENCES "visitor" ("organisation_id", "id") ON DELETE RESTRICT"#
    } else {
        r#"ALTER TABLE "visit" ADD COLUMN "visitor_id" blob"#
    };
    let force =
        |how: &str| ["visit", "visitor"].map(|table| format!(r#"ALTER TABLE "{table}" {how} ROW LEVEL SECURITY"#));
    let mut statements = vec![add.to_owned()];
    let text = if postgres { r#"text COLLATE "C""# } else { "text" };
    statements.extend(TOLD_NOW.map(|column| format!(r#"ALTER TABLE "visit" ADD COLUMN "{column}" {text}"#)));
    statements.extend(force("NO FORCE").into_iter().filter(|_| postgres));
    statements.push(TOLD_APART.to_owned());
    statements.push(visitors(if postgres { "gen_random_uuid()" } else { "randomblob(16)" }));
    statements.push(HELD.to_owned());
    statements.extend(force("FORCE").into_iter().filter(|_| postgres));
    let covering = r#"CREATE INDEX "visit_visited_on_idx" ON "visit" ("organisation_id", "visited_on", "id""#;
    statements.extend([
        r#"DROP INDEX "visit_ticket_idx""#.to_owned(),
        r#"CREATE UNIQUE INDEX "visit_ticket_day_key" ON "visit" ("organisation_id", "ticket", "centre_id", "visited_on")"#
            .to_owned(),
        index("visit", "visitor_id", &["visitor_id", "id"]),
        // What a year by month, sex and topic is counted from within anybody's reach, without a look at the rows.
        r#"DROP INDEX "visit_visited_on_idx""#.to_owned(),
        format!("{covering}{}", if postgres { format!(") INCLUDE ({COUNTED})") } else { format!(", {COUNTED})") }),
    ]);
    statements
}

const COUNTED: &str = r#""sex", "topics", "counsellor_id", "created_by""#;

/// What a visit may tell from now on: an age group, and the Washington Group short set.
const TOLD_NOW: [&str; 7] = ["age_group", "seeing", "hearing", "walking", "remembering", "self_care", "communicating"];

const TOLD_APART: &str = r#"UPDATE "visit" SET "ticket" = "again"."ticket" || '/' || "again"."turn"
FROM (SELECT "organisation_id" AS "of", "id" AS "one", "ticket", row_number() OVER (
        PARTITION BY "organisation_id", "centre_id", "visited_on", "ticket" ORDER BY "created_at", "id") AS "turn"
      FROM "visit") AS "again"
WHERE "visit"."organisation_id" = "again"."of" AND "visit"."id" = "again"."one" AND "again"."turn" > 1"#;

const HELD: &str = r#"UPDATE "visit" SET "visitor_id" = "visitor"."id" FROM "visitor"
WHERE "visitor"."organisation_id" = "visit"."organisation_id" AND "visitor"."centre_id" = "visit"."centre_id"
  AND "visitor"."ticket" = "visit"."ticket""#;

fn visitors(id: &str) -> String {
    const TOLD: &str = r#""person_id", "visitor_kind", "sex", "age_years", "disability", "displacement",
      "home_township_id", "destination", "sector", "heard_through""#;
    format!(
        r#"INSERT INTO "visitor" ("organisation_id", "id", "centre_id", "ticket", {TOLD}, "first_visit_on",
  "last_visit_on", "created_at", "created_by", "updated_at", "updated_by")
SELECT "organisation_id", {id}, "centre_id", "ticket", {TOLD}, "first", "visited_on", "created_at", "created_by",
  "created_at", "created_by"
FROM (SELECT "visit".*, min("visited_on") OVER "theirs" AS "first",
        row_number() OVER ("theirs" ORDER BY "visited_on" DESC, "created_at" DESC, "id") AS "turn"
      FROM "visit" WINDOW "theirs" AS (PARTITION BY "organisation_id", "centre_id", "ticket")) AS "told"
WHERE "turn" = 1"#
    )
}
