//! The command line itself, for tests that run it as an operator does.

use std::process::ExitCode;

fn main() -> ExitCode {
    lanpya::command()
}
