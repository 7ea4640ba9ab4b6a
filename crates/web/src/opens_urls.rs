//! Which clients open an address for the person when they are asked to. A client of the 2026-07-28
//! revision says so with each request; one of the older ones says so once, and this process keeps it in
//! mind for its connection. Another process, or this one after a restart, does not know it and tells such
//! a client the address in words.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::Value;
use snappy_domain::GrantId;
use snappy_oauth::Caller;
use snappy_tools::OpensUrls;

const MANY: usize = 10_000;

/// What clients have said.
#[derive(Debug, Default)]
pub(crate) struct Declared(Mutex<HashSet<GrantId>>);

#[derive(Deserialize)]
struct Message {
    method: String,
    #[serde(default)]
    params: Params,
}

#[derive(Default, Deserialize)]
struct Params {
    #[serde(rename = "_meta", default)]
    meta: Value,
    /// Of `initialize`.
    #[serde(default)]
    capabilities: Value,
}

fn opens(capabilities: &Value) -> bool {
    capabilities.pointer("/elicitation/url").is_some_and(Value::is_object)
}

impl Declared {
    /// What is known of the client that sends a message. Only a tool call can lead a person anywhere.
    pub(crate) fn of(&self, caller: &Caller, body: &[u8]) -> OpensUrls {
        let Ok(Message { method, params }) = serde_json::from_slice(body) else {
            return OpensUrls::No;
        };
        let grant = caller.grant.id;
        let mut declared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match method.as_str() {
            "initialize" => {
                if declared.len() >= MANY {
                    declared.clear();
                }
                if opens(&params.capabilities) {
                    declared.insert(grant);
                } else {
                    declared.remove(&grant);
                }
                OpensUrls::No
            }
            "tools/call" => match params.meta.get("io.modelcontextprotocol/clientCapabilities") {
                Some(capabilities) if opens(capabilities) => OpensUrls::ByResult,
                Some(_) => OpensUrls::No,
                None if declared.contains(&grant) => OpensUrls::ByError,
                None => OpensUrls::No,
            },
            _ => OpensUrls::No,
        }
    }
}
