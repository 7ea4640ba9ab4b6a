//! What every backend does with codes, grants and tokens.

use std::time::Duration;

use snappy_domain::Scopes;
use snappy_domain::clock::after;
use snappy_domain::limits::Limits;

use super::{
    DAY, access, account_id, client_record, code_record, granted, hash, lease, new_account,
    new_grant, now, refresh, rotation,
};
use crate::{
    ACCESS_TOKENS_OF_A_GRANT, AccessToken, AccountState, Applied, CodeState, Grant, GrantState,
    RefreshState, RefreshToken, RevocationReason, Store,
};

/// A code comes back whole and is redeemed once.
pub async fn a_code_is_redeemed_once(store: &dyn Store) {
    let account = store.sign_in(account_id(1), &new_account("7", "key")).await.unwrap();
    let code = code_record(account.id, "code");
    store.add_code(&code).await.unwrap();
    let found = store.code(&[hash("other"), hash("code")]).await.unwrap();
    assert_eq!(found, Some(code.clone()));
    let first = new_grant(account.id, 5, "a");
    assert_eq!(store.redeem(&code.hash, &first).await.unwrap(), Applied::Yes);
    let second = new_grant(account.id, 6, "b");
    assert_eq!(store.redeem(&code.hash, &second).await.unwrap(), Applied::No);
    assert_eq!(store.grant(second.grant.id).await.unwrap(), None, "all or nothing");
    assert_eq!(store.grant(first.grant.id).await.unwrap(), Some(first.grant.clone()));
    let found = store.code(&[code.hash]).await.unwrap().unwrap();
    assert_eq!(found.state, CodeState::Redeemed(first.grant.id));
}

/// Tokens are found with their grant and the state of the account.
pub async fn tokens_are_found_with_what_decides_about_them(store: &dyn Store) {
    let grant = granted(store, "g").await;
    let view = store.access_token(&[hash("x"), hash("g-at")]).await.unwrap().unwrap();
    assert_eq!((view.token, view.grant), (grant.access.clone(), grant.grant.clone()));
    assert_eq!(view.account, AccountState::Usable);
    let fence = lease(store, grant.grant.account, 1).await;
    let dead = store.require_sign_in(grant.grant.account, 1, fence, now()).await.unwrap();
    assert_eq!(dead, Applied::Yes);
    let view = store.access_token(&[hash("g-at")]).await.unwrap().unwrap();
    assert_eq!(view.account, AccountState::SignInRequired { since: now() });
    let view = store.refresh_token(&[hash("g-rt")]).await.unwrap().unwrap();
    assert_eq!((view.token, view.grant), (grant.refresh, grant.grant));
    assert_eq!(view.successor_used_at, None);
    assert!(store.access_token(&[hash("x")]).await.unwrap().is_none());
    assert!(store.access_token(&[]).await.unwrap().is_none());
    assert!(store.refresh_token(&[hash("x")]).await.unwrap().is_none());
}

/// An account's grants are listed while they count, with their last use.
pub async fn an_accounts_grants_are_listed_while_they_count(store: &dyn Store) {
    let first = granted(store, "g").await.grant;
    let other = store.sign_in(account_id(2), &new_account("8", "key")).await.unwrap();
    let code = code_record(other.id, "other-code");
    store.add_code(&code).await.unwrap();
    let _ = store.redeem(&code.hash, &new_grant(other.id, 7, "o")).await.unwrap();

    assert_eq!(store.grants_of(first.account, now()).await.unwrap(), std::slice::from_ref(&first));
    let later = after(now(), DAY);
    store.touch_grant(first.id, later).await.unwrap();
    let used = Grant { used_at: Some(later), ..first.clone() };
    assert_eq!(store.grants_of(first.account, now()).await.unwrap(), [used]);
    assert!(store.grants_of(first.account, first.expires_at).await.unwrap().is_empty());
    let _ = store.revoke_grant(first.id, RevocationReason::Person, now()).await.unwrap();
    assert!(store.grants_of(first.account, now()).await.unwrap().is_empty());
    assert_eq!(store.grants_of(other.id, now()).await.unwrap().len(), 1);
}

/// A refresh token rotates once, and the chain can be followed.
pub async fn a_refresh_token_rotates_once(store: &dyn Store) {
    let grant = granted(store, "g").await.grant.id;
    let step = rotation(grant, "g-rt", "second", now());
    assert_eq!(store.rotate(&step).await.unwrap(), Applied::Yes);
    let lost = rotation(grant, "g-rt", "fork", now());
    assert_eq!(store.rotate(&lost).await.unwrap(), Applied::No);
    assert!(store.refresh_token(&[hash("fork")]).await.unwrap().is_none());
    assert!(store.access_token(&[hash("fork-access")]).await.unwrap().is_none());

    let view = store.refresh_token(&[hash("g-rt")]).await.unwrap().unwrap();
    let rotated = RefreshState::Rotated {
        at: now(),
        successor: hash("second"),
        sealed_successor: vec![1, 2, 3],
    };
    assert_eq!((view.token.state, view.successor_used_at), (rotated, None));

    let later = after(now(), DAY);
    let _ = store.rotate(&rotation(grant, "second", "third", later)).await.unwrap();
    let view = store.refresh_token(&[hash("g-rt")]).await.unwrap().unwrap();
    assert_eq!(view.successor_used_at, Some(later));
}

/// A superseded token that is answered once more is remembered with the time.
pub async fn a_reuse_is_remembered(store: &dyn Store) {
    let grant = granted(store, "g").await.grant.id;
    let _ = store.rotate(&rotation(grant, "g-rt", "second", now())).await.unwrap();
    let later = after(now(), DAY);
    let longer = RefreshToken { expires_at: after(now(), 91 * DAY), ..refresh(grant, "g-rt") };
    let reuse = store.reuse(&longer, later, &access(grant, "again")).await.unwrap();
    assert_eq!(reuse, Applied::Yes);
    let view = store.refresh_token(&[hash("g-rt")]).await.unwrap().unwrap();
    assert_eq!((view.token.reused_at, view.token.expires_at), (Some(later), longer.expires_at));
    assert!(matches!(view.token.state, RefreshState::Rotated { .. }));
    assert!(store.access_token(&[hash("again")]).await.unwrap().is_some());
    let unknown = store.reuse(&refresh(grant, "x"), later, &access(grant, "never")).await.unwrap();
    assert_eq!(unknown, Applied::No);
    assert!(store.access_token(&[hash("never")]).await.unwrap().is_none());
    let _ = store.revoke_grant(grant, RevocationReason::Client, now()).await.unwrap();
    let revoked = store.reuse(&longer, later, &access(grant, "late")).await.unwrap();
    assert_eq!(revoked, Applied::No);
}

/// Nothing is added to a revoked grant.
pub async fn a_revoked_grant_stays_revoked(store: &dyn Store) {
    let grant = granted(store, "g").await.grant.id;
    let _ = store.revoke_grant(grant, RevocationReason::Client, now()).await.unwrap();
    let twice = store.revoke_grant(grant, RevocationReason::CodeReplay, after(now(), DAY)).await;
    assert_eq!(twice.unwrap(), Applied::No);
    let state = GrantState::Revoked { at: now(), reason: RevocationReason::Client };
    assert_eq!(store.grant(grant).await.unwrap().unwrap().state, state);
    assert_eq!(store.access_token(&[hash("g-at")]).await.unwrap().unwrap().grant.state, state);
    let step = rotation(grant, "g-rt", "second", now());
    assert_eq!(store.rotate(&step).await.unwrap(), Applied::No);
    assert_eq!(store.add_access_token(&access(grant, "late")).await.unwrap(), Applied::No);
}

/// All grants are revoked at once; those that were revoked keep their reason.
pub async fn all_grants_are_revoked_at_once(store: &dyn Store) {
    let first = granted(store, "g").await.grant;
    let second = new_grant(first.account, 6, "h");
    let code = code_record(first.account, "h-code");
    store.add_code(&code).await.unwrap();
    assert_eq!(store.redeem(&code.hash, &second).await.unwrap(), Applied::Yes);
    let ended = store.revoke_grant(first.id, RevocationReason::Person, now()).await.unwrap();
    assert_eq!(ended, Applied::Yes);
    let later = after(now(), DAY);
    assert_eq!(store.revoke_all_grants(RevocationReason::Operator, later).await.unwrap(), 1);
    assert_eq!(store.revoke_all_grants(RevocationReason::Operator, later).await.unwrap(), 0);
    let state = async |id| store.grant(id).await.unwrap().unwrap().state;
    let by_person = GrantState::Revoked { at: now(), reason: RevocationReason::Person };
    assert_eq!(state(first.id).await, by_person);
    let by_operator = GrantState::Revoked { at: later, reason: RevocationReason::Operator };
    assert_eq!(state(second.grant.id).await, by_operator);
}

/// Access tokens can be added, shortened and removed one by one.
pub async fn access_tokens_are_single_things(store: &dyn Store) {
    let grant = granted(store, "g").await.grant.id;
    assert_eq!(store.add_access_token(&access(grant, "more")).await.unwrap(), Applied::Yes);
    let minute = after(now(), Duration::from_secs(60));
    store.limit_access_life(&hash("more"), minute).await.unwrap();
    store.limit_access_life(&hash("more"), after(now(), 9 * DAY)).await.unwrap();
    let view = store.access_token(&[hash("more")]).await.unwrap().unwrap();
    assert_eq!(view.token.expires_at, minute);
    store.remove_access_token(&hash("more")).await.unwrap();
    assert!(store.access_token(&[hash("more")]).await.unwrap().is_none());
    assert!(store.access_token(&[hash("g-at")]).await.unwrap().is_some());
}

/// A grant has only so many access tokens; the newest are kept.
pub async fn a_grants_access_tokens_are_limited(store: &dyn Store) {
    let grant = granted(store, "g").await.grant.id;
    for n in 0..ACCESS_TOKENS_OF_A_GRANT + 10 {
        let later = after(now(), DAY + Duration::from_secs(n as u64));
        let token = AccessToken { expires_at: later, ..access(grant, &format!("more-{n}")) };
        assert_eq!(store.add_access_token(&token).await.unwrap(), Applied::Yes);
    }
    let is_there = async |token: &str| store.access_token(&[hash(token)]).await.unwrap().is_some();
    assert!(!is_there("g-at").await && !is_there("more-9").await);
    for n in 10..ACCESS_TOKENS_OF_A_GRANT + 10 {
        assert!(is_there(&format!("more-{n}")).await, "{n}");
    }
    // One that ends before all others is kept as well: somebody has just been given it.
    let short = AccessToken { expires_at: now(), ..access(grant, "short") };
    assert_eq!(store.add_access_token(&short).await.unwrap(), Applied::Yes);
    assert!(is_there("short").await && !is_there("more-10").await);
}

/// A grant that no code stands for is a grant like any other.
pub async fn a_machines_grant_needs_no_code(store: &dyn Store) {
    let account = store.sign_in(account_id(1), &new_account("7", "key")).await.unwrap();
    let grant = new_grant(account.id, 5, "m").grant;
    assert_eq!(store.machine_grant(&grant, now()).await.unwrap(), None, "there is no client");
    store.add_client(&client_record("client")).await.unwrap();
    assert_eq!(store.machine_grant(&grant, now()).await.unwrap(), Some(grant.clone()));
    assert_eq!(store.grant(grant.id).await.unwrap(), Some(grant.clone()));
    let other = |seed| new_grant(account.id, seed, "m").grant;
    assert_eq!(store.machine_grant(&other(6), now()).await.unwrap().unwrap().id, grant.id);
    for different in [
        Grant { scopes: Scopes::all(), ..other(7) },
        Grant { limits: Limits::default(), ..other(8) },
        Grant { resource: "https://other.example/mcp".into(), ..other(9) },
    ] {
        let made = store.machine_grant(&different, now()).await.unwrap();
        assert_eq!(made, Some(different.clone()));
        let ended = store.revoke_grant(different.id, RevocationReason::Person, now()).await;
        assert_eq!(ended.unwrap(), Applied::Yes);
    }
    let longer = Grant { expires_at: after(now(), 900 * DAY), ..other(10) };
    let made = store.machine_grant(&longer, grant.expires_at).await.unwrap();
    assert_eq!(made, Some(longer.clone()), "the other one ends too soon");
    let ended = store.revoke_grant(longer.id, RevocationReason::Person, now()).await;
    assert_eq!(ended.unwrap(), Applied::Yes);
    assert_eq!(store.grants_of(account.id, now()).await.unwrap(), std::slice::from_ref(&grant));
    assert_eq!(store.add_access_token(&access(grant.id, "m-at")).await.unwrap(), Applied::Yes);
    let view = store.access_token(&[hash("m-at")]).await.unwrap().unwrap();
    assert_eq!((view.grant, view.account), (grant, AccountState::Usable));
}

/// Purging removes what is over and nothing that still matters.
pub async fn purging_removes_only_what_is_over(store: &dyn Store) {
    let grant = granted(store, "g").await;
    store.add_code(&code_record(grant.grant.account, "unused")).await.unwrap();
    let removed = store.purge_expired(after(now(), 2 * DAY)).await.unwrap();
    assert_eq!(removed, 2, "the access token and the unused code");
    assert!(store.access_token(&[hash("g-at")]).await.unwrap().is_none());
    assert!(store.refresh_token(&[hash("g-rt")]).await.unwrap().is_some());
    assert!(store.code(&[hash("g-code")]).await.unwrap().is_some(), "a replay is still seen");

    // Refresh tokens that have ended go, but not one whose predecessor still asks for it.
    let id = grant.grant.id;
    assert_eq!(store.rotate(&rotation(id, "g-rt", "2", now())).await.unwrap(), Applied::Yes);
    assert_eq!(store.rotate(&rotation(id, "2", "3", now())).await.unwrap(), Applied::Yes);
    let longer = RefreshToken { expires_at: after(now(), 120 * DAY), ..refresh(id, "g-rt") };
    let reused = store.reuse(&longer, now(), &access(id, "reuse")).await.unwrap();
    assert_eq!(reused, Applied::Yes);
    store.purge_expired(after(now(), 100 * DAY)).await.unwrap();
    let view = store.refresh_token(&[hash("g-rt")]).await.unwrap().unwrap();
    assert_eq!(view.successor_used_at, Some(now()));
    assert!(store.refresh_token(&[hash("3")]).await.unwrap().is_none());
    store.purge_expired(after(now(), 366 * DAY)).await.unwrap();
    assert!(store.grant(grant.grant.id).await.unwrap().is_none());
    assert!(store.refresh_token(&[hash("g-rt")]).await.unwrap().is_none());
    assert!(store.code(&[hash("g-code")]).await.unwrap().is_none());
}
