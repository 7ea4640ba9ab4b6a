//! The in-memory backend: for property tests of the rooms above, and the reference for the others.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use snappy_domain::clock::{after, before};
use snappy_domain::{AccountId, ClientId, GrantId, Timestamp, TokenHash};

use crate::{
    ACCESS_TOKENS_OF_A_GRANT, AccessToken, AccessView, Account, AccountState, AccountStore,
    Applied, AuthorizationCode, Client, ClientStore, CodeState, Credential, Grant, GrantState,
    GrantStore, KEY_SETS_KEPT, KeySet, LEASE_SLACK, Lease, Machine, NewAccount, NewGrant,
    RefreshState, RefreshToken, RefreshView, Registration, Resealed, RevocationReason, Rotation,
    Store, StoreError, StoreResult,
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
impl ClientStore for MemoryStore {
    async fn add_client(&self, client: &Client) -> StoreResult<()> {
        self.tables().clients.insert(client.id.clone(), client.clone());
        Ok(())
    }

    async fn put_client(&self, client: &Client) -> StoreResult<()> {
        let clients = &mut self.tables().clients;
        let used_at = clients.get(&client.id).and_then(|known| known.used_at).or(client.used_at);
        clients.insert(client.id.clone(), Client { used_at, ..client.clone() });
        Ok(())
    }

    async fn client(&self, id: &ClientId) -> StoreResult<Option<Client>> {
        Ok(self.tables().clients.get(id).cloned())
    }

    async fn clients(&self) -> StoreResult<Vec<Client>> {
        let mut clients: Vec<_> = self.tables().clients.values().cloned().collect();
        clients.sort_by_key(|client| (client.created_at, client.id.clone()));
        Ok(clients)
    }

    async fn remove_client(&self, id: &ClientId, at: Timestamp) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        if tables.clients.remove(id).is_none() {
            return Ok(Applied::No);
        }
        for grant in tables.grants.values_mut().filter(|grant| grant.client == *id) {
            if grant.state == GrantState::Active {
                grant.state = GrantState::Revoked { at, reason: RevocationReason::ClientRemoved };
            }
        }
        Ok(Applied::Yes)
    }

    async fn mark_client_used(&self, id: &ClientId, at: Timestamp) -> StoreResult<()> {
        if let Some(client) = self.tables().clients.get_mut(id) {
            client.used_at.get_or_insert(at);
        }
        Ok(())
    }

    async fn purge_unused_clients(&self, before: Timestamp) -> StoreResult<u64> {
        let clients = &mut self.tables().clients;
        let had = clients.len();
        clients.retain(|_, client| {
            client.registration == Registration::PreRegistered
                || client.used_at.is_some()
                || client.created_at >= before
        });
        Ok((had - clients.len()) as u64)
    }

    async fn rehash_secret(
        &self,
        id: &ClientId,
        seen: &TokenHash,
        hash: &TokenHash,
    ) -> StoreResult<Applied> {
        let clients = &mut self.tables().clients;
        let client = clients.get_mut(id).filter(|client| client.secret.as_ref() == Some(seen));
        let Some(client) = client else { return Ok(Applied::No) };
        client.secret = Some(*hash);
        Ok(Applied::Yes)
    }

    async fn replace_machine(
        &self,
        id: &ClientId,
        seen: &Machine,
        machine: &Machine,
    ) -> StoreResult<Applied> {
        let clients = &mut self.tables().clients;
        let client = clients.get_mut(id).filter(|client| client.machine.as_ref() == Some(seen));
        let Some(client) = client else { return Ok(Applied::No) };
        client.machine = Some(machine.clone());
        Ok(Applied::Yes)
    }

    async fn key_set(&self, uri: &str) -> StoreResult<KeySet> {
        Ok(self.tables().key_sets.get(uri).cloned().unwrap_or_default())
    }

    async fn ask_key_set(
        &self,
        uri: &str,
        since: Timestamp,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let key_sets = &mut self.tables().key_sets;
        let set = key_sets.entry(uri.to_owned()).or_default();
        if set.asked_at.is_some_and(|asked| asked > since) {
            return Ok(Applied::No);
        }
        set.asked_at = Some(at);
        Ok(Applied::Yes)
    }

    async fn put_key_set(&self, uri: &str, set: Option<&Value>, at: Timestamp) -> StoreResult<()> {
        let read = set.map(|set| (set.clone(), at));
        let known = KeySet { read, asked_at: Some(at) };
        self.tables().key_sets.insert(uri.to_owned(), known);
        Ok(())
    }

    async fn use_assertion(&self, id: &TokenHash, until: Timestamp) -> StoreResult<Applied> {
        let seen = self.tables().assertions.insert(*id, until).is_some();
        Ok(if seen { Applied::No } else { Applied::Yes })
    }
}

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

#[async_trait]
impl GrantStore for MemoryStore {
    async fn add_code(&self, code: &AuthorizationCode) -> StoreResult<()> {
        self.tables().codes.insert(code.hash, code.clone());
        Ok(())
    }

    async fn code(&self, hashes: &[TokenHash]) -> StoreResult<Option<AuthorizationCode>> {
        let tables = self.tables();
        Ok(hashes.iter().find_map(|hash| tables.codes.get(hash)).cloned())
    }

    async fn redeem(&self, code: &TokenHash, new: &NewGrant) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        let Some(code) = tables.codes.get_mut(code).filter(|code| code.state == CodeState::Issued)
        else {
            return Ok(Applied::No);
        };
        code.state = CodeState::Redeemed(new.grant.id);
        tables.grants.insert(new.grant.id, new.grant.clone());
        tables.refresh.insert(new.refresh.hash, new.refresh.clone());
        tables.keep_access(&new.access);
        Ok(Applied::Yes)
    }

    async fn grant(&self, id: GrantId) -> StoreResult<Option<Grant>> {
        Ok(self.tables().grants.get(&id).cloned())
    }

    async fn grants_of(&self, account: AccountId, now: Timestamp) -> StoreResult<Vec<Grant>> {
        let tables = self.tables();
        let own = tables.grants.values().filter(|grant| {
            grant.account == account && grant.state == GrantState::Active && grant.expires_at > now
        });
        let mut own: Vec<_> = own.cloned().collect();
        own.sort_by_key(|grant| std::cmp::Reverse((grant.created_at, grant.id)));
        Ok(own)
    }

    async fn touch_grant(&self, id: GrantId, at: Timestamp) -> StoreResult<()> {
        if let Some(grant) = self.tables().grants.get_mut(&id) {
            grant.used_at = Some(at);
        }
        Ok(())
    }

    async fn refresh_token(&self, hashes: &[TokenHash]) -> StoreResult<Option<RefreshView>> {
        let tables = self.tables();
        let Some(token) = hashes.iter().find_map(|hash| tables.refresh.get(hash)) else {
            return Ok(None);
        };
        let (grant, account) = tables.grant_with_account(token.grant)?;
        let successor_used_at = match &token.state {
            RefreshState::Current => None,
            RefreshState::Rotated { successor, .. } => {
                match tables.refresh.get(successor).map(|successor| &successor.state) {
                    Some(RefreshState::Rotated { at, .. }) => Some(*at),
                    Some(RefreshState::Current) | None => None,
                }
            }
        };
        Ok(Some(RefreshView { token: token.clone(), grant, account, successor_used_at }))
    }

    async fn rotate(&self, rotation: &Rotation) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        if !tables.active_grant(rotation.successor.grant) {
            return Ok(Applied::No);
        }
        let Some(presented) = tables
            .refresh
            .get_mut(&rotation.presented)
            .filter(|token| token.state == RefreshState::Current)
        else {
            return Ok(Applied::No);
        };
        presented.state = RefreshState::Rotated {
            at: rotation.at,
            successor: rotation.successor.hash,
            sealed_successor: rotation.sealed_successor.clone(),
        };
        tables.refresh.insert(rotation.successor.hash, rotation.successor.clone());
        tables.keep_access(&rotation.access);
        Ok(Applied::Yes)
    }

    async fn machine_grant(&self, grant: &Grant, until: Timestamp) -> StoreResult<Option<Grant>> {
        let tables = &mut *self.tables();
        if !tables.clients.contains_key(&grant.client) {
            return Ok(None);
        }
        let same = tables.grants.values().find(|known| {
            known.state == GrantState::Active
                && known.expires_at > until
                && (&known.client, known.account, &known.resource, &known.scopes, &known.limits)
                    == (&grant.client, grant.account, &grant.resource, &grant.scopes, &grant.limits)
        });
        let grant = same.unwrap_or(grant).clone();
        tables.grants.insert(grant.id, grant.clone());
        Ok(Some(grant))
    }

    async fn add_access_token(&self, token: &AccessToken) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        if !tables.active_grant(token.grant) {
            return Ok(Applied::No);
        }
        tables.keep_access(token);
        Ok(Applied::Yes)
    }

    async fn reuse(
        &self,
        reused: &RefreshToken,
        at: Timestamp,
        access: &AccessToken,
    ) -> StoreResult<Applied> {
        let tables = &mut *self.tables();
        if !tables.active_grant(access.grant) {
            return Ok(Applied::No);
        }
        let Some(token) = tables.refresh.get_mut(&reused.hash) else { return Ok(Applied::No) };
        token.reused_at = Some(at);
        token.expires_at = reused.expires_at;
        tables.keep_access(access);
        Ok(Applied::Yes)
    }

    async fn access_token(&self, hashes: &[TokenHash]) -> StoreResult<Option<AccessView>> {
        let tables = self.tables();
        let Some(token) = hashes.iter().find_map(|hash| tables.access.get(hash)) else {
            return Ok(None);
        };
        let (grant, account) = tables.grant_with_account(token.grant)?;
        Ok(Some(AccessView { token: token.clone(), grant, account }))
    }

    async fn limit_access_life(&self, token: &TokenHash, until: Timestamp) -> StoreResult<()> {
        if let Some(token) = self.tables().access.get_mut(token) {
            token.expires_at = token.expires_at.min(until);
        }
        Ok(())
    }

    async fn remove_access_token(&self, token: &TokenHash) -> StoreResult<()> {
        self.tables().access.remove(token);
        Ok(())
    }

    async fn revoke_grant(
        &self,
        id: GrantId,
        reason: RevocationReason,
        at: Timestamp,
    ) -> StoreResult<Applied> {
        let grants = &mut self.tables().grants;
        let active = |grant: &&mut Grant| grant.state == GrantState::Active;
        let Some(grant) = grants.get_mut(&id).filter(active) else { return Ok(Applied::No) };
        grant.state = GrantState::Revoked { at, reason };
        Ok(Applied::Yes)
    }

    async fn revoke_all_grants(&self, reason: RevocationReason, at: Timestamp) -> StoreResult<u64> {
        let mut ended = 0;
        for grant in self.tables().grants.values_mut() {
            if grant.state == GrantState::Active {
                grant.state = GrantState::Revoked { at, reason };
                ended += 1;
            }
        }
        Ok(ended)
    }

    async fn purge_expired(&self, now: Timestamp) -> StoreResult<u64> {
        let tables = &mut *self.tables();
        tables.assertions.retain(|_, until| *until >= now);
        let recently = before(now, KEY_SETS_KEPT);
        tables.key_sets.retain(|_, set| set.asked_at.is_some_and(|asked| asked >= recently));
        let had = tables.codes.len() + tables.access.len() + tables.refresh.len();
        tables.access.retain(|_, token| token.expires_at >= now);
        tables.grants.retain(|_, grant| grant.expires_at >= now);
        let grants = &tables.grants;
        // A successor stays as long as its predecessor, whose fate it decides.
        let alive = tables.refresh.values().filter(|token| token.expires_at >= now);
        let needed: HashSet<_> = alive
            .filter_map(|token| match &token.state {
                RefreshState::Rotated { successor, .. } => Some(*successor),
                RefreshState::Current => None,
            })
            .collect();
        tables.refresh.retain(|hash, token| {
            grants.contains_key(&token.grant) && (token.expires_at >= now || needed.contains(hash))
        });
        tables.access.retain(|_, token| grants.contains_key(&token.grant));
        tables.codes.retain(|_, code| match code.state {
            CodeState::Issued => code.expires_at >= now,
            CodeState::Redeemed(grant) => grants.contains_key(&grant),
        });
        let left = tables.codes.len() + tables.access.len() + tables.refresh.len();
        Ok((had - left) as u64)
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
