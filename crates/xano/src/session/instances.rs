//! The instances of a credential: listing them, and finding one by name.

use std::sync::Arc;
use std::time::Duration;

use snappy_domain::clock::after;
use snappy_store::Coverage;

use super::{Session, SessionError, timed_out};
use crate::api::Response;
use crate::instances::{self, CachedList, Entry, Lookup};
use crate::operations::LIST_INSTANCES;
use crate::{Instance, Request, XanoError};

/// How long to wait for a newer list of instances when an older one is cached.
const REFETCH_TIMEOUT: Duration = Duration::from_secs(5);

impl Session {
    /// Lists the instances that the credential reaches: those of the account (`list_instances`), or the one of an
    /// OAuth sign-in.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn list_instances(&self) -> Result<Arc<[Instance]>, SessionError> {
        if let Some(instance) = self.covered_instance() {
            return Ok([instance].into());
        }
        self.fetch_and_cache(instances_request()?).await
    }

    /// The same, but fails after `timeout`.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn list_instances_within(
        &self,
        timeout: Duration,
    ) -> Result<Arc<[Instance]>, SessionError> {
        if let Some(instance) = self.covered_instance() {
            return Ok([instance].into());
        }
        self.fetch_and_cache(instances_request()?.within(timeout)).await
    }

    /// The workspace that the credential reaches; `None` when it reaches all that its owner can reach.
    #[must_use]
    pub fn coverage(&self) -> Option<&Coverage> {
        self.credential.secret.coverage()
    }

    /// The instance of an OAuth sign-in.
    fn covered_instance(&self) -> Option<Instance> {
        self.coverage().map(|coverage| Instance::covered(&self.xano.policy, coverage))
    }

    async fn fetch_and_cache(&self, request: Request) -> Result<Arc<[Instance]>, SessionError> {
        let entry = self.xano.instances.entry(self.credential.id);
        let mut cached = self.lock_entry(&entry, &request).await?;
        let list = self.fetch_instances(&request).await?;
        *cached = Some(CachedList::new(Arc::clone(&list), self.xano.runtime.clock.now()));
        Ok(list)
    }

    /// Locks a cache entry, so that parallel calls fetch the list once.
    async fn lock_entry<'a>(
        &self,
        entry: &'a Entry,
        request: &Request,
    ) -> Result<tokio::sync::MutexGuard<'a, Option<CachedList>>, SessionError> {
        let now = self.xano.runtime.clock.now();
        let deadline = self.deadline.min(after(now, request.total_timeout()));
        self.with_deadline(entry.lock(), deadline).await.ok_or_else(|| timed_out(request))
    }

    /// Finds an instance by its name, display name or host.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn find_instance(&self, name: &str) -> Result<Lookup, SessionError> {
        if let Some(instance) = self.covered_instance() {
            return Ok(instances::find(&[instance], name));
        }
        let clock = &self.xano.runtime.clock;
        let mut request = instances_request()?;
        let entry = self.xano.instances.entry(self.credential.id);
        let mut cached = self.lock_entry(&entry, &request).await?;
        if let Some(list) = &*cached {
            if let Some(found) = list.find_fresh(name, clock.now()) {
                return Ok(found);
            }
            request = request.within(REFETCH_TIMEOUT);
        }
        match (self.fetch_instances(&request).await, &mut *cached) {
            (Ok(list), cached) => {
                let found = instances::find(&list, name);
                *cached = Some(CachedList::new(list, clock.now()));
                Ok(found)
            }
            // The account API may be unavailable while the instance is not.
            (Err(error), Some(list)) if is_transient(&error) => {
                list.find_stale(name, clock.now()).ok_or(error)
            }
            (Err(error), _) => Err(error),
        }
    }

    async fn fetch_instances(&self, request: &Request) -> Result<Arc<[Instance]>, SessionError> {
        let policy = &self.xano.policy;
        // All credentials share the account API, so each has a budget of its own there.
        let budget = (Some(self.credential.id), policy.account().clone());
        let Response { body, deviation } = self.send_within(&budget, request).await?;
        // A list of hosts is not guessed at.
        if let Some(why) = deviation {
            return Err(XanoError::InvalidResponse { status: 200, why }.into());
        }
        let records = body.as_array().map(Vec::as_slice).unwrap_or_default();
        let instances: Arc<[Instance]> =
            records.iter().filter_map(|record| Instance::read(policy, record)).collect();
        for instance in instances.iter().filter(|instance| instance.is_rate_limited()) {
            if let Some(origin) = &instance.origin {
                let budget = (None, origin.clone());
                self.xano.budgets.mark_limited(&budget, self.xano.runtime.clock.now());
            }
        }
        Ok(instances)
    }
}

/// Whether listing the instances may succeed later.
const fn is_transient(error: &SessionError) -> bool {
    match error {
        SessionError::RefreshUnavailable(_) => true,
        SessionError::Xano(error) => error.is_transient(),
        _ => false,
    }
}

fn instances_request() -> Result<Request, XanoError> {
    Ok(Request::to(&LIST_INSTANCES).build()?)
}
