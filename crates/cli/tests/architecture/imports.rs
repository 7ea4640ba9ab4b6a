//! Which file of a crate uses which other one, read from the text of the files: their `use`
//! declarations, and paths that begin with `crate::`, `self::`, `super::` or a child module.
//! A name that a file only re-exports counts for the file that defines it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::graph::Graph;

/// A module path within the crate; the root is empty.
type Module = Vec<String>;

struct File {
    /// Paths that the file uses, absolute within the crate.
    uses: Vec<Module>,
}

/// The files under `src` and what they use. Unit tests are left out.
pub(crate) fn of_files(src: &Path) -> Graph {
    let mut paths = Vec::new();
    sources(src, &mut paths);
    let modules: BTreeMap<Module, String> = paths
        .iter()
        .filter(|path| !path.ends_with("src/main.rs"))
        .map(|path| (module(src, path), std::fs::read_to_string(path).unwrap()))
        .collect();
    let files: BTreeMap<Module, File> = modules
        .iter()
        .map(|(module, text)| {
            let uses = used_paths(text);
            let uses = uses.iter().filter_map(|path| absolute(module, path, &modules)).collect();
            (module.clone(), File { uses })
        })
        .collect();
    let name = |module: &Module| match module.as_slice() {
        [] => "lib".to_owned(),
        parts => parts.join("/"),
    };
    let edges = |module: &Module, file: &File| {
        let targets = file.uses.iter().filter_map(|path| defining(path, &files, 0));
        targets.filter(|target| target != module).map(|target| name(&target)).collect()
    };
    files.iter().map(|(module, file)| (name(module), edges(module, file))).collect()
}

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

fn module(src: &Path, file: &Path) -> Module {
    let path = file.strip_prefix(src).unwrap().with_extension("");
    let mut parts: Module = path.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    parts
}

/// The paths in a file: of its `use` declarations, and in its code.
fn used_paths(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let lines = code.lines().map(|line| line.split("//").next().unwrap());
    let code = lines.collect::<Vec<_>>().join(" ");
    let mut paths = Vec::new();
    let mut rest = String::new();
    for statement in code.split_inclusive(';') {
        match statement.split_once("use ").filter(|(before, _)| is_item_start(before)) {
            Some((before, tree)) => {
                rest.push_str(before);
                paths.extend(expand(&tree.replace([' ', ';'], "")));
            }
            None => rest.push_str(statement),
        }
    }
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let inline = rest.split(|c| !is_path(c)).filter(|word| word.contains("::"));
    paths.extend(inline.map(|path| path.trim_matches(':').to_owned()));
    paths
}

/// Whether a `use` after this text begins a declaration: not a word within another one.
fn is_item_start(before: &str) -> bool {
    before.chars().last().is_none_or(|last| last.is_whitespace() || last == ')')
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn expand(tree: &str) -> Vec<String> {
    let Some((prefix, inner)) = tree.split_once('{') else {
        return vec![tree.to_owned()];
    };
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for c in inner.chars() {
        match c {
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        parts.last_mut().unwrap().push(c);
    }
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.flat_map(|part| expand(part)).map(|part| format!("{prefix}{part}")).collect()
}

/// A path as seen from the crate's root; `None` when it leads out of the crate.
fn absolute(module: &Module, path: &str, modules: &BTreeMap<Module, String>) -> Option<Module> {
    let mut parts = path.split("::").map(str::to_owned).collect::<Vec<_>>();
    let first = parts.first()?.clone();
    let mut base = module.clone();
    match first.as_str() {
        "crate" => base.clear(),
        "self" => {}
        "super" => {
            while parts.get(1).is_some_and(|part| part == "super") {
                parts.remove(0);
                base.pop();
            }
            base.pop();
        }
        _ => {
            let child = [base.as_slice(), &[first]].concat();
            return modules.contains_key(&child).then(|| [base, parts].concat());
        }
    }
    parts.remove(0);
    Some([base, parts].concat())
}

/// The module that defines what a path names, behind re-exports.
fn defining(path: &[String], files: &BTreeMap<Module, File>, depth: u8) -> Option<Module> {
    let splits = (0..=path.len()).rev().filter_map(|length| path.split_at_checked(length));
    let (module, rest) = splits.into_iter().find(|(module, _)| files.contains_key(*module))?;
    let imported = rest.split_first().and_then(|(item, rest)| {
        let uses = &files.get(module)?.uses;
        Some((uses.iter().find(|used| used.last() == Some(item) && *used != path)?, rest))
    });
    match imported {
        Some((used, rest)) if depth < 8 => {
            defining(&[used.as_slice(), rest].concat(), files, depth + 1)
        }
        _ => Some(module.to_vec()),
    }
}
