//! The page of requirements names tests that exist.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

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

/// Whether a file of that name has a test of that name.
fn exists(files: &[PathBuf], module: &str, test: &str) -> bool {
    let of_module = files.iter().filter(|path| path.file_stem().is_some_and(|stem| stem == module));
    of_module.into_iter().any(|path| {
        let text = std::fs::read_to_string(path).unwrap();
        text.contains(&format!("fn {test}("))
    })
}

#[test]
fn every_row_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    sources(&root.join("crates"), &mut files);
    let page = std::fs::read_to_string(root.join("docs/oauth-requirements.md")).unwrap();
    let mut rows = Vec::new();
    for line in page.lines().filter(|line| line.starts_with("| R") || line.starts_with("| A")) {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [row, level, requirement, built, tests] = cells[..] else { panic!("{line}") };
        assert!(!level.is_empty() && !requirement.is_empty() && !built.is_empty(), "{line}");
        for test in tests.split(", ") {
            let test = test.trim_matches('`');
            let (module, name) = test.split_once("::").unwrap_or_else(|| panic!("{row}: {test}"));
            assert!(exists(&files, module, name), "{row} names {test}, which is not there");
        }
        rows.push(row.to_owned());
    }
    let expected = (1..=14).map(|n| format!("R{n}")).chain((1..=23).map(|n| format!("A{n}")));
    assert_eq!(rows, expected.collect::<Vec<_>>());
}
