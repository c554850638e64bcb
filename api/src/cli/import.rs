//! `lanpya import`.

use clap::Args;

#[derive(Args)]
pub(crate) struct Import {}

impl Import {
    pub(crate) async fn run(self) -> Result<(), String> {
        Err("not yet".to_owned())
    }
}
