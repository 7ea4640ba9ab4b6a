//! What a handler may use: the caller's own way to Xano, and the caller's own grant. Both come from
//! the request; there is no other way to get at them.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::{Limits, Scopes, Timestamp, ToolError};
use snappy_xano::instances::Lookup;
use snappy_xano::{Instance, Operation, Session, XanoOrigin};

use crate::errors;

/// What the debug tools may see and do of the caller's own grant.
#[async_trait]
pub trait GrantControl: Send + Sync + Debug {
    /// Who calls, with which client, and how long it all lasts. Never a secret.
    async fn status(&self) -> Result<Value, ToolError>;
    /// Lets the caller's own access token live for `left` more at most, and says until when.
    async fn limit_access_token(&self, left: Duration) -> Result<Timestamp, ToolError>;
}

/// The surroundings of one tool call.
#[derive(Debug, Clone)]
pub struct ToolContext {
    /// The caller's way to Xano.
    pub session: Session,
    /// The caller's grant.
    pub grant: Arc<dyn GrantControl>,
    /// What the caller may do.
    pub scopes: Scopes,
    /// What the caller may do it with.
    pub limits: Limits,
    /// Where a person can sign in to Xano again.
    pub sign_in_url: String,
}

/// An instance that a call goes to: the caller's own, and one the connection may use.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) instance: Instance,
    pub(crate) origin: XanoOrigin,
}

impl ToolContext {
    /// The caller's instance that `name` means.
    pub(crate) async fn place(&self, name: &str) -> Result<Place, ToolError> {
        match self.session.find_instance(name).await.map_err(|error| self.explain(error, None))? {
            Lookup::Found(instance) => {
                if !self.limits.allow_instance(&instance.name) {
                    return Err(errors::outside_the_connection(&instance.name, None));
                }
                let origin = instance.origin.clone();
                let origin = origin.ok_or_else(|| errors::host_not_allowed(&instance.name))?;
                Ok(Place { instance: *instance, origin })
            }
            Lookup::Unknown(names) => Err(errors::unknown_instance(name, self.allowed(names))),
            Lookup::Ambiguous(names) => Err(errors::ambiguous_instance(name, self.allowed(names))),
        }
    }

    fn allowed(&self, mut names: Vec<String>) -> Vec<String> {
        names.retain(|name| self.limits.allow_instance(name));
        names
    }

    /// Sends an operation to the instance that `name` means.
    pub(crate) async fn call(&self, name: &str, operation: &Operation) -> Result<Value, ToolError> {
        self.call_at(&self.place(name).await?, operation).await
    }

    /// Sends an operation to a place that was found before. Every call passes here, so this is where
    /// the connection's limits are kept.
    pub(crate) async fn call_at(
        &self,
        place: &Place,
        operation: &Operation,
    ) -> Result<Value, ToolError> {
        let instance = &place.instance.name;
        if let Some(workspace) = &operation.workspace
            && !self.limits.allow_workspace(instance, workspace)
        {
            return Err(errors::outside_the_connection(instance, Some(workspace)));
        }
        let sent = self.session.send(&place.origin, operation).await;
        sent.map_err(|error| self.explain(error, Some(operation)))
    }

    /// An error as the caller reads it.
    pub(crate) fn explain(
        &self,
        error: snappy_xano::SessionError,
        operation: Option<&Operation>,
    ) -> ToolError {
        errors::explain(error, operation, &self.sign_in_url)
    }
}
