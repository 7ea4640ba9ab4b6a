//! The instances of a credential: listing them, and finding the one that a name means.

use std::sync::Arc;
use std::time::Duration;

use snappy_domain::clock::after;

use super::{Session, SessionError, out_of_time};
use crate::instances::{self, Listed, Lookup, Slot};
use crate::operations::LIST_INSTANCES;
use crate::{Instance, Request, XanoError};

/// How long a newer list of instances is waited for while there is an older one.
const NEWER_LIST: Duration = Duration::from_secs(5);

impl Session {
    /// The account's instances, asked for now.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn list_instances(&self) -> Result<Arc<[Instance]>, SessionError> {
        self.list_by(instances_request()?).await
    }

    /// The same, for a page: gives up after `limit`.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn list_instances_within(
        &self,
        limit: Duration,
    ) -> Result<Arc<[Instance]>, SessionError> {
        self.list_by(instances_request()?.within(limit)).await
    }

    async fn list_by(&self, request: Request) -> Result<Arc<[Instance]>, SessionError> {
        let slot = self.xano.instances.slot(self.credential.id);
        let mut slot = self.locked(&slot, &request).await?;
        let list = self.fetch_instances(&request).await?;
        *slot = Some(Listed::new(Arc::clone(&list), self.xano.runtime.clock.now()));
        Ok(list)
    }

    /// The account's list, for this call alone.
    async fn locked<'a>(
        &self,
        slot: &'a Slot,
        request: &Request,
    ) -> Result<tokio::sync::MutexGuard<'a, Option<Listed>>, SessionError> {
        let ends = self.ends.min(after(self.xano.runtime.clock.now(), request.total_timeout()));
        self.in_time(slot.lock(), ends).await.ok_or_else(|| out_of_time(request))
    }

    /// The instance that a name means.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn find_instance(&self, wanted: &str) -> Result<Lookup, SessionError> {
        let clock = &self.xano.runtime.clock;
        let mut request = instances_request()?;
        let slot = self.xano.instances.slot(self.credential.id);
        let mut slot = self.locked(&slot, &request).await?;
        if let Some(listed) = &*slot {
            if let Some(found) = listed.find_now(wanted, clock.now()) {
                return Ok(found);
            }
            request = request.within(NEWER_LIST);
        }
        match (self.fetch_instances(&request).await, &mut *slot) {
            (Ok(list), slot) => {
                let found = instances::find(&list, wanted);
                *slot = Some(Listed::new(list, clock.now()));
                Ok(found)
            }
            // The account API may be in trouble while the instance is not.
            (Err(error), Some(listed)) if is_transient(&error) => {
                listed.find_anyway(wanted, clock.now()).ok_or(error)
            }
            (Err(error), _) => Err(error),
        }
    }

    async fn fetch_instances(&self, request: &Request) -> Result<Arc<[Instance]>, SessionError> {
        let policy = &self.xano.policy;
        // Everybody shares the account API: nobody waits there for another's refusals.
        let budget = (Some(self.credential.id), policy.account().clone());
        let answer = self.send_within(&budget, request).await?;
        let records = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        let instances: Arc<[Instance]> =
            records.iter().filter_map(|record| Instance::read(policy, record)).collect();
        for instance in instances.iter().filter(|instance| instance.is_rate_limited()) {
            if let Some(origin) = &instance.origin {
                let budget = (None, origin.clone());
                self.xano.budgets.is_limited(&budget, self.xano.runtime.clock.now());
            }
        }
        Ok(instances)
    }
}

/// Whether asking for the instances again later may help.
const fn is_transient(error: &SessionError) -> bool {
    match error {
        SessionError::RefreshUnavailable(_) => true,
        SessionError::Xano(trouble) => trouble.is_transient(),
        _ => false,
    }
}

fn instances_request() -> Result<Request, XanoError> {
    Ok(Request::to(&LIST_INSTANCES).build()?)
}
