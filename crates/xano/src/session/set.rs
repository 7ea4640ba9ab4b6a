//! The sessions of one connection: one for each of its credentials, in the connection's order.

use std::sync::Arc;

use serde_json::{Value, json};
use snappy_store::{Coverage, CredentialState};

use super::{Session, SessionError};
use crate::instances::Lookup;
use crate::oauth::may_write;
use crate::{Instance, Request, XanoOrigin};

/// The sessions of a connection, at least one.
#[derive(Debug, Clone)]
pub struct Sessions(Arc<[Session]>);

/// An instance that a connection reaches, with the sessions that reach it.
#[derive(Debug, Clone)]
pub struct Reachable {
    pub instance: Instance,
    sessions: Vec<Session>,
}

/// Why no session was chosen.
#[derive(Debug)]
pub enum RouteError {
    /// The host of the instance may not receive a key.
    HostNotAllowed,
    /// None of the connection's credentials reaches the workspace; those that they reach, by id.
    NotCovered(Vec<String>),
}

impl Sessions {
    /// The sessions of a connection. Without any, every call needs a sign-in.
    #[must_use]
    pub fn new(sessions: Vec<Session>) -> Self {
        Self(sessions.into())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Session> {
        self.0.iter()
    }

    /// The instances that the sessions reach together. A session that can't list its own is left out, unless
    /// none can.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn list_instances(&self) -> Result<Vec<Instance>, SessionError> {
        let (mut together, mut error) = (Vec::<Instance>::new(), None);
        let mut listed = false;
        for session in self.iter() {
            match session.list_instances().await {
                Ok(list) => {
                    listed = true;
                    let is_new = |one: &&Instance| !together.iter().any(|is| is.is_same(one));
                    let new: Vec<_> = list.iter().filter(is_new).cloned().collect();
                    together.extend(new);
                }
                Err(failed) => {
                    session.note(format!("The list is not complete: {failed}."));
                    error = error.or(Some(failed));
                }
            }
        }
        match error {
            Some(error) if !listed => Err(error),
            None if !listed => Err(SessionError::SignInRequired),
            _ => Ok(together),
        }
    }

    /// Finds an instance by its name, display name or host, with the sessions that reach it. Those that a request
    /// does not need are not asked for their lists.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn find_instance(
        &self,
        name: &str,
        request: Option<&Request>,
    ) -> Result<Result<Reachable, Lookup>, SessionError> {
        let (mut found, mut names) = (Vec::<Reachable>::new(), Vec::new());
        let (mut ambiguous, mut error) = (Vec::new(), None);
        // What an OAuth sign-in reaches is known; the account API is not asked.
        let (covered, wide): (Vec<_>, Vec<_>) =
            self.iter().partition(|session| session.coverage().is_some());
        let is_enough = covered.iter().any(|session| {
            let is_named = session.coverage().is_some_and(|coverage| coverage.instance == name);
            is_named && session.is_usable() && request.is_some_and(|it| session.is_made_for(it))
        });
        let wide = wide.into_iter().filter(|_| !is_enough);
        for session in covered.iter().copied().chain(wide) {
            match session.find_instance(name).await {
                Ok(Lookup::Found(instance)) => {
                    match found.iter_mut().find(|is| is.instance.is_same(&instance)) {
                        Some(known) => known.add(*instance, session),
                        None => found.push(Reachable {
                            instance: *instance,
                            sessions: vec![session.clone()],
                        }),
                    }
                }
                Ok(Lookup::Unknown(own)) => names.extend(own),
                Ok(Lookup::Ambiguous(several)) => ambiguous.extend(several),
                Err(failed) => error = error.or(Some(failed)),
            }
        }
        // An instance whose host may not receive a key gives way to the same one at a host that may.
        if found.iter().any(|one| one.instance.origin.is_some()) {
            found.retain(|one| one.instance.origin.is_some());
        }
        if found.iter().any(|one| one.instance.name == name) {
            found.retain(|one| one.instance.name == name);
            ambiguous.clear();
        }
        // Two instances at different hosts may have one name.
        let has_twin = |one: &Reachable| {
            found.iter().filter(|is| is.instance.name == one.instance.name).count() > 1
        };
        ambiguous.extend(found.iter().map(|one| match (&one.instance.origin, has_twin(one)) {
            (Some(origin), true) => origin.host(),
            _ => one.instance.name.clone(),
        }));
        ambiguous.sort_unstable();
        ambiguous.dedup();
        names.sort_unstable();
        names.dedup();
        match (found.pop(), ambiguous.len(), error) {
            (Some(only), 1, _) => Ok(Ok(only)),
            (_, 1.., _) => Ok(Err(Lookup::Ambiguous(ambiguous))),
            (_, _, Some(error)) => Err(error),
            _ => Ok(Err(Lookup::Unknown(names))),
        }
    }
}

impl Reachable {
    fn add(&mut self, instance: Instance, session: &Session) {
        self.sessions.push(session.clone());
        // A full record of the account's list says more than that of an OAuth sign-in.
        if session.coverage().is_none() || self.instance.origin.is_none() {
            self.instance = instance;
        }
    }

    /// The session for a request: the first that reaches its workspace, may do it, and is usable. Without a
    /// workspace, one that reaches all of the instance is preferred.
    fn route(&self, request: &Request) -> Result<&Session, RouteError> {
        let workspace = request.workspace();
        let mut reaching: Vec<_> =
            self.sessions.iter().filter(|session| session.reaches(workspace)).collect();
        reaching.sort_by_key(|session| {
            let is_narrow = workspace.is_none() && session.coverage().is_some();
            (!session.may(request), !session.is_usable(), is_narrow)
        });
        reaching.first().copied().ok_or_else(|| RouteError::NotCovered(self.covered()))
    }

    /// The workspaces that the sessions reach, by id, if they don't reach all.
    fn covered(&self) -> Vec<String> {
        let ids = self.sessions.iter().filter_map(|session| session.coverage());
        ids.map(|coverage| coverage.workspace.clone()).collect()
    }

    /// The session and the origin for a request to this instance.
    ///
    /// # Errors
    /// See [`RouteError`].
    pub fn route_for(&self, request: &Request) -> Result<(&Session, &XanoOrigin), RouteError> {
        let origin = self.instance.origin.as_ref().ok_or(RouteError::HostNotAllowed)?;
        Ok((self.route(request)?, origin))
    }

    /// Lists the workspaces that the sessions reach together (`list_workspaces`). The one of a sign-in that can't
    /// list it now is listed by what is known of it.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn list_workspaces(&self, request: &Request) -> Result<Value, SessionError> {
        let origin = self.instance.origin.as_ref().ok_or(SessionError::SignInRequired)?;
        if let [only] = self.sessions.as_slice()
            && only.coverage().is_none()
        {
            return only.send(origin, request).await;
        }
        let (mut together, mut error) = (Vec::<Value>::new(), None);
        for session in &self.sessions {
            let listed = match session.send(origin, request).await {
                Ok(list) => list,
                Err(failed) => {
                    match session.coverage() {
                        Some(coverage) => add(&mut together, bare(coverage, &failed)),
                        None => session.note(format!("The list is not complete: {failed}.")),
                    }
                    error = error.or(Some(failed));
                    continue;
                }
            };
            let items = listed.get("items").unwrap_or(&listed).as_array();
            for workspace in items.into_iter().flatten() {
                let reached = match session.coverage() {
                    Some(coverage) => id_of(workspace) == Some(coverage.workspace.clone()),
                    None => true,
                };
                if reached {
                    add(&mut together, workspace.clone());
                }
            }
        }
        match error {
            Some(error) if together.iter().all(is_bare) => Err(error),
            _ => {
                together.sort_by_key(|one| {
                    let id = id_of(one).unwrap_or_default();
                    (id.parse::<u64>().unwrap_or(u64::MAX), id)
                });
                Ok(Value::Array(together))
            }
        }
    }
}

fn id_of(workspace: &Value) -> Option<String> {
    match workspace.get("id")? {
        Value::String(id) => Some(id.clone()),
        id => Some(id.to_string()),
    }
}

/// What is known of the workspace of a sign-in that can't list it.
fn bare(coverage: &Coverage, why: &SessionError) -> Value {
    let id = coverage.workspace.parse::<u64>();
    let id = id.map_or_else(|_| json!(coverage.workspace), Value::from);
    let missing = match why {
        SessionError::SignInRequired => "sign_in_required",
        _ => "unavailable",
    };
    json!({"id": id, "name": coverage.workspace_label, missing: true})
}

fn is_bare(workspace: &Value) -> bool {
    ["sign_in_required", "unavailable"].iter().any(|field| workspace.get(field).is_some())
}

/// Adds a workspace that is not there yet. One that a sign-in listed takes the place of a bare one.
fn add(together: &mut Vec<Value>, workspace: Value) {
    match together.iter_mut().find(|one| id_of(one) == id_of(&workspace)) {
        Some(known) if is_bare(known) && !is_bare(&workspace) => *known = workspace,
        Some(_) => {}
        None => together.push(workspace),
    }
}

impl Session {
    /// Whether the credential was usable when the session began.
    pub(super) fn is_usable(&self) -> bool {
        self.credential.state == CredentialState::Usable
    }

    fn reaches(&self, workspace: Option<&str>) -> bool {
        match (self.coverage(), workspace) {
            (Some(coverage), Some(workspace)) => coverage.workspace == workspace,
            _ => true,
        }
    }

    /// Whether Xano granted what the request needs, as far as is known.
    fn may(&self, request: &Request) -> bool {
        request.spec().is_safe() || self.coverage().is_none_or(may_write)
    }

    /// Whether the credential covers the workspace of the request, and Xano granted what it needs.
    fn is_made_for(&self, request: &Request) -> bool {
        request.workspace().is_some() && self.reaches(request.workspace()) && self.may(request)
    }
}
