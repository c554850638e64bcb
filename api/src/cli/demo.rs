//! `lanpya demo`: everything on one command.

use clap::Args;

#[derive(Args)]
pub(crate) struct Demo {}

impl Demo {
    pub(crate) async fn run(self) -> Result<(), String> {
        Err("not yet".to_owned())
    }
}
