//! Trusted documents: those of the project's own pages and those of partners' manifests. A request names one by its
//! SHA-256 instead of sending it; and where a role is held to them, no other document of that role is read.
//!
//! Nothing is registered by asking: what a client could add, an attacker could. A manifest is read once, at the start,
//! and what is wrong with one stops it: a document that does not fit the schema, or an id that is not its SHA-256.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use entity::Code as _;
use entity::user::RoleCode;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::graphql::Ended;
use super::limits::{self, Limits};
use super::pages::{self, Pages};
use super::request::{GraphqlRequest, Refusal};
use crate::access::Viewer;
use crate::config::{Config, Trust};
use crate::error::Code;
use crate::schema::Engine;

/// The documents, and what becomes of others.
pub(super) struct Trusted {
    documents: HashMap<String, String>,
    mode: Trust,
    roles: HashMap<RoleCode, Trust>,
}

/// A manifest as Apollo's tools write it; [`Manifest::read`] takes the flat form too.
#[derive(Deserialize)]
struct Manifest {
    format: String,
    version: u32,
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    id: String,
    body: String,
}

impl Trusted {
    /// Reads the pages' manifests, if they are served, and those that the settings name.
    pub(super) async fn read(config: &Config, pages: Option<&Pages>, engine: &Engine) -> Result<Self, String> {
        let mut trusted =
            Self { documents: HashMap::new(), mode: config.trusted_documents_mode, roles: roles(config)? };
        for page in ["reception", "dashboard"].into_iter().filter(|_| config.reception) {
            let path = format!("{page}/documents.json");
            if let Some(bytes) = pages::find(pages, &path) {
                trusted.take(&path, &bytes, engine).await?;
            }
        }
        for path in files(&config.trusted_documents)? {
            let name = path.display().to_string();
            let bytes = std::fs::read(&path).map_err(|error| format!("{name} cannot be read: {error}."))?;
            trusted.take(&name, &bytes, engine).await?;
        }
        Ok(trusted)
    }

    async fn take(&mut self, file: &str, bytes: &[u8], engine: &Engine) -> Result<(), String> {
        for Operation { id, body } in Manifest::read(bytes).map_err(|why| format!("{file} is no manifest: {why}."))? {
            let id = id.strip_prefix("sha256:").unwrap_or(&id);
            if id != hash(&body) {
                return Err(format!(
                    "{file}: {id} is not the SHA-256 of its document, in lower-case hexadecimal digits."
                ));
            }
            fits(&body, engine).await.map_err(|why| format!("{file}: the document {id} cannot be trusted: {why}"))?;
            self.documents.insert(id.to_owned(), body);
        }
        Ok(())
    }

    /// Puts the document into a request that names it, and refuses one that its caller may not send.
    pub(super) fn admit(
        &self,
        mut request: GraphqlRequest,
        viewer: Option<&Viewer>,
        id: &str,
    ) -> Result<GraphqlRequest, Ended> {
        if let Some(named) = &request.document {
            if request.query.is_empty() {
                let found = self.documents.get(named).ok_or(Code::PersistedQueryNotFound)?;
                request.query.clone_from(found);
                return Ok(request);
            }
            if *named != hash(&request.query) {
                return Err(Refusal::other_document().into());
            }
        }
        let role = viewer.map(|viewer| viewer.role);
        let mode = role.and_then(|role| self.roles.get(&role)).copied().unwrap_or(self.mode);
        if mode == Trust::Off {
            return Ok(request);
        }
        let digest = hash(&request.query);
        if self.documents.contains_key(&digest) {
            return Ok(request);
        }
        // As the audit names documents; neither the text nor the operation's name, which are the client's own words.
        let document = digest.get(..32).unwrap_or_default();
        let (role, refused) = (role.map_or("NONE", RoleCode::code), mode == Trust::Enforce);
        tracing::warn!(request = id, document, role, refused, "a document is not trusted");
        if refused { Err(Code::DocumentNotTrusted.into()) } else { Ok(request) }
    }
}

impl Manifest {
    /// `{"format":"apollo-persisted-query-manifest","version":1,"operations":[…]}`, or the flat `{"SHA-256":"document"}`
    /// of Relay's compiler and of graphql-codegen.
    fn read(bytes: &[u8]) -> Result<Vec<Operation>, String> {
        let members: Map<String, Value> =
            serde_json::from_slice(bytes).map_err(|_| "it must be a JSON object".to_owned())?;
        if !members.contains_key("format") {
            let flat = members.into_iter().map(|(id, body)| match body {
                Value::String(body) => Ok(Operation { id, body }),
                _ => Err(format!("{id} must be a document's text")),
            });
            return flat.collect();
        }
        let manifest: Self = serde_json::from_value(Value::Object(members)).map_err(|error| error.to_string())?;
        if manifest.format != "apollo-persisted-query-manifest" || manifest.version != 1 {
            return Err("its format must be apollo-persisted-query-manifest, version 1".to_owned());
        }
        Ok(manifest.operations)
    }
}

/// Whether a document keeps the limits of every request and fits the schema, in each of its operations.
async fn fits(body: &str, engine: &Engine) -> Result<(), String> {
    let limits = Limits::default();
    let said = |error: &crate::error::Error| error.message.to_string();
    let parsed = limits::parse(body, &limits).map_err(|error| said(&error))?;
    limits::known_variable_types(&parsed, |name| engine.has_type(name)).map_err(|error| said(&error))?;
    let names: Vec<Option<String>> = parsed.operations.iter().map(|(name, _)| name.map(ToString::to_string)).collect();
    for name in names {
        let checked = engine.validate(body, parsed.clone(), name.as_deref(), &Map::new()).await;
        checked.map_err(|errors| errors.first().map(said).unwrap_or_default())?;
    }
    Ok(())
}

fn roles(config: &Config) -> Result<HashMap<RoleCode, Trust>, String> {
    let given: &BTreeMap<String, Trust> = &config.trusted_documents_roles;
    let role = |(code, mode): (&String, &Trust)| {
        let role = RoleCode::from_code(code);
        role.map(|role| (role, *mode)).ok_or_else(|| format!("trusted_documents_roles: there is no role {code}."))
    };
    given.iter().map(role).collect()
}

/// The files themselves, and those that end in `.json` of each folder, by name.
fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let why = |error: std::io::Error| format!("{} cannot be read: {error}.", path.display());
        let entries: Vec<std::fs::DirEntry> = std::fs::read_dir(path).and_then(Iterator::collect).map_err(why)?;
        let is_json = |path: &Path| path.extension().is_some_and(|extension| extension == "json");
        let mut inside: Vec<PathBuf> =
            entries.iter().map(std::fs::DirEntry::path).filter(|path| is_json(path)).collect();
        inside.sort();
        files.append(&mut inside);
    }
    Ok(files)
}

/// SHA-256 in lower-case hexadecimal digits.
fn hash(document: &str) -> String {
    Sha256::digest(document.as_bytes()).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
