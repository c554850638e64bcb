//! The contender `unaudited`: Lanpya without the audit of reads, which no setting can turn off. It shows what the audit
//! costs, and is for nothing else.

use std::process::ExitCode;

use lanpya::clock::Clock;
use lanpya::config::Config;
use tokio::signal::unix::{SignalKind, signal};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

async fn serve() -> Result<(), String> {
    let mut config = Config::read(None)?;
    config.audit_reads = false;
    let running = lanpya::serve(&config, Clock::system(), None).await?;
    let mut stop = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    stop.recv().await;
    running.stop().await;
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("unaudited: {sentence}");
            ExitCode::FAILURE
        }
    }
}
