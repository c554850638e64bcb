//! Tables as declarations: a table names its columns once, and the statements for either database follow.
//!
//! Tenant tables begin with `organisation_id`, and so does every key, index and reference between them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::rls::{self, Command};

/// What a column holds.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Uuid,
    Text,
    Int,
    Float,
    Bool,
    Date,
    Timestamp,
}

impl Kind {
    /// The column type. Text sorts by bytes on both databases. On `SQLite`, ids are 16-byte blobs, dates and times ISO text.
    fn sql(self, backend: DbBackend) -> &'static str {
        let postgres = backend == DbBackend::Postgres;
        match self {
            Self::Uuid if postgres => "uuid",
            Self::Uuid => "blob",
            Self::Text if postgres => "text COLLATE \"C\"",
            Self::Date if postgres => "date",
            Self::Timestamp if postgres => "timestamptz",
            Self::Text | Self::Date | Self::Timestamp => "text",
            Self::Int => "integer",
            Self::Float if postgres => "double precision",
            Self::Float => "real",
            Self::Bool => "boolean",
        }
    }
}

/// Where a column points.
#[derive(Debug, Clone, Copy)]
enum Target {
    /// A row of the same organisation.
    Tenant(&'static str),
    /// A row that all organisations share.
    Shared(&'static str),
}

#[derive(Debug, Clone)]
struct Column {
    name: &'static str,
    kind: Kind,
    optional: bool,
    indexed: bool,
    target: Option<Target>,
    default: Option<&'static str>,
}

/// A table being declared. Methods that describe a column (`optional`, `indexed`, …) speak of the last one named.
#[derive(Debug, Clone)]
pub struct Table {
    name: &'static str,
    columns: Vec<Column>,
    key: Vec<&'static str>,
    unique: Vec<Vec<&'static str>>,
    indexes: Vec<Vec<&'static str>>,
    in_organisation: bool,
    is_record: bool,
    rights: &'static [Command],
}

/// A table of records: rows of one organisation with an id, a version and who wrote them when.
pub fn record(name: &'static str) -> Table {
    let mut table = tenant(name, &["organisation_id", "id"]).uuid("id");
    table.is_record = true;
    table.in_organisation = true;
    table.rights = &Command::ALL;
    table
}

/// A table with rows of one organisation and a key of its own (which names `organisation_id` first).
pub fn tenant(name: &'static str, key: &[&'static str]) -> Table {
    empty(name, key).uuid("organisation_id")
}

/// A table that all organisations share: they may read it and nothing else.
pub fn shared(name: &'static str) -> Table {
    empty(name, &["id"]).uuid("id")
}

fn empty(name: &'static str, key: &[&'static str]) -> Table {
    Table {
        name,
        columns: Vec::new(),
        key: key.to_vec(),
        unique: Vec::new(),
        indexes: Vec::new(),
        in_organisation: false,
        is_record: false,
        rights: &[Command::Select],
    }
}

impl Table {
    fn column(mut self, name: &'static str, kind: Kind) -> Self {
        self.columns.push(Column { name, kind, optional: false, indexed: false, target: None, default: None });
        self
    }

    fn last(mut self, change: impl FnOnce(&mut Column)) -> Self {
        if let Some(column) = self.columns.last_mut() {
            change(column);
        }
        self
    }

    pub fn uuid(self, name: &'static str) -> Self {
        self.column(name, Kind::Uuid)
    }

    pub fn text(self, name: &'static str) -> Self {
        self.column(name, Kind::Text)
    }

    /// A value of an enum, by its GraphQL name.
    pub fn code(self, name: &'static str) -> Self {
        self.column(name, Kind::Text)
    }

    /// A JSON array of codes or strings.
    pub fn list(self, name: &'static str) -> Self {
        self.column(name, Kind::Text)
    }

    pub fn int(self, name: &'static str) -> Self {
        self.column(name, Kind::Int)
    }

    pub fn float(self, name: &'static str) -> Self {
        self.column(name, Kind::Float)
    }

    pub fn bool(self, name: &'static str) -> Self {
        self.column(name, Kind::Bool)
    }

    pub fn date(self, name: &'static str) -> Self {
        self.column(name, Kind::Date)
    }

    pub fn timestamp(self, name: &'static str) -> Self {
        self.column(name, Kind::Timestamp)
    }

    /// `name_en`, and `name_my` and `name_th` where known.
    pub fn names(self) -> Self {
        self.text("name_en").text("name_my").optional().text("name_th").optional()
    }

    /// The column may be null.
    pub fn optional(self) -> Self {
        self.last(|column| column.optional = true)
    }

    /// Rows are filtered or sorted by the column.
    pub fn indexed(self) -> Self {
        self.last(|column| column.indexed = true)
    }

    /// The value a row gets that does not name the column.
    pub fn default(self, value: &'static str) -> Self {
        self.last(|column| column.default = Some(value))
    }

    /// The column points to a record of the same organisation.
    pub fn references(self, table: &'static str) -> Self {
        self.last(|column| {
            column.target = Some(Target::Tenant(table));
            column.indexed = true;
        })
    }

    /// The column points to a row that all organisations share.
    pub fn references_shared(self, table: &'static str) -> Self {
        self.last(|column| {
            column.target = Some(Target::Shared(table));
            column.indexed = true;
        })
    }

    /// No two rows of an organisation (or, in a shared table, no two rows) have equal values here.
    pub fn unique(mut self, columns: &[&'static str]) -> Self {
        self.unique.push(columns.to_vec());
        self
    }

    /// An index over several columns.
    pub fn index(mut self, columns: &[&'static str]) -> Self {
        self.indexes.push(columns.to_vec());
        self
    }

    /// What the application may do with the rows of its organisation.
    pub fn rights(mut self, rights: &'static [Command]) -> Self {
        self.rights = rights;
        self
    }

    fn is_tenant(&self) -> bool {
        self.key.first() == Some(&"organisation_id")
    }

    /// The declaration with the columns that end every record.
    fn complete(&self) -> Self {
        let table = self.clone();
        if !self.is_record {
            return table;
        }
        table
            .int("row_version")
            .default("1")
            .timestamp("created_at")
            .indexed()
            .uuid("created_by")
            .optional()
            .timestamp("updated_at")
            .uuid("updated_by")
            .optional()
    }

    /// The statements that create the table, its indexes and, on `PostgreSQL`, its policies.
    fn create_sql(&self, backend: DbBackend) -> Vec<String> {
        let table = self.complete();
        let mut statements = vec![table.table_sql(backend)];
        statements.extend(table.index_sql());
        if backend == DbBackend::Postgres {
            statements.extend(if table.is_tenant() {
                rls::protect(table.name, table.rights)
            } else {
                rls::share(table.name)
            });
        }
        statements
    }

    /// The statements that drop the table. `SQLite` deletes the rows first, one by one, and would meet references
    /// between them.
    fn drop_sql(&self, backend: DbBackend) -> Vec<String> {
        let own =
            |column: &&Column| matches!(column.target, Some(Target::Tenant(t) | Target::Shared(t)) if t == self.name);
        let inner = self.columns.iter().filter(|_| backend == DbBackend::Sqlite).filter(own);
        inner
            .map(|column| format!("UPDATE \"{}\" SET \"{}\" = NULL", self.name, column.name))
            .chain([format!("DROP TABLE \"{}\"", self.name)])
            .collect()
    }

    fn table_sql(&self, backend: DbBackend) -> String {
        let mut parts: Vec<String> = self.columns.iter().map(|column| column.sql(backend)).collect();
        parts.push(format!("CONSTRAINT \"{}_pkey\" PRIMARY KEY {}", self.name, list(&self.key)));
        for columns in &self.unique {
            let name = format!("{}_{}_key", self.name, columns.join("_"));
            parts.push(format!("CONSTRAINT \"{name}\" UNIQUE {}", list(&self.tenant_first(columns))));
        }
        if self.in_organisation {
            parts.push(self.reference(
                "organisation_id",
                "organisation",
                "(\"organisation_id\")",
                "(\"organisation_id\")",
            ));
        }
        for column in &self.columns {
            let own = format!("(\"{}\")", column.name);
            match column.target {
                None => {}
                Some(Target::Shared(target)) => parts.push(self.reference(column.name, target, &own, "(\"id\")")),
                Some(Target::Tenant(target)) => {
                    let own = list(&["organisation_id", column.name]);
                    parts.push(self.reference(column.name, target, &own, &list(&["organisation_id", "id"])));
                }
            }
        }
        let tail = if backend == DbBackend::Sqlite { " WITHOUT ROWID" } else { "" };
        format!("CREATE TABLE \"{}\" (\n  {}\n){tail}", self.name, parts.join(",\n  "))
    }

    fn reference(&self, column: &str, target: &str, own: &str, theirs: &str) -> String {
        format!(
            "CONSTRAINT \"{}_{column}_fkey\" FOREIGN KEY {own} REFERENCES \"{target}\" {theirs} ON DELETE RESTRICT",
            self.name
        )
    }

    fn index_sql(&self) -> Vec<String> {
        let single = self.columns.iter().filter(|column| column.indexed).map(|column| vec![column.name]);
        single
            .chain(self.indexes.iter().cloned())
            .map(|columns| {
                let name = format!("{}_{}_idx", self.name, columns.join("_"));
                let mut columns = self.tenant_first(&columns);
                if self.columns.iter().any(|column| column.name == "id") {
                    columns.push("id");
                }
                format!("CREATE INDEX \"{name}\" ON \"{}\" {}", self.name, list(&columns))
            })
            .collect()
    }

    fn tenant_first(&self, columns: &[&'static str]) -> Vec<&'static str> {
        let organisation = self.is_tenant().then_some("organisation_id");
        organisation.into_iter().chain(columns.iter().copied()).collect()
    }
}

impl Column {
    fn sql(&self, backend: DbBackend) -> String {
        let null = if self.optional { "" } else { " NOT NULL" };
        let default = self.default.map(|value| format!(" DEFAULT {value}")).unwrap_or_default();
        format!("\"{}\" {}{null}{default}", self.name, self.kind.sql(backend))
    }
}

/// Column names in brackets, quoted.
fn list(columns: &[&str]) -> String {
    let quoted: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    format!("({})", quoted.join(", "))
}

/// Runs statements that carry no values, one after another.
pub async fn run<S: AsRef<str> + Sync>(manager: &SchemaManager<'_>, statements: &[S]) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(statement.as_ref()).await?;
    }
    Ok(())
}

/// Runs statements on `PostgreSQL`; `SQLite` has nothing of what they are about.
pub async fn run_on_postgres<S: AsRef<str> + Sync>(manager: &SchemaManager<'_>, statements: &[S]) -> Result<(), DbErr> {
    match manager.get_database_backend() {
        DbBackend::Postgres => run(manager, statements).await,
        _ => Ok(()),
    }
}

/// Creates tables in the order given.
pub async fn create(manager: &SchemaManager<'_>, tables: &[Table]) -> Result<(), DbErr> {
    for table in tables {
        run(manager, &table.create_sql(manager.get_database_backend())).await?;
    }
    Ok(())
}

/// Drops tables in the opposite order; indexes, policies and triggers go with them.
pub async fn drop(manager: &SchemaManager<'_>, tables: &[Table]) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        run(manager, &table.drop_sql(manager.get_database_backend())).await?;
    }
    Ok(())
}
