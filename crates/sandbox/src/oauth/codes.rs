//! Authorization codes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::token;

const LIFE_MS: i64 = 60_000;

/// What a person has allowed, and what is needed to redeem the code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Allowed {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) scope: String,
    pub(crate) person: u64,
    pub(crate) instance: String,
    pub(crate) workspace: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Pending {
    allowed: Allowed,
    ends_ms: i64,
}

/// The codes that were not redeemed yet.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Codes {
    made: u64,
    pending: BTreeMap<String, Pending>,
}

impl Codes {
    pub(crate) fn issue(&mut self, seed: u64, now_ms: i64, allowed: Allowed) -> String {
        self.pending.retain(|_, pending| now_ms < pending.ends_ms);
        self.made += 1;
        let code = token::opaque(seed, &format!("oauth/code/{}", self.made), 32);
        self.pending.insert(code.clone(), Pending { allowed, ends_ms: now_ms + LIFE_MS });
        code
    }

    /// Removes the code of a client. An attempt of another client leaves it valid.
    pub(crate) fn redeem(&mut self, code: &str, client_id: &str, now_ms: i64) -> Option<Allowed> {
        self.pending.get(code).filter(|pending| pending.allowed.client_id == client_id)?;
        let Pending { allowed, ends_ms } = self.pending.remove(code)?;
        (now_ms < ends_ms).then_some(allowed)
    }
}
