//! Plans that were made before, by document, operation, rights and whatever else decides their shape. A plan holds no
//! values and no user, so it serves whoever has the same rights.

use std::fmt::Write as _;
use std::sync::Arc;

use async_graphql::parser::types::ExecutableDocument;
use entity::user::RoleCode;
use moka::sync::Cache;
use sha2::{Digest as _, Sha256};

use super::Plan;
use super::args::Variables;
use super::id::GlobalId;
use super::selection::{self, Document};
use async_graphql_value::ConstValue;

/// What a plan is found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    document: [u8; 32],
    operation: Option<String>,
    role: RoleCode,
    switches: String,
}

/// A parsed and validated document with the names of the variables that decide the shape of its plans.
pub struct Known {
    /// The document.
    pub parsed: Arc<ExecutableDocument>,
    /// Variables in `@include`, `@skip` and `node`.
    pub switches: Vec<String>,
    /// Whether no argument has a variable among other things.
    pub is_plain: bool,
    /// Its name in the audit: the first half of its SHA-256, in hexadecimal digits.
    pub name: Arc<str>,
}

/// Validated documents and compiled plans, bounded.
#[derive(Clone)]
pub struct Plans {
    documents: Cache<[u8; 32], Arc<Known>>,
    plans: Cache<Key, Arc<Plan>>,
}

impl Default for Plans {
    fn default() -> Self {
        Self { documents: Cache::new(1_000), plans: Cache::new(4_000) }
    }
}

impl Plans {
    /// The name of a document's text.
    pub fn digest(source: &str) -> [u8; 32] {
        Sha256::digest(source.as_bytes()).into()
    }

    /// A document that was validated before.
    pub fn document(&self, digest: &[u8; 32]) -> Option<Arc<Known>> {
        self.documents.get(digest)
    }

    /// Remembers a validated document.
    pub fn remember(&self, digest: [u8; 32], parsed: Arc<ExecutableDocument>) -> Arc<Known> {
        let (switches, is_plain) = (selection::switches(&parsed), selection::is_plain(&parsed));
        let name: String = digest.iter().take(16).fold(String::with_capacity(32), |mut name, byte| {
            let _ = write!(name, "{byte:02x}");
            name
        });
        let known = Arc::new(Known { parsed, switches, is_plain, name: name.into() });
        self.documents.insert(digest, Arc::clone(&known));
        known
    }

    /// The key of a plan.
    pub fn key(digest: [u8; 32], known: &Known, document: &Document, role: RoleCode, variables: &Variables) -> Key {
        let mut switches = String::new();
        for name in &known.switches {
            shape(&mut switches, variables.get(name));
            switches.push(';');
        }
        Key { document: digest, operation: document.name().map(str::to_owned), role, switches }
    }

    /// A plan made before.
    pub fn plan(&self, key: &Key) -> Option<Arc<Plan>> {
        self.plans.get(key)
    }

    /// Keeps a plan.
    pub fn keep(&self, key: Key, plan: Arc<Plan>) {
        self.plans.insert(key, plan);
    }
}

/// As much of a value as decides a plan: truth, and the kinds of ids; never the value.
fn shape(out: &mut String, value: Option<&ConstValue>) {
    match value {
        Some(ConstValue::Boolean(truth)) => out.push(if *truth { '1' } else { '0' }),
        Some(ConstValue::String(text)) => {
            let noun = GlobalId::read(text).and_then(|id| crate::graph::graph().prefixed(&id.prefix));
            out.push_str(&noun.map_or_else(|| "?".to_owned(), |noun| noun.to_string()));
        }
        Some(ConstValue::List(items)) => {
            let mut kinds: Vec<String> = items
                .iter()
                .map(|item| {
                    let mut kind = String::new();
                    shape(&mut kind, Some(item));
                    kind
                })
                .collect();
            kinds.sort_unstable();
            kinds.dedup();
            out.push_str(&kinds.join(","));
        }
        _ => out.push('-'),
    }
}
