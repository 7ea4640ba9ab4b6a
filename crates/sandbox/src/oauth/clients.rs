//! Registered clients.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::token;

/// How many clients can register within [`WINDOW_MS`].
const LIMIT: usize = 10;
const WINDOW_MS: i64 = 60 * 60 * 1000;

/// What a client has registered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Client {
    pub(crate) name: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) scopes: Vec<String>,
}

/// The clients by their ids.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Clients {
    made: u64,
    known: BTreeMap<String, Client>,
    /// When the newest ones were registered.
    recent_ms: Vec<i64>,
}

impl Clients {
    /// Whether another registration is within the limit.
    pub(crate) fn admit(&mut self, now_ms: i64) -> bool {
        self.recent_ms.retain(|made_ms| (0..WINDOW_MS).contains(&(now_ms - made_ms)));
        self.recent_ms.len() < LIMIT
    }

    /// Adds a client and returns its id.
    pub(crate) fn add(&mut self, seed: u64, now_ms: i64, client: Client) -> String {
        self.made += 1;
        self.recent_ms.push(now_ms);
        let id = token::uuid(seed, &format!("oauth/client/{}", self.made));
        self.known.insert(id.clone(), client);
        id
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Client> {
        self.known.get(id)
    }

    /// Removes all clients. The ids of later ones are new, and the limit continues.
    pub(crate) fn forget(&mut self) {
        self.known.clear();
    }

    /// How many were ever added.
    pub(crate) fn made(&self) -> u64 {
        self.made
    }
}
