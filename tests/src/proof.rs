//! What a proof leaves behind: promise → {test, held, figures}. One JSON file a test in the folder that
//! `LANPYA_PROOF_OUT` names; `tests/run --json FILE` puts them together.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

/// A promise of protection.md being proved. Dropped before [`Proof::held`], it is written down as not held.
pub struct Proof {
    promise: u8,
    test: String,
    figures: Map<String, Value>,
    held: bool,
}

impl Proof {
    /// Begins the proof of a promise, numbered as in the README's table. `test` is the test's name.
    pub fn of(promise: u8, test: impl Into<String>) -> Self {
        Self { promise, test: test.into(), figures: Map::new(), held: false }
    }

    /// Keeps a figure that was measured or counted.
    pub fn figure(&mut self, name: &str, value: impl Into<Value>) {
        self.figures.insert(name.to_owned(), value.into());
    }

    /// The promise held.
    pub fn held(mut self) {
        self.held = true;
    }
}

impl Drop for Proof {
    fn drop(&mut self) {
        let Some(folder) = std::env::var_os("LANPYA_PROOF_OUT").map(PathBuf::from) else { return };
        let written = json!({
            "promise": self.promise,
            "test": self.test,
            "held": self.held,
            "full": crate::full(),
            "figures": self.figures,
        });
        let name: String = self.test.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let file = folder.join(format!("{:02}_{name}.json", self.promise));
        std::fs::write(&file, written.to_string()).expect("the proof's figures can be written");
    }
}

/// How much of a proof to run: `quick` in every run, `full` behind `tests/run --full`.
pub fn size<T>(quick: T, full: T) -> T {
    if crate::full() { full } else { quick }
}
