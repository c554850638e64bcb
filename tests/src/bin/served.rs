//! The server as a process of its own, for tests that kill it: what `lanpya serve` does, without its command line.
//! Settings come from the environment; the first line printed is the address.

use std::io::Write as _;
use std::process::ExitCode;

use lanpya::clock::Clock;
use lanpya::config::Config;

#[tokio::main]
async fn main() -> ExitCode {
    let serving = async {
        let config = Config::read(None)?;
        lanpya::serve(&config, Clock::system(), None).await
    };
    match serving.await {
        Ok(running) => {
            let mut out = std::io::stdout();
            let told = writeln!(out, "{}", running.address).and_then(|()| out.flush());
            // Standard input is held by the test: its end is the wish to stop.
            let ended = tokio::task::spawn_blocking(|| std::io::read_to_string(std::io::stdin()));
            let _ = ended.await;
            running.stop().await;
            if told.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
