//! The OAuth clients that this deployment is at the authorization server of an upstream.

use serde::{Deserialize, Serialize};
use snappy_domain::Timestamp;

/// A registration of this deployment. There is one for each authorization server and redirect URI, which
/// all replicas share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamClient {
    /// The authorization server's issuer identifier.
    pub issuer: String,
    pub redirect_uri: String,
    pub client_id: String,
    pub registered_at: Timestamp,
}
