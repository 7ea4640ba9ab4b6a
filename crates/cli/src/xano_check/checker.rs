//! What all steps use.

use std::sync::Arc;

use serde_json::Value;
use snappy_domain::{Runtime, Secret};
use snappy_store::MemoryStore;
use snappy_xano::operations::{AUTH_ME, RequestBuilder};
use snappy_xano::{HostPolicy, Request, XanoApi, XanoOAuth, XanoOrigin};

use super::response;
use crate::compose::xano_client;
use crate::settings::Settings;

/// The client of Xano, and what its settings are.
pub(super) struct Checker {
    pub(super) oauth: XanoOAuth,
    pub(super) hosts: HostPolicy,
    pub(super) runtime: Runtime,
    /// XANO_OAUTH_CLIENT_ID.
    pub(super) client_id: Option<String>,
    api: XanoApi,
}

/// A response of the Metadata API.
pub(super) struct Called {
    /// 0 without a response.
    pub(super) status: u16,
    /// Null if it is not JSON.
    pub(super) body: Value,
    /// The status, and the form of an error.
    pub(super) outcome: String,
}

impl Called {
    pub(super) fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Checker {
    pub(super) fn new(settings: &Settings, runtime: Runtime) -> anyhow::Result<Self> {
        let (http, client_id) = (xano_client(settings)?, settings.values.oauth_client_id.clone());
        let hosts = settings.hosts.clone();
        let oauth = XanoOAuth::new(
            Arc::clone(&http),
            hosts.clone(),
            runtime.clone(),
            Arc::new(MemoryStore::default()),
            client_id.clone(),
        );
        Ok(Self { oauth, hosts, runtime, client_id, api: XanoApi::new(http) })
    }

    /// Sends a request of the Metadata API.
    pub(super) async fn call(
        &self,
        origin: &XanoOrigin,
        token: &Secret,
        request: RequestBuilder,
    ) -> Called {
        let without = |outcome: String| Called { status: 0, body: Value::Null, outcome };
        let request = match request.build() {
            Ok(request) => request,
            Err(error) => return without(format!("no valid request: {error}")),
        };
        match self.api.answer(origin, token, &request, request.timeout()).await {
            Ok(answer) => Called {
                status: answer.status.as_u16(),
                body: response::json(&answer),
                outcome: response::outcome(&answer, &[token]),
            },
            Err(error) => without(format!("no response: {}", response::shown(&error.to_string()))),
        }
    }

    /// Asks the instance, or else the account, whose token this is: it accepts the token, or it does not.
    pub(super) async fn owner(&self, instance: Option<&XanoOrigin>, token: &Secret) -> Called {
        let origin = instance.unwrap_or_else(|| self.hosts.account());
        self.call(origin, token, Request::to(&AUTH_ME)).await
    }
}
