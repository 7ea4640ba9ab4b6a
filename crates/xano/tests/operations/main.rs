//! The operation records match the contract and are consistent.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failing test must stop"
)]

mod generator;
mod overrides;

use std::collections::HashSet;

use serde_json::Value;
use snappy_xano::operations::{self, Address, Effect, Location, OPERATIONS};

const CONTRACT: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../contract/metadata-api.openapi.json");
const GENERATED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/operations/generated.rs");

fn contract() -> Value {
    serde_json::from_str(&std::fs::read_to_string(CONTRACT).unwrap()).unwrap()
}

#[test]
fn the_generated_file_is_what_the_contract_says() {
    let made = generator::generate(&contract());
    if std::env::var_os("UPDATE_OPERATIONS").is_some() {
        std::fs::write(GENERATED, &made).unwrap();
    }
    let present = std::fs::read_to_string(GENERATED).unwrap();
    assert!(present == made, "run the test with UPDATE_OPERATIONS=1 and read the difference");
}

#[test]
fn every_override_is_about_one_operation() {
    let contract = contract();
    let declared: HashSet<_> =
        generator::declared(&contract).iter().map(generator::Declared::id).collect();
    let effects = overrides::EFFECTS.iter().flat_map(|(_, ids)| *ids).copied().collect();
    let responses = overrides::RESPONSES.iter().map(|(id, _)| *id).collect();
    let lists =
        [effects, overrides::IDEMPOTENT.to_vec(), overrides::LONG_RUNNING.to_vec(), responses];
    for list in lists {
        let mut seen = HashSet::new();
        for id in list {
            assert!(declared.contains(id), "{id} is not in the contract");
            assert!(seen.insert(id), "{id} is listed twice");
        }
    }
}

#[test]
fn there_are_310_operations_and_each_is_found_by_its_id() {
    assert_eq!(OPERATIONS.len(), 310);
    assert!(OPERATIONS.is_sorted_by(|one, next| one.id < next.id));
    for operation in OPERATIONS {
        assert_eq!(operations::find(operation.id).map(|found| found.path), Some(operation.path));
    }
    assert!(operations::find("no_such_operation").is_none());
}

#[test]
fn paths_and_parameters_agree() {
    for operation in OPERATIONS {
        let id = operation.id;
        let in_path = operation.path.split('/').skip(1).filter_map(|segment| {
            let name = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            assert!(name.is_some() || !segment.contains(['{', '}']), "{id}: {segment}");
            name
        });
        let in_path: HashSet<_> = in_path.collect();
        let declared = operation.parameters.iter().filter(|one| one.location == Location::Path);
        assert_eq!(in_path, declared.map(|one| one.name).collect(), "{id}");
        let names: HashSet<_> = operation.parameters.iter().map(|one| one.name).collect();
        assert_eq!(names.len(), operation.parameters.len(), "{id} has a name twice");
        for name in operation.branch.iter().chain(&operation.data_source) {
            assert!(names.contains(name), "{id}: {name}");
        }
    }
}

#[test]
fn every_path_below_a_workspace_names_it() {
    let mut without = 0;
    for operation in OPERATIONS {
        match operation.address {
            Address::Workspace { parameter } => {
                assert_eq!(operation.parameter(parameter).unwrap().location, Location::Path);
            }
            Address::Account | Address::Instance => {
                assert!(!operation.path.contains("/workspace/"), "{}", operation.id);
                without += 1;
            }
        }
    }
    assert_eq!(without, 45);
}

#[test]
fn effects_fit_names_and_methods() {
    for operation in OPERATIONS {
        let (id, effect) = (operation.id, operation.effect);
        if id.starts_with("delete_") || id.contains("truncate") || id.contains("bulk_delete") {
            assert_eq!(effect, Effect::Delete, "{id}");
        }
        assert_eq!(id.starts_with("run_"), effect == Effect::Run, "{id}");
        assert!(!id.starts_with("deploy_") || effect == Effect::Deploy, "{id}");
        for word in ["env_all", "impersonate", "license", "export_"] {
            assert!(!id.contains(word) || effect == Effect::Secret, "{id}");
        }
        if effect == Effect::Read {
            let is_named_so =
                ["search_", "convert_", "dry_run_"].iter().any(|it| id.starts_with(it));
            assert!(operation.method == http::Method::GET || is_named_so, "{id}");
            assert!(operation.idempotent, "{id}");
        }
    }
}
