//! The contract, and checks of answers against it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

pub(crate) struct Contract {
    document: Value,
}

pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
}

pub(crate) fn contract_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contract")
}

impl Contract {
    pub(crate) fn load() -> Self {
        let text = std::fs::read_to_string(contract_dir().join("metadata-api.openapi.json"));
        Self { document: serde_json::from_str(&text.unwrap()).unwrap() }
    }

    pub(crate) fn operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (path, methods) in self.document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                if let Some(id) = operation["operationId"].as_str() {
                    operations.push(Operation {
                        id: id.to_owned(),
                        method: method.to_uppercase(),
                        path: path.clone(),
                    });
                }
            }
        }
        operations
    }

    /// Panics when the contract does not allow the body for the operation and status.
    pub(crate) fn check(&self, operation: &str, status: u16, body: &Value) {
        let schema = self.response_schema(operation, status);
        let root = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "components": self.document["components"],
        });
        let validator = jsonschema::validator_for(&root).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(body)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{operation} {status}: {errors:?} in {body}");
    }

    fn response_schema(&self, operation: &str, status: u16) -> Value {
        let mut found = BTreeMap::new();
        for methods in self.document["paths"].as_object().unwrap().values() {
            for declared in methods.as_object().unwrap().values() {
                if declared["operationId"] == operation {
                    found.insert(operation, &declared["responses"]);
                }
            }
        }
        let responses = found.get(operation).unwrap_or_else(|| panic!("no operation {operation}"));
        let mut response = &responses[status.to_string()];
        if let Some(reference) = response["$ref"].as_str() {
            let pointer = reference.strip_prefix('#').unwrap();
            response = self.document.pointer(pointer).unwrap();
        }
        let schema = &response["content"]["application/json"]["schema"];
        assert!(!schema.is_null(), "{operation} has no schema for {status}");
        schema.clone()
    }
}
