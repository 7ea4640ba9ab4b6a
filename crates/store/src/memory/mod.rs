//! The in-memory backend: for property tests of the rooms above, and the reference for the others.

mod accounts;
mod clients;
mod grants;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use snappy_domain::{AccountId, ClientId, GrantId, Timestamp, TokenHash};

use crate::{
    ACCESS_TOKENS_OF_A_GRANT, AccessToken, Account, AccountState, AuthorizationCode, Client, Grant,
    GrantState, KeySet, RefreshToken, Resealed, Store, StoreError, StoreResult,
};

/// Everything in one process's memory, behind one lock.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    clients: HashMap<ClientId, Client>,
    accounts: HashMap<AccountId, Account>,
    codes: HashMap<TokenHash, AuthorizationCode>,
    grants: HashMap<GrantId, Grant>,
    refresh: HashMap<TokenHash, RefreshToken>,
    access: HashMap<TokenHash, AccessToken>,
    assertions: HashMap<TokenHash, Timestamp>,
    key_sets: HashMap<String, KeySet>,
    /// The newest fence of an account's right to refresh, and until when it is held.
    leases: HashMap<AccountId, (u64, Option<Timestamp>)>,
}

impl Tables {
    fn active_grant(&self, id: GrantId) -> bool {
        self.grants.get(&id).is_some_and(|grant| grant.state == GrantState::Active)
    }

    /// The account, if its version and its newest fence are these.
    fn leased(&mut self, id: AccountId, seen: u64, fence: u64) -> Option<&mut Account> {
        let newest = self.leases.get(&id).is_some_and(|(newest, _)| *newest == fence);
        self.accounts.get_mut(&id).filter(|account| newest && account.version == seen)
    }

    fn release(&mut self, id: AccountId, fence: u64) {
        if let Some((newest, held)) = self.leases.get_mut(&id)
            && *newest == fence
        {
            *held = None;
        }
    }

    fn keep_access(&mut self, token: &AccessToken) {
        let of_grant = |other: &&AccessToken| other.grant == token.grant;
        let mut others: Vec<_> = self.access.values().filter(of_grant).collect();
        others.sort_by_key(|other| std::cmp::Reverse(other.expires_at));
        let dropped = others.iter().skip(ACCESS_TOKENS_OF_A_GRANT - 1);
        for hash in dropped.map(|other| other.hash).collect::<Vec<_>>() {
            self.access.remove(&hash);
        }
        self.access.insert(token.hash, token.clone());
    }

    fn grant_with_account(&self, id: GrantId) -> StoreResult<(Grant, AccountState)> {
        let missing = |what| StoreError::Corrupt { what, why: "its parent is missing".into() };
        let grant = self.grants.get(&id).ok_or_else(|| missing("token"))?;
        let account = self.accounts.get(&grant.account).ok_or_else(|| missing("grant"))?;
        Ok((grant.clone(), account.state))
    }
}

impl MemoryStore {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn check(&self) -> StoreResult<()> {
        Ok(())
    }

    async fn reseal(&self) -> StoreResult<Resealed> {
        // Nothing is sealed here.
        Ok(Resealed { already: self.tables().accounts.len() as u64, ..Resealed::default() })
    }

    async fn close(&self) {}
}
