//! Everything that the OAuth server remembers, also across restarts.

use serde::{Deserialize, Serialize};

use crate::oauth::clients::Clients;
use crate::oauth::codes::Codes;
use crate::oauth::sign_ins::SignIns;

/// The state of the OAuth server.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct OauthState {
    pub(crate) clients: Clients,
    pub(crate) codes: Codes,
    pub(crate) sign_ins: SignIns,
}
