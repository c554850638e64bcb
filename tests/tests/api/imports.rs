//! Who may import whom: read from the sources and held against the table of the architecture.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each module may import of ours. `module: Name Name` allows those names of it and no others.
const MAY: &[(&str, &[&str])] = &[
    ("config", &[]),
    ("clock", &[]),
    ("domain", &["entity"]),
    ("access", &["entity", "domain"]),
    ("error", &["entity", "domain", "access"]),
    ("auth", &["entity", "access", "config", "error"]),
    ("db", &["entity", "migration", "access", "clock", "config", "error"]),
    ("graph", &["entity", "domain", "access"]),
    ("plan", &["entity", "graph", "db", "domain", "access", "error"]),
    ("outbound", &["entity", "clock", "config", "db: Database Scope", "plan: GlobalId", "service", "error"]),
    ("report", &["entity", "graph", "error"]),
    ("service", &["entity", "db", "domain", "access", "error", "clock"]),
    ("schema", &["entity", "graph", "plan", "service", "access", "db: Scope Once", "error"]),
    ("http", &["entity", "auth", "access: Viewer", "clock", "config", "db", "schema", "plan", "report", "error"]),
];

/// Entry points put everything together.
const EXEMPT: [&str; 4] = ["lib", "main", "cli", "demo"];

/// A source file of the api, without comments and tests.
struct Source {
    path: PathBuf,
    /// Module path below the crate.
    module: Vec<String>,
    /// Whether `super` is one step above the folder, as in `mod.rs`.
    text: String,
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !matches!(name, "target" | "node_modules") && !name.starts_with('.') {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn is_test(module: &[String]) -> bool {
    module.iter().any(|part| part == "tests" || part.ends_with("_tests"))
}

/// Without line comments, and without what follows an inline module of tests.
fn code(text: &str) -> String {
    let mut kept = String::new();
    for line in text.lines() {
        let bare = line.trim_start();
        if bare.starts_with("mod tests {") {
            break;
        }
        let cut = if bare.starts_with("//") { "" } else { line.split(" // ").next().unwrap_or_default() };
        kept.push_str(cut);
        kept.push('\n');
    }
    kept
}

fn sources() -> Vec<Source> {
    let base = crate::root().join("api/src");
    let mut files = Vec::new();
    rust_files(&base, &mut files);
    assert!(files.len() > 50, "the sources were found");
    let mut sources = Vec::new();
    for path in files {
        let below = path.strip_prefix(&base).unwrap().with_extension("");
        let mut module: Vec<String> = below.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        if module.last().is_some_and(|last| last == "mod") {
            module.pop();
        }
        if !is_test(&module) {
            let text = code(&fs::read_to_string(&path).unwrap());
            sources.push(Source { path, module, text });
        }
    }
    sources
}

impl Source {
    fn top(&self) -> &str {
        self.module.first().map(String::as_str).unwrap_or_default()
    }

    fn shown(&self) -> String {
        self.path.strip_prefix(crate::root()).unwrap().display().to_string()
    }

    /// Modules of ours that the file names, each with the names it takes from there.
    fn imports(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let above = "super::".repeat(self.module.len());
        for start in ["crate::", above.as_str()] {
            for rest in after(&self.text, start) {
                // A longer chain of supers was met at its own beginning.
                if !rest.starts_with("super::") {
                    paths(rest, &mut found);
                }
            }
        }
        for library in ["entity", "migration"] {
            if !after(&self.text, &format!("{library}::")).is_empty() {
                found.entry(library.to_owned()).or_default();
            }
        }
        found.remove(self.top());
        found
    }
}

/// What follows each occurrence of a path's beginning.
fn after<'t>(text: &'t str, start: &str) -> Vec<&'t str> {
    let inside = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    text.match_indices(start)
        .filter(|(at, _)| !text.get(..*at).unwrap().ends_with(inside))
        .map(|(at, _)| text.get(at + start.len()..).unwrap())
        .collect()
}

/// Reads `module::Name`, `module::{A, B as C}` or `{module::A, other::{B}}`.
fn paths(rest: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
    for one in group(rest) {
        let module: String = one.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let names = found.entry(module.clone()).or_default();
        if let Some(inner) = one.get(module.len()..).and_then(|tail| tail.strip_prefix("::")) {
            for name in group(inner) {
                names.insert(name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            }
        }
    }
}

/// The parts of a group in braces, or the path itself.
fn group(rest: &str) -> Vec<String> {
    let Some(inner) = rest.strip_prefix('{') else {
        let end = rest.find([';', ',', '}']).unwrap_or(rest.len());
        // A path in code may carry a group of its own.
        let end = rest
            .find('{')
            .filter(|at| *at < end)
            .map_or(end, |at| rest.get(at..).unwrap().find(';').map_or(rest.len(), |more| at + more));
        return vec![rest.get(..end).unwrap().to_owned()];
    };
    let (mut parts, mut part, mut depth) = (Vec::new(), String::new(), 0);
    for c in inner.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => parts.push(std::mem::take(&mut part)),
            _ => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                part.push(c);
            }
        }
    }
    parts.push(part);
    parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

#[test]
fn modules_import_only_what_the_architecture_allows() {
    let mut wrong = Vec::new();
    for source in sources() {
        if EXEMPT.contains(&source.top()) {
            continue;
        }
        let Some((_, allowed)) = MAY.iter().find(|(module, _)| *module == source.top()) else {
            wrong.push(format!("{}: the module {} is not in the table", source.shown(), source.top()));
            continue;
        };
        for (module, names) in source.imports() {
            let rule = allowed.iter().find(|rule| rule.split(':').next() == Some(module.as_str()));
            match rule.map(|rule| rule.split_once(": ")) {
                None => wrong.push(format!("{}: {} imports {module}", source.shown(), source.top())),
                Some(None) => {}
                Some(Some((_, only))) => {
                    for name in names.iter().filter(|name| !only.split(' ').any(|one| one == *name)) {
                        wrong.push(format!(
                            "{}: {} takes {module}::{name}, allowed: {only}",
                            source.shown(),
                            source.top()
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn some_names_have_one_home() {
    const HOMES: [(&str, &str); 6] = [
        ("sqlx::", "db"),
        ("sqlx::Pool", "db"),
        ("DatabaseConnection", "db"),
        ("PgPool", "db"),
        ("SqlitePool", "db"),
        ("jsonwebtoken", "auth"),
    ];
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, home) in HOMES {
            if source.top() != home && source.text.contains(name) {
                wrong.push(format!("{}: {name} belongs in {home}/", source.shown()));
            }
        }
        if source.top() != "db" {
            for (at, _) in source.text.match_indices("Viewer {") {
                let before = source.text.get(..at).unwrap();
                let declared = ["struct ", "impl ", "for ", "-> "].iter().any(|word| before.ends_with(word));
                if !declared && !before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    wrong.push(format!("{}: only db/ makes a Viewer", source.shown()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_stay_short() {
    let mut long = Vec::new();
    for folder in ["api", "entity", "migration", "tests"] {
        let mut files = Vec::new();
        rust_files(&crate::root().join(folder), &mut files);
        for path in files {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            if lines > 500 {
                long.push(format!("{}: {lines} lines", path.strip_prefix(crate::root()).unwrap().display()));
            }
        }
    }
    assert!(long.is_empty(), "at most 500 lines: {long:#?}");
}
