//! Accounts in memory.

use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use snappy_domain::clock::after;
use snappy_domain::{AccountId, Timestamp};

use super::MemoryStore;
use crate::{
    Account, AccountState, AccountStore, Applied, Credential, GrantState, LEASE_SLACK, Lease,
    NewAccount, StoreResult,
};

#[async_trait]
impl AccountStore for MemoryStore {
    async fn sign_in(&self, new_id: AccountId, new: &NewAccount) -> StoreResult<Account> {
        let tables = &mut *self.tables();
        let accounts = &mut tables.accounts;
        let own = accounts.values().filter(|account| {
            account.kind == new.kind
                && account.authority == new.authority
                && account.profile.user_id == new.profile.user_id
        });
        let known = new.renews(own);
        let account = Account {
            id: known.map_or(new_id, |account| account.id),
            kind: new.kind,
            authority: new.authority.clone(),
            profile: new.profile.clone(),
            credential: new.credential.clone(),
            version: known.map_or(1, |account| account.version + 1),
            state: AccountState::Usable,
            refreshed_at: new.at,
        };
        accounts.insert(account.id, account.clone());
        // Whoever was refreshing the older credential is too late.
        if let Some((fence, held)) = tables.leases.get_mut(&account.id) {
            *fence += 1;
            *held = None;
        }
        Ok(account)
    }

    async fn account(&self, id: AccountId) -> StoreResult<Option<Account>> {
        Ok(self.tables().accounts.get(&id).cloned())
    }

    async fn lease_refresh(
        &self,
        id: AccountId,
        seen: u64,
        now: Timestamp,
        until: Timestamp,
    ) -> StoreResult<Lease> {
        let tables = &mut *self.tables();
        let usable =
            |account: &&Account| account.version == seen && account.state == AccountState::Usable;
        if tables.accounts.get(&id).filter(usable).is_none() {
            return Ok(Lease::Moved);
        }
        let (fence, held) = tables.leases.entry(id).or_default();
        match held {
            Some(held) if *held > now && *held <= after(until, LEASE_SLACK) => {
                Ok(Lease::Held { until: *held })
            }
            _ => {
                *fence += 1;
                *held = Some(until);
                Ok(Lease::Taken { fence: *fence })
            }
        }
    }

    async fn extend_lease(
        &self,
        id: AccountId,
        fence: u64,
        until: Timestamp,
    ) -> StoreResult<Applied> {
        match self.tables().leases.get_mut(&id) {
            Some((newest, held @ Some(_))) if *newest == fence => {
                *held = Some(until);
                Ok(Applied::Yes)
            }
            _ => Ok(Applied::No),
        }
    }

    async fn release_lease(&self, id: AccountId, fence: u64) -> StoreResult<()> {
        self.tables().release(id, fence);
        Ok(())
    }

    async fn replace_credential(
        &self,
        id: AccountId,
        seen: u64,
        fence: u64,
        credential: &Credential,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        let Some(account) = tables.leased(id, seen, fence) else { return Ok(Applied::No) };
        account.credential = credential.clone();
        account.version = seen + 1;
        account.state = AccountState::Usable;
        account.refreshed_at = at;
        tables.release(id, fence);
        Ok(Applied::Yes)
    }

    async fn require_sign_in(
        &self,
        id: AccountId,
        seen: u64,
        fence: u64,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        let Some(account) = tables.leased(id, seen, fence) else { return Ok(Applied::No) };
        account.state = AccountState::SignInRequired { since: at };
        tables.release(id, fence);
        Ok(Applied::Yes)
    }

    async fn wait_for_account(&self, _: AccountId, _: Duration) -> StoreResult<()> {
        // There is nobody else but tasks of this process, which go on when this one gives way.
        let mut gave_way = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut gave_way, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        Ok(())
    }

    async fn ending_keys(
        &self,
        from: Timestamp,
        before: Timestamp,
        since: Timestamp,
        most: u32,
    ) -> StoreResult<Vec<(AccountId, u64)>> {
        let tables = self.tables();
        let in_use = |account: &Account| {
            tables.grants.values().any(|grant| {
                grant.account == account.id
                    && grant.state == GrantState::Active
                    && grant.used_at.is_some_and(|used| used >= since)
            })
        };
        let ends = |account: &Account| account.credential.key_expires_at;
        let mut ending: Vec<_> = tables
            .accounts
            .values()
            .filter(|account| account.kind.can_be_renewed())
            .filter(|account| account.state == AccountState::Usable)
            .filter(|account| ends(account).is_some_and(|ends| ends >= from && ends < before))
            .filter(|account| in_use(account))
            .collect();
        ending.sort_by_key(|account| ends(account));
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Ok(ending.iter().take(most).map(|account| (account.id, account.version)).collect())
    }

    async fn limit_key_life(&self, id: AccountId, until: Timestamp) -> StoreResult<()> {
        if let Some(account) = self.tables().accounts.get_mut(&id) {
            let ends = account.credential.key_expires_at.map_or(until, |ends| ends.min(until));
            account.credential.key_expires_at = Some(ends);
        }
        Ok(())
    }
}
