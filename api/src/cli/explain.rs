//! `lanpya explain`: where the time of a query goes.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_graphql::parser::types::OperationType;
use clap::Args;
use entity::ids;
use serde_json::{Map, Value};

use super::organisation::Target;
use crate::clock::Clock;
use crate::db::{Scope, Watch};
use crate::error::Error;
use crate::http::limits::{Limits, parse};
use crate::schema::{Engine, Purse};

#[derive(Args)]
pub(crate) struct Explain {
    /// File with the query; `-` reads standard input.
    file: PathBuf,
    /// Code of the organisation it is asked in.
    #[arg(long)]
    organisation: String,
    /// The user who asks: the `sub` of the tokens.
    #[arg(long)]
    user: String,
    /// Variables as a JSON object.
    #[arg(long, default_value = "{}")]
    variables: String,
    /// Which operation, where the document has several.
    #[arg(long)]
    operation: Option<String>,
    #[command(flatten)]
    database: Target,
}

/// Nothing is paid by the operator.
struct Free;

impl Purse for Free {
    fn charge(&self, _: u64) -> crate::error::Result<()> {
        Ok(())
    }

    fn drain(&self, _: u64) {}
}

impl Explain {
    pub(crate) async fn run(self) -> Result<(), String> {
        super::log(false);
        let query = self.query()?;
        let variables = serde_json::from_str(&self.variables)
            .map_err(|error| format!("The variables are not a JSON object: {error}."))?;
        // No row is shown to anybody, so nothing is noted as seen.
        let database = self.database.open_unaudited().await?;
        let found = database.find(ids::organisation(&self.organisation), &self.user).await;
        let told = match found {
            Ok(Some(viewer)) => {
                let scope = Scope::new(database.clone(), Arc::new(viewer), Clock::system(), "explain".into());
                explain(scope, &query, self.operation.as_deref(), variables).await
            }
            Ok(None) => Err(format!("{} has no enabled user {}.", self.organisation, self.user)),
            Err(error) => Err(format!("The database refused: {error}")),
        };
        database.close().await;
        super::say(&told?)
    }

    fn query(&self) -> Result<String, String> {
        let mut text = String::new();
        let read = if self.file.as_os_str() == "-" {
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        } else {
            std::fs::read_to_string(&self.file)
        };
        read.map_err(|error| format!("{} cannot be read: {error}.", self.file.display()))
    }
}

/// Runs a query in a scope and tells what it cost and how the database ran each of its statements; never what it found.
pub async fn explain(
    scope: Scope,
    query: &str,
    operation: Option<&str>,
    variables: Map<String, Value>,
) -> Result<String, String> {
    let sentence = |errors: Vec<Error>| {
        let told = errors.iter().map(|error| match &error.field {
            Some(field) => format!("{error} ({field})"),
            None => error.to_string(),
        });
        told.collect::<Vec<_>>().join(" ")
    };
    // Cursors of a running server are not known here.
    let engine = Engine::new("the explanation of a query opens no cursor of a server", false, Duration::ZERO);
    let parsed = parse(query, &Limits::default()).map_err(|error| sentence(vec![error]))?;
    let prepared = engine.validate(query, parsed, operation, &variables).await.map_err(sentence)?;
    if prepared.kind() != OperationType::Query {
        return Err("Only queries are explained: anything else would change something.".to_owned());
    }
    let (cold, watch) = (Watch::default(), Watch::default());
    // The first run warms caches and connections.
    let warm = engine.run(&prepared, variables.clone(), Some(scope.clone().watched(cold)), Arc::new(Free)).await;
    warm.map_err(sentence)?;
    let began = Instant::now();
    let plain =
        engine.run(&prepared, variables.clone(), Some(scope.clone()), Arc::new(Free)).await.map_err(sentence)?;
    let took = began.elapsed();
    let watched = engine.run(&prepared, variables, Some(scope.watched(watch.clone())), Arc::new(Free)).await;
    watched.map_err(sentence)?;
    let mut told = format!(
        "{} cost points, {} statements, {:.1} ms, {} bytes, {} fields not shown to this role\n",
        plain.cost,
        plain.statements,
        took.as_secs_f64() * 1e3,
        plain.data.len(),
        plain.redactions.len()
    );
    for (number, one) in (1..).zip(watch.explained()) {
        let _ = write!(told, "\n{number}. {}\n", one.statement);
        for line in one.plan {
            let _ = writeln!(told, "   {line}");
        }
    }
    Ok(told)
}
