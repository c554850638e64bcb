//! Row-level security and grants on `PostgreSQL`: the application's role reaches only rows of the organisation
//! named by the transaction's setting `lanpya.organisation`, and none where there is no such setting.

/// The group role of the application. Login roles of servers are granted this role by the operator.
pub const APP_ROLE: &str = "lanpya_app";

/// What may be done with rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Read.
    Select,
    /// Add.
    Insert,
    /// Change.
    Update,
    /// Remove.
    Delete,
}

impl Command {
    /// Everything an application does with rows.
    pub const ALL: [Self; 4] = [Self::Select, Self::Insert, Self::Update, Self::Delete];

    fn sql(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }

    fn clauses(self) -> String {
        let own = "(\"organisation_id\" = (SELECT lanpya_organisation()))";
        match self {
            Self::Select | Self::Delete => format!("USING {own}"),
            Self::Insert => format!("WITH CHECK {own}"),
            Self::Update => format!("USING {own} WITH CHECK {own}"),
        }
    }
}

/// Creates what policies stand on: the application's role, its way into the schema, and the function that says
/// which organisation a transaction works for.
pub fn prepare() -> Vec<String> {
    vec![
        // Two databases of one cluster may be migrated at once, hence the second handler.
        format!(
            "DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{APP_ROLE}') THEN
    BEGIN
      CREATE ROLE {APP_ROLE} NOLOGIN;
    EXCEPTION
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role {APP_ROLE} does not exist and % may not create it', current_user
          USING HINT = 'Let an administrator run: CREATE ROLE {APP_ROLE} NOLOGIN';
      WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
  END IF;
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{APP_ROLE}' AND (rolsuper OR rolbypassrls)) THEN
    RAISE EXCEPTION 'the role {APP_ROLE} must be neither SUPERUSER nor BYPASSRLS';
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO {APP_ROLE}', current_schema());
END
$$"
        ),
        "CREATE FUNCTION lanpya_organisation() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT nullif(current_setting('lanpya.organisation', true), '')::uuid $$"
            .to_owned(),
        "REVOKE ALL ON FUNCTION lanpya_organisation() FROM PUBLIC".to_owned(),
        format!("GRANT EXECUTE ON FUNCTION lanpya_organisation() TO {APP_ROLE}"),
        format!("GRANT SELECT ON seaql_migrations TO {APP_ROLE}"),
    ]
}

/// Takes back what [`prepare`] gave. The role stays: other databases of the cluster may use it.
pub fn unprepare() -> Vec<String> {
    vec![
        format!("REVOKE ALL ON seaql_migrations FROM {APP_ROLE}"),
        "DROP FUNCTION lanpya_organisation()".to_owned(),
        format!("DO $$ BEGIN EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM {APP_ROLE}', current_schema()); END $$"),
    ]
}

/// Closes a table with rows of organisations, but for what `rights` names. The owner is held to the policies too.
pub fn protect(table: &str, rights: &[Command]) -> Vec<String> {
    let mut statements = vec![
        format!("ALTER TABLE \"{table}\" ENABLE ROW LEVEL SECURITY"),
        format!("ALTER TABLE \"{table}\" FORCE ROW LEVEL SECURITY"),
    ];
    statements.extend(rights.iter().map(|right| {
        let command = right.sql();
        let policy = format!("{table}_{}", command.to_lowercase());
        format!("CREATE POLICY \"{policy}\" ON \"{table}\" AS PERMISSIVE FOR {command} {}", right.clauses())
    }));
    statements.extend(grant(table, rights));
    statements
}

/// Lets the application read a table that all organisations share.
pub fn share(table: &str) -> Vec<String> {
    grant(table, &[Command::Select])
}

fn grant(table: &str, rights: &[Command]) -> Vec<String> {
    let commands: Vec<&str> = rights.iter().map(|right| right.sql()).collect();
    vec![
        format!("REVOKE ALL ON \"{table}\" FROM PUBLIC"),
        format!("GRANT {} ON \"{table}\" TO {APP_ROLE}", commands.join(", ")),
    ]
}
