//! `lanpya serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::clock::Clock;
use crate::config::Config;
use crate::http::Pages;
use clap::Args;

#[derive(Args)]
pub(crate) struct Serve {
    /// Settings file (TOML); the environment overrides it.
    #[arg(long, env = "LANPYA_SETTINGS")]
    settings: Option<PathBuf>,
    /// Address to serve at, instead of the settings'.
    #[arg(long)]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub(crate) async fn run(self) -> Result<(), String> {
        super::log(true);
        let mut config = Config::read(self.settings.as_deref())?;
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        let pages = config.pages.then(|| Pages { demo: false, tokens: std::sync::Arc::new(Vec::new), folder: None });
        let running = crate::serve(&config, Clock::system(), pages).await?;
        tracing::info!(address = %running.address, "serving");
        super::stopped().await;
        tracing::info!("stopping");
        running.stop().await;
        Ok(())
    }
}
