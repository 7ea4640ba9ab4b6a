//! The page of requirements names tests that exist.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The tests by their module (the file's name, or that of a module in it) and name.
fn tests(root: &Path) -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&root.join("crates"), &mut files);
    let mut found = BTreeSet::new();
    for file in files {
        // The file `process/main.rs` is the module `process`.
        let is_main = file.file_stem().is_some_and(|stem| stem == "main");
        let named = if is_main { file.parent().unwrap() } else { file.as_path() };
        let mut module = named.file_stem().unwrap().to_str().unwrap().to_owned();
        let stem = module.clone();
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            let inner = line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(" {"));
            module = inner.filter(|inner| *inner != "tests").map_or(module, str::to_owned);
            if let Some((_, name)) = line.split_once("fn ") {
                let name = name.split('(').next().unwrap();
                found.insert(format!("{module}::{name}"));
                found.insert(format!("{stem}::{name}"));
            }
        }
    }
    found
}

/// The rows of the page's tables whose names begin so, with the tests they name.
fn rows(page: &str, begin: char) -> Vec<(String, Vec<String>)> {
    let is_row = |line: &&str| {
        let name = line.strip_prefix("| ").and_then(|rest| rest.strip_prefix(begin));
        name.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let read = |line: &str| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert!(cells.iter().all(|cell| !cell.is_empty()), "{line}");
        let tests = cells.last().unwrap().split(", ").map(|test| test.trim_matches('`').to_owned());
        (cells.first().unwrap().to_string(), tests.collect())
    };
    page.lines().filter(is_row).map(read).collect()
}

#[test]
fn every_row_names_tests_that_exist_and_the_first_has_its_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/oauth-requirements.md")).unwrap();
    let existing = tests(&root);
    for (begin, count, named) in [('R', 14, true), ('A', 23, true), ('W', 14, false)] {
        let rows = rows(&page, begin);
        let names: Vec<_> = rows.iter().map(|(row, _)| row.clone()).collect();
        assert_eq!(names, (1..=count).map(|n| format!("{begin}{n}")).collect::<Vec<_>>());
        for (row, tests) in rows {
            for test in &tests {
                assert!(existing.contains(test), "{row} names {test}, which is not there");
            }
            let (_, first) = tests.first().unwrap().split_once("::").unwrap();
            let own = first.split('_').any(|part| part == row.to_lowercase());
            assert!(own || !named, "no test is named after {row}");
        }
    }
}

/// Every case of workers-oauth-provider's end-to-end suite is there.
#[test]
fn the_ported_cases_are_all_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ported = std::fs::read_to_string(root.join("tests/stories/ported.rs")).unwrap();
    assert_eq!(ported.matches("#[tokio::test]").count(), 40);
    let documents = root.join("../oauth/tests/metadata_documents.rs");
    let documents = std::fs::read_to_string(documents).unwrap();
    assert_eq!(documents.matches("A case of workers-oauth-provider").count(), 2);
}
