//! The shape of the workspace: no circle among the files of a crate, and crates depend only on those
//! above them in the table of `docs/architecture.md`.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

mod graph;
mod imports;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The directories of all crates by their name, such as `store-sql`.
fn crates() -> BTreeMap<String, PathBuf> {
    let entries = std::fs::read_dir(root().join("crates")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.join("Cargo.toml").exists())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
        .collect()
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut found = Vec::new();
    for (name, path) in crates() {
        for circle in graph::circles(&imports::of_files(&path.join("src"))) {
            found.push(format!("crates/{name}: {}", circle.join(" -> ")));
        }
    }
    assert!(found.is_empty(), "files import each other in a circle:\n{}", found.join("\n"));
}

#[test]
fn crates_depend_only_on_those_above_them() {
    let page = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let order: Vec<String> = rows.take_while(|row| !row.contains(' ')).map(str::to_owned).collect();
    let crates = crates();
    let listed: BTreeSet<_> = crates.keys().filter(|name| order.contains(name)).collect();
    assert_eq!(listed, crates.keys().collect(), "docs/architecture.md lists every crate");
    let manifests = crates.iter().map(|(name, path)| {
        (name.clone(), std::fs::read_to_string(path.join("Cargo.toml")).unwrap())
    });
    let manifests: BTreeMap<String, String> = manifests.collect();
    let packages: BTreeMap<&str, &str> = manifests
        .iter()
        .map(|(name, text)| {
            let package = text.lines().find_map(|line| line.strip_prefix("name = \""));
            (package.unwrap().trim_end_matches('"'), name.as_str())
        })
        .collect();
    let place = |name: &str| order.iter().position(|row| row == name).unwrap();
    for (name, text) in &manifests {
        for package in dependencies(text) {
            let Some(dependency) = packages.get(package) else { continue };
            assert!(place(dependency) < place(name), "{name} depends on {dependency}");
        }
    }
}

/// The names under `[dependencies]` of a manifest.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let lines = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    lines.filter_map(|line| line.split(['.', ' ', '=']).next()).filter(|name| !name.is_empty())
}
