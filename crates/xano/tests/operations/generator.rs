//! Writes `src/operations/generated.rs` from the contract.

use std::fmt::Write as _;

use serde_json::Value;

use crate::overrides::{EFFECTS, IDEMPOTENT, LONG_RUNNING, RESPONSES};

const HEADER: &str = "\
//! Generated from `contract/metadata-api.openapi.json`; do not edit. To regenerate it:
//! `UPDATE_OPERATIONS=1 cargo test -p snappy-xano --test operations`.

use http::Method;

use super::spec::Address::{Account, Instance, Workspace};
use super::spec::BodyKind::{Json, Multipart, XanoScript};
use super::spec::ValueType::{Boolean, Integer, Text};
use super::spec::{Effect, OperationSpec, Parameter, ResponseKind, TimeoutClass};
";

/// An operation of the contract, where it stands.
pub(crate) struct Declared<'a> {
    contract: &'a Value,
    path: &'a str,
    method: &'a str,
    operation: &'a Value,
}

/// The operations of the contract, sorted by id.
pub(crate) fn declared(contract: &Value) -> Vec<Declared<'_>> {
    let mut all = Vec::new();
    for (path, item) in contract["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push(Declared { contract, path, method, operation });
        }
    }
    all.sort_by_key(Declared::id);
    all
}

/// The text of the generated file.
pub(crate) fn generate(contract: &Value) -> String {
    let all = declared(contract);
    let mut text = HEADER.to_owned();
    for one in &all {
        text.push_str(&one.record());
    }
    let _ = writeln!(text, "\n/// Every operation, sorted by id.");
    let _ = writeln!(text, "pub static OPERATIONS: [&OperationSpec; {}] = [", all.len());
    for one in &all {
        let _ = writeln!(text, "    &{},", one.id().to_uppercase());
    }
    text.push_str("];\n");
    text
}

impl<'a> Declared<'a> {
    pub(crate) fn id(&self) -> &'a str {
        self.operation["operationId"].as_str().unwrap()
    }

    fn record(&self) -> String {
        let id = self.id();
        let parameters = self.parameters();
        let named = |names: &[&'static str]| {
            let found = names.iter().find(|name| parameters.iter().any(|one| one.0 == **name));
            found.map_or("None".to_owned(), |name| format!("Some({name:?})"))
        };
        let written: Vec<_> = parameters.iter().map(|(_, written)| written.as_str()).collect();
        let effect = self.effect();
        format!(
            "\n/// {}.\npub static {}: OperationSpec = OperationSpec {{\n    \
             id: {id:?}, group: {:?}, method: Method::{},\n    \
             path: {:?},\n    \
             parameters: &[{}],\n    \
             address: {}, branch: {}, data_source: {},\n    \
             effect: Effect::{effect}, idempotent: {}, timeout: TimeoutClass::{},\n    \
             bodies: &[{}], response: ResponseKind::{},\n}};\n",
            self.summary(),
            id.to_uppercase(),
            self.group(),
            self.method.to_uppercase(),
            self.path,
            written.join(", "),
            self.address(),
            named(&["branch", "branch_id", "branch_label"]),
            named(&["x-data-source"]),
            self.is_idempotent(effect),
            self.timeout(effect),
            self.bodies(),
            self.response(),
        )
    }

    /// The summary, with "an" where the contract forgets it.
    fn summary(&self) -> String {
        let mut summary = self.operation["summary"].as_str().unwrap().to_owned();
        for vowel in ["a", "e", "i", "o"] {
            summary = summary.replace(&format!(" a {vowel}"), &format!(" an {vowel}"));
        }
        summary
    }

    fn group(&self) -> &'a str {
        self.operation["tags"][0].as_str().unwrap()
    }

    /// Follows a `$ref`.
    fn resolved(&self, mut value: &'a Value) -> &'a Value {
        while let Some(reference) = value["$ref"].as_str() {
            value = self.contract.pointer(reference.trim_start_matches('#')).unwrap();
        }
        value
    }

    /// Names and constructor calls, in the order of the contract.
    fn parameters(&self) -> Vec<(&'a str, String)> {
        let parameters = self.operation["parameters"].as_array().into_iter().flatten();
        let written = parameters.map(|parameter| {
            let parameter = self.resolved(parameter);
            let name = parameter["name"].as_str().unwrap();
            let required = parameter["required"] == true;
            let constructor = match (parameter["in"].as_str().unwrap(), required) {
                ("path", true) => "path",
                ("query", false) => "query",
                ("query", true) => "required_query",
                ("header", false) => "header",
                other => panic!("{}: {name} is {other:?}", self.id()),
            };
            let value = match parameter["schema"]["type"].as_str() {
                Some("integer") => "Integer",
                Some("string") => "Text",
                Some("boolean") => "Boolean",
                other => panic!("{}: {name} is {other:?}", self.id()),
            };
            (name, format!("Parameter::{constructor}({name:?}, {value})"))
        });
        written.collect()
    }

    /// The account API where the operation has servers of its own; otherwise the instance, or the
    /// workspace in the path.
    fn address(&self) -> &'static str {
        if self.operation.get("servers").is_some() {
            "Account"
        } else if self.path.split('/').any(|segment| segment == "{workspace_id}") {
            "Workspace { parameter: \"workspace_id\" }"
        } else {
            "Instance"
        }
    }

    fn effect(&self) -> &'static str {
        let listed = EFFECTS.iter().find(|(_, ids)| ids.contains(&self.id()));
        match (listed, self.method, self.group()) {
            (Some((effect, _)), _, _) => effect,
            (None, "get", _) => "Read",
            (None, "delete", _) => "Delete",
            (None, _, "table content" | "file") => "Write",
            (None, _, _) => "Schema",
        }
    }

    fn is_idempotent(&self, effect: &str) -> bool {
        effect == "Read"
            || matches!(self.method, "get" | "put" | "delete")
            || IDEMPOTENT.contains(&self.id())
    }

    fn timeout(&self, effect: &str) -> &'static str {
        match effect {
            _ if LONG_RUNNING.contains(&self.id()) => "LongRunning",
            _ if self.method == "get" || effect == "Read" => "Read",
            _ => "Change",
        }
    }

    fn bodies(&self) -> String {
        let content = self.operation["requestBody"]["content"].as_object();
        let kinds = content.into_iter().flatten().map(|(kind, _)| match kind.as_str() {
            "application/json" => "Json",
            "multipart/form-data" => "Multipart",
            "text/x-xanoscript" => "XanoScript",
            other => panic!("{}: {other}", self.id()),
        });
        kinds.collect::<Vec<_>>().join(", ")
    }

    fn response(&self) -> &'static str {
        if let Some((_, kind)) = RESPONSES.iter().find(|(id, _)| *id == self.id()) {
            return kind;
        }
        let content = self.operation["responses"]["200"]["content"].as_object().unwrap();
        if content.contains_key("application/octet-stream") {
            return "Bytes";
        }
        if content.contains_key("text/plain") {
            return "Text";
        }
        let declared = &content["application/json"]["schema"];
        if declared["$ref"] == "#/components/schemas/Empty" {
            return "Nothing";
        }
        let schema = self.resolved(declared);
        let types: Vec<_> = match &schema["type"] {
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        match types.as_slice() {
            ["null", ..] => "Nothing",
            ["array"] => "Array",
            ["object"] if schema["properties"]["items"]["type"] == "array" => "List",
            ["object"] => "Object",
            _ => "Json",
        }
    }
}
