//! What every backend does with accounts.

use std::time::Duration;

use snappy_domain::clock::after;

use super::{DAY, account_id, code_record, credential, lease, new_account, new_grant, now};
use crate::{AccountKind, AccountState, Applied, Lease, NewAccount, RevocationReason, Store};

/// A second sign-in of the same person renews the account; another person gets another account.
pub async fn signing_in_again_renews_the_account(store: &dyn Store) {
    let first = store.sign_in(account_id(1), &new_account("7", "key-1")).await.unwrap();
    assert_eq!((first.id, first.version), (account_id(1), 1));
    let fence = lease(store, first.id, 1).await;
    let dead = store.require_sign_in(first.id, 1, fence, now()).await.unwrap();
    assert_eq!(dead, Applied::Yes);
    let again = store.sign_in(account_id(2), &new_account("7", "key-2")).await.unwrap();
    assert_eq!((again.id, again.version), (first.id, 2));
    assert_eq!(again.state, AccountState::Usable);
    assert_eq!(again.credential, credential("key-2"));
    assert_eq!(store.account(first.id).await.unwrap(), Some(again));
    let other = store.sign_in(account_id(3), &new_account("8", "key-3")).await.unwrap();
    assert_eq!(other.id, account_id(3));
    let token = NewAccount { kind: AccountKind::Token, ..new_account("7", "key-4") };
    assert_eq!(store.sign_in(account_id(4), &token).await.unwrap().id, account_id(4));
}

/// Each pasted token is an account of its own; a new one takes the place of a dead one.
pub async fn another_pasted_token_is_another_account(store: &dyn Store) {
    let pasted = |key: &str| NewAccount { kind: AccountKind::Token, ..new_account("7", key) };
    let narrow = store.sign_in(account_id(1), &pasted("narrow")).await.unwrap();
    let wide = store.sign_in(account_id(2), &pasted("wide")).await.unwrap();
    assert_eq!((narrow.id, wide.id), (account_id(1), account_id(2)));
    let narrow_again = store.account(narrow.id).await.unwrap().unwrap();
    assert_eq!(narrow_again.credential, credential("narrow"), "untouched");
    let same = store.sign_in(account_id(3), &pasted("wide")).await.unwrap();
    assert_eq!((same.id, same.version), (wide.id, 2));
    let fence = lease(store, narrow.id, 1).await;
    let dead = store.require_sign_in(narrow.id, 1, fence, now()).await.unwrap();
    assert_eq!(dead, Applied::Yes);
    let revived = store.sign_in(account_id(4), &pasted("newest")).await.unwrap();
    assert_eq!((revived.id, revived.state), (narrow.id, AccountState::Usable));
    let third = store.sign_in(account_id(5), &pasted("third")).await.unwrap();
    assert_eq!((third.id, third.profile.user_id.as_str()), (account_id(5), "7"));
    let other = NewAccount { kind: AccountKind::Token, ..new_account("70", "k") };
    assert_eq!(store.sign_in(account_id(6), &other).await.unwrap().id, account_id(6));
}

/// A credential is replaced only by whoever saw the newest one.
pub async fn a_credential_changes_only_from_the_version_that_was_seen(store: &dyn Store) {
    let account = store.sign_in(account_id(1), &new_account("7", "key-1")).await.unwrap();
    let later = after(now(), DAY);
    let id = account.id;
    let fence = lease(store, id, 1).await;
    let replace = async |seen, fence, key: &str| {
        store.replace_credential(id, seen, fence, &credential(key), later).await.unwrap()
    };
    assert_eq!(replace(1, fence + 1, "key-0").await, Applied::No);
    assert_eq!(replace(1, fence, "key-2").await, Applied::Yes);
    assert_eq!(replace(1, fence, "key-3").await, Applied::No);
    assert_eq!(store.require_sign_in(id, 1, fence, later).await.unwrap(), Applied::No);
    let now_is = store.account(account.id).await.unwrap().unwrap();
    assert_eq!((now_is.version, now_is.refreshed_at), (2, later));
    assert_eq!(now_is.credential, credential("key-2"));
    assert_eq!(now_is.state, AccountState::Usable);
    assert!(store.account(account_id(9)).await.unwrap().is_none());
}

/// One at a time may refresh. The right ends by itself, and the fence keeps out who was slow.
pub async fn the_right_to_refresh_is_one_at_a_time(store: &dyn Store) {
    let id = store.sign_in(account_id(1), &new_account("7", "key-1")).await.unwrap().id;
    let at = |seconds| after(now(), Duration::from_secs(seconds));
    let take = async |seen, now, until| store.lease_refresh(id, seen, now, until).await.unwrap();
    let Lease::Taken { fence: slow } = take(1, at(0), at(4)).await else { panic!("it was free") };
    assert_eq!(take(1, at(1), at(5)).await, Lease::Held { until: at(4) });
    assert_eq!(store.extend_lease(id, slow, at(6)).await.unwrap(), Applied::Yes);
    assert_eq!(take(1, at(5), at(9)).await, Lease::Held { until: at(6) });
    // Its time is over: the next one takes it, and the slow one is kept out.
    let Lease::Taken { fence } = take(1, at(6), at(10)).await else { panic!("it had ended") };
    assert!(fence > slow);
    assert_eq!(store.extend_lease(id, slow, at(60)).await.unwrap(), Applied::No);
    store.release_lease(id, slow).await.unwrap();
    assert_eq!(take(1, at(7), at(9)).await, Lease::Held { until: at(10) });
    let late = store.replace_credential(id, 1, slow, &credential("late"), at(7)).await.unwrap();
    assert_eq!(late, Applied::No);
    assert_eq!(store.require_sign_in(id, 1, slow, at(7)).await.unwrap(), Applied::No);
    // Given back without a result, it is free at once; with one, the version has moved.
    store.release_lease(id, fence).await.unwrap();
    let Lease::Taken { fence } = take(1, at(7), at(11)).await else { panic!("it was free") };
    let done = store.replace_credential(id, 1, fence, &credential("key-2"), at(8)).await.unwrap();
    assert_eq!(done, Applied::Yes);
    assert_eq!(take(1, at(8), at(12)).await, Lease::Moved);
    let Lease::Taken { fence } = take(2, at(8), at(12)).await else { panic!("it was free") };
    assert_eq!(store.extend_lease(id, fence, at(13)).await.unwrap(), Applied::Yes);
    // A sign-in of the person wins over whoever is refreshing.
    store.sign_in(account_id(2), &new_account("7", "key-3")).await.unwrap();
    let late = store.require_sign_in(id, 2, fence, at(9)).await.unwrap();
    assert_eq!(late, Applied::No);
    assert_eq!(store.extend_lease(id, fence, at(60)).await.unwrap(), Applied::No);
    assert!(matches!(take(3, at(9), at(13)).await, Lease::Taken { .. }));
    assert_eq!(store.account(id).await.unwrap().unwrap().credential, credential("key-3"));
    // One that was taken by a clock far ahead does not count.
    let ahead = store.lease_refresh(id, 3, at(10_000), at(10_004)).await.unwrap();
    assert!(matches!(ahead, Lease::Taken { .. }));
    assert!(matches!(take(3, at(14), at(18)).await, Lease::Taken { .. }));
    let nobody = store.lease_refresh(account_id(9), 1, at(0), at(4)).await.unwrap();
    assert_eq!(nobody, Lease::Moved);
    store.wait_for_account(id, Duration::from_millis(1)).await.unwrap();
}

/// An account that needs a person is not refreshed.
pub async fn a_dead_account_is_not_refreshed(store: &dyn Store) {
    let id = store.sign_in(account_id(1), &new_account("7", "key-1")).await.unwrap().id;
    let fence = lease(store, id, 1).await;
    let dead = store.require_sign_in(id, 1, fence, now()).await.unwrap();
    assert_eq!(dead, Applied::Yes);
    let refused = store.lease_refresh(id, 1, after(now(), DAY), after(now(), 2 * DAY)).await;
    assert_eq!(refused.unwrap(), Lease::Moved);
}

/// Keys that end soon are found while somebody uses them, the first to end first.
pub async fn keys_that_end_soon_are_found(store: &dyn Store) {
    let at = |seconds| after(now(), Duration::from_secs(seconds));
    let mut ids = Vec::new();
    for (n, kind) in
        [AccountKind::Profile, AccountKind::Profile, AccountKind::Profile, AccountKind::Token]
            .into_iter()
            .enumerate()
    {
        let account = NewAccount { kind, ..new_account(&n.to_string(), "key") };
        let seed = n as u64 + 1;
        let id = store.sign_in(account_id(seed), &account).await.unwrap().id;
        store.limit_key_life(id, at(100 - 10 * seed)).await.unwrap();
        let code = code_record(id, &format!("code-{n}"));
        store.add_code(&code).await.unwrap();
        let grant = new_grant(id, 10 + seed, &format!("tokens-{n}"));
        assert_eq!(store.redeem(&code.hash, &grant).await.unwrap(), Applied::Yes);
        store.touch_grant(grant.grant.id, at(10)).await.unwrap();
        ids.push((id, grant.grant.id));
    }
    let found = async |before, since, most| {
        store.ending_keys(at(60), at(before), at(since), most).await.unwrap()
    };
    // They end at 90, 80 and 70; the pasted token ends first, but nobody can renew it.
    let over = store.ending_keys(at(71), at(75), at(10), 9).await.unwrap();
    assert!(over.is_empty(), "what has ended long ago is not tried again and again");
    assert_eq!(found(75, 10, 9).await, [(ids[2].0, 1)]);
    assert_eq!(found(1000, 10, 2).await, [(ids[2].0, 1), (ids[1].0, 1)]);
    assert!(found(1000, 11, 9).await.is_empty(), "not used lately");
    let ended = store.revoke_grant(ids[2].1, RevocationReason::Person, now()).await.unwrap();
    assert_eq!(ended, Applied::Yes);
    let fence = lease(store, ids[1].0, 1).await;
    let dead = store.require_sign_in(ids[1].0, 1, fence, now()).await.unwrap();
    assert_eq!(dead, Applied::Yes);
    assert_eq!(found(1000, 0, 9).await, [(ids[0].0, 1)]);
}

/// A key's life can be shortened, never lengthened.
pub async fn a_keys_life_is_only_shortened(store: &dyn Store) {
    let account = store.sign_in(account_id(1), &new_account("7", "key-1")).await.unwrap();
    let minute = after(now(), Duration::from_secs(60));
    store.limit_key_life(account.id, minute).await.unwrap();
    store.limit_key_life(account.id, after(now(), DAY)).await.unwrap();
    let account = store.account(account.id).await.unwrap().unwrap();
    assert_eq!(account.credential.key_expires_at, Some(minute));
    assert_eq!(account.version, 1);
}
