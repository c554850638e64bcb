//! `lanpya token`: tokens for development.

use std::path::PathBuf;
use std::time::Duration;

use crate::auth::{DevKeys, MintRequest};
use crate::clock::Clock;
use clap::Args;
use entity::{Code as _, user::RoleCode};

#[derive(Args)]
pub(crate) struct Token {
    /// Folder with the key (made there if missing); its jwks.json is what a server trusts.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Code of the organisation.
    #[arg(long)]
    organisation: String,
    /// Role, for instance SUPERVISOR.
    #[arg(long)]
    role: String,
    /// Subject: the user's own name in tokens. The demo's users are called as their role, in lower case.
    #[arg(long)]
    subject: Option<String>,
    /// Minutes it is good for, at most 60.
    #[arg(long, default_value_t = 60)]
    minutes: u64,
    /// Issuer.
    #[arg(long, default_value = ISSUER)]
    issuer: String,
    /// Audience.
    #[arg(long, default_value = "lanpya")]
    audience: String,
}

/// The issuer of tokens for development.
pub(crate) const ISSUER: &str = "https://lanpya.invalid/development";

/// Mints one token.
pub(crate) fn mint(
    keys: &DevKeys,
    issuer: &str,
    audience: &str,
    organisation: &str,
    role: RoleCode,
    subject: &str,
    minutes: u64,
) -> Result<String, String> {
    let request = MintRequest {
        issuer: issuer.to_owned(),
        audience: audience.to_owned(),
        subject: subject.to_owned(),
        organisation: entity::ids::organisation(organisation),
        role: role.code().to_owned(),
        lifetime: Duration::from_secs(minutes.min(60) * 60),
        now: Clock::system().now(),
    };
    keys.mint(&request).map_err(|error| format!("The token cannot be made: {error}."))
}

impl Token {
    pub(crate) fn run(self) -> Result<(), String> {
        let role = RoleCode::from_code(&self.role.to_uppercase()).ok_or_else(|| {
            let known: Vec<&str> = RoleCode::all().into_iter().map(entity::Code::code).collect();
            format!("There is no role {}. Roles: {}.", self.role, known.join(", "))
        })?;
        let keys = DevKeys::load_or_create(&self.data)
            .map_err(|error| format!("The key in {} cannot be used: {error}.", self.data.display()))?;
        let subject = self.subject.unwrap_or_else(|| role.code().to_lowercase());
        let token = mint(&keys, &self.issuer, &self.audience, &self.organisation, role, &subject, self.minutes)?;
        super::say(&token)
    }
}
