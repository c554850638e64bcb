//! The command line: reads arguments, starts what they name, says in a sentence what went wrong.

mod demo;
mod explain;
mod import;
mod organisation;
mod serve;
mod token;

pub use explain::explain;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::{db, schema};
use clap::{Parser, Subcommand};

/// Lanpya (လမ်းပြ): one GraphQL API for protection work on the Myanmar–Thailand border.
#[derive(Parser)]
#[command(name = "lanpya", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start with fictional data in an embedded database; nothing to install or set.
    Demo(demo::Demo),
    /// Serve as the settings say (settings file or environment).
    Serve(serve::Serve),
    /// Bring a database to this version's schema, with the owner's login.
    Migrate {
        /// `postgres://owner…` or `sqlite:PATH`.
        #[arg(long, env = "LANPYA_OWNER_URL")]
        url: String,
        /// Take every change back instead.
        #[arg(long)]
        down: bool,
    },
    /// Print the schema in GraphQL's own language.
    Schema {
        /// Write it to a file instead.
        #[arg(long)]
        output: Option<PathBuf>,
    },
    /// Mint a token for development, with the key that the demo keeps in its folder.
    Token(token::Token),
    /// Set an organisation up with its first users.
    Organisation(organisation::Organisation),
    /// Run a query as a user and say which statements it took, how the database ran them, and what it cost.
    Explain(explain::Explain),
    /// Bring records in from a file.
    Import(import::Import),
}

/// Runs what the arguments of the process say.
#[expect(clippy::print_stderr, reason = "a sentence to whoever typed the command")]
pub fn command() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("lanpya: the runtime does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("lanpya: {sentence}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    match arguments.command {
        Command::Demo(demo) => demo.run().await,
        Command::Serve(serve) => serve.run().await,
        Command::Migrate { url, down: false } => db::migrate(&url).await,
        Command::Migrate { url, down: true } => db::unmigrate(&url).await,
        Command::Schema { output: Some(path) } => std::fs::write(&path, schema::sdl())
            .map_err(|error| format!("{} cannot be written: {error}.", path.display())),
        Command::Schema { output: None } => say(&schema::sdl()),
        Command::Token(token) => token.run(),
        Command::Organisation(organisation) => organisation.run().await,
        Command::Explain(explain) => Box::pin(explain.run()).await,
        Command::Import(import) => import.run().await,
    }
}

/// Writes to standard output.
pub(crate) fn say(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text.trim_end()).map_err(|error| format!("Standard output is closed: {error}."))
}

/// Structured logs on standard error: JSON for machines, lines for people. Never values.
pub(crate) fn log(json: bool) {
    use tracing_subscriber::EnvFilter;
    crate::http::panics::without_messages();
    let filter = EnvFilter::try_from_env("LANPYA_LOG").unwrap_or_else(|_| EnvFilter::new("warn,lanpya=info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json {
        builder.json().init();
    } else {
        builder.compact().init();
    }
}

/// Waits for the wish to stop: Ctrl-C or SIGTERM.
pub(crate) async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
